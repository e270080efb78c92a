package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
)

// A form and a list write as the desk itself: the person whom they name is the customer, and gets the answer. Nothing ever goes to our own address.
func TestAFormThatWritesAsTheDesk(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: support, to: support, subject: "Contact form", text: "I cannot log in.", header: []string{"Reply-To: Max Muster <" + max + ">"}})
		w.next(max).has("[#1]")
		notice := w.next(ann).has("I cannot log in.", "Max Muster")
		w.next(ben)
		w.answer(ann, notice, "Please reset your password.")
		w.next(max).has("Please reset your password.")
		w.send(letter{from: "'Jane Doe' via Support <" + support + ">", to: support, subject: "Invoice", text: "Where is it?",
			header: []string{"Reply-To: " + support, "X-Original-From: Jane Doe <" + jane + ">", "X-Original-Sender: " + jane, "List-Id: <support.acme.example>", "Precedence: list"}})
		w.next(jane).has("[#2]")
		w.answer(ann, w.next(ann).has("Where is it?"), "It is on its way.")
		w.next(jane).has("It is on its way.")
		w.rest(ben)
		// Nobody is named: it is kept, and the admin reads which line would help.
		w.send(letter{from: support, to: support, subject: "Contact form", text: "Call me."})
		w.nothing(max, jane, ann, ben, support)
		w.pass(time.Minute)
		w.next(admin).has("Contact form", "gateways", support)
		w.nothing(support)
	})
}

// A customer's own desk numbers its tickets as we do: its number opens nothing of ours.
func TestTheNumberOfAnotherDesk(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.ask()
		w.send(letter{from: max, to: support, subject: "Re: [#1] Order of paper", text: "We need ten boxes.", header: []string{"References: <77@desk.customer.example>"}})
		w.next(max).has("[#2]")
		if m := w.next(ann).has("We need ten boxes."); m.event() != "agent-new" {
			t.Errorf("Ann got %q", m.event())
		}
		w.next(ben)
		w.send(letter{from: max, to: support, subject: "AW: EXTERNAL: VPN [# 1 ]", text: "It is worse.", header: []string{"In-Reply-To: <rewritten@mx.customer.example>"}})
		if m := w.next(ann).has("It is worse.", "[#1]"); m.event() != "agent-reply" {
			t.Errorf("Ann got %q", m.event())
		}
	})
}

// A client writes its owner's address into In-Reply-To: two questions are two tickets. A gateway renames all mails: number, subject and Thread-Index still lead to the ticket.
func TestOddPointers(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		for i, subject := range []string{"The printer jams", "The network is slow"} {
			w.send(letter{from: max, to: support, subject: subject, text: "Please help.", header: []string{"In-Reply-To: <" + max + ">"}})
			w.next(max).has(fmt.Sprintf("[#%d]", i+1))
			w.next(ann)
			w.next(ben)
		}
		for _, subject := range []string{"The lift is stuck", "The roof leaks"} { // a program that names one ancestor in all that it sends
			w.send(letter{from: mallory, to: support, subject: subject, text: "Please come.", header: []string{"In-Reply-To: <daily.7@mon.example>"}})
			w.next(mallory).has(subject)
			w.next(ann)
			w.next(ben)
		}
		w.send(letter{from: mallory, to: support, subject: "Re: The lift is stuck", text: "I sit in it.", header: []string{"References: <daily.7@mon.example>"}})
		if m := w.next(ann).has("I sit in it.", "[#3]"); m.event() != "agent-reply" {
			t.Errorf("Ann got %q", m.event())
		}
		w.rest(ben)
		const index = "AdWq1wAQERITFBUWFxgZGhscHR4f"
		w.send(letter{from: jane, to: support, subject: "Price list", text: "Please send it.", header: []string{"Thread-Index: " + index[:28] + "=="}})
		w.next(jane).has("[#5]")
		w.next(ann)
		w.next(ben)
		w.send(letter{from: jane, to: support, subject: "WG: AW: Price list [# 5 ]", text: "Is there any news?", header: []string{"In-Reply-To: <renamed@mx.gold.example>"}})
		if m := w.next(ann).has("Is there any news?", "[#5]"); m.event() != "agent-reply" {
			t.Errorf("Ann got %q", m.event())
		}
	})
}

