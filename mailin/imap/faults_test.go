package imap_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/imap"
	"tierdesk/mailin/imap/imaptest"
	"tierdesk/mailin/ledger"
	"tierdesk/migrations/sqldb"
)

const modern = "IDLE MOVE UIDPLUS"

// bench is a desk that watches a scripted server.
type bench struct {
	testing.TB
	s    *scripted
	db   *sqldb.DB
	desk *imaptest.Desk
	cfg  imap.Config
	f    *imap.Fetcher
}

func newBench(t *testing.T, caps string) *bench {
	b := &bench{TB: t, s: script(t, caps), db: sqlite(t)}
	b.desk = &imaptest.Desk{DB: b.db}
	b.cfg = imap.Quick(b.s.closedAccount().Config())
	b.cfg.FirstRun = imap.FirstRun{Import: true}
	return b
}

func (b *bench) start() (stop func()) {
	b.Helper()
	f, err := imap.New(b.cfg, b.db, ledger.NewKeeper(b.db, "test", time.Minute), b.desk, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.f = f
	b.s.open()
	return imaptest.Start(b, f)
}

// fill puts mails 1 to n into the inbox; their subjects are their UIDs.
func (b *bench) fill(n int) {
	for uid := 1; uid <= n; uid++ {
		b.s.put(uint32(uid), imaptest.Mail(fmt.Sprint(uid), 3000))
	}
}

// all waits until mails 1 to n are taken, each once and whole, and moved.
func (b *bench) all(n int) {
	b.Helper()
	var want []uint32
	for uid := 1; uid <= n; uid++ {
		want = append(want, uint32(uid))
	}
	imaptest.Eventually(b, fmt.Sprintf("%d mails are moved", n), func() bool {
		moved := slices.Compact(b.s.folder("Processed"))
		return slices.Equal(moved, want) && len(b.s.inbox()) == 0
	})
	b.once(want...)
}

// once reports whether just these mails were taken, each once and whole.
func (b *bench) once(uids ...uint32) {
	b.Helper()
	var got []uint32
	for _, m := range b.desk.Mails() {
		got = append(got, m.Source.UID)
		if m.Fault == "" && !m.Truncated && (imaptest.Subject(m.Bytes) != fmt.Sprint(m.Source.UID) || len(m.Bytes) < 3000 || !bytes.HasSuffix(m.Bytes, []byte("again.\r\n"))) {
			b.Errorf("UID %d was taken as %d octets with the subject %q", m.Source.UID, len(m.Bytes), imaptest.Subject(m.Bytes))
		}
	}
	if slices.Sort(got); !slices.Equal(got, uids) {
		b.Errorf("taken: %v, should be %v", got, uids)
	}
}

// A backup was put back: the server gives UIDs to new mails that it has given to others, and its UIDVALIDITY is the same. The new ones are taken;
// an old one that has another's UID now is handed over once more, for the desk knows it by its content.
func TestUIDsAreGivenAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, modern)
	b.fill(5)
	stop := b.start()
	b.all(5)
	stop()
	b.s.mu.Lock()
	b.s.mails, b.s.given = nil, 0
	b.s.folders["Processed"] = nil
	b.s.mu.Unlock()
	b.s.put(1, imaptest.Mail("5", 3000)) // it was taken under another UID
	b.s.put(2, imaptest.Mail("another", 3000))
	b.start()
	imaptest.Eventually(b, "both are moved", func() bool { return len(b.s.folder("Processed")) == 2 && len(b.s.inbox()) == 0 })
	var subjects []string
	for _, m := range b.desk.Mails() {
		subjects = append(subjects, imaptest.Subject(m.Bytes))
	}
	slices.Sort(subjects)
	if got := strings.Join(slices.Compact(slices.Clone(subjects)), " "); len(subjects) != 7 || got != "1 2 3 4 5 another" {
		t.Errorf("handed over: %v; each should be once, 5 twice, and the new one too", subjects)
	}
}

