package cli

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tierdesk/cmd/internal/config"
	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/rules/fault"
	"tierdesk/tickets"
	"tierdesk/tickets/search"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
)

type ticketCmd struct {
	List ticketListCmd `cmd:"" help:"List tickets, the most recently changed first."`
	Show ticketShowCmd `cmd:"" help:"Show a ticket with all its messages."`
	Log  ticketLogCmd  `cmd:"" help:"Show what happened to a ticket, who did it and why."`
	Raw  ticketRawCmd  `cmd:"" help:"Print a mail of a ticket as it came in."`

	Assign   ticketAssignCmd   `cmd:"" help:"Assign a ticket to an agent."`
	Team     ticketTeamCmd     `cmd:"" help:"Assign a ticket to a team."`
	Tier     ticketTierCmd     `cmd:"" help:"Move a ticket to another tier."`
	Priority ticketPriorityCmd `cmd:"" help:"Set a ticket's priority."`
	Close    ticketCloseCmd    `cmd:"" help:"Close a ticket."`
}

// ticketObject is a ticket for programs.
type ticketObject struct {
	ID         int64      `json:"id"`
	Inbox      string     `json:"inbox"`
	Subject    string     `json:"subject"`
	Status     string     `json:"status"`
	Priority   string     `json:"priority"`
	Tier       int        `json:"tier"`
	Team       string     `json:"team,omitempty"`
	Assignee   string     `json:"assignee,omitempty"`
	Tags       []string   `json:"tags,omitempty"`
	Requester  string     `json:"requester,omitempty"` // address
	Language   string     `json:"language,omitempty"`
	Opened     time.Time  `json:"opened"`
	Updated    time.Time  `json:"updated"`
	Solved     *time.Time `json:"solved,omitempty"`
	Closed     *time.Time `json:"closed,omitempty"`
	WaitsSince *time.Time `json:"waits_since,omitempty"` // the customer wrote and has no answer
	Linked     int64      `json:"linked,omitempty"`
	MergedInto int64      `json:"merged_into,omitempty"`
	Version    int64      `json:"version"`
}

func ticketOf(t tickets.Ticket) ticketObject {
	return ticketObject{ID: t.ID, Inbox: t.Inbox, Subject: t.Subject, Status: string(t.Status), Priority: t.Priority, Tier: t.Tier,
		Team: t.Team, Assignee: t.Assignee, Tags: t.Tags,
		Language: t.Language, Opened: t.Opened.UTC(), Updated: t.Updated.UTC(), Solved: instant(t.Solved), Closed: instant(t.Closed),
		WaitsSince: instant(t.CustomerWrote),
		Linked:     t.Linked, MergedInto: t.MergedInto, Version: t.Version}
}

// ticketLine shows a ticket in one line.
func (e *env) ticketLine(t ticketObject) string {
	parts := []string{e.paint(bold, fmt.Sprintf("#%d", t.ID)), e.paint(statusColour(t.Status), t.Status),
		e.paint(priorityColour(t.Priority), safe(t.Priority)), fmt.Sprintf("tier %d", t.Tier)}
	if t.MergedInto != 0 {
		parts = append(parts, fmt.Sprintf("merged into #%d", t.MergedInto))
	}
	for _, s := range []string{t.Team, t.Assignee} {
		if s != "" {
			parts = append(parts, safe(s))
		}
	}
	for _, tag := range t.Tags {
		parts = append(parts, e.paint(cyan, "+"+safe(tag)))
	}
	return strings.Join(parts, "  ")
}

func statusColour(s string) colour {
	switch tickets.Status(s) {
	case tickets.New:
		return yellow
	case tickets.Open:
		return green
	case tickets.Solved, tickets.Closed:
		return faint
	}
	return ""
}

func priorityColour(p string) colour {
	switch p {
	case "urgent":
		return red
	case "high":
		return yellow
	case "low":
		return faint
	}
	return ""
}

type ticketListCmd struct {
	inFolder
	Status   []string `enum:"new,open,pending,on-hold,solved,closed" help:"Only tickets in these states: new, open, pending, on-hold, solved, closed (default: all but solved and closed)."`
	All      bool     `short:"a" help:"Include solved and closed tickets."`
	Team     string   `help:"Only the tickets of this team."`
	Assignee string   `help:"Only the tickets of this agent."`
	Search   string   `placeholder:"QUERY" help:"Only tickets that a search finds, as /search does by mail, in whatever state: words, \"phrases\", from:, to:, tag:, status:, team:, tier:, before:, after:, has:attachment."`
	limited
	asJSON
}

