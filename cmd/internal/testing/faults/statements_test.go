package faults

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/demo/mailserver"
	"tierdesk/cmd/internal/testing/servers"
	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// errBlamed is an error that says something about the work itself: nobody will try it again as it is.
var errBlamed = errors.New("broken for a test: the work is at fault")

// errAway is an error that says nothing about the work: the database was not there for a moment.
var errAway = fmt.Errorf("broken for a test: %w", resetError{})

// resetError is what the net package says.
type resetError struct{}

func (resetError) Error() string   { return "connection reset by peer" }
func (resetError) Timeout() bool   { return false }
func (resetError) Temporary() bool { return true }

// decision is one that is made with each of its statements broken in turn.
type decision struct {
	name string
	// least is how many statements it has at least: a test that breaks fewer has lost its way.
	least int
	// prepare makes what the decision stands on, with nothing broken, and gives what makes it, and what looks at it afterwards. whole tells that nobody
	// may have blamed the mail: the decision must have been made.
	prepare func(d *desk) (do func(), check func(whole bool))
}

// mail is a decision on a mail: it becomes one message, with what belongs to it; or it is in quarantine with nothing else of it left, and the admin hears of it.
func (d *desk) mail(l letter, outcome string, messages int, belongs func(row taken, whole bool)) (func(), func(bool)) {
	raw, id := d.write(l)
	return func() { d.take(raw) }, func(whole bool) {
		row := d.one(id)
		if row.Raws != 1 || row.Ledger != "taken" {
			d.t.Errorf("mail %s: %+v", id, row)
		}
		if row.Outcome == "quarantined" && !whole {
			if row.Messages != 0 || row.Cause != "unprocessable_email" || !strings.Contains(row.Reasons, "broken for a test") {
				d.t.Errorf("quarantined: %+v", row)
			}
			d.digest(id)
			return
		}
		if row.Outcome != outcome || row.Messages != messages {
			d.t.Errorf("mail %s: %+v; it should be a %s with %d messages", id, row, outcome, messages)
		}
		belongs(row, whole)
	}
}

// digest asserts that the admin hears of what is in quarantine.
func (d *desk) digest(id string) {
	d.t.Helper()
	before := len(d.out(0, admin))
	d.clock.Advance(25 * time.Hour)
	d.fire()
	told := d.out(0, admin)
	if len(told) <= before {
		d.t.Errorf("mail %s is in quarantine, and the admin is not told", id)
	}
}

func (d *desk) expect(what string, is, shall int) {
	d.t.Helper()
	if is != shall {
		d.t.Errorf("%s: %d, should be %d", what, is, shall)
	}
}

