package merge

import (
	"strings"
	"testing"
	"time"

	"tierdesk/tickets"
	"tierdesk/tickets/phrase"
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
		{Kind: tickets.Watched, Data: tickets.Data{Add: []string{"ann"}}},
		{Kind: tickets.Watched, Data: tickets.Data{Remove: []string{"ann"}}},
		{Kind: tickets.Watched, Data: tickets.Data{Add: []string{"ann"}}},
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
		e, before, found := lastChange(past, "ann")
		if !found || e.Kind != past[n].Kind {
			t.Fatalf("the change before is %q, found %t, wanted %q", e.Kind, found, past[n].Kind)
		}
		back := inverse(e, before, replay(past))
		back.At, back.Actor = at, ann
		past = append(past, back)
		got, want := replay(past), replay(past[:n])
		if got.Status != want.Status || got.Priority != want.Priority || got.Tier != want.Tier || got.Team != want.Team || got.Assignee != want.Assignee || len(got.Tags) != len(want.Tags) ||
			got.Linked != want.Linked || !got.Due.Equal(want.Due) || got.Booked != want.Booked || len(got.Restricted) != len(want.Restricted) ||
			len(got.Watchers) != len(want.Watchers) || len(got.Silenced) != len(want.Silenced) || !got.CustomerWrote.Equal(want.CustomerWrote) {
			t.Errorf("after undoing %q:\n%+v\nwanted\n%+v", e.Kind, got, want)
		}
	}
	if e, _, found := lastChange(past, "ann"); found {
		t.Errorf("%q is undone once more", e.Kind)
	}
	for name, e := range map[string]tickets.Event{
		"a rule's":    {Kind: tickets.PriorityChanged, Actor: tickets.RuleActor("r"), Data: tickets.Data{Priority: "low", Command: "x"}},
		"an answer's": {Kind: tickets.Assigned, Actor: ann, Data: tickets.Data{Assignee: "ann", Reason: "answered"}},
		"what a colleague hears of, and their": {Kind: tickets.Watched, Actor: tickets.AgentActor("ben"),
			Data: tickets.Data{Add: []string{"ben"}, Command: "watch"}},
	} {
		if _, _, found := lastChange([]tickets.Event{past[0], e}, "ann"); found {
			t.Errorf("%s change is undone", name)
		}
	}
}

// What was taken back is said by value.
func TestDifferences(t *testing.T) {
	p := &tickets.Policy{People: &tickets.Directory{Agents: []tickets.Agent{{Name: "ann", FullName: "Ann Able"}, {Name: "ben", FullName: "Ben Brown"}},
		Teams: []tickets.Team{{Name: "front", FullName: "Front desk"}}}}
	due := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	local := func(t time.Time) phrase.Moment { return phrase.Moment{At: t, Now: due} }
	for _, c := range []struct {
		was, now tickets.Ticket
		want     string
	}{
		{tickets.Ticket{}, tickets.Ticket{}, ""},
		{tickets.Ticket{Priority: "urgent"}, tickets.Ticket{Priority: "normal"}, "the priority is normal again (was urgent)"},
		{tickets.Ticket{Status: tickets.Solved}, tickets.Ticket{Status: tickets.Open}, "the status is open again (was solved)"},
		{tickets.Ticket{Tier: 2, Team: "tech", Assignee: "gone"}, tickets.Ticket{Tier: 1, Team: "front", Assignee: "ann"},
			"the ticket is at tier 1 again (was at tier 2), the team is Front desk again (was tech), it is assigned to Ann Able again (was assigned to gone)"},
		{tickets.Ticket{Team: "front"}, tickets.Ticket{}, "it has no team again (was Front desk)"},
		{tickets.Ticket{}, tickets.Ticket{Team: "front"}, "the team is Front desk again (had none)"},
		{tickets.Ticket{Assignee: "ben"}, tickets.Ticket{}, "it is assigned to nobody again (was assigned to Ben Brown)"},
		{tickets.Ticket{}, tickets.Ticket{Assignee: "ben"}, "it is assigned to Ben Brown again (was assigned to nobody)"},
		{tickets.Ticket{Tags: []string{"a", "vpn"}}, tickets.Ticket{Tags: []string{"a", "mail", "x"}}, "tags removed again: vpn, tags back: mail x"},
		{tickets.Ticket{Linked: 7}, tickets.Ticket{}, "it is no longer linked with #7"},
		{tickets.Ticket{Linked: 7}, tickets.Ticket{Linked: 4}, "it is linked with #4 again"},
		{tickets.Ticket{Due: due}, tickets.Ticket{}, "no date is set again (was Tuesday 1 December, 09:00 UTC)"},
		{tickets.Ticket{}, tickets.Ticket{Due: due}, "it is to be solved by Tuesday 1 December, 09:00 UTC again (no date was set)"},
		{tickets.Ticket{Due: due}, tickets.Ticket{Due: due.Add(time.Hour)}, "it is to be solved by Tuesday 1 December, 10:00 UTC again (was Tuesday 1 December, 09:00 UTC)"},
		{tickets.Ticket{Booked: 80 * time.Minute}, tickets.Ticket{Booked: time.Hour}, "the time booked is 1 h again (was 1 h 20 min)"},
		{tickets.Ticket{Watchers: []string{"ann"}}, tickets.Ticket{}, "you no longer watch it"},
		{tickets.Ticket{Silenced: []string{"ann"}}, tickets.Ticket{Watchers: []string{"ann"}}, "you watch it again, your /stop no longer holds"},
		{tickets.Ticket{}, tickets.Ticket{Silenced: []string{"ann"}}, "your /stop holds again"},
		{tickets.Ticket{Restricted: []string{"ann"}}, tickets.Ticket{}, "all agents can see it again"},
		{tickets.Ticket{Restricted: []string{"ann"}}, tickets.Ticket{Restricted: []string{"ann", "ben"}}, "only Ann Able, Ben Brown can see it again"},
	} {
		if got := strings.ReplaceAll(differences(p, &c.was, &c.now, "ann", local).English(), "\u00a0", " "); got != c.want {
			t.Errorf("%q, wanted %q", got, c.want)
		}
	}
}
