package e2e

import (
	"strings"
	"testing"

	"tierdesk/tickets"
)

// What an agent writes to a colleague, or pastes of one's words, goes to no customer: it comes back, and they make a note of it.
func TestWordsForColleaguesAreHeld(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		for _, text := range []string{
			"Hi Ben,\n\nhe never pays. What do you think?",
			"Good morning Ben\n\nhe never pays, take your time.",
			"It comes on Monday.\n\n[09:00] Ben Brown: he never pays",
			"It comes on Monday.\n\n*From:* Ben Brown\n*To:* Ann\n\nHe never pays.",
		} {
			w.reply(ann, notice, text)
			held := w.held(ann, "Ben Brown, a colleague")
			w.answer(ann, held, "/drop")
			w.next(ann).has("The held mail was dropped.")
		}
		w.reply(ann, notice, "Ben Brown comes on Monday and brings the part.")
		w.next(max).has("comes on Monday and brings the part.")
		w.never(max, "never pays")
	})
}

// A signature without a text, and a command in a quotation of the agent's own, send nothing.
func TestNothingButASignatureIsHeld(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		for _, text := range []string{"-- \nAnn Able\nRoom 12", "Best regards,\nAnn Able", "> /note\nHe never pays."} {
			w.reply(ann, notice, text+"\n\nOn Monday Max Muster via Acme Support wrote:\n\n"+quoted(notice.text()))
			held := w.held(ann)
			w.answer(ann, held, "/drop")
			w.next(ann).has("The held mail was dropped.")
		}
		// Below a command it is no text either.
		w.reply(ann, notice, "/priority high\n\nBest regards\nAnn Able")
		if r := w.next(ann).has("/priority high"); strings.Contains(r.text(), "Your text goes to") {
			t.Error("a signature was sent")
		}
		w.nothing(max)
		// But a postscript there is not thrown away without a word.
		for _, text := range []string{"/solve\n\nBest regards,\nAnn Able\nPS: the badge waits at the gate", "/solve\n—\nIt works from 9:00 on."} {
			w.reply(ann, notice, text)
			held := w.held(ann, "stands in what looks like your signature")
			if got := w.status(1); got == tickets.Solved {
				t.Error("the ticket is solved")
			}
			w.answer(ann, held, "/drop")
			w.next(ann).has("The held mail was dropped.")
		}
		w.nothing(max)
		w.reply(ann, notice, "/priority low\n\nBest regards\nAnn Able\nPS: the badge waits at the gate")
		w.answer(ann, w.held(ann, "PS: the badge"), "/send")
		w.next(max).has("PS: the badge waits at the gate")
		w.next(ann).has("low, was high.")
	})
}

// A mail that names two authors, or has two From fields, is not believed on the word of a reply address: Ann is asked.
func TestTwoAuthorsAreNotBelieved(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.reply(ann, notice, "It comes on Monday.", "From: Eve <eve@evil.example>")
		if m := w.next(ann); m.event() != "confirm" {
			t.Errorf("Ann got %q", m.event())
		}
		w.nothing(max)
	})
}

// What Ann says further down is for the house, or that nobody sees, or somebody else's words above our notice: it comes back to her. What only looks alike
// goes out.
func TestWhatStandsFurtherDownIsHeld(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		for _, c := range []struct{ text, why string }{
			{"Please restart it.\n\nPS (internal): he never pays.", "looks like an internal note"},
			{"Please restart it.\n\nDo not tell the customer that he never pays.", "looks like an internal note"},
			{"Please restart it.\n\nBest regards\nAnn Able\n\nInternal: he never pays.", "looks like an internal note"},
			{"Please restart it.\n\nOn 30 Nov 2026, 09:00 +0100, Ben Brown <" + ben + ">, wrote:\nHe never pays.", "Ben Brown, a colleague"},
			{"Hi team, can somebody take this?", "greets colleagues"},
		} {
			w.answer(ann, notice, c.text)
			held := w.held(ann, c.why)
			w.answer(ann, held, "/drop")
			w.next(ann).has("The held mail was dropped.")
		}
		w.both(ann, notice, "He never pays.\nPlease restart it.", `<div style="color:white">He never pays.</div><div>Please restart it.</div>`)
		w.answer(ann, w.held(ann, "is struck out or cannot be seen", "He never pays."), "/drop")
		w.next(ann).has("The held mail was dropped.")
		w.both(ben, benNotice, "On <s>Monday</s> Friday.", `<div>On <s>Monday</s> Friday.</div>`)
		w.answer(ben, w.held(ben, "is struck out or cannot be seen", "Monday"), "/drop")
		w.next(ben).has("The held mail was dropped.")
		w.both(ben, benNotice, "Your program cannot show this mail.", `<p>Please restart the router.</p>`)
		w.answer(ben, w.held(ben, "say different things"), "/drop")
		w.next(ben).has("The held mail was dropped.")
		w.nothing(max)
		w.both(ann, notice, "Restart it.\n\nNote: it takes ten minutes.", `<div style="background-color:#242424"><div style="color:#fff">Restart it.</div><div><br></div><div style="color:#fff">Note: it takes ten minutes.</div></div>`)
		w.next(max).has("Restart it.", "Note: it takes ten minutes.")
		w.nothing(ann)
		w.never(max, "never pays")
	})
}

// What is for the house by its words, or stands among the facts of the notice, comes back; what only looks so goes out.
func TestWordsOfTheHouse(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		_, facts, found := strings.Cut(notice.text(), "\nStatus ")
		if !found {
			t.Fatalf("no facts in\n%s", notice.text())
		}
		facts = "Status " + strings.SplitN(facts, "\n\n", 2)[0]
		key := "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n" + strings.Repeat("mQENBF12", 8) + "\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----"
		for text, why := range map[string]string{
			"Looping in Ben.": "Ben Brown, a colleague", "This customer never pays, wait.": "speaks of the customer", "It is on.\n\n" + facts: "may be yours or the notice's",
			"It is on.\n\n" + key: "PGP PUBLIC KEY BLOCK", "Internal use only. It never pays.": "looks like an internal note",
		} {
			w.reply(ann, notice, text)
			held := w.held(ann, why)
			w.answer(ann, held, "/drop")
			w.next(ann).has("The held mail was dropped.")
		}
		w.send(letter{from: ann, to: notice.replyTo(), subject: "WG: " + notice.subject(), text: "It never pays.", header: []string{"In-Reply-To: " + notice.Header.Get("Message-Id")}})
		w.answer(ann, w.held(ann, "forwards another one"), "/drop")
		w.next(ann).has("The held mail was dropped.")
		w.nothing(max)
		w.reply(ann, notice, "Internal: Samsung SSD\nExternal: USB stick")
		w.next(max).has("Internal: Samsung SSD", "External: USB stick")
		w.never(max, "never pays", "Front desk", "mQENBF12")
	})
}
