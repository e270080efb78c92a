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

// Outsiders returns those in To and Cc of a mail who are neither of the desk nor agents.
func Outsiders(m *mailin.Message, desk *tickets.Identity, people *tickets.Directory) []mailin.Address {
	return slices.DeleteFunc(slices.Concat(m.To, m.Cc), func(a mailin.Address) bool {
		return mailin.Domain(a.Address) == "" || arrival.Ours(desk, a.Address) || people.AgentBy(a.Address) != nil
	})
}

// AnsweredElsewhere records the mail at hand, which those outside have got from somebody of ours
// already, as an answer: it stops the clock and is not sent again. The agents of the ticket are
// told, said first, but for who wrote it. Those whom it brings take part from now on. An answer
// that was written before what the customer wrote last leaves status and clock as they are: that
// has no answer yet.
func (c *Case) AnsweredElsewhere(author tickets.Actor, brings []mailin.Address, said phrase.Text) error {
	message := c.Mail.Message
	past, err := c.History()
	if err != nil {
		return err
	}
	colleagues := view.Involved(c.Policy, &c.Ticket, past, author.Agent()) // before the ticket is its writer's
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

// wroteSince reports whether a person outside wrote after an instant.
func wroteSince(past []tickets.Event, at time.Time) bool {
	return slices.ContainsFunc(past, func(e tickets.Event) bool {
		return e.Kind == tickets.Replied && !e.Data.Silent && e.At.After(at)
	})
}
