package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// Two vendors: one that may not know the customer, and one that may.
const cables = "help@other.example"

var vendors = edit("people.yaml", "organisations:", `vendors:
  routers: {name: Router Works, address: `+eva+`, others: [`+otto+`], contract: C-4711, ticket_pattern: "RW-[0-9]+", reply: 8h, calendar: office, solved: [closed on our side], solved_pattern: "^State: (Closed|Resolved)$"}
  cables: {name: Cable Makers, address: `+cables+`, trusted: true, introduce: solved}
organisations:
  Muster Ltd: {domains: [customer.example]}
`)

var office = edit("service.yaml", "tiers:", `calendars:
  office: {hours: {mon-fri: "09:00-17:00"}, timezone: UTC}
tiers:`)

// status returns the status of a ticket, once all is done.
func (w *world) status(number int64) tickets.Status {
	w.t.Helper()
	w.settle()
	var ticket tickets.Ticket
	if err := w.app.DB.View(context.Background(), func(tx *sqldb.Tx) (err error) {
		ticket, _, err = store.Ticket(tx, number)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return ticket.Status
}

// A ticket goes to a vendor and comes back: the vendor does not learn who the customer is, numbers the ticket by its machine, answers with a file, and the
// customer never sees a word of it; then the vendor says that it is solved, and the agent tells the customer.
func TestAVendor(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Router", text: "The router in my office restarts.\n\nMax Muster\nTel. 0171 2345678"})
		ack := w.next(max)
		notice := w.next(ann)
		w.next(ben)
		w.answer(ann, notice, "/take\n/vendor routers\nHello,\n\nMax Muster of Muster Ltd (max@customer.example, phone +49 171 2345678), writes.\n\n> The router in my office restarts.\n\nMuster's router has the number 00-17.", signedBy)
		w.next(ann).has("Your text goes to Router Works", "What names the customer was masked in your text")
		w.rest(ben)
		sent := w.next(eva).has("[#1] A request from Acme Support", "Ann Able writes", "[customer] of [company] ([address], phone [telephone]), writes.", "The router in my office restarts.",
			"[customer]'s router has the number 00-17", "contract: C-4711")
		sent.lacks("Max", "Muster", "customer.example", "2345678", ann, "/vendor", "/take", ack.replyTo(), notice.replyTo(), "## tierdesk")
		if got := w.status(1); got != tickets.OnHold {
			t.Errorf("the ticket is %s", got)
		}
		w.nothing(max)

		// Its machine confirms, from another address, with its own number.
		w.send(letter{from: "Router Works <" + otto + ">", to: sent.replyTo(), subject: "[RW-2201] We have your request", text: "We will answer soon.",
			header: []string{"Auto-Submitted: auto-replied", "In-Reply-To: " + sent.Header.Get("Message-Id")}})
		w.next(ann).has("Automatic answer from routers", "RW-2201")
		if got := w.status(1); got != tickets.OnHold {
			t.Errorf("a machine's answer made the ticket %s", got)
		}
		// A person of it asks back, with a file.
		w.send(letter{from: eva, raw: fmt.Sprintf("From: Rita Router <%s>\r\nTo: %s\r\nSubject: Re: [#1] RW-2201\r\nDate: %s\r\nMessage-ID: <log@lab.example>\r\nIn-Reply-To: %s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"+
			"--b\r\nContent-Type: text/plain\r\n\r\nPlease fill in the sheet.\r\n--b\r\nContent-Type: text/csv; name=sheet.csv\r\nContent-Disposition: attachment; filename=sheet.csv\r\n\r\nserial number,\r\n--b--\r\n",
			eva, sent.replyTo(), w.now().Format(time.RFC1123Z), sent.Header.Get("Message-Id")), to: sent.replyTo()})
		told := w.next(ann).has("Answer from Rita Router", "Please fill in the sheet.", "sheet.csv", "Your reply goes to Max Muster", "RW-2201")
		if !strings.Contains(string(told.Raw), "filename=") {
			t.Error("the vendor's file did not come along")
		}
		if got := w.status(1); got != tickets.Open {
			t.Errorf("with the vendor's answer the ticket is %s", got)
		}
		w.nothing(max)
		w.answer(ann, told, "/vendor routers\nIt is the 17th.", signedBy)
		w.next(ann)
		again := w.next(eva).has("Re: [#1] [RW-2201]", "It is the 17th.", "yours: RW-2201")
		if !strings.Contains(again.Header.Get("References"), strings.Trim(sent.Header.Get("Message-Id"), "<>")) {
			t.Errorf("the second mail is not in the thread of the first: %q", again.Header.Get("References"))
		}
		w.answer("Rita Router <"+eva+">", again, "We have sent a new one. The case is solved!")
		told = w.next(ann).has("routers says that it is solved", "a new one")
		if got := w.status(1); got != tickets.Open {
			t.Errorf("with the vendor's solution the ticket is %s", got)
		}
		w.answer(ann, told, "/solve\nA new router is on its way to you.")
		w.next(max).has("A new router is on its way").lacks("sheet", "RW-2201", "Rita", eva)
		w.never(max, "sheet", "RW-2201", "Rita", eva, otto, "fill in")
		w.nothing(eva, otto)
		if got := w.events(1); got[tickets.Asked] != 2 || got[tickets.VendorReplied] != 2 || got[tickets.AgentReplied] != 1 {
			t.Errorf("events: %v", got)
		}
	}, vendors, office)
}

