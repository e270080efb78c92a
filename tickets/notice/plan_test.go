package notice

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tierdesk/templates"
	"tierdesk/tickets"
)

// Which mails are made of what is wanted, for whom, and what is said of those that are not.
func TestPlan(t *testing.T) {
	max := tickets.Participant{Address: "max@customer.example", Role: tickets.Requester}
	jane := tickets.Participant{Address: "jane@gold.example", Role: tickets.Cc}
	base := func() *Case {
		return &Case{Desk: &tickets.Identity{Admin: "it@acme.example"}, Participants: []tickets.Participant{max, jane},
			Policy: &tickets.Policy{People: &tickets.Directory{Agents: []tickets.Agent{{Name: "ann"}, {Name: "ben"}}}}}
	}
	with := func(change func(*Case)) *Case {
		c := base()
		change(c)
		return c
	}
	done := func(c *Case) { c.Ticket.Status = tickets.Solved }
	answer, solved, merged := Notice{Kind: templates.Answer}, Notice{Kind: templates.Solved}, Notice{Kind: templates.Merged}
	for _, c := range []struct {
		name string
		*Case
		wanted Wanted
		mails  string
		says   string
	}{
		{"nothing", base(), Wanted{}, "", ""},
		{"an acknowledgement goes to the requester alone", base(), Wanted{Acknowledge: "ack"}, "ack×1", "1 recipient"},
		{"no acknowledgement, and why", base(), Wanted{Acknowledge: "ack", Quiet: "the mail is old"}, "", "no acknowledgement: the mail is old"},
		{"an answer goes to all, each their own copy", base(), Wanted{Replies: []Notice{answer}}, "answer×2", "2 recipient"},
		{"an answer goes out whatever keeps the desk quiet", base(), Wanted{Replies: []Notice{answer}, Quiet: "the address does not exist"}, "answer×2", ""},
		{"the answer is the last word", with(done), Wanted{Replies: []Notice{answer, solved}}, "answer×2", ""},
		{"solved without an answer", with(done), Wanted{Replies: []Notice{solved}}, "solved×1", ""},
		{"solved, and quiet", with(done), Wanted{Replies: []Notice{solved}, Quiet: "the ticket is spam"}, "", `no mail "solved": the ticket is spam`},
		{"solved, and undone", base(), Wanted{Replies: []Notice{solved, {Kind: templates.Closing}}}, "", `no mail "closing": it is undone`},
		{"merged", with(func(c *Case) { c.Ticket.MergedInto = 1 }), Wanted{Replies: []Notice{merged}}, "merged×2", ""},
		{"merged, and undone", base(), Wanted{Replies: []Notice{merged}}, "", `no mail "merged": it is undone`},
		{"nobody outside", with(func(c *Case) { c.Participants = nil; done(c) }), Wanted{Replies: []Notice{answer, solved}}, "", ""},
		{"of several notices the weightiest", base(), Wanted{Notices: []Notice{{Kind: templates.AgentNote, Agent: "ann"}, {Kind: templates.Held, Agent: "ann"}, {Kind: templates.AgentReply, Agent: "ben"}}}, "held×1 agent-reply×1", `no notice "agent-note" to ann: they get "held"`},
		{"the weightiest first", base(), Wanted{Notices: []Notice{{Kind: templates.Receipt, Agent: "ann"}, {Kind: templates.Escalation, Agent: "ann"}}}, "receipt×1", `no notice "escalation" to ann: they get "receipt"`},
		{"an agent who has left", base(), Wanted{Notices: []Notice{{Kind: templates.AgentNew, Agent: "gone"}}}, "", ""},
		{"the admin", base(), Wanted{Notices: []Notice{{Kind: templates.AgentNote, Address: "it@acme.example"}}}, "agent-note×1", ""},
		{"a note is sent on to nobody outside", with(func(c *Case) { c.Current.Visibility = tickets.Internal }),
			Wanted{Notices: []Notice{{Kind: templates.Forwarded, Address: "x@partner.example", Outside: true}, {Kind: templates.Forwarded, Address: "it@acme.example"}}},
			"forwarded×1", "nothing is sent on to x@partner.example: it was written for colleagues"},
		{"what is public is sent on", with(func(c *Case) { c.Current.Visibility = tickets.Public }),
			Wanted{Notices: []Notice{{Kind: templates.Forwarded, Address: "x@partner.example", Outside: true}}}, "forwarded×1", ""},
		{"a restricted ticket", with(func(c *Case) { c.Ticket.ID, c.Ticket.Restricted = 7, []string{"ben"} }),
			Wanted{Notices: []Notice{{Kind: templates.AgentNew, Agent: "ann"}, {Kind: templates.AgentNew, Agent: "ben"}, {Kind: templates.AgentNote, Address: "it@acme.example"}}},
			"agent-new×1", `no notice "agent-new" to ann: the ticket is restricted`},
		{"nobody is told of old mail", with(func(c *Case) { c.Old = true }), Wanted{Notices: []Notice{{Kind: templates.AgentNew, Agent: "ann"}, {Kind: templates.AgentNote, Address: "it@acme.example"}}}, "", "no notice \"agent-new\" to ann: the mail is old"},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan, steps := Plan(c.Case, &c.wanted)
			var mails []string
			for i := range plan {
				mails = append(mails, fmt.Sprintf("%s×%d", plan[i].Kind, plan[i].Copies()))
			}
			if got := strings.Join(mails, " "); got != c.mails {
				t.Errorf("mails %q, wanted %q", got, c.mails)
			}
			if said := strings.Join(steps, "\n"); !strings.Contains(said, c.says) {
				t.Errorf("it says %q, wanted %q", said, c.says)
			}
		})
	}
}

