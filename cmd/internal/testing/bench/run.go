package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"tierdesk/cmd/internal/demo/mailserver"
	"tierdesk/cmd/internal/testing/servers"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// address is the address of the desk, whatever mailbox it reads.
const address = "support@acme.example"

// bench is the state that the runs share.
type bench struct {
	options
	ctx      context.Context
	ground   *ground
	dir      string
	made     made
	program  string // the daemon's: a bench, this one or that of another version of the code
	dovecot  *servers.DovecotServer
	database databases
	complete bool // the desk has every capability configured, now
}

// figures are the results of one run. Times are in seconds, memory in octets.
type figures struct {
	mails, sent         int
	intake, sending     float64 // wall
	intakeCPU, wholeCPU float64 // of the daemon
	behind              float64 // until the search index was complete, after intake; 0 without
	peak, peakLarge     int64   // at N mails; with one mail of 25 MB
	mbsync, mbsyncCPU   float64 // wall, CPU; 0: there is no mbsync
	near, far           []time.Duration
	idleRSS             int64
	idleShare           float64 // of a core
}

func (f figures) line() string {
	return fmt.Sprintf("%.0f mails/s in (CPU %.2f ms), %.0f/s out, mbsync %.0f/s", f.in(), 1000*f.intakeCPU/float64(f.mails),
		f.out(), f.pulled())
}

func (f figures) in() float64  { return float64(f.mails) / f.intake }
func (f figures) out() float64 { return float64(f.sent) / f.sending }
func (f figures) pulled() float64 {
	if f.mbsync == 0 {
		return 0
	}
	return float64(f.mails) / f.mbsync
}

// The users of the Dovecot: a mailbox for each run, so that no run finds what another has flagged.
func user(kind string, run int) string { return fmt.Sprintf("%s%d@acme.example", kind, run) }

func (b *bench) users() []string {
	var all []string
	runs := b.runs
	if b.against != "" || b.full {
		runs *= 2 // each program and each desk has its own mailboxes
	}
	for run := range runs {
		all = append(all, user("bulk", run), user("pull", run), user("far", run), user("large", run))
		for i := range inboxes {
			all = append(all, shareUser(run, 1, i), shareUser(run, 2, i))
		}
	}
	return all
}

// run measures everything once.
func (b *bench) run(n int) (f figures, err error) {
	f.mails = b.mails
	sink, err := newCounter()
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, sink.Close()) }()
	if !b.day { // otherwise in bulk, when there are mails
		if err := b.pull(n, &f); err != nil {
			return f, fmt.Errorf("mbsync: %w", err)
		}
	}
	if err := b.bulk(n, sink, &f); err != nil {
		return f, err
	}
	if err := b.large(n, sink, &f); err != nil {
		return f, fmt.Errorf("one mail of 25 MB: %w", err)
	}
	if err := b.alone(n, sink, &f); err != nil {
		return f, fmt.Errorf("through the embedded server: %w", err)
	}
	if err := b.distant(n, sink, &f); err != nil {
		return f, fmt.Errorf("through Dovecot: %w", err)
	}
	return f, nil
}

// fill adds the mails of a folder to a mailbox, as links, and makes Dovecot index them.
func (b *bench) fill(name, dir string, from, to int) error {
	box, err := b.dovecot.MakeMaildir(name)
	if err != nil {
		return err
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	began := time.Now().Unix()
	for _, file := range files[from:to] {
		info, err := file.Info()
		if err != nil {
			return err
		}
		// The form of Dovecot's file names, with both sizes; nothing after the comma means unread.
		as := fmt.Sprintf("%d.M%sP1.bench,S=%d,W=%d:2,", began, file.Name(), info.Size(), info.Size())
		if err := os.Link(filepath.Join(dir, file.Name()), filepath.Join(box, "cur", as)); err != nil {
			return err
		}
	}
	there, err := os.ReadDir(filepath.Join(box, "cur"))
	if err != nil {
		return err
	}
	count, err := b.dovecot.Mailbox(name).Count("INBOX")
	if err == nil && count != len(there) {
		err = fmt.Errorf("the mail server sees %d mails of %d", count, len(there))
	}
	return err
}

// pull makes mbsync fetch a mailbox, waiting for the disk as programs that handle mail must.
func (b *bench) pull(n int, f *figures) error {
	program, err := exec.LookPath("mbsync")
	if err != nil {
		return nil // the report says that it is missing
	}
	name := user("pull", n)
	if err := b.fill(name, b.made.dir, 0, f.mails); err != nil {
		return err
	}
	dir := filepath.Join(b.dir, fmt.Sprintf("pull%d", n))
	if err := os.MkdirAll(filepath.Join(dir, "inbox"), 0o755); err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	_, port, err := net.SplitHostPort(b.dovecot.IMAP)
	if err != nil {
		return err
	}
	conf := filepath.Join(dir, "mbsyncrc")
	text := fmt.Sprintf(`FSync yes
IMAPStore far
Host 127.0.0.1
Port %s
User %s
Pass "%s"
SSLType None
AuthMechs PLAIN LOGIN

MaildirStore near
Path %s/
Inbox %s/inbox

Channel pull
Far :far:
Near :near:
Sync Pull
Create Near
SyncState *
`, port, name, servers.Password, dir, dir)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		return err
	}
	cmd := exec.CommandContext(b.ctx, program, "-c", conf, "pull")
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, strings.TrimSpace(string(out)))
	}
	f.mbsync = time.Since(began).Seconds()
	f.mbsyncCPU = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	var pulled int
	for _, sub := range []string{"cur", "new"} {
		files, err := os.ReadDir(filepath.Join(dir, "inbox", sub))
		if err != nil {
			return err
		}
		pulled += len(files)
	}
	if pulled != f.mails {
		return fmt.Errorf("it pulled %d mails of %d", pulled, f.mails)
	}
	return nil
}

