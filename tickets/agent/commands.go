package agent

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/timers"
	"tierdesk/tickets/view"
)

// Commands are those on what a ticket says, who has it and how it stands.
func Commands() []decision.Command {
	return append([]decision.Command{
		{Name: commands.Note, Help: phrase.Say("Keeps the text below internal: the customer does not see it."), Do: nothing},
		{Name: commands.Public, Help: phrase.Say("Sends the text below to the customer."), Do: nothing},
		{Name: commands.Take, Help: phrase.Say("Assigns the ticket to you."), Do: assign},
		{Name: commands.Assign, Help: phrase.Say("Assigns the ticket to an agent or a team, returns it to its team, or unassigns it."),
			Do: assign},
		{Name: commands.Status, Help: phrase.Say("Sets the status."), Do: setStatus},
		{Name: commands.Close, Help: phrase.Say("Closes the ticket."), Do: setStatus},
		{Name: commands.Solve, Help: phrase.Say("Marks the ticket as solved; it closes by itself some days later."), Do: setStatus},
		{Name: commands.Reopen, Help: phrase.Say("Reopens the ticket."), Do: setStatus},
		{Name: commands.Snooze, Help: phrase.Say("Reminds you of the ticket at that time."), Do: snooze},
		{Name: commands.Priority, Help: phrase.Say("Sets the priority; the clocks are counted again from the start."), Do: setPriority},
		{Name: commands.Tier, Help: phrase.Say("Moves the ticket to a tier."), Do: setTier},
		{Name: commands.Escalate, Help: phrase.Say("Moves the ticket up one tier, with your reason."), Do: setTier},
		{Name: commands.Deescalate, Help: phrase.Say("Moves the ticket down one tier."), Do: setTier},
		{Name: commands.Team, Help: phrase.Say("Hands the ticket to a team."), Do: setTeam},
		{Name: commands.Tag, Help: phrase.Say("Adds and removes tags."), Do: tag},
		{Name: commands.Cancel, Help: phrase.Say("Takes your last answer back while it waits to be sent."), Do: cancel},
		{Name: commands.Cc, Help: phrase.Say("Adds and removes participants."), Proof: true, Do: cc},
	}, values()...)
}

// Words are the commands that say what becomes of a mail, and the one that asks for help. They
// stand last in help.
func Words() []decision.Command {
	return []decision.Command{
		// a mail with them settles what is held, and goes no further
		{Name: commands.Send, Help: phrase.Say("Sends the held mail."), Do: nothing},
		{Name: commands.Drop, Help: phrase.Say("Discards the held mail."), Do: nothing},
		{Name: commands.Help, Help: phrase.Say("Sends you this list."), Do: nothing},
	}
}

// nothing is for commands that say how the mail is read.
func nothing(*decision.Act, commands.Command) (phrase.Text, error) { return phrase.Text{}, nil }

// setStatus is /status, /close, /solve and /reopen.
func setStatus(a *decision.Act, c commands.Command) (phrase.Text, error) {
	before := a.Ticket.Status
	if before == c.Status {
		return phrase.Say("It was %s already.", phrase.Status(before)), nil
	}
	if err := a.SetStatus(c.Status, a.Actor(), a.Cause, string(c.Name)); err != nil {
		return phrase.Text{}, err
	}
	return phrase.Say("%s, was %s.", phrase.Status(a.Ticket.Status), phrase.Status(before)), nil
}

func setPriority(a *decision.Act, c commands.Command) (phrase.Text, error) {
	before := a.Ticket.Priority
	was := phrase.Priority(before)
	if before == c.Args.Name {
		return phrase.Say("It was %s already.", was), nil
	}
	if err := a.Handle(tickets.Event{Kind: tickets.PriorityChanged, Actor: a.Actor(),
		Data: tickets.Data{Priority: c.Args.Name, From: before, Command: string(c.Name)}}); err != nil {
		return phrase.Text{}, err
	}
	is := phrase.Priority(a.Ticket.Priority)
	told := phrase.Say("%s set the priority to %s (was %s).", a.Agent.FullName, is, was)
	return phrase.Say("%s, was %s.", is, was),
		a.TellInvolved(notice.Notice{Kind: templates.AgentNote, Author: tickets.Desk, Text: told})
}

