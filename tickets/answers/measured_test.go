package answers

import (
	"testing"

	"tierdesk/tickets"
)

// chess is what a club asks of a child, and of what was bought there.
var chess = tickets.Form{Name: "chess", Questions: []tickets.Question{
	{Name: "player", Kind: tickets.AskText, Ask: worded("What is the pupil's name?", "Wie heißt das Kind, das spielt?", "Comment s'appelle l'élève ?", "¿Cómo se llama el alumno?", "Come si chiama l'alunno?", "Hoe heet de leerling?")},
	{Name: "age", Kind: tickets.AskNumber, Ask: worded("How old is the player?", "Wie alt ist das Kind?", "Quel âge a l'élève ?", "¿Qué edad tiene?", "Quanti anni ha?", "Hoe oud is hij of zij?")},
	{Name: "lesson", Kind: tickets.AskChoice, Choices: choiceOf("30 minutes", "45 minutes", "60 minutes").Choices, Ask: worded("How long should a lesson be?", "Wie lang soll eine Stunde sein?", "Quelle durée ?",
		"¿Cuánto debe durar la clase?", "Quanto deve durare la lezione?", "Hoe lang moet een les duren?")},
	{Name: "begin", Kind: tickets.AskDate, Ask: worded("When would you like to start?", "Wann würden Sie gern anfangen?", "Quand aimeriez-vous commencer ?", "¿Cuándo le gustaría empezar?", "Quando vorrebbe cominciare?", "Wanneer zou u willen beginnen?")},
}}

// delivery asks how many people come, how many chairs are broken, and what one of them cost.
var delivery = tickets.Form{Name: "delivery", Questions: []tickets.Question{
	{Name: "people", Kind: tickets.AskNumber, Ask: worded("How many people will come?", "Wie viele Personen kommen?", "Combien de personnes viendront ?", "¿Cuántas personas vendrán?", "Quante persone verranno?", "Hoeveel personen komen er?")},
	{Name: "chairs", Kind: tickets.AskNumber, Ask: worded("How many chairs are broken?", "Wie viele Stühle sind kaputt?", "Combien de chaises sont cassées ?", "¿Cuántas sillas están rotas?", "Quante sedie sono rotte?", "Hoeveel stoelen zijn er kapot?")},
	{Name: "price", Kind: tickets.AskNumber, Ask: worded("What did you pay per chair, in euros?", "Was haben Sie pro Stuhl bezahlt (in Euro)?", "Combien avez-vous payé par chaise, en euros ?", "¿Cuánto pagó por silla, en euros?",
		"Quanto ha pagato per sedia, in euro?", "Wat hebt u per stoel betaald (in euro)?")},
	{Name: "day", Kind: tickets.AskDate, Ask: worded("On which day will you come?", "An welchem Tag kommen Sie?", "Quel jour viendrez-vous ?", "¿Qué día vendrán?", "In che giorno verrete?", "Op welke dag komt u?")},
}}

// How old somebody is, but not for how long they have done something.
func TestHowOldSomebodyIs(t *testing.T) {
	unsaid(t, &chess, "age", []saying{
		{"en", "My nephew is 14 and would like 45 minutes.", "14"}, {"en", "She is fourteen years old. 45 minutes please.", "14"}, {"en", "He has played for 14 years. 45 minutes please.", ""}, {"en", "He is 14 or 15. 45 minutes please.", ""},
		{"de", "Das Kind ist vierzehn und möchte 45 Minuten.", "14"}, {"de", "Sie ist 14 Jahre alt. 45 Minuten bitte.", "14"}, {"de", "Er spielt seit 14 Jahren. 45 Minuten bitte.", ""},
		{"fr", "Mon neveu a 14 ans. 45 minutes, s'il vous plaît.", "14"}, {"fr", "Il joue depuis 14 ans. 45 minutes.", ""}, {"es", "Tiene catorce años. 45 minutos, por favor.", "14"}, {"es", "Toca desde hace 14 años. 45 minutos.", ""},
		{"it", "Ha quattordici anni. 45 minuti, grazie.", "14"}, {"nl", "Hij is veertien jaar. 45 minuten graag.", "14"}, {"nl", "Hij speelt al 14 jaar. 45 minuten graag.", ""},
	})
	checkSayings(t, &chess.Questions[1], []saying{
		{"fr", "14 ans", "14"}, {"en", "14 years", "14"}, {"de", "14 Jahre", "14"}, {"es", "14 años", "14"}, {"nl", "14 jaar", "14"}, {"en", "14 months", ""},
	})
}

