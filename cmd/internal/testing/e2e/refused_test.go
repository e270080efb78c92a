package e2e

import (
	"strings"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/tickets"
)

// A mail with a text for the customer and a command that is not carried out goes to nobody, whatever the reason: the text may speak of what was not done. Its writer gets
// it back with the reasons, nothing of it is done, and /send changes nothing. Once what was asked for is possible the text goes out. Without a text, or below /note, the rest is
// done and the receipt says what is not.
func TestARefusedCommandHoldsTheText(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.open(jane, "Router", "The router is dark.")
		ack, notice, _ := w.open("Max Muster <"+max+">", "VPN", "The VPN is slow.")
		_, third, _ := w.open("Mallory <"+mallory+">", "Prices", "How much is it?")
		w.answer(ann, third, "/close")
		w.rest(ann)
		w.rest(ben)
		w.rest(mallory)
		w.send(letter{from: "Tom Thin <" + tom + ">", to: support, subject: "Away", text: "/away until 3d", header: []string{signedBy}})
		w.rest(tom)
		w.rest(lead)
		for _, row := range []struct{ commands, reason string }{
			{"/tier 2 #2", "Not moved: tier 2 (Technicians) needs these"},
			{"/tier 2", "Not moved: tier 2 (Technicians) needs these"},
			{"/tier 2 #1", "Ticket #1: Not moved: tier 2 (Technicians) needs these"},
			{"/escalate", "needs your reason"},
			{"/deescalate nobody is below us", "There is no tier below."},
			{"/assign tom", "Tom Thin is away"},
			{"/take 99", "There is no ticket #99."},
			{"/team technicians 3", "the ticket is closed. /reopen it first."},
			{"/snooze 2d #3", "the ticket is closed. /reopen it first."},
			{"/due 2027-12-01 #3", "the ticket is closed. /reopen it first."},
			{"/time -20m", "only 0 min is booked"},
			{"/cc -" + max, "asked, and still takes part."},
			{"/cc +" + ben, "is a colleague, whose address the customer must not see"},
			{"/cc +" + support, "is an address of the desk itself"},
			{"/merge 1", "asked in #2 and takes no part in #1"},
			{"/merge 99", "There is no ticket #99."},
			{"/merge 2", "#2 is this ticket"},
			{"/split", "there is only one mail of a customer in this ticket"},
			{"/link 99", "There is no ticket #99."},
			{"/problem 88", "There is no problem 88."},
			{"/idea 7", "There is no idea 7."},
			{"/take\n/stop", "the ticket is yours"},
			{"/priority high\n/merge 99\n/tier 2", "There is no ticket #99."},
			{"/priority high\n/merge 99\n/tier 2", "Not moved: tier 2"},
		} {
			w.answer(ann, notice, row.commands+"\nDear Max,\n\nit is done as you wished.", signedBy)
			w.held(ann, row.reason, "It cannot be sent as it is", "it is done as you wished")
		}
		w.nothing(ann, ben, lead, tess, tom, max, jane, mallory)
		if got := w.status(2); got != tickets.New {
			t.Errorf("the ticket is %s", got)
		}
		w.answer(ann, notice, "/show", signedBy)
		w.next(ann).states("new", "normal").lacks("as you wished")

		raw := "From: " + ann + "\r\nTo: " + notice.replyTo() + "\r\nSubject: Re: VPN\r\nMessage-ID: <explained@staff.example>\r\n" + signedBy + "\r\n\r\n/merge 99\r\n/priority high\r\nDear Max, it is done.\r\n"
		e, err := w.app.Desk.Explain(t.Context(), mailin.Raw{Inbox: "support", Received: w.now(), Bytes: []byte(raw), Size: int64(len(raw))})
		if err != nil || e.Outcome != tickets.AsHeld || !strings.Contains(strings.Join(e.Reasons, " "), "There is no ticket #99.") {
			t.Errorf("explained as %q: %q, %v", e.Outcome, e.Reasons, err)
		}
		w.answer(ann, notice, "/merge 99\n/priority high\nWe are on it.", signedBy)
		held := w.next(ann).has("There is no ticket #99.")
		w.answer(ann, held, "/send")
		w.next(ann).has("Nothing was sent")
		w.nothing(max)
		w.answer(ann, notice, "/cc -"+max+"\nOnly for Jane.")
		asked := w.held(ann, "does not prove that you wrote /cc")
		w.answer(ann, asked, "/send")
		w.held(ann, "asked, and still takes part.", "It cannot be sent as it is")
		w.nothing(max, jane)
		w.answer(ann, held, "/note\n/merge 99\n/priority high\nThey called twice.", signedBy)
		w.next(ann).has("Your text is a note", "There is no ticket #99.", "high, was normal.")
		w.rest(ben)
		w.answer(ann, held, "/link 1\n/tier 2\n/field tried=cable\nWe are on it, with the technicians.", signedBy)
		w.next(max).has("We are on it, with the technicians.").lacks("Router", "cable")
		w.next(tess).has("The VPN is slow.", "cable")
		w.rest(ann)
		w.answer("Max Muster <"+max+">", ack, "Thank you, I wait.")
		w.latestOf(tess, "agent-reply").has("Thank you, I wait.")
		w.never(max, "as you wished", "called twice", "Only for Jane")

		w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "A call", text: "/new for " + ben + "\nThey called.", header: []string{signedBy}})
		w.next(ann).has("No ticket was opened")
		w.nothing(ben)
	}, quietly, edit("service.yaml", "team: technicians}", "team: technicians, handover: [reason, tried]}"))
}

