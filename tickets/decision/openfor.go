package decision

import (
	"cmp"

	"tierdesk/mailin"
	"tierdesk/mailin/thread"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/store"
)

// OpenFor opens a ticket of somebody else's in the decision on an agent's mail, linked to the one
// that the mail belongs to, if there is one. They are answered with the acknowledgement; "" for
// none, and then no rule answers them either: they have not written.
func (a *Act) OpenFor(who mailin.Address, subject string, acknowledgement templates.Name) (*Case, error) {
	folded := mailin.Fold(who.Address)
	person, known, err := store.PersonAt(a.Tx, folded)
	if err != nil {
		return nil, err
	}
	if !known {
		if person, err = store.AddPerson(a.Tx, arrival.Limit(who.Name, 200), folded, who.Address, a.Mail.Message.Language); err != nil {
			return nil, err
		}
	}
	requester := tickets.Participant{Address: folded, Role: tickets.Requester, Name: person.Name, Shown: cmp.Or(person.Shown,
		who.Address), Person: person.ID}
	c := a.New(tickets.Ticket{Subject: arrival.Limit(subject, 250),
		BaseSubject: arrival.Limit(mailin.Fold(thread.BaseSubject(subject)), 250), Linked: a.Ticket.ID}, []tickets.Participant{requester})
	c.Acknowledge(string(acknowledgement))
	tier, inbox := a.Policy.Service.Default.Tier, a.Desk.Inbox(a.Mail.Inbox)
	err = c.Handle(tickets.Event{Kind: tickets.Opened, Actor: a.Actor(), Data: tickets.Data{Inbox: inbox.Name, Requester: person.ID,
		Language: cmp.Or(person.Language, a.Mail.Message.Language, inbox.Speaks(a.Desk)), Priority: a.Policy.Service.Default.Priority,
		Tier: &tier, Team: FirstTeam(a.Policy, inbox, tier), Inbound: a.Mail.ID, Silent: acknowledgement == "",
		Restricted: inbox.Restricted}})
	if err != nil {
		return nil, err
	}
	if err := store.Join(a.Tx, c.Ticket.ID, folded, tickets.Requester); err != nil || a.Ticket.ID == 0 {
		return c, err
	}
	return c, c.Handle(tickets.Event{Kind: tickets.Linked, Actor: tickets.Desk, Data: tickets.Data{Linked: a.Ticket.ID}})
}
