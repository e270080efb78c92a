package value

import (
	"testing"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/yesno"
)

// Who does not know, or has it elsewhere, says so as people talk.
func TestNotToHand(t *testing.T) {
	none := []saying{
		{"en", "dont have it to hand, its on my desk", ""}, {"en", "Haven't got it on me", ""}, {"en", "dunno yet", ""}, {"de", "hab ich gerade nicht da", ""},
		{"de", "Habe ich leider nicht zur Hand", ""}, {"de", "keine Ahnung grad", ""}, {"fr", "je l'ai pas sous la main", ""}, {"fr", "chais pas", ""},
		{"es", "no lo tengo a mano", ""}, {"it", "non ce l'ho sottomano", ""}, {"nl", "weet k nog niet", ""}, {"nl", "heb ik nu niet bij de hand", ""},
	}
	street := tickets.Question{Kind: tickets.AskText, Ask: worded("Where do you park?", "Wo parken Sie?", "Où vous garez-vous ?", "¿Dónde aparca?", "Dove parcheggia?", "Waar parkeert u?")}
	for _, q := range []*tickets.Question{&street, &serial, &howMany, &whichDay, &reach} {
		checkSayings(t, q, none)
	}
	checkSayings(t, &street, []saying{{"en", "on the left hand side of the yard", "on the left hand side of the yard"}, {"de", "Hof 3, den Plan habe ich nicht da", "Hof 3, den Plan habe ich nicht da"}})
	more := tickets.Question{Kind: tickets.AskText, Optional: true, Ask: worded("Anything else?", "Sonst noch etwas?", "Autre chose ?", "¿Algo más?", "Altro?", "Verder nog iets?")}
	checkSayings(t, &more, []saying{{"en", "nope thats all", ""}, {"en", "no thats it thanks", ""}, {"en", "thats all the lamps we have", "thats all the lamps we have"}})
}

// What does not concern somebody is not denied.
func TestASentenceThatEndsInNotApplicable(t *testing.T) {
	mown := tickets.Question{Kind: tickets.AskYesNo, Ask: worded("Have you mown the lawn?", "Haben Sie den Rasen gemäht?", "Avez-vous tondu la pelouse ?",
		"¿Ha cortado el césped?", "Ha tagliato il prato?", "Hebt u het gras gemaaid?")}
	checkSayings(t, &mown, []saying{
		{"en", "We only have a balcony, so n/a", ""}, {"de", "Wir haben nur Kies, also entfällt", ""}, {"fr", "Il n'y a que du gravier, donc s.o.", ""},
		{"nl", "Er is alleen grind, dus n.v.t.", ""}, {"es", "Solo hay grava, así que no aplica", ""}, {"it", "C'è solo ghiaia, quindi non applicabile", ""},
		{"en", "We only have a balcony, so no", yesno.No}, {"nl", "Nee", yesno.No},
	})
}
