package smtp

import (
	"context"
	"slices"
	"time"

	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
)

const (
	poll           = 5 * time.Second       // the longest sleep: other processes write too
	batchDelay     = 10 * time.Millisecond // under load, results are collected for this long and recorded together
	batch          = 64                    // results of one transaction
	targetInFlight = 100 * time.Millisecond
	stopRecord     = 10 * time.Second // for recording results at a stop
)

// loop is the state of run between turns. Only the goroutine of run uses it.
type loop struct {
	*account
	began   bool
	look    bool      // there may be mail to claim
	due     time.Time // when to look next, real time
	renewed time.Time
	checked time.Time // for abandoned mail
	late    time.Time
	meter   mailout.Meter
	overdue map[mailout.Attempt]time.Time // when we first saw another sender's claim overdue
	delayed time.Time                     // when results began to wait to be recorded together
	failing bool                          // the database does not answer
	again   time.Time                     // when to try it again
}

// turn does the pending work and returns how long to sleep unless woken.
func (l *loop) turn(ctx, hard context.Context) time.Duration {
	now := time.Now()
	if now.Before(l.again) {
		return l.again.Sub(now)
	}
	if err := l.upkeep(ctx, now); err != nil {
		return l.failed(ctx, err)
	}
	if !l.due.IsZero() && !now.Before(l.due) || l.probeDue(now) {
		l.look = true
	}
	todo, want, delay := l.plan(now)
	if delay > 0 {
		return delay
	}
	if !l.look {
		want = 0
	}
	if !todo.empty() || want > 0 {
		claimed, err := l.exchange(ctx, todo, want, now)
		if err != nil {
			return l.failed(ctx, err)
		}
		if want > 0 && claimed < want {
			l.look = false // l.due says when to look again
		}
		if want > 0 && claimed == 0 {
			l.probe(hard, now)
		}
	}
	if l.failing {
		l.failing = false
		l.log.Info("the database answers again")
	}
	l.dispatch(hard, now)
	return l.sleep(time.Now())
}

// probeDue reports whether a paused account should be tried again.
func (a *account) probeDue(now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.paused != nil && a.allowedLocked(now) > 0
}

func (l *loop) failed(ctx context.Context, err error) time.Duration {
	if !l.failing && ctx.Err() == nil {
		l.failing = true
		l.log.Error("outgoing mail: the database does not do its part", "error", err)
	}
	l.again = time.Now().Add(time.Second)
	return time.Second
}

// changes are what one transaction writes.
type changes struct {
	results  []mailout.Result
	returned []returned
	early    []int64
	recall   []int64
	pause    *mailout.Pause // nil if what is recorded is up to date
}

func (c changes) empty() bool {
	return len(c.results)+len(c.returned)+len(c.early)+len(c.recall) == 0 && c.pause == nil
}

// takeLocked returns what is to be written. It stays on the desktop until it has been written: see
// forget.
func (a *account) takeLocked() changes {
	d := &a.desk
	c := changes{results: slices.Clone(d.results[:min(len(d.results), batch)]), returned: slices.Clone(d.returned),
		early: slices.Clone(d.early), recall: slices.Clone(d.recall)}
	var now mailout.Pause
	if p := a.paused; p != nil {
		now = mailout.Pause{Since: p.since, Reason: p.reason, Refused: p.refused()}
	}
	if a.noted == nil || *a.noted != now {
		c.pause = &now
	}
	return c
}

// plan returns what is to be written and how many mails to claim. Under load it returns a short
// delay instead, so that results are recorded together.
func (l *loop) plan(now time.Time) (todo changes, want int, delay time.Duration) {
	a := l.account
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pool.closeOld(now, a.cfg.Timeouts.Idle)
	a.flushLocked(func(k kept) bool { return !now.Before(k.until) })
	d := &a.desk
	if len(d.inHand) == 0 {
		a.s.memo.Clear()
	}
	if capacity := a.capacityLocked(now); capacity > 0 {
		if free := capacity - len(d.inHand) + len(d.results) + len(d.returned) + len(d.kept); 2*free >= capacity {
			want = min(free, mailout.MaxInClaim)
		}
	}
	if len(d.results) > 0 && len(d.results) < batch && len(d.queue) > a.pool.running && want == 0 && !d.unrecorded() {
		if l.delayed.IsZero() {
			l.delayed = now
		}
		if rest := batchDelay - now.Sub(l.delayed); rest > 0 {
			return changes{}, 0, rest
		}
	}
	l.delayed = time.Time{}
	return a.takeLocked(), want, 0
}

