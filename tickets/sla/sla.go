// Package sla computes deadlines: which promises apply to a ticket, when each is due, and how its
// clock was paused. It is pure: it knows calendars and a ticket's history as instants, and must
// never know a database, the current time, or what happens when a promise is broken. Everything is
// computed from history alone: nothing is stored.
//
// It also owns the notation for durations and points in time ("4h", "2bd", "fri 09:00"), because
// their meaning depends on calendars.
package sla

import (
	"slices"
	"time"
)

// Target names a promise.
type Target string

// The targets.
const (
	FirstReply Target = "first_reply" // the first answer of an agent
	NextReply  Target = "next_reply"  // an answer to what the customer has written since
	Resolution Target = "resolution"  // solved
)

// Targets returns the targets in the order in which they begin.
func Targets() []Target { return []Target{FirstReply, NextReply, Resolution} }

// Promise is what a priority promises under a policy; a zero duration means no promise.
type Promise struct {
	FirstReply, NextReply, Resolution time.Duration
	// Progress is the time without a mail after which the customer is told that the desk is still
	// working on the ticket. It is not a target: it is not measured.
	Progress time.Duration
	Calendar string // name; "" or "always" means around the clock
}

// Of returns the promise for a target, 0 for none.
func (p Promise) Of(t Target) time.Duration {
	switch t {
	case FirstReply:
		return p.FirstReply
	case NextReply:
		return p.NextReply
	case Resolution:
		return p.Resolution
	}
	return 0
}

// Mark is an event in the history of a ticket that affects its clocks. Automatic mail makes no
// mark, so it never stops a clock.
type Mark struct {
	At   time.Time
	Kind MarkKind
	// Priority and Policy are, for MarkOpened and MarkPriority, those that apply from then on.
	Priority, Policy string
}

// MarkKind is the kind of a mark.
type MarkKind string

// Kinds of marks. A change of status to or from one that pauses makes a MarkPaused or MarkResumed,
// one to solved or closed a MarkSolved, one from there a MarkReopened. A customer's mail that
// reopens makes a MarkCustomer and a MarkReopened, in any order.
const (
	MarkOpened   MarkKind = "opened"
	MarkCustomer MarkKind = "customer" // the customer wrote
	MarkAgent    MarkKind = "agent"    // an agent answered publicly; a note does not count
	MarkPaused   MarkKind = "paused"   // into a status that pauses the resolution clock
	MarkResumed  MarkKind = "resumed"
	MarkSolved   MarkKind = "solved"
	MarkReopened MarkKind = "reopened"
	MarkPriority MarkKind = "priority" // the priority changed, or the policy that applies to the ticket
	MarkEnded    MarkKind = "ended"    // the ticket is no longer a request (merged, spam): every clock stops without a verdict
)

// State of a clock.
type State string

// States.
const (
	Running State = "running"
	Paused  State = "paused"  // paused; may continue
	Kept    State = "kept"    // ended in time
	Missed  State = "missed"  // ended too late
	Stopped State = "stopped" // it no longer applies and was not broken: solved without an answer, merged
)

// Clock is one promise of one ticket, computed from the ticket's history. It is a value: call
// Clocks again after the next mark.
//
// A running clock has no verdict, even if its time is over: compare Due with the current time.
type Clock struct {
	Target   Target
	Priority string // the priority whose promise it is
	Policy   string // the policy it comes from, "" for the desk's own promise
	State    State
	Started  time.Time
	Ended    time.Time // zero unless it is Kept, Missed or Stopped
	// Due is when the promise will be broken; zero unless the clock is running, and zero if the
	// calendar leaves no time for it.
	Due time.Time
	// PausedSince is when it was paused; zero unless it is Paused.
	PausedSince time.Time
	// Elapsed is the time used in finished runs: a running clock has used more by now, see Used.
	Elapsed time.Duration
	Total   time.Duration // the promised time

	calendar *Calendar
	runs     []run
	until    time.Time // see Until
}