var decisions = []decision{
	{"a question", 20, func(d *desk) (func(), func(bool)) {
		from := fmt.Sprintf("c%d%s", d.n+1, customers)
		return d.mail(letter{from: from, subject: fmt.Sprintf("Printer 7 %d", d.n+1), text: "It does not print."}, "message", 1, func(row taken, _ bool) {
			d.expect("tickets", d.count(`SELECT COUNT(*) FROM tickets WHERE id = ?`, row.Ticket), 1)
			d.expect("mails to the customer", len(d.out(row.Ticket, from)), 1)
			d.expect("notices", len(d.out(row.Ticket, ann)), 1)
			d.expect("tags", d.count(`SELECT COUNT(*) FROM events WHERE ticket = ? AND kind = 'tagged'`, row.Ticket), 1)
		})
	}},
	{"a reply", 15, func(d *desk) (func(), func(bool)) {
		a := d.ask()
		return d.mail(letter{from: a.from, to: a.ack.ReplyTo, answers: a.ack.MessageID, subject: "Re: " + a.ack.Subject, text: "Is anybody there?"}, "message", 1, func(row taken, _ bool) {
			d.expect("ticket", int(row.Ticket), int(a.ticket))
			d.expect("mails to the customer", len(d.out(a.ticket, a.from)), 1)
			d.expect("notices", len(d.out(a.ticket, ann)), 2)
		})
	}},
	{"an answer", 15, func(d *desk) (func(), func(bool)) {
		a := d.ask()
		return d.mail(letter{from: "Ann <" + ann + ">", to: a.notice.ReplyTo, answers: a.notice.MessageID, subject: "Re: " + a.notice.Subject, text: "Please switch it on."}, "message", 1, func(taken, bool) {
			got := d.out(a.ticket, a.from)
			d.expect("mails to the customer", len(got), 2)
			if !strings.Contains(got[len(got)-1].Text, "Please switch it on.") {
				d.t.Errorf("the customer got %q", got[len(got)-1].Text)
			}
		})
	}},
	{"a note", 15, func(d *desk) (func(), func(bool)) {
		a := d.ask()
		return d.mail(letter{from: ann, to: a.notice.ReplyTo, answers: a.notice.MessageID, subject: "Re: " + a.notice.Subject, text: "/note\nShe has called before.\n"}, "message", 1, func(taken, bool) {
			d.expect("mails to the customer", len(d.out(a.ticket, a.from)), 1)
			d.expect("notes", d.count(`SELECT COUNT(*) FROM messages WHERE ticket = ? AND kind = 'note'`, a.ticket), 1)
			d.expect("receipts", kinds(d.out(a.ticket, ann))["receipt"], 1)
		})
	}},
	{"a publication", 40, func(d *desk) (func(), func(bool)) {
		first, second := d.ask(), d.ask()
		signed := "Authentication-Results: mx.acme.example; dmarc=pass header.from=staff.example\r\n"
		say := func(to mailout.Mail, text string) string {
			raw, id := d.write(letter{from: ann, to: to.ReplyTo, answers: to.MessageID, subject: "Re: " + to.Subject, text: text, header: signed})
			d.take(raw)
			return id
		}
		title := fmt.Sprintf("/problem new Number %d", d.n)
		say(first.notice, title)
		say(second.notice, title)
		say(first.notice, "/publish\nThe printers print again.")
		var held mailout.Mail
		for _, m := range d.out(first.ticket, ann) {
			if m.Kind == "held" {
				held = m
			}
		}
		raw, id := d.write(letter{from: ann, to: held.ReplyTo, answers: held.MessageID, subject: "Re: " + held.Subject, text: "/send", header: signed})
		return func() { d.take(raw); d.fire() }, func(whole bool) {
			if d.one(id).Outcome == "quarantined" && !whole {
				d.digest(id)
				say(held, "/send") // nothing of it was done
			}
			d.clock.Advance(time.Hour) // what was put back
			d.fire()
			for _, a := range []asked{first, second} {
				d.expect("published", kinds(d.out(a.ticket, a.from))["published"], 1)
				d.expect("answers", d.count(`SELECT COUNT(*) FROM events WHERE ticket = ? AND kind = 'agent-replied'`, a.ticket), 1)
			}
			d.expect("waiting", d.count(`SELECT COUNT(*) FROM publication_tickets WHERE done IS NULL`), 0)
			d.expect("going", d.count(`SELECT COUNT(*) FROM publications WHERE state = 'going'`), 0)
		}
	}},
	{"an escalation", 10, func(d *desk) (func(), func(bool)) {
		a := d.ask()
		do := func() { d.clock.Advance(25 * time.Hour); d.fire() } // past both promises
		return do, func(bool) {
			d.clock.Advance(time.Hour) // what was put back
			d.fire()
			d.expect("missed", d.count(`SELECT COUNT(*) FROM events WHERE ticket = ? AND kind = 'sla-missed'`, a.ticket), 2)
			d.expect("escalated", d.count(`SELECT COUNT(*) FROM events WHERE ticket = ? AND kind = 'escalated'`, a.ticket), 1)
			d.expect("notices to the lead", kinds(d.out(a.ticket, lead))["sla-missed"], 1)
			d.update(func(tx *sqldb.Tx) error { // no more promises of this one
				_, err := tx.Exec(`DELETE FROM timers WHERE ticket = ?`, a.ticket)
				return err
			})
		}
	}},
	{"a bounce", 12, func(d *desk) (func(), func(bool)) {
		d.clock.Advance(mailout.ReportEvery + time.Minute) // since Ann was told of the last one
		a := d.ask()
		raw, id := d.write(letter{from: "Mail Delivery System <mailer-daemon@mx.customer.example>", subject: "Undelivered Mail"})
		head, _, _ := strings.Cut(raw, "MIME-Version:")
		d.view(func(tx *sqldb.Tx) error { // it comes to the bounce address of the acknowledgement
			keys, err := token.Load(tx)
			if err == nil {
				head = strings.Replace(head, "To: "+support, "To: "+keys.Envelope(support, token.Plus, a.ack), 1)
			}
			return err
		})
		raw = head + "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n" +
			"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.example\r\n\r\nFinal-Recipient: rfc822; " + a.from + "\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n" +
			"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: " + support + "\r\nMessage-ID: <" + a.ack.MessageID + ">\r\n\r\n--b--\r\n"
		_, check := d.mail(letter{}, "bounce", 1, func(row taken, _ bool) {
			d.expect("bounced", d.count(`SELECT COUNT(*) FROM events WHERE ticket = ? AND kind = 'bounced'`, a.ticket), 1)
			d.expect("notices", kinds(d.out(a.ticket, ann))["bounced"], 1)
			d.expect("muted", d.count(`SELECT COUNT(*) FROM addresses WHERE address = ? AND muted IS NOT NULL`, a.from), 1)
		})
		_ = id
		return func() { d.take(strings.Replace(raw, id, fmt.Sprintf("m%d%s", d.n, customers), 1)) }, check
	}},
	{"an order", 20, func(d *desk) (func(), func(bool)) {
		from := fmt.Sprintf("c%d%s", d.n+1, customers)
		raw, id := d.write(letter{from: from, subject: "Invoice", text: "Please pay.", header: "X-Spam-Flag: YES\r\n"})
		d.take(raw)
		d.clock.Advance(2 * time.Hour)
		d.fire()
		told := d.out(0, admin)
		digest := told[len(told)-1]
		spam := d.one(id)
		return d.mail(letter{from: admin, to: digest.ReplyTo, answers: digest.MessageID, subject: "Re: " + digest.Subject, text: fmt.Sprintf("/release %d\n", spam.ID)}, "command", 0, func(_ taken, whole bool) {
			row := d.one(id)
			receipts := d.out(0, admin)
			receipts = slices.DeleteFunc(receipts, func(m mailout.Mail) bool { return m.Kind != "admin-receipt" || m.ID < digest.ID })
			d.expect("receipts", len(receipts), 1)
			if !whole && row.Outcome == "quarantined" { // each order stands alone: this one was not carried out, and the receipt says so
				if !strings.Contains(receipts[0].Text, "Not done") {
					d.t.Errorf("the receipt says %q", receipts[0].Text)
				}
				return
			}
			if row.Outcome != "message" || row.Messages != 1 {
				d.t.Errorf("released: %+v", row)
			}
			d.expect("acknowledgements", len(d.out(row.Ticket, from)), 1)
		})
	}},
}

