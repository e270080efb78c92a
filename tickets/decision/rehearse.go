package decision

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tierdesk/mailin"
	"tierdesk/rules"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// OpeningFacts returns the facts that rules would see if a mail opened a ticket at that time.
func OpeningFacts(ctx Context, m *arrival.Mail, at time.Time) (*rules.Facts, error) {
	return opening(ctx, m, at).ruleFacts(rules.Opened, tickets.Event{Kind: tickets.Opened, At: at})
}

// MayDo reports whether a rule might carry out such an action if a mail opened a ticket at that
// time. False is certain. It is cheap.
func MayDo(ctx Context, kind rules.ActionKind, m *arrival.Mail, at time.Time) (bool, error) {
	if !ctx.Policy.Rules.Does(kind) {
		return false, nil
	}
	f, err := opening(ctx, m, at).moodlessFacts(rules.Opened, tickets.Event{Kind: tickets.Opened, At: at})
	return err == nil && ctx.Policy.Rules.May(kind, f), err
}

// opening returns the case that a mail would open.
func opening(ctx Context, m *arrival.Mail, at time.Time) *Case {
	c := &Case{Decision: Begin(ctx, "", at), Opened: true}
	c.Mail = m
	tier, inbox := ctx.Policy.Service.Default.Tier, ctx.Desk.Inbox(m.Inbox)
	c.Ticket = tickets.Ticket{Subject: PlainSubject(m.Message.Subject), Language: cmp.Or(m.Message.Language, inbox.Speaks(ctx.Desk)),
		Inbox: m.Inbox, Status: tickets.New, Priority: ctx.Policy.Service.Default.Priority, Tier: tier, Opened: at,
		Updated: at, CustomerWrote: at, Version: 1}
	c.Ticket.Team = FirstTeam(ctx.Policy, inbox, tier)
	c.loaded.participants = true
	if from := m.From(); from != "" {
		c.participants = []tickets.Participant{{Address: from, Role: tickets.Requester, Name: m.Message.Author().Name,
			Shown: m.Message.Author().Address}}
	}
	return c
}

// FirstTeam returns the team of a new ticket: the inbox's, else that of its tier.
func FirstTeam(p *tickets.Policy, inbox *tickets.Inbox, tier int) string {
	if inbox.Team != "" {
		return inbox.Team
	}
	if t := p.Service.Tier(tier); t != nil {
		return t.Team
	}
	return ""
}

// rehearsal is the result that an outcome of the rules would have, in a ticket that does not exist.
type rehearsal struct {
	ticket tickets.Ticket
	wanted notice.Wanted
	mails  []templates.Name // of capabilities
	// answered means that one of these mails replaces the acknowledgement.
	answered bool
}

// rehearse carries out the actions of an outcome in a ticket that does not exist.
func rehearse(p *tickets.Policy, desk *tickets.Identity, able Actions, f *rules.Facts, out rules.Outcome) (rehearsal, error) {
	r := rehearsal{ticket: tickets.Ticket{Status: tickets.Status(f.Ticket.Status), Priority: f.Ticket.Priority, Tier: f.Ticket.Tier,
		Team: f.Ticket.Team, Assignee: f.Ticket.Assignee,
		Tags: slices.Clone(f.Ticket.Tags), Version: 1}}
	for _, a := range out.Actions {
		var effect effect
		var err error
		if row, ok := able[a.Action.Kind]; ok {
			effect.change.Status, r.mails = string(row.Status), append(r.mails, row.Mail)
			r.answered = r.answered || row.Instead
		} else if effect, err = effectOf(p, desk, &r.ticket, a, f.Event == rules.Opened); err != nil {
			return r, err
		}
		effect.addTo(&r.wanted)
		events := changes(effect.change, &r.ticket, p.Service)
		if s := tickets.Status(effect.change.Status); s != "" && s != r.ticket.Status {
			events = append(events, tickets.Event{Kind: tickets.StatusChanged, Data: tickets.Data{Status: s}})
			if kind := statusMail(r.ticket.Status, s); kind != "" {
				r.wanted.Replies = append(r.wanted.Replies, notice.Notice{Kind: kind})
			}
		}
		for _, e := range events {
			if r.ticket, err = tickets.Apply(r.ticket, e); err != nil {
				return r, err
			}
		}
	}
	return r, nil
}

// TestTicket returns the ticket as an outcome of the rules would leave it, for an owner's test of
// them.
func TestTicket(p *tickets.Policy, desk *tickets.Identity, able Actions, f *rules.Facts, out rules.Outcome) (rules.Ticket, error) {
	r, err := rehearse(p, desk, able, f, out)
	t := f.Ticket
	t.Status, t.Priority, t.Tier, t.Team, t.Assignee, t.Tags = string(r.ticket.Status), r.ticket.Priority, r.ticket.Tier, r.ticket.Team,
		r.ticket.Assignee, r.ticket.Tags
	return t, err
}

