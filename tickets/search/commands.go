package search

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/sla"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
	"tierdesk/tickets/view"
)

const (
	// listed is the maximum number of tickets in a mail.
	listed = 50
	// mostStanding is the maximum number of standing lists of an agent.
	mostStanding = 10
	// morning is the hour at which standing lists are sent.
	morning = 8
)

// Commands are those that find and show tickets. Results go only to the agent who asks.
func Commands() []decision.Command {
	return []decision.Command{
		{Name: commands.Search, Proof: true, Answers: true, Do: search,
			Help: phrase.Say("Finds tickets by words and by from:, to:, tag:, status:, team:, tier:, before:, after: and has:attachment.")},
		{Name: commands.List, Proof: true, Answers: true, Do: list,
			Help: phrase.Say("Lists open tickets: yours, those of your teams, all, or what a search finds; with daily, each morning.")},
		{Name: commands.Show, Answers: true, Do: show,
			Help: phrase.Say("Sends you the whole ticket: messages, notes and what happened.")},
	}
}

// search is /search QUERY [mbox].
func search(a *decision.Act, c commands.Command) (phrase.Text, error) {
	text, files := cutWord(c.Text, "mbox")
	q, fault := Parse(text, knownTo(&a.Context, a.Agent))
	if fault != nil {
		return fault.Say(), nil
	}
	return phrase.Text{}, answer(a, q, request{what: "/search " + q.Text, files: files})
}

// list is /list mine|team|all|QUERY [mbox] [daily|stop].
func list(a *decision.Act, c commands.Command) (phrase.Text, error) {
	text, daily := cutWord(cmp.Or(c.Text, c.Args.Name), "daily")
	text, stop := cutWord(text, "stop")
	text = strings.Join(strings.Fields(cmp.Or(text, "mine")), " ")
	if stop {
		ended, err := timers.PopNamed(a.Tx, timers.Listing, listingName(a.Agent, text))
		if err == nil && len(ended) == 0 {
			return phrase.Say("No such list is sent to you each morning."), nil
		}
		return phrase.Say("This list is no longer sent to you each morning."), err
	}
	query, files := cutWord(text, "mbox")
	q, fault := scope(query, knownTo(&a.Context, a.Agent))
	if fault != nil {
		return fault.Say(), nil
	}
	if near := listNear(query); near != "" {
		found, err := look(a.Context, a.Agent, q)
		if err != nil {
			return phrase.Text{}, err
		}
		if len(found.Hits) == 0 {
			return decision.Refuse(commands.Meant(phrase.Say("There is no list %q, and no ticket in which that word stands.", query),
				"/list "+near, nil))
		}
	}
	r := request{what: "/list " + query, files: files}
	if daily {
		if full, err := tooMany(a, text); err != nil || full {
			return phrase.Say("Nothing was done: you have %d lists each morning already. /list QUERY stop ends one.", mostStanding), err
		}
		due := sqldb.At(nextMorning(a.Tx.Now(), a.Desk.Location))
		if err := timers.Set(a.Tx, timers.Timer{Kind: timers.Listing, Name: listingName(a.Agent, text), Due: due, Data: text}); err != nil {
			return phrase.Text{}, err
		}
		r.standing = text
	}
	return phrase.Text{}, answer(a, q, r)
}

// listNear returns the list that a one-word query misspells by one keystroke: "mien".
func listNear(query string) string {
	if list := []string{"mine", "team", "all"}; !slices.Contains(list, strings.ToLower(query)) {
		return nearest(strings.ToLower(query), list)
	}
	return ""
}

// cutWord removes a word from the end of a text; false if it is not there.
func cutWord(text, word string) (string, bool) {
	fields := strings.Fields(text)
	if len(fields) == 0 || !strings.EqualFold(fields[len(fields)-1], word) {
		return text, false
	}
	return strings.TrimSpace(text[:strings.LastIndex(text, fields[len(fields)-1])]), true
}

