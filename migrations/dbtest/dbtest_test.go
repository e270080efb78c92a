package dbtest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tierdesk/migrations"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

func TestRunGivesAnEmptyMigratedDatabase(t *testing.T) {
	kinds := map[sqldb.Kind]bool{}
	for range 2 { // the second must not see the first one's rows
		dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
			kinds[db.Kind()] = true
			s, err := migrations.Check(t.Context(), db)
			if err != nil || s.Err() != nil {
				t.Fatalf("status %+v: %v %v", s, err, s.Err())
			}
			err = db.Update(t.Context(), func(tx *sqldb.Tx) error {
				var n int
				if err := tx.Get(&n, "SELECT count(*) FROM meta"); err != nil || n != 0 {
					t.Errorf("%d rows: %v", n, err)
				}
				_, err := tx.Exec("INSERT INTO meta (name, value, changed) VALUES (?, ?, ?)", "a", "b", sqldb.At(tx.Now()))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
	if !kinds[sqldb.SQLite] {
		t.Error("did not run on SQLite")
	}
}

func TestClockAndFaults(t *testing.T) {
	clock, faults := dbtest.NewClock(time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)), &dbtest.Faults{}
	broken := errors.New("broken")
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		clock.Set(time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC))
		clock.Advance(time.Hour)
		if got, want := db.Now(), time.Date(2026, 1, 2, 4, 4, 5, 0, time.UTC); !got.Equal(want) {
			t.Errorf("now is %v, want %v", got, want)
		}
		work := func() error {
			return db.Update(context.Background(), func(tx *sqldb.Tx) error {
				_, err := tx.Exec("DELETE FROM meta")
				return err
			})
		}
		faults.Break(nil)
		if err := work(); err != nil {
			t.Fatal(err)
		}
		if n := faults.Asked(); n != 2 { // the statement and the commit
			t.Fatalf("asked %d times", n)
		}
		for n := 1; n <= 2; n++ {
			faults.BreakNth(n, broken)
			if err := work(); !errors.Is(err, broken) {
				t.Errorf("statement %d: %v", n, err)
			}
		}
	}, sqldb.WithClock(clock.Now), sqldb.WithFault(faults.Ask))
}
