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
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		var mu sync.Mutex
		shares, given := map[int64]int{}, map[int64]bool{}
		undone := errors.New("undone")
		var work sync.WaitGroup
		for daemon := range 2 {
			work.Go(func() {
				for i := range tickets / 2 {
					var turn int64
					err := db.Update(context.Background(), func(tx *sqldb.Tx) (err error) {
						turn, err = NextTurn(tx, "front")
						return err
					})
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					if given[turn] {
						t.Errorf("turn %d was given twice", turn)
					}
					given[turn], shares[turn%agents] = true, shares[turn%agents]+1
					mu.Unlock()
					if i%7 == daemon { // one that dies before its commit
						_ = db.Update(context.Background(), func(tx *sqldb.Tx) error {
							_, err := NextTurn(tx, "front")
							return errors.Join(undone, err)
						})
					}
				}
			})
		}
		work.Wait()
		least, most := tickets, 0
		for agent := range int64(agents) {
			least, most = min(least, shares[agent]), max(most, shares[agent])
		}
		if most-least > 1 {
			t.Errorf("shares from %d to %d", least, most)
		}
	})
}
