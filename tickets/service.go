package tickets

import (
	"time"

	"tierdesk/tickets/sla"
)

// Service is what is promised: service.yaml. It is read-only once it is made.
type Service struct {
	Tiers       []Tier     // by level
	Priorities  []Priority // most urgent first
	Default     Defaults
	Calendars   map[string]*sla.Calendar
	Escalations []Escalation
	// PauseIn are the statuses in which the resolution clock stands still.
	PauseIn      []Status
	AfterAnswer  Status        // that an answer leaves a ticket in, unless it says another
	CloseAfter   time.Duration // solved to closed; 0 never
	ReopenWithin time.Duration // counted from solved
}

// Defaults are what a new ticket begins with.
type Defaults struct {
	Priority string
	Tier     int
}

// Tier is a step of the ladder.
type Tier struct {
	Level       int
	Name        string
	Team        string
	Outside     bool // vendors: reached only by name, never by time
	SolveTarget int  // percent that is to be solved here; 0 for none
}

// Priority and what it promises.
type Priority struct {
	Name string
	sla.Promise
}

// Escalation is a line of the escalation policy: when, and what then.
type Escalation struct {
	When Condition
	// Notify are words: assignee, team, lead, next (the next tier's team), admin, or the name of an
	// agent or team.
	Notify   []string
	TierUp   bool
	Priority string // raised to, "" for not
	AtTier   *int   // only there; nil for any
}

// Condition of an escalation. Exactly one of Target and NoAgentReply is set.
type Condition struct {
	Target       sla.Target
	Percent      int // of the target's time: 80; 100 is missed
	NoAgentReply time.Duration
}

// Tier finds a step of the ladder, nil if there is none.
func (s *Service) Tier(level int) *Tier {
	for i := range s.Tiers {
		if s.Tiers[i].Level == level {
			return &s.Tiers[i]
		}
	}
	return nil
}

// Above is the next step up that is inside, nil if the level is the highest.
func (s *Service) Above(level int) *Tier {
	for i := range s.Tiers {
		if s.Tiers[i].Level > level && !s.Tiers[i].Outside {
			return &s.Tiers[i]
		}
	}
	return nil
}

// Below is the next step down that people work at, nil if there is none.
func (s *Service) Below(level int) *Tier {
	for i := len(s.Tiers) - 1; i >= 0; i-- {
		if s.Tiers[i].Level < level && s.Tiers[i].Team != "" {
			return &s.Tiers[i]
		}
	}
	return nil
}

// Priority finds a priority, nil if there is none.
func (s *Service) Priority(name string) *Priority {
	for i := range s.Priorities {
		if s.Priorities[i].Name == name {
			return &s.Priorities[i]
		}
	}
	return nil
}
