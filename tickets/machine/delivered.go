package machine

import (
	"cmp"
	"slices"
	"strconv"

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

// Delivered decides on what became of a mail that went out.
func Delivered(ctx decision.Context, r mailout.Result) error {
	if r.ProviderID != "" && r.Mail.Ticket != 0 {
		if err := store.AddMessageIDs(ctx.Tx, r.Mail.Ticket, ctx.Tx.Now(), r.ProviderID); err != nil {
			return err
		}
	}
	cause := "outbox:" + strconv.FormatInt(r.Mail.ID, 10)
	switch {
	case r.Mail.Ticket == 0:
		if r.State == mailout.Failed || r.State == mailout.HeldOut {
			ctx.Log.Error("a mail to one of our own did not leave", "kind", r.Mail.Kind, "state", r.State, "reason", r.Reason)
		}
		if r.State == mailout.Failed && !r.Mail.Party.Outside() {
			return decision.AnnounceUnreached(ctx.Tx)
		}
		return nil
	case r.State == mailout.Failed:
		_, err := undelivered(ctx, failure{cause: cause, mail: r.Mail, mute: r.Muted,
			bounce: templates.Bounce{Recipient: r.Mail.Recipient, Status: r.Status, Diagnostic: r.Reason, Permanent: true}})
		return err
	case r.State == mailout.HeldOut:
		return gateHeld(ctx, cause, r)
	case r.Delayed:
		return delayed(ctx, cause, r)
	case r.State == mailout.Sent && r.Mail.Automatic == mailout.ByPerson:
		d := decision.Begin(ctx, cause, ctx.Tx.Now())
		c, err := d.Open(r.Mail.Ticket)
		if err != nil {
			return err
		}
		if err := c.Handle(tickets.Event{Kind: tickets.Delivered, Actor: tickets.Desk, Data: tickets.Data{Outbox: r.Mail.ID}}); err != nil {
			return err
		}
		return d.Record()
	}
	return nil
}

// delayed tells the agents that an answer has been waiting for hours.
func delayed(ctx decision.Context, cause string, r mailout.Result) error {
	d := decision.Begin(ctx, cause, ctx.Tx.Now())
	c, err := d.Open(r.Mail.Ticket)
	if err != nil {
		return err
	}
	if err := c.Handle(tickets.Event{Kind: tickets.Delayed, Actor: tickets.Desk, Data: tickets.Data{Outbox: r.Mail.ID}}); err != nil {
		return err
	}
	if r.Mail.Automatic == mailout.ByPerson {
		c.NotifyAll(view.Working(ctx.Policy, &c.Ticket), notice.Notice{Kind: templates.AgentNote, Author: tickets.Desk,
			Text: phrase.Say("The answer to %s has been waiting for hours; the desk keeps trying. The mail server said: %s", r.Mail.Recipient, r.Reason)})
	}
	_, err = d.Finish()
	return err
}

// gateHeld takes back that an answer was given which the last check before sending has stopped: the ticket and its clocks stand as before, and the author decides.
func gateHeld(ctx decision.Context, cause string, r mailout.Result) error {
	answer, found, err := store.MessageByID(ctx.Tx, r.Mail.Message)
	if err != nil || !found {
		return err
	}
	d := decision.Begin(ctx, cause, ctx.Tx.Now())
	c, err := d.Open(r.Mail.Ticket)
	if err != nil {
		return err
	}
	past, err := c.History()
	if err != nil {
		return err
	}
	if stoppedAlready(past, answer.ID) {
		return nil // another copy of the same answer
	}
	if err := c.Handle(takeBack(&c.Ticket, past, answer.ID, r.Mail.ID)); err != nil {
		return err
	}
	author := answer.Author.Agent()
	if ctx.Policy.People.Agent(author) == nil {
		working := view.Working(ctx.Policy, &c.Ticket)
		if len(working) == 0 {
			_, err := d.Finish()
			return err
		}
		author = working[0]
	}
	held, err := store.Hold(ctx.Tx, tickets.HeldMail{Ticket: c.Ticket.ID, Agent: author, Inbound: answer.Inbound, Reason: tickets.HoldGate})
	if err != nil {
		return err
	}
	c.Notify(notice.Notice{Kind: templates.Held, Agent: author, Author: tickets.Desk, Body: cmp.Or(answer.Text, " "), Held: held, OnSend: commands.SendsText, Reasons: []phrase.Text{
		phrase.Say("The last check before sending has stopped this answer, because it would have told the customer something internal: %s.", r.Reason),
		phrase.Say("Answer again without it, or send it if that is meant.")}})
	_, err = d.Finish()
	return err
}

// stoppedAlready reports whether the last thing that happened to an answer is that it was stopped.
func stoppedAlready(past []tickets.Event, message int64) bool {
	for _, e := range slices.Backward(past) {
		if e.Message == message && (e.Kind == tickets.Stopped || e.Kind == tickets.AgentReplied) {
			return e.Kind == tickets.Stopped
		}
	}
	return false
}

// takeBack returns the event by which an answer that was stopped does not count. It is pure.
func takeBack(t *tickets.Ticket, past []tickets.Event, message, outbox int64) tickets.Event {
	e := tickets.Event{Kind: tickets.Stopped, Actor: tickets.Desk, Message: message, Data: tickets.Data{Outbox: outbox, Reason: "gate"}}
	before, after, found := decision.BeforeAnswer(past, message)
	if !found {
		return e
	}
	e.Data.Since = before.CustomerWrote
	if t.Status == after.Status || t.Status.Done() { // nobody has done anything since but end the ticket with the answer
		e.Data.Status = before.Status
	}
	return e
}
