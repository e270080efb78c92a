// Package machine decides on what machines say: automatic answers and receipts, delivery reports,
// and what became of mails that went out. It files, moves a ticket only when a mail of ours did not
// arrive, and answers nobody. It must never know agents' commands.
package machine

import (
	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/ratelimit"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// Handle files what a machine wrote where it belongs. What proves no mail of ours goes to
// quarantine.
func Handle(ctx decision.Context, m *arrival.Mail, e arrival.Evidence) (decision.Result, error) {
	class := m.Message.Class
	if class.Kind == mailin.KindBounce {
		r, found, err := bounced(ctx, m, e)
		if err != nil || found {
			return r, err
		}
	}
	if noted, err := noteAbsence(ctx, m, e); err != nil {
		return decision.Result{}, err
	} else if noted && e.Ticket == 0 {
		return decision.Result{Outcome: tickets.AsAuto, Cause: tickets.Cause(class.Kind), Reasons: class.Reasons}, nil
	}
	if class.Kind == mailin.KindBounce || e.Ticket == 0 || !e.Proof.Strong() && class.Kind != mailin.KindReaction {
		return decision.SetAside(tickets.MachineCause(class.Kind), class.Reasons...).Result, nil
	}
	written, err := ratelimit.Written(ctx.Tx, ctx.Limits, m, e.Ticket)
	if err != nil {
		return decision.Result{}, err
	}
	if full := ratelimit.Full(ctx.Limits, m, e.Ticket, written); full != "" {
		return decision.SetAside(tickets.CauseFlood, full).Result, nil
	}
	return file(ctx, m, e)
}

// file adds an automatic mail to its ticket. It moves no clock and answers nobody.
func file(ctx decision.Context, m *arrival.Mail, e arrival.Evidence) (decision.Result, error) {
	class := m.Message.Class
	d := decision.OnMail(ctx, m)
	d.Old = true
	c, err := d.Open(e.Ticket)
	if err != nil {
		return decision.Result{}, err
	}
	left, err := hasLeft(c, m, e)
	if err != nil {
		return decision.Result{}, err
	}
	actor, reason := tickets.Desk, string(class.Kind)
	if left.person != 0 {
		actor, reason = tickets.PersonActor(left.person), reasonLeft
	} else if p, known, err := store.PersonAt(ctx.Tx, m.From()); err != nil {
		return decision.Result{}, err
	} else if known {
		actor = tickets.PersonActor(p.ID)
	}
	if err := c.AddMail(tickets.Automatic, actor, tickets.Internal, nil); err != nil {
		return decision.Result{}, err
	}
	if err := c.Handle(tickets.Event{Kind: tickets.AutoFiled, Actor: actor, Message: c.Current.ID,
		Data: tickets.Data{Inbound: m.ID, Reason: reason}}); err != nil {
		return decision.Result{}, err
	}
	d.Settle(tickets.AsAuto, tickets.Cause(class.Kind), class.Reasons...)
	if left.person != 0 {
		known, err := left.known(c, class.Guessed)
		if err != nil {
			return decision.Result{}, err
		}
		if !known && !left.muted && len(left.before) == 0 {
			d.Old = d.IsOld()
			tellLeft(c, &left)
		}
		if known || !class.Guessed || !left.muted && len(left.before) == 0 {
			return d.Finish()
		}
	}
	// It may be a person's after all, who asks for something, so those who have the ticket read it.
	// Not an agent's: it answers a notice, and would answer the next one.
	if class.Guessed && e.Notice.Mail.Party == mailout.Customer && ctx.Policy.People.AgentBy(m.From()) == nil {
		d.Old = d.IsOld()
		c.NotifyAll(view.Working(ctx.Policy, &c.Ticket), notice.Notice{Kind: templates.AgentReply, Author: actor})
	}
	return d.Finish()
}
