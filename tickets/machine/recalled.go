package machine

import (
	"errors"
	"slices"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
)

// recalled undoes what followed from a refusal which was about our account, not about the
// recipient: the mail is in the queue again. Who was told of the failure is told once that it is
// none; notices of it that have not left are dropped.
func recalled(ctx decision.Context, cause string, r mailout.Result) error {
	ticket, found, err := arrival.Surviving(ctx.Tx, r.Mail.Ticket)
	if err != nil || !found {
		return err
	}
	d := decision.Begin(ctx, cause, ctx.Tx.Now())
	c, err := d.Open(ticket)
	if err != nil {
		return err
	}
	past, err := c.History()
	if err != nil {
		return err
	}
	u, failed := undoing(&c.Ticket, past, r.Mail.ID)
	if !failed {
		return nil
	}
	if u.muted {
		if err := store.Unmute(ctx.Tx, mailin.Fold(r.Mail.Recipient)); err != nil {
			return err
		}
	}
	if err := c.Handle(tickets.Event{Kind: tickets.Recalled, Actor: tickets.Desk, Data: tickets.Data{Outbox: r.Mail.ID}}); err != nil {
		return err
	}
	if u.status != "" {
		if err := c.Handle(tickets.Event{Kind: tickets.StatusChanged, Actor: tickets.Desk,
			Data: tickets.Data{Status: u.status, From: string(c.Ticket.Status), Reason: string(tickets.Recalled)}}); err != nil {
			return err
		}
	}
	told, err := untell(c, u.failure)
	if err != nil {
		return err
	}
	if !u.told {
		c.NotifyAll(told, notice.Notice{Kind: templates.AgentNote, Author: tickets.Desk,
			Text: phrase.Say("What was reported as undelivered is being sent after all: the mail server refuses the desk's account, not the recipients.")})
	}
	_, err = d.Finish()
	return err
}

// undo is what follows from a failure that was none.
type undo struct {
	failure tickets.Event
	muted   bool           // by that failure
	status  tickets.Status // that the ticket has again; "" if it stays as it is
	told    bool           // since then it has been said of another one
}

// undoing returns what is undone when the refusal of a mail turns out to be none; false if no
// refusal was recorded. The status comes back if nobody has done anything about the ticket since,
// and nothing else is known to have failed. It is pure.
func undoing(t *tickets.Ticket, past []tickets.Event, outbox int64) (u undo, failed bool) {
	open := map[int64]bool{} // mails that have failed
	var opened tickets.Event // by which the ticket is open again; the zero value if somebody has done something since
	for _, e := range past {
		switch e.Kind {
		case tickets.Bounced:
			open[e.Data.Outbox] = true
			if e.Data.Outbox == outbox {
				u, failed = undo{failure: e, muted: e.Data.Muted}, true
			}
		case tickets.Recalled:
			delete(open, e.Data.Outbox)
			u.told = true
		case tickets.StatusChanged:
			opened = tickets.Event{}
			if e.Data.Reason == reasonUndelivered {
				opened = e
			}
		case tickets.Replied, tickets.AgentReplied, tickets.Reopened, tickets.Stopped:
			opened = tickets.Event{}
		}
	}
	failed = failed && open[outbox]
	if delete(open, outbox); failed && len(open) == 0 && opened.Data.From != "" && t.Status == tickets.Open {
		u.status = tickets.Status(opened.Data.From)
	}
	return u, failed
}

// untell drops the notices of a failure that have not left, and returns the agents who have got
// one.
func untell(c *decision.Case, failure tickets.Event) (told []string, err error) {
	rows, err := mailout.List(c.Tx,
		mailout.Filter{Ticket: c.Ticket.ID, States: []mailout.State{mailout.Waiting, mailout.Failed, mailout.Sent}, Limit: 1000})
	for _, row := range rows {
		if row.Mail.Kind != string(templates.Bounced) || !row.Mail.Created.Equal(failure.Record) {
			continue
		}
		if row.State != mailout.Sent {
			err := mailout.Drop(c.Tx, row.Mail.ID)
			if err == nil {
				continue
			}
			if !errors.Is(err, mailout.ErrInHand) && !errors.Is(err, mailout.ErrNone) {
				return nil, err
			}
		}
		if name := tickets.Actor(row.Mail.Person).Agent(); c.Policy.People.Agent(name) != nil && !slices.Contains(told, name) {
			told = append(told, name)
		}
	}
	slices.Sort(told)
	return told, err
}
