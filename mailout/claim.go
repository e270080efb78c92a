package mailout

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tierdesk/migrations/sqldb"
)

// How long delivery of a mail is attempted, and when a delay is reported.
const (
	GiveUp     = 5 * 24 * time.Hour // after the first failure
	DelayedAt  = 4 * time.Hour      // after the mail was made
	MaxInClaim = 256                // mails of one call of Claim, Renew or Release

	// MaxInterrupted is the number of times that a sender may die, panic or time out while working
	// on a mail before the mail is set aside.
	MaxInterrupted = 3
)

// maxDelay is the longest Delay.
const maxDelay = 3 * time.Hour

// Delay returns the time to wait after the given number of failed attempts, before jitter. It grows
// from a minute to three hours.
func Delay(attempts int) time.Duration {
	d := time.Minute
	for i := 1; i < attempts && d < maxDelay; i++ {
		d *= 2
	}
	return min(d, maxDelay)
}

// Claimed is a mail that a sender has claimed.
type Claimed struct {
	Mail        Mail
	Attempt     int // this one's number, from 1
	FirstFailed time.Time
	Warned      bool
	Passed      bool  // a person let it past the last gate
	Interrupted int   // how often a sender did not finish it, or may not have
	Fault       error // its content cannot be read, so it can only be recorded as failed
}

