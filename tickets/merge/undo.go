package merge

import (
	"slices"
	"strings"
	"time"

	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// undoable are the kinds of events that can be undone.
var undoable = []tickets.EventKind{
	tickets.StatusChanged, tickets.PriorityChanged, tickets.TierChanged, tickets.Escalated, tickets.TeamChanged,
	tickets.Assigned, tickets.Tagged, tickets.Linked,
	tickets.DueSet, tickets.Booked, tickets.Watched, tickets.Restricted, tickets.Gathered, tickets.Separated,
}

// lastChange returns the last change requested by an agent that has not been undone, and the ticket
// before it; false if there is none. What agents want to hear of is personal: for other agents it
// is not a change of the ticket. It is pure.
func lastChange(past []tickets.Event, agent string) (e tickets.Event, before tickets.Ticket, found bool) {
	var standing []int // changes that have not been undone
	for i := range past {
		x := &past[i]
		switch {
		case x.Data.Command == "" || x.Actor.Agent() == "" || !slices.Contains(undoable, x.Kind):
		case x.Kind == tickets.Watched && x.Actor.Agent() != agent:
		case x.Data.Undo:
			for at, change := range slices.Backward(standing) {
				if takesBack(x.Kind, past[change].Kind) {
					standing = slices.Delete(standing, at, at+1)
					break
				}
			}
		default:
			standing = append(standing, i)
		}
	}
	if len(standing) == 0 {
		return e, before, false
	}
	at := standing[len(standing)-1]
	for _, x := range past[:at] {
		if next, err := tickets.Apply(before, x); err == nil {
			before = next
		}
	}
	return past[at], before, true
}

// takesBack reports whether an event of the kind undo, caused by /undo, undoes one of the kind
// change.
func takesBack(undo, change tickets.EventKind) bool {
	switch change {
	case tickets.Escalated:
		return undo == tickets.TierChanged
	case tickets.Gathered:
		return undo == tickets.Separated
	}
	return undo == change
}

// inverse returns the event that restores the values that another event changed.
func inverse(e tickets.Event, before, now tickets.Ticket) tickets.Event {
	data := tickets.Data{Command: string(commands.Undo), Undo: true}
	switch e.Kind {
	case tickets.StatusChanged:
		data.Status, data.From, data.Since = before.Status, string(now.Status), before.CustomerWrote
	case tickets.PriorityChanged:
		data.Priority, data.From = before.Priority, now.Priority
	case tickets.TierChanged, tickets.Escalated:
		tier := before.Tier
		data.Tier, data.Team, data.Assignee = &tier, before.Team, before.Assignee
		return tickets.Event{Kind: tickets.TierChanged, Data: data}
	case tickets.TeamChanged:
		data.Team, data.Assignee, data.From = before.Team, before.Assignee, now.Team
	case tickets.Assigned:
		data.Assignee, data.From = before.Assignee, now.Assignee
	case tickets.Linked:
		data.Linked = before.Linked
	case tickets.DueSet:
		data.Due = before.Due
	case tickets.Booked:
		data.Minutes = -e.Data.Minutes
	case tickets.Tagged, tickets.Restricted:
		data.Add, data.Remove = e.Data.Remove, e.Data.Add
	case tickets.Watched:
		data.Add, data.Remove = e.Data.Remove, e.Data.Add
		asked := func(name string) bool {
			return slices.Contains(before.Watchers, name) || slices.Contains(before.Silenced, name)
		}
		if !slices.ContainsFunc(slices.Concat(data.Add, data.Remove), asked) {
			data.Reason = tickets.Neither
		}
	}
	return tickets.Event{Kind: e.Kind, Data: data}
}

// undo undoes the last change of the ticket, unless it sent something outside.
func undo(a *decision.Act, bonds []Bond) (phrase.Text, error) {
	past, err := a.History()
	if err != nil {
		return phrase.Text{}, err
	}
	e, before, found := lastChange(past, a.Agent.Name)
	if !found {
		return decision.Refuse(phrase.Say("There is nothing to undo."))
	}
	if right := needs(e.Kind); right != "" && !a.Policy.People.May(a.Agent, right) {
		return decision.Refuse(phrase.Say("Nothing was undone: the last change was /%s, which you may not use.", e.Data.Command))
	}
	if e.Kind == tickets.Gathered {
		return undoMerge(a, e, bonds)
	}
	sent, err := sentOutside(a, e)
	if err != nil {
		return phrase.Text{}, err
	}
	if sent {
		return decision.Refuse(phrase.Say("Nothing was undone: with the last change a mail went outside."))
	}
	was := a.Ticket
	if overtaken(e, before, was) {
		return decision.Refuse(phrase.Say(
			"Nothing was undone: the ticket has gone on since the last change, and is %s. /status sets another status.",
			phrase.Status(was.Status)))
	}
	back := inverse(e, before, was)
	back.Actor = a.Actor()
	if err := a.Handle(back); err != nil {
		return phrase.Text{}, err
	}
	changed := differences(a.Policy, &was, &a.Ticket, a.Agent.Name, a.LocalTime)
	if changed.Empty() {
		return phrase.Say("The last change has already been undone."), nil
	}
	if e.Kind != tickets.Watched {
		told := phrase.Say("%s has undone the last change: %s.", a.Agent.FullName, changed)
		if err := a.TellInvolved(notice.Notice{Kind: templates.AgentNote, Author: tickets.Desk, Text: told}); err != nil {
			return phrase.Text{}, err
		}
	}
	return phrase.Say("Undone: %s.", changed), nil
}

// overtaken reports whether a change of the status is no longer what the ticket stands at: somebody
// has written, or a clock or a rule has moved it. To restore what was before it would take back
// that, too: a question that waits would count as answered, and an answer as not given. It is pure.
func overtaken(e tickets.Event, before, now tickets.Ticket) bool {
	if e.Kind != tickets.StatusChanged {
		return false
	}
	then, err := tickets.Apply(before, e)
	return err == nil && (then.Status != now.Status || !now.Status.Done() && !then.CustomerWrote.Equal(now.CustomerWrote))
}

// needs returns the right without which an agent could not have made such a change.
func needs(kind tickets.EventKind) string {
	switch kind {
	case tickets.Restricted:
		return "restrict"
	case tickets.Gathered:
		return "merge"
	}
	return ""
}

// sentOutside reports whether an event caused a mail to people outside.
func sentOutside(a *decision.Act, e tickets.Event) (bool, error) {
	rows, err := mailout.List(a.Tx, mailout.Filter{Ticket: a.Ticket.ID, Limit: 1000})
	return slices.ContainsFunc(rows, func(r mailout.Row) bool {
		return r.Mail.Party == mailout.Customer && r.Mail.Created.UnixMilli() == e.Record.UnixMilli()
	}), err
}

// differences lists the values of a ticket that are as before again, and what they were in between;
// nothing if there are none. agent is the reader. It is pure.
func differences(p *tickets.Policy, was, now *tickets.Ticket, agent string, local func(time.Time) phrase.Moment) phrase.Text {
	var out []phrase.Text
	say := func(differ bool, t phrase.Text) {
		if differ {
			out = append(out, t)
		}
	}
	named := func(agents ...string) string {
		for i, name := range agents {
			if a := p.People.Agent(name); a != nil {
				agents[i] = a.FullName
			}
		}
		return strings.Join(agents, ", ")
	}
	say(was.Status != now.Status, phrase.Say("the status is %s again (was %s)", phrase.Status(now.Status), phrase.Status(was.Status)))
	say(was.Priority != now.Priority,
		phrase.Say("the priority is %s again (was %s)", phrase.Priority(now.Priority), phrase.Priority(was.Priority)))
	say(was.Tier != now.Tier, phrase.Say("the ticket is at tier %d again (was at tier %d)", now.Tier, was.Tier))
	if was.Team != now.Team {
		before, after := notice.TeamNames(p.People, []string{was.Team}), notice.TeamNames(p.People, []string{now.Team})
		say(was.Team != "" && now.Team != "", phrase.Say("the team is %s again (was %s)", after, before))
		say(was.Team == "", phrase.Say("the team is %s again (had none)", after))
		say(now.Team == "", phrase.Say("it has no team again (was %s)", before))
	}
	if was.Assignee != now.Assignee {
		before, after := named(was.Assignee), named(now.Assignee)
		say(was.Assignee != "" && now.Assignee != "", phrase.Say("it is assigned to %s again (was assigned to %s)", after, before))
		say(was.Assignee == "", phrase.Say("it is assigned to %s again (was assigned to nobody)", after))
		say(now.Assignee == "", phrase.Say("it is assigned to nobody again (was assigned to %s)", before))
	}
	gone, back := missing(was.Tags, now.Tags), missing(now.Tags, was.Tags)
	say(len(gone) > 0, phrase.Say("tags removed again: %s", strings.Join(gone, " ")))
	say(len(back) > 0, phrase.Say("tags back: %s", strings.Join(back, " ")))
	say(was.Linked != now.Linked && now.Linked != 0, phrase.Say("it is linked with #%d again", now.Linked))
	say(was.Linked != now.Linked && now.Linked == 0, phrase.Say("it is no longer linked with #%d", was.Linked))
	if !was.Due.Equal(now.Due) {
		say(was.Due.IsZero(), phrase.Say("it is to be solved by %s again (no date was set)", local(now.Due)))
		say(now.Due.IsZero(), phrase.Say("no date is set again (was %s)", local(was.Due)))
		say(!was.Due.IsZero() && !now.Due.IsZero(), phrase.Say("it is to be solved by %s again (was %s)", local(now.Due), local(was.Due)))
	}
	say(was.Booked != now.Booked, phrase.Say("the time booked is %s again (was %s)", notice.Spent(now.Booked), notice.Spent(was.Booked)))
	if watched, watches := slices.Contains(was.Watchers, agent), slices.Contains(now.Watchers, agent); watched != watches {
		say(watches, phrase.Say("you watch it again"))
		say(watched, phrase.Say("you no longer watch it"))
	}
	if silenced, silent := slices.Contains(was.Silenced, agent), slices.Contains(now.Silenced, agent); silenced != silent {
		say(silent, phrase.Say("your /stop holds again"))
		say(silenced, phrase.Say("your /stop no longer holds"))
	}
	if !slices.Equal(was.Restricted, now.Restricted) {
		say(len(now.Restricted) > 0, phrase.Say("only %s can see it again", named(slices.Clone(now.Restricted)...)))
		say(len(now.Restricted) == 0, phrase.Say("all agents can see it again"))
	}
	var all phrase.Text
	for _, t := range out {
		if all.Empty() {
			all = t
		} else {
			all = phrase.Say("%s, %s", all, t)
		}
	}
	return all
}

// missing returns the names that are not among others.
func missing(names, others []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(others, name) })
}

