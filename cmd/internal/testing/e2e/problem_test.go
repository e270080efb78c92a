package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tierdesk/tickets"
)

// complain has three customers write of one thing, the second one in German, and returns the notice of each that Ann got.
func (w *world) complain() (notices map[string]got) {
	w.t.Helper()
	notices = map[string]got{}
	for _, l := range []letter{
		{from: "Max Muster <" + max + ">", subject: "VPN", text: "The tunnel does not come up since nine o'clock. My number is 4711."},
		{from: "Jane Doe <" + jane + ">", subject: "Kein Tunnel", text: "Guten Tag,\n\nseit heute früh kann ich mich nicht mehr einwählen, der Tunnel wird nicht aufgebaut. Können Sie das bitte prüfen?\n\nMit freundlichen Grüßen\nJane Doe"},
		{from: "Mallory <" + mallory + ">", subject: "Remote access", text: "I cannot work from home today, and I need to."},
	} {
		l.to = support
		w.send(l)
		w.next(address(l.from))
		notices[address(l.from)] = w.next(ann)
		w.next(ben)
	}
	return notices
}

// Three customers have one problem. What is published reaches each in their own thread and language, nobody reads of another, and the answer of one opens theirs alone.
func TestAProblemIsPublished(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		notices := w.complain()
		w.answer(ann, notices[max], "/problem new The VPN gateway is down", signedBy)
		w.next(ann).has("Problem 1 is open, and yours.", "on-hold")
		w.answer(ann, notices[jane], "/problem 1", signedBy)
		w.next(ann).has("belongs to problem 1", "Tickets: 2")
		w.answer(ann, notices[mallory], "/problem 1", signedBy)
		w.next(ann).has("Tickets: 3")
		w.rest(ben)
		for n := range int64(3) {
			if got := w.status(n + 1); got != tickets.OnHold {
				t.Errorf("ticket %d is %s", n+1, got)
			}
		}
		w.answer(ann, notices[mallory], "/problem 1 fixed", signedBy)
		w.next(ann).has("fixed", "tickets: 3", "/publish 1")
		w.nothing(max, jane, mallory)

		w.answer(ann, notices[max], "/publish\nThe gateway runs again since noon.\nPlease dial in once more.\n\n> My number is 4711.", signedBy)
		held := w.next(ann).has("Tickets: 3", "#1: Max Muster", "#2: Jane Doe", "#3: Mallory", "The tickets will be solved", "send it to all of them")
		w.nothing(max, jane, mallory)
		w.answer(ann, held, "/send", signedBy)
		w.settle()
		toAnn := w.rest(ann)
		if len(toAnn) != 2 {
			t.Fatalf("Ann has got %d mails", len(toAnn))
		}
		slices.SortFunc(toAnn, func(a, b got) int { return strings.Compare(b.event(), a.event()) })
		toAnn[0].has("each in their own ticket.", "Tickets: 3")
		toAnn[1].has("Ann Able has written to every customer")
		toMax := w.next(max).has("Hello Max Muster", "The gateway runs again since noon.", "Ann Able", "ticket #1")
		toJane := w.next(jane).has("Guten Tag Jane Doe", "The gateway runs again since noon.", "Ticket #2")
		toMallory := w.next(mallory).has("Hello Mallory", "ticket #3")
		for who, m := range map[string]got{max: toMax, jane: toJane, mallory: toMallory} {
			for other, words := range map[string][]string{max: {"Max", max, "4711", "#1]"}, jane: {"Jane", jane, "#2]"}, mallory: {"Mallory", mallory, "#3]"}} {
				if other != who {
					m.lacks(words...)
				}
			}
			m.lacks("problem", "/publish", ann, "## tierdesk")
			if m.Header.Get("In-Reply-To") == "" || m.Header.Get("Cc") != "" {
				t.Errorf("the mail to %s is in no thread, or shows others: %v", who, m.Header)
			}
		}
		if toMax.replyTo() == toJane.replyTo() || toMax.replyTo() == toMallory.replyTo() {
			t.Error("two customers have the same reply address")
		}
		// Tiers 1 and 2 hear of it in one mail each, and of the experts nobody.
		for _, who := range []string{ben, tess, tom} {
			w.next(who).has("Problem 1", "Ann Able has written to every customer of problem 1", "The gateway runs again")
		}
		w.nothing(eve, ann, ben, tess, tom)
		for n := range int64(3) {
			if got := w.status(n + 1); got != tickets.Solved {
				t.Errorf("ticket %d is %s", n+1, got)
			}
		}
		// Sent again, it goes nowhere.
		w.answer(ann, held, "/send", signedBy)
		w.next(ann).has("No mail of yours is held")
		w.nothing(max, jane, mallory)

		w.answer("Jane Doe <"+jane+">", toJane, "Leider geht es bei mir immer noch nicht, der Tunnel bricht sofort wieder ab.")
		w.next(ann).has("Leider geht es")
		for n, want := range []tickets.Status{tickets.Solved, tickets.Open, tickets.Solved} {
			if got := w.status(int64(n) + 1); got != want {
				t.Errorf("ticket %d is %s, wanted %s", n+1, got, want)
			}
		}
		w.never(max, "Leider", jane, mallory)
	})
}