func tag(a *decision.Act, c commands.Command) (phrase.Text, error) {
	data := tickets.Data{Command: string(c.Name)}
	for _, name := range c.Add {
		if !a.Ticket.HasTag(name) {
			data.Add = append(data.Add, name)
		}
	}
	for _, name := range c.Remove {
		if a.Ticket.HasTag(name) {
			data.Remove = append(data.Remove, name)
		}
	}
	if len(data.Add)+len(data.Remove) == 0 {
		return phrase.Say("Nothing to change."), nil
	}
	if err := a.Handle(tickets.Event{Kind: tickets.Tagged, Actor: a.Actor(), Data: data}); err != nil {
		return phrase.Text{}, err
	}
	if len(a.Ticket.Tags) == 0 {
		return phrase.Say("The ticket has no tags any more."), nil
	}
	return phrase.Say("Tags: %s", strings.Join(a.Ticket.Tags, " ")), nil
}

func snooze(a *decision.Act, c commands.Command) (phrase.Text, error) {
	if a.Ticket.Status.Done() {
		return decision.Refuse(isDone(a)) // a reminder of what is done is never sent
	}
	at := c.When.At
	err := timers.Set(a.Tx, timers.Timer{Ticket: a.Ticket.ID, Kind: timers.Snooze, Name: a.Agent.Name, Due: sqldb.At(at)})
	return phrase.Say("You will hear of it again on %s.", a.LocalTime(at)), err
}

// FireSnooze brings a ticket back to who put it off.
func FireSnooze(ctx decision.Context, t timers.Timer) error {
	d := decision.Begin(ctx, "timer:snooze", ctx.Tx.Now())
	c, err := d.Open(t.Ticket)
	if err != nil || c.Ticket.Status.Done() {
		return err
	}
	c.Notify(notice.Notice{Kind: templates.AgentNote, Agent: t.Name, Text: phrase.Say("You asked to be reminded of this ticket."),
		Author: tickets.Desk, Asked: true})
	_, err = d.Finish()
	return err
}

// ---- who has the ticket

// assign gives the ticket to somebody, and tells them; when an agent takes a ticket its team is
// told, so that no two work on it.
func assign(a *decision.Act, c commands.Command) (phrase.Text, error) {
	to := ""
	switch c.Assignee.Kind {
	case commands.ToMe:
		to = a.Agent.Name
	case commands.ToAgent:
		to = c.Assignee.Name
	case commands.ToNamedTeam:
		return giveToTeam(a, c.Assignee.Name, c.Name)
	}
	before := a.Ticket.Assignee
	if to == before {
		return phrase.Say("Nothing to change."), nil
	}
	if until, err := a.AwayUntil(to); err != nil {
		return phrase.Text{}, err
	} else if !until.IsZero() && to != a.Agent.Name {
		return decision.Refuse(phrase.Say("Nothing was done: %s", a.IsAway(a.Policy.People.Agent(to), until)))
	}
	if err := a.Handle(tickets.Event{Kind: tickets.Assigned, Actor: a.Actor(),
		Data: tickets.Data{Assignee: to, From: before, Command: string(c.Name)}}); err != nil {
		return phrase.Text{}, err
	}
	switch to {
	case a.Agent.Name:
		tellTeamMates(a, before, phrase.Say("%s has taken this ticket.", a.Agent.FullName))
		return phrase.Say("It is yours."), nil
	case "":
		tellTeamMates(a, before, phrase.Say("%s has given this ticket back: nobody has it.", a.Agent.FullName))
		return phrase.Say("Nobody has it now."), nil
	}
	a.Notify(notice.Notice{Kind: templates.Assigned, Agent: to, Author: a.Actor()})
	return phrase.Say("%s has it now.", a.Policy.People.Agent(to).FullName), nil
}

func setTeam(a *decision.Act, c commands.Command) (phrase.Text, error) {
	if a.Ticket.Team == c.Args.Name {
		return phrase.Say("It is already with that team."), nil
	}
	return giveToTeam(a, c.Args.Name, c.Name)
}