// Each statement of each decision fails once, by the fault of the database or by that of the work: the mail becomes one message with all that belongs to it,
// or lies in quarantine with nothing of it left, and the admin hears of it. Nothing happens twice.
func TestEachStatementOfADecisionFailsOnce(t *testing.T) {
	for _, c := range decisions {
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
				t.Parallel()
				d := newDesk(t, folder{database: g.URL}, app.WithoutSync())
				for _, err := range []error{errAway, errBlamed} {
					for n, done := 1, false; !done; n++ {
						do, check := c.prepare(d)
						d.faults.BreakNth(n, err)
						do()
						done = d.faults.Asked() < n
						d.faults.Break(nil)
						check(err == errAway || done)
						if t.Failed() {
							t.Fatalf("with statement %d broken: %v", n, err)
						}
						if done && n <= c.least {
							t.Errorf("%v: only %d statements were broken", err, n-1)
						}
					}
				}
				quarantined := d.count(`SELECT COUNT(*) FROM inbound WHERE outcome = 'quarantined' AND cause = 'unprocessable_email'`)
				t.Logf("%d mails, %d in quarantine by the fault of the work", d.n, quarantined)
				d.sound()
			})
		})
	}
}

// Each statement of the sender fails once, from the claim to what the desk makes of the result: notices, an answer that leaves, an acknowledgement whose
// recipient does not exist. Each mail is at the mail server once, and the ticket has heard of each result once.
func TestEachStatementOfADeliveryFailsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		t.Parallel()
		ground := map[sqldb.Kind]func(testing.TB) dbtest.Ground{sqldb.SQLite: dbtest.SQLite, sqldb.Postgres: dbtest.Postgres}[g.Kind]
		const least, most = 40, 200
		lanes := make([]*lane, 16) // the sender waits for a second after a fault; desks of their own wait together
		for i := range lanes {
			lanes[i] = newLane(t, ground(t))
		}
		for _, err := range []error{errAway, errBlamed} {
			for n, done := 1, false; !done; n += len(lanes) {
				if n > most {
					t.Fatalf("a delivery of more than %d statements", most)
				}
				var all sync.WaitGroup
				for i, l := range lanes {
					l.prepare()
					l.d.faults.BreakNth(n+i, err)
					all.Go(l.run)
				}
				all.Wait()
				for i, l := range lanes {
					over := l.asked < n+i
					done = done || over
					l.check()
					if t.Failed() {
						t.Fatalf("with statement %d broken: %v", n+i, err)
					}
					if over && n+i <= least {
						t.Errorf("only %d statements were broken", n+i-1)
					}
				}
			}
		}
		for _, l := range lanes {
			l.d.sound()
		}
	})
}

// lane is a desk that has mails to send again and again.
type lane struct {
	d     *desk
	a, b  asked // the customer of a does not exist, that of b has been answered
	mu    sync.Mutex
	came  map[string]int // at the mail server, by recipient and Message-ID
	asked int
	err   error
}

