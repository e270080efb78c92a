package e2e

import (
	"fmt"
	"testing"
	"time"
)

// A restricted ticket is told to those whom it names; to all others it is a number.
func TestARestrictedTicket(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		const muster = "Max Muster <" + max + ">"
		ack, notice, benNotice := w.open(muster, "Salary", "My salary is wrong.")
		w.answer(ben, benNotice, "/watch")
		w.next(ben)
		w.answer(ann, notice, "/restrict +eve")
		w.next(ann).has("Only Ann Able, Eve Early can see it now.")
		told := w.next(eve).has("Ann Able has restricted this ticket", "Salary")
		w.rest(ann)
		w.rest(ben)
		w.answer(muster, ack, "It is 200 too low.")
		w.next(ann).has("It is 200 too low.")
		w.nothing(ben, lead)
		// Ben has his old notice, and can do and find nothing with it.
		w.answer(ben, benNotice, "/assign me\nWhat is it about?", signedBy)
		w.held(ben, "restricted to others").lacks("200 too low", "Salary")
		w.send(letter{from: "Ben Brown <" + ben + ">", to: support, subject: "one", text: "/close 1 7", header: []string{signedBy}})
		w.next(ben).has("There is no ticket #1.", "There is no ticket #7.").lacks("200 too low", "Salary")
		w.nothing(max)
		// Eve goes on, and opens it again.
		w.answer(eve, told, "/restrict -ann\n/note\nI take it.")
		w.rest(eve)
		w.rest(ann)
		w.answer(muster, ack, "Hello?")
		last := w.next(eve).has("Hello?")
		w.nothing(ann, ben)
		w.answer(eve, last, "/restrict -me")
		w.next(eve).has("All agents can see it again.")
		w.answer(muster, ack, "Is anybody there?")
		w.next(ben).has("Is anybody there?")
		w.next(ann)
		w.answer(ann, notice, "/restrict +nobody")
		w.held(ann, "/restrict +nobody")
		w.answer(tess, benNotice, "/restrict +tess") // another's reply address
		w.nothing(max, ann)
	})
}

// An inbox can be for some alone: its team hears nothing, not even when nobody answers in time.
func TestARestrictedInbox(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Salary", text: "My salary is wrong."})
		w.next(max)
		notice := w.next(eve).has("My salary is wrong.")
		w.nothing(ann, ben)
		w.answer(eve, notice, "We look into it.")
		w.next(max).has("We look into it.")
		w.nothing(ann, ben, tess, tom)
	}, edit("tierdesk.yaml", "    first_run: new\n", "    first_run: new\n    restricted: [engineering]\n"))
}

// What a ticket tells in a digest is told when the digest is sent: by then one is restricted to others, and one is part of another.
func TestADigestAfterARestriction(t *testing.T) {
	at := time.Now().UTC().Add(2 * time.Hour).Format("15:04")
	stories(t, func(t *testing.T, w *world) {
		open := func(from, subject, text string) got {
			t.Helper()
			w.send(letter{from: from, to: support, subject: subject, text: text})
			w.next(address(from))
			return w.next(ann)
		}
		illness := open("Max Muster <"+max+">", "My illness", "I have to tell you something.")
		open("Jane Doe <"+jane+">", "VPN", "The VPN is slow.")
		second := open("Jane Doe <"+jane+">", "VPN again", "It is still slow.")
		w.answer(ann, illness, "/restrict me")
		w.next(ann).has("Only Ann Able can see it now.")
		w.answer(ann, second, "/merge #2")
		w.rest(ann)
		w.nothing(ben)
		w.pass(2*time.Hour + time.Minute)
		digest := w.next(ben).has("News in 1 ticket", "#2", "VPN").lacks("illness", "Muster", "VPN again")
		if digest.event() != "agent-digest" {
			t.Errorf("Ben got %q", digest.event())
		}
		w.never(ben, "illness")
		w.nothing(ben)
	}, quietly, people("address: "+ben+",", fmt.Sprintf("address: %s, notify: digest at %s,", ben, at)))
}
