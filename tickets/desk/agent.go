package desk

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/read"
	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/sla"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
)

// enabled are the commands that this desk carries out; any other is held and its writer told so.
var enabled = []commands.Name{
	commands.Note, commands.Public, commands.Take, commands.Assign, commands.Status, commands.Close, commands.Solve, commands.Reopen, commands.Snooze, commands.Priority,
	commands.Tier, commands.Escalate, commands.Deescalate, commands.Team, commands.Tag, commands.Cc, commands.Spam, commands.Block, commands.Allow, commands.Send, commands.Drop, commands.Help,
}

// Commands are those that this desk carries out, for help and documentation.
func Commands() []commands.Name { return slices.Clone(enabled) }

// maxConfirmations bounds how often an hour an agent is asked whether a mail was his.
const maxConfirmations = 5

// agentMail is an agent's mail as it is worked on.
type agentMail struct {
	*decision
	agent *tickets.Agent
	ev    evidence
	trust trust
	r     commands.Result
	steps []templates.Step
}

// fromAgent decides on a mail that bears an agent's address, or that answers an agent's notice. In doubt it is held and goes back to him.
func (d *Desk) fromAgent(tx *sqldb.Tx, with *Decisions, in *arrived, ev evidence, agent *tickets.Agent, result *Explanation) error {
	stranger := with.People.AgentBy(in.author()) != agent
	confirmed := in.note != nil
	w := &agentMail{decision: d.decide(tx, with, fmt.Sprintf("inbound:%d", in.id), in.Received), agent: agent, ev: ev}
	w.in = in
	if result != nil {
		defer result.note(w.decision)
	}
	if ev.ticket == 0 {
		if w.parse(); len(w.r.Commands) == 0 && !onlyDoubts(w.r.Doubts, commands.Unknown, commands.NotYet, commands.BadArgument, commands.TwoOnLine) && !stranger {
			return d.asCustomer(tx, with, in, ev, result) // a request of his own, like anybody's
		}
		w.tell("commands without a ticket")
		return w.hold(templates.Held, tickets.HoldNoTicket, say("The mail belongs to no ticket that the desk can tell: answer a notice of the ticket."))
	}
	if ev.notice.Mail.ID != 0 && ev.notice.Mail.Party == mailout.Customer && !stranger {
		return d.asCustomer(tx, with, in, ev, result) // he is the one who asked
	}
	if ev.notice.Mail.ID == 0 && !stranger && !confirmed {
		if asked, err := store.TakesPart(tx, ev.ticket, in.author()); err != nil {
			return err
		} else if asked {
			return d.asCustomer(tx, with, in, ev, result)
		}
	}
	if err := w.open(ev.ticket); err != nil {
		return err
	}
	var why sentence
	w.trust, why = d.trustIn(tx, agent, in, ev)
	if stranger && !confirmed {
		w.trust, why = claimed, say("it comes from %s, which is no address of %s", in.author(), agent.FullName)
	}
	w.tell("from agent %s, %s: %s", agent.Name, w.trust, why.in(""))
	if w.trust == claimed {
		return w.askBack(why)
	}
	if err := w.spend(); err != nil {
		return err
	}
	if w.ev.action != token.Reply && w.ev.action != token.Note {
		return w.button()
	}
	w.parse()
	if (w.r.Has(commands.Send) || w.r.Has(commands.Drop)) && len(w.r.Doubts) == 0 && !confirmed {
		return w.settle(w.r.Has(commands.Send))
	}
	if ev.notice.Mail.Kind == string(templates.Confirm) && !confirmed {
		return w.hold(templates.Held, tickets.HoldConfirm, say("You answered the question whether a mail was yours. Write /send if it was, /drop if not; nothing else is taken from there."))
	}
	if in.Truncated {
		return w.hold(templates.Held, tickets.HoldTruncated, say("The mail is larger than the desk takes."))
	}
	if len(w.r.Doubts) > 0 && !confirmed {
		var reasons []sentence
		for _, doubt := range w.r.Doubts {
			reasons = append(reasons, quote(doubt.In(w.language())))
		}
		return w.hold(templates.Held, tickets.HoldDoubt, reasons...)
	}
	signed, _ := d.signed(in)
	if need := w.r.NeedAuthenticated(); len(need) > 0 && !signed && !confirmed {
		// A reply address may have come into other hands, and these commands show the ticket to others.
		return w.hold(templates.Held, tickets.HoldUnproven, say("/%s needs more proof than a reply address that it was you who wrote. Answer this mail with /send if it was.", need[0]))
	}
	body := w.body()
	public := body != "" && !w.r.Note && w.ev.action != token.Note
	if public {
		if later, err := w.unseen(); err != nil {
			return err
		} else if later != nil && !confirmed {
			w.tell("stale: message %d came after the notice", later.ID)
			return w.holdStale(later)
		}
		parts, err := w.participants()
		if err != nil {
			return err
		}
		if len(parts) == 0 {
			return w.hold(templates.Held, tickets.HoldNobody, say("Nobody outside takes part in this ticket: there is nobody to answer. Write /note above the text to keep it as a note, or /cc + to name somebody."))
		}
	}
	if err := w.execute(body, public); err != nil {
		return err
	}
	outcome := tickets.AsMessage
	if body == "" {
		outcome = tickets.AsCommand
	}
	if err := store.Decide(tx, in.id, outcome, "", w.trust.String()+": "+why.in(""), w.t.ID); err != nil {
		return err
	}
	if ev.notice.Mail.Kind == string(templates.Held) && !confirmed {
		// The mended mail takes the place of the one that was held.
		if h, found, err := store.HeldByNotice(tx, ev.notice.Mail.ID, w.t.ID, agent.Name); err != nil {
			return err
		} else if found && h.State == tickets.HeldWaiting {
			if _, err := store.SettleHeld(tx, h.ID, tickets.HeldDropped); err != nil {
				return err
			}
		}
	}
	return w.finish()
}

