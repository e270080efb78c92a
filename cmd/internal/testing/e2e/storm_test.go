package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/store"
)

// responder is a machine that answers whatever it gets, in a manner of its own.
type responder struct {
	name    string
	subject func(n int, got string) string // nil: "Re: " and the subject that it got
	text    func(n int) string             // nil: the same each time
	from    func(n int, address string) string
	header  []string
	thread  bool // In-Reply-To and References
	quote   bool
	to      bool // to support, not to Reply-To
}

// responders are the manners. None of them stops by itself.
var responders = []responder{
	{name: "RFC 3834", header: []string{"Auto-Submitted: auto-replied"}, thread: true},
	{name: "Precedence", header: []string{"Precedence: auto_reply"}, thread: true},
	{name: "X-Autoreply", header: []string{"X-Autoreply: yes"}, subject: fixed("Out of office"), to: true},
	{name: "a bare thread", thread: true},
	{name: "a thread with a quotation", thread: true, quote: true},
	{name: "no thread", to: true},
	{name: "no thread, with a quotation", quote: true, to: true},
	{name: "to the reply address, without a thread", subject: fixed("Your message")},
	{name: "the subject of a vacation", subject: fixed("Automatische Antwort: Ich bin im Urlaub"), to: true},
	{name: "French", subject: fixed("Merci de votre courriel"), text: same("Bonjour, nous avons bien reçu votre message et reviendrons vers vous."), to: true},
	{name: "Japanese", subject: fixed("お問い合わせありがとうございます"), text: same("お問い合わせを受け付けました。担当者よりご連絡いたします。しばらくお待ちください。"), to: true},
	{name: "Russian in the thread", subject: fixed("Спасибо за обращение"), text: same("Ваше обращение принято, мы скоро ответим вам."), thread: true},
	{name: "numbered cases", subject: func(n int, _ string) string { return fmt.Sprintf("[Case %d] received", 1000+n*7919) }, text: func(n int) string { return fmt.Sprintf("Your case has the number %d.", 1000+n*7919) }, to: true},
	{name: "the subject twice over", subject: func(_ int, got string) string { return "Received: " + got + " / " + got }, to: true},
	{name: "other words each time", subject: wordy, to: true},
	{name: "other words in subject and text", subject: wordy, text: func(n int) string { return "About " + wordy(n+3, "") + ": thank you, we will " + wordy(n+11, "") + "." }, to: true},
	{name: "no subject", subject: fixed(""), to: true},
	{name: "another display name each time", from: func(n int, address string) string { return fmt.Sprintf("Agent %d <%s>", n, address) }, subject: func(n int, _ string) string { return "Message " + string(rune('A'+n%26)) }, to: true},
	{name: "a name in capitals", from: func(n int, address string) string { return strings.ToUpper(address[:1+n%3]) + address[1+n%3:] }, to: true},
	{name: "no-reply", from: func(_ int, address string) string { return "No Reply <" + address + ">" }, subject: fixed("Ticket created"), text: func(n int) string { return fmt.Sprintf("Ticket %d was created.\n\nPlease do not answer.", n) }, thread: true},
}

func fixed(s string) func(int, string) string { return func(int, string) string { return s } }
func same(s string) func(int) string          { return func(int) string { return s } }

func wordy(n int, _ string) string {
	words := strings.Fields("apple river candle stone window garden silver pocket thunder meadow button lantern harbour feather saddle copper violet marble timber anchor")
	return words[n%len(words)] + " " + words[(n*7+3)%len(words)] + " " + words[(n/len(words)+n*3+5)%len(words)]
}

func responderAt(i int) string { return fmt.Sprintf("robot%d@machine%d.example", i, i) }

func responderAddresses() string {
	var b strings.Builder
	for i := range responders {
		b.WriteString(" " + responderAt(i))
	}
	return b.String()
}

