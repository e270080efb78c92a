package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/mailout/compose"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/process"
	"tierdesk/migrations/sqldb"
)

// What a fault must lead to.
const (
	pauses   = "pauses"   // the account waits; nothing is held against the mail
	waits    = "waits"    // this mail is tried later
	fails    = "fails"    // refused for good
	mutes    = "mutes"    // refused, and the mailbox does not exist
	reenters = "reenters" // sent at once over a new connection
)

// Every fault at every step: whose fault it is, and that the mail arrives once the server is well
// again.
func TestFaultsAtEachStep(t *testing.T) {
	cases := []struct{ step, answer, want string }{
		{"CONNECT", "421 4.3.2 not now", pauses}, {"CONNECT", "554 5.7.1 go away", pauses}, {"CONNECT", cut, pauses}, {"CONNECT", hang, pauses}, {"CONNECT", "gibberish", pauses}, {"CONNECT", trickle, pauses},
		{"EHLO", "421 4.3.2 not now", pauses}, {"EHLO", "550 5.7.1 bad name", pauses}, {"EHLO", cut, pauses}, {"EHLO", hang, pauses},
		{"AUTH", "454 4.7.0 later", pauses}, {"AUTH", "535 5.7.8 wrong password", pauses}, {"AUTH", cut, pauses}, {"AUTH", hang, pauses}, {"AUTH", "421 4.7.0 later", pauses},
		{"MAIL", "451 4.3.0 try later", waits}, {"MAIL", "452 4.3.1 full", waits}, {"MAIL", "550 5.7.60 you may not send as this sender", pauses},
		{"MAIL", "530 5.7.0 log in first", pauses}, {"MAIL", "421 4.7.0 too many mails", pauses}, {"MAIL", cut, waits}, {"MAIL", hang, waits},
		{"MAIL", "552 5.3.4 too big", fails}, {"MAIL", "gibberish", waits},
		{"RCPT", "451 4.7.1 greylisted", waits}, {"RCPT", "450 4.2.1 mailbox busy", waits}, {"RCPT", "550 5.1.1 no such user", mutes}, {"RCPT", "550 5.1.10 null MX", mutes},
		{"RCPT", "550 5.7.1 blocked", fails}, {"RCPT", "552 5.2.2 over quota", fails}, {"RCPT", "550 no such user", fails}, {"RCPT", "421 4.7.0 bye", waits},
		{"RCPT", "535 5.7.8 who are you", pauses}, {"RCPT", cut, waits}, {"RCPT", hang, waits}, {"RCPT", trickle, waits},
		{"DATA", "451 4.3.0 try later", waits}, {"DATA", "554 5.6.0 no", fails}, {"DATA", "421 4.3.2 bye", waits}, {"DATA", cut, waits}, {"DATA", hang, waits}, {"DATA", "250 what", waits},
		{"BODY", cut, waits},
		{"DOT", "451 4.3.0 try later", waits}, {"DOT", "554 5.7.1 spam", fails}, {"DOT", "421 4.3.2 bye", waits}, {"DOT", cut, waits}, {"DOT", hang, waits}, {"DOT", "taken" + cut, waits},
	}
	for _, quick := range []bool{true, false} {
		for _, c := range cases {
			t.Run(fmt.Sprintf("%s %s pipelining=%v", c.step, strings.Trim(c.answer, "\x00"), quick), func(t *testing.T) {
				t.Parallel()
				clock := dbtest.NewClock(noon)
				db := dbtest.SQLite(t).Open(t, sqldb.WithClock(clock.Now))
				var ill atomic.Bool
				ill.Store(true)
				s := newSink(t, func(_ int, step, _ string) string {
					if ill.Load() && step == c.step || ill.Load() && c.step == "EHLO" && step == "HELO" {
						return c.answer
					}
					return ""
				})
				s.quick = quick
				cfg := config(s)
				cfg.User, cfg.Password = "desk", func(context.Context) (string, error) { return "secret", nil }
				cfg.Timeouts.Connect, cfg.Timeouts.Command, cfg.Timeouts.Data = 300*time.Millisecond, 300*time.Millisecond, 300*time.Millisecond
				d := newDesk(t, db, map[string]Config{"support": cfg})
				d.start()
				id := d.queue(mailout.Answers, "jane@gold.example")[0]
				account := func() AccountStatus { return d.sender.accounts[0].status() }
				switch c.want {
				case pauses:
					wait(t, "a pause", func() bool { return account().Paused })
					a := account()
					wait(t, "the mail given back", func() bool { r := d.row(id); return r.Attempts == 0 && !r.InHand })
					if r := d.row(id); r.State != mailout.Waiting || !r.FirstFailed.IsZero() || r.Error != "" || len(d.told()) != 0 {
						t.Errorf("the mail is blamed: %+v, told %v", r, d.told())
					}
					if a.Refused != (c.answer[0] == '5') || !a.Since.Equal(noon) || c.answer[0] != 0 && !strings.Contains(a.Reason, c.answer) {
						t.Errorf("status %+v", a)
					}
				default:
					wait(t, "a result", func() bool { return len(d.told()) == 1 && !d.row(id).InHand })
					r, row := d.told()[0], d.row(id)
					switch c.want {
					case waits:
						if r.State != mailout.Waiting || row.State != mailout.Waiting || row.Attempts != 1 || row.InHand || row.Error == "" ||
							row.NextAttempt.Before(noon.Add(45*time.Second)) || row.NextAttempt.After(noon.Add(75*time.Second)) {
							t.Errorf("result %+v, row %+v", r, row)
						}
					case fails, mutes:
						if r.State != mailout.Failed || row.State != mailout.Failed || r.Muted != (c.want == mutes) || r.Code < 500 {
							t.Errorf("result %+v, row %+v", r, row)
						}
					}
					if account().Paused {
						t.Errorf("paused: %+v", account())
					}
				}
				if c.want == fails || c.want == mutes {
					return
				}
				ill.Store(false)
				clock.Advance(2 * time.Minute)
				d.kick()
				d.settled(id)
				if a := account(); a.Paused || a.Sent != 1 {
					t.Errorf("after healing: %+v", a)
				}
				got := s.mails()
				want := 1
				if c.answer == "taken"+cut {
					want = 2 // the one case in which the same mail may arrive twice
					if got[0].data != got[1].data {
						t.Error("the second attempt sent other bytes")
					}
				}
				if len(got) != want {
					t.Errorf("arrived %d times", len(got))
				}
			})
		}
	}
}

// kick wakes the sender as a queued mail would.
func (d *desk) kick() {
	if err := d.db.Update(context.Background(), func(tx *sqldb.Tx) error {
		tx.Wake(mailout.TopicQueued)
		return nil
	}); err != nil {
		d.t.Fatal(err)
	}
}