// search finds tickets as /search does, restricted to the given teams and assignees.
func (c *ticketListCmd) search(e *env, db *opened) (out []tickets.Ticket, err error) {
	policy, err := config.LoadPolicy(e.ctx, db.dir, db.main)
	if err != nil {
		return nil, err
	}
	q, fault := search.Parse(c.Search, search.Known{People: &policy.People, Service: &policy.Service, Location: db.main.Location})
	if fault != nil {
		hint := "see docs/search.md for what a search can contain"
		return nil, failure{error: errors.New(fault.Say().English()), hint: hint, code: exitUsage}
	}
	q.Status = append(q.Status, c.Status...)
	if c.Team != "" {
		q.Teams = append(q.Teams, c.Team)
	}
	if c.Assignee != "" {
		q.Assignees = append(q.Assignees, c.Assignee)
	}
	desk := &tickets.Identity{}
	for _, in := range db.main.Inboxes {
		desk.Inboxes = append(desk.Inboxes, tickets.Inbox{Name: in.Name, Address: in.Address})
	}
	r := search.Reader{Desk: desk, Policy: &tickets.Policy{People: &policy.People, Service: &policy.Service}}
	err = db.Update(e.ctx, func(tx *sqldb.Tx) error {
		out = nil
		found, err := r.Newest(tx, q, int(c.Limit))
		for _, h := range found.Hits {
			out = append(out, h.Ticket)
		}
		if !c.JSON {
			for _, remark := range found.Remarks() {
				e.none(remark.English())
			}
		}
		return err
	})
	return out, err
}

// unknownNames returns an error if tickets were looked for by the name of a team or an agent that
// people.yaml does not have.
func (c *ticketListCmd) unknownNames(e *env, db *opened) error {
	if c.Team == "" && c.Assignee == "" {
		return nil
	}
	policy, err := config.LoadPolicy(e.ctx, db.dir, db.main)
	if err != nil {
		return nil // check tells what is wrong with the folder
	}
	var teams, agents []string
	for _, t := range policy.People.Teams {
		teams = append(teams, t.Name)
	}
	for _, a := range policy.People.Agents {
		agents = append(agents, a.Name)
	}
	switch {
	case c.Team != "" && policy.People.Team(c.Team) == nil:
		return hinted(fmt.Errorf("there is no team %q in people.yaml", c.Team), "%s", fault.Hint(c.Team, teams))
	case c.Assignee != "" && policy.People.Agent(c.Assignee) == nil:
		return hinted(fmt.Errorf("there is no agent %q in people.yaml", c.Assignee), "%s", fault.Hint(c.Assignee, agents))
	}
	return nil
}