// asCustomer treats an agent's mail like anybody's: it opens a ticket of his own, or goes on with it.
func (d *Desk) asCustomer(tx *sqldb.Tx, with *Decisions, in *arrived, ev evidence, result *Explanation) error {
	p, known, err := store.PersonAt(tx, in.author())
	if err != nil {
		return err
	}
	return d.fromCustomer(tx, with, in, ev, p, known, result)
}

// parse reads the commands in what is new in the mail.
func (w *agentMail) parse() {
	opt := commands.Options{Now: w.in.Received, Location: w.set.Location, Signature: w.agent.Signature, HTML: !w.in.m.Plain, Enabled: enabled, Agents: []string{}, Teams: []string{}, Priorities: []string{}, Vendors: []string{}}
	for _, a := range w.with.People.Agents {
		opt.Agents = append(opt.Agents, a.Name)
	}
	for _, t := range w.with.People.Teams {
		opt.Teams = append(opt.Teams, t.Name)
	}
	for _, v := range w.with.People.Vendors {
		opt.Vendors = append(opt.Vendors, v.Name)
	}
	for _, p := range w.with.Service.Priorities {
		opt.Priorities = append(opt.Priorities, p.Name)
	}
	for _, t := range w.with.Service.Tiers {
		if !t.Outside && t.Team != "" {
			opt.Tiers = append(opt.Tiers, t.Level)
		}
	}
	text := w.in.m.Reply
	if w.in.m.NothingNew {
		text = "" // all of it is quoted: our own notice, perhaps
	}
	w.r = commands.Parse(text, opt)
}

// body is what the agent wrote below his commands. Of a mail that he wants done as it is, doubts and all, it is what he typed but for the commands.
func (w *agentMail) body() string {
	if w.in.note != nil {
		return w.r.AsTyped
	}
	return w.r.Body
}

func onlyDoubts(doubts []commands.Doubt, reasons ...commands.Reason) bool {
	return slices.ContainsFunc(doubts, func(d commands.Doubt) bool { return slices.Contains(reasons, d.Reason) })
}

// spend uses up the notice's token when the mail that carries it goes to anyone outside as well, who now has it too.
func (w *agentMail) spend() error {
	if w.ev.notice.Mail.ID == 0 || w.in.note != nil {
		return nil
	}
	for _, a := range slices.Concat(w.in.m.To, w.in.m.Cc) {
		if !w.ours(a.Address) && w.with.People.AgentBy(a.Address) == nil {
			w.tell("the reply address is used up: the mail also went to %s", a.Address)
			_, err := mailout.Spend(w.tx, w.ev.notice.Mail.ID)
			return err
		}
	}
	return nil
}

