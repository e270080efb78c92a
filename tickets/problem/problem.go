// Package problem groups tickets with the same root cause, and answers them together. It owns the
// commands /problem and /publish, the states of problems, and who gets which published text. It
// must never reveal one customer's data to another: each gets the published text in their own
// ticket.
//
//	investigating, known-error, fix-planned   its tickets are on hold; a published text leaves them so
//	fixed, wont-fix                           a published text solves them
package problem

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
	"tierdesk/tickets/view"
)

// Commands are the commands on problems.
func Commands() []decision.Command {
	return []decision.Command{
		{Name: commands.Problem,
			Help:    phrase.Say("Links the ticket to a problem, the root cause of several tickets, or opens one; sets the state of a problem; alone, lists the open ones."),
			ProofOf: setsState, Acts: true, Do: do},
		{Name: commands.Publish,
			Help:  phrase.Say("Sends the text below to every customer of the problem, each in their own ticket, once you have seen whom and answered /send."),
			Proof: true, Acts: true, Right: tickets.RightPublish, TakesText: true, Shows: shows, Do: publish},
	}
}

// setsState reports whether /problem changes a problem's state, so that customers who asked to be
// kept informed are told.
func setsState(c commands.Command) bool {
	return slices.Contains(tickets.ProblemStates(), tickets.ProblemState(c.Args.Name))
}

// maxListed is the maximum number of problems named, maxTitle the maximum length of a title.
const (
	maxListed = 20
	maxTitle  = 200
)

// do is /problem.
func do(a *decision.Act, c commands.Command) (phrase.Text, error) {
	switch c.Args.Name {
	case commands.ProblemList:
		return list(a)
	case commands.ProblemNew:
		return beginFor(a, c)
	case commands.ProblemLink:
		p, found, err := lock(a.Tx, c.Number)
		switch {
		case err != nil:
			return phrase.Text{}, err
		case !found:
			return decision.Refuse(none(c.Number))
		case a.Ticket.ID == 0:
			return decision.Refuse(noTicket())
		}
		return link(a.Case, p, a.Actor())
	case commands.ProblemNone:
		return unlink(a)
	}
	p, err := meant(a, c.Number)
	if err != nil {
		return phrase.Text{}, err
	}
	if c.Args.Name == commands.ProblemOwner {
		return giveTo(a, p, c.Assignee)
	}
	return bring(a, p, tickets.ProblemState(c.Args.Name), c.Text)
}

func none(number int64) phrase.Text { return phrase.Say("There is no problem %d.", number) }

func noTicket() phrase.Text {
	return phrase.Say("Nothing was done: the mail belongs to no ticket. Reply to one of the ticket's notices.")
}

// meant returns the problem with a number, locked; for 0 it is that of the ticket. It refuses if
// there is none.
func meant(a *decision.Act, number int64) (tickets.Problem, error) {
	if number == 0 {
		p, found, err := of(a.Tx, a.Ticket.ID)
		switch {
		case err != nil:
			return p, err
		case !found:
			return p, &decision.Refused{
				Why: phrase.Say("Nothing was done: the ticket has no problem. Name its number; /problem alone lists them.")}
		}
		number = p.ID
	}
	p, found, err := lock(a.Tx, number)
	if err == nil && !found {
		err = &decision.Refused{Why: none(number)}
	}
	return p, err
}

// list names the problems that are not done.
func list(a *decision.Act) (phrase.Text, error) {
	all, err := open(a.Tx, maxListed+1)
	if err != nil || len(all) == 0 {
		return phrase.Say("There is no open problem."), err
	}
	said := phrase.Text{}
	for i, s := range all {
		if i == maxListed {
			said = phrase.Join(said, phrase.Verbatim("…"))
			break
		}
		p := s.problem()
		said = phrase.Join(said, phrase.Say("%d %s: %s; %s; tickets: %d.", p.ID, p.Title, name(p.State), owner(a.Case, p), s.Tickets))
	}
	return said, nil
}

// name returns the name of a state, for people.
func name(s tickets.ProblemState) phrase.Text {
	switch s {
	case tickets.Investigating:
		return phrase.Say("being investigated")
	case tickets.KnownError:
		return phrase.Say("known error")
	case tickets.FixPlanned:
		return phrase.Say("fix planned")
	case tickets.Fixed:
		return phrase.Say("fixed")
	case tickets.WontFix:
		return phrase.Say("will not be fixed")
	}
	return phrase.Verbatim(string(s))
}

func owner(c *decision.Case, p tickets.Problem) string {
	if a := c.Policy.People.Agent(p.Owner); a != nil {
		return a.FullName
	}
	return p.Owner
}

