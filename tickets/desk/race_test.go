package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/store"
)

// TestSomebodyWritesToTwoInboxes has another daemon take in a mail of the same new customer at the worst instant, in a batch of which one mail cannot be decided. His mail is nobody's fault.
func TestSomebodyWritesToTwoInboxes(t *testing.T) {
	g := dbtest.Postgres(t) // on SQLite one transaction writes at a time
	other := g.Open(t)
	broken, raced := false, 0
	db := g.Open(t, sqldb.WithFault(func(query string) error {
		switch {
		case strings.HasPrefix(query, "INSERT INTO raws") && !broken:
			broken = true
			return errors.New("something is wrong with a mail")
		case strings.HasPrefix(query, "INSERT INTO addresses") && broken && raced == 0:
			raced++
			return other.Update(t.Context(), func(tx *sqldb.Tx) error {
				_, err := store.AddPerson(tx, "Max", "person1@customer.example", "person1@customer.example", "")
				return err
			})
		}
		return nil
	}))
	d := benchDesk(t, db, false)
	if err := d.Take(t.Context(), []mailin.Raw{{Inbox: "support", Received: time.Now(), Bytes: benchMail(1)}, {Inbox: "support", Received: time.Now(), Bytes: benchMail(2)}}); err != nil {
		t.Fatal(err)
	}
	var became []string
	err := db.View(t.Context(), func(tx *sqldb.Tx) error { return tx.Select(&became, `SELECT outcome FROM inbound ORDER BY id`) })
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(became, " ") != "message message" || raced != 1 {
		t.Errorf("after %d races the mails became %q", raced, became)
	}
}
