package problem

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tierdesk/mailin/quote"
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

// The stages of /publish:
//
//	shows        the mail is held; its author sees whom it would reach, and the list is stored
//	publish      after /send: a timer is set for each of these tickets, in the same transaction
//	FirePublish  one ticket in each transaction: the ticket is ticked off and the text queued. The
//	             last one sets the timer that tells the front desk
//
// So after a crash at any moment each ticket is either untouched and has its timer, or has its
// answer queued and no timer.

// shows returns whom a publication would reach, and stores the list.
func shows(a *decision.Act, c commands.Command) ([]phrase.Text, error) {
	_, seen, err := publicationIn(a.Tx, a.Mail.ID)
	if err != nil || seen {
		return nil, err
	}
	p, err := meant(a, c.Number)
	if refused := (*decision.Refused)(nil); errors.As(err, &refused) {
		return nil, nil // publish reports it
	}
	if err != nil {
		return nil, err
	}
	reach, err := awaiting(a.Tx, p.ID)
	if err != nil || len(reach) == 0 || published(a.Text) == "" {
		return nil, err
	}
	if err := show(a.Tx, publication{Problem: p.ID, Inbound: a.Mail.ID, Agent: a.Agent.Name}, reach); err != nil {
		return nil, err
	}
	out := []phrase.Text{phrase.Say("Your text would go to the customers of problem %d (%s), each in their own ticket and without the others. Tickets: %d.", p.ID, p.Title,
		len(reach))}
	if p.State.Done() {
		out = append(out, phrase.Say("The tickets will be solved, because the problem is closed: %s.", name(p.State)))
	} else {
		out = append(out, phrase.Say("The tickets stay as they are, because the problem is still open: %s. If it is solved, write /problem %d fixed first.", name(p.State), p.ID))
	}
	named, err := whom(a, reach)
	return append(out, named...), err
}

// whom names the customers of tickets, or the first of many. Of a ticket that the agent may not see
// it gives only the number.
func whom(a *decision.Act, reach []int64) ([]phrase.Text, error) {
	var out []phrase.Text
	for i, number := range reach {
		if i == maxNamed {
			return append(out, phrase.Say("And %d more.", len(reach)-i)), nil
		}
		t, _, err := store.Ticket(a.Tx, number)
		if err != nil {
			return nil, err
		}
		if !view.Sees(a.Policy, &t, a.Agent) {
			out = append(out, phrase.Say("Ticket #%d is restricted to others.", number))
			continue
		}
		parts, err := store.Participants(a.Tx, number)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, p := range parts {
			names = append(names, cmp.Or(p.Name, p.Shown, p.Address))
		}
		if len(names) == 0 {
			out = append(out, phrase.Say("Nobody outside takes part in ticket #%d.", number))
			continue
		}
		out = append(out, phrase.Verbatim("#"+strconv.FormatInt(number, 10)+": "+phrase.Names(names)))
	}
	return out, nil
}

// published returns the part of an agent's text that customers read. Quoted lines are excluded:
// they come from one customer or from the desk, and must not reach other customers.
func published(text string) string { return strings.TrimSpace(quote.KeepQuoted(text)) }

