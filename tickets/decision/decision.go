// Package decision is the engine. A decision takes one or several tickets, lets events happen to
// them one after the other (tickets.Apply), shows each to the rules, does what the rules say, and
// ends by writing the tickets, their clocks and their mails. It owns that order and the clocks'
// promises. It must never know what a kind of mail or a command means, and never speak to a mail
// server: the transaction is the caller's, and has the instant.
//
//	Begin -> Open or New -> Handle, Notify, Reply ... -> Finish
package decision

import (
	"cmp"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/articles"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/ratelimit"
	"tierdesk/tickets/store"
)

// Context is what all decisions of one transaction share.
type Context struct {
	Tx       *sqldb.Tx
	Policy   *tickets.Policy
	Keys     *token.Keyring
	Desk     *tickets.Identity
	Limits   ratelimit.Limits
	Recent   *ratelimit.Recent
	OldAfter time.Duration // the age from which a mail is old: it causes no automatic mail
	Actions  Actions       // what capabilities do for rules
	// Similar returns solved tickets that speak of the same thing as a ticket. nil: there are none.
	Similar func(c Context, t *tickets.Ticket, messages []tickets.Message) ([]notice.Similar, error)
	Log     *slog.Logger
}

// Decision is the work on tickets for one reason, within one transaction.
type Decision struct {
	Context
	Cause string        // of its events: "inbound:12", "timer:ticket"
	At    time.Time     // when what is decided on happened: INTERNALDATE for a mail
	Mail  *arrival.Mail // that caused it; nil for timers and deliveries
	Old   bool          // about old mail: nothing automatic leaves
	Late  bool          // many promises are overdue at once: notices are summed up

	cases  []*Case
	result Result
}

// Case is one ticket in a decision.
type Case struct {
	*Decision
	Ticket  tickets.Ticket
	Opened  bool            // by this decision
	Current tickets.Message // the message that was added, the zero value for none

	history      []tickets.Event
	participants []tickets.Participant
	joined       []string // since this decision
	loaded       struct{ history, participants bool }

	depth   int             // of events that lead to events
	elapsed string          // the rule on time passed whose time has come
	carried []rules.Applied // actions of capabilities, by this decision
	verdict *Aside
	wanted  notice.Wanted
	waiting []rules.Applied // actions of capabilities, until the ticket is whole
	remarks []phrase.Text   // on what rules had done, for all who are told

	suggested, procedures []articles.Found
}

// Result is what a decision came to.
type Result struct {
	Arrival int64           // the mail that it is about, 0 for none
	Outcome tickets.Outcome // of that mail
	Cause   tickets.Cause
	Reasons []string
	Ticket  int64
	State   tickets.Ticket  // as it stands afterwards
	Events  []tickets.Event // that happened
	Mails   []mailout.Mail  // that were queued
	Steps   []string        // what was decided and why, in words
	Also    []Result        // on other mails, for example one that was held
}

// Aside is the error with which a decision on a mail ends that is to be no message: because a rule
// wants it so, or since something is wrong with it. What was begun is undone by the caller; the
// Result says what becomes of the mail instead.
type Aside struct{ Result }

func (a *Aside) Error() string { return "the mail is set aside" }

// SetAside makes an Aside that sends the mail to quarantine.
func SetAside(cause tickets.Cause, reasons ...string) *Aside {
	return &Aside{Result{Outcome: tickets.Quarantined, Cause: cause, Reasons: reasons}}
}

// Begin begins a decision.
func Begin(c Context, cause string, at time.Time) *Decision {
	return &Decision{Context: c, Cause: cause, At: at}
}

// OnMail begins a decision on a mail that came in.
func OnMail(c Context, m *arrival.Mail) *Decision {
	d := Begin(c, fmt.Sprintf("inbound:%d", m.ID), m.Received)
	d.Mail = m
	d.result.Arrival = m.ID
	return d
}

// IsOld reports whether the mail at hand is so old that nobody wants automatic mail about it.
func (d *Decision) IsOld() bool { return d.Mail != nil && d.Mail.IsOld(d.Tx.Now(), d.OldAfter) }

// Open loads and locks a ticket that the decision is about. Of several, open the one with the
// lowest number first, or two decisions could wait for each other.
func (d *Decision) Open(id int64) (*Case, error) {
	t, found, err := store.LockTicket(d.Tx, id)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("there is no ticket %d", id)
	}
	return d.add(&Case{Decision: d, Ticket: t}), nil
}

