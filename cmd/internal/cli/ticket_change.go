package cli

import (
	"errors"
	"fmt"

	"tierdesk/rules"
	"tierdesk/tickets"
	"tierdesk/tickets/desk"
)

// changing is for commands that change a ticket.
type changing struct {
	Ticket number `arg:"" placeholder:"NUMBER" help:"Its number."`
}

type ticketAssignCmd struct {
	changing
	Agent string `arg:"" placeholder:"AGENT" help:"The agent's short name in people.yaml, or none."`
	inFolder
	asJSON
}

// Help is shown by `tierdesk help ticket assign`.
func (ticketAssignCmd) Help() string {
	return `Assigns the ticket to an agent, who gets a notice, or to nobody (none). The log says that the admin did it. Tickets can be changed whether or not the daemon runs.

Exit codes: 0; 1 there is no such ticket or agent.`
}

// Run assigns a ticket.
func (c *ticketAssignCmd) Run(e *env) error {
	return c.change(e, c.inFolder, c.asJSON, rules.Changes{Assignee: c.Agent})
}

type ticketTeamCmd struct {
	changing
	Team string `arg:"" placeholder:"TEAM" help:"The team's short name in people.yaml, or none."`
	inFolder
	asJSON
}

// Run assigns a ticket to a team.
func (c *ticketTeamCmd) Run(e *env) error {
	return c.change(e, c.inFolder, c.asJSON, rules.Changes{Team: c.Team})
}

type ticketTierCmd struct {
	changing
	Tier int `arg:"" placeholder:"LEVEL" help:"The level of an inside tier."`
	inFolder
	asJSON
}

// Run moves a ticket to a tier.
func (c *ticketTierCmd) Run(e *env) error {
	return c.change(e, c.inFolder, c.asJSON, rules.Changes{Tier: &c.Tier})
}

type ticketPriorityCmd struct {
	changing
	Priority string `arg:"" placeholder:"PRIORITY" help:"A priority from service.yaml."`
	inFolder
	asJSON
}

// Run sets a ticket's priority.
func (c *ticketPriorityCmd) Run(e *env) error {
	return c.change(e, c.inFolder, c.asJSON, rules.Changes{Priority: c.Priority})
}

type ticketCloseCmd struct {
	changing
	inFolder
	asJSON
}

// Help is shown by `tierdesk help ticket close`.
func (ticketCloseCmd) Help() string {
	return `Closes the ticket. The customer gets the same mail as after an agent's /close.

Exit codes: 0; 1 there is no such ticket.`
}

// Run closes a ticket.
func (c *ticketCloseCmd) Run(e *env) error {
	return c.change(e, c.inFolder, c.asJSON, rules.Changes{Status: string(tickets.Closed)})
}

// change changes the ticket and shows it.
func (c *changing) change(e *env, folder inFolder, format asJSON, want rules.Changes) error {
	a, err := folder.whole(e)
	if err != nil {
		return err
	}
	defer a.Close()
	before, after, err := a.Desk.Change(e.ctx, int64(c.Ticket), want)
	if errors.Is(err, desk.ErrNoTicket) {
		return noTicket(int64(c.Ticket))
	}
	if err != nil {
		return hinted(err, "tierdesk ticket show %d; names are those of people.yaml and service.yaml", c.Ticket)
	}
	if format.JSON {
		return e.json(ticketOf(after))
	}
	if before.Version == after.Version {
		e.none(fmt.Sprintf("nothing to change in ticket %d", c.Ticket))
	}
	e.printf("%s\n", e.ticketLine(ticketOf(after)))
	return nil
}
