package canary

import (
	"log/slog"
	"testing"
	"time"

	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/timers"
)

// TestAnInboxThatIsDeafForDays sends canaries that are lost, more than are remembered: they go on,
// or nobody would hear that the inbox works again.
func TestAnInboxThatIsDeafForDays(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		keys, err := token.New([]byte("0123456789abcdef0123456789abcdef"))
		if err != nil {
			t.Fatal(err)
		}
		desk := &tickets.Identity{Name: "Acme", Domain: "acme.example", Inboxes: []tickets.Inbox{{Name: "support", Address: "support@acme.example"}}}
		fire := func(tx *sqldb.Tx) error {
			ctx := decision.Context{Tx: tx, Policy: &tickets.Policy{}, Keys: keys, Desk: desk, Log: slog.New(slog.DiscardHandler)}
			return Fire(ctx, time.Minute, timers.Timer{Kind: timers.Canary, Name: "support"})
		}
		err = db.Update(t.Context(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`INSERT INTO mailboxes (inbox, folder, uidvalidity, created, old_below, settled_below) VALUES ('support', 'INBOX', 1, ?, 1, 1)`, sqldb.At(tx.Now()))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for range maxOut + 5 {
			err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
				if err := fire(tx); err != nil {
					return err
				}
				_, err := tx.Exec(`UPDATE outbox SET state = ?, sent = ?`, string(mailout.Sent), sqldb.At(tx.Now()))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		var sent []int64
		var c memory
		err = db.Update(t.Context(), func(tx *sqldb.Tx) error {
			if c, err = lock(tx, "support"); err != nil {
				return err
			}
			return tx.Select(&sent, `SELECT id FROM outbox ORDER BY id`)
		})
		if err != nil || len(sent) != maxOut+5 {
			t.Fatalf("%d canaries were sent, %v", len(sent), err)
		}
		if n := len(c.Out); n > maxOut || c.Out[0].Mail != sent[0] || c.Out[n-1].Mail != sent[len(sent)-1] {
			t.Errorf("of %d that were sent these are remembered: %+v", len(sent), c.Out)
		}
		// The desk sleeps for so long that all of them are dropped; then they go on.
		if err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			if n, err := mailout.ForgetCanaries(tx, tx.Now().Add(time.Hour), 1000); err != nil || n != maxOut+5 {
				t.Errorf("%d were dropped, %v", n, err)
			}
			if err := fire(tx); err != nil {
				return err
			}
			return tx.Select(&sent, `SELECT id FROM outbox`)
		}); err != nil || len(sent) != 1 {
			t.Errorf("%d were sent afterwards, %v", len(sent), err)
		}
	})
}

// A canary goes where replies go: to a keyed address if the inbox has such ones.
func TestWhereACanaryGoes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		keys, err := token.New([]byte("0123456789abcdef0123456789abcdef"))
		if err != nil {
			t.Fatal(err)
		}
		inbox := func(name, style string) tickets.Inbox {
			return tickets.Inbox{Name: name, Address: name + "@acme.example", Style: style}
		}
		desk := &tickets.Identity{Name: "Acme", Domain: "acme.example", Inboxes: []tickets.Inbox{inbox("plus", ""), inbox("none", string(token.None)), inbox("own", "{token}@desk.acme.example")}}
		var to []string
		err = db.Update(t.Context(), func(tx *sqldb.Tx) error {
			ctx := decision.Context{Tx: tx, Policy: &tickets.Policy{}, Keys: keys, Desk: desk, Log: slog.New(slog.DiscardHandler)}
			for i, in := range desk.Inboxes {
				if _, err := tx.Exec(`INSERT INTO mailboxes (inbox, folder, uidvalidity, created, old_below, settled_below) VALUES (?, 'INBOX', ?, ?, 1, 1)`, in.Name, i+1, sqldb.At(tx.Now())); err != nil {
					return err
				}
				if err := Fire(ctx, time.Minute, timers.Timer{Kind: timers.Canary, Name: in.Name}); err != nil {
					return err
				}
			}
			if err := tx.Flush(); err != nil {
				return err
			}
			return tx.Select(&to, `SELECT recipient FROM outbox ORDER BY id`)
		})
		if err != nil || len(to) != 3 {
			t.Fatalf("%v, %v", to, err)
		}
		plus, _ := token.Find(to[0])
		own, _ := token.Find(to[2])
		if !keys.Verify(plus, "plus@acme.example") || to[1] != "none@acme.example" || !keys.Verify(own, "own@acme.example") {
			t.Errorf("they go to %v", to)
		}
	})
}

// A canary that was sent by a clock which was ahead is missed from now on, not from then on.
func TestACanaryOfAClockThatWasAhead(t *testing.T) {
	begin := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	clock := dbtest.NewClock(begin)
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		clock.Set(begin)
		desk := &tickets.Identity{Name: "Acme", Domain: "acme.example", Inboxes: []tickets.Inbox{{Name: "support", Address: "support@acme.example"}}}
		ahead := begin.AddDate(1, 0, 0).UnixMilli()
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			if err := (memory{Out: []flying{{Mail: 1, Sent: begin.Add(-time.Hour).UnixMilli()}, {Mail: 2, Sent: ahead}}, Back: ahead}).save(tx, "support"); err != nil {
				return err
			}
			return Correct(decision.Context{Tx: tx, Desk: desk})
		})
		if err != nil {
			t.Fatal(err)
		}
		var c memory
		if err := db.Update(t.Context(), func(tx *sqldb.Tx) error { c, err = lock(tx, "support"); return err }); err != nil {
			t.Fatal(err)
		}
		if now := begin.UnixMilli(); c.Out[0].Sent != begin.Add(-time.Hour).UnixMilli() || c.Out[1].Sent != now || c.Back != now {
			t.Errorf("%+v", c)
		}
	}, sqldb.WithClock(clock.Now))
}
