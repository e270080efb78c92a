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

// floodTicket returns the ticket in which a mail that would open another has to be gathered, 0 for
// none, and whether it is a ticket of its own sender.
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

// flooded returns the ticket in which a mail that would open another has to be gathered; 0 if
// nobody has written too much from its sender's mailbox.
func flooded(ctx decision.Context, m *arrival.Mail) (int64, error) {
	if m.From() == "" || m.Settled() || m.IsOld(ctx.Tx.Now(), ctx.OldAfter) {
		return 0, nil
	}
	// Of a flood the newest few are enough to tell; that matters, since it is asked with each of
	// its mails.
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

// floodedByStrangers returns the same for one whom nobody knows, at a domain at which nobody is
// known: whoever makes addresses up, makes them up at a domain.
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

// maxGathered is how many mails of strangers one ticket gathers before another is opened for the
// next ones. What a mail costs grows with what its ticket holds, and nobody reads a thousand mails
// in one.
const maxGathered = 100

// gatheredIn counts the mails that were gathered in a ticket. It is pure.
func gatheredIn(earlier []arrival.Earlier, ticket int64) int {
	n := 0
	for i := range earlier {
		if e := &earlier[i]; e.Ticket == ticket && e.Gathered() {
			n++
		}
	}
	return n
}

// floodOf returns the newest ticket that an address opened within a day, or where its flood is
// gathered already, if it has opened too many; else 0. It is pure.
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

// gather puts a mail of a flood into a ticket of the same sender, or (own is false) of somebody
// else at their domain: no clock moves, no rule runs, nobody is mailed but the agents, once.
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
