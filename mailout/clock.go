package mailout

import (
	"fmt"
	"time"

	"tierdesk/migrations/sqldb"
)

// maxHold is the longest wait of a mail that was never tried: how long it was made to wait is not
// in its row.
const maxHold = 7 * 24 * time.Hour

// Correct reschedules waiting mails whose times were written while a clock was ahead, and returns
// their number. A mail that was made then waits as long as it was meant to; one that was tried then
// is due now. Without Correct, a desk whose clock was briefly a year ahead would leave these mails
// in the outbox for a year. The periods GiveUp and DelayedAt start again for them. Call it at the
// start and whenever the clock has moved back. Claimed mails are left to their sender: see Overdue.
func Correct(tx *sqldb.Tx) (int, error) {
	n, last := 0, int64(0)
	now, latest := tx.Now(), tx.Latest()
	for {
		var rows []row
		err := tx.Select(&rows, `SELECT `+columns+` FROM outbox o WHERE o.state = 'waiting' AND o.holder = '' AND o.id > ?
			AND (o.created > ? OR o.first_failed > ? OR o.next_attempt > ?) ORDER BY o.id LIMIT ? /*pg FOR UPDATE SKIP LOCKED */`,
			last, sqldb.At(latest), sqldb.At(latest), sqldb.At(now.Add(2*maxDelay)), MaxInClaim)
		if err != nil {
			return n, fmt.Errorf("looking for mail that a clock has put off: %w", err)
		}
		for i := range rows {
			r := &rows[i]
			last = r.ID
			due, first, wrong := r.corrected(now, latest)
			if !wrong {
				continue
			}
			if _, err := tx.Exec(`UPDATE outbox SET next_attempt = ?, first_failed = ? WHERE id = ?`, sqldb.At(due), sqldb.At(first),
				r.ID); err != nil {
				return n, fmt.Errorf("making mail %d due again: %w", r.ID, err)
			}
			n++
		}
		if len(rows) < MaxInClaim {
			break
		}
	}
	if n > 0 {
		tx.Wake(TopicQueued)
	}
	return n, nil
}

// corrected returns when a waiting mail should be due and when it should count as first failed, and
// reports whether the row says otherwise.
func (r *row) corrected(now, latest time.Time) (due, first time.Time, wrong bool) {
	due, first = r.NextAttempt.Time, r.FirstFailed.Time
	if first.After(latest) {
		due, first = now, now
	}
	if r.Created.After(latest) && first.IsZero() {
		due, first = now.Add(max(0, due.Sub(r.Created.Time))), now
	}
	longest := maxHold
	if r.Attempts > 0 {
		longest = 2 * maxDelay // jitter at most doubles it
	}
	if due.After(now.Add(longest)) {
		due = now
	}
	return due, first, !due.Equal(r.NextAttempt.Time) || !first.Equal(r.FirstFailed.Time)
}