// bulk makes the daemon take in all mails while nothing is sent, and then send what is queued.
func (b *bench) bulk(n int, sink *counter, f *figures) error {
	name := user("bulk", n)
	if _, err := b.dovecot.MakeMaildir(name); err != nil {
		return err
	}
	fill := func(dir, database string) error {
		if b.day {
			return b.dawn(n, dir, database, name, sink, f)
		}
		return b.fill(name, b.made.dir, 0, f.mails)
	}
	return b.desk("bulk", n, b.dovecot.IMAP, name, sink, fill, func(c *child) error {
		idle, err := c.order(order{Do: "usage"})
		if err != nil {
			return err
		}
		in, err := c.order(order{Do: "intake", Mails: f.mails, Profile: b.profile, Index: b.day || b.complete, Like: b.complete})
		if err != nil {
			return err
		}
		f.intake, f.intakeCPU, f.behind = in.Seconds, in.CPU-idle.CPU, in.Behind
		if want := b.made.opened() * (1 + b.agents); in.Queued < want {
			return fmt.Errorf("%d mails were queued, and %d tickets must have been opened", in.Queued, b.made.opened())
		}
		o := order{Do: "send"}
		if b.profile != "" {
			o.Profile = b.profile + ".send"
		}
		out, took, err := b.send(c, sink, o, in.Queued)
		f.sending, f.wholeCPU, f.peak = took.Seconds(), out.CPU-idle.CPU, out.Peak
		f.sent, _ = sink.count()
		return err
	})
}

// send makes the daemon send what is queued. It returns what the daemon had used when all mails
// were at the sink and recorded, and how long that took.
func (b *bench) send(c *child, sink *counter, o order, queued int) (answer, time.Duration, error) {
	before, _ := sink.count()
	began := time.Now()
	if _, err := c.order(o); err != nil {
		return answer{}, 0, err
	}
	arrived := func() int { n, _ := sink.count(); return n - before }
	if err := b.arrive(arrived, queued, b.complete); err != nil {
		return answer{}, 0, err
	}
	_, last := sink.count()
	a, err := c.order(order{Do: "usage"})
	return a, last.Sub(began), err
}

// arrive waits until all queued mails are at the sink and recorded as sent, and checks that there
// are no others, unless more says that timers may make some.
func (b *bench) arrive(count func() int, queued int, more bool) error {
	for since, seen := time.Now(), 0; ; {
		n := count()
		if n >= queued {
			if err := b.pause(300 * time.Millisecond); err != nil { // it records the last ones as sent, and must not send more
				return err
			}
			if n = count(); n != queued && !more {
				return fmt.Errorf("%d mails came to the sink, of %d that were queued", n, queued)
			}
			return nil
		}
		if n != seen {
			since, seen = time.Now(), n
		}
		if time.Since(since) > patience {
			return fmt.Errorf("%d mails came to the sink, of %d that were queued, and no more for %v", n, queued, patience)
		}
		if err := b.pause(10 * time.Millisecond); err != nil {
			return err
		}
	}
}

