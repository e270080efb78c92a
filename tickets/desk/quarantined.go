package desk

import (
	"context"
	"errors"
	"fmt"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/quarantine"
	"tierdesk/tickets/store"
)

// Release releases a mail from quarantine and decides on it as if nothing had been wrong with it. A
// mail that still cannot be decided on stays where it is, and the error says why. A mail in which
// the virus scanner found something is released only if infected says that the caller knows about
// that; otherwise the error is quarantine.ErrInfected.
func (d *Desk) Release(ctx context.Context, id int64, infected bool) (r decision.Result, err error) {
	err = d.db.Update(ctx, func(tx *sqldb.Tx) (err error) {
		c, err := d.context(tx)
		if err != nil {
			return err
		}
		r, err = d.quarantine.Release(c, id, infected)
		return err
	})
	return r, err
}

// DropQuarantined settles a mail in quarantine without any further action; it stays listed and its
// raw mail is kept.
func (d *Desk) DropQuarantined(ctx context.Context, id int64) error {
	return d.db.Update(ctx, func(tx *sqldb.Tx) error { return quarantine.Drop(tx, id) })
}

// ScanAgain scans the mails that are in quarantine because the virus scanner was unavailable when
// they arrived, and returns how many of them were decided on. A mail in which nothing is found is
// accepted as if it had arrived now; the rest stay.
func (d *Desk) ScanAgain(ctx context.Context) (int, error) {
	if d.set.Scan == nil {
		return 0, nil
	}
	decided := 0
	for after := int64(0); ; {
		var some []tickets.Arrival
		err := d.db.View(ctx, func(tx *sqldb.Tx) (err error) {
			some, err = store.QuarantinedFor(tx, tickets.CauseUnscanned, after, 100)
			return err
		})
		if err != nil || len(some) == 0 {
			return decided, err
		}
		for _, record := range some {
			after = record.ID
			done, err := d.scanAgain(ctx, record)
			if err != nil {
				return decided, fmt.Errorf("scanning mail %d again: %w", record.ID, err)
			}
			if done {
				decided++
			}
		}
	}
}

func (d *Desk) scanAgain(ctx context.Context, record tickets.Arrival) (done bool, err error) {
	var m *arrival.Mail
	err = d.db.View(ctx, func(tx *sqldb.Tx) (err error) {
		m, err = d.reader.Stored(tx, record)
		return err
	})
	if errors.Is(err, arrival.ErrNotKept) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if m.Scan = d.scanOne(ctx, m.Bytes); m.Scan.Unscanned != "" {
		return false, ctx.Err()
	}
	d.verify(ctx, m)
	err = d.db.Update(ctx, func(tx *sqldb.Tx) error {
		done = false
		now, found, err := store.ArrivalByID(tx, record.ID)
		if err != nil || !found || now.Cause != tickets.CauseUnscanned || !now.Settled.IsZero() {
			return err // somebody else was faster
		}
		done = true
		dc, err := d.context(tx)
		if err != nil {
			return err
		}
		one := *m
		fault, err := tx.Savepoint(func() error {
			_, err := d.decide(dc, &one)
			return err
		})
		if err != nil || fault == nil {
			return err
		}
		var set *decision.Aside
		if !errors.As(fault, &set) {
			set = decision.SetAside(tickets.CauseUnprocessable, fault.Error())
		}
		return d.settle(dc, m, &set.Result)
	})
	return done, err
}
