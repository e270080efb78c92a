package smtp

import (
	"context"
	"errors"
	"time"

	"tierdesk/mailout"
)

// maxBrokenInRow is the number of consecutive broken connections after which the account pauses.
const maxBrokenInRow = 3

// dispatch hands queued mails to as many goroutines as may send.
func (l *loop) dispatch(hard context.Context, now time.Time) {
	a := l.account
	a.mu.Lock()
	defer a.mu.Unlock()
	for allowed := a.allowedLocked(now); a.pool.running < allowed && len(a.desk.queue) > 0; {
		j := a.desk.queue[0]
		a.desk.queue = a.desk.queue[1:]
		a.pool.running++
		if a.paused != nil {
			j.probe, a.paused.probing = true, true
			allowed = a.pool.running
		}
		go a.work(hard, j, a.pool.take())
	}
}

// work sends one mail after another over one connection until none is queued.
func (a *account) work(hard context.Context, j *job, c *conn) {
	for j != nil {
		began := time.Now()
		j.began = began
		var done func()
		done, c = a.attemptSafely(hard, j, c)
		a.mu.Lock()
		a.desk.service = (7*a.desk.service + time.Since(began)) / 8
		if j.probe && a.paused != nil {
			a.paused.probing = false
		}
		done()
		j = nil
		if len(a.desk.queue) > 0 && a.pool.running <= a.allowedLocked(time.Now()) {
			j = a.desk.queue[0]
			a.desk.queue = a.desk.queue[1:]
		} else {
			a.pool.end(time.Now())
			if c != nil {
				a.pool.idle = append(a.pool.idle, c)
			}
		}
		n := len(a.desk.results)
		tell := j == nil || n == 1 || n%batch == 0 || len(a.desk.queue) == 0 || a.desk.unrecorded()
		a.mu.Unlock()
		if tell {
			a.wake()
		}
	}
}

// attemptSafely is like attempt, but turns a panic into the result of a mail that was not finished.
func (a *account) attemptSafely(hard context.Context, j *job, c *conn) (done func(), _ *conn) {
	err := protect(func() error {
		done, c = a.attempt(hard, j, c)
		return nil
	})
	if err != nil {
		a.log.Error("sending a mail panicked", "mail", j.claimed.Mail.ID, "error", err)
		return func() { a.addResultLocked(*stalled(j, "sending it failed by a defect of the desk")) }, nil
	}
	return done, c
}

// attempt sends one mail. It returns a function that must be called with a.mu held, which does what
// follows, and the connection if it can still be used.
func (a *account) attempt(hard context.Context, j *job, c *conn) (done func(), _ *conn) {
	giveBack := func() { a.desk.returned = append(a.desk.returned, returned{id: j.claimed.Mail.ID}) }
	if !a.owns(j) {
		return giveBack, c
	}
	l, early := a.prepare(hard, j)
	if early != nil {
		return func() { a.finishLocked(j, *early) }, c
	}
	for again := false; ; again = true {
		if c != nil && !c.alive() {
			a.drop(c)
			c = nil
		}
		fresh := c == nil
		if fresh {
			if c = a.connect(hard); c == nil {
				return giveBack, nil
			}
		}
		r, v := a.transfer(hard, j, l, c)
		if v == barred && r.err == nil && !r.broken() && a.s.maybeKeyed(a.configs[j.claimed.Mail.Inbox]) {
			r, v = a.withoutToken(hard, j, l, c, r, v)
		}
		if r.broken() || r.err != nil {
			a.drop(c)
			c = nil
		}
		switch {
		case errors.Is(r.err, errLost):
			return giveBack, nil
		case r.broken() && r.stage == stageMail && !fresh && !again && hard.Err() == nil, v == endOfVisit && !again && hard.Err() == nil:
			// That the server has closed an idle connection, or closes it after a number of mails,
			// says nothing about the mail.
			if c != nil {
				a.drop(c)
				c = nil
			}
			continue
		case hard.Err() != nil && r.code == 0 && r.stage != stageSent:
			return giveBack, nil
		}
		return func() { a.concludeLocked(j, r, v) }, c
	}
}

