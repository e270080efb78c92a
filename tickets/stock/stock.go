// Package stock answers with what a desk already has: the admin's stock replies and the files of
// the ticket. It owns the commands /template and /attach. It must never decide who gets them: they
// are part of the agent's answer and have the same recipients.
package stock

import (
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
)

// Commands are the commands that answer with prepared content.
func Commands() []decision.Command {
	return []decision.Command{
		{Name: commands.Template,
			Help:  phrase.Say("Puts a stock reply above your text, in the customer's language, and sends both to them."),
			Above: reply,
			Do:    func(*decision.Act, commands.Command) (phrase.Text, error) { return phrase.Text{}, nil }},
		{Name: commands.Attach,
			Help: phrase.Say("Sends a file of the ticket along with your text, by its name or number, whoever it came from."),
			File: attached, Do: sends},
	}
}

// reply returns the stock reply in the customer's language, with the facts of the ticket.
func reply(a *decision.Act, c commands.Command) (string, error) {
	parts, err := a.Participants()
	if err != nil {
		return "", err
	}
	f := facts(a, parts)
	return a.Policy.Replies.Text(c.Args.Name, a.Ticket.Language, &f)
}

// facts returns the facts for a stock reply, without those that only the desk may know.
func facts(a *decision.Act, parts []tickets.Participant) templates.Facts {
	f := notice.TicketFacts(a.Policy, a.Desk, a.Ticket, a.Tx.Now())
	f.Agent.Name = a.Agent.FullName
	for _, p := range parts {
		if p.Role == tickets.Requester {
			f.Customer.Name = p.Name
		}
	}
	return f
}
