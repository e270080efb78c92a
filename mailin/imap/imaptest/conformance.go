package imaptest

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"

	"tierdesk/mailin"
	"tierdesk/mailin/imap"
	"tierdesk/mailin/ledger"
	"tierdesk/migrations/sqldb"
)

// Ground is what the tests run against.
type Ground struct {
	Account func(t testing.TB) Account // an empty one for each call
	DB      func(t testing.TB) *sqldb.DB
	Move    bool // the server has MOVE or UIDPLUS, so that what was moved is gone from its folder
}

// Conformance runs all tests of mail intake.
func Conformance(t *testing.T, g Ground) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, e *env)
	}{
		{"a mail is taken as it came and moved", takenAsItCame},
		{"mail that comes while idle", whileIdle},
		{"flag", flagged},
		{"keep", kept},
		{"flags of others do not matter", flagsOfOthers},
		{"first run: new", firstRunNew},
		{"first run: since", firstRunSince},
		{"first run: import", firstRunImport},
		{"UIDVALIDITY changed", uidValidityChanged},
		{"an outage", outage},
		{"taken and not acknowledged", takenNotAcknowledged},
		{"over the size limit", overTheLimit},
		{"junk", junk},
		{"sent by hand", sentByHand},
		{"a stop finishes the batch in hand", stopFinishes},
		{"batches", batches},
		{"check", check},
		{"reconcile", reconcile},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := g.Account(t)
			db := g.DB(t)
			e := &env{T: t, g: g, account: a, db: db, desk: &Desk{DB: db}, cfg: a.Config()}
			e.client = a.Open(t)
			c.test(t, e)
			if n := e.desk.Twice(); n != 0 {
				t.Errorf("%d mails were handed over twice", n)
			}
		})
	}
}

type env struct {
	*testing.T
	g       Ground
	account Account
	db      *sqldb.DB
	desk    *Desk
	cfg     imap.Config
	client  *Client
}

func (e *env) fetcher() *imap.Fetcher {
	e.Helper()
	f, err := imap.New(e.cfg, e.db, ledger.NewKeeper(e.db, "test", time.Minute), e.desk, nil)
	if err != nil {
		e.Fatal(err)
	}
	return f
}

// start runs a Fetcher and returns once it is waiting for mail.
func (e *env) start() (f *imap.Fetcher, stop func()) {
	e.Helper()
	f = e.fetcher()
	stop = Start(e, f)
	e.idle(f)
	return f, stop
}

func (e *env) idle(f *imap.Fetcher) {
	e.Helper()
	Eventually(e, "the folders are watched", func() bool {
		return !slices.ContainsFunc(f.Status().Folders,
			func(s imap.FolderStatus) bool { return s.Doing != imap.Idling && s.Doing != imap.Polling })
	})
}

func (e *env) taken(n int) []mailin.Raw {
	e.Helper()
	Eventually(e, fmt.Sprintf("%d mails are taken", n), func() bool { return len(e.desk.Mails()) >= n })
	return e.desk.Mails()
}

func (e *env) look(folder string, n int) []Seen {
	e.Helper()
	Eventually(e, fmt.Sprintf("%d mails in %s", n, folder), func() bool { return len(e.client.Look(folder)) == n })
	return e.client.Look(folder)
}

// gone waits until moved mails have left the folder, as far as this server supports that.
func (e *env) gone(folder string, n int) {
	e.Helper()
	if e.g.Move {
		e.look(folder, 0)
		return
	}
	for _, m := range e.look(folder, n) {
		if !slices.Contains(m.Flags, goimap.FlagDeleted) {
			e.Errorf("UID %d was moved and is not flagged as deleted", m.UID)
		}
	}
}

func (e *env) subjects(want ...string) {
	e.Helper()
	e.taken(len(want))
	if got := e.desk.Subjects(); !slices.Equal(got, want) {
		e.Errorf("taken: %v, should be %v", got, want)
	}
}

