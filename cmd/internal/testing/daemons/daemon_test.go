// Package daemons holds the tests in which whole daemons meet what happens to machines: several on one PostgreSQL that are stopped, killed and cut off, a
// PostgreSQL that goes away and fails over, a disk that is full. It owns the processes that it starts, and counts afterwards what the mailbox, the
// database and an SMTP sink hold, each for itself.
package daemons

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/cmd/internal/demo/mailserver"
	"tierdesk/cmd/internal/testing/logs"
	"tierdesk/cmd/internal/testing/servers"
	"tierdesk/cmd/internal/testing/sink"
	"tierdesk/mailin/imap"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/desk/invariants"
)

// The people of the tests.
const (
	support = "support@acme.example"
	ann     = "ann@staff.example"
)

// orders tell a process of this package's tests to be a daemon.
type orders struct {
	Folder           string
	Lease, SendLease time.Duration // of inboxes, of mails in hand
	Wrong            time.Duration // how far its clock is ahead
}

const ordersVariable = "TIERDESK_TEST_DAEMON"

// TestMain lets the test's own program be the daemon.
func TestMain(m *testing.M) {
	text := os.Getenv(ordersVariable)
	if text == "" {
		os.Exit(m.Run())
	}
	if err := daemon(text); err != nil {
		fmt.Fprintln(os.Stderr, "the daemon:", err)
		os.Exit(1)
	}
}

// daemon runs a desk until its input ends.
func daemon(text string) error {
	var o orders
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ) // writing beyond a limit shall be an error, as a full disk is one
	cfg, err := config.Load(context.Background(), o.Folder)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	a, err := app.New(ctx, cfg, slog.New(slog.NewTextHandler(os.Stderr, nil)), app.Exclusive(), app.WithResolver(nil), app.WithLease(o.Lease), app.WithSendLease(o.SendLease),
		app.WithClock(func() time.Time { return time.Now().Add(o.Wrong) }))
	if err != nil && ctx.Err() != nil {
		return nil // stopped while it was starting
	}
	if err != nil {
		return err
	}
	fmt.Println("open")
	go func() {
		for told := ""; ; time.Sleep(5 * time.Millisecond) {
			s := a.Fetchers[0].Status()
			now := fmt.Sprintf("leading=%v doing=%s", s.Leading, s.Folders[0].Doing)
			if now != told {
				fmt.Println(now)
				told = now
			}
		}
	}()
	return errors.Join(a.Run(ctx), a.Close())
}

// process is a daemon, seen from outside.
type process struct {
	t      *testing.T
	orders orders
	folder string
	cmd    *exec.Cmd
	in     io.WriteCloser
	said   atomic.Value // string: the last line
	ended  chan struct{}
	log    *logs.Buffer
}

func start(t *testing.T, o orders) *process {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, orders: o, folder: o.Folder, cmd: exec.Command(os.Args[0]), ended: make(chan struct{}), log: &logs.Buffer{}}
	p.said.Store("")
	// How much memory it takes is measured, so it collects its garbage as the service does.
	p.cmd.Env = append(os.Environ(), "GOGC=", ordersVariable+"="+string(text))
	p.cmd.Stderr = p.log
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			p.said.Store(lines.Text())
		}
		p.cmd.Wait() // how it ended is asked of ProcessState
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.signal(syscall.SIGCONT)
		p.kill()
		if t.Failed() {
			t.Logf("the log of a daemon:\n%s", tail(p.log.String(), 6000))
		}
	})
	return p
}

func (p *process) leads() bool { return strings.HasPrefix(p.said.Load().(string), "leading=true") }
func (p *process) watches() bool {
	return p.said.Load().(string) == "leading=true doing="+string(imap.Idling)
}

// works reports whether it leads and is at the inbox. Where mail pours in, a busy machine may never come to idle.
func (p *process) works() bool {
	said := p.said.Load().(string)
	return p.watches() || said == "leading=true doing="+string(imap.Fetching)
}

func (p *process) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Errorf("a signal to a daemon: %v", err)
	}
}

func (p *process) kill() {
	p.signal(syscall.SIGKILL)
	<-p.ended
}

// stop ends it as a stop of the service does.
func (p *process) stop() {
	p.t.Helper()
	p.in.Close()
	select {
	case <-p.ended:
		if !p.cmd.ProcessState.Success() {
			p.t.Errorf("a daemon ended with %v", p.cmd.ProcessState)
		}
	case <-time.After(time.Minute):
		p.t.Errorf("a daemon did not stop")
	}
}

