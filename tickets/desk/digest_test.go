package desk_test

import (
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/desk"
	"tierdesk/tickets/timers"
)

// takeOld has the desk take a mail that came two days ago.
func takeOld(t *testing.T, d *desk.Desk, db *sqldb.DB, i int) {
	t.Helper()
	if err := d.Take(t.Context(), []mailin.Raw{{Inbox: "support", Received: db.Now().Add(-48 * time.Hour), Bytes: benchMail(i)}}); err != nil {
		t.Fatal(err)
	}
}

// told fires what is due and gives how many summaries the admin has got, and of how many mails he was told.
func told(t *testing.T, d *desk.Desk, db *sqldb.DB) (summaries, mails int) {
	t.Helper()
	if _, err := d.Fire(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := db.View(t.Context(), func(tx *sqldb.Tx) error {
		if err := tx.Get(&summaries, `SELECT COUNT(*) FROM outbox WHERE kind = 'admin-summary'`); err != nil {
			return err
		}
		return tx.Get(&mails, `SELECT COUNT(*) FROM inbound WHERE told IS NOT NULL`)
	})
	if err != nil {
		t.Fatal(err)
	}
	return summaries, mails
}

// TestOldMailIsToldOnceAnHour has the timer of a second summary set by somebody who could not see that the first has just been sent.
func TestOldMailIsToldOnceAnHour(t *testing.T) {
	clock := dbtest.NewClock(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		clock.Set(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
		d := benchDesk(t, db, false)
		look := func(when string, wait time.Duration, summaries, mails int) {
			t.Helper()
			clock.Advance(wait)
			if s, m := told(t, d, db); s != summaries || m != mails {
				t.Errorf("%s there are %d summaries of %d mails, wanted %d of %d", when, s, m, summaries, mails)
			}
		}
		takeOld(t, d, db, 1)
		look("soon", 11*time.Second, 1, 1)
		takeOld(t, d, db, 2)
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			return timers.Set(tx, timers.Timer{Kind: timers.Summary, Due: sqldb.At(tx.Now().Add(10 * time.Second))})
		})
		if err != nil {
			t.Fatal(err)
		}
		look("soon after", 11*time.Second, 1, 1)
		look("after an hour", time.Hour, 2, 2)
		clock.Set(clock.Now().Add(-400 * 24 * time.Hour))
		takeOld(t, d, db, 3)
		look("with a clock that was set back", 11*time.Second, 3, 3)
	}, sqldb.WithClock(clock.Now))
}

// TestOldMailTakenWhileASummaryIsDue has the summary fall due before the transaction that takes another old mail commits: whoever fires it does not see that mail.
func TestOldMailTakenWhileASummaryIsDue(t *testing.T) {
	clock := dbtest.NewClock(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	g := dbtest.Postgres(t) // on SQLite one transaction writes at a time
	elsewhere := g.Open(t, sqldb.WithClock(clock.Now))
	other := benchDesk(t, elsewhere, false)
	late := false
	db := g.Open(t, sqldb.WithClock(clock.Now), sqldb.WithFault(func(query string) error {
		if query != "COMMIT" || !late {
			return nil
		}
		late = false
		_, err := other.Fire(t.Context())
		return err
	}))
	d := benchDesk(t, db, false)
	takeOld(t, d, db, 1)
	clock.Advance(11 * time.Second)
	late = true
	takeOld(t, d, db, 2)
	if late {
		t.Fatal("nobody fired in between")
	}
	if s, m := told(t, d, db); s != 1 || m != 2 {
		t.Errorf("there are %d summaries of %d mails, wanted one of two", s, m)
	}
}
