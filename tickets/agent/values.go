package agent

import (
	"maps"
	"slices"
	"strings"
	"time"

	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/view"
)

// values are the commands on what a ticket bears beside its status, and on who watches it.
func values() []decision.Command {
	return []decision.Command{
		{Name: commands.Field, Help: phrase.Say("Sets a field; without a value it is removed."), Do: setFields},
		{Name: commands.Due, Help: phrase.Say("Sets the date by which the ticket is to be solved."), Do: setDue},
		{Name: commands.Time, Help: phrase.Say("Books time that you worked on the ticket."), Do: book},
		{Name: commands.Watch, Help: phrase.Say("Tells you of all that happens in the ticket."), Do: watch},
		{Name: commands.Stop, Help: phrase.Say("Tells you of the ticket no longer, unless it is assigned to you."), Do: stop},
		{Name: commands.Restrict, Help: phrase.Say("Shows the ticket to you and the named agents alone; without names left, to everybody."),
			Right: "restrict", Do: restrict},
	}
}

// maxFields bounds how many fields a ticket has.
const maxFields = 50

func setFields(a *decision.Act, c commands.Command) (phrase.Text, error) {
	next, data := maps.Clone(a.Ticket.Fields), tickets.Data{Command: string(c.Name)}
	if next == nil {
		next = map[string]string{}
	}
	for _, f := range c.Fields {
		before, there := next[f.Name]
		switch {
		case f.Value == "" && there:
			delete(next, f.Name)
			data.Remove = append(data.Remove, f.Name)
		case f.Value != "" && f.Value != before:
			next[f.Name] = f.Value
			data.Add = append(data.Add, f.Name)
		}
	}
	switch {
	case len(data.Add)+len(data.Remove) == 0:
		return phrase.Say("Nothing to change."), nil
	case len(next) > maxFields:
		return decision.Refuse(phrase.Say("Nothing was done: a ticket has at most %d fields.", maxFields))
	}
	a.Ticket.Fields = next
	if err := event(a, tickets.FieldsSet, data); err != nil {
		return phrase.Text{}, err
	}
	if len(next) == 0 {
		return phrase.Say("The ticket has no fields any more."), nil
	}
	var said []string
	for _, name := range slices.Sorted(maps.Keys(next)) {
		said = append(said, name+"="+next[name])
	}
	return phrase.Say("Fields: %s", strings.Join(said, ", ")), nil
}

func setDue(a *decision.Act, c commands.Command) (phrase.Text, error) {
	switch {
	case a.Ticket.Status.Done():
		return decision.Refuse(isDone(a))
	case c.When.At.Equal(a.Ticket.Due):
		return phrase.Say("Nothing to change."), nil
	}
	if err := event(a, tickets.DueSet, tickets.Data{Due: c.When.At.UTC(), Command: string(c.Name)}); err != nil {
		return phrase.Text{}, err
	}
	if c.When.At.IsZero() {
		return phrase.Say("No date is set any more; what the priority promises holds again."), nil
	}
	return phrase.Say("To be solved by %s.", a.LocalTime(c.When.At)), nil
}

func book(a *decision.Act, c commands.Command) (phrase.Text, error) {
	if a.Ticket.Booked+c.Spent < 0 {
		return decision.Refuse(phrase.Say("Nothing was done: only %s is booked on this ticket.", notice.Spent(a.Ticket.Booked)))
	}
	err := event(a, tickets.Booked, tickets.Data{Minutes: int(c.Spent / time.Minute), Command: string(c.Name)})
	return phrase.Say("Booked on this ticket: %s.", notice.Spent(a.Ticket.Booked)), err
}

func watch(a *decision.Act, c commands.Command) (phrase.Text, error) {
	if slices.Contains(a.Ticket.Watchers, a.Agent.Name) {
		return phrase.Say("You watch it already."), nil
	}
	err := event(a, tickets.Watched, tickets.Data{Add: []string{a.Agent.Name}, Command: string(c.Name)})
	return phrase.Say("You will hear of all that happens in this ticket; /stop ends it."), err
}

func stop(a *decision.Act, c commands.Command) (phrase.Text, error) {
	switch {
	case a.Ticket.Assignee == a.Agent.Name:
		return decision.Refuse(phrase.Say("Nothing was done: the ticket is yours. /assign it to somebody else first."))
	case slices.Contains(a.Ticket.Silenced, a.Agent.Name):
		return phrase.Say("Nothing to change."), nil
	}
	err := event(a, tickets.Watched, tickets.Data{Remove: []string{a.Agent.Name}, Command: string(c.Name)})
	return phrase.Say("You will not hear of this ticket again, unless it is assigned to you or nobody else of its team would; /watch brings it back."), err
}

// restrict shows the ticket to some agents alone. Whoever restricts it is one of them.
func restrict(a *decision.Act, c commands.Command) (phrase.Text, error) {
	me := func(names []string) []string {
		out := slices.Clone(names)
		for i, name := range out {
			if name == "me" {
				out[i] = a.Agent.Name
			}
		}
		return out
	}
	add, remove := me(c.Add), me(c.Remove)
	if len(a.Ticket.Restricted) == 0 {
		if len(add) == 0 {
			return phrase.Say("Nothing to change."), nil
		}
		if !slices.Contains(remove, a.Agent.Name) {
			add = append(add, a.Agent.Name)
		}
	}
	before := a.Ticket.Restricted
	if err := event(a, tickets.Restricted, tickets.Data{Add: add, Remove: remove, Command: string(c.Name)}); err != nil {
		return phrase.Text{}, err
	}
	if slices.Equal(before, a.Ticket.Restricted) {
		return phrase.Say("Nothing to change."), nil
	}
	if who := a.Policy.People.Agent(a.Ticket.Assignee); who != nil && !view.Sees(a.Policy, &a.Ticket, who) {
		if err := event(a, tickets.Assigned, tickets.Data{From: who.Name, Reason: "restricted"}); err != nil {
			return phrase.Text{}, err
		}
	}
	if len(a.Ticket.Restricted) == 0 {
		return phrase.Say("All agents can see it again."), nil
	}
	var names []string
	for _, name := range a.Ticket.Restricted {
		if agent := a.Policy.People.Agent(name); agent != nil {
			name = agent.FullName
		}
		names = append(names, name)
	}
	told := phrase.Say("%s has restricted this ticket: only %s can see it.", a.Agent.FullName, strings.Join(names, ", "))
	for _, name := range a.Ticket.Restricted {
		if name != a.Agent.Name && !slices.Contains(before, name) {
			a.Notify(notice.Notice{Kind: templates.AgentNote, Agent: name, Author: tickets.Desk, Text: told})
		}
	}
	return phrase.Say("Only %s can see it now.", strings.Join(names, ", ")), nil
}

// event lets something happen that the agent has asked for.
func event(a *decision.Act, kind tickets.EventKind, data tickets.Data) error {
	return a.Handle(tickets.Event{Kind: kind, Actor: a.Actor(), Data: data})
}
