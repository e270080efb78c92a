package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"tierdesk/mailout"
	"tierdesk/mailout/smtp"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// outgoing looks for mail that is not sent, judging by the state of the outbox.
func (c *doctorCmd) outgoing(p *patient, x *examined) error {
	pauses, err := p.app.Sender.NotedPauses(p.ctx)
	if err != nil {
		return err
	}
	for _, account := range slices.Sorted(maps.Keys(pauses)) {
		pause := pauses[account]
		x.bad("it resumes by itself when the server permits", "outgoing mail by %s is paused, for %s: %s", account,
			length(p.now.Sub(pause.Since)), pause.Reason)
	}
	return p.app.DB.View(p.ctx, func(tx *sqldb.Tx) error {
		for _, look := range []func(*sqldb.Tx, *patient, *examined) error{queued, silent, troubled, unreached, heldAnswers} {
			if err := look(tx, p, x); err != nil {
				return err
			}
		}
		return nil
	})
}

// queued examines waiting mail.
func queued(tx *sqldb.Tx, p *patient, x *examined) error {
	queues, err := mailout.Queues(tx)
	if err != nil {
		return err
	}
	waiting := 0
	known := map[string]bool{}
	for _, in := range p.cfg.Main.Inboxes {
		known[in.Name] = true
	}
	for _, q := range queues {
		waiting += q.Waiting
		if !known[q.Inbox] {
			x.bad("drop them, or give an inbox this name again", "%s of the inbox %q, which tierdesk.yaml no longer has",
				plural(q.Waiting, "mail"), q.Inbox)
		}
	}
	x.Words = plural(waiting, "mail") + " waiting"
	due, oldest, err := mailout.Untried(tx, p.now.Add(-10*time.Minute))
	if err != nil {
		return err
	}
	if due > 0 {
		x.bad("is the daemon running? its log and tierdesk check --connect show why mail is paused", "%s due for %s that nobody sends",
			plural(due, "mail"), length(p.now.Sub(oldest)))
	}
	return nil
}

// silent looks for inboxes from which no mail has been sent although some was tried.
func silent(tx *sqldb.Tx, p *patient, x *examined) error {
	for _, in := range p.cfg.Main.Inboxes {
		rows, err := mailout.List(tx, mailout.Filter{Inbox: in.Name, Limit: 1000})
		if err != nil {
			return err
		}
		if s := mailout.SilenceOf(rows, p.now); s.Grave(p.now) {
			x.bad("tierdesk outbox list", "no mail of inbox %s has left for %s, although mail to %s was tried: %s", in.Name,
				length(p.now.Sub(s.Since)), plural(s.Recipients, "recipient"), s.Reason)
		}
	}
	return nil
}

// troubled examines mail that was held or refused, or that has been failing for long.
func troubled(tx *sqldb.Tx, p *patient, x *examined) error {
	rows, err := mailout.List(tx, mailout.Filter{States: []mailout.State{mailout.Waiting, mailout.HeldOut, mailout.Failed}, Limit: 1000})
	if err != nil {
		return err
	}
	for _, r := range rows {
		m := r.Mail
		switch {
		case r.State == mailout.HeldOut:
			x.bad(fmt.Sprintf("tierdesk outbox show %d, then retry, retry --pass or drop", m.ID), "mail %d to %s is held: %s", m.ID,
				m.Recipient, r.Error)
		case r.State == mailout.Waiting && r.Interrupted > 1:
			x.bad(fmt.Sprintf("tierdesk outbox show %d", m.ID), "mail %d to %s has stopped the sender %s", m.ID, m.Recipient,
				plural(r.Interrupted-1, "time"))
		case r.State == mailout.Waiting && !r.FirstFailed.IsZero() && p.now.Sub(r.FirstFailed) > time.Hour:
			x.bad(fmt.Sprintf("tierdesk outbox show %d", m.ID), "mail %d to %s has failed for %s: %s", m.ID, m.Recipient,
				length(p.now.Sub(r.FirstFailed)), r.Error)
		case r.State == mailout.Failed && p.now.Sub(m.Created) < 7*24*time.Hour:
			x.note(fmt.Sprintf("tierdesk outbox show %d, then retry or drop", m.ID), "mail %d to %s was refused for good: %s", m.ID,
				m.Recipient, r.Error)
		}
	}
	return nil
}

// unreached looks for agents and admins whom no mail reaches.
func unreached(tx *sqldb.Tx, p *patient, x *examined) error {
	all, err := mailout.UnreachedStaff(tx, p.now.Add(-7*24*time.Hour))
	for _, u := range all {
		x.bad("is the address right, and may this desk write to it?",
			"no mail reaches %s (%s): %s failed since one arrived, the first %s ago, the last with: %s", u.Recipient, u.Party,
			plural(u.Failed, "mail"),
			length(p.now.Sub(u.Since)), u.Reason)
	}
	return err
}

// heldAnswers looks for held mail of agents: it lists all answers that the last gate has stopped,
// since their customers are waiting, and counts the others that are old.
func heldAnswers(tx *sqldb.Tx, p *patient, x *examined) error {
	const most = 100
	stopped, err := store.HeldFor(tx, tickets.HoldGate, most)
	if err != nil {
		return err
	}
	for _, h := range stopped {
		x.bad("the agent was asked: /send, /drop or another answer",
			"ticket %d has no answer: that of %s was stopped before sending, %s ago", h.Ticket, h.Agent, length(p.now.Sub(h.At)))
	}
	held, oldest, err := store.HeldBefore(tx, p.now.Add(-24*time.Hour))
	if err != nil {
		return err
	}
	if held > 0 {
		x.note("their writers were asked: /send or /drop", "%s of agents held for more than a day, the oldest for %s", plural(held, "mail"),
			length(p.now.Sub(oldest)))
	}
	return nil
}

// sender tries an outgoing account, and checks that its server accepts the reply addresses.
func (c *doctorCmd) sender(p *patient, i int, x *examined) error {
	ctx, cancel := context.WithTimeout(p.ctx, c.Timeout)
	defer cancel()
	inbox := p.cfg.Main.Inboxes[i].Name
	if err := p.app.Sender.Check(ctx, inbox); err != nil {
		x.bad("tierdesk check -C "+c.Dir+" --connect", "%s", reason(ctx, c.Timeout, err))
		return nil
	}
	address, err := p.app.Sender.CheckReplyAddress(ctx, inbox)
	switch {
	case errors.Is(err, smtp.ErrReplyAddress):
		x.bad("set reply_address: of the inbox to what the server takes, or to none", "%s", err)
	case err != nil:
		x.note("", "%s", reason(ctx, c.Timeout, err))
	case address != "":
		x.Words = "it takes mail to " + address
	}
	if why := p.app.Sender.PlainBounces(inbox); why != "" {
		x.note("envelope: and reply_address: in tierdesk.yaml",
			"delivery reports do not say which mail they are about, so none is acted on: %s", why)
	}
	return nil
}
