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

// Action is a rule action that a capability carries out: a row of the table. The desk folder
// (package config) defines the word that rules use for it and its possible values. A word without a
// row would do nothing; a test makes sure that there is none.
type Action struct {
	Kind rules.ActionKind
	// Do carries out the action on behalf of a rule. It returns a sentence for the agents that says
	// what was done or why not; an empty Text if nothing needs to be said. It runs at the end of
	// the decision, and on any event a rule can match: Case.Mail is nil when time has passed.
	Do func(c *Case, value string, by tickets.Actor) (phrase.Text, error)
	// Status and Mail are the results of the action when nothing prevents it: the ticket's next
	// status and a kind of mail, "" for none. An owner's test of rules sees these.
	Status tickets.Status
	Mail   templates.Name
	// Instead means that, when a ticket is opened, Mail replaces the acknowledgement.
	Instead bool
}

// Actions are all actions that capabilities carry out.
type Actions map[rules.ActionKind]Action

// carryOut carries out the actions of capabilities that rules asked for, once all else is decided:
// the current message is in the ticket, and the participants are known. Each rule has an action
// carried out once, even if the same rule matches again on its result. Everybody who is told of the
// ticket by this decision reads what was done; the assignee is told in any case.
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