// What a form sends is the person's, also when somebody takes it out of quarantine.
func TestAFormsMailIsReleased(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		form := func(subject string, header ...string) letter {
			return letter{from: "Web form <forms@acme.example>", to: support, subject: subject, text: "Where is it? I mean the " + subject + ".", header: append(header, "Reply-To: Max Muster <"+max+">")}
		}
		w.send(form("Parcel"))
		w.next(max).has("[#1]")
		w.next(ann).has("Max Muster")
		w.next(ben)
		w.send(form("A lamp", "X-Spam-Flag: YES"))
		digest, number := w.digest("A lamp")
		w.answer(admin, digest, "/release "+number)
		w.next(max).has("[#2]")
		w.next(ann).has("Max Muster", "the A lamp.")
	}, withForms)
}

// withForms has the desk know the web form that writes from forms@acme.example.
func withForms(dir string) {
	file := filepath.Join(dir, "tierdesk.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), "trust: {authserv_id: mx.acme.example}",
		"trust: {authserv_id: mx.acme.example, gateways: [{from: forms@acme.example, person_in: [Reply-To]}]}", 1)), 0o600); err != nil {
		panic(err)
	}
}

// A form names people as they have typed themselves. One that names nobody is answered by nothing automatic, and a forged one mails nobody.
func TestWhomAFormNames(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		form := func(subject string, header ...string) {
			w.send(letter{from: "Web form <forms@acme.example>", to: support, subject: subject, text: "I ask about the " + subject + ".", header: header})
		}
		form("Lamp", "Reply-To: Muster, Max <"+max+">")
		w.next(max).has("[#1]")
		w.next(ann).has("Your reply goes to Muster, Max")
		form("Ladder", "Reply-To: forms@acme.example", "Reply-To: mailto:"+jane)
		w.next(jane).has("[#2]")
		w.next(ann).has("about the Ladder")
		form("Anchor")
		anchor := w.next(ann).has("about the Anchor")
		form("Barrel", "Authentication-Results: mx.acme.example; dmarc=fail header.from=acme.example", "Reply-To: "+mallory)
		w.next(ann).has("about the Barrel", "authentication failed")
		w.rest(ben)
		w.nothing(max, jane, mallory)
		// Nobody reads what is sent to the form.
		w.answer(ann, anchor, "It lies in the yard.")
		w.next(ann).has("there is nobody to answer")
		w.nothing(max, jane, mallory)
	}, withForms)
}

// A form's mail that an agent hands in is the mail of whom the form names, as when it had come by itself.
func TestAFormsMailIsForwarded(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		inner := "From: Web form <forms@acme.example>\r\nTo: sales@acme.example\r\nReply-To: Jane Doe <" + jane + ">\r\nSubject: Printer\r\n" +
			"Message-ID: <form-3@acme.example>\r\n\r\nIt prints nothing.\r\n"
		w.send(letter{from: ann, to: support, raw: fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: Fwd: Printer\r\nDate: %s\r\nMessage-ID: <outer@staff.example>\r\n%s\r\n"+
			"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n/forward-as-new\r\n"+
			"--b\r\nContent-Type: message/rfc822\r\n\r\n%s--b--\r\n", ann, support, w.now().Format(time.RFC1123Z), signedBy, inner)})
		w.next(jane).has("[#1]", "Printer")
		w.next(ann).has("Ticket #1 is open for " + jane)
		w.rest(ann)
		w.next(ben).has("It prints nothing.")
		w.send(letter{from: ann, to: support, subject: "WG: Drucker", header: []string{signedBy},
			text: "/forward-as-new\n\nVon: Formular <forms@acme.example>\nGesendet: Montag, 2. November 2026 09:12\nAn: Verkauf <sales@acme.example>\n" +
				"Antwort an: Max Muster <" + max + ">\nBetreff: Drucker\n\nEr druckt nicht.\n"})
		w.next(max).has("[#2]", "Drucker")
		w.next(ben).has("Er druckt nicht.")
		w.rest(ann)
	}, withForms)
}