// beginFor creates a problem owned by the agent and links the ticket to it, if there is one. A
// problem with the same title that is not done is reused.
func beginFor(a *decision.Act, c commands.Command) (phrase.Text, error) {
	p := tickets.Problem{Title: arrival.Limit(strings.Join(strings.Fields(c.Text), " "), maxTitle), State: tickets.Investigating,
		Owner: a.Agent.Name}
	folded := mailin.Fold(p.Title)
	same, found, err := called(a.Tx, folded)
	if err != nil {
		return phrase.Text{}, err
	}
	said := phrase.Text{}
	if p.ID = same.ID; found {
		p = same
	} else {
		if p.ID, err = begin(a.Tx, p, folded); err != nil {
			return phrase.Text{}, err
		}
		said = phrase.Say("Problem %d is open, and yours.", p.ID)
	}
	if a.Ticket.ID == 0 {
		return said, nil
	}
	linked, err := link(a.Case, p, a.Actor())
	return phrase.Join(said, linked), err
}

// link links a ticket to a problem: it is on hold from now on. The problem's owner is told.
func link(c *decision.Case, p tickets.Problem, by tickets.Actor) (phrase.Text, error) {
	before, found, err := of(c.Tx, c.Ticket.ID)
	if err != nil {
		return phrase.Text{}, err
	}
	if found && before.ID == p.ID {
		return phrase.Say("It was there already."), nil
	}
	told := by.Agent() == p.Owner
	if err := put(c.Tx, c.Ticket.ID, p.ID, told); err != nil {
		return phrase.Text{}, err
	}
	from := ""
	if found {
		from = strconv.FormatInt(before.ID, 10)
	}
	if err := c.Handle(tickets.Event{Kind: tickets.ProblemLinked, Actor: by, Data: tickets.Data{Problem: p.ID, From: from,
		Command: string(commands.Problem)}}); err != nil {
		return phrase.Text{}, err
	}
	if err := hold(c, p, by, commands.Problem); err != nil {
		return phrase.Text{}, err
	}
	if !told {
		if err := tellSoon(c.Tx, p.ID); err != nil {
			return phrase.Text{}, err
		}
	}
	n, err := count(c.Tx, p.ID)
	said := phrase.Say("The ticket now belongs to problem %d (%s; owner: %s). Tickets: %d.", p.ID, p.Title, owner(c, p), n)
	if p.State.Done() {
		said = phrase.Join(said, phrase.Say("That problem is closed: %s.", name(p.State)))
	} else if p.Workaround != "" {
		said = phrase.Join(said, phrase.Say("What helps meanwhile: %s", p.Workaround))
	}
	return said, err
}

// hold puts a ticket on hold for its problem.
func hold(c *decision.Case, p tickets.Problem, by tickets.Actor, command commands.Name) error {
	if c.Ticket.Status.Done() || c.Ticket.Status == tickets.OnHold || p.State.Done() {
		return nil
	}
	return c.Handle(tickets.Event{Kind: tickets.StatusChanged, Actor: by,
		Data: tickets.Data{Status: tickets.OnHold, Reason: "problem", Command: string(command)}})
}

// unlink removes the ticket from its problem; it no longer waits for it.
func unlink(a *decision.Act) (phrase.Text, error) {
	if a.Ticket.ID == 0 {
		return decision.Refuse(noTicket())
	}
	p, found, err := of(a.Tx, a.Ticket.ID)
	if err != nil || !found {
		return phrase.Say("The ticket has no problem."), err
	}
	if err := takeOut(a.Tx, a.Ticket.ID); err != nil {
		return phrase.Text{}, err
	}
	if err := a.Handle(tickets.Event{Kind: tickets.ProblemUnlinked, Actor: a.Actor(), Data: tickets.Data{Problem: p.ID,
		Command: string(commands.Problem)}}); err != nil {
		return phrase.Text{}, err
	}
	if a.Ticket.Status == tickets.OnHold {
		if err := a.SetStatus(tickets.Open, a.Actor(), a.Cause, string(commands.Problem)); err != nil {
			return phrase.Text{}, err
		}
	}
	return phrase.Say("The ticket no longer belongs to problem %d (%s).", p.ID, p.Title), nil
}

// giveTo gives a problem to another agent, who is told.
func giveTo(a *decision.Act, p tickets.Problem, to commands.Assignee) (phrase.Text, error) {
	p.Owner = a.Agent.Name
	if to.Kind == commands.ToAgent {
		p.Owner = to.Name
	}
	if err := save(a.Tx, p); err != nil {
		return phrase.Text{}, err
	}
	if p.Owner != a.Agent.Name {
		a.NoTicket().Notify(notice.Notice{Kind: templates.ProblemNews, Agent: p.Owner, Author: a.Actor(), Asked: true, Problem: &p,
			Text: phrase.Say("%s gives you problem %d (%s).", a.Agent.FullName, p.ID, p.Title)})
	}
	return phrase.Say("Problem %d is with %s now.", p.ID, owner(a.Case, p)), nil
}

