package smtp

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// blameless asserts that mails wait as if they had never been tried.
func (d *desk) blameless(ids ...int64) {
	d.t.Helper()
	for _, id := range ids {
		wait(d.t, "the mail given back", func() bool { return !d.row(id).InHand })
		if r := d.row(id); r.State != mailout.Waiting || r.Attempts != 0 || !r.FirstFailed.IsZero() || r.Error != "" {
			d.t.Errorf("mail %d is blamed: %+v", id, r)
		}
	}
}

func addressesOf(mails []arrived) []string {
	var out []string
	for _, m := range mails {
		out = append(out, m.to)
	}
	return out
}

// What is known to be about our account pauses it, at whatever step it is said: no mail is blamed,
// nobody is told, tries are rare; and when it is over, people's answers go first.
func TestOurAccountsFault(t *testing.T) {
	for _, c := range []struct {
		step, answer string
		refused      bool // somebody has to mend it
	}{
		{"DOT", "550 5.4.5 Daily user sending limit exceeded. a1-20020a - gsmtp", false},
		{"RCPT", "450 4.7.1 Error: too much mail from 192.0.2.7", false},
		{"RCPT", "550 Domain acme.example has exceeded the max emails per hour (101/100) allowed", false},
		{"DATA", "454 Throttling failure: Daily message quota exceeded.", false},
		{"DOT", "550 5.7.60 Client does not have permissions to send as this sender", true},
		{"RCPT", "553 5.7.1 <support@acme.example>: Sender address rejected: not owned by user desk", true},
		{"DOT", "550 5.7.705 Access denied, tenant has exceeded threshold", true},
	} {
		for _, quick := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s %.20s pipelining=%v", c.step, c.answer, quick), func(t *testing.T) {
				t.Parallel()
				var ill atomic.Bool
				ill.Store(true)
				var tries atomic.Int64
				s := newSink(t, func(_ int, step, _ string) string {
					if step != c.step || !ill.Load() {
						return ""
					}
					tries.Add(1)
					return c.answer
				})
				s.quick = quick
				cfg := config(s)
				cfg.MaxConnections, cfg.Timeouts.Pause = 1, 10*time.Millisecond
				d := newDesk(t, dbtest.SQLite(t).Open(t), map[string]Config{"support": cfg})
				first := d.queue(mailout.Notices, "first@x.example")
				d.start()
				account := d.sender.accounts[0]
				wait(t, "a pause", func() bool { return account.status().Paused })
				more := append(d.queue(mailout.Notices, "n1@x.example", "n2@x.example"), d.queue(mailout.Answers, "a1@x.example", "a2@x.example")...)
				wait(t, "more tries", func() bool { return tries.Load() >= 4 })
				if a := account.status(); !a.Paused || a.Refused != c.refused || !strings.Contains(a.Reason, c.answer) || a.Failed != 0 {
					t.Errorf("%+v", a)
				}
				d.blameless(append(first, more...)...)
				if n := len(d.told()); n != 0 {
					t.Errorf("%d results were told: %+v", n, d.told())
				}
				ill.Store(false)
				d.settled(append(first, more...)...)
				got := addressesOf(s.mails())
				if len(got) != 5 {
					t.Fatalf("arrived: %v", got)
				}
				// People's answers go first; where it was no limit, behind the one that showed that
				// it is over.
				rest, answer := got[1:], func(to string) bool { return strings.HasPrefix(to, "a") }
				if !c.refused {
					rest = got
				}
				if i := slices.IndexFunc(rest, func(to string) bool { return !answer(to) }); i >= 0 && slices.ContainsFunc(rest[i:], answer) {
					t.Errorf("the order: %v", got)
				}
				if a := account.status(); a.Paused {
					t.Errorf("%+v", a)
				}
			})
		}
	}
}

// Tries grow rarer while a limit lasts, and are never as frequent as those of a server that is
// merely away.
func TestPausesGrow(t *testing.T) {
	for _, c := range []struct {
		t           trouble
		first, last time.Duration
	}{
		{trouble{network: true}, 5 * time.Second, 5 * time.Minute}, {trouble{}, 30 * time.Second, 5 * time.Minute}, {trouble{verdict: barred}, 30 * time.Second, 5 * time.Minute},
		{trouble{verdict: limited}, 30 * time.Second, 15 * time.Minute}, {trouble{verdict: refused}, 10 * time.Second, 2 * time.Minute},
	} {
		before := time.Duration(0)
		for n := 1; n < 20; n++ {
			d := c.t.wait(n, 5*time.Second)
			if n == 1 && d != c.first || d < before || d > c.last || before < c.last && before == d {
				t.Errorf("%+v: %v behind %v", c.t, d, before)
			}
			before = d
		}
		if before != c.last {
			t.Errorf("%+v: at most %v", c.t, before)
		}
	}
}

