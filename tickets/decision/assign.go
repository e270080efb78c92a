package decision

import (
	"slices"
	"strings"
	"time"

	"tierdesk/tickets"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// AssignByTeam assigns a ticket that has come to a team and has no assignee to one of the team's
// agents, if the team works that way, but never to the agent named by but, who brought it there.
// The ticket stays with the team if none of its agents can be given it. Old mail is not assigned.
func (c *Case) AssignByTeam(but string) error {
	team := c.Policy.People.Team(view.TeamOf(c.Policy, &c.Ticket))
	if team == nil || team.Assign == tickets.AssignNone || c.Ticket.Assignee != "" || c.Ticket.Status.Done() || c.Old {
		return nil
	}
	members := c.Policy.People.Members(team.Name)
	away, err := store.Away(c.Tx)
	if err != nil {
		return err
	}
	agents := candidates(c.Policy, &c.Ticket, members, away, but)
	if team.Assign != tickets.AssignTurns || slices.ContainsFunc(members, func(a *tickets.Agent) bool { return a.Limit > 0 }) {
		if err := c.weigh(agents); err != nil {
			return err
		}
	}
	return store.NextTurn(c.Tx, team.Name, func(last int64) (int64, error) {
		i := choose(team.Assign, agents, last)
		if i < 0 {
			c.Explain("no agent of team %s can be given the ticket: it stays with the team", team.Name)
			return last, nil
		}
		return int64(i) + 1, c.Handle(tickets.Event{Kind: tickets.Assigned, Actor: tickets.Desk,
			Data: tickets.Data{Assignee: agents[i].name, Reason: team.Assign}})
	})
}

// candidate is an agent of a team, with what matters for assigning a ticket.
type candidate struct {
	name   string
	limit  int  // of load, 0 for none
	load   int  // tickets that wait for them
	skills int  // how many of the required skills they have
	asked  bool // the ticket requires a skill that somebody in the team has
	unable bool // they are away or off duty, may not see the ticket, or are excluded
}

// candidates returns the agents of a team in order. A ticket requires those skills that are among
// its tags. It is pure.
func candidates(p *tickets.Policy, t *tickets.Ticket, members []*tickets.Agent, away map[string]time.Time, but string) []candidate {
	out := make([]candidate, len(members))
	asked := false
	team := view.TeamOf(p, t)
	for i, a := range members {
		out[i] = candidate{name: a.Name, limit: a.Limit,
			unable: a.Name == but || !away[a.Name].IsZero() || p.People.OffDuty(team, a.Name) || !view.Sees(p, t, a)}
		for _, skill := range a.Skills {
			if slices.ContainsFunc(t.Tags, func(tag string) bool { return strings.EqualFold(tag, skill) }) {
				out[i].skills++
				asked = true
			}
		}
	}
	for i := range out {
		out[i].asked = asked
	}
	return out
}

// weigh looks up how many tickets the agents have.
func (c *Case) weigh(agents []candidate) error {
	if err := store.LockLoads(c.Tx); err != nil {
		return err
	}
	names := make([]string, len(agents))
	for i := range agents {
		names[i] = agents[i].name
	}
	loads, err := store.Loads(c.Tx, names)
	for i := range agents {
		agents[i].load = loads[agents[i].name]
	}
	return err
}

// choose returns the index of the agent who gets a ticket, -1 for none. Among equally suitable
// agents it is the next one after last, the place, counted from 1, of the agent whose turn it was
// last. It is pure.
func choose(way string, agents []candidate, last int64) int {
	best := -1
	for k := range agents {
		i := int((last + int64(k)) % int64(len(agents)))
		a := &agents[i]
		if a.unable || a.limit > 0 && a.load >= a.limit || way == tickets.AssignSkill && a.asked && a.skills == 0 {
			continue
		}
		if best < 0 || better(way, a, &agents[best]) {
			best = i
		}
	}
	return best
}

// better reports whether agent a should get a ticket in preference to b, whose turn would come
// first.
func better(way string, a, b *candidate) bool {
	switch {
	case way == tickets.AssignTurns:
		return false
	case way == tickets.AssignSkill && a.skills != b.skills:
		return a.skills > b.skills
	}
	return a.load < b.load
}
