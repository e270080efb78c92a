package monitoring

import (
	"slices"
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// A key is forgotten when its ticket cannot be opened again, and no sooner.
func TestKeysAreForgotten(t *testing.T) {
	now := time.Date(2026, 1, 20, 3, 4, 5, 0, time.UTC)
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			for name, ticket := range map[string]tickets.Ticket{
				"open":   {Status: tickets.Open},
				"lately": {Status: tickets.Solved, Solved: now.Add(-time.Hour)},
				"closed": {Status: tickets.Closed, Solved: now.Add(-15 * 24 * time.Hour)},
				"solved": {Status: tickets.Solved, Solved: now.Add(-15 * 24 * time.Hour)},
				"again":  {Status: tickets.Open, Solved: now.Add(-15 * 24 * time.Hour)},
				"merged": {Status: tickets.Closed, Solved: now.Add(-15 * 24 * time.Hour), MergedInto: 1},
			} {
				ticket.Inbox, ticket.Priority, ticket.Opened, ticket.Updated, ticket.Version = "support", "normal", now, now, 1
				id, err := store.InsertTicket(tx, ticket)
				if err != nil {
					return err
				}
				if _, err := tx.Exec(`INSERT INTO merge_keys (name, ticket) VALUES (?, ?)`, name, id); err != nil {
					return err
				}
			}
			for _, want := range []int64{1, 1, 0} {
				if n, err := Forget(tx, now.Add(-14*24*time.Hour), 1); err != nil || n != want {
					t.Errorf("%d keys were forgotten (%v), want %d", n, err, want)
				}
			}
			var left []string
			if err := tx.Select(&left, `SELECT name FROM merge_keys ORDER BY name`); err != nil {
				return err
			}
			if want := []string{"again", "lately", "merged", "open"}; !slices.Equal(left, want) {
				t.Errorf("%q are left, want %q", left, want)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