// Nobody publishes without the right, without a proof, or by a word that only begins like it; and what is held for its proof shows whom it would reach as well.
func TestPublishingNeedsTheRight(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		notices := w.complain()
		w.answer(ann, notices[max], "/problem new The VPN gateway is down", signedBy)
		w.next(ann)
		benNotice := func() got {
			w.answer(max, w.latest(max), "Is there any news?")
			w.next(ann)
			return w.next(ben)
		}()
		w.answer(ben, benNotice, "/publish\nIt runs again.", signedBy)
		w.next(ben).has("You may not use /publish")
		w.answer(ann, notices[max], "/publ\nIt runs again.", signedBy)
		w.held(ann, "/publish")
		w.nothing(max, jane, mallory)
		w.answer(ann, notices[max], "/publish\nIt runs again.")
		held := w.next(ann).has("does not prove that you wrote /publish", "Tickets: 1", "#1: Max Muster")
		w.nothing(max)
		// The answer to the question proves it, and that to anything else does not.
		w.answer(ann, notices[max], "/send")
		w.next(ann).has("No mail of yours is held")
		w.nothing(max)
		w.answer(ann, held, "/send")
		w.next(max).has("It runs again.")
		w.latestOf(ann, "receipt").has("goes to the customers of problem 1")
		if got := w.status(1); got != tickets.OnHold { // it is a workaround: the problem is not fixed
			t.Errorf("the ticket is %s", got)
		}
		w.nothing(jane, mallory)
	}, edit("people.yaml", "ann: {", "ann: {rights: [publish], "))
}

// What is linked while the writer reads the list is not reached, nor what was taken out; who owns the problem hears of new tickets in one line, of many at once in one mail.
func TestOnlyWhoWasShownIsReached(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		notices := w.complain()
		w.answer(ann, notices[max], "/problem new The VPN gateway is down\n/problem 1 owner eve", signedBy)
		w.held(ann, "/problem")
		w.answer(ann, notices[max], "/problem new The VPN gateway is down", signedBy)
		w.next(ann)
		w.answer(ann, notices[max], "/problem 1 owner eve", signedBy)
		w.next(ann).has("Problem 1 is with Eve Early now")
		w.next(eve).has("Ann Able gives you problem 1 (The VPN gateway is down)")
		w.answer(ann, notices[jane], "/problem 1", signedBy)
		w.next(ann)
		w.next(eve).has("Ticket #2 now belongs to your problem 1 (The VPN gateway is down).", "Your reply goes to Jane Doe")
		w.answer(ann, notices[max], "/publish\nPlease use the old gateway until tomorrow.", signedBy)
		held := w.next(ann).has("#1: Max Muster", "#2: Jane Doe", "stay as they are")
		w.answer(ann, notices[mallory], "/problem 1", signedBy)
		w.next(ann)
		w.answer(ann, notices[max], "/problem none", signedBy)
		w.next(ann).has("no longer belongs to problem 1")
		if got := w.status(1); got != tickets.Open {
			t.Errorf("ticket 1 is %s", got)
		}
		w.answer(ann, notices[max], "/problem new Another thing", signedBy)
		w.next(ann).has("Problem 2 is open")
		w.answer(ann, held, "/send", signedBy)
		w.latestOf(ann, "receipt").has("customers of problem 1", "Tickets: 1.", "taken out of problem 1 after you saw the list: #1.", "linked after you saw the list: #3.")
		w.next(jane).has("Please use the old gateway until tomorrow.")
		w.nothing(max, mallory)
		w.next(eve).has("Ann Able has written to every customer of problem 1")
		w.nothing(eve) // ten minutes have not passed
		w.pass(11 * time.Minute)
		w.next(eve).has("Ticket #3 now belongs to your problem 1")
	})
}

// Who publishes is told which tickets have left the problem since; where none is left, nobody hears that all customers have it, and no article is drafted.
func TestAPublicationThatReachesNobody(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		notices := w.complain()
		w.answer(ann, notices[max], "/problem new The gateway is down\n/status open", signedBy)
		w.next(ann)
		w.rest(ben)
		w.answer(ann, notices[max], "/problem fixed", signedBy)
		w.next(ann)
		w.answer(ann, notices[max], "/publish\nIt runs again.", signedBy)
		held := w.next(ann).has("Tickets: 1", "#1: Max Muster")
		w.answer(ben, notices[max], "/problem none", signedBy)
		w.rest(ann)
		w.rest(ben)
		w.answer(ann, held, "/send", signedBy)
		w.latestOf(ann, "receipt").has("taken out of problem 1 after you saw the list: #1.").lacks("Your text goes to")
		w.nothing(max, ann, ben, tess, tom)

		// The same where it leaves after the text was let go.
		w.answer(ann, notices[jane], "/problem new Another", signedBy)
		w.next(ann)
		w.answer(ann, notices[jane], "/problem fixed", signedBy)
		w.next(ann)
		w.answer(ann, notices[jane], "/publish\n/problem none\nIt runs once more.", signedBy)
		w.answer(ann, w.next(ann).has("#2: Jane Doe"), "/send", signedBy)
		w.latestOf(ann, "problem-news").has("taken out of problem 2 after you saw the list: #2.").lacks("has written to every")
		w.rest(ann)
		w.rest(ben)
		w.nothing(max, jane, tess, tom)
		if got := w.drafted(); len(got) != 0 {
			t.Errorf("there are drafts: %v", got)
		}
	})
}
