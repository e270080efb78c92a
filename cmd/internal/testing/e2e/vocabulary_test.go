package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// signedBy is the word of the desk's own server that a mail from the staff's domain is what it says.
const signedBy = "Authentication-Results: mx.acme.example; dkim=pass header.d=staff.example; dmarc=pass header.from=staff.example"

// edit changes words in a file of the desk folder.
func edit(name, before, after string) func(dir string) {
	return func(dir string) {
		file := filepath.Join(dir, name)
		b, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(b), before) {
			panic("the desk folder of the story has no " + before)
		}
		if err := os.WriteFile(file, []byte(strings.Replace(string(b), before, after, 1)), 0o600); err != nil {
			panic(err)
		}
	}
}

func TestABeginningStandsForItsCommand(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/re")
		held := w.held(ann, "/re", "/reopen", "/release").lacks("Send it as it is")
		w.answer(ann, held, "/esc somebody has to look at the router")
		w.next(ann).has("/esc")
		up := w.next(tess).has("somebody has to look at the router")
		w.next(tom)
		w.answer(tess, up, "/sol\nThe router is new.")
		w.next(tess).has("/sol")
		w.next(max).has("The router is new.")
		// Not for what sends to many.
		w.answer(tess, up, "/publi\nTo everybody.")
		w.held(tess, "/publi").lacks("Send it as it is")
		w.nothing(max)
	})
}

// One mail, several tickets: each customer hears of theirs, and the agent of all.
func TestSeveralTicketsInOneMail(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "VPN", text: "The VPN is slow."})
		w.next(max)
		w.send(letter{from: "Jane Roe <" + jane + ">", to: support, subject: "Mouse", text: "My mouse is dead."})
		w.next(jane)
		w.rest(ann)
		w.rest(ben)
		w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "tidying up", text: "/assign ben 1 2\n/solve 1 2 99", header: []string{signedBy}})
		receipt := w.next(ann).has("What your mail did", "#1: Ben Brown has it now.", "#2: Ben Brown has it now.", "#1: solved, was new.", "#2: solved, was new.", "There is no ticket #99.").lacks("[#0]")
		if receipt.event() != "receipt" {
			t.Errorf("Ann got %q", receipt.event())
		}
		solved := w.next(max).has("VPN").lacks("Mouse", "#2")
		w.next(jane).has("Mouse").lacks("VPN", "#1")
		w.rest(ben)
		// Max goes on with his, and Ben, who has it now, hears of it.
		w.answer(max, solved, "It is slow again.")
		w.next(ben).has("It is slow again.")
		w.nothing(ann, jane)
	})
}

// A From line gives nobody other tickets, and a reply address gives only its own.
func TestOtherTicketsNeedProof(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		w.send(letter{from: "Jane Roe <" + jane + ">", to: support, subject: "Mouse", text: "My mouse is dead."})
		w.next(jane)
		w.rest(ann)
		w.rest(ben)
		// By a From line alone: nothing is done, and Ann is asked.
		w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "x", text: "/close 1 2"})
		asked := w.next(ann).has("Was this mail from you?")
		w.nothing(max, jane, ben)
		// Somebody who has neither seen the question nor Ann's address cannot answer it.
		w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "Re: Was this mail from you?", text: "/send"})
		w.next(ann).has("Was this mail from you?")
		w.nothing(max, jane, ben)
		w.send(letter{from: ann, to: asked.button("Yes"), subject: "Yes", text: ""})
		w.next(ann).has("#1: closed, was new.", "#2: closed, was new.")
		w.next(max).has("closed")
		w.next(jane).has("closed")
		// By the reply address of one ticket alone: held, until Ben says that he means it.
		w.answer(ben, benNotice, "/reopen 1 2")
		held := w.held(ben, "another one")
		w.nothing(ann, max, jane)
		w.answer(ben, held, "/send")
		w.next(ben).has("#1: open, was closed.", "#2: open, was closed.")
		_ = notice
	})
}

