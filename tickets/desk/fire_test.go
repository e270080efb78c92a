package desk_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/timers"
)

// Timers share transactions. One whose work fails is put back with the reason and stops none of the others, and what ends a transaction loses none of them.
func TestATimerThatFailsStopsNoOther(t *testing.T) {
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	clock := dbtest.NewClock(start)
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		clock.Set(start)
		faults := &dbtest.Faults{}
		db := g.Open(t, sqldb.WithClock(clock.Now), sqldb.WithFault(faults.Ask))
		d := benchDesk(t, db, false)
		const tickets = 50
		var batch []mailin.Raw
		for i := range tickets {
			batch = append(batch, mailin.Raw{Inbox: "support", Received: clock.Now(), Bytes: benchMail(i)})
		}
		if err := d.Take(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		if err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			for i := range tickets { // between those of the tickets
				if err := timers.Set(tx, timers.Timer{Kind: "odd", Name: fmt.Sprint(i), Due: sqldb.At(start.Add(192 * time.Minute))}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		clock.Advance(193 * time.Minute)
		broken := errors.New("the disk is full")
		commits := 0
		faults.Break(func(_ int, query string) error {
			if query == "COMMIT" {
				if commits++; commits == 2 {
					return broken
				}
			}
			return nil
		})
		fired, err := d.Fire(t.Context())
		if !errors.Is(err, broken) {
			t.Fatalf("%d fired, %v", fired, err)
		}
		faults.Break(nil)
		more, err := d.Fire(t.Context())
		if err != nil || fired+more != 2*tickets {
			t.Errorf("%d and %d of %d fired, %v", fired, more, 2*tickets, err)
		}
		err = db.View(t.Context(), func(tx *sqldb.Tx) error {
			all, err := timers.List(tx, 1000)
			odd, due := 0, 0
			for _, x := range all {
				if x.Kind == "odd" && x.Attempts == 1 && strings.Contains(x.Error, "odd") && x.Due.After(tx.Now()) {
					odd++
				}
				if !x.Due.After(tx.Now()) {
					due++
				}
			}
			if odd != tickets || due != 0 {
				t.Errorf("%d of %d were put back with the reason; %d are due still", odd, tickets, due)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