// bring changes the state of a problem. Its owner is told, if somebody else changed it.
func bring(a *decision.Act, p tickets.Problem, state tickets.ProblemState, workaround string) (phrase.Text, error) {
	changed := p.State != state
	if !changed && (workaround == "" || workaround == p.Workaround) {
		return phrase.Say("Nothing to change."), nil
	}
	p.State = state
	if workaround != "" {
		p.Workaround = arrival.Limit(workaround, maxTitle)
	}
	if err := save(a.Tx, p); err != nil {
		return phrase.Text{}, err
	}
	if changed {
		if err := inform(a.Tx, p.ID); err != nil {
			return phrase.Text{}, err
		}
	}
	said := phrase.Say("Problem %d (%s): %s.", p.ID, p.Title, name(p.State))
	if p.Workaround != "" && !p.State.Done() {
		said = phrase.Join(said, phrase.Say("What helps meanwhile: %s", p.Workaround))
	}
	if p.Owner != a.Agent.Name {
		a.NoTicket().Notify(notice.Notice{Kind: templates.ProblemNews, Agent: p.Owner, Author: a.Actor(), Asked: true, Problem: &p,
			Text: phrase.Say("%s on your problem: %s", a.Agent.FullName, said)})
	}
	wait, err := awaiting(a.Tx, p.ID)
	if err == nil && p.State.Done() && len(wait) > 0 {
		said = phrase.Join(said, phrase.Say("Customers wait for word of it (tickets: %d): /publish %d, with the text for them below, answers and solves these.",
			len(wait), p.ID))
	}
	return said, err
}

// ---- who owns a problem

// tellSoon schedules a mail to a problem's owner about its new tickets: immediately, but at most
// once every ten minutes.
func tellSoon(tx *sqldb.Tx, problem int64) error {
	last, err := lastTold(tx, problem)
	if err != nil {
		return err
	}
	due := tx.Now()
	if last.After(due.Add(-pause)) && !last.After(tx.Latest()) {
		due = last.Add(pause)
	}
	return timers.SetIfNone(tx, timers.Timer{Kind: timers.Problem, Name: strconv.FormatInt(problem, 10), Due: sqldb.At(due)})
}

// pause is the minimum time between two mails about new tickets to a problem's owner, and maxNamed
// the maximum number of tickets named in one.
const (
	pause    = 10 * time.Minute
	maxNamed = 30
)

// FireNew tells a problem's owner about its new tickets. The mail belongs to the newest of them
// that the owner may see, so that it can be replied to.
func FireNew(ctx decision.Context, t timers.Timer) error {
	id, err := strconv.ParseInt(t.Name, 10, 64)
	if err != nil {
		return err
	}
	p, found, err := lock(ctx.Tx, id)
	if err != nil || !found {
		return err
	}
	fresh, err := untold(ctx.Tx, id)
	if err != nil || len(fresh) == 0 {
		return err
	}
	d := decision.Begin(ctx, "timer:problem", ctx.Tx.Now())
	agent := ctx.Policy.People.Agent(p.Owner)
	var c *decision.Case
	for _, number := range slices.Backward(fresh) {
		ticket, found, err := store.Ticket(ctx.Tx, number)
		if err != nil {
			return err
		}
		if found && agent != nil && view.Sees(ctx.Policy, &ticket, agent) && ticket.MergedInto == 0 {
			if c, err = d.Open(number); err != nil {
				return err
			}
			break
		}
	}
	if c == nil {
		c = d.NoTicket()
	}
	text := phrase.Say("Ticket #%d now belongs to your problem %d (%s).", fresh[0], p.ID, p.Title)
	if len(fresh) > 1 {
		text = phrase.Say("%d more tickets now belong to your problem %d (%s): %s.", len(fresh), p.ID, p.Title, numbers(fresh))
	}
	c.Notify(notice.Notice{Kind: templates.ProblemNews, Agent: p.Owner, Author: tickets.Desk, Asked: true, Text: text, Problem: &p})
	if err := setTold(ctx.Tx, id); err != nil {
		return err
	}
	_, err = d.Finish()
	return err
}

// numbers lists the numbers of tickets, or the first of many.
func numbers(all []int64) string {
	var out []string
	for i, n := range all {
		if i == maxNamed {
			out = append(out, "…")
			break
		}
		out = append(out, fmt.Sprintf("#%d", n))
	}
	return strings.Join(out, " ")
}