// A server that puts every stranger off for five minutes gets the mail at one of the next attempts;
// nobody is bothered.
func TestGreylisting(t *testing.T) {
	clock := dbtest.NewClock(noon)
	db := dbtest.SQLite(t).Open(t, sqldb.WithClock(clock.Now))
	s := newSink(t, func(_ int, step, _ string) string {
		if step == "RCPT" && clock.Now().Before(noon.Add(5*time.Minute)) {
			return "450 4.2.0 greylisted, try again"
		}
		return ""
	})
	d := newDesk(t, db, map[string]Config{"support": config(s)})
	d.start()
	id := d.queue(mailout.Answers, "jane@gold.example")[0]
	for n := 1; d.row(id).State == mailout.Waiting; n++ {
		wait(t, "an attempt", func() bool { return len(d.told()) == n && !d.row(id).InHand })
		if r := d.row(id); r.State == mailout.Waiting {
			clock.Set(r.NextAttempt)
			d.kick()
		}
	}
	told := d.told()
	if len(told) < 3 || len(told) > 5 || told[len(told)-1].State != mailout.Sent || clock.Now().After(noon.Add(20*time.Minute)) {
		t.Errorf("after %v: %d results", clock.Now().Sub(noon), len(told))
	}
	for _, r := range told {
		if r.Delayed {
			t.Error("called delayed")
		}
	}
}

func TestARefusedRecipientBesideAcceptedOnes(t *testing.T) {
	for _, quick := range []bool{true, false} {
		db := dbtest.SQLite(t).Open(t)
		s := newSink(t, func(_ int, step, line string) string {
			if step == "RCPT" && strings.Contains(line, "nobody") {
				return "550 5.1.1 no such user"
			}
			return ""
		})
		s.quick = quick
		cfg := config(s)
		cfg.MaxConnections = 1
		d := newDesk(t, db, map[string]Config{"support": cfg})
		d.start()
		ids := d.queue(mailout.Answers, "a@x.example", "nobody@x.example", "b@x.example", "nobody2@x.example", "c@x.example")
		d.settled(ids...)
		for i, id := range ids {
			want := mailout.Sent
			if i%2 == 1 {
				want = mailout.Failed
			}
			if r := d.row(id); r.State != want {
				t.Errorf("mail %d is %s: %s", i, r.State, r.Error)
			}
		}
		if got := s.mails(); len(got) != 3 || got[0].conn != got[2].conn {
			t.Errorf("arrived: %d, over connections %v", len(got), got)
		}
	}
}

// A server that takes DATA although it has refused the recipient must not get the mail.
func TestDataAfterARefusedRecipient(t *testing.T) {
	db := dbtest.SQLite(t).Open(t)
	s := newSink(t, func(_ int, step, line string) string {
		switch {
		case step == "RCPT" && strings.Contains(line, "nobody"):
			return "550 5.1.1 no such user"
		case step == "DOT" && strings.Contains(line, "nobody"):
			return "554 5.5.1 no valid recipients"
		case step == "DATA":
			return "354 go on"
		}
		return ""
	})
	cfg := config(s)
	cfg.MaxConnections = 1
	d := newDesk(t, db, map[string]Config{"support": cfg})
	d.start()
	ids := d.queue(mailout.Answers, "nobody@x.example", "b@x.example")
	d.settled(ids...)
	if r := d.row(ids[0]); r.State != mailout.Failed || !strings.Contains(r.Error, "5.1.1") {
		t.Errorf("%s: %s", r.State, r.Error)
	}
	if got := s.mails(); len(got) != 1 || got[0].to != "b@x.example" || !strings.Contains(got[0].data, "Paper is out") {
		t.Errorf("arrived: %+v", got)
	}
}

// An idle connection that the server has closed is replaced, and the mail does not notice.
func TestAClosedConnectionIsReplaced(t *testing.T) {
	for _, goodbye := range []string{cut, "421 4.4.2 idle too long"} {
		db := dbtest.SQLite(t).Open(t)
		var mails atomic.Int64
		s := newSink(t, func(conn int, step, _ string) string {
			if step == "MAIL" && mails.Add(1) == 2 && conn == 1 {
				return goodbye
			}
			return ""
		})
		d := newDesk(t, db, map[string]Config{"support": config(s)})
		d.start()
		for range 2 {
			d.settled(d.queue(mailout.Answers, "jane@gold.example")...)
		}
		for _, r := range d.told() {
			if r.State != mailout.Sent {
				t.Errorf("told %+v", r)
			}
		}
		if got := s.mails(); len(got) != 2 || got[0].conn == got[1].conn {
			t.Errorf("arrived: %+v", got)
		}
	}
}

func TestConnectionsAreReusedAndClosed(t *testing.T) {
	db := dbtest.SQLite(t).Open(t)
	s := newSink(t, nil)
	cfg := config(s)
	cfg.Timeouts.Idle = 300 * time.Millisecond
	d := newDesk(t, db, map[string]Config{"support": cfg})
	d.start()
	for range 5 {
		d.settled(d.queue(mailout.Answers, "jane@gold.example")...)
	}
	for _, m := range s.mails() {
		if m.conn != 1 {
			t.Errorf("mail over connection %d", m.conn)
		}
	}
	time.Sleep(cfg.Timeouts.Idle)
	d.kick()
	wait(t, "the idle connection closed", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.open) == 0
	})
}

// Between two mails, too, a server may refuse, fall silent or go away: after a mail that was
// refused (RSET), and when a connection that was idle is asked whether it still stands (NOOP). The
// mail before keeps its result, and the next one goes over a new connection with nothing held
// against it.
func TestFaultsBetweenMails(t *testing.T) {
	for _, step := range []string{"RSET", "NOOP"} {
		for _, answer := range []string{"450 4.3.0 later", "550 5.3.0 no", "421 4.3.2 bye", cut, hang, "gibberish"} {
			t.Run(step+" "+strings.Trim(answer, "\x00"), func(t *testing.T) {
				t.Parallel()
				db := dbtest.SQLite(t).Open(t)
				var ill atomic.Bool
				ill.Store(true)
				s := newSink(t, func(_ int, at, line string) string {
					switch {
					case at == "RCPT" && strings.Contains(line, "nobody@"):
						return "550 5.1.1 no such user"
					case at == step && ill.CompareAndSwap(true, false):
						return answer
					}
					return ""
				})
				cfg := config(s)
				cfg.MaxConnections = 1
				cfg.Timeouts.Idle = time.Minute
				d := newDesk(t, db, map[string]Config{"support": cfg})
				d.start()
				first := "jane@gold.example"
				if step == "RSET" {
					first = "nobody@gold.example"
				}
				before := d.queue(mailout.Answers, first)[0]
				d.settled(before)
				if step == "NOOP" {
					time.Sleep(2*time.Second + 100*time.Millisecond) // from then on a connection is asked
				}
				after := d.queue(mailout.Answers, "max@gold.example")[0]
				d.settled(after)
				if ill.Load() {
					t.Errorf("the server was not asked %s", step)
				}
				if r := d.row(after); r.State != mailout.Sent || r.Attempts != 1 {
					t.Errorf("the mail behind it: %+v", r)
				}
				want := mailout.Sent
				if step == "RSET" {
					want = mailout.Failed
				}
				if r := d.row(before); r.State != want || r.Attempts != 1 {
					t.Errorf("the mail before it: %+v", r)
				}
				arrived := map[string]int{}
				for _, m := range s.mails() {
					arrived[m.to]++
					if m.to == "max@gold.example" && m.conn != 2 {
						t.Errorf("the mail behind it went over connection %d", m.conn)
					}
				}
				if arrived["max@gold.example"] != 1 || arrived["nobody@gold.example"] != 0 {
					t.Errorf("arrived: %v", arrived)
				}
			})
		}
	}
}

