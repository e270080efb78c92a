package desk

import (
	"cmp"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// Delivered hears what became of a mail that went out, in the transaction that records it. It is the sender's function value.
func (d *Desk) Delivered(tx *sqldb.Tx, r mailout.Result) error {
	if r.ProviderID != "" && r.Mail.Ticket != 0 {
		if err := store.AddMessageIDs(tx, r.Mail.Ticket, tx.Now(), r.ProviderID); err != nil {
			return err
		}
	}
	if r.Mail.Ticket == 0 {
		if r.State == mailout.Failed || r.State == mailout.HeldOut {
			d.log.Error("a mail to the admin did not leave", "kind", r.Mail.Kind, "state", r.State, "reason", r.Reason)
		}
		return nil
	}
	switch {
	case r.State == mailout.Failed:
		return d.undelivered(tx, d.current(), "outbox:"+number(r.Mail.ID), r.Mail, templates.Bounce{Recipient: r.Mail.Recipient, Status: r.Status, Diagnostic: r.Reason, Permanent: true}, r.Muted, nil)
	case r.State == mailout.HeldOut:
		return d.gateHeld(tx, r)
	case r.Delayed:
		return d.delayed(tx, r)
	case r.State == mailout.Sent && r.Mail.Automatic == mailout.ByPerson:
		w := d.decide(tx, d.current(), "outbox:"+number(r.Mail.ID), tx.Now())
		if err := w.open(r.Mail.Ticket); err != nil {
			return err
		}
		if err := w.handle(tickets.Event{Kind: tickets.Delivered, Actor: tickets.Desk, Message: 0, Data: tickets.Data{Outbox: r.Mail.ID}}); err != nil {
			return err
		}
		return store.SaveTicket(tx, w.t)
	}
	return nil
}

// undelivered does what follows when a mail of ours was refused for good: the ticket is open again and an agent knows.
func (d *Desk) undelivered(tx *sqldb.Tx, with *Decisions, cause string, m mailout.Mail, b templates.Bounce, mute bool, in *arrived) error {
	w := d.decide(tx, with, cause, tx.Now())
	if err := w.open(m.Ticket); err != nil {
		return err
	}
	if in != nil {
		w.in = in
		w.at = in.Received
		if err := w.addMessage(tickets.Automatic, tickets.Desk, tickets.Internal, nil); err != nil {
			return err
		}
	}
	if mute && m.Party.Outside() {
		if err := store.Mute(tx, mailin.Fold(m.Recipient), limit(b.Diagnostic, 200)); err != nil {
			return err
		}
	}
	if err := w.handle(tickets.Event{Kind: tickets.Bounced, Actor: tickets.Desk, Message: w.current.ID, Data: tickets.Data{Outbox: m.ID, Reason: b.Status}}); err != nil {
		return err
	}
	facts := func(f *templates.Facts) { f.Bounce = b; f.Body = "" }
	if !m.Party.Outside() {
		// A notice to one of our own was refused: somebody has to know who still reads his mail.
		w.want(want{kind: templates.Bounced, address: w.set.Admin, author: tickets.Desk, facts: facts})
		return w.finish()
	}
	if m.Automatic == mailout.ByPerson && w.t.Status != tickets.Open && w.t.Status != tickets.New && w.t.Status != tickets.OnHold {
		if err := w.handle(tickets.Event{Kind: tickets.StatusChanged, Actor: tickets.Desk, Data: tickets.Data{Status: tickets.Open, From: string(w.t.Status), Reason: "undelivered"}}); err != nil {
			return err
		}
	}
	for _, agent := range w.working() {
		w.want(want{kind: templates.Bounced, agent: agent, author: tickets.Desk, facts: facts})
	}
	return w.finish()
}

// delayed tells the agent that an answer of his has been waiting for hours.
func (d *Desk) delayed(tx *sqldb.Tx, r mailout.Result) error {
	w := d.decide(tx, d.current(), "outbox:"+number(r.Mail.ID), tx.Now())
	if err := w.open(r.Mail.Ticket); err != nil {
		return err
	}
	if err := w.handle(tickets.Event{Kind: tickets.Delayed, Actor: tickets.Desk, Data: tickets.Data{Outbox: r.Mail.ID}}); err != nil {
		return err
	}
	if r.Mail.Automatic == mailout.ByPerson {
		for _, agent := range w.working() {
			w.want(want{kind: templates.AgentNote, agent: agent, author: tickets.Desk,
				said: say("The answer to %s has not left for hours; the desk goes on trying. The mail server said: %s", r.Mail.Recipient, r.Reason)})
		}
	}
	return w.finish()
}

// gateHeld tells the author that the last gate has held his mail.
func (d *Desk) gateHeld(tx *sqldb.Tx, r mailout.Result) error {
	w := d.decide(tx, d.current(), "outbox:"+number(r.Mail.ID), tx.Now())
	if err := w.open(r.Mail.Ticket); err != nil {
		return err
	}
	if err := w.handle(tickets.Event{Kind: tickets.Held, Actor: tickets.Desk, Message: 0, Data: tickets.Data{Outbox: r.Mail.ID, Reason: "gate"}}); err != nil {
		return err
	}
	m, found, err := store.MessageByID(tx, r.Mail.Message)
	if err != nil {
		return err
	}
	agents := w.working()
	if author := m.Author.Agent(); found && author != "" && w.with.People.Agent(author) != nil {
		agents = []string{author}
	}
	reasons := []sentence{say("The last check before sending has stopped this mail, because it would have told the customer something internal: %s.", r.Reason),
		say("Answer again without it. The mail that was stopped stays in the outbox as number %d.", r.Mail.ID)}
	for _, agent := range agents {
		w.want(want{kind: templates.Held, agent: agent, author: tickets.Desk, reasons: reasons, body: cmp.Or(m.Text, " "), facts: func(f *templates.Facts) { f.Final, f.Buttons = true, nil }})
	}
	return w.finish()
}

// bounced handles a delivery report. It acts only if the report proves that it is about a mail of ours.
func (d *Desk) bounced(tx *sqldb.Tx, with *Decisions, in *arrived, ev evidence, result *Explanation) (bool, error) {
	row, report := ev.notice, in.m.Report
	if !ev.kind.strong() || row.Mail.ID == 0 {
		if report == nil || report.OriginalMessageID == "" {
			return false, nil
		}
		if _, _, ok := d.keys().OpenMessageID(report.OriginalMessageID); !ok {
			return false, nil
		}
		rows, err := mailout.ByMessageID(tx, report.OriginalMessageID)
		if err != nil || len(rows) == 0 {
			return false, err
		}
		row = rows[0]
		for _, r := range rows {
			for _, rcpt := range report.Recipients {
				if mailin.Fold(r.Mail.Recipient) == mailin.Fold(rcpt.Address) {
					row = r
				}
			}
		}
	}
	if result != nil {
		result.Outcome, result.Ticket = tickets.AsBounce, row.Mail.Ticket
	}
	if err := store.Decide(tx, in.id, tickets.AsBounce, "", store.Words(in.m.Class.Reasons), row.Mail.Ticket); err != nil {
		return false, err
	}
	if row.Mail.Ticket == 0 || report == nil || !report.Failed() {
		return true, nil // only delayed, or delivered: nothing to do yet
	}
	b := templates.Bounce{Recipient: row.Mail.Recipient, Diagnostic: limit(report.Diagnostic, 300), Permanent: true}
	mute := false
	for _, rcpt := range report.Recipients {
		if rcpt.Action == "failed" && rcpt.Permanent {
			b.Status = cmp.Or(b.Status, rcpt.Status)
			mute = mute || unknownMailbox(rcpt.Status)
		}
	}
	return true, d.undelivered(tx, with, "inbound:"+number(in.id), row.Mail, b, mute, in)
}

// unknownMailbox reports whether a status says that there is no such mailbox (RFC 3463): only that mutes an address.
func unknownMailbox(status string) bool {
	switch status {
	case "5.1.1", "5.1.2", "5.1.6", "5.1.10":
		return true
	}
	return false
}