// scope parses what to list: open tickets of the agent, of their teams, of everybody, or a query.
func scope(text string, k Known) (*Query, *Fault) {
	q := &Query{Text: text}
	for _, s := range tickets.Statuses() {
		if !s.Done() {
			q.Status = append(q.Status, string(s))
		}
	}
	switch strings.ToLower(text) {
	case "mine", "":
		q.Assignees = []string{k.Me.Name}
	case "team":
		q.Teams = append(slices.Clone(k.Me.Teams), k.Me.Lead...)
	case "all":
	default:
		return Parse(text, k)
	}
	return q, nil
}

func knownTo(ctx *decision.Context, agent *tickets.Agent) Known {
	return Known{Me: agent, People: ctx.Policy.People, Service: ctx.Policy.Service, Location: ctx.Desk.Location}
}

// ---- standing lists

// listingName returns the name of the timer of a list that is sent each morning.
func listingName(agent *tickets.Agent, text string) string { return agent.Name + " " + text }

// tooMany reports whether an agent already has the maximum number of standing lists, not counting
// this one.
func tooMany(a *decision.Act, text string) (bool, error) {
	all, err := timers.OfTicket(a.Tx, 0)
	n := 0
	for _, t := range all {
		if t.Kind == timers.Listing && strings.HasPrefix(t.Name, a.Agent.Name+" ") && t.Name != listingName(a.Agent, text) {
			n++
		}
	}
	return n >= mostStanding, err
}

// nextMorning returns when lists are sent next, in the desk's time zone.
func nextMorning(now time.Time, location *time.Location) time.Time {
	if location == nil {
		location = time.UTC
	}
	now = now.In(location)
	at := time.Date(now.Year(), now.Month(), now.Day(), morning, 0, 0, 0, location)
	if !at.After(now) {
		at = time.Date(now.Year(), now.Month(), now.Day()+1, morning, 0, 0, 0, location)
	}
	return at
}

// Fire sends a standing list, and sets the timer for the next morning. An empty list is not sent. A
// list that has become invalid is sent one last time, with the reason.
func Fire(ctx decision.Context, t timers.Timer) error {
	name, _, _ := strings.Cut(t.Name, " ")
	agent := ctx.Policy.People.Agent(name)
	if agent == nil {
		return nil // they have left
	}
	query, files := cutWord(t.Data, "mbox")
	q, fault := scope(query, knownTo(&ctx, agent))
	if fault != nil {
		ended := phrase.Say("This list is no longer sent to you each morning.")
		return tell(ctx, agent, q, Found{}, request{what: "/list " + query, remarks: []phrase.Text{fault.Say(), ended}})
	}
	t.Due = sqldb.At(nextMorning(ctx.Tx.Now(), ctx.Desk.Location))
	if err := timers.Set(ctx.Tx, t); err != nil {
		return err
	}
	found, err := look(ctx, agent, q)
	if err != nil || len(found.Hits) == 0 {
		return err
	}
	return tell(ctx, agent, q, found, request{what: "/list " + query, files: files, standing: t.Data})
}

// ---- what is sent

// request holds what an agent asked for besides the tickets.
type request struct {
	what     string // the command
	files    bool   // the messages, too
	standing string // the list that is sent each morning, "" for none
	remarks  []phrase.Text
}

// answer sends the agent the results of a query.
func answer(a *decision.Act, q *Query, r request) error {
	if a.Old {
		a.Explain("no answer to %s: the mail is old", r.what)
		return nil
	}
	found, err := look(a.Context, a.Agent, q)
	if err != nil {
		return err
	}
	a.Explain("%s: %d tickets", r.what, len(found.Hits))
	return tell(a.Context, a.Agent, q, found, r)
}

// look returns the results of an agent's query.
func look(ctx decision.Context, agent *tickets.Agent, q *Query) (Found, error) {
	r := Reader{Desk: ctx.Desk, Policy: ctx.Policy, Agent: agent}
	return r.Newest(ctx.Tx, q, listed)
}

