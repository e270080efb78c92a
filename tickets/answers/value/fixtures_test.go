package value

import (
	"testing"
	"time"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/reading"
)

// saying is a text as the answer to a question, with the value that it has to become; "" for none.
type saying struct{ language, text, want string }

// written returns what the values of a mail depend on.
func written(now time.Time, language string) Context {
	return Context{Context: day.Context{Now: now, Language: language}}
}

func checkSayings(t *testing.T, q *tickets.Question, sayings []saying) {
	t.Helper()
	for _, c := range sayings {
		got, how := Of(q, c.text, written(tuesday, c.language))
		if how != reading.Clear {
			got = ""
		}
		if got != c.want {
			t.Errorf("%s %q: got %q, want %q", q.Ask.In(c.language, "en"), c.text, got, c.want)
		}
	}
}

// worded is a question in the six languages of the templates.
func worded(en, de, fr, es, it, nl string) tickets.Worded {
	return tickets.Worded{"en": en, "de": de, "fr": fr, "es": es, "it": it, "nl": nl}
}

var howMany = tickets.Question{Kind: tickets.AskNumber, Ask: worded("How many people are affected?", "Wie viele Personen sind betroffen?",
	"Combien de personnes sont concernées ?", "¿Cuántas personas están afectadas?", "Quante persone sono coinvolte?", "Hoeveel personen hebben er last van?")}

var sinceWhen = tickets.Question{Kind: tickets.AskDate, Ask: worded("Since when does it occur?", "Seit wann besteht das Problem?",
	"Depuis quand le problème existe-t-il ?", "¿Desde cuándo ocurre?", "Da quando succede?", "Sinds wanneer is dat zo?")}

var restarted = tickets.Question{Kind: tickets.AskYesNo, Ask: worded("Have you restarted the printer?", "Haben Sie den Drucker neu gestartet?",
	"Avez-vous redémarré l'imprimante ?", "¿Ha reiniciado la impresora?", "Ha riavviato la stampante?", "Hebt u de printer opnieuw gestart?")}

func choiceOf(values ...string) *tickets.Question {
	q := tickets.Question{Kind: tickets.AskChoice, Ask: tickets.Worded{"en": "Which one?"}}
	for _, v := range values {
		q.Choices = append(q.Choices, tickets.Choice{Value: v})
	}
	return &q
}

// sunday is when the mails of these tests are written: Sunday, 29 November 2026.
var sunday = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// tuesday is when the mails of TestKindsOfAnswers are written: Tuesday, 10 March 2026.
var tuesday = time.Date(2026, 3, 10, 14, 0, 0, 0, time.UTC)

var device = tickets.Form{Name: "device", Title: tickets.Worded{"": "Device"}, Questions: []tickets.Question{
	{Name: "serial", Kind: tickets.AskText, Ask: tickets.Worded{"en": "What is the serial number of the device?", "de": "Wie lautet die Seriennummer des Geräts?"}},
	{Name: "restarted", Kind: tickets.AskYesNo, Ask: tickets.Worded{"en": "Have you restarted it?", "de": "Haben Sie es neu gestartet?"}},
	{Name: "since", Kind: tickets.AskDate, Ask: tickets.Worded{"en": "Since when does the fault occur?", "de": "Seit wann tritt der Fehler auf?"}},
	{Name: "people", Kind: tickets.AskNumber, Ask: tickets.Worded{"en": "How many people are affected?", "de": "Wie viele Personen sind betroffen?"}},
	{Name: "model", Kind: tickets.AskChoice, Choices: []tickets.Choice{{Value: "laptop"}, {Value: "desktop"}, {Value: "printer"}},
		Ask: tickets.Worded{"en": "Which kind of device is it?", "de": "Um welche Art von Gerät handelt es sich?"}},
}}

// journey is a form of all kinds.
var journey = tickets.Form{Name: "journey", Questions: []tickets.Question{
	{Name: "badge", Kind: tickets.AskText, Ask: worded("Which name should be on your badge?", "Welcher Name soll auf Ihrem Namensschild stehen?", "Quel nom doit figurer sur votre badge ?",
		"¿Qué nombre debe figurar en su acreditación?", "Quale nome deve stare sul suo badge?", "Welke naam moet er op uw badge staan?")},
	{Name: "ticket", Kind: tickets.AskChoice, Choices: []tickets.Choice{{Value: "Standard"}, {Value: "Premium"}, {Value: "Online"}}, Ask: worded("Which ticket would you like?", "Welches Ticket möchten Sie?",
		"Quelle formule souhaitez-vous ?", "¿Qué entrada desea?", "Quale biglietto desidera?", "Welk ticket wilt u?")},
	{Name: "arrival", Kind: tickets.AskDate, Ask: worded("On which day do you arrive?", "An welchem Tag reisen Sie an?", "Quel jour arrivez-vous ?", "¿Qué día llega usted?", "In che giorno arriva?", "Op welke dag komt u aan?")},
	{Name: "nights", Kind: tickets.AskNumber, Ask: worded("How many hotel nights do you need?", "Wie viele Hotelnächte brauchen Sie?", "De combien de nuits d'hôtel avez-vous besoin ?",
		"¿Cuántas noches de hotel necesita?", "Quante notti d'albergo le servono?", "Hoeveel hotelnachten hebt u nodig?")},
	{Name: "vegetarian", Kind: tickets.AskYesNo, Ask: worded("Would you like vegetarian meals?", "Möchten Sie vegetarisch essen?", "Souhaitez-vous des repas végétariens ?", "¿Desea comida vegetariana?", "Desidera pasti vegetariani?", "Wilt u vegetarisch eten?")},
	{Name: "remarks", Kind: tickets.AskText, Optional: true, Ask: worded("Is there anything else we should know?", "Was sollten wir sonst noch wissen?", "Y a-t-il autre chose que nous devrions savoir ?",
		"¿Hay algo más que debamos saber?", "C'è altro che dovremmo sapere?", "Is er nog iets dat we moeten weten?")},
}}

