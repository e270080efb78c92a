package rules

import (
	"fmt"
	"slices"
	"strings"
)

// Outcome holds the actions that follow from the rules, and the reasons.
type Outcome struct {
	// Actions are those of all rules that matched, in order. The values in them belong to the Set:
	// do not change them.
	Actions []Applied
	Trace   Trace
	// Stopped means that a rule ended the evaluation.
	Stopped bool
}

// Applied is an action and the rule that it belongs to.
type Applied struct {
	Rule   string
	Action Action
}

// Quarantined reports whether a rule quarantines the mail, and returns its reason.
func (o *Outcome) Quarantined() (reason string, ok bool) { return o.reason(KindQuarantine) }

// Dropped reports whether a rule drops the mail, and returns its reason.
func (o *Outcome) Dropped() (reason string, ok bool) { return o.reason(KindDrop) }

func (o *Outcome) reason(kind ActionKind) (string, bool) {
	for i := range o.Actions {
		if a := &o.Actions[i].Action; a.Kind == kind {
			return a.Reason, true
		}
	}
	return "", false
}

// Evaluate evaluates all rules on the event, in order. Later rules see what earlier ones set. A
// rule whose condition cannot be computed counts as not matched: the trace records that, and
// evaluation continues with the next rule. Evaluate does not change the facts, and they must not
// change while it runs. It is safe for concurrent use by multiple goroutines.
func (s *Set) Evaluate(f *Facts) Outcome {
	out := Outcome{Trace: Trace{Event: f.Event}}
	list := s.byEvent[f.Event]
	if len(list) == 0 {
		return out
	}
	out.Trace.Steps = make([]Step, len(list))
	m := s.machines.Get().(*machine)
	defer func() {
		m.unload()
		s.machines.Put(m)
	}()
	m.load(f)
	out.Trace.Cut = m.cut
	full := false
	for i, r := range list {
		step := &out.Trace.Steps[i]
		step.Rule, step.Place = r.name, r.place
		switch {
		case out.Stopped:
			step.Result, step.Why = Skipped, "an earlier rule stopped"
			continue
		case full:
			step.Result, step.Why = Skipped, tooMany
			continue
		}
		if why := r.waits(f); why != "" {
			step.Result, step.Why = Skipped, why
			continue
		}
		if step.Result, step.Why = m.test(&r.when); step.Result != Matched {
			continue
		}
		if len(out.Actions)+len(r.actions) > MaxActions {
			step.Result, step.Why = Skipped, tooMany
			full = true
			continue
		}
		step.Do = r.kinds
		out.Actions = append(out.Actions, r.actions...)
		for k := range r.actions {
			if action := &r.actions[k].Action; action.Kind == KindSet {
				action.Set.Apply(&m.scope.Ticket.Ticket)
			}
		}
		if r.stops {
			out.Stopped = true
			out.Trace.StoppedBy = r.name
		}
	}
	return out
}

// May reports whether a rule with an action of that kind may apply to the facts, whatever the rules
// before it do, and whatever the mood of the mail, which need not be among the facts. If it returns
// false, none applies. It evaluates the conditions of these rules only, so it spares its caller a
// full evaluation in the usual case that none applies.
func (s *Set) May(kind ActionKind, f *Facts) bool {
	var m *machine
	for _, r := range s.byEvent[f.Event] {
		if !slices.Contains(r.kinds, kind) {
			continue
		}
		if r.ticket || r.mood {
			return true
		}
		if m == nil {
			m = s.machines.Get().(*machine)
			defer func() {
				m.unload()
				s.machines.Put(m)
			}()
			m.load(f)
		}
		if result, _ := m.test(&r.when); result == Matched {
			return true
		}
	}
	return false
}

var tooMany = fmt.Sprintf("more than %d actions in one evaluation", MaxActions)

// waits returns the reason why a rule that runs after a time is not evaluated now, "" if it is.
func (r *compiled) waits(f *Facts) string {
	if r.after == 0 {
		return ""
	}
	if f.Rule != "" && f.Rule != r.name {
		return "another rule's time has come"
	}
	switch since := f.Ticket.since(r.since); {
	case since.IsZero():
		return fmt.Sprintf("nothing to count from: %s", r.since)
	case f.Now.Sub(since) < r.after:
		return "its time has not come"
	}
	return ""
}

// test computes a condition.
func (m *machine) test(c *condition) (Result, string) {
	if c.program == nil {
		return Matched, ""
	}
	got, err := m.vm.Run(c.program, &m.scope)
	if err != nil {
		return Failed, reason(err)
	}
	matched, ok := got.(bool)
	switch {
	case !ok:
		return Failed, "the condition gave neither true nor false"
	case matched:
		return Matched, ""
	}
	return NotMatched, ""
}

// reason translates an error of a condition at run time into fixed words. The error itself may
// quote a mail, so it must not reach the trace.
func reason(err error) string {
	text := err.Error()
	switch {
	case strings.HasPrefix(text, "memory budget exceeded"):
		return "it needs too much memory"
	case strings.HasPrefix(text, "index out of range"):
		return "a list has no entry of that number"
	case strings.HasPrefix(text, "invalid operation: int("), strings.HasPrefix(text, "invalid operation: float("):
		return "a text is no number"
	case strings.HasPrefix(text, "cannot fetch"), strings.HasPrefix(text, "cannot get"):
		return "there is nothing to look into"
	case strings.HasPrefix(text, "runtime error: integer divide by zero"):
		return "division by zero"
	}
	return "the condition could not be computed"
}

// Explain returns a trace of this Set in words, followed by the rules on other events, for an admin
// who wonders why a rule did not act.
func (s *Set) Explain(t Trace) string {
	var others []Step
	for _, r := range s.rules {
		if !slices.Contains(r.on, t.Event) {
			why := fmt.Sprintf("on %s, this is %s", strings.Join(r.on, ", "), t.Event)
			others = append(others, Step{Rule: r.name, Place: r.place, Result: Skipped, Why: why})
		}
	}
	return t.inWords(others)
}
