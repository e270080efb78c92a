package e2e

import (
	"strings"
	"testing"

	"tierdesk/tickets"
)

// open opens a ticket and returns its acknowledgement and the notices of the front desk.
func (w *world) open(from, subject, text string) (ack, annNotice, benNotice got) {
	w.t.Helper()
	w.send(letter{from: from, to: support, subject: subject, text: text})
	return w.next(address(from)), w.next(ann), w.next(ben)
}

func (m got) ticket() string { return m.Header.Get("X-Tierdesk-Ticket") }

// A customer has written twice about the same. After the merge every thread of theirs leads to one
// ticket, until the merge is undone.
func TestMergeAndUndo(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		const muster = "Max Muster <" + max + ">"
		ack1, _, _ := w.open(muster, "VPN", "The VPN is slow.")
		ack2, notice, benNotice := w.open(muster, "VPN once more", "Is anybody there? It is slow.")
		w.answer(ann, notice, "/merge 1")
		w.next(ann).has("Merged into #1")
		w.next(ben).has("Ann Able has merged ticket #2 into this one.")
		w.next(max).has("[#2]", "belong together", "#1")
		w.nothing(max)
		// They answer in the old thread: it is ticket 1 now, and so is what Ben answers to the old
		// notice.
		w.answer(muster, ack2, "It takes minutes.")
		if m := w.next(ann).has("It takes minutes."); m.ticket() != "1" {
			t.Errorf("Ann hears of ticket %s", m.ticket())
		}
		told := w.next(ben)
		w.answer(ben, benNotice, "Please restart the client.")
		held := w.held(ben, "It takes minutes.") // which he had not seen
		w.answer(ben, held, "/send")
		w.next(ben)
		w.next(max).has("[#1]", "Please restart the client.")
		w.nothing(max)
		// Once it is undone each thread is its own ticket.
		w.answer(ben, told, "/undo")
		w.next(ben).has("Undone: #2 is a ticket of its own again.")
		w.rest(ann)
		w.answer(muster, ack2, "This is about the second one.")
		if m := w.next(ann).has("This is about the second one."); m.ticket() != "2" {
			t.Errorf("Ann hears of ticket %s", m.ticket())
		}
		w.rest(ben)
		w.answer(muster, ack1, "And this about the first.")
		if m := w.next(ben).has("And this about the first."); m.ticket() != "1" {
			t.Errorf("Ben hears of ticket %s", m.ticket())
		}
	})
}

// What stands behind a /merge in the same mail is for the ticket that goes on.
func TestCommandsBehindAMerge(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		const muster = "Max Muster <" + max + ">"
		_, _, first := w.open(muster, "VPN", "The VPN is slow.")
		_, notice, _ := w.open(muster, "VPN once more", "Is anybody there? It is slow.")
		w.answer(ann, notice, "/merge 1\n/priority high\n/take\n/split\n/note\nThey have called, too.")
		w.next(ann).has("Merged into #1", "/priority high: Ticket #1: high, was normal.", "/take: Ticket #1: It is yours.", "/split: Ticket #1: Nothing was done")
		w.rest(ben)
		w.rest(max)
		w.answer(ben, first, "/show")
		w.next(ben).has("high", "Assigned to", "Ann Able")
		w.answer(ben, first, "/close")
		w.next(ben).has("closed, was new")
		if got := w.status(1); got != tickets.Closed {
			t.Errorf("the ticket that goes on is %s", got)
		}
	})
}

// What is done and undone in one mail is no news to the customer.
func TestDoneAndUndoneInOneMail(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		const muster = "Max Muster <" + max + ">"
		w.open(muster, "VPN", "The VPN is slow.")
		ack, notice, benNotice := w.open(muster, "VPN once more", "Is anybody there? It is slow.")
		w.answer(ann, notice, "/merge 1\n/undo")
		w.next(ann).has("Merged into #1", "/undo", "#2 is a ticket of its own again")
		w.answer(ann, notice, "/solve\n/undo")
		w.next(ann).has("/solve", "/undo", "new again")
		w.answer(ann, notice, "/close\n/undo")
		w.next(ann).has("/close", "/undo", "new again")
		w.nothing(max)
		w.rest(ben)
		w.answer(muster, ack, "It takes minutes.")
		if m := w.next(ben).has("It takes minutes."); m.ticket() != "2" {
			t.Errorf("Ben hears of ticket %s", m.ticket())
		}
		w.answer(ben, benNotice, "/solve")
		w.next(ben)
		w.next(max).has("[#2]", "solved")
	})
}

