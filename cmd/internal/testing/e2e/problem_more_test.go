package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tierdesk/tickets"
)

// A rule links by its key: the first ticket opens the lead's problem, the next joins it; what an agent takes out stays out.
func TestARuleLinksToAProblem(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Printer", text: "The printer on the second floor is dead."})
		w.next(max)
		notice := w.next(ann).has("problem 1 (Printers")
		w.next(ben)
		w.latestOf(lead, "problem-news").has("Ticket #1 now belongs to your problem 1 (Printers).")
		w.send(letter{from: "Jane Doe <" + jane + ">", to: support, subject: "Printer again", text: "It prints nothing."})
		w.next(jane)
		w.next(ann).has("problem 1 (Printers")
		w.next(ben)
		for n := range int64(2) {
			if got := w.status(n + 1); got != tickets.OnHold {
				t.Errorf("ticket %d is %s", n+1, got)
			}
		}
		w.answer(ann, notice, "/problem none", signedBy)
		w.next(ann).has("no longer belongs")
		w.answer("Max Muster <"+max+">", w.latest(max), "The printer is still dead.")
		w.next(ann)
		if got := w.status(1); got != tickets.Open {
			t.Errorf("ticket 1 is %s", got)
		}
		w.nothing(max, jane)
	}, edit("rules/10-routing.yaml", "rules:", `rules:
  - name: printers
    on: [opened, replied]
    when: subject contains "Printer"
    do:
      - problem: Printers
`))
}

// What is published is offered as the draft of an article, and helps the next customer once somebody has made it one; where it cannot be written, whoever published is told.
func TestAPublicationBecomesADraft(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		publish := func(notice got, title string) got {
			w.answer(ann, notice, "/problem new "+title, signedBy)
			w.next(ann)
			w.answer(ann, notice, "/problem fixed", signedBy)
			w.next(ann)
			w.answer(ann, notice, "/publish\nUnplug it and plug it in again.", signedBy)
			w.answer(ann, w.next(ann), "/send", signedBy)
			w.settle()
			return w.latestOf(ann, "problem-news")
		}
		notices := w.complain()
		publish(notices[max], `The "old": gateway`).has("kb/drafts/problem-1-1.md")
		b, err := os.ReadFile(filepath.Join(w.dir, "kb", "drafts", "problem-1-1.md"))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(b); got != "---\ntitle: \"The \\\"old\\\": gateway\"\npublic: false\n---\nUnplug it and plug it in again.\n" {
			t.Errorf("the draft is %q", got)
		}
		if left, _ := os.ReadDir(filepath.Join(w.dir, "kb", "drafts")); len(left) != 1 {
			t.Errorf("the folder holds %v", left)
		}
		if err := os.RemoveAll(filepath.Join(w.dir, "kb", "drafts")); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(w.dir, "kb", "drafts"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		publish(notices[jane], "Another").has("No article draft was written", "not a directory")
		w.next(jane).has("Unplug it and plug it in again.")
		// It is no article until somebody makes it one; then the next customer is offered it.
		asks := func(subject string) got {
			w.pass(24 * time.Hour)
			w.send(letter{from: "Eva <" + eva + ">", to: support, subject: subject, text: "Hello,\n\nhow do I get the old gateway to work again? It is plugged in.\n\nEva"})
			return w.next(eva)
		}
		asks("The old gateway").lacks("plug it in again")
		before := w.app.Hash()
		w.write("kb/gateway.md", strings.Replace(string(b), "public: false", "public: true", 1))
		w.until("the article is in force", func() bool { return w.app.Hash() != before })
		asks("Old gateway again").has(`The "old": gateway`, "Unplug it and plug it in again.")
	})
}