func takenAsItCame(t *testing.T, e *env) {
	e.cfg.FirstRun = imap.FirstRun{Import: true}
	at := time.Date(2026, 2, 3, 4, 5, 6, 0, time.FixedZone("", 3600))
	mails := [][]byte{
		Mail("plain", 2000),
		[]byte("From: a@customer.example\r\nSubject: eight bit\r\n\r\nGr\xfc\xdfe, \xe4\xf6\xfc\r\n"),
		[]byte("From: a@customer.example\r\nSubject: no body\r\n\r\n"),
		bytes.Join([][]byte{Mail("long lines", 100), bytes.Repeat([]byte("x"), 300_000), []byte("\r\n")}, nil),
	}
	for _, m := range mails {
		e.client.Put("INBOX", m, at)
	}
	e.start()
	for i, m := range e.taken(len(mails)) {
		if !bytes.Equal(m.Bytes, mails[i]) {
			t.Errorf("mail %d came as %d octets, it has %d", i, len(m.Bytes), len(mails[i]))
		}
		if !m.Received.Equal(at) || m.Size != int64(len(mails[i])) || m.Inbox != "support" || !m.Old || m.Truncated ||
			m.Junk || m.Fault != "" {
			m.Bytes = nil
			t.Errorf("mail %d: %+v", i, m)
		}
	}
	e.gone("INBOX", len(mails))
	for i, m := range e.look("Processed", len(mails)) {
		if !bytes.Equal(m.Bytes, mails[i]) {
			t.Errorf("mail %d was changed by moving", i)
		}
	}
}

func whileIdle(t *testing.T, e *env) {
	f, _ := e.start()
	for i := range 3 {
		e.client.Put("INBOX", Mail(fmt.Sprint(i), 500), time.Time{})
		if m := e.taken(i + 1)[i]; m.Old {
			t.Error("new mail is called old")
		}
		e.idle(f)
	}
	e.subjects("0", "1", "2")
	e.gone("INBOX", 3)
	s := f.Status()
	if err := s.Err(); err != nil || !s.Leading || !s.Folders[0].Connected || s.Folders[0].Taken != 3 || s.Folders[0].Backlog != 0 ||
		s.Folders[0].LastMail.IsZero() {
		t.Errorf("status %+v", s)
	}
}

func flagged(t *testing.T, e *env) {
	e.cfg.After = imap.After{Way: imap.Flag}
	_, stop := e.start()
	e.client.Put("INBOX", Mail("one", 500), time.Time{})
	e.taken(1)
	Eventually(t, "the mail is flagged", func() bool {
		all := e.client.Look("INBOX")
		return len(all) == 1 && slices.Contains(all[0].Flags, goimap.FlagSeen)
	})
	stop()
	e.start()
	e.client.Put("INBOX", Mail("two", 500), time.Time{})
	e.subjects("one", "two")
}

func kept(t *testing.T, e *env) {
	e.cfg.After = imap.After{Way: imap.Keep}
	_, stop := e.start()
	e.client.Put("INBOX", Mail("one", 500), time.Time{})
	e.taken(1)
	stop()
	e.start()
	e.client.Put("INBOX", Mail("two", 500), time.Time{})
	e.subjects("one", "two")
	for _, m := range e.look("INBOX", 2) {
		if slices.Contains(m.Flags, goimap.FlagSeen) {
			t.Errorf("UID %d was marked as read", m.UID)
		}
	}
}

func flagsOfOthers(t *testing.T, e *env) {
	_, stop := e.start()
	stop()
	e.client.Put("INBOX", Mail("read", 500), time.Time{}, goimap.FlagSeen)
	e.client.Put("INBOX", Mail("answered", 500), time.Time{}, goimap.FlagAnswered, goimap.FlagFlagged)
	e.client.Put("INBOX", Mail("deleted", 500), time.Time{}, goimap.FlagDeleted)
	e.client.Put("INBOX", Mail("ours", 500), time.Time{}, goimap.FlagSeen, "$Tierdesk")
	f, _ := e.start()
	e.subjects("read", "answered", "deleted", "ours")
	// So much for what a comparison of the whole folder finds; what comes while we watch is looked
	// for by UID.
	e.idle(f)
	e.client.Put("INBOX", Mail("read at once", 500), time.Time{}, goimap.FlagSeen)
	e.subjects("read", "answered", "deleted", "ours", "read at once")
}

