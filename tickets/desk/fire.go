package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/sla"
	"tierdesk/tickets/timers"
)

// Fire does what is due, one timer a transaction, and tells how many it fired; it returns when nothing is due, after 1,000 timers, or
// with an error of the database. A timer whose work fails is put back for later, with the reason, and stops no other.
func (d *Desk) Fire(ctx context.Context) (int, error) {
	for n := 0; n < 1000; n++ {
		some := false
		err := d.db.Update(ctx, func(tx *sqldb.Tx) error {
			t, found, err := timers.TakeDue(tx)
			if some = found; err != nil || !found {
				return err
			}
			fault, err := tx.Savepoint(func() error { return d.fire(tx, t) })
			if err != nil || fault == nil {
				return err
			}
			d.log.Error("a timer failed and is put back", "timer", t.Kind, "ticket", t.Ticket, "attempts", t.Attempts+1, "error", fault)
			pause := min(time.Minute<<min(t.Attempts, 8), 4*time.Hour)
			return timers.PutBack(tx, t, tx.Now().Add(pause), fault.Error())
		})
		if err != nil {
			return n, fmt.Errorf("firing timers: %w", err)
		}
		if !some {
			return n, nil
		}
	}
	return 1000, nil
}

// RunTimers fires timers as they fall due, until ctx ends. It sleeps until the next one, until one is set, and at most 5 s, since other
// programs set timers too.
func (d *Desk) RunTimers(ctx context.Context) error {
	wake, stop := d.db.Subscribe(timers.Topic)
	defer stop()
	for {
		n, err := d.Fire(ctx)
		if ctx.Err() != nil {
			return nil
		}
		pause := 5 * time.Second
		switch {
		case err != nil:
			d.log.Error("timers wait for the database", "error", err)
		case n == 1000:
			continue
		default:
			err := d.db.View(ctx, func(tx *sqldb.Tx) error {
				due, err := timers.NextDue(tx)
				if !due.IsZero() {
					pause = min(pause, max(due.Sub(tx.Now()), 20*time.Millisecond)) // one that is due is in other hands
				}
				return err
			})
			if err != nil && ctx.Err() == nil {
				d.log.Error("timers wait for the database", "error", err)
			}
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

func (d *Desk) fire(tx *sqldb.Tx, t timers.Timer) error {
	with := d.current()
	switch t.Kind {
	case timers.Ticket:
		return d.firePromises(tx, with, t)
	case timers.Quarantine:
		return d.tellQuarantine(tx, with, t)
	case timers.Summary:
		return d.tellOld(tx, with, t)
	case timers.Backlog:
		return d.tellBacklog(tx, with, t)
	case timers.Canary:
		return d.fireCanary(tx, t)
	case timers.Snooze:
		return d.fireSnooze(tx, with, t)
	}
	return fmt.Errorf("there is no timer of kind %q", t.Kind)
}

// firePromises does what of a ticket is due. What is due is asked anew: the timer only says that it is time to look.
func (d *Desk) firePromises(tx *sqldb.Tx, with *Decisions, t timers.Timer) error {
	late, err := d.isLate(tx, t)
	if err != nil {
		return err
	}
	w := d.decide(tx, with, "timer:"+string(t.Kind), tx.Now())
	w.late = late
	if err := w.open(t.Ticket); err != nil {
		return err
	}
	for range 50 {
		next, err := w.promises()
		if err != nil {
			return err
		}
		if len(next) == 0 || next[0].due.After(tx.Now()) {
			return w.finish()
		}
		if err := w.fulfil(next[0]); err != nil {
			return err
		}
	}
	return errors.New("promises of this ticket fall due without end") // cannot be: each bears a key and happens once
}

// fulfil does one thing that has fallen due.
func (w *decision) fulfil(p promise) error {
	actor := tickets.TimerActor(string(timers.Ticket))
	switch {
	case p.rule != "":
		w.elapsed = p.rule
		return w.handle(tickets.Event{Kind: tickets.Elapsed, Actor: actor, Data: tickets.Data{Reason: p.key}})
	case p.line == nil:
		if err := w.handle(tickets.Event{Kind: tickets.Elapsed, Actor: actor, Data: tickets.Data{Reason: p.key}}); err != nil {
			return err
		}
		return w.setStatus(tickets.Closed, actor, w.cause, "")
	}
	line := p.line
	kind, notice := tickets.Warned, templates.Warning
	if line.When.Percent >= 100 {
		kind, notice = tickets.Missed, templates.Missed
	}
	reason := say("%d %% of the time for the %s is used up.", line.When.Percent, targetWord(p.target))
	switch {
	case line.When.NoAgentReply > 0:
		reason = say("No agent has answered for %s.", short(line.When.NoAgentReply))
	case kind == tickets.Missed:
		reason = say("The promised %s was missed.", targetWord(p.target))
	}
	if err := w.handle(tickets.Event{Kind: kind, Actor: actor, Data: tickets.Data{Reason: p.key, Target: string(p.target), Percent: line.When.Percent}}); err != nil {
		return err
	}
	for _, agent := range w.named(line.Notify) {
		w.want(want{kind: notice, agent: agent, reasons: []sentence{reason}, clock: string(p.target), author: tickets.Desk})
	}
	if line.Priority != "" && line.Priority != w.t.Priority {
		if err := w.handle(tickets.Event{Kind: tickets.PriorityChanged, Actor: actor, Data: tickets.Data{Priority: line.Priority, From: w.t.Priority}}); err != nil {
			return err
		}
	}
	if line.TierUp {
		return w.escalate(actor, "", reason)
	}
	return nil
}

// escalate moves the ticket up to the next inside tier and tells its team. At the top the lead is called instead: nothing goes
// outside by itself.
func (w *decision) escalate(actor tickets.Actor, command string, reason sentence) error {
	up := w.with.Service.Above(w.t.Tier)
	if up == nil {
		for _, agent := range w.named([]string{"lead"}) {
			w.want(want{kind: templates.Escalation, agent: agent, reasons: []sentence{reason, say("There is no higher tier inside.")}, author: actor})
		}
		return nil
	}
	return w.moveTo(up, actor, command, reason)
}

// moveTo gives the ticket to another tier and its team.
func (w *decision) moveTo(tier *tickets.Tier, actor tickets.Actor, command string, reason sentence) error {
	before := w.t.Tier
	kind := tickets.Escalated
	if tier.Level < before {
		kind = tickets.TierChanged
	}
	level := tier.Level
	if err := w.handle(tickets.Event{Kind: kind, Actor: actor, Data: tickets.Data{Tier: &level, Team: tier.Team, From: fmt.Sprint(before), Command: command}}); err != nil {
		return err
	}
	for _, agent := range w.working() {
		if agent != actor.Agent() {
			w.want(want{kind: templates.Escalation, agent: agent, reasons: []sentence{reason}, before: before, author: actor})
		}
	}
	return nil
}

// fireSnooze brings a ticket back to who put it off.
func (d *Desk) fireSnooze(tx *sqldb.Tx, with *Decisions, t timers.Timer) error {
	w := d.decide(tx, with, "timer:snooze", tx.Now())
	if err := w.open(t.Ticket); err != nil {
		return err
	}
	if w.t.Status.Done() {
		return nil
	}
	w.want(want{kind: templates.AgentNote, agent: t.Name, said: say("You asked to be reminded of this ticket."), author: tickets.Desk})
	return w.finish()
}

// targetWord is what people call a target.
func targetWord(t sla.Target) sentence {
	switch t {
	case sla.FirstReply:
		return say("first reply")
	case sla.NextReply:
		return say("next reply")
	}
	return say("resolution")
}

// short gives a length of time as admins write it: 2h, 30m, 2d.
func short(d time.Duration) string {
	switch {
	case d%(24*time.Hour) == 0:
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	case d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return fmt.Sprintf("%dm", d/time.Minute)
}
