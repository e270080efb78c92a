package decision

import (
	"strconv"
	"time"

	"tierdesk/mailout"
	"tierdesk/migrations/meta"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
)

// AnnounceOld schedules a report to the admin about old mail that came in.
func AnnounceOld(tx *sqldb.Tx) error { return Announce(tx, timers.Summary, toldOld) }

// toldOld is the name under which the time of the last summary of old mail is stored.
const toldOld = "told-old"

// Announce schedules a digest: soon, but no earlier than an hour after the last one.
func Announce(tx *sqldb.Tx, kind timers.Kind, name string) error {
	return tx.Once("announce "+string(kind), func() error {
		due, err := notAgainBefore(tx, name)
		if err != nil {
			return err
		}
		if soon := tx.Now().Add(10 * time.Second); due.Before(soon) {
			due = soon
		}
		return timers.SetIfNone(tx, timers.Timer{Kind: kind, Due: sqldb.At(due)})
	})
}

// again is the minimum time between two digests of a kind.
const again = time.Hour

// notAgainBefore returns when the next digest may be sent, given the time of the last one. A last
// time in the future does not count: the clock has been set back.
func notAgainBefore(tx *sqldb.Tx, name string) (time.Time, error) {
	_, told, err := meta.Get(tx, name)
	if told.IsZero() || told.After(tx.Now()) {
		return time.Time{}, err
	}
	return told.Add(again), err
}

// TooEarly puts off a timer that was set in a transaction that did not yet see that a digest had
// just been sent.
func TooEarly(tx *sqldb.Tx, name string, t timers.Timer) (bool, error) {
	due, err := notAgainBefore(tx, name)
	if err != nil || !due.After(tx.Now()) {
		return false, err
	}
	t.Due = sqldb.At(due)
	return true, timers.Set(tx, t)
}

// FireOldMail tells the admin about old mail that came in, or about people of ours whom no mail
// reaches.
func FireOldMail(ctx Context, t timers.Timer) error {
	if t.Name == unreached {
		return fireUnreached(ctx)
	}
	if early, err := TooEarly(ctx.Tx, toldOld, t); early || err != nil {
		return err
	}
	return Digest(ctx, templates.AdminSummary, toldOld, 0, store.MarkOldReported)
}

// namedInDigest is how many mails a digest names; the others are counted.
const namedInDigest = 25

// Digest tells the admin about unreported mails, which report marks as reported. It names the first
// ones and counts the others. aged is the number of further mails to mention.
func Digest(ctx Context, kind templates.Name, name string, aged int, report func(tx *sqldb.Tx) ([]int64, error)) error {
	tx := ctx.Tx
	ids, err := report(tx)
	if err != nil || len(ids)+aged == 0 {
		return err
	}
	mails, err := store.ArrivalsByID(tx, ids[:min(namedInDigest, len(ids))])
	if err != nil {
		return err
	}
	f := notice.DeskFacts(ctx.Desk, tx.Now())
	f.Count, f.Aged = len(ids), aged
	for _, in := range mails {
		f.Mails = append(f.Mails, templates.MailLine{ID: strconv.FormatInt(in.ID, 10), From: in.Sender,
			Subject: in.Subject, When: in.Received, Size: in.Size, Reason: reasonOf(ctx.Policy, &in, ctx.Desk.Language)})
	}
	if err := TellAdmin(ctx, kind, ctx.Desk.Admin, &f); err != nil {
		return err
	}
	if len(ids) == 0 {
		return nil
	}
	return meta.Set(tx, name, strconv.Itoa(len(ids)))
}

// TellAdmin queues a mail to the admin, with facts filled in by the caller (notice.DeskFacts). It
// does nothing if the address is empty.
func TellAdmin(ctx Context, kind templates.Name, address string, f *templates.Facts, change ...func(*mailout.Mail)) error {
	if address == "" {
		return nil
	}
	id, err := ctx.Tx.NextID("outbox")
	if err != nil {
		return err
	}
	m, fault, err := ctx.sender().ToAdmin(id, kind, address, 0, f)
	ctx.logFault(fault)
	if err != nil {
		return err
	}
	for _, f := range change {
		f(&m)
	}
	_, err = ctx.enqueue(m)
	return err
}

// TellAgent queues a mail to an agent that concerns no ticket, or several. facts is called once the
// mail's number is known, so that addresses in it can be bound to it.
func TellAgent(ctx Context, kind templates.Name, agent *tickets.Agent, urgency mailout.Urgency,
	facts func(id int64, s *notice.Sender) *templates.Facts, change ...func(*mailout.Mail)) error {
	id, err := ctx.Tx.NextID("outbox")
	if err != nil {
		return err
	}
	s := ctx.sender()
	m, fault, err := s.ToAgent(id, kind, agent, urgency, facts(id, s))
	ctx.logFault(fault)
	if err != nil {
		return err
	}
	for _, f := range change {
		f(&m)
	}
	_, err = ctx.enqueue(m)
	return err
}

// AnswerOnly queues an automatic answer to the decision's mail, which does not become a ticket.
func (d *Decision) AnswerOnly(kind templates.Name, inbox *tickets.Inbox, f *templates.Facts) error {
	id, err := d.Tx.NextID("outbox")
	if err != nil {
		return err
	}
	m, fault, err := d.sender().ToCustomer(id, kind, inbox, d.Mail.Message, f)
	d.logFault(fault)
	if err == nil {
		d.result.Mails = append(d.result.Mails, m)
		d.Explain("mail %q to the sender, and no ticket", kind)
	}
	return err
}

func (c *Context) sender() *notice.Sender {
	return &notice.Sender{Desk: c.Desk, Policy: c.Policy, Keys: c.Keys, Now: c.Tx.Now()}
}

func (c *Context) logFault(fault error) {
	if fault != nil {
		c.Log.Error("a template of the desk folder failed; the built-in one was used", "error", fault)
	}
}
