package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tierdesk/cmd/internal/testing/servers"
	"tierdesk/mailin/imap"
	"tierdesk/migrations/dbtest"
)

// withSent has the desk read the Sent folder of its inbox.
func withSent(dir string) {
	file := filepath.Join(dir, "tierdesk.yaml")
	text, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(file, []byte(strings.Replace(string(text), "    first_run: new\n", "    first_run: new\n    sent: Sent\n", 1)), 0o600)
	}
	if err != nil {
		panic(err) // a temporary folder of the test's own
	}
}

// byHand is a mail that somebody writes from the desk's inbox with a mail client: it goes to whom it is addressed, and a copy lies in Sent.
func (w *world) byHand(from, to, subject, text string, header ...string) {
	w.t.Helper()
	w.count++
	raw := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%d.hand@acme.example>\r\n", from, to, subject, w.now().Format(time.RFC1123Z), w.count)
	for _, h := range header {
		raw += h + "\r\n"
	}
	raw += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(text, "\n", "\r\n") + "\r\n"
	if err := servers.Send(w.smtp, address(from), recipients(to), []byte(raw)); err != nil {
		w.t.Fatal(err)
	}
	w.box(support).Append(w.t, "Sent", []byte(raw), w.now())
}

func inReplyTo(id string) string {
	return "In-Reply-To: <" + strings.Trim(id, "<>") + ">\r\nReferences: <" + strings.Trim(id, "<>") + ">"
}

// Ann answers from the mail client in which support@ is open. That is her answer: the clock stops, nobody outside is sent it again, and Ben reads it, answers
// the customer's next mail, and is not told that he had not seen it.
func TestAnAnswerWrittenInTheMailboxCounts(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		id := w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "VPN", text: "The VPN is slow."})
		w.next(max)
		w.next(ann)
		w.next(ben)
		w.byHand("Ann Able <"+support+">", max, "Re: VPN", "Please restart the gateway.\n\nOn Mon, 2 Nov 2026, Max Muster wrote:\n> The VPN is slow.", inReplyTo(id))
		hers := w.next(max).has("Please restart the gateway.") // what her mail client sent
		told := w.next(ben).has("Ann Able answered by hand from "+support, "Please restart the gateway.").states("pending", "Assigned to")
		if told.event() != "agent-note" {
			t.Errorf("Ben got %q", told.event())
		}
		w.nothing(max, ann)
		w.never(max, ann)
		// The customer answers Ann's mail; the ticket is hers now.
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Re: VPN", text: "Which one?", header: []string{inReplyTo(hers.Header.Get("Message-Id"))}})
		w.answer(ann, w.next(ann).has("Which one?").states("open", "Next reply"), "The one in the cellar.")
		w.next(max).has("The one in the cellar.")
		w.nothing(ben)
		// The desk's own mails lie in Sent as well, where the provider puts them. They change nothing.
		for _, m := range w.box(max).Mails(t, "INBOX") {
			if strings.Contains(m.Header.Get("Reply-To"), "support+") {
				w.box(support).Append(t, "Sent", m.Raw, w.now())
			}
		}
		// Whoever gives no name is somebody.
		w.byHand("Acme Support <"+support+">", max, "Re: VPN", "It has a red label.", inReplyTo(hers.Header.Get("Message-Id")))
		w.next(max).has("It has a red label.")
		w.next(ann).has("Somebody answered by hand from "+support, "It has a red label.")
		w.nothing(max)
		if n := w.events(1)["agent-replied"]; n != 3 {
			t.Errorf("%d answers are recorded, of 3", n)
		}
		if n, err := w.box(support).Count("Sent"); err != nil || n < 4 {
			t.Errorf("%d mails are left in Sent, %v", n, err)
		}
		if n := w.outcomes()["sent"]; n != 0 {
			t.Errorf("%d copies of the desk's own mails are kept", n)
		}
		w.pass(3 * time.Hour)
		if late := w.rest(lead); len(late) > 0 {
			t.Errorf("the lead got %q about a ticket that was answered", late[0].event())
		}
	}, withSent)
}

