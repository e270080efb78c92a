// Package approval takes down what somebody decides who was asked for a yes or a no, by a button or
// in words. It owns what counts as either. It must never know what was asked for, nor what follows
// from the decision: whoever asked knows that.
package approval

import (
	"tierdesk/mailout/token"
	"tierdesk/tickets"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/side"
)

// Decide records what an approver says, and reports whether they have decided just now. What is
// decided stays so. before, if there is one, is done first of all with "approved" or "declined":
// the rules that hear of the decision see what it has done.
func Decide(a *side.Answer, action token.Action, before func(decision string) error) (decided bool, err error) {
	v := verdictBy(action, a.Mail.Message.Written())
	switch {
	case a.Side.Decided() && (v == neither || string(v) == string(a.Side.State)):
		return false, nil
	case a.Side.Decided():
		a.Why = append(a.Why, phrase.Say("It was decided before (%s), and that stands: to have it decided anew, ask again.",
			string(a.Side.State)))
		return false, nil
	case v == neither:
		a.Why = append(a.Why, phrase.Say("The answer is neither clearly yes nor clearly no, so nothing was recorded."))
		return false, nil
	}
	a.Decision, a.Side.State = string(v), tickets.SideState(v)
	if before != nil {
		if err := before(a.Decision); err != nil {
			return false, err
		}
	}
	kind := tickets.Approved
	if v == declined {
		kind = tickets.Declined
	}
	return true, a.Handle(tickets.Event{Kind: kind, Actor: a.Side.Actor(), Message: a.Current.ID, Data: tickets.Data{Inbound: a.Mail.ID,
		Side: a.Side.ID}})
}

// verdictBy returns what a button says, or the words of a mail to the plain reply address. A button
// above words that say the opposite says neither.
func verdictBy(action token.Action, text string) verdict {
	words, button := said(text), neither
	switch action {
	case token.Approve:
		button = approved
	case token.Decline:
		button = declined
	default:
		return words
	}
	if words != neither && words != button {
		return neither
	}
	return button
}