// New takes in a ticket that is about to be opened: its row is made by the event tickets.Opened.
// The requester takes part before the rules look, so that their facts are whole.
func (d *Decision) New(t tickets.Ticket, participants []tickets.Participant) *Case {
	c := &Case{Decision: d, Ticket: t, Opened: true, participants: participants}
	c.loaded.participants = true
	return d.add(c)
}

// NoTicket takes in a case that is about no ticket: only notices can be made in it.
func (d *Decision) NoTicket() *Case { return d.add(&Case{Decision: d}) }

func (d *Decision) add(c *Case) *Case {
	d.cases = append(d.cases, c)
	return c
}

// Explain says in words what is being decided.
func (d *Decision) Explain(format string, args ...any) {
	d.result.Steps = append(d.result.Steps, fmt.Sprintf(format, args...))
}

// Settle says what becomes of the mail that caused the decision.
func (d *Decision) Settle(outcome tickets.Outcome, cause tickets.Cause, reasons ...string) {
	d.result.Outcome, d.result.Cause, d.result.Reasons = outcome, cause, reasons
}

// Also adds the result of another decision that was made on the way.
func (d *Decision) Also(r Result) { d.result.Also = append(d.result.Also, r) }

// Aside returns the verdict that rules gave on the mail itself, as the error to end with; nil if
// they gave none or a person has settled it already.
func (c *Case) Aside() error {
	if c.verdict == nil || c.Mail == nil || c.Mail.Settled() {
		return nil
	}
	aside := *c.verdict
	aside.Steps, aside.Events = c.result.Steps, c.result.Events
	return &aside
}

// Notify wants one of our own to be told. Of several notices of one decision an agent gets the
// weightiest.
func (c *Case) Notify(n notice.Notice) { c.wanted.Notices = append(c.wanted.Notices, n) }

// NotifyAll wants each of the agents to be told the same.
func (c *Case) NotifyAll(agents []string, n notice.Notice) {
	for _, name := range agents {
		n.Agent = name
		c.Notify(n)
	}
}

// Reply wants those outside to be told.
func (c *Case) Reply(n notice.Notice) { c.wanted.Replies = append(c.wanted.Replies, n) }

// Suggest has the acknowledgement offer articles, and the agents' notices show internal ones.
func (c *Case) Suggest(public, internal []articles.Found) {
	c.suggested, c.procedures = public, internal
}

// Acknowledge wants the requester of a new ticket to be answered with a template; "" for no answer.
func (c *Case) Acknowledge(template string) { c.wanted.Acknowledge = template }

// History returns what has happened to the ticket, loading it when it is first needed.
func (c *Case) History() ([]tickets.Event, error) {
	if !c.loaded.history {
		events, err := store.Past(c.Tx, c.Ticket.ID)
		if err != nil {
			return nil, err
		}
		c.history, c.loaded.history = events, true
	}
	return c.history, nil
}

// Participants returns who takes part, loading them when they are first needed.
func (c *Case) Participants() ([]tickets.Participant, error) {
	if !c.loaded.participants {
		parts, err := store.Participants(c.Tx, c.Ticket.ID)
		if err != nil {
			return nil, err
		}
		c.participants, c.loaded.participants = parts, true
	}
	return c.participants, nil
}

// Requester returns the participant who asked; the zero value if a machine did.
func (c *Case) Requester() (tickets.Participant, error) {
	parts, err := c.Participants()
	if i := slices.IndexFunc(parts, func(p tickets.Participant) bool { return p.Role == tickets.Requester }); i >= 0 {
		return parts[i], err
	}
	return tickets.Participant{}, err
}

// TakesPart reports whether an address takes part.
func (c *Case) TakesPart(folded string) (bool, error) {
	parts, err := c.Participants()
	return slices.ContainsFunc(parts, func(p tickets.Participant) bool { return p.Address == folded }), err
}

// location is the desk's time zone.
func (c *Context) location() *time.Location {
	if c.Desk.Location == nil {
		return time.UTC
	}
	return c.Desk.Location
}

// TeamName returns a team's full name.
func (c *Case) TeamName(name string) string {
	if t := c.Policy.People.Team(name); t != nil {
		return cmp.Or(t.FullName, t.Name)
	}
	return name
}
