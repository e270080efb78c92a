package e2e

import (
	"path/filepath"
	"testing"
	"time"
)

// holding makes answers wait before they are sent.
func holding(dir string) {
	replace(filepath.Join(dir, "tierdesk.yaml"), "outgoing:\n", "outgoing:\n  hold: 30s\n")
}

// Ann takes her answer back while it waits: Max never gets it, the ticket waits for an answer again, and her next one goes out after its time. Then it is too late.
func TestAnAnswerIsTakenBack(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		w.reply(ann, notice, "You are an idiot.")
		w.inOutbox(1)
		w.endsFor(ben)
		w.reply(ben, benNotice, "/cancel") // it is not his
		w.next(ben).has("/cancel", "There is no answer of yours to take back.")
		w.reply(ann, notice, "/cancel")
		w.next(ann).has("/cancel", "Your answer was taken back").states("new", "First reply")
		w.reply(ann, notice, "/cancel")
		w.next(ann).has("taken back already")
		w.pass(time.Minute)
		w.nothing(max)
		w.reply(ann, notice, "Please restart the router.")
		w.inOutbox(1)
		w.skip(31 * time.Second)
		w.next(max).has("Please restart the router.").lacks("idiot")
		w.reply(ann, notice, "/cancel")
		w.next(ann).has("Too late: your answer has been sent to "+max).states("pending", "Resolution")
		w.nothing(max, ann, ben)
		w.never(max, "idiot")
	}, holding)
}

// inOutbox waits until so many mails lie in the outbox.
func (w *world) inOutbox(n int) {
	w.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		status, err := w.app.Sender.Status(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		if status.Waiting == n {
			return
		}
		if time.Now().After(end) {
			w.t.Fatalf("%d mails lie in the outbox, not %d", status.Waiting, n)
		}
	}
}

// Where the desk says so, a ticket stays open when it was answered: an agent goes on with it.
func TestATicketStaysOpenAfterAnAnswer(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.reply(ann, notice, "/tag +vpn\nWe look into it.")
		w.next(max).has("We look into it.")
		w.endsFor(ben)
		w.next(ann).states("open", "Resolution")
		w.send(letter{from: max, to: w.latest(max).replyTo(), subject: "Re: VPN", text: "Thanks, and when?"})
		w.reply(ann, w.next(ann).has("and when?"), "/status pending\nTomorrow. Please tell us then.")
		w.next(max).has("Tomorrow.")
		w.next(ann).states("pending", "Resolution")
		w.nothing(max, ann, ben)
	}, func(dir string) {
		replace(filepath.Join(dir, "service.yaml"), "escalation:\n", "after_answer: open\nescalation:\n")
	})
}
