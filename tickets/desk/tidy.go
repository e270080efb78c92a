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

// contentKept is how long the content of sent mails is kept.
const contentKept = 90 * 24 * time.Hour

// quietFor is the longest plausible period without any mail; a clock further ahead than that is not
// trusted.
const quietFor = 7 * 24 * time.Hour

// Tidy deletes, a thousand at a time, raw mails older than keep (0: none), the content of mails
// sent long ago, old canaries, and the monitoring keys of tickets that are finally done. Deleted
// data cannot be restored, so a clock that is ahead must delete nothing: the newest mails arrived
// by the clock of their server, and the current time is assumed to be at most a week after that.
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
		return fmt.Errorf("deleting what need not be kept: %w", err)
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
				return fmt.Errorf("deleting what need not be kept: %w", err)
			}
		}
	}
	return ctx.Err()
}
