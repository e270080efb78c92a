package tickets

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"tierdesk/tickets/sla"
)

// Service is what is promised: service.yaml. It is read-only once it is made.
type Service struct {
	Tiers       []Tier         // by level
	Priorities  []Priority     // most urgent first
	Levels      []ServiceLevel // promises for some tickets, in place of those of the priorities; the first that fits holds
	Default     Defaults
	Calendars   map[string]*sla.Calendar
	Escalations []Escalation
	// PauseIn are the statuses in which the resolution clock stands still.
	PauseIn      []Status
	AfterAnswer  Status        // that an answer leaves a ticket in, unless it says another
	ProgressMax  int           // how often a customer is told of progress without an answer of a person in between
	CloseAfter   time.Duration // solved to closed; 0 never
	ReopenWithin time.Duration // counted from solved
	Spike        Spike
	Ideas        []string // addresses that get the customers' ideas every month
	Recurring    []Recurring
}

// Spike is how many like tickets in a short time are proposed as a problem; the zero value: none.
type Spike struct {
	Tickets int
	Within  time.Duration
}

// Recurring is a ticket that the desk opens at set times.
type Recurring struct {
	Name     string
	Schedule sla.Schedule
	Inbox    string
	Team     string // "" is that of the tier at which tickets begin
	Subject  string
	Text     string
}

// RecurringBy finds a recurring ticket by its name, nil if there is none.
func (s *Service) RecurringBy(name string) *Recurring {
	for i := range s.Recurring {
		if s.Recurring[i].Name == name {
			return &s.Recurring[i]
		}
	}
	return nil
}

// Defaults are what a new ticket begins with.
type Defaults struct {
	Priority string
	Tier     int
}

// Tier is a step of the ladder.
type Tier struct {
	Level   int
	Name    string
	Team    string
	Outside bool // vendors: reached only by name, never by time
	// Handover is what an agent has to give who moves a ticket up to it: HandoverReason, and names
	// of fields.
	Handover []string
}

// HandoverReason is why a ticket moves up, in an agent's words.
const HandoverReason = "reason"

// Lacks returns what of a tier's handover a ticket that moves up to it does not have.
func (t *Tier) Lacks(reason string, fields map[string]string) []string {
	var out []string
	for _, word := range t.Handover {
		given := fields[word]
		if word == HandoverReason {
			given = reason
		}
		if !strings.ContainsFunc(given, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
			out = append(out, word)
		}
	}
	return out
}

// Priority and what it promises.
type Priority struct {
	Name string
	sla.Promise
}

// ServiceLevel is a policy of service.yaml: what is promised for some tickets.
type ServiceLevel struct {
	Name string
	For  Match
	// Promises are by priority. One that is not among them is as the desk promises it.
	Promises map[string]sla.Promise
}

// Match says which tickets a policy is for: those that fit each of its lists that is not empty, by
// one of its words.
type Match struct {
	Organisations []string // names
	Plans         []string // of organisations
	Customers     []string // addresses and domains, folded
	Teams         []string
	Tiers         []int
	Tags          []string
	Inboxes       []string
}

// OfCustomer reports whether it depends on who asked.
func (m *Match) OfCustomer() bool {
	return len(m.Organisations)+len(m.Plans)+len(m.Customers) > 0
}

// Asker is who asked, as far as policies look at it.
type Asker struct {
	Address      string // folded, "" for a machine
	Organisation *Organisation
}

// fits reports whether a ticket is one of those that a policy is for.
func (m *Match) fits(t *Ticket, team string, asker Asker) bool {
	org := Organisation{}
	if asker.Organisation != nil {
		org = *asker.Organisation
	}
	one := func(list []string, word string) bool { return len(list) == 0 || slices.Contains(list, word) }
	return one(m.Organisations, org.Name) && one(m.Plans, org.Plan) && one(m.Teams, team) && one(m.Inboxes, t.Inbox) &&
		(len(m.Tiers) == 0 || slices.Contains(m.Tiers, t.Tier)) &&
		(len(m.Tags) == 0 || slices.ContainsFunc(m.Tags, t.HasTag)) &&
		(len(m.Customers) == 0 || slices.ContainsFunc(m.Customers, func(c string) bool { return isOf(asker.Address, c) }))
}

// isOf reports whether an address is the one named, or of the domain named or one below it.
func isOf(address, named string) bool {
	if strings.Contains(named, "@") || address == "" {
		return address != "" && address == named
	}
	_, domain, _ := strings.Cut(address, "@")
	return domain == named || strings.HasSuffix(domain, "."+named)
}

// LevelOf returns the name of the first policy that is for a ticket; "" for none: then its priority
// alone promises.
func (s *Service) LevelOf(t *Ticket, asker Asker) string {
	team := t.Team
	if tier := s.Tier(t.Tier); team == "" && tier != nil {
		team = tier.Team
	}
	for i := range s.Levels {
		if s.Levels[i].For.fits(t, team, asker) {
			return s.Levels[i].Name
		}
	}
	return ""
}

// Promised returns what a priority promises under a policy, and by which calendar (nil: the clock
// round).
func (s *Service) Promised(level, priority string) (sla.Promise, *sla.Calendar) {
	for i := range s.Levels {
		if p, given := s.Levels[i].Promises[priority]; given && s.Levels[i].Name == level {
			return p, s.Calendars[p.Calendar]
		}
	}
	if p := s.Priority(priority); p != nil {
		return p.Promise, s.Calendars[p.Calendar]
	}
	return sla.Promise{}, nil
}

// Escalation is a line of the escalation policy: when, and what then.
type Escalation struct {
	When Condition
	// Notify are words: assignee, team, lead, manager, on-call, next (the next tier's team), admin,
	// or the name of an agent or team.
	Notify   []string
	TierUp   bool
	Priority string // raised to, "" for not
	AtTier   *int   // only there; nil for any
	// Repeat are the times after which those named are told again, one after the other.
	Repeat  []time.Duration
	AtNight bool // also while the ticket's calendar is closed
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
