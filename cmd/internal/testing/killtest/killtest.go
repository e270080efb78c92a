package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/cmd/internal/testing/servers"
	"tierdesk/cmd/internal/testing/sink"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/desk/invariants"
)

// options are the options of a run.
type options struct {
	mails, kills int
	seed         uint64
	say          func(format string, args ...any) // progress; nil for none
}

// place is the environment of a test.
type place struct {
	dir      string // a folder for the desk folder, empty
	database string // URL of an empty database
	imap     string // host:port; the user is support
	deliver  func(from, to string, raw []byte) error
}

// test is one run: mails come in, daemons are killed.
type test struct {
	options
	place
	tb      testing.TB // for reading the mailbox
	rnd     *rand.Rand
	sink    *sink.Sink
	allowed atomic.Int64 // how many mails may be delivered so far
	done    atomic.Int64 // how many have been delivered
	mails   []delivery   // once all are delivered
	report
}

// run kills daemons until there have been enough kills and all mails are delivered, lets the desk
// finish, and counts. The test has passed if there is no error and the report has no findings.
func run(ctx context.Context, tb testing.TB, o options, p place) (_ *report, err error) {
	if o.say == nil {
		o.say = func(string, ...any) {}
	}
	t := &test{options: o, place: p, tb: tb, rnd: rand.New(rand.NewPCG(o.seed, 2))}
	began := time.Now()
	if t.sink, err = sink.Start(sink.Options{
		Keep: func(to string) bool { return strings.HasSuffix(to, customers) }, // those are answered and sent back
		Pause: func() time.Duration {
			if rand.IntN(4) > 0 {
				return 0
			}
			return rand.N(20 * time.Millisecond) // real servers take some time, so that a kill may come before the answer
		},
	}); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, t.sink.Close()) }()
	if err := t.writeDesk(); err != nil {
		return nil, fmt.Errorf("writing the desk folder: %w", err)
	}
	// Mail that is in the mailbox at the very first start counts as old, and nobody is sent mail
	// about it.
	first, err := startDaemon(t.dir)
	if err != nil {
		return nil, err
	}
	err = t.await(ctx, time.Minute, "the first daemon watches",
		func() (bool, error) { return first.stage.Load() == stageWatching, first.alive() })
	if stopped := first.stop(); err == nil {
		err = stopped
	}
	if err != nil {
		return nil, err
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	var failed error
	wg.Go(func() {
		if failed = t.deliverAll(ctx); failed != nil {
			cancel()
		}
	})
	err = t.killAll(ctx)
	if err != nil {
		cancel()
	}
	wg.Wait()
	if err = errors.Join(failed, err); err != nil {
		return nil, err
	}
	t.killing = time.Since(began)
	if err := t.finish(ctx); err != nil {
		return nil, err
	}
	t.all = time.Since(began)
	return &t.report, t.count(ctx)
}

// deliverAll puts the mails into the mailbox, as many as the kills allow so far.
func (t *test) deliverAll(ctx context.Context) error {
	w := newWriter(t.seed, t.sink)
	for n := 1; n <= t.options.mails; n++ {
		for int64(n) > t.allowed.Load() {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(2 * time.Millisecond):
			}
		}
		d := w.next(n)
		if err := t.deliver(d.from, d.to, d.raw); err != nil {
			return fmt.Errorf("delivering mail %d: %w", n, err)
		}
		t.mails = append(t.mails, d)
		t.done.Store(int64(n))
	}
	return nil
}

// killAll starts daemons and kills them: some within the first milliseconds, some during their
// start, some at work.
func (t *test) killAll(ctx context.Context) error {
	for t.report.kills < t.options.kills || t.done.Load() < int64(t.options.mails) {
		t.allowed.Store(int64(t.options.mails) * int64(t.report.kills+1) / int64(t.options.kills))
		p, err := startDaemon(t.dir)
		if err != nil {
			return err
		}
		if err := t.sample(ctx); err != nil {
			p.kill()
			return err
		}
		t.live(ctx, p)
		stage, err := p.kill()
		if err := errors.Join(ctx.Err(), err); err != nil {
			return err
		}
		t.report.kills++
		t.stages[min(stage, stages-1)]++
		if t.report.kills%max(1, t.options.kills/20) == 0 {
			arrivals := t.sink.Arrivals()
			t.say("%d kills, %d mails delivered, %d at the sink", t.report.kills, t.done.Load(), len(arrivals))
		}
	}
	return nil
}

// live waits until it is time to kill a daemon.
func (t *test) live(ctx context.Context, p *process) {
	var delay time.Duration
	switch share := t.rnd.Float64(); {
	case share < 0.15:
		delay = rand.N(20 * time.Millisecond)
	case share < 0.40:
		delay = rand.N(300 * time.Millisecond)
	default:
		// At work: on a busy machine a daemon may need a second to start, and one that never gets
		// beyond its first batch shows little.
		for end := time.Now().Add(10 * time.Second); p.stage.Load() < stageOpen && time.Now().Before(end) &&
			ctx.Err() == nil && p.alive() == nil; {
			time.Sleep(time.Millisecond)
		}
		delay = rand.N(1500 * time.Millisecond)
		if share < 0.70 {
			// Also while mail is being sent: after DATA, and before results are recorded.
			for end, n := time.Now().Add(delay), t.sink.Count(); t.sink.Count() == n && time.Now().Before(end) && ctx.Err() == nil; {
				time.Sleep(time.Millisecond)
			}
			delay = rand.N(20 * time.Millisecond)
		}
	}
	select {
	case <-ctx.Done():
	case <-time.After(delay):
	}
}

