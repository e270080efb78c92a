// Package e2e holds the stories: bytes into a mailbox, bytes out of a mailbox. A story knows the desk only by what people see of it.
package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/cmd/internal/demo/mailserver"
	"tierdesk/cmd/internal/testing/logs"
	"tierdesk/cmd/internal/testing/servers"
	"tierdesk/mailin"
	"tierdesk/mailin/classify"
	"tierdesk/mailin/imap"
	"tierdesk/mailout"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/desk/invariants"
	"tierdesk/tickets/timers"
)

// The people of every story. The agents' addresses are private.
const (
	support  = "support@acme.example"
	jane     = "jane@gold.example"    // a customer with the plan gold
	max      = "max@customer.example" // a customer
	mallory  = "mallory@evil.example" // a stranger
	admin    = "it@acme.example"      // the admin
	ann      = "ann@staff.example"    // front desk
	ben      = "ben@staff.example"    // front desk
	tess     = "tess@staff.example"   // technician
	tom      = "tom@staff.example"    // technician
	eve      = "eve@staff.example"    // expert
	lead     = "lea@staff.example"    // lead of all teams
	eva      = "eva@lab.example"      // somebody who knows
	otto     = "otto@lab.example"     // another one
	boss     = "boss@gold.example"    // somebody who decides
	everyone = support + " " + jane + " " + max + " " + mallory + " " + admin + " " + ann + " " + ben + " " + tess + " " + tom + " " + eve + " " + lead + " " + eva + " " + otto + " " + boss + " help@other.example"
)

// patience is how long a story waits for what does not come, stillness how long a desk has to be at rest until it counts as done, and deadlock how long it
// may have the same to do. A busy machine takes its time; a story that is expected to fail, since a mutant is alive, need not wait for that.
var patience, stillness, deadlock = func() (time.Duration, time.Duration, time.Duration) {
	if os.Getenv("TIERDESK_MUTANT") != "" {
		return 20 * time.Second, 3 * time.Second, 20 * time.Second
	}
	return time.Minute, 20 * time.Second, 3 * time.Minute
}()

// world is a desk with a mail server and people around it.
type world struct {
	t      *testing.T
	app    *app.App
	ground dbtest.Ground
	dir    string
	imap   string // host:port
	smtp   string
	log    *logs.Buffer
	server *mailserver.Server // nil with real servers

	resolver classify.Resolver // the DNS by which the desk checks senders; nil: it does not. It counts from the next start

	mu     sync.Mutex
	offset time.Duration
	seen   map[string]int // mails already looked at, by mailbox
	count  int
	stop   func()
	// patient tells that start does not wait until the desk has taken all mail that lies in its inbox.
	patient bool
}

// stories runs a story on both databases with the embedded mail server.
func stories(t *testing.T, body func(t *testing.T, w *world), edits ...func(dir string)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		t.Parallel()
		w := newWorld(t, g, nil, edits...)
		body(t, w)
		w.invariants()
	})
}

// storiesAt runs a story that begins at a time of its own, on both databases with the embedded mail server.
func storiesAt(t *testing.T, begin time.Time, body func(t *testing.T, w *world), edits ...func(dir string)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		t.Parallel()
		w := newWorldAt(t, g, time.Until(begin), nil, edits...)
		body(t, w)
		w.invariants()
	})
}

// realStories runs a story on both databases with Postfix and Dovecot.
func realStories(t *testing.T, body func(t *testing.T, w *world), edits ...func(dir string)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		t.Parallel()
		dovecot := servers.Dovecot(t, strings.Fields(everyone)...)
		postfix := servers.Postfix(t, dovecot, servers.PostfixOptions{})
		w := newWorld(t, g, &mailServers{imap: dovecot.IMAP, smtp: postfix.SMTP}, edits...)
		body(t, w)
		w.invariants()
	})
}

// mailServers are where a world's mail goes.
type mailServers struct {
	imap, smtp string
	embedded   *mailserver.Server // if they are the embedded ones, started by the test
}

// newWorld starts the desk, and an embedded mail server if no other servers are given.
func newWorld(t *testing.T, g dbtest.Ground, real *mailServers, edits ...func(dir string)) *world {
	t.Helper()
	return newWorldAt(t, g, 0, real, edits...)
}