// Nobody knows these words; several recipients get them in a row, so they are about us: nothing
// fails, and nobody is told.
func TestRefusalsInARow(t *testing.T) {
	for _, answer := range []string{"550 Mail not accepted today, session 4711", "554 5.7.1 no", "571 computer says no"} {
		for _, step := range []string{"RCPT", "DATA", "DOT"} {
			t.Run(step+" "+answer, func(t *testing.T) {
				t.Parallel()
				var ill atomic.Bool
				ill.Store(true)
				s := newSink(t, func(_ int, at, _ string) string {
					if at == step && ill.Load() {
						return answer
					}
					return ""
				})
				cfg := config(s)
				cfg.Timeouts.Doubt = time.Minute
				d := newDesk(t, dbtest.SQLite(t).Open(t), map[string]Config{"support": cfg})
				ids := d.queue(mailout.Answers, "max@customer.example", "eva@other.example", "jane@gold.example", "bob@gold.example")
				d.start()
				account := d.sender.accounts[0]
				wait(t, "a pause", func() bool { return account.status().Paused })
				d.blameless(ids...)
				if a := account.status(); len(d.told()) != 0 || !strings.Contains(a.Reason, "recipients in a row") || !strings.Contains(a.Reason, answer) || a.Refused {
					t.Errorf("%+v, told %v", a, d.told())
				}
				ill.Store(false)
				d.settled(ids...)
				for _, r := range d.told() {
					if r.State != mailout.Sent {
						t.Errorf("told %+v", r)
					}
				}
				if n := len(s.mails()); n != 4 {
					t.Errorf("%d arrived", n)
				}
			})
		}
	}
}

// They may come one by one, each failed before the next: when it shows that it was us, those that
// were failed are brought back, and the desk hears of it.
func TestRefusedMailIsBroughtBack(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		var ill atomic.Bool
		ill.Store(true)
		s := newSink(t, func(_ int, step, _ string) string {
			if step == "DOT" && ill.Load() {
				return "550 we do not like you"
			}
			return ""
		})
		d := newDesk(t, db, map[string]Config{"support": config(s)})
		d.start()
		var ids []int64
		for _, to := range []string{"max@customer.example", "eva@other.example"} {
			id := d.queue(mailout.Answers, to)[0]
			d.settled(id)
			if r := d.row(id); r.State != mailout.Failed {
				t.Fatalf("%+v", r)
			}
			ids = append(ids, id)
		}
		ids = append(ids, d.queue(mailout.Answers, "jane@gold.example")...)
		wait(t, "a pause", func() bool { return d.sender.accounts[0].status().Paused })
		wait(t, "the failed ones back", func() bool { return d.row(ids[0]).State == mailout.Waiting && d.row(ids[1]).State == mailout.Waiting })
		d.blamelessButWords(ids[:2]...)
		recalled := 0
		for _, r := range d.told() {
			if r.Recalled {
				recalled++
				if r.State != mailout.Waiting || r.Mail.Ticket != 1042 || !strings.Contains(r.Reason, "we do not like you") {
					t.Errorf("told %+v", r)
				}
			}
		}
		if recalled != 2 {
			t.Errorf("the desk heard of %d", recalled)
		}
		ill.Store(false)
		d.settled(ids...)
		if got := len(s.mails()); got != 3 {
			t.Errorf("%d arrived", got)
		}
	})
}

// blamelessButWords is blameless for mails that keep what was said last.
func (d *desk) blamelessButWords(ids ...int64) {
	d.t.Helper()
	for _, id := range ids {
		if r := d.row(id); r.State != mailout.Waiting || !r.FirstFailed.IsZero() || r.Attempts > 1 {
			d.t.Errorf("mail %d is blamed: %+v", id, r)
		}
	}
}

