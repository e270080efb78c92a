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

// account is one outgoing account: a goroutine that talks to the database (run) and others that
// send (work).
type account struct {
	s       *Sender
	name    string
	inboxes []string
	configs map[string]*Config
	cfg     *Config // for the connection
	rate    mailout.Rate
	log     *slog.Logger
	wakeUp  chan struct{} // something for run to do

	mu       sync.Mutex // guards what is below
	desk     desktop
	pool     pool
	paused   *pause             // nil while mail goes out
	broken   int                // connections broken in a row
	streaks  streaks            // refusals in a row
	disputes map[string]dispute // by gist
	before   *pause             // the pause that ended last
	noted    *mailout.Pause     // in the database; nil before the first time
	stopping bool
	counters AccountStatus
	silence  silence
}

// desktop is the mail that the account has claimed.
type desktop struct {
	queue    []*job         // not begun
	inHand   map[int64]*job // claimed and not recorded
	results  []mailout.Result
	returned []returned
	early    []int64 // given back for a pause that is over: due now
	kept     []kept  // refusals that wait for what comes of other mails
	recall   []int64 // recorded as refused, and it was our account's fault
	service  time.Duration
}

// returned is a mail to be given back as if it had not been tried.
type returned struct {
	id  int64
	due time.Time // real time; zero for at once
}

// job is a claimed mail.
type job struct {
	claimed mailout.Claimed
	until   time.Time     // end of the lease, in real time; guarded by account.mu
	plain   bool          // its ticket kept nothing inside when it was claimed
	since   time.Time     // when that was, in real time
	probe   bool          // it tries whether a pause is over
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

// allowedLocked returns how many may send at once just now.
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
		return 1 // one login first: many refused ones would lock the account
	}
	return a.pool.allowed(now, a.cfg.MaxConnections)
}

// capacityLocked returns how much to have in hand: a tenth of a second's work, so that an answer
// overtakes soon, but something for every connection.
func (a *account) capacityLocked(now time.Time) int {
	workers := a.allowedLocked(now)
	if workers == 0 || a.paused != nil || !a.pool.ready {
		return workers
	}
	n := int(targetInFlight / max(a.desk.service, 100*time.Microsecond))
	return min(max(workers, workers*n), mailout.MaxInClaim)
}

// giveBackLocked empties the queue: nothing of it was tried.
func (a *account) giveBackLocked() {
	for _, j := range a.desk.queue {
		a.desk.returned = append(a.desk.returned, returned{id: j.claimed.Mail.ID})
	}
	a.desk.queue = nil
}
