package notice

import (
	"slices"
	"time"

	"tierdesk/templates"
	"tierdesk/tickets"
)

// hearing is how and when an agent gets a notice.
type hearing struct {
	never  string    // why they do not, "" if they do
	at     time.Time // when, if it waits
	digest bool      // it waits for a mail that combines it with others
}

// hears returns how and when an agent gets a notice. It is pure.
func (c *Case) hears(agent *tickets.Agent, n *Notice) hearing {
	switch {
	case c.Ticket.ID == 0, n.Called:
		return hearing{}
	case n.Copy:
		return hearing{at: agent.Quiet.Ends(c.Now.In(c.location()))}
	}
	if kinds[n.Kind].news {
		has := c.Ticket.Assignee == agent.Name
		switch {
		case n.Asked:
		case slices.Contains(c.Ticket.Silenced, agent.Name) && !has && n.Kind == templates.AgentNote:
			return hearing{never: "they want to hear no more of this ticket"}
		case agent.Notify == tickets.NotifyMine && !has && !slices.Contains(c.Ticket.Watchers, agent.Name):
			return hearing{never: "they want to hear of their own tickets only"}
		case agent.Notify == tickets.NotifyDigest:
			return hearing{at: tickets.NextAt(c.Now.In(c.location()), agent.DigestAt), digest: true}
		}
	}
	if kinds[n.Kind].news || n.Kind == templates.Warning {
		return hearing{at: agent.Quiet.Ends(c.Now.In(c.location()))}
	}
	return hearing{}
}

func (c *Case) location() *time.Location {
	if c.Desk.Location == nil {
		return time.UTC
	}
	return c.Desk.Location
}

// importance returns the Importance of a mail: that of its kind, and high for news of a ticket that
// has missed a deadline; "" for the usual one.
func (c *Case) importance(kind templates.Name) string {
	missed := slices.ContainsFunc(c.Clocks, func(clock templates.Clock) bool { return clock.Missed && !clock.Paused })
	if missed && kinds[kind].news {
		return high
	}
	return kinds[kind].importance
}

// smallTeam is the maximum size of a team whose members all get the files of a customer's mail with
// the notice, unless the team's settings say otherwise.
const smallTeam = 5

// Crowded reports whether only the assignee gets the files of the customer's mails, because of the
// team's settings or its size.
func Crowded(p *tickets.Policy, t *tickets.Ticket) bool {
	name := t.Team
	if tier := p.Service.Tier(t.Tier); name == "" && tier != nil {
		name = tier.Team
	}
	team := p.People.Team(name)
	switch {
	case team == nil:
		return false
	case team.Files != "":
		return team.Files == tickets.FilesTaker
	}
	return team.Notify == "all" && len(p.People.Members(name)) > smallTeam
}
