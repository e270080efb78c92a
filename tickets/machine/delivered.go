package machine

import (
	"strconv"

	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
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
		return withoutTicket(ctx, r)
	case r.Recalled:
		return recalled(ctx, cause, r)
	case r.State == mailout.Failed:
		_, err := undelivered(ctx, failure{cause: cause, mail: r.Mail, mute: r.Muted,
			bounce: templates.Bounce{Recipient: r.Mail.Recipient, Status: r.Status, Diagnostic: r.Reason, Permanent: true}})
		return err
	case r.State == mailout.HeldOut:
		return heldBack(ctx, cause, r)
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

// withoutTicket hears of a mail that belongs to no ticket. Of a refusal the daily summary tells;
// what was held before any mail server saw it the admin is told at once, at most once an hour,
// unless it is what tells them.
func withoutTicket(ctx decision.Context, r mailout.Result) error {
	if r.State != mailout.Failed && r.State != mailout.HeldOut {
		return nil
	}
	ctx.Log.Error("a mail without a ticket did not leave", "mail", r.Mail.ID, "kind", r.Mail.Kind, "state", r.State, "reason", r.Reason)
	if r.State == mailout.Failed {
		if r.Mail.Party.Outside() {
			return nil
		}
		return decision.AnnounceUnreached(ctx.Tx)
	}
	admin := ctx.Desk.Admin
	if admin == "" || r.Mail.Kind == string(templates.AdminAlarm) {
		return nil
	}
	if may, err := mailout.MayReport(ctx.Tx, admin, string(templates.AdminAlarm)); err != nil || !may {
		return err
	}
	say := func(t phrase.Text) string { return ctx.Policy.Say(t, ctx.Desk.Language) }
	f := notice.DeskFacts(ctx.Desk, ctx.Tx.Now())
	f.What = say(phrase.Say("mail %d to %s was not sent", r.Mail.ID, r.Mail.Recipient))
	f.Reasons = []string{say(whyHeld(r))}
	f.Hint = say(phrase.Say("`tierdesk outbox show %d` shows it; `outbox retry` and `outbox drop` decide what becomes of it", r.Mail.ID))
	return decision.TellAdmin(ctx, templates.AdminAlarm, admin, &f)
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
			Text: phrase.Say("The answer to %s has been waiting for hours; the desk keeps trying. The mail server said: %s",
				r.Mail.Recipient, r.Reason)})
	}
	_, err = d.Finish()
	return err
}
