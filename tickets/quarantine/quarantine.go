// Package quarantine owns the mails that are set aside for a person to look at. It tells the admin
// about them, carries out the admin's answers, releases mails, files those that nobody deals with,
// and has the commands on a sender (/spam, /block, /allow). It must never decide what a released
// mail means: a function provided by the caller does.
package quarantine

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/ledger"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
	"tierdesk/tickets/view"
)

// ErrNone means that there is no such mail in quarantine, or that it has already been dealt with.
var ErrNone = errors.New("there is no such mail in quarantine")

// ErrInfected means that a mail in which the virus scanner found something was to be released
// without confirmation.
var ErrInfected = errors.New("the virus scanner found something in this mail")

// askedAgain is why a mail of which there is only a part stays in quarantine.
const askedAgain = "the mail server has not delivered all of this mail yet: it is requested again now, " +
	"and will arrive by itself once the server delivers it"

// errOneOfUs means that the desk itself or an agent was to be blocked or allowed: they are
// recognised by other means.
var errOneOfUs = errors.New("that is an address of the desk or of an agent")

// maxAge is how long a mail waits in quarantine for somebody to deal with it.
const maxAge = 30 * 24 * time.Hour

const (
	// ageing is the name of the timer that files mails that have waited too long.
	ageing = "ageing"
	// told is the name under which the time of the last digest is stored.
	told = "told-quarantine"
	// foundWords precede the name of what the scanner found, in the reasons of a mail in
	// quarantine.
	foundWords = "the virus scanner found "
)

// Found returns the reason for quarantining a mail in which the virus scanner found something.
func Found(virus string) string { return foundWords + virus }

// Infection returns what the virus scanner found in a mail in quarantine, "" for nothing.
func Infection(record tickets.Arrival) string {
	if record.Cause != tickets.CauseVirus {
		return ""
	}
	return strings.TrimPrefix(record.Reasons, foundWords)
}

// Announce schedules a digest for the admin: soon, but at most once an hour. It also makes sure
// that mails that nobody deals with are filed in time.
func Announce(tx *sqldb.Tx) error {
	if err := timers.SetIfNone(tx, timers.Timer{Kind: timers.Quarantine, Name: ageing, Due: sqldb.At(tx.Now().Add(maxAge))}); err != nil {
		return err
	}
	return decision.Announce(tx, timers.Quarantine, told)
}

// Fire sends the digest. The ageing timer first files mails that have waited too long.
func Fire(ctx decision.Context, t timers.Timer) error {
	aged := 0
	if t.Name == ageing {
		var err error
		if aged, err = fileAged(ctx.Tx); err != nil || aged == 0 {
			return err
		}
	} else if early, err := decision.TooEarly(ctx.Tx, told, t); early || err != nil {
		return err
	}
	return decision.Digest(ctx, templates.AdminQuarantine, told, aged, store.MarkQuarantinedReported)
}

// fileAged files mails that have waited too long, sets the timer for the next ones, and returns the
// number of mails filed.
func fileAged(tx *sqldb.Tx) (int, error) {
	aged, err := store.SettleAged(tx, tx.Now().Add(-maxAge))
	if err != nil {
		return 0, err
	}
	oldest, err := store.OldestQuarantined(tx)
	if err != nil || oldest.IsZero() {
		return int(aged), err
	}
	// Not one by one: mails that age within a day are reported together.
	due := oldest.Add(maxAge)
	if soonest := tx.Now().Add(24 * time.Hour); due.Before(soonest) {
		due = soonest
	}
	return int(aged), timers.Set(tx, timers.Timer{Kind: timers.Quarantine, Name: ageing, Due: sqldb.At(due)})
}

// Waiting returns the record of a mail in quarantine; ErrNone if there is none with that number.
func Waiting(tx *sqldb.Tx, id int64) (tickets.Arrival, error) {
	record, found, err := store.ArrivalByID(tx, id)
	if err == nil && (!found || record.Outcome != tickets.Quarantined) {
		err = ErrNone
	}
	return record, err
}

