package e2e

import (
	"testing"
	"time"

	"tierdesk/tickets"
)

// A ticket moves up, and its notice is the work order: what the customer wants, what tier 1 did and how long, for whom it waited, and a similar ticket with how it was
// solved, but none that is restricted and no password. From that mail the expert answers the customer.
func TestAHandover(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, first, _ := w.open("Jane Roe <"+jane+">", "Scanner flickers", "The scanner flickers when the calibration runs.")
		w.answer(ann, first, "/solve\nDear Jane,\n\nthe calibration needs the lamp LX-2, with the password: Sesam-4711.")
		w.next(jane)
		w.rest(ann)
		w.rest(ben)
		_, second, _ := w.open("Otto <"+otto+">", "Scanner and calibration", "My scanner flickers, secretly.")
		w.answer(ann, second, "/solve\nNobody may know of the ladder.")
		w.next(otto)
		w.rest(ann)
		w.rest(ben)
		w.answer(ann, second, "/restrict +ann", signedBy)
		w.rest(ann)
		w.rest(ben)

		_, notice, _ := w.open("Max Muster <"+max+">", "Scanner", "Our scanner flickers during the calibration since Monday.")
		w.pass(10 * time.Minute)
		w.answer(ann, notice, "/field serial=FX-9\nWhich serial number does it have?")
		asked := w.next(max)
		w.pass(time.Hour)
		w.answer("Max Muster <"+max+">", asked, "It is FX-9.")
		told := w.next(ann)
		w.rest(ben)
		w.pass(time.Hour)
		w.answer(ann, told, "/escalate the lamp has to be looked at; password: Nixe-99")
		up := w.latestOf(tess, "escalation").has("Our scanner flickers during the calibration since Monday", "the lamp has to be looked at", "FX-9", "Tier 1, Front desk", "2 h 10 min", "Ann Able", "1 answer",
			"customer 1 h", "passed on by Ann Able", "Similar solved tickets", "#1 Scanner flickers", "needs the lamp LX-2")
		up.lacks("Nixe", "Sesam", "ladder", "#2 ", "secretly")
		w.answer(tess, up, "/escalate we have no lamp")
		w.next(eve).has("we have no lamp", "passed on by Ann Able: the lamp has", "passed on by Tess Tall").lacks("Nixe", "Sesam")
		w.rest(tess)
		w.answer(tess, up, "/tier 2")
		w.answer(tess, up, "/solve\nWe will bring you a new lamp.")
		w.next(max).has("bring you a new lamp").lacks("LX-2", "2 h 10", "Scanner flickers")
		if got := w.status(3); got != tickets.Solved {
			t.Errorf("the ticket is %s", got)
		}
		w.never(max, "LX-2", "jane@", "Tier 1")
	}, edit("people.yaml", "ann: {", "ann: {rights: [confidential], "))
}

// A tier says what it needs to know. Who escalates without it is told what is missing and how to give it, and the answer that speaks of the move is not
// sent; with it, also in the same mail, the ticket moves, and the technicians read the reason, by whom, and what was tried. The expert behind them reads both reasons.
func TestEscalateAsksForWhatIsMissing(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/escalate")
		w.next(ann).has("/escalate", "Not moved: tier 2 (Technicians) needs your reason and these", "fields: tried.")
		w.nothing(tess, tom, ben, max)

		w.answer(ann, notice, "/escalate the tunnel breaks off\nDear Max,\n\nour technicians have it now.")
		held := w.next(ann).has("Not moved: tier 2 (Technicians) needs these fields: tried.", "It cannot be sent as it is")
		if held.event() != "held" {
			t.Errorf("Ann got %q", held.event())
		}
		w.answer(ann, held, "/send")
		w.next(ann).has("Nothing was sent")
		w.nothing(tess, tom, max)

		w.answer(ann, held, "/escalate the tunnel breaks off\n/field tried=\"…\"")
		w.next(ann).has("Not moved: tier 2 (Technicians) needs")
		w.nothing(tess, tom, max)
		w.pass(2 * time.Hour)
		w.answer(ann, held, "/escalate the tunnel breaks off\n/field tried=\"another network, another router\"\nDear Max,\n\nour technicians have it now.")
		w.next(max).has("our technicians have it now").lacks("another router", "breaks off")
		up := w.next(tess).has("the tunnel breaks off", "another network, another router", "Tier 1, Front desk", "2 h", "passed on by Ann Able", "Passed on from tier 1, Front desk, by Ann Able")
		w.next(tom)
		w.rest(ann)

		w.pass(time.Hour)
		w.answer(tess, up, "/tier 3")
		w.next(tess).has("Not moved: tier 3 (Experts) needs these fields: serial")
		w.nothing(eve)
		w.answer(tess, up, "/field serial=FX-9\n/tier 3")
		top := w.next(eve).has("FX-9", "passed on by Ann Able: the", "passed on by Tess Tall")
		w.rest(tess)
		w.answer(eve, top, "/escalate")
		w.next(eve).has("Not escalated: the lead needs your reason.")
		w.nothing(lead)
		w.answer(eve, top, "/escalate I know no further")
		w.next(lead).has("I know no further")
		w.rest(eve)
		w.answer(eve, top, "/show")
		w.next(eve).has("tier 2, after 2 h", "tier 3, after 1 h")
	}, quietly, edit("service.yaml", "team: technicians}", "team: technicians, handover: [reason, tried]}"),
		edit("service.yaml", "team: engineering}", "team: engineering, handover: [reason, serial]}"))
}

// What was tried in one ticket is not known of another: a field counts for the ticket that it is set in, above the command or below it.
func TestTheHandoverIsOfTheTicket(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.open(jane, "Router", "The router is dark.")
		_, notice, _ := w.open(max, "VPN", "The VPN is slow.")
		w.answer(ann, notice, "/field tried=cable\n/tier 2 #1", signedBy)
		w.next(ann).has("Ticket #1: Not moved: tier 2 (Technicians) needs these", `/field tried="…" #1`)
		w.nothing(tess, tom)
		w.answer(ann, notice, "/tier 2 #1\n/field tried=lamp #1", signedBy)
		w.next(tess).has("The router is dark.", "lamp").lacks("cable")
		w.next(tom)
		w.rest(ann)
		w.answer(ann, notice, "/tier 2 #2", signedBy)
		w.next(tess).has("The VPN is slow.", "cable")
	}, quietly, edit("service.yaml", "team: technicians}", "team: technicians, handover: [tried]}"))
}

// Without a word in service.yaml a tier asks for the reason; what moves up because time ran out is asked for nothing, and the notice says so.
func TestWhatTimeMovesIsAskedForNothing(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/escalate")
		w.next(ann).has("Not moved: tier 2 (Technicians) needs your reason.")
		w.nothing(tess)
		w.pass(25 * time.Hour)
		up := w.latestOf(tess, "escalation").has("passed on when time ran out (Resolution)", "1 day")
		w.answer(tess, up, "Please restart it.")
		w.next(max).has("Please restart it.")
	})
}
