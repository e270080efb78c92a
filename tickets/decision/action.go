package decision

import (
	"fmt"
	"slices"

	"tierdesk/rules"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/view"
)

// Action is an action of rules that a capability carries out: the row of the table. Which words a
// rule may use for it, and what it may name, is the desk folder's (package config): a word without
// a row does nothing, and a test sees to it that there is none.
type Action struct {
	Kind rules.ActionKind
	// Do carries it out in the name of a rule, and says to the agents what was done, or why it was
	// not; an empty Text is for what needs no word. It runs at the end of the decision, when all
	// else is done, and at any event that a rule may be on: Case.Mail is nil when time has passed.
	Do func(c *Case, value string, by tickets.Actor) (phrase.Text, error)
	// Status and Mail are what it leads to when nothing is in its way: the ticket's next status and
	// a kind of mail, "" for none. That is what an owner's test of rules sees.
	Status tickets.Status
	Mail   templates.Name
	// Instead means that at the opening of a ticket Mail takes the place of the acknowledgement.
	Instead bool
}

// Actions are all actions that capabilities carry out.
type Actions map[rules.ActionKind]Action

// carryOut does what rules wanted of capabilities, when all else is decided: the message at hand is
// in the ticket, and who takes part. A rule has the same done once, whatever it leads to: what it
// leads to may be seen by the same rule again. Everybody who is told of the ticket by this decision
// reads what was done, and whoever has it is told in any case.
func (c *Case) carryOut() error {
	c.depth++
	defer func() { c.depth-- }()
	for ; len(c.waiting) > 0; c.waiting = c.waiting[1:] {
		a := c.waiting[0]
		if slices.ContainsFunc(c.carried, func(b rules.Applied) bool {
			return b.Rule == a.Rule && b.Action.Kind == a.Action.Kind && b.Action.Value == a.Action.Value
		}) {
			c.Explain("rule %q: %s %s: done already", a.Rule, a.Action.Kind, a.Action.Value)
			continue
		}
		c.carried = append(c.carried, a)
		said, err := c.Actions[a.Action.Kind].Do(c, a.Action.Value, tickets.RuleActor(a.Rule))
		if err != nil {
			return fmt.Errorf("rule %q: %s %s: %w", a.Rule, a.Action.Kind, a.Action.Value, err)
		}
		c.Explain("rule %q: %s %s: %s", a.Rule, a.Action.Kind, a.Action.Value, said.English())
		if !said.Empty() {
			c.remarks = append(c.remarks, said)
			c.NotifyAll(view.Working(c.Policy, &c.Ticket), notice.Notice{Kind: templates.AgentNote, Author: tickets.Desk, Text: said})
		}
	}
	return nil
}
