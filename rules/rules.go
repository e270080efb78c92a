// Package rules compiles and evaluates the admins' routing rules (rules/*.yaml in the desk folder):
// conditions in the expr language, and the actions that follow. It owns what a rule may say, what
// it may look at, what it may cost, and the trace that explains every evaluation.
//
// It is pure: the instant is one of the facts, nothing is read or written, and the same facts
// always give the same outcome. It must never know YAML, a database, tickets' storage or the clock:
// cmd/internal/config decodes the files into the values here, tickets/desk makes the facts and
// carries the actions out.
package rules

import (
	"time"

	"tierdesk/rules/fault"
)

// File is one rules file as it was decoded.
type File struct {
	Name  string // relative to the desk folder
	Rules []Rule
	Tests []Test
}

// Rule is one entry of "rules:", in the order of the files.
type Rule struct {
	Place fault.Place // of the rule's first key
	Name  string      // unique among all files
	// On are the events at which the rule is looked at; none means opened and replied. Elapsed
	// stands alone.
	On      []string
	OnPlace []fault.Place // one for each of On; may be shorter
	// After and Since belong to Elapsed: the rule runs that long after the last such thing happened
	// to the ticket.
	After      time.Duration
	Since      Since
	AfterPlace fault.Place
	// When is the condition in the expr language; "" is always true.
	When string
	// WhenPlace is where the first character of the expression stands; the further lines of a block
	// scalar start in the same column.
	WhenPlace fault.Place
	Do        []Action
	Then      string // "" or "stop": no later rule is looked at
	ThenPlace fault.Place
}

// Since names what a rule on time passed counts from.
type Since string

// What a rule on time passed may count from.
const (
	SinceOpened   Since = "opened"   // the ticket was opened
	SinceCustomer Since = "customer" // the requester's or a participant's last message
	SinceAgent    Since = "agent"    // the last answer of an agent
	SinceUpdated  Since = "updated"  // the last change of any kind
	SinceWaiting  Since = "waiting"  // the ticket began to wait for the customer, and still does
)

// Sinces returns all that a rule on time passed may count from.
func Sinces() []Since {
	return []Since{SinceOpened, SinceCustomer, SinceAgent, SinceUpdated, SinceWaiting}
}

// The events at which rules run.
const (
	Opened        = "opened"         // a mail opened a ticket
	Replied       = "replied"        // a requester or participant wrote to a ticket
	AgentReplied  = "agent-replied"  // an agent answered
	Noted         = "noted"          // a note was added
	StatusChanged = "status-changed" // the status is another one
	Solved        = "solved"
	Closed        = "closed"
	Reopened      = "reopened"
	Escalated     = "escalated"   // the ticket moved up a tier
	SLAWarned     = "sla-warned"  // an SLA target is near
	SLAMissed     = "sla-missed"  // an SLA target is missed
	Bounced       = "bounced"     // a mail of ours came back
	FormFilled    = "form-filled" // a form is complete
	Approved      = "approved"    // who was asked for it approved
	Declined      = "declined"    // or did not
	Elapsed       = "elapsed"     // time has passed: needs Rule.After
)

// Events returns the names of all events, in the order of a ticket's life.
func Events() []string {
	return []string{Opened, Replied, AgentReplied, Noted, StatusChanged, Solved, Closed, Reopened, Escalated, SLAWarned,
		SLAMissed, Bounced, FormFilled, Approved, Declined, Elapsed}
}

// withMail are the events that a mail causes; only there is a mail to forward.
var withMail = []string{Opened, Replied, AgentReplied, Noted, Reopened, Bounced, FormFilled, Approved, Declined}

// WithoutMail reports whether an event is never caused by a mail: time has passed.
func WithoutMail(event string) bool {
	switch event {
	case SLAWarned, SLAMissed, Elapsed:
		return true
	}
	return false
}

// Internal reports whether what is written at an event is for colleagues.
func Internal(event string) bool {
	switch event {
	case Noted, Approved, Declined:
		return true
	}
	return false
}

// WithMood reports whether the mood of a mail is known at an event: a customer has written.
func WithMood(event string) bool {
	switch event {
	case Opened, Replied, Reopened, FormFilled:
		return true
	}
	return false
}

// withOutsideMail are the events that a mail from outside causes; only there it can be kept from
// becoming a message.
var withOutsideMail = []string{Opened, Replied}

// ActionKind is what an action does.
type ActionKind string

// What a rule may do.
const (
	KindSet        ActionKind = "set"        // change the ticket: Action.Set
	KindReply      ActionKind = "reply"      // send Action.Template to the requester
	KindNotify     ActionKind = "notify"     // send notices to Action.Notify
	KindForward    ActionKind = "forward"    // send the mail on to Action.Forward
	KindQuarantine ActionKind = "quarantine" // keep the mail from the desk until a person looks: Action.Reason
	KindDrop       ActionKind = "drop"       // file the mail away, kept and listed: Action.Reason
	KindStop       ActionKind = "stop"       // look at no later rule
	KindProblem    ActionKind = "problem"    // link the ticket to the problem of the key Action.Value; a capability's
	KindMergeKey   ActionKind = "merge_key"  // Action.Value says where the key of monitoring stands; a capability's
	KindVendor     ActionKind = "vendor"     // hand over to the vendor Action.Value; a capability's, see Names.Carried
	KindAsk        ActionKind = "ask"        // ask the requester the questions of the form Action.Value; a capability's
)

