package e2e

import (
	"testing"
	"time"
)

const remindThenSolve = `rules:
  - {name: remind, on: [elapsed], after: no customer reply for 5d, do: [{reply: reminder}]}
  - {name: solve, on: [elapsed], after: no customer reply for 10d, do: [{set: {status: solved}}]}
`

// A customer who does not answer is reminded kindly, by day, then the ticket is solved; whoever answers in between is left alone, and an
// answer after it opens the ticket again.
func TestACustomerWhoDoesNotAnswer(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.pass(12 * time.Hour) // 21:00
		_, notice, _ := w.ask()
		w.answer(ann, notice, "Which VPN is it?")
		question := w.next(max)
		w.endsFor(ben)
		w.pass(5*24*time.Hour + time.Minute)
		w.nothing(max) // it is night
		w.pass(11 * time.Hour)
		reminder := w.next(max).has("If the matter has been settled", "A reply to this email is enough.").lacks("Ann")
		if reminder.Header.Get("Auto-Submitted") == "" {
			t.Error("the reminder is not marked as automatic")
		}
		w.pass(4 * 24 * time.Hour)
		w.answer("Max Muster <"+max+">", reminder, "Sorry, it is the one in Berlin.")
		answered := w.next(ann).has("Sorry, it is the one in Berlin.")
		w.pass(20 * 24 * time.Hour)
		w.nothing(max) // it is our turn: nobody is reminded
		w.answer(ann, answered, "Does it work now?")
		w.next(max)
		w.pass(5*24*time.Hour + 12*time.Hour)
		w.next(max).has("If the matter has been settled")
		w.pass(4*24*time.Hour + 23*time.Hour)
		w.nothing(max)
		w.pass(24 * time.Hour)
		solved := w.next(max).has("should be solved now")
		w.nothing(max)
		w.answer("Max Muster <"+max+">", solved, "No, it is still slow!")
		if m := w.next(ann).has("No, it is still slow!"); m.event() != "reopened" {
			t.Errorf("Ann got %q", m.event())
		}
		_ = question
	}, quietly, rule(remindThenSolve))
}

// The desk was away when both were due: the customer is reminded first, and has the time to answer that the rules give them.
func TestAReminderThatIsLateLeavesTime(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		_, notice, _ := w.ask()
		w.answer(ann, notice, "Which VPN is it?")
		w.next(max)
		w.endsFor(ben)
		w.stop()
		w.mu.Lock()
		w.offset += 20 * 24 * time.Hour
		w.mu.Unlock()
		w.start()
		w.next(max).has("If the matter has been settled")
		w.pass(4*24*time.Hour + 23*time.Hour)
		w.nothing(max)
		w.pass(2 * time.Hour)
		w.next(max).has("should be solved now")
		w.nothing(max, ann)
	}, quietly, rule(remindThenSolve))
}
