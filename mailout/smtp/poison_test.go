package smtp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/mailout/compose"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// queueFile queues a mail that carries a file of a mail that came in.
func (d *desk) queueFile(id int64, to string) {
	d.t.Helper()
	m := mailout.Mail{ID: id, Inbox: "support", Ticket: 1042, Kind: "agent-new", Party: mailout.Agent, Recipient: to, Urgency: mailout.Notices, MessageID: fmt.Sprintf("1042.%d.x@acme.example", id),
		Date: noon, From: mailin.Address{Address: "support@acme.example"}, To: []mailin.Address{{Address: to}}, Subject: "x", Text: "y", Attach: []mailout.Attachment{{Name: "a.bin", ContentType: "application/octet-stream", Inbound: 7}}}
	if err := d.db.Update(context.Background(), func(tx *sqldb.Tx) error { return mailout.Enqueue(tx, m) }); err != nil {
		d.t.Fatal(err)
	}
}

// life is one run of a desk that ends by a sudden death: from then on nothing of it reaches the
// database.
func life(t *testing.T, g dbtest.Ground, cfg Config, fatal func(die func()) func(*Parts)) (d *desk, dead func() bool, end func()) {
	var faults dbtest.Faults
	var died atomic.Bool
	cfg.Timeouts.Stop = 50 * time.Millisecond
	die := func() {
		died.Store(true)
		faults.Break(func(int, string) error { return errors.New("dead") })
	}
	d = newDesk(t, g.Open(t, sqldb.WithFault(faults.Ask)), map[string]Config{"support": cfg}, fatal(die))
	return d, died.Load, d.start()
}

// A mail whose composing ends the process is set aside the fourth time, a person is told, and no
// other mail is held up by it or shares its fate.
func TestAMailThatKillsTheSender(t *testing.T) {
	g := dbtest.SQLite(t)
	s := newSink(t, nil)
	cfg := config(s)
	release := make(chan struct{})
	defer close(release)
	deadly := func(die func()) func(*Parts) {
		return func(p *Parts) {
			p.Load = func(context.Context, []mailout.Attachment) ([]io.WriterTo, error) {
				die()
				<-release
				return nil, io.EOF
			}
		}
	}
	const bad = int64(1) << 40
	for n := 1; n <= 3; n++ {
		d, dead, end := life(t, g, cfg, deadly)
		if n == 1 {
			d.queueFile(bad, "ann@staff.example")
		}
		wait(t, "its death", dead)
		end()
		if n < 3 { // more mail for the next one
			d := newDesk(t, g.Open(t), map[string]Config{"support": cfg})
			d.queue(mailout.Notices, fmt.Sprintf("a%d@x.example", n), fmt.Sprintf("b%d@x.example", n))
		}
	}
	d, dead, _ := life(t, g, cfg, deadly)
	wait(t, "it set aside", func() bool { return d.row(bad).State == mailout.HeldOut })
	if r := d.row(bad); dead() || !strings.Contains(r.Error, "3 times") {
		t.Errorf("dead %v, %+v", dead(), r)
	}
	wait(t, "a person told", func() bool {
		for _, r := range d.told() {
			if r.Mail.ID == bad {
				return r.SetAside && r.State == mailout.HeldOut && strings.Contains(r.Reason, "3 times")
			}
		}
		return false
	})
	wait(t, "the others", func() bool { return len(s.mails()) >= 4 })
	for _, m := range s.mails() {
		if m.to == "ann@staff.example" {
			t.Error("it was sent")
		}
	}
	if r, err := heldIn(d); err != nil || r != 1 {
		t.Errorf("%d held, %v", r, err)
	}
	// Once a person has looked, it is tried again.
	if err := d.db.Update(t.Context(), func(tx *sqldb.Tx) error { return mailout.Retry(tx, bad) }); err != nil {
		t.Fatal(err)
	}
	wait(t, "another death", dead)
}

func heldIn(d *desk) (n int, err error) {
	err = d.db.View(context.Background(), func(tx *sqldb.Tx) error { return tx.Get(&n, `SELECT COUNT(*) FROM outbox WHERE state = 'held'`) })
	return n, err
}

// A machine that loses its power again and again, while mail is on its way, sets nothing aside:
// composing it was no trouble.
func TestDeathsThatAreNoMailsFault(t *testing.T) {
	g := dbtest.SQLite(t)
	var death atomic.Pointer[func()]
	s := newSink(t, func(_ int, step, _ string) string {
		if die := death.Load(); step == "RCPT" && die != nil {
			(*die)()
			return hang
		}
		return ""
	})
	cfg := config(s)
	var ids []int64
	for n := range 6 {
		d, dead, end := life(t, g, cfg, func(die func()) func(*Parts) {
			death.Store(&die)
			return func(*Parts) {}
		})
		if n == 0 {
			ids = d.queue(mailout.Answers, "max@customer.example", "eva@other.example")
		}
		wait(t, "its death", dead)
		end()
	}
	death.Store(nil)
	d := newDesk(t, g.Open(t), map[string]Config{"support": cfg})
	d.start()
	d.settled(ids...)
	for _, id := range ids {
		if r := d.row(id); r.State != mailout.Sent {
			t.Errorf("%+v", r)
		}
	}
}

