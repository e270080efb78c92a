package e2e

import (
	"strings"
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
)

// The company's own server refuses what the desk sends to agents and admin, while customers'
// servers take it: the alarm says so by the other way.
func TestNoMailReachesTheStaff(t *testing.T) {
	t.Parallel()
	r := &relay{refuse: func(step, to string) string {
		if step == "RCPT" && (strings.HasSuffix(to, "@staff.example") || to == admin) {
			return "550 5.7.26 unauthenticated mail from acme.example is not accepted"
		}
		return ""
	}}
	edit, said := withAlarm(t, "1s")
	w := newWorld(t, dbtest.SQLite(t), nil, throughRelay(t, r), edit)
	w.send(letter{from: max, to: support, subject: "Heating", text: "It is cold in here."})
	w.next(max).has("Heating")
	heard(t, said, "mail", "5.7.26 unauthenticated mail")
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		if strings.Contains(said(), "mail to "+admin) || strings.Contains(said(), "outgoing mail") {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the alarm says %q", said())
		}
	}
	w.doctor("no mail reaches "+admin+" (admin)", "5.7.26 unauthenticated mail")
	// Other customers' mail is not held up for long.
	w.send(letter{from: jane, to: support, subject: "Door", text: "The door is locked."})
	w.next(jane).has("Door")
}
