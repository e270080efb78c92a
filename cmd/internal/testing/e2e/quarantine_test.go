package e2e

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// digest waits for the next digest and tells the number of the mail with a subject.
func (w *world) digest(subject string) (got, string) {
	w.t.Helper()
	w.settle()
	w.pass(time.Minute)
	m := w.next(admin).has(subject)
	if m.event() != "admin-quarantine" {
		w.t.Fatalf("the admin got %q", m.event())
	}
	found := regexp.MustCompile(`(?m)^- (\d+) · ` + regexp.QuoteMeta(subject)).FindStringSubmatch(m.text())
	if found == nil {
		w.t.Fatalf("no number of %q in:\n%s", subject, m.text())
	}
	return m, found[1]
}

// junk sends what the mail server's filter calls spam.
func (w *world) junk(from, subject string) {
	w.t.Helper()
	w.send(letter{from: from, to: support, subject: subject, text: "This is about " + subject + ".", header: []string{"X-Spam-Flag: YES"}})
}

// waiting gives what waits in quarantine, as `tierdesk quarantine list` has it.
func (w *world) waiting() []tickets.Arrival {
	w.t.Helper()
	var out []tickets.Arrival
	err := w.app.DB.View(w.t.Context(), func(tx *sqldb.Tx) (err error) {
		out, err = store.Quarantine(tx, 100)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// The admin answers the digest: one mail is let in, one filed away, a sender blocked, another allowed.
func TestTheAdminAnswersTheDigest(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.junk(max, "Invoice 7")
		w.junk(mallory, "Casino")
		w.settle()
		m, invoice := w.digest("Invoice 7")
		m.has("Casino", "spam", "/release NUMBER")
		var casino string
		for _, in := range w.waiting() {
			if in.Subject == "Casino" {
				casino = fmt.Sprint(in.ID)
			}
		}
		w.answer("The Admin <"+admin+">", m, "/release "+invoice+"\n/block "+casino+"\n\nThank you!")
		w.next(max).has("Invoice 7")
		w.next(ann).has("This is about Invoice 7.")
		w.next(ben)
		receipt := w.next(admin).has("/release "+invoice, "in ticket #1", mallory+" is blocked")
		if receipt.event() != "admin-receipt" || receipt.Header.Get("Auto-Submitted") == "" {
			t.Errorf("the receipt: %v", receipt.Header)
		}
		if n := len(w.waiting()); n != 0 {
			t.Errorf("%d mails wait still", n)
		}

		// The blocked sender, also without any sign of spam, reaches nobody.
		w.send(letter{from: mallory, to: support, subject: "Me again", text: "Hello."})
		w.nothing(mallory, ann, ben)
		w.pass(time.Hour)
		m, again := w.digest("Me again")
		m.has("the sender is blocked")
		w.answer(admin, m, "/allow "+again)
		w.next(mallory).has("Me again")
		w.next(ann).has("Hello.")
		w.next(ben)
		w.next(admin).has("The spam filter does not stop\n", mallory+" any more")
		// Allowed, he passes the filter; under his name but forged nobody does.
		w.junk(mallory, "Win-win")
		w.next(ann).has("This is about Win-win.")
		w.next(ben)
		w.next(mallory)
		w.send(letter{from: mallory, to: support, subject: "In his name", text: "Hm.", header: []string{"X-Spam-Flag: YES", "Authentication-Results: mx.acme.example; dmarc=fail header.from=evil.example"}})
		w.nothing(mallory, ann, ben)
	})
}

// What is not understood is not done, and said; a second answer goes to the receipt.
func TestAnOrderThatIsNotUnderstood(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.junk(max, "Invoice 7")
		m, invoice := w.digest("Invoice 7")
		w.answer(admin, m, "/release "+invoice+"\n/drpo 99")
		receipt := w.next(admin).has("Not done", "/drpo 99", "Nothing of the mail was done")
		w.nothing(max, ann, ben)
		w.answer(admin, receipt, "/drop "+invoice+" 999")
		receipt = w.next(admin).has("/drop "+invoice+": It was filed away.", "There is no such mail in quarantine.")
		w.nothing(max, ann, ben)
		w.answer(admin, receipt, "Thank you.")
		w.answer(admin, receipt, "I am out of the office.", "Auto-Submitted: auto-replied")
		w.nothing(max, ann, ben, admin)
		w.pass(2 * time.Hour)
		w.nothing(admin) // an answer of a machine to a digest is in no digest
	})
}

