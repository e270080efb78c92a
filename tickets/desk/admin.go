package desk

import (
	"context"
	"errors"
	"fmt"

	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// ErrNoTicket means that no ticket has the number that follows.
var ErrNoTicket = errors.New("there is no ticket")

// Change changes a ticket on behalf of the admin, who need not be an agent, and tells those
// responsible for it now. It returns the ticket before and after. The names in the change must
// exist in the desk folder.
func (d *Desk) Change(ctx context.Context, id int64, want rules.Changes) (before, after tickets.Ticket, err error) {
	err = d.db.Update(ctx, func(tx *sqldb.Tx) error {
		c, err := d.context(tx)
		if err != nil {
			return err
		}
		if fault := unknown(c.Policy, want); fault != nil {
			return fault
		}
		if a := c.Policy.People.Agent(want.Assignee); a != nil {
			want.Assignee = a.Name // however it was typed
		}
		var found bool
		if before, found, err = store.Ticket(tx, id); err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("%w %d", ErrNoTicket, id)
		}
		if before.MergedInto != 0 {
			return fmt.Errorf("ticket %d is merged into %d", id, before.MergedInto)
		}
		if until, err := c.AwayUntil(want.Assignee); err != nil {
			return err
		} else if !until.IsZero() {
			return errors.New(c.IsAway(c.Policy.People.Agent(want.Assignee), until).English())
		}
		work := decision.Begin(c, "admin", tx.Now())
		t, err := work.Open(id)
		if err != nil {
			return err
		}
		if err := t.Change(want, tickets.Admin, "admin"); err != nil {
			return err
		}
		if now := t.Ticket.Assignee; now != "" && now != before.Assignee {
			t.Notify(notice.Notice{Kind: templates.Assigned, Agent: now, Author: tickets.Admin})
		} else if t.Ticket.Tier != before.Tier {
			t.NotifyAll(view.Team(c.Policy, &t.Ticket, t.Ticket.Team),
				notice.Notice{Kind: templates.Escalation, Author: tickets.Admin, Before: &before.Tier})
		} else if t.Ticket.Team != before.Team {
			t.NotifyAll(view.Team(c.Policy, &t.Ticket, t.Ticket.Team), notice.Notice{Kind: templates.Assigned, Author: tickets.Admin})
		}
		result, err := work.Finish()
		after = result.State
		return err
	})
	return before, after, err
}

// unknown returns an error about the first name in a change that the desk folder does not have.
func unknown(p *tickets.Policy, want rules.Changes) error {
	tier := (*tickets.Tier)(nil)
	if want.Tier != nil {
		tier = p.Service.Tier(*want.Tier)
	}
	switch {
	case want.Priority != "" && p.Service.Priority(want.Priority) == nil:
		return fmt.Errorf("there is no priority %q in service.yaml", want.Priority)
	case want.Team != "" && want.Team != rules.None && p.People.Team(want.Team) == nil:
		return fmt.Errorf("there is no team %q in people.yaml", want.Team)
	case want.Assignee != "" && want.Assignee != rules.None && p.People.Agent(want.Assignee) == nil:
		return fmt.Errorf("there is no agent %q in people.yaml", want.Assignee)
	case want.Tier != nil && tier == nil:
		return fmt.Errorf("there is no tier %d in service.yaml", *want.Tier)
	case tier != nil && tier.Outside:
		return fmt.Errorf("tier %d is outside: no ticket can be moved there", *want.Tier)
	}
	return nil
}