// Run lists tickets.
func (c *ticketListCmd) Run(e *env) error {
	db, err := c.database(e)
	if err != nil {
		return err
	}
	defer db.Close()
	f := store.Filter{Team: c.Team, Assignee: c.Assignee, Limit: c.asked()}
	for _, s := range c.Status {
		f.Status = append(f.Status, tickets.Status(s))
	}
	if len(f.Status) == 0 && !c.All {
		f.Status = slices.DeleteFunc(tickets.Statuses(), tickets.Status.Done)
	}
	list := []ticketObject{}
	var now time.Time
	var searched []tickets.Ticket
	if c.Search != "" {
		if searched, err = c.search(e, db); err != nil {
			return err
		}
	}
	err = db.View(e.ctx, func(tx *sqldb.Tx) error {
		now, list = tx.Now(), list[:0]
		found, err := searched, error(nil)
		if c.Search == "" {
			found, err = store.List(tx, f)
		}
		for _, t := range found {
			o := ticketOf(t)
			if o.Requester, err = requester(tx, t.Requester); err != nil {
				return err
			}
			list = append(list, o)
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(list) == 0 {
		if err := c.unknownNames(e, db); err != nil {
			return err
		}
	}
	list, more := shown(list, c.limited)
	if c.JSON {
		return e.json(list)
	}
	if len(list) == 0 {
		e.none("no ticket")
		return nil
	}
	t := e.table("#>", "status", "priority", "tier>", "team", "assignee", "waits", "changed", "requester*", "subject*")
	for _, x := range list {
		waits := cell{}
		if x.WaitsSince != nil {
			waits = cell{length(now.Sub(*x.WaitsSince)), yellow}
		}
		t.add(cell{strconv.FormatInt(x.ID, 10), bold}, cell{x.Status, statusColour(x.Status)}, cell{x.Priority, priorityColour(x.Priority)},
			x.Tier, x.Team, x.Assignee, waits,
			cell{ago(x.Updated, now), faint}, x.Requester, x.Subject)
	}
	t.print()
	e.more(more, "only the first %d", c.limited)
	return nil
}

// requester returns a person's address, "" for nobody.
func requester(tx *sqldb.Tx, id int64) (string, error) {
	if id == 0 {
		return "", nil
	}
	p, _, err := store.PersonByID(tx, id)
	return p.Shown, err
}

// noTicket returns the error that there is no ticket with that number.
func noTicket(n int64) error {
	return hinted(fmt.Errorf("there is no ticket %d", n), "tierdesk ticket list --all")
}

// number is a ticket's number as people write it: 1042 or #1042.
type number int64

// UnmarshalText reads the number.
func (n *number) UnmarshalText(b []byte) error {
	v, err := strconv.ParseInt(strings.TrimPrefix(string(b), "#"), 10, 64)
	if err != nil || v < 1 {
		return fmt.Errorf("%q is no number of a ticket", b)
	}
	*n = number(v)
	return nil
}

type ticketShowCmd struct {
	Ticket number `arg:"" placeholder:"NUMBER" help:"Its number."`
	inFolder
	Whole bool `help:"Show messages with their quoted history."`
	asJSON
}

// messageObject is a message for programs.
type messageObject struct {
	ID          int64                `json:"id"`
	Kind        string               `json:"kind"`
	Author      string               `json:"author"`
	Address     string               `json:"address,omitempty"`
	Visibility  string               `json:"visibility"`
	At          time.Time            `json:"at"`
	MessageID   string               `json:"message_id,omitempty"`
	Subject     string               `json:"subject,omitempty"`
	Text        string               `json:"text"`
	Whole       string               `json:"whole,omitempty"`
	Attachments []tickets.Attachment `json:"attachments,omitempty"`
	Flags       []tickets.Flag       `json:"flags,omitempty"`
	Raw         bool                 `json:"raw"` // ticket raw has the mail
}

// participantObject is a participant for programs.
type participantObject struct {
	Address string `json:"address"`
	Name    string `json:"name,omitempty"`
	Role    string `json:"role"`
	Muted   bool   `json:"muted,omitempty"`
}

// timerObject is a timer for programs.
type timerObject struct {
	Ticket   int64     `json:"ticket,omitempty"`
	Kind     string    `json:"kind"`
	Name     string    `json:"name,omitempty"`
	Due      time.Time `json:"due"`
	What     string    `json:"what,omitempty"`
	Attempts int       `json:"attempts,omitempty"`
	Error    string    `json:"error,omitempty"`
}

func timerOf(t timers.Timer) timerObject {
	return timerObject{Ticket: t.Ticket, Kind: string(t.Kind), Name: t.Name, Due: t.Due.UTC(), What: t.Data,
		Attempts: t.Attempts, Error: t.Error}
}

// Run shows a ticket.
func (c *ticketShowCmd) Run(e *env) error {
	db, err := c.database(e)
	if err != nil {
		return err
	}
	defer db.Close()
	var o struct {
		ticketObject
		Participants []participantObject `json:"participants"`
		Messages     []messageObject     `json:"messages"`
		Mails        []outboxObject      `json:"mails"`
		Timers       []timerObject       `json:"timers"`
	}
	o.Participants, o.Messages, o.Mails, o.Timers = []participantObject{}, []messageObject{}, []outboxObject{}, []timerObject{}
	var now time.Time
	err = db.View(e.ctx, func(tx *sqldb.Tx) error {
		now = tx.Now()
		t, found, err := store.Ticket(tx, int64(c.Ticket))
		if err != nil || !found {
			return errors.Join(err, orNil(!found, noTicket(int64(c.Ticket))))
		}
		o.ticketObject = ticketOf(t)
		if o.Requester, err = requester(tx, t.Requester); err != nil {
			return err
		}
		parts, err := store.Participants(tx, t.ID)
		if err != nil {
			return err
		}
		for _, p := range parts {
			o.Participants = append(o.Participants, participantObject{p.Shown, p.Name, string(p.Role), p.Muted})
		}
		messages, err := store.Messages(tx, t.ID)
		if err != nil {
			return err
		}
		for _, m := range messages {
			o.Messages = append(o.Messages, messageObject{ID: m.ID, Kind: string(m.Kind), Author: string(m.Author),
				Address: m.Address, Visibility: string(m.Visibility), At: m.At.UTC(), MessageID: m.MessageID,
				Subject: m.Subject, Text: m.Text, Whole: m.Whole, Attachments: m.Files, Flags: m.Flags, Raw: m.Inbound != 0})
		}
		mails, err := mailout.List(tx, mailout.Filter{Ticket: t.ID, Limit: 1000})
		if err != nil {
			return err
		}
		slices.Reverse(mails)
		for _, m := range mails {
			o.Mails = append(o.Mails, outboxOf(m))
		}
		due, err := timers.OfTicket(tx, t.ID)
		for _, x := range due {
			o.Timers = append(o.Timers, timerOf(x))
		}
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(o)
	}
	zone := db.main.Location
	e.title("%s", safe(o.Subject))
	e.printf("%s\n", e.ticketLine(o.ticketObject))
	for _, p := range o.Participants {
		words := safe(strings.TrimSpace(p.Name + " <" + p.Address + ">"))
		if p.Muted {
			words += e.paint(red, "  its mailbox does not exist")
		}
		e.field(p.Role, words)
	}
	e.field("inbox", o.Inbox)
	e.field("opened", clock(o.Opened, zone)+e.paint(faint, "  "+ago(o.Opened, now)))
	if o.WaitsSince != nil {
		e.field("waits", e.paint(yellow, "for an answer since "+clock(*o.WaitsSince, zone)+", "+length(now.Sub(*o.WaitsSince))))
	}
	if o.Solved != nil {
		e.field("solved", clock(*o.Solved, zone))
	}
	if o.Linked != 0 {
		e.field("linked", fmt.Sprintf("#%d", o.Linked))
	}
	if o.MergedInto != 0 {
		e.field("merged into", fmt.Sprintf("#%d", o.MergedInto))
	}
	for _, t := range o.Timers {
		e.field("next", clock(t.Due, zone)+"  "+timerWords(t)+e.paint(faint, "  "+ago(t.Due, now)))
	}
	for _, m := range o.Messages {
		e.printf("\n%s %s %s", e.paint(cyan, "──"), e.paint(bold, m.Kind), author(m))
		e.printf("  %s", e.paint(faint, fmt.Sprintf("%s  message %d", clock(m.At, zone), m.ID)))
		if m.Visibility == string(tickets.Internal) {
			e.printf("  %s", e.paint(yellow, "internal"))
		}
		for _, f := range m.Flags {
			e.printf("  %s", e.paint(red, string(f)))
		}
		e.printf("\n")
		text := m.Text
		if c.Whole && m.Whole != "" {
			text = m.Whole
		}
		e.printf("%s\n", indented(safeText(text), "  "))
		for _, a := range m.Attachments {
			e.printf("  %s %s  %s  %s\n", e.paint(faint, "file"), safe(a.Name), safe(a.Type), octets(a.Size))
		}
	}
	if len(o.Mails) > 0 {
		e.printf("\n")
		e.title("Mails out")
		showOutbox(e, o.Mails, now, nil)
	}
	return nil
}

func author(m messageObject) string {
	if m.Address != "" {
		return safe(m.Address)
	}
	return safe(actorWords(tickets.Actor(m.Author)))
}

func orNil(wanted bool, err error) error {
	if wanted {
		return err
	}
	return nil
}

type ticketLogCmd struct {
	Ticket number `arg:"" placeholder:"NUMBER" help:"Its number."`
	inFolder
	Trace bool `short:"t" help:"Also show what each rule did or why it did nothing."`
	asJSON
}

// logged is an event for programs, with the rules' traces as objects.
type logged struct {
	tickets.Event
	Trace []rules.Trace `json:"rules,omitempty"`
	// Of a move to another tier: how long the ticket was at the previous one, except for the time
	// in which it was solved, and the agent's reason.
	Stood string `json:"stood,omitempty"`
	Why   string `json:"why,omitempty"`
}

// Run shows the history.
func (c *ticketLogCmd) Run(e *env) error {
	db, err := c.database(e)
	if err != nil {
		return err
	}
	defer db.Close()
	list := []logged{}
	people := map[tickets.Actor]string{}
	now := db.Now()
	err = db.View(e.ctx, func(tx *sqldb.Tx) error {
		list = list[:0]
		events, err := store.Events(tx, int64(c.Ticket))
		if err != nil {
			return err
		}
		if len(events) == 0 {
			return noTicket(int64(c.Ticket))
		}
		moved, err := moves(tx, int64(c.Ticket), events, now)
		if err != nil {
			return err
		}
		for _, event := range events {
			l := moved[event.ID]
			l.Event = event
			if event.Trace != "" {
				if err := json.Unmarshal([]byte(event.Trace), &l.Trace); err != nil {
					return fmt.Errorf("reading the trace of event %d: %w", event.ID, err)
				}
			}
			if id := event.Actor.Person(); id != 0 && people[event.Actor] == "" {
				if people[event.Actor], err = requester(tx, id); err != nil {
					return err
				}
			}
			list = append(list, l)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(list)
	}
	zone := db.main.Location
	show := func(list []logged) {
		t := e.table("id>", "when", "event", "by*", "because of", "what*")
		for _, l := range list {
			by := actorWords(l.Actor)
			if p := people[l.Actor]; p != "" {
				by = p
			}
			t.add(cell{strconv.FormatInt(l.ID, 10), faint}, cell{clock(l.At, zone), faint}, cell{string(l.Kind), cyan}, by,
				cell{causeWords(l.Cause), faint}, l.words())
		}
		t.print()
	}
	if !c.Trace {
		show(list)
		return nil
	}
	// The traces of the rules are printed below the event on which they ran.
	from := 0
	for i, l := range list {
		if len(l.Trace) == 0 && i < len(list)-1 {
			continue
		}
		show(list[from : i+1])
		for _, trace := range l.Trace {
			e.printf("%s\n",
				indented(e.paint(faint, safeText("rules on "+trace.Event+"\n"+strings.TrimRight(trace.String(), "\n"))), "    "))
		}
		if from = i + 1; from < len(list) {
			e.printf("\n")
		}
	}
	return nil
}

// moves returns the details of each event that moved a ticket to another tier.
func moves(tx *sqldb.Tx, id int64, events []tickets.Event, now time.Time) (map[int64]logged, error) {
	out := map[int64]logged{}
	stays, err := tickets.Stays(events, now)
	if err != nil {
		return nil, err
	}
	if len(stays) < 2 {
		return out, nil
	}
	messages, err := store.Messages(tx, id)
	for i := range stays[:len(stays)-1] { // the ticket is still at the last one
		s := &stays[i]
		l := logged{Stood: s.Spent.Round(time.Second).String()}
		for k := range messages {
			if messages[k].ID == s.Left.Message {
				l.Why = messages[k].Text
			}
		}
		out[s.Left.ID] = l
	}
	return out, err
}

// words describes what the event changed.
func (l *logged) words() string {
	out := []string{eventWords(l.Event)}
	if l.Stood != "" {
		out = append(out, "after "+l.Stood)
	}
	if why := strings.Join(strings.Fields(l.Why), " "); why != "" {
		out = append(out, strconv.Quote(why))
	}
	return strings.Join(out, ", ")
}

// actorWords returns a readable name of an actor: "agent:jane" becomes jane.
func actorWords(a tickets.Actor) string {
	switch kind, name := a.Split(); kind {
	case "agent":
		return name
	case "rule":
		return "rule " + strconv.Quote(name)
	case "timer":
		return "timer"
	case "vendor":
		return "vendor " + name
	case "mailbox":
		return "somebody at inbox " + name
	}
	return string(a)
}

// causeWords returns a readable form of a cause: "inbound:12" becomes mail 12.
func causeWords(cause string) string {
	kind, id, _ := strings.Cut(cause, ":")
	switch kind {
	case "inbound":
		return "mail " + id
	case "event":
		return "event " + id
	case "outbox":
		return "mail out " + id
	case "timer":
		return "time passed"
	}
	return cause
}

// eventWords describes what an event changed.
func eventWords(e tickets.Event) string {
	d := e.Data
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	change := func(to string) {
		if d.From != "" {
			add("%s → %s", d.From, to)
		} else {
			add("%s", to)
		}
	}
	switch {
	case d.Status != "" && e.Kind == tickets.StatusChanged:
		change(string(d.Status))
	case d.Status != "":
		add("%s", d.Status)
	}
	if d.Priority != "" {
		if e.Kind == tickets.PriorityChanged {
			change(d.Priority)
		} else {
			add("%s", d.Priority)
		}
	}
	if d.Tier != nil {
		tier := strconv.Itoa(*d.Tier)
		if d.From != "" && (e.Kind == tickets.TierChanged || e.Kind == tickets.Escalated) {
			add("tier %s → %s", d.From, tier)
		} else {
			add("tier %s", tier)
		}
	}
	switch {
	case e.Kind == tickets.TeamChanged:
		change(orNobody(d.Team))
	case d.Team != "":
		add("%s", d.Team)
	}
	switch {
	case e.Kind == tickets.Assigned:
		change(orNobody(d.Assignee))
	case d.Assignee != "":
		add("%s", d.Assignee)
	}
	for _, t := range d.Add {
		add("+%s", t)
	}
	for _, t := range d.Remove {
		add("-%s", t)
	}
	if d.Target != "" {
		if d.Percent > 0 && d.Percent < 100 {
			add("%s at %d %%", d.Target, d.Percent)
		} else {
			add("%s", d.Target)
		}
	}
	if d.Linked != 0 {
		add("with #%d", d.Linked)
	}
	switch e.Kind {
	case tickets.Warned, tickets.Missed, tickets.Elapsed:
		if d.Target == "" {
			add("%s", promiseWords(d.Reason))
		}
	default:
		if d.Reason != "" {
			add("%s", d.Reason)
		}
	}
	if d.Command != "" {
		add("by /%s", strings.TrimPrefix(d.Command, "/"))
	}
	if d.Inbound != 0 {
		add("mail %d", d.Inbound)
	}
	if d.Outbox != 0 {
		add("mail out %d", d.Outbox)
	}
	if e.Message != 0 {
		add("message %d", e.Message)
	}
	if d.Silent {
		add("automatic")
	}
	if d.Old {
		add("old")
	}
	return strings.Join(out, ", ")
}

func orNobody(s string) string {
	if s == "" {
		return "nobody"
	}
	return s
}

type ticketRawCmd struct {
	Ticket  number `arg:"" placeholder:"NUMBER" help:"Its number."`
	Message int64  `short:"m" placeholder:"ID" help:"The message, as numbered by ticket show (default: the first one that came as a mail)."`
	inFolder
	asJSON
}

// Run prints a mail as it arrived.
func (c *ticketRawCmd) Run(e *env) error {
	db, err := c.database(e)
	if err != nil {
		return err
	}
	defer db.Close()
	var m tickets.Message
	var raw []byte
	err = db.View(e.ctx, func(tx *sqldb.Tx) error {
		messages, err := store.Messages(tx, int64(c.Ticket))
		if err != nil {
			return err
		}
		i := slices.IndexFunc(messages, func(m tickets.Message) bool { return m.Inbound != 0 && (c.Message == 0 || m.ID == c.Message) })
		switch {
		case len(messages) == 0:
			return noTicket(int64(c.Ticket))
		case i < 0:
			return hinted(fmt.Errorf("ticket %d has no such message that arrived as a mail", c.Ticket), "tierdesk ticket show %d", c.Ticket)
		}
		m = messages[i]
		var kept bool
		if raw, kept, err = store.Raw(tx, m.Inbound); err == nil && !kept {
			err = hinted(errors.New("the mail is no longer kept"), "see keep: in tierdesk.yaml")
		}
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(rawOf(m.ID, m.Inbound, raw))
	}
	return e.raw(raw)
}

// rawObject is a mail as it arrived, for programs.
type rawObject struct {
	Message  int64  `json:"message,omitempty"`
	Inbound  int64  `json:"inbound"`
	Size     int    `json:"size"`
	Encoding string `json:"encoding"` // utf-8 or base64
	Raw      string `json:"raw"`
}

func rawOf(message, inbound int64, raw []byte) rawObject {
	o := rawObject{Message: message, Inbound: inbound, Size: len(raw), Encoding: "utf-8", Raw: string(raw)}
	if !utf8.Valid(raw) {
		o.Encoding, o.Raw = "base64", base64.StdEncoding.EncodeToString(raw)
	}
	return o
}

// raw writes the bytes of a mail. To a terminal it writes no control sequences.
func (e *env) raw(b []byte) error {
	if e.outTerminal {
		e.printf("%s\n", safeText(string(b)))
		return nil
	}
	_, err := e.out.Write(b)
	return err
}
