package notice

import (
	"fmt"
	"testing"
	"time"

	"tierdesk/templates"
	"tierdesk/tickets"
)

// Who shadows a team gets a copy of what those on duty or on call hear of its tickets, once, and of nothing else.
func TestCopies(t *testing.T) {
	people := &tickets.Directory{Teams: []tickets.Team{{Name: "tech"}, {Name: "front"}},
		Rotas: []tickets.Rota{{Teams: []string{"tech"}, Location: time.UTC, Days: 7,
			Turns: []tickets.Turn{{OnDuty: []string{"tess"}, OnCall: []string{"tom"}, Shadows: []string{"ann", "ben"}}}}}}
	p := (&tickets.Policy{Service: &tickets.Service{}, People: people}).At(time.Unix(1, 0), map[string]time.Time{"ben": time.Unix(2, 0)})
	to := func(agent string, kind templates.Name) Notice { return Notice{Agent: agent, Kind: kind} }
	asked, alone, called := to("tess", templates.AgentNote), to("tess", templates.AgentNew), to("tom", templates.AgentNote)
	asked.Asked, alone.Alone, called.Asked, called.Called = true, true, true, true
	for _, c := range []struct {
		name    string
		team    string
		notices []Notice
		want    string
	}{
		{"a new ticket, and ben is away", "tech", []Notice{to("tess", templates.AgentNew), to("eve", templates.AgentNew)}, "[ann agent-new]"},
		{"the weightiest of several", "tech", []Notice{to("tess", templates.AgentNew), to("tom", templates.Escalation)}, "[ann escalation]"},
		{"they have their own", "tech", []Notice{to("tess", templates.AgentNew), to("ann", templates.AgentNote)}, "[]"},
		{"a receipt is theirs alone", "tech", []Notice{to("tess", templates.Receipt)}, "[]"},
		{"what they asked for", "tech", []Notice{asked}, "[]"},
		{"who is called", "tech", []Notice{called}, "[ann agent-note]"},
		{"what was told before", "tech", []Notice{alone}, "[]"},
		{"others than those on duty", "tech", []Notice{to("eve", templates.AgentNew)}, "[]"},
		{"another team's", "front", []Notice{to("tess", templates.AgentNew)}, "[]"},
	} {
		value := &Case{Policy: p, Ticket: tickets.Ticket{ID: 1, Team: c.team}}
		got := []string{}
		for _, n := range value.withCopies(c.notices)[len(c.notices):] {
			if !n.Copy || n.Called || !n.Asked {
				t.Errorf("%s: %+v is no copy", c.name, n)
			}
			got = append(got, n.Agent+" "+string(n.Kind))
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: %s, wanted %s", c.name, got, c.want)
		}
	}
}
