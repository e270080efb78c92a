package desk

import (
	"context"
	"errors"

	"tierdesk/mailin"
	"tierdesk/mailin/ledger"
	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/agent"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/canary"
	"tierdesk/tickets/consult"
	"tierdesk/tickets/customer"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/elsewhere"
	"tierdesk/tickets/form"
	"tierdesk/tickets/machine"
	"tierdesk/tickets/monitoring"
	"tierdesk/tickets/quarantine"
	"tierdesk/tickets/store"
	"tierdesk/tickets/vendor"
)

// maxAttempts is how often a batch is tried without savepoints, and a mail with one: each may lose
// a race against another daemon.
const maxAttempts = 3

// Take accepts mails, all of them in one transaction. When it returns nil every mail is a message,
// a known duplicate, filed, or in quarantine, and may be acknowledged. An error is temporary, and
// nothing has been changed.
//
// Usually every mail of a batch can be decided on, so that is tried first, without savepoints. Only
// if a mail cannot is the batch started again, with a savepoint for each mail.
func (d *Desk) Take(ctx context.Context, batch []mailin.Raw) error {
	return d.accept(ctx, d.read(ctx, batch))
}

// Read does the part of Take that needs no database.
func (d *Desk) Read(ctx context.Context, batch []mailin.Raw) func(ctx context.Context) error {
	mails := d.read(ctx, batch)
	return func(ctx context.Context) error { return d.accept(ctx, mails) }
}

func (d *Desk) accept(ctx context.Context, mails []*arrival.Mail) error {
	for range maxAttempts {
		err := d.db.Update(ctx, func(tx *sqldb.Tx) error {
			if err := arrival.Prefetch(tx, d.keys(), mails); err != nil {
				return err
			}
			return each(mails, func(m *arrival.Mail) error {
				c, err := d.context(tx)
				if err != nil {
					return err
				}
				_, _, err = d.receive(c, m)
				return err
			})
		})
		if err == nil || sqldb.Temporary(err) {
			return err
		}
		if !sqldb.Unique(err) {
			break
		}
	}
	return d.db.Update(ctx, func(tx *sqldb.Tx) error {
		return each(mails, func(m *arrival.Mail) error {
			c, err := d.context(tx)
			if err != nil {
				return err
			}
			_, _, err = d.receiveGuarded(c, m)
			return err
		})
	})
}

// each calls f with a copy of each mail, so that a transaction that is run again does not see
// changes made before.
func each(mails []*arrival.Mail, f func(m *arrival.Mail) error) error {
	for _, m := range mails {
		one := *m
		if err := f(&one); err != nil {
			return err
		}
	}
	return nil
}

// receiveGuarded decides on one mail within a savepoint. If anything is wrong with the mail itself,
// it goes to quarantine. A returned error concerns the database or the lease, and ends the
// transaction.
func (d *Desk) receiveGuarded(ctx decision.Context, m *arrival.Mail) (r decision.Result, known bool, err error) {
	var fault error
	original := *m
	for range maxAttempts {
		*m = original // forget what was undone
		fault, err = ctx.Tx.Savepoint(func() (err error) {
			r, known, err = d.receive(ctx, m)
			return err
		})
		if err != nil || fault == nil {
			return r, known, err
		}
		if !sqldb.Unique(fault) {
			break
		}
		// Another transaction was first, with a mail of the same new person or with this one:
		// nothing is wrong with the mail, and a new attempt sees the other's result.
	}
	if errors.Is(fault, ledger.ErrLeaseLost) {
		return r, known, fault // another daemon has the inbox now, so none of this is ours to accept
	}
	var set *decision.Aside
	if !errors.As(fault, &set) {
		d.log.Error("a mail could not be decided on and goes to quarantine", "inbox", m.Inbox, "uid", m.Source.UID, "message_id",
			m.Message.MessageID, "error", fault)
		set = decision.SetAside(tickets.CauseUnprocessable, fault.Error())
	}
	again, err := ctx.Tx.Savepoint(func() (err error) {
		if known, err = m.Record(ctx.Tx, d.set.OldAfter); err != nil || known {
			return err
		}
		r = set.Result
		return d.settle(ctx, m, &r)
	})
	return r, known, errors.Join(err, again)
}

