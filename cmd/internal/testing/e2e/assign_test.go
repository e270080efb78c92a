package e2e

import (
	"testing"

	"tierdesk/rules"
)

// New tickets go to the agents of a team by turns: each hears of their own, and answers it.
func TestRoundRobin(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		for _, turn := range []struct{ agent, other, subject string }{{ann, ben, "One"}, {ben, ann, "Two"}, {ann, ben, "Three"}} {
			w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: turn.subject, text: "It does not work."})
			w.next(max)
			notice := w.next(turn.agent).has(turn.subject, "It does not work.")
			w.nothing(turn.other)
			w.answer(turn.agent, notice, "Please try again.")
			w.next(max).has("Please try again.")
		}
		// What a rule gives to somebody is nobody's turn.
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "For Tess", text: "Hello Tess."})
		w.next(max)
		w.next(tess).has("Hello Tess.")
		w.nothing(ann, ben)
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Four", text: "It does not work."})
		w.next(max)
		w.next(ben).has("Four")
		w.nothing(ann)
	}, people("frontdesk: {name: Front desk}", "frontdesk: {name: Front desk, assign: round-robin}"), rule(`rules:
  - name: for Tess
    on: [opened]
    when: subject contains "Tess"
    do: [{set: {assignee: tess}}]
`))
}

// Whoever has the fewest tickets that wait for an answer gets the next one, up to their limit; what
// nobody can be given is the team's, and one of it takes it.
func TestLeastLoaded(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		comes := func(from, subject, to string) got {
			t.Helper()
			w.send(letter{from: from, to: support, subject: subject, text: "It does not work."})
			w.next(from)
			return w.next(to).has(subject)
		}
		one := comes(max, "One", ann)
		comes(jane, "Two", ben)
		w.answer(ann, one, "Please try again.")
		w.next(max).has("Please try again.")
		comes(max, "Three", ann) // none waits for her, one for Ben
		comes(jane, "Four", ben) // one each: by turns
		comes(boss, "Five", ann)
		comes(boss, "Six", ben) // two each, and that is her limit
		w.nothing(ann, ben)
		seven := comes(mallory, "Seven", ann) // the team's
		w.next(ben).has("Seven")
		w.answer(ann, seven, "/take")
		w.next(ann).has("It is yours.")
		w.next(ben).has("Ann Able has taken this ticket.")
	}, people("teams: [frontdesk], signature", "teams: [frontdesk], limit: 2, signature", "Ben Brown, address: "+ben+",", "Ben Brown, limit: 3, address: "+ben+",",
		"frontdesk: {name: Front desk}", "frontdesk: {name: Front desk, assign: least-loaded}"))
}

// Who answers a ticket first has taken it. That ends it for the others: they are told so once, and a
// colleague who was about to answer leaves it; no further answer says so again. A team that wants to
// hear nothing of that hears nothing.
func TestTheFirstAnswerEndsItForTheOthers(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		w.answer(ben, benNotice, "/watch")
		w.next(ben).has("You will hear of all")
		w.answer(ann, notice, "Please restart the router.")
		answer := w.next(max).has("Please restart the router.")
		w.next(ben).has("Ann Able answered:", "Please restart the router.") // he watches it: the text says it all
		w.nothing(ann, ben)
		w.answer(ben, benNotice, "/stop")
		w.next(ben)
		w.answer("Max Muster <"+max+">", answer, "And now?")
		again := w.next(ann).has("And now?")
		w.answer(ann, again, "Wait a minute.")
		w.next(max).has("Wait a minute.")
		w.nothing(ann, ben)

		w.send(letter{from: jane, to: support, subject: "Door", text: "The door is locked."})
		w.next(jane)
		w.next(ann)
		door := w.next(ben)
		w.answer(ben, door, "Try the other one.")
		w.next(jane).has("Try the other one.")
		told := w.next(ann).has("Ben Brown has answered and taken this ticket.").lacks("Try the other one.")
		w.answer(ann, told, "/assign me") // she knows better
		w.next(ann).has("It is yours.")
		w.next(ben).has("Ann Able has taken this ticket.")
		w.nothing(ann, ben)

		w.send(letter{from: boss, to: support, subject: "Window", text: "The window is stuck."})
		w.next(boss)
		window := w.next(ann)
		w.next(ben)
		w.answer(ann, window, "/team technicians")
		w.next(ann)
		w.next(tom)
		w.answer(tess, w.next(tess), "Push it.")
		w.next(boss).has("Push it.")
		w.nothing(ann, ben, tom)
	}, people("technicians: {name: Technicians}", "technicians: {name: Technicians, taken: silent}"))
}

// A ticket goes to who knows about its tags; and one that comes to a team later, to whose turn it
// is there.
func TestBySkill(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		comes := func(from, subject, to string) got {
			t.Helper()
			w.send(letter{from: from, to: support, subject: subject, text: "It does not work."})
			w.next(from)
			return w.next(to).has(subject)
		}
		comes(jane, "VPN is slow", ann)
		notice := comes(max, "VPN is down", ann)
		comes(jane, "Printer", ben)
		comes(boss, "Something else", ben) // fewer wait for him
		w.nothing(ann, ben)
		w.answer(ann, notice, "/escalate The tunnel drops.")
		w.next(ann).has("At tier 2 (Technicians) now.")
		handed := w.next(tess).has("The tunnel drops.")
		w.nothing(tom)
		w.answer(tess, handed, "/team engineering")
		w.next(tess).has("With team Engineering now; Eve Early has it.")
		w.answer(eve, w.next(eve).has("VPN is down"), "We have mended the tunnel.")
		w.next(max).has("We have mended the tunnel.")
		w.nothing(tom, ann, ben)
	}, people("teams: [frontdesk], signature", "teams: [frontdesk], skills: [vpn], signature", "Ben Brown, address: "+ben+",", "Ben Brown, skills: [printers], address: "+ben+",",
		"frontdesk: {name: Front desk}", "frontdesk: {name: Front desk, assign: by-skill}", "technicians: {name: Technicians}", "technicians: {name: Technicians, assign: round-robin}",
		"engineering: {name: Engineering}", "engineering: {name: Engineering, assign: least-loaded}"), rule(`rules:
  - name: what it is about
    on: [opened]
    when: subject contains "VPN"
    do: [{set: {tags: [+vpn]}}]
  - name: printers
    on: [opened]
    when: subject contains "Printer"
    do: [{set: {tags: [+printers]}}]
`))
}

// The admin may write an agent's name with any letters: the ticket is theirs, and answers as theirs.
func TestTheAdminAssignsInCapitals(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.ask()
		if _, after, err := w.app.Desk.Change(t.Context(), 1, rules.Changes{Assignee: "TESS"}); err != nil || after.Assignee != "tess" {
			t.Errorf("it is %q's: %v", after.Assignee, err)
		}
		w.next(tess).has("The VPN is slow.")
		w.order(tess, "/list mine")
		w.next(tess).has("#1 VPN")
	}, quietly)
}
