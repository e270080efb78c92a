package view

import (
	"slices"
	"testing"

	"tierdesk/tickets"
)

// A restricted ticket is for those whom it names, by themselves or by a team; somebody always hears
// of it.
func TestRestricted(t *testing.T) {
	p := &tickets.Policy{
		Service: &tickets.Service{Tiers: []tickets.Tier{{Level: 1, Team: "front"}}},
		People: &tickets.Directory{
			Agents: []tickets.Agent{{Name: "ann", Teams: []string{"front"}}, {Name: "ben", Teams: []string{"front"}}, {Name: "hana", Teams: []string{"hr"}}, {Name: "lea", Lead: []string{"hr"}}},
			Teams:  []tickets.Team{{Name: "front"}, {Name: "hr"}},
		},
	}
	for _, c := range []struct {
		name       string
		restricted []string
		sees       []string
		working    []string
	}{
		{"to nobody", nil, []string{"ann", "ben", "hana", "lea"}, []string{"ann", "ben"}},
		{"to one of its team", []string{"ann"}, []string{"ann"}, []string{"ann"}},
		{"to another team", []string{"hr"}, []string{"hana", "lea"}, []string{"hana", "lea"}},
		{"to one who has left, and one", []string{"gone", "ben"}, []string{"ben"}, []string{"ben"}},
	} {
		ticket := &tickets.Ticket{Tier: 1, Team: "front", Restricted: c.restricted}
		var sees []string
		for i := range p.People.Agents {
			if Sees(p, ticket, &p.People.Agents[i]) {
				sees = append(sees, p.People.Agents[i].Name)
			}
		}
		if !slices.Equal(sees, c.sees) {
			t.Errorf("%s: seen by %q", c.name, sees)
		}
		if got := Working(p, ticket); !slices.Equal(got, c.working) {
			t.Errorf("%s: told to %q", c.name, got)
		}
		if got := Named(p, ticket, []string{"team", "ben"}); len(got) == 0 || slices.ContainsFunc(got, func(name string) bool { return !slices.Contains(c.sees, name) }) {
			t.Errorf("%s: %q are named", c.name, got)
		}
	}
	if Sees(p, &tickets.Ticket{}, &tickets.Agent{Name: "gone"}) || !Sees(p, &tickets.Ticket{Restricted: []string{"ann"}}, nil) {
		t.Error("one who has left sees a ticket, or the admin does not")
	}
}
