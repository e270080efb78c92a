package desk_test

import (
	"context"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/desk/invariants"
	"tierdesk/tickets/timers"
)

// TestAClockThatJumps has the clock go a year ahead and back under a running desk, and under one
// that is stopped: no timer is left a year away, and those of tickets stand for their promises.
func TestAClockThatJumps(t *testing.T) {
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	clock := dbtest.NewClock(noon)
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		clock.Set(noon)
		d := benchDesk(t, db, false)
		due := func() (first, last time.Time) {
			t.Helper()
			err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
				all, err := timers.List(tx, 1000)
				if len(all) > 0 {
					first, last = all[0].Due.Time, all[len(all)-1].Due.Time
				}
				tx.Wake(timers.Topic)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return first, last
		}
		run := func() (stop func()) {
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- d.RunTimers(ctx) }()
			return func() {
				cancel()
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
		}
		take := func(i int) {
			t.Helper()
			if err := d.Take(t.Context(), []mailin.Raw{{Inbox: "support", Received: db.Now(), Bytes: benchMail(i)}}); err != nil {
				t.Fatal(err)
			}
		}
		put := func() { // while the clock is ahead: all timers are set anew, one is new
			t.Helper()
			err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
				all, err := timers.List(tx, 1000)
				for _, x := range append(all, timers.Timer{Kind: timers.Summary, Name: "unreached", Due: sqldb.At(tx.Now().Add(time.Hour))}) {
					if err := timers.Set(tx, timers.Timer{Ticket: x.Ticket, Kind: x.Kind, Name: x.Name, Due: x.Due, Data: x.Data}); err != nil {
						return err
					}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		soon := func(when string) {
			t.Helper()
			for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
				_, last := due()
				if last.Before(noon.AddDate(0, 1, 0)) {
					return
				}
				if time.Now().After(end) {
					t.Fatalf("%s a timer is due %s", when, last)
				}
			}
		}
		take(1)
		stop := run()
		clock.Set(noon.AddDate(1, 0, 0))
		put()
		for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) { // until it has fired what is late by then
			if first, _ := due(); !first.Before(noon.AddDate(1, 0, 0)) {
				break
			}
			if time.Now().After(end) {
				t.Fatal("the desk does not run")
			}
		}
		clock.Set(noon.Add(time.Minute))
		soon("while it runs")
		stop()
		take(2)
		clock.Set(noon.AddDate(2, 0, 0))
		put()
		clock.Set(noon.Add(2 * time.Minute))
		stop = run()
		soon("after a start")
		stop()
		err := db.View(t.Context(), func(tx *sqldb.Tx) error {
			found, err := invariants.Check(tx, d.NextPromise)
			for _, f := range found {
				t.Errorf("%s: %s", f.Invariant, f.Text)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}, sqldb.WithClock(clock.Now))
}
