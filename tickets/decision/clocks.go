package decision

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/sla"
	"tierdesk/tickets/timers"
)

// promise is something that will happen to the ticket unless somebody acts first. Its key is
// unique: once an event carries the key, the promise does not happen again.
type promise struct {
	key  string
	due  time.Time
	line *tickets.Escalation // a line of the escalation policy
	rule string              // a rule on elapsed time
	word *progress           // a progress mail to the customer
	// If none of these is set: the closing of the solved ticket.
	started time.Time // the clock's start, for the words of a notice
	target  sla.Target
	again   int // the number of the repetition, 0 for the first time
}

// promises returns the coming promises, soonest first, from the ticket's history alone.
func (c *Case) promises() ([]promise, error) {
	past, err := c.History()
	if err != nil {
		return nil, err
	}
	kept := map[string]bool{}
	for _, e := range past {
		switch e.Kind {
		case tickets.Warned, tickets.Missed, tickets.Elapsed, tickets.Progressed:
			kept[e.Data.Reason] = true
		}
	}
	var out []promise
	add := func(p promise) {
		if !p.due.IsZero() && !kept[p.key] {
			out = append(out, p)
		}
	}
	if c.Ticket.MergedInto != 0 || c.Ticket.Status == tickets.Closed {
		return nil, nil
	}
	onTime := c.Policy.Rules.Elapsed()
	for _, r := range onTime {
		if since := c.since(r.Since, past); !since.IsZero() {
			due := since.Add(r.After)
			if r.Since == rules.SinceWaiting {
				due = c.Policy.Calendar.ByDay(afterOthers(due, since, r, onTime, past), c.location())
			}
			add(promise{key: ruleKey(r.Name, since), due: due, rule: r.Name})
		}
	}
	if c.Ticket.Status == tickets.Solved {
		if after := c.Policy.Service.CloseAfter; after > 0 {
			add(promise{key: fmt.Sprintf("close#%d", c.Ticket.Solved.UnixMilli()), due: c.Ticket.Solved.Add(after)})
		}
	} else {
		clocks, err := c.slaClocks(past)
		if err != nil {
			return nil, err
		}
		asker, err := c.asker()
		if err != nil {
			return nil, err
		}
		promised, calendar := c.Policy.Service.Promised(c.Policy.Service.LevelOf(&c.Ticket, asker), c.Ticket.Priority)
		for i := range c.Policy.Service.Escalations {
			line := &c.Policy.Service.Escalations[i]
			if line.AtTier != nil && *line.AtTier != c.Ticket.Tier {
				continue
			}
			for _, p := range policyPromises(line, clocks, &c.Ticket, calendar, c.Policy.Service.Promised) {
				add(p)
			}
		}
		if w := progressOf(past, promised.Progress, calendar, c.location()); w != nil && w.told <= c.Policy.Service.ProgressMax &&
			!c.Ticket.HasTag(SpamTag) {
			add(promise{key: w.key(c.Policy.Service.ProgressMax), due: w.due, word: w})
		}
	}
	out = withoutNeedless(out, past, c.Tx.Now())
	slices.SortStableFunc(out, func(a, b promise) int { return a.due.Compare(b.due) })
	return out, nil
}

// isMiss reports whether a line of the policy is about a missed promise.
func isMiss(line *tickets.Escalation) bool { return line.When.Percent >= 100 }

// withoutNeedless removes warnings about promises that were already missed, or that are about to be
// reported as missed.
func withoutNeedless(promises []promise, past []tickets.Event, now time.Time) []promise {
	missed := func(p promise) bool {
		started := fmt.Sprintf("#%d", p.started.UnixMilli())
		return slices.ContainsFunc(past, func(e tickets.Event) bool {
			return e.Kind == tickets.Missed && e.Data.Target == string(p.target) && strings.HasSuffix(e.Data.Reason, started)
		}) || slices.ContainsFunc(promises, func(q promise) bool {
			return q.line != nil && isMiss(q.line) && q.target == p.target && q.started.Equal(p.started) && !q.due.After(now)
		})
	}
	return slices.DeleteFunc(slices.Clone(promises), func(p promise) bool {
		return p.line != nil && p.target != "" && !isMiss(p.line) && missed(p)
	})
}

