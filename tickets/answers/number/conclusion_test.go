package number

import "testing"

// What a text comes to is its number, where words say that it follows from the rest.
func TestConcluded(t *testing.T) {
	for _, c := range []struct{ lang, text, value, thing string }{
		{"en", "37 + driver, so 38", "38", ""},
		{"en", "four books and a dvd out, so five in all", "5", ""},
		{"en", "me and two colleagues, so 3 people", "3", "people"},
		{"de", "drei Bücher und zwei Hörbücher, macht 5.", "5", ""},
		{"de", "24 Kinder und 3 Erwachsene, also 27", "27", ""},
		{"de", "12 Herren, 4 Damen, das sind zusammen sechzehn", "16", ""},
		{"fr", "12 adultes et 3 enfants, soit 15 personnes en tout", "15", "personnes"},
		{"es", "3 adultos y 2 niños, así que somos 5", "5", ""},
		{"it", "Siamo in 40 più l'autista, quindi 41", "41", ""},
		{"nl", "er missen twee planken en de spiegel is stuk dus drie dingen in totaal", "3", "dingen"},
		// They say another thing.
		{"en", "we are 12, so 4 too many", "", ""}, {"en", "12 people, so 4 cars or 5", "", ""}, {"en", "5, so not 4", "", ""}, {"en", "10, two cancelled, so 8", "", ""},
		{"en", "Two printers, also 3", "", ""}, {"de", "5, so 6", "", ""}, {"de", "3, also 4 weitere", "", ""}, {"en", "5 I think, so 5", "", ""}, {"en", "so 5", "", ""},
		{"fr", "12, donc 3 de plus que prévu", "", ""}, {"en", "about 5, maybe more, so 6", "", ""}, {"en", "the room is number 12", "", ""}, {"de", "Frage 3, das sind 4", "", ""},
	} {
		got, ok := Concluded(c.text, c.lang)
		if ok != (c.value != "") || got.Value != c.value || got.Thing != c.thing {
			t.Errorf("%s %q: %+v, want %q of %q", c.lang, c.text, got, c.value, c.thing)
		}
	}
	for text, want := range map[string]string{"a dozen": "12", "half a dozen chairs": "6 chairs", "ein halbes Dutzend": "6", "une demi-douzaine": "6",
		"two dozen": "two dozen", "dozens": "dozens", "about a dozen": "about 12", "een dozijn": "12"} {
		if got := WithDozens(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
