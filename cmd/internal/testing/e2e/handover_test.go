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
		w.answer(ann, told, "/escalate the lamp has to be looked at")
		up := w.latestOf(tess, "escalation").has("Our scanner flickers during the calibration since Monday", "the lamp has to be looked at", "FX-9", "Tier 1, Front desk", "2 h 10 min", "Ann Able", "1 answer",
			"customer 1 h", "Similar solved tickets", "#1 Scanner flickers", "needs the lamp LX-2")
		up.lacks("Sesam", "ladder", "#2 ", "secretly")
		w.answer(tess, up, "/solve\nWe will bring you a new lamp.")
		w.next(max).has("bring you a new lamp").lacks("LX-2", "2 h 10", "Scanner flickers")
		if got := w.status(3); got != tickets.Solved {
			t.Errorf("the ticket is %s", got)
		}
		w.never(max, "LX-2", "jane@", "Tier 1")
	}, edit("people.yaml", "ann: {", "ann: {rights: [confidential], "))
}