// A length of time is said in other words than those of the choices, too, and another one is none of them.
func TestLengthsInOtherWords(t *testing.T) {
	checkSayings(t, &chess.Questions[2], []saying{
		{"en", "60 min", "60 minutes"}, {"en", "45mins", "45 minutes"}, {"en", "an hour", "60 minutes"}, {"en", "half an hour", "30 minutes"}, {"en", "50 minutes", ""}, {"en", "2 hours", ""}, {"en", "30 or 45 min", ""},
		{"de", "fünfundvierzig Minuten", "45 minutes"}, {"de", "eine halbe Stunde", "30 minutes"}, {"de", "eine ganze Stunde", "60 minutes"}, {"fr", "quarante-cinq minutes", "45 minutes"}, {"fr", "une demi-heure", "30 minutes"},
		{"es", "media hora", "30 minutes"}, {"es", "sesenta minutos", "60 minutes"}, {"it", "sessanta minuti", "60 minutes"}, {"it", "mezz'ora", "30 minutes"}, {"nl", "zestig minuten", "60 minutes"}, {"nl", "half uur", "30 minutes"},
		{"de", "keine halbe Stunde", ""}, {"en", "half an hour?", ""},
	})
}

// So many people are together, and not so many of others.
func TestHowManyAreTogether(t *testing.T) {
	unsaid(t, &delivery, "people", []saying{
		{"en", "We come on 4 June. There will be six of us.", "6"}, {"en", "We come on 4 June. We will be six.", "6"}, {"en", "We come on 4 June. We will be six days late.", ""}, {"en", "We come on 4 June. We will be six or seven.", ""},
		{"de", "Wir kommen am 4. Juni zu sechst.", "6"}, {"de", "Wir kommen am 4. Juni zu zweit oder zu dritt.", ""}, {"de", "Wir kommen am 4. Juni. Wir sind 20 im Verein, kommen werden 6.", ""}, {"fr", "Nous venons le 4 juin. Nous serons six.", "6"}, {"fr", "Nous viendrons à six, le 4 juin.", "6"},
		{"es", "Venimos el 4 de junio. Vamos a ser seis.", "6"}, {"it", "Veniamo il 4 giugno. Saremo in sei.", "6"}, {"nl", "We komen op 4 juni, met z'n zessen.", "6"}, {"it", "Veniamo il 4 giugno. Siamo in sei uffici diversi.", ""},
	})
}

// The price of one is no price of all of them.
func TestThePriceOfOne(t *testing.T) {
	unsaid(t, &delivery, "price", []saying{
		{"en", "Three chairs are broken. I paid 24.90 euros for each of them.", "24.9"}, {"en", "Three chairs are broken. I paid 149 euros.", ""}, {"en", "Three chairs are broken. I paid 149 euros for 6 chairs.", ""},
		{"de", "Drei Stühle sind kaputt. Ich habe 24,90 Euro pro Stuhl bezahlt.", "24.9"}, {"de", "Drei Stühle sind kaputt. Bezahlt habe ich 149 Euro.", ""}, {"fr", "Trois chaises sont cassées. J'ai payé 24,90 euros par chaise.", "24.9"},
		{"es", "Tres sillas están rotas. Pagué 24,90 euros por silla.", "24.9"}, {"es", "Tres sillas están rotas. Pagué 149 euros por las seis.", ""}, {"it", "Tre sedie sono rotte. Ho pagato 24,90 euro l'una.", "24.9"}, {"nl", "Drie stoelen zijn kapot. Ik heb 24,90 euro per stoel betaald.", "24.9"},
	})
}
