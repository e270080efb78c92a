package merge

import (
	"slices"

	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// undoable are the kinds of events that can be taken back.
var undoable = []tickets.EventKind{
	tickets.StatusChanged, tickets.PriorityChanged, tickets.TierChanged, tickets.Escalated, tickets.TeamChanged,
	tickets.Assigned, tickets.Tagged, tickets.Linked,
	tickets.DueSet, tickets.Booked, tickets.Watched, tickets.Restricted, tickets.Gathered, tickets.Separated,
}

// lastChange returns the last change that an agent has asked for and that has not been taken back,
// and the ticket as it stood before; false if there is none. It is pure.
func lastChange(past []tickets.Event) (e tickets.Event, before tickets.Ticket, found bool) {
	at, undone := len(past)-1, 0
	for ; at >= 0; at-- {
		x := &past[at]
		if x.Data.Command == "" || x.Actor.Agent() == "" || !slices.Contains(undoable, x.Kind) {
			continue
		}
		if !x.Data.Undo && undone == 0 {
			break
		}
		if x.Data.Undo {
			undone++
		} else {
			undone--
		}
	}
	if at < 0 {
		return e, before, false
	}
	for _, x := range past[:at] {
		if next, err := tickets.Apply(before, x); err == nil {
			before = next
		}
	}
	return past[at], before, true
}

// inverse returns the event that brings a ticket back to how it stood before another one.
func inverse(e tickets.Event, before, now tickets.Ticket) tickets.Event {
	data := tickets.Data{Command: string(commands.Undo), Undo: true}
	switch e.Kind {
	case tickets.StatusChanged:
		data.Status, data.From, data.Since = before.Status, string(now.Status), before.CustomerWrote
	case tickets.PriorityChanged:
		data.Priority, data.From = before.Priority, now.Priority
	case tickets.TierChanged, tickets.Escalated:
		tier := before.Tier
		data.Tier, data.Team, data.Assignee = &tier, before.Team, before.Assignee
		return tickets.Event{Kind: tickets.TierChanged, Data: data}
	case tickets.TeamChanged:
		data.Team, data.Assignee, data.From = before.Team, before.Assignee, now.Team
	case tickets.Assigned:
		data.Assignee, data.From = before.Assignee, now.Assignee
	case tickets.Linked:
		data.Linked = before.Linked
	case tickets.DueSet:
		data.Due = before.Due
	case tickets.Booked:
		data.Minutes = -e.Data.Minutes
	case tickets.Tagged, tickets.Watched, tickets.Restricted:
		data.Add, data.Remove = e.Data.Remove, e.Data.Add
	}
	return tickets.Event{Kind: e.Kind, Data: data}
}

// undo takes back the last change of the ticket, unless something has gone outside with it.
func undo(a *decision.Act, bonds []Bond) (phrase.Text, error) {
	past, err := a.History()
	if err != nil {
		return phrase.Text{}, err
	}
	e, before, found := lastChange(past)
	if !found {
		return decision.Refuse(phrase.Say("There is nothing to undo."))
	}
	if e.Kind == tickets.Gathered {
		return undoMerge(a, e, bonds)
	}
	sent, err := sentOutside(a, e)
	if err != nil {
		return phrase.Text{}, err
	}
	if sent {
		return decision.Refuse(phrase.Say("Nothing was undone: with the last change a mail went outside."))
	}
	back := inverse(e, before, a.Ticket)
	back.Actor = a.Actor()
	if err := a.Handle(back); err != nil {
		return phrase.Text{}, err
	}
	t := &a.Ticket
	told := phrase.Say("%s has undone the last change: the ticket is %s, at tier %d, with priority %s.",
		a.Agent.FullName, t.Status, t.Tier, t.Priority)
	if err := a.TellInvolved(notice.Notice{Kind: templates.AgentNote, Author: tickets.Desk, Text: told}); err != nil {
		return phrase.Text{}, err
	}
	return phrase.Say("Undone: the ticket is %s, at tier %d, with priority %s.", t.Status, t.Tier, t.Priority), nil
}

// sentOutside reports whether a mail to those outside was made with an event.
func sentOutside(a *decision.Act, e tickets.Event) (bool, error) {
	rows, err := mailout.List(a.Tx, mailout.Filter{Ticket: a.Ticket.ID, Limit: 1000})
	return slices.ContainsFunc(rows, func(r mailout.Row) bool {
		return r.Mail.Party == mailout.Customer && r.Mail.Created.UnixMilli() == e.Record.UnixMilli()
	}), err
}

// undoMerge takes a ticket that was merged into this one out again. What was written since the
// merge stays here; whoever takes part only since then takes part no longer.
func undoMerge(a *decision.Act, e tickets.Event, bonds []Bond) (phrase.Text, error) {
	c, err := a.Open(e.Data.Linked)
	if err != nil {
		return phrase.Text{}, err
	}
	out := &decision.Act{Case: c, Agent: a.Agent, Typed: a.Typed}
	if out.Ticket.MergedInto != a.Ticket.ID {
		return decision.Refuse(phrase.Say("There is nothing to undo."))
	}
	data := tickets.Data{Linked: a.Ticket.ID, Command: string(commands.Undo), Undo: true}
	if err := event(out, tickets.Unmerged, data); err != nil {
		return phrase.Text{}, err
	}
	data.Linked = out.Ticket.ID
	if err := event(a, tickets.Separated, data); err != nil {
		return phrase.Text{}, err
	}
	if err := store.LeaveTogether(a.Tx, a.Ticket.ID, out.Ticket.ID, e.Record); err != nil {
		return phrase.Text{}, err
	}
	for _, b := range bonds {
		if err := b.TakeBack(out.Case, a.Case, a.Actor()); err != nil {
			return phrase.Text{}, err
		}
	}
	told := phrase.Say("%s has undone the merge: this ticket is on its own again.", a.Agent.FullName)
	tell(out, view.Working(a.Policy, &out.Ticket), told)
	return phrase.Say("Undone: #%d is a ticket of its own again. What was written since stays here.", out.Ticket.ID), nil
}
