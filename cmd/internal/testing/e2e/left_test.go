package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// note sends an automatic note in answer to a mail, to where such notes go.
func (w *world) note(from, to string, m got, text string, header ...string) {
	w.t.Helper()
	w.send(letter{from: from, to: to, subject: "Automatic reply: " + m.subject(), text: text,
		header: append([]string{"In-Reply-To: " + m.Header.Get("Message-Id"), "References: " + m.Header.Get("Message-Id")}, header...)})
}

// Somebody in Cc has left, and a note of theirs says so: those who have the ticket are told once, with whom the note names and a button that
// takes them out. The note is filed: nobody answers it, it opens nothing again and stops no clock. Who is only away is no news, nor
// is a colleague of theirs who has left, nor what a forger says.
func TestWhoInCcHasLeft(t *testing.T) {
	const marked = "Auto-Submitted: auto-replied"
	for _, c := range []struct {
		name, away, left string
		header           []string
		instead          string
	}{
		{"marked", "I am out of the office until Monday. My colleague Bob Miller has left Gold Ltd, so please write to Eve.",
			"Jane has left Gold Ltd. Please write to bob.miller@gold.example from now on.", []string{marked}, "bob.miller@gold.example"},
		{"unmarked", "Ich bin bis Montag im Urlaub und danach wieder erreichbar. Frau Berg ist nicht mehr bei uns tätig.",
			"Guten Tag,\n\nich arbeite nicht mehr bei Gold. Bitte schreiben Sie künftig an zentrale@gold.example.\n\nJane", nil, "zentrale@gold.example"},
	} {
		t.Run(c.name, func(t *testing.T) {
			stories(t, func(t *testing.T, w *world) {
				w.send(letter{from: "Max Muster <" + max + ">", to: support, cc: "Jane Doe <" + jane + ">", subject: "VPN", text: "The VPN is slow."})
				w.next(max)
				w.next(jane) // what Max's mail client sent
				notice := w.next(ann)
				w.next(ben)
				w.answer(ann, notice, "/take\n/status pending\nWe look into it.")
				w.next(max)
				copied := w.next(jane)
				w.rest(ann)
				w.rest(ben)

				w.note("Jane Doe <"+jane+">", copied.replyTo(), copied, c.away, marked)
				w.note("Jane Doe <"+jane+">", copied.replyTo(), copied, c.left, append(c.header, "Authentication-Results: mx.acme.example; dmarc=fail header.from=gold.example")...)
				w.nothing(max, jane, ben, admin)
				for _, m := range w.rest(ann) {
					if m.event() == "has-left" {
						t.Errorf("Ann is told that somebody has left:\n%s", m.text())
					}
				}

				w.note("Jane Doe <"+jane+">", copied.envelope(), copied, c.left, c.header...)
				told := w.next(ann).has("Jane Doe has left and still gets copies", strings.Fields(c.left)[0], "/cc -"+jane, c.instead, "pending")
				if told.event() != "has-left" {
					t.Errorf("Ann got %q", told.event())
				}
				w.note("Jane Doe <"+jane+">", copied.replyTo(), copied, c.left+"\n\nGold Ltd", c.header...) // once more
				w.nothing(max, jane, ann, ben, admin)

				// Nothing happens by itself; the button does what the agent could have typed.
				w.press("Ann Able <"+ann+">", told, "Copies to "+c.instead+" instead", signedBy)
				w.next(ann).has(c.instead)
				w.answer(ann, told, "It is mended.")
				sent := w.next(max).has("It is mended.")
				if cc := sent.Header.Get("Cc"); !strings.Contains(cc, c.instead) || strings.Contains(cc, jane) {
					t.Errorf("the answer goes to %s", cc)
				}
				w.rest(ann)
				w.nothing(jane, ben)
			})
		})
	}
}

// Who asked has left: it is told as well, but nobody can take them out. It does not open what is solved.
func TestTheRequesterHasLeft(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/take\n/solve\nIt is mended.")
		answer := w.next(max)
		w.rest(ann)
		w.rest(ben)
		w.note("Max Muster <"+max+">", answer.envelope(), answer, "Max Muster arbeitet nicht mehr bei uns. Bitte schreiben Sie an: zentrale@customer.example", "Auto-Submitted: auto-replied")
		told := w.next(ann).has("Max Muster has left", "/cc +zentrale@customer.example", "solved").lacks("still gets copies", "/cc -")
		w.nothing(max, ann, ben, admin)
		w.press("Ann Able <"+ann+">", told, "Copies to zentrale@customer.example instead", signedBy)
		w.next(ann).has("zentrale@customer.example")
		w.nothing(max, ben)
	})
}