// The connection is lost at each command in turn: before the server does what it says, after it did
// it, or with silence.
func TestConnectionLostAtEachCommand(t *testing.T) {
	t.Parallel()
	ways := map[string]func(c *wire, command, args string){
		"cut before": func(c *wire, _, _ string) { c.Close() },
		"cut after": func(c *wire, command, args string) {
			keep := c.Conn
			c.Conn = deaf{keep}
			c.mu.Lock()
			c.command(command, args)
			c.mu.Unlock()
			keep.Close()
		},
		"black hole": func(c *wire, _, _ string) { c.hole() },
		"BYE":        func(c *wire, _, _ string) { c.say("* BYE going down"); c.Close() },
		"garbage":    func(c *wire, _, _ string) { c.say("* XFOO (1 2"); c.ok() },
		"VANISHED":   func(c *wire, _, _ string) { c.say("* VANISHED 3"); c.ok() },
		"no CRLF":    func(c *wire, _, _ string) { fmt.Fprint(c.Conn, "* 1 FET"); c.Close() },
		"empty line": func(c *wire, _, _ string) { c.say(""); c.ok() },
		"wrong tag":  func(c *wire, _, _ string) { c.say("T999 OK done") },
	}
	for name, way := range ways {
		for caps, commands := range map[string][]string{
			modern:    {"GREETING", "CAPABILITY", "LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "UID MOVE", "NOOP", "IDLE", "DONE"},
			"UIDPLUS": {"UID COPY", "UID STORE", "UID EXPUNGE"},
		} {
			for _, command := range commands {
				if name == "cut after" && command == "DONE" {
					continue
				}
				t.Run(name+" at "+command, func(t *testing.T) {
					t.Parallel()
					b := newBench(t, caps)
					b.s.on = once(command, func(c *wire, args string) { way(c, command, args) })
					b.fill(3)
					b.start()
					b.all(3)
					b.s.put(4, imaptest.Mail("4", 3000))
					b.all(4)
				})
			}
		}
	}
}

// deaf swallows what is written.
type deaf struct{ net.Conn }

func (deaf) Write(p []byte) (int, error) { return len(p), nil }

// A connection that is cut in the middle of a literal: go-imap reports a plain end there. What came
// before is kept.
func TestCutInALiteral(t *testing.T) {
	b := newBench(t, modern)
	var cut atomic.Bool
	b.s.answer = func(c *wire, seq int, m *letter, items string) bool {
		if m.uid != 3 || !withBody(items) || cut.Swap(true) {
			return false
		}
		fmt.Fprintf(c.Conn, "* %d FETCH (%s BODY[] {%d}\r\n", seq, c.facts(m, items), len(m.bytes))
		c.Write(m.bytes[:1000])
		c.Close()
		return true
	}
	b.fill(5)
	b.start()
	b.all(5)
	if n := b.s.commands("UID FETCH 1:5 "); n != 2 {
		t.Errorf("all five were asked for %d times (facts and bodies): what came before the cut was not kept", n)
	}
}

// A server that trickles does not hold the folder for ever.
func TestTrickle(t *testing.T) {
	t.Parallel()
	b := newBench(t, modern)
	var slow atomic.Bool
	b.s.answer = func(c *wire, seq int, m *letter, items string) bool {
		if !withBody(items) || slow.Swap(true) {
			return false
		}
		fmt.Fprintf(c.Conn, "* %d FETCH (%s BODY[] {%d}\r\n", seq, c.facts(m, items), len(m.bytes))
		began := time.Now()
		for _, x := range m.bytes {
			if _, err := c.Write([]byte{x}); err != nil {
				break
			}
			if time.Since(began) > 15*time.Second {
				t.Error("a server may trickle for ever")
				c.Close()
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		return true
	}
	b.fill(1)
	b.start()
	b.all(1)
}

// What a server may answer to a FETCH, for one mail of five: the four others are taken at once, and
// this one as soon as the server lets it.
func TestBadAnswersForOneMail(t *testing.T) {
	t.Parallel()
	type answer func(c *wire, seq int, m *letter, items string)
	for name, way := range map[string]answer{
		"left out": func(*wire, int, *letter, string) {},
		"NIL": func(c *wire, seq int, m *letter, items string) {
			c.say("* %d FETCH (%s BODY[] NIL)", seq, c.facts(m, items))
		},
		"an empty body": func(c *wire, seq int, m *letter, items string) {
			c.say("* %d FETCH (%s BODY[] \"\")", seq, c.facts(m, items))
		},
		"no body": func(c *wire, seq int, m *letter, items string) { c.say("* %d FETCH (%s)", seq, c.facts(m, items)) },
		"flags just before": func(c *wire, seq int, m *letter, items string) {
			c.say("* %d FETCH (UID %d FLAGS (\\Seen))", seq, m.uid)
			c.fetch(seq, m, items)
		},
		"wrong UID": func(c *wire, seq int, m *letter, items string) {
			c.say("* %d FETCH (UID 77 BODY[] {2}\r\nxx)", seq)
		},
		"literal longer than told": func(c *wire, seq int, m *letter, items string) {
			fmt.Fprintf(c.Conn, "* %d FETCH (%s BODY[] {100000}\r\nshort)\r\n", seq, c.facts(m, items))
			c.Close()
		},
		"malformed date": func(c *wire, seq int, m *letter, items string) {
			c.say(`* %d FETCH (UID %d INTERNALDATE "yesterday" RFC822.SIZE 1 BODY[] {2}`+"\r\nxx)", seq, m.uid)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, modern)
			var bad atomic.Int32
			b.s.answer = func(c *wire, seq int, m *letter, items string) bool {
				if m.uid != 3 || !withBody(items) || bad.Add(1) > 3 {
					return false
				}
				way(c, seq, m, items)
				return true
			}
			b.fill(5)
			b.start()
			b.all(5)
		})
	}
}

// Whatever a server tells of its mails beside what was asked for, they are all taken, and at once.
func TestItemsThatNobodyAskedFor(t *testing.T) {
	t.Parallel()
	b := newBench(t, modern)
	b.s.answer = func(c *wire, seq int, m *letter, items string) bool {
		fmt.Fprintf(c.Conn, "* %d FETCH (X-GM-LABELS (\"\\\\Inbox\" x) %s X-SEEN-BY {2}\r\n)(", seq, c.facts(m, items))
		if withBody(items) {
			fmt.Fprintf(c.Conn, " BODY[] {%d}\r\n%s X-GM-MSGID 12", len(m.bytes), m.bytes)
		}
		c.say(")")
		return true
	}
	b.fill(20)
	b.start()
	b.all(20)
	b.s.mu.Lock()
	defer b.s.mu.Unlock()
	logins := 0
	for _, command := range b.s.log {
		if strings.HasPrefix(command, "LOGIN") || strings.HasPrefix(command, "AUTHENTICATE") {
			logins++
		}
	}
	if logins != 1 {
		t.Errorf("%d logins, want 1: %q", logins, b.s.log)
	}
}

// The same for ever: the mail goes down the ladder, the desk is given what could be had, and the
// mail stays where it lies.
func TestPoison(t *testing.T) {
	t.Parallel()
	kill := func(c *wire, _ int, _ *letter, _ string) { c.say("* XFOO"); c.Close() }
	for name, way := range map[string]struct {
		bad    func(items string) bool
		answer func(c *wire, seq int, m *letter, items string)
		// what the desk gets
		fault  string
		octets func(n int) bool
	}{
		"connection dies at the body": {func(i string) bool { return strings.Contains(i, "BODY.PEEK[]") }, kill, "its header", func(n int) bool { return n > 50 && n < 1000 }},
		"connection dies at the whole": {func(i string) bool {
			return withBody(i) && !strings.Contains(i, "<0.262144>") && !strings.Contains(i, "HEADER")
		}, kill, "", func(n int) bool { return n >= 3000 }},
		"connection dies at all of it": {withBody, kill, "all of it", func(n int) bool { return n == 0 }},
		"no body":                      {withBody, func(c *wire, seq int, m *letter, i string) { c.say("* %d FETCH (%s)", seq, c.facts(m, i)) }, "all of it", func(n int) bool { return n == 0 }},
		"facts kill":                   {func(i string) bool { return strings.Contains(i, "INTERNALDATE") }, kill, "", func(n int) bool { return n >= 3000 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, modern)
			b.s.answer = func(c *wire, seq int, m *letter, items string) bool {
				if m.uid != 3 || !way.bad(items) {
					return false
				}
				way.answer(c, seq, m, items)
				return true
			}
			b.fill(5)
			b.start()
			imaptest.Eventually(t, "all five are with the desk", func() bool { return len(b.desk.Mails()) == 5 })
			b.once(1, 2, 3, 4, 5)
			if last := b.desk.Mails()[4]; last.Source.UID != 3 {
				t.Errorf("the poisoned mail held up UID %d", last.Source.UID)
			} else if !strings.Contains(last.Fault, way.fault) || (way.fault == "") != (last.Fault == "") || !way.octets(len(last.Bytes)) || last.Received.IsZero() {
				t.Errorf("the desk was given %d octets with the fault %q", len(last.Bytes), last.Fault)
			}
			left := []uint32(nil)
			if way.fault != "" {
				left = []uint32{3}
			}
			imaptest.Eventually(t, "the others are moved", func() bool { return slices.Equal(b.s.inbox(), left) })
			if way.fault == "" {
				return
			}
			imaptest.Eventually(t, "it is parked", func() bool { return b.f.Status().Folders[0].Parked == 1 })
			fetches := b.s.commands("UID FETCH 3 ")
			b.s.put(6, imaptest.Mail("6", 3000))
			imaptest.Eventually(t, "the next mail is moved", func() bool { return slices.Contains(b.s.folder("Processed"), 6) })
			time.Sleep(time.Second)
			if n := b.s.commands("UID FETCH 3 ") - fetches; n < 1 || n > 20 {
				t.Errorf("a parked mail was asked for %d times in a second", n)
			}
			gaps, err := b.f.Reconcile(context.Background())
			if err != nil && name != "facts kill" {
				t.Error(err)
			}
			if len(gaps) != 1 || gaps[0].UID != 3 || gaps[0].Parked == "" {
				t.Errorf("reconciliation does not tell of it: %+v", gaps)
			}
		})
	}
}

