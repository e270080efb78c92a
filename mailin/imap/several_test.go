package imap_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/imap"
	"tierdesk/mailin/imap/imaptest"
	"tierdesk/mailin/ledger"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// node is one of several daemons on one PostgreSQL, with a database handle and a wall clock of its
// own.
type node struct {
	desk *imaptest.Desk
	f    *imap.Fetcher
	gate gate
}

// gate holds up or breaks the statements of a node's writing transactions.
type gate struct {
	mu     sync.Mutex
	closed chan struct{} // statements wait until it is closed
	commit bool          // commits only
	err    error
}

func (g *gate) ask(statement string) error {
	g.mu.Lock()
	wait, err := g.closed, g.err
	if g.commit && statement != "COMMIT" {
		wait, err = nil, nil
	}
	g.mu.Unlock()
	if wait != nil {
		<-wait
	}
	return err
}

func (g *gate) set(wait chan struct{}, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed, g.err = wait, err
}

// impatient has the database end transactions that are idle for a second.
func impatient(t *testing.T, g dbtest.Ground) dbtest.Ground {
	u, err := url.Parse(g.URL)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("idle_in_transaction_session_timeout", "1s")
	u.RawQuery = q.Encode()
	g.URL = u.String()
	return g
}

func newNode(t *testing.T, g dbtest.Ground, a imaptest.Account, name string, wrong, ttl time.Duration) *node {
	n := &node{}
	db := g.Open(t, sqldb.WithFault(n.gate.ask), sqldb.WithClock(func() time.Time { return time.Now().Add(wrong) }))
	n.desk = &imaptest.Desk{DB: db}
	cfg := imap.Quick(a.Config())
	cfg.FirstRun = imap.FirstRun{Import: true}
	f, err := imap.New(cfg, db, ledger.NewKeeper(db, name, ttl), n.desk, nil)
	if err != nil {
		t.Fatal(err)
	}
	n.f = f
	return n
}

// Two daemons on one inbox: one works, the other stands by, and takes over when the first is
// silent, whatever it is that silences it. No mail is taken twice, none is lost, and a daemon that
// wakes up does no harm. Their clocks are an hour apart.
func TestTwoDaemons(t *testing.T) {
	t.Parallel()
	for name, silence := range map[string]func(g *gate) (wake func()){
		// As SIGSTOP would have it: in the middle of a transaction, for longer than the lease.
		"stopped and continued": func(g *gate) func() {
			wait := make(chan struct{})
			g.set(wait, nil)
			return func() { g.set(nil, nil); close(wait) }
		},
		// The rows are written and hold up whoever wants the same, until the database gives up on
		// the daemon.
		"stopped before the commit": func(g *gate) func() {
			wait := make(chan struct{})
			g.set(wait, nil)
			g.commit = true
			return func() { g.set(nil, nil); close(wait) }
		},
		"cut off from the database": func(g *gate) func() {
			g.set(nil, fmt.Errorf("reading: %w", context.DeadlineExceeded))
			return func() { g.set(nil, nil) }
		},
	} {
		for _, wrong := range []time.Duration{time.Hour, -time.Hour} {
			t.Run(fmt.Sprintf("%s, clock %v", name, wrong), func(t *testing.T) {
				t.Parallel()
				const ttl = 4 * time.Second // on a busy machine a renews late
				g := impatient(t, dbtest.Postgres(t))
				s := script(t, modern)
				a := newNode(t, g, s.account(), "a", 0, ttl)
				imaptest.Start(t, a.f)
				imaptest.Eventually(t, "a leads", func() bool { return a.f.Status().Leading && a.f.Status().Folders[0].Doing == imap.Idling })
				b := newNode(t, g, s.account(), "b", wrong, ttl)
				imaptest.Start(t, b.f)
				imaptest.Eventually(t, "b stands by", func() bool { return b.f.Status().Folders[0].Doing == imap.Waiting })
				s.put(1, imaptest.Mail("1", 3000))
				imaptest.Eventually(t, "a takes the first", func() bool { return len(a.desk.Mails()) == 1 })
				time.Sleep(3 * ttl / 2) // b watches a renew
				if b.f.Status().Leading || !a.f.Status().Leading {
					t.Fatal("b robbed a")
				}
				imaptest.Eventually(t, "the first is moved", func() bool { return len(s.inbox()) == 0 })

				wake := silence(&a.gate)
				for uid := uint32(2); uid <= 21; uid++ {
					s.put(uid, imaptest.Mail(fmt.Sprint(uid), 3000))
				}
				imaptest.Eventually(t, "b takes over", func() bool { return len(b.desk.Mails()) == 20 && len(s.inbox()) == 0 })
				wake()
				s.put(22, imaptest.Mail("22", 3000))
				imaptest.Eventually(t, "the last is taken", func() bool { return len(a.desk.Mails())+len(b.desk.Mails()) == 22 && len(s.inbox()) == 0 })
				imaptest.Eventually(t, "a stands by", func() bool { return !a.f.Status().Leading })
				var uids []uint32
				for _, m := range append(a.desk.Mails(), b.desk.Mails()...) {
					uids = append(uids, m.Source.UID)
				}
				if slices.Sort(uids); len(slices.Compact(uids)) != 22 {
					t.Errorf("taken: %v", uids)
				}
				if moved := s.folder("Processed"); len(moved) != 22 {
					t.Errorf("moved: %v", moved)
				}
			})
		}
	}
}

