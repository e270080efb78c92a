package tickets_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"tierdesk/tickets"
)

var start = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func opened(at time.Time) tickets.Event {
	one := 1
	return tickets.Event{Kind: tickets.Opened, At: at, Data: tickets.Data{Priority: "normal", Tier: &one, Team: "front", Inbox: "support", Requester: 7}}
}

func TestApply(t *testing.T) {
	two := 2
	for _, c := range []struct {
		name   string
		events []tickets.Event
		check  func(tickets.Ticket) bool
	}{
		{"opened", nil, func(k tickets.Ticket) bool {
			return k.Status == tickets.New && k.Priority == "normal" && k.Tier == 1 && k.Team == "front" && k.CustomerWrote.Equal(start) && k.Version == 1
		}},
		{"an answer makes it the customer's turn", []tickets.Event{{Kind: tickets.AgentReplied, Data: tickets.Data{Status: tickets.Pending}}}, func(k tickets.Ticket) bool {
			return k.Status == tickets.Pending && k.CustomerWrote.IsZero() && k.AgentWrote.Equal(start.Add(time.Minute))
		}},
		{"an answer to a new ticket opens it", []tickets.Event{{Kind: tickets.AgentReplied}}, func(k tickets.Ticket) bool { return k.Status == tickets.Open }},
		{"the customer's reply makes it ours", []tickets.Event{{Kind: tickets.AgentReplied, Data: tickets.Data{Status: tickets.Pending}}, {Kind: tickets.Replied}}, func(k tickets.Ticket) bool {
			return k.Status == tickets.Open && k.CustomerWrote.Equal(start.Add(2*time.Minute))
		}},
		{"a second reply does not move when he began to wait", []tickets.Event{{Kind: tickets.Replied}}, func(k tickets.Ticket) bool { return k.CustomerWrote.Equal(start) }},
		{"automatic mail moves nothing", []tickets.Event{{Kind: tickets.AgentReplied}, {Kind: tickets.AutoFiled}, {Kind: tickets.Replied, Data: tickets.Data{Silent: true}}}, func(k tickets.Ticket) bool {
			return k.CustomerWrote.IsZero()
		}},
		{"a reply alone does not reopen", []tickets.Event{{Kind: tickets.StatusChanged, Data: tickets.Data{Status: tickets.Solved}}, {Kind: tickets.Replied}}, func(k tickets.Ticket) bool { return k.Status == tickets.Solved }},
		{"solved and reopened", []tickets.Event{{Kind: tickets.StatusChanged, Data: tickets.Data{Status: tickets.Solved}}, {Kind: tickets.Reopened}}, func(k tickets.Ticket) bool {
			return k.Status == tickets.Open && k.Solved.IsZero() && !k.CustomerWrote.IsZero()
		}},
		{"closed keeps when it was solved", []tickets.Event{{Kind: tickets.StatusChanged, Data: tickets.Data{Status: tickets.Solved}}, {Kind: tickets.StatusChanged, Data: tickets.Data{Status: tickets.Closed}}}, func(k tickets.Ticket) bool {
			return k.Solved.Equal(start.Add(time.Minute)) && k.Closed.Equal(start.Add(2*time.Minute))
		}},
		{"another tier: nobody has it", []tickets.Event{{Kind: tickets.Assigned, Data: tickets.Data{Assignee: "ann"}}, {Kind: tickets.Escalated, Data: tickets.Data{Tier: &two, Team: "tech"}}}, func(k tickets.Ticket) bool {
			return k.Tier == 2 && k.Team == "tech" && k.Assignee == ""
		}},
		{"tags come once and sorted", []tickets.Event{{Kind: tickets.Tagged, Data: tickets.Data{Add: []string{"b", "a", "b"}}}, {Kind: tickets.Tagged, Data: tickets.Data{Add: []string{"a"}, Remove: []string{"b"}}}}, func(k tickets.Ticket) bool {
			return len(k.Tags) == 1 && k.Tags[0] == "a"
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ticket, err := tickets.Apply(tickets.Ticket{}, opened(start))
			for i, e := range c.events {
				if err != nil {
					t.Fatal(err)
				}
				e.At = start.Add(time.Duration(i+1) * time.Minute)
				ticket, err = tickets.Apply(ticket, e)
			}
			if err != nil || !c.check(ticket) {
				t.Errorf("%v, %+v", err, ticket)
			}
		})
	}
}

