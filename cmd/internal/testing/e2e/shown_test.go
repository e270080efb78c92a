package e2e

import (
	"strings"
	"testing"
	"time"
)

// What the desk itself tells whoever asked names nobody else: an answer to all would reach people who have not read what it answers. What a person writes goes
// to all whom it names. That the same holds for every kind of mail is looked at when a story ends (world.invariants).
func TestWhoAMailNamesGetsIt(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, cc: jane, subject: "VPN", text: "The VPN is slow."})
		alone := func(m got) got {
			t.Helper()
			if cc := m.Header.Get("Cc"); cc != "" || !strings.Contains(m.Header.Get("To"), max) {
				t.Errorf("To %q, Cc %q", m.Header.Get("To"), cc)
			}
			return m
		}
		alone(w.next(max))
		w.next(jane) // what Max's mail client sent
		notice := w.next(ann)
		w.next(ben)
		w.answer(ann, notice, "/take\nPlease restart the client.")
		if m := w.next(max); m.Header.Get("Cc") == "" || w.next(jane).Header.Get("Cc") != m.Header.Get("Cc") {
			t.Errorf("Jane is not in Cc of %q", m.subject())
		}
		w.rest(ann)
		w.rest(ben)
		w.pass(7 * 24 * time.Hour)
		alone(w.next(max)) // the reminder
		w.rest(ann)
		w.answer(ann, notice, "/solve")
		w.next(ann).has("/solve")
		solved := alone(w.next(max).has("solved"))
		w.nothing(jane)
		// He answers to all whom it names. What Ann writes then is for both again.
		w.answer("Max Muster <"+max+">", solved, "It is still slow.")
		again := w.next(ann).has("It is still slow.", "Max Muster, "+jane)
		w.answer(ann, again, "I send you another client.")
		w.next(max).has("another client")
		w.next(jane).has("another client")
		w.rest(ben)
	}, rule(`rules:
  - {name: remind, on: [elapsed], after: no customer reply for 5d, do: [{reply: reminder}]}
`))
}

// The end of a thread is told to all who take part in it, but not where mail comes back from.
func TestAMergeIsToldToAll(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		const muster = "Max Muster <" + max + ">"
		w.open(muster, "VPN", "The VPN is slow.")
		w.send(letter{from: muster, to: support, cc: jane + ", " + boss, subject: "VPN once more", text: "Is anybody there?"})
		w.next(max)
		w.next(jane)
		w.next(boss)
		notice := w.next(ann)
		w.next(ben)
		w.answer(ann, notice, "We look into it.")
		w.next(max)
		w.next(jane)
		copied := w.next(boss)
		w.endsFor(ben)
		w.report(copied.envelope(), copied.Header.Get("Message-Id"), boss+" 5.1.1")
		w.next(ann).has("5.1.1", boss)
		w.answer(ann, notice, "/merge 1")
		w.next(ann).has("Merged into #1")
		merged := w.next(max).has("belong together")
		w.next(jane).has("belong together")
		if strings.Contains(merged.Header.Get("Cc"), boss) {
			t.Errorf("Cc %q", merged.Header.Get("Cc"))
		}
		w.nothing(boss)
	})
}
