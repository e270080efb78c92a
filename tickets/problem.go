package tickets

// ProblemState is how far a problem is. Any may follow any: a cause that was found may be the wrong
// one.
type ProblemState string

// States of problems.
const (
	Investigating ProblemState = "investigating"
	KnownError    ProblemState = "known-error" // the cause is known, and what customers can do meanwhile
	FixPlanned    ProblemState = "fix-planned"
	Fixed         ProblemState = "fixed"
	WontFix       ProblemState = "wont-fix"
)

// ProblemStates in their order of life.
func ProblemStates() []ProblemState {
	return []ProblemState{Investigating, KnownError, FixPlanned, Fixed, WontFix}
}

// Done reports whether nothing more will be done about a problem: what is published then is the
// last word on its tickets.
func (s ProblemState) Done() bool { return s == Fixed || s == WontFix }

// Problem is one root cause with many tickets.
type Problem struct {
	ID         int64
	Title      string
	State      ProblemState
	Workaround string // what customers can do meanwhile; "" if nobody knows
	Owner      string // agent's name
}
