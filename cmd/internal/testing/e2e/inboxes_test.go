package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sales is a second inbox of the desk.
const sales = "help@other.example"

// twoInboxes gives the desk a second inbox.
func (w *world) twoInboxes() func(dir string) {
	return func(dir string) {
		name := filepath.Join(dir, "tierdesk.yaml")
		b, err := os.ReadFile(name)
		if err != nil {
			panic(err)
		}
		text := strings.Replace(string(b), "outgoing:\n", fmt.Sprintf("  sales:\n    address: %s\n    imap: insecure+imap://%s\n    user: %s\n"+
			"    password_file: imap.secret\n    after: move:Processed\n    first_run: new\noutgoing:\n", sales, w.imap, sales), 1)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			panic(err)
		}
	}
}

// A mail that says too little to tell its language is answered in that of the inbox, also by the library; one that says enough, or of somebody whose language is known, in theirs.
func TestAnInboxHasItsLanguage(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.stop()
		w.twoInboxes()(w.dir)
		edit("tierdesk.yaml", "    address: "+sales, "    language: de\n    address: "+sales)(w.dir)
		w.start()
		w.send(letter{from: "Max Muster <" + max + ">", to: sales, subject: "VPN", text: "VPN"})
		w.next(max).has("Guten Tag")
		w.send(letter{from: "Jane Roe <" + jane + ">", to: support, subject: "VPN", text: "VPN"})
		w.next(jane).has("Hello Jane Roe")
		w.send(letter{from: "Mallory <" + mallory + ">", to: sales, subject: "Prices", text: "How much is the blue one, and when can you send it to us?"})
		w.next(mallory).has("Hello Mallory")
		w.rest(ann)
		w.rest(ben)
		w.send(letter{from: "Mallory <" + mallory + ">", to: sales, subject: "VPN", text: "VPN"})
		w.next(mallory).has("Hello Mallory")
		notice := w.next(ann).has("VPN")
		w.answer(ann, notice, "/solve")
		w.next(mallory).has("should be solved")
		w.send(letter{from: otto, to: "help+kb@other.example", subject: "VPN", text: "VPN"})
		w.next(otto).has("VPN läuft", "Guten Tag")
		w.nothing(max, jane)
	}, library(map[string]string{"vpn.md": "---\npublic: true\nlanguage: de\n---\n# VPN\n\nDas VPN läuft nur mit dem neuen Schlüssel.\n"}))
}

// One mail to two inboxes comes twice and is one ticket: one acknowledgement, one notice for each
// agent, whichever copy comes first; both copies are put away. So is what the customer answers to
// both. A copy that comes days later, from a mailbox that was away, is known all the same.
func TestOneMailToTwoInboxes(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.stop()
		w.twoInboxes()(w.dir)
		w.start()
		w.send(letter{from: "Max Muster <" + max + ">", to: support + ", " + sales, subject: "Quote", text: "What does the large pump cost?"})
		ack := w.next(max).has("[#1]")
		notice := w.next(ann).has("What does the large pump cost?")
		benNotice := w.next(ben)
		w.settle()
		w.nothing(max, ann, ben, admin)
		for _, inbox := range []string{support, sales} {
			if n := len(w.box(inbox).Mails(t, "Processed")); n != 1 {
				t.Errorf("%d mails of %s were put away", n, inbox)
			}
		}
		w.send(letter{from: max, to: ack.replyTo(), cc: sales, subject: "Re: Quote", text: "And the small one?",
			header: []string{"In-Reply-To: " + ack.Header.Get("Message-Id")}})
		w.next(ann).has("And the small one?")
		w.next(ben)
		w.settle()
		w.nothing(max, ann, ben, admin)
		w.answer(ben, benNotice, "Twenty euros.")
		w.held(ben, "And the small one?") // he has not seen it
		w.answer(ben, w.latest(ben), "/send")
		w.next(ben).has("Your text goes to Max Muster")
		w.next(max).has("Twenty euros.")
		w.endsFor(ann)
		w.answer(ann, notice, "/show")
		if n := strings.Count(w.next(ann).text(), "And the small one?"); n != 1 {
			t.Errorf("the ticket has the answer %d times", n)
		}
		w.nothing(max, ann, ben, admin)
		// Nor is one without a Message-ID two mails.
		w.send(letter{from: max, to: support + ", " + sales, raw: fmt.Sprintf("From: %s\r\nTo: %s, %s\r\nSubject: Hose\r\nDate: %s\r\n\r\nDo you sell hoses?\r\n",
			max, support, sales, w.now().Format(time.RFC1123Z))})
		w.next(max).has("[#2]")
		w.next(ann).has("Do you sell hoses?")
		w.next(ben)
		w.settle()
		w.nothing(max, ann, ben, admin)
	})
}

// The same where each inbox has its own tickets: two, each answered from its own address, and acknowledged once. What the customer answers to one of them belongs to that one, though
// the other inbox gets it too; and an agent's mail to both counts once.
func TestOneMailToTwoInboxesOpensATicketInEach(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.stop()
		w.twoInboxes()(w.dir)
		edit("tierdesk.yaml", "desk: {", "desk: {tickets_per_inbox: true, ")(w.dir)
		w.start()
		w.send(letter{from: "Max Muster <" + max + ">", to: support + ", " + sales, subject: "Quote", text: "What does the large pump cost?"})
		w.next(max).has("Quote")
		theirs, ours := w.next(ann).has("the large pump"), w.next(ann).has("the large pump")
		if !strings.Contains(theirs.replyTo(), "@other.example") {
			theirs, ours = ours, theirs
		}
		if theirs.ticket() == ours.ticket() || !strings.Contains(theirs.replyTo(), "@other.example") || strings.Contains(ours.replyTo(), "@other.example") {
			t.Fatalf("the tickets are %s at %s and %s at %s", theirs.ticket(), theirs.replyTo(), ours.ticket(), ours.replyTo())
		}
		w.rest(ben)
		w.nothing(max, ann, admin)
		w.answer(ann, theirs, "Fifty euros.")
		answer := w.next(max).has("Fifty euros.", "[#"+theirs.ticket()+"]")
		if !strings.Contains(answer.Header.Get("From"), sales) {
			t.Errorf("the answer comes from %s", answer.Header.Get("From"))
		}
		w.rest(ann)
		w.rest(ben)
		w.send(letter{from: max, to: answer.replyTo(), cc: support, subject: "Re: " + answer.subject(), text: "And the small one?",
			header: []string{"In-Reply-To: " + answer.Header.Get("Message-Id")}})
		if again := w.next(ann).has("And the small one?"); again.ticket() != theirs.ticket() {
			t.Errorf("the answer is in ticket %s", again.ticket())
		}
		w.rest(ben)
		w.nothing(max, ann, admin)
		w.send(letter{from: "Ann Able <" + ann + ">", to: support + ", " + sales, subject: "booked", text: "/time 20m #" + theirs.ticket(), header: []string{signedBy}})
		w.next(ann).has("20 min").lacks("40 min")
		w.nothing(max, ann, ben)
	})
}