// A trusted vendor reads what was written; a file is renamed only for one that is not, and held if the customer's address stands in it.
func TestATrustedVendor(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		withFile := func(command, name, content string) {
			w.send(letter{from: ann, to: notice.replyTo(), raw: fmt.Sprintf("From: %s\r\nTo: %s\r\n%s\r\nSubject: Re: VPN\r\nDate: %s\r\nMessage-ID: <%s@staff.example>\r\nIn-Reply-To: %s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"+
				"--b\r\nContent-Type: text/plain\r\n\r\n%s\r\n--b\r\nContent-Type: text/csv; name=%s\r\nContent-Disposition: attachment; filename=%s\r\n\r\n%s\r\n--b--\r\n",
				ann, notice.replyTo(), signedBy, w.now().Format(time.RFC1123Z), strings.Fields(command)[1]+name, notice.Header.Get("Message-Id"), command, name, name, content)})
		}
		withFile("/vendor cables\r\n\r\nMax Muster needs a new one.", "muster.csv", "cable,1,max@customer.example")
		w.next(ann).has("Your text goes to Cable Makers").lacks("masked")
		if sent := w.next(cables).has("Max Muster needs a new one."); !strings.Contains(string(sent.Raw), "muster.csv") {
			t.Error("the trusted vendor's file has another name")
		}
		withFile("/vendor routers\r\n\r\nIs it this one?", "muster.csv", "router,1")
		w.next(ann)
		if sent := w.next(eva).has("Is it this one?"); strings.Contains(string(sent.Raw), "muster") || !strings.Contains(string(sent.Raw), "file-1.csv") {
			t.Errorf("the file was not renamed:\n%s", sent.Raw)
		}
		withFile("/vendor routers\r\n\r\nOr this one?", "other.csv", "router,2,max@customer.example")
		w.nothing(eva, max)
		w.latestOf(ann, "held").has("max@customer.example")
		w.never(eva, "customer.example", "Muster")
	}, vendors, office)
}

