package smtp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"tierdesk/mailout"
	"tierdesk/mailout/compose"
	"tierdesk/migrations/process"
	"tierdesk/migrations/sqldb"
)

const (
	poll        = 5 * time.Second       // the longest sleep: other processes write too
	lateEvery   = time.Minute           // how often mail is looked for that has waited long
	linger      = 10 * time.Millisecond // under load results are recorded together
	batch       = 64                    // results of one transaction
	ahead       = 100 * time.Millisecond
	stopRecord  = 10 * time.Second // for recording results at a stop
	fresh       = time.Second      // how long it counts what the claim has asked for the last gate
	patience    = 3                // broken connections in a row until the account pauses
	pauseAtMost = 5 * time.Minute
)

// account is one outgoing account: a goroutine that talks to the database (run) and others that send (work).
type account struct {
	s       *Sender
	name    string
	inboxes []string
	configs map[string]*Config
	cfg     *Config // for the connection
	rate    mailout.Rate
	log     *slog.Logger
	poke    chan struct{} // something for run to do

	mu       sync.Mutex
	queue    []*job         // claimed, not begun
	inHand   map[int64]*job // claimed and not recorded
	results  []mailout.Result
	back     []int64 // to be given back
	running  int
	idle     []*conn
	open     int // connections, idle or in use
	limit    int // connections that the server seems to allow
	limited  time.Time
	ready    bool // a login has worked since the last failure
	paused   *pause
	troubles int           // connections broken in a row
	service  time.Duration // moving average of an attempt
	stopping bool
	status0  AccountStatus // counters
}

type job struct {
	claimed mailout.Claimed
	until   time.Time // end of the lease, in real time; guarded by account.mu
	plain   bool      // its ticket kept nothing inside when it was claimed
	since   time.Time // when that was, in real time
}

type pause struct {
	since   time.Time
	reason  string
	refused bool
	fails   int
	retry   time.Time // real
	probing bool
}

func newAccount(s *Sender, name string, cfg Config) *account {
	return &account{s: s, name: name, configs: map[string]*Config{}, cfg: &cfg, rate: cfg.Rate, log: s.parts.Log.With("account", name),
		poke: make(chan struct{}, 1), inHand: map[int64]*job{}, limit: cfg.MaxConnections, service: ahead}
}

func (a *account) status() AccountStatus {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := a.status0
	out.Account, out.Inboxes, out.Connections, out.InHand = a.name, slices.Clone(a.inboxes), a.open, len(a.inHand)
	if p := a.paused; p != nil {
		out.Paused, out.Since, out.Reason, out.Refused = true, p.since, p.reason, p.refused
	}
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
		case <-a.poke:
		case <-timer.C:
		}
		timer.Stop()
	}
	a.stop(hard, cut)
}

// loop is what run remembers between turns; only its goroutine touches it.
type loop struct {
	*account
	began   bool
	look    bool      // there may be mail to claim
	due     time.Time // when to look next, real time
	renewed time.Time
	checked time.Time // for abandoned mail
	late    time.Time
	meter   mailout.Meter
	overdue map[mailout.Attempt]time.Time // since when we see another's claim overdue
	lingers time.Time                     // since when results wait to be recorded together
	failing bool                          // the database does not answer
	again   time.Time                     // when to try it again
}

