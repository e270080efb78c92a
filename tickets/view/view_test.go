package view

import (
	"slices"
	"testing"

	"tierdesk/tickets"
)

// Who hears of a ticket, and whom the words of a policy name.
func TestAudience(t *testing.T) {
	p := &tickets.Policy{
		Service: &tickets.Service{Tiers: []tickets.Tier{{Level: 1, Team: "front"}, {Level: 2, Team: "tech"}, {Level: 3, Team: "experts"}, {Level: 4, Outside: true}}},
		People: &tickets.Directory{
			Agents: []tickets.Agent{{Name: "ann", Teams: []string{"front"}}, {Name: "ben", Teams: []string{"front"}}, {Name: "tess", Teams: []string{"tech"}}, {Name: "eve", Teams: []string{"experts"}},
				{Name: "lea", Lead: []string{"front", "tech"}}},
			Teams: []tickets.Team{{Name: "front"}, {Name: "tech", Notify: "lead"}, {Name: "experts", Notify: "none"}},
		},
	}
	ticket := func(tier int, team, assignee string) *tickets.Ticket {
		return &tickets.Ticket{Tier: tier, Team: team, Assignee: assignee}
	}
	check := func(what string, got []string, want ...string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, wanted %q", what, got, want)
		}
	}
	check("its team", Working(p, ticket(1, "front", "")), "ann", "ben")
	check("its tier's team", Working(p, ticket(1, "", "")), "ann", "ben")
	check("its assignee", Working(p, ticket(1, "front", "tess")), "tess")
	check("an assignee who has left", Working(p, ticket(1, "front", "gone")), "ann", "ben")
	check("a team that only the lead hears for", Working(p, ticket(2, "", "")), "lea")
	check("a team that hears nothing", Working(p, ticket(3, "", "")))
	watched := func(silenced, watchers []string) *tickets.Ticket {
		return &tickets.Ticket{Tier: 1, Team: "front", Silenced: silenced, Watchers: watchers}
	}
	check("a watcher beside the team", Working(p, watched(nil, []string{"ben", "eve"})), "ann", "ben", "eve")
	check("one of the team has stopped", Working(p, watched([]string{"ann"}, nil)), "ben")
	check("all of the team have stopped", Working(p, watched([]string{"ann", "ben"}, []string{"eve"})), "ann", "ben", "eve")
	check("a tier outside", Working(p, ticket(4, "", "")))
	check("whoever had to do with it", Involved(p, ticket(1, "front", "ann"), []tickets.Event{{Actor: tickets.AgentActor("tess")}, {Actor: tickets.PersonActor(7)}, {Actor: tickets.AgentActor("gone")}}, "ann"), "tess")
	for _, c := range []struct {
		word string
		want []string
	}{
		{"assignee", []string{"ann"}},
		{"team", []string{"ann", "ben"}},
		{"lead", []string{"lea"}},
		{"next", []string{"lea"}},
		{"eve", []string{"eve"}},
		{"EVE", []string{"eve"}},
		{"experts", []string{"eve"}}, // by name, whatever the team hears by itself
		{"admin", nil},
		{"nobody", nil},
	} {
		check(c.word, Named(p, ticket(1, "front", "ann"), []string{c.word}), c.want...)
	}
	check("several, each once", Named(p, ticket(1, "front", "ann"), []string{"team", "assignee", "lead"}), "ann", "ben", "lea")
	check("nobody has it", Named(p, ticket(1, "front", ""), []string{"assignee"}))
}

// As soon as somebody has the right, the others do not see what is confidential.
func TestText(t *testing.T) {
	p := &tickets.Policy{People: &tickets.Directory{
		Agents: []tickets.Agent{{Name: "ann", Teams: []string{"frontdesk"}}, {Name: "tess", Teams: []string{"technicians"}}},
		Teams:  []tickets.Team{{Name: "frontdesk"}, {Name: "technicians"}},
	}}
	const text, masked = "card 4242 4242 4242 4242", "card •••• •••• •••• 4242"
	check := func(agent, want string) {
		t.Helper()
		if got, hidden := Text(p, p.People.Agent(agent), text); got != want || hidden != (want != text) {
			t.Errorf("%s sees %q (hidden: %t), want %q", agent, got, hidden, want)
		}
	}
	check("ann", text)
	p.People.Teams[1].Rights = []string{tickets.RightConfidential}
	check("ann", masked)
	check("tess", text)
}

// What is confidential is neither found by searching nor shown, and no file of such a mail is.
func TestShownAndSearched(t *testing.T) {
	p := &tickets.Policy{People: &tickets.Directory{
		Agents: []tickets.Agent{{Name: "ann"}, {Name: "tess", Rights: []string{tickets.RightConfidential}}},
	}}
	messages := []tickets.Message{{Text: "card 4242 4242 4242 4242", Files: make([]tickets.Attachment, 1)}, {Text: "no card", Files: make([]tickets.Attachment, 1)}}
	if got := Searched(messages[0].Text); got != "card •••• •••• •••• 4242" {
		t.Errorf("searched in %q", got)
	}
	shown := Shown(p, &tickets.Ticket{}, messages, p.People.Agent("ann"))
	if shown[0].Text != "card •••• •••• •••• 4242" || len(shown[0].Files) != 0 || len(shown[1].Files) != 1 {
		t.Errorf("ann is shown %+v", shown)
	}
	for _, reader := range []*tickets.Agent{p.People.Agent("tess"), nil} {
		if shown := Shown(p, &tickets.Ticket{}, messages, reader); shown[0].Text != messages[0].Text || len(shown[0].Files) != 1 {
			t.Errorf("%v is shown %+v", reader, shown)
		}
	}
}