func giveToTeam(a *decision.Act, team string, command commands.Name) (phrase.Text, error) {
	if a.Ticket.Status.Done() {
		return decision.Refuse(isDone(a))
	}
	if err := a.Handle(tickets.Event{Kind: tickets.TeamChanged, Actor: a.Actor(),
		Data: tickets.Data{Team: team, From: a.Ticket.Team, Command: string(command)}}); err != nil {
		return phrase.Text{}, err
	}
	if err := a.TellTeam(); err != nil {
		return phrase.Text{}, err
	}
	if who := a.Policy.People.Agent(a.Ticket.Assignee); who != nil {
		return phrase.Say("With team %s now; %s has it.", a.TeamName(a.Ticket.Team), who.FullName), nil
	}
	return phrase.Say("With team %s now.", a.TeamName(a.Ticket.Team)), nil
}

// tellTeamMates tells who watches the ticket, who had it before, and the team if it is to know:
// that somebody has taken what was nobody's ends it for them, and some teams want to hear nothing
// of that.
func tellTeamMates(a *decision.Act, before string, words phrase.Text) {
	mates := view.Watching(a.Policy, &a.Ticket, before)
	if before != "" {
		mates = append(mates, before)
	}
	team := a.Policy.People.Team(view.TeamOf(a.Policy, &a.Ticket))
	if a.Ticket.Assignee == "" || before == "" && (team == nil || !team.Silent) {
		mates = append(mates, view.Team(a.Policy, &a.Ticket, a.Ticket.Team)...)
	}
	for _, name := range mates {
		if name != a.Agent.Name {
			a.Notify(notice.Notice{Kind: templates.AgentNote, Agent: name, Author: tickets.Desk, Text: words})
		}
	}
}

// ---- at which tier

// setTier is /tier, /escalate and /deescalate. The reason is a note of the agent's.
func setTier(a *decision.Act, c commands.Command) (phrase.Text, error) {
	if a.Ticket.Status.Done() {
		return decision.Refuse(isDone(a))
	}
	tier := wantedTier(a, c)
	if lacking := lacking(a, c); !lacking.Empty() {
		return decision.Refuse(lacking)
	}
	note, err := noteReason(a, c)
	if err != nil {
		return phrase.Text{}, err
	}
	why := decision.Why{Said: phrase.Verbatim(c.Text), Note: note, Data: tickets.Data{Command: string(c.Name)}}
	switch {
	case tier == nil && c.Name == commands.Escalate:
		return phrase.Say("This is the highest internal tier; the lead has been told."), a.Escalate(a.Actor(), why)
	case tier == nil:
		return decision.Refuse(phrase.Say("There is no tier below."))
	case tier.Level == a.Ticket.Tier:
		return phrase.Say("It is already there."), nil
	}
	if err := a.MoveTo(tier, a.Actor(), why); err != nil {
		return phrase.Text{}, err
	}
	return phrase.Say("At tier %d (%s) now.", tier.Level, tier.Name), nil
}

// wantedTier returns the tier that a command names, nil if there is none.
func wantedTier(a *decision.Act, c commands.Command) *tickets.Tier {
	switch c.Name {
	case commands.Escalate:
		return a.Policy.Service.Above(a.Ticket.Tier)
	case commands.Deescalate:
		return a.Policy.Service.Below(a.Ticket.Tier)
	}
	return a.Policy.Service.Tier(c.Args.Tier)
}

// lacking says what a tier needs of a ticket that moves up to it and has not been given, and how to
// give it; nothing if all is there. What the same mail sets is there.
func lacking(a *decision.Act, c commands.Command) phrase.Text {
	tier := wantedTier(a, c)
	if c.Name == commands.Escalate && tier == nil { // who leads the team is called
		here := a.Policy.Service.Tier(a.Ticket.Tier)
		if here == nil || !slices.Contains(here.Lacks(c.Text, a.Ticket.Fields), tickets.HandoverReason) {
			return phrase.Text{}
		}
		return phrase.Say("Not escalated: the lead needs your reason. Write it behind the command: /escalate …")
	}
	if tier == nil || tier.Level <= a.Ticket.Tier {
		return phrase.Text{}
	}
	fields := maps.Clone(a.Ticket.Fields)
	for _, other := range a.Typed.Commands {
		if !together(a, c, other) {
			continue
		}
		for _, f := range other.Fields {
			if fields == nil {
				fields = map[string]string{}
			}
			fields[f.Name] = f.Value
		}
	}
	lacks := tier.Lacks(c.Text, fields)
	reason := slices.Contains(lacks, tickets.HandoverReason) && c.Name == commands.Escalate // /tier takes none
	lacks = slices.DeleteFunc(lacks, func(word string) bool { return word == tickets.HandoverReason })
	var line []string
	for _, field := range lacks {
		line = append(line, field+`="…"`)
	}
	set := "/field " + strings.Join(line, " ")
	if a.Named {
		set += fmt.Sprintf(" #%d", a.Ticket.ID)
	}
	switch {
	case reason && len(lacks) > 0:
		return phrase.Say("Not moved: tier %d (%s) needs your reason and these fields: %s. Begin your mail with this line, filled in: %s. In the next line write /escalate and the reason.",
			tier.Level, tier.Name, strings.Join(lacks, ", "), set)
	case reason:
		return phrase.Say("Not moved: tier %d (%s) needs your reason. Write it behind the command: /escalate …", tier.Level, tier.Name)
	case len(lacks) > 0:
		return phrase.Say("Not moved: tier %d (%s) needs these fields: %s. Write this line above the command, filled in: %s", tier.Level,
			tier.Name, strings.Join(lacks, ", "), set)
	}
	return phrase.Text{}
}

