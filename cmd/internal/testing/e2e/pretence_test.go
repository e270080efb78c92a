package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"tierdesk/tickets"
)

// Whoever lets an assistant answer in people.yaml has them believed; nobody else is, though they have the same notice.
func TestADelegateAnswers(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Key", text: "Where is my key?"})
		w.next(max)
		notice := w.next(ann)
		w.next(ben)
		// Ann passes her notice on to Tom, who is nobody's delegate, and to Tess, who is hers.
		w.answer("Tom Thin <"+tom+">", notice, "It is lost.")
		if q := w.next(tom); q.event() != "confirm" {
			t.Errorf("Tom got %q", q.event())
		}
		w.answer("Tess Tall <"+tess+">", notice, "It lies.", "Authentication-Results: mx.acme.example; dmarc=fail header.from=staff.example")
		if q := w.next(tess); q.event() != "confirm" {
			t.Errorf("Tess got %q, though her mail is forged", q.event())
		}
		w.nothing(max)
		w.answer("Tess Tall <"+tess+">", notice, "It is in the drawer.")
		w.next(max).has("It is in the drawer.", "Tess Tall").lacks(tess, ann)
	}, edit("people.yaml", "tess: {", "tess: {for: [ann], "))
}

// target is somebody who could be imitated: whom they are, what they were given, and what is tried with it.
type target struct {
	who, address, command string
}

// However somebody pretends to be another: nothing is done, nobody is added, and the agent hears of it.
func TestPretence(t *testing.T) {
	const seed = 20261129
	attacks := 8
	if os.Getenv("TIERDESK_TEST_FULL") != "" {
		attacks = 300
	}
	stories(t, func(t *testing.T, w *world) {
		r := rand.New(rand.NewPCG(seed, 1))
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "VPN", text: "The VPN is slow."})
		ack := w.next(max)
		notice := w.next(ann)
		w.next(ben)
		w.answer(ann, notice, "/take\n/consult "+eva+"\nIs it old?", signedBy)
		question := w.next(eva)
		w.answer(ann, notice, "/approve-by "+boss+"\nMay we buy one?", signedBy)
		request := w.next(boss)
		before := w.events(1)
		targets := []target{
			{ann, notice.replyTo(), "/close\n/cc +" + mallory + "\n\nIt is done."},
			{ann, notice.button("Close"), ""},
			{eva, question.replyTo(), "/close\n\nIt is old."},
			{boss, request.button("Yes"), "Yes."},
			{boss, request.replyTo(), "Yes."},
			{max, ack.replyTo(), "/close\n\nThank you, close it."},
		}
		for n := range attacks {
			x, what := targets[n%len(targets)], ""
			if n >= len(targets) {
				x = targets[r.IntN(len(targets))]
			}
			l := letter{from: x.who, to: x.address, cc: "help@other.example", subject: "Re: [#1] VPN", text: x.command}
			domain := x.who[strings.IndexByte(x.who, '@')+1:]
			failed := fmt.Sprintf("Authentication-Results: mx.acme.example; dkim=fail header.d=%s; dmarc=fail header.from=%s", domain, domain)
			passed := fmt.Sprintf("dkim=pass header.d=%s; dmarc=pass header.from=%s", domain, domain)
			switch r.IntN(6) {
			case 0:
				what, l.header = "failed DMARC with a valid token", []string{failed}
			case 1:
				what, l.header = "another server's word above the real one", []string{"Authentication-Results: mx.evil.example; " + passed, failed}
			case 2:
				what, l.header = "a forged word of ours below the real one", []string{failed, "Authentication-Results: mx.acme.example; " + passed}
			case 3:
				what, l.from = "a stolen token", []string{mallory, otto}[r.IntN(2)]
			case 4:
				at := strings.IndexByte(l.to, '@')
				i := at - 1 - r.IntN(10)
				other := "a"
				if l.to[i] == 'a' {
					other = "b"
				}
				what, l.to, l.header = "an altered token", l.to[:i]+other+l.to[i+1:], []string{failed}
			case 5:
				y := targets[r.IntN(len(targets))]
				for y.who == x.who {
					y = targets[r.IntN(len(targets))]
				}
				what, l.to = "the token of "+y.who, y.address
			}
			w.send(l)
			w.settle()
			after := w.events(1)
			for _, kind := range []tickets.EventKind{tickets.Approved, tickets.Declined, tickets.AgentReplied, tickets.StatusChanged, tickets.Joined, tickets.Assigned, tickets.Asked} {
				if after[kind] != before[kind] {
					t.Fatalf("seed %d, attack %d, %s of %s: %q happened", seed, n, what, x.who, kind)
				}
			}
			if told := w.rest(ann); len(told) == 0 && l.from != max && what == "a stolen token" && n < 6 {
				t.Errorf("seed %d, attack %d, %s of %s: nobody was told", seed, n, what, x.who)
			}
			if n%4 == 3 {
				w.pass(2 * time.Hour)
				before = w.events(1) // clocks may have run out
			}
		}
		for _, outsider := range []string{mallory, otto} {
			w.never(outsider, "slow", "Is it old", "May we buy")
		}
		for _, user := range []string{eva, boss, max} {
			if got := w.rest(user); len(got) > 0 {
				t.Errorf("%s got a mail:\n%s", user, got[0].text())
			}
		}
		// The right ones are still heard.
		w.answer(boss, request, "Yes.")
		if after := w.events(1); after[tickets.Approved] != before[tickets.Approved]+1 && attacks < 100 {
			t.Errorf("the approver was not heard: %v", after)
		}
	})
}

// Ann has left. The reply address of her notice, and the button in it, give nobody anything any more, not even herself: nothing is done, Max gets nothing, and
// those who are there hear of it.
func TestTheTokenOfAnAgentWhoLeft(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		hash := w.app.Hash()
		edit("people.yaml", `  ann: {full_name: Ann Able, address: `+ann+`, teams: [frontdesk], signature: "Ann Able\nAcme Support"}`+"\n", "")(w.dir)
		for end := time.Now().Add(patience); w.app.Hash() == hash; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("Ann never leaves")
			}
		}
		before := w.events(1)
		w.answer(ann, notice, "/close\n/cc +"+mallory+"\n\nGood riddance.")
		w.send(letter{from: ann, to: notice.button("Close"), subject: "Close", text: ""})
		w.send(letter{from: mallory, to: notice.replyTo(), subject: "Re: VPN", text: "/close\n\nGood riddance."})
		after := w.events(1)
		for _, kind := range []tickets.EventKind{tickets.AgentReplied, tickets.StatusChanged, tickets.Joined, tickets.Assigned, tickets.Noted} {
			if after[kind] != before[kind] {
				t.Errorf("%q happened", kind)
			}
		}
		heard := ""
		for _, m := range w.rest(ben) {
			heard += m.text()
		}
		if !strings.Contains(heard, "Good riddance.") {
			t.Errorf("Ben heard nothing of it:\n%s", heard)
		}
		w.nothing(max)
		w.never(mallory, "slow", max)
		w.answer(ben, benNotice, "Please restart it.")
		w.settle()
		w.never(max, "riddance")
	})
}