// Handler releases mails from quarantine. All its methods are safe for concurrent use.
type Handler struct {
	Reader *arrival.Reader
	// Decide decides on a released mail as on an arriving one, and records the result.
	Decide func(ctx decision.Context, m *arrival.Mail) (decision.Result, error)
}

// Release releases a mail from quarantine and has it decided on as if nothing had been wrong with
// it. A mail whose rest the mail server has withheld stays, and is requested again. A mail in which
// the virus scanner found something is released only if infected says that the caller knows about
// that; otherwise the error is ErrInfected.
func (h *Handler) Release(ctx decision.Context, id int64, infected bool) (decision.Result, error) {
	record, err := Waiting(ctx.Tx, id)
	if err != nil {
		return decision.Result{}, err
	}
	virus := Infection(record)
	if virus != "" && !infected {
		return decision.Result{}, fmt.Errorf("%w: %s", ErrInfected, virus)
	}
	// There is only a part of a mail that the server withheld: request the whole, which will arrive
	// in its place.
	if again, err := ledger.Retry(ctx.Tx, id); err != nil {
		return decision.Result{}, err
	} else if again {
		return decision.Result{Outcome: record.Outcome, Cause: record.Cause, Reasons: []string{askedAgain}}, nil
	}
	if settled, err := store.Settle(ctx.Tx, id); err != nil || !settled {
		return decision.Result{}, errors.Join(err, ErrNone)
	}
	m, err := h.Reader.Stored(ctx.Tx, record)
	if err != nil {
		return decision.Result{}, err
	}
	m.Released, m.Scan.Virus = true, virus
	if record.Ticket != 0 {
		return noSpam(ctx, m, record.Ticket)
	}
	return h.Decide(ctx, m)
}

// Drop settles a mail in quarantine without any further action; it stays listed and its raw mail is
// kept.
func Drop(tx *sqldb.Tx, id int64) error {
	if _, err := Waiting(tx, id); err != nil {
		return err
	}
	if err := ledger.Leave(tx, id); err != nil {
		return err
	}
	settled, err := store.Settle(tx, id)
	if err == nil && !settled {
		err = ErrNone
	}
	return err
}

// noSpam restores a ticket whose first mail an agent called spam.
func noSpam(ctx decision.Context, m *arrival.Mail, ticket int64) (decision.Result, error) {
	d := decision.Begin(ctx, fmt.Sprintf("inbound:%d", m.ID), ctx.Tx.Now())
	c, err := d.Open(ticket)
	if err != nil {
		return decision.Result{}, err
	}
	if c.Ticket.HasTag(decision.SpamTag) {
		if err := c.Handle(tickets.Event{Kind: tickets.Tagged, Actor: tickets.Desk,
			Data: tickets.Data{Remove: []string{decision.SpamTag}, Reason: "released"}}); err != nil {
			return decision.Result{}, err
		}
	}
	if c.Ticket.Status.Done() {
		if err := c.Handle(tickets.Event{Kind: tickets.Reopened, Actor: tickets.Desk,
			Data: tickets.Data{Status: tickets.Open, Reason: "released"}}); err != nil {
			return decision.Result{}, err
		}
	}
	c.NotifyAll(view.Working(ctx.Policy, &c.Ticket),
		notice.Notice{Kind: templates.Reopened, Author: tickets.Desk, Text: phrase.Say("It was marked as spam by mistake.")})
	d.Settle(tickets.AsMessage, "", "released")
	r, err := d.Finish()
	if err != nil {
		return r, err
	}
	return r, store.Decide(ctx.Tx, m.ID, r.Outcome, r.Cause, store.Words(r.Reasons), ticket)
}

// setVerdict blocks a sender, or exempts them from spam verdicts.
func setVerdict(ctx decision.Context, address string, allow bool) error {
	folded := mailin.Fold(address)
	switch {
	case !strings.Contains(folded, "@"):
		return errors.New("the mail has no sender")
	case arrival.Ours(ctx.Desk, folded) || folded == mailin.Fold(ctx.Desk.Admin) || ctx.Policy.People.AgentBy(folded) != nil:
		return errOneOfUs
	}
	return store.SetSenderVerdict(ctx.Tx, folded, allow)
}
