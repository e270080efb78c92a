package e2e

import (
	"strings"
	"testing"
	"time"
)

// ask opens a ticket and gives the notices that the front desk got.
func (w *world) ask() (ack, annNotice, benNotice got) {
	w.t.Helper()
	w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "VPN", text: "The VPN is slow."})
	ack = w.next(max)
	return ack, w.next(ann), w.next(ben)
}

func TestANoteNeverReachesTheCustomer(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/note\nThis customer never pays; be careful with promises to him today.")
		w.next(ann).has("Your text is a note") // the receipt
		note := w.next(ben).has("This customer never pays")
		w.nothing(max)
		// Ben reads it and answers, with the note quoted below.
		w.answer(ben, note, "Please restart the client.")
		w.next(max).has("Please restart the client.")
		w.never(max, "never pays", "be careful")
	})
}

// A note that stands in an answer is held by the last gate.
func TestAPastedNoteIsHeld(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		w.answer(ann, notice, "/note\nThis person never pays so be careful with promises to him today.")
		w.next(ann)
		w.next(ben)
		w.answer(ben, benNotice, "Hello Max,\nthis person never pays so be careful with promises to him today.\nBen")
		held := w.next(ben).has("internal")
		if held.event() != "held" {
			t.Errorf("Ben got %q", held.event())
		}
		w.nothing(max)
		w.never(max, "never pays")
	})
}

func TestAMisspeltCommandIsHeld(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/noet\nHe never pays.")
		held := w.next(ann).has("/noet", "/note")
		if held.event() != "held" {
			t.Errorf("Ann got %q", held.event())
		}
		w.nothing(max, ben)
		// She mends it by answering.
		w.answer(ann, held, "/note\nHe never pays.")
		w.next(ann).has("Your text is a note")
		w.next(ben).has("He never pays.")
		w.nothing(max)
	})
}

func TestAHeldMailIsSentOnHerWord(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "@bob has mended it.\nPlease try again.")
		held := w.next(ann)
		if held.event() != "held" {
			t.Errorf("Ann got %q", held.event())
		}
		w.nothing(max)
		w.answer(ann, held, "/send")
		w.next(max).has("@bob has mended it.", "Please try again.")
	})
}

// Take, assign, escalate, close: each by the mail that somebody else gets, and what he does next.
func TestCommandsMoveATicket(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		w.answer(ann, notice, "/take")
		w.next(ann).has("/take")
		w.next(ben).has("Ann Able has taken this ticket")
		w.nothing(max)

		w.answer(ann, notice, "/assign ben\n/priority high")
		w.next(ann).has("/assign ben", "/priority high")
		assigned := w.next(ben)
		if assigned.event() != "agent-assigned" {
			t.Errorf("Ben got %q", assigned.event())
		}
		w.nothing(tess, tom, max)

		w.answer(ben, assigned, "/escalate the router has to be looked at")
		w.next(ben).has("/escalate")
		up := w.next(tess).has("the router has to be looked at", "The VPN is slow.", "Technicians")
		if up.event() != "escalation" || up.Header.Get("X-Tierdesk-Tier") != "2" || up.Header.Get("X-Tierdesk-Priority") != "high" {
			t.Errorf("Tess got %v", up.Header)
		}
		w.next(tom)
		w.nothing(max, eve)

		w.answer(tess, up, "/solve\nWe have replaced the router.")
		w.next(tess).has("/solve")
		w.next(max).has("We have replaced the router.")
		w.endsFor(tom)
		w.nothing(ann, ben, tom, eve, max)
		_ = benNotice
	})
}

// Somebody else answered meanwhile: the second answer is held with both texts.
func TestAStaleReplyIsHeld(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, annNotice, benNotice := w.ask()
		w.answer(ann, annNotice, "Please restart the client.")
		w.next(max)
		w.endsFor(ben)
		w.answer(ben, benNotice, "Please reinstall Windows.")
		held := w.next(ben).has("Please restart the client.", "Please reinstall Windows.")
		if held.event() != "held" {
			t.Errorf("Ben got %q", held.event())
		}
		w.nothing(max)
		w.answer(ben, held, "/drop")
		w.next(ben).has("/drop")
		w.nothing(max)
	})
}

func TestHelpIsAnswered(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/help")
		w.next(ann).has("/note", "/escalate", "/assign")
		w.nothing(max, ben)
	})
}

// A button is a mail to an address that says what it does.
func TestButtons(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		w.send(letter{from: ann, to: notice.button("Take"), subject: "Take [#1]", text: "whatever /note is in here"})
		w.next(ann).has("It is yours.")
		w.next(ben).has("Ann Able has taken this ticket")
		w.nothing(max)

		w.send(letter{from: ben, to: benNotice.button("note"), subject: "Note [#1]", text: "He has a new router."})
		w.next(ann).has("He has a new router.")

		w.send(letter{from: ann, to: notice.button("Snooze"), subject: "Snooze [#1]", text: ""})
		w.next(ann).has("You will hear of it again")
		w.rest(ann)
		w.pass(24*time.Hour + time.Minute)
		found := false
		for _, m := range w.rest(ann) {
			found = found || strings.Contains(m.text(), "You asked to be reminded")
		}
		if !found {
			t.Error("Ann was not reminded")
		}

		w.send(letter{from: ann, to: notice.button("Close"), subject: "Close [#1]", text: ""})
		w.next(max).has("closed")
	})
}

// /help needs no ticket: in a new mail of Ann's it brings the list to the address that the desk knows, a few times an hour.
func TestHelpInANewMail(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "How do I", text: "/help"})
		if m := w.next(ann).has("/escalate"); m.event() != "help" {
			t.Errorf("Ann got %q", m.event())
		}
		w.nothing(ben, lead)
		for range 10 {
			w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "How do I", text: "/help"})
		}
		if n := len(w.rest(ann)); n != 4 {
			t.Errorf("Ann got help %d more times", n)
		}
	})
}
