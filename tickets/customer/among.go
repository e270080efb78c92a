package customer

import (
	"slices"

	"tierdesk/mailin"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
)

// amongThem reports whether a mail is part of the correspondence between a customer and a vendor
// after they were introduced: from one participant to another. Such a mail is kept, but the desk is
// not its addressee; a mail to the desk alone is treated as usual.
func amongThem(c *decision.Case, m *arrival.Mail, participant bool) (bool, error) {
	if !participant || m.Message.Auth.Doubtful() || !c.Ticket.Status.Done() && c.Ticket.Status != tickets.OnHold {
		return false, nil
	}
	past, err := c.History()
	if err != nil || !handedOn(past) {
		return false, err
	}
	parts, err := c.Participants()
	return slices.ContainsFunc(slices.Concat(m.Message.To, m.Message.Cc), func(to mailin.Address) bool {
		folded := mailin.Fold(to.Address)
		return folded != m.From() && slices.ContainsFunc(parts, func(p tickets.Participant) bool { return p.Address == folded })
	}), err
}

// handedOn reports whether the customer was introduced to a vendor and the ticket has not come back
// since. It is pure.
func handedOn(past []tickets.Event) bool {
	out := false
	for _, e := range past {
		switch e.Kind {
		case tickets.Introduced:
			out = true
		case tickets.Reopened, tickets.AgentReplied:
			out = false
		}
	}
	return out
}