// One and the same recipient, recipients between whom mail is taken, other words for each, and
// mailboxes that do not exist are no row.
func TestNoRow(t *testing.T) {
	for name, c := range map[string]struct {
		to     []string
		answer func(to string) string
	}{
		"one recipient": {[]string{"max@x.example", "max@x.example", "Max@x.example", "max@x.example"}, func(string) string { return "550 no" }},
		"taken in between": {[]string{"no1@x.example", "no2@x.example", "yes@x.example", "no3@x.example", "no4@x.example"}, func(to string) string {
			if strings.HasPrefix(to, "no") {
				return "550 no"
			}
			return ""
		}},
		"other words":  {[]string{"a@x.example", "b@x.example", "c@x.example", "d@x.example"}, func(to string) string { return "550 no " + strings.Repeat("indeed ", int(to[0]-'a'+1)) }},
		"no mailboxes": {[]string{"a@x.example", "b@x.example", "c@x.example", "d@x.example"}, func(string) string { return "550 5.1.1 no such user" }},
		"too big":      {[]string{"a@x.example", "b@x.example", "c@x.example", "d@x.example"}, func(string) string { return "552 5.3.4 too big" }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSink(t, func(_ int, step, line string) string {
				if step == "RCPT" {
					return c.answer(address(line))
				}
				return ""
			})
			d := newDesk(t, dbtest.SQLite(t).Open(t), map[string]Config{"support": config(s)})
			d.start()
			for _, to := range c.to {
				d.settled(d.queue(mailout.Answers, to)...)
			}
			if a := d.sender.accounts[0].status(); a.Paused {
				t.Errorf("%+v", a)
			}
			for _, r := range d.told() {
				if want := c.answer(strings.ToLower(r.Mail.Recipient)) != ""; (r.State == mailout.Failed) != want || r.Recalled {
					t.Errorf("told %+v", r)
				}
			}
		})
	}
}

// Several of one company are refused in a row, by that company: another mail shows that it is not
// us. Those then fail, and do not pause the account again.
func TestARowThatIsNotAboutUs(t *testing.T) {
	s := newSink(t, func(_ int, step, line string) string {
		if step == "RCPT" && strings.Contains(line, "@staff.example") {
			return "550 5.7.26 unauthenticated mail is not taken"
		}
		return ""
	})
	cfg := config(s)
	d := newDesk(t, dbtest.SQLite(t).Open(t), map[string]Config{"support": cfg})
	staff := d.queue(mailout.Notices, "ann@staff.example", "ben@staff.example", "lea@staff.example")
	d.start()
	account := d.sender.accounts[0]
	wait(t, "a pause", func() bool { return account.status().Paused })
	d.settled(d.queue(mailout.Notices, "max@customer.example")...)
	d.settled(staff...)
	for _, id := range staff {
		if r := d.row(id); r.State != mailout.Failed {
			t.Errorf("%+v", r)
		}
	}
	more := d.queue(mailout.Notices, "ann@staff.example", "tom@staff.example", "ben@staff.example", "eve@staff.example", "lea@staff.example")
	d.settled(more...)
	if a := account.status(); a.Paused || a.Failed != 8 || a.Sent != 1 {
		t.Errorf("%+v", a)
	}
}

// Of two inboxes that share an account one may not send as its address: its mail waits, and the
// other's goes on.
func TestOneInboxMayNotSend(t *testing.T) {
	var salesTries atomic.Int64
	var mu sync.Mutex
	var from string
	s := newSink(t, func(_ int, step, line string) string {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case step == "MAIL":
			from = address(line)
		case step == "RCPT" && strings.HasPrefix(from, "sales@"):
			salesTries.Add(1)
			return "553 5.7.1 <sales@acme.example>: Sender address rejected: not owned by user desk"
		}
		return ""
	})
	cfg := config(s)
	cfg.MaxConnections = 1
	cfg.Timeouts.Pause = 20 * time.Millisecond
	sales := cfg
	sales.Address = "sales@acme.example"
	d := newDesk(t, dbtest.SQLite(t).Open(t), map[string]Config{"support": cfg, "sales": sales})
	mail := mailout.Mail{ID: 1 << 40, Inbox: "sales", Kind: "answer", Party: mailout.Customer, Recipient: "bob@gold.example", MessageID: "1.2.x@acme.example", Date: noon,
		From: mailin.Address{Address: "sales@acme.example"}, To: []mailin.Address{{Address: "bob@gold.example"}}, Subject: "x", Text: "y"}
	if err := d.db.Update(context.Background(), func(tx *sqldb.Tx) error { return mailout.Enqueue(tx, mail) }); err != nil {
		t.Fatal(err)
	}
	d.start()
	account := d.sender.accounts[0]
	wait(t, "a pause", func() bool { return account.status().Paused })
	for range 6 {
		d.settled(d.queue(mailout.Notices, "max@customer.example")...)
	}
	wait(t, "the sales mail put off alone", func() bool { r := d.row(mail.ID); return !r.FirstFailed.IsZero() && !r.InHand })
	if r := d.row(mail.ID); r.State != mailout.Waiting || account.status().Paused {
		t.Errorf("%+v, %+v", r, account.status())
	}
	began := time.Now()
	d.settled(d.queue(mailout.Notices, "max@customer.example", "eva@other.example", "jane@gold.example")...)
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("the other inbox's mail took %v", took)
	}
	if n := salesTries.Load(); n > 6 {
		t.Errorf("the sales mail was tried %d times", n)
	}
}

