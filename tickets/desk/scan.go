package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/read"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// scanTime bounds how long a batch waits for the virus scanner in all; what is left then counts as not scanned.
const scanTime = 2 * time.Minute

// scanned is what the virus scanner said of a mail.
type scanned struct {
	virus string // what it found, "" for nothing
	not   string // why nothing is known, "" if it was scanned
}

// scan asks the virus scanner about all mails of a batch, beside what the caller does meanwhile; the function that it gives waits for the answers.
func (d *Desk) scan(ctx context.Context, batch []mailin.Raw) func() []scanned {
	out := make([]scanned, len(batch))
	if d.set.Scan == nil {
		return func() []scanned { return out }
	}
	ctx, cancel := context.WithTimeout(ctx, scanTime)
	var wg sync.WaitGroup
	for i := range batch {
		if batch[i].Fault == "" {
			wg.Go(func() { out[i] = d.scanOne(ctx, batch[i].Bytes) })
		}
	}
	return func() []scanned {
		wg.Wait()
		cancel()
		return out
	}
}

func (d *Desk) scanOne(ctx context.Context, raw []byte) scanned {
	found, err := d.set.Scan(ctx, raw)
	if err != nil {
		return scanned{not: err.Error()}
	}
	return scanned{virus: found}
}

// foundWords stand before the name of what was found, in the reasons of a mail in quarantine.
const foundWords = "the virus scanner found "

// infection gives what was found in a mail that waits in quarantine, "" for nothing.
func infection(row tickets.Arrival) string {
	if row.Cause != tickets.CauseVirus {
		return ""
	}
	return strings.TrimPrefix(row.Reasons, foundWords)
}

// ScanAgain asks the virus scanner about the mails that wait in quarantine because it could not be asked when they came, and tells how many of them were decided on.
// Whatever it finds nothing in goes its way as if it came now; the rest waits on.
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
		for _, row := range some {
			after = row.ID
			done, err := d.scanAgain(ctx, row)
			if err != nil {
				return decided, fmt.Errorf("scanning mail %d again: %w", row.ID, err)
			}
			if done {
				decided++
			}
		}
	}
}

func (d *Desk) scanAgain(ctx context.Context, row tickets.Arrival) (done bool, err error) {
	var raw []byte
	kept := false
	err = d.db.View(ctx, func(tx *sqldb.Tx) (err error) {
		raw, kept, err = store.Raw(tx, row.ID)
		return err
	})
	if err != nil || !kept {
		return false, err
	}
	said := d.scanOne(ctx, raw)
	if said.not != "" {
		return false, ctx.Err()
	}
	in := d.readable(mailin.Raw{Inbox: row.Inbox, Received: row.Received, Bytes: raw, Size: row.Size, Old: row.Old, Truncated: row.Size > int64(len(raw))}, read.Mail)
	d.verify(ctx, in)
	in.id, in.scanned = row.ID, said
	err = d.db.Update(ctx, func(tx *sqldb.Tx) error {
		done = false
		now, found, err := store.ArrivalByID(tx, row.ID)
		if err != nil || !found || now.Cause != tickets.CauseUnscanned || !now.Settled.IsZero() {
			return err // somebody was faster
		}
		done = true
		fault, err := tx.Savepoint(func() error { return d.dispose(tx, in, nil) })
		if err != nil || fault == nil {
			return err
		}
		aside := setAside{fault: fault}
		errors.As(fault, &aside)
		return d.layAside(tx, in, aside, nil)
	})
	return done, err
}
