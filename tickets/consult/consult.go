// Package consult asks people outside the desk, each in a thread of their own, for their opinion or
// for a yes or no. It owns the commands /consult and /approve-by. Package approval determines what
// is a yes or a no, and package side owns the conversation itself. It must never show anybody more
// than an agent wrote for them.
package consult

import (
	"strings"

	"tierdesk/mailin/quote"
	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/approval"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/side"
)

// Commands are the commands that ask a third person.
func Commands() []decision.Command {
	return []decision.Command{
		{Name: commands.Consult,
			Help:  phrase.Say("Asks somebody else the text below, in a thread of their own; the answer comes back as a note."),
			Proof: true, TakesText: true, Do: ask(mailout.Consultant)},
		{Name: commands.ApproveBy,
			Help: phrase.Say("Asks somebody to approve the text below, with yes or no; you are told what they decide."), Proof: true,
			TakesText: true, Do: ask(mailout.Approver)},
	}
}

// ask asks each of the people named, in a thread of their own. The question is recorded as a note
// by the agent.
func ask(party mailout.Party) func(*decision.Act, commands.Command) (phrase.Text, error) {
	return func(a *decision.Act, c commands.Command) (phrase.Text, error) {
		text := strings.TrimSpace(quote.KeepQuoted(a.Text)) // quoted text was not written for them
		if text == "" {
			return decision.Refuse(phrase.Say("Nobody was asked: there is no text for them."))
		}
		for _, address := range c.Add {
			if arrival.Ours(a.Desk, address) {
				return decision.Refuse(phrase.Say("Nobody was asked: %s is an address of the desk itself.", address))
			}
		}
		if err := a.AddText(tickets.Note, a.Actor(), tickets.Internal, text, "", ""); err != nil {
			return phrase.Text{}, err
		}
		for _, address := range c.Add {
			q := side.Question{Party: party, Address: address, By: a.Actor(), Message: a.Current, Files: true, Attach: a.Files}
			if err := side.Ask(a.Case, q); err != nil {
				return phrase.Text{}, err
			}
		}
		whom := strings.Join(c.Add, ", ")
		told := notice.Notice{Kind: templates.AgentNote, Author: a.Actor(), Text: phrase.Say("%s asks %s: %s", a.Agent.FullName, whom,
			"\n\n"+text)}
		return phrase.Say("Your text goes to %s and to nobody else; you will be told of the answer.", whom), a.TellInvolved(told)
	}
}

// Handle decides on a mail that answers a question to a third person.
func Handle(ctx decision.Context, m *arrival.Mail, e arrival.Evidence) (decision.Result, error) {
	return side.Receive(ctx, m, e, func(a *side.Answer) error {
		switch {
		case a.Automatic():
			return nil
		case mailout.Party(a.Side.Party) == mailout.Approver:
			_, err := approval.Decide(a, e.Action, nil)
			return err
		}
		a.Side.State = tickets.SideAnswered
		return nil
	})
}
