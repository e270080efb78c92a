package clause

import "testing"

// "Weiß" is a colour behind "ist", and a verb elsewhere.
func TestWhite(t *testing.T) {
	for text, unknown := range map[string]bool{"die Lampe ist weiß und leuchtet nicht": false, "eine Lampe in Weiß, die nicht leuchtet": false,
		"die Farbe weiß ich nicht": true, "das weiß hier niemand": false, "ich weiß es noch nicht": true, "weiß nicht": true} {
		if says, _ := SaysUnknown(text, nil); says != unknown {
			t.Errorf("%q: unknown is %t", text, says)
		}
	}
}
