package imap

import (
	"context"
	"errors"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"tierdesk/mailin/ledger"
)

// errIdleEnded means that the server ended an IDLE by itself. go-imap would still send DONE, so a
// new connection is needed.
var errIdleEnded = errors.New("the server ended IDLE by itself")

// maxBrokenIdles is how many IDLEs in a row may end with the connection before we poll instead.
const maxBrokenIdles = 3

// pacing holds what earlier waits have shown about the server: how long to wait, and how far to
// trust its announcements.
type pacing struct {
	noIdle      bool // the server offers IDLE but refuses it or does not sustain it
	broken      int  // IDLEs in a row that lost the connection
	quiet       int  // waits since new mail was found
	idled       bool // the last wait was an IDLE that ran its whole length
	notified    bool // the last wait ended because the server announced mail
	falseAlarms int  // consecutive waits that ended like that although there was no new mail
	missesMail  bool // new mail was found that no IDLE had announced
}

// found records how many new mails a look at the folder found after a wait.
func (p *pacing) found(fresh int) {
	switch {
	case fresh > 0:
		if p.idled || p.notified {
			p.missesMail = p.idled
		}
		p.quiet, p.falseAlarms = 0, 0
	case p.notified:
		p.falseAlarms++
	}
	p.idled, p.notified = false, false
}

// length returns how long the next IDLE should last. Only good servers announce mail that came just
// before IDLE began. So the first IDLE after an event is short, and each following one is twice as
// long: unannounced mail is found soon, and a quiet folder is left in peace. A server that fails to
// announce mail is polled as often as one without IDLE.
func (p *pacing) length(cfg *Config) time.Duration {
	longest := cfg.IdleFor
	if p.missesMail {
		longest = min(longest, cfg.PollEvery)
	}
	return min(longest, time.Second<<min(p.quiet, 20))
}

// ignore returns how long to ignore the server's announcements: the more false alarms, the longer.
func (p *pacing) ignore(cfg *Config) time.Duration {
	const believed = 3
	if p.falseAlarms < believed {
		return 0
	}
	return min(time.Second<<min(p.falseAlarms-believed, 20), cfg.PollEvery)
}

// wait returns when there may be new mail, when something is due, or when stop ends.
func (w *watch) wait(stop, work context.Context) error {
	idle := w.s.caps.Has(imap.CapIdle) && !w.pacing.noIdle
	length, doing := w.f.cfg.PollEvery, Polling
	if idle {
		length, doing = w.pacing.length(&w.f.cfg), Idling
	}
	ignore := w.pacing.ignore(&w.f.cfg)
	w.pacing.quiet++
	for _, due := range []time.Time{w.poison.due(), w.refusal.due} {
		if !due.IsZero() {
			length = max(min(length, time.Until(due)), 10*time.Millisecond)
		}
	}
	w.f.setStatus(w.index, func(s *FolderStatus) { s.Doing = doing })
	defer w.f.setStatus(w.index, func(s *FolderStatus) { s.Doing = Fetching })
	if ignore == 0 && drain(w.s.news.wake) { // news arrived while we were working
		w.pacing.notified = true
		return nil
	}
	timer := time.NewTimer(length)
	defer timer.Stop()
	if !idle {
		w.await(stop, work, timer.C, ignore)
		return w.s.noop(work)
	}
	if err := w.s.noop(work); err != nil {
		return err
	}
	if ignore == 0 && drain(w.s.news.wake) {
		w.pacing.notified = true
		return nil
	}
	return w.idle(stop, work, timer.C, ignore)
}

// reason is why a wait ended.
type reason int

const (
	elapsed   reason = iota // the time is up, or the work is over
	announced               // the server announced mail
	idleEnded               // the server ended IDLE
	lost                    // the connection is gone
)

// lookForRequests is how often the database is checked for requests for parked mails. It is checked
// only if there are parked mails.
const lookForRequests = 5 * time.Second

// await waits for news, the timer or the end of stop. Announcements of the server are ignored for
// the given time.
func (w *watch) await(stop, work context.Context, timer <-chan time.Time, ignore time.Duration) reason {
	requests, unsubscribe := w.f.db.Subscribe(ledger.Topic)
	defer unsubscribe()
	var look <-chan time.Time
	if w.poison.anyParked() {
		ticker := time.NewTicker(lookForRequests)
		defer ticker.Stop()
		look = ticker.C
	}
	wake := w.s.news.wake
	var listen <-chan time.Time
	if ignore > 0 {
		wake, listen = nil, time.After(ignore)
	}
	for {
		select {
		case <-stop.Done():
			return elapsed
		case <-timer:
			return elapsed
		case <-w.s.c.Closed():
			return lost
		case <-w.s.news.ended:
			return idleEnded
		case <-wake:
			return announced
		case <-listen:
			wake = w.s.news.wake
		case <-requests:
			if w.requested(work) {
				return elapsed
			}
		case <-look:
			if w.requested(work) {
				return elapsed
			}
		}
	}
}

// requested reports whether somebody asks for a parked mail. If the database is unavailable it
// reports false; the request is noticed later.
func (w *watch) requested(ctx context.Context) bool {
	if err := w.loadSuspects(ctx); err != nil {
		return false
	}
	due := w.poison.due()
	return !due.IsZero() && !due.After(time.Now())
}

// idle waits within an IDLE and records how it went.
func (w *watch) idle(stop, work context.Context, timer <-chan time.Time, ignore time.Duration) error {
	began := time.Now()
	ended := elapsed
	err := w.s.idle(work, func() reason {
		ended = w.await(stop, work, timer, ignore)
		return ended
	})
	switch {
	case refused(err):
		w.pacing.noIdle = true
		return w.s.noop(work)
	case errors.Is(err, errIdleEnded):
		// An IDLE that lasted was ended because of its length, which is the server's right.
		w.pacing.noIdle = time.Since(began) < w.f.cfg.PollEvery
		return err
	case err != nil:
		if w.pacing.broken++; w.pacing.broken >= maxBrokenIdles && time.Since(began) < w.f.cfg.PollEvery {
			w.pacing.noIdle = true
		}
		return err
	}
	w.pacing.broken = 0
	w.pacing.idled, w.pacing.notified = ended == elapsed, ended == announced
	return nil
}

// idle lets the server announce news (RFC 2177) until await returns.
func (s *session) idle(ctx context.Context, await func() reason) error {
	drain(s.news.ended)
	s.news.idling.Store(true)
	defer s.news.idling.Store(false)
	var cmd *imapclient.IdleCommand
	err := s.do(ctx, "IDLE", 0, func(func(int)) (err error) {
		cmd, err = s.c.Idle()
		return err
	})
	if err != nil {
		return err
	}
	if await() == idleEnded {
		return errIdleEnded
	}
	return s.do(ctx, "ending IDLE", 0, func(func(int)) error {
		if err := cmd.Close(); err != nil {
			return err
		}
		return cmd.Wait()
	})
}
