// Package onbehalf opens tickets that agents bring in for others: a mail that they forward becomes
// the ticket of who wrote it, a call or a visit that they write down the ticket of whom they name.
// It owns the commands /forward-as-new and /new. It must never take more from a forwarded mail than
// its words and its sender's address: whoever forged it has opened a ticket and nothing else.
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

// Commands are those that open a ticket for somebody else.
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

// note has something written into the ticket that the agent alone has said.
func note(c *decision.Case, a *decision.Act, write func() error) error {
	before := c.Ticket.LastMessage
	if err := write(); err != nil || c.Ticket.LastMessage == before {
		return err
	}
	return c.Handle(tickets.Event{Kind: tickets.Noted, Actor: a.Actor(), Message: c.Ticket.LastMessage,
		Data: tickets.Data{Inbound: a.Mail.ID}})
}

// tell tells those who work on the new ticket, but for who opened it.
func tell(c *decision.Case, a *decision.Act, author tickets.Actor) {
	for _, name := range view.Working(c.Policy, &c.Ticket) {
		if name != a.Agent.Name || author != a.Actor() {
			c.Notify(notice.Notice{Kind: templates.AgentNew, Agent: name, Author: author})
		}
	}
}

// plain is a subject as a ticket bears it: without numbers and the marks of answers and forwards.
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

// forwards are the marks that mail clients put before the subject of a mail that they forward.
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