// Two customers never read each other's mail for a merge; and it needs the right.
func TestAMergeShowsNobodyAnothersMail(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.open("Max Muster <"+max+">", "VPN", "The blue VPN is slow.")
		ack, notice, benNotice := w.open("Jane Roe <"+jane+">", "VPN", "My green VPN is slow.")
		w.answer(ben, benNotice, "/merge 1")
		w.held(ben, "You may not use /merge")
		w.answer(ann, notice, "/merge 1")
		w.next(ann).has("Not merged: Jane Roe asked in #2")
		w.nothing(max, jane, ben)
		w.answer(ann, notice, "/merge 7")
		w.next(ann).has("There is no ticket #7.")
		w.answer(ann, notice, "/merge 2")
		w.next(ann).has("#2 is this ticket")
		w.answer(ann, notice, "/link 1\n/assign me")
		w.next(ann).has("Linked with #1.", "#1")
		w.rest(ben)
		w.answer("Jane Roe <"+jane+">", ack, "Hello?")
		last := w.next(ann).has("Hello?", "Related tickets")
		w.answer(ann, last, "> My green VPN is slow.\n> The blue VPN is slow.\n\nWe are on it.")
		w.next(jane).has("We are on it.", "green").lacks("blue", max)
		w.nothing(max)
		w.never(max, "green", jane)
	}, edit("people.yaml", "address: "+ann+", teams: [frontdesk]", "address: "+ann+", teams: [frontdesk], rights: [merge]"))
}

// A mail about something else becomes a ticket of its own, with a thread of its own.
func TestSplit(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		const muster = "Max Muster <" + max + ">"
		ack, notice, _ := w.open(muster, "VPN", "The VPN is slow.")
		w.answer(ann, notice, "/split")
		w.next(ann).has("there is only one mail of a customer")
		w.answer(muster, ack, "By the way, my mouse is dead.")
		second := w.next(ann)
		w.next(ben)
		w.answer(ann, second, "/split")
		var mine got
		for _, m := range w.rest(ann) {
			if m.event() == "agent-assigned" {
				mine = m
			}
		}
		if mine.t == nil || mine.ticket() != "2" {
			t.Fatal("Ann was not given the new ticket")
		}
		mine.has("my mouse is dead.")
		w.next(ben).has("ticket #2")
		w.next(max).has("[#2]").lacks("VPN is slow")
		w.answer(ann, mine, "A new mouse is on its way.")
		answer := w.next(max).has("[#2]", "A new mouse is on its way.")
		w.answer(muster, answer, "It has come.")
		if m := w.next(ann).has("It has come."); m.ticket() != "2" {
			t.Errorf("Ann hears of ticket %s", m.ticket())
		}
		w.answer(muster, ack, "The VPN is still slow.")
		if m := w.next(ben).has("The VPN is still slow."); m.ticket() != "1" {
			t.Errorf("Ben hears of ticket %s", m.ticket())
		}
	})
}

// What nobody outside has heard of can be taken back, the last change first.
func TestUndo(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.open("Max Muster <"+max+">", "VPN", "The VPN is slow.")
		w.answer(ann, notice, "/undo")
		w.next(ann).has("There is nothing to undo.")
		w.answer(ann, notice, "/escalate the router")
		w.next(ann)
		w.next(tess).has("the router")
		w.next(tom)
		w.answer(ann, notice, "/priority urgent")
		w.rest(ann)
		w.rest(ben)
		w.rest(tess)
		w.answer(ben, benNotice, "/undo")
		w.next(ben).has("Undone: the priority is normal again (was urgent).")
		w.next(ann).has("Ben Brown has undone the last change: the priority is normal again (was urgent).")
		w.rest(tess)
		w.answer(ben, benNotice, "/undo")
		w.next(ben).has("Undone: the ticket is at tier 1 again (was at tier 2), the team is Front desk again (was Technicians).")
		w.next(ann).has("Ben Brown has undone the last change: the ticket is at tier 1 again")
		w.answer(ben, benNotice, "/undo")
		w.next(ben).has("There is nothing to undo.")
		w.nothing(max)
		// What has gone outside stays.
		w.answer(ann, notice, "/close")
		w.next(ann)
		closed := w.next(max).has("closed")
		w.rest(ben)
		w.answer(ann, notice, "/undo")
		w.next(ann).has("Nothing was undone")
		w.answer("Max Muster <"+max+">", closed, "It is not done.")
		reopened := w.next(ben).has("It is not done.")
		if !strings.Contains(reopened.event(), "reopened") {
			t.Errorf("Ben got %q", reopened.event())
		}
	})
}

