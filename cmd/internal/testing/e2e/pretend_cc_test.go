package e2e

import (
	"testing"
)

// Somebody who has seen a mail of the ticket writes in the customer's name, with a Cc: what the server found out about the sender decides, whichever method it names. The mail is
// in the ticket, flagged; nobody is added, and a solved ticket stays solved.
func TestAForgedCustomerBringsNobody(t *testing.T) {
	t.Parallel()
	const server = "Authentication-Results: mx.acme.example; "
	for name, header := range map[string]string{
		"DMARC":      server + "dmarc=fail header.from=customer.example; spf=fail smtp.mailfrom=evil.example",
		"SPF alone":  server + "spf=fail smtp.mailfrom=customer.example; dmarc=none",
		"DKIM alone": server + "dkim=fail header.d=customer.example",
	} {
		t.Run(name, func(t *testing.T) {
			stories(t, func(t *testing.T, w *world) {
				ack, notice, _ := w.ask()
				for _, to := range []string{support, ack.replyTo()} { // the Message-ID that stands in every reply, and the reply address
					w.send(letter{from: "Max Muster <" + max + ">", to: to, cc: mallory, subject: "Re: " + ack.subject(), text: "Send it to my colleague, too.", header: []string{header, "In-Reply-To: " + ack.Header.Get("Message-Id")}})
					w.next(mallory) // his copy, from the forger's own mail server
					notice = w.next(ann).has("Send it to my colleague, too.", "authentication failed", "goes to Max Muster.").lacks("(new)")
					w.next(ben)
				}
				w.answer(ann, notice, "/solve\nThe password is blue.")
				w.next(ann) // the receipt
				w.next(max).has("blue")
				w.nothing(mallory)
				w.send(letter{from: "Max Muster <" + max + ">", to: ack.replyTo(), cc: mallory, subject: "Re: " + ack.subject(), text: "It still does not work.", header: []string{header, "In-Reply-To: " + ack.Header.Get("Message-Id")}})
				w.next(mallory)
				if m := w.next(ann).has("It still does not work.", "authentication failed", "[#2]"); m.event() != "agent-new" {
					t.Errorf("Ann got %q", m.event())
				}
				w.nothing(mallory)
				w.never(mallory, "blue")
			})
		})
	}
}

// The same from the customer: those in Cc take part, and the agent reads who is new.
func TestACustomerBringsAColleague(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]string{
		"not checked":           "X-Nothing: at all",
		"DKIM":                  "Authentication-Results: mx.acme.example; dkim=pass header.d=customer.example; spf=fail smtp.mailfrom=customer.example",
		"another's SPF":         "Authentication-Results: mx.acme.example; spf=fail smtp.mailfrom=forwarder.example; dmarc=none",
		"another server's word": "Authentication-Results: mx.evil.example; dmarc=fail header.from=customer.example",
	} {
		t.Run(name, func(t *testing.T) {
			stories(t, func(t *testing.T, w *world) {
				ack, _, _ := w.ask()
				w.send(letter{from: "Max Muster <" + max + ">", to: ack.replyTo(), cc: "Jane Doe <" + jane + ">", subject: "Re: " + ack.subject(), text: "Jane should read this.", header: []string{header}})
				w.next(jane)
				notice := w.next(ann).has("Jane should read this.", "goes to Max Muster, "+jane+" (new).")
				w.answer(ann, notice, "The password is blue.")
				w.next(jane).has("blue")
				w.next(max).has("blue")
				w.send(letter{from: "Max Muster <" + max + ">", to: ack.replyTo(), subject: "Re: " + ack.subject(), text: "Thank you. It works, but it is slow."})
				w.next(ann).has("goes to Max Muster, " + jane + ".")
			})
		})
	}
}
