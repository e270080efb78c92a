package problem

import (
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/store"
)

// Words are kept for the time in question and for as many tickets before it as say which are common; and not at all once nobody looks for like tickets.
func TestWordsAreForgotten(t *testing.T) {
	clock := dbtest.NewClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		const within, more = 10, 25
		kept := func() (n int) {
			if err := db.Update(t.Context(), func(tx *sqldb.Tx) error { return tx.Get(&n, `SELECT COUNT(*) FROM likenesses`) }); err != nil {
				t.Fatal(err)
			}
			return n
		}
		for range maxBefore + within + more {
			if err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
				id, err := store.InsertTicket(tx, tickets.Ticket{Inbox: "support", Status: tickets.New, Priority: "normal", Opened: tx.Now(), Updated: tx.Now(), Version: 1})
				if err != nil {
					return err
				}
				if err := note(tx, opening{Ticket: id, Words: likeness("VPN", "The tunnel is down.")}, sqldb.At(tx.Now())); err != nil {
					return err
				}
				return forget(tx, tx.Now().Add(-within*time.Minute))
			}); err != nil {
				t.Fatal(err)
			}
			clock.Advance(time.Minute)
		}
		if n := kept(); n != maxBefore+within {
			t.Errorf("the words of %d tickets are kept", n)
		}
		for _, c := range []struct{ tickets, want int }{{5, maxBefore + within}, {0, 0}} {
			policy := &tickets.Policy{Service: &tickets.Service{Spike: tickets.Spike{Tickets: c.tickets, Within: within * time.Minute}}}
			if err := db.Update(t.Context(), func(tx *sqldb.Tx) error { return Forget(decision.Context{Tx: tx, Policy: policy}) }); err != nil {
				t.Fatal(err)
			}
			if n := kept(); n != c.want {
				t.Errorf("where %d like tickets are a problem the words of %d are kept", c.tickets, n)
			}
		}
	}, sqldb.WithClock(clock.Now))
}
