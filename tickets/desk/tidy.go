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

// quietFor is how long no mail need come before the clock is believed no further.
const quietFor = 7 * 24 * time.Hour

// Tidy drops raw mails that are older than keep (0: none are), what mails said that were sent long
// ago, old canaries, and the keys of monitoring whose tickets are done for good; a thousand at a
// time. What is dropped does not come back, so a clock that is ahead drops nothing: the newest
// mails came by the clock of their server, and it is taken to be a week later than that at most.
func (d *Desk) Tidy(ctx context.Context, keep time.Duration) error {
	var now time.Time
	err := d.db.View(ctx, func(tx *sqldb.Tx) error {
		newest, err := store.NewestReceived(tx)
		if now = tx.Now(); err == nil && !newest.IsZero() && newest.Add(quietFor).Before(now) {
			now = newest.Add(quietFor)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("dropping what need not be kept: %w", err)
	}
	for _, drop := range []func(tx *sqldb.Tx) (int64, error){
		func(tx *sqldb.Tx) (int64, error) {
			if keep <= 0 {
				return 0, nil
			}
			return store.ForgetRaw(tx, now.Add(-keep), 1000)
		},
		func(tx *sqldb.Tx) (int64, error) { return mailout.Forget(tx, now.Add(-contentKept), 1000) },
		func(tx *sqldb.Tx) (int64, error) {
			return mailout.ForgetCanaries(tx, now.Add(-canary.Kept), 1000)
		},
		func(tx *sqldb.Tx) (int64, error) { return store.ForgetCanaries(tx, now.Add(-canary.Kept), 1000) },
		func(tx *sqldb.Tx) (int64, error) {
			return monitoring.Forget(tx, now.Add(-d.policy().Service.ReopenWithin), 1000)
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
