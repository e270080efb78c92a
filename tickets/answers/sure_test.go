package answers

import (
	"testing"

	"tierdesk/tickets"
)

// saying is a text as the answer to a question, with the value that it has to become; "" for none.
type saying struct{ language, text, want string }

func checkSayings(t *testing.T, q *tickets.Question, sayings []saying) {
	t.Helper()
	for _, c := range sayings {
		got, how := value(q, c.text, When{Now: tuesday, Language: c.language})
		if how != clear {
			got = ""
		}
		if got != c.want {
			t.Errorf("%s %q: got %q, want %q", q.Ask.In(c.language, "en"), c.text, got, c.want)
		}
	}
}

// A yes with a negation is no yes, a no before something that was done is no no, and words that could begin either are neither.
func TestYesNoIsNeverTurnedRound(t *testing.T) {
	restarted := tickets.Question{Kind: tickets.AskYesNo, Ask: tickets.Worded{"en": "Have you restarted the printer?", "de": "Haben Sie den Drucker neu gestartet?",
		"fr": "Avez-vous redémarré l'imprimante ?", "es": "¿Ha reiniciado la impresora?", "it": "Ha riavviato la stampante?", "nl": "Hebt u de printer opnieuw gestart?"}}
	checkSayings(t, &restarted, []saying{
		// denied outright
		{"en", "Definitely not!", No}, {"en", "of course not", No}, {"en", "We didn't", No}, {"en", "I haven't yet", No}, {"en", "it does not", No},
		{"de", "Bestimmt nicht", No}, {"de", "Natürlich nicht.", No}, {"de", "Haben wir noch nicht", No}, {"de", "habe ich nicht", No}, {"de", "noch nicht erledigt", No},
		{"fr", "Certainement pas", No}, {"fr", "Bien sûr que non", No}, {"es", "Por supuesto que no", No}, {"es", "no lo he hecho", No},
		{"it", "certamente no", No}, {"it", "non l'ho fatto", No}, {"nl", "Zeker nog niet", No}, {"nl", "natuurlijk niet", No}, {"nl", "heb ik niet", No},
		// a yes that is taken back
		{"en", "Yes, but not yet", ""}, {"en", "yes but we couldn't", ""}, {"en", "Of course I haven't", ""}, {"en", "Sure, later", ""}, {"en", "Yes. Not yet.", ""}, {"en", "True, we have not", ""},
		{"de", "Ja, aber noch nicht", ""}, {"de", "Klar, mache ich noch", ""}, {"de", "Genau das nicht", ""}, {"de", "Gerne morgen", ""}, {"de", "ja, wir haben es nicht", ""},
		{"fr", "oui mais pas encore", ""}, {"es", "claro, pero aún no", ""}, {"es", "sí, todavía no", ""}, {"it", "certo, ma non ancora", ""}, {"nl", "ja, maar nog niet", ""}, {"nl", "graag niet", ""},
		// words that only look like one
		{"en", "I have a question: where is the switch", ""}, {"en", "It is still smoking", ""}, {"en", "I do not know how to do that", ""}, {"en", "Right now I can't", ""}, {"en", "I do need it today!", ""},
		{"en", "correct me if I'm wrong", ""}, {"de", "Ich habe eine Frage: wo ist der Schalter", ""}, {"de", "richtig viel Arbeit heute", ""}, {"fr", "si on veut", ""}, {"es", "claro está el problema", ""},
		{"it", "sicuro che lo sa il collega", ""}, {"nl", "zeker een goede vraag", ""},
		// a no before what was done
		{"en", "No problem, I did", ""}, {"en", "yes, I mean no offence", ""}, {"en", "no joke, we did", ""}, {"en", "No worries, already restarted it", ""}, {"en", "No I did it twice", ""}, {"en", "No, it does", ""}, {"en", "Never mind, done", ""}, {"en", "no I restarted it", ""},
		{"de", "Kein Problem, habe ich", ""}, {"de", "Nein nein, habe ich", ""}, {"de", "Nicht nur einmal", ""}, {"de", "nein, schon zweimal", ""}, {"fr", "pas de problème, c'est fait", ""},
		{"fr", "non, déjà fait", ""}, {"es", "no hay problema, hecho", ""}, {"it", "nessun problema, già fatto", ""}, {"nl", "geen probleem, gedaan", ""},
		// what stays one
		{"en", "Yes, but it did not help", Yes}, {"en", "I did, without success", Yes}, {"en", "Yes, no error since", Yes}, {"en", "Yes and it still doesn't work", Yes}, {"en", "yes and we couldn't", ""}, {"fr", "c'est déjà fait", Yes}, {"es", "ya lo hice", Yes}, {"it", "l'ho fatto", Yes}, {"de", "Ja, aber ohne Kabel", Yes}, {"en", "Done, but no effect", Yes}, {"en", "yes we have", Yes}, {"en", "No, the button is missing", No}, {"en", "no, I have not", No},
		{"de", "Ja klar, sonst wüsste ich es nicht", Yes}, {"de", "Ja, hat nichts geholfen", Yes}, {"de", "klar haben wir", Yes}, {"de", "Nein, geht nicht", No}, {"de", "Habe ich schon gemacht", Yes},
		{"fr", "Oui, sans succès", Yes}, {"es", "sí, pero no funciona", Yes}, {"it", "sì, ma non è cambiato niente", Yes}, {"nl", "ja, maar het werkt niet", Yes}, {"nl", "heb ik al gedaan", Yes},
	})
}