// A clean stop hands the inbox over at once.
func TestHandOver(t *testing.T) {
	t.Parallel()
	g := dbtest.Postgres(t)
	s := script(t, modern)
	const ttl = 5 * time.Second
	a, b := newNode(t, g, s.account(), "a", 0, ttl), newNode(t, g, s.account(), "b", 0, ttl)
	stop := imaptest.Start(t, a.f)
	imaptest.Eventually(t, "a leads", func() bool { return a.f.Status().Leading })
	imaptest.Start(t, b.f)
	stop()
	began := time.Now()
	imaptest.Eventually(t, "b leads", func() bool { return b.f.Status().Leading })
	if took := time.Since(began); took > ttl/2 {
		t.Errorf("took %v", took)
	}
}

// relay forwards connections until it is cut.
type relay struct {
	ln net.Listener
	mu sync.Mutex
	cc []net.Conn
}

func newRelay(t *testing.T, port int) *relay {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{ln: ln}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			in, err := ln.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", port))
			if err != nil {
				in.Close()
				continue
			}
			r.mu.Lock()
			r.cc = append(r.cc, in, out)
			r.mu.Unlock()
			all.Go(func() { io.Copy(in, out); in.Close() })
			all.Go(func() { io.Copy(out, in); out.Close() })
		}
	})
	t.Cleanup(func() { r.cut(); all.Wait() })
	return r
}

func (r *relay) cut() {
	r.ln.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.cc {
		c.Close()
	}
}

// A daemon that reaches the database and not the mail server leaves the inbox to one that does.
func TestCutOffFromTheMailServer(t *testing.T) {
	t.Parallel()
	g := dbtest.Postgres(t)
	s := script(t, modern)
	way := newRelay(t, s.port)
	near := s.account()
	near.Server.Port = way.ln.Addr().(*net.TCPAddr).Port
	const lease = 2 * time.Second
	a := newNode(t, g, near, "a", 0, lease)
	imaptest.Start(t, a.f)
	imaptest.Eventually(t, "a leads", func() bool { return a.f.Status().Folders[0].Doing == imap.Idling })
	// b is more patient: it is to take the inbox since a leaves it, not since a busy machine kept a
	// from renewing its lease.
	b := newNode(t, g, s.account(), "b", 0, 9*time.Second)
	imaptest.Start(t, b.f)
	way.cut()
	s.put(1, imaptest.Mail("1", 3000))
	imaptest.Eventually(t, "b takes it", func() bool { return len(b.desk.Mails()) == 1 })
	if a.f.Status().Leading {
		t.Error("both lead")
	}
}

// Whatever statement of a transaction fails, once: no mail is lost, none is taken twice, all are
// acknowledged.
func TestEachStatementFailsOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		broken := errors.New("broken for a test")
		for n, done := 1, false; !done; n++ {
			s := script(t, modern)
			var faults dbtest.Faults
			db := g.Open(t, sqldb.WithFault(faults.Ask))
			if err := db.Update(context.Background(), func(tx *sqldb.Tx) error {
				for _, table := range []string{"ledger", "mailboxes", "leases"} {
					if _, err := tx.Exec("DELETE FROM " + table); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			desk := &imaptest.Desk{DB: db}
			cfg := imap.Quick(s.account().Config())
			cfg.FirstRun = imap.FirstRun{Import: true}
			f, err := imap.New(cfg, db, ledger.NewKeeper(db, "test", 100*time.Millisecond), desk, nil)
			if err != nil {
				t.Fatal(err)
			}
			for uid := uint32(1); uid <= 3; uid++ {
				s.put(uid, imaptest.Mail(fmt.Sprint(uid), 3000))
			}
			fired, asked := false, 0
			var mu sync.Mutex
			faults.Break(func(_ int, query string) error {
				mu.Lock()
				defer mu.Unlock()
				if strings.Contains(query, "leases SET until") { // renewals come when they come
					return nil
				}
				if asked++; asked != n {
					return nil
				}
				fired = true
				return fmt.Errorf("%w: %w", broken, context.DeadlineExceeded)
			})
			stop := imaptest.Start(t, f)
			imaptest.Eventually(t, fmt.Sprintf("all is moved though statement %d failed", n), func() bool { return len(s.inbox()) == 0 && f.Status().Folders[0].Doing == imap.Idling })
			stop()
			mu.Lock()
			done = !fired || n > 40
			mu.Unlock()
			faults.Break(nil)
			if err := db.View(context.Background(), func(tx *sqldb.Tx) error {
				var left int
				if err := tx.Get(&left, `SELECT COUNT(*) FROM ledger WHERE state <> 'acknowledged'`); err != nil {
					return err
				}
				if left != 0 || len(desk.Mails()) != 3 {
					t.Errorf("statement %d: %d not acknowledged, %d taken", n, left, len(desk.Mails()))
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if done && n < 8 {
				t.Errorf("only %d statements were broken", n-1)
			}
		}
	})
}

var _ mailin.Handler = (*imaptest.Desk)(nil)
