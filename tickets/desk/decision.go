package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// maxDepth bounds how far events lead to events: a rule's change may be seen by further rules, but not for ever.
const maxDepth = 4

// decision is the work on one ticket within one transaction. Events go through handle one after the other; notices are wanted on the way and made
// by finish, when the ticket stands as it will stay.
type decision struct {
	*Desk
	tx      *sqldb.Tx
	with    *Decisions
	keys    *token.Keyring
	t       tickets.Ticket
	in      *arrived // the mail that caused it; nil for timers and deliveries
	cause   string
	at      time.Time // when what is decided on happened: INTERNALDATE for a mail
	old     bool      // about old mail: nothing automatic leaves
	late    bool      // many promises are overdue at once: notices are summed up
	fresh   bool      // the ticket is opened by this decision
	elapsed string    // the rule on time passed whose time has come

	history []tickets.Event
	parts   []tickets.Participant
	loaded  struct{ history, parts bool }
	current tickets.Message // the message that was added in this decision, if any

	depth    int
	ack      string // template of the automatic answer, "" for none
	wants    []want
	replies  []want // mails to the customer beside the acknowledgement
	out      []mailout.Mail
	made     map[string]words // notices that others of the decision get too
	verdict  ruling
	tellings []string // for explain: what was done and why, in words
}

// ruling is what rules said about the mail itself.
type ruling struct {
	quarantine, drop string // reason, "" for not
	rule             string
}

// want is a notice that somebody should get.
type want struct {
	kind    templates.Name
	agent   string // name; "" for a customer's mail
	address string // for others than agents
	reasons []sentence
	said    sentence // what the desk itself says, in place of a message
	body    string   // overrides the current message's text
	clock   string   // the target that it is about
	before  int      // the tier it came from
	author  tickets.Actor
	earlier *tickets.Message
	facts   func(f *templates.Facts)
	message int64
	held    int64
}

func (d *Desk) decide(tx *sqldb.Tx, with *Decisions, cause string, at time.Time) *decision {
	return &decision{Desk: d, tx: tx, with: with, keys: d.keys(), cause: cause, at: at}
}

// open loads and locks the ticket that the decision is about.
func (w *decision) open(id int64) error {
	t, found, err := store.LockTicket(w.tx, id)
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("there is no ticket %d", id)
	}
	w.t = t
	return nil
}

// handle is the one way in which something happens to a ticket: the event is applied, shown to the rules, recorded with their trace,
// and what the rules say is done.
func (w *decision) handle(e tickets.Event) error {
	e.Ticket = w.t.ID
	if e.At.IsZero() {
		e.At = w.at
	}
	if e.Cause == "" {
		e.Cause = w.cause
	}
	e.Folder = w.with.Hash
	if w.old {
		e.Data.Old = true
	}
	next, err := tickets.Apply(w.t, e)
	if err != nil {
		return err
	}
	before := w.t
	w.t = next
	var outcomes []rules.Outcome
	for _, name := range ruleEvents(e, before, next) {
		if w.depth > maxDepth {
			break
		}
		if !w.with.Rules.Asks(name) {
			continue
		}
		facts, err := w.ruleFacts(name, e)
		if err != nil {
			return err
		}
		outcomes = append(outcomes, w.with.Rules.Evaluate(facts))
	}
	if e.Trace, err = traceText(outcomes); err != nil {
		return err
	}
	if e.Kind == tickets.Opened {
		w.t.Subject, w.t.BaseSubject = before.Subject, before.BaseSubject
		if w.t.ID, err = store.InsertTicket(w.tx, w.t); err != nil {
			return err
		}
		e.Ticket = w.t.ID
		w.loaded.history = true
	}
	past, err := w.past()
	if err != nil {
		return err
	}
	var newest int64
	if len(past) > 0 {
		newest = past[len(past)-1].ID
	}
	if e.ID, err = store.Append(w.tx, e, newest); err != nil {
		return err
	}
	w.history = append(w.history, e)
	for _, outcome := range outcomes {
		for _, a := range outcome.Actions {
			w.depth++
			err := w.act(a, e)
			w.depth--
			if err != nil {
				return fmt.Errorf("rule %q: %w", a.Rule, err)
			}
		}
	}
	return nil
}

// ruleEvents gives the names under which rules see an event.
func ruleEvents(e tickets.Event, before, after tickets.Ticket) []string {
	switch e.Kind {
	case tickets.Opened, tickets.Replied, tickets.AgentReplied, tickets.Noted, tickets.Reopened, tickets.Escalated, tickets.Bounced, tickets.Elapsed:
		return []string{string(e.Kind)}
	case tickets.Warned:
		return []string{rules.SLAWarned}
	case tickets.Missed:
		return []string{rules.SLAMissed}
	case tickets.StatusChanged:
		names := []string{rules.StatusChanged}
		if after.Status == tickets.Solved && before.Status != tickets.Solved {
			names = append(names, rules.Solved)
		}
		if after.Status == tickets.Closed && before.Status != tickets.Closed {
			names = append(names, rules.Closed)
		}
		return names
	}
	return nil
}