// What a trainee's commands cannot do they hear at once, and no lead checks it. What has become impossible until the lead lets the answer go is not sent either, and both are
// told.
func TestARefusedCommandOfATrainee(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.open("Max Muster <"+max+">", "Router", "The router is dark.")
		_, notice, _ := w.open("Max Muster <"+max+">", "VPN", "The VPN is slow.")
		w.answer(ann, notice, "/merge 99\nIt is one ticket now.")
		w.next(ann).has("There is no ticket #99.")
		w.nothing(lead, max)
		w.answer(ann, notice, "/tier 2 #1\nThe technicians see to both.", signedBy)
		w.next(ann).has("waits for Lea Long")
		draft := w.next(lead).has("The technicians see to both.")
		w.answer(ben, w.latest(ben), "/close 1", signedBy)
		w.rest(ben)
		w.next(max).has("closed your ticket")
		w.answer(lead, draft, "/send")
		w.next(ann).has("Ticket #1: Nothing was done: the ticket is closed")
		w.next(lead).has("The answer of Ann Able cannot be sent as it is")
		w.nothing(max, tess)
		w.pass(time.Minute)
		w.nothing(max)
	}, quietly, edit("service.yaml", "team: technicians}", "team: technicians, handover: none}"), edit("people.yaml", "ann: {", "ann: {rights: [draft], "))
}

// Who forgets the slash has their mail back, with the command that was meant; as it stands it goes out only if they say so. A command that
// waits for a proof alone is carried out, and nobody is said to get it.
func TestACommandThatLacksItsSlash(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.open(jane, "Router", "The router is dark. Which key do I press?")
		w.answer(ann, notice, "close")
		w.held(ann, `"close" looks like a command without its slash`, "did you mean /close?", "Send it as it is")
		w.answer(ann, notice, "assign ben\nPlease call them.")
		w.held(ann, `"assign ben" looks like a command without its slash`, "did you mean /assign ben?")
		w.nothing(jane)
		w.answer(ann, notice, "Cancel")
		held := w.held(ann, "did you mean /cancel?")
		w.answer(ann, held, "/send")
		w.next(jane).has("Cancel").lacks("assign", "call them")
		w.rest(ann)
		w.rest(ben)
		w.answer(ann, notice, "/idea A router with a lamp")
		idea := w.held(ann, "does not prove that you wrote /idea", "to have it carried out").lacks("sends it to", "Send it as it is")
		w.answer(ann, idea, "/send")
		w.next(ann).has("/idea")
		w.nothing(jane)
	})
}
