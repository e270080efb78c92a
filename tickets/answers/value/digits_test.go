package value

import (
	"testing"

	"tierdesk/tickets"
)

// Whoever asks for digits gets none in words.
func TestDigitsAreAskedFor(t *testing.T) {
	key := tickets.Question{Kind: tickets.AskText, Ask: worded("What are the first four digits of the key?", "Wie lauten die ersten vier Ziffern des Schlüssels?",
		"Quels sont les quatre premiers chiffres de la clé ?", "¿Cuáles son las cuatro primeras cifras de la llave?",
		"Quali sono le prime quattro cifre della chiave?", "Wat zijn de eerste vier cijfers van de sleutel?")}
	checkSayings(t, &key, []saying{
		{"en", "refused at the gate", ""}, {"en", "North Gate", ""}, {"de", "klemmt im Schloss", ""}, {"fr", "restée au bureau", ""}, {"es", "se ha roto", ""},
		{"it", "rotta", ""}, {"nl", "ligt thuis", ""}, {"en", "4410", "4410"}, {"de", "44 10", "44 10"},
	})
}
