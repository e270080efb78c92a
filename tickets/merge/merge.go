// Package merge joins and separates tickets: /merge, /split, /link, and /undo, which undoes the
// last change that sent nothing outside. A merged ticket keeps its rows; whatever refers to it
// leads to the surviving ticket. It must never show one outside person's mail to another.
package merge

import (
	"cmp"
	"slices"

	"tierdesk/mailin"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
	"tierdesk/tickets/view"
)

// Bond lets another capability take part in merges, if it has attached something to a ticket.
type Bond struct {
	// Bars returns why the tickets cannot be merged; nothing if they can.
	Bars func(from, into *decision.Case) (phrase.Text, error)
	// HandOn moves what is attached to the surviving ticket, before the merge, and says so.
	HandOn func(from, into *decision.Case, by tickets.Actor) (phrase.Text, error)
	// TakeBack undoes HandOn, after the merge was undone.
	TakeBack func(from, into *decision.Case, by tickets.Actor) error
}

// Commands are the commands that relate tickets to each other. bonds are consulted at each merge.
func Commands(bonds ...Bond) []decision.Command {
	merge := func(a *decision.Act, c commands.Command) (phrase.Text, error) { return merge(a, c, bonds) }
	undo := func(a *decision.Act, _ commands.Command) (phrase.Text, error) { return undo(a, bonds) }
	return []decision.Command{
		{Name: commands.Merge, Help: phrase.Say("Merges this ticket into another one of the same customer."), Right: "merge", Do: merge},
		{Name: commands.Split, Help: phrase.Say("Moves the customer's last mail to a ticket of its own."), Right: "merge", Do: split},
		{Name: commands.Link, Help: phrase.Say("Shows another ticket beside this one."), Do: link},
		{Name: commands.Undo, Help: phrase.Say("Takes back the last change of this ticket that has sent nothing outside."), Do: undo},
	}
}

// other opens another ticket. It refuses if there is none.
func other(a *decision.Act, number int64) (*decision.Act, error) {
	none := &decision.Refused{Why: phrase.Say("There is no ticket #%d.", number)}
	id, found, err := arrival.Surviving(a.Tx, number)
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, none
	case id == a.Ticket.ID:
		return nil, &decision.Refused{Why: phrase.Say("Nothing was done: #%d is this ticket.", number)}
	}
	c, err := a.Open(id)
	if err != nil {
		return nil, err
	}
	if !view.Sees(a.Policy, &c.Ticket, a.Agent) {
		return nil, none
	}
	return &decision.Act{Case: c, Agent: a.Agent, Typed: a.Typed}, nil
}

// merge merges the current ticket into another one.
func merge(a *decision.Act, c commands.Command, bonds []Bond) (phrase.Text, error) {
	into, err := other(a, c.Ticket)
	if err != nil {
		return phrase.Text{}, err
	}
	from, err := a.Participants()
	if err != nil {
		return phrase.Text{}, err
	}
	if err := barred(a, into, from, bonds); err != nil {
		return phrase.Text{}, err
	}
	said := phrase.Say("Merged into #%d; whatever is written to #%d is in #%d now.", into.Ticket.ID, a.Ticket.ID, into.Ticket.ID)
	for _, b := range bonds {
		more, err := b.HandOn(a.Case, into.Case, a.Actor())
		if err != nil {
			return phrase.Text{}, err
		}
		said = phrase.Join(said, more)
	}
	colleagues := append(view.Working(a.Policy, &a.Ticket), view.Working(a.Policy, &into.Ticket)...)
	if err := event(a, tickets.Merged, tickets.Data{Linked: into.Ticket.ID, Command: string(c.Name)}); err != nil {
		return phrase.Text{}, err
	}
	if err := timers.Clear(a.Tx, a.Ticket.ID, timers.Snooze); err != nil {
		return phrase.Text{}, err
	}
	if err := gather(a, into, from, c.Name); err != nil {
		return phrase.Text{}, err
	}
	a.Reply(notice.Notice{Kind: templates.Merged, Author: a.Actor()})
	tell(into, colleagues, phrase.Say("%s has merged ticket #%d into this one.", a.Agent.FullName, a.Ticket.ID))
	return said, nil
}