// A right that somebody was given is nobody else's.
func TestRightsAreChecked(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		w.answer(ann, notice, "/block", signedBy)
		held := w.held(ann, "You may not use /block").lacks("Send it as it is")
		w.answer(ann, held, "/send", signedBy)
		w.next(ann).has("not yours to use")
		w.nothing(max, ben)
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Another thing", text: "My mouse is dead."})
		w.next(max)
		w.next(ann).has("My mouse is dead.")
		w.next(ben)
		w.answer(ben, benNotice, "/block", signedBy)
		w.next(ben).has("is blocked")
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "A third thing", text: "My keyboard is dead."})
		w.settle()
		w.nothing(max, ann, ben)
	}, edit("people.yaml", "address: "+ben+", teams: [frontdesk]", "address: "+ben+", teams: [frontdesk], rights: [block]"))
}

// A command that is about a ticket, in a mail that belongs to none.
func TestCommandsWithoutATicket(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "mine", text: "/take", header: []string{signedBy}})
		held := w.held(ann, "Your mail was held back", "/take is about a ticket, and the mail belongs to none").lacks("[#0]", "Send it as it is")
		w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "what", text: "/hlep"})
		w.held(ann, "/hlep", "Did you mean /help?").lacks("[#0]")
		w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "what", text: "/help\nand a text", header: []string{signedBy}})
		w.held(ann, "takes no text")
		// She answers what she was told, by the button and by a command.
		w.send(letter{from: ann, to: held.button("Drop"), subject: "Drop", text: ""})
		w.next(ann).has("The held mail was dropped.").lacks("[#0]")
		w.answer(ann, held, "/help")
		w.next(ann).has("/escalate")
		w.nothing(ben, admin, lead)
	})
}

// What this desk cannot do is refused by name, and its lines are never sent as text.
func TestCommandsThatTheDeskDoesNotHave(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		for _, line := range []string{"/run reset", "/run"} {
			w.answer(ann, notice, line+"\nPlease restart the client.")
			held := w.held(ann, strings.Fields(line)[0], "does not have yet").lacks("Send it as it is")
			w.answer(ann, held, "/send")
			w.next(ann).has("Nothing was sent")
		}
		w.nothing(max, ben)
		w.answer(ann, notice, "Please restart the client.")
		w.next(max).has("Please restart the client.").lacks("/article", "/run")
	})
}

// A button does what its command does, and its receipt says the same.
func TestAButtonIsItsCommand(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, pressed, _ := w.open("Max Muster <"+max+">", "VPN", "The VPN is slow.")
		_, typed, _ := w.open("Jane Roe <"+jane+">", "Mouse", "My mouse is dead.")
		for _, c := range []struct{ button, body, command, says string }{
			{"Take", "whatever", "/take", "/take: It is yours."},
			{"Snooze", "", "/snooze 1d", "You will hear of it again on"},
			{"note", "They called.", "/note\nThey called.", "Your text is a note"},
			{"Close", "/note", "/close", "/close: closed, was new."},
		} {
			w.send(letter{from: ann, to: pressed.button(c.button), subject: c.button, text: c.body})
			one := w.next(ann).has(c.says)
			w.answer(ann, typed, c.command)
			two := w.next(ann).has(c.says)
			if one.event() != "receipt" || two.event() != "receipt" {
				t.Errorf("%s: Ann got %q and %q", c.button, one.event(), two.event())
			}
			// Ben hears of both, in the same words.
			first, second := w.rest(ben), []got(nil)
			if n := len(first); n%2 == 0 {
				first, second = first[:n/2], first[n/2:]
			}
			if len(first) != len(second) || len(first) > 0 && first[0].event() != second[0].event() {
				t.Errorf("%s: Ben got %d mails for the button and %d for the command", c.button, len(first), len(second))
			}
		}
		w.next(max).has("closed")
		w.next(jane).has("closed")
	})
}
