package decision

import (
	"slices"

	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
)

// CustomerMail is a mail from outside, with what is known about its sender.
type CustomerMail struct {
	*arrival.Mail
	Evidence arrival.Evidence
	Sender   tickets.Person
	Known    bool // the sender is known
	// Proven reports, for a mail into a ticket, that the sender is a participant, holds a secret
	// that was sent only to them, and has failed no check. A sender who only knows a number or a
	// subject adds to the ticket and can do nothing else. It is set for Within.
	Proven bool
	// AllWell reports, for a monitoring report, whether it says that all is well.
	AllWell bool
}

// Recogniser is how a capability recognises its own mails among those of customers: an answer to
// its questions, a word or a button. It is only asked about people's mails, never about a
// machine's. Each of its functions may be nil; the first recogniser that knows a mail handles it.
type Recogniser struct {
	// Instead decides on a mail that would otherwise open a ticket. For a mail that is not the
	// capability's it returns nil and changes nothing. A mail that it handles is never lost: the
	// Result says what became of it.
	Instead func(ctx Context, m CustomerMail) (*Result, error)
	// Opening adds to a ticket that a mail has just opened, before anybody is told; c.Current is
	// the ticket's first message.
	Opening func(c *Case, m CustomerMail) error
	// Within handles a customer's mail that was just added to its ticket as c.Current, before a
	// solved or closed ticket is reopened. It reports whether it has taken care of notices and
	// status; otherwise the agents hear that the customer wrote again.
	Within func(c *Case, m CustomerMail) (bool, error)
	// Thanks reports whether a mail into a solved or closed ticket only says that all is well: it
	// does not reopen the ticket.
	Thanks func(m CustomerMail) bool
}

// Recognisers are those of all capabilities, in the order in which they are asked.
type Recognisers []Recogniser

// Instead returns the result of a mail that opens no ticket, nil if no recogniser knows it.
func (r Recognisers) Instead(ctx Context, m CustomerMail) (*Result, error) {
	for _, one := range r {
		if one.Instead == nil {
			continue
		}
		if result, err := one.Instead(ctx, m); result != nil || err != nil {
			return result, err
		}
	}
	return nil, nil
}

// Opening lets all recognisers add to a ticket that a mail has just opened.
func (r Recognisers) Opening(c *Case, m CustomerMail) error {
	for _, one := range r {
		if one.Opening == nil {
			continue
		}
		if err := one.Opening(c, m); err != nil {
			return err
		}
	}
	return nil
}

// Thanks reports whether a recogniser knows a mail as one that must not reopen its ticket.
func (r Recognisers) Thanks(m CustomerMail) bool {
	return slices.ContainsFunc(r, func(one Recogniser) bool { return one.Thanks != nil && one.Thanks(m) })
}

// Within reports whether a recogniser has handled a mail that was added to its ticket.
func (r Recognisers) Within(c *Case, m CustomerMail) (bool, error) {
	for _, one := range r {
		if one.Within == nil {
			continue
		}
		if done, err := one.Within(c, m); done || err != nil {
			return done, err
		}
	}
	return false, nil
}