// rowing is what a club asks of who wants to join: two days, hours, a yes or no, and a choice.
var rowing = tickets.Form{Name: "rowing", Questions: []tickets.Question{
	{Name: "rower", Kind: tickets.AskText, Ask: worded("Who is going to row (full name)?", "Wer möchte rudern (voller Name)?", "Qui va ramer (nom complet) ?",
		"¿Quién va a remar (nombre completo)?", "Chi vuole remare (nome completo)?", "Wie gaat er roeien (volledige naam)?")},
	{Name: "born", Kind: tickets.AskDate, Ask: worded("What is the date of birth?", "Wie lautet das Geburtsdatum?", "Quelle est la date de naissance ?",
		"¿Cuál es la fecha de nacimiento?", "Qual è la data di nascita?", "Wat is de geboortedatum?")},
	{Name: "begin", Kind: tickets.AskDate, Ask: worded("From which day would you like to train?", "Ab welchem Tag möchten Sie trainieren?",
		"À partir de quel jour souhaitez-vous vous entraîner ?", "¿A partir de qué día desea entrenar?", "Da quale giorno desidera allenarsi?",
		"Vanaf welke dag wilt u trainen?")},
	{Name: "hours", Kind: tickets.AskNumber, Ask: worded("How many hours a week?", "Wie viele Stunden in der Woche?", "Combien d'heures par semaine ?",
		"¿Cuántas horas a la semana?", "Quante ore alla settimana?", "Hoeveel uur per week?")},
	{Name: "boat", Kind: tickets.AskChoice, Choices: choiceOf("Skiff", "Gig", "Achter").Choices, Ask: worded("Which boat?", "Welches Boot?", "Quel bateau ?",
		"¿Qué barco?", "Quale barca?", "Welke boot?")},
	{Name: "locker", Kind: tickets.AskYesNo, Ask: worded("Do you need a locker?", "Brauchen Sie einen Spind?", "Avez-vous besoin d'un casier ?",
		"¿Necesita una taquilla?", "Le serve un armadietto?", "Hebt u een kluisje nodig?")},
}}

// outing is what a boat yard asks of a group: a name, two numbers, a choice, a day, and how they come.
var outing = tickets.Form{Name: "outing", Questions: []tickets.Question{
	{Name: "club", Kind: tickets.AskText, Ask: worded("What is the name of your club?", "Wie heißt Ihr Verein?", "Comment s'appelle votre club ?",
		"¿Cómo se llama su club?", "Come si chiama il vostro club?", "Hoe heet uw vereniging?")},
	{Name: "day", Kind: tickets.AskDate, Ask: worded("On which day will you come?", "An welchem Tag kommen Sie?", "Quel jour venez-vous ?",
		"¿Qué día vienen?", "In che giorno venite?", "Op welke dag komt u?")},
	{Name: "boats", Kind: tickets.AskNumber, Ask: worded("How many boats do you need?", "Wie viele Boote brauchen Sie?", "De combien de bateaux avez-vous besoin ?",
		"¿Cuántas barcas necesitan?", "Di quante barche avete bisogno?", "Hoeveel boten hebt u nodig?")},
	{Name: "kind", Kind: tickets.AskChoice, Choices: choiceOf("Canoe", "Kayak", "Raft").Choices, Ask: worded("Which kind of boat?", "Welche Art von Boot?",
		"Quel type de bateau ?", "¿Qué tipo de barca?", "Che tipo di barca?", "Welk soort boot?")},
	{Name: "minibus", Kind: tickets.AskYesNo, Ask: worded("Will you come by minibus?", "Kommen Sie mit dem Kleinbus?", "Venez-vous en minibus ?",
		"¿Vienen en minibús?", "Venite in minibus?", "Komt u met de minibus?")},
	{Name: "trailer", Kind: tickets.AskYesNo, Ask: worded("Do you have a trailer?", "Haben Sie einen Anhänger?", "Avez-vous une remorque ?",
		"¿Tienen un remolque?", "Avete un rimorchio?", "Hebt u een aanhanger?")},
}}