// What else lies in Sent is none of the desk's business: other people's mail, a forward of a ticket's mail to somebody who takes no part, a vacation note.
func TestWhatIsNoAnswerInSent(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		id := w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "VPN", text: "The VPN is slow."})
		w.next(max)
		w.next(ann)
		w.next(ben)
		w.byHand("Ann Able <"+support+">", jane, "Your order", "It is on its way.")
		w.byHand("Ann Able <"+support+">", eva, "Fwd: VPN", "What do you make of this?", inReplyTo(id))
		w.byHand("Acme Support <"+support+">", max, "Out of office", "We are closed today.", inReplyTo(id), "Auto-Submitted: auto-replied")
		w.next(jane)
		w.next(eva)
		w.next(max)
		w.byHand("Ann Able <"+support+">", max, "Re: VPN", "It is mended.", inReplyTo(id)) // and then one that counts
		w.next(max).has("It is mended.")
		w.next(ben).has("It is mended.").lacks("What do you make", "on its way", "closed today")
		w.nothing(jane, eva, max, ann, ben)
		if n := w.events(1)["agent-replied"]; n != 1 {
			t.Errorf("%d answers are recorded, of 1", n)
		}
		// A mail of the customer's to which nobody of the others belongs is theirs alone.
		w.send(letter{from: "Eva <" + eva + ">", to: support, subject: "Re: VPN", text: "A matter of my own.", header: []string{inReplyTo(id)}})
		w.next(eva).has("[#2]")
	}, withSent)
}

// An answer to a mail that the desk has not read yet counts once it has.
func TestAnAnswerComesBeforeItsQuestion(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.byHand("Ann Able <"+support+">", max, "Re: Gate", "Push it.", inReplyTo("gate@customer.example"))
		w.next(max).has("Push it.")
		w.until("the answer waits", func() bool { return w.outcomes()["sent"] == 1 })
		w.send(letter{from: max, to: support, raw: fmt.Sprintf("From: Max Muster <%s>\r\nTo: %s\r\nSubject: Gate\r\nDate: %s\r\nMessage-ID: <gate@customer.example>\r\n\r\nThe gate is stuck.\r\n",
			max, support, w.now().Add(-time.Minute).Format(time.RFC1123Z))})
		w.next(max).has("[#1]")
		w.next(ann).has("The gate is stuck.")
		w.next(ben)
		w.pass(2 * time.Minute)
		w.next(ben).has("Ann Able answered by hand", "Push it.").states("pending", "Assigned to")
		w.nothing(max, ann)
		w.pass(48 * time.Hour)
		w.nothing(lead)
	}, withSent)
}