func traceText(outcomes []rules.Outcome) (string, error) {
	traces := make([]rules.Trace, 0, len(outcomes))
	for _, o := range outcomes {
		if len(o.Trace.Steps) > 0 {
			traces = append(traces, o.Trace)
		}
	}
	if len(traces) == 0 {
		return "", nil
	}
	b, err := json.Marshal(traces)
	return string(b), err
}

// act carries out one action of a rule.
func (w *decision) act(a rules.Applied, e tickets.Event) error {
	actor := tickets.RuleActor(a.Rule)
	cause := fmt.Sprintf("event:%d", e.ID)
	w.tell("rule %q: %s", a.Rule, a.Action.Kind)
	switch a.Action.Kind {
	case rules.KindSet:
		return w.change(a.Action.Set, actor, cause)
	case rules.KindReply:
		if e.Kind == tickets.Opened {
			w.ack = a.Action.Template // in place of the acknowledgement
		} else {
			w.replies = append(w.replies, want{kind: templates.Name(a.Action.Template), author: actor})
		}
	case rules.KindNotify:
		for _, agent := range w.named(a.Action.Notify) {
			w.want(want{kind: templates.AgentNote, agent: agent, said: say("The rule %q wants you to know of this ticket.", a.Rule), author: tickets.Desk})
		}
		if slices.Contains(a.Action.Notify, "admin") {
			w.want(want{kind: templates.AgentNote, address: w.set.Admin, author: tickets.Desk})
		}
	case rules.KindForward:
		if w.ours(a.Action.Forward) {
			w.tell("rule %q would forward to the desk itself", a.Rule)
			return nil
		}
		w.want(want{kind: templates.Forwarded, address: a.Action.Forward, author: tickets.Desk})
	case rules.KindQuarantine:
		w.verdict = ruling{quarantine: a.Action.Reason, rule: a.Rule}
	case rules.KindDrop:
		w.verdict = ruling{drop: a.Action.Reason, rule: a.Rule}
	case rules.KindVendor:
		return w.change(rules.Changes{Tags: []rules.TagChange{{Name: "vendor-" + a.Action.Vendor, Add: true}}}, actor, cause)
	case rules.KindStop:
	default:
		return fmt.Errorf("there is no action %q", a.Action.Kind)
	}
	return nil
}

// change brings the ticket's values to what somebody wants, an event for each that really changes.
func (w *decision) change(c rules.Changes, actor tickets.Actor, cause string) error {
	apply := func(e tickets.Event) error {
		e.Actor, e.Cause = actor, cause
		return w.handle(e)
	}
	if c.Priority != "" && c.Priority != w.t.Priority {
		if err := apply(tickets.Event{Kind: tickets.PriorityChanged, Data: tickets.Data{Priority: c.Priority, From: w.t.Priority}}); err != nil {
			return err
		}
	}
	team := func(fallback string) string {
		switch c.Team {
		case "":
			return fallback
		case rules.None:
			return ""
		}
		return c.Team
	}
	switch {
	case c.Tier != nil && *c.Tier != w.t.Tier:
		// Another tier means another team, unless one is named; who had the ticket has it no longer.
		next := ""
		if tier := w.with.Service.Tier(*c.Tier); tier != nil {
			next = tier.Team
		}
		if err := apply(tickets.Event{Kind: tickets.TierChanged, Data: tickets.Data{Tier: c.Tier, Team: team(next)}}); err != nil {
			return err
		}
	case c.Team != "" && team(w.t.Team) != w.t.Team:
		if err := apply(tickets.Event{Kind: tickets.TeamChanged, Data: tickets.Data{Team: team(w.t.Team), From: w.t.Team}}); err != nil {
			return err
		}
	}
	if c.Assignee != "" {
		name := c.Assignee
		if name == rules.None {
			name = ""
		}
		if name != w.t.Assignee {
			if err := apply(tickets.Event{Kind: tickets.Assigned, Data: tickets.Data{Assignee: name, From: w.t.Assignee}}); err != nil {
				return err
			}
		}
	}
	if len(c.Tags) > 0 {
		var data tickets.Data
		for _, tag := range c.Tags {
			if tag.Add && !w.t.HasTag(tag.Name) {
				data.Add = append(data.Add, tag.Name)
			} else if !tag.Add && w.t.HasTag(tag.Name) {
				data.Remove = append(data.Remove, tag.Name)
			}
		}
		if len(data.Add)+len(data.Remove) > 0 {
			if err := apply(tickets.Event{Kind: tickets.Tagged, Data: data}); err != nil {
				return err
			}
		}
	}
	if c.Status != "" && tickets.Status(c.Status) != w.t.Status {
		return w.setStatus(tickets.Status(c.Status), actor, cause, "")
	}
	return nil
}