// policyPromises returns when a line of the policy takes effect, for each clock that it applies to,
// and when the people it names are told again. It is pure.
func policyPromises(line *tickets.Escalation, clocks []sla.Clock, t *tickets.Ticket, calendar *sla.Calendar,
	promised func(level, priority string) (sla.Promise, *sla.Calendar)) []promise {
	at := ""
	if line.AtTier != nil {
		at = fmt.Sprintf("/tier%d", *line.AtTier)
	}
	if quiet := line.When.NoAgentReply; quiet > 0 {
		if t.CustomerWrote.IsZero() {
			return nil
		}
		p := promise{key: fmt.Sprintf("quiet@%s%%s%s#%d", quiet, at, t.CustomerWrote.UnixMilli()), due: t.CustomerWrote.Add(quiet),
			line: line, started: t.CustomerWrote}
		return p.repeated(t, calendar)
	}
	var out []promise
	for _, c := range clocks {
		if c.Target != line.When.Target || c.State != sla.Running {
			continue
		}
		// A warning under another priority or policy is a different warning. A promise is missed
		// only once, whatever happens to the priority.
		key := fmt.Sprintf("%s@%d%%s%s/%s#%d", c.Target, line.When.Percent, at, termsOf(&c), c.Started.UnixMilli())
		if isMiss(line) {
			key = fmt.Sprintf("%s@%d%%s%s#%d", c.Target, line.When.Percent, at, c.Started.UnixMilli())
		}
		if c.Fixed() { // a different date is a different promise
			key = fmt.Sprintf("%s@%d%%s%s/due%d#%d", c.Target, line.When.Percent, at, c.Due.UnixMilli(), c.Started.UnixMilli())
		}
		p := promise{key: key, due: c.At(line.When.Percent), line: line, started: c.Started, target: c.Target}
		_, calendar := promised(c.Policy, c.Priority)
		out = append(out, p.repeated(t, calendar)...)
	}
	return out
}

// repeated returns a promise and its repetitions; the key of p lacks the number of the repetition.
// An answer after the first time ends them. A promise that would fall due while the calendar is
// closed waits until it opens, unless the line says otherwise.
func (p promise) repeated(t *tickets.Ticket, calendar *sla.Calendar) []promise {
	line, key := p.line, p.key
	awake := func(due time.Time) time.Time {
		if line.AtNight {
			return due
		}
		return calendar.Within(due)
	}
	p.due, p.key = awake(p.due), fmt.Sprintf(key, "")
	out := []promise{p}
	if p.due.IsZero() || t.AgentWrote.After(p.due) {
		return out
	}
	for i, gap := range line.Repeat {
		if p.again = i + 1; line.AtNight {
			p.due = p.due.Add(gap)
		} else {
			p.due = calendar.Add(p.due, gap)
		}
		p.key = fmt.Sprintf(key, fmt.Sprintf("+%d", p.again))
		if p.due.IsZero() {
			break
		}
		out = append(out, p)
	}
	return out
}

// causeOf returns the cause in a key, without the tier and the priority at which it is reported:
// nobody is told of the same cause twice.
func causeOf(key string) string {
	what, started, _ := strings.Cut(key, "#")
	cause, rest, _ := strings.Cut(what, "/")
	for part := range strings.SplitSeq(rest, "/") {
		if strings.HasPrefix(part, "due") {
			cause += "/" + part
		}
	}
	return cause + "#" + started
}

// toldOf returns who has been told of a cause already. It is pure.
func toldOf(past []tickets.Event, cause string) []string {
	var out []string
	for _, e := range past {
		if (e.Kind == tickets.Warned || e.Kind == tickets.Missed) && causeOf(e.Data.Reason) == cause {
			out = append(out, e.Data.Told...)
		}
	}
	return out
}

// termsOf names the terms of a clock: "high", or "gold/high" under a policy.
func termsOf(c *sla.Clock) string {
	if c.Policy == "" {
		return c.Priority
	}
	return c.Policy + "/" + c.Priority
}

func ruleKey(rule string, since time.Time) string {
	return fmt.Sprintf("rule/%s#%d", rule, since.UnixMilli())
}

// afterOthers returns when a rule on waiting for the customer is due. It keeps the intended
// distance from each shorter rule, even if that one fired late because the desk was down or it was
// night: a customer who is reminded gets the full time to answer. It is pure.
func afterOthers(due, since time.Time, r rules.ElapsedRule, all []rules.ElapsedRule, past []tickets.Event) time.Time {
	for _, o := range all {
		if o.Since != r.Since || o.After >= r.After {
			continue
		}
		key := ruleKey(o.Name, since)
		for _, e := range past {
			if at := e.At.Add(r.After - o.After); e.Kind == tickets.Elapsed && e.Data.Reason == key && at.After(due) {
				due = at
			}
		}
	}
	return due
}

