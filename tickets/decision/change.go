package decision

import (
	"fmt"
	"slices"

	"tierdesk/rules"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/view"
)

// Change sets the ticket's values as wanted, with an event for each value that really changes.
func (c *Case) Change(want rules.Changes, actor tickets.Actor, cause string) error {
	for _, e := range changes(want, &c.Ticket, c.Policy.Service) {
		e.Actor, e.Cause = actor, cause
		if err := c.Handle(e); err != nil {
			return err
		}
	}
	if want.Status != "" && tickets.Status(want.Status) != c.Ticket.Status {
		return c.SetStatus(tickets.Status(want.Status), actor, cause, "")
	}
	return nil
}

// changes returns the events that set a ticket's values, except its status, as wanted. It is pure.
func changes(want rules.Changes, t *tickets.Ticket, service *tickets.Service) []tickets.Event {
	var out []tickets.Event
	if want.Priority != "" && want.Priority != t.Priority {
		out = append(out, tickets.Event{Kind: tickets.PriorityChanged, Data: tickets.Data{Priority: want.Priority, From: t.Priority}})
	}
	assignee := t.Assignee
	switch next := named(want.Team, t.Team); {
	case want.Tier != nil && *want.Tier != t.Tier:
		// Another tier means another team, unless one is named; the ticket loses its assignee.
		team := ""
		if tier := service.Tier(*want.Tier); tier != nil {
			team = tier.Team
		}
		out = append(out, tickets.Event{Kind: tickets.TierChanged, Data: tickets.Data{Tier: want.Tier, Team: named(want.Team, team)}})
		assignee = ""
	case next != t.Team:
		out = append(out, tickets.Event{Kind: tickets.TeamChanged, Data: tickets.Data{Team: next, From: t.Team}})
		assignee = ""
	}
	if next := named(want.Assignee, assignee); next != assignee {
		out = append(out, tickets.Event{Kind: tickets.Assigned, Data: tickets.Data{Assignee: next, From: assignee}})
	}
	if data := tagChanges(want.Tags, t); len(data.Add)+len(data.Remove) > 0 {
		out = append(out, tickets.Event{Kind: tickets.Tagged, Data: data})
	}
	return out
}

// named returns the wanted name: present if none is wanted, "" for the word none.
func named(want, present string) string {
	switch want {
	case "":
		return present
	case rules.None:
		return ""
	}
	return want
}

// tagChanges returns the tags to add that the ticket lacks, and those to remove that it has.
func tagChanges(tags []rules.TagChange, t *tickets.Ticket) tickets.Data {
	var data tickets.Data
	for _, tag := range tags {
		if tag.Add && !t.HasTag(tag.Name) {
			data.Add = append(data.Add, tag.Name)
		} else if !tag.Add && t.HasTag(tag.Name) {
			data.Remove = append(data.Remove, tag.Name)
		}
	}
	return data
}

// SetStatus changes the status, and tells the customer if it matters to them.
func (c *Case) SetStatus(s tickets.Status, actor tickets.Actor, cause, command string) error {
	before := c.Ticket.Status
	if before == s {
		return nil
	}
	if err := c.Handle(tickets.Event{Kind: tickets.StatusChanged, Actor: actor, Cause: cause,
		Data: tickets.Data{Status: s, From: string(before), Command: command}}); err != nil {
		return err
	}
	// A rule may have changed the status again in the meantime: the customer is told the final
	// status, once.
	kind := statusMail(before, c.Ticket.Status)
	if kind != "" && !slices.ContainsFunc(c.wanted.Replies, func(n notice.Notice) bool { return n.Kind == kind }) {
		c.Reply(notice.Notice{Kind: kind, Author: actor})
	}
	return nil
}

// statusMail returns the mail that a change of status causes, "" for none.
func statusMail(before, after tickets.Status) templates.Name {
	switch {
	case after == before:
		return ""
	case after == tickets.Solved:
		return templates.Solved
	case after == tickets.Closed && !before.Done():
		return templates.Closing
	}
	return ""
}

// Why is the reason why a ticket moves to another tier.
type Why struct {
	Said phrase.Text  // to the new owner of the ticket
	Note int64        // the note in which an agent gives the reason, 0 for none
	Data tickets.Data // for the event: the command, the promise
}

// Escalate moves the ticket up to the next inside tier and tells its team. At the top it calls the
// lead instead: nothing goes outside by itself.
func (c *Case) Escalate(actor tickets.Actor, why Why) error {
	up := c.Policy.Service.Above(c.Ticket.Tier)
	if up == nil {
		c.NotifyAll(view.Named(c.Policy, &c.Ticket, []string{"lead"}),
			notice.Notice{Kind: templates.Escalation, Reasons: []phrase.Text{why.Said, phrase.Say("There is no higher tier inside.")},
				Author: actor})
		return nil
	}
	return c.MoveTo(up, actor, why)
}

// MoveTo gives the ticket to another tier and its team. It tells the team, or the member who is
// assigned the ticket.
func (c *Case) MoveTo(tier *tickets.Tier, actor tickets.Actor, why Why) error {
	before := c.Ticket.Tier
	kind := tickets.Escalated
	if tier.Level < before {
		kind = tickets.TierChanged
	}
	level := tier.Level
	data := why.Data
	data.Tier, data.Team, data.From = &level, tier.Team, fmt.Sprint(before)
	if err := c.Handle(tickets.Event{Kind: kind, Actor: actor, Message: why.Note, Data: data}); err != nil {
		return err
	}
	if err := c.AssignByTeam(actor.Agent()); err != nil {
		return err
	}
	for _, agent := range view.Working(c.Policy, &c.Ticket) {
		if agent != actor.Agent() {
			c.Notify(notice.Notice{Kind: templates.Escalation, Agent: agent, Reasons: []phrase.Text{why.Said},
				Before: &before, Author: actor})
		}
	}
	return nil
}