// A server that tells the UID only after the body, for all mails.
func TestUIDAfterTheBody(t *testing.T) {
	b := newBench(t, modern)
	b.s.answer = func(c *wire, seq int, m *letter, items string) bool {
		if !withBody(items) {
			return false
		}
		n := len(m.bytes)
		fmt.Fprintf(c.Conn, "* %d FETCH (BODY[]%s {%d}\r\n%s UID %d INTERNALDATE \"01-Feb-2026 03:04:05 +0000\" RFC822.SIZE %d)\r\n",
			seq, map[bool]string{true: "<0>", false: ""}[strings.Contains(items, "<0.")], n, m.bytes, m.uid, n)
		return true
	}
	b.fill(3)
	b.start()
	b.all(3)
	for _, m := range b.desk.Mails() {
		if !m.Received.Equal(longAgo) || m.Fault != "" {
			t.Errorf("UID %d: %v %q", m.Source.UID, m.Received, m.Fault)
		}
	}
}

func TestUIDsOutOfOrder(t *testing.T) {
	b := newBench(t, modern)
	put := func(uids ...uint32) {
		for _, uid := range uids {
			b.s.put(uid, imaptest.Mail(fmt.Sprint(uid), 3000))
		}
	}
	moved := func(uids ...uint32) {
		t.Helper()
		imaptest.Eventually(t, fmt.Sprint(uids, " are moved"), func() bool { return slices.Equal(b.s.folder("Processed"), uids) })
	}
	put(1004, 1002, 1005, 1001, 1003)
	b.start()
	moved(1001, 1002, 1003, 1004, 1005)
	// One becomes visible later than one with a higher UID.
	put(1007)
	moved(1001, 1002, 1003, 1004, 1005, 1007)
	put(1006)
	moved(1001, 1002, 1003, 1004, 1005, 1006, 1007)
	b.once(1001, 1002, 1003, 1004, 1005, 1006, 1007)
}

