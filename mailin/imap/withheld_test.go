package imap_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/imap"
	"tierdesk/mailin/imap/imaptest"
	"tierdesk/mailin/ledger"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// withholding is a server that does not give one mail as long as it is ill.
type withholding struct {
	*bench
	ill atomic.Bool
}

// The ways to withhold a mail: of FETCHes that ask for its body, but for the last, which gives the
// header.
var withholdings = map[string]func(c *wire, seq int, m *letter, items string) bool{
	"NIL": func(c *wire, seq int, m *letter, items string) bool {
		c.say(`* %d FETCH (%s INTERNALDATE "01-Feb-2026 03:04:05 +0000" RFC822.SIZE %d BODY[] NIL)`, seq, fmt.Sprint("UID ", m.uid), len(m.bytes))
		return true
	},
	"NO": func(c *wire, _ int, _ *letter, _ string) bool {
		c.no("[SERVERBUG] FETCH Server error")
		c.tag = "* OK ignore" // what follows is not the answer any more
		return true
	},
	"the connection cut": func(c *wire, _ int, _ *letter, _ string) bool { c.Close(); return true },
	"left out":           func(*wire, int, *letter, string) bool { return true },
	"all but its header": func(c *wire, seq int, m *letter, items string) bool {
		if strings.Contains(items, "HEADER") {
			return false
		}
		c.say("* %d FETCH (%s BODY[] NIL)", seq, c.facts(m, items))
		return true
	},
}

func withhold(t *testing.T, way func(c *wire, seq int, m *letter, items string) bool) *withholding {
	w := &withholding{bench: newBench(t, modern)}
	w.ill.Store(true)
	w.s.answer = func(c *wire, seq int, m *letter, items string) bool {
		return w.ill.Load() && m.uid == 3 && withBody(items) && way(c, seq, m, items)
	}
	w.fill(5)
	return w
}

// given returns what the desk was given of mail 3.
func (w *withholding) given() (out []mailin.Raw) {
	for _, m := range w.desk.Mails() {
		if m.Source.UID == 3 {
			out = append(out, m)
		}
	}
	return out
}

// part waits until a part of mail 3 is with the desk, and checks it.
func (w *withholding) part() {
	w.Helper()
	imaptest.Eventually(w, "a part of it is with the desk, and it is parked", func() bool { return w.f.Status().Folders[0].Parked == 1 })
	if got := w.given(); len(got) != 1 {
		w.Fatalf("the desk was given it %d times", len(got))
	} else if m := got[0]; !strings.Contains(m.Fault, "folder INBOX, UID 3") || !m.Truncated || m.Size <= int64(len(m.Bytes)) || m.Supersedes != 0 || !m.Source.Part {
		w.Errorf("the desk was given %d octets of %d, truncated=%v, with the fault %q, superseding %d", len(m.Bytes), m.Size, m.Truncated, m.Fault, m.Supersedes)
	}
	if moved := w.s.folder("Processed"); slices.Contains(moved, 3) {
		w.Error("a mail that is not there was acknowledged")
	}
}

// whole waits until all of mail 3 is with the desk, and moved.
func (w *withholding) whole() {
	w.Helper()
	imaptest.Eventually(w, "the whole of it is taken and moved", func() bool { return slices.Contains(w.s.folder("Processed"), 3) })
	got := w.given()
	if m := got[len(got)-1]; len(got) != 2 || m.Fault != "" || m.Truncated || imaptest.Subject(m.Bytes) != "3" || m.Supersedes != 1 || m.Source.Part || !m.Received.Equal(longAgo) {
		w.Errorf("given %d times; at last %d octets, with the fault %q, received %v, superseding %d", len(got), len(m.Bytes), m.Fault, m.Received, m.Supersedes)
	}
}

// A mail that the server withholds for long is not given up: people are told, and as soon as the
// server is well it is taken whole.
func TestWithheldMailComesAfterAll(t *testing.T) {
	t.Parallel()
	for name, way := range withholdings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := withhold(t, way)
			w.start()
			w.part()
			time.Sleep(300 * time.Millisecond) // asked for in vain
			w.ill.Store(false)
			w.whole()
			if left, err := w.f.Reconcile(context.Background()); err != nil || len(left) != 0 {
				t.Errorf("left over: %+v, %v", left, err)
			}
		})
	}
}

// The same across a restart: the new daemon asks at once.
func TestWithheldMailAfterARestart(t *testing.T) {
	t.Parallel()
	w := withhold(t, withholdings["NIL"])
	w.cfg = imap.Asking(w.cfg, time.Hour)
	stop := w.start()
	w.part()
	stop()
	w.ill.Store(false)
	w.start()
	w.whole()
}