// newWorldAt starts them at another time than now.
func newWorldAt(t *testing.T, g dbtest.Ground, offset time.Duration, real *mailServers, edits ...func(dir string)) *world {
	t.Helper()
	w := &world{t: t, ground: g, dir: filepath.Join(t.TempDir(), "desk"), log: &logs.Buffer{}, seen: map[string]int{}, offset: offset}
	if real != nil {
		w.server, w.imap, w.smtp = real.embedded, real.imap, real.smtp
	} else {
		s, err := mailserver.Start(mailserver.Options{Addresses: strings.Fields(everyone + responderAddresses()), Password: servers.Password, Now: w.now})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		w.server, w.imap, w.smtp = s, s.IMAP, s.SMTP
	}
	w.folder(edits...)
	w.start()
	t.Cleanup(func() {
		w.stop()
		if t.Failed() {
			t.Logf("the desk's log:\n%s", w.log.String())
		}
	})
	return w
}

// folder writes the desk folder.
func (w *world) folder(edits ...func(dir string)) {
	w.t.Helper()
	if err := os.MkdirAll(w.dir, 0o755); err != nil {
		w.t.Fatal(err)
	}
	w.write("imap.secret", servers.Password)
	w.write("tierdesk.yaml", fmt.Sprintf(`desk: {name: Acme Support, domain: acme.example, admin: %s}
database: %s
inboxes:
  support:
    address: %s
    imap: insecure+imap://%s
    user: %s
    password_file: imap.secret
    after: move:Processed
    first_run: new
outgoing:
  smtp: insecure+smtp://%s
trust: {authserv_id: mx.acme.example}
limits: {mail_size: 1MB}
`, admin, w.ground.URL, support, w.imap, support, w.smtp))
	w.write("service.yaml", `tiers:
  - {level: 0, name: Self-service}
  - {level: 1, name: Front desk, team: frontdesk}
  - {level: 2, name: Technicians, team: technicians}
  - {level: 3, name: Experts, team: engineering}
  - {level: 4, name: Vendors, outside: true}
escalation:
  - {when: first_reply at 80%, notify: [assignee, team]}
  - {when: first_reply missed, notify: [lead]}
  - {when: resolution missed, tier: up}
`)
	w.write("people.yaml", `agents:
  ann: {full_name: Ann Able, address: `+ann+`, teams: [frontdesk], signature: "Ann Able\nAcme Support"}
  ben: {full_name: Ben Brown, address: `+ben+`, teams: [frontdesk]}
  tess: {full_name: Tess Tall, address: `+tess+`, teams: [technicians]}
  tom: {full_name: Tom Thin, address: `+tom+`, teams: [technicians]}
  eve: {full_name: Eve Early, address: `+eve+`, teams: [engineering]}
  lea: {full_name: Lea Long, address: `+lead+`, lead: [frontdesk, technicians, engineering]}
teams:
  frontdesk: {name: Front desk}
  technicians: {name: Technicians}
  engineering: {name: Engineering}
organisations:
  Gold Ltd: {domains: [gold.example], plan: gold}
`)
	w.write("rules/10-routing.yaml", `rules:
  - name: outage at a gold customer
    on: [opened]
    when: subject matches "(?i)\\boutage\\b" && customer.plan == "gold"
    do:
      - set: {priority: urgent, tier: 2}
`)
	for _, edit := range edits {
		edit(w.dir)
	}
}

