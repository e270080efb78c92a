package decision

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/sla"
	"tierdesk/tickets/timers"
	"tierdesk/tickets/view"
)

// FirePromises fulfils the promises of a ticket that are due. It computes them anew: the timer only
// says that it is time to look.
func FirePromises(ctx Context, t timers.Timer) error {
	late, err := isLate(ctx.Tx, t)
	if err != nil {
		return err
	}
	d := Begin(ctx, "timer:"+string(t.Kind), ctx.Tx.Now())
	d.Late = late
	c, err := d.Open(t.Ticket)
	if err != nil {
		return err
	}
	for range 50 {
		next, err := c.promises()
		if err != nil {
			return err
		}
		if len(next) == 0 || next[0].due.After(ctx.Tx.Now()) {
			_, err := d.Finish()
			return err
		}
		if err := c.fulfil(next[0]); err != nil {
			return err
		}
	}
	return errors.New("promises of this ticket fall due without end") // cannot happen: each has a key and happens once
}

// fulfil fulfils one promise that is due.
func (c *Case) fulfil(p promise) error {
	actor := tickets.TimerActor(string(timers.Ticket))
	switch {
	case p.word != nil:
		return c.tellProgress(p)
	case p.rule != "":
		c.elapsed = p.rule
		return c.Handle(tickets.Event{Kind: tickets.Elapsed, Actor: actor, Data: tickets.Data{Reason: p.key}})
	case p.line == nil:
		if err := c.Handle(tickets.Event{Kind: tickets.Elapsed, Actor: actor, Data: tickets.Data{Reason: p.key}}); err != nil {
			return err
		}
		return c.SetStatus(tickets.Closed, actor, c.Cause, "")
	}
	line := p.line
	kind, mail := tickets.Warned, templates.Warning
	if line.When.Percent >= 100 {
		kind, mail = tickets.Missed, templates.Missed
	}
	reason := phrase.Say("%d %% of the time for the %s is used up.", line.When.Percent, TargetWord(p.target))
	switch {
	case line.When.NoAgentReply > 0:
		reason = phrase.Say("No agent has answered for %s, since %s.", short(line.When.NoAgentReply),
			c.LocalTime(p.started))
	case kind == tickets.Missed:
		reason = phrase.Say("The deadline for the %s was missed.", TargetWord(p.target))
	}
	words := slices.Clone(line.Notify)
	if kind == tickets.Missed && p.again == 0 {
		words = append(words, c.unwarned(p)...)
	}
	told := toldOf(c.history, causeOf(p.key))
	fresh := func(agents []string) []string {
		return slices.DeleteFunc(agents, func(name string) bool { return slices.Contains(told, name) })
	}
	agents := fresh(view.Named(c.Policy, &c.Ticket, words))
	if err := c.Handle(tickets.Event{Kind: kind, Actor: actor,
		Data: tickets.Data{Reason: p.key, Target: string(p.target), Percent: line.When.Percent, Told: agents}}); err != nil {
		return err
	}
	back, more, err := c.giveBack(actor)
	if err != nil {
		return err
	}
	say := notice.Notice{Kind: mail, Reasons: []phrase.Text{reason}, Clock: p.target, Author: tickets.Desk}
	if p.again > 0 {
		say.Reasons = append(say.Reasons, phrase.Say("You were told before, and nobody has answered since."))
	}
	if !back.Empty() {
		say.Reasons = append(say.Reasons, back)
	}
	agents = append(slices.Clone(agents), more...)
	slices.Sort(agents)
	agents = slices.Compact(agents)
	if onCall, why := called(c.Policy, &c.Ticket, words, c.location()); len(onCall) > 0 {
		n := say
		n.Reasons, n.Called = append(slices.Clone(say.Reasons), why), true
		isCalled := func(agent string) bool { return slices.Contains(onCall, agent) }
		c.NotifyAll(slices.DeleteFunc(slices.Clone(agents), func(agent string) bool { return !isCalled(agent) }), n)
		agents = slices.DeleteFunc(agents, isCalled)
	}
	c.NotifyAll(agents, say)
	if slices.Contains(words, "admin") {
		say.Address = c.Desk.Admin
		c.Notify(say)
	}
	if p.again > 0 { // the line's other effects happen once
		return nil
	}
	if c.raises(line.Priority) {
		if err := c.Handle(tickets.Event{Kind: tickets.PriorityChanged, Actor: actor,
			Data: tickets.Data{Priority: line.Priority, From: c.Ticket.Priority}}); err != nil {
			return err
		}
	}
	if line.TierUp {
		data := tickets.Data{Target: string(p.target), Percent: line.When.Percent}
		if line.When.NoAgentReply > 0 {
			data.Reason = tickets.NoReply
		}
		return c.Escalate(actor, Why{Said: reason, Data: data})
	}
	return nil
}

// raises reports whether a priority is more urgent than the ticket's. A priority that no longer
// exists is the least urgent.
func (c *Case) raises(priority string) bool {
	place := func(name string) int {
		return slices.IndexFunc(c.Policy.Service.Priorities, func(p tickets.Priority) bool { return p.Name == name })
	}
	to, from := place(priority), place(c.Ticket.Priority)
	return to >= 0 && (from < 0 || to < from)
}

// unwarned returns the agents whom the policy would have warned before a promise was missed, if
// there was no time to do so: they are told of the miss.
func (c *Case) unwarned(p promise) []string {
	started := fmt.Sprintf("#%d", p.started.UnixMilli())
	warned := slices.ContainsFunc(c.history, func(e tickets.Event) bool {
		return e.Kind == tickets.Warned && e.Data.Target == string(p.target) && strings.HasSuffix(e.Data.Reason, started)
	})
	var words []string
	for _, line := range c.Policy.Service.Escalations {
		if !warned && line.When.Target == p.target && !isMiss(&line) && (line.AtTier == nil || *line.AtTier == c.Ticket.Tier) {
			words = append(words, line.Notify...)
		}
	}
	return words
}

// TargetWord returns the name of a target, for people.
func TargetWord(t sla.Target) phrase.Text {
	switch t {
	case sla.FirstReply:
		return phrase.Say("first reply")
	case sla.NextReply:
		return phrase.Say("next reply")
	}
	return phrase.Say("resolution")
}

// short formats a duration as admins write it: 2h, 30m, 2d.
func short(d time.Duration) string {
	switch {
	case d%(24*time.Hour) == 0:
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	case d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return fmt.Sprintf("%dm", d/time.Minute)
}