// A panic, and a composing without an end, three times: the mail is set aside; the others go on
// meanwhile.
func TestAMailThatStallsTheSender(t *testing.T) {
	for name, spoil := range map[string]func(){
		"panics": func() { panic("a defect") },
		"hangs":  func() { time.Sleep(300 * time.Millisecond) },
	} {
		t.Run(name, func(t *testing.T) {
			clock := dbtest.NewClock(noon)
			s := newSink(t, nil)
			cfg := config(s)
			cfg.Timeouts.Compose = 100 * time.Millisecond
			d := newDesk(t, dbtest.SQLite(t).Open(t, sqldb.WithClock(clock.Now)), map[string]Config{"support": cfg})
			d.secrets = func(m mailout.Mail) (compose.Secrets, error) {
				if m.Recipient == "bad@x.example" {
					spoil()
				}
				return compose.Secrets{}, nil
			}
			bad := d.queue(mailout.Answers, "bad@x.example")[0]
			d.start()
			for n := 1; n <= mailout.MaxInterrupted; n++ {
				wait(t, "a result", func() bool { return len(d.told()) == 2*n-1 && !d.row(bad).InHand })
				if r := d.row(bad); n < mailout.MaxInterrupted && (r.State != mailout.Waiting || r.Interrupted != n) {
					t.Fatalf("time %d: %+v", n, r)
				}
				d.settled(d.queue(mailout.Answers, "good@x.example")...)
				wait(t, "it told", func() bool { return len(d.told()) == 2*n })
				clock.Advance(10 * time.Minute)
				d.kick()
			}
			if r := d.row(bad); r.State != mailout.HeldOut || !strings.Contains(r.Error, "stopped the sender 3 times") {
				t.Errorf("%+v", r)
			}
			last := d.told()[4]
			if !last.SetAside || last.State != mailout.HeldOut || last.Mail.ID != bad {
				t.Errorf("told %+v", last)
			}
			if n := len(s.mails()); n != 3 {
				t.Errorf("%d arrived", n)
			}
		})
	}
}

// A desk that panics over a result does not end the process: the mail was sent, and would be sent
// again by each that follows.
func TestADeskThatPanicsOverAResult(t *testing.T) {
	s := newSink(t, nil)
	d := newDesk(t, dbtest.SQLite(t).Open(t), map[string]Config{"support": config(s)}, func(p *Parts) {
		inner := p.Delivered
		p.Delivered = func(tx *sqldb.Tx, r mailout.Result) error {
			if r.Mail.Recipient == "odd@x.example" {
				panic("a defect")
			}
			return inner(tx, r)
		}
		p.Plain = func(*sqldb.Tx, []mailout.Mail) (map[int64]bool, error) { panic("another defect") }
	})
	d.start()
	ids := d.queue(mailout.Answers, "a@x.example", "odd@x.example", "b@x.example")
	d.settled(ids...)
	time.Sleep(50 * time.Millisecond)
	if n := len(s.mails()); n != 3 {
		t.Errorf("%d arrived", n)
	}
}

// A file that several people get is taken out of its mail once, and what it may do to a sender is
// feared only then. All get it, and none of their mails is left as one that has stopped a sender.
func TestAFileForSeveralIsReadOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		var loads, began atomic.Int32
		s := newSink(t, nil)
		cfg := config(s)
		cfg.MaxConnections = 3
		d := newDesk(t, db, map[string]Config{"support": cfg}, func(p *Parts) {
			p.Load = func(_ context.Context, wanted []mailout.Attachment) ([]io.WriterTo, error) {
				loads.Add(1)
				var counted int32
				if err := db.View(context.Background(), func(tx *sqldb.Tx) error {
					return tx.Get(&counted, `SELECT COALESCE(SUM(interrupted), 0) FROM outbox`)
				}); err != nil {
					return nil, err
				}
				began.Add(counted)
				return []io.WriterTo{strings.NewReader("what the file holds")}, nil
			}
		})
		for i := range int64(6) {
			d.queueFile(1<<40+i, fmt.Sprintf("agent%d@staff.example", i))
		}
		d.start()
		wait(t, "all mails", func() bool { return len(s.mails()) == 6 })
		wait(t, "all recorded", func() bool { // told is within the transaction, the row is sent behind it
			for i := range int64(6) {
				if len(d.told()) != 6 || d.row(1<<40+i).State != mailout.Sent {
					return false
				}
			}
			return true
		})
		for _, m := range s.mails() {
			if !strings.Contains(m.data, "d2hhdCB0aGUgZmlsZSBob2xkcw==") {
				t.Errorf("%s got no file: %s", m.to, m.data)
			}
		}
		if loads.Load() != 1 || began.Load() != 1 {
			t.Errorf("the file was read %d times, and feared %d times", loads.Load(), began.Load())
		}
		for i := range int64(6) {
			if r := d.row(1<<40 + i); r.Interrupted != 0 || r.State != mailout.Sent {
				t.Errorf("mail %d: %+v", i, r)
			}
		}
	})
}