// Action is one entry of "do:". Kind tells which of the other fields count.
type Action struct {
	Place fault.Place
	// Places are those of single values, by key ("priority", "team", "tags", ...); Place stands in
	// for what is missing.
	Places map[string]fault.Place

	Kind     ActionKind
	Set      Changes
	Template string
	// Notify are names of agents and teams, or one of assignee, team, lead, manager, on-call,
	// admin.
	Notify  []string
	Forward string // an address
	Notes   bool   // of forward: also to an address outside, what was written for colleagues
	Reason  string // of quarantine and drop
	Value   string // of what a capability carries out
}

// at returns the place of one value of the action.
func (a *Action) at(key string) fault.Place {
	if p, ok := a.Places[key]; ok {
		return p
	}
	return a.Place
}

// None is what an admin writes to take a team or an assignee away.
const None = "none"

// Changes are what "set:" changes in a ticket. Empty strings and nil leave things as they are.
type Changes struct {
	Priority string
	Team     string // None: no team
	Assignee string // None: nobody
	Status   string
	Tier     *int
	Tags     []TagChange
}

// TagChange adds or removes one tag.
type TagChange struct {
	Name string
	Add  bool
}

// Apply makes the changes in the ticket as the rules see it. It never writes into the tags that t
// had before.
func (c Changes) Apply(t *Ticket) {
	if c.Priority != "" {
		t.Priority = c.Priority
	}
	if c.Team != "" {
		t.Team = noneIsEmpty(c.Team)
	}
	if c.Assignee != "" {
		t.Assignee = noneIsEmpty(c.Assignee)
	}
	if c.Status != "" {
		t.Status = c.Status
	}
	if c.Tier != nil {
		t.Tier = *c.Tier
	}
	if len(c.Tags) == 0 {
		return
	}
	tags := make([]string, 0, len(t.Tags)+len(c.Tags))
	tags = append(tags, t.Tags...)
	for _, change := range c.Tags {
		kept := tags[:0]
		for _, tag := range tags {
			if tag != change.Name {
				kept = append(kept, tag)
			}
		}
		if tags = kept; change.Add {
			tags = append(tags, change.Name)
		}
	}
	t.Tags = tags
}

func noneIsEmpty(name string) string {
	if name == None {
		return ""
	}
	return name
}

// Test is one entry of "tests:": a mail, and what must follow. Package ruletest runs it.
type Test struct {
	Place fault.Place
	Name  string
	// Event is the event that is tested: "" is opened.
	Event      string
	EventPlace fault.Place
	Mail       TestMail
	Ticket     *TestTicket // what the ticket was before; nil for a ticket as the desk opens it
	Expect     Expectation
}

// TestMail is the mail of a test, in an admin's words.
type TestMail struct {
	From, To, Subject, Text, HTML string
	Headers                       map[string]string
	Attachments                   []string // file names
	// At is when it came: "2026-11-21 09:30" in the desk's time zone, or RFC 3339. "" leaves it to
	// the caller.
	At      string
	AtPlace fault.Place
}

// TestTicket overrides what the ticket of a test is like before the event. Nil fields keep the
// desk's defaults.
type TestTicket struct {
	Place                            fault.Place
	Places                           map[string]fault.Place // by key
	Priority, Status, Team, Assignee *string
	Tier                             *int
	Tags                             []string
	Messages                         *int
	// How long ago, counted back from the mail's time; 0 for not at all (Opened: just now).
	Opened, Customer, Agent, Updated time.Duration
}

// Expectation is what a test wants to find. Nil fields and nil lists are not looked at; an empty
// list that is not nil wants nothing to be there. The order in lists does not matter.
type Expectation struct {
	Place                            fault.Place
	Places                           map[string]fault.Place // by key: "priority", "mails", ...
	Priority, Status, Team, Assignee *string                // Team and Assignee: "" or None for nobody
	Tier                             *int
	Tags                             []string // all tags of the ticket
	Mails                            []string // names of all templates that are sent
	Rules                            []string // names of all rules that matched
	Quarantined, Dropped             *bool
}

func (e *Expectation) empty() bool {
	return e.Priority == nil && e.Status == nil && e.Team == nil && e.Assignee == nil && e.Tier == nil && e.Tags == nil &&
		e.Mails == nil && e.Rules == nil && e.Quarantined == nil && e.Dropped == nil
}

// at returns the place of one expectation.
func (e *Expectation) at(key string) fault.Place { return placeOf(e.Places, key, e.Place) }

func placeOf(places map[string]fault.Place, key string, otherwise fault.Place) fault.Place {
	if p, ok := places[key]; ok {
		return p
	}
	return otherwise
}

// Names are what rules may name. What is not listed cannot be named.
type Names struct {
	Priorities, Teams, Agents, Templates, Statuses []string
	Tiers                                          []int // the inside tiers: set may name these
	OutsideTiers                                   []int // tiers that only a vendor action leads to; conditions may name them
	Mails                                          []string
	// Mails are further names that a test may expect in "mails:", beside Templates.

	OnCall bool // somebody is, at times: notify may name on-call
	// Carried are the actions that capabilities of the desk carry out, beside those that this
	// package knows, each with what it may name.
	Carried map[ActionKind]Values
}

// Values are what an action of a capability may name.
type Values struct {
	What  string                   // they are: "vendor"
	Names []string                 // nil: any text
	Check func(value string) error // of any text, what is wrong with it; nil: nothing
}

// ParseAt reads the time of a test's mail, in the given zone where it names none itself.
func ParseAt(at string, zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, at); err == nil {
		return t, nil
	}
	return time.ParseInLocation("2006-01-02 15:04", at, zone)
}