func TestApplyRefuses(t *testing.T) {
	ticket, err := tickets.Apply(tickets.Ticket{}, opened(start))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []tickets.Event{
		opened(start),
		{Kind: "nonsense"},
		{Kind: tickets.Reopened},
		{Kind: tickets.StatusChanged, Data: tickets.Data{Status: "done"}},
		{Kind: tickets.PriorityChanged},
		{Kind: tickets.TierChanged},
	} {
		got, err := tickets.Apply(ticket, e)
		if err == nil {
			t.Errorf("%s %+v was allowed", e.Kind, e.Data)
		}
		if got.Version != ticket.Version || got.Status != ticket.Status {
			t.Errorf("a refused %s changed the ticket", e.Kind)
		}
	}
	if _, err := tickets.Apply(tickets.Ticket{}, tickets.Event{Kind: tickets.Replied}); err == nil {
		t.Error("a ticket began with a reply")
	}
	ticket.MergedInto = 9
	if _, err := tickets.Apply(ticket, tickets.Event{Kind: tickets.Replied}); err == nil {
		t.Error("a merged ticket took a reply")
	}
}

// Whatever happens: a version counts each event once, the ticket that was given is not changed, and a done ticket knows when it was solved.
func TestApplyHoldsTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ticket, err := tickets.Apply(tickets.Ticket{}, opened(start))
		if err != nil {
			t.Fatal(err)
		}
		kinds := []tickets.EventKind{tickets.Replied, tickets.AgentReplied, tickets.Noted, tickets.StatusChanged, tickets.PriorityChanged, tickets.TierChanged, tickets.Escalated, tickets.Assigned, tickets.Tagged, tickets.Reopened, tickets.AutoFiled, tickets.Missed}
		at := start
		for range rapid.IntRange(0, 40).Draw(t, "events") {
			at = at.Add(time.Duration(rapid.IntRange(0, 1000).Draw(t, "later")) * time.Second)
			tier := rapid.IntRange(0, 4).Draw(t, "tier")
			e := tickets.Event{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), At: at, Data: tickets.Data{
				Status: rapid.SampledFrom(append(tickets.Statuses(), "")).Draw(t, "status"), Priority: rapid.SampledFrom([]string{"", "low", "high"}).Draw(t, "priority"),
				Tier: &tier, Add: rapid.SliceOfN(rapid.SampledFrom([]string{"x", "y", "z"}), 0, 2).Draw(t, "add"), Remove: rapid.SliceOfN(rapid.SampledFrom([]string{"x", "y"}), 0, 1).Draw(t, "remove"), Silent: rapid.Bool().Draw(t, "silent")}}
			tags := append([]string(nil), ticket.Tags...)
			next, err := tickets.Apply(ticket, e)
			for i := range tags {
				if ticket.Tags[i] != tags[i] {
					t.Fatalf("%s wrote into the tags of the ticket that it was given", e.Kind)
				}
			}
			if err != nil {
				continue
			}
			if next.Version != ticket.Version+1 {
				t.Fatalf("version %d after %d", next.Version, ticket.Version)
			}
			if next.Status.Done() == next.Solved.IsZero() {
				t.Fatalf("%s, solved %v, after %s", next.Status, next.Solved, e.Kind)
			}
			if next.Status == tickets.Closed && next.Closed.IsZero() {
				t.Fatal("closed, but nobody knows when")
			}
			ticket = next
		}
	})
}