// A form on our own web server, which writes from an address that nobody reads, speaks for the person in its Reply-To without having been named:
// an answer must not go to the server. Another domain's address is no form of ours.
func TestAFormOfOurOwnDomain(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		for i, from := range []string{"WordPress <wordpress@acme.example>", "Acme <no-reply@www.acme.example>"} {
			w.send(letter{from: from, to: support, subject: fmt.Sprintf("Order %d", i), text: fmt.Sprintf("Where is order %d?", i), header: []string{"Reply-To: Max Muster <" + max + ">"}})
			w.next(max).has(fmt.Sprintf("[#%d]", i+1))
			notice := w.next(ann).has("Max Muster", "Your reply goes to Max Muster")
			w.next(ben)
			w.reply(ann, notice, "It is on its way.")
			w.next(max).has("It is on its way.")
			w.endsFor(ben)
		}
		w.send(letter{from: "Shop <no-reply@gold.example>", to: support, subject: "Lamp", text: "Where is the lamp?", header: []string{"Reply-To: Max Muster <" + max + ">"}})
		w.next(ann).has("Where is the lamp?").lacks("Your reply goes to Max Muster")
		w.next(ben)
		// A reminder that a program sends is nobody's request.
		w.send(letter{from: "Acme <no-reply@acme.example>", to: support, subject: "Lease", text: "The lease of Max Muster ends.", header: []string{"Reply-To: Max Muster <" + max + ">", "Auto-Submitted: auto-generated"}})
		w.next(ann).has("The lease of Max Muster ends.").lacks("Your reply goes to Max Muster")
		w.nothing(max)
	})
}

// Whoever a first mail is addressed to takes part: their answer to all joins the ticket, and the notice names who wrote it.
func TestAFirstMailsOtherRecipients(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		id := w.send(letter{from: "Max Muster <" + max + ">", to: support, cc: "Jane Doe <" + jane + ">, " + ann, subject: "Move", text: "We move to the second floor."})
		w.next(jane)
		w.next(ann) // her own copy
		w.next(max).lacks(jane)
		w.next(ann).has("goes to Max Muster, " + jane)
		w.next(ben)
		w.send(letter{from: "Jane Doe <" + jane + ">", to: support, cc: max, subject: "Re: Move", text: "To the third.", header: []string{"In-Reply-To: <" + id + ">", "References: <" + id + ">"}})
		w.next(max)
		m := w.next(ann).has("[#1]", "To the third.", "Jane Doe")
		if from := m.Header.Get("From"); !strings.Contains(from, "Jane Doe") {
			t.Errorf("the notice is from %q", from)
		}
		w.nothing(jane)
	})
}

// A mail that asks for no automatic answer is a person's: the clock runs, the agents hear of it, and nothing automatic goes back.
func TestNoAutomaticAnswerIsWanted(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]string{"Exchange": "X-Auto-Response-Suppress: All", "bulk": "Precedence: bulk", "a rule": "X-MS-Exchange-Inbox-Rules-Loop: " + support} {
		t.Run(name, func(t *testing.T) {
			stories(t, func(t *testing.T, w *world) {
				w.send(letter{from: max, to: support, subject: "Heating", text: "The heating is cold, please send somebody.", header: []string{header}})
				notice := w.next(ann).has("The heating is cold", "First reply")
				w.next(ben)
				w.nothing(max)
				w.answer(ann, notice, "Which floor?")
				answer := w.next(max).has("Which floor?")
				w.answer(max, answer, "The third floor, and the children freeze.", header)
				if m := w.next(ann).has("The third floor", "Next reply"); m.event() != "agent-reply" {
					t.Errorf("Ann got %q", m.event())
				}
				w.nothing(max)
			})
		})
	}
}

// A customer's mails come by way of a list. Nothing proves who wrote the first one but that it came:
// it is a ticket without an acknowledgement. A reply to what they were sent is theirs, and starts
// the clock; what somebody else writes on the list is not.
func TestAPersonOnAList(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		list := []string{"List-Id: <house.customer.example>", "List-Post: <mailto:house@customer.example>", "Sender: house-bounces@customer.example"}
		w.send(letter{from: max, to: support, subject: "Heating", text: "The heating is cold, please send somebody.", header: list})
		notice := w.next(ann).has("The heating is cold")
		w.next(ben)
		w.nothing(max)
		w.answer(ann, notice, "Which floor?")
		answer := w.next(max).has("Which floor?")
		w.answer(max, answer, "The third floor, and the children freeze.", list...)
		if m := w.next(ann).has("The third floor", "Next reply"); m.event() != "agent-reply" {
			t.Errorf("Ann got %q", m.event())
		}
		w.nothing(max)
	})
}