// A code without a text is an answer (RFC 5321 section 4.2), to each command and in the clear as under TLS.
func TestRepliesThatAreACodeAlone(t *testing.T) {
	cert, pool := certificate(t)
	for _, security := range []Security{Plain, StartTLS} {
		t.Run(string(security), func(t *testing.T) {
			t.Parallel()
			s := newSink(t, func(_ int, step, _ string) string {
				switch step {
				case "MAIL", "RCPT", "DOT":
					return "250"
				case "DATA":
					return "354"
				}
				return ""
			})
			s.tls = &tls.Config{Certificates: []tls.Certificate{cert}}
			cfg := config(s)
			cfg.Security, cfg.TLS = security, &tls.Config{RootCAs: pool}
			d := newDesk(t, dbtest.SQLite(t).Open(t), map[string]Config{"support": cfg})
			d.start()
			d.settled(d.queue(mailout.Answers, "jane@gold.example")[0])
			if n := len(s.mails()); n != 1 {
				t.Errorf("%d mails came", n)
			}
		})
	}
}

// Servers that keep spammers off by a late greeting are waited for longer than other answers.
func TestALateGreeting(t *testing.T) {
	t.Parallel()
	s := newSink(t, func(_ int, step, _ string) string {
		if step == "CONNECT" {
			time.Sleep(700 * time.Millisecond)
		}
		return ""
	})
	cfg := config(s)
	cfg.Timeouts.Connect, cfg.Timeouts.Greeting = 300*time.Millisecond, 20*time.Second
	if err := newDesk(t, dbtest.SQLite(t).Open(t), map[string]Config{"support": cfg}).sender.Check(t.Context(), "support"); err != nil {
		t.Error(err)
	}
}

func TestTLS(t *testing.T) {
	cert, pool := certificate(t)
	password := func(context.Context) (string, error) { return "secret", nil }
	for name, c := range map[string]struct {
		security Security
		roots    bool
		offered  bool
		answer   string // to STARTTLS
		works    bool
	}{
		"STARTTLS":                          {StartTLS, true, true, "", true},
		"STARTTLS, a stranger's":            {StartTLS, false, true, "", false},
		"STARTTLS not offered":              {StartTLS, true, false, "", false},
		"STARTTLS put off":                  {StartTLS, true, true, "454 4.7.0 TLS not available", false},
		"STARTTLS refused":                  {StartTLS, true, true, "554 5.7.0 no", false},
		"STARTTLS cut":                      {StartTLS, true, true, cut, false},
		"STARTTLS, then nothing":            {StartTLS, true, true, hang, false},
		"TLS to a server that speaks plain": {TLS, true, false, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.SQLite(t).Open(t)
			var secrets atomic.Int64
			s := newSink(t, func(_ int, step, _ string) string {
				if step == "AUTH" {
					secrets.Add(1)
				}
				if step == "STARTTLS" {
					return c.answer
				}
				return ""
			})
			if c.offered {
				s.tls = &tls.Config{Certificates: []tls.Certificate{cert}}
			}
			cfg := config(s)
			cfg.Security, cfg.User, cfg.Password, cfg.Timeouts.Connect = c.security, "desk", password, 500*time.Millisecond
			if c.roots {
				cfg.TLS = &tls.Config{RootCAs: pool}
			}
			d := newDesk(t, db, map[string]Config{"support": cfg})
			err := d.sender.Check(context.Background(), "support")
			if (err == nil) != c.works {
				t.Fatalf("check: %v", err)
			}
			d.start()
			id := d.queue(mailout.Answers, "jane@gold.example")[0]
			if c.works {
				d.settled(id)
				return
			}
			wait(t, "a pause", func() bool { return d.sender.accounts[0].status().Paused })
			// What may pass is no refusal that somebody has to mend.
			passing := strings.HasPrefix(c.answer, "454") || c.answer == cut || c.answer == hang
			if a := d.sender.accounts[0].status(); a.Refused == passing {
				t.Errorf("status %+v", a)
			}
			if secrets.Load() != 0 || len(s.mails()) != 0 {
				t.Error("the password or a mail went over an unprotected connection")
			}
		})
	}
}

func TestLoginWithAToken(t *testing.T) {
	db := dbtest.SQLite(t).Open(t)
	s := newSink(t, nil)
	cfg := config(s)
	cfg.User, cfg.Token = "desk@acme.example", func(context.Context) (string, error) { return "ya29.token", nil }
	d := newDesk(t, db, map[string]Config{"support": cfg})
	d.start()
	d.settled(d.queue(mailout.Answers, "jane@gold.example")...)
	if got := s.mails(); !strings.HasPrefix(got[0].auth, "AUTH XOAUTH2 ") {
		t.Errorf("login: %s", got[0].auth)
	}
}

func TestEnvelopes(t *testing.T) {
	for kind, want := range map[Envelope]func(string) bool{
		"":              func(a string) bool { return strings.HasPrefix(a, "support+") && len(a) > 40 },
		EnvelopeAddress: func(a string) bool { return a == "support@acme.example" },
		EnvelopeNull:    func(a string) bool { return a == "" },
		EnvelopeToken:   func(a string) bool { return strings.HasPrefix(a, "support+") && len(a) > 40 },
	} {
		db := dbtest.SQLite(t).Open(t)
		s := newSink(t, nil)
		cfg := config(s)
		cfg.Envelope = kind
		d := newDesk(t, db, map[string]Config{"support": cfg})
		if err := d.sender.Check(context.Background(), "support"); err != nil {
			t.Error(err)
		}
		d.start()
		d.settled(d.queue(mailout.Answers, "jane@gold.example")...)
		if from := s.mails()[0].from; !want(from) {
			t.Errorf("envelope %q: MAIL FROM:<%s>", kind, from)
		}
	}
}