// A customer asks to be kept informed, and hears of each state; one who has not asked hears nothing, and a text that is published reaches who asked though their ticket is solved. Who asks for it and writes more has an agent read that.
func TestACustomerIsKeptInformed(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		notices := w.complain()
		for _, who := range []string{max, jane} {
			w.answer(ann, notices[who], "/problem new The gateway is down", signedBy)
			w.next(ann)
		}
		w.answer(ann, notices[max], "/publish\nPlease use the old gateway.", signedBy)
		w.answer(ann, w.next(ann), "/send", signedBy)
		w.next(max).has("reply with: keep me informed")
		offer := w.next(jane).has("antworten Sie mit: Halten Sie mich")
		w.rest(ann)
		w.rest(ben)
		w.answer("Jane Doe <"+jane+">", offer, "Halten Sie mich auf dem Laufenden!")
		w.next(jane).has("Der Stand:", "Wir suchen noch nach der Ursache").lacks("gateway is down")
		w.nothing(ann, ben, max)
		w.answer(ann, notices[max], "/problem known-error The old gateway", signedBy)
		w.next(ann)
		w.next(jane).has("Wir kennen die Ursache").lacks("gateway is down")
		w.nothing(max)
		w.answer("Max Muster <"+max+">", w.latest(max), "Please keep me informed. The fax is dead, too.")
		w.next(max).has("asked us to keep you informed", "We know the cause")
		w.next(ann).has("The fax is dead, too.")
		w.rest(ben)
		w.answer(ann, notices[jane], "/solve", signedBy)
		w.next(ann)
		w.next(jane)
		w.answer(ann, notices[max], "/problem fixed", signedBy)
		w.next(ann).has("tickets: 2")
		w.next(jane).has("Das Problem ist behoben")
		w.next(max).has("The problem is fixed")
		w.answer(ann, notices[max], "/publish\nIt runs again.", signedBy)
		w.answer(ann, w.next(ann).has("#2: Jane Doe"), "/send", signedBy)
		w.next(max).has("It runs again.")
		w.next(jane).has("It runs again.")
		w.nothing(max, jane)
	})
}

// Who asked to be kept informed hears it, once, where their ticket went on when two of theirs were merged.
func TestWhoIsInformedWhereTicketsWereMerged(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		var notices []got
		for subject, text := range map[string]string{"VPN": "The tunnel does not come up since nine o'clock.", "Remote access": "I cannot work from home today, and I have to."} {
			_, notice, _ := w.open("Max Muster <"+max+">", subject, text)
			notices = append(notices, notice)
			w.answer(ann, notice, "/problem new The gateway is down", signedBy)
			w.rest(ann)
			w.rest(ben)
		}
		for i := range notices {
			w.answer(ann, notices[i], fmt.Sprintf("Please be patient %d.", i), signedBy)
			w.answer("Max Muster <"+max+">", w.latestOf(max, ""), "Please keep me informed.")
			w.next(max).has("asked us to keep you informed")
		}
		w.rest(ann)
		w.rest(ben)
		w.answer(ann, notices[0], "/merge 2", signedBy)
		w.rest(ann)
		w.rest(ben)
		w.rest(max)
		w.answer(ann, notices[1], "/problem fixed", signedBy)
		w.rest(ann)
		w.next(max).has("The problem is fixed", "#2")
		w.nothing(max)
	})
}

