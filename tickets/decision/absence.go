package decision

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"time"

	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// An agent who is away is given no tickets. Their tickets remain theirs until a promise is at risk;
// then they go back to the team.

// AwayUntil returns until when an agent is away; the zero time if they are not.
func (c *Context) AwayUntil(agent string) (time.Time, error) {
	if agent == "" {
		return time.Time{}, nil
	}
	away, err := store.Away(c.Tx)
	return away[agent], err
}

// IsAway returns the warning about a ticket that is to be assigned to an agent who is away.
func (c *Context) IsAway(agent *tickets.Agent, until time.Time) phrase.Text {
	return phrase.Say("%s is away until %s.", agent.FullName, c.LocalTime(until))
}

// LocalTime is an instant as the desk's people read it.
func (c *Context) LocalTime(t time.Time) phrase.Moment {
	return phrase.Moment{At: t, Now: c.Tx.Now(), Location: c.location()}
}

// TellAbsence tells the leads of an agent's teams until when the agent is away, and which of the
// agent's tickets are waiting meanwhile; an answer with /assign in one of those tickets reassigns
// it. The agents who are on call in the agent's place are told as well, and the text returned names
// them.
func (c Context) TellAbsence(agent *tickets.Agent, until time.Time) (phrase.Text, error) {
	instead, err := c.TellStandIns(agent, until, false)
	if err != nil {
		return phrase.Text{}, err
	}
	return instead, c.tellLeads(agent, until, instead)
}

func (c Context) tellLeads(agent *tickets.Agent, until time.Time, instead phrase.Text) error {
	var leads []*tickets.Agent
	for _, team := range agent.Teams {
		for _, lead := range c.Policy.People.Leads(team) {
			if lead.Name != agent.Name && !slices.Contains(leads, lead) {
				leads = append(leads, lead)
			}
		}
	}
	if len(leads) == 0 {
		return nil
	}
	waiting, err := store.List(c.Tx, store.Filter{Assignee: agent.Name, Limit: namedInBacklog,
		Status: []tickets.Status{tickets.New, tickets.Open, tickets.Pending, tickets.OnHold}})
	if err != nil {
		return err
	}
	ids := make([]int64, len(waiting))
	for i := range waiting {
		ids[i] = waiting[i].ID
	}
	parts, err := store.ParticipantsOf(c.Tx, ids)
	if err != nil {
		return err
	}
	for _, lead := range leads {
		if err := TellAgent(c, templates.FoundList, lead, mailout.Notices, func(id int64, s *notice.Sender) *templates.Facts {
			return absence(&c, id, s, agent, until, lead, instead, slices.Clone(waiting), parts)
		}); err != nil {
			return err
		}
	}
	return nil
}

// absence returns the facts of the mail to a lead of the agent's team.
func absence(c *Context, id int64, s *notice.Sender, agent *tickets.Agent, until time.Time, lead *tickets.Agent,
	instead phrase.Text, waiting []tickets.Ticket, parts map[int64][]tickets.Participant) *templates.Facts {
	language := cmp.Or(lead.Language, c.Desk.Language)
	f := notice.DeskFacts(c.Desk, c.Tx.Now())
	f.What = c.Policy.Say(phrase.Say("%s, away until %s", agent.FullName, c.LocalTime(until)), language)
	for i := range waiting {
		t := &waiting[i]
		if !view.Sees(c.Policy, t, lead) {
			continue
		}
		t.Subject, _ = view.Text(c.Policy, lead, t.Subject)
		to := "mailto:" + s.Reply(id, t, lead) + "?subject=" + url.PathEscape(fmt.Sprintf("[#%d] %s", t.ID, t.Subject))
		found := templates.Found{Number: t.ID, Subject: t.Subject, Status: string(t.Status), Changed: t.Updated, Assignee: agent.FullName,
			Show: templates.Link(to + "&body=%2Fshow"), Reply: templates.Link(to)}
		for _, p := range parts[t.ID] {
			if p.Role == tickets.Requester {
				found.Who = cmp.Or(p.Name, p.Shown, p.Address)
			}
		}
		f.Found = append(f.Found, found)
	}
	f.Count = len(f.Found)
	said := phrase.Say("While %s is away the desk gives them no tickets. What they have goes back to its team when a deadline comes near. To give one to somebody else now, answer it with /assign and a name.", agent.FullName)
	f.Reasons = c.Policy.Phrases.Texts([]phrase.Text{instead, said}, language)
	return &f
}

// giveBack returns a ticket whose promise is at risk to its team, if its assignee is away and
// another member of the team is not. It returns an explanation, and whom to tell besides those
// named by the policy; nothing if the ticket stays with its assignee.
func (c *Case) giveBack(actor tickets.Actor) (said phrase.Text, told []string, err error) {
	had := c.Policy.People.Agent(c.Ticket.Assignee)
	if had == nil {
		return phrase.Text{}, nil, nil
	}
	away, err := store.Away(c.Tx)
	if err != nil || away[had.Name].IsZero() {
		return phrase.Text{}, nil, err
	}
	there := present(c.Policy, &c.Ticket, away)
	if len(there) == 0 {
		c.Explain("%s is away, and so is everybody else of the team: the ticket stays where it is", had.Name)
		return phrase.Text{}, nil, nil
	}
	if err := c.Handle(tickets.Event{Kind: tickets.Assigned, Actor: actor,
		Data: tickets.Data{From: had.Name, Reason: "away"}}); err != nil {
		return phrase.Text{}, nil, err
	}
	if err := c.AssignByTeam(had.Name); err != nil {
		return phrase.Text{}, nil, err
	}
	told = view.Working(c.Policy, &c.Ticket)
	if len(told) == 0 {
		told = there
	}
	until := c.LocalTime(away[had.Name])
	said = phrase.Say("%s is away until %s: the ticket is back with its team, and nobody has it.", had.FullName, until)
	if next := c.Policy.People.Agent(c.Ticket.Assignee); next != nil {
		said = phrase.Say("%s is away until %s: %s has the ticket now.", had.FullName, until, next.FullName)
	}
	return said, append(told, had.Name), nil
}

// present returns the members and leads of a ticket's team who are not away and may see the ticket.
// It is pure.
func present(p *tickets.Policy, t *tickets.Ticket, away map[string]time.Time) []string {
	team := view.TeamOf(p, t)
	var out []string
	for _, a := range slices.Concat(p.People.Members(team), p.People.Leads(team)) {
		if away[a.Name].IsZero() && a.Name != t.Assignee && view.Sees(p, t, a) && !slices.Contains(out, a.Name) {
			out = append(out, a.Name)
		}
	}
	return out
}
