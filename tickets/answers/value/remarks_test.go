package value

import (
	"testing"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/yesno"
)

// What stands in brackets behind an answer tells of it, or changes it.
func TestRemarksInBrackets(t *testing.T) {
	hours, boat := &rowing.Questions[3], &rowing.Questions[4]
	checkSayings(t, hours, []saying{
		{"en", "6 hours (Tue and Thu 6-9)", ""}, {"en", "20 hours (Mon to Fri 8-12)", "20"}, {"de", "6 (2 am Tag)", "6"}, {"fr", "6 h (3 séances)", "6"}, {"es", "6 (dos por sesión)", "6"}, {"it", "6 (3 allenamenti)", "6"},
		{"nl", "6 uur (drie keer 2)", "6"}, {"en", "6 (7)", ""}, {"en", "6 (8 with weekends)", ""}, {"en", "6 (or 7)", ""}, {"en", "6 (maybe 4)", ""}, {"en", "6 (4 from May on)", ""},
		{"de", "6 (8 mit Wochenende)", ""}, {"de", "6 (oder 7)", ""}, {"de", "6 (inzwischen 4)", ""}, {"de", "6 (ohne Samstag 4)", ""}, {"fr", "6 (ou 7)", ""}, {"fr", "6 (8 avec le dimanche)", ""},
		{"es", "6 (o 7)", ""}, {"es", "6 (8 con el domingo)", ""}, {"it", "6 (o 7)", ""}, {"it", "6 (8 con la domenica)", ""}, {"nl", "6 (of 7)", ""}, {"nl", "6 (8 met zondag)", ""},
		{"en", "6 (4?)", ""}, {"en", "6 (actually no, I mean 4)", "4"}, {"en", "6 (+2)", ""}, {"en", "6 (max. 8)", ""}, {"de", "6 (höchstens 8)", ""},
	})
	checkSayings(t, boat, []saying{
		{"en", "Skiff (my brother rows in the gig)", "Skiff"}, {"de", "Skiff (mein Bruder sitzt im Achter)", "Skiff"}, {"en", "Skiff (Gig)", ""}, {"en", "Skiff (or a gig)", ""},
		{"en", "Skiff (the gig would also do)", ""}, {"de", "Skiff (der Achter geht auch)", ""}, {"de", "Skiff (sonst eben der Achter)", ""}, {"fr", "Skiff (le gig irait aussi)", ""},
		{"es", "Skiff (el gig también vale)", ""}, {"it", "Skiff (va bene anche il gig)", ""}, {"nl", "Skiff (de gig mag ook)", ""}, {"en", "Skiff (no, rather the gig please)", "Gig"},
	})
	lamps := tickets.Question{Kind: tickets.AskNumber, Ask: worded("How many lamps are out?", "Wie viele Lampen sind dunkel?", "Combien de lampes sont éteintes ?",
		"¿Cuántas lámparas están apagadas?", "Quante lampade sono spente?", "Hoeveel lampen zijn er uit?")}
	checkSayings(t, &lamps, []saying{
		{"en", "9 (one is dark)", ""}, {"de", "9 (davon 2 dunkel)", ""}, {"fr", "9 (dont 2 éteintes)", ""}, {"es", "9 (2 apagadas)", ""}, {"it", "9 (di cui 2 spente)", ""}, {"nl", "9 (waarvan 2 uit)", ""},
	})
}

// A question behind an answer asks for something else, or takes it back.
func TestAQuestionBehindAnAnswer(t *testing.T) {
	checkSayings(t, &rowing.Questions[5], []saying{
		{"en", "No. Do I need a lock of my own for it?", yesno.No}, {"de", "Ja. Was kostet der denn?", yesno.Yes}, {"fr", "Non. Faut-il un cadenas ?", yesno.No}, {"es", "Sí. ¿Cuánto cuesta?", yesno.Yes},
		{"it", "No. Quanto costa al mese?", yesno.No}, {"nl", "Nee. Wat kost dat per maand?", yesno.No},
		{"en", "No. Or do I need one?", ""}, {"de", "Nein. Oder brauche ich einen?", ""}, {"fr", "Non. Ou faut-il oui ?", ""}, {"en", "Yes. Is that right?", ""}, {"en", "Do I need one?", ""},
		{"en", "Maybe. What does it cost?", ""}, {"nl", "Ja. Of toch niet?", ""}, {"es", "Sí. ¿O no?", ""}, {"it", "Sì. O forse no?", ""},
	})
	checkSayings(t, &rowing.Questions[3], []saying{
		{"en", "6. When does the season start?", "6"}, {"en", "6. Or is 8 better?", ""}, {"de", "6. Reichen auch 4 Stunden?", ""}, {"fr", "6. Ou plutôt huit ?", ""},
	})
	checkSayings(t, &rowing.Questions[4], []saying{
		{"en", "Skiff. When is it free?", "Skiff"}, {"en", "Skiff. Would the gig be cheaper?", ""}, {"de", "Skiff. Oder ist der Achter besser?", ""},
	})
	checkSayings(t, &rowing.Questions[2], []saying{
		{"en", "1 April. Where do we meet?", "2026-04-01"}, {"en", "1 April. Or is the 8th of April better?", ""}, {"de", "1. April. Wann genau fängt es an?", "2026-04-01"},
	})
}

