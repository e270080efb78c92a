package e2e

import (
	"testing"
	"time"
)

// What is odd about a sender is said to the agent above the customer's text; and to nobody else.
func TestAnOddSenderIsFlagged(t *testing.T) {
	t.Parallel()
	const forged = "Authentication-Results: mx.acme.example; dkim=fail header.d=customer.example; dmarc=fail header.from=customer.example"
	for _, c := range []struct {
		name string
		l    letter
		word string // in the agent's notice, "" for no warning
		deaf bool   // nothing goes back
	}{
		{"forged", letter{from: "Max Muster <" + max + ">", header: []string{forged}}, "authentication failed", true},
		{"answers elsewhere", letter{from: "Max Muster <" + max + ">", header: []string{"Reply-To: max@evil.example"}}, "they ask for answers at max@evil.example", false},
		{"answers at the same organisation", letter{from: "Max Muster <" + max + ">", header: []string{"Reply-To: max@mail.customer.example"}}, "", false},
		{"an agent's name", letter{from: "Ann Able <" + mallory + ">"}, "looks like Ann Able", false},
		{"an agent's name in other letters", letter{from: "=?utf-8?B?QW5uIMOEYmzQtQ==?= <" + mallory + ">"}, "looks like Ann Able", false}, // Ann Äblе, the last letter Cyrillic
		{"the desk's name", letter{from: "ACME  Support (Billing) <" + mallory + ">"}, "looks like Acme Support", false},
		{"the desk's address", letter{from: "\"" + support + "\" <" + mallory + ">"}, "looks like " + support, false},
		{"a namesake", letter{from: "Ann Ableton <" + mallory + ">"}, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			stories(t, func(t *testing.T, w *world) {
				l := c.l // both databases' stories run at once
				l.to, l.subject, l.text = support, "Invoice", "Please pay the invoice."
				w.send(l)
				for _, user := range []string{ann, ben} {
					notice := w.next(user).has("Please pay the invoice.")
					if c.word == "" {
						notice.lacks("Caution:")
					} else {
						notice.has("Caution:", c.word)
					}
				}
				if c.deaf {
					w.nothing(max, mallory)
					return
				}
				from := address(c.l.from)
				w.next(from).lacks("Caution:", "looks like")
			})
		})
	}
}

// Who holds a reply address that was given to another, and whose own address is forged, does not get into the ticket: the admin is told.
func TestAForgedSenderWithAnothersReplyAddress(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, _, _ := w.ask()
		w.answer("Mallory <"+mallory+">", ack, "Please send the password to me.", "Authentication-Results: mx.acme.example; dmarc=fail header.from=evil.example")
		w.nothing(max, mallory, ann, ben)
		w.pass(time.Minute)
		w.next(admin).has("somebody else's reply address", mallory)
	})
}
