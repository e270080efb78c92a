package form

import (
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
)

// Bars returns why two tickets cannot be merged. If different forms are waiting, an answer to one
// would be read as an answer to the other. If the surviving ticket has another requester, that
// person would answer the form, and be told whether it is approved.
func Bars(from, into *decision.Case) (phrase.Text, error) {
	f, err := waiting(from)
	if err != nil {
		return phrase.Text{}, err
	}
	if why, err := ofAnother(from, into, f); err != nil || !why.Empty() || f == nil {
		return why, err
	}
	there, err := waiting(into)
	if err != nil || there == nil || there.Form.Name == f.Form.Name {
		return phrase.Text{}, err // the same questions: an answer to either fills it
	}
	return phrase.Say("Not merged: the form %q of #%d and the form %q of #%d both wait for answers, and an answer to one could be read as one to the other. Write /ask none in one of the tickets to withdraw its form.",
		f.Form.Name, from.Ticket.ID, there.Form.Name, into.Ticket.ID), nil
}

// ofAnother returns why a ticket cannot be merged into one of another requester: a form waits for
// its own requester, or for an approval.
func ofAnother(from, into *decision.Case, f *tickets.Filling) (phrase.Text, error) {
	asked, err := from.Requester()
	if err != nil {
		return phrase.Text{}, err
	}
	there, err := into.Requester()
	if err != nil || there.Address == asked.Address {
		return phrase.Text{}, err
	}
	if f != nil {
		return phrase.Say("Not merged: the form %q of #%d waits for %s, who did not open #%d and could not answer it there. /ask none withdraws the form; /link %d shows the tickets side by side.",
			f.Form.Name, from.Ticket.ID, called(asked), into.Ticket.ID, into.Ticket.ID), nil
	}
	f, err = undecided(from.Tx, from.Ticket.ID)
	if err != nil || f == nil {
		return phrase.Text{}, err
	}
	return phrase.Say("Not merged: the form %q of #%d waits for approval, and whoever opened #%d would be told what is decided. /link %d shows the tickets side by side.",
		f.Form.Name, from.Ticket.ID, into.Ticket.ID, into.Ticket.ID), nil
}

// undecided returns the form of a ticket, or of one merged into it, for which an approval was
// requested and not yet given or declined; nil if there is none.
func undecided(tx *sqldb.Tx, ticket int64) (*tickets.Filling, error) {
	all, err := store.Fillings(tx, ticket)
	if err != nil {
		return nil, err
	}
	for i := range all {
		s, found, err := store.SideByID(tx, all[i].Side)
		if err != nil {
			return nil, err
		}
		if found && s.Question == all[i].Request && !s.Decided() {
			return &all[i], nil
		}
	}
	past, err := store.Past(tx, ticket)
	if err != nil {
		return nil, err
	}
	for i := range past {
		if past[i].Kind != tickets.Gathered {
			continue
		}
		other, found, err := store.Ticket(tx, past[i].Data.Linked)
		if err != nil {
			return nil, err
		}
		if !found || other.MergedInto != ticket {
			continue // it is no longer merged
		}
		if f, err := undecided(tx, other.ID); err != nil || f != nil {
			return f, err
		}
	}
	return nil, nil
}

// HandOn moves a form that waits in a ticket to the one that it is merged into, where its answer
// will arrive.
func HandOn(from, into *decision.Case, by tickets.Actor) (phrase.Text, error) {
	f, err := waiting(from)
	if err != nil || f == nil {
		return phrase.Text{}, err
	}
	if there, err := waiting(into); err != nil || there != nil {
		return phrase.Text{}, err
	}
	if err := store.MoveFilling(from.Tx, f.ID, into.Ticket.ID); err != nil {
		return phrase.Text{}, err
	}
	return phrase.Text{}, into.Handle(tickets.Event{Kind: tickets.FormSent, Actor: by,
		Data: tickets.Data{Reason: f.Form.Name, Linked: from.Ticket.ID, Command: string(commands.Merge)}})
}

// TakeBack moves a form that still waits back to the ticket in which it was sent, which is no
// longer merged.
func TakeBack(from, into *decision.Case, _ tickets.Actor) error {
	past, err := into.History()
	if err != nil {
		return err
	}
	last := tickets.Event{}
	for _, e := range past {
		if e.Kind == tickets.FormSent {
			last = e
		}
	}
	if last.Data.Command != string(commands.Merge) || last.Data.Linked != from.Ticket.ID {
		return nil
	}
	f, err := waiting(into)
	if err != nil || f == nil {
		return err
	}
	return store.MoveFilling(into.Tx, f.ID, from.Ticket.ID)
}
