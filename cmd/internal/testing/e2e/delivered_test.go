package e2e

import (
	"fmt"
	"strings"
	"testing"

	"tierdesk/mailout"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// outboxRows returns the rows of a kind to a recipient, oldest first.
func (w *world) outboxRows(tx *sqldb.Tx, kind, to string) (out []mailout.Row) {
	w.t.Helper()
	rows, err := mailout.List(tx, mailout.Filter{Recipient: to, Limit: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	for i := len(rows) - 1; i >= 0; i-- {
		if rows[i].Mail.Kind == kind {
			out = append(out, rows[i])
		}
	}
	return out
}

// setAside does what the sender does with a mail that stops it: the newest of a kind to a
// recipient, which waits.
func (w *world) setAside(kind, to string) {
	w.t.Helper()
	const reason = "it has stopped the sender 3 times: composing it took longer than 1m0s"
	err := w.app.DB.Update(w.t.Context(), func(tx *sqldb.Tx) error {
		rows := w.outboxRows(tx, kind, to)
		if len(rows) == 0 || rows[len(rows)-1].State != mailout.Waiting {
			return fmt.Errorf("no %s to %s waits: %+v", kind, to, rows)
		}
		r := rows[len(rows)-1]
		if _, err := tx.Exec(`UPDATE outbox SET state = 'held', holder = '', error = ?, interrupted = 3 WHERE id = ?`, reason, r.Mail.ID); err != nil {
			return err
		}
		return w.app.Desk.Delivered(tx, mailout.Result{Mail: r.Mail, State: mailout.HeldOut, SetAside: true, Stalled: 3, Reason: reason})
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// triedInVain waits until a mail of a kind to a recipient was tried in vain.
func (w *world) triedInVain(kind, to string) {
	w.t.Helper()
	w.until(kind+" to "+to+" waits", func() bool {
		found := false
		err := w.app.DB.View(w.t.Context(), func(tx *sqldb.Tx) error {
			for _, r := range w.outboxRows(tx, kind, to) {
				found = found || r.State == mailout.Waiting && !r.FirstFailed.IsZero()
			}
			return nil
		})
		if err != nil {
			w.t.Fatal(err)
		}
		return found
	})
}

// later has a relay refuse the mail to some addresses for now.
func later(to ...string) func(step, rcpt string) string {
	return func(step, rcpt string) string {
		for _, one := range to {
			if step == "RCPT" && rcpt == one {
				return "451 4.2.1 later"
			}
		}
		return ""
	}
}

// An answer that stops whoever composes it does not count: its author gets it back with the reason,
// the clock runs on, and /send tries it once more. Of an acknowledgement the agents hear, of a
// notice the admin, of a mail to the admin nobody, by mail.
func TestMailThatCannotBeMade(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		t.Parallel()
		r := &relay{}
		w := newWorld(t, g, nil, throughRelay(t, r))
		_, notice, _ := w.ask()
		r.set(later(max))
		w.answer(ann, notice, "Please restart it.")
		w.triedInVain("answer", max)
		w.endsFor(ben)
		w.setAside("answer", max)
		held := w.held(ann, "The mail could not be made", "stopped the sender", "Your answer was not sent").lacks("something internal").states("new", "First reply")
		w.doctor("is held: it has stopped the sender 3 times")
		r.set(nil)
		w.answer(ann, held, "/send")
		w.next(max).has("Please restart it.")
		w.next(ann).has("Your text goes to")

		r.set(later(jane))
		w.send(letter{from: jane, to: support, subject: "Door", text: "The door is locked."})
		doorAnn := w.next(ann).has("The door is locked.")
		w.next(ben)
		w.triedInVain("ack", jane)
		w.setAside("ack", jane)
		for _, agent := range []string{ann, ben} {
			if m := w.next(agent).has("could not be delivered to "+jane, "The desk holds it", "The mail could not be made").lacks("The mail server"); m.event() != "bounced" {
				t.Errorf("%s got %q", agent, m.event())
			}
		}
		r.set(later(ben, admin))
		w.answer(ann, doorAnn, "/note Is there a key?")
		w.next(ann)
		w.triedInVain("agent-note", ben)
		w.setAside("agent-note", ben)
		w.triedInVain("bounced", admin)
		w.setAside("bounced", admin)
		r.set(nil)
		w.nothing(admin, ann, ben, jane)

		// Without a ticket it is the admin's matter, at most once an hour, and never about what
		// told them so.
		tell := func(kind string) {
			t.Helper()
			err := w.app.DB.Update(t.Context(), func(tx *sqldb.Tx) error {
				return w.app.Desk.Delivered(tx, mailout.Result{Mail: mailout.Mail{ID: 4711, Kind: kind, Party: mailout.Admin, Recipient: admin}, State: mailout.HeldOut, SetAside: true, Reason: "composing it failed"})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		tell("admin-alarm")
		w.nothing(admin)
		tell("admin-quarantine")
		w.next(admin).has("mail 4711 to "+admin+" was not sent", "composing it failed", "outbox show 4711")
		tell("admin-quarantine")
		w.nothing(admin)
		w.invariants()
	})
}

// A customer's server is said to know no such mailbox; the ticket is open again and the agent hears
// of it. Then it shows that our own account was refused: all is as it was, the agent hears that
// once, and the customer gets the answer, and automatic mail as before.
func TestARefusalThatWasAboutUs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		t.Parallel()
		r := &relay{}
		w := newWorld(t, g, nil, throughRelay(t, r))
		_, notice, _ := w.ask()
		r.set(func(step, to string) string {
			if step == "RCPT" && to == max {
				return "550 5.1.1 no such user"
			}
			return ""
		})
		w.answer(ann, notice, "Please restart it.")
		w.endsFor(ben)
		w.next(ann).has("could not be delivered", "no such user").states("open", "")
		r.set(nil)
		recall := func() {
			t.Helper()
			err := w.app.DB.Update(t.Context(), func(tx *sqldb.Tx) error {
				rows := w.outboxRows(tx, "answer", max)
				all, err := mailout.Recall(tx, []int64{rows[len(rows)-1].Mail.ID})
				if err != nil {
					return err
				}
				for _, one := range all {
					if err := w.app.Desk.Delivered(tx, one); err != nil {
						return err
					}
				}
				tx.Wake(mailout.TopicQueued)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		recall()
		w.next(ann).has("sent after all").states("pending", "")
		recall() // it has left, so nothing is recalled
		w.next(max).has("Please restart it.")
		w.nothing(ann, ben)

		// What has not left yet of the news is never told.
		r.set(func(step, to string) string {
			switch {
			case step == "RCPT" && to == max:
				return "550 5.2.1 disabled"
			case step == "RCPT" && to == ann:
				return "451 4.2.1 later"
			}
			return ""
		})
		w.answer(ann, notice, "Does it work now?")
		w.triedInVain("bounced", ann)
		recall()
		r.set(nil)
		w.next(max).has("Does it work now?")
		w.nothing(ann, ben, admin)
		for _, m := range w.box(ann).Mails(t, "INBOX") {
			if strings.Contains(string(m.Raw), "disabled") {
				t.Error("Ann was told of a failure that was none")
			}
		}
		w.answer(ann, notice, "/solve")
		w.next(ann)
		if m := w.next(max).has("VPN"); m.Header.Get("Auto-Submitted") == "" { // they are not muted
			t.Errorf("Max got %q", m.subject())
		}
		w.invariants()
	})
}
