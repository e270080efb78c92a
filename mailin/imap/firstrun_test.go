package imap_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"tierdesk/mailin/imap"
	"tierdesk/mailin/imap/imaptest"
)

const internalDate = `"_2-Jan-2006 15:04:05 -0700"`

// dated puts a mail into the inbox that came at the time, and whose fields say what fields say.
func (s *scripted) dated(uid uint32, internalDate string, fields ...string) {
	mail := string(imaptest.Mail(fmt.Sprint(uid), 3000))
	for _, f := range fields {
		mail = f + "\r\n" + mail
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, &letter{uid: uid, bytes: []byte(mail), date: internalDate})
	for c := range s.conns {
		fmt.Fprintf(c, "* %d EXISTS\r\n", len(s.mails))
	}
}

// received returns a Received field of the time.
func received(at time.Time) string {
	return "Received: from mx.customer.example by mail.acme.example; " + at.Format(time.RFC1123Z)
}

// lockedOut refuses logins until its value is false.
func lockedOut(b *bench) *atomic.Bool {
	locked := new(atomic.Bool)
	locked.Store(true)
	b.s.on = func(c *wire, name, _ string) bool {
		if name == "LOGIN" && locked.Load() {
			c.no("[AUTHENTICATIONFAILED] no")
			return true
		}
		return false
	}
	return locked
}

// A desk whose login does not work at its first start: what came since is new, in each way of a
// first run, whatever the server says of its time; what lay there before is old, or left alone.
func TestFirstRunIsTheFirstStart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first imap.FirstRun
		old   bool // the old mail is taken
	}{
		"new":    {},
		"since":  {imap.FirstRun{Since: time.Now().AddDate(-2, 0, 0)}, true},
		"import": {imap.FirstRun{Import: true}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, modern)
			b.cfg = imap.Prompt(b.cfg, 500*time.Millisecond)
			b.cfg.FirstRun = c.first
			locked := lockedOut(b)
			long := time.Now().AddDate(-1, 0, 0)
			b.s.dated(1, long.Format(internalDate))
			stop := b.start()
			refused := func() {
				imaptest.Eventually(t, "the login is refused", func() bool { return b.f.Status().Folders[0].Refused })
			}
			refused()
			time.Sleep(1100 * time.Millisecond) // INTERNALDATE has whole seconds
			now := time.Now()
			b.s.dated(2, now.Format(internalDate))
			stop() // and it stays so across a restart
			b.s.dated(3, `"01-Jan-1970 00:00:00 +0000"`, received(now))
			b.s.dated(4, `"01-Jan-1970 00:00:00 +0000"`)
			b.s.dated(5, now.AddDate(30, 0, 0).Format(internalDate))
			b.start()
			refused()
			locked.Store(false)
			want := []uint32{2, 3, 4, 5}
			if c.old {
				want = slices.Insert(want, 0, 1)
			}
			imaptest.Eventually(t, "the mails are moved", func() bool { return slices.Equal(b.s.folder("Processed"), want) })
			b.once(want...)
			for _, m := range b.desk.Mails() {
				if m.Old != (m.Source.UID == 1) {
					t.Errorf("UID %d: old is %v", m.Source.UID, m.Old)
				}
				if age := time.Since(m.Received); m.Source.UID != 1 && (age < -time.Second || age > time.Minute) {
					t.Errorf("UID %d is said to have come at %v", m.Source.UID, m.Received)
				}
			}
		})
	}
}

// The same within the first minute: what came in it is new, also if nobody knows when, and only its
// Date field or the mails before it tell.
func TestFirstRunWithinAMinute(t *testing.T) {
	t.Parallel()
	b := newBench(t, modern)
	b.cfg.FirstRun = imap.FirstRun{}
	locked := lockedOut(b)
	b.s.dated(1, time.Now().AddDate(-1, 0, 0).Format(internalDate))
	b.start()
	imaptest.Eventually(t, "the login is refused", func() bool { return b.f.Status().Folders[0].Refused })
	time.Sleep(1100 * time.Millisecond)
	now := time.Now()
	b.s.dated(2, `"01-Jan-1970 00:00:00 +0000"`, "Date: "+now.Format(time.RFC1123Z))
	b.s.dated(3, now.Format(internalDate))
	b.s.dated(4, "NIL")
	locked.Store(false)
	imaptest.Eventually(t, "the mails are moved", func() bool { return slices.Equal(b.s.folder("Processed"), []uint32{2, 3, 4}) })
	for _, m := range b.desk.Mails() {
		if age := time.Since(m.Received); m.Old || age > time.Minute {
			t.Errorf("UID %d: old=%v, received %v", m.Source.UID, m.Old, m.Received)
		}
	}
}

