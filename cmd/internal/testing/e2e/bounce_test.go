package e2e

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
)

// plainEnvelopes has all mail leave with the address of the inbox as its bounce address.
func plainEnvelopes(dir string) {
	replace(filepath.Join(dir, "tierdesk.yaml"), "\noutgoing:\n", "\noutgoing:\n  envelope: address\n")
}

// report is a delivery report as a mail server writes it: about a mail with that Message-ID, with a block for each recipient.
func (w *world) report(to, messageID string, recipients ...string) {
	w.t.Helper()
	w.count++
	var blocks strings.Builder
	for _, r := range recipients {
		address, status, _ := strings.Cut(r, " ")
		action := map[byte]string{'5': "failed", '4': "delayed", '2': "delivered"}[status[0]]
		fmt.Fprintf(&blocks, "\r\nFinal-Recipient: rfc822; %s\r\nAction: %s\r\nStatus: %s\r\nDiagnostic-Code: smtp; %s said of %s\r\n", address, action, status, status, address)
	}
	w.send(letter{from: "mailer-daemon@mx.customer.example", to: to, raw: "From: Mail Delivery System <mailer-daemon@mx.customer.example>\r\nTo: " + to + "\r\nSubject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n" +
		fmt.Sprintf("MIME-Version: 1.0\r\nMessage-ID: <dsn%d@mx.customer.example>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n", w.count) +
		"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.example\r\n" + blocks.String() + "\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: " + support + "\r\nMessage-ID: " + messageID + "\r\nSubject: x\r\n\r\n--b--\r\n"})
}

// envelope returns the address that the mail would be sent back to.
func (m got) envelope() string { return strings.Trim(m.Header.Get("Return-Path"), "<>") }

// A report to the bounce address of a copy acts on its recipient: the agent is told, the ticket is open again. One that proves nothing is set aside.
func TestABounce(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/status pending\nWe look into it.")
		w.next(ann)
		w.endsFor(ben)
		answer := w.next(max)
		if answer.envelope() == support {
			t.Fatal("the answer has no bounce address of its own")
		}
		w.report(support, "<invented.1.abc@acme.example>", max+" 5.1.1")
		w.nothing(ann, ben)
		w.report(answer.envelope(), answer.Header.Get("Message-Id"), max+" 4.2.0")
		w.nothing(ann, ben)
		w.report(answer.envelope(), answer.Header.Get("Message-Id"), max+" 5.1.1")
		m := w.next(ann).has("5.1.1", max, "open", "What was not delivered", "We look into it.").lacks("Anybody", "It could not be delivered.")
		if m.event() != "bounced" {
			t.Errorf("Ann got %q", m.event())
		}
		w.report(answer.envelope(), answer.Header.Get("Message-Id"), max+" 5.1.1") // once more, in other words
		w.nothing(max, ann, ben, admin)
	})
}

// Two take part. One of them forges a report on the other: with the Message-ID that all copies share, and with the reply address of the other, which stands in what the other
// answers to all. The agents are told what it says; nothing else happens, and the next answer reaches both.
func TestABounceForgedByAParticipant(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, _, _ := w.ask()
		w.send(letter{from: max, to: ack.replyTo(), cc: mallory, subject: "Re: " + ack.subject(), text: "Mal should read this.", header: []string{"In-Reply-To: " + ack.Header.Get("Message-Id")}})
		w.next(mallory) // his copy, from Max's own mail server: with Max's reply address in it
		notice := w.next(ann)
		w.next(ben)
		w.answer(ann, notice, "/status pending\nWe look into it.")
		w.next(ann)
		w.next(max)
		w.endsFor(ben)
		hers := w.next(mallory)
		for i, to := range []string{support, ack.replyTo(), hers.replyTo()} {
			w.report(to, hers.Header.Get("Message-Id"), max+" 5.1.1")
			if i > 0 {
				continue // within the hour
			}
			if m := w.next(ann).has("5.1.1", max, "Anybody who has had a mail of this ticket", "pending"); m.event() != "bounced" {
				t.Errorf("Ann got %q", m.event())
			}
		}
		w.nothing(ann, ben, max, mallory)
		// Max is not muted: he still gets what machines write.
		w.answer(ann, notice, "/solve\nIt is mended.")
		w.rest(ann)
		w.rest(max)
		w.send(letter{from: max, to: support, subject: "Something else", text: "Where do I find the manual?"})
		w.next(max).has("Something else")
	})
}

// A report names several recipients. It came to the bounce address of one copy: what it says of that one counts.
func TestABounceOfSeveral(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, _, _ := w.ask()
		w.send(letter{from: max, to: ack.replyTo(), cc: jane, subject: "Re: " + ack.subject(), text: "Jane should read this.", header: []string{"In-Reply-To: " + ack.Header.Get("Message-Id")}})
		w.next(jane)
		notice := w.next(ann)
		w.next(ben)
		w.answer(ann, notice, "We look into it.")
		his, hers := w.next(max), w.next(jane)
		w.endsFor(ben)
		w.report(his.envelope(), his.Header.Get("Message-Id"), jane+" 5.1.1", max+" 2.0.0")
		w.nothing(ann, ben)
		w.report(hers.envelope(), hers.Header.Get("Message-Id"), max+" 2.0.0", jane+" 5.1.1")
		w.next(ann).has("to "+jane, "5.1.1 said of "+jane)
		w.send(letter{from: max, to: support, subject: "Something else", text: "Where do I find the manual?"})
		w.next(max).has("Something else")
	})
}