// withoutToken sends a mail once more, with the plain sender, after the server has refused the
// keyed one. If the server accepts that, it was the keyed address that it refused, and no more of
// them are used. Otherwise it refuses our account.
func (a *account) withoutToken(hard context.Context, j *job, l letter, c *conn, refused reply, v verdict) (reply, verdict) {
	cfg := a.configs[j.claimed.Mail.Inbox]
	cfg.refusesToken.Store(true)
	from, err := a.s.envelope(cfg, j.claimed.Mail)
	if err != nil || from == l.from {
		cfg.refusesToken.Store(false)
		return refused, v
	}
	l.from = from
	plain, w := a.transfer(hard, j, l, c)
	if w == barred {
		cfg.refusesToken.Store(false)
		return refused, v
	}
	a.log.Warn("the server refuses keyed senders, so delivery reports will not say which copy they are about",
		"inbox", j.claimed.Mail.Inbox, "answer", refused.Error())
	return plain, w
}

// owns reports whether the claim on a mail still holds.
func (a *account) owns(j *job) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	// Compare by both clocks: the monotonic one stops while the machine is suspended, and the wall
	// clock may be set.
	return now.Before(j.until) && now.Round(0).Before(j.until.Round(0))
}

// transfer passes a mail to the server and classifies the answer.
func (a *account) transfer(hard context.Context, j *job, l letter, c *conn) (reply, verdict) {
	guard := context.AfterFunc(hard, c.close)
	defer guard()
	r := c.send(l.from, l.to, l.raw, l.utf8, func() bool { return a.owns(j) })
	v := classify(r, c.taken)
	if v == accepted {
		c.taken++
	}
	return r, v
}

// connect returns a connection that is logged in, nil if the mail has to wait for one.
func (a *account) connect(hard context.Context) *conn {
	c, err := dial(hard, a.cfg)
	a.mu.Lock()
	defer a.mu.Unlock()
	if err == nil {
		a.pool.open++
		a.pool.ready = true
		return c
	}
	if hard.Err() != nil {
		return nil
	}
	var r reply
	if a.pool.open > 0 && errors.As(err, &r) && r.code >= 400 && r.code < 500 {
		// The other connections work, so the server allows no more than those.
		a.pool.lower(a.pool.open, time.Now())
		return nil
	}
	a.pauseLocked(troubleOf(err))
	return nil
}

func (a *account) drop(c *conn) {
	c.close()
	a.mu.Lock()
	a.pool.open--
	a.mu.Unlock()
}

// concludeLocked acts on the answer to a mail.
func (a *account) concludeLocked(j *job, r reply, v verdict) {
	m, now := j.claimed.Mail, time.Now()
	result := mailout.Result{Mail: m, Code: r.code, Status: r.status, Reason: r.Error()}
	if r.code == 0 {
		a.brokenLocked(j, r, result)
		return
	}
	a.broken = 0
	g, disputed := "", 0
	if v.pauses() || v.failed() {
		g = gist(r, m.Recipient)
	}
	if v.pauses() || v == refused {
		disputed = a.disputedLocked(g, now)
	}
	switch {
	case v == limited, v == barred && disputed < 2:
		a.pauseForLocked(j, trouble{verdict: v, gist: g, text: r.Error()})
		return
	case v == crowded && a.pool.shared(j.began):
		a.pool.lower(a.pool.running-1, now)
		a.desk.returned = append(a.desk.returned, returned{id: m.ID})
		return
	case v == refused && disputed == 0, v == unknownBox:
		if a.suspectLocked(j, v, g, result, now) {
			return
		}
	}
	a.goOnLocked(j, v, now)
	switch {
	case v == accepted:
		result.State, result.Reason, result.ProviderID = mailout.Sent, r.text, providerID(a.cfg.Host, r.text)
	case v.failed():
		result.State, result.Muted = mailout.Failed, v == unknownBox
	default:
		result.State = mailout.Waiting
	}
	a.finishLocked(j, result)
}

// brokenLocked records that a connection broke over a mail.
func (a *account) brokenLocked(j *job, r reply, result mailout.Result) {
	result.State = mailout.Waiting
	a.finishLocked(j, result)
	a.broken++
	if a.broken >= maxBrokenInRow || a.paused != nil && j.probe {
		a.broken = 0
		t := troubleOf(r)
		if p := a.paused; p != nil && p.needsMail() {
			t.gist = p.trouble.gist // the reason for the pause persists
		}
		a.pauseLocked(t)
	}
}

// goOnLocked ends the pause if the answer to a mail shows that its reason is gone.
func (a *account) goOnLocked(j *job, v verdict, now time.Time) {
	p := a.paused
	if v == accepted {
		a.flushLocked(func(kept) bool { return true })
		clear(a.streaks)
		a.silence = silence{}
	}
	switch {
	case p == nil:
	case !p.needsMail(), v == accepted && (p.trouble.verdict == refused || j.began.After(p.began)):
		a.unpauseLocked()
	case j.probe:
		p.retry = now.Add(a.cfg.Timeouts.Pause) // this mail shows nothing: try another one
	}
}