// A server may refuse us as the sender: of the keyed address alone, at MAIL FROM or behind DATA, or whatever we are called. In the first case mail leaves with the
// plain address from then on, and Check says so; in the other it waits.
func TestAServerThatRefusesKeyedSenders(t *testing.T) {
	for _, c := range []struct {
		name     string
		envelope Envelope
		refuses  func(step, from string) bool
		sent     string // the sender of the mails, "" if none leaves
		why      string
	}{
		{"at MAIL FROM", "", func(step, from string) bool { return step == "MAIL" && strings.Contains(from, "+") }, "support@acme.example", "the server refuses keyed senders"},
		{"behind DATA", "", func(step, from string) bool { return step == "DOT" && strings.Contains(from, "+") }, "support@acme.example", "the server refuses keyed senders"},
		{"where the admin wants them", EnvelopeToken, func(step, from string) bool { return step == "MAIL" && strings.Contains(from, "+") }, "", ""},
		{"whatever the sender", "", func(step, from string) bool { return step == "MAIL" }, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := dbtest.SQLite(t).Open(t)
			var mu sync.Mutex
			from := map[int]string{}
			s := newSink(t, func(conn int, step, line string) string {
				mu.Lock()
				defer mu.Unlock()
				if step == "MAIL" {
					from[conn] = line
				}
				if c.refuses(step, from[conn]) {
					return "550 5.7.60 Client does not have permissions to send as this sender"
				}
				return ""
			})
			cfg := config(s)
			cfg.Envelope = c.envelope
			d := newDesk(t, db, map[string]Config{"support": cfg})
			d.start()
			ids := d.queue(mailout.Answers, "jane@gold.example", "max@customer.example")
			if c.sent == "" {
				wait(t, "a pause", func() bool { return d.sender.Paused("support") })
				if n := len(s.mails()); n != 0 {
					t.Errorf("%d mails left", n)
				}
			} else {
				d.settled(ids...)
				for _, m := range s.mails() {
					if m.from != c.sent {
						t.Errorf("MAIL FROM:<%s>", m.from)
					}
				}
			}
			if why := d.sender.PlainBounces("support"); why != c.why {
				t.Errorf("it says %q, want %q", why, c.why)
			}
		})
	}
}

// Check tries the plain sender where the server refuses the keyed one.
func TestCheckOfKeyedSenders(t *testing.T) {
	for _, both := range []bool{false, true} {
		db := dbtest.SQLite(t).Open(t)
		s := newSink(t, func(_ int, step, line string) string {
			if step == "MAIL" && (both || strings.Contains(line, "+")) {
				return "553 5.7.1 Sender address rejected: not owned by user"
			}
			return ""
		})
		cfg := config(s)
		cfg.Envelope = ""
		d := newDesk(t, db, map[string]Config{"support": cfg})
		if err := d.sender.Check(context.Background(), "support"); (err != nil) != both {
			t.Errorf("both refused %t: %v", both, err)
		}
		if why := d.sender.PlainBounces("support"); (why != "") == both {
			t.Errorf("both refused %t: it says %q", both, why)
		}
	}
}

func TestTheLastGateHolds(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		s := newSink(t, nil)
		d := newDesk(t, db, map[string]Config{"support": config(s)})
		d.secrets = func(m mailout.Mail) (compose.Secrets, error) {
			switch m.Recipient {
			case "broken@x.example":
				return compose.Secrets{}, errors.New("the ticket cannot be read")
			case "panic@x.example":
				panic("a bug")
			}
			return compose.Secrets{NoticeMarkers: []string{"paper is out"}}, nil
		}
		d.start()
		ids := d.queue(mailout.Answers, "jane@gold.example", "broken@x.example", "panic@x.example")
		wait(t, "three results", func() bool {
			return len(d.told()) == 3 && !d.row(ids[0]).InHand && !d.row(ids[1]).InHand && !d.row(ids[2]).InHand
		})
		if r := d.row(ids[0]); r.State != mailout.HeldOut || !strings.Contains(r.Error, "notice-marker") {
			t.Errorf("%+v", r)
		}
		for _, id := range ids[1:] {
			if r := d.row(id); r.State != mailout.Waiting || r.Attempts != 1 {
				t.Errorf("a mail that could not be looked through: %+v", r)
			}
		}
		if len(s.mails()) != 0 {
			t.Error("a mail left past the gate")
		}
		if err := db.Update(context.Background(), func(tx *sqldb.Tx) error { return mailout.Pass(tx, ids[0]) }); err != nil {
			t.Fatal(err)
		}
		d.settled(ids[0])
		if len(s.mails()) != 1 {
			t.Error("a person let it pass, and it did not leave")
		}
	})
}

// What the claim has asked for the last gate counts for the mail that it was asked for. The
// database is away when it is asked: the claim is made again.
func TestTheClaimAsksForTheGate(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		s := newSink(t, nil)
		var asked atomic.Int64
		d := newDesk(t, db, map[string]Config{"support": config(s)}, func(p *Parts) {
			p.Plain = func(_ *sqldb.Tx, mails []mailout.Mail) (map[int64]bool, error) {
				if asked.Add(1) == 1 {
					return nil, fmt.Errorf("asking: %w", io.ErrUnexpectedEOF)
				}
				out := map[int64]bool{}
				for _, m := range mails {
					out[m.ID] = m.Recipient == "plain@x.example"
				}
				return out, nil
			}
			p.Secrets = func(_ context.Context, m mailout.Mail, plain bool) (compose.Secrets, error) {
				if plain && m.Recipient != "plain@x.example" {
					t.Errorf("%s is plain", m.Recipient)
				}
				return compose.Secrets{}, nil
			}
		})
		ids := d.queue(mailout.Answers, "plain@x.example", "note@x.example")
		d.start()
		d.settled(ids...)
		if r := d.row(ids[0]); asked.Load() < 2 || len(s.mails()) != 2 || r.Attempts != 1 || !r.FirstFailed.IsZero() {
			t.Errorf("asked %d times, %d arrived, %+v", asked.Load(), len(s.mails()), r)
		}
	})
}