// publish starts the publication of a text that its author has been shown and has sent.
func publish(a *decision.Act, c commands.Command) (phrase.Text, error) {
	pub, found, err := publicationIn(a.Tx, a.Mail.ID)
	if err != nil {
		return phrase.Text{}, err
	}
	number := c.Number
	if found {
		number = pub.Problem // the problem they were shown, whatever the ticket's is now
	}
	p, err := meant(a, number)
	if err != nil {
		return phrase.Text{}, err
	}
	text := published(a.Text)
	switch {
	case text == "":
		return decision.Refuse(phrase.Say("Nothing was sent: there is no text for the customers."))
	case !found:
		return decision.Refuse(phrase.Say("Nothing was sent: no customer is waiting for news of problem %d (%s).", p.ID, p.Title))
	case pub.State != shown:
		return phrase.Say("Nothing was sent: this text has already been sent."), nil
	}
	still, err := stillMeant(a.Tx, pub)
	if err != nil {
		return phrase.Text{}, err
	}
	pub.State, pub.Content, pub.Solves = going, text, flag(p.State.Done())
	if len(still.reach) == 0 {
		pub.State = done
	}
	if err := let(a.Tx, pub); err != nil {
		return phrase.Text{}, err
	}
	for _, ticket := range still.reach {
		if err := timers.Set(a.Tx, timers.Timer{Ticket: ticket, Kind: timers.Publish, Name: strconv.FormatInt(pub.ID, 10),
			Due: sqldb.At(a.Tx.Now())}); err != nil {
			return phrase.Text{}, err
		}
	}
	var said phrase.Text
	if len(still.reach) > 0 {
		said = phrase.Say(
			"Your text goes to the customers of problem %d (%s), each in their own ticket. Tickets: %d.", p.ID, p.Title, len(still.reach))
	}
	if len(still.unlinked) > 0 {
		said = phrase.Join(said, unlinked(p.ID, still.unlinked))
	}
	if len(still.spared) > 0 {
		said = phrase.Join(said, misses(p.ID, still.spared))
	}
	now, err := awaiting(a.Tx, p.ID)
	if err != nil {
		return phrase.Text{}, err
	}
	if later := slices.DeleteFunc(now, func(n int64) bool { return slices.Contains(still.goOn, n) }); len(later) > 0 {
		said = phrase.Join(said, phrase.Say("It does not go to tickets that were linked after you saw the list: %s.", numbers(later)))
	}
	return said, nil
}

// meantTickets are the tickets of a list when its author has sent the text.
type meantTickets struct {
	reach    []int64 // those that the text still reaches
	goOn     []int64 // these, and the ones they were merged into
	unlinked []int64 // those that no longer belong to the problem
	spared   []int64 // those in which others would read the text
}

// stillMeant returns what has become of the tickets that were shown. Those that the publication no
// longer reaches are taken off its list.
func stillMeant(tx *sqldb.Tx, pub publication) (still meantTickets, err error) {
	all, err := left(tx, pub.ID)
	if err != nil {
		return still, err
	}
	for _, ticket := range all {
		to, _, err := arrival.Surviving(tx, ticket)
		if err != nil {
			return still, err
		}
		belongs, err := belongsTo(tx, pub.Problem, to)
		if err != nil {
			return still, err
		}
		others, err := othersRead(tx, pub, ticket, to)
		if err != nil {
			return still, err
		}
		switch {
		case others:
			still.spared = append(still.spared, ticket)
		case !belongs:
			still.unlinked = append(still.unlinked, ticket)
		default:
			still.reach, still.goOn = append(still.reach, ticket), append(still.goOn, ticket, to)
			continue
		}
		if err := spare(tx, pub.ID, ticket); err != nil {
			return still, err
		}
	}
	return still, nil
}

// belongsTo reports whether a ticket belongs to a problem.
func belongsTo(tx *sqldb.Tx, problem, ticket int64) (bool, error) {
	p, found, err := of(tx, ticket)
	return found && p.ID == problem, err
}

// othersRead reports whether a listed ticket was merged into an unlisted one with participants who
// had no part in the listed ticket when the author saw the list. The text would then reach people
// whom the author was not shown.
func othersRead(tx *sqldb.Tx, pub publication, ticket, to int64) (bool, error) {
	if to == ticket {
		return false, nil
	}
	if found, err := reaches(tx, pub.ID, to); err != nil || found {
		return false, err
	}
	then, err := store.Participants(tx, ticket)
	if err != nil {
		return false, err
	}
	now, err := store.Participants(tx, to)
	return slices.ContainsFunc(now, func(p tickets.Participant) bool {
		return !slices.ContainsFunc(then, func(q tickets.Participant) bool {
			return q.Address == p.Address && !q.Added.After(pub.Shown.Time)
		})
	}), err
}

