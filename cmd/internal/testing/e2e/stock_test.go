package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// replies writes stock replies into the desk folder.
func replies(files map[string]string) func(dir string) {
	return func(dir string) {
		if err := os.MkdirAll(filepath.Join(dir, "replies"), 0o755); err != nil {
			panic(err)
		}
		for name, text := range files {
			if err := os.WriteFile(filepath.Join(dir, "replies", name), []byte(text), 0o600); err != nil {
				panic(err)
			}
		}
	}
}

// A stock reply goes out above the agent's own words, in the customer's language and with their name; by itself it is a whole answer. What is
// misspelt, or written for somebody else, sends nothing.
func TestStockReplies(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.open("Max Muster <"+max+">", "VPN", "The VPN is slow, could you please have a look at it?")
		w.answer(ann, notice, "/template retsart\n\nIt takes a minute.")
		held := w.held(ann, "restart")
		w.answer(ann, held, "/send")
		w.next(ann).has("Nothing was sent")
		w.answer(ann, notice, "/note\n/template restart\n\nThis stays inside.")
		w.held(ann, "/template restart")
		w.answer(ann, notice, "/consult "+jane+"\n/template restart\n\nWhat do you think?")
		w.held(ann, "/template restart")
		w.nothing(max, jane)
		w.answer(ann, notice, "/template restart\n\nIt takes a minute.")
		w.next(ann).has("Your text goes to Max Muster.")
		answer := w.next(max).has("Hello Max Muster,", "please restart the client (ticket 1). Yours, Ann Able", "> press and hold", "It takes a minute.")
		answer.lacks("{{", "/template", "retsart", "inside")
		w.rest(ben)
		w.answer("Max Muster <"+max+">", answer, "It works again.")
		w.next(ann).has("It works again.")
		w.rest(ben)

		_, _, notice = w.open("Jane Roe <"+jane+">", "Drucker", "Guten Tag, der Drucker im zweiten Stock druckt leider seit heute Morgen nicht mehr. Können Sie bitte helfen?")
		w.answer(ben, notice, "/template Restart")
		w.next(ben).has("Your text goes to Jane Roe.")
		w.next(jane).has("Hallo Jane Roe,", "bitte neu starten").lacks("restart the client")
	}, replies(map[string]string{
		"restart.md": "Hello{{with .Customer.Name}} {{.}}{{end}},\n\nplease restart the client (ticket {{.Ticket.Number}}). Yours, {{.Agent.Name}}\n\n" +
			"> press and hold\n",
		"restart.de.md": "Hallo {{.Customer.Name}},\n\nbitte neu starten.\n",
	}))
}

// A desk that has none of what a command names says so, as one whose list lacks the name does.
func TestNamesOfADeskThatHasNone(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.open("Max Muster <"+max+">", "VPN", "The VPN is slow, could you please have a look at it?")
		for _, command := range []string{"/template restart", "/article vpn", "/ask device", "/vendor globex"} {
			w.answer(ann, notice, command+"\n\nIt takes a minute.")
			w.held(ann, command, "there is no ")
		}
		w.nothing(max)
	})
}