// A mail that another client removes while it is fetched is no loss and holds nobody up.
func TestExpungedWhileFetched(t *testing.T) {
	b := newBench(t, modern)
	b.s.answer = func(c *wire, seq int, m *letter, items string) bool {
		if m.uid == 2 && withBody(items) {
			c.remove(m)
			return true
		}
		return false
	}
	b.fill(3)
	b.start()
	imaptest.Eventually(t, "the others are moved", func() bool { return slices.Equal(b.s.folder("Processed"), []uint32{1, 3}) })
	b.s.put(4, imaptest.Mail("4", 3000))
	imaptest.Eventually(t, "the next is moved", func() bool { return slices.Equal(b.s.folder("Processed"), []uint32{1, 3, 4}) })
	b.once(1, 3, 4)
	if s := b.f.Status(); s.Err() != nil || s.Folders[0].Parked != 0 {
		t.Errorf("status %+v", s)
	}
}

// A search by a broken index finds too few: the folder itself tells more.
func TestSearchFindsTooFew(t *testing.T) {
	b := newBench(t, modern)
	b.s.on = func(c *wire, command, args string) bool {
		if command != "UID SEARCH" {
			return false
		}
		c.say("* SEARCH 1 3")
		c.ok()
		return true
	}
	b.fill(4)
	b.start()
	b.all(4)
}

