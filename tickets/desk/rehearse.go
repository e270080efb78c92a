package desk

import (
	"errors"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/rules/ruletest"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
)

// TestFacts returns the facts for an owner's test of a rule, as if the test's mail opened a ticket
// now, with the desk's own customers, organisations and defaults. A test without a time is at ten
// o'clock on a Monday, so that its result is the same on every day.
func (d *Desk) TestFacts(tx *sqldb.Tx, t rules.Test) (*rules.Facts, error) {
	at := time.Date(2026, 1, 5, 10, 0, 0, 0, d.set.Location)
	if t.Mail.At != "" {
		var err error
		if at, err = rules.ParseAt(t.Mail.At, d.set.Location); err != nil {
			return nil, err
		}
	}
	raw, err := ruletest.Mail(t.Mail, at)
	if err != nil {
		return nil, err
	}
	m := d.reader.Read(mailin.Raw{Inbox: d.set.Inboxes[0].Name, Received: at, Bytes: raw, Size: int64(len(raw))})
	c, err := d.context(tx)
	if err != nil {
		return nil, err
	}
	return decision.OpeningFacts(c, m, at)
}

// TestMails returns the kinds of mails that the desk would send by itself after an outcome of the
// rules, without duplicates.
func (d *Desk) TestMails(f *rules.Facts, out rules.Outcome) []string {
	kinds, err := decision.TestMails(d.policy().At(f.Now, nil), &d.set.Identity, d.actions, f, out)
	if err != nil {
		return []string{err.Error()}
	}
	return kinds
}

// TestTicket returns the ticket as an outcome of the rules would leave it.
func (d *Desk) TestTicket(f *rules.Facts, out rules.Outcome) rules.Ticket {
	t, err := decision.TestTicket(d.policy(), &d.set.Identity, d.actions, f, out)
	if err != nil {
		return f.Ticket
	}
	return t
}

// Replay applies today's rules to an earlier mail, with its ticket as it was then. It changes
// nothing. It returns false if no rules were applied to the mail, or the mail is no longer stored.
func (d *Desk) Replay(tx *sqldb.Tx, record tickets.Arrival) (decision.Replayed, bool, error) {
	if !decision.RulesDecided(record) {
		return decision.Replayed{}, false, nil
	}
	m, err := d.reader.Stored(tx, record)
	if errors.Is(err, arrival.ErrNotKept) {
		return decision.Replayed{}, false, nil
	}
	if err != nil {
		return decision.Replayed{}, false, err
	}
	c, err := d.context(tx)
	if err != nil {
		return decision.Replayed{}, false, err
	}
	return decision.Replay(c, record, m)
}
