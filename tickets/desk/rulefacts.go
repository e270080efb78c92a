package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/read"
	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/rules/ruletest"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// TestFacts makes the facts for an owner's test of a rule: of its mail, as if it opened a ticket now, with the desk's own customers, organisations
// and defaults. A test that names no time is at ten o'clock on a Monday, so that it tells the same on every day.
func (d *Desk) TestFacts(tx *sqldb.Tx, t rules.Test) (*rules.Facts, error) {
	at := time.Date(2026, 1, 5, 10, 0, 0, 0, d.set.Location)
	if t.Mail.At != "" {
		var err error
		if at, err = rules.ParseAt(t.Mail.At, d.set.Location); err != nil {
			return nil, err
		}
	}
	raw, err := ruletest.Mail(t.Mail, at)
	if err != nil {
		return nil, err
	}
	in := &arrived{Raw: mailin.Raw{Inbox: d.set.Inboxes[0].Name, Received: at, Bytes: raw, Size: int64(len(raw))}, m: read.Mail(raw, d.set.Reading)}
	return d.openingFacts(tx, d.current(), in, at)
}

// openingFacts are the facts of a mail as if it opened a ticket.
func (d *Desk) openingFacts(tx *sqldb.Tx, with *Decisions, in *arrived, at time.Time) (*rules.Facts, error) {
	w := d.decide(tx, with, "", at)
	w.in, w.fresh = in, true
	tier := with.Service.Default.Tier
	w.t = tickets.Ticket{Inbox: in.Inbox, Status: tickets.New, Priority: with.Service.Default.Priority, Tier: tier, Opened: at, Updated: at, CustomerWrote: at, Version: 1}
	w.t.Team = d.inbox(in.Inbox).Team
	if step := with.Service.Tier(tier); step != nil && w.t.Team == "" {
		w.t.Team = step.Team
	}
	w.parts, w.loaded.parts = nil, true
	if from := in.author(); from != "" {
		w.parts = []tickets.Participant{{Address: from, Role: tickets.Requester, Name: in.m.Author().Name, Shown: in.m.Author().Address}}
	}
	return w.ruleFacts(rules.Opened, tickets.Event{Kind: tickets.Opened, At: at})
}

// TestMails names the mails that the desk would send by itself after an outcome of the rules, each kind once: how many colleagues are in a
// team is no matter of a test of rules.
func (d *Desk) TestMails(f *rules.Facts, out rules.Outcome) []string {
	if _, yes := out.Quarantined(); yes {
		return nil
	}
	if _, yes := out.Dropped(); yes {
		return nil
	}
	w := &decision{Desk: d, with: d.current()}
	w.t = tickets.Ticket{Status: tickets.Status(f.Ticket.Status), Tier: f.Ticket.Tier, Team: f.Ticket.Team, Assignee: f.Ticket.Assignee}
	var names []templates.Name
	var notified []string
	answered := false
	for _, a := range out.Actions {
		switch a.Action.Kind {
		case rules.KindSet:
			before := w.t.Status
			w.imagine(a.Action.Set)
			if after := w.t.Status; after != before && after == tickets.Solved {
				names = append(names, templates.Solved)
			} else if after != before && after == tickets.Closed && !before.Done() {
				names = append(names, templates.Closing)
			}
		case rules.KindReply:
			answered = true
		case rules.KindNotify:
			notified = append(notified, a.Action.Notify...)
		case rules.KindForward:
			names = append(names, templates.Forwarded)
		}
	}
	var working []string
	switch f.Event {
	case rules.Opened:
		working = w.working()
		if !answered && f.Mail.Kind == string(mailin.KindPerson) && f.Mail.Verdict != string(mailin.VerdictFail) && f.Customer.Address != "" {
			names = append(names, templates.Acknowledgement)
		}
		if len(working) > 0 {
			names = append(names, templates.AgentNew)
		}
	case rules.Replied:
		if working = w.working(); len(working) > 0 {
			names = append(names, templates.AgentReply)
		}
	}
	others := slices.DeleteFunc(w.named(notified), func(name string) bool { return slices.Contains(working, name) })
	if len(others) > 0 || slices.Contains(notified, "admin") {
		names = append(names, templates.AgentNote) // who works on the ticket is told of it anyway
	}
	slices.Sort(names)
	var list []string
	for _, n := range slices.Compact(names) {
		list = append(list, string(n))
	}
	return list
}

