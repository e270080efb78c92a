package e2e

import "testing"

// Whoever has lost patience, by their words or because they write for the third time in vain, is the lead's business: the priority is
// raised, the lead told, and what the lead writes reaches them. Whoever is patient stirs nobody.
func TestAnAngryCustomer(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: jane, to: support, subject: "Scanner", text: "Das ist eine Frechheit. Ich warte seit Wochen!"})
		w.next(jane)
		angry := w.next(lead).has("told of this ticket by rule")
		if got := angry.Header.Get("X-Tierdesk-Priority"); got != "high" {
			t.Errorf("the priority is %q", got)
		}
		w.next(ann)
		w.next(ben)
		w.answer(lead, angry, "Es tut mir leid. Ich kümmere mich selbst darum.")
		w.next(jane).has("Es tut mir leid.")
		w.rest(ann)
		w.rest(ben)

		// The third mail in vain, in the kindest words.
		ack, _, _ := w.open("Max Muster <"+max+">", "VPN", "Could you have a look at the VPN, please?")
		w.answer("Max Muster <"+max+">", ack, "I hope that my mail has reached you.")
		w.nothing(lead)
		w.answer("Max Muster <"+max+">", ack, "May I ask how things are going?")
		third := w.next(lead).has("told of this ticket by rule")
		if got := third.Header.Get("X-Tierdesk-Priority"); got != "high" {
			t.Errorf("the priority of the third mail is %q", got)
		}
		w.answer(lead, third, "We have found the fault.")
		w.next(max).has("We have found the fault.")
		w.rest(lead)
		w.answer("Max Muster <"+max+">", ack, "Thank you, no rush!")
		w.next(lead).has("Thank you, no rush!").lacks("by rule") // it is the lead's ticket now
		w.nothing(lead)
	}, quietly, rule(`rules:
  - {name: angry, on: [opened, replied], when: 'mood == "angry"', do: [{set: {priority: high}}, {notify: [lead]}]}
`))
}
