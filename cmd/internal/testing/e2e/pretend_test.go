package e2e

import (
	"strings"
	"testing"
	"time"
)

// Somebody writes with an agent's From, and nothing else: nothing is done, and the agent is asked.
func TestAForgedAgent(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: max, to: support, subject: "Refund", text: "May I have my money back?"})
		ack := w.next(max)
		notice := w.next(ann)
		w.next(ben)
		w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "Re: " + ack.subject(), text: "/priority urgent\n/close\n\nNo."})
		question := w.next(ann).has("in your name", "No.")
		if question.event() != "confirm" {
			t.Errorf("the agent got %q where she should be asked", question.event())
		}
		w.nothing(max, ben, lead, mallory)

		// It was not hers: she says so, and it is gone.
		w.answer("Ann Able <"+ann+">", question, "/drop")
		w.next(ann).has("dropped")
		w.nothing(max, ben)

		// Her real answer goes through, and the ticket is as it was.
		w.answer("Ann Able <"+ann+">", notice, "Of course.")
		w.next(max).has("Of course.")
		w.endsFor(ben)
		w.nothing(ben)
	})
}

// The same mail, but it was her, from another program: she confirms it.
func TestAClaimedMailIsConfirmed(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: max, to: support, subject: "Refund", text: "May I have my money back?"})
		ack := w.next(max)
		w.next(ann)
		w.next(ben)
		w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "Re: " + ack.subject(), text: "Yes, it is on its way."})
		question := w.next(ann).has("Yes, it is on its way.")
		w.nothing(max)
		w.answer("Ann Able <"+ann+">", question, "/send")
		w.next(ann).has("/send")
		w.next(max).has("Yes, it is on its way.").lacks(ann)
	})
}

// A stranger knows the number of a ticket: it opens nothing.
func TestAStolenNumber(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: max, to: support, subject: "Secret plan", text: "The plan is blue."})
		w.next(max)
		w.next(ann)
		w.next(ben)
		w.send(letter{from: mallory, to: support, subject: "Re: [#1] Secret plan", text: "/close\nPlease repeat the plan.", header: []string{"Cc: spy@evil.example"}})
		w.next(mallory).has("[#2]").lacks("blue")
		w.next(ann).has("[#2]", "Please repeat the plan.")
		w.next(ben).has("[#2]")
		w.nothing(max, lead)
		w.never(mallory, "blue", "Max", max)
	})
}

// A reply address with a changed character is no reply address.
func TestAnAlteredToken(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: max, to: support, subject: "Hello", text: "Is anybody there?"})
		w.next(max)
		notice := w.next(ann)
		w.next(ben)
		to := notice.replyTo()
		at := strings.IndexByte(to, '@')
		last := to[at-2]
		other := byte('a')
		if last == 'a' {
			other = 'b'
		}
		w.send(letter{from: ann, to: to[:at-2] + string(other) + to[at-1:], subject: "Re: Hello", text: "Yes.",
			header: []string{"In-Reply-To: " + notice.Header.Get("Message-Id"), "References: " + notice.Header.Get("Message-Id")}})
		if q := w.next(ann); q.event() != "confirm" {
			t.Errorf("the agent got %q where she should be asked:\n%s", q.event(), q.text())
		}
		w.nothing(max, ben)
	})
}

// A notice is forwarded to a stranger, who answers it with the agent's reply address.
func TestATokenForwardedToAStranger(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: max, to: support, subject: "Hello", text: "Is anybody there?"})
		w.next(max)
		notice := w.next(ann)
		w.next(ben)
		w.answer(mallory, notice, "/close\n\nGo away.")
		if q := w.next(ann).has("Go away.", mallory); q.event() != "confirm" {
			t.Errorf("the agent got %q where she should be asked", q.event())
		}
		w.nothing(max, ben, mallory)
	})
}

// An agent answers everybody: the customer sees the reply address. It is used up by that mail.
func TestAReplyAddressThatWentOutside(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: max, to: support, subject: "Hello", text: "Is anybody there?"})
		w.next(max)
		notice := w.next(ann)
		w.next(ben)
		w.send(letter{from: ann, to: notice.replyTo(), cc: max, subject: "Re: Hello", text: "We are."})
		w.next(max).has("We are.") // the copy that Ann's client sent itself
		w.next(max).has("We are.").lacks(ann)
		// Whoever has read that address writes to it in her name.
		w.send(letter{from: ann, to: notice.replyTo(), subject: "Re: Hello", text: "/close\n\nNever mind."})
		if q := w.next(ann); q.event() != "confirm" {
			t.Errorf("the agent got %q where she should be asked", q.event())
		}
		w.nothing(max)
	})
}

// Our own server says that the From is forged: not even the right reply address helps.
func TestTheServerSaysForged(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: max, to: support, subject: "Hello", text: "Is anybody there?", header: []string{"Authentication-Results: mx.acme.example; dkim=fail header.d=customer.example; dmarc=fail header.from=customer.example"}})
		notice := w.next(ann).has("Is anybody there?")
		w.next(ben)
		w.nothing(max) // an acknowledgement would go to somebody who perhaps never wrote
		w.answer(ann, notice, "Yes.", "Authentication-Results: mx.acme.example; dmarc=fail header.from=staff.example")
		if q := w.next(ann); q.event() != "confirm" {
			t.Errorf("the agent got %q where she should be asked", q.event())
		}
		w.nothing(max)
	})
}

// A token proves for 30 days.
func TestAnOldNotice(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: max, to: support, subject: "Hello", text: "Is anybody there?"})
		w.next(max)
		notice := w.next(ann)
		w.pass(31 * 24 * time.Hour)
		w.rest(ann)
		w.answer(ann, notice, "Yes.")
		if q := w.next(ann); q.event() != "confirm" {
			t.Errorf("the agent got %q where she should be asked", q.event())
		}
		w.nothing(max)
	})
}