// TestTicket gives the ticket as the desk would leave it after an outcome of the rules.
func (d *Desk) TestTicket(f *rules.Facts, out rules.Outcome) rules.Ticket {
	w := &decision{Desk: d, with: d.current()}
	w.t = tickets.Ticket{Status: tickets.Status(f.Ticket.Status), Tier: f.Ticket.Tier, Team: f.Ticket.Team, Assignee: f.Ticket.Assignee}
	t := f.Ticket
	for _, a := range out.Actions {
		if a.Action.Kind == rules.KindSet {
			w.imagine(a.Action.Set)
			a.Action.Set.Apply(&t)
		}
	}
	t.Status, t.Tier, t.Team, t.Assignee = string(w.t.Status), w.t.Tier, w.t.Team, w.t.Assignee
	return t
}

// imagine makes the changes of a rule in a ticket that is not there: as change does, without events.
func (w *decision) imagine(c rules.Changes) {
	if c.Tier != nil && *c.Tier != w.t.Tier {
		w.t.Tier, w.t.Team, w.t.Assignee = *c.Tier, "", ""
		if tier := w.with.Service.Tier(*c.Tier); tier != nil {
			w.t.Team = tier.Team
		}
	}
	seen := rules.Ticket{Team: w.t.Team, Assignee: w.t.Assignee, Status: string(w.t.Status)}
	c.Apply(&seen)
	if seen.Team != w.t.Team && c.Assignee == "" {
		seen.Assignee = ""
	}
	w.t.Team, w.t.Assignee, w.t.Status = seen.Team, seen.Assignee, tickets.Status(seen.Status)
}

// Replayed is what today's rules say to a mail that was taken before.
type Replayed struct {
	Event string   // at which rules looked at it
	Then  []string // rules that matched when it came
	rules.Outcome
}

// Replay lets today's rules look at a mail that was taken before, with its ticket as it was then; it changes nothing. false: no rule was ever
// asked about it, or it is no longer kept.
func (d *Desk) Replay(tx *sqldb.Tx, row tickets.Arrival) (Replayed, bool, error) {
	var r Replayed
	if row.Outcome != tickets.AsMessage && row.Outcome != tickets.DroppedRule && (row.Outcome != tickets.Quarantined || row.Cause != tickets.CauseRule) {
		return r, false, nil
	}
	raw, kept, err := store.Raw(tx, row.ID)
	if err != nil || !kept {
		return r, false, err
	}
	in := &arrived{Raw: mailin.Raw{Inbox: row.Inbox, Received: row.Received, Bytes: raw, Size: row.Size}, m: read.Mail(raw, d.set.Reading), id: row.ID}
	with := d.current()
	var facts *rules.Facts
	if row.Ticket == 0 {
		r.Event = rules.Opened
		facts, err = d.openingFacts(tx, with, in, row.Received)
	} else {
		facts, err = d.factsThen(tx, with, in, row.Ticket, &r)
	}
	if err != nil || facts == nil {
		return r, false, err
	}
	r.Outcome = with.Rules.Evaluate(facts)
	return r, true, nil
}

// factsThen are the facts of a mail at the event that it caused in its ticket; nil if rules did not look at any.
func (d *Desk) factsThen(tx *sqldb.Tx, with *Decisions, in *arrived, ticket int64, r *Replayed) (*rules.Facts, error) {
	history, err := store.Events(tx, ticket)
	if err != nil {
		return nil, err
	}
	w := d.decide(tx, with, fmt.Sprintf("inbound:%d", in.id), in.Received)
	w.in, w.loaded.history = in, true
	for i, e := range history {
		before := w.t
		if w.t, err = tickets.Apply(before, e); err != nil {
			return nil, fmt.Errorf("replaying ticket %d: %w", ticket, err)
		}
		w.t.ID = ticket
		names := ruleEvents(e, before, w.t)
		if e.Cause != w.cause || len(names) == 0 {
			continue
		}
		r.Event = names[0]
		if e.Trace != "" {
			var traces []rules.Trace
			if err := json.Unmarshal([]byte(e.Trace), &traces); err != nil {
				return nil, fmt.Errorf("reading the trace of event %d: %w", e.ID, err)
			}
			for _, t := range traces {
				if t.Event == r.Event {
					r.Then = append(r.Then, t.Matched()...)
				}
			}
		}
		w.history, w.fresh = history[:i], e.Kind == tickets.Opened
		return w.ruleFacts(r.Event, e)
	}
	return nil, nil
}