// Another number or version is no slip of the fingers, and what is taken out is not chosen.
func TestAnotherChoiceIsNotTaken(t *testing.T) {
	choices := func(values ...string) *tickets.Question {
		q := tickets.Question{Kind: tickets.AskChoice, Ask: tickets.Worded{"en": "Which one?"}}
		for _, v := range values {
			q.Choices = append(q.Choices, tickets.Choice{Value: v})
		}
		return &q
	}
	checkSayings(t, choices("Windows 10", "macOS", "Linux"), []saying{
		{"en", "Windows 11", ""}, {"en", "Windows 1", ""}, {"en", "Windows XP", ""}, {"en", "Widnows 10", "Windows 10"}, {"en", "linxu", "Linux"},
		{"en", "anything but Linux", ""}, {"en", "used to be Linux", ""}, {"en", "macOS is gone", ""}, {"en", "other than macOS", ""}, {"en", "Linux, please", "Linux"},
		{"de", "alles außer Linux", ""}, {"de", "früher Linux", ""}, {"de", "Linux statt dem alten", ""}, {"fr", "tout sauf Linux", ""}, {"es", "todos excepto Linux", ""},
		{"it", "tutto tranne Linux", ""}, {"nl", "alles behalve Linux", ""}, {"nl", "voorheen macOS", ""}, {"en", "My Linux is fine, it is something else", ""},
	})
	checkSayings(t, choices("10 Mbit", "50 Mbit", "1 GB"), []saying{
		{"en", "100 Mbit", ""}, {"en", "15 Mbit", ""}, {"en", "1 TB", ""}, {"en", "50 MBit", "50 Mbit"}, {"en", "50 Mbti", "50 Mbit"}, {"en", "1000 Mbit", ""},
	})
	checkSayings(t, choices("Model 1000", "Model 2000"), []saying{{"en", "Model 10000", ""}, {"en", "it is the Model 2000X", ""}, {"en", "Modell 1000", "Model 1000"}})
	checkSayings(t, choices("offen", "geschlossen"), []saying{{"de", "offen", "offen"}, {"de", "Offen!", "offen"}, {"de", "alles außer offen", ""}, {"de", "später", ""}})
	checkSayings(t, choices("now", "later"), []saying{{"en", "Later.", "later"}, {"en", "I'll tell you later", ""}})
	checkSayings(t, choices("bon d'achat", "échange"), []saying{{"fr", "bon achat", "bon d'achat"}, {"fr", "échnage", "échange"}})
}

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

