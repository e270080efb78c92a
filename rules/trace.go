package rules

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Trace is the result of each rule in one evaluation. It is stored with the event as JSON. It
// contains names and places from the admins' files and fixed words, never anything from a mail or
// about a person.
type Trace struct {
	Event string `json:"event"`
	// Steps holds every rule on this event, in order. Rules on other events are not included;
	// Set.Explain adds them.
	Steps []Step `json:"rules,omitempty"`
	// StoppedBy is the rule after which no other was evaluated.
	StoppedBy string `json:"stopped_by,omitempty"`
	// Cut names the facts that were cut because they were too long.
	Cut []string `json:"cut,omitempty"`
}

// Step is the result of one rule.
type Step struct {
	Rule   string `json:"rule"`
	Place  string `json:"place"` // file:line:column
	Result Result `json:"result"`
	Why    string `json:"why,omitempty"` // of a skipped or failed rule
	// Do are the actions of a rule that matched. It is shared with the Set: do not change it.
	Do []ActionKind `json:"do,omitempty"`
}

// Result of one rule.
type Result string

// Results.
const (
	Matched    Result = "matched"
	NotMatched Result = "not matched"
	Skipped    Result = "skipped" // not evaluated: Why is the reason
	Failed     Result = "failed"  // the condition could not be computed: counts as not matched
)

// Matched returns the names of the rules that matched, in order.
func (t Trace) Matched() []string {
	var names []string
	for _, step := range t.Steps {
		if step.Result == Matched {
			names = append(names, step.Rule)
		}
	}
	return names
}

// String returns the trace in words for a person, one line for each rule.
func (t Trace) String() string { return t.inWords(nil) }

// inWords returns a line for each step and for each of the others.
func (t Trace) inWords(others []Step) string {
	var b strings.Builder
	steps := slices.Concat(t.Steps, others)
	width := 0
	for _, step := range steps {
		width = max(width, utf8.RuneCountInString(step.Rule))
	}
	if len(t.Steps) == 0 {
		fmt.Fprintf(&b, "no rule is on %q\n", t.Event)
	}
	for _, step := range steps {
		fmt.Fprintf(&b, "%-11s  %-*s  %s", step.Result, width, step.Rule, step.Place)
		switch {
		case step.Why != "":
			fmt.Fprintf(&b, "  (%s)", step.Why)
		case len(step.Do) > 0:
			words := make([]string, len(step.Do))
			for i, kind := range step.Do {
				words[i] = string(kind)
			}
			fmt.Fprintf(&b, "  -> %s", strings.Join(words, ", "))
		}
		b.WriteByte('\n')
	}
	if len(t.Cut) > 0 {
		fmt.Fprintf(&b, "cut to what rules look at: %s\n", strings.Join(t.Cut, ", "))
	}
	return b.String()
}
