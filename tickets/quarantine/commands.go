package quarantine

import (
	"errors"

	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
)

// Commands are the commands on a ticket's sender.
func Commands() []decision.Command {
	return []decision.Command{
		{Name: commands.Spam, Help: phrase.Say("Marks the mail as spam; the ticket is closed."), Do: spam},
		{Name: commands.Block, Help: phrase.Say("Blocks further mail from this sender."), Proof: true, Right: "block", Do: block},
		{Name: commands.Allow, Help: phrase.Say("Never quarantines mail from this sender."), Do: allow},
	}
}

// spam closes the ticket, and sends its first mail to quarantine. Nobody outside is told.
func spam(a *decision.Act, c commands.Command) (phrase.Text, error) {
	messages, err := store.Messages(a.Tx, a.Ticket.ID)
	if err != nil {
		return phrase.Text{}, err
	}
	if a.Ticket.HasTag(decision.SpamTag) {
		return phrase.Say("It was taken for spam already."), nil
	}
	if err := a.Handle(tickets.Event{Kind: tickets.Tagged, Actor: a.Actor(),
		Data: tickets.Data{Add: []string{decision.SpamTag}, Command: string(c.Name)}}); err != nil {
		return phrase.Text{}, err
	}
	if err := a.SetStatus(tickets.Closed, a.Actor(), a.Cause, string(c.Name)); err != nil {
		return phrase.Text{}, err
	}
	for _, m := range messages {
		if m.Kind != tickets.FromCustomer || m.Inbound == 0 {
			continue
		}
		if _, kept, err := store.Raw(a.Tx, m.Inbound); err != nil || !kept {
			return phrase.Say("The ticket is closed; its first mail is no longer kept."), err
		}
		if err := store.Decide(a.Tx, m.Inbound, tickets.Quarantined, tickets.CauseSpam, a.Agent.FullName+" says so",
			a.Ticket.ID); err != nil {
			return phrase.Text{}, err
		}
		return phrase.Say("The ticket is closed, its first mail in quarantine; nobody outside is told."), Announce(a.Tx)
	}
	return phrase.Say("The ticket is closed; nobody outside is told."), nil
}

func block(a *decision.Act, _ commands.Command) (phrase.Text, error) { return judgeRequester(a, false) }

func allow(a *decision.Act, _ commands.Command) (phrase.Text, error) { return judgeRequester(a, true) }

// judgeRequester blocks or allows the requester.
func judgeRequester(a *decision.Act, allow bool) (phrase.Text, error) {
	p, err := a.Requester()
	if err != nil {
		return phrase.Text{}, err
	}
	if p.Address == "" {
		return decision.Refuse(phrase.Say("This ticket has no requester."))
	}
	switch err := setVerdict(a.Context, p.Address, allow); {
	case errors.Is(err, errOneOfUs):
		return decision.Refuse(phrase.Say("Not done: that is an address of the desk or of an agent."))
	case err != nil:
		return phrase.Text{}, err
	case allow:
		return phrase.Say("Mail from %s no longer goes through the spam filter.", p.Address), nil
	}
	return phrase.Say("%s is blocked: what comes from there goes to quarantine.", p.Address), nil
}
