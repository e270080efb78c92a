// Package rules compiles and evaluates the admins' routing rules (rules/*.yaml in the desk folder):
// conditions in the expr language, and the actions that follow. It owns what a rule may say, what
// it may look at, what it may cost, and the trace that explains every evaluation.
//
// It is pure: the instant is one of the facts, nothing is read or written, and the same facts
// always give the same outcome. It must never know YAML, a database, the storage of tickets or the
// clock: cmd/internal/config decodes the files into the values of this package, and tickets/desk
// makes the facts and carries out the actions.
package rules

import (
	"time"

	"tierdesk/rules/fault"
)

// File is one decoded rules file.
type File struct {
	Name  string // relative to the desk folder
	Rules []Rule
	Tests []Test
}

// Rule is one entry of "rules:", in the order of the files.
type Rule struct {
	Place fault.Place // of the rule's first key
	Name  string      // unique among all files
	// On are the events at which the rule is evaluated; none means opened and replied. Elapsed
	// cannot be combined with others.
	On      []string
	OnPlace []fault.Place // one for each of On; may be shorter
	// After and Since belong to Elapsed: the rule runs when After has passed since the event Since
	// last happened to the ticket.
	After      time.Duration
	Since      Since
	AfterPlace fault.Place
	// When is the condition in the expr language; "" is always true.
	When string
	// WhenPlace is the place of the first character of the expression. The other lines of a block
	// scalar start in the same column.
	WhenPlace fault.Place
	Do        []Action
	Then      string // "" or "stop": no later rule is evaluated
	ThenPlace fault.Place
}

// Since names the event from which a rule that runs after a time counts.
type Since string

// The values of Since.
const (
	SinceOpened   Since = "opened"   // the ticket was opened
	SinceCustomer Since = "customer" // the requester's or a participant's last message
	SinceAgent    Since = "agent"    // the last answer of an agent
	SinceUpdated  Since = "updated"  // the last change of any kind
	SinceWaiting  Since = "waiting"  // the ticket began to wait for the customer, and still does
)

// Sinces returns all values of Since.
func Sinces() []Since {
	return []Since{SinceOpened, SinceCustomer, SinceAgent, SinceUpdated, SinceWaiting}
}

// The events at which rules run.
const (
	Opened        = "opened"         // a mail opened a ticket
	Replied       = "replied"        // a requester or participant wrote to a ticket
	AgentReplied  = "agent-replied"  // an agent answered
	Noted         = "noted"          // a note was added
	StatusChanged = "status-changed" // the status has changed
	Solved        = "solved"
	Closed        = "closed"
	Reopened      = "reopened"
	Escalated     = "escalated"   // the ticket moved up a tier
	SLAWarned     = "sla-warned"  // an SLA target is near
	SLAMissed     = "sla-missed"  // an SLA target is missed
	Bounced       = "bounced"     // a mail of ours came back
	FormFilled    = "form-filled" // a form is complete
	Approved      = "approved"    // the approver has approved
	Declined      = "declined"    // the approver has declined
	Elapsed       = "elapsed"     // time has passed: needs Rule.After
)

// Events returns the names of all events, in the order of a ticket's life.
func Events() []string {
	return []string{Opened, Replied, AgentReplied, Noted, StatusChanged, Solved, Closed, Reopened, Escalated, SLAWarned,
		SLAMissed, Bounced, FormFilled, Approved, Declined, Elapsed}
}

// withMail are the events caused by a mail. Only at these is there a mail to forward.
var withMail = []string{Opened, Replied, AgentReplied, Noted, Reopened, Bounced, FormFilled, Approved, Declined}

// WithoutMail reports whether an event is never caused by a mail, but by time.
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

// WithMood reports whether the mood of a mail is known at an event, since a customer has written.
func WithMood(event string) bool {
	switch event {
	case Opened, Replied, Reopened, FormFilled:
		return true
	}
	return false
}

