// Package sla computes deadlines: which promises a ticket stands under, when each falls due, and
// how its clock stood still meanwhile. It is pure: it knows calendars and a ticket's history as
// instants, and must never know a database, the time that it is, or what happens when a promise is
// broken. Everything is computed from history alone: nothing is stored.
//
// It also owns the words for lengths and moments of time ("4h", "2bd", "fri 09:00"), because what
// they mean hangs on calendars.
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
	NextReply  Target = "next_reply"  // an answer to what the customer wrote since
	Resolution Target = "resolution"  // solved
)

// Targets in the order in which they begin.
func Targets() []Target { return []Target{FirstReply, NextReply, Resolution} }

// Promise is what a priority promises under a policy; a zero duration promises nothing.
type Promise struct {
	FirstReply, NextReply, Resolution time.Duration
	// Progress is after how long without a word the customer hears that the desk is still on it; it
	// is no target: nothing of it is measured.
	Progress time.Duration
	Calendar string // name; "" or "always" is the clock round
}

// Of returns what is promised for a target, 0 for nothing.
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

// Mark is one thing in the history of a ticket that touches its clocks. Automatic mail gives no
// mark: it never stops a clock.
type Mark struct {
	At   time.Time
	Kind MarkKind
	// Priority and Policy of MarkOpened and MarkPriority: those from then on.
	Priority, Policy string
}

// MarkKind says what happened.
type MarkKind string

// Kinds of marks. A change of status between the statuses that pause and the others gives
// MarkPaused or MarkResumed, one to solved or closed MarkSolved, one from there MarkReopened. A
// customer's mail that reopens gives MarkCustomer and MarkReopened, in any order.
const (
	MarkOpened   MarkKind = "opened"
	MarkCustomer MarkKind = "customer" // the customer wrote
	MarkAgent    MarkKind = "agent"    // an agent answered publicly; a note is no answer
	MarkPaused   MarkKind = "paused"   // into a status in which the resolution clock stands still
	MarkResumed  MarkKind = "resumed"
	MarkSolved   MarkKind = "solved"
	MarkReopened MarkKind = "reopened"
	MarkPriority MarkKind = "priority" // the priority changed, or the policy that the ticket falls under
	MarkEnded    MarkKind = "ended"    // the ticket is no request any more (merged, spam): every clock stops without a verdict
)

// State of a clock.
type State string

// States.
const (
	Running State = "running"
	Paused  State = "paused"  // stands still and may go on
	Kept    State = "kept"    // ended in time
	Missed  State = "missed"  // ended too late
	Stopped State = "stopped" // nothing waits for it any more and it was not broken: solved without an answer, merged
)

// Clock is one promise of one ticket, as its history tells it. It is a value: ask Clocks again
// after the next mark.
//
// A clock that still runs has no verdict, even when its time is over: compare Due with the time
// that it is.
type Clock struct {
	Target   Target
	Priority string // the promise is that of this priority
	Policy   string // under this policy, "" for the desk's own promise
	State    State
	Started  time.Time
	Ended    time.Time // zero unless it is Kept, Missed or Stopped
	// Due is when the promise is broken; zero unless the clock is running, and zero if its calendar
	// leaves no time for it.
	Due time.Time
	// PausedSince is when it was stopped; zero unless it is Paused.
	PausedSince time.Time
	// Elapsed is the time used in all runs that are over: a clock that is running has used more by
	// now, see Used.
	Elapsed time.Duration
	Total   time.Duration // what is promised

	calendar *Calendar
	runs     []run
	until    time.Time // see Until
}

// Until returns the clock as it stands when somebody has set a date: it runs from its start to that
// instant, whatever its priority promises, and nothing stops it.
func (c Clock) Until(date time.Time) Clock {
	if c.State == Paused {
		c.State, c.PausedSince = Running, time.Time{}
	}
	c.Due, c.until = date, date
	return c
}

// Fixed reports whether somebody has set the date.
func (c Clock) Fixed() bool { return !c.until.IsZero() }

// run is a stretch in which the clock ran; a zero to means that it still does.
type run struct{ from, to time.Time }

// Used is the time that the clock has used up to now.
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

// At is when the given share of the promised time has passed or, if the clock is running, will have
// passed given that it goes on. It is zero if that does not come to pass: the clock is paused or
// ended before it.
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

// Clocks returns the clocks of a ticket: the first reply, each next reply in its order, the
// resolution; only those which the priority's promise has. promised returns what a priority
// promises under a policy, and by which calendar (nil: the clock round).
//
//   - first_reply runs from the opening to an agent's first public answer;
//   - next_reply runs from the first mail of the customer that came after an answer, to the next
//     answer;
//   - resolution runs from the opening to solved, and after a reopening goes on with what was used.
//
// Only the resolution stands still in the pausing statuses: who waits for an answer waits whatever
// status we gave the ticket, and a clock that a change of status could stop would promise nothing.
// While a ticket is solved every clock stands. An answered clock keeps its verdict; for the others
// a change of priority, of policy or of a calendar counts from their start, and what stood still
// stays left out.
//
// Marks count by their instants, whatever their order in history; those of one instant count in the
// order given. A mark before the opening counts at the opening. Without an opening there are no
// clocks.
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

// inOrder sorts the marks by time, beginning with the opening, or gives nothing if there is none.
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

// dial follows a history from mark to mark. It knows nothing of promises: only what ran when.
type dial struct {
	hands []*hand
	terms
	first  *hand // nil before the opening; it has ended once there was an answer
	next   *hand // the next reply that is waited for, nil if none
	solved *hand // resolution
	done   bool  // the ticket is solved
	wrote  bool  // the customer wrote while it was
}

// terms say whose promise a clock is measured by.
type terms struct{ policy, priority string }

// hand is what one clock did.
type hand struct {
	target Target
	terms
	started time.Time
	runs    []run
	ended   time.Time
	// settled means that the end is what was promised, rather than that nobody waits for it any
	// more.
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
		// The resolution stands last in the list; next replies come before it.
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

// reopen undoes solved: who has had no answer yet waits again, with what was used; who wrote
// meanwhile begins to wait.
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

// clock reads the hand under a promise.
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