// barred refuses a merge that may not be: because of the tickets, or of what other capabilities
// have attached to them. from are the participants of the ticket that is merged.
func barred(a, into *decision.Act, from []tickets.Participant, bonds []Bond) error {
	there, err := into.Participants()
	if err != nil {
		return err
	}
	if why := refusal(&a.Ticket, &into.Ticket, from, there); !why.Empty() {
		return &decision.Refused{Why: why}
	}
	for _, b := range bonds {
		why, err := b.Bars(a.Case, into.Case)
		switch {
		case err != nil:
			return err
		case !why.Empty():
			return &decision.Refused{Why: why}
		}
	}
	return nil
}

// gather makes the surviving ticket what the merged one was: it waits for an answer as long, and
// has its participants.
func gather(a, into *decision.Act, from []tickets.Participant, command commands.Name) error {
	err := into.Handle(tickets.Event{Kind: tickets.Gathered, Actor: a.Actor(), Message: a.Ticket.LastMessage,
		Data: tickets.Data{Linked: a.Ticket.ID, Since: a.Ticket.CustomerWrote, Command: string(command)}})
	if err != nil {
		return err
	}
	for _, p := range from {
		if err := into.Join(p.Address, tickets.Cc, a.Actor()); err != nil {
			return err
		}
	}
	return nil
}

// refusal returns why a ticket cannot be merged into another one; nothing if it can. The
// participants of the merged ticket become participants of the other one. So its requester has to
// be a participant there already; otherwise they would read what another customer is told. It is
// pure.
func refusal(from, into *tickets.Ticket, parts, there []tickets.Participant) phrase.Text {
	if len(from.Restricted)+len(into.Restricted) > 0 && !slices.Equal(from.Restricted, into.Restricted) {
		return phrase.Say("Not merged: #%d and #%d are not restricted to the same agents.", from.ID, into.ID)
	}
	if into.Status.Done() && !from.Status.Done() {
		return phrase.Say("Nothing was done: #%d is %s. /reopen it first.", into.ID, phrase.Status(into.Status))
	}
	for _, p := range parts {
		if p.Role == tickets.Requester && !slices.ContainsFunc(there, func(q tickets.Participant) bool { return q.Address == p.Address }) {
			return phrase.Say("Not merged: %s asked in #%d and takes no part in #%d, and would read what others are told there. /link %d shows the tickets side by side.",
				cmp.Or(p.Name, p.Shown, p.Address), from.ID, into.ID, into.ID)
		}
	}
	if len(parts) > 0 && !slices.ContainsFunc(parts, func(p tickets.Participant) bool { return p.Role == tickets.Requester }) {
		for _, p := range parts { // a machine asked, and an agent has added others
			if !slices.ContainsFunc(there, func(q tickets.Participant) bool { return q.Address == p.Address }) {
				return phrase.Say("Not merged: %s takes part in #%d and not in #%d, and would read what others are told there. /link %d shows the tickets side by side.",
					cmp.Or(p.Name, p.Shown, p.Address), from.ID, into.ID, into.ID)
			}
		}
	}
	return phrase.Text{}
}

// tell tells agents, except the one who acted.
func tell(a *decision.Act, agents []string, words phrase.Text) {
	slices.Sort(agents)
	for _, name := range slices.Compact(agents) {
		if name != a.Agent.Name {
			a.Notify(notice.Notice{Kind: templates.AgentNote, Agent: name, Author: tickets.Desk, Text: words})
		}
	}
}

func event(a *decision.Act, kind tickets.EventKind, data tickets.Data) error {
	return a.Handle(tickets.Event{Kind: kind, Actor: a.Actor(), Data: data})
}

