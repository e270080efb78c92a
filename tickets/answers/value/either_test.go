package value

import (
	"testing"

	"tierdesk/tickets"
)

// Of two years or months, two people or two words that only begin alike, none is taken for what was asked.
func TestEitherIsNotTheFirst(t *testing.T) {
	born := tickets.Question{Kind: tickets.AskDate, Ask: worded("When were you born?", "Wann sind Sie geboren?", "Quelle est votre date de naissance ?",
		"¿Cuándo nació usted?", "Quando è nato?", "Wanneer bent u geboren?")}
	bought := tickets.Question{Kind: tickets.AskDate, Ask: worded("When did you buy it?", "Wann haben Sie es gekauft?", "Quand l'avez-vous acheté ?",
		"¿Cuándo lo compró?", "Quando l'ha comprato?", "Wanneer hebt u het gekocht?")}
	checkSayings(t, &born, []saying{
		{"en", "3 May 1980 or 1981", ""}, {"de", "3.5.1980 oder 81", ""}, {"fr", "3 mai 1980 ou 1981", ""}, {"en", "3 May 1980", "1980-05-03"}, {"de", "3.5.1980", "1980-05-03"},
	})
	checkSayings(t, &bought, []saying{
		{"en", "1 March 2024 or 2025", ""}, {"en", "1 March 2024/2025", ""}, {"en", "1 March or April 2025", ""}, {"en", "in 2024 or 2025, on 1 March", ""}, {"es", "1 de marzo de 2024 o 2025", ""},
		{"en", "1 March 2025", "2025-03-01"}, {"en", "1 March 2025, in the shop", "2025-03-01"}, {"en", "on 13/03/2025", "2025-03-13"},
	})
	checkSayings(t, &howMany, []saying{
		{"en", "only me and Tom", ""}, {"de", "nur ich und Tom", ""}, {"en", "just me & Ida", ""}, {"en", "It affects just me and my colleague.", ""}, {"fr", "seulement moi et Ida", ""},
		{"en", "only me", "1"}, {"de", "nur ich", "1"}, {"de", "Nur ich allein.", "1"}, {"fr", "seulement moi", "1"},
	})
	choice := func(values ...string) *tickets.Question {
		q := tickets.Question{Kind: tickets.AskChoice, Ask: tickets.Worded{"en": "Which one?"}}
		for _, v := range values {
			q.Choices = append(q.Choices, tickets.Choice{Value: v})
		}
		return &q
	}
	checkSayings(t, choice("train", "plane", "bus"), []saying{
		{"en", "We come after the training", ""}, {"en", "with our trainer", ""}, {"en", "It is on another planet", ""}, {"en", "That is the plan", ""},
		{"en", "by train", "train"}, {"en", "the plane", "plane"}, {"en", "We take trains", "train"},
	})
	checkSayings(t, choice("Cash", "Card"), []saying{{"en", "Ask the cashier", ""}, {"en", "cash", "Cash"}})
	checkSayings(t, choice("red", "white"), []saying{{"en", "any but white", ""}, {"en", "whatever but white", ""}, {"en", "white", "white"}})
}
