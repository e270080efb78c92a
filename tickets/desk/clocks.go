package desk

import (
	"fmt"
	"slices"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/tickets"
	"tierdesk/tickets/sla"
	"tierdesk/tickets/timers"
)

// promise is something that will happen to the ticket if nobody does anything before. key names it for good: once an event bears
// the key it does not happen again.
type promise struct {
	key  string
	due  time.Time
	line *tickets.Escalation // a line of the escalation policy
	rule string              // a rule on time passed
	// neither: the solved ticket closes
	started time.Time // the clock's start, for the words of a notice
	target  sla.Target
}

// promises lists what is still to come, soonest first, from the ticket's history alone.
func (w *decision) promises() ([]promise, error) {
	past, err := w.past()
	if err != nil {
		return nil, err
	}
	kept := map[string]bool{}
	for _, e := range past {
		if e.Kind == tickets.Warned || e.Kind == tickets.Missed || e.Kind == tickets.Elapsed {
			kept[e.Data.Reason] = true
		}
	}
	var out []promise
	add := func(p promise) {
		if !p.due.IsZero() && !kept[p.key] {
			out = append(out, p)
		}
	}
	if w.t.MergedInto != 0 || w.t.Status == tickets.Closed {
		return nil, nil
	}
	for _, r := range w.with.Rules.Elapsed() {
		if since := w.since(r.Since); !since.IsZero() {
			add(promise{key: fmt.Sprintf("rule/%s#%d", r.Name, since.UnixMilli()), due: since.Add(r.After), rule: r.Name})
		}
	}
	if w.t.Status == tickets.Solved {
		if after := w.with.Service.CloseAfter; after > 0 {
			add(promise{key: fmt.Sprintf("close#%d", w.t.Solved.UnixMilli()), due: w.t.Solved.Add(after)})
		}
	} else {
		clocks := sla.Clocks(marks(past, w.with.Service.PauseIn), w.policy)
		for i := range w.with.Service.Escalations {
			line := &w.with.Service.Escalations[i]
			if line.AtTier != nil && *line.AtTier != w.t.Tier {
				continue
			}
			for _, p := range policyPromises(line, clocks, w.t) {
				add(p)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b promise) int { return a.due.Compare(b.due) })
	return out, nil
}

// policyPromises gives when a line of the policy comes to pass, for each clock that it speaks of.
func policyPromises(line *tickets.Escalation, clocks []sla.Clock, t tickets.Ticket) []promise {
	at := ""
	if line.AtTier != nil {
		at = fmt.Sprintf("/tier%d", *line.AtTier)
	}
	if quiet := line.When.NoAgentReply; quiet > 0 {
		if t.CustomerWrote.IsZero() {
			return nil
		}
		return []promise{{key: fmt.Sprintf("quiet@%s%s#%d", quiet, at, t.CustomerWrote.UnixMilli()), due: t.CustomerWrote.Add(quiet), line: line, started: t.CustomerWrote}}
	}
	var out []promise
	for _, c := range clocks {
		if c.Target == line.When.Target && c.State == sla.Running {
			// The priority is part of the key: a promise that changed is another promise.
			key := fmt.Sprintf("%s@%d%s/%s#%d", c.Target, line.When.Percent, at, c.Priority, c.Started.UnixMilli())
			out = append(out, promise{key: key, due: c.At(line.When.Percent), line: line, started: c.Started, target: c.Target})
		}
	}
	return out
}

func (w *decision) since(s rules.Since) time.Time {
	switch s {
	case rules.SinceOpened:
		return w.t.Opened
	case rules.SinceCustomer:
		return w.t.CustomerWrote
	case rules.SinceAgent:
		return w.t.AgentWrote
	case rules.SinceUpdated:
		return w.t.Updated
	}
	return time.Time{}
}

// policy tells what a priority promises.
func (w *decision) policy(priority string) (sla.Promise, *sla.Calendar) {
	p := w.with.Service.Priority(priority)
	if p == nil {
		return sla.Promise{}, nil
	}
	return p.Promise, w.with.Service.Calendars[p.Calendar]
}

// marks turns a history into what moves clocks.
func marks(past []tickets.Event, pauseIn []tickets.Status) []sla.Mark {
	var out []sla.Mark
	var t tickets.Ticket
	pauses := func(s tickets.Status) bool { return slices.Contains(pauseIn, s) }
	for _, e := range past {
		next, err := tickets.Apply(t, e)
		if err != nil {
			continue // it was applied when it was recorded, by a program that allowed it
		}
		mark := func(kind sla.MarkKind) { out = append(out, sla.Mark{At: e.At, Kind: kind, Priority: next.Priority}) }
		switch {
		case e.Kind == tickets.Opened:
			mark(sla.MarkOpened)
		case e.Kind == tickets.Replied && !e.Data.Silent:
			mark(sla.MarkCustomer)
		case e.Kind == tickets.AgentReplied:
			mark(sla.MarkAgent)
		}
		if e.Kind != tickets.Opened {
			if next.Priority != t.Priority {
				mark(sla.MarkPriority)
			}
			switch was, is := t.Status, next.Status; {
			case is.Done() && !was.Done():
				mark(sla.MarkSolved)
			case was.Done() && !is.Done():
				mark(sla.MarkReopened)
				if pauses(is) {
					mark(sla.MarkPaused)
				}
			case pauses(is) && !pauses(was) && !is.Done():
				mark(sla.MarkPaused)
			case pauses(was) && !pauses(is) && !is.Done():
				mark(sla.MarkResumed)
			}
		}
		t = next
	}
	return out
}

// shown is a clock as a notice shows it.
type shown struct {
	Target sla.Target
	Due    time.Time
	Left   time.Duration
	Missed bool
	Paused bool
}

// running gives the clocks that have not ended, as they stand now.
func (w *decision) running() ([]shown, error) {
	past, err := w.past()
	if err != nil {
		return nil, err
	}
	var out []shown
	for _, c := range sla.Clocks(marks(past, w.with.Service.PauseIn), w.policy) {
		switch c.State {
		case sla.Running:
			left := c.Total - c.Used(w.tx.Now())
			out = append(out, shown{Target: c.Target, Due: c.Due, Left: left, Missed: left < 0})
		case sla.Paused:
			out = append(out, shown{Target: c.Target, Left: c.Total - c.Elapsed, Paused: true})
		}
	}
	return out, nil
}

// clocks sets the ticket's timer to its next promise.
func (w *decision) clocks() error {
	next, err := w.promises()
	if err != nil {
		return err
	}
	if w.old && w.fresh {
		// What old mail has missed already is recorded and stirs nobody.
		for len(next) > 0 && !next[0].due.After(w.tx.Now()) {
			p := next[0]
			if err := w.handle(tickets.Event{Kind: tickets.Missed, Actor: tickets.TimerActor(string(timers.Ticket)), Data: tickets.Data{Reason: p.key, Target: string(p.target), Old: true}}); err != nil {
				return err
			}
			if next, err = w.promises(); err != nil {
				return err
			}
		}
	}
	if len(next) == 0 {
		if w.fresh {
			return nil
		}
		return timers.Clear(w.tx, w.t.ID, timers.Ticket)
	}
	data := next[0].key
	if w.old && w.in != nil && w.isOld(w.tx, w.in) && w.tx.Now().Sub(next[0].due) >= lateAfter {
		data = ofOldMail + data // nobody is stirred by it alone
	}
	return timers.Set(w.tx, timers.Timer{Ticket: w.t.ID, Kind: timers.Ticket, Due: sqldb.At(next[0].due), Data: data})
}

// NextPromise tells when the next promise of a ticket falls due, the zero time for never: what its timer must stand for.
func (d *Desk) NextPromise(tx *sqldb.Tx, t tickets.Ticket) (time.Time, error) {
	w := d.decide(tx, d.current(), "", tx.Now())
	w.t = t
	next, err := w.promises()
	if err != nil || len(next) == 0 {
		return time.Time{}, err
	}
	return next[0].due, nil
}
