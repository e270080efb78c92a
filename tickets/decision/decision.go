// Package decision is the engine. A decision loads one or several tickets, applies events to them
// one after the other (tickets.Apply), shows each event to the rules, carries out what the rules
// say, and finally writes the tickets, their clocks and their mails. It owns that order and the
// promises of the clocks. It must never know what a kind of mail or a command means, and never talk
// to a mail server. The caller provides the transaction, whose instant is the time of the decision.
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

// Context is shared by all decisions of one transaction.
type Context struct {
	Tx       *sqldb.Tx
	Policy   *tickets.Policy
	Keys     *token.Keyring
	Desk     *tickets.Identity
	Limits   ratelimit.Limits
	Recent   *ratelimit.Recent
	OldAfter time.Duration // the age from which a mail is old: it causes no automatic mail
	Actions  Actions       // what capabilities do for rules
	// Similar returns solved tickets about the same subject as a ticket; nil: there are none.
	Similar func(c Context, t *tickets.Ticket, messages []tickets.Message) ([]notice.Similar, error)
	Log     *slog.Logger
}

// Decision is the work on tickets for one cause, within one transaction.
type Decision struct {
	Context
	Cause string        // of its events: "inbound:12", "timer:ticket"
	At    time.Time     // when the cause happened: INTERNALDATE for a mail
	Mail  *arrival.Mail // the cause; nil for timers and deliveries
	Old   bool          // about old mail: no automatic mail is sent
	Late  bool          // many promises are overdue at the same time: notices are summarised

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
	joined       []string // joined in this decision
	loaded       struct{ history, participants bool }

	depth   int             // of the chain of events caused by events
	elapsed string          // the rule on elapsed time that is due
	carried []rules.Applied // actions of capabilities, by this decision
	verdict *Aside
	wanted  notice.Wanted
	waiting []rules.Applied // actions of capabilities, to be run when the ticket is complete
	remarks []phrase.Text   // about actions of rules, for all who are told

	suggested, procedures []articles.Found
}

// Result is the result of a decision.
type Result struct {
	Arrival int64           // the mail it is about, 0 for none
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

// Aside is the error that ends a decision on a mail that does not become a message, because of a
// rule or a problem with the mail. The caller undoes what was begun; the Result says what happens
// to the mail instead.
type Aside struct{ Result }

func (a *Aside) Error() string { return "the mail is set aside" }

// SetAside returns an Aside that sends the mail to quarantine.
func SetAside(cause tickets.Cause, reasons ...string) *Aside {
	return &Aside{Result{Outcome: tickets.Quarantined, Cause: cause, Reasons: reasons}}
}

// Begin begins a decision.
func Begin(c Context, cause string, at time.Time) *Decision {
	return &Decision{Context: c, Cause: cause, At: at}
}

// OnMail begins a decision on an incoming mail.
func OnMail(c Context, m *arrival.Mail) *Decision {
	d := Begin(c, fmt.Sprintf("inbound:%d", m.ID), m.Received)
	d.Mail = m
	d.result.Arrival = m.ID
	return d
}

// IsOld reports whether the decision's mail is too old to cause automatic mail.
func (d *Decision) IsOld() bool { return d.Mail != nil && d.Mail.IsOld(d.Tx.Now(), d.OldAfter) }

// Open loads and locks a ticket for the decision. A ticket that is open already is the same case:
// two would not see what the other changes. To avoid deadlocks, open several tickets in ascending
// order of their numbers.
func (d *Decision) Open(id int64) (*Case, error) {
	for _, c := range d.cases {
		if id != 0 && c.Ticket.ID == id {
			return c, nil
		}
	}
	t, found, err := store.LockTicket(d.Tx, id)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("there is no ticket %d", id)
	}
	return d.add(&Case{Decision: d, Ticket: t}), nil
}

// New adds a ticket that is about to be opened: the event tickets.Opened creates its row. Its
// participants are known before the rules run, so that their facts are complete.
func (d *Decision) New(t tickets.Ticket, participants []tickets.Participant) *Case {
	c := &Case{Decision: d, Ticket: t, Opened: true, participants: participants}
	c.loaded.participants = true
	return d.add(c)
}

// NoTicket adds a case without a ticket: it can only make notices.
func (d *Decision) NoTicket() *Case { return d.add(&Case{Decision: d}) }

func (d *Decision) add(c *Case) *Case {
	d.cases = append(d.cases, c)
	return c
}

// Explain adds a step to the explanation of the decision.
func (d *Decision) Explain(format string, args ...any) {
	d.result.Steps = append(d.result.Steps, fmt.Sprintf(format, args...))
}

// Settle sets the outcome of the mail that caused the decision.
func (d *Decision) Settle(outcome tickets.Outcome, cause tickets.Cause, reasons ...string) {
	d.result.Outcome, d.result.Cause, d.result.Reasons = outcome, cause, reasons
}

// Also adds the result of another decision that was made in the course of this one.
func (d *Decision) Also(r Result) { d.result.Also = append(d.result.Also, r) }

// Aside returns the rules' verdict on the mail itself, as the error to return. It returns nil if
// there is none or a person has already settled the mail.
func (c *Case) Aside() error {
	if c.verdict == nil || c.Mail == nil || c.Mail.Settled() {
		return nil
	}
	aside := *c.verdict
	aside.Steps, aside.Events = c.result.Steps, c.result.Events
	return &aside
}

// Notify requests a notice to one of our own people. Of several notices of a decision an agent gets
// only the weightiest.
func (c *Case) Notify(n notice.Notice) { c.wanted.Notices = append(c.wanted.Notices, n) }

// NotifyAll requests the same notice for each of the agents.
func (c *Case) NotifyAll(agents []string, n notice.Notice) {
	for _, name := range agents {
		n.Agent = name
		c.Notify(n)
	}
}

// Reply requests a mail to people outside.
func (c *Case) Reply(n notice.Notice) { c.wanted.Replies = append(c.wanted.Replies, n) }

// Suggest offers articles: public ones in the acknowledgement, internal ones in the agents'
// notices.
func (c *Case) Suggest(public, internal []articles.Found) {
	c.suggested, c.procedures = public, internal
}

// Acknowledge answers the requester of a new ticket with a template; "" for no answer.
func (c *Case) Acknowledge(template string) { c.wanted.Acknowledge = template }

// History returns the events of the ticket, loading them when first needed.
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

// Participants returns the ticket's participants, loading them when first needed.
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

// Requester returns the participant who asked; the zero value if it was a machine.
func (c *Case) Requester() (tickets.Participant, error) {
	parts, err := c.Participants()
	if i := slices.IndexFunc(parts, func(p tickets.Participant) bool { return p.Role == tickets.Requester }); i >= 0 {
		return parts[i], err
	}
	return tickets.Participant{}, err
}

// TakesPart reports whether a folded address is a participant.
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
