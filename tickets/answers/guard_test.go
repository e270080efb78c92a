package answers

import (
	"strings"
	"testing"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/yesno"
)

// What another clause counts is a part of it.
func TestAPartOfWhatIsCounted(t *testing.T) {
	printers := tickets.Question{Kind: tickets.AskNumber, Ask: worded("How many printers are affected?", "Wie viele Drucker sind betroffen?", "Combien d'imprimantes sont touchées ?",
		"¿Cuántas impresoras están afectadas?", "Quante stampanti sono coinvolte?", "Hoeveel printers hebben er last van?")}
	checkSayings(t, &printers, []saying{
		{"en", "We own 9 printers, one is down", ""}, {"en", "9 printers, none of them down", ""}, {"en", "nine printers, half are down", ""}, {"en", "One is down, we own 9", ""}, {"en", "9 printers of which one", ""}, {"en", "9 - some of them", ""},
		{"de", "9 Drucker, einer ist ausgefallen", ""}, {"de", "9 Drucker, davon die Hälfte", ""}, {"de", "neun Drucker, keiner davon", ""}, {"de", "9 Drucker, davon drei", ""}, {"de", "9 Drucker, ein Drucker klemmt", ""},
		{"fr", "9 imprimantes, une seule en panne", ""}, {"fr", "9 imprimantes, dont la moitié", ""}, {"fr", "9, aucune touchée", ""}, {"es", "9 impresoras, una está rota", ""}, {"es", "9 impresoras, la mitad rotas", ""}, {"es", "9, ninguna afectada", ""},
		{"it", "9 stampanti, una è guasta", ""}, {"it", "9 stampanti, di cui la metà", ""}, {"it", "9, nessuna coinvolta", ""}, {"nl", "9 printers, één is stuk", ""}, {"nl", "9 printers, waarvan de helft", ""}, {"nl", "9, geen enkele stuk", ""},
		{"de", "9 Drucker, kein einziger tot", ""}, {"de", "9, aber bloß die im Lager", ""}, {"fr", "9 imprimantes, l'une est tombée", ""}, {"nl", "9, eentje stuk", ""}, {"it", "9, solo alcune", ""}, {"es", "9, algunas rotas", ""}, {"en", "9 - only the first", ""},
		{"en", "9 printers, please hurry", "9"}, {"en", "9, nobody else", "9"}, {"de", "9, sonst niemand", "9"}, {"de", "neun Drucker, also alle", "9"}, {"fr", "9 imprimantes, au deuxième", "9"}, {"de", "12,5", "12.5"}, {"en", "1,250 printers", "1250"},
	})
	form := tickets.Form{Name: "count", Questions: []tickets.Question{printers, device.Questions[2]}}
	form.Questions[0].Name = "printers"
	for _, story := range []string{"We have 9 printers, one is affected.", "Only one is affected, we have 9 printers.", "We have 9 printers; half of them print."} {
		got := Read(&form, []int{0, 1}, mailOf(t, "text/plain", "Hello, since yesterday we have trouble. "+story+" Can you help?\n"), When{Now: tuesday, Language: "en"})
		if v, ok := got.Values["printers"]; ok {
			t.Errorf("%s: %q", story, v)
		}
	}
	got := Read(&form, []int{0, 1}, mailOf(t, "text/plain", "Hello, since yesterday we have trouble. It is 9 printers, all on the second floor. One more thing: thanks!\n"), When{Now: tuesday, Language: "en"})
	if got.Values["printers"] != "9" {
		t.Errorf("a story of all: %q", got.Values)
	}
}

