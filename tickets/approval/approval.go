// Package approval records the decision of a person who was asked for a yes or a no, by a button or
// in words. It owns what counts as either. It must never know what was asked for, or what follows
// from the decision: that is up to whoever asked.
package approval

import (
	"tierdesk/mailout/token"
	"tierdesk/tickets"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/side"
)

// Decide records an approver's decision, and reports whether one has been made just now. A decision
// is final. before, unless it is nil, is called first, with "approved" or "declined": the rules
// that see the decision also see what it has done.
func Decide(a *side.Answer, action token.Action, before func(decision string) error) (decided bool, err error) {
	v := verdictBy(action, a.Mail.Message.Written())
	switch {
	case a.Side.Decided() && (v == neither || string(v) == string(a.Side.State)):
		return false, nil
	case a.Side.Decided():
		a.Why = append(a.Why, phrase.Say("It was decided before (%s), and that stands: to have it decided anew, ask again.",
			called(a.Side.State)))
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

// called returns what a decision is called in a sentence.
func called(s tickets.SideState) phrase.Text {
	if s == tickets.SideState(declined) {
		return phrase.Say("declined")
	}
	return phrase.Say("approved")
}

// verdictBy returns the verdict of a button, or of the text of a mail to the plain reply address. A
// button above a text that says the opposite is no verdict.
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
