package decision

import (
	"fmt"
	"testing"
	"time"

	"tierdesk/tickets"
)

// Who of a team gets a ticket, by the way in which the team works.
func TestChoose(t *testing.T) {
	agent := func(load int) candidate { return candidate{load: load} }
	full := candidate{load: 3, limit: 3}
	knows := func(skills, load int) candidate { return candidate{skills: skills, load: load, asked: true} }
	unable := candidate{unable: true}
	for _, c := range []struct {
		name   string
		way    string
		agents []candidate
		last   int64
		want   int
	}{
		{"nobody is there", tickets.AssignTurns, nil, 0, -1},
		{"the first turn", tickets.AssignTurns, []candidate{agent(9), agent(0)}, 0, 0},
		{"the next turn", tickets.AssignTurns, []candidate{agent(9), agent(9), agent(0)}, 1, 1},
		{"round again", tickets.AssignTurns, []candidate{agent(0), agent(0)}, 2, 0},
		{"one is passed over, and their turn is not the next one's second", tickets.AssignTurns, []candidate{agent(0), unable, agent(0)}, 3, 0},
		{"the turn of who is passed over", tickets.AssignTurns, []candidate{agent(0), unable, agent(0)}, 1, 2},
		{"who has their limit is passed over", tickets.AssignTurns, []candidate{full, agent(8)}, 0, 1},
		{"all have their limit", tickets.AssignLeast, []candidate{full, full}, 0, -1},
		{"the team was larger", tickets.AssignTurns, []candidate{agent(0), agent(0)}, 7, 1},
		{"the fewest tickets", tickets.AssignLeast, []candidate{agent(2), agent(1), agent(3)}, 0, 1},
		{"as few: by turns", tickets.AssignLeast, []candidate{agent(1), agent(1), agent(3)}, 1, 1},
		{"the fewest, who is passed over", tickets.AssignLeast, []candidate{agent(2), unable, agent(3)}, 0, 0},
		{"who knows about it, though they have more", tickets.AssignSkill, []candidate{knows(0, 0), knows(1, 5)}, 0, 1},
		{"who knows most about it", tickets.AssignSkill, []candidate{knows(1, 0), knows(2, 5)}, 0, 1},
		{"of those who know as much, the fewest tickets", tickets.AssignSkill, []candidate{knows(1, 2), knows(1, 1)}, 0, 1},
		{"no skill is asked for", tickets.AssignSkill, []candidate{agent(2), agent(1)}, 0, 1},
		{"who knows about it is passed over: nobody", tickets.AssignSkill, []candidate{knows(0, 0), {skills: 1, asked: true, unable: true}}, 0, -1},
	} {
		if got := choose(c.way, c.agents, c.last); got != c.want {
			t.Errorf("%s: %d, wanted %d", c.name, got, c.want)
		}
	}
}

// What a ticket asks for are those of its tags that an agent of the team has as a skill; a ticket
// is not given to who may not see it, nor to who gave it away.
func TestCandidates(t *testing.T) {
	members := []*tickets.Agent{{Name: "ann", Skills: []string{"VPN", "printers"}, Limit: 4}, {Name: "ben"}, {Name: "tess", Skills: []string{"vpn"}}}
	p := &tickets.Policy{Service: &tickets.Service{}, People: &tickets.Directory{}}
	for _, a := range members {
		p.People.Agents = append(p.People.Agents, *a)
	}
	got := candidates(p, &tickets.Ticket{Tags: []string{"vpn", "new"}, Restricted: []string{"ann", "ben"}}, members, nil, "ben")
	want := []candidate{{name: "ann", limit: 4, skills: 1, asked: true}, {name: "ben", asked: true, unable: true}, {name: "tess", skills: 1, asked: true, unable: true}}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, wanted %+v", got[i], want[i])
		}
	}
	if got := candidates(p, &tickets.Ticket{Tags: []string{"new"}}, members, map[string]time.Time{"ann": time.Unix(1, 0)}, ""); got[0].asked || !got[0].unable || got[2].unable {
		t.Errorf("a ticket with no tag that is a skill: %+v", got)
	}
	p.People.Rotas = []tickets.Rota{{Teams: []string{"tech"}, Location: time.UTC, Duty: true, Days: 7, Turns: []tickets.Turn{{OnDuty: []string{"ben"}}}}}
	p = p.At(time.Unix(1, 0), nil)
	if got := candidates(p, &tickets.Ticket{Team: "tech"}, members, nil, ""); !got[0].unable || got[1].unable || !got[2].unable {
		t.Errorf("a team of which one is on duty: %+v", got)
	}
	if got := candidates(p, &tickets.Ticket{Team: "other"}, members, nil, ""); got[0].unable {
		t.Errorf("a team without a rota: %+v", got)
	}
}

// A ticket goes back to those of its team, and who lead it, who are there and may see it.
func TestPresent(t *testing.T) {
	p := &tickets.Policy{
		Service: &tickets.Service{Tiers: []tickets.Tier{{Level: 1, Team: "front"}}},
		People: &tickets.Directory{
			Agents: []tickets.Agent{{Name: "ann", Teams: []string{"front"}}, {Name: "ben", Teams: []string{"front"}}, {Name: "cid", Teams: []string{"front"}}, {Name: "tess"},
				{Name: "lea", Lead: []string{"front"}}},
			Teams: []tickets.Team{{Name: "front"}},
		},
	}
	day := time.Unix(1, 0)
	for _, c := range []struct {
		name       string
		restricted []string
		away       map[string]time.Time
		want       string
	}{
		{"one is away", nil, map[string]time.Time{"ann": day}, "[ben cid lea]"},
		{"only the lead is there", nil, map[string]time.Time{"ann": day, "ben": day, "cid": day}, "[lea]"},
		{"nobody is", nil, map[string]time.Time{"ann": day, "ben": day, "cid": day, "lea": day}, "[]"},
		{"others may not see it", []string{"ann", "ben"}, map[string]time.Time{"ann": day}, "[ben]"},
		{"nobody else may see it", []string{"ann"}, map[string]time.Time{"ann": day}, "[]"},
	} {
		ticket := &tickets.Ticket{Tier: 1, Assignee: "ann", Restricted: c.restricted}
		if got := fmt.Sprint(present(p, ticket, c.away)); got != c.want {
			t.Errorf("%s: %s, wanted %s", c.name, got, c.want)
		}
	}
}
