package e2e

import (
	"testing"
	"time"
)

// While an agent is away nobody gives them a ticket, and theirs goes back to the team when its
// promise is at risk: one mail says so, and a colleague answers the customer.
func TestAwayAndATicketGoesBack(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		w.answer(ann, notice, "/take")
		w.next(ann).has("It is yours.")
		w.next(ben).has("Ann Able has taken this ticket.")
		w.answer(ann, notice, "/away until 3d")
		w.next(ann).has("You are away until", "Tickets that wait for you: 1.")
		w.next(lead).has("Ann Able, away until", "#1", "While Ann Able is away")
		w.answer(ben, benNotice, "/assign none")
		w.next(ben).has("Nobody has it now.")
		w.next(ann)
		w.answer(ben, benNotice, "/assign ann")
		w.next(ben).has("Nothing was done: Ann Able is away until")
		w.answer(ann, notice, "/take") // they may take what they want
		w.next(ann).has("It is yours.")
		w.next(ben).has("Ann Able has taken this ticket.")
		w.nothing(ann, ben, lead)

		w.pass(3*time.Hour + 12*time.Minute) // 80 % of four hours
		back := w.next(ben).has("Ann Able is away until", "the ticket is back with its team,")
		if back.event() != "sla-warning" {
			t.Errorf("Ben got %q", back.event())
		}
		w.next(ann).has("the ticket is back with its team") // who finds out that they no longer have it
		w.nothing(ann, ben, lead)
		w.answer(ben, back, "Please restart the router.")
		w.next(max).has("Please restart the router.")
		w.endsFor(ann)

		w.answer(ann, notice, "/back")
		w.next(ann).has("Welcome back.")
		w.answer(ann, notice, "/back")
		w.next(ann).has("you are not away")
		w.answer(ben, benNotice, "/assign ann")
		w.next(ben).has("Ann Able has it now.")
		w.next(ann)
	})
}

// Turns pass over who is away; a colleague's ticket that goes back is given to whose turn it is; and
// if everybody is away, the ticket is the team's.
func TestTurnsPassOverWhoIsAway(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		comes := func(from, subject, to string) got {
			t.Helper()
			w.send(letter{from: from, to: support, subject: subject, text: "It does not work."})
			w.next(from)
			return w.next(to).has(subject)
		}
		one := comes(max, "One", ann)
		w.order(ann, "/away until 2d")
		w.next(ann).has("You are away until")
		listed := w.next(lead).has("Ann Able, away until", "One")
		two := comes(jane, "Two", ben)
		comes(boss, "Three", ben)
		w.answer(ben, two, "Please try again.")
		w.next(jane).has("Please try again.")
		w.nothing(ann, ben)
		w.pass(3*time.Hour + 12*time.Minute)
		mine := 0
		for _, m := range w.rest(ben) {
			if m.ticket() == one.ticket() {
				m.has("Ann Able is away until", "Ben Brown has the ticket now")
				mine++
			}
		}
		if mine != 1 {
			t.Errorf("Ben was told %d times that he has the ticket", mine)
		}
		w.rest(ann)
		// Whoever leads the team acts on the list.
		w.send(letter{from: lead, to: listed.button("%5B%23" + one.ticket() + "%5D"), subject: "[#1] One", text: "/assign lea"})
		w.next(lead).has("It is yours.")
		w.rest(ben)
		w.order(ben, "/away until 2d")
		w.next(ben).has("You are away until")
		w.next(lead).has("Ben Brown, away until", "Three")
		w.send(letter{from: mallory, to: support, subject: "Four", text: "It does not work."})
		w.next(mallory)
		four := w.next(ann).has("Four")
		w.next(ben).has("Four")
		w.answer(ann, four, "/back\n/take")
		w.next(ann).has("Welcome back.", "It is yours.")
		w.next(ben).has("Ann Able has taken this ticket.")
	}, people("frontdesk: {name: Front desk}", "frontdesk: {name: Front desk, assign: round-robin}"))
}

// An agent's out-of-office note says until when they are away, if it is theirs: not one that only
// bears their address, nor a mail that only says /away. What it says again brings nothing back.
func TestAnOutOfOfficeNote(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		note := func(header ...string) {
			t.Helper()
			w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "Out of office: Printer", text: "I am out of the office. I am back on " + w.now().AddDate(0, 0, 3).Format("2006-01-02") + ".",
				header: append([]string{"Auto-Submitted: auto-replied"}, header...)})
		}
		comes := func(from, subject, to string) {
			t.Helper()
			w.send(letter{from: from, to: support, subject: subject, text: "It does not work."})
			w.next(from)
			w.next(to).has(subject)
		}
		note()
		note("Authentication-Results: mx.acme.example; dmarc=fail header.from=staff.example")
		w.settle()
		w.nothing(ann, lead)
		w.send(letter{from: ann, to: support, subject: "Holidays", text: "/away until 5d"})
		if m := w.next(ann); m.event() != "confirm" {
			t.Errorf("Ann got %q", m.event())
		}
		comes(max, "One", ann)
		note(signedBy)
		w.next(ann).has("Your out-of-office note says that you are away", w.now().AddDate(0, 0, 3).Format("Monday 2 January")+", 09:00")
		w.next(lead).has("Ann Able, away until", "One")
		comes(jane, "Two", ben)
		comes(boss, "Three", ben)
		w.order(ann, "/back")
		w.next(ann).has("Welcome back.")
		note(signedBy) // their mail server has not heard of it
		w.settle()
		w.nothing(ann, lead)
		comes(mallory, "Four", ann)
		w.nothing(ann, ben, lead) // the admin may have the digest of the two notes in quarantine by now
	}, people("frontdesk: {name: Front desk}", "frontdesk: {name: Front desk, assign: round-robin}"))
}

// A rule gives nothing to an agent who is away: the ticket is the team's, which answers it.
func TestARuleAndAnAgentWhoIsAway(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		comes := func(from string) {
			t.Helper()
			w.send(letter{from: from, to: support, subject: "For Tess", text: "Hello Tess."})
			w.next(from)
		}
		w.order(tess, "/away until 2d")
		w.next(tess).has("You are away until")
		w.next(lead).has("Tess Tall, away until")
		comes(max)
		notice := w.next(ben).has("Hello Tess.")
		w.next(ann).has("Hello Tess.")
		w.nothing(tess)
		w.answer(ben, notice, "Tess is on holiday.")
		w.next(max).has("Tess is on holiday.")
		w.pass(49 * time.Hour)
		w.rest(ann)
		w.rest(ben)
		w.rest(lead)
		comes(jane) // they are back without a word
		w.next(tess).has("Hello Tess.")
		w.nothing(ann, ben)
	}, rule(`rules:
  - name: for Tess
    on: [opened]
    when: subject contains "Tess"
    do: [{set: {assignee: tess}}]
`))
}
