package smtp

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"tierdesk/mailout"
	"tierdesk/mailout/compose"
)

// account is one outgoing account. One goroutine talks to the database (run), others send (work).
type account struct {
	s       *Sender
	name    string
	inboxes []string
	configs map[string]*Config
	cfg     *Config // for the connection
	rate    mailout.Rate
	log     *slog.Logger
	wakeUp  chan struct{} // wakes run

	mu       sync.Mutex // guards the fields below
	desk     desktop
	pool     pool
	paused   *pause             // nil while mail goes out
	broken   int                // consecutive broken connections
	streaks  streaks            // consecutive refusals
	disputes map[string]dispute // by gist
	before   *pause             // the pause that ended last
	noted    *mailout.Pause     // as recorded in the database; nil before the first time
	stopping bool
	counters AccountStatus
	silence  silence
}

// desktop holds the mail that the account has claimed.
type desktop struct {
	queue    []*job         // not begun
	inHand   map[int64]*job // claimed, with no result recorded yet
	results  []mailout.Result
	returned []returned
	early    []int64 // released because of a pause that is over: due now
	kept     []kept  // refusals withheld until the results of other mails are known
	recall   []int64 // recorded as refused although our account was at fault
	service  time.Duration
}

// returned is a mail to be released as if it had not been tried.
type returned struct {
	id  int64
	due time.Time // real time; zero for at once
}

// job is a claimed mail.
type job struct {
	claimed mailout.Claimed
	until   time.Time     // end of the lease, in real time; guarded by account.mu
	plain   bool          // when it was claimed, its ticket held nothing internal
	since   time.Time     // when that was, in real time
	probe   bool          // it tests whether a pause is over
	began   time.Time     // when its attempt began
	files   compose.Files // encoded already, nil if they are not
}

func newAccount(s *Sender, name string, cfg Config) *account {
	return &account{s: s, name: name, configs: map[string]*Config{}, cfg: &cfg, rate: cfg.Rate, log: s.parts.Log.With("account", name),
		wakeUp: make(chan struct{}, 1),
		desk:   desktop{inHand: map[int64]*job{}, service: targetInFlight}, pool: pool{limit: cfg.MaxConnections}, streaks: streaks{},
		disputes: map[string]dispute{}}
}

func (a *account) status() AccountStatus {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := a.counters
	out.Account, out.Inboxes, out.Connections, out.InHand = a.name, slices.Clone(a.inboxes), a.pool.open, len(a.desk.inHand)
	if p := a.paused; p != nil {
		out.Paused, out.Since, out.Reason, out.Refused = true, p.since, p.reason, p.refused()
	}
	out.Silent = a.silence.status()
	return out
}

// run is the account's loop. It owns the database side: recording, claiming, leases.
func (a *account) run(ctx context.Context) {
	wake, unsubscribe := a.s.parts.DB.Subscribe(mailout.TopicQueued)
	defer unsubscribe()
	hard, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	l := &loop{account: a, look: true}
	for ctx.Err() == nil {
		pause := l.turn(ctx, hard)
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-wake:
			l.look = true
		case <-a.wakeUp:
		case <-timer.C:
		}
		timer.Stop()
	}
	a.stop(hard, cut)
}

func (a *account) wake() {
	select {
	case a.wakeUp <- struct{}{}:
	default:
	}
}

// allowedLocked returns how many goroutines may send concurrently at this time.
func (a *account) allowedLocked(now time.Time) int {
	switch {
	case a.stopping:
		return 0
	case a.paused != nil:
		if now.Before(a.paused.retry) || a.paused.probing {
			return 0
		}
		return 1
	case !a.pool.ready:
		return 1 // one login first: many refused logins would lock the account
	}
	return a.pool.allowed(now, a.cfg.MaxConnections)
}

// capacityLocked returns how many mails to hold claims on: a tenth of a second's work, so that an
// answer need not wait long, but at least one for each connection.
func (a *account) capacityLocked(now time.Time) int {
	workers := a.allowedLocked(now)
	if workers == 0 || a.paused != nil || !a.pool.ready {
		return workers
	}
	n := int(targetInFlight / max(a.desk.service, 100*time.Microsecond))
	return min(max(workers, workers*n), mailout.MaxInClaim)
}

// giveBackLocked releases all queued mails: none of them was tried.
func (a *account) giveBackLocked() {
	for _, j := range a.desk.queue {
		a.desk.returned = append(a.desk.returned, returned{id: j.claimed.Mail.ID})
	}
	a.desk.queue = nil
}
