package desk

import (
	"context"
	"fmt"
	"time"

	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/canary"
	"tierdesk/tickets/monitoring"
	"tierdesk/tickets/store"
)

// contentKept is how long it is kept what sent mails said.
const contentKept = 90 * 24 * time.Hour

// Tidy drops raw mails that are older than keep (0: none are), what mails said that were sent long
// ago, old canaries, and the keys of monitoring whose tickets are done for good; a thousand at a
// time.
func (d *Desk) Tidy(ctx context.Context, keep time.Duration) error {
	for _, drop := range []func(tx *sqldb.Tx) (int64, error){
		func(tx *sqldb.Tx) (int64, error) {
			if keep <= 0 {
				return 0, nil
			}
			return store.ForgetRaw(tx, tx.Now().Add(-keep), 1000)
		},
		func(tx *sqldb.Tx) (int64, error) { return mailout.Forget(tx, tx.Now().Add(-contentKept), 1000) },
		func(tx *sqldb.Tx) (int64, error) {
			return mailout.ForgetCanaries(tx, tx.Now().Add(-canary.Kept), 1000)
		},
		func(tx *sqldb.Tx) (int64, error) { return store.ForgetCanaries(tx, tx.Now().Add(-canary.Kept), 1000) },
		func(tx *sqldb.Tx) (int64, error) {
			return monitoring.Forget(tx, tx.Now().Add(-d.policy().Service.ReopenWithin), 1000)
		},
	} {
		for more := int64(1); more > 0 && ctx.Err() == nil; {
			err := d.db.Update(ctx, func(tx *sqldb.Tx) (err error) {
				more, err = drop(tx)
				return err
			})
			if err != nil {
				return fmt.Errorf("dropping what need not be kept: %w", err)
			}
		}
	}
	return ctx.Err()
}