// A mail names itself as what it answers: it is a ticket of its own, and so is the next one; a reply
// to either finds its own.
func TestAMailThatAnswersItself(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		for i, subject := range []string{"Lamp", "Door"} {
			id := fmt.Sprintf("<self%d@customer.example>", i)
			w.send(letter{from: max, to: support, raw: "From: Max Muster <" + max + ">\r\nTo: " + support + "\r\nSubject: " + subject + "\r\nMessage-ID: " + id +
				"\r\nIn-Reply-To: " + id + "\r\nReferences: " + id + " " + id + "\r\nDate: " + w.now().Format(time.RFC1123Z) + "\r\n\r\nThe " + strings.ToLower(subject) + " is broken.\r\n"})
			ack := w.next(max).has(fmt.Sprintf("[#%d]", i+1), subject)
			w.next(ann).has("is broken")
			w.next(ben)
			w.answer(max, ack, "The one of the kitchen.")
			w.next(ann).has(fmt.Sprintf("[#%d]", i+1), "The one of the kitchen.")
			w.next(ben)
		}
	})
}

// A person is called as their latest mail calls them, if it is proven that they wrote it.
func TestANameFollowsTheLatestMail(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		pass := "Authentication-Results: mx.acme.example; dmarc=pass header.from=customer.example"
		write := func(name, subject, result string) got {
			t.Helper()
			w.send(letter{from: name + " <" + max + ">", to: support, subject: subject, text: "It is about the " + subject + ".", header: []string{result}})
			w.next(ben)
			return w.next(ann)
		}
		write("Max Muster", "lamp", pass).has("Max Muster")
		write("Max Neumann", "door", pass).has("Max Neumann").lacks("Max Muster")
		write("Mallory", "roof", "Authentication-Results: mx.acme.example; dmarc=none; spf=none").has("Max Neumann")
		notice := write("Max Neumann-Alt", "wall", pass).has("Max Neumann-Alt")
		w.answer(ann, notice, "Which one?")
		w.rest(max)
		if m := w.latest(ben); strings.Contains(m.text(), "Muster") {
			t.Errorf("Ben is told of the first name:\n%s", m.text())
		}
	})
}

// Octets of which no text is made in the names of a mail: it is a ticket all the same, on both databases.
func TestNamesWithNUL(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: max, to: support, raw: "From: Max Muster <" + max + ">\r\nTo: " + support + "\r\nSubject: Lamp\r\nMessage-ID: =?utf-8?q?=3Ca=00b=40customer.example=3E?=\r\n" +
			"In-Reply-To: =?utf-8?q?=3Cc=00d=40customer.example=3E?=\r\nReferences: =?utf-8?q?=3Ce=00f=40customer.example=3E?= <g@customer.example>\r\nDate: " + w.now().Format(time.RFC1123Z) + "\r\n\r\nIt is dark.\r\n"})
		w.next(max).has("Lamp")
		w.next(ann).has("It is dark.")
		w.pass(time.Minute)
		w.nothing(admin)
	})
}

// Sub-addresses are one mailbox, and made-up addresses of a domain share a limit.
func TestMadeUpAddresses(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		for i := range 8 {
			w.send(letter{from: fmt.Sprintf("help+%d@other.example", i), to: support, subject: fmt.Sprintf("Question %c", 'a'+i), text: fmt.Sprintf("What about the %c of it?", 'a'+i)})
		}
		w.settle()
		counted, err := w.acknowledged("other.example")
		if err != nil || counted > 3 {
			t.Errorf("%d acknowledgements went to one mailbox, %v", counted, err)
		}
		for i := range 40 {
			w.send(letter{from: fmt.Sprintf("someone%d@unknown.example", i), to: support, subject: fmt.Sprintf("Matter of %d things", i), text: fmt.Sprintf("Please tell me about thing number %d.", i)})
		}
		w.settle()
		if counted, err = w.acknowledged("unknown.example"); err != nil || counted > 30 || counted < 20 {
			t.Errorf("%d acknowledgements went to made-up addresses, %v", counted, err)
		}
	})
}

