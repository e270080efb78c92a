package decision

import (
	"fmt"
	"strings"
	"testing"

	"tierdesk/rules"
	"tierdesk/templates"
	"tierdesk/tickets"
)

// What changes of a rule or command come to, as events: one for each value that really changes.
func TestChanges(t *testing.T) {
	service := &tickets.Service{Tiers: []tickets.Tier{{Level: 1, Team: "front"}, {Level: 2, Team: "tech"}}}
	two, one, nine := 2, 1, 9
	tag := func(name string, add bool) rules.TagChange { return rules.TagChange{Name: name, Add: add} }
	for _, c := range []struct {
		name string
		want rules.Changes
		says string
	}{
		{"nothing", rules.Changes{}, ""},
		{"what is so already", rules.Changes{Priority: "normal", Tier: &one, Team: "front", Assignee: "ann", Tags: []rules.TagChange{tag("vpn", true), tag("x", false)}}, ""},
		{"a priority", rules.Changes{Priority: "high"}, "priority-changed high"},
		{"a tier brings its team, and frees the ticket", rules.Changes{Tier: &two}, "tier-changed 2 tech"},
		{"a tier with a team of its own", rules.Changes{Tier: &two, Team: "network"}, "tier-changed 2 network"},
		{"a tier and nobody's team", rules.Changes{Tier: &two, Team: rules.None}, "tier-changed 2 "},
		{"a tier that is not there", rules.Changes{Tier: &nine}, "tier-changed 9 "},
		{"a tier, and who had it has it again", rules.Changes{Tier: &two, Assignee: "ann"}, "tier-changed 2 tech, assigned ann"},
		{"a team frees the ticket", rules.Changes{Team: "network"}, "team-changed network"},
		{"a team, and who had it has it again", rules.Changes{Team: "network", Assignee: "ann"}, "team-changed network, assigned ann"},
		{"no team", rules.Changes{Team: rules.None}, "team-changed "},
		{"somebody else", rules.Changes{Assignee: "ben"}, "assigned ben"},
		{"nobody", rules.Changes{Assignee: rules.None}, "assigned "},
		{"tags", rules.Changes{Tags: []rules.TagChange{tag("new", true), tag("vpn", false)}}, "tagged +new -vpn"},
	} {
		ticket := tickets.Ticket{Status: tickets.Open, Priority: "normal", Tier: 1, Team: "front", Assignee: "ann", Tags: []string{"vpn"}, Version: 1}
		var says []string
		after := ticket
		for _, e := range changes(c.want, &ticket, service) {
			d := e.Data
			switch e.Kind {
			case tickets.PriorityChanged:
				says = append(says, fmt.Sprintf("%s %s", e.Kind, d.Priority))
			case tickets.TierChanged:
				says = append(says, fmt.Sprintf("%s %d %s", e.Kind, *d.Tier, d.Team))
			case tickets.TeamChanged:
				says = append(says, fmt.Sprintf("%s %s", e.Kind, d.Team))
			case tickets.Assigned:
				says = append(says, fmt.Sprintf("%s %s", e.Kind, d.Assignee))
			case tickets.Tagged:
				says = append(says, fmt.Sprintf("%s +%s -%s", e.Kind, strings.Join(d.Add, " "), strings.Join(d.Remove, " ")))
			}
			var err error
			if after, err = tickets.Apply(after, e); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if got := strings.Join(says, ", "); got != c.says {
			t.Errorf("%s: %q, wanted %q", c.name, got, c.says)
		}
		// What is wanted is so afterwards, and wanting it again changes nothing.
		if again := changes(c.want, &after, service); len(again) > 0 {
			t.Errorf("%s: wanted again it leads to %v", c.name, again)
		}
	}
}

func TestStatusMail(t *testing.T) {
	for _, c := range []struct {
		before, after tickets.Status
		want          templates.Name
	}{
		{tickets.Open, tickets.Solved, templates.Solved},
		{tickets.Pending, tickets.Closed, templates.Closing},
		{tickets.Solved, tickets.Closed, ""}, // they were told when it was solved
		{tickets.Closed, tickets.Solved, templates.Solved},
		{tickets.Solved, tickets.Solved, ""},
		{tickets.New, tickets.Pending, ""},
		{tickets.Closed, tickets.Open, ""},
	} {
		if got := statusMail(c.before, c.after); got != c.want {
			t.Errorf("%s to %s: %q, wanted %q", c.before, c.after, got, c.want)
		}
	}
}