// It counts for a moment only: behind a slow server the gate asks again, since the ticket may keep
// something inside by then.
func TestWhatTheClaimAskedCountsForAMoment(t *testing.T) {
	var told bool
	d := newDesk(t, dbtest.SQLite(t).Open(t), map[string]Config{"support": config(newSink(t, nil))}, func(p *Parts) {
		p.Secrets = func(_ context.Context, _ mailout.Mail, plain bool) (compose.Secrets, error) {
			told = plain
			return compose.Secrets{}, nil
		}
	})
	m := mailout.Mail{ID: 7, Inbox: "support", Party: mailout.Customer, Recipient: "jane@gold.example", MessageID: "1042.7.x@acme.example", Date: noon,
		From: mailin.Address{Address: "support@acme.example"}, Text: "Paper is out."}
	for _, c := range []struct {
		since time.Time
		plain bool
	}{{time.Now().Add(time.Hour), true}, {time.Now().Add(-2 * plainCountsFor), false}} { // an hour ahead: however slow this machine is
		for _, plain := range []bool{true, false} {
			_, early := d.sender.accounts[0].prepare(t.Context(), &job{claimed: mailout.Claimed{Mail: m}, plain: plain, since: c.since})
			if early != nil || told != (plain && c.plain) {
				t.Errorf("plain %v as of %v: told %v, %v", plain, c.since, told, early)
			}
		}
	}
}

// A desk that cannot take a result stops nothing: the result is recorded without it, and the others
// with it.
func TestAResultThatTheDeskCannotTake(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		s := newSink(t, nil)
		d := newDesk(t, db, map[string]Config{"support": config(s)})
		d.fault = func(r mailout.Result) error {
			if r.Mail.Recipient == "odd@x.example" {
				return errors.New("no such ticket")
			}
			return nil
		}
		d.start()
		ids := d.queue(mailout.Answers, "a@x.example", "odd@x.example", "b@x.example")
		d.settled(ids...)
		time.Sleep(50 * time.Millisecond)
		if got := s.mails(); len(got) != 3 {
			t.Errorf("%d arrived", len(got))
		}
	})
}

// A database that fails for a while, at any statement: nothing is sent twice within one run, and
// nothing is left behind.
func TestTheDatabaseFailsForAWhile(t *testing.T) {
	var faults dbtest.Faults
	db := dbtest.SQLite(t).Open(t, sqldb.WithFault(faults.Ask))
	s := newSink(t, nil)
	d := newDesk(t, db, map[string]Config{"support": config(s)})
	d.start()
	var all []int64
	for round := range 3 {
		all = append(all, d.queue(mailout.Answers, "a@x.example", "b@x.example")...)
		faults.Break(func(n int, _ string) error {
			if n > round*3 && n < 40 {
				return context.DeadlineExceeded
			}
			return nil
		})
		time.Sleep(300 * time.Millisecond)
		faults.Break(nil)
		d.settled(all...)
	}
	if got := s.mails(); len(got) != len(all) {
		t.Errorf("%d arrived of %d", len(got), len(all))
	}
}

// The process dies at each statement in turn, commits included: from there on nothing of it reaches
// the database. The next run sends what is left. No mail is lost, each result is told in exactly
// one commit, and what arrives twice is the same, octet for octet.
func TestADeathAtEachStatement(t *testing.T) {
	dead := errors.New("dead")
	for n := 1; ; n++ {
		g := dbtest.SQLite(t)
		var faults dbtest.Faults
		first := g.Open(t, sqldb.WithFault(faults.Ask))
		s := newSink(t, nil)
		cfg := config(s)
		cfg.Timeouts.Stop = 100 * time.Millisecond
		tell := func(p *Parts) {
			p.Delivered = func(tx *sqldb.Tx, r mailout.Result) error {
				_, err := tx.Exec(`INSERT INTO meta (name, value, changed) VALUES (?, 1, 0)`, fmt.Sprint("told:", r.Mail.ID))
				return err
			}
		}
		d := newDesk(t, first, map[string]Config{"support": cfg}, tell)
		ids := d.queue(mailout.Answers, "a@x.example", "b@x.example", "c@x.example")
		faults.Break(func(k int, _ string) error {
			if k >= n {
				return dead
			}
			return nil
		})
		stop := d.start()
		wait(t, "death or an end", func() bool { return faults.Asked() >= n || d.sender.accounts[0].status().Sent == 3 })
		wait(t, "the end of what runs", func() bool {
			a := d.sender.accounts[0]
			a.mu.Lock()
			defer a.mu.Unlock()
			return a.pool.running == 0 && len(a.desk.queue) == 0
		})
		stop()
		died := faults.Asked() >= n
		second := newDesk(t, g.Open(t), map[string]Config{"support": cfg}, tell)
		stop = second.start()
		second.settled(ids...)
		stop()
		by := map[string][]string{}
		for _, m := range s.mails() {
			by[m.to] = append(by[m.to], m.data)
		}
		for i, to := range []string{"a@x.example", "b@x.example", "c@x.example"} {
			if len(by[to]) < 1 || len(by[to]) > 2 || len(by[to]) == 2 && by[to][0] != by[to][1] {
				t.Errorf("death at statement %d: %s got %d mails: %q", n, to, len(by[to]), by[to])
			}
			if r := second.row(ids[i]); r.State != mailout.Sent {
				t.Errorf("death at statement %d: mail %d is %s", n, ids[i], r.State)
			}
		}
		var told int
		if err := second.db.View(context.Background(), func(tx *sqldb.Tx) error {
			return tx.Get(&told, `SELECT COUNT(*) FROM meta WHERE name LIKE 'told:%'`)
		}); err != nil || told != 3 {
			t.Errorf("death at statement %d: %d results told, %v", n, told, err)
		}
		if !died {
			if n < 10 {
				t.Errorf("only %d statements were broken", n)
			}
			return
		}
	}
}

func TestStopGivesBackWhatItCannotFinish(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		var slow atomic.Bool
		slow.Store(true)
		s := newSink(t, func(_ int, step, line string) string {
			if slow.Load() && step == "RCPT" && strings.Contains(line, "slow") {
				return hang
			}
			return ""
		})
		cfg := config(s)
		cfg.MaxConnections, cfg.Timeouts.Command, cfg.Timeouts.Stop = 2, 30*time.Second, 200*time.Millisecond
		d := newDesk(t, db, map[string]Config{"support": cfg})
		stop := d.start()
		// A sender that has seen mails pass quickly claims more than it has connections: some are
		// left in its queue.
		for range 20 {
			d.settled(d.queue(mailout.Answers, "first@x.example")...)
		}
		before := len(s.mails())
		ids := d.queue(mailout.Answers, "slow@x.example", "slow2@x.example", "a@x.example", "b@x.example", "c@x.example")
		wait(t, "mails in the queue, and none that leaves", func() bool {
			a := d.sender.accounts[0]
			a.mu.Lock()
			defer a.mu.Unlock()
			return a.pool.running == 2 && len(a.desk.queue) > 0
		})
		began := time.Now()
		stop()
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("the stop took %v", took)
		}
		for _, id := range ids {
			if r := d.row(id); r.InHand || r.State == mailout.Waiting && r.Attempts != 0 {
				t.Errorf("left behind: %+v", r)
			}
		}
		slow.Store(false)
		d2 := newDesk(t, db, map[string]Config{"support": cfg})
		d2.start()
		d2.settled(ids...)
		if got := len(s.mails()) - before; got != len(ids) {
			t.Errorf("%d arrived of %d", got, len(ids))
		}
	})
}