// sample checks the invariants while a daemon that has just been started runs. The check takes
// longer the more data there is, so it becomes less frequent.
func (t *test) sample(ctx context.Context) error {
	if t.report.kills == 0 || time.Since(t.sampled) < 10*t.sampling {
		return nil
	}
	began := time.Now()
	// The database is opened and closed each time: keeping it open here would spare SQLite the
	// recovery that is needed after a crash.
	db, err := sqldb.Open(ctx, t.database)
	if err != nil {
		return err
	}
	defer db.Close()
	err = db.View(ctx, func(tx *sqldb.Tx) error {
		found, err := invariants.Check(tx, nil)
		t.find("an invariant after kill %d: %+v", found, t.report.kills)
		return err
	})
	t.samples++
	t.sampled, t.sampling = time.Now(), time.Since(began)
	return err
}

// patience is how long the last daemon may make no progress while there is work left: far longer
// than the leases of the daemons that died.
const patience = 45 * time.Second

// finish lets a last daemon do the remaining work, and stops it.
func (t *test) finish(ctx context.Context) error {
	p, err := startDaemon(t.dir)
	if err != nil {
		return err
	}
	db, err := sqldb.Open(ctx, t.database)
	if err != nil {
		p.kill()
		return err
	}
	defer db.Close()
	box := servers.MailboxAt(t.imap, support)
	var taken, waiting, inbox, calm int
	var before [3]int
	moved := time.Now()
	err = t.await(ctx, time.Hour, "the desk is done", func() (bool, error) {
		err := db.View(ctx, func(tx *sqldb.Tx) error {
			return errors.Join(tx.Get(&taken, `SELECT COUNT(*) FROM inbound`),
				tx.Get(&waiting, `SELECT COUNT(*) FROM outbox WHERE state = 'waiting'`))
		})
		if err != nil {
			return false, err
		}
		if inbox, err = box.Count("INBOX"); err != nil {
			return false, err
		}
		if now := [3]int{taken, waiting, inbox}; now != before {
			before, moved = now, time.Now()
		}
		if time.Since(moved) > patience {
			return false, fmt.Errorf("nothing has happened for %v", patience)
		}
		if calm++; waiting > 0 || inbox > 0 {
			calm = 0
		}
		return calm >= 4, p.alive()
	})
	if err != nil {
		p.kill()
		return fmt.Errorf("%w: %d mails taken, %d wait in the outbox, %d in the INBOX\n%s", err, taken, waiting, inbox, p.tail())
	}
	return p.stop()
}

// alive returns an error if the daemon has ended.
func (p *process) alive() error {
	select {
	case <-p.ended:
		return p.died()
	default:
		return nil
	}
}

// await calls so until it returns true.
func (t *test) await(ctx context.Context, limit time.Duration, what string, so func() (bool, error)) error {
	for end := time.Now().Add(limit); ; {
		ok, err := so()
		if ok || err != nil {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("not within %v: %s", limit, what)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// openDesk returns the desk without running it, to find out when the next promise of a ticket is
// due.
func (t *test) openDesk(ctx context.Context) (*app.App, error) {
	cfg, err := config.Load(ctx, t.dir)
	if err != nil {
		return nil, err
	}
	return app.New(ctx, cfg, discard(), app.Exclusive(), app.WithResolver(nil))
}

func (t *test) writeDesk() error {
	if err := os.MkdirAll(filepath.Join(t.dir, "rules"), 0o755); err != nil {
		return err
	}
	for name, text := range map[string]string{
		"secret": servers.Password,
		"tierdesk.yaml": fmt.Sprintf(`desk: {name: Acme Support, domain: acme.example, admin: it@acme.example}
database: %s
inboxes:
  support: {address: %s, imap: "insecure+imap://%s", user: %s, password_file: secret, after: "move:Processed", first_run: new}
outgoing: {smtp: "insecure+smtp://%s"}
trust: {authserv_id: mx.acme.example}
limits: {answers_per_address: 1000/h}
`, t.database, support, t.imap, support, t.sink.Addr),
		"people.yaml": "agents:\n  ann: {full_name: Ann Able, address: " + agent +
			", teams: [frontdesk]}\nteams: {frontdesk: {name: Front desk}, technicians: {name: Technicians}}\n",
		"service.yaml": `tiers:
  - {level: 1, name: Front desk, team: frontdesk}
  - {level: 2, name: Technicians, team: technicians}
escalation:
  - {when: first_reply at 80%, notify: [team]}
  - {when: resolution missed, tier: up}
`,
		"rules/10-routing.yaml": `rules:
  - name: tagged
    when: subject contains "7"
    do:
      - set: {tags: [+seven]}
`,
	} {
		if err := os.WriteFile(filepath.Join(t.dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}