// Without bounce addresses of their own nothing proves a copy: the agents are told, and nothing is done.
func TestABounceWithoutKeyedEnvelopes(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/status pending\nWe look into it.")
		w.next(ann)
		w.endsFor(ben)
		answer := w.next(max)
		w.report(support, answer.Header.Get("Message-Id"), max+" 5.1.1")
		w.next(ann).has("5.1.1", max, "Anybody", "pending")
		w.nothing(max, ann, ben, admin)
	})
}

// The company's own server refuses everything to agents and admin, for good. One question makes a handful of mails, and the chain ends.
func TestStaffIsRefused(t *testing.T) {
	t.Parallel()
	r := &relay{refuse: func(step, to string) string {
		if step == "RCPT" && strings.HasSuffix(to, "@staff.example") {
			return "550 5.1.1 there is no " + to
		}
		return ""
	}}
	w := newWorld(t, dbtest.SQLite(t), nil, throughRelay(t, r))
	w.send(letter{from: max, to: support, subject: "Heating", text: "It is cold in here."})
	w.next(max)
	if m := w.next(admin).has("@staff.example", "5.1.1"); m.event() != "bounced" {
		t.Errorf("the admin got %q", m.event())
	}
	w.nothing(admin)
	w.send(letter{from: jane, to: support, subject: "Door", text: "It is locked."})
	w.next(jane)
	w.nothing(admin) // once an hour
	w.pass(2 * time.Hour)
	if m := w.next(admin).has(ann, ben, "refused (mails: 2)"); m.event() != "admin-unreached" {
		t.Errorf("the admin got %q", m.event())
	}
	w.invariants()
}

// The admin's mailbox is gone as well: nothing tells of a failure to tell of a failure.
func TestNobodyOfUsIsReached(t *testing.T) {
	t.Parallel()
	r := &relay{refuse: func(step, to string) string {
		if step == "RCPT" && (strings.HasSuffix(to, "@staff.example") || to == admin) {
			return "550 5.1.1 there is no " + to
		}
		return ""
	}}
	w := newWorld(t, dbtest.SQLite(t), nil, throughRelay(t, r))
	w.send(letter{from: max, to: support, subject: "Heating", text: "It is cold in here."})
	w.next(max)
	w.settle()
	time.Sleep(time.Second)
	w.settle()
	if n := r.count("RCPT", ""); n > 12 {
		t.Errorf("one question made %d attempts", n)
	}
	w.send(letter{from: jane, to: support, subject: "Door", text: "It is locked."})
	w.next(jane)
	w.settle()
	if n := r.count("RCPT", admin); n > 3 {
		t.Errorf("the admin was tried %d times", n)
	}
	w.invariants()
}

// The provider takes the notices and sends each back later as a report: to the inbox, and to the bounce addresses.
func TestNoticesComeBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		edits []func(dir string)
	}{
		{"to the inbox", []func(dir string){plainEnvelopes}},
		{"to bounce addresses", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, dbtest.SQLite(t), nil, c.edits...)
			w.ask()
			seen, sent := map[string]int{}, 0
			for range 8 {
				w.settle()
				for _, user := range []string{ann, ben, admin} {
					mails := w.box(user).Mails(t, "INBOX")
					for _, m := range mails[seen[user]:] {
						g := got{m, t}
						w.report(g.envelope(), g.Header.Get("Message-Id"), user+" 5.1.1")
						sent++
					}
					seen[user] = len(mails)
				}
			}
			if sent > 6 {
				t.Errorf("%d mails came back", sent)
			}
			w.doctor("no mail reaches "+ann, "no mail reaches "+admin)
			w.invariants()
		})
	}
}

// Somebody in Cc has no mailbox any more: the agents are told once, each later notice says so beside the name, and what comes back from there again troubles nobody. Max, who asked,
// still gets his answers.
func TestWhoInCcIsGone(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, cc: jane, subject: "VPN", text: "The VPN is slow."})
		w.next(max)
		w.next(jane) // what Max's mail client sent
		notice := w.next(ann).has("Your reply goes to Max Muster, " + jane).lacks("comes back")
		w.next(ben)
		w.answer(ann, notice, "/take\nWe look into it.")
		answer, copied := w.next(max), w.next(jane)
		w.rest(ann)
		w.rest(ben)
		w.report(copied.envelope(), copied.Header.Get("Message-Id"), jane+" 5.1.1")
		told := w.next(ann).has("5.1.1", jane)
		if told.event() != "bounced" {
			t.Errorf("Ann got %q", told.event())
		}
		w.nothing(max, ben)
		w.answer("Max Muster <"+max+">", answer, "And now?")
		again := w.next(ann).has("And now?", "mail to them comes back")
		w.rest(ben)
		w.answer(ann, again, "Now it is mended.")
		w.next(max).has("Now it is mended.")
		w.rest(ann)
		copied = w.next(jane)
		w.report(copied.envelope(), copied.Header.Get("Message-Id"), jane+" 5.1.1")
		w.nothing(ann, ben, max)
		w.answer(ann, again, "/cc -"+jane+"\nOne more thing: restart it.", signedBy)
		w.next(max).has("One more thing")
		w.nothing(jane)
	})
}