// receive records one mail and decides on it. known reports whether it had already been recorded,
// or need not be; then nothing is done.
func (d *Desk) receive(ctx decision.Context, m *arrival.Mail) (r decision.Result, known bool, err error) {
	if elsewhere.Skips(ctx.Desk, m) {
		_, err = ledger.Take(ctx.Tx, m.Source, 0)
		return r, true, err
	}
	if known, err = m.Record(ctx.Tx, d.set.OldAfter); err != nil || known {
		return r, known, err
	}
	if m.Supersedes != 0 { // it replaces a part, whose rest the server had withheld
		if _, err := store.Settle(ctx.Tx, m.Supersedes); err != nil {
			return r, false, err
		}
	}
	r, err = d.decide(ctx, m)
	return r, false, err
}

// decide routes a recorded mail, lets the right capability decide on it, and records the result.
func (d *Desk) decide(ctx decision.Context, m *arrival.Mail) (decision.Result, error) {
	f, err := d.facts(ctx, m)
	if err != nil {
		return decision.Result{}, err
	}
	way := route(f)
	r, err := d.follow(ctx, m, f, way)
	if err != nil {
		return r, err
	}
	return r, d.settle(ctx, m, &r)
}

// follow does what the route says.
func (d *Desk) follow(ctx decision.Context, m *arrival.Mail, f facts, way Route) (decision.Result, error) {
	switch way.To {
	case ToNobody:
		return decision.Result{Outcome: way.Outcome, Cause: way.Cause, Reasons: way.Reasons}, nil
	case ToCanary:
		return canary.Land(ctx, d.set.Canary, m, f.canary)
	case ToAdmin:
		return d.quarantine.HandleAdmin(ctx, m, f.evidence)
	case ToMachine:
		return machine.Handle(ctx, m, f.evidence)
	case ToSent:
		return elsewhere.Handle(ctx, m, f.evidence)
	case ToThird:
		if f.evidence.Side != 0 || f.evidence.Notice.Mail.Party == mailout.Vendor {
			return vendor.Handle(ctx, m, f.evidence)
		}
		if asked, err := form.Asked(ctx, &f.evidence); err != nil {
			return decision.Result{}, err
		} else if asked {
			return form.HandleApproval(ctx, m, f.evidence)
		}
		return consult.Handle(ctx, m, f.evidence)
	case ToAgent:
		return d.agents.Handle(ctx, agent.Mail{Mail: m, Evidence: f.evidence, Agent: way.Agent, Stranger: way.Stranger})
	}
	if m.Message.Class.Kind == mailin.KindSpam { // the filter calls only a person's mail so
		message := *m.Message
		message.Class.Kind, message.Class.NoAutoReply, message.Class.Reasons = mailin.KindPerson, false,
			append([]string{"somebody here lets the sender or the mail past the spam filter"}, message.Class.Reasons...)
		m.Message = &message
	}
	if f.guessedPerson() || f.personOnList() {
		message := *m.Message
		message.Class.Kind, message.Class.NoAutoReply = mailin.KindPerson, true
		m.Message = &message
	}
	mail := decision.CustomerMail{Mail: m, Evidence: f.evidence, Sender: f.sender, Known: f.known}
	if err := monitoring.Join(ctx, &mail); err != nil {
		return decision.Result{}, err
	}
	return customer.Handle(ctx, mail, d.recognisers)
}

// settle records the results of a mail, and of those decided on with it.
func (d *Desk) settle(ctx decision.Context, m *arrival.Mail, r *decision.Result) error {
	r.Arrival = m.ID // the id differs if the decision was started again
	for _, x := range append([]decision.Result{*r}, r.Also...) {
		if x.Outcome == tickets.Undecided || x.Arrival == 0 {
			continue
		}
		if err := store.Decide(ctx.Tx, x.Arrival, x.Outcome, x.Cause, store.Words(x.Reasons), x.Ticket); err != nil {
			return err
		}
		if x.Outcome == tickets.Quarantined {
			if err := quarantine.Announce(ctx.Tx); err != nil {
				return err
			}
		}
	}
	return nil
}