// tell mails an agent the results.
func tell(ctx decision.Context, agent *tickets.Agent, q *Query, found Found, r request) error {
	var attached []mailout.Attachment
	if r.files && len(found.Hits) > 0 {
		box, said, err := mbox(ctx, agent, found.Hits)
		if err != nil {
			return err
		}
		attached = []mailout.Attachment{{Name: "messages.mbox", ContentType: "application/mbox", Data: box}}
		r.remarks = append(r.remarks, said)
	}
	whose, err := requesters(ctx.Tx, found.Hits)
	if err != nil {
		return err
	}
	remarks := append(found.Remarks(), r.remarks...)
	if r.standing != "" {
		remarks = append(remarks,
			phrase.Say("You are sent this list each morning at %d:00, unless it is empty. /list %s stop ends that.", morning, r.standing))
	}
	facts := func(id int64, s *notice.Sender) *templates.Facts {
		f := notice.DeskFacts(ctx.Desk, ctx.Tx.Now())
		f.What, f.Count = r.what, len(found.Hits)
		f.Reasons = ctx.Policy.Phrases.Texts(remarks, cmp.Or(agent.Language, ctx.Desk.Language))
		for i := range found.Hits {
			f.Found = append(f.Found, line(ctx.Policy, s, id, &found.Hits[i], agent, q, whose))
			if into := found.Hits[i].Ticket.MergedInto; into != 0 {
				f.Found[i].Status = ctx.Policy.Say(phrase.Say("merged into #%d", into), cmp.Or(agent.Language, ctx.Desk.Language))
			}
		}
		return &f
	}
	return decision.TellAgent(ctx, templates.FoundList, agent, mailout.Notices, facts, func(m *mailout.Mail) { m.Attach = attached })
}

// line returns a ticket's entry in the mail.
func line(p *tickets.Policy, s *notice.Sender, id int64, h *Hit, agent *tickets.Agent, q *Query, whose map[int64]string) templates.Found {
	t := &h.Ticket
	t.Subject, _ = view.Text(p, agent, t.Subject)
	out := templates.Found{Number: t.ID, Subject: t.Subject, Status: string(t.Status), Who: whose[t.ID], Changed: t.Updated}
	if a := p.People.Agent(t.Assignee); a != nil {
		out.Assignee = a.FullName
	}
	if h.Message.ID != 0 {
		out.Snippet = Snippet(h.Message.Text, q.Terms)
	}
	subject := url.PathEscape(fmt.Sprintf("[#%d] %s", t.ID, t.Subject))
	to := "mailto:" + s.Reply(id, t, agent) + "?subject=" + subject
	out.Show, out.Reply = templates.Link(to+"&body=%2Fshow"), templates.Link(to)
	return out
}

// Remarks returns what the list leaves out.
func (f *Found) Remarks() []phrase.Text {
	var out []phrase.Text
	if f.More {
		out = append(out,
			phrase.Say("There are more: these are the newest %d. Narrow it down, for example with from:, status: or after:.", len(f.Hits)))
	}
	if f.Cut > 0 {
		out = append(out,
			phrase.Say("These words are common: only the newest %d messages with them were looked at. Add a word that is rarer.", f.Cut))
	}
	if f.Unsearched > 0 {
		out = append(out,
			phrase.Say("Not all older messages are in the index yet (still to come: about %d), so they cannot all be found; the desk is working on it.", f.Unsearched))
	}
	return out
}

// requesters returns the requesters of the tickets.
func requesters(tx *sqldb.Tx, hits []Hit) (map[int64]string, error) {
	var ids []int64
	for i := range hits {
		ids = append(ids, hits[i].Ticket.ID)
	}
	all, err := store.ParticipantsOf(tx, ids)
	out := map[int64]string{}
	for ticket, parts := range all {
		for _, p := range parts {
			if p.Role == tickets.Requester {
				out[ticket] = cmp.Or(p.Name, p.Shown, p.Address)
			}
		}
	}
	return out, err
}

// ---- one ticket

// mostShown is the maximum number of messages that /show sends.
const mostShown = 200

