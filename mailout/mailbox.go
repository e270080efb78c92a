package mailout

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/sqldb"
)

// CountTo counts the mails made for a mailbox since the given time, under any sub-address: only the
// automatic ones, or all. The rates of answers are measured by it.
func CountTo(tx *sqldb.Tx, address string, since time.Time, automatic bool) (int, error) {
	query := `SELECT COUNT(*) FROM outbox WHERE mailbox = ? AND created >= ? AND created <= ?`
	if automatic {
		query += ` AND automatic <> ''`
	}
	return countInto(tx, mailin.Mailbox(address), query, sqldb.At(since), sqldb.At(tx.Latest()))
}

// countInto runs a query that counts the mails into a mailbox, its first argument.
func countInto(tx *sqldb.Tx, mailbox, query string, args ...any) (n int, err error) {
	u := unitOf(tx)
	if u.mailboxes.Absent(mailbox) {
		return 0, nil
	}
	if err := u.mails.FlushIf(into(mailbox)); err != nil {
		return 0, err
	}
	if err := tx.ByKey().Get(&n, query, append([]any{mailbox}, args...)...); err != nil {
		return 0, fmt.Errorf("counting mails: %w", err)
	}
	return n, nil
}

// AutomaticTo returns the times at which the newest automatic mails for a mailbox were made since
// the given time, at most limit of them.
func AutomaticTo(tx *sqldb.Tx, address string, since time.Time, limit int) ([]time.Time, error) {
	var at []sqldb.Time
	key, u := mailin.Mailbox(address), unitOf(tx)
	if u.mailboxes.Absent(key) {
		return nil, nil
	}
	if err := u.mails.FlushIf(into(key)); err != nil {
		return nil, err
	}
	err := tx.ByKey().Select(&at, `SELECT created FROM outbox WHERE mailbox = ? AND created >= ? AND created <= ? AND automatic <> '' ORDER BY created DESC LIMIT ?`,
		key, sqldb.At(since), sqldb.At(tx.Latest()), limit)
	if err != nil {
		return nil, fmt.Errorf("looking for automatic mails: %w", err)
	}
	out := make([]time.Time, len(at))
	for i := range at {
		out[i] = at[i].Time
	}
	return out, nil
}

// TicketsToldTo returns the tickets that a person's mailbox was sent mail about since the given
// time, the most recent first, at most limit of them. person is the actor, as in Mail.Person. Mails
// made while a clock was ahead are included, since the last gate looks for their text.
func TicketsToldTo(tx *sqldb.Tx, person, address string, since time.Time, limit int) (ids []int64, err error) {
	key := mailin.Mailbox(address)
	if err := unitOf(tx).mails.FlushIf(into(key)); err != nil {
		return nil, err
	}
	failed := func(err error) error {
		return fmt.Errorf("looking for the tickets that %s was told of: %w", person, err)
	}
	// A person who is notified of every ticket has tens of thousands of mails; the newest few name
	// enough tickets.
	for _, newest := range [...]int{2 * limit, 8 * limit} {
		ids = nil
		if err := tx.ByKey().Select(&ids, `SELECT ticket FROM outbox WHERE mailbox = ? AND created >= ? AND person = ? AND ticket <> 0 ORDER BY created DESC, id DESC LIMIT ?`,
			key, sqldb.At(since), person, newest); err != nil {
			return nil, failed(err)
		}
		whole := len(ids) < newest
		seen := make(map[int64]bool, limit)
		ids = slices.DeleteFunc(ids, func(id int64) bool {
			told := seen[id]
			seen[id] = true
			return told
		})
		if whole || len(ids) >= limit {
			return ids[:min(len(ids), limit)], nil
		}
	}
	ids = nil
	if err := tx.ByKey().Select(&ids, `SELECT ticket FROM outbox WHERE mailbox = ? AND created >= ? AND person = ? AND ticket <> 0 GROUP BY ticket ORDER BY MAX(created) DESC, MAX(id) DESC LIMIT ?`,
		key, sqldb.At(since), person, limit); err != nil {
		return nil, failed(err)
	}
	return ids, nil
}

// CountKind counts the mails of one kind made for a mailbox since the given time.
func CountKind(tx *sqldb.Tx, address, kind string, since time.Time) (int, error) {
	return countInto(tx, mailin.Mailbox(address),
		`SELECT COUNT(*) FROM outbox WHERE mailbox = ? AND created >= ? AND created <= ? AND kind = ?`,
		sqldb.At(since), sqldb.At(tx.Latest()), kind)
}

