// Package reading owns the three things that a stretch of text can say to a question: a value,
// something that is none, nothing. It must never know what is read.
package reading

// State is what a stretch of text says to a question.
type State int

// The states, from nothing to a value.
const (
	Silent  State = iota // nothing: empty, "I don't know"
	Unclear              // something, but not what the question wants
	Clear
)
