package value

import (
	"testing"

	"tierdesk/tickets"
)

// Who takes back a value within an answer means the last one, where its month is clear.
func TestTakenBackWithinAnAnswer(t *testing.T) {
	comes := tickets.Question{Kind: tickets.AskDate, Ask: worded("On which day will you bring it back?", "An welchem Tag bringen Sie es zurück?",
		"Quel jour le rapportez-vous ?", "¿Qué día lo devuelve?", "In che giorno lo riporta?", "Op welke dag brengt u het terug?")}
	checkSayings(t, &comes, []saying{
		{"it", "16/03, anzi no il 17", "2026-03-17"}, {"it", "16 marzo, no aspetti, 18 marzo", "2026-03-18"}, {"es", "16/03, mejor dicho el 17/03", "2026-03-17"},
		{"en", "16 March, scratch that, 17 March", "2026-03-17"}, {"de", "16.3., nee doch 17.3.", "2026-03-17"}, {"nl", "16 maart, nee toch 17 maart", "2026-03-17"},
		{"fr", "le 16 mars, non plutôt le 17 mars", "2026-03-17"}, {"en", "12 May, no wait, the 13th", ""}, {"it", "12 maggio, anzi no il 13", ""},
	})
	checkSayings(t, &howMany, []saying{
		{"en", "7, scratch that, 8", "8"}, {"de", "7, Quatsch, 8", "8"}, {"es", "7, mejor dicho 8", "8"}, {"it", "7, anzi no 8", "8"}, {"nl", "7, nee toch 8", "8"},
	})
}
