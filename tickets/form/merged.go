package form

import (
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
)

// Bars returns why two tickets in which different forms wait are not merged: an answer to one would
// be read as one to the other.
func Bars(from, into *decision.Case) (phrase.Text, error) {
	f, err := waiting(from)
	if err != nil || f == nil {
		return phrase.Text{}, err
	}
	there, err := waiting(into)
	if err != nil || there == nil || there.Form.Name == f.Form.Name {
		return phrase.Text{}, err // the same questions: either answer fills it
	}
	return phrase.Say("Not merged: the form %q of #%d and the form %q of #%d both wait for answers, and an answer to one could be read as one to the other.",
		f.Form.Name, from.Ticket.ID, there.Form.Name, into.Ticket.ID), nil
}

// HandOn has a form that waits in a ticket wait in the one that it is merged into, where its answer
// will come.
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

// TakeBack gives a form that still waits back to the ticket in which it was sent, which is on its
// own again.
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