// Until returns the clock for a due date that somebody has set: it runs from its start to that
// date, whatever its priority promises, and is never paused.
func (c Clock) Until(date time.Time) Clock {
	if c.State == Paused {
		c.State, c.PausedSince = Running, time.Time{}
	}
	c.Due, c.until = date, date
	return c
}

// Fixed reports whether somebody has set a due date.
func (c Clock) Fixed() bool { return !c.until.IsZero() }

// run is a period in which the clock ran; a zero to means that it is still running.
type run struct{ from, to time.Time }

// Used returns the time that the clock has used up to now.
func (c Clock) Used(now time.Time) time.Duration {
	var used time.Duration
	for _, r := range c.runs {
		to := r.to
		if to.IsZero() || to.After(now) {
			to = now
		}
		if to.After(r.from) {
			used += c.calendar.Between(r.from, to)
		}
	}
	return used
}

// At returns when the given share of the promised time has passed or, if the clock keeps running,
// will have passed. It is zero if that will not happen, because the clock is paused or ended
// earlier.
func (c Clock) At(percent int) time.Time {
	if c.Fixed() {
		whole := c.until.Sub(c.Started)
		return c.Started.Add(whole / 100 * time.Duration(percent))
	}
	left := c.Total / 100 * time.Duration(percent)
	left += c.Total % 100 * time.Duration(percent) / 100
	for _, r := range c.runs {
		at := c.calendar.Add(r.from, left)
		if r.to.IsZero() || (!at.IsZero() && !at.After(r.to)) {
			return at
		}
		left -= c.calendar.Between(r.from, r.to)
	}
	return time.Time{}
}

// Clocks returns the clocks of a ticket: the first reply, each next reply in order, and the
// resolution, but only those that the priority promises. promised returns what a priority promises
// under a policy, and the calendar for it (nil: around the clock).
//
//   - first_reply runs from the opening to an agent's first public answer;
//   - next_reply runs from the customer's first mail after an answer, to the next answer;
//   - resolution runs from the opening to solved, and after a reopening continues with the time
//     already used.
//
// Only the resolution is paused by the pausing statuses. A customer who waits for an answer waits
// whatever the status, and a clock that a change of status could stop would promise nothing. While
// a ticket is solved every clock is stopped. An answered clock keeps its verdict. For the others a
// change of priority, policy or calendar applies from their start, and paused time remains
// excluded.
//
// Marks count by their instants, whatever their order in history; marks of the same instant count
// in the order given. A mark before the opening counts at the opening. Without an opening there are
// no clocks.
func Clocks(history []Mark, promised func(policy, priority string) (Promise, *Calendar)) []Clock {
	var d dial
	for _, m := range inOrder(history) {
		d.mark(m)
	}
	var out []Clock
	for _, h := range d.hands {
		promise, calendar := promised(h.policy, h.priority)
		if total := promise.Of(h.target); total > 0 {
			out = append(out, h.clock(total, calendar))
		}
	}
	return out
}

// inOrder sorts the marks by time, starting with the opening. It returns nothing if there is no
// opening.
func inOrder(history []Mark) []Mark {
	first := -1
	for i, m := range history {
		if m.Kind == MarkOpened && (first < 0 || m.At.Before(history[first].At)) {
			first = i
		}
	}
	if first < 0 {
		return nil
	}
	out := make([]Mark, 0, len(history))
	out = append(out, history[first])
	for i, m := range history {
		if i == first {
			continue
		}
		if m.At.Before(history[first].At) {
			m.At = history[first].At
		}
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b Mark) int { return a.At.Compare(b.At) })
	return out
}

// dial follows a history from mark to mark. It does not know promises, only when each clock ran.
type dial struct {
	hands []*hand
	terms
	first  *hand // nil before the opening; it has ended once there was an answer
	next   *hand // the next reply that is due, nil if none
	solved *hand // resolution
	done   bool  // the ticket is solved
	wrote  bool  // the customer wrote while it was
}

// terms identify the promise that a clock is measured by.
type terms struct{ policy, priority string }

