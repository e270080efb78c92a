package problem

import (
	"slices"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/phrase"
)

// A merged ticket keeps its link to a problem, in case the merge is undone. The surviving ticket
// gets the link as well, so that the customer is told.

// Bars returns why tickets with different problems cannot be merged: one of the customers would not
// be told.
func Bars(from, into *decision.Case) (phrase.Text, error) {
	p, found, err := of(from.Tx, from.Ticket.ID)
	if err != nil || !found {
		return phrase.Text{}, err
	}
	there, found, err := of(into.Tx, into.Ticket.ID)
	if err != nil || !found || there.ID == p.ID {
		return phrase.Text{}, err
	}
	return phrase.Say("Not merged: #%d belongs to problem %d, and #%d to problem %d. /problem none takes a ticket out of its problem; /link %d shows the tickets side by side.",
		from.Ticket.ID, p.ID, into.Ticket.ID, there.ID, into.Ticket.ID), nil
}

// HandOn links the ticket that another one is merged into to that other ticket's problem.
func HandOn(from, into *decision.Case, by tickets.Actor) (phrase.Text, error) {
	p, found, err := of(from.Tx, from.Ticket.ID)
	if err != nil || !found {
		return phrase.Text{}, err
	}
	if _, found, err := of(into.Tx, into.Ticket.ID); err != nil || found {
		return phrase.Text{}, err
	}
	if err := put(into.Tx, into.Ticket.ID, p.ID, true); err != nil { // its owner knows the merged one
		return phrase.Text{}, err
	}
	data := tickets.Data{Problem: p.ID, Linked: from.Ticket.ID, Command: string(commands.Merge)}
	if err := into.Handle(tickets.Event{Kind: tickets.ProblemLinked, Actor: by, Data: data}); err != nil {
		return phrase.Text{}, err
	}
	if err := hold(into, p, by, commands.Merge); err != nil {
		return phrase.Text{}, err
	}
	return phrase.Say("Ticket #%d now belongs to problem %d (%s).", into.Ticket.ID, p.ID, p.Title), nil
}

// TakeBack unlinks a ticket from a problem that it had only because of another ticket that is no
// longer merged into it. It also restores the ticket's status, if that has not been changed since.
func TakeBack(from, into *decision.Case, by tickets.Actor) error {
	past, err := into.History()
	if err != nil {
		return err
	}
	handed, status := handedOn(past, from.Ticket.ID)
	if handed == 0 {
		return nil
	}
	if err := takeOut(into.Tx, into.Ticket.ID); err != nil {
		return err
	}
	data := tickets.Data{Problem: handed, Linked: from.Ticket.ID, Command: string(commands.Undo), Undo: true}
	if err := into.Handle(tickets.Event{Kind: tickets.ProblemUnlinked, Actor: by, Data: data}); err != nil || status == "" {
		return err
	}
	return into.Handle(tickets.Event{Kind: tickets.StatusChanged, Actor: by,
		Data: tickets.Data{Status: status, From: string(into.Ticket.Status), Since: into.Ticket.CustomerWrote,
			Command: string(commands.Undo), Undo: true}})
}

// handedOn returns the problem that a ticket has because another one was merged into it, 0 for
// none; and the status that it had before, "" if the status has changed since. It is pure.
func handedOn(past []tickets.Event, from int64) (problem int64, status tickets.Status) {
	var t tickets.Ticket
	for _, e := range past {
		before := t.Status
		if next, err := tickets.Apply(t, e); err == nil {
			t = next
		}
		switch {
		case e.Kind == tickets.ProblemLinked && e.Data.Command == string(commands.Merge) && e.Data.Linked == from:
			problem, status = e.Data.Problem, ""
		case e.Kind == tickets.ProblemLinked || e.Kind == tickets.ProblemUnlinked:
			problem, status = 0, "" // an agent has decided since where it belongs
		case t.Status != before:
			status = ""
			if problem != 0 && e.Kind == tickets.StatusChanged && e.Data.Command == string(commands.Merge) {
				status = before
			}
		}
	}
	return problem, status
}

// asking returns the tickets of a problem whose customers asked to be kept informed, or into which
// such a ticket was merged, without duplicates.
func asking(tx *sqldb.Tx, problem int64) ([]int64, error) {
	var asked, out []int64
	err := tx.Select(&asked, `SELECT ticket FROM problem_tickets WHERE problem = ? AND informed = 1 ORDER BY ticket`, problem)
	if err != nil {
		return nil, err
	}
	for _, ticket := range asked {
		to, found, err := arrival.Surviving(tx, ticket)
		if err != nil {
			return nil, err
		}
		p, linked, err := of(tx, to)
		if err != nil {
			return nil, err
		}
		if found && linked && p.ID == problem && !slices.Contains(out, to) {
			out = append(out, to)
		}
	}
	return out, nil
}