// Nobody answers in a vendor's place: a failed authentication, another vendor, whoever got hold of its reply address. And what is not yet written to a vendor, or by
// somebody who may not, goes nowhere.
func TestNobodyIsAVendor(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		w.answer(ann, notice, "/take\n/vendor routers\nDoes it restart?", signedBy)
		w.next(ann)
		w.rest(ben)
		sent := w.next(eva)
		before := w.events(1)
		header := "In-Reply-To: " + sent.Header.Get("Message-Id")
		for _, l := range []letter{
			{from: eva, header: []string{header, "Authentication-Results: mx.acme.example; dkim=fail header.d=lab.example; dmarc=fail header.from=lab.example"}},
			{from: cables, header: []string{header}},
			{from: mallory, header: []string{header}},
		} {
			l.to, l.subject, l.text = sent.replyTo(), "Re: [#1] RW-6666", "The case is solved."
			w.send(l)
			told := w.next(ann).lacks("says that it is solved")
			if !strings.Contains(told.text(), "Authentication failed") && !strings.Contains(told.text(), "It came from "+l.from) {
				t.Errorf("Ann is not told why %s does not count:\n%s", l.from, told.text())
			}
			if got := w.status(1); got != tickets.OnHold {
				t.Errorf("after the mail of %s the ticket is %s", l.from, got)
			}
		}
		if after := w.events(1); after[tickets.VendorReplied] != 0 || after[tickets.StatusChanged] != before[tickets.StatusChanged] {
			t.Errorf("events: %v, before: %v", after, before)
		}
		// Ben has no right to write to vendors; nobody writes to one that there is not, or without a proof.
		w.answer(ben, benNotice, "/vendor routers\nWhat is new?", signedBy)
		w.next(ben).has("/vendor")
		w.answer(ann, notice, "/vendor rooters\nWhat is new?", signedBy)
		w.held(ann, "/vendor routers")
		w.answer(ann, notice, "/vendor routers\nWhat is new?")
		w.next(ann)
		w.nothing(eva, cables, max)
		// The vendor's own answer still counts, and no number was taken from the others.
		w.answer(eva, sent, "It does.")
		told := w.next(ann).has("It does.").lacks("RW-6666")
		w.answer(ann, told, "/vendor routers\nWhy?", signedBy)
		w.next(eva).lacks("RW-6666")
	}, vendors, office, edit("people.yaml", "ann: {", "ann: {rights: [vendor], "))
}

// A vendor that a ticket waits for does not vanish from people.yaml: the admin is told which ticket it is, and its answer still counts.
func TestAVendorStaysWhileATicketWaits(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/vendor cables\nDo you have one?", signedBy)
		w.next(ann)
		sent := w.next(cables)
		b, err := os.ReadFile(filepath.Join(w.dir, "people.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(b), "\n")
		w.write("people.yaml", strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "  cables:") }), "\n"))
		w.next(admin).has(`the vendor "cables" is gone`, "#1")
		w.answer(cables, sent, "We do.")
		w.next(ann).has("We do.")
		if got := w.status(1); got != tickets.Open {
			t.Errorf("the ticket is %s", got)
		}
	}, vendors, office)
}

// When a vendor's time is over, in its calendar, it is reminded, and the agent hears of it; in the end nobody is bothered any more.
func TestAVendorWhoKeepsSilent(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/take\n/vendor routers\nDoes it restart?", signedBy)
		w.next(ann)
		w.rest(ben)
		w.next(eva)
		w.nothing(eva)
		for round := range 2 {
			for n := 1; ; n++ {
				w.pass(time.Hour)
				if got := w.rest(eva); len(got) > 0 {
					got[0].has("reminder", "Does it restart?").lacks("Max")
					if round == 1 && n < 20 { // an office has eight hours a day
						t.Errorf("the second reminder came %d hours after the first", n)
					}
					break
				}
				if n > 100 {
					t.Fatal("the vendor was not reminded")
				}
			}
			w.latestOf(ann, "agent-note").has("routers has not answered yet and has been reminded")
		}
		w.pass(5 * 24 * time.Hour)
		w.latestOf(ann, "agent-note").has("reminders sent: 2")
		w.pass(5 * 24 * time.Hour)
		w.nothing(eva, max)
	}, vendors, office)
}

// Of a ticket that is done nothing goes to a vendor, and the mail is not said to be a message of it.
func TestAVendorOfASolvedTicket(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, notice, _ := w.ask()
		w.answer(ann, notice, "/solve")
		w.rest(ann)
		w.rest(max)
		w.answer(ann, notice, "/vendor routers\nThe router restarts.", signedBy)
		w.next(ann).has("Nobody was asked: the ticket is solved", "/reopen it first")
		w.nothing(eva, max)
		w.answer(ann, notice, "/reopen\n/vendor routers\nThe router restarts.", signedBy)
		w.next(eva).has("The router restarts.").lacks(ack.replyTo())
	}, vendors, office)
}