// turn does what there is to do and tells how long to sleep if nobody wakes us.
func (l *loop) turn(ctx, hard context.Context) time.Duration {
	now := time.Now()
	if now.Before(l.again) {
		return l.again.Sub(now)
	}
	l.closeIdle(now)
	if err := l.upkeep(ctx, now); err != nil {
		return l.failed(ctx, err)
	}
	if !l.due.IsZero() && !now.Before(l.due) || l.probeDue(now) {
		l.look = true
	}
	results, back, want, lingering := l.plan(now)
	if lingering > 0 {
		return lingering
	}
	if !l.look {
		want = 0
	}
	if len(results) > 0 || len(back) > 0 || want > 0 {
		claimed, err := l.exchange(ctx, results, back, want, now)
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

// probeDue tells that a paused account should be tried again.
func (a *account) probeDue(now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.paused != nil && a.allowed(now) > 0
}

func (l *loop) failed(ctx context.Context, err error) time.Duration {
	if !l.failing && ctx.Err() == nil {
		l.failing = true
		l.log.Error("outgoing mail: the database does not do its part", "error", err)
	}
	l.again = time.Now().Add(time.Second)
	return time.Second
}

// plan takes what is to be recorded and tells how much to claim. Under load it waits a little, so that results are recorded together.
func (l *loop) plan(now time.Time) (results []mailout.Result, back []int64, want int, lingering time.Duration) {
	a := l.account
	a.mu.Lock()
	defer a.mu.Unlock()
	capacity := a.capacity(now)
	if capacity > 0 {
		if free := capacity - len(a.inHand) + len(a.results) + len(a.back); 2*free >= capacity {
			want = min(free, mailout.MaxInClaim)
		}
	}
	if len(a.results) > 0 && len(a.results) < batch && len(a.queue) > a.running && want == 0 && len(a.back) == 0 {
		if l.lingers.IsZero() {
			l.lingers = now
		}
		if rest := linger - now.Sub(l.lingers); rest > 0 {
			return nil, nil, 0, rest
		}
	}
	l.lingers = time.Time{}
	n := min(len(a.results), batch)
	return slices.Clone(a.results[:n]), slices.Clone(a.back), want, 0
}

// capacity is how much to have in hand: a tenth of a second's work, so that an answer overtakes soon, but something for every connection.
func (a *account) capacity(now time.Time) int {
	workers := a.allowed(now)
	if workers == 0 || a.paused != nil || !a.ready {
		return workers
	}
	n := int(ahead / max(a.service, 100*time.Microsecond))
	return min(max(workers, workers*n), mailout.MaxInClaim)
}

// allowed is how many may send at once just now.
func (a *account) allowed(now time.Time) int {
	switch {
	case a.stopping:
		return 0
	case a.paused != nil:
		if now.Before(a.paused.retry) || a.paused.probing {
			return 0
		}
		return 1
	case !a.ready:
		return 1 // one login first: many refused ones would lock the account
	}
	if now.Sub(a.limited) > time.Minute {
		a.limit = a.cfg.MaxConnections
	}
	return max(1, a.limit)
}

// exchange records and claims in one transaction. Results that could not be recorded stay where they are.
func (l *loop) exchange(ctx context.Context, results []mailout.Result, back []int64, want int, now time.Time) (int, error) {
	var claimed []mailout.Claimed
	var plain map[int64]bool
	var due time.Duration
	db := l.s.parts.DB
	err := db.Update(ctx, func(tx *sqldb.Tx) error {
		claimed, plain, due = nil, nil, poll
		if err := mailout.Release(tx, l.s.holder, back, tx.Now()); err != nil {
			return err
		}
		if err := l.s.record(tx, results, true); err != nil {
			return err
		}
		if want == 0 {
			return nil
		}
		var next time.Time
		var err error
		if claimed, next, err = mailout.ClaimRated(tx, &l.meter, l.name, l.rate, l.inboxes, want, l.s.holder, l.s.parts.Lease); err != nil {
			return err
		}
		if plain, err = l.s.plain(tx, claimed); err != nil {
			return err
		}
		if len(claimed) < want {
			if next.IsZero() {
				if next, _, err = mailout.NextDue(tx, l.inboxes); err != nil {
					return err
				}
			}
			if !next.IsZero() {
				// What is due but was not to be had is being claimed by somebody else just now.
				due = max(20*time.Millisecond, min(poll, next.Sub(tx.Now())))
			}
		}
		return nil
	})
	if err != nil && len(results) > 0 && !sqldb.Temporary(err) && ctx.Err() == nil {
		// Something in one of the results is at fault: record them one by one, so that it holds up nobody else.
		if err := l.singly(ctx, results); err != nil {
			return 0, err
		}
		l.forget(results, nil)
		l.due = now // nothing was claimed yet
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	l.forget(results, back)
	if want > 0 {
		l.due = now.Add(due)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range claimed {
		j := &job{claimed: c, until: now.Add(l.s.parts.Lease), plain: plain[c.Mail.ID], since: now}
		l.inHand[c.Mail.ID] = j
		l.queue = append(l.queue, j)
	}
	slices.SortStableFunc(l.queue, func(x, y *job) int { return int(x.claimed.Mail.Urgency) - int(y.claimed.Mail.Urgency) })
	return len(claimed), nil
}

// plain asks for the last gate what can be asked for all mails at once.
func (s *Sender) plain(tx *sqldb.Tx, claimed []mailout.Claimed) (map[int64]bool, error) {
	if s.parts.Plain == nil {
		return nil, nil
	}
	var mails []mailout.Mail
	for i := range claimed {
		if c := &claimed[i]; c.Mail.Party.Outside() && !c.Passed {
			mails = append(mails, c.Mail)
		}
	}
	if len(mails) == 0 {
		return nil, nil
	}
	plain, err := s.parts.Plain(tx, mails)
	if err != nil {
		return nil, fmt.Errorf("asking for the last gate: %w", err)
	}
	return plain, nil
}

// record writes results and tells the desk.
func (s *Sender) record(tx *sqldb.Tx, results []mailout.Result, tell bool) error {
	if len(results) == 0 {
		return nil
	}
	recorded, err := mailout.Finish(tx, s.holder, results, func() float64 { return 0.75 + rand.Float64()/2 })
	if err != nil || !tell {
		return err
	}
	for _, r := range recorded {
		if err := s.parts.Delivered(tx, r); err != nil {
			return fmt.Errorf("telling the desk about mail %d: %w", r.Mail.ID, err)
		}
	}
	return nil
}

// singly records each result alone. Where the desk cannot take one, it is recorded without the desk: to send a mail again because its
// result cannot be told would do more harm.
func (l *loop) singly(ctx context.Context, results []mailout.Result) error {
	for _, r := range results {
		one := []mailout.Result{r}
		err := l.s.parts.DB.Update(ctx, func(tx *sqldb.Tx) error { return l.s.record(tx, one, true) })
		if err == nil {
			continue
		}
		if sqldb.Temporary(err) || ctx.Err() != nil {
			return err
		}
		l.log.Error("what became of a mail could not be told to the desk", "mail", r.Mail.ID, "ticket", r.Mail.Ticket, "state", r.State, "error", err)
		if err := l.s.parts.DB.Update(ctx, func(tx *sqldb.Tx) error { return l.s.record(tx, one, false) }); err != nil {
			return err
		}
	}
	return nil
}

// forget lets go of what has been recorded or given back.
func (a *account) forget(results []mailout.Result, back []int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.results = slices.Delete(a.results, 0, len(results))
	a.back = slices.Delete(a.back, 0, len(back))
	for _, r := range results {
		delete(a.inHand, r.Mail.ID)
	}
	for _, id := range back {
		delete(a.inHand, id)
	}
}

// upkeep renews leases, takes over what dead senders have left, and tells of mail that waits too long.
func (l *loop) upkeep(ctx context.Context, now time.Time) error {
	db, lease := l.s.parts.DB, l.s.parts.Lease
	if !l.began && db.Kind() == sqldb.SQLite {
		// A SQLite desk has one sender, so what is claimed was left by one that died.
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

// renew moves the leases on, and gives back what we have claimed without knowing: the commit's answer was lost.
func (l *loop) renew(ctx context.Context, now time.Time) error {
	l.mu.Lock()
	ids := make([]int64, 0, len(l.inHand))
	for id := range l.inHand {
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
		j := l.inHand[id]
		if j == nil {
			continue // done meanwhile
		}
		if _, still := slices.BinarySearch(own, id); still {
			j.until = now.Add(l.s.parts.Lease)
		} else {
			j.until = time.Time{} // somebody else has it
		}
	}
	return nil
}

// takeOver ends claims of others: at once those of a process of this machine that has ended, for whoever starts after a crash; else once it has itself
// seen them overdue and unchanged for a lease: clocks may differ, time passes for all.
func (l *loop) takeOver(ctx context.Context, now time.Time) error {
	var seen []mailout.Attempt
	var holders []string
	err := l.s.parts.DB.View(ctx, func(tx *sqldb.Tx) (err error) {
		if holders, err = mailout.Holders(tx, l.inboxes, l.s.holder); err != nil {
			return err
		}
		seen, err = mailout.Overdue(tx, l.inboxes, l.s.holder)
		return err
	})
	if err != nil {
		return err
	}
	for _, holder := range holders {
		if process.Dead(holder) {
			if err := l.inherit(ctx, holder); err != nil {
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

// inherit takes over the claims of a dead sender.
func (l *loop) inherit(ctx context.Context, holder string) error {
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
				if err := l.s.parts.Delivered(tx, r); err != nil {
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

func (l *loop) sleep(now time.Time) time.Duration {
	a := l.account
	a.mu.Lock()
	defer a.mu.Unlock()
	d := poll
	until := func(t time.Time) {
		if !t.IsZero() {
			d = min(d, max(t.Sub(now), 0))
		}
	}
	if !l.due.IsZero() && a.capacity(now) > 0 {
		until(l.due)
	}
	until(l.renewed.Add(l.s.parts.Lease / 3))
	if p := a.paused; p != nil && !p.probing {
		until(p.retry)
	}
	if l.s.parts.DB.Kind() == sqldb.Postgres {
		until(l.checked.Add(l.s.parts.Lease / 4))
	}
	if len(a.back) > 0 || l.look && 2*(a.capacity(now)-len(a.inHand)) >= a.capacity(now) && a.capacity(now) > 0 {
		d = 0
	}
	if len(a.results) > 0 {
		d = min(d, linger)
	}
	return d
}

func (a *account) nudge() {
	select {
	case a.poke <- struct{}{}:
	default:
	}
}

func (l *loop) closeIdle(now time.Time) {
	a := l.account
	a.mu.Lock()
	defer a.mu.Unlock()
	a.idle = slices.DeleteFunc(a.idle, func(c *conn) bool {
		old := now.Sub(c.last) >= a.cfg.Timeouts.Idle
		if old {
			a.open--
			go c.quit()
		}
		return old
	})
}

// dispatch gives queued mail to as many goroutines as may send.
func (l *loop) dispatch(hard context.Context, now time.Time) {
	a := l.account
	a.mu.Lock()
	defer a.mu.Unlock()
	for allowed := a.allowed(now); a.running < allowed && len(a.queue) > 0; {
		j := a.queue[0]
		a.queue = a.queue[1:]
		var c *conn
		if n := len(a.idle); n > 0 {
			c, a.idle = a.idle[n-1], a.idle[:n-1]
		}
		a.running++
		if a.paused != nil {
			a.paused.probing = true
			allowed = a.running
		}
		go a.work(hard, j, c)
	}
}

// probe tries a paused account that has no mail to try it with.
func (l *loop) probe(hard context.Context, now time.Time) {
	a := l.account
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.paused == nil || a.allowed(now) == 0 || a.running > 0 || len(a.queue) > 0 {
		return
	}
	a.paused.probing = true
	a.running++
	go func() {
		err := a.s.try(hard, a.cfg)
		a.mu.Lock()
		a.running--
		if a.paused != nil {
			a.paused.probing = false
		}
		if err == nil {
			a.resume()
		} else {
			a.halt(err)
		}
		a.mu.Unlock()
		a.nudge()
	}()
}

// work sends one mail after the other over one connection until none is queued.
func (a *account) work(hard context.Context, j *job, c *conn) {
	for j != nil {
		var o outcome
		began := time.Now()
		o, c = a.attempt(hard, j, c)
		a.mu.Lock()
		a.service = (7*a.service + time.Since(began)) / 8
		a.settle(j, o)
		j = nil
		if len(a.queue) > 0 && a.running <= a.allowed(time.Now()) {
			j = a.queue[0]
			a.queue = a.queue[1:]
		} else {
			a.running--
			if c != nil {
				a.idle = append(a.idle, c)
			}
		}
		tell := j == nil || len(a.results) == 1 || len(a.results)%batch == 0 || len(a.queue) == 0
		a.mu.Unlock()
		if tell {
			a.nudge()
		}
	}
}

// outcome of an attempt: a result, or the mail given back as if it had not been tried. What is given back although it is no longer ours stays
// whose it is.
type outcome struct {
	result mailout.Result
	back   bool
}

// settle notes what became of a job; a.mu is held.
func (a *account) settle(j *job, o outcome) {
	id := j.claimed.Mail.ID
	if a.paused != nil {
		a.paused.probing = false
	}
	if o.back {
		a.back = append(a.back, id)
		return
	}
	switch o.result.State {
	case mailout.Sent:
		a.status0.Sent++
		a.status0.LastSent = a.s.parts.DB.Now()
	case mailout.Failed:
		a.status0.Failed++
	case mailout.HeldOut:
		a.status0.Held++
	default:
		a.status0.Retried++
	}
	a.results = append(a.results, o.result)
}

// attempt sends one mail. It gives the connection back if it can serve on.
func (a *account) attempt(hard context.Context, j *job, c *conn) (outcome, *conn) {
	own := func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		now := time.Now()
		// Both clocks: the monotonic one stands still while the machine is suspended, the other may be set.
		return now.Before(j.until) && now.Round(0).Before(j.until.Round(0))
	}
	if !own() {
		return outcome{back: true}, c
	}
	l, early := a.prepare(hard, j)
	if early != nil {
		return *early, c
	}
	for again := false; ; again = true {
		if c != nil && !c.alive() {
			a.drop(c)
			c = nil
		}
		fresh := c == nil
		if fresh {
			var back bool
			if c, back = a.connect(hard); back {
				return outcome{back: true}, nil
			}
		}
		guard := context.AfterFunc(hard, c.close)
		r := c.send(l.from, l.to, l.raw, l.utf8, own)
		guard()
		if r.broken() || r.err != nil {
			a.drop(c)
			c = nil
		}
		if errors.Is(r.err, errLost) {
			return outcome{back: true}, nil
		}
		// A kept connection that the server has closed meanwhile says nothing about the mail.
		if r.broken() && r.stage == stageMail && !fresh && !again && hard.Err() == nil {
			continue
		}
		if hard.Err() != nil && r.code == 0 && r.stage != stageSent {
			return outcome{back: true}, nil
		}
		return a.judge(j, r), c
	}
}

// letter is a mail ready to be given to a server.
type letter struct {
	from, to string
	raw      []byte
	utf8     bool
}

// prepare composes the mail and asks the last gate. If it gives an outcome the mail does not go now.
func (a *account) prepare(ctx context.Context, j *job) (l letter, early *outcome) {
	m, p := j.claimed.Mail, a.s.parts
	result := func(state mailout.State, reason string) *outcome {
		return &outcome{result: mailout.Result{Mail: m, State: state, Reason: reason}}
	}
	// away is what follows from an error of the database: nothing is held against the mail, which is tried again when the database may be back.
	away := func() *outcome {
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
		return &outcome{back: true}
	}
	defer func() {
		if v := recover(); v != nil {
			a.log.Error("composing a mail panicked", "mail", m.ID, "panic", v, "stack", string(debug.Stack()))
			early = result(mailout.Waiting, fmt.Sprintf("composing it failed: %v", v))
		}
	}()
	if j.claimed.Fault != nil {
		return l, result(mailout.Failed, j.claimed.Fault.Error())
	}
	cfg := a.configs[m.Inbox]
	opt := compose.Options{DKIM: cfg.DKIM}
	if p.Load != nil {
		opt.Load = func(wanted []mailout.Attachment) ([]io.WriterTo, error) { return p.Load(ctx, wanted) }
	}
	var err error
	if l.to, err = compose.Wire(m.Recipient); err != nil {
		return l, result(mailout.Failed, err.Error())
	}
	if l.from, err = a.s.envelope(cfg, m); err != nil {
		return l, result(mailout.Failed, err.Error())
	}
	if l.raw, err = compose.Bytes(m, opt); err != nil {
		if errors.Is(err, compose.ErrMail) {
			return l, result(mailout.Failed, err.Error())
		}
		a.log.Warn("a mail could not be composed", "mail", m.ID, "error", err)
		if sqldb.Temporary(err) {
			return l, away()
		}
		return l, result(mailout.Waiting, err.Error())
	}
	l.utf8 = compose.NeedsUTF8(l.raw, l.from, l.to)
	if m.Party.Outside() && !j.claimed.Passed {
		// What the claim has asked counts for a moment: behind a slow server a mail may wait longer, and then it is asked again.
		secrets, err := p.Secrets(ctx, m, j.plain && time.Since(j.since) < fresh)
		if err != nil {
			a.log.Warn("a mail could not be looked through", "mail", m.ID, "error", err)
			if sqldb.Temporary(err) {
				return l, away()
			}
			return l, result(mailout.Waiting, "asking for the ticket's secrets: "+err.Error())
		}
		if hits := compose.Gate(l.raw, secrets); len(hits) > 0 {
			words := make([]string, len(hits))
			for i, h := range hits {
				words[i] = h.String()
			}
			return l, result(mailout.HeldOut, strings.Join(words, "; "))
		}
	}
	return l, nil
}

// connect gives a connection that has logged in; back tells that the mail has to wait for one.
func (a *account) connect(hard context.Context) (c *conn, back bool) {
	c, err := dial(hard, a.cfg)
	a.mu.Lock()
	defer a.mu.Unlock()
	if err == nil {
		a.open++
		a.ready = true
		return c, false
	}
	if hard.Err() != nil {
		return nil, true
	}
	var r reply
	if a.open > 0 && errors.As(err, &r) && r.code >= 400 && r.code < 500 {
		// The others stand: the server allows no more connections. Those do the work.
		a.limit, a.limited = a.open, time.Now()
		return nil, true
	}
	a.halt(err)
	return nil, true
}

func (a *account) drop(c *conn) {
	c.close()
	a.mu.Lock()
	a.open--
	a.mu.Unlock()
}

// halt pauses the account, or goes on pausing it; a.mu is held.
func (a *account) halt(err error) {
	var r reply
	errors.As(err, &r)
	if a.paused == nil {
		a.paused = &pause{since: a.s.parts.DB.Now()}
		a.log.Error("outgoing mail is paused", "error", err)
	}
	p := a.paused
	p.fails++
	p.reason, p.refused = err.Error(), r.permanent() || r.code == 0 && (r.stage == stageTLS || r.stage == stageAuth) && !network(r.err)
	wait := a.cfg.Timeouts.Pause
	if p.refused {
		wait *= 6 // refused logins lock accounts
	}
	for i := 1; i < p.fails && wait < pauseAtMost; i++ {
		wait *= 2
	}
	p.retry = time.Now().Add(time.Duration(float64(min(wait, pauseAtMost)) * (0.8 + 0.4*rand.Float64())))
	a.ready = false
	for _, j := range a.queue {
		a.back = append(a.back, j.claimed.Mail.ID)
	}
	a.queue = nil
}

// network tells an error of the network from one that comes back each time: a certificate, a login method.
func network(err error) bool {
	var n net.Error
	return errors.As(err, &n) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, context.Canceled)
}

// resume ends a pause; a.mu is held.
func (a *account) resume() {
	a.troubles = 0
	if a.paused != nil {
		a.log.Info("outgoing mail goes on", "paused", a.s.parts.DB.Now().Sub(a.paused.since))
		a.paused = nil
	}
}

// judge tells errors apart (see the package's documentation): whose fault it was, and whether to try again.
func (a *account) judge(j *job, r reply) outcome {
	m := j.claimed.Mail
	out := mailout.Result{Mail: m, Code: r.code, Status: r.status, Reason: r.Error()}
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case r.code == 0:
		out.State = mailout.Waiting
		if a.troubles++; a.troubles >= patience {
			a.troubles = 0
			a.halt(r)
		}
		return outcome{result: out}
	case ourFault(r):
		a.halt(r)
		return outcome{back: true}
	case r.code == 421 && r.stage == stageMail:
		// The server wants a rest before it has heard of any mail.
		a.halt(r)
		return outcome{back: true}
	}
	a.resume()
	switch {
	case r.stage == stageSent && r.ok():
		out.State, out.Reason, out.ProviderID = mailout.Sent, r.text, providerID(a.cfg.Host, r.text)
	case r.permanent():
		out.State = mailout.Failed
		out.Muted = r.stage == stageRcpt && noMailbox(r.status)
	default:
		out.State = mailout.Waiting
	}
	return outcome{result: out}
}

// ourFault tells what is never the recipient's fault: we are not let in, or not believed to be the sender.
func ourFault(r reply) bool {
	if !r.permanent() {
		return false
	}
	switch r.code {
	case 530, 534, 535, 538: // RFC 4954 section 6: log in first, or better
		return true
	}
	if r.stage != stageMail {
		return false
	}
	switch {
	case r.code == 552, r.status == "5.3.4", r.status == "5.2.3": // too big (RFC 1870): this mail alone
		return false
	case r.status == "5.6.7", r.status == "5.6.9", r.code == 555 && strings.Contains(strings.ToUpper(r.text), "SMTPUTF8"): // RFC 6531: this mail alone
		return false
	}
	return true
}

// noMailbox tells from the enhanced status (RFC 3463) that there is no such mailbox and will be none.
func noMailbox(status string) bool {
	switch status {
	case "5.1.1", "5.1.2", "5.1.6", "5.1.10":
		return true
	}
	return false
}

// stop ends the account: what runs may finish within Timeouts.Stop, the rest is given back.
func (a *account) stop(hard context.Context, cut context.CancelFunc) {
	a.mu.Lock()
	a.stopping = true
	for _, j := range a.queue {
		a.back = append(a.back, j.claimed.Mail.ID)
	}
	a.queue = nil
	a.mu.Unlock()
	running := func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		return a.running > 0
	}
	grace := time.NewTimer(a.cfg.Timeouts.Stop)
	defer grace.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for running() {
		select {
		case <-grace.C:
			cut() // every connection breaks, so the rest ends at once
		case <-a.poke:
		case <-tick.C:
		}
	}
	ctx, cancel := context.WithTimeout(hard, stopRecord)
	if hard.Err() != nil {
		ctx, cancel = context.WithTimeout(context.WithoutCancel(hard), stopRecord)
	}
	defer cancel()
	l := &loop{account: a}
	for {
		results, back := a.rest()
		if len(results)+len(back) == 0 {
			break
		}
		if _, err := l.exchange(ctx, results, back, 0, time.Now()); err != nil {
			a.log.Error("stopping: what became of mail could not be recorded; it may be sent again", "mails", len(results), "error", err)
			break
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range a.idle {
		a.open--
		c.quit()
	}
	a.idle = nil
}

func (a *account) rest() ([]mailout.Result, []int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.results[:min(len(a.results), batch)]), slices.Clone(a.back)
}