// The server allows one mail at a time, and three a session: all go without delay, and none is
// blamed.
func TestThrottled(t *testing.T) {
	var busy atomic.Int64
	var mu sync.Mutex
	taken := map[int]int{} // by their sessions
	s := newSink(t, func(session int, step, _ string) string {
		switch step {
		case "DATA":
			if busy.Add(1) > 1 {
				busy.Add(-1)
				return "432 4.3.2 sender thread limit exceeded"
			}
		case "DOT":
			time.Sleep(5 * time.Millisecond)
			busy.Add(-1)
			mu.Lock()
			defer mu.Unlock()
			if taken[session]++; taken[session] > 3 {
				return "421 4.7.0 Too many messages for this session"
			}
		}
		return ""
	})
	clock := dbtest.NewClock(noon)
	d := newDesk(t, dbtest.SQLite(t).Open(t, sqldb.WithClock(clock.Now)), map[string]Config{"support": config(s)})
	var to []string
	for i := range 30 {
		to = append(to, fmt.Sprintf("c%d@x.example", i))
	}
	ids := d.queue(mailout.Notices, to...)
	d.start()
	d.settled(ids...)
	for _, r := range d.told() {
		if r.State != mailout.Sent {
			t.Errorf("told %+v", r)
		}
	}
	if n, a := len(s.mails()), d.sender.accounts[0].status(); n != 30 || a.Pauses != 0 {
		t.Errorf("%d arrived, %+v", n, a)
	}
}

// The server refuses a mail beside another one, and says so when the other is done and nothing else
// is to be sent: neither is put off.
func TestThrottledByWhatHasEnded(t *testing.T) {
	var d *desk
	var busy atomic.Int64
	busy.Store(2) // the first mail goes alone: until a connection stands there is one
	refused := make(chan struct{})
	running := func() int {
		a := d.sender.accounts[0]
		a.mu.Lock()
		defer a.mu.Unlock()
		return a.pool.running
	}
	s := newSink(t, func(_ int, step, _ string) string {
		switch {
		case step == "DATA" && busy.CompareAndSwap(0, 1):
			select { // for the other one to come
			case <-refused:
			case <-time.After(10 * time.Second):
				t.Error("the two mails were not sent at once")
			}
		case step == "DATA" && busy.CompareAndSwap(1, 2):
			close(refused)
			for began := time.Now(); running() > 1 && time.Since(began) < 10*time.Second; {
				time.Sleep(time.Millisecond)
			}
			return "432 4.3.2 sender thread limit exceeded"
		}
		return ""
	})
	clock := dbtest.NewClock(noon)
	d = newDesk(t, dbtest.SQLite(t).Open(t, sqldb.WithClock(clock.Now)), map[string]Config{"support": config(s)})
	d.start()
	d.settled(d.queue(mailout.Notices, "jane@gold.example")...)
	busy.Store(0)
	ids := d.queue(mailout.Notices, "max@customer.example", "eva@other.example")
	d.kick()
	d.settled(ids...)
	if busy.Load() != 2 {
		t.Error("nothing was refused")
	}
	for _, r := range d.told() {
		if r.State != mailout.Sent {
			t.Errorf("told %+v", r)
		}
	}
}

// A mail that was on its way when the account was paused ends no pause, and the silence of an
// account is known.
func TestSilence(t *testing.T) {
	var ill atomic.Bool
	ill.Store(true)
	s := newSink(t, func(_ int, step, _ string) string {
		if step == "RCPT" && ill.Load() {
			return "451 4.3.0 not now"
		}
		return ""
	})
	clock := dbtest.NewClock(noon)
	d := newDesk(t, dbtest.SQLite(t).Open(t, sqldb.WithClock(clock.Now)), map[string]Config{"support": config(s)})
	d.start()
	account := d.sender.accounts[0]
	if a := account.status().Silent; !a.Since.IsZero() {
		t.Errorf("%+v", a)
	}
	ids := d.queue(mailout.Answers, "max@customer.example", "eva@other.example")
	wait(t, "two tries", func() bool { return account.status().Silent.Recipients == 2 })
	if a := account.status().Silent; !a.Since.Equal(noon) || !a.Waiting || !strings.Contains(a.Reason, "451 4.3.0 not now") {
		t.Errorf("%+v", a)
	}
	wait(t, "them put off", func() bool { return !d.row(ids[0]).FirstFailed.IsZero() && !d.row(ids[1]).FirstFailed.IsZero() })
	ill.Store(false)
	clock.Advance(2 * time.Minute)
	d.kick()
	d.settled(ids...)
	if a := account.status().Silent; !a.Since.IsZero() || a.Recipients != 0 {
		t.Errorf("%+v", a)
	}
}
