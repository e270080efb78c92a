package timers_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/timers"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func update(t *testing.T, db *sqldb.DB, f func(tx *sqldb.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// due lists what is set, with how far away from noon it is.
func due(t *testing.T, db *sqldb.DB) (out []string) {
	t.Helper()
	update(t, db, func(tx *sqldb.Tx) error {
		all, err := timers.List(tx, 100)
		for _, x := range all {
			out = append(out, fmt.Sprintf("%d %s %s %s", x.Ticket, x.Kind, x.Name, x.Due.Sub(noon)))
		}
		return err
	})
	return out
}

// TestAClockThatWasAhead sets timers in each way while the clock is a year ahead, and others before and after: when it is back those fall due as far away as they were to.
func TestAClockThatWasAhead(t *testing.T) {
	clock := dbtest.NewClock(noon)
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		at := func(now time.Time) { clock.Set(now) }
		set := func(kind timers.Kind, name string, in time.Duration) func(tx *sqldb.Tx) error {
			return func(tx *sqldb.Tx) error {
				return timers.Set(tx, timers.Timer{Kind: kind, Name: name, Due: sqldb.At(tx.Now().Add(in))})
			}
		}
		at(noon)
		update(t, db, set(timers.Snooze, "long", 400*24*time.Hour)) // somebody wants it so
		update(t, db, set(timers.Canary, "support", time.Hour))     // is set again below
		at(noon.AddDate(1, 0, 0))
		update(t, db, set(timers.Canary, "support", 30*time.Minute))
		update(t, db, func(tx *sqldb.Tx) error {
			if err := timers.SetIfNone(tx, timers.Timer{Kind: timers.Summary, Due: sqldb.At(tx.Now().Add(10 * time.Second))}); err != nil {
				return err
			}
			if err := timers.Set(tx, timers.Timer{Ticket: 0, Kind: timers.Backlog, Name: "jane", Due: sqldb.At(tx.Now())}); err != nil {
				return err
			}
			return tx.Flush()
		})
		update(t, db, func(tx *sqldb.Tx) error { // one that failed while the clock was ahead
			one, found, err := timers.PopDue(tx)
			if err != nil || !found || one.Name != "jane" {
				t.Errorf("%+v %v", one, found)
			}
			return timers.PutBack(tx, one, tx.Now().Add(5*time.Minute), "not yet")
		})
		at(noon.Add(time.Minute / 2)) // back, and a little later
		update(t, db, set(timers.Quarantine, "ageing", 24*time.Hour))
		update(t, db, func(tx *sqldb.Tx) error {
			if ahead, err := timers.Ahead(tx, 10); err != nil || len(ahead) != 3 {
				t.Errorf("%d are known to be ahead: %+v, error %v", len(ahead), ahead, err)
			}
			return nil
		})
		for range 2 { // it does not add up
			update(t, db, func(tx *sqldb.Tx) error { _, err := timers.Correct(tx); return err })
		}
		want := []string{"0 summary  40s", "0 backlog jane 5m30s", "0 canary support 30m30s", "0 quarantine ageing 24h0m30s", "0 snooze long 9600h0m0s"}
		if got := due(t, db); !slices.Equal(got, want) {
			t.Errorf("due %q, want %q", got, want)
		}
	}, sqldb.WithClock(clock.Now))
}

// TestClocksThatDiffer shows that timers of another daemon whose clock is an hour ahead, and of a clock that is corrected by seconds, are left alone.
func TestClocksThatDiffer(t *testing.T) {
	clock := dbtest.NewClock(noon)
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		ahead := 50 * time.Second
		if db.Kind() == sqldb.Postgres {
			ahead = time.Hour
		}
		clock.Set(noon.Add(ahead))
		update(t, db, func(tx *sqldb.Tx) error {
			return timers.Set(tx, timers.Timer{Kind: timers.Summary, Due: sqldb.At(tx.Now())})
		})
		clock.Set(noon)
		update(t, db, func(tx *sqldb.Tx) error {
			if corrected, err := timers.Correct(tx); err != nil || len(corrected) != 0 {
				t.Errorf("%+v, error %v", corrected, err)
			}
			return nil
		})
	}, sqldb.WithClock(clock.Now))
}

// The rest of a kind is taken out past what another daemon has in hand: nobody waits for it.
func TestTheRestOfAKind(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		update(t, db, func(tx *sqldb.Tx) error {
			for _, x := range []timers.Timer{{Ticket: 1, Kind: timers.Like}, {Ticket: 2, Kind: timers.Like}, {Ticket: 3, Kind: timers.Like}, {Ticket: 4, Kind: timers.Snooze}} {
				x.Due = sqldb.At(tx.Now())
				if err := timers.Set(tx, x); err != nil {
					return err
				}
			}
			return nil
		})
		rest := func(tx *sqldb.Tx, limit int, want ...int64) {
			t.Helper()
			all, err := timers.PopRest(tx, timers.Like, limit)
			var got []int64
			for _, x := range all {
				got = append(got, x.Ticket)
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("the rest is %v, wanted %v (%v)", got, want, err)
			}
		}
		update(t, db, func(tx *sqldb.Tx) error {
			first, _, err := timers.PopDue(tx)
			if err != nil || first.Ticket != 1 {
				t.Errorf("the first is %+v (%v)", first, err)
			}
			if tx.Kind() == sqldb.Postgres { // of SQLite there is one writer at a time
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				if err := db.Update(ctx, func(other *sqldb.Tx) error { rest(other, 1, 2); return nil }); err != nil {
					t.Error(err)
				}
				rest(tx, 10, 3)
				return nil
			}
			rest(tx, 1, 2)
			rest(tx, 10, 3)
			return nil
		})
		if left := due(t, db); len(left) != 1 || !strings.HasPrefix(left[0], "4 snooze") {
			t.Errorf("left is %v", left)
		}
	})
}

// Who arranges a timer that another daemon is firing waits for it, and reads what it was set to, not what it was.
func TestHold(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		set := func(tx *sqldb.Tx, data string) error {
			return timers.Set(tx, timers.Timer{Kind: timers.Rota, Due: sqldb.At(tx.Now()), Data: data})
		}
		update(t, db, func(tx *sqldb.Tx) error { return set(tx, "before") })
		type answer struct {
			held []timers.Timer
			err  error
		}
		got := make(chan answer, 1)
		update(t, db, func(tx *sqldb.Tx) error {
			if _, found, err := timers.PopDue(tx); err != nil || !found {
				t.Errorf("nothing is due: %v", err)
			}
			go func() {
				var a answer
				a.err = db.Update(t.Context(), func(other *sqldb.Tx) (err error) { a.held, err = timers.Hold(other, timers.Rota); return err })
				got <- a
			}()
			for waiting := 0; tx.Kind() == sqldb.Postgres && waiting == 0; time.Sleep(time.Millisecond) {
				// A transaction sees the activity of when it first looked, unless it forgets that.
				if _, err := tx.Exec(`SELECT pg_stat_clear_snapshot()`); err != nil {
					return err
				}
				if err := tx.Get(&waiting, `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`); err != nil {
					return err
				}
				if len(got) > 0 {
					t.Error("it did not wait")
					break
				}
			}
			return set(tx, "after")
		})
		if a := <-got; a.err != nil || len(a.held) != 1 || a.held[0].Data != "after" {
			t.Errorf("held is %+v (%v)", a.held, a.err)
		}
	})
}