// What the server takes within the grace of a stop is recorded: it is not sent again.
func TestStopWaitsForTheMailInHand(t *testing.T) {
	db := dbtest.SQLite(t).Open(t)
	var reached atomic.Bool
	s := newSink(t, func(_ int, step, _ string) string {
		if step == "DOT" {
			reached.Store(true)
			time.Sleep(200 * time.Millisecond)
		}
		return ""
	})
	d := newDesk(t, db, map[string]Config{"support": config(s)})
	stop := d.start()
	id := d.queue(mailout.Answers, "a@x.example")[0]
	wait(t, "the mail in hand", reached.Load)
	stop()
	if r := d.row(id); r.State != mailout.Sent || len(d.told()) != 1 {
		t.Errorf("%+v, told %v", r, d.told())
	}
}

// A password that has become wrong is tried once and then rarely, however many mails wait and
// connections are allowed: servers lock accounts.
func TestAWrongPasswordLocksNothing(t *testing.T) {
	db := dbtest.SQLite(t).Open(t)
	var logins atomic.Int64
	s := newSink(t, func(_ int, step, _ string) string {
		if step == "AUTH" {
			logins.Add(1)
			time.Sleep(20 * time.Millisecond)
			return "535 5.7.8 no"
		}
		return ""
	})
	cfg := config(s)
	cfg.User, cfg.Password, cfg.MaxConnections = "desk", func(context.Context) (string, error) { return "old", nil }, 8
	cfg.Timeouts.Pause = time.Minute
	d := newDesk(t, db, map[string]Config{"support": cfg})
	to := make([]string, 50)
	for i := range to {
		to[i] = fmt.Sprintf("c%d@x.example", i)
	}
	ids := d.queue(mailout.Answers, to...)
	d.start()
	wait(t, "a pause", func() bool { return d.sender.accounts[0].status().Paused })
	d.queue(mailout.Answers, to...)
	time.Sleep(100 * time.Millisecond)
	if n := logins.Load(); n != 1 {
		t.Errorf("%d logins", n)
	}
	wait(t, "the mails given back", func() bool { r := d.row(ids[0]); return r.Attempts == 0 && !r.InHand })
}

func TestTheRateHoldsInTheSender(t *testing.T) {
	clock := dbtest.NewClock(noon)
	db := dbtest.SQLite(t).Open(t, sqldb.WithClock(clock.Now))
	s := newSink(t, nil)
	cfg := config(s)
	cfg.Rate = mailout.Rate{Count: 20, Per: time.Minute}
	d := newDesk(t, db, map[string]Config{"support": cfg})
	d.start()
	var to []string
	for i := range 30 {
		to = append(to, fmt.Sprintf("c%d@x.example", i))
	}
	d.queue(mailout.Notices, to...)
	answer := func() { d.queue(mailout.Answers, "answer@x.example") }
	wait(t, "the first two", func() bool { return len(s.mails()) == 2 })
	answer()
	time.Sleep(100 * time.Millisecond)
	if n := len(s.mails()); n != 2 {
		t.Errorf("%d mails at once at 20/min", n)
	}
	clock.Advance(4 * time.Second)
	d.kick()
	wait(t, "one more", func() bool { return len(s.mails()) == 3 })
	if got := s.mails()[2].to; got != "answer@x.example" {
		t.Errorf("the next was for %s: an answer goes first", got)
	}
}

// Connections in number as allowed; fewer where the server refuses more.
func TestManyConnections(t *testing.T) {
	db := dbtest.SQLite(t).Open(t)
	var open atomic.Int64
	s := newSink(t, func(conn int, step, _ string) string {
		switch step {
		case "CONNECT":
			if open.Add(1) > 2 {
				return "421 4.7.0 too many connections"
			}
		case "DOT":
			time.Sleep(5 * time.Millisecond)
		}
		return ""
	})
	d := newDesk(t, db, map[string]Config{"support": config(s)})
	d.start()
	var to []string
	for i := range 60 {
		to = append(to, fmt.Sprintf("c%d@x.example", i))
	}
	ids := d.queue(mailout.Notices, to...)
	d.settled(ids...)
	a := d.sender.accounts[0].status()
	if a.Paused || a.Sent != 60 || a.Connections > 2 {
		t.Errorf("%+v", a)
	}
	if n := len(s.mails()); n != 60 {
		t.Errorf("%d arrived of 60", n)
	}
}

// Two senders on one PostgreSQL: one is cut off from the database with mail in hand. The other
// takes over once the lease has run out, and what the first one sends late is not sent: its claim
// has ended.
func TestASenderLosesItsLease(t *testing.T) {
	g := dbtest.Postgres(t)
	var faults dbtest.Faults
	first, second := g.Open(t, sqldb.WithFault(faults.Ask)), g.Open(t)
	release := make(chan struct{})
	t.Cleanup(sync.OnceFunc(func() {
		select {
		case <-release:
		default:
			close(release)
		}
	}))
	var once atomic.Bool
	s := newSink(t, func(_ int, step, _ string) string {
		if step == "RCPT" && once.CompareAndSwap(false, true) {
			faults.Break(func(int, string) error { return context.DeadlineExceeded })
			<-release
		}
		return ""
	})
	s.quick = false
	cfg := config(s)
	cfg.Timeouts.Command = 20 * time.Second
	short := func(p *Parts) { p.Lease = 400 * time.Millisecond }
	d1 := newDesk(t, first, map[string]Config{"support": cfg}, short)
	d2 := newDesk(t, second, map[string]Config{"support": cfg}, short)
	stop1 := d1.start()
	id := d1.queue(mailout.Answers, "jane@gold.example")[0]
	wait(t, "the first one's attempt", once.Load)
	d2.start()
	wait(t, "the second one to send it", func() bool { return len(s.mails()) == 1 })
	close(release)
	wait(t, "the first one to let go", func() bool {
		a := d1.sender.accounts[0]
		a.mu.Lock()
		defer a.mu.Unlock()
		return a.pool.running == 0
	})
	faults.Break(nil)
	stop1()
	d2.settled(id)
	if got := s.mails(); len(got) != 1 {
		t.Errorf("arrived %d times", len(got))
	}
	if len(d1.told())+len(d2.told()) != 1 {
		t.Errorf("told %d times", len(d1.told())+len(d2.told()))
	}
}