// misses says whom a text does not reach although they were on the list.
func misses(problem int64, spared []int64) phrase.Text {
	return phrase.Say(
		"Your text does not go to the customers of %s: after you saw the list, others came to read there, by a merge. /publish %d shows whom it would reach now.",
		numbers(spared), problem)
}

// unlinked says which tickets a text does not reach because they left the problem.
func unlinked(problem int64, tickets []int64) phrase.Text {
	return phrase.Say("Your text does not go to tickets that were taken out of problem %d after you saw the list: %s.", problem,
		numbers(tickets))
}

// FirePublish answers one ticket with a published text, or does the remaining work when all are
// answered. dir is the desk folder.
func FirePublish(reader *arrival.Reader, dir string) func(ctx decision.Context, t timers.Timer) error {
	return func(ctx decision.Context, t timers.Timer) error {
		id, err := strconv.ParseInt(t.Name, 10, 64)
		if err != nil {
			return err
		}
		pub, err := lockPublication(ctx.Tx, id)
		if err != nil {
			return err
		}
		if t.Ticket == 0 {
			return conclude(ctx, pub, dir)
		}
		if first, err := tick(ctx.Tx, pub.ID, t.Ticket); err != nil || !first {
			return err
		}
		record, found, err := store.ArrivalByID(ctx.Tx, pub.Inbound)
		if err != nil || !found {
			return err
		}
		m, err := reader.Stored(ctx.Tx, record)
		if err != nil {
			return err
		}
		if err := answerWhereItIs(ctx, pub, m, t.Ticket); err != nil {
			return err
		}
		rest, err := left(ctx.Tx, pub.ID)
		if err != nil || len(rest) > 0 {
			return err
		}
		return timers.Set(ctx.Tx, timers.Timer{Kind: timers.Publish, Name: t.Name, Due: sqldb.At(ctx.Tx.Now())})
	}
}

// answerWhereItIs answers a ticket, or the one into which it was merged since it was shown, unless
// that one is reached anyway, others would read the text, or it has left the problem.
func answerWhereItIs(ctx decision.Context, pub publication, m *arrival.Mail, ticket int64) error {
	listed := ticket
	for range 3 {
		to, _, err := arrival.Surviving(ctx.Tx, ticket)
		if err != nil {
			return err
		}
		if others, err := othersRead(ctx.Tx, pub, listed, to); err != nil {
			return err
		} else if others {
			return spareNow(ctx, pub, listed, misses(pub.Problem, []int64{listed}))
		}
		if belongs, err := belongsTo(ctx.Tx, pub.Problem, to); err != nil {
			return err
		} else if !belongs {
			return spareNow(ctx, pub, listed, unlinked(pub.Problem, []int64{listed}))
		}
		if to != ticket {
			if first, err := instead(ctx.Tx, pub.ID, to); err != nil || !first {
				return err
			}
		}
		merged, err := answer(ctx, pub, m, to)
		if err != nil || !merged {
			return err
		}
		ticket = to // another daemon has merged it just now
	}
	return fmt.Errorf("ticket %d is being merged", ticket) // the timer tries again
}

// spareNow spares a ticket that was merged or unlinked after the publication was started, and tells
// the author why.
func spareNow(ctx decision.Context, pub publication, ticket int64, why phrase.Text) error {
	if err := spare(ctx.Tx, pub.ID, ticket); err != nil || ctx.Policy.People.Agent(pub.Agent) == nil {
		return err
	}
	p, _, err := lock(ctx.Tx, pub.Problem)
	if err != nil {
		return err
	}
	d := decision.Begin(ctx, "timer:publish", ctx.Tx.Now())
	d.NoTicket().Notify(notice.Notice{Kind: templates.ProblemNews, Agent: pub.Agent, Author: tickets.Desk, Asked: true, Problem: &p,
		Text: why})
	_, err = d.Finish()
	return err
}

