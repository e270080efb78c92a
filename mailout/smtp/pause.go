package smtp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"slices"
	"time"
)

// pause is a period in which no mail is sent by an account, and its reason.
type pause struct {
	since   time.Time // by the database's clock
	began   time.Time // real time, as are all times below
	trouble trouble
	reason  string
	fails   int
	retry   time.Time
	probing bool
	returns map[int64]int // how often each mail was released; all are due when the pause is over
}

// trouble is the reason for a pause.
type trouble struct {
	verdict verdict // limited, barred or, for unexplained refusals, refused; "" if there was no session
	network bool    // the network is the cause
	gist    string  // of what the server said; "" if there was no session
	text    string
}

// refused reports whether the server refuses us for a reason that a person has to fix.
func (p *pause) refused() bool {
	return p.trouble.verdict == barred || p.trouble.verdict == "" && !p.trouble.network
}

// needsMail reports whether only a mail can show that the pause is over, because logging in works
// during the pause.
func (p *pause) needsMail() bool { return p.trouble.gist != "" }

// The longest pauses between two tries.
const (
	pauseAtMost        = 5 * time.Minute
	limitedPauseAtMost = 15 * time.Minute
	refusedPauseAtMost = 2 * time.Minute // another mail shows whether it was the account
)

// wait returns how long to wait after the given number of failures, before jitter. first is the
// shortest pause for a server that cannot be reached.
func (t trouble) wait(fails int, first time.Duration) time.Duration {
	wait, most := first, pauseAtMost
	switch {
	case t.verdict == limited:
		wait, most = 6*first, limitedPauseAtMost
	case t.verdict == refused:
		wait, most = 2*first, refusedPauseAtMost
	case t.verdict == barred || !t.network:
		wait = 6 * first // refused logins lock accounts
	}
	for i := 1; i < fails && wait < most; i++ {
		wait *= 2
	}
	return min(wait, most)
}

// troubleOf makes a trouble from an error of dial or try.
func troubleOf(err error) trouble {
	var r reply
	errors.As(err, &r)
	return trouble{text: err.Error(),
		network: !r.permanent() && (r.code != 0 || r.stage != stageTLS && r.stage != stageAuth || network(r.err))}
}

// network reports whether an error is a temporary one of the network, and not one that recurs each
// time, such as a bad certificate or an unsupported login method.
func network(err error) bool {
	var n net.Error
	return errors.As(err, &n) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, context.Canceled)
}

// pauseLocked pauses the account or extends its pause, and releases the queued mails.
func (a *account) pauseLocked(t trouble) {
	now := time.Now()
	if a.paused == nil {
		a.paused = &pause{since: a.s.parts.DB.Now(), began: now, returns: map[int64]int{}}
		a.counters.Pauses++
		a.log.Error("outgoing mail is paused", "reason", t.text)
	}
	p := a.paused
	p.fails++
	p.trouble, p.reason = t, t.text
	p.retry = now.Add(time.Duration(float64(t.wait(p.fails, a.cfg.Timeouts.Pause)) * (0.8 + 0.4*rand.Float64())))
	a.pool.ready = false
	a.giveBackLocked()
}

// pauseForLocked pauses the account because of the reply to a mail, and releases the mail.
func (a *account) pauseForLocked(j *job, t trouble) {
	if p := a.paused; p == nil || j.probe || j.began.After(p.began) { // otherwise the mail was in flight already and tells nothing new
		a.pauseLocked(t)
	}
	a.giveBackLaterLocked(j.claimed.Mail.ID)
}

// giveBackLaterLocked releases a mail because of which the account is paused. The mail is due when
// the account is tried next. If it has been released several times it is due later, so that other
// mails are tried, since this one may be the only one refused.
func (a *account) giveBackLaterLocked(id int64) {
	p := a.paused
	due, patience := p.retry, 0
	if p.trouble.verdict == limited {
		patience = 4 // limits concern the account, and people's answers should go first when they end
	}
	if p.returns[id] > patience {
		due = due.Add(time.Until(due))
	}
	p.returns[id]++
	a.desk.returned = append(a.desk.returned, returned{id: id, due: due})
}

// dispute counts how often a reply paused the account, other mail was then accepted, and the reply
// was repeated.
type dispute struct {
	times int
	last  time.Time
}

const (
	disputedWithin = 2 * time.Minute // after the other mail was accepted
	disputeEnds    = 24 * time.Hour
	maxDisputes    = 100
)

// disputedLocked returns how often a reply was repeated although other mail is accepted. Such a
// reply is about certain mails, not about the account.
func (a *account) disputedLocked(gist string, now time.Time) int {
	d := a.disputes[gist]
	if now.Sub(d.last) > disputeEnds {
		d = dispute{}
	}
	if b := a.before; b != nil && b.trouble.gist == gist && now.Sub(b.retry) < disputedWithin {
		a.before = nil // count it only once
		if len(a.disputes) >= maxDisputes {
			clear(a.disputes)
		}
		d.times++
		d.last = now
		a.disputes[gist] = d
	}
	return d.times
}

// unpauseLocked ends a pause.
func (a *account) unpauseLocked() {
	p := a.paused
	if p == nil {
		return
	}
	a.log.Info("outgoing mail goes on", "paused", a.s.parts.DB.Now().Sub(p.since))
	a.desk.early = slices.AppendSeq(a.desk.early, maps.Keys(p.returns))
	p.retry = time.Now()
	a.paused, a.before = nil, p
}

// probe tests a paused account that has no mail to test it with.
func (l *loop) probe(hard context.Context, now time.Time) {
	a := l.account
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.paused == nil || a.allowedLocked(now) == 0 || a.pool.running > 0 || len(a.desk.queue) > 0 {
		return
	}
	if a.paused.needsMail() {
		a.paused.retry = now.Add(poll)
		return
	}
	a.paused.probing = true
	a.pool.running++
	go func() {
		err := a.s.try(hard, a.cfg)
		a.mu.Lock()
		a.pool.running--
		if a.paused != nil {
			a.paused.probing = false
		}
		if err == nil {
			a.broken = 0
			a.unpauseLocked()
		} else {
			a.pauseLocked(troubleOf(err))
		}
		a.mu.Unlock()
		a.wake()
	}()
}

// severalInRow returns the trouble of a streak of unexplained refusals.
func severalInRow(s *streak) trouble {
	return trouble{verdict: refused, gist: s.gist,
		text: fmt.Sprintf("%d recipients in a row were refused alike, so it is about us: %s", len(s.recipients), s.text)}
}
