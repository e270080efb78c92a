package decision

import (
	"encoding/json"
	"fmt"
	"slices"

	"tierdesk/mailin"
	"tierdesk/rules"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
	"tierdesk/tickets/view"
)

// maxDepth bounds chains of events: a change made by a rule may trigger further rules, but not
// forever.
const maxDepth = 4

// Handle is the only way to make something happen to a ticket: it applies the event, shows it to
// the rules, records it with their trace, and carries out what the rules say.
func (c *Case) Handle(e tickets.Event) error {
	e.Ticket = c.Ticket.ID
	if e.At.IsZero() {
		e.At = c.At
	}
	if e.Cause == "" {
		e.Cause = c.Cause
	}
	e.Folder = c.Policy.Hash
	e.Data.Old = e.Data.Old || c.Old
	before := c.Ticket
	next, err := tickets.Apply(before, e)
	if err != nil {
		return err
	}
	c.Ticket = next
	if next.Status.Done() && !before.Status.Done() {
		if err := timers.Clear(c.Tx, next.ID, timers.Snooze); err != nil {
			return err
		}
	}
	outcomes, err := c.askRules(e, before)
	if err != nil {
		return err
	}
	if e.Trace, err = traceText(outcomes); err != nil {
		return err
	}
	if err := c.record(&e, before); err != nil {
		return err
	}
	for _, outcome := range outcomes {
		for _, a := range outcome.Actions {
			c.depth++
			err := c.act(a, e)
			c.depth--
			if err != nil {
				return fmt.Errorf("rule %q: %w", a.Rule, err)
			}
		}
	}
	return nil
}

// askRules shows an event to the rules.
func (c *Case) askRules(e tickets.Event, before tickets.Ticket) ([]rules.Outcome, error) {
	if c.depth > maxDepth {
		return nil, nil
	}
	var outcomes []rules.Outcome
	for _, name := range ruleEvents(e, before, c.Ticket) {
		if !c.Policy.Rules.Asks(name) {
			continue
		}
		facts, err := c.ruleFacts(name, e)
		if err != nil {
			return nil, err
		}
		outcomes = append(outcomes, c.Policy.Rules.Evaluate(facts))
	}
	return outcomes, nil
}

// record writes an event, and the row of a ticket if the event opens it.
func (c *Case) record(e *tickets.Event, before tickets.Ticket) (err error) {
	if e.Kind == tickets.Opened {
		c.Ticket.Subject, c.Ticket.BaseSubject = before.Subject, before.BaseSubject
		if c.Ticket.ID, err = store.InsertTicket(c.Tx, c.Ticket); err != nil {
			return err
		}
		e.Ticket = c.Ticket.ID
		c.loaded.history = true
	}
	past, err := c.History()
	if err != nil {
		return err
	}
	var newest int64
	if len(past) > 0 {
		newest = past[len(past)-1].ID
	}
	if e.ID, err = store.Append(c.Tx, *e, newest); err != nil {
		return err
	}
	c.history = append(c.history, *e)
	c.result.Events = append(c.result.Events, *e)
	return nil
}

// ruleEvents returns the names that rules use for an event.
func ruleEvents(e tickets.Event, before, after tickets.Ticket) []string {
	switch e.Kind {
	case tickets.Opened, tickets.Replied, tickets.AgentReplied, tickets.Noted, tickets.Reopened, tickets.Escalated, tickets.Bounced,
		tickets.Elapsed, tickets.FormFilled, tickets.Approved, tickets.Declined:
		return []string{string(e.Kind)}
	case tickets.Warned:
		return []string{rules.SLAWarned}
	case tickets.Missed:
		return []string{rules.SLAMissed}
	case tickets.StatusChanged:
		names := []string{rules.StatusChanged}
		if after.Status == tickets.Solved && before.Status != tickets.Solved {
			names = append(names, rules.Solved)
		}
		if after.Status == tickets.Closed && before.Status != tickets.Closed {
			names = append(names, rules.Closed)
		}
		return names
	}
	return nil
}

func traceText(outcomes []rules.Outcome) (string, error) {
	traces := make([]rules.Trace, 0, len(outcomes))
	for _, o := range outcomes {
		if len(o.Trace.Steps) > 0 {
			traces = append(traces, o.Trace)
		}
	}
	if len(traces) == 0 {
		return "", nil
	}
	b, err := json.Marshal(traces)
	return string(b), err
}