// What is published reaches whoever's ticket was merged, in the ticket that goes on and once, also if it was merged after the writer saw the list. Where the
// merge is undone the problem goes back too; and tickets of two problems are not merged.
func TestAPublicationFollowsAMerge(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		const muster = "Max Muster <" + max + ">"
		notices := w.complain()
		_, second, _ := w.open(muster, "Remote desktop", "The remote desktop does not start since nine o'clock.")
		stands := func(number int64, want tickets.Status) {
			t.Helper()
			if got := w.status(number); got != want {
				t.Errorf("ticket %d is %s, wanted %s", number, got, want)
			}
		}
		w.answer(ann, notices[max], "/problem new The gateway is down", signedBy)
		w.next(ann)
		w.answer(ann, notices[jane], "/problem 1", signedBy)
		w.next(ann).has("Tickets: 2.")
		w.answer(ann, notices[max], "/merge 4", signedBy)
		w.next(ann).has("Merged into #4", "belongs to problem 1 (The gateway is down).")
		w.next(max).has("belong together")
		w.rest(ben)
		stands(4, tickets.OnHold)
		w.answer(ann, second, "/undo", signedBy)
		w.next(ann).has("#1 is a ticket of its own again")
		w.rest(ben)
		stands(4, tickets.New)
		stands(1, tickets.OnHold)
		w.answer(ann, second, "/undo", signedBy)
		w.next(ann).has("There is nothing to undo.")

		w.answer(ann, notices[jane], "/publish\nPlease use the old gateway.", signedBy)
		held := w.next(ann).has("Tickets: 2", "#1: Max Muster", "#2: Jane Doe").lacks("#4: ")
		w.answer(ann, notices[max], "/merge 4", signedBy)
		w.rest(ann)
		w.rest(ben)
		w.rest(max)
		w.answer(ann, held, "/send", signedBy)
		w.latestOf(ann, "receipt").lacks("after you saw the list")
		w.next(max).has("[#4]", "Please use the old gateway.")
		w.next(jane).has("Please use the old gateway.")
		w.rest(ann)
		w.rest(ben)
		w.nothing(max, jane, mallory)

		w.answer(ann, notices[jane], "/problem 1 fixed", signedBy)
		w.next(ann).has("tickets: 2")
		w.answer(ann, notices[jane], "/publish\nIt runs again.", signedBy)
		w.answer(ann, w.next(ann).has("#2: Jane Doe", "#4: Max Muster").lacks("#1: "), "/send", signedBy)
		told := w.next(max).has("[#4]", "It runs again.")
		w.next(jane).has("It runs again.")
		w.rest(ann)
		w.rest(ben)
		w.nothing(max, jane, mallory)
		stands(4, tickets.Solved)
		w.answer(muster, told, "It does not run here.")
		w.next(ann).has("It does not run here.")
		stands(4, tickets.Open)
		w.rest(ben)

		_, third, _ := w.open(muster, "Fax", "The fax is dead.")
		w.answer(ann, third, "/problem new The fax line", signedBy)
		w.next(ann)
		w.answer(ann, third, "/merge 4", signedBy)
		w.next(ann).has("Not merged: #5 belongs to problem 2, and #4 to problem 1.")
		w.answer(ann, third, "/problem none\n/merge 4", signedBy)
		w.next(ann).has("Merged into #4")
		w.next(max).has("belong together")
	})
}

// A ticket of the list is merged into another customer's before the text goes: that customer was not in the list, so they read nothing, their ticket is not solved, and the writer is told whom the text
// misses. The next list has them both.
func TestAPublicationStaysWithWhomTheListShowed(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		notices := w.complain()
		w.send(letter{from: "Eva <" + eva + ">", to: support, cc: max, subject: "Remote desktop", text: "We both cannot dial in, and I want to know why."})
		for _, who := range []string{eva, max, ann, ben} {
			w.rest(who)
		}
		w.answer(ann, notices[max], "/problem new The gateway is down", signedBy)
		w.next(ann)
		w.answer(ann, notices[jane], "/problem 1", signedBy)
		w.next(ann)
		w.answer(ann, notices[max], "/problem 1 fixed", signedBy)
		w.next(ann)
		w.answer(ann, notices[jane], "/publish\nIt runs again.", signedBy)
		held := w.next(ann).has("Tickets: 2", "#1: Max Muster", "#2: Jane Doe").lacks("Eva")
		w.answer(ann, notices[max], "/merge 4", signedBy)
		w.next(ann).has("Merged into #4")
		w.rest(ben)
		w.rest(max)
		w.rest(eva)
		w.answer(ann, held, "/send", signedBy)
		w.latestOf(ann, "receipt").has("Tickets: 1.", "customers of #1: after you saw the list", "linked after you saw the list: #4.")
		w.next(jane).has("It runs again.")
		w.rest(ann)
		w.rest(ben)
		w.nothing(max, eva, mallory)
		if got := w.status(4); got != tickets.New {
			t.Errorf("ticket 4 is %s", got)
		}

		w.answer(ann, notices[jane], "/publish 1\nIt runs again since noon.", signedBy)
		w.answer(ann, w.next(ann).has("Tickets: 1", "#4: ", "Eva", "Max Muster"), "/send", signedBy)
		w.next(eva).has("It runs again since noon.")
		w.next(max).has("It runs again since noon.")
		w.nothing(jane, mallory)
		if got := w.status(4); got != tickets.Solved {
			t.Errorf("ticket 4 is %s", got)
		}
	})
}

