package meta_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/meta"
	"tierdesk/migrations/sqldb"
)

func TestSetAndGet(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		long := time.Date(2020, 2, 3, 4, 5, 6, 0, time.UTC)
		for _, set := range []struct {
			name, value string
			at          time.Time
		}{{"apples", "1", long}, {"pears", "", long}, {"apples", "2", time.Time{}}} {
			var now time.Time
			err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
				now = tx.Now()
				if set.at.IsZero() {
					return meta.Set(tx, set.name, set.value)
				}
				now = set.at
				return meta.SetAt(tx, set.name, set.value, set.at)
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := db.View(t.Context(), func(tx *sqldb.Tx) error {
				if value, changed, err := meta.Get(tx, set.name); value != set.value || !changed.Equal(now) || err != nil {
					t.Errorf("%s is %q, set at %v, error %v", set.name, value, changed, err)
				}
				if value, changed, err := meta.Get(tx, "plums"); value != "" || !changed.IsZero() || err != nil {
					t.Errorf("there are plums: %q, %v, error %v", value, changed, err)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestLockedFromTheFirst counts in a value that several transactions change at once: none of their steps is lost, the first ones either, when there is
// nothing to lock yet.
func TestLockedFromTheFirst(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		const counters, rounds = 8, 5
		for round := range rounds {
			name := "count " + strconv.Itoa(round)
			var wg sync.WaitGroup
			for range counters {
				wg.Go(func() {
					if err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
						value, _, err := meta.Lock(tx, name)
						if err != nil {
							return err
						}
						n, _ := strconv.Atoi(value)
						return meta.Set(tx, name, strconv.Itoa(n+1))
					}); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if err := db.View(t.Context(), func(tx *sqldb.Tx) error {
				if value, _, err := meta.Get(tx, name); value != strconv.Itoa(counters) || err != nil {
					t.Errorf("%s is %s, error %v", name, value, err)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}