// A yes that waits for something, holds for a part or is only wished for is none.
func TestAYesWithAnEnd(t *testing.T) {
	checkSayings(t, &restarted, []saying{
		{"en", "Yes, as soon as I get to it", ""}, {"en", "Yes, once I'm at my desk", ""}, {"de", "Ja, sobald der Kollege da ist", ""}, {"fr", "Oui, dès que je peux", ""}, {"es", "Sí, en cuanto llegue", ""}, {"it", "Sì, non appena arrivo", ""}, {"nl", "Ja, zodra ik er ben", ""},
		{"en", "Yes, but only the router", ""}, {"en", "Yes, only the router", ""}, {"en", "yes only the router", ""}, {"de", "Ja, aber nur den Rechner", ""}, {"fr", "Oui, mais seulement l'ordinateur", ""}, {"es", "Sí, pero solo el ordenador", ""},
		{"it", "Sì, ma soltanto il computer", ""}, {"nl", "Ja, maar alleen de computer", ""},
		{"en", "Of course I'd love to, but the button does nothing", ""}, {"en", "Sure, I would", ""}, {"de", "Natürlich würde ich das gern", ""}, {"fr", "Oui, je voudrais bien", ""}, {"es", "Sí, me gustaría", ""}, {"it", "Certamente, vorrei", ""}, {"nl", "Natuurlijk zou ik dat willen", ""},
		{"en", "Yes, after the meeting", ""}, {"de", "Ja, nach der Pause", ""}, {"fr", "Oui, ce soir", ""}, {"es", "Sí, después de comer", ""}, {"it", "Sì, stasera", ""}, {"nl", "Ja, na de lunch", ""},
		{"en", "Yes - the router at least", ""}, {"de", "Ja, zumindest den Rechner", ""}, {"en", "Yes, most of them", ""}, {"fr", "Oui, sauf la grande", ""}, {"es", "Sí, excepto una", ""}, {"it", "Sì, tranne quella vecchia", ""}, {"nl", "Ja, behalve de grote", ""},
		{"en", "Yes. I would be glad of a quick answer.", yesno.Yes}, {"en", "Yes, it only helped for an hour", yesno.Yes}, {"de", "Ja, nur geholfen hat es nicht", yesno.Yes}, {"en", "Yes, twice", yesno.Yes}, {"nl", "ja, maar het werkt niet", yesno.Yes},
	})
	wanted := tickets.Question{Kind: tickets.AskYesNo, Ask: worded("Do you need a spare one?", "Brauchen Sie ein Ersatzgerät?", "Avez-vous besoin d'un appareil de rechange ?",
		"¿Necesita uno de repuesto?", "Le serve un ricambio?", "Hebt u een reserve nodig?")}
	checkSayings(t, &wanted, []saying{{"en", "Yes, I'd like one", yesno.Yes}, {"de", "Ja, möchte ich", yesno.Yes}, {"en", "Yes, as soon as possible", yesno.Yes}, {"de", "Ja, sobald wie möglich", yesno.Yes}, {"nl", "Ja, zo snel mogelijk", yesno.Yes}})
	form := tickets.Form{Name: "part", Questions: []tickets.Question{restarted, device.Questions[2]}}
	form.Questions[0].Name = "restarted"
	got := Read(&form, []int{0, 1}, mailOf(t, "text/plain", "Hello, it has been so since yesterday. I have restarted only the printer of a colleague. What next?\n"), When{Now: tuesday, Language: "en"})
	if v, ok := got.Values["restarted"]; ok {
		t.Errorf("a story of a part: %q", v)
	}
}

// A storey behind a colon is no first of several answers.
func TestAStoreyIsNoNumberOfAQuestion(t *testing.T) {
	form := tickets.Form{Name: "where", Questions: []tickets.Question{{Name: "model", Kind: tickets.AskText, Ask: tickets.Worded{"en": "Which model is it?", "de": "Welches Modell ist es?"}},
		{Name: "pages", Kind: tickets.AskNumber, Ask: tickets.Worded{"en": "How many pages?", "de": "Wie viele Seiten?"}}}}
	for _, body := range []string{"Bitte liefern Sie an: 1. Stock, Raum 5\n", "Bitte an: 1. Stock, Raum 2.\n", "Bitte liefern Sie an: 1. Stock\n\nDanke\n"} {
		got := Read(&form, []int{0, 1}, mailOf(t, "text/plain", body), When{Now: tuesday, Language: "de"})
		if v, ok := got.Values["model"]; ok {
			t.Errorf("%q: %q", body, v)
		}
	}
	for _, body := range []string{"Hallo, 1. HP 400 2. 700\n", "Hallo, 1. HP 400\n2. 700\n", "Hallo, 1. HP 400\n\n2. 700\n", "Hallo: 1) HP 400, 2) 700\n"} {
		got := Read(&form, []int{0, 1}, mailOf(t, "text/plain", body), When{Now: tuesday, Language: "de"})
		if got.Values["model"] != "HP 400" || got.Values["pages"] != "700" {
			t.Errorf("%q: %q", body, got.Values)
		}
	}
}

// Nothing in a mail breaks the reading of it: an empty sentence, or letters that grow or shrink as they become small.
func TestOddTexts(t *testing.T) {
	for _, body := range []string{"Since yesterday.  . 3 of us. Yes I have. A laptop.", "i. ȺȺȺȺ\nii. ȺȺ\niii. Ⱥ", "ȺȺ) İ\nb) yes", "A) ȺȺ\nB) İstanbul"} {
		Read(&device, []int{0, 1, 2, 3, 4}, mailOf(t, "text/plain", body), When{Now: sunday, Language: "en"})
	}
	for _, part := range clause.Pieces("We have one.  . It is new. , ok") {
		if strings.TrimSpace(part) == "" {
			t.Errorf("an empty sentence: %q", part)
		}
	}
	got := Read(&device, []int{0, 1, 2, 3, 4}, mailOf(t, "text/plain", "I. İstanbul\nII. yes\nIII. yesterday\nIV. 3\nV. laptop\n"), When{Now: sunday, Language: "en"})
	if got.Values["serial"] != "İstanbul" || got.Values["model"] != "laptop" {
		t.Errorf("Roman numerals: %q", got.Values)
	}
}