// Machines that answer everything they get, for days on end, now and then beginning anew: each gets three automatic mails a day at most, no ticket
// fills, and a customer is acknowledged meanwhile. TIERDESK_TEST_FULL=1 lets a month pass.
func TestAnAutoReplyStorm(t *testing.T) {
	days := 5
	if os.Getenv("TIERDESK_TEST_FULL") != "" {
		days = 30
	}
	stories(t, func(t *testing.T, w *world) {
		sent := make([]int, len(responders))
		say := func(i int, m *got) {
			r, address := responders[i], responderAt(i)
			sent[i]++
			n := sent[i]
			l := letter{from: "Machine <" + address + ">", to: support, subject: "A first question of machine " + r.name, text: "Thank you for your mail. It has been received and will be looked at soon.", header: r.header}
			if r.from != nil {
				l.from = r.from(n, address)
			}
			if r.text != nil {
				l.text = r.text(n)
			}
			if m != nil {
				l.subject = "Re: " + m.subject()
				if !r.to {
					l.to = m.replyTo()
				}
				if r.thread {
					l.header = append([]string{"In-Reply-To: " + m.Header.Get("Message-Id"), "References: " + strings.TrimSpace(m.Header.Get("References")+" "+m.Header.Get("Message-Id"))}, r.header...)
				}
				if r.quote {
					l.text += "\n\n" + quoted(m.text())
				}
			}
			if r.subject != nil {
				subject := ""
				if m != nil {
					subject = m.subject()
				}
				l.subject = r.subject(n, subject)
			}
			w.send(l)
		}
		answered := map[string]bool{}
		for day := range days {
			today := make([]int, len(responders))
			if day%3 == 0 || day == 1 { // something starts each of them again
				for i := range responders {
					say(i, nil)
				}
			}
			for round := 0; ; round++ {
				w.settle()
				quiet := true
				for i := range responders {
					for _, m := range w.rest(responderAt(i)) {
						quiet = false
						if m.Header.Get("Auto-Submitted") != "" {
							today[i]++
						}
						say(i, &m)
					}
				}
				if quiet {
					break
				}
				if round > 12 {
					t.Fatalf("day %d: they never stop", day)
				}
			}
			for i, n := range today {
				if n > 3 {
					t.Errorf("day %d: %q got %d automatic mails", day, responders[i].name, n)
				}
			}
			if day == 1 {
				// An agent answers some of them, as agents do.
				for _, notice := range w.rest(ann) {
					if from := notice.Header.Get("X-Tierdesk-Ticket"); notice.event() == "agent-new" && !answered[from] && len(answered) < 10 {
						answered[from] = true
						w.answer(ann, notice, "We have got your message.")
					}
				}
			}
			w.pass(24 * time.Hour)
		}
		perTicket := map[string]int{}
		for _, m := range w.box(ben).Mails(t, "INBOX") {
			perTicket[m.Header.Get("X-Tierdesk-Ticket")]++
		}
		for ticket, n := range perTicket {
			if n > 4*days {
				t.Errorf("the front desk got %d notices of ticket %s", n, ticket)
			}
		}
		if len(perTicket) == 0 {
			t.Error("the front desk got no notice at all")
		}
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "VPN", text: "The VPN is slow."})
		w.next(max).has("VPN")
	}, func(dir string) {
		replace(filepath.Join(dir, "service.yaml"), "  - {when: first_reply at 80%, notify: [assignee, team]}\n  - {when: first_reply missed, notify: [lead]}\n  - {when: resolution missed, tier: up}\n",
			"  - {when: resolution missed, notify: [lead]}\n")
	})
}