// `n:*` names the last mail even where n is beyond it.
func TestSearchNamesTheLast(t *testing.T) {
	b := newBench(t, modern)
	b.cfg.After = imap.After{Way: imap.Keep}
	b.s.on = func(c *wire, command, args string) bool {
		if command != "UID SEARCH" {
			return false
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.say("* SEARCH%s %d", c.search(true, args), c.mails[len(c.mails)-1].uid)
		c.ok()
		return true
	}
	b.s.put(500, imaptest.Mail("500", 3000))
	b.start()
	imaptest.Eventually(t, "it is taken", func() bool { return len(b.desk.Mails()) == 1 })
	b.s.put(501, imaptest.Mail("501", 3000))
	imaptest.Eventually(t, "the next is taken", func() bool { return len(b.desk.Mails()) == 2 })
	b.once(500, 501)
}

func TestFolderMissingAtTheMove(t *testing.T) {
	for name, answer := range map[string]string{"TRYCREATE": "[TRYCREATE] no such folder", "just NO": "no such folder"} {
		for caps, command := range map[string]string{modern: "UID MOVE", "": "UID COPY"} {
			t.Run(name+" to "+command, func(t *testing.T) {
				b := newBench(t, caps)
				var made atomic.Bool
				b.s.on = func(c *wire, name, args string) bool {
					switch {
					case name == "CREATE":
						made.Store(true)
					case name == command && !made.Load():
						c.no(answer)
						return true
					}
					return false
				}
				b.fill(2)
				b.start()
				imaptest.Eventually(t, "the mails are moved", func() bool { return slices.Equal(b.s.folder("Processed"), []uint32{1, 2}) })
				b.once(1, 2)
			})
		}
	}
}

// A server that offers MOVE and does not know it has its mails copied and removed, and is not asked
// again over this connection.
func TestMoveThatIsNotUnderstood(t *testing.T) {
	t.Parallel()
	b := newBench(t, modern)
	b.s.on = func(c *wire, name, _ string) bool {
		if name == "UID MOVE" {
			c.say("%s BAD Unknown command", c.tag)
			return true
		}
		return false
	}
	b.fill(2)
	b.start()
	imaptest.Eventually(t, "the mails are moved", func() bool { return slices.Equal(b.s.folder("Processed"), []uint32{1, 2}) && len(b.s.inbox()) == 0 })
	b.s.put(3, imaptest.Mail("3", 3000))
	imaptest.Eventually(t, "the next is moved", func() bool { return slices.Equal(b.s.folder("Processed"), []uint32{1, 2, 3}) })
	if n := b.s.commands("UID MOVE"); n != 1 || b.f.Status().Err() != nil {
		t.Errorf("MOVE was asked for %d times, %v", n, b.f.Status().Err())
	}
	b.once(1, 2, 3)
}

// A server that copies, and lets nothing be flagged as deleted for a while, gets one copy of each mail.
func TestCopiedOnceWhereNothingIsDeleted(t *testing.T) {
	t.Parallel()
	b := newBench(t, "UIDPLUS")
	var refused atomic.Int32
	b.s.on = func(c *wire, name, _ string) bool {
		if name == "UID STORE" && refused.Add(1) <= 3 {
			c.no("[CANNOT] not now")
			return true
		}
		return false
	}
	b.fill(2)
	b.start()
	b.all(2)
	if n := b.s.folder("Processed"); len(n) != 2 {
		t.Errorf("copied: %v", n)
	}
}

// A server that never lets anything be deleted, and that hangs up, gets one copy of each mail, too.
func TestCopiedOnceOverConnections(t *testing.T) {
	t.Parallel()
	b := newBench(t, "UIDPLUS")
	var stores, copies atomic.Int32
	b.s.on = func(c *wire, name, _ string) bool {
		switch name {
		case "UID COPY":
			copies.Add(1)
		case "UID STORE":
			if stores.Add(1) <= 3 {
				c.Close()
				return true
			}
		}
		return false
	}
	b.fill(2)
	b.start()
	b.all(2)
	if n := copies.Load(); n != 1 || len(b.s.folder("Processed")) != 2 {
		t.Errorf("%d times copied: %v", n, b.s.folder("Processed"))
	}
}

// A copy that failed must never be followed by a deletion: without MOVE go-imap's own Move would do
// that.
func TestCopyThatFailsDeletesNothing(t *testing.T) {
	for _, caps := range []string{"", "UIDPLUS"} {
		b := newBench(t, caps)
		b.s.on = func(c *wire, name, _ string) bool {
			if name == "UID COPY" || name == "CREATE" {
				c.no("[CANNOT] never")
				return true
			}
			return false
		}
		b.fill(2)
		b.start()
		imaptest.Eventually(t, "the admin is told", func() bool { return b.f != nil && b.f.Status().Folders[0].AcknowledgeError != "" })
		b.once(1, 2)
		if n := b.s.commands("UID STORE") + b.s.commands("UID EXPUNGE") + b.s.commands("EXPUNGE"); n != 0 || len(b.s.inbox()) != 2 {
			t.Errorf("%d commands that delete, %v left", n, b.s.inbox())
		}
	}
}

// Without UIDPLUS nothing is expunged: that would take with it what others have flagged.
func TestNothingIsExpungedWithoutUIDPLUS(t *testing.T) {
	b := newBench(t, "")
	b.fill(2)
	b.s.put(9, imaptest.Mail("9", 3000))
	b.start()
	imaptest.Eventually(t, "the mails are copied", func() bool { return len(b.s.folder("Processed")) == 3 })
	b.s.put(10, imaptest.Mail("10", 3000))
	imaptest.Eventually(t, "the next is copied", func() bool { return slices.Equal(b.s.folder("Processed"), []uint32{1, 2, 9, 10}) })
	if n := b.s.commands("EXPUNGE"); n != 0 || len(b.s.inbox()) != 4 {
		t.Errorf("expunged %d times, %v left", n, b.s.inbox())
	}
	b.once(1, 2, 9, 10)
}

// Over quota at the move: the mails are taken, the admin is told, new mail is taken all the same,
// and it is made good later.
func TestOverQuotaAtTheMove(t *testing.T) {
	b := newBench(t, modern)
	var full atomic.Bool
	full.Store(true)
	b.s.on = func(c *wire, name, _ string) bool {
		if name == "UID MOVE" && full.Load() {
			c.no("[OVERQUOTA] full")
			return true
		}
		return false
	}
	b.fill(3)
	b.start()
	imaptest.Eventually(t, "the admin is told", func() bool {
		s := b.f.Status()
		return strings.Contains(s.Folders[0].AcknowledgeError, "OVERQUOTA") && s.Folders[0].Unacknowledged == 3 && s.Err() != nil
	})
	b.s.put(4, imaptest.Mail("4", 3000))
	imaptest.Eventually(t, "new mail is taken", func() bool { return len(b.desk.Mails()) == 4 })
	if n := b.s.commands("CREATE"); n != 0 {
		t.Error("a full folder was made anew")
	}
	full.Store(false)
	b.all(4)
	imaptest.Eventually(t, "the status is well again", func() bool {
		s := b.f.Status()
		return s.Err() == nil && s.Folders[0].Unacknowledged == 0
	})
}

// A login that is refused is tried seldom, and told.
func TestLoginRefused(t *testing.T) {
	b := newBench(t, modern)
	var locked atomic.Bool
	locked.Store(true)
	b.s.on = func(c *wire, name, _ string) bool {
		if name == "LOGIN" && locked.Load() {
			c.no("[AUTHENTICATIONFAILED] no")
			return true
		}
		return false
	}
	b.fill(1)
	b.start()
	imaptest.Eventually(t, "it is told", func() bool { return b.f.Status().Folders[0].Refused })
	began := time.Now()
	imaptest.Eventually(t, "it is tried again", func() bool { return b.s.commands("LOGIN") >= 6 })
	if took := time.Since(began); took < 50*time.Millisecond { // 6 tries with pauses of 5, 10, 20, 20 … at least
		t.Errorf("six logins in %v", took)
	}
	locked.Store(false)
	b.all(1)
	if s := b.f.Status().Folders[0]; s.Refused || s.Error != "" || !s.Connected {
		t.Errorf("status %+v", s)
	}
}

func TestIdleRefused(t *testing.T) {
	b := newBench(t, modern)
	b.s.on = func(c *wire, name, _ string) bool {
		if name == "IDLE" {
			c.no("not today")
			return true
		}
		return false
	}
	b.fill(1)
	b.start()
	b.all(1)
	imaptest.Eventually(t, "it polls", func() bool { return b.f.Status().Folders[0].Doing == imap.Polling })
	b.s.putSilently(2, imaptest.Mail("2", 3000))
	b.all(2)
	if n := b.s.commands("IDLE"); n != 1 {
		t.Errorf("IDLE was tried %d times", n)
	}
	if n := b.s.commands("LOGIN"); n != 1 {
		t.Errorf("%d logins", n)
	}
}

// Mail that came while IDLE began and that the server never tells of: the IDLEs after something
// happened are short.
func TestMailThatIsNotTold(t *testing.T) {
	t.Parallel()
	b := newBench(t, modern)
	b.fill(1)
	b.start()
	b.all(1)
	imaptest.Eventually(t, "it idles", func() bool { return b.f.Status().Folders[0].Doing == imap.Idling })
	b.s.putSilently(2, imaptest.Mail("2", 3000))
	b.all(2)
	if n := b.s.commands("LOGIN"); n != 1 {
		t.Errorf("%d logins", n)
	}
}

// FETCH answered by NO for a batch: each mail is tried alone.
func TestFetchRefused(t *testing.T) {
	b := newBench(t, modern)
	b.s.on = func(c *wire, name, args string) bool {
		set, items, _ := strings.Cut(args, " ")
		if name == "UID FETCH" && withBody(items) && set != "2" && strings.ContainsAny(set, ",:") {
			c.no("[SERVERBUG] cannot read mail 2")
			return true
		}
		return false
	}
	b.fill(3)
	b.start()
	b.all(3)
	if n := b.s.commands("LOGIN"); n != 1 {
		t.Errorf("%d logins: a refusal is no reason to leave", n)
	}
}

// A server that says one size and sends another: never more than the limit is kept.
func TestSizeIsALie(t *testing.T) {
	for name, told := range map[string]int{"too small": 10, "too large": 10_000_000} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, modern)
			b.cfg.MaxSize = 1 << 20
			b.s.answer = func(c *wire, seq int, m *letter, items string) bool {
				if !strings.Contains(items, "RFC822.SIZE") || withBody(items) {
					return false
				}
				c.say(`* %d FETCH (UID %d INTERNALDATE "01-Feb-2026 03:04:05 +0000" RFC822.SIZE %d)`, seq, m.uid, told)
				return true
			}
			b.s.put(1, imaptest.Mail("1", 3000))
			b.s.put(2, imaptest.Mail("2", 3<<20))
			b.start()
			b.all(2)
			for _, m := range b.desk.Mails() {
				if len(m.Bytes) > 1<<20 {
					t.Errorf("UID %d: %d octets kept", m.Source.UID, len(m.Bytes))
				}
				if m.Truncated != (m.Source.UID == 2) && name == "too small" {
					t.Errorf("UID %d: truncated is %v", m.Source.UID, m.Truncated)
				}
			}
		})
	}
}

