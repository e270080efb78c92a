package tickets

// ProblemState is the stage of a problem. Any may follow any: a cause that was found may be wrong.
type ProblemState string

// States of problems.
const (
	Investigating ProblemState = "investigating"
	KnownError    ProblemState = "known-error" // the cause and a workaround are known
	FixPlanned    ProblemState = "fix-planned"
	Fixed         ProblemState = "fixed"
	WontFix       ProblemState = "wont-fix"
)

// ProblemStates returns the states in order of their life cycle.
func ProblemStates() []ProblemState {
	return []ProblemState{Investigating, KnownError, FixPlanned, Fixed, WontFix}
}

// Done reports whether nothing more will be done about a problem: whatever is published in that
// state is the final message to its tickets.
func (s ProblemState) Done() bool { return s == Fixed || s == WontFix }

// Problem is one root cause of many tickets.
type Problem struct {
	ID         int64
	Title      string
	State      ProblemState
	Workaround string // what customers can do meanwhile; "" if nobody knows
	Owner      string // agent's name
}