// answer gives one ticket the published text, as its author's answer. A merged one gets nothing;
// merged reports that.
func answer(ctx decision.Context, pub publication, m *arrival.Mail, ticket int64) (merged bool, err error) {
	p, _, err := of(ctx.Tx, ticket)
	if err != nil {
		return false, err
	}
	d := decision.Begin(ctx, "timer:publish", ctx.Tx.Now())
	d.Mail = m
	c, err := d.Open(ticket)
	if err != nil {
		return false, err
	}
	if c.Ticket.MergedInto != 0 {
		return true, nil
	}
	actor := tickets.AgentActor(pub.Agent)
	group, err := ctx.Tx.NextID("outbox")
	if err != nil {
		return false, err
	}
	if err := c.AddText(tickets.FromAgent, actor, tickets.Public, pub.Content, "",
		ctx.Keys.MessageID(ticket, group, ctx.Desk.Domain)); err != nil {
		return false, err
	}
	if err := c.Handle(tickets.Event{Kind: tickets.AgentReplied, Actor: actor, Message: c.Current.ID,
		Data: tickets.Data{Inbound: m.ID, Problem: pub.Problem, Command: string(commands.Publish)}}); err != nil {
		return false, err
	}
	c.Reply(notice.Notice{Kind: templates.Published, Author: actor, Body: pub.Content, Group: group, Problem: &p,
		Formatted: notice.Format(m.Message, "", pub.Content, ctx.Desk)})
	if pub.Solves == 1 && !c.Ticket.Status.Done() {
		if err := c.SetStatus(tickets.Solved, actor, "", string(commands.Publish)); err != nil {
			return false, err
		}
	}
	_, err = d.Finish()
	return false, err
}

// conclude tells the tiers below the highest, and the author, what customers were told.
func conclude(ctx decision.Context, pub publication, dir string) error {
	if pub.State != going {
		return nil
	}
	pub.State = done
	if err := let(ctx.Tx, pub); err != nil {
		return err
	}
	if found, err := reachesAny(ctx.Tx, pub.ID); err != nil || !found {
		return err // nobody has read it
	}
	p, _, err := lock(ctx.Tx, pub.Problem)
	if err != nil {
		return err
	}
	d := decision.Begin(ctx, "timer:publish", ctx.Tx.Now())
	c := d.NoTicket()
	by := pub.Agent
	if a := ctx.Policy.People.Agent(by); a != nil {
		by = a.FullName
	}
	text := phrase.Say("%s has written to every customer of problem %d (%s). State: %s.", by, p.ID, p.Title, name(p.State))
	if p.State == tickets.Fixed || p.State == tickets.KnownError {
		file, fault := offer(dir, pub, p)
		said := phrase.Say("The text is offered as the draft of an article: %s.", file)
		if fault != nil {
			ctx.Log.Warn("an article draft could not be written", "publication", pub.ID, "error", fault)
			said = phrase.Say("No article draft was written into kb/drafts: %s.", fault.Error())
		}
		text = phrase.Join(text, said)
	}
	text = phrase.Join(text, phrase.Say("The text:"))
	c.NotifyAll(frontDesk(ctx.Policy, p.Owner, pub.Agent), notice.Notice{Kind: templates.ProblemNews, Author: tickets.Desk, Problem: &p,
		Text: text, Body: pub.Content})
	_, err = d.Finish()
	return err
}

// frontDesk returns the agents of the inside tiers below the highest, and others. It is pure.
func frontDesk(p *tickets.Policy, others ...string) []string {
	out := slices.DeleteFunc(others, func(name string) bool { return p.People.Agent(name) == nil })
	for i := range p.Service.Tiers {
		tier := &p.Service.Tiers[i]
		if tier.Outside || tier.Team == "" || p.Service.Above(tier.Level) == nil {
			continue
		}
		for _, a := range p.People.Members(tier.Team) {
			out = append(out, a.Name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