// again starts it anew after it has ended.
func (p *process) again() *process {
	p.t.Helper()
	return start(p.t, p.orders)
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// patience is how long anything may take on a busy machine.
func patience() time.Duration { return time.Duration(much(90, 3600)) * time.Second }

// eventually waits for a condition. It asks more rarely the longer it waits: some conditions count all there is.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	began := time.Now()
	for end := began.Add(patience()); !so(); time.Sleep(min(max(20*time.Millisecond, time.Since(began)/20), 5*time.Second)) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", patience(), what)
		}
	}
}

// world is what a test's daemons share: mailboxes, a sink, a database.
type world struct {
	t        *testing.T
	server   *mailserver.Server
	sink     *sink.Sink
	slow     atomic.Int64 // how long the sink takes over a mail, in ns
	database string       // as this test reaches it, whatever is broken for the daemons
	firstRun string       // what is done with mail that lies there before the first daemon; "" for import

	mu   sync.Mutex
	sent int // mails delivered so far, each a question
	// customers is how many wrote them, by turns; 0 for a customer of its own for each.
	customers int
	// hushed are the times in which a sender may have given a mail to the sink without being able to say so.
	hushed []interval
	// inDoubt tells that the database may have gone away between a commit and its answer: the mails of that transaction are handed over again, and known.
	inDoubt bool
}

type interval struct{ from, until time.Time }

func newWorld(t *testing.T, database string) *world {
	t.Helper()
	w := &world{t: t, database: database}
	var err error
	if w.server, err = mailserver.Start(mailserver.Options{Addresses: []string{support}, Password: servers.Password}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.server.Close() })
	var notices atomic.Int64
	if w.sink, err = sink.Start(sink.Options{Keep: func(to string) bool { return to == ann && notices.Add(1) <= 10 }, Pause: func() time.Duration { return time.Duration(w.slow.Load()) }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.sink.Close(); err != nil {
			t.Errorf("closing the sink: %v", err)
		}
	})
	return w
}

// folder writes a desk folder for a daemon that reaches the database and the mailboxes in its own way; "" is the straight one.
func (w *world) folder(database, imapAddr, more string) string {
	w.t.Helper()
	if database == "" {
		database = w.database
	}
	if imapAddr == "" {
		imapAddr = w.server.IMAP
	}
	dir := w.t.TempDir()
	for name, text := range map[string]string{
		"secret": servers.Password,
		"tierdesk.yaml": fmt.Sprintf(`desk: {name: Acme Support, domain: acme.example, admin: it@acme.example}
database: %q
inboxes:
  support: {address: %s, imap: "insecure+imap://%s", user: %s, password_file: secret, after: "move:Processed", first_run: "%s"}
outgoing: {smtp: "insecure+smtp://%s"}
limits: {answers_per_address: 100000/h, mail_size: 40MB}
%s`, database, support, imapAddr, support, cmp.Or(w.firstRun, "import"), w.sink.Addr, more),
		"people.yaml":  "agents:\n  ann: {full_name: Ann Able, address: " + ann + ", teams: [frontdesk]}\nteams: {frontdesk: {name: Front desk}}\n",
		"service.yaml": "tiers:\n  - {level: 1, name: Front desk, team: frontdesk}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
	return dir
}

// deliver puts a question of the next customer into the mailbox, with so many octets of text.
func (w *world) deliver(size int) {
	w.t.Helper()
	w.mu.Lock()
	w.sent++
	n := w.sent
	w.mu.Unlock()
	w.deliverFrom(n, w.customer(n), size)
}

// customer tells who wrote mail n.
func (w *world) customer(n int) int {
	if w.customers == 0 {
		return n
	}
	return (n-1)%w.customers + 1
}

// address returns where a customer writes from. Twenty share a domain: more strangers of one domain
// than are usual would be gathered.
func address(customer int) string {
	return fmt.Sprintf("c%d@customer%d.example", customer, customer/20)
}

// deliverFrom puts mail n, of a customer, into the mailbox.
func (w *world) deliverFrom(n, customer, size int) {
	w.t.Helper()
	line := "The printer on the second floor has not printed since this morning.\r\n"
	raw := fmt.Appendf(nil, "From: Customer %d <%s>\r\nTo: %s\r\nSubject: Question %d\r\nDate: %s\r\nMessage-ID: <%d@customer.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nThis is mail %d.\r\n%s",
		customer, address(customer), support, n, time.Now().Format(time.RFC1123Z), n, n, strings.Repeat(line, size/len(line)+1))
	if err := w.server.Deliver(mailserver.Envelope{From: address(customer), To: []string{support}, Raw: raw}); err != nil {
		w.t.Errorf("delivering mail %d: %v", n, err)
	}
}

// pour delivers mails, one in each pause, until the returned function is called.
func (w *world) pour(pause time.Duration) (stop func()) {
	end := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-end:
				return
			case <-time.After(pause):
				w.deliver(500)
			}
		}
	})
	once := sync.OnceFunc(func() { close(end); wg.Wait() })
	w.t.Cleanup(once)
	return once
}

