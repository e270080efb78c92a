package mailout_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	. "tierdesk/mailout"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// made puts a mail into the outbox as it is after a while.
func made(t *testing.T, tx *sqldb.Tx, m Mail, state State) {
	t.Helper()
	m.Inbox, m.Urgency, m.MessageID = "support", Notices, fmt.Sprintf("1.%d.x@acme.example", m.ID)
	if err := Enqueue(tx, m); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(`UPDATE outbox SET state = ? WHERE id = ?`, string(state), m.ID); err != nil {
		t.Fatal(err)
	}
}

// TestCountsOfAClockThatWasAhead has the clock a year ahead while mails are made: when it is back
// they count for nothing that is measured from now on.
func TestCountsOfAClockThatWasAhead(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		clock.Set(noon.AddDate(1, 0, 0))
		update(t, db, func(tx *sqldb.Tx) error {
			ahead := tx.Now()
			for i := range 12 {
				made(t, tx, Mail{ID: int64(i + 1), Ticket: 7, Kind: "ack", Party: Customer, Recipient: "max@customer.example",
					Automatic: AutoReplied, Created: ahead}, Sent)
			}
			made(t, tx, Mail{ID: 20, Ticket: 7, Kind: "agent-new", Party: Agent, Recipient: "ann@staff.example", Created: ahead}, Sent)
			made(t, tx, Mail{ID: 21, Kind: "agent-new", Party: Agent, Recipient: "ben@staff.example", Created: ahead}, Failed)
			return nil
		})
		clock.Set(noon)
		update(t, db, func(tx *sqldb.Tx) error {
			made(t, tx, Mail{ID: 22, Kind: "agent-new", Party: Agent, Recipient: "ann@staff.example", Created: noon}, Failed)
			return nil
		})
		clock.Set(noon.Add(time.Minute))
		update(t, db, func(tx *sqldb.Tx) error {
			since, zero := noon.Add(-time.Hour), map[string]int{}
			var err error
			count := func(what string, n int, e error) {
				if zero[what] = n; e != nil {
					t.Errorf("%s: %v", what, e)
				}
			}
			n, err := CountTo(tx, "max@customer.example", since, true)
			count("CountTo, automatic", n, err)
			n, err = CountTo(tx, "max@customer.example", since, false)
			count("CountTo", n, err)
			n, err = CountKind(tx, "max@customer.example", "ack", since)
			count("CountKind", n, err)
			n, err = CountOf(tx, 7, since)
			count("CountOf", n, err)
			n, err = AutomaticToDomain(tx, "customer.example", since, 100)
			count("AutomaticToDomain", n, err)
			at, err := AutomaticTo(tx, "max@customer.example", since, 100)
			count("AutomaticTo", len(at), err)
			told, err := LastTold(tx, 7, Agent)
			count("LastTold", len(told), err)
			for what, n := range zero {
				if n != 0 {
					t.Errorf("%s: %d of the future", what, n)
				}
			}
			if may, err := MayReport(tx, "max@customer.example", "ack"); !may || err != nil {
				t.Errorf("nothing may be reported: %v", err)
			}
			// What was sent by the wrong clock does not hide what was refused later.
			all, err := UnreachedStaff(tx, since)
			if len(all) != 1 || all[0].Recipient != "ann@staff.example" || err != nil {
				t.Errorf("unreached: %+v, %v", all, err)
			}
			return nil
		})
	})
}

// TestMailsOfAClockThatWasAhead has mails made, held back, tried and claimed while the clock is a
// year ahead: when it is back none is left for a year.
func TestMailsOfAClockThatWasAhead(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		one := func(id int64, created time.Time, wait time.Duration) Mail {
			m := mail(id, Answers)
			m.Created = created
			if wait > 0 {
				m.NotBefore = created.Add(wait)
			}
			return m
		}
		correct := func() (n int) {
			t.Helper()
			update(t, db, func(tx *sqldb.Tx) (err error) { n, err = Correct(tx); return err })
			return n
		}
		due := func(id int64) time.Duration { t.Helper(); return get(t, db, id).NextAttempt.Sub(noon) }

		enqueue(t, db, one(1, noon, 0), one(2, noon, 0), one(3, noon, 30*time.Second))
		ahead := noon.AddDate(1, 0, 0)
		clock.Set(ahead)
		claim(t, db, "a", 1)
		finish(t, db, "a", Result{Mail: Mail{ID: 1}, State: Waiting, Reason: "451 later"}) // tried then
		claim(t, db, "dead", 1)                                                            // 2 stays in hand
		enqueue(t, db, one(4, ahead, 0), one(5, ahead, 20*time.Second))
		clock.Set(noon)
		if n := correct(); n != 3 {
			t.Errorf("%d mails put right, not 3", n)
		}
		if n := correct(); n != 0 {
			t.Errorf("%d mails put right again", n)
		}
		for id, want := range map[int64]time.Duration{1: 0, 3: 30 * time.Second, 4: 0, 5: 20 * time.Second} {
			if got := due(id); got != want {
				t.Errorf("mail %d is due in %v, not %v", id, got, want)
			}
		}
		var seen []Attempt
		update(t, db, func(tx *sqldb.Tx) (err error) {
			seen, err = Overdue(tx, []string{"support"}, "b", time.Minute)
			return err
		})
		if len(seen) != 1 || seen[0].ID != 2 {
			t.Errorf("claims that end in a year: %+v", seen)
		}

		// They wait for four hours from now on, as any other; of 1 somebody was told already.
		late := func() (ids []int64) {
			t.Helper()
			update(t, db, func(tx *sqldb.Tx) error {
				all, err := Late(tx, []string{"support"}, "it waits", 10)
				for _, r := range all {
					ids = append(ids, r.Mail.ID)
				}
				return err
			})
			return ids
		}
		clock.Set(noon.Add(DelayedAt - time.Minute))
		if ids := late(); len(ids) != 0 {
			t.Errorf("%v are late after less than four hours", ids)
		}
		clock.Set(noon.Add(DelayedAt))
		if ids := fmt.Sprint(late()); ids != "[3 4 5]" {
			t.Errorf("%v are late after four hours", ids)
		}
	})
}

// TestMailsOfAClockALittleAhead shows that mails of another daemon, whose clock is an hour ahead,
// are left alone, and count.
func TestMailsOfAClockALittleAhead(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		ahead := 50 * time.Second
		if db.Kind() == sqldb.Postgres {
			ahead = time.Hour
		}
		clock.Set(noon.Add(ahead))
		m := mail(1, Answers)
		m.Created = noon.Add(ahead)
		enqueue(t, db, m)
		clock.Set(noon)
		err := db.Update(context.Background(), func(tx *sqldb.Tx) error {
			if n, err := Correct(tx); n != 0 || err != nil {
				t.Errorf("%d put right, %v", n, err)
			}
			if n, err := CountTo(tx, m.Recipient, noon.Add(-time.Hour), true); n != 1 || err != nil {
				t.Errorf("%d counted, %v", n, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
