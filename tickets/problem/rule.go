package problem

import (
	"slices"

	"tierdesk/mailin"
	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/view"
)

// Actions are the rule actions that link tickets to problems.
func Actions() []decision.Action {
	return []decision.Action{{Kind: rules.KindProblem, Do: byRule, Status: tickets.OnHold}}
}

// byRule links a ticket to the open problem with a key, or to a new one owned by the lead. A ticket
// that has ever been linked to a problem is left to the agents.
func byRule(c *decision.Case, key string, by tickets.Actor) (phrase.Text, error) {
	past, err := c.History()
	if err != nil {
		return phrase.Text{}, err
	}
	if slices.ContainsFunc(past, func(e tickets.Event) bool {
		return e.Kind == tickets.ProblemLinked || e.Kind == tickets.ProblemUnlinked
	}) {
		return phrase.Text{}, nil
	}
	p, err := keyed(c.Tx, arrival.Limit(key, maxTitle), leadOf(c))
	if err != nil {
		return phrase.Text{}, err
	}
	return link(c, p, by)
}

// leadOf returns the lead of the ticket's team, "" for none.
func leadOf(c *decision.Case) string {
	for _, name := range view.Named(c.Policy, &c.Ticket, []string{"lead"}) {
		return name
	}
	return ""
}

// keyed returns the open problem with a key, creating it if there is none. If two transactions
// create it, the second one waits for the first and gets the same problem.
func keyed(tx *sqldb.Tx, key, owner string) (tickets.Problem, error) {
	folded := mailin.Fold(key)
	if _, err := tx.Exec(`INSERT INTO problems (title, folded, state, owner, open_key, opened) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (open_key) DO NOTHING`, key, folded, string(tickets.Investigating), owner, folded, sqldb.At(tx.Now())); err != nil {
		return tickets.Problem{}, err
	}
	p, _, err := one(tx, `open_key = ? /*pg FOR UPDATE */`, folded)
	return p, err
}
