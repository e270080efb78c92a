package e2e

import (
	"strings"
	"testing"

	"tierdesk/tickets"
)

// The customer and a vendor meet in one mail that an agent wrote, in which each learns the other's address; the ticket is handed on. What they write to each other is
// kept and bothers nobody; what the customer writes to the desk alone is heard as ever.
func TestAnIntroduction(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/vendor cables\nDo you sell to people at home? Our stock number is 4711 and we pay half of it.", signedBy)
		w.next(ann)
		w.next(ben)
		asked := w.next(cables)
		w.answer(cables, asked, "We do, for our list price without any rebate at all.")
		told := w.next(ann)
		w.rest(ben)
		w.answer(ann, told, "/introduce cables\nHello Max, hello Cable Makers,\n\nplease agree on the length between the two of you.", signedBy)
		w.next(ann).has("Max Muster and Cable Makers are in touch now", "solved")
		toMax, toThem := w.next(max).has("agree on the length"), w.next(cables).has("agree on the length")
		for _, m := range []got{toMax, toThem} {
			if !strings.Contains(m.Header.Get("To"), max) || !strings.Contains(m.Header.Get("Cc"), cables) {
				t.Errorf("To %q, Cc %q", m.Header.Get("To"), m.Header.Get("Cc"))
			}
			m.lacks("4711", "pay half", "list price", ann, "/introduce")
		}
		if toMax.replyTo() == toThem.replyTo() {
			t.Error("both have the same reply address")
		}
		if got := w.status(1); got != tickets.Solved {
			t.Errorf("the ticket is %s", got)
		}
		// They write to each other, with the desk among the recipients.
		w.rest(ben)
		header := []string{"In-Reply-To: " + toMax.Header.Get("Message-Id"), "References: " + toMax.Header.Get("Message-Id")}
		w.send(letter{from: "Max Muster <" + max + ">", to: toMax.replyTo(), cc: cables, subject: "Re: " + toMax.subject(), text: "Two metres, please.", header: header})
		w.send(letter{from: "Cable Makers <" + cables + ">", to: toThem.replyTo(), cc: max, subject: "Re: " + toThem.subject(), text: "That makes 20 euros.", header: header})
		w.nothing(ann, ben)
		if got := w.status(1); got != tickets.Solved {
			t.Errorf("the ticket is %s", got)
		}
		w.rest(max)
		w.rest(cables)
		// A word to the desk alone opens the ticket again; what they wrote stands in it.
		w.send(letter{from: "Max Muster <" + max + ">", to: toMax.replyTo(), subject: "Re: " + toMax.subject(), text: "They do not answer.", header: header})
		reopened := w.next(ann).has("Reopened", "They do not answer.")
		w.rest(ben)
		w.answer(ann, reopened, "/show", signedBy)
		w.next(ann).has("Two metres, please.", "That makes 20 euros.")
	}, vendors, office)
}

// Who may not be introduced is not: no vendor of that name, one that customers are not to know, no text; the text that speaks to both reaches neither.
func TestNobodyIsIntroduced(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		for command, why := range map[string]string{"/introduce routers\nHello both.": "customers are not told about Router Works", "/introduce rooters\nHello both.": "/introduce routers",
			"/introduce cables": "/introduce"} {
			w.answer(ann, notice, command, signedBy)
			held := w.held(ann, why)
			w.answer(ann, held, "/send", signedBy)
			w.next(ann).has("Nothing was sent")
		}
		// A reply address alone is no proof.
		w.answer(ann, notice, "/introduce cables\nHello both.")
		w.held(ann, "does not prove")
		w.nothing(max, eva, cables)
		if got := w.events(1); got[tickets.Introduced] != 0 || got[tickets.Joined] != 0 {
			t.Errorf("events: %v", got)
		}
	}, vendors, office)
}

// A vendor says that it is done: in words of its language, or its ticket system in the state that people.yaml names. The ticket comes back to who has it, open, and the
// notice says so; a person's doubt and a machine's confirmation do not.
func TestAVendorIsDone(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/take\n/vendor routers\nDoes it restart?", signedBy)
		w.next(ann)
		w.rest(ben)
		sent := w.next(eva)
		machine := []string{"Auto-Submitted: auto-generated", "In-Reply-To: " + sent.Header.Get("Message-Id")}
		w.send(letter{from: otto, to: sent.replyTo(), subject: "[RW-7] Request received", text: "State: Open\n", header: machine})
		w.next(ann).lacks("says that it is solved")
		if got := w.status(1); got != tickets.OnHold {
			t.Errorf("the ticket is %s", got)
		}
		w.send(letter{from: otto, to: sent.replyTo(), subject: "[RW-7] Update", text: "Your case\nState: Resolved\nhas been updated.", header: machine})
		told := w.next(ann).has("routers says that it is solved", "State: Resolved", "open", "Ann Able")
		if got := w.status(1); got != tickets.Open {
			t.Errorf("the ticket is %s", got)
		}
		w.answer(ann, told, "/vendor routers\nAnd the second one?", signedBy)
		w.next(ann)
		again := w.next(eva)
		w.answer(eva, again, "Wann ist die Störung behoben?\n\nRita")
		w.next(ann).lacks("says that it is solved")
		w.answer(ann, told, "/vendor routers\nToday, we hope.", signedBy)
		w.next(ann)
		w.answer(eva, w.next(eva), "Guten Tag,\n\ndie Störung wurde behoben.\n\nMit freundlichen Grüßen\nRita")
		told = w.next(ann).has("routers says that it is solved", "die Störung wurde behoben")
		w.answer(ann, told, "/solve\nIt is repaired.")
		w.next(max).has("It is repaired.").lacks("Störung", "RW-7")
		w.nothing(ben)
	}, vendors, office)
}

// A mail that bears only the vendor's own number finds its thread, from the vendor's authenticated domain alone, and becomes a note: it changes nothing, and the notice
// says so. The same mail without a signature, or from another domain, is anybody's: a ticket of its own.
func TestAVendorsOwnNumber(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/take\n/vendor routers\nDoes it restart?", signedBy)
		w.next(ann)
		w.rest(ben)
		sent := w.next(eva)
		w.send(letter{from: otto, to: sent.replyTo(), subject: "[RW-7] Request received", text: "Soon.",
			header: []string{"Auto-Submitted: auto-replied", "In-Reply-To: " + sent.Header.Get("Message-Id")}})
		w.next(ann)
		signed := "Authentication-Results: mx.acme.example; dkim=pass header.d=lab.example; dmarc=pass header.from=lab.example"
		w.send(letter{from: "Rita Router <rita@lab.example>", to: support, subject: "RW-7: a new router", text: "It is fixed.", header: []string{signed}})
		told := w.next(ann).has("[#1]", "routers says that it is solved", "only its own number", "on-hold", "It is fixed.", "Your reply goes to Max Muster")
		if got := w.status(1); got != tickets.OnHold {
			t.Errorf("the ticket is %s", got)
		}
		w.nothing(max, ben, eva)
		// Another number, no signature, another domain.
		for _, l := range []letter{{from: otto, subject: "RW-8: another one", header: []string{signed}}, {from: otto, subject: "RW-7: again"},
			{from: mallory, subject: "RW-7: again", header: []string{"Authentication-Results: mx.acme.example; dkim=pass header.d=evil.example; dmarc=pass header.from=evil.example"}}} {
			l.to, l.text = support, "The case is solved."
			w.send(l)
			w.next(ann).has("New ticket").lacks("[#1]")
		}
		w.answer(ann, told, "/solve\nIt is repaired.")
		w.next(max).has("It is repaired.")
	}, vendors, office)
}
