package agent

import (
	"slices"

	"tierdesk/mailin"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
)

// WritesElsewhere reports whether an agent's mail is to others, and the desk reads it in Cc or Bcc.
// A mail that names neither the desk nor a customer may have come by an address of the desk that
// tierdesk.yaml does not know: that is none.
func WritesElsewhere(desk *tickets.Identity, people *tickets.Directory, m *arrival.Mail, agent *tickets.Agent) bool {
	inTo := func(a mailin.Address) bool { return arrival.Ours(desk, a.Address) }
	to := m.Message.To
	if len(to) == 0 || slices.ContainsFunc(to, inTo) || m.Message.Class.Automatic() || people.AgentBy(m.From()) != agent {
		return false
	}
	return slices.ContainsFunc(m.Message.Cc, inTo) || len(customersIn(desk, people, m)) > 0
}

// customersIn returns those in To and Cc of an agent's mail who are outside the house: neither of
// the desk nor agents, and of no domain of either.
func customersIn(desk *tickets.Identity, people *tickets.Directory, m *arrival.Mail) []mailin.Address {
	house := []string{mailin.Fold(desk.Domain), mailin.Domain(m.From())}
	for _, in := range desk.Inboxes {
		house = append(house, mailin.Domain(in.Address))
		for _, alias := range in.Aliases {
			house = append(house, mailin.Domain(alias))
		}
	}
	return slices.DeleteFunc(decision.Outsiders(m.Message, desk, people), func(a mailin.Address) bool {
		return slices.Contains(house, mailin.Domain(a.Address))
	})
}

// reached returns those who take part in a ticket and have got a mail itself.
func reached(m *mailin.Message, parts []tickets.Participant) []string {
	return slices.DeleteFunc(addresses(slices.Concat(m.To, m.Cc)), func(address string) bool {
		return !slices.ContainsFunc(parts, func(p tickets.Participant) bool { return p.Address == address })
	})
}

func addresses(list []mailin.Address) []string {
	var out []string
	for _, a := range list {
		out = append(out, mailin.Fold(a.Address))
	}
	return out
}

// answeredElsewhere records what the agent wrote to a customer themselves. If it belongs to no
// ticket it opens one: the customer's, and the agent has it.
func (w *work) answeredElsewhere(s situation) (decision.Result, error) {
	act, author := w.act, w.act.Actor()
	outside := customersIn(act.Desk, act.Policy.People, w.m.Mail)
	if s.weak && s.ticket {
		outside = nil // weak evidence only appends
	}
	c := act.Case
	if !s.ticket {
		var err error
		customer := decision.Stranger{Address: outside[0], Reading: w.m.Message.Written()}
		if c, err = act.OpenFor(customer, decision.PlainSubject(w.m.Message.Subject), ""); err != nil {
			return decision.Result{}, err
		}
		outside = outside[1:]
		assigned := tickets.Event{Kind: tickets.Assigned, Actor: author, Data: tickets.Data{Assignee: w.m.Agent.Name, Reason: "logged"}}
		if err := c.Handle(assigned); err != nil { // before colleagues are told: it is nobody else's
			return decision.Result{}, err
		}
	}
	said := phrase.Say("%s answered from their own mailbox. The customer has this answer:", w.m.Agent.FullName)
	if err := c.AnsweredElsewhere(author, outside, said); err != nil {
		return decision.Result{}, err
	}
	if !s.ticket {
		opened := phrase.Say("Ticket #%d is open for %s and is yours. They have your mail, so nothing was sent to them.",
			c.Ticket.ID, s.reached[0])
		c.Notify(notice.Notice{Kind: templates.Receipt, Agent: w.m.Agent.Name, Author: tickets.Desk,
			Steps: []templates.Step{{Outcome: act.Say(opened)}}})
	}
	act.Settle(tickets.AsMessage, "", s.trust.String()+": "+s.why.English())
	if s.notice == templates.Held && !s.confirmed {
		if err := w.replaceHeld(); err != nil {
			return decision.Result{}, err
		}
	}
	return act.Finish()
}
