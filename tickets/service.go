package tickets

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"tierdesk/tickets/sla"
)

// Service is the service promised in service.yaml. It must not be changed once it is made.
type Service struct {
	Tiers       []Tier         // by level
	Priorities  []Priority     // most urgent first
	Levels      []ServiceLevel // promises for some tickets, in place of those of the priorities; the first match applies
	Default     Defaults
	Calendars   map[string]*sla.Calendar
	Escalations []Escalation
	// PauseIn are the statuses that pause the resolution clock.
	PauseIn      []Status
	AfterAnswer  Status        // of a ticket after an answer, unless the answer sets another
	ProgressMax  int           // the maximum number of progress mails to a customer between two answers of a person
	CloseAfter   time.Duration // solved to closed; 0 never
	ReopenWithin time.Duration // counted from solved
	Spike        Spike
	Ideas        []string // addresses that get the customers' ideas every month
	Recurring    []Recurring
}

// Spike is the number of similar tickets in a short time from which a problem is proposed; the zero
// value: never.
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

// Defaults are the initial values of a new ticket.
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
	// Handover lists what an agent must provide to move a ticket up to this tier: HandoverReason,
	// and names of fields.
	Handover []string
}

// HandoverReason is the reason why a ticket moves up, in an agent's words.
const HandoverReason = "reason"

// Lacks returns the parts of the handover that are missing for a ticket that is to move up to the
// tier.
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

// ServiceLevel is a policy of service.yaml: the promises for some tickets.
type ServiceLevel struct {
	Name string
	For  Match
	// Promises are by priority. For a priority that is missing, the desk's promise applies.
	Promises map[string]sla.Promise
}

// Match selects the tickets of a policy: those that match each non-empty list by at least one of
// its words.
type Match struct {
	Organisations []string // names
	Plans         []string // of organisations
	Customers     []string // addresses and domains, folded
	Teams         []string
	Tiers         []int
	Tags          []string
	Inboxes       []string
}

// OfCustomer reports whether the match depends on who asked.
func (m *Match) OfCustomer() bool {
	return len(m.Organisations)+len(m.Plans)+len(m.Customers) > 0
}

// Asker is who asked, with what policies need to know.
type Asker struct {
	Address      string // folded, "" for a machine
	Organisation *Organisation
}

// fits reports whether a ticket matches.
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

// isOf reports whether an address equals the one named, or belongs to the domain named or a
// subdomain of it.
func isOf(address, named string) bool {
	if strings.Contains(named, "@") || address == "" {
		return address != "" && address == named
	}
	_, domain, _ := strings.Cut(address, "@")
	return domain == named || strings.HasSuffix(domain, "."+named)
}

// LevelOf returns the name of the first policy that matches a ticket; "" for none: then only its
// priority counts.
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

// Promised returns the promise for a priority under a policy, and the calendar it goes by (nil:
// around the clock).
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

// Escalation is a line of the escalation policy: a condition and its consequences.
type Escalation struct {
	When Condition
	// Notify lists words: assignee, team, lead, manager, on-call, next (the next tier's team),
	// admin, or the name of an agent or team.
	Notify   []string
	TierUp   bool
	Priority string // to raise it to, "" for none
	AtTier   *int   // only there; nil for any
	// Repeat are the intervals after which those named are told again, one after the other.
	Repeat  []time.Duration
	AtNight bool // also while the ticket's calendar is closed
}

// Condition is the condition of an escalation. Exactly one of Target and NoAgentReply is set.
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

// Above returns the next inside tier up, nil if the level is the highest.
func (s *Service) Above(level int) *Tier {
	for i := range s.Tiers {
		if s.Tiers[i].Level > level && !s.Tiers[i].Outside {
			return &s.Tiers[i]
		}
	}
	return nil
}

// Below returns the next tier down that people work at, nil if there is none.
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
