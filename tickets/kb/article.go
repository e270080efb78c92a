package kb

import (
	"fmt"
	"strings"

	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/phrase"
)

// Commands are those that answer with knowledge base articles and keep these up to date.
func Commands() []decision.Command {
	return []decision.Command{{Name: commands.Article,
		Help:  phrase.Say("Puts an article for customers above your text, in the customer's language, and sends both to them."),
		Above: article,
		Do:    func(*decision.Act, commands.Command) (phrase.Text, error) { return phrase.Text{}, nil }},
		{Name: commands.Reviewed,
			Help:  phrase.Say("Confirms that an article of yours is still right, or proposes the text below as its new one; an answer to its reminder does the same."),
			Proof: true, Light: light, Acts: true, TakesText: true, Implied: implied, Do: reviewed}}
}

// article returns the text of an article in the customer's language. Internal articles are not
// accepted.
func article(a *decision.Act, c commands.Command) (string, error) {
	found := a.Policy.Articles.Find(c.Args.Name, a.Ticket.Language, true)
	if found == nil {
		return "", fmt.Errorf("there is no article %q for customers", c.Args.Name)
	}
	text := found.Title + "\n\n" + found.Page.Text()
	if found.Link != "" {
		text += "\n\n" + string(found.Link)
	}
	return strings.TrimSpace(text), nil
}
