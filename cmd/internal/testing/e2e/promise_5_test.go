package e2e

import (
	"fmt"
	"testing"
	"time"
)

// Ann answers a notice that went to Ben: what proves Ben does not prove her, so she is asked.
func TestAColleaguesNotice(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, _, benNotice := w.ask()
		w.answer(ann, benNotice, "/close\n\nDone.")
		if q := w.next(ann); q.event() != "confirm" {
			t.Errorf("Ann got %q where she should be asked", q.event())
		}
		w.nothing(max, ben)
	})
}

// A customer has a reply address of his own, and writes to it in an agent's name: nothing of it is done.
func TestACustomersReplyAddressInAnAgentsName(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, _, _ := w.ask()
		w.answer("Ann Able <"+ann+">", ack, "/priority urgent\n/close\n\nNo.")
		w.settle()
		w.nothing(max, lead)
		w.send(letter{from: max, to: ack.replyTo(), subject: "Re: VPN", text: "Are you there?"})
		for _, m := range w.rest(ben) {
			if m.Header.Get("X-Tierdesk-Priority") != "normal" || m.event() == "reopened" {
				t.Errorf("the ticket was changed: %v", m.Header)
			}
		}
	})
}

// The number in the subject lets a participant write into his ticket, but not bring in others, nor open it again.
func TestANumberAddsNobody(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.ask()
		w.send(letter{from: max, to: support, cc: mallory, subject: "VPN [#1]", text: "It is worse today."})
		w.next(mallory) // his copy, from Max's own mail server
		notice := w.next(ann).has("It is worse today.", "[#1]")
		w.next(ben)
		w.answer(ann, notice, "/solve\nPlease restart.")
		w.next(ann)
		w.next(max).has("Please restart.")
		w.nothing(mallory)
		w.send(letter{from: max, to: support, subject: "VPN [#1]", text: "It does not help."})
		if m := w.next(ann).has("[#2]", "It does not help."); m.event() != "agent-new" {
			t.Errorf("Ann got %q: a number has opened the ticket again", m.event())
		}
	})
}

// A mail that Ann has signed some day is sent again by somebody else: her domain's signature is good, but it is not of today, or not for us.
func TestASignedMailSentAgain(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, _, _ := w.ask()
		mail := func(date time.Time, to string) letter {
			return letter{from: ann, to: support, raw: fmt.Sprintf("Authentication-Results: mx.acme.example; dkim=pass header.d=staff.example; dmarc=pass header.from=staff.example\r\n"+
				"From: Ann Able <%s>\r\nTo: %s\r\nSubject: Re: %s\r\nDate: %s\r\nMessage-ID: <%d@staff.example>\r\n\r\nPlease pay at once.\r\n", ann, to, ack.subject(), date.Format(time.RFC1123Z), date.UnixNano())}
		}
		for _, l := range []letter{mail(w.now().Add(-5*24*time.Hour), support), mail(w.now(), "all@elsewhere.example")} {
			w.send(l)
			if q := w.next(ann); q.event() != "confirm" {
				t.Errorf("Ann got %q where she should be asked", q.event())
			}
			w.nothing(max, ben)
		}
		w.send(mail(w.now(), support))
		w.answer(ann, w.next(ann).has("answers no notice"), "/send") // she is believed; what only a number points at is confirmed
		w.next(max).has("Please pay at once.")
	})
}

// A reply address alone is not enough to bring in a stranger: who has read a notice and writes in her name would have him read all that follows.
func TestAStrangerIsNotBroughtInByATokenAlone(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/cc +"+mallory+"\nPlease restart.")
		held := w.next(ann).has("/cc")
		if held.event() != "held" && held.event() != "confirm" {
			t.Errorf("Ann got %q", held.event())
		}
		w.nothing(max, mallory)
		w.answer(ann, notice, "/send") // whoever has the reply address could write that
		w.next(ann).has("No mail of yours is held")
		w.nothing(max, mallory)
		w.answer(ann, held, "/send")
		w.next(max).has("Please restart.")
		w.next(mallory).has("Please restart.")
	})
}

// Somebody else has a customer's reply address: usually the customer at another address of his. It is in the ticket and marked, but nobody is brought in, and
// the answer goes to those who were in it.
func TestACustomersOtherAddress(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, _, _ := w.ask()
		w.send(letter{from: "Mal <" + mallory + ">", to: ack.replyTo(), cc: jane, subject: "Re: VPN", text: "/cc +" + lead + "\nIt is worse from home."})
		w.next(jane) // her copy, from the sender's own mail server
		notice := w.next(ann).has("It is worse from home.", mallory, "another address")
		w.next(ben)
		w.answer(ann, notice, "Since when?")
		w.next(max).has("Since when?").lacks(mallory)
		w.nothing(mallory, jane, lead)
	})
}