// Whom an answer reaches: who takes part since the reader was last told is marked, and never left out.
func TestGoesTo(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 11, 29, 12, minute, 0, 0, time.UTC) }
	party := func(address string, minute int) tickets.Participant {
		return tickets.Participant{Address: address, Role: tickets.Cc, Added: at(minute)}
	}
	max := tickets.Participant{Address: "max", Role: tickets.Requester, Added: at(0)}
	some := []tickets.Participant{max, party("a", 0), party("b", 3), party("c", 5)}
	gone := party("g", 0)
	gone.Muted = true
	many := []tickets.Participant{max, party("a", 0), party("b", 0), party("c", 0), party("d", 0), party("e", 0), party("f", 9)}
	for _, c := range []struct {
		name   string
		parts  []tickets.Participant
		joined []string
		told   int // minute, 0 for never
		want   string
	}{
		{"one", some[:1], nil, 0, "max"},
		{"told after all joined", some, nil, 5, "max, a, b, c"},
		{"two joined since", some, nil, 2, "max, b (new), c (new), a"},
		{"one joined since", some, nil, 3, "max, c (new), a, b"},
		{"never told", some, nil, 0, "max, a, b, c"},
		{"never told, one brought by the mail at hand", some, []string{"c"}, 0, "max, c (new), a, b"},
		{"the requester is not new", some, []string{"max"}, 5, "max, a, b, c"},
		{"the last of many", many, nil, 5, "max, f (new), a, b, c and 2 more"},
		{"all of many", many, []string{"a", "b", "c", "d", "e", "f"}, 0, "max, a (new), b (new), c (new), d (new), e (new), f (new)"},
		{"one whose mailbox is gone", []tickets.Participant{max, gone}, nil, 5, "max, g (mail to them comes back)"},
		{"a machine asked", some[1:], []string{"a"}, 0, "b, a (new), c"},
	} {
		x := Case{Policy: &tickets.Policy{}, Participants: c.parts, Joined: c.joined, Told: map[string]time.Time{"ben": at(9)}}
		if c.told != 0 {
			x.Told["ann"] = at(c.told)
		}
		if got := x.goesTo("ann", "en"); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