// show is /show [NUMBER...].
func show(a *decision.Act, _ commands.Command) (phrase.Text, error) {
	if !view.Sees(a.Policy, &a.Ticket, a.Agent) {
		return phrase.Say("Not shown: the ticket is restricted to others."), nil
	}
	messages, err := store.Messages(a.Tx, a.Ticket.ID)
	if err != nil {
		return phrase.Text{}, err
	}
	past, err := a.History()
	if err != nil {
		return phrase.Text{}, err
	}
	n := notice.Notice{Kind: templates.Shown, Agent: a.Agent.Name, Author: tickets.Desk}
	n.Messages = view.Shown(a.Policy, &a.Ticket, messages, a.Agent)
	if left := len(n.Messages) - mostShown; left > 0 {
		n.Messages = n.Messages[left:]
		n.Reasons = append(n.Reasons, phrase.Say("Older messages left out above: %d.", left))
	}
	stays, err := tickets.Stays(past, a.Tx.Now())
	if err != nil {
		return phrase.Text{}, err
	}
	for i := range past {
		what := happened(a.Case, &past[i])
		for _, s := range stays {
			if s.Left.ID == past[i].ID && !what.Empty() {
				what = phrase.Say("%s, after %s", what, notice.Spent(s.Spent))
			}
		}
		if !what.Empty() {
			n.Reasons = append(n.Reasons, phrase.Say("%s, %s: %s", a.LocalTime(past[i].At), who(a.Policy, past[i].Actor), what))
		}
	}
	a.Notify(n)
	return phrase.Text{}, nil
}

// happened describes what an event did to the ticket; nothing if it is of no interest to readers.
func happened(c *decision.Case, e *tickets.Event) phrase.Text {
	d := &e.Data
	switch e.Kind {
	case tickets.Opened:
		return phrase.Say("opened")
	case tickets.StatusChanged, tickets.Reopened:
		return phrase.Say("status %s", phrase.Status(d.Status))
	case tickets.PriorityChanged:
		return phrase.Say("priority %s", phrase.Priority(d.Priority))
	case tickets.TierChanged, tickets.Escalated:
		if d.Tier != nil {
			return phrase.Say("tier %d", *d.Tier)
		}
	case tickets.TeamChanged:
		return phrase.Say("team %s", cmp.Or(c.TeamName(d.Team), "—"))
	case tickets.Assigned:
		name := cmp.Or(d.Assignee, "—")
		if agent := c.Policy.People.Agent(d.Assignee); agent != nil {
			name = agent.FullName
		}
		return phrase.Say("assigned to %s", name)
	case tickets.Tagged:
		return phrase.Say("tags %s", signed(d))
	case tickets.Missed:
		return phrase.Say("deadline missed: %s", decision.TargetWord(sla.Target(d.Target)))
	case tickets.Linked:
		return phrase.Say("linked with #%d", d.Linked)
	case tickets.AgentReplied:
		return phrase.Say("answered")
	case tickets.Replied:
		return phrase.Say("wrote")
	case tickets.Noted:
		return phrase.Say("wrote a note")
	}
	return phrase.Text{}
}

// signed formats tags as they are typed: +new -old.
func signed(d *tickets.Data) string {
	var out []string
	for _, t := range d.Add {
		out = append(out, "+"+t)
	}
	for _, t := range d.Remove {
		out = append(out, "-"+t)
	}
	return strings.Join(out, " ")
}

// who names an actor to a colleague.
func who(p *tickets.Policy, actor tickets.Actor) phrase.Text {
	if a := p.People.Agent(actor.Agent()); a != nil {
		return phrase.Verbatim(a.FullName)
	}
	switch kind, name := actor.Split(); kind {
	case "person":
		return phrase.Say("customer")
	case "rule":
		return phrase.Say("rule %q", name)
	case "vendor":
		if v := p.People.Vendor(name); v != nil {
			return phrase.Verbatim(v.FullName)
		}
		return phrase.Say("vendor")
	case "admin":
		return phrase.Say("the admin")
	case "desk", "timer":
		return phrase.Say("the desk")
	case "agent":
		return phrase.Verbatim(name) // who has left
	case "mailbox":
		return phrase.Say("the mailbox of %s", name)
	}
	return phrase.Say("somebody who was asked")
}
