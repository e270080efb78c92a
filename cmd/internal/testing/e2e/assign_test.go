package e2e

import "testing"

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
