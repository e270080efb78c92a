// Package sla computes deadlines: which promises a ticket stands under, when each falls due, and how its clock stood still
// meanwhile. It is pure: it knows calendars and a ticket's history as instants, and must never know a database, the time
// that it is, or what happens when a promise is broken. Everything is computed from history alone: nothing is stored.
package sla

import "time"

// Target names a promise.
type Target string

// The targets.
const (
	FirstReply Target = "first_reply" // the first answer of an agent
	NextReply  Target = "next_reply"  // an answer to what the customer wrote since
	Resolution Target = "resolution"  // solved
)

// Promise is what a priority promises; a zero duration promises nothing.
type Promise struct {
	FirstReply, NextReply, Resolution time.Duration
	Calendar                          string // name; "" or "always" is the clock round
}

// Calendar is when the clocks of a promise run. The helper fills it in.
type Calendar struct{}
