package e2e

import (
	"fmt"
	"testing"
	"time"

	"tierdesk/tickets"
)

const handOverRule = `rules:
  - name: routers go to their maker
    on: [opened, replied, noted, status-changed]
    do:
      - vendor: routers
`

// A rule hands over what a customer writes: the vendor learns what it is about and not who it is from; who is told of the ticket reads that it was done, and goes on
// with the vendor's answer. What the customer writes next goes there too, and nothing goes there twice, whatever else happens to the ticket.
func TestARuleHandsOverToAVendor(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Router", raw: fmt.Sprintf("From: Max Muster <%s>\r\nTo: %s\r\nSubject: Router of Max Muster\r\nDate: %s\r\nMessage-ID: <r1@customer.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"+
			"--b\r\nContent-Type: text/plain\r\n\r\nThe router in my office at Muster Ltd restarts every hour since yesterday, and my password: Sesam-4711.\r\n\r\nMax Muster\r\nTel. 0171 2345678\r\n--b\r\nContent-Type: text/csv; name=muster.csv\r\nContent-Disposition: attachment; filename=muster.csv\r\n\r\nmax,1\r\n--b--\r\n",
			max, support, w.now().Format(time.RFC1123Z))})
		ack := w.next(max)
		sent := w.next(eva).has("[#1] A request from Acme Support", "One of our customers writes", "Router of [customer]",
			"The router in my office at [company] restarts every hour since yesterday", "[telephone]", "contract: C-4711")
		sent.lacks("Max", "Muster", "customer.example", "2345678", "Sesam", ack.replyTo(), ann)
		if standsIn(sent.Raw, "csv") || sent.Header.Get("Auto-Submitted") != "auto-generated" {
			t.Errorf("a file, or what a person wrote:\n%s", sent.Raw)
		}
		w.next(ann).has("New ticket from Max Muster", "A rule handed this over to Router Works", "What names the customer was masked", "files were not sent", "on-hold", "muster.csv")
		w.next(ben)
		if got := w.status(1); got != tickets.OnHold {
			t.Errorf("the ticket is %s", got)
		}
		// A note, and what the vendor itself says, lead to no second mail.
		w.send(letter{from: "Router Works <" + otto + ">", to: sent.replyTo(), subject: "[RW-1] We have it", text: "Later.",
			header: []string{"Auto-Submitted: auto-replied", "In-Reply-To: " + sent.Header.Get("Message-Id")}})
		w.next(ann).has("Automatic answer from routers")
		w.answer(eva, sent, "Is its light red?")
		told := w.next(ann).has("Is its light red?")
		w.rest(ben)
		w.nothing(eva, otto)
		w.answer(ann, told, "Is the light of it red?")
		w.answer(max, w.next(max).has("Is the light of it red?"), "Yes, says Max Muster.")
		again := w.next(eva).has("Re: [#1] [RW-1]", "Yes, says [customer].").lacks("Max", "restarts")
		w.next(ann).has("Yes, says Max Muster", "A rule handed this over to Router Works").lacks("files were not sent")
		w.rest(ben)
		w.answer(eva, again, "A new one is on its way.")
		w.answer(ann, w.next(ann).has("A new one is on its way."), "/solve\nYou get a new router tomorrow.")
		w.next(max).has("You get a new router tomorrow.")
		w.nothing(eva, otto)
		if got := w.events(1); got[tickets.Asked] != 2 {
			t.Errorf("events: %v", got)
		}
		w.never(max, "RW-1", eva)
	}, vendors, office, rule(handOverRule))
}

// What a rule does not hand over: a mail whose sender is forged, and what the vendor's own people write; whoever has the ticket reads why.
func TestARuleThatHandsNothingOver(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: max, to: support, subject: "Router", text: "It restarts.", header: []string{"Authentication-Results: mx.acme.example; dkim=fail header.d=customer.example; dmarc=fail header.from=customer.example"}})
		w.next(ann).has("The rule did not hand this over to Router Works: the sender may not be who")
		w.next(ben)
		w.send(letter{from: otto, to: support, subject: "Your router order", text: "Thank you for your order."})
		w.next(otto)
		w.next(ann).has("The rule did not hand this over to Router Works: it wrote this itself.")
		w.next(ben)
		w.nothing(eva)
		for n := range int64(2) {
			if got := w.status(n + 1); got == tickets.OnHold {
				t.Errorf("ticket %d is %s", n+1, got)
			}
		}
	}, vendors, office, rule(handOverRule))
}