// A slow server and a long queue: what is in hand is bounded, and an answer that is written now
// overtakes.
func TestAnAnswerOvertakes(t *testing.T) {
	db := dbtest.SQLite(t).Open(t)
	s := newSink(t, func(_ int, step, _ string) string {
		if step == "DOT" {
			time.Sleep(10 * time.Millisecond)
		}
		return ""
	})
	d := newDesk(t, db, map[string]Config{"support": config(s)})
	d.start()
	to := make([]string, 400)
	for i := range to {
		to[i] = fmt.Sprintf("c%d@x.example", i)
	}
	d.queue(mailout.Digests, to...)
	wait(t, "some mails", func() bool { return len(s.mails()) > 60 })
	if n := d.sender.accounts[0].status().InHand; n > 80 {
		t.Errorf("%d mails in hand at 400 mails a second", n)
	}
	before := len(s.mails())
	d.queue(mailout.Answers, "answer@x.example")
	place := -1
	wait(t, "the answer", func() bool {
		for i, m := range s.mails() {
			if m.to == "answer@x.example" {
				place = i
			}
		}
		return place >= 0
	})
	if place > before+80 {
		t.Errorf("the answer came as number %d, %d mails after it was written", place, place-before)
	}
}

// The database is away just when the last gate asks what a mail must not hold: that is no failure
// of the mail, and costs it no minute.
func TestTheGateCannotAsk(t *testing.T) {
	db := dbtest.SQLite(t).Open(t)
	s := newSink(t, nil)
	d := newDesk(t, db, map[string]Config{"support": config(s)})
	var asked atomic.Int64
	d.secrets = func(mailout.Mail) (compose.Secrets, error) {
		if asked.Add(1) == 1 {
			return compose.Secrets{}, fmt.Errorf("asking: %w", io.ErrUnexpectedEOF)
		}
		return compose.Secrets{}, nil
	}
	id := d.queue(mailout.Answers, "jane@gold.example")[0]
	d.start()
	wait(t, "the mail", func() bool { return len(s.mails()) == 1 })
	d.settled(id)
	if r := d.row(id); r.Attempts != 1 || !r.FirstFailed.IsZero() {
		t.Errorf("%+v", r)
	}
}

// A sender that was a process of this machine and has ended leaves its claims to who looks next,
// however long its lease; one that lives keeps them.
func TestADeadSendersMailLeavesAtOnce(t *testing.T) {
	db := dbtest.Postgres(t).Open(t)
	child := exec.Command("sleep", "600")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	end := sync.OnceFunc(func() { child.Process.Kill(); child.Wait() })
	t.Cleanup(end)
	s := newSink(t, nil)
	d := newDesk(t, db, map[string]Config{"support": config(s)}, func(p *Parts) { p.Lease = 400 * time.Millisecond })
	id := d.queue(mailout.Answers, "jane@gold.example")[0]
	if err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
		_, err := mailout.Claim(tx, []string{"support"}, 10, "other@"+process.Of(child.Process.Pid), time.Hour)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	d.start()
	looked := time.Now()
	wait(t, "some looks", func() bool { return time.Since(looked) > 500*time.Millisecond }) // every 100 ms
	if n := len(s.mails()); n != 0 {
		t.Fatalf("a sender that lives was robbed: %d mails", n)
	}
	end()
	wait(t, "the mail", func() bool { return len(s.mails()) == 1 })
	d.settled(id)
	if r := d.row(id); r.Attempts != 2 {
		t.Errorf("%+v", r)
	}
}

// Several senders on one database share the queue: each mail arrives once and is told once.
func TestSendersShareTheWork(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		if g.Open(t).Kind() == sqldb.SQLite {
			return // one process has it
		}
		s := newSink(t, nil)
		var desks []*desk
		for range 3 {
			d := newDesk(t, g.Open(t), map[string]Config{"support": config(s)})
			d.start()
			desks = append(desks, d)
		}
		var ids []int64
		for n := range 10 {
			to := make([]string, 30)
			for i := range to {
				to[i] = fmt.Sprintf("c%d.%d@x.example", n, i)
			}
			ids = append(ids, desks[n%3].queue([]mailout.Urgency{mailout.Answers, mailout.Notices, mailout.Digests}[n%3], to...)...)
		}
		desks[0].settled(ids...)
		count := map[string]int{}
		for _, m := range s.mails() {
			count[m.to]++
		}
		for to, n := range count {
			if n != 1 {
				t.Errorf("%s got %d", to, n)
			}
		}
		told, busy := 0, 0
		for _, d := range desks {
			told += len(d.told())
			if len(d.told()) > 0 {
				busy++
			}
		}
		if len(count) != 300 || told != 300 || busy < 2 {
			t.Errorf("%d recipients, %d told, %d senders at work", len(count), told, busy)
		}
	})
}

// The answer to a commit is lost: what it has claimed is claimed by us, and we do not know. It is
// found and sent.
func TestAClaimThatWeDoNotKnowOf(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		s := newSink(t, nil)
		d := newDesk(t, db, map[string]Config{"support": config(s)}, func(p *Parts) { p.Lease = 600 * time.Millisecond })
		d.start()
		d.settled(d.queue(mailout.Answers, "first@x.example")...)
		id := int64(1 << 40)
		m := mailout.Mail{ID: id, Inbox: "support", Kind: "ack", Party: mailout.Customer, Recipient: "bob@gold.example", MessageID: "1.2.x@acme.example", Date: noon,
			From: mailin.Address{Address: "support@acme.example"}, To: []mailin.Address{{Address: "bob@gold.example"}}, Subject: "x", Text: "y"}
		if err := db.Update(context.Background(), func(tx *sqldb.Tx) error {
			if err := mailout.Enqueue(tx, m); err != nil {
				return err
			}
			_, err := mailout.Claim(tx, []string{"support"}, 1, d.sender.holder, time.Hour)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		d.settled(id)
		if n := len(s.mails()); n != 2 {
			t.Errorf("%d arrived of 2", n)
		}
	})
}