// suspectLocked handles an unexplained refusal. It reports whether nothing else is to be done now,
// since the refusal is withheld or the account is paused.
func (a *account) suspectLocked(j *job, v verdict, gist string, result mailout.Result, now time.Time) bool {
	id := j.claimed.Mail.ID
	if p := a.paused; p != nil && p.trouble.verdict == refused && p.trouble.gist == gist {
		a.pauseForLocked(j, p.trouble)
		return true
	}
	row, us := a.streaks.add(v, gist, result.Reason, result.Mail.Recipient, now)
	switch {
	case us:
		a.pauseForLocked(j, severalInRow(row))
		a.desk.recall = append(a.desk.recall, row.recorded...)
		for _, id := range row.recorded {
			a.paused.returns[id]++
		}
		rest := a.desk.kept[:0]
		for _, k := range a.desk.kept {
			if k.gist == gist {
				a.giveBackLaterLocked(k.result.Mail.ID)
			} else {
				rest = append(rest, k)
			}
		}
		a.desk.kept = rest
		delete(a.streaks, v)
		return true
	case v == unknownBox:
		row.recorded = append(row.recorded, id)
		return false
	}
	result.State = mailout.Failed
	a.desk.kept = append(a.desk.kept, kept{result: result, gist: gist, until: now.Add(a.cfg.Timeouts.Doubt)})
	if p := a.paused; p != nil && j.probe {
		a.goOnLocked(j, v, now)
	}
	return true
}

// flushLocked queues withheld refusals to be recorded.
func (a *account) flushLocked(which func(kept) bool) {
	rest := a.desk.kept[:0]
	for _, k := range a.desk.kept {
		if !which(k) {
			rest = append(rest, k)
			continue
		}
		a.streaks.recorded(refused, k.gist, k.result.Mail.ID)
		a.addResultLocked(k.result)
	}
	a.desk.kept = rest
}

// finishLocked notes the result of a mail.
func (a *account) finishLocked(j *job, result mailout.Result) {
	if result.State == "" {
		a.desk.returned = append(a.desk.returned, returned{id: j.claimed.Mail.ID})
		return
	}
	a.addResultLocked(result)
}

func (a *account) addResultLocked(r mailout.Result) {
	switch r.State {
	case mailout.Sent:
		a.counters.Sent++
		a.counters.LastSent = a.s.parts.DB.Now()
	case mailout.Failed:
		a.counters.Failed++
	case mailout.HeldOut:
		a.counters.Held++
	default:
		a.counters.Retried++
	}
	if r.State != mailout.Sent && r.State != mailout.HeldOut && !r.Muted {
		a.silence.tried(r.Mail.Recipient, r.Reason, r.State == mailout.Waiting, a.s.parts.DB.Now())
	}
	a.desk.results = append(a.desk.results, r)
}

// unrecorded reports whether anything other than results waits to be written to the database.
func (d *desktop) unrecorded() bool {
	return len(d.returned)+len(d.early)+len(d.recall) > 0
}

// stop shuts the account down: mails in flight may finish within Timeouts.Stop, the rest is
// released.
func (a *account) stop(hard context.Context, cut context.CancelFunc) {
	a.mu.Lock()
	a.stopping = true
	a.giveBackLocked()
	a.mu.Unlock()
	a.await(cut)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(hard), stopRecord)
	defer cancel()
	l := &loop{account: a}
	for {
		a.mu.Lock()
		for _, k := range a.desk.kept { // it is refused again if the recipient is the cause
			a.desk.returned = append(a.desk.returned, returned{id: k.result.Mail.ID})
		}
		a.desk.kept = nil
		todo := a.takeLocked()
		a.mu.Unlock()
		if todo.empty() {
			break
		}
		if _, err := l.exchange(ctx, todo, 0, time.Now()); err != nil {
			a.log.Error("stopping: what became of mail could not be recorded; it may be sent again", "mails", len(todo.results),
				"error", err)
			break
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pool.closeAll()
}

// await waits until all goroutines have ended. After Timeouts.Stop it cuts every connection.
func (a *account) await(cut context.CancelFunc) {
	running := func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		return a.pool.running > 0
	}
	grace := time.NewTimer(a.cfg.Timeouts.Stop)
	defer grace.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for running() {
		select {
		case <-grace.C:
			cut()
		case <-a.wakeUp:
		case <-tick.C:
		}
	}
}
