package decision

import (
	"cmp"

	"tierdesk/mailin"
	"tierdesk/mailin/read"
	"tierdesk/mailin/thread"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/store"
)

// Stranger is a person outside for whom a ticket is opened although they have not written the mail.
type Stranger struct {
	mailin.Address
	Wrote   string // their own words, if an agent forwards them
	Reading string // what the agent has written to them
}

// OpenFor opens a ticket for somebody else in the decision on an agent's mail, linked to the mail's
// own ticket if there is one. The acknowledgement is sent to them; if it is "", no rule answers
// them either, since they have not written.
func (a *Act) OpenFor(who Stranger, subject string, acknowledgement templates.Name) (*Case, error) {
	own := read.Language(who.Wrote)
	folded := mailin.Fold(who.Address.Address)
	person, known, err := store.PersonAt(a.Tx, folded)
	if err != nil {
		return nil, err
	}
	if !known {
		if person, err = store.AddPerson(a.Tx, arrival.Limit(who.Name, 200), folded, who.Address.Address, own); err != nil {
			return nil, err
		}
	}
	requester := tickets.Participant{Address: folded, Role: tickets.Requester, Name: person.Name, Shown: cmp.Or(person.Shown,
		who.Address.Address), Person: person.ID}
	c := a.New(tickets.Ticket{Subject: arrival.Limit(subject, 250),
		BaseSubject: arrival.Limit(mailin.Fold(thread.BaseSubject(subject)), 250), Linked: a.Ticket.ID}, []tickets.Participant{requester})
	c.Acknowledge(string(acknowledgement))
	tier, inbox := a.Policy.Service.Default.Tier, a.Desk.Inbox(a.Mail.Inbox)
	err = c.Handle(tickets.Event{Kind: tickets.Opened, Actor: a.Actor(), Data: tickets.Data{Inbox: inbox.Name, Requester: person.ID,
		Language: cmp.Or(own, person.Language, a.LanguageFor(inbox, who.Reading)), Priority: a.Policy.Service.Default.Priority,
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

// LanguageFor returns the language in which an inbox writes to somebody from whom the desk has read
// nothing: the inbox's own, else that of an agent's text for them, else the desk's. An agent's text
// for the desk is no evidence of the language of people outside.
func (c *Context) LanguageFor(inbox *tickets.Inbox, reading string) string {
	return cmp.Or(inbox.Language, read.Language(reading), c.Desk.Language)
}
