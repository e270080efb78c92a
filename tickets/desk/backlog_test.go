package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/desk"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
)

// What was put off after an outage is summed up as things stand when the mail is made: without tickets that somebody has seen to since, or that the reader may see no longer; for
// nobody who has left; fifty by name, the rest by number; and once an hour.
func TestABacklogIsSummedUpAsThingsStand(t *testing.T) {
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	clock := dbtest.NewClock(start)
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		clock.Set(start)
		policy := benchPolicy(t)
		all := *policy.People
		d := deskWith(t, db, policy)
		const open = 54
		var batch []mailin.Raw
		for i := range open {
			batch = append(batch, mailin.Raw{Inbox: "support", Received: clock.Now(), Bytes: benchMail(i)})
		}
		if err := d.Take(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		fire(t, d)
		clock.Advance(72 * time.Hour)
		fire(t, d)
		if got := summaries(t, db); len(got) != 0 {
			t.Errorf("before they are gathered there are %q", got)
		}
		change(t, db, 3, func(x *tickets.Ticket) { x.Status = tickets.Solved })
		change(t, db, 4, func(x *tickets.Ticket) { x.Restricted = []string{"ben"} })
		left := all
		left.Agents = all.Agents[:1] // Ben has gone
		policy.People = &left
		clock.Advance(21 * time.Second)
		fire(t, d)
		got := summaries(t, db)
		if len(got) != 1 || !strings.HasPrefix(got[0], "ann@staff.example ") {
			t.Fatalf("there are %d summaries: %q", len(got), got)
		}
		for _, words := range []string{fmt.Sprintf("%d tickets", open-2), "Printer 0", "Printer 1", "Printer 4", "Printer 51"} {
			if !strings.Contains(got[0], words) {
				t.Errorf("%q is not in the summary:\n%s", words, got[0])
			}
		}
		for _, words := range []string{"Printer 2 ", "Printer 3 ", "Printer 52", "Printer 53"} {
			if strings.Contains(got[0], words) {
				t.Errorf("%q is in the summary:\n%s", words, got[0])
			}
		}
		again := func(number int64) {
			t.Helper()
			if err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
				return timers.Set(tx, timers.Timer{Ticket: number, Kind: timers.Backlog, Name: "ann", Due: sqldb.At(tx.Now().Add(10 * time.Second)), Data: "late"})
			}); err != nil {
				t.Fatal(err)
			}
			clock.Advance(11 * time.Second)
			fire(t, d)
		}
		again(5) // by a daemon that has not seen the mail
		if got := summaries(t, db); len(got) != 1 {
			t.Errorf("soon after there are %d summaries", len(got))
		}
		clock.Advance(time.Hour)
		fire(t, d)
		if got := summaries(t, db); len(got) != 2 || !strings.Contains(got[1], "#5") {
			t.Errorf("after an hour there are %d summaries", len(got))
		}
		clock.Advance(2 * time.Hour)
		again(3)
		if got := summaries(t, db); len(got) != 2 {
			t.Errorf("of a ticket that is solved there are %d summaries", len(got))
		}
	}, sqldb.WithClock(clock.Now))
}

func fire(t *testing.T, d *desk.Desk) {
	t.Helper()
	if _, err := d.Fire(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// change writes a ticket as it is to be.
func change(t *testing.T, db *sqldb.DB, id int64, f func(*tickets.Ticket)) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
		x, _, err := store.LockTicket(tx, id)
		if err != nil {
			return err
		}
		f(&x)
		return store.SaveTicket(tx, x)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// summaries returns the recipient and the text of each summary, the oldest first.
func summaries(t *testing.T, db *sqldb.DB) (out []string) {
	t.Helper()
	if err := db.View(t.Context(), func(tx *sqldb.Tx) error {
		var ids []int64
		if err := tx.Select(&ids, `SELECT id FROM outbox WHERE kind = 'agent-backlog' ORDER BY id`); err != nil {
			return err
		}
		for _, id := range ids {
			row, err := mailout.Get(tx, id)
			if err != nil {
				return err
			}
			out = append(out, row.Mail.Recipient+" "+row.Mail.Text)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}