func firstRunNew(t *testing.T, e *env) {
	for i := range 5 {
		e.client.Put("INBOX", Mail(fmt.Sprint("old ", i), 500), time.Time{})
	}
	_, stop := e.start()
	stop()
	e.client.Put("INBOX", Mail("new", 500), time.Time{})
	e.start()
	e.subjects("new")
	if e.desk.Mails()[0].Old {
		t.Error("mail that came between two runs is called old")
	}
	e.look("Processed", 1)
	e.look("INBOX", 5+map[bool]int{true: 0, false: 1}[e.g.Move])
}

func firstRunSince(t *testing.T, e *env) {
	since := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	e.cfg.FirstRun = imap.FirstRun{Since: since}
	e.client.Put("INBOX", Mail("long ago", 500), since.AddDate(-1, 0, 0))
	e.client.Put("INBOX", Mail("a minute after", 500), since.Add(time.Minute))
	e.client.Put("INBOX", Mail("a minute before", 500), since.Add(-time.Minute))
	e.client.Put("INBOX", Mail("a minute after, elsewhere", 500), since.Add(time.Minute).In(time.FixedZone("", -8*3600)))
	e.client.Put("INBOX", Mail("lately", 500), since.AddDate(0, 1, 0))
	e.start()
	e.subjects("a minute after", "a minute after, elsewhere", "lately")
	for _, m := range e.desk.Mails() {
		if !m.Old {
			t.Errorf("%s is not called old", Subject(m.Bytes))
		}
	}
}

func firstRunImport(t *testing.T, e *env) {
	e.cfg.FirstRun = imap.FirstRun{Import: true}
	for i := range 3 {
		e.client.Put("INBOX", Mail(fmt.Sprint("old ", i), 500), time.Date(2020, 1, 1+i, 0, 0, 0, 0, time.UTC))
	}
	e.start()
	e.taken(3)
	e.client.Put("INBOX", Mail("new", 500), time.Time{})
	e.subjects("old 0", "old 1", "old 2", "new")
	for i, m := range e.desk.Mails() {
		if m.Old != (i < 3) {
			t.Errorf("%s: old is %v", Subject(m.Bytes), m.Old)
		}
	}
}

func uidValidityChanged(t *testing.T, e *env) {
	e.client.Make("Requests") // INBOX itself cannot be made anew on every server
	e.cfg.Folders = []imap.Folder{{Name: "Requests"}}
	e.cfg.After = imap.After{Way: imap.Keep}
	e.client.Put("Requests", Mail("never ours", 500), time.Now().AddDate(0, 0, -30))
	_, stop := e.start()
	newest := time.Now().Add(-time.Minute).Truncate(time.Second)
	one := Mail("one", 500)
	e.client.Put("Requests", one, newest.Add(-time.Hour))
	e.client.Put("Requests", Mail("two", 500), newest)
	e.taken(2)
	stop()

	e.client.Make("Requests")
	e.client.Put("Requests", Mail("never ours", 500), time.Now().AddDate(0, 0, -30))
	e.client.Put("Requests", one, newest.Add(-time.Hour))
	e.client.Put("Requests", Mail("truly new", 500), newest.Add(30*time.Second))
	_, stop = e.start()
	e.client.Put("Requests", Mail("newer still", 500), time.Time{})
	e.subjects("one", "two", "one", "truly new", "newer still")
	for i, old := range []bool{false, false, true, false, false} {
		if m := e.desk.Mails()[i]; m.Old != old {
			t.Errorf("%s (%d): old is %v", Subject(m.Bytes), i, m.Old)
		}
	}
	stop()
	// The same again: the new mailbox is in the ledger now.
	f, _ := e.start()
	e.idle(f)
	if n := len(e.desk.Mails()); n != 5 {
		t.Errorf("%d mails after another start", n)
	}
}

func outage(t *testing.T, e *env) {
	_, stop := e.start()
	stop()
	week := time.Now().AddDate(0, 0, -7).Truncate(time.Second)
	for i := range 120 {
		e.client.Put("INBOX", Mail(fmt.Sprint(i), 300), week.Add(time.Duration(i)*time.Minute))
	}
	e.start()
	for i, m := range e.taken(120) {
		if m.Old || Subject(m.Bytes) != fmt.Sprint(i) || !m.Received.Equal(week.Add(time.Duration(i)*time.Minute)) {
			t.Fatalf("mail %d: %s old=%v %v", i, Subject(m.Bytes), m.Old, m.Received)
		}
	}
	e.look("Processed", 120)
}