// A customer whom the desk knows asks five things in a day, or in a minute: each is acknowledged.
func TestAKnownCustomerIsAcknowledged(t *testing.T) {
	t.Parallel()
	subjects := strings.Fields("Printer Scanner Phone Network Monitor")
	for _, c := range []struct {
		name, from string
		before     func(w *world)
		pause      time.Duration
		subject    func(i int) string
	}{
		{"of an organisation, at once", "Jane Doe <" + jane + ">", func(*world) {}, 0, func(i int) string { return subjects[i] }},
		{"answered before, within a day", "Max Muster <" + max + ">", func(w *world) {
			_, notice, _ := w.ask()
			w.answer(ann, notice, "We look into it.")
			w.next(max)
		}, 4 * time.Hour, func(i int) string { return subjects[i] }},
		{"written on an earlier day, numbered subjects", "Max Muster <" + max + ">", func(w *world) { w.ask(); w.pass(30 * time.Hour) }, 0, func(i int) string { return fmt.Sprintf("Question %d", i) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			stories(t, func(t *testing.T, w *world) {
				c.before(w)
				for i := range 5 {
					w.send(letter{from: c.from, to: support, subject: c.subject(i), text: fmt.Sprintf("This is what I would like to know as number %d.", i)})
					w.next(address(c.from)).has(c.subject(i))
					w.pass(c.pause)
				}
			})
		})
	}
}

// Two hundred mails of one sender within minutes are a handful of tickets and one that holds the rest, with a note; the agents hear of it once, and nothing is lost.
func TestAFlood(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		const all = 200
		for i := range all {
			w.send(letter{from: "Mallory <" + mallory + ">", to: support, subject: fmt.Sprintf("%s %d", wordy(i, ""), i), text: fmt.Sprintf("This is mail %d of many.", i)})
		}
		acks := w.rest(mallory)
		if len(acks) > 3 {
			t.Errorf("the sender got %d mails", len(acks))
		}
		opened, noted := 0, 0
		for _, m := range w.rest(ann) {
			switch m.event() {
			case "agent-new":
				opened++
			case "agent-note":
				noted++
				m.has("has opened too many tickets")
			default:
				t.Errorf("Ann got a notice %q", m.event())
			}
		}
		if opened != 6 || noted != 1 {
			t.Errorf("Ann was told of %d tickets, and %d times of the flood", opened, noted)
		}
		if n := len(w.box(support).Mails(t, "Processed")); n != all {
			t.Errorf("%d mails were taken, not %d", n, all)
		}
		held := w.texts(6)
		for i := 6; i < all; i++ {
			if !held[fmt.Sprintf("This is mail %d of many.", i)] {
				t.Fatalf("mail %d is not in the ticket", i)
			}
		}
		w.nothing(admin)
		// Ten minutes later it is over.
		w.pass(11 * time.Minute)
		w.send(letter{from: "Mallory <" + mallory + ">", to: support, subject: "Sorry", text: "That was my script."})
		if m := w.next(ann).has("That was my script."); m.event() != "agent-new" {
			t.Errorf("Ann got %q", m.event())
		}
	})
}

// Somebody who writes again and again into one ticket is read, but stirs nobody any more; and a ticket has an end.
func TestATicketDoesNotFill(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, _, _ := w.ask()
		const all = 260
		for i := range all {
			w.send(letter{from: "Max Muster <" + max + ">", to: ack.replyTo(), subject: "Re: " + ack.subject(), text: fmt.Sprintf("And another thing, number %d.", i)})
		}
		replies, noted := 0, 0
		for _, m := range w.rest(ann) {
			switch m.event() {
			case "agent-reply":
				replies++
			case "agent-note":
				noted++
			}
		}
		if replies > 6 || noted != 1 {
			t.Errorf("Ann got %d notices of replies and %d of the flood", replies, noted)
		}
		if n := len(w.texts(1)); n > 255 || n < 200 {
			t.Errorf("the ticket holds %d messages", n)
		}
		w.nothing(max)
		w.pass(time.Minute)
		w.next(admin).has("too much mail", max)
	})
}

// texts gives what is written in a ticket, as `tierdesk ticket show` has it.
func (w *world) texts(ticket int64) map[string]bool {
	w.t.Helper()
	out := map[string]bool{}
	err := w.app.DB.View(w.t.Context(), func(tx *sqldb.Tx) error {
		messages, err := store.Messages(tx, ticket)
		for _, m := range messages {
			out[strings.TrimSpace(m.Text)] = true
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}