// Nobody but the admin gives orders: not a stranger with the digest's reply address, not a forged sender, not who knows the number alone.
func TestOrdersOfOthers(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.junk(max, "Invoice 7")
		m, invoice := w.digest("Invoice 7")
		w.answer(mallory, m, "/release "+invoice)
		w.answer(ann, m, "/release "+invoice)
		w.answer(admin, m, "/release "+invoice, "Authentication-Results: mx.acme.example; dmarc=fail header.from=acme.example")
		w.nothing(max, ann, ben, mallory)
		if n := len(w.waiting()); n != 4 {
			t.Errorf("%d mails wait, not 4", n)
		}
		w.pass(time.Hour)
		w.next(admin).has("it does not prove who wrote it", "the sender is forged", mallory)
		// Once the admin has answered to others as well, the reply address is used up.
		w.send(letter{from: admin, to: m.replyTo() + ", " + mallory, subject: "Re: " + m.subject(), text: "What is this?"})
		w.next(admin).has("contained no command")
		w.send(letter{from: admin, to: m.replyTo(), subject: "Re: " + m.subject(), text: "/release " + invoice})
		w.next(admin).has("Not done")
		// A mail in the admin's name without the reply address is anybody's.
		w.send(letter{from: admin, to: support, subject: "Hello", text: "/release " + invoice})
		w.settle()
		if n := len(w.waiting()); n != 4 {
			t.Errorf("%d mails wait, not 4", n)
		}
		w.nothing(max)
	})
}

// An agent calls a ticket spam: it is closed, its mail in quarantine, and nobody outside hears of it. The admin may see it otherwise.
func TestAnAgentSaysSpam(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Mallory <" + mallory + ">", to: support, subject: "Great offer", text: "Buy now."})
		w.next(mallory)
		notice := w.next(ann)
		w.next(ben)
		w.answer(ann, notice, "/spam")
		w.next(ann).has("/spam", "its first mail in quarantine; nobody outside")
		w.nothing(mallory, max)
		m, number := w.digest("Great offer")
		m.has("Ann Able says so")
		w.answer(admin, m, "/release "+number)
		w.next(admin).has("in ticket #1")
		if m := w.next(ann).has("[#1]", "It was marked as spam by mistake."); m.event() != "reopened" {
			t.Errorf("Ann got %q", m.event())
		}
		w.nothing(mallory)
	})
}

// An agent blocks a requester, once he has proven himself, and allows him again.
func TestAnAgentBlocks(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/block")
		held := w.next(ann) // a reply address alone is not enough
		if held.event() != "held" {
			t.Errorf("Ann got %q", held.event())
		}
		w.send(letter{from: max, to: support, subject: "Second", text: "And another thing."})
		w.next(max)
		w.next(ann).has("And another thing.")
		w.answer(ann, held, "/send")
		w.has(ann, max+" is blocked")
		w.rest(ben)
		w.send(letter{from: max, to: support, subject: "Third", text: "Do you hear me?"})
		w.nothing(max, ben)
		w.never(ann, "Do you hear me?")
		w.answer(ann, notice, "/allow")
		w.has(ann, "Mail from "+max)
		w.junk(max, "Fourth")
		w.has(ann, "This is about Fourth.")
	})
}

// has waits until somebody has got a mail with the words.
func (w *world) has(user, words string) {
	w.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		for _, m := range w.rest(user) {
			if strings.Contains(m.text(), words) {
				return
			}
		}
		if time.Now().After(end) {
			w.t.Fatalf("%s got nothing with %q", user, words)
		}
	}
}

// What nobody deals with is filed away after 30 days, and told; the mail stays kept.
func TestWhatNobodyDealsWith(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.junk(mallory, "Casino")
		w.digest("Casino")
		w.pass(20 * 24 * time.Hour)
		w.junk(mallory, "Lottery")
		w.digest("Lottery")
		w.nothing(admin)
		w.pass(11 * 24 * time.Hour)
		w.next(admin).has("1 mail that nobody dealt with for 30 days was filed away.").lacks("Casino")
		waiting := w.waiting()
		if len(waiting) != 1 || waiting[0].Subject != "Lottery" {
			t.Fatalf("waiting: %+v", waiting)
		}
		w.pass(20 * 24 * time.Hour)
		w.next(admin).has("filed away")
		if n := len(w.waiting()); n != 0 {
			t.Errorf("%d mails wait", n)
		}
		w.pass(100 * 24 * time.Hour)
		w.nothing(admin)
		err := w.app.DB.View(t.Context(), func(tx *sqldb.Tx) error {
			_, kept, err := store.Raw(tx, waiting[0].ID)
			if err == nil && !kept {
				t.Error("the mail is gone")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
