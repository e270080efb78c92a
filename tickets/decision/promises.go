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
	return c.follow(p, actor)
}

// follow does what a line of the escalation policy says: it warns of a promise or says that it was
// missed, and has its other effects once.
func (c *Case) follow(p promise, actor tickets.Actor) error {
	line, kind, mail := p.line, tickets.Warned, templates.Warning
	if line.When.Percent >= 100 {
		kind, mail = tickets.Missed, templates.Missed
	}
	why := c.whyTold(p)
	say := notice.Notice{Kind: mail, Reasons: []phrase.Text{why}, Clock: p.target, Author: tickets.Desk}
	words := slices.Clone(line.Notify)
	if kind == tickets.Missed && p.again == 0 {
		words = append(words, c.unwarned(p)...)
	}
	told := toldOf(c.history, causeOf(p.key))
	agents := slices.DeleteFunc(view.Named(c.Policy, &c.Ticket, words), func(name string) bool { return slices.Contains(told, name) })
	if err := c.Handle(tickets.Event{Kind: kind, Actor: actor,
		Data: tickets.Data{Reason: p.key, Target: string(p.target), Percent: line.When.Percent, Told: agents}}); err != nil {
		return err
	}
	back, more, err := c.giveBack(actor)
	if err != nil {
		return err
	}
	if p.again > 0 {
		say.Reasons = append(say.Reasons, phrase.Say("You were told before, and nobody has answered since."))
	}
	if !back.Empty() {
		say.Reasons = append(say.Reasons, back)
	}
	agents = append(slices.Clone(agents), more...)
	slices.Sort(agents)
	c.tell(say, slices.Compact(agents), words)
	if p.again > 0 { // the line's other effects happen once
		return nil
	}
	return c.raise(p, actor, why)
}

// whyTold returns the sentence with which a notice of a promise begins.
func (c *Case) whyTold(p promise) phrase.Text {
	switch when := p.line.When; {
	case when.NoAgentReply > 0:
		return phrase.Say("No agent has answered for %s, since %s.", short(when.NoAgentReply), c.LocalTime(p.started))
	case when.Percent >= 100:
		return phrase.Say("The deadline for the %s was missed.", TargetWord(p.target))
	default:
		return phrase.Say("%d %% of the time for the %s is used up.", when.Percent, TargetWord(p.target))
	}
}

// tell sends a notice to agents, in words of its own to those on call, and to the admin if the
// words of a line name them.
func (c *Case) tell(say notice.Notice, agents, words []string) {
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
}

// raise gives a ticket the priority of a line of the escalation policy, if that is more urgent, and
// moves it to the next tier if the line says so.
func (c *Case) raise(p promise, actor tickets.Actor, why phrase.Text) error {
	line := p.line
	if c.raises(line.Priority) {
		if err := c.Handle(tickets.Event{Kind: tickets.PriorityChanged, Actor: actor,
			Data: tickets.Data{Priority: line.Priority, From: c.Ticket.Priority}}); err != nil {
			return err
		}
	}
	if !line.TierUp {
		return nil
	}
	data := tickets.Data{Target: string(p.target), Percent: line.When.Percent}
	if line.When.NoAgentReply > 0 {
		data.Reason = tickets.NoReply
	}
	return c.Escalate(actor, Why{Said: why, Data: data})
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