// withOutsideMail are the events caused by a mail from outside. Only at these can the mail be kept
// from becoming a message.
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
	KindStop       ActionKind = "stop"       // evaluate no later rule
	KindProblem    ActionKind = "problem"    // link the ticket to the problem with the key Action.Value; by a capability
	KindMergeKey   ActionKind = "merge_key"  // Action.Value says where the key of a monitoring report is; by a capability
	KindVendor     ActionKind = "vendor"     // hand over to the vendor Action.Value; by a capability, see Names.Carried
	KindAsk        ActionKind = "ask"        // ask the requester the questions of the form Action.Value; by a capability
)

// Action is one entry of "do:". Kind determines which of the other fields are used.
type Action struct {
	Place fault.Place
	// Places are the places of single values, by key ("priority", "team", "tags", ...). Place is
	// used for those that are missing.
	Places map[string]fault.Place

	Kind     ActionKind
	Set      Changes
	Template string
	// Notify are names of agents and teams, or one of assignee, team, lead, manager, on-call,
	// admin.
	Notify  []string
	Forward string // an address
	Notes   bool   // of forward: also send what was written for colleagues to an address outside
	Reason  string // of quarantine and drop
	Value   string // of actions that a capability carries out
}

// at returns the place of one value of the action.
func (a *Action) at(key string) fault.Place {
	if p, ok := a.Places[key]; ok {
		return p
	}
	return a.Place
}

// None is what an admin writes to remove a team or an assignee.
const None = "none"

// Changes are the changes of a "set:" to a ticket. Empty strings and nil change nothing.
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

// Apply makes the changes to the ticket as the rules see it. It never modifies the slice of tags
// that t had before.
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

// Test is one entry of "tests:": a mail and the expected outcome. Package ruletest runs it.
type Test struct {
	Place fault.Place
	Name  string
	// Event is the event that is tested: "" is opened.
	Event      string
	EventPlace fault.Place
	Mail       TestMail
	Ticket     *TestTicket // the ticket before the event; nil for a ticket as the desk opens it
	Expect     Expectation
}

// TestMail is the mail of a test, in an admin's words.
type TestMail struct {
	From, To, Subject, Text, HTML string
	Headers                       map[string]string
	Attachments                   []string // file names
	// At is the time of arrival: "2026-11-21 09:30" in the desk's time zone, or RFC 3339. "" leaves
	// it to the caller.
	At      string
	AtPlace fault.Place
}

// TestTicket overrides values of a test's ticket before the event. Nil fields keep the desk's
// defaults.
type TestTicket struct {
	Place                            fault.Place
	Places                           map[string]fault.Place // by key
	Priority, Status, Team, Assignee *string
	Tier                             *int
	Tags                             []string
	Messages                         *int
	// How long before the mail's time it happened; 0 for never (Opened: just now).
	Opened, Customer, Agent, Updated time.Duration
}

// Expectation is the expected outcome of a test. Nil fields and nil lists are not compared; an
// empty list that is not nil expects none. The order of lists does not matter.
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

// Names are the names that rules may use. Rules cannot refer to anything else.
type Names struct {
	Priorities, Teams, Agents, Templates, Statuses []string
	Tiers                                          []int // the inside tiers, which set may name
	OutsideTiers                                   []int // tiers that only a vendor action reaches, which conditions may name
	Mails                                          []string
	// Mails are names that a test may expect in "mails:" in addition to Templates.

	OnCall bool // the desk has an on-call rota: notify may name on-call
	// Carried are the actions that capabilities of the desk carry out, in addition to those of this
	// package, each with the values that it may name.
	Carried map[ActionKind]Values
}

// Values are the values that an action of a capability may name.
type Values struct {
	What  string                   // they are: "vendor"
	Names []string                 // nil: any text
	Check func(value string) error // returns what is wrong with a text; nil if any text is valid
}

// ParseAt reads the time of a test's mail, in the given zone unless it names one itself.
func ParseAt(at string, zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, at); err == nil {
		return t, nil
	}
	return time.ParseInLocation("2006-01-02 15:04", at, zone)
}
