package notice

import (
	"fmt"
	"strings"
	"testing"

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
	answer, solved := Notice{Kind: templates.Answer}, Notice{Kind: templates.Solved}
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
		{"the answer is the last word", base(), Wanted{Replies: []Notice{answer, solved}}, "answer×2", ""},
		{"solved without an answer", base(), Wanted{Replies: []Notice{solved}}, "solved×1", ""},
		{"solved, and quiet", base(), Wanted{Replies: []Notice{solved}, Quiet: "the ticket is spam"}, "", `no mail "solved": the ticket is spam`},
		{"nobody outside", with(func(c *Case) { c.Participants = nil }), Wanted{Replies: []Notice{answer, solved}}, "", ""},
		{"of several notices the weightiest", base(), Wanted{Notices: []Notice{{Kind: templates.AgentNote, Agent: "ann"}, {Kind: templates.Held, Agent: "ann"}, {Kind: templates.AgentReply, Agent: "ben"}}}, "held×1 agent-reply×1", ""},
		{"an agent who has left", base(), Wanted{Notices: []Notice{{Kind: templates.AgentNew, Agent: "gone"}}}, "", ""},
		{"the admin", base(), Wanted{Notices: []Notice{{Kind: templates.AgentNote, Address: "it@acme.example"}}}, "agent-note×1", ""},
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
