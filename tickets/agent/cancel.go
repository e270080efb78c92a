package agent

import (
	"errors"
	"slices"
	"strings"

	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
)

// cancel takes the agent's last answer back, with all its copies or not at all.
func cancel(a *decision.Act, _ commands.Command) (phrase.Text, error) {
	answer, copies, err := lastAnswer(a)
	if err != nil {
		return phrase.Text{}, err
	}
	if answer.ID == 0 {
		return decision.Refuse(phrase.Say("There is no answer of yours to take back."))
	}
	switch stateOf(copies) {
	case gone:
		return decision.Refuse(phrase.Say("Too late: your answer has been sent to %s.", recipients(copies)))
	case back:
		return phrase.Say("Your answer was taken back already."), nil
	}
	fault, err := a.Tx.Savepoint(func() error {
		for _, row := range copies {
			if err := mailout.Drop(a.Tx, row.Mail.ID); err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return phrase.Text{}, err
	case errors.Is(fault, mailout.ErrInHand) || errors.Is(fault, mailout.ErrNone): // a sender was faster
		return decision.Refuse(phrase.Say("Too late: your answer has been sent to %s.", recipients(copies)))
	case fault != nil:
		return phrase.Text{}, fault
	}
	past, err := a.History()
	if err != nil {
		return phrase.Text{}, err
	}
	e := decision.TakeBack(&a.Ticket, past, answer.ID, copies[0].Mail.ID)
	e.Actor, e.Data.Command = a.Actor(), string(commands.Cancel)
	if err := a.Handle(e); err != nil {
		return phrase.Text{}, err
	}
	return phrase.Say("Your answer was taken back: nobody has been sent it."), nil
}

// lastAnswer returns the agent's newest answer in the ticket, and its copies in the outbox.
func lastAnswer(a *decision.Act) (answer tickets.Message, copies []mailout.Row, err error) {
	rows, err := mailout.List(a.Tx, mailout.Filter{Ticket: a.Ticket.ID, Limit: 1000})
	if err != nil {
		return answer, nil, err
	}
	for _, row := range rows {
		if row.Mail.Kind != string(templates.Answer) || row.Mail.Message == 0 || row.Mail.Message < answer.ID {
			continue
		}
		if row.Mail.Message == answer.ID {
			copies = append(copies, row)
			continue
		}
		m, found, err := store.MessageByID(a.Tx, row.Mail.Message)
		if err != nil {
			return answer, nil, err
		}
		if found && m.Author == a.Actor() {
			answer, copies = m, []mailout.Row{row}
		}
	}
	return answer, copies, nil
}

// sending is how far the copies of an answer have come.
type sending int

const (
	waits sending = iota // none of them has left
	gone                 // one has, or is leaving now
	back                 // they were taken back before
)

// stateOf is pure.
func stateOf(copies []mailout.Row) sending {
	switch {
	case slices.ContainsFunc(copies, func(r mailout.Row) bool { return r.InHand || r.State == mailout.Sent }):
		return gone
	case !slices.ContainsFunc(copies, func(r mailout.Row) bool { return r.State != mailout.Dropped }):
		return back
	}
	return waits
}

func recipients(copies []mailout.Row) string {
	var out []string
	for _, row := range slices.Backward(copies) {
		out = append(out, row.Mail.Recipient)
	}
	return strings.Join(out, ", ")
}