func takenNotAcknowledged(t *testing.T, e *env) {
	_, stop := e.start()
	stop()
	e.client.Put("INBOX", Mail("taken before the crash", 500), time.Time{})
	e.client.Put("INBOX", Mail("not taken", 500), time.Time{})
	uid := e.client.Look("INBOX")[0].UID
	err := e.db.Update(context.Background(), func(tx *sqldb.Tx) error {
		lease := mailin.Lease{Name: "inbox:support"}
		var mailbox int64
		if err := tx.Get(&mailbox, `SELECT id FROM mailboxes`); err != nil {
			return err
		}
		if err := tx.Get(&lease.Epoch, `SELECT epoch FROM leases WHERE name = ?`, lease.Name); err != nil {
			return err
		}
		_, err := ledger.Take(tx, mailin.Source{Mailbox: mailbox, UID: uid, Lease: lease}, 1)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	e.start()
	e.look("Processed", 2)
	e.gone("INBOX", 2)
	e.subjects("not taken")
}

func overTheLimit(t *testing.T, e *env) {
	e.cfg.MaxSize = 1 << 20
	f, stop := e.start()
	large := Mail("large, alone", 3<<20)
	e.client.Put("INBOX", large, time.Time{})
	e.taken(1)
	e.idle(f)
	stop()
	e.client.Put("INBOX", Mail("small", 500), time.Time{})
	e.client.Put("INBOX", Mail("large, in a batch", 2<<20), time.Time{})
	e.client.Put("INBOX", Mail("small too", 500), time.Time{})
	e.start()
	e.subjects("large, alone", "small", "large, in a batch", "small too")
	for i, m := range e.desk.Mails() {
		cut := i == 0 || i == 2
		if m.Truncated != cut || m.Fault != "" {
			t.Errorf("%s: truncated=%v fault=%q", Subject(m.Bytes), m.Truncated, m.Fault)
		}
		if cut && (m.Size < 2<<20 || len(m.Bytes) > 1<<20 || len(m.Bytes) < 1000) {
			t.Errorf("%s: %d of %d octets", Subject(m.Bytes), len(m.Bytes), m.Size)
		}
	}
	if m := e.desk.Mails()[0]; m.Size != int64(len(large)) || !bytes.HasPrefix(large, m.Bytes) {
		t.Errorf("the beginning of a large mail is not its beginning (size %d of %d)", m.Size, len(large))
	}
	e.gone("INBOX", 4)
}

func junk(t *testing.T, e *env) {
	e.client.Make("Junk")
	e.cfg.Folders = append(e.cfg.Folders, imap.Folder{Name: "Junk", Junk: true})
	e.start()
	e.client.Put("Junk", Mail("win", 500), time.Time{})
	if m := e.taken(1)[0]; !m.Junk {
		t.Error("not marked as junk")
	}
	e.client.Put("INBOX", Mail("help", 500), time.Time{})
	if m := e.taken(2)[1]; m.Junk {
		t.Error("marked as junk")
	}
	e.look("Processed", 1)
	e.look("Junk", 1)
}

// sentByHand watches a folder of sent mail. Mail already there at the start is ignored, whatever
// FirstRun says for the rest of the inbox, and nothing in the folder is changed.
func sentByHand(t *testing.T, e *env) {
	e.client.Make("Sent")
	e.client.Put("Sent", Mail("before", 500), time.Time{})
	e.client.Put("INBOX", Mail("help", 500), time.Time{})
	e.cfg.FirstRun.Import = true
	e.cfg.Folders = append(e.cfg.Folders, imap.Folder{Name: "Sent", Sent: true})
	e.start()
	if m := e.taken(1)[0]; m.Sent || Subject(m.Bytes) != "help" {
		t.Errorf("taken: %s, sent %v", Subject(m.Bytes), m.Sent)
	}
	e.client.Put("Sent", Mail("answer", 500), time.Time{})
	if m := e.taken(2)[1]; !m.Sent || Subject(m.Bytes) != "answer" {
		t.Errorf("taken: %s, sent %v", Subject(m.Bytes), m.Sent)
	}
	e.look("Processed", 1)
	e.look("Sent", 2)
}

func stopFinishes(t *testing.T, e *env) {
	began, proceed := make(chan struct{}), make(chan struct{})
	e.desk.Before = func([]mailin.Raw) error {
		close(began)
		<-proceed
		return nil
	}
	f := e.fetcher()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f.Run(ctx) }()
	e.idle(f)
	e.client.Put("INBOX", Mail("in hand", 500), time.Time{})
	<-began
	cancel()
	select {
	case <-ended:
		t.Error("Run ended with a batch in hand")
	case <-time.After(100 * time.Millisecond):
	}
	close(proceed)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	e.subjects("in hand")
	e.look("Processed", 1) // it was acknowledged too
}

func batches(t *testing.T, e *env) {
	_, stop := e.start()
	stop()
	for i := range 130 {
		e.client.Put("INBOX", Mail(fmt.Sprint(i), 300), time.Time{})
	}
	e.start()
	e.taken(130)
	if got := e.desk.Batches(); !slices.Equal(got, []int{50, 50, 30}) {
		t.Errorf("batches of %v", got)
	}
	e.look("Processed", 130)
}

func check(t *testing.T, e *env) {
	got, err := e.fetcher().Check(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Folders) != 2 || got.Folders[0].Name != "INBOX" || got.Folders[1].Name != "Processed" || !got.Folders[1].Made ||
		got.Login == "" || len(got.Capabilities) == 0 {
		t.Errorf("found %+v", got)
	}
	again, err := e.fetcher().Check(context.Background())
	if err != nil || again.Folders[1].Made {
		t.Errorf("a second look: %+v, %v", again, err)
	}
	e.cfg.Folders = append(e.cfg.Folders, imap.Folder{Name: "Reqests"}, imap.Folder{Name: "Jnk"})
	_, err = e.fetcher().Check(context.Background())
	if err == nil || !strings.Contains(err.Error(), "Reqests") || !strings.Contains(err.Error(), "Jnk") ||
		!strings.Contains(err.Error(), "Processed") {
		t.Errorf("two missing folders: %v", err)
	}
	e.account.Password = "wrong"
	e.cfg = e.account.Config()
	if _, err = e.fetcher().Check(context.Background()); err == nil || !strings.Contains(err.Error(), "logging in") {
		t.Errorf("a wrong password: %v", err)
	}
}

func reconcile(t *testing.T, e *env) {
	e.cfg.After = imap.After{Way: imap.Keep}
	e.client.Put("INBOX", Mail("from before", 500), time.Now().Add(-time.Hour))
	if found, err := e.fetcher().Reconcile(context.Background()); err != nil || len(found) != 0 {
		t.Errorf("before the first run: %+v, %v", found, err)
	}
	f, stop := e.start()
	e.client.Put("INBOX", Mail("taken", 500), time.Now().Add(-time.Hour))
	e.taken(1)
	e.idle(f)
	stop()
	gaps := func() []imap.Gap {
		found, err := f.Reconcile(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if got := gaps(); len(got) != 0 {
		t.Errorf("gaps where there are none: %+v", got)
	}
	e.client.Put("INBOX", Mail("under way", 500), time.Time{})
	e.client.Put("INBOX", Mail("missed", 500), time.Now().Add(-time.Hour))
	got := gaps()
	if len(got) != 1 || got[0].Subject != "missed" || !strings.Contains(got[0].From, "jane@customer.example") || got[0].Folder != "INBOX" ||
		got[0].Parked != "" {
		t.Fatalf("gaps %+v", got)
	}
	err := e.db.Update(context.Background(), func(tx *sqldb.Tx) error {
		all := `SELECT id FROM mailboxes`
		var mailbox int64
		if err := tx.Get(&mailbox, all); err != nil {
			return err
		}
		return ledger.Park(tx, mailbox, got[0].UID, "for a test")
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := gaps(); len(got) != 1 || got[0].Parked != "for a test" {
		t.Errorf("a parked mail: %+v", got)
	}
}
