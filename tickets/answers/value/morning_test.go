package value

import (
	"testing"

	"tierdesk/tickets"
)

// In German and Dutch the word for tomorrow is also the one for the morning of another day.
func TestTheMorningIsNotTomorrow(t *testing.T) {
	happened := tickets.Question{Kind: tickets.AskDate, Ask: worded("When did the alarm go off?", "Wann ist der Alarm losgegangen?",
		"Quand l'alarme s'est-elle déclenchée ?", "¿Cuándo saltó la alarma?", "Quando è scattato l'allarme?", "Wanneer is het alarm afgegaan?")}
	checkSayings(t, &happened, []saying{
		{"de", "heut morgen gegen sieben", "2026-03-10"}, {"de", "heut früh", "2026-03-10"}, {"de", "heute früh um 5", "2026-03-10"}, {"de", "heute, am Morgen", "2026-03-10"},
		{"de", "gestern morgen um halb neun", "2026-03-09"}, {"de", "vorgestern Morgen", "2026-03-08"}, {"de", "diesen Morgen", "2026-03-10"}, {"de", "heut", "2026-03-10"},
		{"de", "am frühen Morgen", ""}, {"de", "jeden Morgen", ""}, {"de", "morgens", ""}, {"de", "morgen", ""}, {"de", "guten Morgen, gestern", "2026-03-09"},
		{"nl", "vanmorgen om zes uur", "2026-03-10"}, {"nl", "vanochtend vroeg", "2026-03-10"}, {"nl", "gisterenmorgen", "2026-03-09"}, {"nl", "deze morgen", "2026-03-10"},
		{"nl", "gisteren morgen", "2026-03-09"}, {"nl", "goeie morgen, eergisteren", "2026-03-08"}, {"nl", "morgen", ""}, {"nl", "elke morgen", ""},
		{"en", "this morning at 6", "2026-03-10"}, {"fr", "ce matin vers 6 h", "2026-03-10"}, {"it", "stamani alle 6", "2026-03-10"}, {"es", "ayer por la mañana", "2026-03-09"},
		{"es", "mañana", ""}, {"en", "tomorrow", ""},
	})
	comes := tickets.Question{Kind: tickets.AskDate, Ask: worded("On which day shall we come?", "An welchem Tag sollen wir kommen?",
		"Quel jour devons-nous venir ?", "¿Qué día vamos?", "In che giorno dobbiamo venire?", "Op welke dag zullen we komen?")}
	checkSayings(t, &comes, []saying{
		{"de", "morgen früh", "2026-03-11"}, {"de", "morgen um 6", "2026-03-11"}, {"de", "gleich morgen", "2026-03-11"}, {"nl", "morgen om zes uur", "2026-03-11"},
		{"nl", "morgenochtend", ""}, {"es", "mañana por la mañana", "2026-03-11"}, {"en", "tomorrow morning", "2026-03-11"}, {"de", "jeden Morgen", ""},
	})
}