// hand records the runs of one clock.
type hand struct {
	target Target
	terms
	started time.Time
	runs    []run
	ended   time.Time
	// settled means that the clock ended with what was promised; otherwise it ended because it no
	// longer applied.
	settled bool
}

func (d *dial) mark(m Mark) {
	switch m.Kind {
	case MarkOpened:
		if d.first != nil {
			return
		}
		d.terms = terms{m.Policy, m.Priority}
		d.first = d.start(FirstReply, m.At)
		d.solved = d.start(Resolution, m.At)
		// The resolution comes last in the list; next replies come before it.
		d.hands = []*hand{d.first, d.solved}
	case MarkCustomer:
		switch {
		case d.done:
			d.wrote = true
		case d.first.settled && d.next == nil:
			d.awaitReply(m.At)
		}
	case MarkAgent:
		if !d.first.settled {
			d.first.end(m.At, true)
		}
		if d.next != nil {
			d.next.end(m.At, true)
			d.next = nil
		}
		d.wrote = false
	case MarkPaused:
		d.reopen(m.At)
		d.solved.stop(m.At)
	case MarkResumed:
		d.reopen(m.At)
		d.solved.run(m.At)
	case MarkSolved, MarkEnded:
		if d.done {
			return
		}
		d.done = true
		if !d.first.settled {
			d.first.end(m.At, false)
		}
		if d.next != nil {
			d.next.end(m.At, false)
			d.next = nil
		}
		d.solved.end(m.At, m.Kind == MarkSolved)
	case MarkReopened:
		if d.done {
			d.reopen(m.At)
			d.solved.run(m.At)
		}
	case MarkPriority:
		d.terms = terms{m.Policy, m.Priority}
		for _, h := range d.hands {
			if h.ended.IsZero() {
				h.terms = d.terms
			}
		}
	}
}

// reopen undoes solved: a customer still without an answer waits again, with the time already used;
// one who wrote meanwhile begins to wait.
func (d *dial) reopen(at time.Time) {
	if !d.done {
		return
	}
	d.done = false
	d.solved.ended, d.solved.settled, d.solved.terms = time.Time{}, false, d.terms
	if !d.first.settled {
		d.first.ended, d.first.terms = time.Time{}, d.terms
		d.first.run(at)
	} else if d.wrote {
		d.awaitReply(at)
	}
	d.wrote = false
}

func (d *dial) awaitReply(at time.Time) {
	d.next = d.start(NextReply, at)
	d.hands = slices.Insert(d.hands, len(d.hands)-1, d.next)
}

func (d *dial) start(target Target, at time.Time) *hand {
	return &hand{target: target, terms: d.terms, started: at, runs: []run{{from: at}}}
}

func (h *hand) running() bool { return len(h.runs) > 0 && h.runs[len(h.runs)-1].to.IsZero() }

func (h *hand) run(at time.Time) {
	if !h.running() {
		h.runs = append(h.runs, run{from: at})
	}
}

func (h *hand) stop(at time.Time) {
	if h.running() {
		h.runs[len(h.runs)-1].to = at
	}
}

func (h *hand) end(at time.Time, settled bool) {
	h.stop(at)
	h.ended, h.settled = at, settled
}

// clock evaluates the hand by a promise.
func (h *hand) clock(total time.Duration, calendar *Calendar) Clock {
	c := Clock{
		Target: h.target, Priority: h.priority, Policy: h.policy, Started: h.started, Ended: h.ended,
		Total: total, calendar: calendar, runs: h.runs,
	}
	for _, r := range h.runs {
		if !r.to.IsZero() {
			c.Elapsed += calendar.Between(r.from, r.to)
		}
	}
	switch broken := c.At(100); {
	case h.ended.IsZero() && h.running():
		c.State, c.Due = Running, broken
	case h.ended.IsZero():
		c.State, c.PausedSince = Paused, h.runs[len(h.runs)-1].to
	case !broken.IsZero() && broken.Before(h.ended):
		c.State = Missed
	case h.settled:
		c.State = Kept
	default:
		c.State = Stopped
	}
	return c
}
