package smtp

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/mailout/compose"
	"tierdesk/mailout/token"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// desk is a Sender with everything around it that a desk has.
type desk struct {
	t      testing.TB
	db     *sqldb.DB
	sender *Sender

	mu      sync.Mutex
	results []mailout.Result
	fault   func(mailout.Result) error
	secrets func(mailout.Mail) (compose.Secrets, error)
}

func config(s *sink) Config {
	return Config{Security: Plain, Host: "127.0.0.1", Port: s.port(), Address: "support@acme.example", Envelope: EnvelopeAddress,
		Timeouts: Timeouts{Connect: time.Second, Command: time.Second, Data: time.Second, Idle: 2 * time.Second, Stop: time.Second, Pause: 50 * time.Millisecond, Doubt: 50 * time.Millisecond}}
}

func newDesk(t testing.TB, db *sqldb.DB, accounts map[string]Config, change ...func(*Parts)) *desk {
	t.Helper()
	d := &desk{t: t, db: db}
	keys, err := token.New([]byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	if os.Getenv("SENDER_LOG") != "" {
		log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	p := Parts{DB: db, Keys: func() *token.Keyring { return keys }, Log: log,
		Secrets: func(_ context.Context, m mailout.Mail, plain bool) (compose.Secrets, error) {
			if d.secrets != nil {
				return d.secrets(m)
			}
			return compose.Secrets{}, nil
		},
		Delivered: func(_ *sqldb.Tx, r mailout.Result) error {
			d.mu.Lock()
			defer d.mu.Unlock()
			if d.fault != nil {
				if err := d.fault(r); err != nil {
					return err
				}
			}
			d.results = append(d.results, r)
			return nil
		}}
	for _, f := range change {
		f(&p)
	}
	if d.sender, err = New(accounts, p); err != nil {
		t.Fatal(err)
	}
	return d
}

// start runs the sender until the test or the returned function ends it.
func (d *desk) start() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		d.sender.Run(ctx)
		close(done)
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			d.t.Error("the sender did not stop")
		}
	})
	d.t.Cleanup(stop)
	return stop
}

// queue puts mails to the recipients into the outbox.
func (d *desk) queue(urgency mailout.Urgency, recipients ...string) []int64 {
	d.t.Helper()
	var ids []int64
	err := d.db.Update(context.Background(), func(tx *sqldb.Tx) error {
		ids = nil
		var mails []mailout.Mail
		for _, r := range recipients {
			id, err := tx.NextID("outbox")
			if err != nil {
				return err
			}
			ids = append(ids, id)
			mails = append(mails, mailout.Mail{ID: id, Group: id, Inbox: "support", Ticket: 1042, Kind: "answer", Party: mailout.Customer, Recipient: r, Urgency: urgency,
				MessageID: fmt.Sprintf("1042.%d.x@acme.example", id), Created: tx.Now(), Date: tx.Now(), From: mailin.Address{Name: "Acme", Address: "support@acme.example"},
				To: []mailin.Address{{Address: r}}, Subject: "Re: [#1042] Printer", Text: "Paper is out.\n.\nPlease add some.\n", HTML: "<p>Paper is out.</p>"})
		}
		return mailout.EnqueueAll(tx, mails)
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return ids
}

func (d *desk) row(id int64) mailout.Row {
	d.t.Helper()
	var r mailout.Row
	if err := d.db.View(context.Background(), func(tx *sqldb.Tx) (err error) {
		r, err = mailout.Notice(tx, id)
		return err
	}); err != nil {
		d.t.Fatal(err)
	}
	return r
}

func (d *desk) told() []mailout.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]mailout.Result(nil), d.results...)
}

// wait waits until the condition holds; it fails the test after some seconds.
// patience is how long a test waits for what does not come: a busy machine takes its time.
var patience = func() time.Duration {
	if os.Getenv("TIERDESK_MUTANT") != "" {
		return 10 * time.Second
	}
	return time.Minute
}()

func wait(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("waited in vain for: %s", what)
}

func (d *desk) settled(ids ...int64) {
	d.t.Helper()
	wait(d.t, "results of all mails", func() bool {
		for _, id := range ids {
			if r := d.row(id); r.State == mailout.Waiting {
				return false
			}
		}
		return true
	})
}

func TestMailLeavesAndIsFinished(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		s := newSink(t, nil)
		d := newDesk(t, db, map[string]Config{"support": config(s)})
		d.start()
		ids := d.queue(mailout.Answers, "jane@gold.example", "bob@gold.example", "eve@x.example")
		d.settled(ids...)
		if got := s.mails(); len(got) != 3 || got[0].from != "support@acme.example" {
			t.Fatalf("arrived: %+v", got)
		}
		wait(t, "the desk told", func() bool { return len(d.told()) == 3 })
		for _, r := range d.told() {
			if r.State != mailout.Sent || r.Code != 250 || r.Status != "2.0.0" || r.Mail.Subject == "" {
				t.Errorf("told %+v", r)
			}
		}
		// Mail queued later wakes the sender at once.
		began := time.Now()
		d.settled(d.queue(mailout.Answers, "jane@gold.example")...)
		if waited := time.Since(began); waited > 2*time.Second {
			t.Errorf("a queued mail waited %v", waited)
		}
	})
}
