package decision

import (
	"slices"

	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
)

// CustomerMail is a mail from outside with what is known of its sender.
type CustomerMail struct {
	*arrival.Mail
	Evidence arrival.Evidence
	Sender   tickets.Person
	Known    bool // the sender is
	// Proven reports, in a ticket, that the sender takes part in it and holds what only they were
	// sent, and that no check of them failed: who only knows a number or a subject adds to the
	// ticket and does no more. It is set for Within.
	Proven bool
	// AllWell reports, of a report of monitoring, whether it says that all is well.
	AllWell bool
}

// Recogniser is how a capability finds its own among the mails of customers: an answer to its
// questions, a word or a button that it knows. It is asked of what people write, never of a
// machine's mail. Each of its functions may be nil; of several recognisers the first that knows a
// mail has it.
type Recogniser struct {
	// Instead decides on a mail that would open a ticket, in place of opening one. It returns nil
	// for a mail that is none of the capability's, and then has changed nothing. A mail that it
	// decides on is never lost: it ends as what its Result says.
	Instead func(ctx Context, m CustomerMail) (*Result, error)
	// Opening adds to a ticket that a mail has just opened, before anybody is told: c.Current is
	// its first message.
	Opening func(c *Case, m CustomerMail) error
	// Within does what a mail means that was just added to its ticket as c.Current and counts as
	// the customer's word, before a ticket that is done is reopened. It returns whether it has seen
	// to who is told and to the status; else the agents hear that the customer wrote again.
	Within func(c *Case, m CustomerMail) (bool, error)
	// Thanks reports whether a mail into a ticket that is done says no more than that it is well:
	// it does not reopen it.
	Thanks func(m CustomerMail) bool
}

// Recognisers are those of all capabilities, in the order in which they are asked.
type Recognisers []Recogniser

// Instead returns what became of a mail that opens no ticket, nil if nobody knows it.
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

// Opening has all add to a ticket that a mail has just opened.
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

// Thanks reports whether somebody knows a mail as one that reopens nothing.
func (r Recognisers) Thanks(m CustomerMail) bool {
	return slices.ContainsFunc(r, func(one Recogniser) bool { return one.Thanks != nil && one.Thanks(m) })
}

// Within reports whether somebody has done what a mail means that was added to its ticket.
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