// Claim claims mails of the given inboxes that are due, for the holder: at most limit and never
// more than MaxInClaim, the most urgent first and then those that have waited longest. It sets
// their next attempt to the end of the lease, so that nobody else claims them and none is lost in a
// crash. Senders may claim concurrently. A holder is one run of one sender; its name is never
// reused.
func Claim(tx *sqldb.Tx, inboxes []string, limit int, holder string, lease time.Duration) ([]Claimed, error) {
	limit = min(limit, MaxInClaim)
	var ids []int64
	for _, urgency := range []Urgency{Answers, Notices, Digests} {
		for _, inbox := range inboxes {
			if len(ids) >= limit {
				break
			}
			var some []int64
			err := tx.Select(&some, `SELECT id FROM outbox WHERE state = 'waiting' AND inbox = ? AND holder = '' AND urgency = ? AND next_attempt <= ?
				ORDER BY next_attempt, id LIMIT ? /*pg FOR UPDATE SKIP LOCKED */`, inbox, int(urgency), sqldb.At(tx.Now()), limit-len(ids))
			if err != nil {
				return nil, fmt.Errorf("looking for mail to send: %w", err)
			}
			ids = append(ids, some...)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []row
	if err := tx.Select(&rows, `UPDATE outbox SET holder = ?, next_attempt = ?, attempts = attempts + 1 WHERE state = 'waiting' AND holder = '' AND id IN `+marks(ids)+` RETURNING `+returned,
		with(ids, holder, sqldb.At(tx.Now().Add(lease)))...); err != nil {
		return nil, fmt.Errorf("claiming mail: %w", err)
	}
	contents, err := contentOf(tx, ids)
	if err != nil {
		return nil, fmt.Errorf("reading claimed mail: %w", err)
	}
	place := make(map[int64]int, len(ids))
	for i, id := range ids {
		place[id] = i
	}
	out := make([]Claimed, len(ids))
	for i := range rows {
		v := rows[i].value()
		c := contents[v.Mail.ID]
		fault := decode(c.text, contents[c.base.Int64].text, &v.Mail) // one bad row must not stop the others
		out[place[v.Mail.ID]] = Claimed{Mail: v.Mail, Attempt: v.Attempts, FirstFailed: v.FirstFailed, Warned: !v.Warned.IsZero(),
			Passed: !v.Passed.IsZero(), Interrupted: v.Interrupted, Fault: fault}
	}
	kept := out[:0]
	for _, c := range out {
		if c.Mail.ID != 0 {
			kept = append(kept, c)
		}
	}
	return kept, nil
}

// contentOf reads the contents of mails, and the contents of the mails that they share text with.
func contentOf(tx *sqldb.Tx, ids []int64) (map[int64]contentRow, error) {
	out := make(map[int64]contentRow, len(ids))
	read := func(ids []int64) error {
		return tx.Each(func(scan func(...any) error) error {
			var c contentRow
			err := scan(&c.id, &c.text, &c.base)
			out[c.id] = c
			return err
		}, `SELECT id, content, base FROM outbox_content WHERE id IN `+marks(ids), with(ids)...)
	}
	if err := read(ids); err != nil {
		return nil, err
	}
	var more []int64
	for _, id := range ids {
		if c := out[id]; c.base.Valid {
			if _, there := out[c.base.Int64]; !there && !slices.Contains(more, c.base.Int64) {
				more = append(more, c.base.Int64)
			}
		}
	}
	if len(more) == 0 {
		return out, nil
	}
	return out, read(more)
}

// Renew extends the holder's lease on these mails and returns those that it still holds.
func Renew(tx *sqldb.Tx, holder string, ids []int64, lease time.Duration) ([]int64, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var own []int64
	err := tx.Select(&own,
		`UPDATE outbox SET next_attempt = ? WHERE state = 'waiting' AND holder = ? AND id IN `+marks(ids)+` RETURNING id`,
		with(ids, sqldb.At(tx.Now().Add(lease)), holder)...)
	if err != nil {
		return nil, fmt.Errorf("renewing the lease on mail in hand: %w", err)
	}
	return own, nil
}

// Own returns the ids of the mails that the holder has claimed. If the holder does not know one of
// them, it was claimed by a commit whose result was lost.
func Own(tx *sqldb.Tx, inboxes []string, holder string) ([]int64, error) {
	var ids []int64
	for _, inbox := range inboxes {
		var some []int64
		if err := tx.Select(&some, `SELECT id FROM outbox WHERE state = 'waiting' AND inbox = ? AND holder = ? ORDER BY id`, inbox,
			holder); err != nil {
			return nil, fmt.Errorf("looking for mail in hand: %w", err)
		}
		ids = append(ids, some...)
	}
	return ids, nil
}

// Attempt names one claim of a mail under one lease: it changes when the holder renews it.
type Attempt struct {
	ID      int64
	Holder  string
	Attempt int        `db:"attempts"`
	Until   sqldb.Time `db:"next_attempt"` // end of the lease
}

// Overdue returns the claims of other holders whose lease has expired by this database's clock, or
// ends later than any lease that begins now, which means that a clock was ahead. Their holder may
// still be alive with a different clock, so a sender takes the mails over (Reclaim) only once it
// has seen the same claim unchanged for the length of another lease.
func Overdue(tx *sqldb.Tx, inboxes []string, holder string, lease time.Duration) ([]Attempt, error) {
	var out []Attempt
	for _, inbox := range inboxes {
		var some []Attempt
		if err := tx.Select(&some, `SELECT id, holder, attempts, next_attempt FROM outbox WHERE state = 'waiting' AND inbox = ? AND holder > '' AND holder <> ? AND (next_attempt <= ? OR next_attempt > ?)
			ORDER BY id LIMIT ?`, inbox, holder, sqldb.At(tx.Now()), sqldb.At(tx.Latest().Add(2*lease)), MaxInClaim); err != nil {
			return nil, fmt.Errorf("looking for abandoned mail: %w", err)
		}
		out = append(out, some...)
	}
	return out, nil
}

// abandoned ends a claim whose holder has not reported a result. The mail may be what killed it.
const abandoned = `holder = '', next_attempt = ?, interrupted = CASE WHEN interrupted = 0 THEN 1 ELSE interrupted END`

// BeginComposing counts an attempt to compose a mail before the attempt begins, since the mail may
// crash or stall the sender. It reports whether the holder still has the claim on the mail.
func BeginComposing(tx *sqldb.Tx, holder string, id int64) (bool, error) {
	n, err := tx.Exec(`UPDATE outbox SET interrupted = interrupted + 1 WHERE state = 'waiting' AND holder = ? AND id = ?`, holder, id)
	if err != nil {
		return false, fmt.Errorf("beginning to compose mail %d: %w", id, err)
	}
	return n == 1, nil
}

// EndComposing resets the count of BeginComposing: composing the mail came to an end.
func EndComposing(tx *sqldb.Tx, id int64) error {
	if _, err := tx.Exec(`UPDATE outbox SET interrupted = 0 WHERE id = ?`, id); err != nil {
		return fmt.Errorf("recording that mail %d was composed: %w", id, err)
	}
	return nil
}

// Reclaim ends claims that their holders have abandoned. Claims that were renewed or finished in
// the meantime are left alone.
func Reclaim(tx *sqldb.Tx, claims []Attempt) error {
	for _, c := range claims {
		if _, err := tx.Exec(`UPDATE outbox SET `+abandoned+
			` WHERE state = 'waiting' AND id = ? AND holder = ? AND attempts = ? AND next_attempt = ?`,
			sqldb.At(tx.Now()), c.ID, c.Holder, c.Attempt, c.Until); err != nil {
			return fmt.Errorf("taking over abandoned mail: %w", err)
		}
	}
	return nil
}

// Holders returns the holders of claims on mail of the inboxes, except one.
func Holders(tx *sqldb.Tx, inboxes []string, but string) ([]string, error) {
	var out []string
	for _, inbox := range inboxes {
		var some []string
		if err := tx.Select(&some, `SELECT DISTINCT holder FROM outbox WHERE state = 'waiting' AND inbox = ? AND holder > '' AND holder <> ? ORDER BY holder`, inbox, but); err != nil {
			return nil, fmt.Errorf("looking up who has claimed mail: %w", err)
		}
		out = append(out, some...)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// ReclaimFrom ends all claims of a holder that is known to be dead on mail of the inboxes, and
// returns their number.
func ReclaimFrom(tx *sqldb.Tx, inboxes []string, holder string) (int64, error) {
	var n int64
	for _, inbox := range inboxes {
		k, err := tx.Exec(`UPDATE outbox SET `+abandoned+` WHERE state = 'waiting' AND inbox = ? AND holder = ?`, sqldb.At(tx.Now()),
			inbox, holder)
		if err != nil {
			return n, fmt.Errorf("taking over the mail of a dead sender: %w", err)
		}
		n += k
	}
	return n, nil
}

// ReclaimAll ends all claims on mail of the inboxes and returns their number. The only sender of a
// database calls it when it starts.
func ReclaimAll(tx *sqldb.Tx, inboxes []string) (int64, error) {
	var n int64
	for _, inbox := range inboxes {
		k, err := tx.Exec(`UPDATE outbox SET `+abandoned+` WHERE state = 'waiting' AND inbox = ? AND holder > ''`,
			sqldb.At(tx.Now()), inbox)
		if err != nil {
			return n, fmt.Errorf("reclaiming mail of an earlier run: %w", err)
		}
		n += k
	}
	return n, nil
}

// Release returns claimed mails to the queue, due at the given time, as if they had not been
// claimed: the attempt does not count.
func Release(tx *sqldb.Tx, holder string, ids []int64, due time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	if _, err := tx.Exec(`UPDATE outbox SET holder = '', next_attempt = ?, attempts = attempts - 1 WHERE state = 'waiting' AND holder = ? AND id IN `+marks(ids),
		with(ids, sqldb.At(due), holder)...); err != nil {
		return fmt.Errorf("giving mail back: %w", err)
	}
	return nil
}

// Hasten makes those of the mails due now that are waiting and that no sender has claimed.
func Hasten(tx *sqldb.Tx, ids []int64) error {
	for some := range slices.Chunk(ids, MaxInClaim) {
		now := sqldb.At(tx.Now())
		if _, err := tx.Exec(`UPDATE outbox SET next_attempt = ? WHERE state = 'waiting' AND holder = '' AND next_attempt > ? AND id IN `+
			marks(some), with(some, now, now)...); err != nil {
			return fmt.Errorf("making mail due: %w", err)
		}
	}
	return nil
}

// Recall puts mails that were recorded as refused back into the queue, as if they had never been
// tried, and returns a result for each. It is for refusals that turned out to concern the sender,
// not the mails.
func Recall(tx *sqldb.Tx, ids []int64) ([]Result, error) {
	var out []Result
	for some := range slices.Chunk(ids, MaxInClaim) {
		var rows []row
		if err := tx.Select(&rows, `UPDATE outbox SET state = 'waiting', next_attempt = ?, attempts = 0, first_failed = NULL, interrupted = 0 WHERE state = 'failed' AND id IN `+marks(some)+` RETURNING `+returned,
			with(some, sqldb.At(tx.Now()))...); err != nil {
			return nil, fmt.Errorf("queueing refused mail again: %w", err)
		}
		for i := range rows {
			out = append(out, Result{Mail: rows[i].value().Mail, State: Waiting, Reason: rows[i].Error, Recalled: true})
		}
	}
	slices.SortFunc(out, func(a, b Result) int { return int(a.Mail.ID - b.Mail.ID) })
	return out, nil
}

// Finish records the results of claimed mails and returns those that were recorded, so that the
// desk can be told in the same transaction. The result of a claim that was lost is left out, unless
// the mail was sent: that is recorded no matter who holds the claim. The state of a result is Sent,
// Failed, HeldOut or Waiting (a temporary failure). A waiting mail is due again after a growing
// delay multiplied by jitter (1 for none), fails permanently GiveUp after its first failure, and is
// marked Delayed once.
func Finish(tx *sqldb.Tx, holder string, results []Result, jitter func() float64) ([]Result, error) {
	recorded := make([]Result, 0, len(results))
	sent := make([]int64, 0, len(results))
	for _, r := range results {
		if r.State == Sent {
			sent = append(sent, r.Mail.ID)
		}
	}
	done := map[int64]bool{}
	for rest := sent; len(rest) > 0; {
		n := min(len(rest), MaxInClaim)
		var ids []int64
		if err := tx.Select(&ids, `UPDATE outbox SET state = 'sent', holder = '', sent = ?, error = '' WHERE state = 'waiting' AND id IN `+
			marks(rest[:n])+` RETURNING id`,
			with(rest[:n], sqldb.At(tx.Now()))...); err != nil {
			return nil, fmt.Errorf("recording sent mail: %w", err)
		}
		for _, id := range ids {
			done[id] = true
		}
		rest = rest[n:]
	}
	for _, r := range results {
		switch r.State {
		case Sent:
			if done[r.Mail.ID] {
				recorded = append(recorded, r)
			}
		case Failed, HeldOut, Waiting:
			own, err := finishOther(tx, holder, &r, jitter)
			if err != nil {
				return nil, fmt.Errorf("recording what became of mail %d: %w", r.Mail.ID, err)
			}
			if own {
				recorded = append(recorded, r)
			}
		default:
			return nil, fmt.Errorf("mail %d: %q is not a result", r.Mail.ID, r.State)
		}
	}
	return recorded, nil
}

func finishOther(tx *sqldb.Tx, holder string, r *Result, jitter func() float64) (own bool, err error) {
	var now row
	found, err := tx.Find(&now,
		`SELECT `+columns+` FROM outbox o WHERE o.id = ? AND o.state = 'waiting' AND o.holder = ? /*pg FOR UPDATE */`, r.Mail.ID, holder)
	if err != nil || !found {
		return false, err
	}
	if now.FirstFailed.IsZero() {
		now.FirstFailed = sqldb.At(tx.Now())
	}
	next := tx.Now()
	if r.Stalled >= MaxInterrupted {
		r.State, r.SetAside, r.Reason = HeldOut, true, fmt.Sprintf("it has stopped the sender %d times: %s", r.Stalled, r.Reason)
	}
	if r.State == Waiting {
		if tx.Now().Sub(now.FirstFailed.Time) >= GiveUp {
			r.State, r.Reason = Failed, "given up after 5 days: "+r.Reason
		} else {
			next = next.Add(time.Duration(float64(Delay(now.Attempts)) * jitter()))
			if now.Warned.IsZero() && tx.Now().Sub(now.waitsSince(tx.Latest())) >= DelayedAt {
				r.Delayed, now.Warned = true, sqldb.At(tx.Now())
			}
		}
	}
	_, err = tx.Exec(`UPDATE outbox SET state = ?, holder = '', next_attempt = ?, first_failed = ?, warned = ?, error = ?, interrupted = ? WHERE id = ?`,
		string(r.State), sqldb.At(next), now.FirstFailed, now.Warned, clip(r.Reason, 1000), r.Stalled, r.Mail.ID)
	return true, err
}

// waitsSince returns the time from which a mail has been waiting: when it was made or, if the clock
// was ahead then, when the clock was right again, which Correct records as its first failure.
func (r *row) waitsSince(latest time.Time) time.Time {
	if r.Created.After(latest) {
		return r.FirstFailed.Time
	}
	return r.Created.Time
}

// Late marks mails of the inboxes as delayed, at most limit, that have waited for DelayedAt, for
// whatever reason, and are not marked yet. It returns a result for each. Claimed mails are left to
// their sender.
func Late(tx *sqldb.Tx, inboxes []string, reason string, limit int) ([]Result, error) {
	var out []Result
	late := sqldb.At(tx.Now().Add(-DelayedAt))
	for _, inbox := range inboxes {
		var ids []int64
		if err := tx.Select(&ids, `SELECT id FROM outbox WHERE state = 'waiting' AND inbox = ? AND holder = '' AND warned IS NULL
			AND (created <= ? OR created > ? AND COALESCE(first_failed, next_attempt) <= ?)
			ORDER BY id LIMIT ? /*pg FOR UPDATE SKIP LOCKED */`, inbox, late, sqldb.At(tx.Latest()), late, limit-len(out)); err != nil {
			return nil, fmt.Errorf("looking for delayed mail: %w", err)
		}
		for _, id := range ids {
			r, err := Get(tx, id)
			if err != nil && r.Mail.ID == 0 {
				r, err = Notice(tx, id) // its content is gone or unreadable: the delay can be reported all the same
				if err != nil {
					return nil, err
				}
			}
			if _, err := tx.Exec(`UPDATE outbox SET warned = ? WHERE id = ?`, sqldb.At(tx.Now()), id); err != nil {
				return nil, fmt.Errorf("marking mail %d as delayed: %w", id, err)
			}
			why := r.Error
			if why == "" {
				why = reason
			}
			out = append(out, Result{Mail: r.Mail, State: Waiting, Reason: why, Delayed: true})
		}
	}
	return out, nil
}

// NextDue returns when the next unclaimed mail of the inboxes is due; ok is false if none is
// waiting.
func NextDue(tx *sqldb.Tx, inboxes []string) (due time.Time, ok bool, err error) {
	for _, inbox := range inboxes {
		for _, urgency := range []Urgency{Answers, Notices, Digests} {
			var at sqldb.Time
			if err := tx.Get(&at,
				`SELECT MIN(next_attempt) FROM outbox WHERE state = 'waiting' AND inbox = ? AND holder = '' AND urgency = ?`, inbox,
				int(urgency)); err != nil {
				return time.Time{}, false, fmt.Errorf("looking for the next mail to send: %w", err)
			}
			if !at.IsZero() && (!ok || at.Before(due)) {
				due, ok = at.Time, true
			}
		}
	}
	return due, ok, nil
}

// Queue describes the waiting mail of one inbox and urgency.
type Queue struct {
	Inbox   string
	Urgency Urgency
	Waiting int
	InHand  int
	Oldest  time.Time // when the oldest was made
	Due     time.Time // when the unclaimed mail that has been due for longest became due; zero for none
}

// Queues counts the waiting mails. It reads every waiting row, so it is meant for health and
// metrics, not for loops.
func Queues(tx *sqldb.Tx) ([]Queue, error) {
	var out []Queue
	err := tx.Each(func(scan func(...any) error) error {
		var q Queue
		var oldest, due sqldb.Time
		if err := scan(&q.Inbox, &q.Urgency, &q.Waiting, &q.InHand, &oldest, &due); err != nil {
			return err
		}
		q.Oldest, q.Due = oldest.Time, due.Time
		out = append(out, q)
		return nil
	}, `SELECT inbox, urgency, COUNT(*), SUM(CASE WHEN holder > '' THEN 1 ELSE 0 END), MIN(created), MIN(CASE WHEN holder = '' THEN next_attempt END) FROM outbox WHERE state = 'waiting' GROUP BY inbox, urgency ORDER BY inbox, urgency`)
	if err != nil {
		return nil, fmt.Errorf("counting the outbox: %w", err)
	}
	return out, nil
}

// marks returns the list of placeholders `(?, ?, ...)` for ids, padded to one of a few sizes so
// that prepared statements are reused. with returns the arguments, the last id repeated to fill the
// list.
func marks(ids []int64) string { return "(" + repeat("?", padded(len(ids))) + ")" }

func with(ids []int64, before ...any) []any {
	args := before
	for i := range padded(len(ids)) {
		args = append(args, ids[min(i, len(ids)-1)])
	}
	return args
}

func padded(n int) int {
	p := 1
	for p < n {
		p *= 4
	}
	return p
}

// clip bounds the length of a text from a stranger's server and replaces its control characters.
func clip(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
	if len(s) > n {
		s = strings.ToValidUTF8(s[:n], "") + "…"
	}
	return strings.ToValidUTF8(s, "?")
}