// large makes a new daemon take in one mail of nearly 25 MB, which is the usual limit.
func (b *bench) large(n int, sink *counter, f *figures) error {
	name := user("large", n)
	if _, err := b.dovecot.MakeMaildir(name); err != nil {
		return err
	}
	var raw bytes.Buffer
	fmt.Fprintf(&raw, "From: Large <large%d@customer.example>\r\nTo: %s\r\nSubject: A film\r\nMessage-ID: <large%d@customer.example>\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the film.\r\n--b\r\nContent-Type: video/mp4; name=film.mp4\r\nContent-Disposition: attachment; filename=film.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n", n, address, n)
	line := strings.Repeat("0123456789ABCDEF", 5)[:76]
	for raw.Len() < 25_000_000 {
		raw.WriteString(line + "\r\n")
	}
	raw.WriteString("--b--\r\n")
	deliver := func(string, string) error {
		return b.dovecot.Deliver(fmt.Sprintf("large%d@customer.example", n), name, raw.Bytes())
	}
	return b.desk("large", n, b.dovecot.IMAP, name, sink, deliver, func(c *child) error {
		in, err := c.order(order{Do: "intake", Mails: 1})
		if err != nil {
			return err
		}
		a, _, err := b.send(c, sink, order{Do: "send"}, in.Queued)
		f.peakLarge = a.Peak
		return err
	})
}

// alone measures the idle desk, and the latency of one mail through a server that announces it
// immediately.
func (b *bench) alone(n int, sink *counter, f *figures) error {
	s, err := mailserver.Start(mailserver.Options{Addresses: []string{address}, Password: servers.Password})
	if err != nil {
		return err
	}
	defer s.Close()
	return b.desk("near", n, s.IMAP, address, sink, nil, func(c *child) error {
		if err := b.rest(c, f); err != nil {
			return err
		}
		var err error
		f.near, err = b.one(sink, b.near, func(from, raw string) (time.Time, error) {
			at := time.Now()
			return at, s.Deliver(mailserver.Envelope{From: from, To: []string{address}, Raw: []byte(raw)})
		})
		return err
	})
}

// rest leaves a daemon idle and measures its memory and processor time.
func (b *bench) rest(c *child, f *figures) error {
	if _, err := c.order(order{Do: "run"}); err != nil {
		return err
	}
	if err := b.pause(5 * time.Second); err != nil { // the first IDLEs after something happened are short
		return err
	}
	began := time.Now()
	before, err := c.order(order{Do: "usage"})
	if err != nil {
		return err
	}
	if err := b.pause(time.Duration(b.idleSeconds) * time.Second); err != nil {
		return err
	}
	after, err := c.order(order{Do: "usage"})
	f.idleRSS, f.idleShare = after.RSS, (after.CPU-before.CPU)/time.Since(began).Seconds()
	return err
}

// distant measures the latency through Dovecot, which announces new mail half a second after its
// arrival.
func (b *bench) distant(n int, sink *counter, f *figures) error {
	name := user("far", n)
	if _, err := b.dovecot.MakeMaildir(name); err != nil {
		return err
	}
	return b.desk("far", n, b.dovecot.IMAP, name, sink, nil, func(c *child) error {
		if _, err := c.order(order{Do: "run"}); err != nil {
			return err
		}
		var err error
		f.far, err = b.one(sink, b.far, func(from, raw string) (time.Time, error) {
			err := b.dovecot.Deliver(from, name, []byte(raw))
			return time.Now(), err // Dovecot has it
		})
		return err
	})
}

// one delivers mails, each when the previous one has been answered, and returns how long each took.
func (b *bench) one(sink *counter, mails int, deliver func(from, raw string) (time.Time, error)) ([]time.Duration, error) {
	var took []time.Duration
	for i := range mails {
		from := fmt.Sprintf("one%d@customer.example", i)
		came := sink.await(from)
		began, err := deliver(from,
			fmt.Sprintf("From: One <%s>\r\nTo: %s\r\nSubject: Question %d\r\nMessage-ID: <%d.one@customer.example>\r\n\r\n%s\r\n", from,
				address, i, i, strings.Repeat("How does it work?\r\n", 100)))
		if err != nil {
			return nil, err
		}
		select {
		case at := <-came:
			took = append(took, max(0, at.Sub(began)))
		case <-b.ctx.Done():
			return nil, b.ctx.Err()
		case <-time.After(time.Minute):
			return nil, fmt.Errorf("mail %d was not acknowledged within a minute", i)
		}
		// People do not write the moment somebody else has got an answer, and the daemon should be
		// waiting for mail again.
		if err := b.pause(20 * time.Millisecond); err != nil {
			return nil, err
		}
	}
	return took, nil
}

