package merge

import (
	"testing"
	"time"

	"tierdesk/tickets"
)

// Nobody comes to read what another customer is told: whoever asked in the merged ticket has to
// take part in the other one.
func TestRefusal(t *testing.T) {
	part := func(address string, role tickets.Role) tickets.Participant {
		return tickets.Participant{Address: address, Role: role}
	}
	jane, max := part("jane@x.example", tickets.Requester), part("max@y.example", tickets.Requester)
	janeToo, boss := part("jane@x.example", tickets.Cc), part("boss@x.example", tickets.Cc)
	type parts []tickets.Participant
	for _, c := range []struct {
		name        string
		from, into  tickets.Status
		parts, have parts
		refused     bool
	}{
		{"the same customer", tickets.Open, tickets.Open, parts{jane}, parts{jane}, false},
		{"the same customer, who brought somebody", tickets.Open, tickets.Open, parts{jane, boss}, parts{jane}, false},
		{"into one in which they take part", tickets.Open, tickets.Open, parts{jane}, parts{max, janeToo}, false},
		{"another customer", tickets.Open, tickets.Open, parts{jane}, parts{max}, true},
		{"another customer, who takes part here", tickets.Open, tickets.Open, parts{max, janeToo}, parts{jane}, true},
		{"a machine's", tickets.Open, tickets.Open, nil, parts{jane}, false},
		{"a machine's, with somebody added", tickets.Open, tickets.Open, parts{boss}, parts{jane}, true},
		{"into a machine's", tickets.Open, tickets.Open, parts{jane}, nil, true},
		{"into one that is done", tickets.Open, tickets.Closed, parts{jane}, parts{jane}, true},
		{"both are done", tickets.Closed, tickets.Solved, parts{jane}, parts{jane}, false},
	} {
		why := refusal(&tickets.Ticket{ID: 2, Status: c.from}, &tickets.Ticket{ID: 1, Status: c.into}, c.parts, c.have)
		if why.Empty() == c.refused {
			t.Errorf("%s: %q", c.name, why.English())
		}
	}
}

// Each change that can be undone leads back to the ticket as it was, and changes are undone from
// the last to the first.
func TestEachChangeIsUndone(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	one, two := 1, 2
	ann := tickets.AgentActor("ann")
	past := []tickets.Event{{Kind: tickets.Opened, At: at, Actor: tickets.PersonActor(1), Data: tickets.Data{Priority: "normal", Tier: &one, Team: "front", Requester: 1}}}
	for _, e := range []tickets.Event{
		{Kind: tickets.StatusChanged, Data: tickets.Data{Status: tickets.OnHold}},
		{Kind: tickets.StatusChanged, Data: tickets.Data{Status: tickets.Solved}},
		{Kind: tickets.StatusChanged, Data: tickets.Data{Status: tickets.Open}},
		{Kind: tickets.PriorityChanged, Data: tickets.Data{Priority: "high"}},
		{Kind: tickets.Assigned, Data: tickets.Data{Assignee: "ann"}},
		{Kind: tickets.Escalated, Data: tickets.Data{Tier: &two, Team: "tech"}},
		{Kind: tickets.TeamChanged, Data: tickets.Data{Team: "front"}},
		{Kind: tickets.Tagged, Data: tickets.Data{Add: []string{"vpn"}}},
		{Kind: tickets.Linked, Data: tickets.Data{Linked: 7}},
		{Kind: tickets.DueSet, Data: tickets.Data{Due: at.Add(time.Hour)}},
		{Kind: tickets.Booked, Data: tickets.Data{Minutes: 20}},
		{Kind: tickets.Restricted, Data: tickets.Data{Add: []string{"ann"}}},
	} {
		e.At, e.Actor, e.Data.Command = at, ann, "x"
		past = append(past, e)
	}
	replay := func(events []tickets.Event) (now tickets.Ticket) {
		for _, e := range events {
			next, err := tickets.Apply(now, e)
			if err != nil {
				t.Fatal(err)
			}
			now = next
		}
		now.Version = 0
		now.Solved = time.Time{}
		return now
	}
	changes := len(past)
	for n := changes - 1; n > 0; n-- {
		e, before, found := lastChange(past)
		if !found || e.Kind != past[n].Kind {
			t.Fatalf("the change before is %q, found %t, wanted %q", e.Kind, found, past[n].Kind)
		}
		back := inverse(e, before, replay(past))
		back.At, back.Actor = at, ann
		past = append(past, back)
		got, want := replay(past), replay(past[:n])
		if got.Status != want.Status || got.Priority != want.Priority || got.Tier != want.Tier || got.Team != want.Team || got.Assignee != want.Assignee || len(got.Tags) != len(want.Tags) ||
			got.Linked != want.Linked || !got.Due.Equal(want.Due) || got.Booked != want.Booked || len(got.Restricted) != len(want.Restricted) || !got.CustomerWrote.Equal(want.CustomerWrote) {
			t.Errorf("after undoing %q:\n%+v\nwanted\n%+v", e.Kind, got, want)
		}
	}
	if e, _, found := lastChange(past); found {
		t.Errorf("%q is undone once more", e.Kind)
	}
	for name, e := range map[string]tickets.Event{
		"a rule's":    {Kind: tickets.PriorityChanged, Actor: tickets.RuleActor("r"), Data: tickets.Data{Priority: "low", Command: "x"}},
		"an answer's": {Kind: tickets.Assigned, Actor: ann, Data: tickets.Data{Assignee: "ann", Reason: "answered"}},
	} {
		if _, _, found := lastChange([]tickets.Event{past[0], e}); found {
			t.Errorf("%s change is undone", name)
		}
	}
}
