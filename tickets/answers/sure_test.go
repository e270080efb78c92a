package answers

import (
	"testing"

	"tierdesk/tickets"
)

// A number is taken only as it stands: nothing around it may make it another one, or none.
func TestAnotherNumberIsNotTaken(t *testing.T) {
	people := tickets.Question{Kind: tickets.AskNumber, Ask: tickets.Worded{"en": "How many people are affected?", "de": "Wie viele Personen sind betroffen?"}}
	checkSayings(t, &people, []saying{
		// none, or others
		{"en", "none of the 5", ""}, {"en", "not 3", ""}, {"en", "all but 3", ""}, {"en", "one of the 12", ""}, {"en", "half of 20", ""}, {"en", "less than 5", ""}, {"en", "nobody but 2", ""},
		{"de", "keiner von 8", ""}, {"de", "alle außer 2", ""}, {"de", "einer von acht", ""}, {"de", "weniger als 5", ""}, {"fr", "aucun des 12", ""}, {"fr", "moins de 5", ""},
		{"es", "ninguno de los 12", ""}, {"it", "nessuno dei 12", ""}, {"nl", "geen van de 12", ""},
		// ranges, factors, fractions
		{"en", "5 or six", ""}, {"de", "3 bis vier", ""}, {"fr", "5 ou six", ""}, {"nl", "vijf of zes", ""}, {"en", "two dozen", ""}, {"de", "2 Dutzend", ""}, {"fr", "2 douzaines", ""},
		{"de", "4 hundert", ""}, {"en", "2Mio", ""}, {"en", "3bn", ""}, {"es", "dos mil quinientos", ""}, {"en", "three k", ""}, {"de", "12 T€", ""}, {"de", "12 Tsd.", "12000"}, {"de", "12 TEUR", "12000"},
		{"fr", "12 milliers", "12000"}, {"en", "2½", ""}, {"en", "two and a half", ""}, {"de", "drei viertel", ""}, {"fr", "deux et demi", ""}, {"es", "tres y media", ""}, {"en", ".5", ""},
		// with the writer
		{"en", "2 colleagues and me", ""}, {"en", "me + 2", ""}, {"de", "zwei Kollegen und ich", ""}, {"fr", "2 collègues et moi", ""}, {"de", "2 (Herr Maier und ich)", "2"},
		// names
		{"en", "Please call me: 0301234567", ""}, {"en", "room 12", ""}, {"en", "Windows 11", ""}, {"de", "siehe Frage 3", ""}, {"nl", "kamer 4", ""},
		// what stays a number
		{"en", "5 people", "5"}, {"en", "a total of 12", "12"}, {"de", "insgesamt 5", "5"}, {"de", "wir sind zu dritt, also 3", "3"}, {"en", "two people", "2"}, {"fr", "environ 15", "15"},
	})
	room := tickets.Question{Kind: tickets.AskNumber, Ask: tickets.Worded{"en": "Which room is it in?"}}
	checkSayings(t, &room, []saying{{"en", "Room 12", "12"}})
	for _, body := range []string{"4–5 people", "4 - 5", "3 - 4 people", "4 — 5"} {
		got := Read(&device, []int{3}, mailOf(t, "text/plain", body+"\n"), When{Now: tuesday, Language: "en"})
		if v, ok := got.Values["people"]; ok || len(got.Unclear) != 1 {
			t.Errorf("%q: %q, unclear %v", body, v, got.Unclear)
		}
	}
	got := Read(&device, []int{2, 3, 4}, mailOf(t, "text/plain", "3 - yesterday\n4 - 5\n5 - laptop\n"), When{Now: tuesday, Language: "en"})
	if got.Values["people"] != "5" || got.Values["model"] != "laptop" {
		t.Errorf("labels with dashes: %v", got)
	}
}

// An address that is taken away is no answer.
func TestAnAddressThatIsTakenAway(t *testing.T) {
	private := tickets.Question{Kind: tickets.AskEmail, Ask: tickets.Worded{"en": "Which private address?"}}
	checkSayings(t, &private, []saying{
		{"en", "not max@old.example", ""}, {"en", "please don't use max@old.example any more", ""}, {"en", "not sure, a@b.example", ""}, {"en", "a@b.example?", ""}, {"de", "nicht mehr max@alt.example", ""},
		{"fr", "tout sauf max@vieux.example", ""}, {"nl", "niet max@oud.example", ""}, {"en", "no-reply@not.example", "no-reply@not.example"}, {"de", "bitte an max@neu.example", "max@neu.example"},
	})
	form := tickets.Form{Name: "mail", Questions: []tickets.Question{private, device.Questions[1]}}
	form.Questions[0].Name = "mail"
	got := Read(&form, []int{0, 1}, mailOf(t, "text/plain", "I am on holiday. Please don't write to max@old.example while I am away.\n"), When{Now: tuesday, Language: "en"})
	if v, ok := got.Values["mail"]; ok {
		t.Errorf("taken from prose: %q", v)
	}
}

// Where only the serial number is still open, a sentence about something else is not the serial number.
func TestASentenceIsNoSerialNumber(t *testing.T) {
	for _, c := range []struct{ language, body, want string }{
		{"en", "It works again, thanks!", ""}, {"en", "Please close this", ""}, {"en", "I am at lunch", ""}, {"de", "Es geht wieder, danke", ""}, {"de", "ich bin gerade unterwegs", ""},
		{"en", "X-4711", "X-4711"}, {"en", "it is X-4711 on the back", "it is X-4711 on the back"}, {"en", "Kyocera Ecosys", "Kyocera Ecosys"}, {"de", "Miguel de la Cruz", "Miguel de la Cruz"},
	} {
		got := Read(&device, []int{0}, mailOf(t, "text/plain", c.body+"\n"), When{Now: tuesday, Language: c.language})
		if got.Values["serial"] != c.want || len(got.Unclear) > 0 != (c.want == "") {
			t.Errorf("%q: %q, unclear %v", c.body, got.Values["serial"], got.Unclear)
		}
	}
	for _, body := range []string{"It works again, thanks!", "Please close this", "I am at lunch"} {
		got := Read(&course, []int{4}, mailOf(t, "text/plain", body+"\n"), When{Now: tuesday, Language: "en"})
		if v, ok := got.Values["company"]; ok {
			t.Errorf("%q is the name of a company: %q", body, v)
		}
	}
}

// Where only the day is still open, a wish with a day in it is not that day.
func TestAWishIsNoDay(t *testing.T) {
	for _, c := range []struct{ language, body, want string }{
		{"en", "Please come today!", ""}, {"en", "Your colleague called me yesterday.", ""}, {"de", "Können Sie heute kommen", ""}, {"fr", "Pouvez-vous venir aujourd'hui", ""}, {"es", "¡Venga hoy por favor!", ""},
		{"it", "Il tecnico era qui ieri", ""}, {"nl", "Uw collega belde gisteren", ""}, {"en", "since yesterday, please hurry", "2026-03-09"}, {"en", "It started yesterday", "2026-03-09"}, {"de", "seit gestern", "2026-03-09"},
	} {
		got := Read(&device, []int{2}, mailOf(t, "text/plain", c.body+"\n"), When{Now: tuesday, Language: c.language})
		if got.Values["since"] != c.want || len(got.Unclear) > 0 != (c.want == "") {
			t.Errorf("%q: %q, unclear %v", c.body, got.Values["since"], got.Unclear)
		}
	}
}
