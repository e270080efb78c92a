package store

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// Of tickets that two daemons give to two hundred agents by turns each agent gets as many as the
// others, but for one; and what is undone is nobody's.
func TestTurnsAreFair(t *testing.T) {
	const agents = 200
	tickets := 1000
	if os.Getenv("TIERDESK_TEST_FULL") != "" {
		tickets = 5000
	}
	next := func(last int64) (int64, error) { return last%agents + 1, nil }
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		var mu sync.Mutex
		shares := map[int64]int{}
		undone := errors.New("undone")
		var work sync.WaitGroup
		for daemon := range 2 {
			work.Go(func() {
				for i := range tickets / 2 {
					var turn int64
					err := db.Update(context.Background(), func(tx *sqldb.Tx) error {
						return NextTurn(tx, "front", func(last int64) (_ int64, err error) {
							turn, err = next(last)
							return turn, err
						})
					})
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					shares[turn]++
					mu.Unlock()
					if i%7 != daemon {
						continue
					}
					// One that dies before its commit.
					if err := db.Update(context.Background(), func(tx *sqldb.Tx) error {
						return errors.Join(undone, NextTurn(tx, "front", next))
					}); err == nil || err.Error() != undone.Error() {
						t.Errorf("what was to be undone ended with %v", err)
						return
					}
				}
			})
		}
		work.Wait()
		least, most := tickets, 0
		for agent := range int64(agents) {
			least, most = min(least, shares[agent+1]), max(most, shares[agent+1])
		}
		if most-least > 1 || len(shares) != agents {
			t.Errorf("shares from %d to %d of %d agents", least, most, len(shares))
		}
	})
}