// An agent reads in their own language what they have taken back. What somebody else hears of is not theirs to take back, nor is what they may not do.
func TestUndoSaysWhat(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, notice, benNotice := w.open("Max Muster <"+max+">", "VPN", "The VPN is slow.")
		w.answer(ben, benNotice, "/take\n/priority high")
		w.next(ben)
		w.next(ann) // it is Ben's
		w.answer(ann, notice, "/watch")
		w.next(ann)
		w.answer(ben, benNotice, "/undo")
		w.next(ben).has("Zurückgenommen: die Priorität ist wieder normal (war hoch).")
		w.next(ann).has("Ben Brown has undone the last change: the priority is normal again (was high).")
		// She takes her own back, which concerns nobody else; she hears no more and no less than before.
		w.answer(ann, notice, "/undo")
		w.next(ann).has("Undone: you no longer watch it.")
		w.nothing(ben)
		w.answer(ben, benNotice, "/undo")
		w.next(ben).has("Zurückgenommen: es ist wieder niemandem zugewiesen (war Ben Brown zugewiesen).")
		w.next(ann).has("it is assigned to nobody again (was assigned to Ben Brown)")
		w.answer("Max Muster <"+max+">", ack, "Hello?")
		w.next(ann).has("Hello?")
		w.next(ben).has("Hello?")
		// Only Ann may restrict a ticket, so only she takes it back.
		w.answer(ann, notice, "/restrict +ben")
		w.next(ann).has("can see it now")
		w.next(ben).has("Sichtbar ist es noch für: ")
		w.answer(ben, benNotice, "/undo")
		w.next(ben).has("/restrict")
		w.nothing(ann, max)
		w.answer(ann, notice, "/undo")
		w.next(ann).has("all agents can see it again")
		w.next(ben)
	}, edit("people.yaml", "address: "+ann+", teams: [frontdesk]", "address: "+ann+", teams: [frontdesk], rights: [restrict]"),
		edit("people.yaml", "address: "+ben+",", "address: "+ben+", language: de,"))
}

// A status that the ticket no longer has is not taken back: what a customer has asked since stays a question, and what was answered since stays answered.
func TestAnOvertakenStatusStays(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		const muster = "Max Muster <" + max + ">"
		_, notice, _ := w.open(muster, "VPN", "The VPN is slow.")
		w.answer(ann, notice, "/status on-hold")
		w.next(ann)
		w.answer(ann, notice, "We look into it.")
		answer := w.next(max)
		w.rest(ben)
		w.answer(ann, notice, "/undo")
		w.next(ann).has("Nothing was undone: the ticket has gone on since the last change, and is pending.").states("pending", "Resolution")

		// The same where the customer wrote since: their question is not forgotten.
		w.answer(ann, notice, "/status on-hold")
		w.next(ann)
		w.answer(muster, answer, "It is still slow. When will it be mended?")
		w.next(ann).states("on-hold", "Next reply")
		w.answer(ann, notice, "/undo")
		w.next(ann).has("Nothing was undone: the ticket has gone on since the last change, and is on-hold.").states("on-hold", "Next reply")

		// Nothing has come since this one.
		w.answer(ann, notice, "/status open")
		w.next(ann).states("open", "Next reply")
		w.answer(ann, notice, "/undo")
		w.next(ann).has("Undone: the status is on-hold again (was open).").states("on-hold", "Next reply")
		w.nothing(max)
	})
}