// AutomaticToDomain counts the automatic mails made for a domain since the given time, up to limit.
// It reads all mails ever made for the domain, so it is meant for domains at which nobody is known.
func AutomaticToDomain(tx *sqldb.Tx, domain string, since time.Time, limit int) (int, error) {
	from, to := mailin.MailboxesAt(domain)
	if err := unitOf(tx).mails.FlushIf(func(r *row) bool { return strings.HasPrefix(r.Mailbox, from) }); err != nil {
		return 0, err
	}
	var n int
	err := tx.ByKey().Get(&n, `SELECT COUNT(*) FROM (SELECT 1 AS one FROM outbox WHERE mailbox >= ? AND mailbox < ? AND created >= ? AND created <= ? AND automatic <> '' LIMIT ?) counted`,
		from, to, sqldb.At(since), sqldb.At(tx.Latest()), limit)
	if err != nil {
		return 0, fmt.Errorf("counting mails to a domain: %w", err)
	}
	return n, nil
}

// Ever returns an upper bound of the number of mails ever made, taken from their ids. It is read
// once a transaction and saves a count where there cannot be as many mails as the limit in
// question.
func Ever(tx *sqldb.Tx) (int64, error) {
	u := unitOf(tx)
	if u.ever < 0 {
		if err := tx.ByKey().Get(&u.ever, `SELECT COALESCE(MAX(id), 0) FROM outbox`); err != nil {
			return 0, fmt.Errorf("asking for the number of the last mail: %w", err)
		}
	}
	return max(u.ever, u.greatest), nil
}

// ReportEvery is the shortest time between two reports of failed mail to one address.
const ReportEvery = time.Hour

// MayReport reports whether an address may be sent a report of a failure: no mail of these kinds
// was made for its mailbox within ReportEvery. This also keeps a report that is itself refused from
// causing another one, whoever that is for.
func MayReport(tx *sqldb.Tx, address string, kinds ...string) (bool, error) {
	for _, kind := range kinds {
		n, err := CountKind(tx, address, kind, tx.Now().Add(-ReportEvery))
		if err != nil || n > 0 {
			return false, err
		}
	}
	return true, nil
}

// Bounced records that a sent mail has not arrived, according to a delivery report that was proven
// to be about it. It reports whether this was not known before.
func Bounced(tx *sqldb.Tx, id int64, reason string) (bool, error) {
	n, err := tx.Exec(`UPDATE outbox SET bounced = ?, error = ? WHERE id = ? AND state = 'sent' AND bounced IS NULL`, sqldb.At(tx.Now()),
		clip(reason, 1000), id)
	if err != nil {
		return false, fmt.Errorf("recording that mail %d came back: %w", id, err)
	}
	return n == 1, nil
}

// Unreached is an agent or admin whom no mail reaches.
type Unreached struct {
	Recipient string
	Party     Party
	Failed    int       // mails since one arrived
	Since     time.Time // when the first of them was made
	Reason    string    // what was said last
}

// UnreachedStaff returns the agents and admins whose mail was refused or bounced since the given
// time and who have not been sent a mail successfully after that, ordered by address. Canaries do
// not count: they go to the desk itself.
func UnreachedStaff(tx *sqldb.Tx, since time.Time) ([]Unreached, error) {
	var rows []struct {
		Recipient string
		Party     string
		Created   sqldb.Time
		Error     string
		Arrived   bool
	}
	// A mail with a greater id was made later, whatever the clock showed.
	const failed = `SELECT o.recipient, o.party, o.created, o.error, EXISTS (SELECT 1 FROM outbox s WHERE s.mailbox = o.mailbox AND s.recipient = o.recipient AND s.state = 'sent' AND s.bounced IS NULL AND s.id > o.id) AS arrived
		FROM outbox o WHERE o.party IN ('agent', 'admin') AND o.kind <> 'canary' AND `
	err := tx.Select(&rows,
		failed+`o.state = 'failed' AND o.created >= ? AND o.created <= ? UNION ALL `+failed+
			`o.bounced IS NOT NULL AND o.bounced >= ? AND o.bounced <= ? ORDER BY 1, 3`,
		sqldb.At(since), sqldb.At(tx.Latest()), sqldb.At(since), sqldb.At(tx.Latest()))
	if err != nil {
		return nil, fmt.Errorf("looking for staff whom no mail reaches: %w", err)
	}
	var out []Unreached
	for _, r := range rows {
		if r.Arrived {
			continue
		}
		if n := len(out); n == 0 || out[n-1].Recipient != r.Recipient {
			out = append(out, Unreached{Recipient: r.Recipient, Party: Party(r.Party), Since: r.Created.Time})
		}
		u := &out[len(out)-1]
		u.Failed++
		u.Reason = r.Error
		if Party(r.Party) == Admin {
			u.Party = Admin
		}
	}
	return out, nil
}
