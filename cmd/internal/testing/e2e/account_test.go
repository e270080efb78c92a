package e2e

import (
	"strings"
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
)

// The provider's daily limit is reached: everything is kept, the admin hears of it the other way,
// no agent is told that a customer got nothing; and when the limit ends, the agent's answer goes
// before all notices.
func TestTheDailyLimit(t *testing.T) {
	t.Parallel()
	r := &relay{}
	edit, said := withAlarm(t, "1s")
	w := newWorld(t, dbtest.SQLite(t), nil, throughRelay(t, r), edit)
	w.send(letter{from: max, to: support, subject: "Heating", text: "It is cold in here."})
	notice := w.next(ann)
	w.next(ben)
	w.next(max)
	w.settle()
	r.set(func(step, _ string) string {
		if step == "DATA" {
			return "550 5.4.5 Daily user sending limit exceeded"
		}
		return ""
	})
	before := len(r.taken(0))
	w.send(letter{from: jane, to: support, subject: "Door", text: "The door is locked."})
	heard(t, said, "outgoing mail", "Daily user sending limit exceeded")
	w.answer(ann, notice, "Please open the valve.")
	w.until("the answer waits too", func() bool { n, err := w.app.Sender.Status(t.Context()); return err == nil && n.Waiting >= 4 })
	w.doctor("is paused", "Daily user sending limit exceeded")
	tried := r.count("DATA", "")
	time.Sleep(3 * time.Second)
	if n := r.count("DATA", "") - tried; n > 2 {
		t.Errorf("tried %d times in three seconds", n)
	}
	if got := r.taken(before); len(got) != 0 {
		t.Errorf("taken meanwhile: %v", got)
	}
	r.set(nil)
	w.next(max).has("Please open the valve.")
	w.next(jane)
	w.settle()
	w.nothing(admin)
	for _, user := range []string{ann, ben} {
		for _, m := range w.rest(user) {
			if m.event() == "bounced" || strings.Contains(m.text(), "limit exceeded") {
				t.Errorf("%s is told of a failure:\n%s", user, m.text())
			}
		}
	}
	heard(t, said, "works again")
	w.invariants()
}

// Nobody knows these words, and everybody is refused: it is us. Nothing fails, and all arrives once
// the server is well again.
func TestNobodyIsTaken(t *testing.T) {
	t.Parallel()
	r := &relay{refuse: func(step, to string) string {
		if step == "RCPT" && !strings.HasPrefix(to, "support") {
			return "550 this service is closed to " + to
		}
		return ""
	}}
	edit, said := withAlarm(t, "1s")
	w := newWorld(t, dbtest.SQLite(t), nil, throughRelay(t, r), edit)
	w.send(letter{from: max, to: support, subject: "Heating", text: "It is cold in here."})
	heard(t, said, "outgoing mail", "recipients in a row", "this service is closed")
	r.set(nil)
	w.next(max).has("Heating")
	w.next(ann).has("It is cold in here.")
	w.next(ben).has("It is cold in here.")
	w.nothing(admin, ann, ben, max)
	w.invariants()
}
