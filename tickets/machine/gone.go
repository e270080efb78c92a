package machine

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// inCopy returns the recipient of a failed mail if they get copies of the ticket and do not get
// them any more, and whether the agents were told so before. It makes sure that a mailbox that does
// not exist can be remembered.
func inCopy(c *decision.Case, f failure) (gone *templates.Gone, again bool, err error) {
	parts, err := c.Participants()
	if err != nil {
		return nil, false, err
	}
	address := mailin.Fold(f.mail.Recipient)
	i := slices.IndexFunc(parts, func(p tickets.Participant) bool { return p.Address == address })
	if i < 0 {
		return nil, false, nil
	}
	p := parts[i]
	if f.mute && p.Person == 0 { // they have never written
		if _, err := store.AddPerson(c.Tx, "", address, f.mail.Recipient, ""); err != nil {
			return nil, false, err
		}
	}
	if p.Role == tickets.Requester || !f.bounce.Permanent {
		return nil, false, nil
	}
	if again = p.Muted && f.mute; !again {
		again, err = refusedBefore(c, address)
	}
	return &templates.Gone{Name: p.Name, Address: f.mail.Recipient, InCopy: true}, again, err
}

// refusedBefore reports whether a mail of the ticket to an address was refused for good before, and
// is not on its way again.
func refusedBefore(c *decision.Case, address string) (bool, error) {
	past, err := c.History()
	if err != nil {
		return false, err
	}
	var refused []int64
	for _, e := range past {
		switch {
		case e.Kind == tickets.Bounced && strings.HasPrefix(e.Data.Reason, "5"):
			refused = append(refused, e.Data.Outbox)
		case e.Kind == tickets.Recalled:
			refused = slices.DeleteFunc(refused, func(id int64) bool { return id == e.Data.Outbox })
		}
	}
	for _, id := range refused {
		row, err := mailout.Notice(c.Tx, id)
		if err != nil && !errors.Is(err, mailout.ErrNone) {
			return false, err
		}
		if err == nil && mailin.Fold(row.Mail.Recipient) == address {
			return true, nil
		}
	}
	return false, nil
}

// hasLeft returns who takes part in the ticket and has left, by an automatic note of theirs that
// answers a mail to them, the zero value for nobody; and whether the agents know. A note whose
// sender is doubtful says nothing.
func hasLeft(c *decision.Case, m *arrival.Mail, e arrival.Evidence) (p tickets.Participant, known bool, err error) {
	if !m.Message.Class.Left || m.Message.Auth.Doubtful() || e.Notice.Mail.Party != mailout.Customer {
		return p, false, nil
	}
	parts, err := c.Participants()
	if err != nil {
		return p, false, err
	}
	i := slices.IndexFunc(parts, func(p tickets.Participant) bool { return p.Address == m.From() })
	if i < 0 && e.Proof == arrival.ByToken { // only they have it; the note comes from another address of theirs
		i = slices.IndexFunc(parts, func(p tickets.Participant) bool { return p.Address == mailin.Fold(e.Notice.Mail.Recipient) })
	}
	if i < 0 || c.Policy.People.AgentBy(parts[i].Address) != nil {
		return p, false, nil
	}
	p = parts[i]
	p.Name = cmp.Or(p.Name, m.Message.Author().Name)
	if p.Person == 0 { // they have never written; nothing proves the name
		person, err := store.AddPerson(c.Tx, "", p.Address, p.Shown, "")
		if err != nil {
			return p, false, err
		}
		p.Person = person.ID
	}
	past, err := c.History()
	known = p.Muted || slices.ContainsFunc(past, func(e tickets.Event) bool {
		return e.Kind == tickets.AutoFiled && e.Data.Reason == reasonLeft && e.Actor == tickets.PersonActor(p.Person)
	})
	return p, known, err
}

// reasonLeft is that of the events of notes whose writer has left.
const reasonLeft = "has-left"

// tellLeft tells those who have the ticket that somebody who takes part has left, and whom their
// note names.
func tellLeft(c *decision.Case, p tickets.Participant, named []string) {
	gone := &templates.Gone{Name: p.Name, Address: p.Shown, InCopy: p.Role != tickets.Requester, Instead: named}
	c.NotifyAll(view.Working(c.Policy, &c.Ticket),
		notice.Notice{Kind: templates.HasLeft, Author: tickets.PersonActor(p.Person), Gone: gone})
}
