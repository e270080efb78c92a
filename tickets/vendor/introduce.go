package vendor

import (
	"cmp"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
)

// barred returns why a customer cannot be introduced to a vendor now. It is checked before anything
// is sent: a text meant for both must not reach the customer alone.
func barred(a *decision.Act, c commands.Command) (phrase.Text, error) {
	v := a.Policy.People.Vendor(c.Args.Name)
	if v == nil {
		return phrase.Say("Nobody was introduced: there is no vendor %q.", c.Args.Name), nil
	}
	requester, err := a.Requester()
	switch {
	case err != nil:
		return phrase.Text{}, err
	case v.Introduce == "":
		return phrase.Say("Nobody was introduced: customers are not told about %s. Your admin can allow it with introduce: in people.yaml; /vendor %s asks without the customer.", v.FullName, v.Name), nil
	case a.Ticket.Status.Done():
		return phrase.Say("Nobody was introduced: the ticket is %s. /reopen it first.", phrase.Status(a.Ticket.Status)), nil
	case len(a.Ticket.Restricted) > 0:
		return phrase.Say("Nobody was introduced: the ticket is restricted."), nil
	case requester.Address == "":
		return phrase.Say("Nobody was introduced: no customer takes part in this ticket."), nil
	case a.Typed.Note:
		return phrase.Say("Nobody was introduced: a note goes to nobody. Write the text for both below the command."), nil
	}
	return phrase.Text{}, nil
}

// bring makes the vendor a participant, so that the answer shows each of them the other's address.
func bring(a *decision.Act, c commands.Command) error {
	return a.Join(a.Policy.People.Vendor(c.Args.Name).Address, tickets.Cc, a.Actor())
}

// introduced records that the ticket was handed on: the two now write to each other.
func introduced(a *decision.Act, c commands.Command) (phrase.Text, error) {
	v := a.Policy.People.Vendor(c.Args.Name)
	if err := a.Handle(tickets.Event{Kind: tickets.Introduced, Actor: a.Actor(), Message: a.Current.ID,
		Data: tickets.Data{Reason: v.Name, Command: string(c.Name)}}); err != nil {
		return phrase.Text{}, err
	}
	if err := a.SetStatus(v.Introduce, a.Actor(), "", string(c.Name)); err != nil {
		return phrase.Text{}, err
	}
	s, found, err := store.SideWith(a.Tx, a.Ticket.ID, string(mailout.Vendor), mailin.Fold(v.Address))
	if err != nil {
		return phrase.Text{}, err
	}
	if found && s.State == tickets.SideWaiting { // it is not reminded of an earlier question
		s.State, s.Settled = tickets.SideAnswered, a.Tx.Now()
		if err := store.SaveSide(a.Tx, s); err != nil {
			return phrase.Text{}, err
		}
	}
	requester, err := a.Requester()
	return phrase.Say("%s and %s are in touch now. What they write to each other and the desk is added to the ticket without a notice; what goes to the desk alone is handled as usual.",
		cmp.Or(requester.Name, requester.Shown, requester.Address), v.FullName), err
}