// unseen gives the first public message that came after what the agent had before him, and was not his own.
func (w *agentMail) unseen() (*tickets.Message, error) {
	if w.ev.notice.Mail.ID == 0 {
		return nil, nil // no notice, so nobody knows what he had seen; the evidence is a Message-ID of the conversation itself
	}
	later, err := store.MessagesAfter(w.tx, w.t.ID, w.ev.notice.Mail.AfterMessage)
	if err != nil {
		return nil, err
	}
	for i := range later {
		if later[i].Author != tickets.AgentActor(w.agent.Name) {
			return &later[i], nil
		}
	}
	return nil, nil
}

// execute does what the mail says: first its text, then its commands in their order.
func (w *agentMail) execute(body string, public bool) error {
	actor := tickets.AgentActor(w.agent.Name)
	for _, c := range w.r.Commands {
		if c.Name == commands.Cc { // who is added gets this answer too
			if err := w.carbon(c, actor); err != nil {
				return err
			}
		}
	}
	switch {
	case public:
		if err := w.answer(body, actor); err != nil {
			return err
		}
	case body != "":
		if err := w.note(body, actor); err != nil {
			return err
		}
	}
	for _, c := range w.r.Commands {
		outcome, err := w.command(c, actor)
		if err != nil {
			return err
		}
		if outcome.text != "" {
			w.steps = append(w.steps, templates.Step{Command: strings.TrimSpace(c.Raw), Outcome: outcome.in(w.language())})
		}
	}
	if len(w.r.Commands) == 0 {
		return nil
	}
	if w.r.Has(commands.Help) && len(w.r.Commands) == 1 {
		w.want(want{kind: templates.Help, agent: w.agent.Name, author: tickets.Desk, facts: func(f *templates.Facts) { f.Commands = usages(w.language()) }})
		return nil
	}
	w.want(want{kind: templates.Receipt, agent: w.agent.Name, author: tickets.Desk, facts: func(f *templates.Facts) { f.Steps = w.steps }})
	return nil
}

// language is the one that the agent reads.
func (w *agentMail) language() string { return cmp.Or(w.agent.Language, w.set.Language) }

// usages are the commands with what they do, for help.
func usages(language string) []templates.Usage {
	var out []templates.Usage
	for _, h := range commands.HelpLines(language, enabled) {
		out = append(out, templates.Usage{Command: h.Usage, Does: h.Text})
	}
	return out
}

// answer sends the text to everybody outside who takes part.
func (w *agentMail) answer(body string, actor tickets.Actor) error {
	text, err := w.withoutForeignQuotes(body)
	if err != nil {
		return err
	}
	group, err := w.tx.NextID("outbox")
	if err != nil {
		return err
	}
	if err := w.insertText(tickets.FromAgent, tickets.Public, text, w.keys.MessageID(w.t.ID, group, w.set.Domain), actor); err != nil {
		return err
	}
	e := tickets.Event{Kind: tickets.AgentReplied, Actor: actor, Message: w.current.ID, Data: tickets.Data{Inbound: w.in.id}}
	if !w.setsStatus() {
		e.Data.Status = tickets.Pending // it is the customer's turn now
	}
	if err := w.handle(e); err != nil {
		return err
	}
	w.replies = append(w.replies, want{kind: templates.Answer, author: actor, body: text, message: group})
	w.steps = append(w.steps, templates.Step{Outcome: say("Your text goes to the customer.").in(w.language())})
	return w.claim(actor)
}

// claim gives a ticket that nobody has to who answers it.
func (w *agentMail) claim(actor tickets.Actor) error {
	if w.t.Assignee != "" || w.r.Has(commands.Assign) || w.r.Has(commands.Take) || w.r.Has(commands.Team) || w.r.Has(commands.Tier) || w.r.Has(commands.Escalate) || w.r.Has(commands.Deescalate) {
		return nil
	}
	return w.handle(tickets.Event{Kind: tickets.Assigned, Actor: actor, Data: tickets.Data{Assignee: w.agent.Name, Reason: "answered"}})
}

func (w *agentMail) setsStatus() bool {
	return slices.ContainsFunc(w.r.Commands, func(c commands.Command) bool { return c.Status != "" })
}