// waitingSince returns since when a ticket has waited for the customer, by its history: since the
// status says so, or since a later answer to them. It is zero if the ticket does not wait. It is
// pure.
func waitingSince(past []tickets.Event) time.Time {
	var t tickets.Ticket
	var since time.Time
	for _, e := range past {
		next, err := tickets.Apply(t, e)
		if err != nil {
			continue
		}
		switch {
		case next.Status != tickets.Pending:
			since = time.Time{}
		case t.Status != tickets.Pending || e.Kind == tickets.AgentReplied:
			since = e.At
		}
		t = next
	}
	return since
}

func (c *Case) since(s rules.Since, past []tickets.Event) time.Time {
	switch s {
	case rules.SinceOpened:
		return c.Ticket.Opened
	case rules.SinceCustomer:
		return c.Ticket.CustomerWrote
	case rules.SinceAgent:
		return c.Ticket.AgentWrote
	case rules.SinceUpdated:
		return c.Ticket.Updated
	case rules.SinceWaiting:
		return waitingSince(past)
	}
	return time.Time{}
}

// slaClocks returns the ticket's clocks by its history. The resolution clock runs until the due
// date, if somebody has set one.
func (c *Case) slaClocks(past []tickets.Event) ([]sla.Clock, error) {
	asker, err := c.asker()
	if err != nil {
		return nil, err
	}
	clocks := sla.Clocks(marks(past, c.Policy.Service, asker), c.Policy.Service.Promised)
	if c.Ticket.Due.IsZero() || c.Ticket.Status.Done() {
		return clocks, nil
	}
	for i, clock := range clocks {
		if clock.Target == sla.Resolution && (clock.State == sla.Running || clock.State == sla.Paused) {
			clocks[i] = clock.Until(c.Ticket.Due)
			break
		}
	}
	return clocks, nil
}

// asker returns who asked, if a policy depends on that.
func (c *Case) asker() (tickets.Asker, error) {
	if !slices.ContainsFunc(c.Policy.Service.Levels, func(l tickets.ServiceLevel) bool { return l.For.OfCustomer() }) {
		return tickets.Asker{}, nil
	}
	p, err := c.Requester()
	return tickets.Asker{Address: p.Address, Organisation: c.Policy.People.OrganisationOf(p.Address)}, err
}