// The same where the merge comes after the text was let go: the writer is told by mail. Where nobody of the list can be reached any more, nobody is told that all have the text.
func TestAPublicationStaysWithWhomTheListShowedToTheEnd(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		notices := w.complain()
		w.send(letter{from: "Eva <" + eva + ">", to: support, cc: max, subject: "Remote desktop", text: "We both cannot dial in, and I want to know why."})
		for _, who := range []string{eva, max, ann, ben} {
			w.rest(who)
		}
		w.answer(ann, notices[max], "/problem new The gateway is down", signedBy)
		w.next(ann)
		w.answer(ann, notices[max], "/publish\n/merge 4\nIt runs again.", signedBy)
		held := w.next(ann).has("#1: Max Muster").lacks("Eva")
		w.answer(ann, held, "/send", signedBy)
		w.latestOf(ann, "problem-news").has("customers of #1: after").lacks("has written to every")
		w.never(eva, "It runs again.")
		w.never(max, "It runs again.")
		w.rest(ann)
		w.rest(ben)
		w.never(ben, "has written to every")
	})
}

// What tells customers how far their problem is needs more than a reply address, as what is published does; what links a ticket does not.
func TestANewStateNeedsAProof(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		notices := w.complain()
		w.answer(ann, notices[max], "/problem new The gateway is down")
		w.next(ann).has("Problem 1 is open")
		w.answer(ann, notices[max], "Please be patient.", signedBy)
		w.answer("Max Muster <"+max+">", w.next(max), "Please keep me informed.")
		w.next(max).has("asked us to keep you informed")
		w.rest(ann)
		w.rest(ben)
		for _, c := range []struct{ typed, told string }{{"known-error The old gateway", "We know the cause"}, {"fixed", "The problem is fixed"}} {
			w.answer(ann, notices[max], "/problem 1 "+c.typed)
			held := w.next(ann).has("does not prove that you wrote /problem")
			w.nothing(max, jane, mallory)
			w.answer(ann, held, "/send")
			w.latestOf(ann, "receipt").has("Problem 1 (The gateway is down)")
			w.next(max).has(c.told)
			w.rest(ann)
		}
		w.answer(ann, notices[max], "/problem wont-fix", signedBy)
		w.next(max).has("decided not to change")
		w.nothing(jane, mallory)
	})
}

// Several like tickets in a short time are proposed as a problem to the lead, once; unlike ones, and those of a desk that has not asked, are not.
func TestLikeTicketsAreProposed(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ask := func(n int, subject, text string) {
			from := []string{max, jane, mallory}[n%3]
			w.send(letter{from: from, to: support, subject: subject, text: text})
			w.settle()
		}
		ask(1, "VPN broken", "The tunnel does not come up.")
		ask(2, "Invoice for October", "Please send it once more.")
		ask(3, "Cannot dial in", "No VPN tunnel since nine.")
		w.nothing(lead)
		ask(4, "VPN", "It says timeout, no tunnel.")
		w.next(lead).has("3 tickets of the last 30 min look alike: #1 #3 #4", "vpn", "/problem new")
		ask(5, "VPN tunnel again", "Still no tunnel.")
		w.nothing(lead)
		proposal := w.latest(lead)
		w.answer(lead, proposal, "/problem new The VPN is down #1 #3 #4 #5", signedBy)
		w.next(lead).has("Tickets: 4")
		for n, want := range []tickets.Status{tickets.OnHold, tickets.New, tickets.OnHold, tickets.OnHold, tickets.OnHold} {
			if got := w.status(int64(n) + 1); got != want {
				t.Errorf("ticket %d is %s, wanted %s", n+1, got, want)
			}
		}
	}, edit("service.yaml", "escalation:", "problems: {spike: 3 in 30m}\nescalation:"))
}