// Who gives the reason first concludes with a yes or no.
func TestAConclusion(t *testing.T) {
	checkSayings(t, &rowing.Questions[5], []saying{
		{"en", "Only for my shoes, so yes please.", yesno.Yes}, {"de", "Ich wohne nebenan, also nein", yesno.No}, {"fr", "J'habite à côté, donc non", yesno.No}, {"es", "Vivo lejos, así que sí", ""},
		{"it", "Abito qui, quindi no", yesno.No}, {"nl", "Ik woon ver weg, dus ja", yesno.Yes}, {"en", "Only for my shoes, so maybe yes", ""}, {"en", "so yes, so no", ""},
		{"en", "My brother said no, so I asked him again", ""}, {"de", "Mal nein, mal also ja", ""},
	})
}

// Whoever asks for a number gets none in words alone.
func TestNoNumberInWords(t *testing.T) {
	pole := tickets.Question{Kind: tickets.AskText, Ask: worded("What number is on the pole?", "Welche Nummer steht am Mast?", "Quel numéro figure sur le poteau ?",
		"¿Qué número figura en el poste?", "Quale numero c'è sul palo?", "Welk nummer staat er op de paal?")}
	checkSayings(t, &pole, []saying{
		{"en", "none visible", ""}, {"de", "da steht keine dran", ""}, {"fr", "il n'y en a pas", ""}, {"es", "no tiene", ""}, {"it", "non c'è", ""}, {"nl", "staat er niet op", ""},
		{"de", "die steht doch auf dem Mast", ""}, {"en", "it is covered with posters", ""}, {"en", "A-17", "A-17"}, {"en", "3308", "3308"}, {"en", "QX", "QX"},
	})
	where := tickets.Question{Kind: tickets.AskText, Ask: worded("Where is it (street and number)?", "Wo ist es (Straße und Nummer)?", "Où est-ce (rue et numéro) ?",
		"¿Dónde está (calle y número)?", "Dov'è (via e numero)?", "Waar is het (straat en nummer)?")}
	checkSayings(t, &where, []saying{{"en", "Mill Lane, no number, beside the school", "Mill Lane, no number, beside the school"}, {"de", "Am Anger, ohne Hausnummer", "Am Anger, ohne Hausnummer"}})
}

// What is counted by the week is no number a day, and what has run out is had no more.
func TestOtherPeriods(t *testing.T) {
	checkSayings(t, &rowing.Questions[3], []saying{
		{"en", "8 hours a day", ""}, {"de", "8 Stunden am Tag", ""}, {"fr", "8 heures par jour", ""}, {"es", "8 horas al día", ""}, {"it", "8 ore al giorno", ""}, {"nl", "8 uur per dag", ""},
		{"en", "8 hours a week", "8"}, {"de", "8 Stunden pro Woche", "8"}, {"fr", "une vingtaine d'heures", "20"}, {"it", "una ventina di ore", "20"}, {"en", "8, 32 a month", ""},
	})
	licence := tickets.Question{Kind: tickets.AskYesNo, Ask: worded("Do you have a licence?", "Haben Sie einen Schein?", "Avez-vous une licence ?", "¿Tiene una licencia?", "Ha una licenza?",
		"Hebt u een licentie?")}
	checkSayings(t, &licence, []saying{
		{"en", "yes, but it has expired", ""}, {"de", "ja, ist aber abgelaufen", ""}, {"fr", "oui mais périmée", ""}, {"es", "sí, pero caducó", ""}, {"it", "sì, ma scaduta", ""}, {"nl", "ja, maar verlopen", ""},
	})
}

// An excuse between two answers corrects the first one, and anything else says nothing.
func TestAnExcuseBetweenTwo(t *testing.T) {
	checkSayings(t, &rowing.Questions[3], []saying{
		{"en", "9, sorry, 10", "10"}, {"fr", "9, pardon, 10 heures", "10"}, {"it", "9, scusi, 10", "10"}, {"es", "9, perdón, 10", "10"}, {"de", "9, Verzeihung, 10", "10"}, {"nl", "9, sorry, 10", "10"},
		{"en", "9, sorry, 10 - found another evening", "10"}, {"en", "9, sorry, not 10", ""}, {"en", "9, sorry, maybe 10", ""}, {"en", "9, sorry for the delay", "9"}, {"de", "9, sorry, oder 10", ""},
	})
	checkSayings(t, &rowing.Questions[2], []saying{
		{"fr", "le 15 juin, pardon le 22 juin", "2026-06-22"}, {"en", "15 June, sorry, 22 June", "2026-06-22"}, {"en", "15 June, sorry, 22 June is full", ""}, {"de", "15. Juni, sorry, nicht der 22. Juni", ""},
	})
}