// Ann writes to a customer from her own mailbox, with the desk in Cc: that is the customer's ticket and hers, nothing goes to the customer again, and whichever
// mail they answer to all, it joins. What Ann then answers to all by herself is an answer too.
func TestAMailToACustomerWithTheDeskInCc(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		direct := w.send(letter{from: "Max Muster <" + max + ">", to: ann, subject: "Lift", text: "When does the lift come?"}) // to Ann herself
		w.next(ann).has("When does the lift come?")
		id := w.send(letter{from: "Ann Able <" + ann + ">", to: "Max Muster <" + max + ">, " + jane, cc: support, subject: "Re: Lift", text: "On Tuesday. Jane, please open the door.\n\nMax Muster wrote:\n> When does the lift come?",
			header: []string{inReplyTo(direct), signedBy}})
		w.next(max).has("On Tuesday.") // Ann's own mail
		w.next(jane).has("On Tuesday.")
		w.next(ann).has("Ticket #1 is open for "+max, "nothing was sent to them").states("pending", "Assigned to")
		w.nothing(max, jane, ann, ben) // it is nobody else's, as a call that she writes down
		// Max answers to all, Ann's mail or his own first one.
		w.send(letter{from: "Max Muster <" + max + ">", to: ann + ", " + jane, cc: support, subject: "Re: Lift", text: "Which Tuesday?", header: []string{inReplyTo(id)}})
		w.next(ann)
		w.next(jane)
		w.next(ann).has("Which Tuesday?", "Assigned to").states("open", "Next reply")
		w.send(letter{from: "Jane Doe <" + jane + ">", to: ann, cc: support, subject: "Re: Lift", text: "The door is open.", header: []string{inReplyTo(direct)}})
		w.next(ann)
		told := w.next(ann).has("Jane Doe", "The door is open.")
		// Ben watches; Ann answers all by herself, and he hears of it. Then she answers by the desk.
		w.send(letter{from: "Ben Brown <" + ben + ">", to: support, subject: "Watch", text: "/watch #1", header: []string{signedBy}})
		w.next(ben).has("/watch")
		w.send(letter{from: "Ann Able <" + ann + ">", to: max + ", " + jane, cc: support, subject: "Re: Lift", text: "The first one.", header: []string{inReplyTo(id), signedBy}})
		w.next(max).has("The first one.")
		w.next(jane)
		w.next(ben).has("Ann Able answered from their own mailbox", "The first one.").states("pending", "Assigned to")
		w.nothing(max, jane, ann)
		w.answer(ann, told, "At nine.")
		w.next(max).has("At nine.").lacks(ann)
		w.next(jane).has("At nine.")
		if n := w.events(1)["agent-replied"]; n != 3 {
			t.Errorf("%d answers are recorded, of 3", n)
		}
	})
}

// Without a proof Ann is asked first, in Bcc too; a mail to the boss opens nothing, and neither it nor a forward reaches the customer.
func TestAMailWithTheDeskInCcThatOpensNothing(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		failed := "Authentication-Results: mx.acme.example; dmarc=fail header.from=staff.example"
		w.send(letter{from: "Ann Able <" + ann + ">", to: max, cc: support, subject: "Refund", text: "You get all your money back.", header: []string{failed}})
		w.next(max)
		if q := w.next(ann); q.event() != "confirm" {
			t.Errorf("Ann got %q", q.event())
		}
		w.nothing(max, ann, ben)
		// In Bcc nothing shows that a signed mail was meant for the desk: Ann says so.
		raw := fmt.Sprintf("%s\r\nFrom: Ann Able <%s>\r\nTo: %s\r\nSubject: Door\r\nDate: %s\r\nMessage-ID: <bcc@staff.example>\r\n\r\nThe door is mended.\r\n", signedBy, ann, max, w.now().Format(time.RFC1123Z))
		alone := func(raw string) { // the copy that the desk gets
			t.Helper()
			if err := servers.Send(w.smtp, ann, []string{support}, []byte(raw)); err != nil {
				t.Fatal(err)
			}
		}
		alone(raw)
		question := w.next(ann).has("The door is mended.")
		if question.event() != "confirm" {
			t.Errorf("Ann got %q", question.event())
		}
		w.answer(ann, question, "/send")
		w.next(ann).has("Ticket #1 is open for " + max)
		w.nothing(max)
		w.send(letter{from: "Max Muster <" + max + ">", to: ann, cc: support, subject: "Re: Door", text: "Thank you, but which door?", header: []string{inReplyTo("bcc@staff.example")}})
		w.next(ann)
		told := w.next(ann).has("which door?")
		// To the boss, or to colleagues, with the desk in Cc.
		for i, to := range []string{lead, "boss@acme.example", ben + ", boss@staff.example"} {
			alone(fmt.Sprintf("%s\r\nFrom: Ann Able <%s>\r\nTo: %s\r\nCc: %s\r\nSubject: Customers\r\nDate: %s\r\nMessage-ID: <%d@staff.example>\r\n\r\nLook at this fool.\r\n",
				signedBy, ann, to, support, w.now().Format(time.RFC1123Z), i))
			w.held(ann, "no customer is in To or Cc")
		}
		w.send(letter{from: "Ann Able <" + ann + ">", to: lead, cc: told.replyTo(), subject: told.subject(), text: "Look at this fool.", header: []string{inReplyTo(told.Header.Get("Message-Id")), signedBy}})
		w.next(lead)
		w.held(ann, "in Cc or Bcc only")
		alone(fmt.Sprintf("%s\r\nFrom: Ann Able <%s>\r\nTo: boss@acme.example\r\nCc: %s\r\nSubject: Fwd: [#1] Door\r\nDate: %s\r\nMessage-ID: <fwd@staff.example>\r\n\r\nLook at this fool.\r\n\r\n"+
			"---------- Forwarded message ---------\r\nFrom: Max Muster <%s>\r\nSubject: Door\r\n\r\nWhich door?\r\n", signedBy, ann, support, w.now().Format(time.RFC1123Z), max))
		w.held(ann, "forwards another one")
		w.nothing(max, jane)
		w.never(max, "fool")
		if n := w.events(2); len(n) != 0 {
			t.Errorf("there is a second ticket: %v", n)
		}
	})
}