func newLane(t *testing.T, g dbtest.Ground) *lane {
	t.Helper()
	l := &lane{came: map[string]int{}}
	addresses := []string{ann, lead, admin}
	for i := range 200 {
		addresses = append(addresses, fmt.Sprintf("c%d%s", 3*i+2, customers))
	}
	server, err := mailserver.Start(mailserver.Options{Addresses: addresses, Password: servers.Password, Seen: func(e mailserver.Envelope) {
		m, err := mail.ReadMessage(bytes.NewReader(e.Raw))
		if err != nil {
			t.Errorf("a mail that cannot be read: %v", err)
			return
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.came[e.To[0]+" "+m.Header.Get("Message-Id")]++
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	l.d = newDesk(t, folder{database: g.URL, smtp: server.SMTP}, app.WithoutSync())
	return l
}

// prepare makes three mails of people, of which mails out follow: the first customer does not exist, the second does.
func (l *lane) prepare() {
	l.d.close()
	l.d.open() // a sender runs once
	l.a, l.b = l.d.ask(), l.d.ask()
	raw, _ := l.d.write(letter{from: ann, to: l.b.notice.ReplyTo, answers: l.b.notice.MessageID, subject: "Re: Printer", text: "Please switch it on."})
	l.d.take(raw)
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.came)
}

// run sends until nothing is left that can be sent at once.
func (l *lane) run() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	ended := make(chan struct{})
	go func() { defer close(ended); l.d.app.Sender.Run(ctx) }()
	for waiting := 1; waiting > 0 && l.err == nil; time.Sleep(10 * time.Millisecond) {
		l.err = l.d.app.DB.View(ctx, func(tx *sqldb.Tx) error {
			return tx.Get(&waiting, `SELECT COUNT(*) FROM outbox WHERE state = 'waiting'`)
		})
	}
	l.asked = l.d.faults.Asked()
	l.d.faults.Break(nil)
	cancel()
	<-ended
}

func (l *lane) check() {
	d := l.d
	d.t.Helper()
	if l.err != nil {
		d.t.Fatal(l.err)
	}
	for to, n := range l.came {
		d.expect("at the mail server for "+to, n, 1)
	}
	d.expect("mails at the server", len(l.came), d.count(`SELECT COUNT(*) FROM outbox WHERE state = 'sent' AND ticket IN (?, ?)`, l.a.ticket, l.b.ticket))
	d.expect("mails that did not leave", d.count(`SELECT COUNT(*) FROM outbox WHERE state <> 'sent' AND ticket IN (?, ?)`, l.a.ticket, l.b.ticket), 1)
	d.expect("mails to who does not exist", d.count(`SELECT COUNT(*) FROM outbox WHERE state = 'failed' AND recipient = ?`, l.a.from), 1)
	d.expect("bounces in the ticket", d.count(`SELECT COUNT(*) FROM events WHERE ticket = ? AND kind = 'bounced'`, l.a.ticket), 1)
	d.expect("deliveries in the ticket", d.count(`SELECT COUNT(*) FROM events WHERE ticket = ? AND kind = 'delivered'`, l.b.ticket), 1)
}

// Each write to the disk fails once while a decision is made (no room, after half of it was written), or the waiting for the disk does: the
// mail is decided all the same, once, since it is nobody's fault, and what was torn is not read again.
func TestEachWriteToTheDiskFailsOnce(t *testing.T) {
	for _, c := range decisions[:len(decisions)-1] { // an order is a mail like the others, and takes long
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			g := dbtest.SQLite(t)
			disk := newDisk(t, g.URL)
			d := newDesk(t, folder{database: g.URL})
			failed := map[string]int{}
			for n, done := 0, false; !done; n++ {
				do, check := c.prepare(d)
				disk.breakAt(func(i int, what string) bool {
					hit := i == n || n == 0 && what == "sync" && failed[what] == 0
					if hit {
						failed[what]++
					}
					return hit
				})
				do()
				done = disk.written() < n
				disk.breakAt(nil)
				check(true)
				if t.Failed() {
					t.Fatalf("with write %d broken (0: the waiting for the disk)", n)
				}
			}
			if failed["write"] < 20 || failed["sync"] < 1 {
				t.Errorf("only these were broken: %v", failed)
			}
			t.Logf("%d mails; broken: %v", d.n, failed)
			d.sound()
			d.close()
			d.open() // what the file holds is whole
			d.sound()
			d.view(func(tx *sqldb.Tx) error {
				var verdict string
				if err := tx.Get(&verdict, `PRAGMA integrity_check`); err != nil || verdict != "ok" {
					return fmt.Errorf("integrity: %q, %w", verdict, err)
				}
				return nil
			})
		})
	}
}