// A mailbox full of old mail, some or all of it with times that cannot be, on a first run with
// `new`: all of it is left alone.
func TestUndatedMailOfAFirstRun(t *testing.T) {
	t.Parallel()
	long := time.Now().AddDate(-1, 0, 0)
	for name, date := range map[string]func(uid uint32) string{
		"some of 1970": func(uid uint32) string {
			return pick(uid%3 == 0, `"01-Jan-1970 00:00:00 +0000"`, long.Format(internalDate))
		},
		"all of 1970": func(uint32) string { return `"01-Jan-1970 00:00:00 +0000"` },
		"some ahead of time": func(uid uint32) string {
			return pick(uid%3 == 0, `"01-Jan-2999 00:00:00 +0000"`, long.Format(internalDate))
		},
		"one malformed": func(uid uint32) string { return pick(uid == 5, `"yesterday"`, long.Format(internalDate)) },
		"one malformed, told first": func(uid uint32) string {
			return pick(uid == 5, `"yesterday" UID 5`, long.Format(internalDate))
		},
		"all malformed":       func(uint32) string { return `"yesterday"` },
		"all without":         func(uint32) string { return "NIL" },
		"malformed at an end": func(uid uint32) string { return pick(uid == 12, "NIL", long.Format(internalDate)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, modern)
			b.cfg.FirstRun = imap.FirstRun{}
			for uid := uint32(1); uid <= 12; uid++ {
				b.s.dated(uid, date(uid))
			}
			b.start()
			imaptest.Eventually(t, "it idles", func() bool { return b.f.Status().Folders[0].Doing == imap.Idling })
			hours := time.Now().Add(-3 * time.Hour)
			b.s.dated(13, hours.Format(internalDate))
			imaptest.Eventually(t, "the new mail is taken", func() bool { return len(b.s.folder("Processed")) > 0 })
			b.once(13)
			m := b.desk.Mails()[0]
			if m.Old {
				t.Error("the new mail is called old")
			}
			if name != "all malformed" && name != "all without" && m.Received.Sub(hours).Abs() > time.Minute {
				t.Errorf("the new mail is said to have come at %v", m.Received)
			}
		})
	}
}

func pick(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

// Mails that come with times that cannot be: they came when our own server's Received field says
// so, or now.
func TestTimesThatCannotBe(t *testing.T) {
	b := newBench(t, modern)
	b.start()
	imaptest.Eventually(t, "it idles", func() bool { return b.f.Status().Folders[0].Doing == imap.Idling })
	hours := time.Now().Add(-5 * time.Hour).Truncate(time.Second)
	want := map[uint32]time.Time{}
	put := func(at time.Time, internalDate string, fields ...string) {
		uid := uint32(len(want) + 1)
		want[uid] = at
		b.s.dated(uid, internalDate, fields...)
	}
	put(hours, hours.Format(internalDate))
	for _, never := range []string{`"01-Jan-1970 00:00:00 +0000"`, `"01-Jan-1980 00:00:00 +0000"`, `"01-Jan-2038 03:14:07 +0000"`, `"31-Dec-9999 23:59:59 +0000"`, `"13-Nov-0001 00:00:00 +0000"`, `NIL`} {
		put(time.Now(), never)
		put(hours, never, "Received: by inner.example; "+hours.AddDate(0, 0, -3).Format(time.RFC1123Z), received(hours)) // the topmost stands last here
		put(time.Now(), never, received(time.Unix(0, 0)))
		put(time.Now(), never, "Received: from nobody; at noon")
	}
	imaptest.Eventually(t, "all are moved", func() bool { return len(b.s.folder("Processed")) == len(want) })
	for _, m := range b.desk.Mails() {
		if off := m.Received.Sub(want[m.Source.UID]).Abs(); off > 30*time.Second || m.Old {
			t.Errorf("UID %d: received %v instead of %v, old=%v", m.Source.UID, m.Received, want[m.Source.UID], m.Old)
		}
	}
}

// A mail that was missed is found by reconciliation also if the server says that it comes from the
// future.
func TestMissedMailFromTheFuture(t *testing.T) {
	b := newBench(t, modern)
	locked := lockedOut(b)
	b.s.dated(1, time.Now().AddDate(5, 0, 0).Format(internalDate))
	stop := b.start()
	imaptest.Eventually(t, "the login is refused", func() bool { return b.f.Status().Folders[0].Refused })
	stop()
	locked.Store(false)
	gaps, err := b.f.Reconcile(context.Background())
	if err != nil || len(gaps) != 1 {
		t.Errorf("%+v, %v", gaps, err)
	}
}

// A time that the server tells malformed costs the connection. Reconciliation goes by what the mails
// say themselves then: one that has just come is no gap, one that says nothing is.
func TestReconcileMalformedTimes(t *testing.T) {
	b := newBench(t, modern)
	locked := lockedOut(b)
	b.s.dated(1, `"yesterday"`, "Received: from nobody; at noon")
	b.s.dated(2, `"yesterday"`, received(time.Now()))
	stop := b.start()
	imaptest.Eventually(t, "the login is refused", func() bool { return b.f.Status().Folders[0].Refused })
	stop()
	locked.Store(false)
	gaps, err := b.f.Reconcile(context.Background())
	if err != nil || len(gaps) != 1 || gaps[0].UID != 1 {
		t.Errorf("%+v, %v", gaps, err)
	}
}

func TestDivide(t *testing.T) {
	floor := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		mails         string // a: came before, b: since, x: nobody knows, blank: long before
		since, unsure []uint32
	}{
		{"", nil, nil},
		{"aab", []uint32{3}, nil},
		{"  aabb", []uint32{5, 6}, nil},
		{"axa", nil, nil},
		{"bxb", []uint32{1, 2, 3}, nil},
		{"axb", []uint32{3}, []uint32{2}},
		{"xab", []uint32{3}, nil},
		{"abx", []uint32{2, 3}, nil},
		{"abxa", []uint32{2}, []uint32{3}},
		{"xxx", nil, []uint32{1, 2, 3}},
		{"  x", nil, []uint32{3}},
		{" x ", nil, nil},
	} {
		var lay []uint32
		times := map[uint32]time.Time{}
		for i, sign := range c.mails {
			uid := uint32(i + 1)
			lay = append(lay, uid)
			switch sign {
			case 'a':
				times[uid] = floor.Add(-time.Second)
			case 'b':
				times[uid] = floor
			case 'x':
				times[uid] = time.Time{}
			}
		}
		since, unsure := imap.Divide(lay, times, floor)
		if got := slices.Sorted(maps.Keys(since)); !slices.Equal(got, c.since) || !slices.Equal(unsure, c.unsure) {
			t.Errorf("%q: since %v, unsure %v; should be %v, %v", c.mails, got, unsure, c.since, c.unsure)
		}
	}
}
