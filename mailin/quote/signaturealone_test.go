package quote

import "testing"

// A postscript or a sentence below the name is found; titles, rooms and companies are none.
func TestSaysSomething(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"Best regards,\nIda Lind\nPS: the badge waits at the gate", "PS: the badge waits at the gate"},
		{"Best regards,\nIda Lind\nRoom 7\nP. S. bring the badge", "P. S. bring the badge"},
		{"Grüße\nIda\n*NB* der Ausweis liegt bereit", "*NB* der Ausweis liegt bereit"},
		{"Grüße\nIda\nNachtrag: der Ausweis liegt bereit", "Nachtrag: der Ausweis liegt bereit"},
		{"Saludos\nIda\nP.D. la tarjeta está lista", "P.D. la tarjeta está lista"},
		{"Regards\nIda\nThe gate opens at 9 a.m.", "The gate opens at 9 a.m."},
		{"Regards\nIda\nSee you!", "See you!"},
		{"—\nThe badge waits.", "The badge waits."},
		{"-- \nIs the badge there?", "Is the badge there?"},
		{"Regards\nIda Lind\nPSA Lind Group\nPD Dr. Lind\nRoom 7", ""},
		{"Regards\nIda Lind, M.Sc.\nLind Holdings Ltd.\nLind e Figli S.p.A.\nwww.lind.example", ""},
		{"-- \nIda Lind\nLind Inc.", ""},
		{"", ""},
	} {
		if got := SaysSomething(c.text); got != c.want {
			t.Errorf("%q: %q, wanted %q", c.text, got, c.want)
		}
	}
}

// What stands below a lone dash may be a text; below two dashes, or with the writer's name in it, it is a signature.
func TestBelowDash(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"—\nThe badge waits.\nBring it.":       "The badge waits.\nBring it.",
		"-- \nThe badge waits.":                "",
		"—\nIda Lind\nThink before you print.": "",
		"—\nRoom 7":                            "",
		"The badge waits.":                     "",
		"":                                     "",
	} {
		if got := BelowDash(text, "Ida Lind"); got != want {
			t.Errorf("%q: %q, wanted %q", text, got, want)
		}
	}
}

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