// TestMails returns the kinds of mails that the desk would send by itself after an outcome of the
// rules, besides the rules' own replies. Each kind is listed once: the number of recipients in a
// team does not matter to a test of rules.
func TestMails(p *tickets.Policy, desk *tickets.Identity, able Actions, f *rules.Facts, out rules.Outcome) ([]string, error) {
	_, quarantined := out.Quarantined()
	_, dropped := out.Dropped()
	if quarantined || dropped {
		return nil, nil
	}
	r, err := rehearse(p, desk, able, f, out)
	if err != nil {
		return nil, err
	}
	c := &notice.Case{Desk: desk, Policy: p, Ticket: r.ticket}
	if f.Customer.Address != "" {
		c.Participants = []tickets.Participant{{Address: f.Customer.Address, Role: tickets.Requester}}
	}
	if rules.Internal(f.Event) {
		c.Current.Visibility = tickets.Internal
	}
	var first []notice.Notice
	working := view.Working(p, &r.ticket)
	switch f.Event {
	case rules.Opened:
		switch {
		case r.answered:
			r.wanted.Acknowledge = ""
		case r.wanted.Acknowledge == "":
			r.wanted.Acknowledge = string(templates.Acknowledgement)
		}
		for _, agent := range working {
			first = append(first, notice.Notice{Kind: templates.AgentNew, Agent: agent})
		}
	case rules.Replied:
		for _, agent := range working {
			first = append(first, notice.Notice{Kind: templates.AgentReply, Agent: agent})
		}
	}
	r.wanted.Notices = append(first, r.wanted.Notices...)
	if f.Mail.Kind != string(mailin.KindPerson) || f.Mail.Verdict == string(mailin.VerdictFail) || f.Customer.Address == "" {
		r.wanted.Quiet = "the mail is answered by nothing automatic"
	}
	plan, _ := notice.Plan(c, &r.wanted)
	replied := func(kind string) bool {
		return slices.ContainsFunc(out.Actions,
			func(a rules.Applied) bool { return a.Action.Kind == rules.KindReply && a.Action.Template == kind })
	}
	var kinds []string
	for _, kind := range r.mails {
		if kind != "" {
			kinds = append(kinds, string(kind))
		}
	}
	for i := range plan {
		if kind := string(plan[i].Kind); !replied(kind) {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds), nil
}

// Replayed is the result of today's rules for an earlier mail.
type Replayed struct {
	Event string   // the event at which rules were applied
	Then  []string // rules that matched when the mail came
	rules.Outcome
}

// Replay applies today's rules to an earlier mail, with its ticket as it was then. It changes
// nothing. It returns false if no rules were applied to the mail.
func Replay(ctx Context, record tickets.Arrival, m *arrival.Mail) (Replayed, bool, error) {
	var r Replayed
	var facts *rules.Facts
	var err error
	if record.Ticket == 0 {
		r.Event = rules.Opened
		facts, err = OpeningFacts(ctx, m, record.Received)
	} else {
		facts, err = factsThen(ctx, m, record.Ticket, &r)
	}
	if err != nil || facts == nil {
		return r, false, err
	}
	r.Outcome = ctx.Policy.Rules.Evaluate(facts)
	return r, true, nil
}

// RulesDecided reports whether rules were applied to a mail with this outcome.
func RulesDecided(record tickets.Arrival) bool {
	switch record.Outcome {
	case tickets.AsMessage, tickets.DroppedRule:
		return true
	case tickets.Quarantined:
		return record.Cause == tickets.CauseRule
	}
	return false
}

// factsThen returns the facts of a mail at the event that it caused in its ticket; nil if no rules
// were applied.
func factsThen(ctx Context, m *arrival.Mail, ticket int64, r *Replayed) (*rules.Facts, error) {
	history, err := store.Events(ctx.Tx, ticket)
	if err != nil {
		return nil, err
	}
	c := &Case{Decision: OnMail(ctx, m)}
	c.loaded.history = true
	for i, e := range history {
		before := c.Ticket
		if c.Ticket, err = tickets.Apply(before, e); err != nil {
			return nil, fmt.Errorf("replaying ticket %d: %w", ticket, err)
		}
		c.Ticket.ID = ticket
		names := ruleEvents(e, before, c.Ticket)
		if e.Cause != c.Cause || len(names) == 0 {
			continue
		}
		r.Event = names[0]
		if r.Then, err = matchedThen(e, r.Event); err != nil {
			return nil, err
		}
		c.history, c.Opened = history[:i], e.Kind == tickets.Opened
		return c.ruleFacts(r.Event, e)
	}
	return nil, nil
}

// matchedThen returns the rules that matched an event, according to its trace.
func matchedThen(e tickets.Event, name string) ([]string, error) {
	if e.Trace == "" {
		return nil, nil
	}
	var traces []rules.Trace
	if err := json.Unmarshal([]byte(e.Trace), &traces); err != nil {
		return nil, fmt.Errorf("reading the trace of event %d: %w", e.ID, err)
	}
	var matched []string
	for _, t := range traces {
		if t.Event == name {
			matched = append(matched, t.Matched()...)
		}
	}
	return matched, nil
}
