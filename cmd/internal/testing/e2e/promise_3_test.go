package e2e

import (
	"fmt"
	"testing"
	"time"
)

// A machine that watches something opens a ticket; it is not answered.
func TestAMachineThatAsks(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: mallory, to: support, subject: "Disk full", text: "/var is at 97 %.", header: []string{"Auto-Submitted: auto-generated"}})
		notice := w.next(ann).has("/var is at 97 %.")
		w.next(ben)
		w.nothing(mallory, admin)
		w.answer(ann, notice, "/solve")
		w.next(ann).has("/solve")
		w.nothing(mallory) // that it is solved is no news to a machine either
	})
}

// Our own mail that comes back is no mail to us.
func TestOurOwnMailComesBack(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, notice, _ := w.ask()
		for _, m := range []got{ack, notice} {
			w.send(letter{from: mallory, to: support, raw: "Received: from mx.evil.example by mx.acme.example; Mon, 2 Nov 2026 09:00:00 +0000\r\n" + string(m.Raw)})
		}
		w.send(letter{from: support, to: support, subject: "Hello", text: "I write to myself."})
		w.nothing(max, mallory, ann, ben, lead, support)
	})
}

// Somebody writes in an agent's name again and again: she is not asked for ever.
func TestConfirmationsAreFew(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, _, _ := w.ask()
		for i := range 8 {
			w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "Re: " + ack.subject(), text: fmt.Sprintf("Number %d.", i)})
			w.settle()
		}
		if n := len(w.rest(ann)); n < 1 || n > 5 {
			t.Errorf("Ann was asked %d times", n)
		}
		w.nothing(max, ben)
		w.pass(time.Minute)
		w.next(admin).has(ann)
	})
}