// act carries out one action of a rule.
func (c *Case) act(a rules.Applied, e tickets.Event) error {
	if _, ok := c.Actions[a.Action.Kind]; ok {
		c.waiting = append(c.waiting, a)
		return nil
	}
	c.Explain("rule %q: %s", a.Rule, a.Action.Kind)
	effect, err := effectOf(c.Policy, c.Desk, &c.Ticket, a, e.Kind == tickets.Opened)
	if err != nil {
		return err
	}
	if effect.step != "" {
		c.Explain("%s", effect.step)
	}
	if effect.verdict != nil {
		c.verdict = effect.verdict
	}
	effect.addTo(&c.wanted)
	if until, err := c.AwayUntil(effect.change.Assignee); err != nil {
		return err
	} else if !until.IsZero() {
		c.Explain("%s is away: rule %q gives them nothing", effect.change.Assignee, a.Rule)
		effect.change.Assignee = ""
	}
	return c.Change(effect.change, tickets.RuleActor(a.Rule), fmt.Sprintf("event:%d", e.ID))
}

// effect is the effect of one rule action.
type effect struct {
	change      rules.Changes
	acknowledge string // template in place of the acknowledgement
	replies     []notice.Notice
	notices     []notice.Notice
	verdict     *Aside // on the mail itself
	step        string // the explanation
}

func (e *effect) addTo(w *notice.Wanted) {
	if e.acknowledge != "" {
		w.Acknowledge = e.acknowledge
	}
	w.Replies = append(w.Replies, e.replies...)
	w.Notices = append(w.Notices, e.notices...)
}

// effectOf returns the effect of a rule action on a ticket in its present state. It is pure, and
// shared by the daemon and `rules test`.
func effectOf(p *tickets.Policy, desk *tickets.Identity, t *tickets.Ticket, a rules.Applied, opening bool) (effect, error) {
	actor := tickets.RuleActor(a.Rule)
	switch a.Action.Kind {
	case rules.KindSet:
		return effect{change: a.Action.Set}, nil
	case rules.KindReply:
		if opening {
			return effect{acknowledge: a.Action.Template}, nil
		}
		return effect{replies: []notice.Notice{{Kind: templates.Name(a.Action.Template), Author: actor}}}, nil
	case rules.KindNotify:
		var out effect
		onCall, why := called(p, t, a.Action.Notify, desk.Location)
		for _, agent := range view.Named(p, t, a.Action.Notify) {
			n := notice.Notice{Kind: templates.AgentNote, Agent: agent, Text: phrase.Say("You are told of this ticket by rule %q.", a.Rule),
				Author: tickets.Desk, Asked: true}
			if slices.Contains(onCall, agent) {
				n.Remark, n.Called = why, true
			}
			out.notices = append(out.notices, n)
		}
		if slices.Contains(a.Action.Notify, "admin") {
			out.notices = append(out.notices, notice.Notice{Kind: templates.AgentNote, Address: desk.Admin, Author: tickets.Desk})
		}
		return out, nil
	case rules.KindForward:
		if arrival.Ours(desk, a.Action.Forward) {
			return effect{step: fmt.Sprintf("rule %q would forward to the desk itself", a.Rule)}, nil
		}
		to := a.Action.Forward
		inside := p.People.AgentBy(to) != nil || mailin.Fold(to) == mailin.Fold(desk.Admin)
		return effect{notices: []notice.Notice{{Kind: templates.Forwarded, Address: to, Author: tickets.Desk,
			Outside: !inside && !a.Action.Notes}}}, nil
	case rules.KindQuarantine, rules.KindDrop:
		verdict := SetAside(tickets.CauseRule, fmt.Sprintf("rule %q: %s", a.Rule, a.Action.Reason))
		if a.Action.Kind == rules.KindDrop {
			verdict.Outcome = tickets.DroppedRule
		}
		return effect{verdict: verdict}, nil
	case rules.KindStop:
		return effect{}, nil
	}
	return effect{}, fmt.Errorf("there is no action %q", a.Action.Kind)
}
