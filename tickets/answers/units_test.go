package answers

import (
	"testing"

	"tierdesk/tickets"
)

// A number is in the unit in which it is asked for, or it is turned into that one; if nobody can, it
// is asked once more.
func TestUnits(t *testing.T) {
	for _, c := range []struct{ lang, ask, said, want string }{
		{"en", "How heavy was it, in kilograms?", "6", "6"},
		{"en", "How heavy was it, in kilograms?", "6 kg", "6"},
		{"en", "How heavy was it, in kilograms?", "800 g", "0.8"},
		{"en", "How heavy was it, in kilograms?", "6 lbs", ""},
		{"en", "How heavy was it, in kilograms?", "5 stone", ""},
		{"en", "How heavy was it, in pounds?", "6 pounds", "6"},
		{"de", "Wie schwer war es (in kg)?", "6 Pfund", ""},
		{"fr", "Combien pesait-il, en kilos ?", "6 livres", ""},
		{"nl", "Hoe zwaar was hij, in kilo's?", "6 pond", ""},
		{"en", "How many kilometres has it done?", "900 km", "900"},
		{"en", "How many kilometres has it done?", "900 miles", ""},
		{"en", "How many kilometres has it done?", "900 mi", ""},
		{"de", "Wie viele Kilometer ist es gefahren?", "900 Meilen", ""},
		{"it", "Quanti chilometri?", "900 miglia", ""},
		{"en", "How many square metres are wet?", "12 m2", "12"},
		{"en", "How many square metres are wet?", "200 square feet", ""},
		{"en", "How many square metres are wet?", "200 sq ft", ""},
		{"de", "Wie viele Quadratmeter sind nass?", "18 qm", "18"},
		{"de", "Wie viele Quadratmeter sind nass?", "2 Hektar", ""},
		{"en", "How many litres are missing?", "3 l", "3"},
		{"en", "How many litres are missing?", "500 ml", "0.5"},
		{"en", "How many litres are missing?", "3 gallons", ""},
		{"es", "¿Cuántos litros faltan?", "50 cl", "0.5"},
		{"en", "How much space do you need, in GB?", "2 TB", "2000"},
		{"de", "Wie viel kW?", "800 W", "0.8"},
		{"de", "Wie viel Mbit/s kommen an?", "1 Gbit/s", "1000"},
		{"de", "Wie viel Mbit/s kommen an?", "16 Mbit/s", "16"},
		{"en", "How many degrees is it inside?", "15 °C", "15"},
		{"en", "How many degrees is it inside?", "15 degrees", "15"},
		{"en", "How many degrees is it inside?", "60 °F", ""},
		{"en", "How many degrees is it inside?", "60 F", ""},
		{"fr", "Combien de degrés fait-il ?", "60 degrés Fahrenheit", ""},
	} {
		f := &tickets.Form{Name: "units", Questions: []tickets.Question{{Name: "n", Kind: tickets.AskNumber, Ask: tickets.Worded{c.lang: c.ask}}}}
		got := Read(f, []int{0}, mailOf(t, "text/plain", c.said+"\n"), When{Now: tuesday, Language: c.lang})
		if v := got.Values["n"]; v != c.want {
			t.Errorf("%s %q, %q: %q, want %q", c.lang, c.ask, c.said, v, c.want)
		}
	}
}