// A desk that cannot take one mail of a batch: the others are taken; this one is given again as one
// at fault; if not even that goes, it is parked.
func TestDeskRefusesOneMail(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		before func(r mailin.Raw) error
		parked int64
	}{
		{"until it is at fault", func(r mailin.Raw) error {
			if r.Fault == "" {
				return errors.New("cannot be")
			}
			return nil
		}, 0},
		{"for ever", func(mailin.Raw) error { return errors.New("cannot be") }, 1},
		{"by a panic", func(mailin.Raw) error { panic("no") }, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, modern)
			b.desk.Before = func(batch []mailin.Raw) error {
				for _, r := range batch {
					if r.Source.UID == 2 {
						return c.before(r)
					}
				}
				return nil
			}
			b.fill(3)
			b.start()
			want := []uint32{1, 2, 3}
			if c.parked > 0 {
				want = []uint32{1, 3}
			}
			imaptest.Eventually(t, "the mails are moved", func() bool { return slices.Equal(b.s.folder("Processed"), want) })
			imaptest.Eventually(t, "it is parked or taken", func() bool { return b.f.Status().Folders[0].Parked == c.parked })
			b.once(want...)
			if c.parked == 0 && b.desk.Mails()[1].Fault == "" {
				t.Error("taken without its fault")
			}
		})
	}
}