// A restricted ticket is compared with none, whether it was restricted as it came or later.
func TestARestrictedTicketIsNotProposed(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ask := func(from, subject string) {
			w.send(letter{from: from, to: support, subject: subject, text: "The tunnel does not come up."})
			w.settle()
		}
		ask(max, "VPN tunnel")
		w.answer(ann, w.next(ann), "/restrict +ann", signedBy)
		w.next(ann)
		ask(jane, "VPN tunnel")
		ask(mallory, "No VPN")
		w.nothing(lead)
		ask(jane, "VPN again")
		w.next(lead).has("3 tickets of the last 30 min look alike: #2 #3 #4").lacks("#1")
	}, edit("service.yaml", "escalation:", "problems: {spike: 3 in 30m}\nescalation:"))
}

// An idea is counted by customers, mailed once a month to those who decide, and each who asked is told that it is built, in their own ticket and without what agents wrote of it.
func TestAnIdeaIsBuilt(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		notices := w.complain()
		w.answer(ann, notices[max], "/idea Dark mode for the portal, the boss wants it cheap", signedBy)
		w.next(ann).has("Idea 1: Dark mode", "(customers: 1)")
		w.answer(ann, notices[jane], "/idea dark mode for the portal, the boss wants it CHEAP", signedBy)
		w.next(ann).has("(customers: 2)")
		w.answer(ann, notices[jane], "/idea 1", signedBy)
		w.next(ann).has("(customers: 2)")
		w.answer(ann, notices[mallory], "/idea Free beer", signedBy)
		w.next(ann).has("Idea 2: Free beer")
		w.answer(ann, notices[mallory], "/idea 3", signedBy)
		w.next(ann).has("There is no idea 3.")
		w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "Idea", text: "/idea 1", header: []string{signedBy}})
		w.next(ann).has("the mail belongs to no ticket").lacks("is noted")
		w.nothing(boss, max, jane, mallory)
		w.pass(32 * 24 * time.Hour)
		told := w.rest(boss)
		if len(told) != 1 && len(told) != 2 {
			t.Fatalf("the boss got %d mails", len(told))
		}
		told[0].has("2 product ideas", "Dark mode for the portal", "2 customers", "Free beer", "1 customer")
		for _, who := range []string{ann, ben, lead, max, jane, mallory, tess, tom, eve, admin} {
			w.rest(who)
		}
		w.answer(ann, w.latest(ann), "/idea 1 built", signedBy)
		w.settle()
		for _, who := range []string{max, jane} {
			told := w.rest(who)
			if len(told) != 1 {
				t.Fatalf("%s got %d mails", who, len(told))
			}
			told[0].lacks("Dark mode", "boss", "cheap")
			if all := told[0].text(); !strings.Contains(all, "it is available now") && !strings.Contains(all, "Wir haben es umgesetzt") {
				t.Errorf("%s is not told: %s", who, all)
			}
		}
		w.pass(32 * 24 * time.Hour)
		told = w.rest(boss)
		if len(told) == 0 {
			t.Fatal("the boss got no mail in the next month")
		}
		told[0].has("1 product idea", "Free beer").lacks("Dark mode")
		w.never(mallory, "Dark mode")
		for _, m := range w.rest(mallory) {
			m.lacks("it is available now")
		}
	}, edit("service.yaml", "escalation:", "ideas: ["+boss+"]\nescalation:"))
}