// setStatus changes the status, and has the customer told where it matters to him.
func (w *decision) setStatus(s tickets.Status, actor tickets.Actor, cause, command string) error {
	before := w.t.Status
	if before == s {
		return nil
	}
	if err := w.handle(tickets.Event{Kind: tickets.StatusChanged, Actor: actor, Cause: cause, Data: tickets.Data{Status: s, From: string(before), Command: command}}); err != nil {
		return err
	}
	switch {
	case s == tickets.Solved:
		w.replies = append(w.replies, want{kind: templates.Solved, author: actor})
	case s == tickets.Closed && !before.Done():
		w.replies = append(w.replies, want{kind: templates.Closing, author: actor})
	}
	return nil
}

// want notes a notice; finish makes it. Of several notices of one decision an agent gets the weightiest.
func (w *decision) want(n want) { w.wants = append(w.wants, n) }

// tell notes for a person what is being decided.
func (w *decision) tell(format string, args ...any) {
	w.tellings = append(w.tellings, fmt.Sprintf(format, args...))
}

// finish writes what the decision came to: the ticket, its clocks, its mails.
func (w *decision) finish() error {
	if err := w.clocks(); err != nil {
		return err
	}
	if err := store.SaveTicket(w.tx, w.t); err != nil {
		return err
	}
	if err := w.mails(); err != nil {
		return err
	}
	return mailout.EnqueueAll(w.tx, w.out)
}

// past gives the history, loading it when it is first needed.
func (w *decision) past() ([]tickets.Event, error) {
	if !w.loaded.history {
		events, err := store.Past(w.tx, w.t.ID)
		if err != nil {
			return nil, err
		}
		w.history, w.loaded.history = events, true
	}
	return w.history, nil
}

// participants gives who takes part, loading them when they are first needed.
func (w *decision) participants() ([]tickets.Participant, error) {
	if !w.loaded.parts {
		parts, err := store.Participants(w.tx, w.t.ID)
		if err != nil {
			return nil, err
		}
		w.parts, w.loaded.parts = parts, true
	}
	return w.parts, nil
}

// requester gives the participant who asked; the zero value if a machine did.
func (w *decision) requester() (tickets.Participant, error) {
	parts, err := w.participants()
	for _, p := range parts {
		if p.Role == tickets.Requester {
			return p, err
		}
	}
	return tickets.Participant{}, err
}

// join adds a participant and records it.
func (w *decision) join(address string, role tickets.Role, actor tickets.Actor) error {
	folded := mailin.Fold(address)
	if folded == "" || w.own[folded] {
		return nil
	}
	if there, err := store.TakesPart(w.tx, w.t.ID, folded); err != nil || there {
		return err
	}
	if err := store.Join(w.tx, w.t.ID, folded, role); err != nil {
		return err
	}
	w.loaded.parts = false
	if role == tickets.Requester {
		return nil // the opening says so
	}
	return w.handle(tickets.Event{Kind: tickets.Joined, Actor: actor, Data: tickets.Data{Reason: string(role)}})
}

// working gives the agents who should hear of the ticket: who has it, else its team, else the team of its tier.
func (w *decision) working() []string {
	if w.t.Assignee != "" && w.with.People.Agent(w.t.Assignee) != nil {
		return []string{w.t.Assignee}
	}
	return w.team(w.t.Team)
}

// team gives the agents of a team who want to hear of its tickets; of the tier's team if none is given.
func (w *decision) team(name string) []string {
	if name == "" {
		if tier := w.with.Service.Tier(w.t.Tier); tier != nil {
			name = tier.Team
		}
	}
	members := w.with.People.Members(name)
	if team := w.with.People.Team(name); team != nil {
		switch team.Notify {
		case "none":
			return nil
		case "lead":
			members = w.with.People.Leads(name)
		}
	}
	return names(members)
}

// named turns the words of a policy or rule into agents.
func (w *decision) named(words []string) []string {
	var out []string
	for _, word := range words {
		switch word {
		case "assignee":
			if w.t.Assignee != "" {
				out = append(out, w.t.Assignee)
			}
		case "team":
			out = append(out, w.team("")...)
			if w.t.Team != "" {
				out = append(out, w.team(w.t.Team)...)
			}
		case "lead":
			team := w.t.Team
			if tier := w.with.Service.Tier(w.t.Tier); team == "" && tier != nil {
				team = tier.Team
			}
			out = append(out, names(w.with.People.Leads(team))...)
		case "next":
			if tier := w.with.Service.Above(w.t.Tier); tier != nil {
				out = append(out, w.team(tier.Team)...)
			}
		case "admin":
		default:
			if w.with.People.Agent(word) != nil {
				out = append(out, w.with.People.Agent(word).Name)
			} else {
				out = append(out, names(w.with.People.Members(word))...)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func names(agents []*tickets.Agent) []string {
	out := make([]string, len(agents))
	for i, a := range agents {
		out[i] = a.Name
	}
	return out
}