// note keeps the text inside and tells the colleagues who work on the ticket.
func (w *agentMail) note(body string, actor tickets.Actor) error {
	if err := w.insertText(tickets.Note, tickets.Internal, body, "", actor); err != nil {
		return err
	}
	if err := w.handle(tickets.Event{Kind: tickets.Noted, Actor: actor, Message: w.current.ID, Data: tickets.Data{Inbound: w.in.id}}); err != nil {
		return err
	}
	involved, err := w.involved()
	if err != nil {
		return err
	}
	for _, name := range involved {
		w.want(want{kind: templates.AgentNote, agent: name, author: actor})
	}
	w.steps = append(w.steps, templates.Step{Outcome: say("Your text is a note; the customer does not see it.").in(w.language())})
	return nil
}

func (w *agentMail) insertText(kind tickets.MessageKind, visibility tickets.Visibility, text, messageID string, actor tickets.Actor) error {
	m := tickets.Message{Ticket: w.t.ID, Inbound: w.in.id, Kind: kind, Author: actor, Visibility: visibility, At: w.at, MessageID: messageID, Subject: limit(w.in.m.Subject, 998), Text: text}
	m.Files = files(w.in.m)
	return w.insert(m)
}

// involved are the colleagues who have had to do with the ticket: who has it, else its team, and whoever wrote in it.
func (w *agentMail) involved() ([]string, error) {
	past, err := w.past()
	if err != nil {
		return nil, err
	}
	out := w.working()
	for _, e := range past {
		if name := e.Actor.Agent(); name != "" && w.with.People.Agent(name) != nil {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return slices.DeleteFunc(out, func(name string) bool { return name == w.agent.Name }), nil
}

// command carries out one command and tells what was done, an empty sentence for what needs no word.
func (w *agentMail) command(c commands.Command, actor tickets.Actor) (sentence, error) {
	name := string(c.Name)
	switch c.Name {
	case commands.Note, commands.Public, commands.Help:
		return sentence{}, nil
	case commands.Cc: // before the text went out
		for _, a := range c.Add {
			if colleague := w.with.People.AgentBy(a); colleague != nil {
				return say("%s is a colleague, whose address the customer must not see: use /note or /assign.", colleague.FullName), nil
			}
		}
		return say("Done."), nil
	case commands.Take, commands.Assign:
		return w.assign(c, actor)
	case commands.Status, commands.Close, commands.Solve, commands.Reopen:
		before := w.t.Status
		if before == c.Status {
			return say("It was %s already.", before), nil
		}
		if err := w.setStatus(c.Status, actor, w.cause, name); err != nil {
			return sentence{}, err
		}
		return say("%s, was %s.", w.t.Status, before), nil
	case commands.Priority:
		before := w.t.Priority
		if before == c.Args.Name {
			return say("It was %s already.", before), nil
		}
		if err := w.handle(tickets.Event{Kind: tickets.PriorityChanged, Actor: actor, Data: tickets.Data{Priority: c.Args.Name, From: before, Command: name}}); err != nil {
			return sentence{}, err
		}
		return say("%s, was %s.", w.t.Priority, before), w.tellOthers(say("%s set the priority to %s (was %s).", w.agent.FullName, w.t.Priority, before))
	case commands.Tier, commands.Escalate, commands.Deescalate:
		return w.tierCommand(c, actor)
	case commands.Team:
		if w.t.Team == c.Args.Name {
			return say("It was with that team already."), nil
		}
		if err := w.handle(tickets.Event{Kind: tickets.TeamChanged, Actor: actor, Data: tickets.Data{Team: c.Args.Name, From: w.t.Team, Command: name}}); err != nil {
			return sentence{}, err
		}
		return say("With team %s now.", w.teamName(w.t.Team)), w.tellTeam(actor)
	case commands.Tag:
		data := tickets.Data{Command: name}
		for _, tag := range c.Add {
			if !w.t.HasTag(tag) {
				data.Add = append(data.Add, tag)
			}
		}
		for _, tag := range c.Remove {
			if w.t.HasTag(tag) {
				data.Remove = append(data.Remove, tag)
			}
		}
		if len(data.Add)+len(data.Remove) == 0 {
			return say("Nothing to change."), nil
		}
		if err := w.handle(tickets.Event{Kind: tickets.Tagged, Actor: actor, Data: data}); err != nil {
			return sentence{}, err
		}
		return say("Tags: %s", strings.Join(w.t.Tags, " ")), nil
	case commands.Spam:
		return w.spam(actor)
	case commands.Block, commands.Allow:
		return w.judgeRequester(c.Name == commands.Allow)
	case commands.Snooze:
		at := c.When.At
		if err := timers.Set(w.tx, timers.Timer{Ticket: w.t.ID, Kind: timers.Snooze, Name: w.agent.Name, Due: sqldb.At(at)}); err != nil {
			return sentence{}, err
		}
		return say("You will hear of it again on %s.", at.In(w.set.Location).Format("2006-01-02 15:04")), nil
	}
	return sentence{}, fmt.Errorf("command /%s is enabled, but nobody does it", c.Name)
}

// assign gives the ticket to somebody, and tells him; who takes a ticket has his team told, so that no two work on it.
func (w *agentMail) assign(c commands.Command, actor tickets.Actor) (sentence, error) {
	to := ""
	switch c.Assignee.Kind {
	case commands.ToMe:
		to = w.agent.Name
	case commands.ToAgent:
		to = c.Assignee.Name
	case commands.ToNamedTeam:
		if err := w.handle(tickets.Event{Kind: tickets.TeamChanged, Actor: actor, Data: tickets.Data{Team: c.Assignee.Name, From: w.t.Team, Command: string(c.Name)}}); err != nil {
			return sentence{}, err
		}
		return say("With team %s now.", w.teamName(w.t.Team)), w.tellTeam(actor)
	}
	if to == w.t.Assignee {
		return say("Nothing to change."), nil
	}
	before := w.t.Assignee
	if err := w.handle(tickets.Event{Kind: tickets.Assigned, Actor: actor, Data: tickets.Data{Assignee: to, From: before, Command: string(c.Name)}}); err != nil {
		return sentence{}, err
	}
	switch {
	case to == w.agent.Name:
		return say("It is yours."), w.tellTeamMates(say("%s has taken this ticket.", w.agent.FullName), before)
	case to == "":
		return say("Nobody has it now."), w.tellTeamMates(say("%s has given this ticket back: nobody has it.", w.agent.FullName), before)
	}
	w.want(want{kind: templates.Assigned, agent: to, author: actor})
	return say("%s has it now.", w.with.People.Agent(to).FullName), nil
}

func (w *agentMail) tierCommand(c commands.Command, actor tickets.Actor) (sentence, error) {
	var tier *tickets.Tier
	switch c.Name {
	case commands.Tier:
		tier = w.with.Service.Tier(c.Args.Tier)
	case commands.Escalate:
		tier = w.with.Service.Above(w.t.Tier)
	case commands.Deescalate:
		tier = w.with.Service.Below(w.t.Tier)
	}
	switch {
	case tier == nil && c.Name == commands.Escalate:
		return say("This is the highest tier inside; the lead is told."), w.escalate(actor, string(c.Name), quote(c.Text))
	case tier == nil:
		return say("There is no tier below."), nil
	case tier.Level == w.t.Tier:
		return say("It was there already."), nil
	}
	if err := w.moveTo(tier, actor, string(c.Name), quote(c.Text)); err != nil {
		return sentence{}, err
	}
	return say("At tier %d (%s) now.", tier.Level, tier.Name), nil
}

// carbon adds and removes participants.
func (w *agentMail) carbon(c commands.Command, actor tickets.Actor) error {
	for _, a := range c.Add {
		if w.with.People.AgentBy(a) != nil {
			continue // the customer would see the colleague's address
		}
		if err := w.join(a, tickets.Cc, actor); err != nil {
			return err
		}
	}
	for _, a := range c.Remove {
		left, err := store.Leave(w.tx, w.t.ID, mailin.Fold(a))
		if err != nil {
			return err
		}
		if left {
			w.loaded.parts = false
			if err := w.handle(tickets.Event{Kind: tickets.Joined, Actor: actor, Data: tickets.Data{Reason: "left", Command: string(c.Name)}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellTeam tells the team that now has the ticket.
func (w *agentMail) tellTeam(actor tickets.Actor) error {
	for _, name := range w.team(w.t.Team) {
		if name != w.agent.Name {
			w.want(want{kind: templates.Escalation, agent: name, author: actor, before: w.t.Tier})
		}
	}
	return nil
}

// tellOthers tells who works on the ticket, but for who did it.
func (w *agentMail) tellOthers(said sentence) error {
	involved, err := w.involved()
	for _, name := range involved {
		w.want(want{kind: templates.AgentNote, agent: name, author: tickets.Desk, said: said})
	}
	return err
}

// tellTeamMates tells the team of the ticket and who had it before.
func (w *agentMail) tellTeamMates(said sentence, before string) error {
	mates := w.team(w.t.Team)
	if before != "" {
		mates = append(mates, before)
	}
	slices.Sort(mates)
	for _, name := range slices.Compact(mates) {
		if name != w.agent.Name {
			w.want(want{kind: templates.AgentNote, agent: name, author: tickets.Desk, said: said})
		}
	}
	return nil
}

// withoutForeignQuotes drops quoted lines that the customer did not write himself: they could be a colleague's note.
func (w *agentMail) withoutForeignQuotes(text string) (string, error) {
	if !strings.Contains(text, ">") {
		return text, nil
	}
	messages, err := store.Messages(w.tx, w.t.ID)
	if err != nil {
		return "", err
	}
	own := map[string]bool{}
	for _, m := range messages {
		if m.Visibility == tickets.Public && m.Kind == tickets.FromCustomer {
			for line := range strings.SplitSeq(m.Text, "\n") {
				own[strings.Join(strings.Fields(line), " ")] = true
			}
		}
	}
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, ">") && !own[strings.Join(strings.Fields(strings.TrimLeft(trimmed, "> ")), " ")] {
			continue
		}
		out = append(out, line)
	}
	return strings.TrimSpace(strings.Join(out, "\n")), nil
}

// hold keeps the mail back and returns it to the agent with the reasons.
func (w *agentMail) hold(kind templates.Name, reason tickets.HoldReason, why ...sentence) error {
	return w.holdWith(kind, reason, nil, why...)
}

func (w *agentMail) holdStale(later *tickets.Message) error {
	return w.holdWith(templates.Held, tickets.HoldStale, later, say("Something was written that you had not seen when you answered."))
}

func (w *agentMail) holdWith(kind templates.Name, reason tickets.HoldReason, later *tickets.Message, why ...sentence) error {
	id, err := store.Hold(w.tx, tickets.HeldMail{Ticket: w.t.ID, Agent: w.agent.Name, Inbound: w.in.id, Reason: reason})
	if err != nil {
		return err
	}
	if err := store.Decide(w.tx, w.in.id, tickets.AsHeld, tickets.Cause(reason), store.Words(all(why, "")), w.t.ID); err != nil {
		return err
	}
	w.tell("held (%s): %s", reason, strings.Join(all(why, ""), "; "))
	n := want{kind: kind, agent: w.agent.Name, reasons: why, body: w.in.m.Reply, author: tickets.Desk, earlier: later, held: id}
	n.facts = func(f *templates.Facts) {
		f.Author = templates.Person{Name: w.in.m.Author().Name, Address: w.in.author()}
		if reason == tickets.HoldDoubt && len(w.r.Doubts) == 1 && w.r.Doubts[0].Reason == commands.Unknown {
			// The commonest case has words of its own in the template.
			f.Reasons, f.Command, f.Nearest = nil, w.r.Doubts[0].Text, w.r.Doubts[0].Nearest
		}
	}
	w.want(n)
	if w.t.ID == 0 { // no ticket: only the mail back
		if err := w.mails(); err != nil {
			return err
		}
		return mailout.EnqueueAll(w.tx, w.out)
	}
	if err := w.handle(tickets.Event{Kind: tickets.Held, Actor: tickets.AgentActor(w.agent.Name), Data: tickets.Data{Held: id, Inbound: w.in.id, Reason: string(reason)}}); err != nil {
		return err
	}
	return w.finish()
}

// askBack holds a mail that only claims to be the agent's, and asks him at the address that we know.
func (w *agentMail) askBack(why sentence) error {
	asked, err := mailout.CountKind(w.tx, w.agent.Address, string(templates.Confirm), w.tx.Now().Add(-time.Hour))
	if err != nil {
		return err
	}
	if asked >= maxConfirmations {
		cause := tickets.CauseUnknownUserUpdate
		if w.in.m.Auth.Verdict == mailin.VerdictFail {
			cause = tickets.CauseFailedAuthentication
		}
		return w.quarantine(w.tx, w.in, cause, "it claims to be from "+w.agent.Name+", who has been asked too often within an hour; "+why.in(""))
	}
	return w.holdWith(templates.Confirm, tickets.HoldClaimed, nil, say("A mail came in your name, but %s.", why))
}

// button does what the address says; what the mail says does not matter.
func (w *agentMail) button() error {
	var c commands.Command
	switch w.ev.action {
	case token.Send, token.Drop:
		return w.settle(w.ev.action == token.Send)
	case token.Take:
		c = commands.Command{Name: commands.Take, Raw: "/take", Args: commands.Args{Assignee: commands.Assignee{Kind: commands.ToMe}}}
	case token.Close:
		c = commands.Command{Name: commands.Close, Raw: "/close", Args: commands.Args{Status: tickets.Closed}}
	case token.Snooze:
		c = commands.Command{Name: commands.Snooze, Raw: "/snooze 1d", Args: commands.Args{When: sla.When{At: w.tx.Now().Add(24 * time.Hour)}}}
	default:
		return w.hold(templates.Held, tickets.HoldDoubt, say("The desk does not know this button."))
	}
	w.r = commands.Result{Commands: []commands.Command{c}}
	if err := w.execute("", false); err != nil {
		return err
	}
	if err := store.Decide(w.tx, w.in.id, tickets.AsCommand, "button", "", w.t.ID); err != nil {
		return err
	}
	return w.finish()
}

// settle sends or drops the mail that was held.
func (w *agentMail) settle(send bool) error {
	h, found, err := store.HeldByNotice(w.tx, w.ev.notice.Mail.ID, w.t.ID, w.agent.Name)
	if err != nil {
		return err
	}
	if err := store.Decide(w.tx, w.in.id, tickets.AsCommand, "", "", w.t.ID); err != nil {
		return err
	}
	state, outcome := tickets.HeldDropped, say("The held mail was dropped.")
	if send {
		state, outcome = tickets.HeldSent, say("The held mail was done as it was.")
	}
	if signed, _ := w.signed(w.in); found && h.Reason == tickets.HoldUnproven && h.Notice != w.ev.notice.Mail.ID && !signed {
		found = false // only an answer to the question itself proves more than the mail that was held
	}
	settled := false
	if found && h.Agent == w.agent.Name {
		if settled, err = store.SettleHeld(w.tx, h.ID, state); err != nil {
			return err
		}
	}
	if !settled {
		outcome = say("No mail of yours is held here.")
	} else if err := w.handle(tickets.Event{Kind: tickets.HeldSettled, Actor: tickets.AgentActor(w.agent.Name), Data: tickets.Data{Held: h.ID, Reason: string(state)}}); err != nil {
		return err
	}
	command := "/drop"
	if send {
		command = "/send"
	}
	w.want(want{kind: templates.Receipt, agent: w.agent.Name, author: tickets.Desk, facts: func(f *templates.Facts) {
		f.Steps = []templates.Step{{Command: command, Outcome: outcome.in(w.language())}}
	}})
	if err := w.finish(); err != nil {
		return err
	}
	if !settled || !send {
		return nil
	}
	return w.again(h)
}

// again decides a held mail as if its writer had proven himself and meant every word.
func (w *agentMail) again(h tickets.HeldMail) error {
	row, found, err := store.ArrivalByID(w.tx, h.Inbound)
	if err != nil {
		return err
	}
	raw, kept, err := store.Raw(w.tx, h.Inbound)
	if err != nil {
		return err
	}
	if !found || !kept {
		return errors.New("the held mail is no longer kept")
	}
	in := &arrived{Raw: mailin.Raw{Inbox: row.Inbox, Received: row.Received, Bytes: raw, Size: row.Size}, m: read.Mail(raw, w.set.Reading), id: h.Inbound,
		note: &confirmation{agent: w.agent.Name, held: h}}
	ev, err := w.evidenceOf(w.tx, w.with, w.keys, in)
	if err != nil {
		return err
	}
	if ev.ticket == 0 {
		ev.ticket = h.Ticket
	}
	ev.action = token.Reply
	return w.fromAgent(w.tx, w.with, in, ev, w.agent, nil)
}