// link links two tickets, each to the other.
func link(a *decision.Act, c commands.Command) (phrase.Text, error) {
	to, err := other(a, c.Ticket)
	if err != nil {
		return phrase.Text{}, err
	}
	if a.Ticket.Linked == to.Ticket.ID {
		return phrase.Say("Nothing to change."), nil
	}
	if err := event(a, tickets.Linked, tickets.Data{Linked: to.Ticket.ID, Command: string(c.Name)}); err != nil {
		return phrase.Text{}, err
	}
	if to.Ticket.Linked == 0 {
		if err := event(to, tickets.Linked, tickets.Data{Linked: a.Ticket.ID, Command: string(c.Name)}); err != nil {
			return phrase.Text{}, err
		}
	}
	return phrase.Say("Linked with #%d.", to.Ticket.ID), nil
}

// split moves the customer's last mail to a ticket of its own, which is assigned to the agent.
func split(a *decision.Act, c commands.Command) (phrase.Text, error) {
	messages, err := store.Messages(a.Tx, a.Ticket.ID)
	if err != nil {
		return phrase.Text{}, err
	}
	m, found := lastOf(messages, a.Ticket.ID)
	if !found {
		return decision.Refuse(phrase.Say("Nothing was done: there is only one mail of a customer in this ticket."))
	}
	person, known, err := store.PersonAt(a.Tx, m.Address)
	switch {
	case err != nil:
		return phrase.Text{}, err
	case !known:
		return decision.Refuse(phrase.Say("Nothing was done: it is not known who wrote it."))
	}
	requester := tickets.Participant{Address: m.Address, Role: tickets.Requester, Name: person.Name, Shown: cmp.Or(person.Shown, m.Address),
		Person: person.ID}
	subject := cmp.Or(decision.PlainSubject(m.Subject), a.Ticket.Subject)
	opened := tickets.Ticket{Subject: arrival.Limit(subject, 250), BaseSubject: arrival.Limit(mailin.Fold(subject), 250),
		Linked: a.Ticket.ID}
	next := &decision.Act{Agent: a.Agent, Typed: a.Typed, Case: a.New(opened, []tickets.Participant{requester})}
	tier := a.Ticket.Tier
	data := tickets.Data{Inbox: a.Ticket.Inbox, Requester: person.ID, Language: a.Ticket.Language, Priority: a.Ticket.Priority, Tier: &tier,
		Team: a.Ticket.Team, Inbound: m.Inbound, Restricted: a.Ticket.Restricted, Command: string(c.Name)}
	err = next.Handle(tickets.Event{Kind: tickets.Opened, Actor: tickets.PersonActor(person.ID), At: m.At, Data: data})
	if err != nil {
		return phrase.Text{}, err
	}
	if err := next.TakeOver(m, requester); err != nil {
		return phrase.Text{}, err
	}
	if err := event(next, tickets.Linked, tickets.Data{Linked: a.Ticket.ID, Command: string(c.Name)}); err != nil {
		return phrase.Text{}, err
	}
	if err := event(next, tickets.Assigned, tickets.Data{Assignee: a.Agent.Name, Command: string(c.Name)}); err != nil {
		return phrase.Text{}, err
	}
	next.Acknowledge(string(templates.Acknowledgement))
	next.Notify(notice.Notice{Kind: templates.Assigned, Agent: a.Agent.Name, Author: a.Actor()})
	tell(a, view.Working(a.Policy, &a.Ticket), phrase.Say("%s has moved the last mail to ticket #%d.", a.Agent.FullName, next.Ticket.ID))
	return phrase.Say("The customer's last mail is ticket #%d now, and yours.", next.Ticket.ID), nil
}

// lastOf returns the customers' last mail in a ticket; false if it is the only one.
func lastOf(messages []tickets.Message, ticket int64) (last tickets.Message, found bool) {
	n := 0
	for _, m := range messages {
		if m.Kind == tickets.FromCustomer && m.Ticket == ticket && m.Inbound != 0 {
			last, n = m, n+1
		}
	}
	return last, n > 1
}