// exchange records results and claims mails in one transaction. What could not be recorded stays on
// the desktop.
func (l *loop) exchange(ctx context.Context, todo changes, want int, now time.Time) (int, error) {
	var c claim
	err := l.s.parts.DB.Update(ctx, func(tx *sqldb.Tx) error {
		c = claim{due: poll}
		if err := l.write(tx, todo, now); err != nil || want == 0 {
			return err
		}
		return l.claim(tx, want, &c)
	})
	if err != nil && len(todo.results) > 0 && !sqldb.Temporary(err) && ctx.Err() == nil {
		// One of the results is at fault. Record them one by one, so that it does not hold up the
		// others.
		if err := l.recordOneByOne(ctx, todo.results); err != nil {
			return 0, err
		}
		l.forget(changes{results: todo.results})
		l.due = now // nothing was claimed yet
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	l.forget(todo)
	if want > 0 {
		l.due = now.Add(c.due)
	}
	l.enqueue(c, now)
	return len(c.mails), nil
}

// write records results and releases mails.
func (l *loop) write(tx *sqldb.Tx, todo changes, now time.Time) error {
	var atOnce []int64
	for _, r := range todo.returned {
		if !r.due.After(now) {
			atOnce = append(atOnce, r.id)
			continue
		}
		if err := mailout.Release(tx, l.s.holder, []int64{r.id}, tx.Now().Add(r.due.Sub(now))); err != nil {
			return err
		}
	}
	for some := range slices.Chunk(atOnce, mailout.MaxInClaim) {
		if err := mailout.Release(tx, l.s.holder, some, tx.Now()); err != nil {
			return err
		}
	}
	if err := l.s.record(tx, todo.results, true); err != nil {
		return err
	}
	if err := l.s.recall(tx, todo.recall); err != nil {
		return err
	}
	if todo.pause != nil {
		if err := mailout.NotePause(tx, l.name, *todo.pause); err != nil {
			return err
		}
	}
	return mailout.Hasten(tx, todo.early)
}

// claim is the result of claiming mails.
type claim struct {
	mails []mailout.Claimed
	plain map[int64]bool
	due   time.Duration // when to look again
}

func (l *loop) claim(tx *sqldb.Tx, want int, c *claim) error {
	var next time.Time
	var err error
	if c.mails, next, err = mailout.ClaimRated(tx, &l.meter, l.name, l.rate, l.inboxes, want, l.s.holder, l.s.parts.Lease); err != nil {
		return err
	}
	if c.plain, err = l.s.plain(tx, c.mails); err != nil || len(c.mails) == want {
		return err
	}
	if next.IsZero() {
		if next, _, err = mailout.NextDue(tx, l.inboxes); err != nil {
			return err
		}
	}
	if !next.IsZero() {
		// Mail that is due but could not be claimed is being claimed by another sender right now.
		c.due = max(20*time.Millisecond, min(poll, next.Sub(tx.Now())))
	}
	return nil
}

// enqueue inserts the claimed mails into the queue, each after those of the same urgency.
func (l *loop) enqueue(c claim, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := &l.desk
	for _, m := range c.mails {
		j := &job{claimed: m, until: now.Add(l.s.parts.Lease), plain: c.plain[m.Mail.ID], since: now}
		d.inHand[m.Mail.ID] = j
		d.queue = append(d.queue, j)
	}
	slices.SortStableFunc(d.queue, func(x, y *job) int { return int(x.claimed.Mail.Urgency) - int(y.claimed.Mail.Urgency) })
}

// forget removes from the desktop what has been written.
func (a *account) forget(c changes) {
	a.mu.Lock()
	defer a.mu.Unlock()
	d := &a.desk
	d.results = slices.Delete(d.results, 0, len(c.results))
	d.returned = slices.Delete(d.returned, 0, len(c.returned))
	d.early = slices.Delete(d.early, 0, len(c.early))
	d.recall = slices.Delete(d.recall, 0, len(c.recall))
	if c.pause != nil {
		a.noted = c.pause
	}
	for _, r := range c.results {
		delete(d.inHand, r.Mail.ID)
	}
	for _, r := range c.returned {
		delete(d.inHand, r.id)
	}
}

// sleep returns how long to sleep until there is something to do.
func (l *loop) sleep(now time.Time) time.Duration {
	a := l.account
	a.mu.Lock()
	defer a.mu.Unlock()
	d, wait := &a.desk, poll
	until := func(t time.Time) {
		if !t.IsZero() {
			wait = min(wait, max(t.Sub(now), 0))
		}
	}
	capacity := a.capacityLocked(now)
	if capacity > 0 {
		until(l.due)
	}
	until(l.renewed.Add(l.s.parts.Lease / 3))
	if p := a.paused; p != nil && !p.probing {
		until(p.retry)
	}
	if l.s.parts.DB.Kind() == sqldb.Postgres {
		until(l.checked.Add(l.s.parts.Lease / 4))
	}
	for _, k := range d.kept {
		until(k.until)
	}
	if d.unrecorded() || l.look && 2*(capacity-len(d.inHand)) >= capacity && capacity > 0 {
		wait = 0
	}
	if len(d.results) > 0 {
		wait = min(wait, batchDelay)
	}
	return wait
}
