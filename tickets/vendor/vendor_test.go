package vendor

import (
	"strings"
	"testing"

	"tierdesk/tickets"
)

var somebody = identity{names: []string{"Max Muster", "Dr. Ana-Lía O'Neil"}, companies: []string{"Muster & Sons Ltd"}, domains: []string{"muster.example"},
	logins: []string{"max.muster"}, ours: func(a string) bool { return a == "support@acme.example" || a == "help@routers.example" },
	name: "[c]", company: "[f]", address: "[a]", telephone: "[t]"}

func TestMask(t *testing.T) {
	for text, want := range map[string]string{
		"Max Muster called.":                           "[c] called.",
		"Max\nMuster called.":                          "[c] called.",
		"MAX MUSTER, max muster":                       "[c], [c]",
		"Herr Muster und Musters Drucker":              "Herr [c] und [c] Drucker",
		"Dear Ana-Lía, dear Mr O'Neil":                 "Dear [c], dear Mr [c]",
		"The muster roll is at its max.":               "The muster roll is at its max.",
		"A MAX232 in Mustermann's rack":                "A MAX232 in Mustermann's rack",
		"Max Muster & Sons Ltd, here":                  "[c], here",
		"at Muster & Sons Ltd, www.muster.example":     "at [f], www.[a]",
		"login max.muster on host X":                   "login [c] on host X",
		"write to max@muster.example or x+y@a.b.co.uk": "write to [a] or [a]",
		"support@acme.example, help@routers.example":   "support@acme.example, help@routers.example",
		"Tel. +49 (171) 234-5678.":                     "Tel. [t].",
		"0171/2345678 or (030) 123 456 78":             "[t] or [t]",
		"Phone: 555 1234":                              "Phone: [t]",
		"Tél. : 01.23.45.67.89":                        "Tél. : [t]",
		"since 01.12.2026 08:30, 10.0.0.1, 2026-01-02": "since 01.12.2026 08:30, 10.0.0.1, 2026-01-02",
		"telnet 10.0.0.17":                             "telnet 10.0.0.17",
		"S/N:0012345678, #0012345678, SN-0012345678":   "S/N:0012345678, #0012345678, SN-0012345678",
		"error 0x80070005, 100 of 120, 4711":           "error 0x80070005, 100 of 120, 4711",
		"card 4111 1111 1111 1111":                     "card •••• •••• •••• 1111",
		"":                                             "",
	} {
		got, n := somebody.mask(text)
		if got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
		if (n > 0) != (got != text) {
			t.Errorf("%q: %d places", text, n)
		}
	}
}

// What is masked once has nothing left to mask, whatever the text is.
func FuzzMask(f *testing.F) {
	f.Add("Max Muster, max@muster.example, +49 171 2345678")
	f.Fuzz(func(t *testing.T, text string) {
		masked, _ := somebody.mask(text)
		for _, secret := range []string{"max@muster.example", "Max Muster"} {
			if strings.Contains(" "+text+" ", " "+secret+" ") && strings.Contains(" "+masked+" ", " "+secret+" ") {
				t.Errorf("%q becomes %q", text, masked)
			}
		}
	})
}

func TestNumberIn(t *testing.T) {
	for _, c := range []struct{ pattern, subject, want string }{
		{"RW-[0-9]+", "Re: [RW-17] Router", "RW-17"},
		{`\[(RW-[0-9]+)\]`, "Re: [RW-17] Router", "RW-17"},
		{`\[RW-[0-9]+\]`, "Re: [RW-17] Router", "RW-17"},
		{"RW-[0-9]+", "RW-1 and RW-2", "RW-1"},
		{"RW-[0-9]+", "Router", ""},
		{"", "RW-17", ""},
		{"R.*", "R" + strings.Repeat("x", 100), ""},
	} {
		if got, err := (&tickets.Vendor{TicketPattern: c.pattern}).NumberIn(c.subject); got != c.want || err != nil {
			t.Errorf("%q in %q: %q, %v, want %q", c.pattern, c.subject, got, err, c.want)
		}
	}
}

func TestSaysSolved(t *testing.T) {
	phrases := []string{"the case is solved", "Fall erledigt."}
	for text, want := range map[string]bool{
		"The case is solved":                        true,
		"Hello,\n\nTHE CASE IS SOLVED!\n\nRita":     true,
		"We sent a new one. The case is solved.":    true,
		"Fall erledigt":                             true,
		"the case is not solved":                    false,
		"We hope that the case is solved.":          false,
		"The case is solved?":                       false,
		"Is it so? The case is solved.":             true,
		"If the light is green, the case is solved": false,
		"": false,
	} {
		if got := saysSolved(text, phrases); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
	for text, want := range map[string]bool{
		"Hello Ann,\n\nthe problem has been solved.\n\nRita": true,
		"It’s fixed!": true,
		"Guten Tag,\n\ndie Störung wurde behoben.\nMit freundlichen Grüßen": true,
		"Buenos días:\n\nLa incidencia ha sido resuelta.\n\nUn saludo":      true,
		"Bonjour,\n\nle problème a été résolu.\n\nCordialement":             true,
		"C’est réglé.": true,
		"Buongiorno,\n\nil guasto è stato riparato.\n\nCordiali saluti":      true,
		"Goedemiddag,\n\nde storing is verholpen.\n\nMet vriendelijke groet": true,
		"The problem has not been solved.":                                   false,
		"Ist die Störung behoben?":                                           false,
		"¿Está resuelto?":                                                    false,
		"Le problème n'est pas résolu.":                                      false,
		"Il problema sarà risolto domani.":                                   false,
		"Wanneer de storing is verholpen, hoort u van ons.":                  false,
		"As soon as the issue has been fixed, you will hear from us.":        false,
		"> the problem is solved":                                            true, // what is quoted is taken away before
	} {
		if got := saysSolved(text, nil); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
	if n := len(solvedWords()); n < 200 || solvedWords()[""] {
		t.Errorf("%d sentences", n)
	}
	if saysSolved("anything", nil) || saysSolved("...", []string{"!"}) {
		t.Error("no phrase says nothing")
	}
}
