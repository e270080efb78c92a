package desk

import (
	"context"
	"fmt"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/timers"
)

// together is how many timers share a transaction: a commit takes as long as firing one or two.
const together = 20

// Fire fires due timers and returns their number. It returns when no more are due, after 1,000
// timers, or with a database error. A timer that fails is put back for later, with the reason, and
// does not stop others. Several timers share a transaction: an error that ends it undoes all of
// them.
func (d *Desk) Fire(ctx context.Context) (fired int, err error) {
	for fired < 1000 {
		n := 0
		err := d.db.Update(ctx, func(tx *sqldb.Tx) error {
			for n = 0; n < together; n++ {
				found, err := d.fireOne(tx)
				if err != nil || !found {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fired, fmt.Errorf("firing timers: %w", err)
		}
		if fired += n; n < together {
			break
		}
	}
	return fired, nil
}

// fireOne fires the next due timer; found is false if there is none.
func (d *Desk) fireOne(tx *sqldb.Tx) (found bool, err error) {
	t, found, err := timers.PopDue(tx)
	if err != nil || !found {
		return false, err
	}
	c, err := d.context(tx)
	if err != nil {
		return false, err
	}
	fault, err := tx.Savepoint(func() error { return d.fire(c, t) })
	if err != nil || fault == nil {
		return true, err
	}
	d.log.Error("a timer failed and is put back", "timer", t.Kind, "ticket", t.Ticket, "attempts", t.Attempts+1, "error", fault)
	pause := min(time.Minute<<min(t.Attempts, 8), 4*time.Hour)
	return true, timers.PutBack(tx, t, tx.Now().Add(pause), fault.Error())
}

// RunTimers fires timers as they fall due, until ctx ends. It sleeps until the next one is due or a
// new one is set, and at most 5 s, since other programs set timers too.
func (d *Desk) RunTimers(ctx context.Context) error {
	wake, stop := d.db.Subscribe(timers.Topic)
	defer stop()
	var clock clock
	countedFor := "" // the hash of the files by which the timers were last set
	for {
		n, err := 0, error(nil)
		if hash := d.policy().Hash; hash != countedFor {
			if err = d.recount(ctx); err == nil {
				countedFor = hash
			}
		}
		if err == nil && clock.unsure(d.db.Now()) {
			err = d.correctTimers(ctx)
		}
		if err == nil {
			clock.sure(d.db.Now())
			n, err = d.Fire(ctx)
		}
		if ctx.Err() != nil {
			return nil
		}
		pause := 5 * time.Second
		switch {
		case err != nil:
			d.log.Error("timers wait for the database", "error", err)
		case n >= 1000:
			continue
		default:
			err := d.db.View(ctx, func(tx *sqldb.Tx) error {
				due, err := timers.NextDue(tx)
				if !due.IsZero() {
					pause = min(pause, max(due.Sub(tx.Now()), 20*time.Millisecond)) // another daemon is firing one that is due
				}
				return err
			})
			if err != nil && ctx.Err() == nil {
				d.log.Error("timers wait for the database", "error", err)
			}
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// recount makes sure that the timers of all tickets are set by the files in force.
func (d *Desk) recount(ctx context.Context) error {
	return d.db.Update(ctx, func(tx *sqldb.Tx) error {
		c, err := d.context(tx)
		if err != nil {
			return err
		}
		return decision.Recount(c)
	})
}

// fire lets the capability that owns a timer handle it.
func (d *Desk) fire(ctx decision.Context, t timers.Timer) error {
	for _, c := range d.capabilities {
		if do, found := c.timers[t.Kind]; found {
			return do(ctx, t)
		}
	}
	return fmt.Errorf("there is no timer of kind %q", t.Kind)
}