// A word that takes something back, with nothing behind it, is no correction.
func TestNothingBehindACorrection(t *testing.T) {
	for _, text := range []string{"4, no, make-it", "4, nein, doch", "4, no, make that", "4, no, make-that.", "4, no, make - it"} {
		if before, after, ok := clause.Correction(text); ok && after == "" {
			t.Errorf("%q: %q, %q", text, before, after)
		}
	}
}

// Who doubts a number or a name does not give it.
func TestADoubtedIdentifier(t *testing.T) {
	order := tickets.Question{Kind: tickets.AskText, Ask: worded("What is your customer number?", "Wie lautet Ihre Kundennummer?", "Quel est votre numéro de client ?",
		"¿Cuál es su número de cliente?", "Qual è il suo numero cliente?", "Wat is uw klantnummer?")}
	checkSayings(t, &order, []saying{
		{"en", "There are two, 88-1 and 88-2, I think it was the second one but could not swear to it", ""}, {"en", "I think it's 88-1", ""}, {"en", "88-1 or 88-2", ""}, {"en", "88-1?", ""}, {"en", "88-1, if I remember rightly", ""}, {"en", "probably 88-1", ""},
		{"de", "Ich glaube, es war 88-1", ""}, {"de", "88-1 oder 88-2", ""}, {"de", "vermutlich 88-1", ""}, {"de", "88-1, bin mir aber nicht sicher", ""}, {"de", "88-1, wenn ich mich recht erinnere", ""},
		{"fr", "je crois que c'est 88-1", ""}, {"fr", "88-1 ou 88-2", ""}, {"fr", "88-1, sauf erreur", ""}, {"es", "creo que es 88-1", ""}, {"es", "88-1 o 88-2", ""}, {"es", "88-1, si no me equivoco", ""},
		{"it", "credo sia 88-1", ""}, {"it", "88-1 o 88-2", ""}, {"it", "88-1, se non sbaglio", ""}, {"nl", "ik denk 88-1", ""}, {"nl", "88-1 of 88-2", ""}, {"nl", "88-1, als ik me niet vergis", ""},
		{"en", "88-1", "88-1"}, {"en", "It is 88-1", "It is 88-1"}, {"de", "die 88-1, steht auf der Rechnung", "die 88-1, steht auf der Rechnung"},
	})
}

// Who reckons shows what they mean, if it is right; and a word of excuse between two numbers takes the
// first one back.
func TestANumberThatIsReckoned(t *testing.T) {
	checkSayings(t, &outing.Questions[2], []saying{
		{"en", "6 for us and 3 for the school = 9", "9"}, {"de", "6 für uns + 3 für die Schule = 9", "9"}, {"fr", "6 + 3 = 9", "9"}, {"es", "6 grandes + 3 = 9", "9"}, {"it", "6 + 3 = 9.", "9"}, {"nl", "6 en 3 = 9", "9"},
		{"en", "6 + 3 = 10", ""}, {"en", "6 = 9", ""}, {"en", "6 + 3 = about 9", ""}, {"en", "maybe 6 + 3 = 9", ""}, {"en", "6 + 3 = 9 or 10", ""}, {"en", "6 + 3", ""}, {"en", "1/6 + 3 = 9", ""}, {"en", "6-7 + 3 = 10", ""},
		{"en", "6 sorry 7", "7"}, {"de", "6 Verzeihung 7", "7"}, {"fr", "6 pardon 7", "7"}, {"es", "6 perdón 7", "7"}, {"it", "6 scusi 7", "7"}, {"nl", "6 sorry 7", "7"},
		{"en", "6 or 7", ""}, {"en", "6 sorry not 7", ""}, {"en", "6 then 7", ""},
	})
}

// A number of part of what is asked for, or of more than that, is no answer, and an excuse takes no
// answer back.
func TestPartsAndTotals(t *testing.T) {
	for _, c := range []struct{ lang, ask, said, want string }{
		{"en", "How many people come?", "48 pupils and 5 staff = 53", "53"},
		{"en", "How many adults come?", "3 adults + 2 children = 5", ""},
		{"en", "How many pupils come?", "48 pupils and 5 staff = 53", ""},
		{"de", "Wie viele Erwachsene kommen?", "3 Erwachsene + 2 Kinder = 5", ""},
		{"de", "Wie viele Gäste kommen?", "50, davon 6 Kinder", "50"},
		{"en", "How many vegetarian meals do you need?", "50, of which 6 vegetarian", ""},
		{"de", "Wie viele vegetarische Essen brauchen Sie?", "50, davon 6 vegetarisch", ""},
		{"fr", "Combien de repas végétariens ?", "50 dont 6 végétariens", ""},
		{"en", "How many guests come?", "4, sorry, typing on phone", "4"},
		{"en", "How many guests come?", "9, sorry, 10", "10"},
	} {
		q := tickets.Question{Name: "n", Kind: tickets.AskNumber, Ask: tickets.Worded{c.lang: c.ask}}
		v, how := Of(&q, c.said, written(tuesday, c.lang))
		if how != reading.Clear {
			v = ""
		}
		if v != c.want {
			t.Errorf("%s %q, %q: %q, want %q", c.lang, c.ask, c.said, v, c.want)
		}
	}
}
