package e2e

import (
	"strings"
	"testing"
	"time"
)

// Fields and booked time stand in what colleagues are told next, rules see the fields, and the customer sees neither.
func TestFieldsAndTime(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, notice, benNotice := w.ask()
		w.answer(ann, notice, "/field room=\"second floor, left\" serial=QX-4711\n/time 1h 10m\n/tag +hardware")
		w.next(ann).has("serial=QX-4711", "Booked on this ticket: 1 h 10 min.", "Tags: hardware")
		w.answer(max, ack, "Nothing works any more.")
		w.next(ann)
		// Ben sees all of it, the rule has moved the ticket, and he goes on.
		told := w.next(ben).has("second floor, left", "QX-4711", "1 h 10 min", "hardware", "urgent")
		w.answer(ben, told, "/time 20m\n/field serial=\nPlease restart the client.")
		w.next(ben).has("1 h 30 min", "Fields: room=second floor")
		w.next(max).has("Please restart the client.").lacks("second floor", "QX-4711", "1 h 30 min", "/time", "hardware")
		// Wrong ones hold the mail.
		w.answer(ben, benNotice, "/field room\nI called him.")
		w.held(ben, "/field room", "a name and a value")
		w.answer(ben, benNotice, "/time soon")
		w.held(ben, "/time soon", "20m")
		w.answer(ben, benNotice, "/time -9h")
		w.next(ben).has("only 1 h 30 min is booked")
		w.answer(ben, benNotice, "/tag vpn #12")
		w.held(ben, "may be a ticket or a tag", "+x 12 names the ticket")
		w.answer(ben, benNotice, "/tag -hardware\n/field room=")
		w.next(ben).has("The ticket has no tags any more.", "The ticket has no fields any more.")
		w.nothing(max)
	}, rule(`rules:
  - name: the floor that matters
    on: [replied]
    when: ticket.fields["room"] == "second floor, left"
    do:
      - set: {priority: urgent}
`))
}

// A date that an agent sets is the promise, in place of what the priority says.
func TestDue(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/due 3d\n/take\nWe order a new router.")
		w.next(max)
		w.next(ann).has("To be solved by", "It is yours.")
		w.rest(ben)
		w.pass(30 * time.Hour) // more than a normal ticket has
		w.nothing(tess, tom, lead)
		w.answer(ann, notice, "/due yesterday")
		w.held(ann, "/due yesterday")
		w.pass(43 * time.Hour)
		// It was missed: the policy of this desk sends the ticket up, and the technicians go on.
		up := w.next(tess).has("The VPN is slow.")
		w.answer(tess, up, "/due none\n/solve\nThe router is there.")
		w.next(tess).has("No date is set any more")
		w.next(max).has("The router is there.")
	})
}

// Whoever watches hears of everything, and whoever has stopped of nothing, until they are needed.
func TestWatchAndStop(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, notice, benNotice := w.ask()
		w.send(letter{from: "Eve Early <" + eve + ">", to: support, subject: "watching", text: "/watch 1", header: []string{signedBy}})
		w.next(eve).has("You will hear of all that happens in this ticket")
		w.answer(ben, benNotice, "/stop")
		w.next(ben).has("You will not hear of this ticket again")
		w.answer(max, ack, "It is slower still.")
		w.next(ann).has("It is slower still.", "Eve Early")
		told := w.next(eve).has("It is slower still.")
		w.nothing(ben)
		w.answer(eve, told, "/note\nI know this router.")
		w.next(eve)
		w.next(ann).has("I know this router.")
		w.answer(eve, told, "/stop")
		w.next(eve)
		w.rest(ben)
		w.answer(ann, notice, "/stop") // the last one of the team: somebody has to hear
		w.next(ann)
		w.answer(max, ack, "Hello?")
		w.next(ann).has("Hello?")
		w.next(ben).has("Hello?")
		w.nothing(eve)
		w.answer(ann, notice, "/assign ben")
		w.next(ann)
		assigned := w.next(ben)
		w.answer(ben, assigned, "/stop")
		w.next(ben).has("the ticket is yours")
	})
}

// Who answers for a colleague and wants to hear no more of it does not take the ticket by the answer. What is refused stands out in the receipt.
func TestStopAboveAnAnswer(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, notice, benNotice := w.ask()
		w.answer(ann, notice, "/stop\nBen sees to it, Max.")
		w.next(max).has("Ben sees to it, Max.")
		w.next(ann).has("You will not hear of this ticket again").lacks("Refused")
		w.nothing(ben) // nobody has taken it
		w.answer(max, ack, "And when?")
		w.next(ben).has("And when?", "nobody")
		w.nothing(ann)
		w.answer(ben, benNotice, "/take\n/stop")
		w.next(ben).has("It is yours.", "Refused: /stop: Nothing was done: the ticket is yours.").lacks("Refused: /take")
		w.answer(max, ack, "Today?")
		w.next(ben).has("Today?")
		w.nothing(ann)
	})
}

// A reminder outlives a word of thanks, and ends with the ticket.
func TestASnoozeAndThanks(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, notice, _ := w.ask()
		w.answer(ann, notice, "/snooze 2d\nWe look into it.")
		w.next(max)
		w.next(ann).has("You will hear of it again")
		w.answer(max, ack, "Thank you!")
		w.rest(ann)
		w.rest(ben)
		w.pass(49 * time.Hour)
		reminded := 0
		var last got
		for _, m := range w.rest(ann) {
			if strings.Contains(m.text(), "You asked to be reminded") {
				reminded, last = reminded+1, m
			}
		}
		if reminded != 1 {
			t.Fatalf("Ann was reminded %d times", reminded)
		}
		w.answer(ann, last, "/snooze 2d")
		w.answer(ann, last, "/solve\nIt works again.")
		w.settle()
		w.rest(ann)
		w.pass(49 * time.Hour)
		for _, m := range w.rest(ann) {
			if strings.Contains(m.text(), "You asked to be reminded") {
				t.Error("Ann was reminded of what is done")
			}
		}
	})
}
