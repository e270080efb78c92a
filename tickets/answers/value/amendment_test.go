package value

import (
	"testing"

	"tierdesk/tickets"
)

// A value that its writer takes back in the same breath never stands: the one that follows does, or nobody knows.
func TestACorrectedValueNeverStands(t *testing.T) {
	checkSayings(t, &howMany, []saying{
		{"en", "7, no, 9", "9"}, {"en", "7. No, 9.", "9"}, {"en", "7 - hang on, 9", "9"}, {"en", "7 (sorry, 9)", "9"}, {"en", "seven, or rather nine", "9"}, {"en", "7... oh no, it is 9", "9"},
		{"de", "7, ach nein, 9", "9"}, {"de", "sieben – Quatsch, neun", "9"}, {"de", "7, Moment, es sind 9", "9"}, {"de", "7, besser gesagt 9", "9"},
		{"fr", "7, non, 9", "9"}, {"fr", "7, enfin 9", "9"}, {"fr", "7... pardon, ce sont 9", "9"}, {"fr", "sept, ou plutôt neuf", "9"},
		{"es", "siete, no, nueve", "9"}, {"es", "7, digo 9", "9"}, {"es", "7... perdón, son 9", "9"}, {"es", "7, mejor dicho, 9", "9"},
		{"it", "7, no, 9", "9"}, {"it", "da 7, anzi da 9", "9"}, {"it", "7 (scusi, 9: viene anche mia cugina)", "9"}, {"it", "sette, o meglio nove", "9"},
		{"nl", "7, nee 9", "9"}, {"nl", "7, o nee, wacht, 9", "9"}, {"nl", "zeven, of liever negen", "9"},
		{"es", "siete, no nueve", ""}, {"it", "sette, non nove", ""}, {"en", "7, no, not 9", ""}, {"en", "7, sorry, or 9", ""}, {"en", "7, no, 9, of whom 2 are children", ""},
		{"en", "7, sorry, in a hurry", "7"}, {"fr", "7, pardon pour le retard", "7"}, {"en", "7, no, 8, no, 9", "9"},
	})
	checkSayings(t, &sinceWhen, []saying{
		{"en", "4 March, no, 6 March", "2026-03-06"}, {"en", "on the 4th of March - wait, the 6th of March", "2026-03-06"}, {"de", "am 4. März, nein, am 6. März", "2026-03-06"}, {"de", "4.3., ach nein, 6.3.", "2026-03-06"},
		{"fr", "le 4 mars, enfin le 6 mars", "2026-03-06"}, {"es", "el 4 de marzo... perdón, el 6 de marzo", "2026-03-06"}, {"it", "il 4 marzo, anzi il 6 marzo", "2026-03-06"}, {"nl", "4 maart, o nee, 6 maart", "2026-03-06"},
		{"de", "4. März - ach nein, das war ja Mittwoch, also 6. März", ""}, {"en", "4 March, sorry, 6 March is wrong", ""}, {"en", "27 February, no, the 2nd", ""},
	})
	boat := choiceOf("Canoe", "Kayak", "Raft")
	checkSayings(t, boat, []saying{
		{"en", "canoe, no, kayak", "Kayak"}, {"de", "Canoe, ach nein, lieber Raft", "Raft"}, {"fr", "canoe, enfin kayak", "Kayak"}, {"it", "canoe... no aspetti, meglio raft", "Raft"}, {"nl", "canoe, o nee, kayak", "Kayak"},
		{"en", "canoe, sorry, the kayak leaks", ""}, {"en", "canoe, no, no raft please", ""},
	})
	mail := tickets.Question{Kind: tickets.AskEmail, Ask: worded("Which address?", "Welche Adresse?", "Quelle adresse ?", "¿Qué dirección?", "Quale indirizzo?", "Welk adres?")}
	checkSayings(t, &mail, []saying{
		{"en", "ann@club.exmaple sorry, .example", ""}, {"de", "ann@club.example, nein, bob@club.example", "bob@club.example"}, {"en", "ann@club.example, sorry for the delay", "ann@club.example"},
	})
}
