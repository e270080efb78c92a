package desk_test

import (
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/store"
)

// A clock that is a year ahead drops nothing; once mail comes at that time by its server's clock, the year has passed.
func TestTidyOfAClockThatIsAhead(t *testing.T) {
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	clock := dbtest.NewClock(noon)
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		clock.Set(noon)
		d := benchDesk(t, db, false)
		take := func(i int, received time.Time) {
			t.Helper()
			if err := d.Take(t.Context(), []mailin.Raw{{Inbox: "support", Received: received, Bytes: benchMail(i)}}); err != nil {
				t.Fatal(err)
			}
		}
		kept := func() (kept bool) {
			t.Helper()
			if err := d.Tidy(t.Context(), 90*24*time.Hour); err != nil {
				t.Fatal(err)
			}
			if err := db.View(t.Context(), func(tx *sqldb.Tx) (err error) {
				_, kept, err = store.Raw(tx, 1)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return kept
		}
		take(1, noon)
		clock.Set(noon.AddDate(1, 0, 0))
		if !kept() {
			t.Error("the raw mail of today is dropped")
		}
		take(2, noon.AddDate(1, 0, 0))
		if kept() {
			t.Error("the raw mail of a year ago is kept")
		}
	}, sqldb.WithClock(clock.Now))
}
