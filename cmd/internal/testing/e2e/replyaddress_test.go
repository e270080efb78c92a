package e2e

import (
	"strings"
	"testing"

	"tierdesk/migrations/dbtest"
)

// Logging in works, mail goes out and comes in, and yet no reply would ever arrive: the server
// refuses the addresses that replies go to. The desk finds out by itself, raises the alarm and is
// not ready; it tries without giving the server a mail.
func TestRepliesWouldBounce(t *testing.T) {
	t.Parallel()
	r := &relay{refuse: func(step, to string) string {
		if step == "RCPT" && strings.HasPrefix(to, "support+") {
			return "550 5.1.1 no mailbox of that name"
		}
		return ""
	}}
	edit, said := withAlarm(t, "1s")
	w := newWorld(t, dbtest.SQLite(t), nil, throughRelay(t, r), edit)
	heard(t, said, "replies to inbox support", "550 5.1.1 no mailbox of that name", "reply_address:")
	found := false
	for _, p := range w.app.Watch.Problems(t.Context()) {
		found = found || p.Key == "replies to inbox support" && p.Grave && !p.Minor
	}
	if !found {
		t.Error("the desk calls itself ready")
	}
	if n := r.count("DATA", "support+"); n != 0 {
		t.Errorf("%d mails were sent to a reply address", n)
	}
}

// Where the server takes them, nobody hears of it.
func TestRepliesWouldArrive(t *testing.T) {
	t.Parallel()
	r := &relay{}
	w := newWorld(t, dbtest.SQLite(t), nil, throughRelay(t, r))
	w.until("the reply address was tried", func() bool { return r.count("RCPT", "support+") == 1 })
	w.settle()
	if p := w.app.Watch.Problems(t.Context()); len(p) != 0 {
		t.Errorf("problems: %+v", p)
	}
}
