package e2e

import (
	"strings"
	"testing"
	"time"

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

// The server takes RCPT for the addresses that replies go to, and refuses or swallows the mail
// later: only a mail that goes there finds out.
func TestACanaryGoesWhereRepliesGo(t *testing.T) {
	t.Parallel()
	r := &relay{refuse: func(step, to string) string {
		if step == "DATA" && strings.HasPrefix(to, "support+") {
			return "550 5.1.1 no mailbox of that name"
		}
		return ""
	}}
	edit, said := withAlarm(t, "1s")
	w := newWorld(t, dbtest.SQLite(t), nil, throughRelay(t, r), edit, lines(t, "tierdesk.yaml", "canary: {every: 5m, within: 10m}\n"))
	w.until("a canary is sent", func() bool { return r.count("DATA", "support+") > 0 })
	w.skip(11 * time.Minute)
	heard(t, said, "mail through inbox support", "has not come back")
	if text := said(); strings.Contains(text, "mail to support+") {
		t.Errorf("the desk counts itself among its staff:\n%s", text)
	}
	// The refusal may be heard of after the alarm; an hour passes from there on.
	w.until("the refusal is recorded", func() bool { return strings.Contains(w.log.String(), "a mail without a ticket did not leave") })
	r.set(nil)
	w.skip(61 * time.Minute)
	heard(t, said, "mail through inbox support works again")
}