// One account that cannot be reached holds up no other; its mail is called late once, and leaves
// when it is well again.
func TestAccountsPauseAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		clock := dbtest.NewClock(noon)
		db := g.Open(t, sqldb.WithClock(clock.Now))
		var ill atomic.Bool
		ill.Store(true)
		broken, good := newSink(t, func(_ int, step, _ string) string {
			if ill.Load() && step == "CONNECT" {
				return "554 5.3.2 closed"
			}
			return ""
		}), newSink(t, nil)
		d := newDesk(t, db, map[string]Config{"support": config(broken), "sales": config(good)})
		d.start()
		id := d.queue(mailout.Answers, "jane@gold.example")[0]
		wait(t, "a pause", func() bool { return d.sender.accounts[1].status().Paused || d.sender.accounts[0].status().Paused })
		other := mailout.Mail{ID: 1 << 40, Inbox: "sales", Kind: "ack", Party: mailout.Customer, Recipient: "bob@gold.example", MessageID: "1.2.x@acme.example", Date: noon,
			From: mailin.Address{Address: "sales@acme.example"}, To: []mailin.Address{{Address: "bob@gold.example"}}, Subject: "x", Text: "y"}
		if err := db.Update(context.Background(), func(tx *sqldb.Tx) error { return mailout.Enqueue(tx, other) }); err != nil {
			t.Fatal(err)
		}
		d.settled(other.ID)
		clock.Advance(mailout.DelayedAt)
		delayed := func() (n int) {
			for _, r := range d.told() {
				if r.Delayed {
					n++
					if r.Mail.ID != id || !strings.Contains(r.Reason, "paused") || !strings.Contains(r.Reason, "554 5.3.2 closed") {
						t.Errorf("told %+v", r)
					}
				}
			}
			return n
		}
		wait(t, "a word on the delay", func() bool {
			if delayed() > 0 {
				return true
			}
			clock.Advance(lateEvery) // a mail that is being tried just then is looked at next time
			d.kick()
			time.Sleep(50 * time.Millisecond)
			return false
		})
		status, err := d.sender.Status(context.Background())
		if err != nil || status.Waiting != 1 || !status.Oldest.Equal(noon) {
			t.Errorf("status %+v, %v", status, err)
		}
		clock.Advance(10 * 24 * time.Hour)
		d.kick()
		time.Sleep(50 * time.Millisecond)
		if r := d.row(id); r.State != mailout.Waiting {
			t.Errorf("a mail is given up because our own server is ill: %+v", r)
		}
		ill.Store(false)
		d.settled(id)
		if delayed() != 1 {
			t.Errorf("the delay was told %d times", delayed())
		}
	})
}

func TestNothingIsLeftRunning(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Run("a desk that works, stops and is cut", func(t *testing.T) {
		s := newSink(t, func(_ int, step, line string) string {
			if step == "RCPT" && strings.Contains(line, "slow") {
				return hang
			}
			return ""
		})
		cfg := config(s)
		cfg.Timeouts.Stop, cfg.Timeouts.Command = 50*time.Millisecond, time.Minute
		d := newDesk(t, dbtest.SQLite(t).Open(t), map[string]Config{"support": cfg})
		d.start()
		d.settled(d.queue(mailout.Answers, "a@x.example", "b@x.example")...)
		d.queue(mailout.Answers, "slow@x.example")
		wait(t, "a mail in hand", func() bool { return d.sender.accounts[0].status().InHand == 1 })
	})
	goleak.VerifyNone(t, before)
}

func TestProviderIDs(t *testing.T) {
	for _, c := range []struct{ host, text, want string }{
		{"email-smtp.us-east-1.amazonaws.com", "Ok 0100018f-aa-000000", "0100018f-aa-000000@email.amazonses.com"},
		{"email-smtp.eu-west-1.amazonaws.com", "Ok 0102018f-aa-000000", "0102018f-aa-000000@eu-west-1.amazonses.com"},
		{"smtp.acme.example", "Ok 0102018f-aa-000000", ""}, {"email-smtp.eu-west-1.amazonaws.com", "2.0.0 queued", ""},
	} {
		if got := providerID(c.host, c.text); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.host, c.text, got, c.want)
		}
	}
}

func TestMailThatTheServerCannotTake(t *testing.T) {
	for _, c := range []struct{ offers, to, want string }{
		{"250 SIZE 500", "jane@gold.example", "the server takes 500"},
		{"250 SIZE 0", "jürgen@gold.example", "SMTPUTF8"},
	} {
		db := dbtest.SQLite(t).Open(t)
		s := newSink(t, func(_ int, step, _ string) string {
			if step == "EHLO" {
				return "250-sink.example\r\n" + c.offers
			}
			return ""
		})
		d := newDesk(t, db, map[string]Config{"support": config(s)})
		d.start()
		id := d.queue(mailout.Answers, c.to)[0]
		d.settled(id)
		if r := d.row(id); r.State != mailout.Failed || !strings.Contains(r.Error, c.want) {
			t.Errorf("%s: %s", r.State, r.Error)
		}
		if d.sender.accounts[0].status().Paused {
			t.Error("one mail's fault paused the account")
		}
	}
}

func TestAddressesBeyondASCII(t *testing.T) {
	db := dbtest.SQLite(t).Open(t)
	var mutex sync.Mutex
	lines := map[string]string{}
	s := newSink(t, func(_ int, step, line string) string {
		mutex.Lock()
		defer mutex.Unlock()
		lines[step] = line
		return ""
	})
	cfg := config(s)
	cfg.MaxConnections = 1
	d := newDesk(t, db, map[string]Config{"support": cfg})
	d.start()
	for _, c := range []struct{ to, rcpt, mail string }{
		{"jane@bücher.example", "RCPT TO:<jane@xn--bcher-kva.example>", "MAIL FROM:<support@acme.example> BODY=8BITMIME"},
		{"jürgen@bücher.example", "RCPT TO:<jürgen@xn--bcher-kva.example>", "MAIL FROM:<support@acme.example> BODY=8BITMIME SMTPUTF8"},
	} {
		d.settled(d.queue(mailout.Answers, c.to)...)
		mutex.Lock()
		if lines["RCPT"] != c.rcpt || lines["MAIL"] != c.mail {
			t.Errorf("%s: %s, %s", c.to, lines["MAIL"], lines["RCPT"])
		}
		mutex.Unlock()
	}
	if n := len(s.mails()); n != 2 {
		t.Errorf("%d arrived", n)
	}
}

func TestConfigs(t *testing.T) {
	for url, want := range map[string]string{"smtps://a.example": "smtps a.example 465", "smtp://a.example": "smtp a.example 587",
		"insecure+smtp://127.0.0.1:2525": "insecure+smtp 127.0.0.1 2525"} {
		s, h, p, err := ParseURL(url)
		if got := fmt.Sprintf("%s %s %d", s, h, p); got != want || err != nil {
			t.Errorf("%s: %s, %v", url, got, err)
		}
	}
	for _, url := range []string{"", "smtp.a.example", "http://a.example", "smtps://", "smtps://u:secret@a.example", "smtps://a.example/x", "smtps://a.example:0", "smtp://a.example?x=1"} {
		if _, _, _, err := ParseURL(url); err == nil {
			t.Errorf("%q is accepted", url)
		} else if strings.Contains(err.Error(), "secret") {
			t.Error("the password stands in the error")
		}
	}
}