// A day is taken only if nothing beside it makes it another one, several or none. It is Tuesday, 10 March 2026.
func TestAnotherDayIsNotTaken(t *testing.T) {
	first := tickets.Question{Kind: tickets.AskDate, Ask: tickets.Worded{"en": "Which day suits you?", "de": "Welcher Tag passt Ihnen?"}}
	checkSayings(t, &first, []saying{
		{"en", "Friday next week", "2026-03-20"}, {"en", "next week on Monday", ""}, {"de", "Freitag nächster Woche", "2026-03-20"}, {"fr", "vendredi de la semaine prochaine", "2026-03-20"},
		{"es", "el viernes de la semana que viene", "2026-03-20"}, {"it", "venerdì della prossima settimana", "2026-03-20"}, {"nl", "vrijdag volgende week", "2026-03-20"}, {"en", "next Friday", "2026-03-13"},
		{"en", "not tomorrow", ""}, {"de", "der 1.4. geht nicht", ""}, {"fr", "pas demain", ""}, {"es", "mañana no", ""}, {"nl", "niet morgen", ""}, {"de", "außer am 1.4.", ""},
		{"de", "1.-3. April", ""}, {"en", "2 or 3 April", ""}, {"en", "April 1-3", ""}, {"de", "1. oder 2. April", ""}, {"fr", "1 ou 2 avril", ""}, {"es", "1 o 2 de abril", ""},
		{"en", "the Friday after 1 April", ""}, {"en", "a month from today", ""}, {"de", "Freitag in zwei Wochen", ""}, {"en", "last Friday in April", ""}, {"fr", "demain en huit", ""},
		{"en", "1 April", "2026-04-01"}, {"en", "1 April (no joke)", "2026-04-01"}, {"de", "ab 1.4.", "2026-04-01"}, {"en", "tomorrow", "2026-03-11"},
	})
	since := tickets.Question{Kind: tickets.AskDate, Ask: tickets.Worded{"en": "Since when does it occur?", "de": "Seit wann besteht das Problem?"}}
	checkSayings(t, &since, []saying{
		{"en", "Friday before last", ""}, {"de", "vorletzten Freitag", ""}, {"fr", "l'avant-dernier vendredi", ""}, {"en", "a month ago today", ""}, {"de", "gestern vor einem Jahr", ""}, {"en", "every Monday", ""},
		{"de", "jeden Montag", ""}, {"fr", "chaque lundi", ""}, {"es", "cada lunes", ""}, {"it", "ogni lunedì", ""}, {"nl", "elke maandag", ""}, {"en", "two days before 3 March", ""}, {"de", "am Tag nach dem 3.3.", ""},
		{"en", "Monday three weeks ago", ""}, {"de", "seit Version 9.2", ""}, {"de", "um 9.2 Uhr", ""}, {"en", "not since Monday", ""}, {"en", "Good Friday", ""},
		{"de", "geht nicht seit gestern", "2026-03-09"}, {"de", "druckt seit letztem Freitag nicht mehr", "2026-03-06"}, {"en", "it does not print since yesterday", "2026-03-09"}, {"en", "Monday, 2 March", "2026-03-02"}, {"de", "seit dem 3.3.", "2026-03-03"},
	})
	born := tickets.Question{Kind: tickets.AskDate, Ask: tickets.Worded{"en": "What is your date of birth?"}}
	checkSayings(t, &born, []saying{{"de", "12.3.65", "1965-03-12"}, {"en", "12 March 65", ""}, {"en", "12 March 1965", "1965-03-12"}, {"de", "12.3.25", "2025-03-12"}})
	built := tickets.Question{Kind: tickets.AskDate, Ask: tickets.Worded{"en": "When is the first day?"}}
	checkSayings(t, &built, []saying{{"de", "12.3.65", ""}, {"de", "12.3.25", "2025-03-12"}})
	until := tickets.Question{Kind: tickets.AskDate, Ask: tickets.Worded{"en": "Until when do you need it?", "de": "Bis wann brauchen Sie es?"}}
	checkSayings(t, &until, []saying{{"en", "until 1 April", "2026-04-01"}, {"de", "bis morgen", "2026-03-11"}})
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