// marks converts a history into what starts and stops clocks.
func marks(past []tickets.Event, service *tickets.Service, asker tickets.Asker) []sla.Mark {
	var out []sla.Mark
	level := ""
	var t tickets.Ticket
	void := stoppedAnswers(past)
	pauses := func(s tickets.Status) bool { return slices.Contains(service.PauseIn, s) }
	for i, e := range past {
		next, err := tickets.Apply(t, e)
		if err != nil {
			continue // it was valid for the version of the program that recorded it
		}
		was := level
		level = service.LevelOf(&next, asker)
		mark := func(kind sla.MarkKind) {
			out = append(out, sla.Mark{At: e.At, Kind: kind, Priority: next.Priority, Policy: level})
		}
		switch {
		case e.Kind == tickets.Opened:
			mark(sla.MarkOpened)
		case e.Kind == tickets.Replied && !e.Data.Silent:
			mark(sla.MarkCustomer)
		case e.Kind == tickets.Gathered && !e.Data.Since.IsZero() && !next.Status.Done():
			mark(sla.MarkCustomer) // the other ticket's question is now asked in this one
		case e.Kind == tickets.AgentReplied && !void[i]:
			mark(sla.MarkAgent)
		}
		if e.Kind != tickets.Opened {
			if next.Priority != t.Priority || level != was {
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

// stoppedAnswers returns which events are answers that were stopped before they were sent, by
// index.
func stoppedAnswers(past []tickets.Event) map[int]bool {
	var void map[int]bool
	for i, e := range past {
		if e.Kind != tickets.Stopped {
			continue
		}
		for k := i - 1; k >= 0; k-- {
			if past[k].Kind == tickets.AgentReplied && past[k].Message == e.Message {
				if void == nil {
					void = map[int]bool{}
				}
				void[k] = true
				break
			}
		}
	}
	return void
}

// BeforeAnswer returns the ticket before and right after an answer, by its history; false if the
// answer is not in it.
func BeforeAnswer(past []tickets.Event, message int64) (before, after tickets.Ticket, found bool) {
	var t tickets.Ticket
	for _, e := range past {
		next, err := tickets.Apply(t, e)
		if err != nil {
			continue
		}
		if e.Kind == tickets.AgentReplied && e.Message == message {
			before, after, found = t, next, true
		}
		t = next
	}
	return before, after, found
}

// TakeBack returns the event that undoes an answer that was not sent: the ticket returns to its
// state before it. It is pure.
func TakeBack(t *tickets.Ticket, past []tickets.Event, message, outbox int64) tickets.Event {
	e := tickets.Event{Kind: tickets.Stopped, Actor: tickets.Desk, Message: message, Data: tickets.Data{Outbox: outbox}}
	before, after, found := BeforeAnswer(past, message)
	if !found {
		return e
	}
	e.Data.Since = before.CustomerWrote
	if t.Status == after.Status || t.Status.Done() { // nobody has changed the status since, or only ended the ticket
		e.Data.Status = before.Status
	}
	return e
}

// Clocks returns the clocks that have not ended, as of now.
func (c *Case) Clocks() ([]templates.Clock, error) {
	past, err := c.History()
	if err != nil {
		return nil, err
	}
	now := c.Tx.Now()
	clocks, err := c.slaClocks(past)
	if err != nil {
		return nil, err
	}
	var out []templates.Clock
	for _, clock := range clocks {
		switch clock.State {
		case sla.Running:
			// Office hours must not be shown as if they were hours of the clock: show the time
			// until the deadline.
			left := clock.Total - clock.Used(now)
			missed := left < 0 && !clock.Fixed() || !clock.Due.IsZero() && clock.Due.Before(now)
			if !clock.Due.IsZero() {
				left = clock.Due.Sub(now)
			}
			out = append(out, templates.Clock{Target: string(clock.Target), Due: clock.Due, Left: left, Missed: missed})
		case sla.Paused:
			out = append(out, templates.Clock{Target: string(clock.Target), Left: clock.Total - clock.Elapsed, Paused: true})
		}
	}
	return out, nil
}

// NextAnswer returns when the next answer or the solution of a ticket is due; the zero time if
// nothing is promised any more.
func NextAnswer(ctx Context, t tickets.Ticket) (time.Time, error) {
	clocks, err := (&Case{Decision: Begin(ctx, "", ctx.Tx.Now()), Ticket: t}).Clocks()
	var next time.Time
	for _, c := range clocks {
		if !c.Paused && c.Due.After(ctx.Tx.Now()) && (next.IsZero() || c.Due.Before(next)) {
			next = c.Due
		}
	}
	return next, err
}

// setTimer sets the ticket's timer to its next promise.
func (c *Case) setTimer() error {
	next, err := c.promises()
	if err != nil {
		return err
	}
	if c.Old && c.Opened {
		// Promises that were already missed when an old mail came are recorded, but nobody is
		// notified.
		for len(next) > 0 && !next[0].due.After(c.Tx.Now()) {
			p := next[0]
			if err := c.Handle(tickets.Event{Kind: tickets.Missed, Actor: tickets.TimerActor(string(timers.Ticket)),
				Data: tickets.Data{Reason: p.key, Target: string(p.target), Old: true}}); err != nil {
				return err
			}
			if next, err = c.promises(); err != nil {
				return err
			}
		}
	}
	if len(next) == 0 {
		if c.Opened {
			return nil
		}
		return timers.Clear(c.Tx, c.Ticket.ID, timers.Ticket)
	}
	data := next[0].key
	if c.Old && c.IsOld() && c.Tx.Now().Sub(next[0].due) >= lateAfter {
		data = ofOldMail + data // nobody is notified for this ticket alone
	}
	return timers.Set(c.Tx, timers.Timer{Ticket: c.Ticket.ID, Kind: timers.Ticket, Due: sqldb.At(next[0].due), Data: data})
}

// ResetTimer sets the timer of a ticket anew, by its history.
func ResetTimer(ctx Context, ticket int64) error {
	c, err := Begin(ctx, "", ctx.Tx.Now()).Open(ticket)
	if err != nil {
		return err
	}
	return c.setTimer()
}

// NextPromise returns when the next promise of a ticket is due, the zero time for never. The
// ticket's timer must be set to it.
func NextPromise(ctx Context, t tickets.Ticket) (time.Time, error) {
	c := &Case{Decision: Begin(ctx, "", ctx.Tx.Now()), Ticket: t}
	next, err := c.promises()
	if err != nil || len(next) == 0 {
		return time.Time{}, err
	}
	return next[0].due, nil
}
