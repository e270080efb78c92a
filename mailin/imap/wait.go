package imap

import (
	"context"
	"errors"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"tierdesk/mailin/ledger"
)

// errIdleEnded is that the server ended an IDLE by itself. go-imap would still send DONE, so a new connection is needed.
var errIdleEnded = errors.New("the server ended IDLE by itself")

// maxBrokenIdles is how many IDLEs in a row may end the connection before we poll instead.
const maxBrokenIdles = 3

// lull is what the waits so far have taught about the server: how long to wait, and how much to believe.
type lull struct {
	noIdle  bool // the server offers IDLE, and refuses it or does not keep it up
	broken  int  // IDLEs in a row that lost the connection
	quiet   int  // waits since new mail was found
	idled   bool // the last wait was an IDLE that ran its whole length
	woken   bool // the last wait ended since the server told of mail
	unasked int  // waits in a row that ended so, and nothing new was there
	untold  bool // new mail was found that no IDLE had told of
}

// found notes whether there was new mail when the folder was looked at after a wait.
func (l *lull) found(fresh int) {
	switch {
	case fresh > 0:
		if l.idled || l.woken {
			l.untold = l.idled
		}
		l.quiet, l.unasked = 0, 0
	case l.woken:
		l.unasked++
	}
	l.idled, l.woken = false, false
}

// length is how long the next IDLE lasts. Mail that came just before IDLE began is told by good servers only. So the first IDLE
// after something happened is short, and each one after it is twice as long: what was not told is found at once, and a quiet
// folder is left in peace. A server that does not tell of mail is asked as often as one without IDLE.
func (l *lull) length(cfg *Config) time.Duration {
	longest := cfg.IdleFor
	if l.untold {
		longest = min(longest, cfg.PollEvery)
	}
	return min(longest, time.Second<<min(l.quiet, 20))
}

// deaf is how long the server's word is not listened to: the longer, the more often it cried wolf.
func (l *lull) deaf(cfg *Config) time.Duration {
	const believed = 3
	if l.unasked < believed {
		return 0
	}
	return min(time.Second<<min(l.unasked-believed, 20), cfg.PollEvery)
}

// wait returns when there may be new mail, when something is due, or when stop ends.
func (w *watch) wait(stop, work context.Context) error {
	idle := w.s.caps.Has(imap.CapIdle) && !w.lull.noIdle
	length, doing := w.f.cfg.PollEvery, Polling
	if idle {
		length, doing = w.lull.length(&w.f.cfg), Idling
	}
	deaf := w.lull.deaf(&w.f.cfg)
	w.lull.quiet++
	for _, due := range []time.Time{w.poison.due(), w.refusal.due} {
		if !due.IsZero() {
			length = max(min(length, time.Until(due)), 10*time.Millisecond)
		}
	}
	w.f.note(w.at, func(s *FolderStatus) { s.Doing = doing })
	defer w.f.note(w.at, func(s *FolderStatus) { s.Doing = Fetching })
	if deaf == 0 && drain(w.s.news.wake) { // something came while we were at work
		w.lull.woken = true
		return nil
	}
	timer := time.NewTimer(length)
	defer timer.Stop()
	if !idle {
		w.await(stop, work, timer.C, deaf)
		return w.s.noop(work)
	}
	if err := w.s.noop(work); err != nil {
		return err
	}
	if deaf == 0 && drain(w.s.news.wake) {
		w.lull.woken = true
		return nil
	}
	return w.idle(stop, work, timer.C, deaf)
}

// why is why a wait ended.
type why int

const (
	over      why = iota // its time, or the work
	told                 // the server told of mail
	idleEnded            // the server ended IDLE
	lost                 // the connection is gone
)

// lookForRequests is how often the database is asked whether somebody wants a mail that was set aside. It is asked only if there is one.
const lookForRequests = 5 * time.Second

// await waits for news, for the timer or for the end of stop. News are not listened to for the time given by deaf.
func (w *watch) await(stop, work context.Context, timer <-chan time.Time, deaf time.Duration) why {
	requests, unsubscribe := w.f.db.Subscribe(ledger.Topic)
	defer unsubscribe()
	var look <-chan time.Time
	if w.poison.anyParked() {
		ticker := time.NewTicker(lookForRequests)
		defer ticker.Stop()
		look = ticker.C
	}
	wake := w.s.news.wake
	var hears <-chan time.Time
	if deaf > 0 {
		wake, hears = nil, time.After(deaf)
	}
	for {
		select {
		case <-stop.Done():
			return over
		case <-timer:
			return over
		case <-w.s.c.Closed():
			return lost
		case <-w.s.news.ended:
			return idleEnded
		case <-wake:
			return told
		case <-hears:
			wake = w.s.news.wake
		case <-requests:
			if w.requested(work) {
				return over
			}
		case <-look:
			if w.requested(work) {
				return over
			}
		}
	}
}

// requested reports whether somebody asks for a mail that was set aside. If the database is away the answer waits.
func (w *watch) requested(ctx context.Context) bool {
	if err := w.loadSuspects(ctx); err != nil {
		return false
	}
	due := w.poison.due()
	return !due.IsZero() && !due.After(time.Now())
}

// idle waits within an IDLE, and notes what it was worth.
func (w *watch) idle(stop, work context.Context, timer <-chan time.Time, deaf time.Duration) error {
	began := time.Now()
	reason := over
	err := w.s.idle(work, func() why {
		reason = w.await(stop, work, timer, deaf)
		return reason
	})
	switch {
	case refused(err):
		w.lull.noIdle = true
		return w.s.noop(work)
	case errors.Is(err, errIdleEnded):
		// One that lasted was ended for its length, which is the server's right.
		w.lull.noIdle = time.Since(began) < w.f.cfg.PollEvery
		return err
	case err != nil:
		if w.lull.broken++; w.lull.broken >= maxBrokenIdles && time.Since(began) < w.f.cfg.PollEvery {
			w.lull.noIdle = true
		}
		return err
	}
	w.lull.broken = 0
	w.lull.idled, w.lull.woken = reason == over, reason == told
	return nil
}

// idle lets the server tell of news (RFC 2177) until await returns.
func (s *session) idle(ctx context.Context, await func() why) error {
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