// undoMerge separates a ticket that was merged into this one. Messages written since the merge stay
// here; participants who joined only with the merge leave.
func undoMerge(a *decision.Act, e tickets.Event, bonds []Bond) (phrase.Text, error) {
	c, err := a.Open(e.Data.Linked)
	if err != nil {
		return phrase.Text{}, err
	}
	out := &decision.Act{Case: c, Agent: a.Agent, Typed: a.Typed}
	if out.Ticket.MergedInto != a.Ticket.ID {
		return decision.Refuse(phrase.Say("There is nothing to undo."))
	}
	data := tickets.Data{Linked: a.Ticket.ID, Command: string(commands.Undo), Undo: true}
	if err := event(out, tickets.Unmerged, data); err != nil {
		return phrase.Text{}, err
	}
	data.Linked = out.Ticket.ID
	if err := event(a, tickets.Separated, data); err != nil {
		return phrase.Text{}, err
	}
	if err := store.LeaveTogether(a.Tx, a.Ticket.ID, out.Ticket.ID, e.Record); err != nil {
		return phrase.Text{}, err
	}
	for _, b := range bonds {
		if err := b.TakeBack(out.Case, a.Case, a.Actor()); err != nil {
			return phrase.Text{}, err
		}
	}
	told := phrase.Say("%s has undone the merge: this ticket is on its own again.", a.Agent.FullName)
	tell(out, view.Working(a.Policy, &out.Ticket), told)
	return phrase.Say("Undone: #%d is a ticket of its own again. What was written since stays here.", out.Ticket.ID), nil
}