// write saves a file of the desk folder as editors do: nobody can read half of it.
func (w *world) write(name, content string) {
	w.t.Helper()
	file := filepath.Join(w.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		w.t.Fatal(err)
	}
	half := filepath.Join(filepath.Dir(file), "."+filepath.Base(file)+".half")
	if err := os.WriteFile(half, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
	if err := os.Rename(half, file); err != nil {
		w.t.Fatal(err)
	}
}

// linked makes a desk folder of links to a hidden one, as Kubernetes does, so that several files can be saved at one instant; see swap.
func linked(dir string) {
	must := func(err error) {
		if err != nil {
			panic(err) // a temporary folder of the test's own
		}
	}
	must(os.MkdirAll(filepath.Join(dir, "templates"), 0o755))
	must(os.Mkdir(filepath.Join(dir, "..1"), 0o755))
	must(os.Symlink("..1", filepath.Join(dir, "..data")))
	for _, name := range []string{"service.yaml", "people.yaml", "rules", "templates"} {
		must(os.Rename(filepath.Join(dir, name), filepath.Join(dir, "..1", name)))
		must(os.Symlink(filepath.Join("..data", name), filepath.Join(dir, name)))
	}
}

// swap saves some files of a linked desk folder at one instant, once in a story.
func (w *world) swap(files map[string]string) {
	w.t.Helper()
	if err := os.CopyFS(filepath.Join(w.dir, "..2"), os.DirFS(filepath.Join(w.dir, "..1"))); err != nil {
		w.t.Fatal(err)
	}
	for name, content := range files {
		w.write(filepath.Join("..2", name), content)
	}
	// The desk reads the folder once soon after it started, and must not meet the swap halfway.
	for end := time.Now().Add(patience); !strings.Contains(w.log.String(), "read again and has not changed"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatal("the desk has not read its folder again after the start")
		}
	}
	next := filepath.Join(w.dir, "..next")
	if err := os.Symlink("..2", next); err != nil {
		w.t.Fatal(err)
	}
	if err := os.Rename(next, filepath.Join(w.dir, "..data")); err != nil {
		w.t.Fatal(err)
	}
}

// start starts the desk; stop ends it as a stop of the daemon does.
func (w *world) start() {
	w.t.Helper()
	cfg, err := config.Load(w.t.Context(), w.dir)
	if err != nil {
		w.t.Fatalf("the desk folder:\n%v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	w.app, err = app.New(ctx, cfg, slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		app.WithClock(w.now), app.WithoutSync(), app.KeepMemory(), app.WithResolver(w.resolver), app.WithGrace(100*time.Millisecond), app.WithScanAgain(50*time.Millisecond), app.WithBeat(beat))
	if err != nil {
		cancel()
		w.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- w.app.Run(ctx) }()
	if !w.patient {
		defer w.listening()
	}
	w.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				w.t.Errorf("the desk ended with: %v", err)
			}
		case <-time.After(30 * time.Second):
			stacks := make([]byte, 1<<20)
			w.t.Errorf("the desk did not stop:\n%s", stacks[:runtime.Stack(stacks, true)])
		}
		if err := w.app.Close(); err != nil {
			w.t.Errorf("closing the desk: %v", err)
		}
	})
}

// listening waits until the desk watches its inboxes.
func (w *world) listening() {
	w.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		deaf := slices.IndexFunc(w.app.Fetchers, func(f *imap.Fetcher) bool {
			doing := f.Status().Folders[0].Doing
			return doing != imap.Idling && doing != imap.Polling
		})
		if deaf < 0 {
			return
		}
		if time.Now().After(end) {
			w.t.Fatalf("the desk does not watch its inbox: %+v", w.app.Fetchers[deaf].Status())
		}
	}
}

// now is the time of the story: the real one and what was skipped.
func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.offset)
}

