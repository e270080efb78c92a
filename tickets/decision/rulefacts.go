package decision

import (
	"slices"

	"tierdesk/mailin"
	"tierdesk/mailin/mood"
	"tierdesk/rules"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/store"
)

// countedTickets is the maximum number of a customer's tickets that rules count: a customer with
// more is not new.
const countedTickets = 1000

// ruleFacts gathers the facts for rules.
func (c *Case) ruleFacts(event string, e tickets.Event) (*rules.Facts, error) {
	f, err := c.moodlessFacts(event, e)
	if err == nil && c.Mail != nil && c.Policy.Rules.LooksAtMood() && rules.WithMood(event) {
		f.Mail.Mood = string(mood.Of(c.Mail.Message.Reply, inVain(c.history, e)))
	}
	return f, err
}

// moodlessFacts gathers the facts for rules except the mood of the mail, which takes longer than
// all the others.
func (c *Case) moodlessFacts(event string, e tickets.Event) (*rules.Facts, error) {
	f := &rules.Facts{Event: event, Now: c.At.In(c.Desk.Location)}
	if event == rules.Elapsed {
		f.Rule, f.Now = c.elapsed, c.Tx.Now().In(c.Desk.Location)
	}
	f.OfficeHours = c.Policy.Calendar.Open(f.Now)
	messages, err := c.messageCount(e)
	if err != nil {
		return nil, err
	}
	f.Ticket = rules.Ticket{
		Priority: c.Ticket.Priority, Status: string(c.Ticket.Status), Tier: c.Ticket.Tier, Team: c.Ticket.Team, Assignee: c.Ticket.Assignee,
		Tags: c.Ticket.Tags, Messages: messages,
		OpenedAt: c.Ticket.Opened, CustomerAt: c.Ticket.CustomerWrote, AgentAt: c.Ticket.AgentWrote, UpdatedAt: c.Ticket.Updated,
		Fields: c.Ticket.Fields, Subject: c.Ticket.Subject, Inbox: c.Ticket.Inbox, Language: c.Ticket.Language,
	}
	f.Mail = f.Ticket.OfTicket()
	p, err := c.Requester()
	if err != nil {
		return nil, err
	}
	f.Customer = rules.Customer{Name: p.Name, Address: p.Address, Domain: mailin.Domain(p.Address)}
	if p.Person != 0 {
		if f.Customer.Tickets, err = store.OpenedBy(c.Tx, p.Person, c.Ticket.ID, countedTickets); err != nil {
			return nil, err
		}
	}
	if org := c.Policy.People.OrganisationOf(p.Address); org != nil {
		f.Organisation = rules.Organisation{Name: org.Name, Plan: org.Plan, Fields: org.Fields}
		f.Customer.Plan, f.Customer.VIP, f.Customer.Fields = org.Plan, org.VIP, org.Fields
	}
	if c.Mail != nil {
		f.Mail = mailFacts(c.Mail)
	}
	return f, nil
}

// messageCount returns the number of messages in the ticket, including the one of the event, which
// is not in the history yet.
func (c *Case) messageCount(e tickets.Event) (int, error) {
	if c.Opened {
		return 1, nil
	}
	past, err := c.History()
	if err != nil {
		return 0, err
	}
	n := 1
	count := func(kind tickets.EventKind) {
		if kind == tickets.Replied || kind == tickets.AgentReplied || kind == tickets.Noted {
			n++
		}
	}
	for i := range past {
		count(past[i].Kind)
	}
	count(e.Kind)
	return n, nil
}

// inVain counts the customer's mails that no agent has answered, including that of the event. It is
// pure.
func inVain(past []tickets.Event, e tickets.Event) int {
	n := 0
	for _, e := range append(slices.Clone(past), e) {
		switch {
		case e.Kind == tickets.AgentReplied:
			n = 0
		case (e.Kind == tickets.Opened || e.Kind == tickets.Replied) && !e.Data.Silent:
			n++
		}
	}
	return n
}

func mailFacts(in *arrival.Mail) rules.Mail {
	m := in.Message
	f := rules.Mail{
		Inbox: in.Inbox, Subject: m.Subject, Text: m.Reply, WholeText: m.Text, From: in.From(), FromName: m.Author().Name,
		Language: m.Language, Verdict: string(m.Auth.Verdict), Kind: string(m.Class.Kind), Spam: m.Class.Spam, Size: int(m.Size),
		Header: m.Header.Values,
	}
	if len(m.ReplyTo) > 0 {
		f.ReplyTo = mailin.Fold(m.ReplyTo[0].Address)
	}
	for _, a := range m.To {
		f.To = append(f.To, mailin.Fold(a.Address))
	}
	for _, a := range m.Cc {
		f.Cc = append(f.Cc, mailin.Fold(a.Address))
	}
	for _, a := range m.Attachments {
		f.Attachments = append(f.Attachments, rules.Attachment{Name: a.Name, Type: a.ContentType, Size: int(a.Size)})
	}
	return f
}
