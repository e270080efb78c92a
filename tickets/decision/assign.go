package decision

import (
	"tierdesk/tickets"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// AssignByTurn gives a new ticket to the agent of its team whose turn it is, if the team works so
// and no rule has given it to anybody. Turns go in the order of people.yaml; old mail is nobody's
// turn.
func (c *Case) AssignByTurn() error {
	team := c.Policy.People.Team(view.TeamOf(c.Policy, &c.Ticket))
	if team == nil || !team.Turns || c.Ticket.Assignee != "" || c.Ticket.Status.Done() || c.Old {
		return nil
	}
	members := c.Policy.People.Members(team.Name)
	if len(members) == 0 {
		return nil
	}
	turn, err := store.NextTurn(c.Tx, team.Name)
	if err != nil {
		return err
	}
	agent := members[(turn-1)%int64(len(members))]
	return c.Handle(tickets.Event{Kind: tickets.Assigned, Actor: tickets.Desk,
		Data: tickets.Data{Assignee: agent.Name, Reason: "round-robin"}})
}
