package customer

import (
	"time"

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

// flooded returns the ticket in which a mail that would open another has to be gathered; 0 if its
// sender has not written too much.
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

// floodOf returns the newest ticket that an address opened, or where its flood is gathered already,
// if it has opened too many; else 0. It is pure.
func floodOf(earlier []arrival.Earlier, now time.Time, limits ratelimit.Limits) int64 {
	lately, daily := 0, 0
	var ticket int64
	for _, e := range earlier {
		if !e.OpenedTicket() && !e.Gathered() {
			continue
		}
		if e.OpenedTicket() {
			daily++
		}
		if now.Sub(e.Received) <= ratelimit.BurstWindow {
			lately++
		}
		if ticket == 0 {
			ticket = e.Ticket
		}
	}
	if lately >= limits.Burst || daily >= limits.Opened {
		return ticket
	}
	return 0
}

// gather puts a mail of a flood into a ticket of the same sender: no clock moves, no rule runs,
// nobody is mailed but the agents, once.
func gather(ctx decision.Context, m Mail, ticket int64) (decision.Result, error) {
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
	actor := tickets.PersonActor(m.Sender.ID)
	if err := c.AddMail(tickets.Automatic, actor, tickets.Internal, m.Warnings(ctx.Desk, ctx.Policy.People)); err != nil {
		return decision.Result{}, err
	}
	if err := c.Handle(tickets.Event{Kind: tickets.AutoFiled, Actor: actor, Message: c.Current.ID,
		Data: tickets.Data{Inbound: m.ID, Reason: string(tickets.CauseFlood)}}); err != nil {
		return decision.Result{}, err
	}
	err = tellOfFlood(c, phrase.Say("This address has opened too many tickets. What else it writes is gathered in this one, without a notice and without an acknowledgement, until it pauses for ten minutes."))
	if err != nil {
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