// One mailbox writes under a new sub-address each time, or strangers of one domain do under made-up
// names: what is too much is gathered in one ticket, of which the agents hear once.
func TestAFloodUnderMadeUpAddresses(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		subjects := func() (n int) {
			seen := map[string]bool{}
			for _, m := range w.rest(ann) {
				if m.event() == "agent-new" {
					seen[m.subject()] = true
				}
			}
			return len(seen)
		}
		for i := range 12 {
			w.send(letter{from: fmt.Sprintf("m.allory+%d@gmail.com", i), to: support, subject: fmt.Sprintf("Question %c", 'a'+i), text: fmt.Sprintf("What about the %c of it?", 'a'+i)})
		}
		w.settle()
		if n := subjects(); n != 6 {
			t.Errorf("%d tickets were opened from one mailbox within minutes, not 6", n)
		}
		for i := range 380 {
			w.send(letter{from: fmt.Sprintf("somebody%d@crowd.example", i), to: support, subject: fmt.Sprintf("Matter of %d things", i), text: fmt.Sprintf("Please tell me about thing number %d.", i)})
		}
		w.settle()
		if n := subjects(); n < 300 || n > 360 {
			t.Errorf("%d tickets were opened by strangers of one domain within minutes, not 300 and a batch", n)
		}
		// What goes on without end is gathered in another ticket when the one is full: the next mail is as soon taken in as the first.
		for i := range 220 {
			w.send(letter{from: fmt.Sprintf("other%d@crowd.example", i), to: support, subject: fmt.Sprintf("Affair of %d things", i), text: fmt.Sprintf("Do tell me about thing number %d.", i)})
		}
		gathering, opened := map[string]bool{}, map[string]bool{}
		for _, m := range w.rest(ann) {
			if m.event() == "agent-new" {
				opened[m.subject()] = true
			}
			if strings.Contains(m.text(), "gathered in this one") {
				gathering[m.subject()] = true
			}
		}
		if len(gathering) < 1 || len(opened) > 4 {
			t.Errorf("the flood is gathered in %d further tickets, and has opened %d", len(gathering), len(opened))
		}
		// Somebody else is heard as ever.
		w.send(letter{from: jane, to: support, subject: "Cables", text: "Do you have long ones?"})
		w.next(jane).has("Cables")
	})
}

// acknowledged counts the acknowledgements to a domain.
func (w *world) acknowledged(domain string) (n int, err error) {
	err = w.app.DB.View(w.t.Context(), func(tx *sqldb.Tx) (err error) {
		n, err = mailout.AutomaticToDomain(tx, domain, w.now().Add(-time.Hour), 1000)
		return err
	})
	return n, err
}

// Whoever writes is greeted by their name, however their mail client or a form shows it, and a company by none. Agents read it as it came.
func TestHowACustomerIsGreeted(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		for _, c := range []struct{ address, shown, greeted string }{{max, `"Muster, Max (IT)"`, "Hello Max Muster,"}, {jane, "ROEDER Jane", "Hello Jane Roeder,"},
			{mallory, "Mallory Moor via Forms", "Hello Mallory Moor,"}, {boss, "Gold GmbH", "Hello,"},
			{otto, `"Tom Reed, London"`, "Hello Tom Reed,"}, {eva, `"Wibble Wobble, London"`, "Hello,"}} {
			w.send(letter{from: c.shown + " <" + c.address + ">", to: support, subject: "VPN", text: "The VPN is slow for " + c.address + "."})
			w.next(c.address).has(c.greeted)
			w.next(ann)
			w.next(ben)
		}
		// Of who gives no name the address is shown, once.
		w.send(letter{from: admin, to: support, subject: "VPN", text: "The VPN is slow for me, too."})
		w.next(admin).has("Hello,")
		w.next(ann).has("New ticket from " + admin).lacks(admin + ", " + admin)
	})
}
