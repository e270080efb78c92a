package smtp

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tierdesk/mailout"
	"tierdesk/migrations/process"
	"tierdesk/migrations/sqldb"
)

// lateEvery is the interval between two searches for delayed mail.
const lateEvery = time.Minute

// upkeep renews leases, takes over the claims of dead senders, and reports delayed mail.
func (l *loop) upkeep(ctx context.Context, now time.Time) error {
	db, lease := l.s.parts.DB, l.s.parts.Lease
	if !l.began && db.Kind() == sqldb.SQLite {
		// A desk on SQLite has a single sender, so existing claims were left by one that died.
		err := db.Update(ctx, func(tx *sqldb.Tx) error {
			_, err := mailout.ReclaimAll(tx, l.inboxes)
			return err
		})
		if err != nil {
			return err
		}
	}
	l.began = true
	if now.Sub(l.renewed) >= lease/3 {
		if err := l.renew(ctx, now); err != nil {
			return err
		}
		l.renewed = now
	}
	if db.Kind() == sqldb.Postgres && now.Sub(l.checked) >= lease/4 {
		if err := l.takeOver(ctx, now); err != nil {
			return err
		}
		l.checked = now
	}
	if by := db.Now(); by.Sub(l.late).Abs() >= lateEvery { // by the desk's time, which a simulation sets
		if err := l.tellLate(ctx); err != nil {
			return err
		}
		l.late = by
	}
	return nil
}

// renew extends the leases, and releases mails that we have claimed without knowing it because the
// result of the commit was lost.
func (l *loop) renew(ctx context.Context, now time.Time) error {
	l.mu.Lock()
	ids := make([]int64, 0, len(l.desk.inHand))
	for id := range l.desk.inHand {
		ids = append(ids, id)
	}
	l.mu.Unlock()
	slices.Sort(ids)
	var own []int64
	err := l.s.parts.DB.Update(ctx, func(tx *sqldb.Tx) error {
		own = nil
		claimed, err := mailout.Own(tx, l.inboxes, l.s.holder)
		if err != nil {
			return err
		}
		var unknown []int64
		for _, id := range claimed {
			if _, known := slices.BinarySearch(ids, id); !known {
				unknown = append(unknown, id)
			}
		}
		for some := range slices.Chunk(unknown, mailout.MaxInClaim) {
			if err := mailout.Release(tx, l.s.holder, some, tx.Now()); err != nil {
				return err
			}
			l.look = true
		}
		for some := range slices.Chunk(ids, mailout.MaxInClaim) {
			still, err := mailout.Renew(tx, l.s.holder, some, l.s.parts.Lease)
			if err != nil {
				return err
			}
			own = append(own, still...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.Sort(own)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range ids {
		j := l.desk.inHand[id]
		if j == nil {
			continue // finished in the meantime
		}
		if _, still := slices.BinarySearch(own, id); still {
			j.until = now.Add(l.s.parts.Lease)
		} else {
			j.until = time.Time{} // somebody else has it
		}
	}
	return nil
}

// takeOver ends claims of other senders. Claims of a process of this machine that has ended are
// taken over immediately, so that a restart after a crash need not wait. Others are taken over once
// this process has seen them overdue and unchanged for the length of a lease, since clocks of
// machines may differ.
func (l *loop) takeOver(ctx context.Context, now time.Time) error {
	var seen []mailout.Attempt
	var holders []string
	err := l.s.parts.DB.View(ctx, func(tx *sqldb.Tx) (err error) {
		if holders, err = mailout.Holders(tx, l.inboxes, l.s.holder); err != nil {
			return err
		}
		seen, err = mailout.Overdue(tx, l.inboxes, l.s.holder, l.s.parts.Lease)
		return err
	})
	if err != nil {
		return err
	}
	for _, holder := range holders {
		if process.Dead(holder) {
			if err := l.takeOverDead(ctx, holder); err != nil {
				return err
			}
		}
	}
	watched := map[mailout.Attempt]time.Time{}
	var dead []mailout.Attempt
	for _, c := range seen {
		since, known := l.overdue[c]
		if !known {
			since = now
		}
		watched[c] = since
		if now.Sub(since) >= l.s.parts.Lease {
			dead = append(dead, c)
		}
	}
	l.overdue = watched
	if len(dead) == 0 {
		return nil
	}
	l.log.Warn("taking over mail that another sender has left", "mails", len(dead))
	l.look = true
	return l.s.parts.DB.Update(ctx, func(tx *sqldb.Tx) error { return mailout.Reclaim(tx, dead) })
}

// takeOverDead takes over the claims of a dead sender.
func (l *loop) takeOverDead(ctx context.Context, holder string) error {
	var n int64
	err := l.s.parts.DB.Update(ctx, func(tx *sqldb.Tx) (err error) {
		n, err = mailout.ReclaimFrom(tx, l.inboxes, holder)
		return err
	})
	if err == nil && n > 0 {
		l.log.Warn("taking over mail that a dead sender has left", "mails", n)
		l.look = true
	}
	return err
}

func (l *loop) tellLate(ctx context.Context) error {
	reason := "it has waited for 4 hours to be sent"
	if s := l.status(); s.Paused {
		reason = "outgoing mail is paused: " + s.Reason
	}
	for {
		n := 0
		err := l.s.parts.DB.Update(ctx, func(tx *sqldb.Tx) error {
			late, err := mailout.Late(tx, l.inboxes, reason, batch)
			if err != nil {
				return err
			}
			n = len(late)
			for _, r := range late {
				if err := protect(func() error { return l.s.parts.Delivered(tx, r) }); err != nil {
					return fmt.Errorf("telling the desk that mail %d is delayed: %w", r.Mail.ID, err)
				}
			}
			return nil
		})
		if err != nil && !sqldb.Temporary(err) && ctx.Err() == nil {
			l.log.Error("the desk could not be told of delayed mail", "error", err)
			return nil
		}
		if err != nil || n < batch {
			return err
		}
	}
}