// Somebody asks for a parked mail: in this process, or in another one.
func TestWithheldMailOnRequest(t *testing.T) {
	t.Parallel()
	for _, elsewhere := range []bool{false, true} {
		t.Run(fmt.Sprint("elsewhere ", elsewhere), func(t *testing.T) {
			t.Parallel()
			file := dbtest.SQLite(t)
			w := withhold(t, withholdings["NIL"])
			w.db = file.Open(t)
			w.desk = &imaptest.Desk{DB: w.db}
			w.cfg = imap.Asking(w.cfg, time.Hour)
			w.start()
			w.part()
			// attempts counts those since a person asked.
			attempts := func() (n int) {
				if err := w.db.View(context.Background(), func(tx *sqldb.Tx) error {
					place, _, err := ledger.Place(tx, 1)
					n = place.Attempts
					return err
				}); err != nil {
					t.Error(err)
				}
				return n
			}
			ask := func() {
				db := w.db
				if elsewhere {
					db = file.Open(t)
				}
				if err := db.Update(context.Background(), func(tx *sqldb.Tx) error {
					place, known, err := ledger.Place(tx, 1)
					if !known || place.Folder != "INBOX" || place.UID != 3 {
						t.Errorf("it lies at %+v", place)
					}
					if err != nil {
						return err
					}
					found, err := ledger.Retry(tx, 1)
					if !found {
						t.Error("there is nothing to ask for")
					}
					return err
				}); err != nil {
					t.Error(err)
				}
			}
			// The part is handed over first, and said to be parked in a transaction of its own.
			imaptest.Eventually(t, "the part is parked", func() (known bool) {
				if err := w.db.View(context.Background(), func(tx *sqldb.Tx) (err error) {
					_, known, err = ledger.Place(tx, 1)
					return err
				}); err != nil {
					t.Error(err)
				}
				return known
			})
			asked := w.s.commands("UID FETCH 3 ")
			ask()
			imaptest.Eventually(t, "the server is asked in each way, in vain", func() bool { return attempts() >= imap.Rungs })
			if w.s.commands("UID FETCH 3 ") == asked {
				t.Error("the server was not asked")
			}
			if len(w.given()) != 1 {
				t.Error("the same part was given again")
			}
			w.ill.Store(false)
			ask()
			w.whole()
		})
	}
}

// What was set aside and then removed from the folder by somebody is not asked for any more.
func TestWithheldMailThatIsRemoved(t *testing.T) {
	t.Parallel()
	w := withhold(t, withholdings["NIL"])
	w.cfg = imap.Rescanning(w.cfg, 100*time.Millisecond)
	w.start()
	w.part()
	w.s.mu.Lock()
	w.s.mails = nil
	w.s.mu.Unlock()
	imaptest.Eventually(t, "it is no longer parked", func() bool {
		var n map[string]int
		if err := w.db.View(context.Background(), func(tx *sqldb.Tx) (err error) { n, err = ledger.Count(tx, "support"); return err }); err != nil {
			t.Fatal(err)
		}
		return n["parked"] == 0
	})
	asked := w.s.commands("UID FETCH 3 ")
	time.Sleep(500 * time.Millisecond)
	if w.s.commands("UID FETCH 3 ") != asked {
		t.Error("it is still asked for")
	}
}

// A server that withholds all mails for a while is at fault, not the mails: it is asked more and
// more rarely, the admin is told, and the desk is not flooded with parts.
func TestServerThatWithholdsEverything(t *testing.T) {
	t.Parallel()
	b := newBench(t, modern)
	var ill atomic.Bool
	ill.Store(true)
	b.s.on = func(c *wire, command, args string) bool {
		if command == "UID FETCH" && withBody(args) && ill.Load() {
			c.no("[UNAVAILABLE] try later")
			return true
		}
		return false
	}
	b.fill(60)
	b.start()
	imaptest.Eventually(t, "the admin is told", func() bool { return b.f.Status().Err() != nil })
	before := b.s.commands("UID FETCH")
	time.Sleep(time.Second)
	if n := b.s.commands("UID FETCH") - before; n > 6*110 {
		t.Errorf("%d commands in a second", n)
	}
	if n := len(b.desk.Mails()); n > 5 {
		t.Errorf("the desk was given %d parts", n)
	}
	ill.Store(false)
	imaptest.Eventually(t, "all are moved", func() bool { return len(b.s.folder("Processed")) == 60 })
	if err := b.f.Status().Err(); err != nil {
		t.Error(err)
	}
}

// A mail over the limit: the desk knows that it has only the beginning, and how large the mail was,
// whatever the server said.
func TestTrueSizeOfACutMail(t *testing.T) {
	t.Parallel()
	for name, told := range map[string]int{"the truth": 3 << 20, "nothing": 0, "too little": 300 << 10, "too much": 9 << 20} {
		for _, alone := range []bool{true, false} {
			t.Run(fmt.Sprint(name, ", alone ", alone), func(t *testing.T) {
				t.Parallel()
				b := newBench(t, modern)
				b.cfg.MaxSize = 1 << 20
				large := imaptest.Mail("1", 3<<20)
				b.s.answer = func(c *wire, seq int, m *letter, items string) bool {
					if m.uid != 1 || !strings.Contains(items, "RFC822.SIZE") {
						return false
					}
					fmt.Fprintf(c.Conn, `* %d FETCH (UID 1 INTERNALDATE "01-Feb-2026 03:04:05 +0000" RFC822.SIZE %d`, seq, told)
					if withBody(items) {
						c.literal("BODY[]<0>", m.bytes[:min(asked(items), len(m.bytes))])
					}
					c.say(")")
					return true
				}
				b.s.put(1, large)
				if !alone {
					b.s.put(2, imaptest.Mail("2", 3000))
				}
				b.start()
				imaptest.Eventually(t, "it is taken", func() bool { return len(b.desk.Mails()) > 0 && len(b.s.inbox()) == 0 })
				m := b.desk.Mails()[0]
				if !m.Truncated || m.Size < 1<<20 || m.Size <= int64(len(m.Bytes)) || len(m.Bytes) > 1<<20 {
					t.Errorf("%d octets of %d, truncated=%v", len(m.Bytes), m.Size, m.Truncated)
				}
				if !alone {
					if m := b.desk.Mails()[1]; m.Truncated || m.Size != int64(len(m.Bytes)) {
						t.Errorf("a whole mail: %d octets of %d, truncated=%v", len(m.Bytes), m.Size, m.Truncated)
					}
				}
			})
		}
	}
}
