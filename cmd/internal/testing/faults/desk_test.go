// Package faults breaks what a desk stands on, one thing after the other: statements, the disk, PostgreSQL, other daemons, the clock, the patience of
// mail servers. Each test tells in its name what is broken and looks afterwards at what must never depend on it: no mail lost, nothing done twice, the
// admin told. It owns the tools to break things with; docs/reliability.md has the table of what is broken where.
package faults

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/cmd/internal/testing/logs"
	"tierdesk/cmd/internal/testing/servers"
	"tierdesk/mailin"
	"tierdesk/mailin/ledger"
	"tierdesk/mailout"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/desk/invariants"
)

// The people of the tests.
const (
	support   = "support@acme.example"
	admin     = "it@acme.example"
	ann       = "ann@staff.example"
	lead      = "lea@staff.example"
	customers = "@customer.example"
)

// noon is a Monday.
var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// folder is what a desk folder needs to know.
type folder struct {
	database, imap, smtp string
	more                 string // lines for tierdesk.yaml
}

// write writes a desk folder.
func (f folder) write(t testing.TB) string {
	t.Helper()
	if f.imap == "" {
		f.imap = "127.0.0.1:1"
	}
	if f.smtp == "" {
		f.smtp = "127.0.0.1:1"
	}
	dir := filepath.Join(t.TempDir(), "desk")
	if err := os.MkdirAll(filepath.Join(dir, "rules"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"secret": servers.Password,
		"tierdesk.yaml": fmt.Sprintf(`desk: {name: Acme Support, domain: acme.example, admin: %s}
database: %q
inboxes:
  support: {address: %s, imap: "insecure+imap://%s", user: %s, password_file: secret, after: "move:Processed", first_run: import}
outgoing: {smtp: "insecure+smtp://%s"}
trust: {authserv_id: mx.acme.example}
limits: {answers_per_address: 100000/h}
%s`, admin, f.database, support, f.imap, support, f.smtp, f.more),
		"people.yaml": "agents:\n  ann: {full_name: Ann Able, address: " + ann + ", teams: [frontdesk]}\n  lea: {full_name: Lea Long, address: " + lead + ", lead: [frontdesk]}\n" +
			"teams: {frontdesk: {name: Front desk}, technicians: {name: Technicians}}\n",
		"service.yaml": `tiers:
  - {level: 1, name: Front desk, team: frontdesk}
  - {level: 2, name: Technicians, team: technicians}
escalation:
  - {when: first_reply missed, notify: [lead]}
  - {when: resolution missed, tier: up}
`,
		"rules/10-routing.yaml": "rules:\n  - name: tagged\n    when: subject contains \"7\"\n    do:\n      - set: {tags: [+seven]}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// load reads a desk folder.
func load(t testing.TB, dir string) *config.Desk {
	t.Helper()
	cfg, err := config.Load(t.Context(), dir)
	if err != nil {
		t.Fatalf("the desk folder:\n%v", err)
	}
	return cfg
}

// desk is one that a test drives by hand: no mail server, no loops. Each mail is handed over as the fetcher hands it over.
type desk struct {
	t      testing.TB
	app    *app.App
	open   func() // opens app anew
	faults *dbtest.Faults
	clock  *dbtest.Clock
	said   *logs.Buffer
	source mailin.Source
	n      int // mails so far
}

func newDesk(t testing.TB, f folder, opts ...app.Option) *desk {
	t.Helper()
	d := &desk{t: t, faults: &dbtest.Faults{}, clock: dbtest.NewClock(noon), said: &logs.Buffer{}}
	cfg := load(t, f.write(t))
	d.open = func() {
		t.Helper()
		var err error
		if d.app, err = app.New(context.Background(), cfg, slog.New(slog.NewTextHandler(d.said, &slog.HandlerOptions{Level: slog.LevelInfo})),
			append([]app.Option{app.WithClock(d.clock.Now), app.WithFault(d.faults.Ask), app.WithResolver(nil)}, opts...)...); err != nil {
			t.Fatal(err)
		}
	}
	d.open()
	t.Cleanup(func() {
		d.close()
		if t.Failed() {
			t.Logf("the desk's log:\n%s", d.said)
		}
	})
	lease, ok, err := ledger.NewKeeper(d.app.DB, "faults", 0).Acquire(context.Background(), "support")
	if err != nil || !ok {
		t.Fatalf("the lease: %v, %v", ok, err)
	}
	d.update(func(tx *sqldb.Tx) error {
		box, err := ledger.AddMailbox(tx, lease, ledger.FirstSync{Inbox: "support", Folder: "INBOX", UIDValidity: 1})
		d.source = mailin.Source{Mailbox: box.ID, Lease: lease}
		return err
	})
	return d
}

func (d *desk) close() {
	d.t.Helper()
	if err := d.app.Close(); err != nil {
		d.t.Errorf("closing the desk: %v", err)
	}
}

func (d *desk) update(f func(tx *sqldb.Tx) error) {
	d.t.Helper()
	if err := d.app.DB.Update(context.Background(), f); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) view(f func(tx *sqldb.Tx) error) {
	d.t.Helper()
	if err := d.app.DB.View(context.Background(), f); err != nil {
		d.t.Fatal(err)
	}
}

// take hands a mail over as the fetcher does: again while the database is at fault, and as one at fault itself if the desk cannot take it. The time of the
// mail is now.
func (d *desk) take(raw string) {
	d.t.Helper()
	d.source.UID++
	m := mailin.Raw{Inbox: "support", Source: d.source, Received: d.clock.Now(), Bytes: []byte(raw), Size: int64(len(raw))}
	for try := 0; ; try++ {
		err := d.app.Desk.Take(context.Background(), []mailin.Raw{m})
		if err == nil {
			return
		}
		if try == 3 {
			d.t.Fatalf("the desk does not take a mail: %v", err)
		}
		if !sqldb.Temporary(err) {
			m.Fault = "the desk could not take it: " + err.Error()
		}
	}
}

// letter is a mail to the desk.
type letter struct {
	from, to, subject, text, answers string // answers: the Message-ID of what it answers
	header                           string // further lines, each with its end
}

// write gives the mail's bytes and its Message-ID.
func (d *desk) write(l letter) (raw, id string) {
	d.n++
	id = fmt.Sprintf("m%d%s", d.n, customers)
	if l.to == "" {
		l.to = support
	}
	if l.answers != "" {
		l.header += "In-Reply-To: <" + l.answers + ">\r\nReferences: <" + l.answers + ">\r\n"
	}
	return fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%s>\r\n%sMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n",
		l.from, l.to, l.subject, d.clock.Now().Format(time.RFC1123Z), id, l.header, strings.ReplaceAll(l.text, "\n", "\r\n")), id
}

// asked is a ticket that a customer has just opened.
type asked struct {
	ticket      int64
	from        string
	ack, notice mailout.Mail // to the customer, to Ann
}

// ask opens a ticket.
func (d *desk) ask() asked {
	d.t.Helper()
	from := fmt.Sprintf("c%d%s", d.n+1, customers)
	raw, id := d.write(letter{from: from, subject: fmt.Sprintf("Printer %d", d.n+1), text: "The printer does not print."})
	d.take(raw)
	a := asked{ticket: d.one(id).Ticket, from: from}
	a.ack, a.notice = d.out(a.ticket, from)[0], d.out(a.ticket, ann)[0]
	return a
}

// taken is what became of a mail.
type taken struct {
	ID       int64  `db:"id"`
	Outcome  string `db:"outcome"`
	Cause    string `db:"cause"`
	Reasons  string `db:"reasons"`
	Ticket   int64  `db:"ticket"`
	Messages int    `db:"messages"`
	Raws     int    `db:"raws"`
	Copies   int    `db:"copies"`
	Ledger   string `db:"ledger"`
}

// one gives what became of a mail that must have been taken, once.
func (d *desk) one(id string) taken {
	d.t.Helper()
	var rows []taken
	d.view(func(tx *sqldb.Tx) error {
		return tx.Select(&rows, `SELECT i.id, i.outcome, i.cause, i.reasons, COALESCE(i.ticket, 0) AS ticket, i.copies, COALESCE((SELECT MAX(l.state) FROM ledger l WHERE l.inbound = i.id), '') AS ledger,
			(SELECT COUNT(*) FROM messages m WHERE m.inbound = i.id) AS messages, (SELECT COUNT(*) FROM raws r WHERE r.inbound = i.id) AS raws FROM inbound i WHERE i.message_id = ?`, id)
	})
	if len(rows) != 1 {
		d.t.Fatalf("mail %s was taken %d times: %+v", id, len(rows), rows)
	}
	return rows[0]
}

// out gives the mails of a ticket (0: of none) to a recipient, in order, whole.
func (d *desk) out(ticket int64, to string) []mailout.Mail {
	d.t.Helper()
	var out []mailout.Mail
	d.view(func(tx *sqldb.Tx) error {
		var ids []int64
		if err := tx.Select(&ids, `SELECT id FROM outbox WHERE COALESCE(ticket, 0) = ? AND recipient = ? ORDER BY id`, ticket, to); err != nil {
			return err
		}
		for _, id := range ids {
			row, err := mailout.Get(tx, id)
			if err != nil {
				return err
			}
			out = append(out, row.Mail)
		}
		return nil
	})
	return out
}

// kinds counts mails by what they are for.
func kinds(mails []mailout.Mail) map[string]int {
	out := map[string]int{}
	for _, m := range mails {
		out[m.Kind]++
	}
	return out
}

// count asks for one number.
func (d *desk) count(query string, args ...any) int {
	d.t.Helper()
	var n int
	d.view(func(tx *sqldb.Tx) error { return tx.Get(&n, query, args...) })
	return n
}

// fire fires what is due as the timers' loop does, which comes back after an error.
func (d *desk) fire() {
	d.t.Helper()
	for try := 0; ; try++ {
		n, err := d.app.Desk.Fire(context.Background())
		switch {
		case err == nil && n == 0:
			return
		case try == 20:
			d.t.Fatalf("timers do not come to an end: %d, %v", n, err)
		}
	}
}

// sound asserts that the tables fit together.
func (d *desk) sound() {
	d.t.Helper()
	d.view(func(tx *sqldb.Tx) error {
		found, err := invariants.Check(tx, d.app.Desk.NextPromise)
		for _, f := range found {
			d.t.Errorf("%s: %s", f.Invariant, f.Text)
		}
		return err
	})
}