// together reports whether another command of the mail is about the ticket at hand, of those that c
// is about.
func together(a *decision.Act, c, other commands.Command) bool {
	if len(other.Tickets) == 0 {
		return !a.Named
	}
	// A number may be that of a ticket that was merged into this one.
	return slices.Contains(other.Tickets, a.Ticket.ID) || slices.Equal(other.Tickets, c.Tickets)
}

// isDone is the word on a command that needs an open ticket.
func isDone(a *decision.Act) phrase.Text {
	return phrase.Say("Nothing was done: the ticket is %s. /reopen it first.", phrase.Status(a.Ticket.Status))
}

// noteReason writes the reason of a command into the ticket, as a note, and returns its number; 0
// for none. It is internal, as every note is.
func noteReason(a *decision.Act, c commands.Command) (int64, error) {
	reason := strings.TrimSpace(c.Text)
	if reason == "" {
		return 0, nil
	}
	note, err := a.AddNote(a.Actor(), reason)
	if err != nil {
		return 0, err
	}
	return note, a.Handle(tickets.Event{Kind: tickets.Noted, Actor: a.Actor(), Message: note, Data: tickets.Data{Command: string(c.Name)}})
}

// ---- who takes part

// carbon adds and removes participants. It is done before the text goes out.
func (w *work) carbon(c commands.Command) error {
	for _, address := range c.Add {
		if w.act.Policy.People.AgentBy(address) != nil {
			continue // the customer would see the colleague's address
		}
		if err := w.act.Join(address, tickets.Cc, w.act.Actor()); err != nil {
			return err
		}
	}
	for _, address := range c.Remove {
		if err := w.act.Leave(address, w.act.Actor(), string(c.Name)); err != nil {
			return err
		}
	}
	return nil
}

// cc says what carbon did: who takes part now, who does not, and why.
func cc(a *decision.Act, c commands.Command) (phrase.Text, error) {
	parts, err := a.Participants()
	if err != nil {
		return phrase.Text{}, err
	}
	in := func(address string) bool {
		return slices.ContainsFunc(parts, func(p tickets.Participant) bool { return p.Address == mailin.Fold(address) })
	}
	var added, out []string
	var why []phrase.Text
	for _, address := range c.Add {
		switch colleague := a.Policy.People.AgentBy(address); {
		case colleague != nil:
			why = append(why, phrase.Say("%s is a colleague, whose address the customer must not see: use /note or /assign.",
				colleague.FullName))
		case in(address):
			added = append(added, address)
		default:
			why = append(why, phrase.Say("%s is an address of the desk itself, and was not added.", address))
		}
	}
	for _, address := range c.Remove {
		if in(address) {
			why = append(why, phrase.Say("%s asked, and still takes part.", address))
			continue
		}
		out = append(out, address)
	}
	var said []phrase.Text
	if len(added) > 0 {
		said = append(said, phrase.Say("Answers go to %s as well.", strings.Join(added, ", ")))
	}
	if len(out) > 0 {
		said = append(said, phrase.Say("Answers no longer go to %s.", strings.Join(out, ", ")))
	}
	if len(why) > 0 { // what was done of it is said, too
		return phrase.Join(said...), &decision.Refused{Why: phrase.Join(why...)}
	}
	return phrase.Join(said...), nil
}