// A rule that answers new tickets does not answer a customer to whom an agent has just written.
func TestNoRuleAnswersWhoHasNotWritten(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Ann Able <" + ann + ">", to: max, cc: support, subject: "Lift", text: "It comes on Tuesday.", header: []string{signedBy}})
		w.next(max).has("It comes on Tuesday.")
		w.next(ann).has("Ticket #1 is open for " + max)
		w.nothing(max)
		w.send(letter{from: jane, to: support, subject: "Door", text: "It is stuck."})
		w.next(jane).has("[#2]")
	}, func(dir string) {
		rule := "rules:\n  - name: hello\n    on: [opened]\n    when: \"true\"\n    do:\n      - reply: ack\n"
		if err := os.WriteFile(filepath.Join(dir, "rules", "20-hello.yaml"), []byte(rule), 0o600); err != nil {
			panic(err) // a temporary folder of the test's own
		}
	})
}

// The same with Dovecot, where the desk's own answers lie in Sent as well: check --connect names the folder, and what Ann writes in the mailbox is her answer.
func TestAnAnswerWrittenInDovecotsSentFolder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		t.Parallel()
		dovecot := servers.Dovecot(t, strings.Fields(everyone)...)
		dovecot.Mailbox(support).Make(t, "Sent")
		postfix := servers.Postfix(t, dovecot, servers.PostfixOptions{})
		w := newWorld(t, g, &mailServers{imap: dovecot.IMAP, smtp: postfix.SMTP}, withSent)
		id := w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "VPN", text: "The VPN is slow."})
		w.next(max)
		w.next(ann)
		w.next(ben)
		w.byHand("Ann Able <"+support+">", max, "Re: VPN", "Please restart the gateway.", inReplyTo(id))
		hers := w.next(max).has("Please restart the gateway.")
		w.next(ben).has("Ann Able answered by hand from "+support, "Please restart the gateway.").states("pending", "Assigned to")
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Re: VPN", text: "Which one?", header: []string{inReplyTo(hers.Header.Get("Message-Id"))}})
		w.answer(ann, w.next(ann).has("Which one?"), "The one in the cellar.")
		m := w.next(max).has("The one in the cellar.")
		w.box(support).Append(t, "Sent", m.Raw, w.now()) // as some providers do
		w.settle()
		w.nothing(max, ann, ben)
		found, err := w.app.Fetchers[0].Check(t.Context())
		if err != nil || !slices.ContainsFunc(found.Folders, func(f imap.CheckedFolder) bool { return f.Name == "Sent" && f.Messages == 2 }) {
			t.Errorf("the check finds %+v, %v", found.Folders, err)
		}
		w.invariants()
	})
}