// The mailbox of somebody in Cc takes nothing, for good: the agent is told once, with the button, however often an answer comes back;
// the ticket goes on waiting for who asked, who has got it.
func TestAFullMailboxInCc(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, cc: jane, subject: "VPN", text: "The VPN is slow."})
		w.next(max)
		w.next(jane)
		notice := w.next(ann)
		w.next(ben)
		w.answer(ann, notice, "/take\n/status pending\nWe look into it.")
		w.next(max)
		copied := w.next(jane)
		w.rest(ann)
		w.rest(ben)
		w.report(copied.envelope(), copied.Header.Get("Message-Id"), jane+" 5.2.2")
		told := w.next(ann).has("5.2.2", jane, "/cc -"+jane, "pending")
		w.answer(ann, told, "Now it is mended.")
		w.next(max).has("Now it is mended.")
		copied = w.next(jane)
		w.report(copied.envelope(), copied.Header.Get("Message-Id"), jane+" 5.2.2")
		w.nothing(max, ben)
		for _, m := range w.rest(ann) {
			if m.event() == "bounced" {
				t.Errorf("Ann is told again:\n%s", m.text())
			}
		}
		w.press("Ann Able <"+ann+">", told, "No more copies to "+jane, signedBy)
		w.next(ann).has(jane)
		w.answer(ann, told, fmt.Sprintf("One more thing: restart it. Ask %s, too.", "Jane"))
		w.next(max).has("One more thing")
		w.nothing(jane)
	})
}

// Who writes by hand that they have left may go on to ask for something: the agents read it, though they know that its writer has left. What says
// the same once more is only kept.
func TestWhoHasLeftAsksForSomething(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		const muster = "Max Muster <" + max + ">"
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/take\n/solve\nIt is mended.")
		answer := w.next(max)
		w.rest(ann)
		w.rest(ben)
		write := func(text string) {
			t.Helper()
			w.send(letter{from: muster, to: answer.replyTo(), subject: "Re: " + answer.subject(), text: text,
				header: []string{"In-Reply-To: " + answer.Header.Get("Message-Id")}})
		}
		const left = "I no longer work at Customer. Please write to zentrale@customer.example from now on."
		write(left)
		told := w.next(ann).has("Max Muster has left", left[:20])
		if told.event() != "has-left" {
			t.Errorf("Ann got %q", told.event())
		}
		write(left + "\n")
		w.nothing(max, ann, ben)
		write("As I wrote, I no longer work at Customer. The laptop has to go to depot@customer.example by Friday.")
		asked := w.next(ann).has("by Friday.")
		if asked.event() != "agent-reply" {
			t.Errorf("Ann got %q", asked.event())
		}
		w.answer(ann, asked, "It goes to Hamburg today.")
		w.next(max).has("It goes to Hamburg today.")
		w.nothing(ben, admin)
	})
}

// One of those who read a list in Cc has left: they are named, and the list stays in the ticket.
func TestOneOfAListHasLeft(t *testing.T) {
	const list = boss // an address that several read
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, cc: list, subject: "VPN", text: "The VPN is slow."})
		w.next(max)
		notice := w.next(ann)
		w.next(ben)
		w.next(list)
		w.answer(ann, notice, "/take\n/status pending\nWe look into it.")
		w.next(max)
		copied := w.next(list)
		w.rest(ann)
		w.rest(ben)
		note := func() {
			t.Helper()
			w.note("Jane Doe <"+jane+">", copied.envelope(), copied, "Jane has left Gold Ltd. Please write to bob.miller@gold.example from now on.", "Auto-Submitted: auto-replied")
		}
		note()
		told := w.next(ann).has("Jane Doe has left", jane, list, "/cc +bob.miller@gold.example").lacks("still gets copies", "/cc -", "No more copies")
		note()
		w.nothing(max, ann, ben, admin)
		w.answer(ann, told, "It is mended.")
		w.next(max).has("It is mended.")
		w.next(list).has("It is mended.")
	})
}

// A mailbox that once refused our mail can still belong to somebody who writes: their letter is read, though it sounds like a note.
func TestAMutedAddressWritesThatTheyHaveLeft(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/take\nThe part is here.")
		answer := w.next(max)
		w.rest(ann)
		w.rest(ben)
		w.report(answer.envelope(), answer.Header.Get("Message-Id"), max+" 5.1.1")
		w.answer(ann, w.next(ann).has("5.1.1"), "/solve")
		w.rest(ann)
		w.send(letter{from: "Max Muster <" + max + ">", to: answer.replyTo(), subject: "Re: " + answer.subject(),
			header: []string{"In-Reply-To: " + answer.Header.Get("Message-Id")},
			text:   "As I wrote, I no longer work at Customer. The laptop has to go to depot@customer.example by Friday."})
		if told := w.next(ann).has("by Friday."); told.event() != "agent-reply" {
			t.Errorf("Ann got %q", told.event())
		}
		w.nothing(ben, admin)
	})
}