// desk runs a daemon with its own desk folder and database. If fill is given, the daemon has seen
// the mailbox before and was stopped while the mails came, since mail that is there at its first
// start counts as old and causes no mails.
func (b *bench) desk(kind string, n int, imap, user string, sink *counter, fill func(dir, database string) error,
	work func(c *child) error) (err error) {
	dir := filepath.Join(b.dir, fmt.Sprintf("%s%d", kind, n))
	database, drop, err := b.database.create(b.ctx, fmt.Sprintf("%s%d", kind, n))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, drop()) }()
	if err := b.writeDesk(dir, database, imap, user, sink.Addr); err != nil {
		return err
	}
	if fill != nil {
		first := func(c *child) error {
			_, err := c.order(order{Do: "intake"})
			return err
		}
		if err := b.daemon(dir, first); err != nil {
			return err
		}
		if err := fill(dir, database); err != nil {
			return err
		}
	}
	return b.daemon(dir, work)
}

func (b *bench) daemon(dir string, work func(c *child) error) error {
	c, err := startChild(b.ctx, b.program, dir)
	if err != nil {
		return err
	}
	err = work(c)
	if stopped := c.stop(); err == nil {
		err = stopped
	}
	return err
}

// writeDesk writes the desk folder: two tiers, a rule that examines each mail, promises and an
// escalation, like the folder of `tierdesk init`; or the one of -full.
func (b *bench) writeDesk(dir, database, imap, user, smtp string) error {
	if b.complete {
		return writeFull(dir, database, imap, user, smtp)
	}
	var agents strings.Builder
	for i := range b.agents {
		fmt.Fprintf(&agents, "  agent%d: {full_name: Agent %d, address: agent%d@staff.example, teams: [frontdesk]}\n", i, i, i)
	}
	if b.agents == 0 {
		agents.WriteString("  {}\n")
	}
	for name, text := range map[string]string{
		"secret": servers.Password,
		"tierdesk.yaml": fmt.Sprintf(`desk: {name: Acme Support, domain: acme.example, admin: it@acme.example}
database: %s
inboxes:
  support: {address: %s, imap: "insecure+imap://%s", user: %s, password_file: secret, after: flag, first_run: new}
outgoing: {smtp: "insecure+smtp://%s"}
trust: {authserv_id: mx.acme.example}
limits: {answers_per_address: 100000/h}
`, database, address, imap, user, smtp),
		"people.yaml": "agents:\n" + agents.String() + "teams: {frontdesk: {name: Front desk}, technicians: {name: Technicians}}\n",
		"service.yaml": `tiers:
  - {level: 1, name: Front desk, team: frontdesk}
  - {level: 2, name: Technicians, team: technicians}
escalation:
  - {when: first_reply at 80%, notify: [team]}
  - {when: resolution missed, tier: up}
`,
		"rules/10-routing.yaml": `rules:
  - name: outage
    when: subject matches "(?i)\\boutage\\b"
    do:
      - set: {priority: urgent}
  - name: update
    when: subject contains "Update"
    do:
      - set: {tags: [+update]}
`,
	} {
		if err := write(dir, name, text); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) pause(d time.Duration) error {
	select {
	case <-b.ctx.Done():
		return b.ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// databases makes empty databases, one for each daemon.
type databases struct {
	kind   sqldb.Kind
	dir    string
	server string // URL, PostgreSQL only
}

func newDatabases(ctx context.Context, kind sqldb.Kind, dir string) (databases, error) {
	d := databases{kind: kind, dir: dir}
	if kind == sqldb.SQLite {
		return d, nil
	}
	var err error
	d.server, err = dbtest.Serve("-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on", "-c", "shared_buffers=128MB",
		"-c", "max_wal_size=1GB")
	return d, err
}

func (d databases) create(ctx context.Context, name string) (dsn string, drop func() error, err error) {
	if d.kind == sqldb.SQLite {
		path := filepath.Join(d.dir, name+".db")
		return "sqlite:" + path, func() error {
			return errors.Join(os.RemoveAll(path), os.RemoveAll(path+"-wal"), os.RemoveAll(path+"-shm"), os.RemoveAll(path+".lock"))
		}, nil
	}
	name = fmt.Sprintf("tierdesk_bench_%s_%d", name, os.Getpid())
	admin := func(statement string) error {
		db, err := sqldb.Open(ctx, d.server)
		if err != nil {
			return err
		}
		defer db.Close()
		_, err = db.Handle().ExecContext(ctx, statement)
		return err
	}
	u, err := url.Parse(d.server)
	if err != nil {
		return "", nil, errors.New("the server's URL cannot be read")
	}
	u.Path = "/" + name
	return u.String(), func() error { return admin("DROP DATABASE " + name + " WITH (FORCE)") }, admin("CREATE DATABASE " + name)
}

// load returns the load of the machine: the mean number of runnable processes over the last minute.
func load() float64 {
	var info syscall.Sysinfo_t
	if syscall.Sysinfo(&info) != nil {
		return -1
	}
	return float64(info.Loads[0]) / (1 << 16)
}