// pass lets time go by.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	w.settle()
	w.mu.Lock()
	w.offset += d
	w.mu.Unlock()
	err := w.app.DB.Update(context.Background(), func(tx *sqldb.Tx) error {
		tx.Wake(timers.Topic)
		tx.Wake(mailout.TopicQueued)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.settle()
}

// passTo lets time go by until an instant.
func (w *world) passTo(instant time.Time) {
	w.t.Helper()
	w.settle()
	w.pass(instant.Sub(w.now()))
}

// settle waits until the desk has nothing to do: no mail waits at the server, none in the outbox, no timer is due. It is patient as long as
// what there is to do changes: a busy machine takes its time.
func (w *world) settle() {
	w.t.Helper()
	calm, before, since := 0, -1, time.Now()
	for began := since; calm < 3; time.Sleep(20 * time.Millisecond) {
		todo := w.todo()
		if todo != before {
			before, since = todo, time.Now()
		}
		if time.Since(since) > patience || time.Since(began) > 4*patience {
			w.t.Fatalf("the desk does not come to rest: %d things to do, the same for %v", todo, time.Since(since))
		}
		if todo > 0 {
			calm = 0
		} else {
			calm++
		}
	}
}

func (w *world) busy() bool { return w.todo() > 0 }

// todo counts what the desk has to do.
func (w *world) todo() int {
	w.t.Helper()
	n := w.mails(support)
	status, err := w.app.Sender.Status(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	n += status.Waiting
	err = w.app.DB.View(context.Background(), func(tx *sqldb.Tx) error {
		next, err := timers.NextDue(tx)
		if !next.IsZero() && !next.After(tx.Now()) {
			n++
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// mails counts what is in a mailbox.
func (w *world) mails(user string) int {
	w.t.Helper()
	if w.server != nil {
		return w.server.Count(user)
	}
	n, err := w.box(user).Count("INBOX")
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) box(user string) servers.Mailbox { return servers.MailboxAt(w.imap, user) }

// ---- writing mail

// letter is a mail as a person's mail client makes it.
type letter struct {
	from, to, cc, subject, text string
	header                      []string // further lines
	raw                         string   // the whole mail instead
}

// send gives a mail to the mail server and tells its Message-ID.
func (w *world) send(l letter) string {
	w.t.Helper()
	w.mu.Lock()
	w.count++
	id := fmt.Sprintf("%d.%d@%s", w.count, time.Now().UnixNano(), l.from[strings.IndexByte(l.from, '@')+1:])
	w.mu.Unlock()
	to := recipients(l.to + "," + l.cc)
	raw := l.raw
	if raw == "" {
		var b strings.Builder
		fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\n", l.from, l.to)
		if l.cc != "" {
			fmt.Fprintf(&b, "Cc: %s\r\n", l.cc)
		}
		fmt.Fprintf(&b, "Subject: %s\r\nDate: %s\r\nMessage-ID: <%s>\r\n", mime.QEncoding.Encode("utf-8", l.subject), w.now().Format(time.RFC1123Z), id)
		for _, h := range l.header {
			b.WriteString(h + "\r\n")
		}
		b.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(l.text, "\n", "\r\n") + "\r\n")
		raw = b.String()
	}
	from := address(l.from)
	if err := servers.Send(w.smtp, from, to, []byte(raw)); err != nil {
		w.t.Fatalf("sending a mail of %s: %v", from, err)
	}
	return id
}

// answer writes a reply to a mail, as mail clients do: to its Reply-To, with References, the text above the quoted mail.
func (w *world) answer(from string, m got, text string, header ...string) string {
	w.t.Helper()
	return w.send(letter{from: from, to: m.replyTo(), subject: "Re: " + strings.TrimPrefix(m.subject(), "Re: "), text: text + "\n\nOn Mon, 2 Nov 2026, someone wrote:\n" + quoted(m.text()),
		header: append([]string{"In-Reply-To: " + m.Header.Get("Message-Id"), "References: " + strings.TrimSpace(m.Header.Get("References")+" "+m.Header.Get("Message-Id"))}, header...)})
}

// endsFor has colleagues find out that somebody has answered a ticket that was nobody's.
func (w *world) endsFor(colleagues ...string) {
	w.t.Helper()
	for _, who := range colleagues {
		w.next(who).has("has answered and taken this ticket.")
	}
}

func quoted(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i := range lines {
		lines[i] = "> " + strings.TrimRight(lines[i], "\r")
	}
	return strings.Join(lines, "\n")
}

func recipients(list string) []string {
	var out []string
	for part := range strings.SplitSeq(list, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, address(part))
		}
	}
	return out
}

func address(s string) string {
	if a, err := mail.ParseAddress(s); err == nil {
		return a.Address
	}
	return s
}

// ---- reading mail

// got is a mail that somebody found in his mailbox.
type got struct {
	servers.Mail
	t *testing.T
}

// next waits for the next mail in somebody's mailbox that he has not looked at.
func (w *world) next(user string) got {
	w.t.Helper()
	n := w.seen[user]
	w.expect(user, n+1)
	mails := w.box(user).Wait(w.t, n+1, patience)
	w.seen[user] = n + 1
	return got{mails[n], w.t}
}

// latest returns the mail that a user got last.
func (w *world) latest(user string) got {
	w.t.Helper()
	n := w.seen[user]
	if n == 0 {
		w.t.Fatalf("%s has no mail", user)
	}
	return got{t: w.t, Mail: w.box(user).Mails(w.t, "INBOX")[n-1]}
}

// expect waits for n mails in a mailbox, but not for what cannot come any more: once the desk has been at rest for a while, or has had the same to do
// for too long, the test fails.
func (w *world) expect(user string, n int) {
	w.t.Helper()
	since, before := time.Now(), -1
	for end := since.Add(3 * patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		mails := w.mails(user)
		if mails >= n {
			return
		}
		todo := w.todo()
		if todo != before || w.server == nil { // real servers take their time after the desk
			since, before = time.Now(), todo
		}
		switch waited := time.Since(since); {
		case todo == 0 && waited > stillness: // far more than a changed file of the desk folder takes
			w.t.Fatalf("%s has %d mails and the desk is at rest; wanted %d", user, mails, n)
		case waited > deadlock:
			w.t.Fatalf("%s has %d mails and the desk does not get on with what it has to do, %d things; wanted %d", user, mails, todo, n)
		}
	}
}

// nothing asserts that somebody has no mail that he has not looked at, now that all is done.
func (w *world) nothing(users ...string) {
	w.t.Helper()
	w.settle()
	for _, user := range users {
		mails := w.box(user).Mails(w.t, "INBOX")
		if n := w.seen[user]; len(mails) > n {
			w.t.Errorf("%s has got a mail that nobody should get:\n%s", user, mails[n].Raw)
		}
	}
}

// rest gives all mails in somebody's mailbox that he has not looked at, once all is done.
func (w *world) rest(user string) []got {
	w.t.Helper()
	w.settle()
	var out []got
	mails := w.box(user).Mails(w.t, "INBOX")
	for _, m := range mails[w.seen[user]:] {
		out = append(out, got{m, w.t})
	}
	w.seen[user] = len(mails)
	return out
}

// never asserts that nothing in a mailbox holds any of the words, in whatever part of whatever mail.
func (w *world) never(user string, words ...string) {
	w.t.Helper()
	w.settle()
	for _, m := range w.box(user).Mails(w.t, "INBOX") {
		g := got{m, w.t}
		for _, word := range words {
			if standsIn(m.Raw, word) || strings.Contains(g.text(), word) || strings.Contains(g.html(), word) {
				w.t.Errorf("%s can read %q in:\n%s", user, word, m.Raw)
			}
		}
	}
}

// key is a run of the letters that keys are made of, too long for a word of a mail.
var key = regexp.MustCompile(`[a-z2-7]{16,}`)

// standsIn reports whether a word stands in a mail. Within a key, longer than the word, a few
// letters stand by chance in one of some thousand mails.
func standsIn(raw []byte, word string) bool {
	if len(word) < 8 {
		raw = key.ReplaceAll(raw, []byte(" "))
	}
	return bytes.Contains(raw, []byte(word))
}

func (m got) subject() string {
	s, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		m.t.Fatalf("the subject: %v", err)
	}
	return s
}

func (m got) replyTo() string {
	if r := m.Header.Get("Reply-To"); r != "" {
		return address(r)
	}
	return m.Header.Get("From")
}

// text gives the text/plain part, html the text/html part.
func (m got) text() string { return m.part("text/plain") }
func (m got) html() string { return m.part("text/html") }

func (m got) part(kind string) string {
	m.t.Helper()
	msg, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		m.t.Fatalf("a mail in a mailbox cannot be read: %v\n%s", err, m.Raw)
	}
	text, err := find(textproto.MIMEHeader(msg.Header), msg.Body, kind)
	if err != nil {
		m.t.Fatalf("a mail in a mailbox cannot be read: %v\n%s", err, m.Raw)
	}
	return strings.ReplaceAll(text, "\r\n", "\n")
}

func find(h textproto.MIMEHeader, body io.Reader, kind string) (string, error) {
	media, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		media = "text/plain"
	}
	if strings.HasPrefix(media, "multipart/") {
		r := multipart.NewReader(body, params["boundary"])
		for {
			p, err := r.NextRawPart()
			if err == io.EOF {
				return "", nil
			}
			if err != nil {
				return "", err
			}
			if text, err := find(p.Header, p, kind); err != nil || text != "" {
				return text, err
			}
		}
	}
	if media != kind {
		return "", nil
	}
	if strings.EqualFold(h.Get("Content-Transfer-Encoding"), "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	b, err := io.ReadAll(body)
	return string(b), err
}

// has asserts that the readable text of a mail holds all the words, wherever its lines were broken.
func (m got) has(words ...string) got {
	m.t.Helper()
	all := m.subject() + "\n" + m.text()
	unbroken := strings.Join(strings.Fields(all), " ")
	for _, word := range words {
		if !strings.Contains(all, word) && !strings.Contains(unbroken, word) {
			m.t.Errorf("%q is not in the mail:\n%s\n\n%s", word, m.subject(), m.text())
		}
	}
	return m
}

// lacks asserts that no byte of a mail, decoded or not, holds any of the words.
func (m got) lacks(words ...string) got {
	m.t.Helper()
	for _, word := range words {
		if standsIn(m.Raw, word) || strings.Contains(m.text(), word) || strings.Contains(m.html(), word) {
			m.t.Errorf("%q is in the mail:\n%s", word, m.Raw)
		}
	}
	return m
}

// event tells what a notice to an agent is about, by the header that his filters use.
func (m got) event() string { return m.Header.Get("X-Tierdesk-Event") }

// invariants are what must hold of a desk at any time.
func (w *world) invariants() {
	w.t.Helper()
	w.settle()
	err := w.app.DB.View(context.Background(), func(tx *sqldb.Tx) error {
		findings, err := invariants.Check(tx, w.app.Desk.NextPromise)
		for _, f := range findings {
			w.t.Errorf("an invariant is broken: %+v", f)
		}
		if err != nil {
			return err
		}
		return w.namesWhoGetsIt(tx)
	})
	if err != nil {
		w.t.Errorf("checking the invariants: %v", err)
	}
}

// namesWhoGetsIt asserts that whom a mail shows in To and Cc, of whatever kind it is, gets a copy: people answer to all.
func (w *world) namesWhoGetsIt(tx *sqldb.Tx) error {
	w.t.Helper()
	rows, err := mailout.List(tx, mailout.Filter{Limit: 10000})
	if err != nil {
		return err
	}
	type copied struct{ id, address string }
	gets := map[copied]bool{}
	for _, r := range rows {
		gets[copied{r.Mail.MessageID, mailin.Fold(r.Mail.Recipient)}] = true
	}
	for _, r := range rows {
		full, err := mailout.Get(tx, r.Mail.ID)
		if errors.Is(err, mailout.ErrNone) {
			continue // what it said is not kept
		}
		if err != nil {
			return err
		}
		for _, a := range slices.Concat(full.Mail.To, full.Mail.Cc) {
			if !gets[copied{r.Mail.MessageID, mailin.Fold(a.Address)}] {
				w.t.Errorf("a mail %q of #%d names %s, who gets no copy", r.Mail.Kind, r.Mail.Ticket, a.Address)
			}
		}
	}
	return nil
}

// A word that somebody wrote is found, and a key that is no word is found whole.
func TestStandsIn(t *testing.T) {
	const token = "afqacaoiohbe4kfcsvzj4oi"
	raw := []byte("Reply-To: <support+" + token + "@acme.example>\r\nContent-Type: text/csv; name=muster.csv\r\n\r\nLook at this fool.\r\n")
	for word, want := range map[string]bool{"csv": true, "fool": true, token: true, "hbe4": false, "fools": false} {
		if standsIn(raw, word) != want {
			t.Errorf("%q: %v", word, !want)
		}
	}
	if standsIn([]byte("<support+"+token+"@acme.example>"), "csv") {
		t.Error("csv stands in a token")
	}
}