func (w *world) delivered() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sent
}

// inbox counts what lies in the INBOX.
func (w *world) inbox() int {
	n, err := servers.MailboxAt(w.server.IMAP, support).Count("INBOX")
	if err != nil {
		w.t.Errorf("counting the inbox: %v", err)
	}
	return n
}

// ask asks the database for one number; -1 while it does not answer.
func (w *world) ask(query string) int {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	db, err := sqldb.Open(ctx, w.database)
	if err != nil {
		return -1
	}
	defer db.Close()
	n := -1
	if err := db.View(ctx, func(tx *sqldb.Tx) error { return tx.Get(&n, query) }); err != nil {
		return -1
	}
	return n
}

// done waits until all that was delivered is taken, put away and answered.
func (w *world) done() {
	w.t.Helper()
	eventually(w.t, "all is taken and answered", func() bool {
		return w.inbox() == 0 && w.ask(`SELECT COUNT(*) FROM inbound`) >= w.delivered() && w.ask(`SELECT COUNT(*) FROM outbox WHERE state = 'waiting'`) == 0
	})
}

// hush notes that a sender could not say what it had sent, from now on until its lease was over: somebody else may have sent that again, over a sound connection.
func (w *world) hush() {
	now := time.Now()
	w.hushed = append(w.hushed, interval{now.Add(-time.Second), now.Add(lease + time.Second)}) // results wait for a moment to be recorded together
}

// lease is that of inboxes and of mails in hand.
const lease = 1500 * time.Millisecond

// count reads mailbox, database and sink, each for itself: every mail is one message and was taken once, every customer has one acknowledgement (of more questions
// that differ in their numbers only no further ones), and what the
// sink took twice it took over connections that broke, or from senders that could not say so. It tells how many came twice.
func (w *world) count() (twice int) {
	t := w.t
	t.Helper()
	box := servers.MailboxAt(w.server.IMAP, support)
	moved := map[string]int{}
	for _, m := range box.Mails(t, "Processed") {
		moved[m.Header.Get("Message-Id")]++
	}
	db, err := sqldb.Open(t.Context(), w.database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var rows []struct {
		MessageID string `db:"message_id"`
		Outcome   string `db:"outcome"`
		Copies    int    `db:"copies"`
		Messages  int    `db:"messages"`
	}
	if err := db.View(t.Context(), func(tx *sqldb.Tx) error {
		found, err := invariants.Check(tx, nil)
		for _, f := range found {
			t.Errorf("%s: %s", f.Invariant, f.Text)
		}
		return errors.Join(err, tx.Select(&rows, `SELECT i.message_id, i.outcome, i.copies, COALESCE(m.n, 0) AS messages FROM inbound i
			LEFT JOIN (SELECT inbound, COUNT(*) AS n FROM messages GROUP BY inbound) m ON m.inbound = i.id`))
	}); err != nil {
		t.Fatal(err)
	}
	taken := map[string]int{}
	most := 0 // times that a mail was known again
	if w.inDoubt {
		most = 1
	}
	for _, r := range rows {
		taken[r.MessageID]++
		if r.Outcome != "message" || r.Messages != 1 || r.Copies > most {
			t.Errorf("mail %s: %+v", r.MessageID, r)
		}
	}
	arrivals := map[string][]sink.Arrival{}
	for _, a := range w.sink.Arrivals() {
		arrivals[a.Recipient+" "+a.MessageID] = append(arrivals[a.Recipient+" "+a.MessageID], a)
	}
	answered := map[string]int{}
	for key, all := range arrivals {
		recipient, _, _ := strings.Cut(key, " ")
		answered[recipient]++
		for i, a := range all {
			excused := !a.Cut.IsZero() || slices.ContainsFunc(w.hushed, func(h interval) bool { return a.At.After(h.from) && a.At.Before(h.until) })
			if i < len(all)-1 && !excused {
				t.Errorf("%s came again though its connection had ended in order", key)
			}
			if a.Hash != all[0].Hash {
				t.Errorf("%s came again with other bytes", key)
			}
		}
		if len(all) > 1 {
			twice++
		}
	}
	n := w.delivered()
	for i := 1; i <= n; i++ {
		id, customer := fmt.Sprintf("%d@customer.example", i), address(w.customer(i))
		if taken[id] != 1 || moved["<"+id+">"] != 1 || answered[customer] != 1 {
			t.Errorf("mail %d: taken %d times, moved %d times, answered %d times", i, taken[id], moved["<"+id+">"], answered[customer])
		}
	}
	if len(rows) != n || answered[ann] != n {
		t.Errorf("%d mails taken and %d notices, of %d", len(rows), answered[ann], n)
	}
	return twice
}
