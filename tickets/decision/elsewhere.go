package decision

import (
	"slices"
	"time"

	"tierdesk/mailin"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/view"
)

// Outsiders returns the To and Cc addresses of a mail that belong neither to the desk nor to
// agents.
func Outsiders(m *mailin.Message, desk *tickets.Identity, people *tickets.Directory) []mailin.Address {
	return slices.DeleteFunc(slices.Concat(m.To, m.Cc), func(a mailin.Address) bool {
		return mailin.Domain(a.Address) == "" || arrival.Ours(desk, a.Address) || people.AgentBy(a.Address) != nil
	})
}

// AnsweredElsewhere records the decision's mail, which one of our people has already sent to people
// outside, as an answer: it stops the clock and is not sent again. The agents involved in the
// ticket are told, except its author; their notices begin with said. The people in brings become
// participants. An answer written before the customer's latest mail leaves the status and the clock
// unchanged, since that mail is still unanswered.
func (c *Case) AnsweredElsewhere(author tickets.Actor, brings []mailin.Address, said phrase.Text) error {
	message := c.Mail.Message
	past, err := c.History()
	if err != nil {
		return err
	}
	colleagues := view.Involved(c.Policy, &c.Ticket, past, author.Agent()) // before the ticket is assigned to the author
	for _, a := range brings {
		if err := c.Join(a.Address, tickets.Cc, author); err != nil {
			return err
		}
	}
	id := arrival.Limit(message.MessageID, 998)
	if err := c.AddText(tickets.FromAgent, author, tickets.Public, message.Written(), message.Text, id); err != nil {
		return err
	}
	e := tickets.Event{Kind: tickets.AgentReplied, Actor: author, Message: c.Current.ID,
		Data: tickets.Data{Inbound: c.Mail.ID, Reason: "elsewhere"}}
	switch {
	case wroteSince(past, c.At):
		e.Kind = tickets.Noted
	case !c.Ticket.Status.Done():
		e.Data.Status = c.Policy.Service.AfterAnswer
	}
	if err := c.Handle(e); err != nil {
		return err
	}
	if name := author.Agent(); name != "" && c.Ticket.Assignee == "" && !c.Ticket.Status.Done() {
		if err := c.Handle(tickets.Event{Kind: tickets.Assigned, Actor: author,
			Data: tickets.Data{Assignee: name, Reason: "answered"}}); err != nil {
			return err
		}
	}
	if !c.Old {
		c.NotifyAll(colleagues, notice.Notice{Kind: templates.AgentNote, Author: tickets.Desk, Text: said, Body: c.Current.Text})
	}
	return nil
}

// wroteSince reports whether a person outside has written after an instant.
func wroteSince(past []tickets.Event, at time.Time) bool {
	return slices.ContainsFunc(past, func(e tickets.Event) bool {
		return e.Kind == tickets.Replied && !e.Data.Silent && e.At.After(at)
	})
}
