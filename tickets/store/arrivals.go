package store

import (
	"slices"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/batch"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

var (
	arrivalTable = &batch.Table[arrivalRow]{
		Name: "inbound",
		Columns: "id, fingerprint, inbox, received, taken, message_id, sender, mailbox, subject, size, kind, verdict, outcome, cause, reasons, " +
			"ticket, old",
		Append: func(r *arrivalRow, args []any) []any {
			return append(args, r.ID, r.Fingerprint, r.Inbox, r.Received, r.Taken, r.MessageID, r.Sender, r.Mailbox, r.Subject, r.Size,
				r.Kind, r.Verdict, r.Outcome, r.Cause, r.Reasons, r.Ticket, flag(r.Old))
		},
	}
	fingerprintQuery = &batch.Query[string, string]{Text: `SELECT fingerprint FROM inbound WHERE fingerprint IN (?)`,
		Key: func(f *string) string { return *f }}
)

type arrivalRow struct {
	ID          int64
	Fingerprint string
	Inbox       string
	Received    sqldb.Time
	Taken       sqldb.Time
	MessageID   string `db:"message_id"`
	Sender      string
	Mailbox     string // mailin.Mailbox of the sender; only written
	Subject     string
	Size        int64
	Kind        string
	Verdict     string
	Outcome     string
	Cause       string
	Reasons     string
	Ticket      *int64
	Old         bool
	Settled     sqldb.Time
	Copies      int64
}

func (r *arrivalRow) arrival() tickets.Arrival {
	return tickets.Arrival{
		ID: r.ID, Fingerprint: r.Fingerprint, Inbox: r.Inbox, Received: r.Received.Time, Taken: r.Taken.Time, MessageID: r.MessageID,
		Sender: r.Sender, Subject: r.Subject, Size: r.Size,
		Kind: r.Kind, Verdict: r.Verdict, Outcome: tickets.Outcome(r.Outcome), Cause: tickets.Cause(r.Cause), Reasons: r.Reasons,
		Ticket: deref(r.Ticket), Old: r.Old,
		Settled: r.Settled.Time, Copies: r.Copies,
	}
}

const inboundColumns = `id, fingerprint, inbox, received, taken, message_id, sender, subject, size, kind, verdict, outcome, cause, reasons, ticket, old = 1 AS old, settled, copies`

// RecordArrival writes a mail and returns its id. known reports whether the same mail had already
// been recorded, under that id.
func RecordArrival(tx *sqldb.Tx, in tickets.Arrival) (id int64, known bool, err error) {
	u := unitOf(tx)
	if id, known, err = findArrival(tx, in.Fingerprint); err != nil {
		return 0, false, err
	}
	if known {
		_, err = tx.ByKey().Exec(`UPDATE inbound SET copies = copies + 1 WHERE id = ?`, id)
		return id, true, err
	}
	if id, err = tx.Number("inbound", 0); err != nil {
		return 0, false, err
	}
	u.fingerprints.Forget(in.Fingerprint)
	err = u.arrivals.Add(arrivalRow{ID: id, Fingerprint: in.Fingerprint, Inbox: in.Inbox, Received: sqldb.At(in.Received),
		Taken: sqldb.At(tx.Now()), MessageID: in.MessageID, Sender: in.Sender, Mailbox: mailin.Mailbox(sqldb.Clean(in.Sender)),
		Subject: in.Subject, Size: in.Size, Kind: in.Kind, Verdict: in.Verdict, Outcome: string(tickets.Undecided), Old: in.Old})
	return id, false, err
}

// HasArrival reports whether a mail has been recorded under a fingerprint.
func HasArrival(tx *sqldb.Tx, fingerprint string) (bool, error) {
	_, known, err := findArrival(tx, fingerprint)
	return known, err
}

func findArrival(tx *sqldb.Tx, fingerprint string) (id int64, known bool, err error) {
	u := unitOf(tx)
	if u.fingerprints.Absent(fingerprint) {
		return 0, false, nil
	}
	if err := u.arrivals.FlushIf(func(r *arrivalRow) bool { return r.Fingerprint == fingerprint }); err != nil {
		return 0, false, err
	}
	known, err = tx.ByKey().Find(&id, `SELECT id FROM inbound WHERE fingerprint = ?`, fingerprint)
	return id, known, err
}

// ForgetArrival deletes a row that was written in this transaction, before anything referred to it.
func ForgetArrival(tx *sqldb.Tx, id int64) error {
	_, err := tx.Exec(`DELETE FROM inbound WHERE id = ? AND outcome = ''`, id)
	return err
}

// Decide records the outcome of a mail.
func Decide(tx *sqldb.Tx, id int64, outcome tickets.Outcome, cause tickets.Cause, reasons string, ticket int64) error {
	if r := unitOf(tx).arrivals.Last(func(r *arrivalRow) bool { return r.ID == id }); r != nil {
		r.Outcome, r.Cause, r.Reasons, r.Ticket = string(outcome), string(cause), reasons, null(ticket)
		return tx.Err()
	}
	_, err := tx.ByKey().Exec(`UPDATE inbound SET outcome = ?, cause = ?, reasons = ?, ticket = ? WHERE id = ?`, string(outcome),
		string(cause), reasons, null(ticket), id)
	return err
}

// ArrivalByID returns a recorded mail.
func ArrivalByID(tx *sqldb.Tx, id int64) (tickets.Arrival, bool, error) {
	var r arrivalRow
	if err := unitOf(tx).arrivals.FlushIf(func(r *arrivalRow) bool { return r.ID == id }); err != nil {
		return tickets.Arrival{}, false, err
	}
	found, err := tx.ByKey().Find(&r, `SELECT `+inboundColumns+` FROM inbound WHERE id = ?`, id)
	return r.arrival(), found, err
}

// Quarantine returns the mails waiting in quarantine, newest first.
func Quarantine(tx *sqldb.Tx, limit int) ([]tickets.Arrival, error) {
	var rows []arrivalRow
	err := tx.Select(&rows,
		`SELECT `+inboundColumns+` FROM inbound WHERE outcome = 'quarantined' AND settled IS NULL ORDER BY id DESC LIMIT ?`, limit)
	return convert(rows, (*arrivalRow).arrival), err
}

// QuarantinedFor returns mails waiting in quarantine for one cause, with ids above the given one,
// in order of id.
func QuarantinedFor(tx *sqldb.Tx, cause tickets.Cause, after int64, limit int) ([]tickets.Arrival, error) {
	var rows []arrivalRow
	err := tx.Select(&rows, `SELECT `+inboundColumns+` FROM inbound WHERE outcome = 'quarantined' AND settled IS NULL AND cause = ? AND id > ? ORDER BY id LIMIT ?`, string(cause), after, limit)
	return convert(rows, (*arrivalRow).arrival), err
}

// MarkQuarantinedReported marks the mails waiting in quarantine that were not yet reported to the
// admin as reported, and returns their ids, oldest first.
func MarkQuarantinedReported(tx *sqldb.Tx) ([]int64, error) {
	return markReported(tx, `UPDATE inbound SET told = ? WHERE outcome = 'quarantined' AND told IS NULL AND settled IS NULL RETURNING id`)
}

// MarkOldReported does the same for old mails that became messages.
func MarkOldReported(tx *sqldb.Tx) ([]int64, error) {
	return markReported(tx, `UPDATE inbound SET told = ? WHERE old = 1 AND told IS NULL AND outcome = 'message' RETURNING id`)
}

func markReported(tx *sqldb.Tx, update string) ([]int64, error) {
	var ids []int64
	err := tx.Select(&ids, update, sqldb.At(tx.Now()))
	slices.Sort(ids)
	return ids, err
}

// ArrivalsByID returns the mails with these ids that exist, oldest first.
func ArrivalsByID(tx *sqldb.Tx, ids []int64) ([]tickets.Arrival, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []arrivalRow
	err := tx.SelectIn(&rows, `SELECT `+inboundColumns+` FROM inbound WHERE id IN (?) ORDER BY id`, ids)
	return convert(rows, (*arrivalRow).arrival), err
}

// TakenSince returns mails received since a time with ids above the given one, oldest first.
func TakenSince(tx *sqldb.Tx, since time.Time, after int64, limit int) ([]tickets.Arrival, error) {
	var rows []arrivalRow
	err := tx.Select(&rows, `SELECT `+inboundColumns+` FROM inbound WHERE received >= ? AND id > ? ORDER BY id LIMIT ?`,
		sqldb.At(since), after, limit)
	return convert(rows, (*arrivalRow).arrival), err
}

// Settle marks a mail in quarantine as dealt with. It returns false if it already was.
func Settle(tx *sqldb.Tx, id int64) (bool, error) {
	n, err := tx.Exec(`UPDATE inbound SET settled = ? WHERE id = ? AND settled IS NULL`, sqldb.At(tx.Now()), id)
	return n > 0, err
}

// SettleAged settles the mails that came into quarantine before the given time and still wait, and
// returns their number.
func SettleAged(tx *sqldb.Tx, before time.Time) (int64, error) {
	return tx.Exec(`UPDATE inbound SET settled = ? WHERE outcome = 'quarantined' AND settled IS NULL AND taken <= ?`,
		sqldb.At(tx.Now()), sqldb.At(before))
}

// OldestQuarantined returns the time since which the oldest mail in quarantine has waited; the zero
// time if there is none.
func OldestQuarantined(tx *sqldb.Tx) (time.Time, error) {
	var at sqldb.Time
	_, err := tx.Find(&at, `SELECT taken FROM inbound WHERE outcome = 'quarantined' AND settled IS NULL ORDER BY id LIMIT 1`)
	return at.Time, err
}

// MailsFrom returns the mails from a sender's mailbox, with any sub-address, that became messages
// and were received between two times, newest first.
func MailsFrom(tx *sqldb.Tx, sender string, since, until time.Time, limit int) ([]tickets.Arrival, error) {
	var rows []arrivalRow
	mailbox := mailin.Mailbox(sqldb.Clean(sender))
	if err := unitOf(tx).arrivals.FlushIf(func(r *arrivalRow) bool {
		return r.Mailbox == mailbox && r.Outcome == string(tickets.AsMessage)
	}); err != nil {
		return nil, err
	}
	err := tx.ByKey().Select(&rows, `SELECT `+inboundColumns+` FROM inbound WHERE mailbox = ? AND received >= ? AND received <= ? AND outcome = 'message' ORDER BY received DESC, id DESC LIMIT ?`,
		mailbox, sqldb.At(since), sqldb.At(until), limit)
	return convert(rows, (*arrivalRow).arrival), err
}

// Busy reports whether more than that many mails have arrived since a time. It reads a single row;
// mails recorded in this transaction do not count.
func Busy(tx *sqldb.Tx, since time.Time, mails int) (bool, error) {
	var at sqldb.Time
	found, err := tx.ByKey().Find(&at,
		`SELECT received FROM inbound WHERE id <= (SELECT MAX(id) FROM inbound) - ? ORDER BY id DESC LIMIT 1`, mails)
	return found && !at.Before(since), err
}

// Taken is a mail and the mailbox it came from.
type Taken struct {
	ID      int64
	Mailbox string
}

// TakenAfter returns at most most mails with ids above the given one, newest first. Mails recorded
// in this transaction may be missing.
func TakenAfter(tx *sqldb.Tx, id int64, most int) ([]Taken, error) {
	var rows []Taken
	err := tx.ByKey().Select(&rows, `SELECT id, mailbox FROM inbound WHERE id > ? ORDER BY id DESC LIMIT ?`, id, most)
	return rows, err
}

// MoreAt reports whether LatestAt would return at least most mails. It reads only an index.
func MoreAt(tx *sqldb.Tx, domain string, since time.Time, among, most int) (bool, error) {
	var n int
	from, to := mailin.MailboxesAt(domain)
	_, err := tx.ByKey().Find(&n, `SELECT COUNT(*) FROM (SELECT 1 FROM inbound WHERE id > (SELECT MAX(id) FROM inbound) - ?
		AND mailbox >= ? AND mailbox < ? AND received >= ? AND outcome = 'message' LIMIT ?) AS few`,
		among, from, to, sqldb.At(since), most)
	return n >= most, err
}

// LatestAt returns the mails from a domain that became messages, received since a time, newest
// first. It considers only the latest mails, as many as among says. Mails recorded in this
// transaction may be missing.
func LatestAt(tx *sqldb.Tx, domain string, since time.Time, among int) ([]tickets.Arrival, error) {
	var rows []arrivalRow
	from, to := mailin.MailboxesAt(domain)
	err := tx.ByKey().Select(&rows, `SELECT `+inboundColumns+` FROM inbound WHERE id > (SELECT MAX(id) FROM inbound) - ?
		AND mailbox >= ? AND mailbox < ? AND received >= ? AND outcome = 'message' ORDER BY received DESC, id DESC`,
		among, from, to, sqldb.At(since))
	return convert(rows, (*arrivalRow).arrival), err
}

// TextsOf returns the new text of the messages that the mails became.
func TextsOf(tx *sqldb.Tx, mails []int64) ([]string, error) {
	if len(mails) == 0 {
		return nil, nil
	}
	var out []string
	err := tx.SelectIn(&out, `SELECT m.text FROM inbound i JOIN messages m ON m.ticket = i.ticket AND m.inbound = i.id WHERE i.id IN (?)`,
		mails)
	return out, err
}

// NewestReceived returns the latest time of arrival among the last mails, by the clock of their
// server; zero if there are none.
func NewestReceived(tx *sqldb.Tx) (time.Time, error) {
	var newest sqldb.Time
	err := tx.Get(&newest, `SELECT MAX(received) FROM (SELECT received FROM inbound ORDER BY id DESC LIMIT 100) AS latest`)
	return newest.Time, err
}

// ForgetCanaries deletes the rows of at most limit canaries recorded before the given time, and
// returns their number. The row of a canary that arrived again stays: the ledger refers to it for
// the copy.
func ForgetCanaries(tx *sqldb.Tx, before time.Time, limit int) (int64, error) {
	return tx.Exec(`DELETE FROM inbound WHERE id IN (SELECT id FROM inbound WHERE cause = 'canary' AND taken < ? AND copies = 0 ORDER BY taken LIMIT ?)`, sqldb.At(before), limit)
}
