package customer

import (
	"strings"
	"testing"

	"tierdesk/mailin"
	"tierdesk/tickets"
	"tierdesk/tickets/decision"
)

// Thanks with a greeting, names, wishes and a signature are thanks, in each language of the templates; whatever says more is not.
func TestIsThanks(t *testing.T) {
	people := &tickets.Directory{Agents: []tickets.Agent{{Name: "ann", FullName: "Ann Able"}, {Name: "jo", FullName: "José Núñez"}}}
	from := mailin.Address{Name: "Mina Meyer", Address: "mina.m@bank.example"}
	for _, text := range []string{
		"Thank you!", "Thanks a lot, Ann!", "Hi Ann,\n\nthank you very much for your quick help.\n\nBest wishes,\nMina", "Thank you so much, Ann! Kind regards, Mina",
		"Dear Mr Brown,\nthanks, it works again!\nSincerely\nMina Meyer\nBank of Example\n+49 30 1234567", "Thanks Ann", "Thank you, Robert! Have a nice weekend.", "Perfect, thanks 🙏", "Thx!! 👍",
		"Vielen Dank, Frau Able!\n\nHerzliche Grüße\nMina Meyer", "Hallo Ann,\n\nherzlichen Dank für die schnelle Hilfe, es klappt wieder. Schönes Wochenende!\n\nViele Grüße\nMina", "Danke! LG Mina", "Dankeschoen, es laeuft wieder. Viele Gruesse\nMina", "Perfecto, muchas gracias. Que tenga un buen dia", "Super, danke dir!",
		"Merci beaucoup Ann !\n\nCordialement,\nMina Meyer", "Bonjour José,\nmerci pour votre aide, tout fonctionne. Bonne journée !\nBien à vous\nMina",
		"¡Muchas gracias, José!\n\nUn saludo,\nMina", "Hola Ann: mil gracias por su ayuda, ya funciona todo.\nSaludos cordiales\nMina Meyer",
		"Grazie mille, Ann! Cordiali saluti, Mina", "Buongiorno Ann,\nla ringrazio, ora funziona tutto.\nUn cordiale saluto\nMina",
		"Merci beaucoup, c'est parfait.", "C'est résolu, merci !", "Grazie mille, gentilissimi!", "Tutto a posto, è risolto. Grazie!", "Ist gelöst, vielen Dank!",
		"Solucionado, muchas gracias. Muy amables.", "Het is opgelost, bedankt!", "It's fixed, thanks!",
		"Hartelijk dank, Ann!\n\nMet vriendelijke groet,\nMina Meyer", "Hoi Ann, bedankt voor de snelle reactie. Fijn weekend!",
	} {
		if !IsThanks(&mailin.Message{From: []mailin.Address{from}, Reply: text}, people) {
			t.Errorf("more than thanks: %q", text)
		}
	}
	for _, text := range []string{
		"", "Hello Ann,\n\nBest wishes,\nMina", "Thank you, but it is broken again.", "Thanks. It still does not work.", "Thanks! Can you also mend the door?", "Thank you. Please call me.", "Danke, geht aber nicht.",
		"Vielen Dank!\n\nViele Grüße\nMina\n\nPS: Der Drucker druckt immer noch nicht, bitte kommen Sie am Montag vorbei und sehen Sie nach.", "Merci, mais ça ne marche pas.", "Merci, mais ce n'est pas résolu.", "Grazie, non è risolto.", "Gracias, no está solucionado.", "Bedankt, het is niet opgelost.", "Gracias, pero no funciona.",
		"Grazie, ma non funziona.", "Bedankt, maar het werkt niet.", "Thanks for order 42.", "Thanks\nBest wishes\nMina\nWhen do you come?", "Mina", strings.Repeat("Thank you. ", 30),
	} {
		if IsThanks(&mailin.Message{From: []mailin.Address{from}, Reply: text}, people) {
			t.Errorf("only thanks: %q", text)
		}
	}
	if !IsThanks(&mailin.Message{From: []mailin.Address{from}, Reply: "Mina reacted", Reaction: "👍"}, people) {
		t.Error("a reaction is more than thanks")
	}
	file := &mailin.Message{From: []mailin.Address{from}, Reply: "Thank you!", Attachments: []mailin.Attachment{{Name: "order.pdf"}}}
	if IsThanks(file, people) {
		t.Error("a file is only thanks")
	}
	file.Attachments[0] = mailin.Attachment{Name: "logo.png", Inline: true}
	if !IsThanks(file, people) {
		t.Error("the picture of a signature is more than thanks")
	}
}

// Whom a first mail brings along.
func TestBroughtAlong(t *testing.T) {
	to := []mailin.Address{{Address: "support@acme.example"}, {Address: "jane@gold.example"}}
	for _, c := range []struct {
		name string
		m    func(m *decision.CustomerMail)
		want int
	}{
		{"a person's", func(*decision.CustomerMail) {}, 3},
		{"forged", func(m *decision.CustomerMail) { m.Message.Auth.Verdict = mailin.VerdictFail }, 0},
		{"whose SPF failed", func(m *decision.CustomerMail) { m.Message.Auth.Failed = []string{"spf=fail"} }, 0},
		{"a form's", func(m *decision.CustomerMail) { m.Gateway = true }, 0},
		{"a machine's", func(m *decision.CustomerMail) { m.Message.Class.Kind = mailin.KindGenerated }, 0},
		{"a list's", func(m *decision.CustomerMail) { m.Message.Class.Kind = mailin.KindList }, 0},
	} {
		m := mailOf(&mailin.Message{To: to, Cc: []mailin.Address{{Address: "boss@gold.example"}}, Class: mailin.Class{Kind: mailin.KindPerson}, Auth: mailin.Auth{Verdict: mailin.VerdictNone}})
		c.m(&m)
		if got := len(broughtAlong(&m)); got != c.want {
			t.Errorf("%s: %d, not %d", c.name, got, c.want)
		}
	}
}
