package value

import (
	"testing"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/yesno"
)

// A yes with a negation is no yes, a no before something that was done is no no, and words that could begin either are neither.
func TestYesNoIsNeverTurnedRound(t *testing.T) {
	restarted := tickets.Question{Kind: tickets.AskYesNo, Ask: tickets.Worded{"en": "Have you restarted the printer?", "de": "Haben Sie den Drucker neu gestartet?",
		"fr": "Avez-vous redémarré l'imprimante ?", "es": "¿Ha reiniciado la impresora?", "it": "Ha riavviato la stampante?", "nl": "Hebt u de printer opnieuw gestart?"}}
	checkSayings(t, &restarted, []saying{
		// denied outright
		{"en", "Definitely not!", yesno.No}, {"en", "of course not", yesno.No}, {"en", "We didn't", yesno.No}, {"en", "I haven't yet", yesno.No}, {"en", "it does not", yesno.No},
		{"de", "Bestimmt nicht", yesno.No}, {"de", "Natürlich nicht.", yesno.No}, {"de", "Haben wir noch nicht", yesno.No}, {"de", "habe ich nicht", yesno.No}, {"de", "noch nicht erledigt", yesno.No},
		{"fr", "Certainement pas", yesno.No}, {"fr", "Bien sûr que non", yesno.No}, {"es", "Por supuesto que no", yesno.No}, {"es", "no lo he hecho", yesno.No},
		{"it", "certamente no", yesno.No}, {"it", "non l'ho fatto", yesno.No}, {"nl", "Zeker nog niet", yesno.No}, {"nl", "natuurlijk niet", yesno.No}, {"nl", "heb ik niet", yesno.No},
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
		{"en", "Yes, but it did not help", yesno.Yes}, {"en", "I did, without success", yesno.Yes}, {"en", "Yes, no error since", yesno.Yes}, {"en", "Yes and it still doesn't work", yesno.Yes}, {"en", "yes and we couldn't", ""}, {"fr", "c'est déjà fait", yesno.Yes}, {"es", "ya lo hice", yesno.Yes}, {"it", "l'ho fatto", yesno.Yes}, {"de", "Ja, aber ohne Kabel", yesno.Yes}, {"en", "Done, but no effect", yesno.Yes}, {"en", "yes we have", yesno.Yes}, {"en", "No, the button is missing", yesno.No}, {"en", "no, I have not", yesno.No},
		{"de", "Ja klar, sonst wüsste ich es nicht", yesno.Yes}, {"de", "Ja, hat nichts geholfen", yesno.Yes}, {"de", "klar haben wir", yesno.Yes}, {"de", "Nein, geht nicht", yesno.No}, {"de", "Habe ich schon gemacht", yesno.Yes},
		{"fr", "Oui, sans succès", yesno.Yes}, {"es", "sí, pero no funciona", yesno.Yes}, {"it", "sì, ma non è cambiato niente", yesno.Yes}, {"nl", "ja, maar het werkt niet", yesno.Yes}, {"nl", "heb ik al gedaan", yesno.Yes},
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

// A day without its year is the nearest one in the time that is asked for; one that is only just on the other side is a slip.
func TestADayInTheTimeThatIsAskedFor(t *testing.T) {
	arrival := tickets.Question{Kind: tickets.AskDate, Ask: worded("On which day do you arrive?", "An welchem Tag reisen Sie an?", "Quel jour arrivez-vous ?",
		"¿Qué día llega usted?", "In che giorno arriva?", "Op welke dag komt u aan?")}
	checkSayings(t, &arrival, []saying{
		{"en", "21 April", "2026-04-21"}, {"en", "19 April 2026", "2026-04-19"}, {"en", "Mon 20 April 2026", "2026-04-20"}, {"fr", "19/04", "2026-04-19"}, {"de", "20.4.", "2026-04-20"}, {"de", "19.4.26", "2026-04-19"},
		{"nl", "21-04-2026", "2026-04-21"}, {"fr", "le 21 avril, par le TGV de 17h52", "2026-04-21"}, {"es", "el 20 de abril", "2026-04-20"}, {"it", "il 20 aprile", "2026-04-20"}, {"en", "2 January", "2027-01-02"},
		{"en", "the 21st", "2026-03-21"}, {"de", "am 5.", ""}, {"en", "Friday", "2026-03-13"}, {"de", "Freitag", "2026-03-13"}, {"nl", "vrijdag", "2026-03-13"}, {"en", "Tuesday", ""}, {"en", "the first Friday", ""}, {"en", "any day but Friday", ""}, {"en", "the Friday after", ""}, {"de", "Freitag nach Ostern", ""},
		{"en", "Monday the 20th", "2026-04-20"}, {"fr", "le dimanche 19", "2026-04-19"}, {"en", "Monday 19", ""}, {"en", "21st April by train", "2026-04-21"}, {"en", "by 21 April", ""}, {"nl", "19-4", "2026-04-19"}, {"nl", "3-4", ""}, {"nl", "de 19e", "2026-03-19"},
		{"en", "5 March", ""}, {"de", "am 20.2.", ""}, {"en", "5 March 2026", "2026-03-05"}, {"en", "03/04", "2026-04-03"}, {"en", "05/04", ""}, {"en", "1 October", "2026-10-01"},
	})
	checkSayings(t, &sinceWhen, []saying{
		{"en", "20 June", "2025-06-20"}, {"en", "20 April", ""}, {"de", "seit dem 1. Oktober", "2025-10-01"}, {"en", "20 March", ""}, {"en", "7/3", "2026-03-07"}, {"en", "1/2", ""}, {"en", "Saturday 7/3", "2026-03-07"}, {"nl", "zondagochtend", "2026-03-08"}, {"it", "questa mattina", "2026-03-10"}, {"fr", "arrive hier", "2026-03-09"}, {"en", "1 April 2026", ""},
	})
	checkSayings(t, &whichDay, []saying{{"en", "1 April", "2026-04-01"}, {"en", "20 February", "2026-02-20"}, {"en", "10 September", ""}, {"en", "10 September 2026", "2026-09-10"}, {"en", "Friday", ""}})
}
