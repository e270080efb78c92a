package quote

import "testing"

// A signature that is all there is says nothing; thanks do, and so does a sentence below a farewell.
func TestSignatureAlone(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"-- \nIda Lind\nRoom 7", true},
		{"—\nIda", true},
		{"Best regards,\nIda Lind", true},
		{"Mit freundlichen Grüßen\n\nIda Lind\nAcme GmbH\n0199 7", true},
		{"Cordialement,\nIda", true},
		{"Best, I think, is to wait.\nIda", false},
		{"Thanks!\nIda Lind", false},
		{"Regards", false},
		{"Best regards to your wife,\nIda", false},
		{"Best regards\nwhen it works again", false},
		{"Best regards\nIda\nPS: have you seen the key?", false},
		{"It works.\n\nRegards\nIda", false},
		{"", false},
	} {
		if got := SignatureAlone(c.text, "Ida Lind"); got != c.want {
			t.Errorf("%q: %v, wanted %v", c.text, got, c.want)
		}
	}
}
