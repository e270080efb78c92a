package customer

import (
	"time"

	"tierdesk/mailin"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/ratelimit"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

const day = 24 * time.Hour

// floodTicket returns the ticket that collects the mails of a flood, if a mail that would open
// another ticket is part of one; otherwise 0. own reports whether that is a ticket of its own
// sender.
func floodTicket(ctx decision.Context, m decision.CustomerMail) (ticket int64, own bool, err error) {
	if m.Known || mailin.SubAddressed(m.From()) {
		if ticket, err = flooded(ctx, m.Mail); err != nil || ticket != 0 {
			return ticket, true, err
		}
	}
	if !m.Known {
		ticket, err = floodedByStrangers(ctx, m.Mail)
	}
	return ticket, false, err
}

// flooded returns the ticket that collects a mail that would otherwise open another one; 0 if its
// sender's mailbox has not sent too much.
func flooded(ctx decision.Context, m *arrival.Mail) (int64, error) {
	if m.From() == "" || m.Settled() || m.IsOld(ctx.Tx.Now(), ctx.OldAfter) {
		return 0, nil
	}
	// In a flood the newest few are enough to decide; that matters, since this runs for each of its
	// mails.
	for _, limit := range []int{4 * ctx.Limits.Burst, arrival.MaxEarlier} {
		earlier, all, err := arrival.EarlierFrom(ctx.Tx, m.From(), m.Received, day, limit)
		if err != nil {
			return 0, err
		}
		if ticket := floodOf(earlier, m.Received, ctx.Limits); ticket != 0 || all {
			return ticket, nil
		}
	}
	return 0, nil
}

// floodedByStrangers does the same for an unknown sender at a domain at which nobody is known:
// invented addresses are usually at one domain.
func floodedByStrangers(ctx decision.Context, m *arrival.Mail) (int64, error) {
	if m.From() == "" || m.Settled() || m.IsOld(ctx.Tx.Now(), ctx.OldAfter) {
		return 0, nil
	}
	earlier, err := ratelimit.Strangers(ctx.Tx, ctx.Limits, ctx.Recent, ctx.Policy.People, m)
	if err != nil {
		return 0, err
	}
	ticket := floodOf(earlier, m.Received, ctx.Limits.OfDomain())
	if ticket != 0 && gatheredIn(earlier, ticket) >= maxGathered && ratelimit.OpensNext(ctx.Tx, mailin.Domain(m.From())) {
		return 0, nil
	}
	return ticket, nil
}

// maxGathered is the maximum number of strangers' mails that one ticket collects before another one
// is opened. The cost of a mail grows with the size of its ticket, and nobody reads a thousand
// mails in one.
const maxGathered = 100

// gatheredIn counts the mails collected in a ticket. It is pure.
func gatheredIn(earlier []arrival.Earlier, ticket int64) int {
	n := 0
	for i := range earlier {
		if e := &earlier[i]; e.Ticket == ticket && e.Gathered() {
			n++
		}
	}
	return n
}

// floodOf returns the newest ticket that an address opened within a day, or the one that already
// collects its flood, if the address has opened too many; otherwise 0. It is pure.
func floodOf(earlier []arrival.Earlier, now time.Time, limits ratelimit.Limits) int64 {
	lately, daily := 0, 0
	var ticket int64
	for i := range earlier {
		e := &earlier[i]
		if e.Received.After(now) || now.Sub(e.Received) > day || !e.OpenedTicket() && !e.Gathered() {
			continue
		}
		if e.OpenedTicket() {
			daily++
		}
		if now.Sub(e.Received) <= ratelimit.BurstWindow {
			lately++
		}
		ticket = max(ticket, e.Ticket)
	}
	if lately >= limits.Burst || daily >= limits.Opened {
		return ticket
	}
	return 0
}

// gather adds a mail of a flood to a ticket of the same sender or, if own is false, of somebody
// else at their domain. It moves no clock, runs no rules, and mails nobody except the agents, once.
func gather(ctx decision.Context, m decision.CustomerMail, ticket int64, own bool) (decision.Result, error) {
	written, err := ratelimit.Written(ctx.Tx, ctx.Limits, m.Mail, ticket)
	if err != nil {
		return decision.Result{}, err
	}
	if full := ratelimit.Full(ctx.Limits, m.Mail, ticket, written); full != "" {
		return decision.SetAside(tickets.CauseFlood, full).Result, nil
	}
	if ticket, _, err = arrival.Surviving(ctx.Tx, ticket); err != nil {
		return decision.Result{}, err
	}
	d := decision.OnMail(ctx, m.Mail)
	c, err := d.Open(ticket)
	if err != nil {
		return decision.Result{}, err
	}
	d.Explain("%s writes too much: the mail is gathered in ticket %d", m.From(), c.Ticket.ID)
	person, err := personOf(ctx, &m)
	if err != nil {
		return decision.Result{}, err
	}
	actor := tickets.PersonActor(person.ID)
	if err := c.AddMail(tickets.Automatic, actor, tickets.Internal, m.Warnings(ctx.Desk, ctx.Policy.People)); err != nil {
		return decision.Result{}, err
	}
	if err := c.Handle(tickets.Event{Kind: tickets.AutoFiled, Actor: actor, Message: c.Current.ID,
		Data: tickets.Data{Inbound: m.ID, Reason: string(tickets.CauseFlood)}}); err != nil {
		return decision.Result{}, err
	}
	words := phrase.Say("Too many tickets were opened from addresses at %s, where nobody is known. What else comes from there is gathered in this one, without a notice and without an acknowledgement, until it pauses for ten minutes.", mailin.Domain(m.From()))
	if own {
		words = phrase.Say("This address has opened too many tickets. What else it writes is gathered in this one, without a notice and without an acknowledgement, until it pauses for ten minutes.")
	}
	if err := tellOfFlood(c, words); err != nil {
		return decision.Result{}, err
	}
	d.Settle(tickets.AsMessage, tickets.CauseFlood, "the sender has opened too many tickets")
	return d.Finish()
}

// tellOfFlood writes a note into the ticket and tells the agents, at most once an hour.
func tellOfFlood(c *decision.Case, words phrase.Text) error {
	told, err := store.NotedSince(c.Tx, c.Ticket.ID, tickets.Desk, c.At.Add(-time.Hour))
	if err != nil || told {
		return err
	}
	note, err := c.AddNote(tickets.Desk, c.Policy.Say(words, c.Desk.Language))
	if err != nil {
		return err
	}
	if err := c.Handle(tickets.Event{Kind: tickets.Noted, Actor: tickets.Desk, Message: note,
		Data: tickets.Data{Reason: string(tickets.CauseFlood)}}); err != nil {
		return err
	}
	c.NotifyAll(view.Working(c.Policy, &c.Ticket), notice.Notice{Kind: templates.AgentNote, Author: tickets.Desk, Text: words})
	return nil
}