// While the database is away, the batch in hand waits; nobody's mail is blamed, and the server is
// left in peace.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	b := newBench(t, modern)
	var tries atomic.Int32
	b.desk.Before = func([]mailin.Raw) error {
		if tries.Add(1) < 12 {
			return fmt.Errorf("committing: %w", context.DeadlineExceeded)
		}
		return nil
	}
	b.fill(3)
	b.start()
	b.all(3)
	for _, m := range b.desk.Mails() {
		if m.Fault != "" {
			t.Errorf("UID %d was blamed: %s", m.Source.UID, m.Fault)
		}
	}
	err := b.db.View(context.Background(), func(tx *sqldb.Tx) error {
		var blamed int
		err := tx.Get(&blamed, `SELECT COUNT(*) FROM ledger WHERE attempts > 0`)
		if blamed > 0 {
			t.Errorf("%d mails were blamed in the ledger", blamed)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := b.s.commands("LOGIN"); n != 1 {
		t.Errorf("%d logins", n)
	}
}

// A daemon that has lost the lease acknowledges nothing and takes nothing.
func TestLeaseLost(t *testing.T) {
	for name, when := range map[string]func(b *bench, rob func()){
		"before the commit": func(b *bench, rob func()) { b.desk.Before = func([]mailin.Raw) error { rob(); return nil } },
		"before the acknowledgement": func(b *bench, rob func()) {
			b.s.on = once("UID FETCH", func(c *wire, args string) {
				c.mu.Lock()
				c.command("UID FETCH", args)
				c.mu.Unlock()
			})
			b.cfg.Token = nil
			b.desk = &imaptest.Desk{DB: b.db}
			b.cfg.Folders = b.cfg.Folders[:1]
			after := &robbing{b.desk, rob}
			f, err := imap.New(b.cfg, b.db, ledger.NewKeeper(b.db, "test", time.Hour), after, nil)
			if err != nil {
				b.Fatal(err)
			}
			b.f = f
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, modern)
			robbed := make(chan struct{})
			var did atomic.Bool
			rob := func() {
				if did.Swap(true) {
					return
				}
				if _, ok, err := ledger.NewKeeper(b.db, "other", time.Hour).Acquire(context.Background(), "inbox:support"); err != nil || !ok {
					t.Error(ok, err)
				}
				close(robbed)
			}
			when(b, rob)
			if b.f == nil {
				f, err := imap.New(b.cfg, b.db, ledger.NewKeeper(b.db, "test", time.Hour), b.desk, nil)
				if err != nil {
					t.Fatal(err)
				}
				b.f = f
			}
			b.fill(1)
			b.s.open()
			stop := imaptest.Start(t, b.f)
			<-robbed
			imaptest.Eventually(t, "it gives the inbox up", func() bool { return b.f.Status().Folders[0].Error != "" || !b.f.Status().Leading })
			stop()
			if n := b.s.commands("UID MOVE"); n != 0 {
				t.Error("it acknowledged under a lost lease")
			}
		})
	}
}

// robbing loses the lease between the commit and the acknowledgement.
type robbing struct {
	mailin.Handler
	rob func()
}

func (r *robbing) Take(ctx context.Context, batch []mailin.Raw) error {
	err := r.Handler.Take(ctx, batch)
	r.rob()
	return err
}

func TestBackoff(t *testing.T) {
	for n := range 100 {
		for range 20 {
			d := imap.Backoff(n, time.Second, 5*time.Minute)
			whole := min(time.Second<<min(max(n-1, 0), 20), 5*time.Minute)
			if d < whole/2 || d > whole {
				t.Fatalf("after failure %d: %v, should be between %v and %v", n, d, whole/2, whole)
			}
		}
	}
}
