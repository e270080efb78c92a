package desk

import (
	"context"
	"fmt"
	"time"

	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/canary"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/timers"
)

// backTolerated is how far a clock may move back before the timers are checked.
const backTolerated = time.Second

// clock detects that the time has moved back. The zero clock is unsure.
type clock struct{ last time.Time }

// unsure reports whether timers may have been set by a clock that was ahead: at the start, and
// whenever the time has moved back since the last check.
func (c *clock) unsure(now time.Time) bool {
	return c.last.IsZero() || now.Before(c.last.Add(-backTolerated))
}

// sure records that the timers have been checked.
func (c *clock) sure(now time.Time) { c.last = now }

// correctTimers corrects the timers and postponed mails of a clock that was ahead, and the stored
// state of canaries. A ticket's timer is set anew by its history.
func (d *Desk) correctTimers(ctx context.Context) error {
	corrected, mails := 0, 0
	err := d.db.Update(ctx, func(tx *sqldb.Tx) error {
		all, err := timers.Correct(tx)
		if err != nil {
			return err
		}
		context, err := d.context(tx)
		if err != nil {
			return err
		}
		for _, t := range all {
			if t.Kind == timers.Ticket {
				if err := decision.ResetTimer(context, t.Ticket); err != nil {
					return err
				}
			}
		}
		corrected = len(all)
		if mails, err = mailout.Correct(tx); err != nil {
			return err
		}
		return canary.Correct(context)
	})
	if err != nil {
		return fmt.Errorf("correcting timers set by a clock that was ahead: %w", err)
	}
	if corrected+mails > 0 {
		d.log.Warn("the clock was ahead: its timers and postponed mails have been corrected", "timers", corrected, "mails", mails)
	}
	return nil
}