// What monitoring reports is one ticket: OK solves it, the next PROBLEM opens it again; another service is another ticket.
func TestMonitoringIsOneTicket(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		report := func(subject string, header ...string) {
			w.send(letter{from: "Nagios <" + mallory + ">", to: support, subject: subject, text: "State: " + subject,
				header: append([]string{"Auto-Submitted: auto-generated"}, header...)})
			w.settle()
		}
		report("** PROBLEM: mail/disk is CRITICAL **")
		w.next(ann).has("PROBLEM: mail/disk")
		report("** PROBLEM: web/http is CRITICAL **")
		w.next(ann).has("PROBLEM: web/http")
		report("** OK: mail/disk is OK **")
		want := func(one, two tickets.Status) {
			t.Helper()
			if a, b := w.status(1), w.status(2); a != one || b != two {
				t.Errorf("the tickets are %s and %s, wanted %s and %s", a, b, one, two)
			}
		}
		want(tickets.Solved, tickets.New)
		report("** OK: mail/disk is OK **")
		want(tickets.Solved, tickets.New)
		report("** PROBLEM: mail/disk is CRITICAL **")
		want(tickets.Open, tickets.New)
		report("** OK: mail/disk is OK **")
		want(tickets.Solved, tickets.New)
		w.pass(30 * 24 * time.Hour)
		report("** PROBLEM: mail/disk is CRITICAL **")
		if got := w.status(3); got != tickets.New {
			t.Errorf("after a month it is %s", got)
		}
		// Who lies about who they are says nothing of it, and does not become what it is about.
		report("** OK: mail/disk is OK **", "Authentication-Results: mx.acme.example; dmarc=fail header.from=stranger.example")
		if got := w.status(3); got != tickets.New {
			t.Errorf("a forged report made it %s", got)
		}
		report("** OK: mail/disk is OK **")
		if got := w.status(3); got != tickets.Solved {
			t.Errorf("behind a forged report it is %s", got)
		}
		w.nothing(mallory)
		for _, m := range w.rest(ann) {
			if strings.Contains(m.subject(), "[#5]") {
				t.Error("there is a fifth ticket")
			}
		}
	}, edit("rules/10-routing.yaml", "rules:", `rules:
  - name: monitoring
    on: [opened, replied]
    when: from == "`+mallory+`"
    do:
      - merge_key: 'subject: (?:PROBLEM|OK): (\S+) is'
  - name: monitoring is content
    on: [opened, replied]
    when: from == "`+mallory+`" && subject contains "OK:"
    do:
      - set: {status: solved}
`))
}

// A recurring ticket is opened once at its time; after an outage of weeks there is one and not a burst; one that is taken out of the desk folder comes no more, one that is put in comes, and one that has other times comes at those.
func TestARecurringTicket(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		opened := func(n int, subject string) {
			t.Helper()
			for _, m := range w.rest(tess) {
				if m.event() == "agent-new" {
					n--
					m.has(subject)
				}
			}
			if n != 0 {
				t.Errorf("%d tickets too few were opened", n)
			}
		}
		inForce := func(old, text string) {
			t.Helper()
			w.edit("service.yaml", old, text)
			w.until("the new times are in force", func() bool { return strings.Contains(w.log.String(), `in force" hash=`+w.app.Hash()) })
		}
		w.nothing(tess, tom)
		w.pass(7 * 24 * time.Hour)
		got := w.next(tess).has("Test the backup", "Restore one file")
		w.next(tom)
		if !strings.Contains(got.subject(), "[#1]") {
			t.Errorf("the subject is %q", got.subject())
		}
		w.rest(tess)
		w.stop()
		w.mu.Lock()
		w.offset += 30 * 24 * time.Hour
		w.mu.Unlock()
		w.start()
		opened(1, "Test the backup")
		inForce("  backup: {every: every monday, ", "  printers: {every: every monday, ")
		inForce("subject: Test the backup", "subject: Printer service")
		opened(0, "")
		w.pass(7 * 24 * time.Hour)
		opened(1, "Printer service")
		inForce("printers: {every: every monday, ", "printers: {every: daily, ")
		w.pass(24 * time.Hour)
		opened(1, "Printer service")
		w.nothing(max, jane)
	}, edit("service.yaml", "escalation:", `recurring:
  backup: {every: every monday, at: "06:00", inbox: support, team: technicians, subject: Test the backup, text: Restore one file of last week.}
escalation:`))
}
