// Package onbehalf opens tickets that agents bring in for others. A mail that they forward becomes
// a ticket of its original sender; a note about a call or a visit becomes a ticket of the customer
// it names. It owns the commands /forward-as-new and /new. It must never take anything from a
// forwarded mail but its text and its sender's address, so that a forged one only opens a ticket.
package onbehalf

import (
	"cmp"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailin/thread"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/view"
)

// Commands are the commands that open a ticket for somebody else.
func Commands() []decision.Command {
	return []decision.Command{
		{Name: commands.ForwardAsNew, Proof: true, TakesText: true, Do: forwarded,
			Help: phrase.Say("Opens a ticket for whoever wrote the mail that you forward; your own words above it become a note.")},
		{Name: commands.NewTicket, Proof: true, TakesText: true, Do: logged,
			Help: phrase.Say("Opens a ticket for a customer who called or came by; the text is your note, and the ticket is yours.")},
	}
}

// forwarded is /forward-as-new.
func forwarded(a *decision.Act, _ commands.Command) (phrase.Text, error) {
	o, found := a.Mail.Original(a.Desk, a.Policy.People)
	if !found {
		return decision.Refuse(phrase.Say("No ticket was opened: nothing names the address of who wrote the mail."))
	}
	customer := decision.Stranger{Address: o.From, Wrote: o.Text}
	c, err := a.OpenFor(customer, plain(cmp.Or(o.Subject, a.Mail.Message.Subject)), templates.Acknowledgement)
	if err != nil {
		return phrase.Text{}, err
	}
	if err := c.AddPassedOn(o, tickets.PersonActor(c.Ticket.Requester)); err != nil {
		return phrase.Text{}, err
	}
	shown := c.Current
	if a.Text != "" {
		if err := note(c, a, func() error {
			_, err := c.AddNote(a.Actor(), a.Text)
			return err
		}); err != nil {
			return phrase.Text{}, err
		}
	}
	c.Current = shown
	tell(c, a, tickets.PersonActor(c.Ticket.Requester))
	return phrase.Say("Ticket #%d is open for %s.", c.Ticket.ID, o.From.Address), nil
}

// logged is /new.
func logged(a *decision.Act, cmd commands.Command) (phrase.Text, error) {
	switch {
	case a.Text == "":
		return decision.Refuse(phrase.Say("No ticket was opened: there is no text for it."))
	case arrival.Ours(a.Desk, cmd.Address) || a.Policy.People.AgentBy(cmd.Address) != nil:
		return decision.Refuse(phrase.Say("No ticket was opened: %s is not a customer's address.", cmd.Address))
	}
	customer := decision.Stranger{Address: mailin.Address{Address: cmd.Address}} // the text is for colleagues
	c, err := a.OpenFor(customer, plain(a.Mail.Message.Subject), templates.Acknowledgement)
	if err != nil {
		return phrase.Text{}, err
	}
	if err := note(c, a, func() error { return c.AddText(tickets.Note, a.Actor(), tickets.Internal, a.Text, "", "") }); err != nil {
		return phrase.Text{}, err
	}
	if err := c.Handle(tickets.Event{Kind: tickets.Assigned, Actor: a.Actor(), Data: tickets.Data{Assignee: a.Agent.Name,
		Reason: "logged"}}); err != nil {
		return phrase.Text{}, err
	}
	tell(c, a, a.Actor())
	if a.Opened == nil && a.Ticket.ID == 0 {
		a.Opened = c
	}
	return phrase.Say("Ticket #%d is open for %s.", c.Ticket.ID, cmd.Address), nil
}

// note writes something into the ticket on behalf of the agent alone.
func note(c *decision.Case, a *decision.Act, write func() error) error {
	before := c.Ticket.LastMessage
	if err := write(); err != nil || c.Ticket.LastMessage == before {
		return err
	}
	return c.Handle(tickets.Event{Kind: tickets.Noted, Actor: a.Actor(), Message: c.Ticket.LastMessage,
		Data: tickets.Data{Inbound: a.Mail.ID}})
}

// tell tells the agents who work on the new ticket, except the one who opened it.
func tell(c *decision.Case, a *decision.Act, author tickets.Actor) {
	for _, name := range view.Working(c.Policy, &c.Ticket) {
		if name != a.Agent.Name || author != a.Actor() {
			c.Notify(notice.Notice{Kind: templates.AgentNew, Agent: name, Author: author})
		}
	}
}

// plain returns a subject as a ticket has it: without numbers and marks of replies and forwards.
func plain(subject string) string {
	s := strings.TrimSpace(thread.WithoutNumbers(subject))
	for thread.IsReply(s) || isForward(s) {
		_, rest, found := strings.Cut(s, ":")
		if !found {
			break
		}
		s = strings.TrimSpace(rest)
	}
	return strings.Join(strings.Fields(s), " ")
}

// forwards are the marks that mail clients put before the subject of a forwarded mail.
var forwards = []string{"fw", "fwd", "wg", "tr", "rv", "i", "doorst", "vs", "pd", "enc", "vb", "vl", "转发", "轉寄"}

func isForward(subject string) bool {
	mark, _, found := strings.Cut(subject, ":")
	for _, f := range forwards {
		if found && strings.EqualFold(strings.TrimSpace(mark), f) {
			return true
		}
	}
	return false
}
