// Package ledger owns the records of intake in the database: which mails of which folder the desk
// has seen, taken and acknowledged, by UID and UIDVALIDITY, and who may work on an inbox (leases).
// The ledger is the source of truth; the flags on the server are ignored. It must never know IMAP,
// tickets or a mail's content.
//
// The states of a UID:
//
//	(no row)      unknown to the desk: to be fetched
//	tried         fetching or handing over failed; to be tried again
//	parked        failed repeatedly: a person is told, the desk may have a part of it, and it is requested from time to time
//	taken         the desk has it, durably; not yet acknowledged to the server
//	acknowledged  taken, and moved, flagged or kept on the server
//	seen          ignored: it was there before the desk watched the folder, or a person does not want it
//
// The transitions:
//
//	(no row) --AddMailbox--> seen
//	(no row) --RecordAttempt--> tried --RecordAttempt--> tried --Park--> parked --RecordAttempt, Retry--> parked
//	(no row), tried, parked --Take--> taken --Acknowledged--> acknowledged
//	(no row), tried, parked --Take of a part--> parked
//	parked --Leave--> seen
//	tried, parked --Forget (gone from the folder)--> (no row), or acknowledged if a part was taken
//
// A UID that was taken stays taken or acknowledged, whatever happens (TestModel).
package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/batch"
	"tierdesk/migrations/sqldb"
)

// ErrLeaseLost means that another daemon works on the inbox now: stop, write nothing, acknowledge
// nothing. No mail is to blame for it. It wraps context.Canceled, because the right to work was
// withdrawn, so that sqldb.Temporary and therefore Tx.Savepoint treat it accordingly.
var ErrLeaseLost = fmt.Errorf("another daemon works on this inbox now: %w", context.Canceled)

// Mailbox is a folder of an inbox under one UIDVALIDITY (RFC 9051 section 2.3.1.1): the scope in
// which a UID permanently identifies one mail.
type Mailbox struct {
	ID          int64
	Inbox       string
	Folder      string
	UIDValidity uint32
	Created     sqldb.Time
	// Mail below OldBelow was there when the mailbox was first opened, and is old. If OldUntil is
	// set, such mail is old only if it arrived no later than that: the first start of the desk, or
	// the last mail before UIDVALIDITY changed.
	OldBelow uint32     `db:"old_below"`
	OldUntil sqldb.Time `db:"old_until"`
	// SettledBelow only saves work: when it was set, nothing below it was waiting to be fetched.
	SettledBelow uint32 `db:"settled_below"`
	// Latest is the time of the newest mail taken from here, zero if none was.
	Latest sqldb.Time
}

// Old reports whether a mail of this mailbox was there before the desk watched it, so that it must
// cause no automatic mail. received is zero if the time of arrival is unknown.
func (m Mailbox) Old(uid uint32, received time.Time) bool {
	return uid < m.OldBelow && (m.OldUntil.IsZero() || received.IsZero() || !received.After(m.OldUntil.Time))
}

const mailboxColumns = `id, inbox, folder, uidvalidity & 4294967295 AS uidvalidity, created, COALESCE(old_below, 0) AS old_below, old_until, settled_below, latest`

// FindMailbox finds a mailbox that the ledger knows.
func FindMailbox(tx *sqldb.Tx, inbox, folder string, uidvalidity uint32) (Mailbox, bool, error) {
	var m Mailbox
	ok, err := tx.Find(&m, `SELECT `+mailboxColumns+` FROM mailboxes WHERE inbox = ? AND folder = ? AND uidvalidity = ?`,
		inbox, folder, int64(uidvalidity))
	if err != nil {
		return Mailbox{}, false, fmt.Errorf("looking up mailbox %s/%s: %w", inbox, folder, err)
	}
	return m, ok, nil
}

// Start records that a folder is watched from now on, unless that was recorded before.
func Start(tx *sqldb.Tx, inbox, folder string) error {
	if _, err := tx.Exec(`INSERT INTO folders (inbox, folder, started) VALUES (?, ?, ?) ON CONFLICT (inbox, folder) DO NOTHING`,
		inbox, folder, sqldb.At(tx.Now())); err != nil {
		return fmt.Errorf("recording that %s/%s is watched: %w", inbox, folder, err)
	}
	return nil
}

// Highest returns the highest UID of a mailbox in the ledger, 0 if there is none.
func Highest(tx *sqldb.Tx, mailbox int64) (uint32, error) {
	var highest int64
	if err := tx.Get(&highest, `SELECT COALESCE(MAX(uid), 0) FROM ledger WHERE mailbox = ?`, mailbox); err != nil {
		return 0, fmt.Errorf("looking up the highest UID: %w", err)
	}
	return uint32(highest), nil
}

// Retire records that the UIDs of a mailbox now identify other mails although its UIDVALIDITY is
// unchanged. FindMailbox no longer finds it, so the folder is treated as new. The records of its
// mails remain.
func Retire(tx *sqldb.Tx, lease mailin.Lease, mailbox int64) error {
	if err := Check(tx, lease); err != nil {
		return err
	}
	// Use values above the 32 bits of a UIDVALIDITY, so that the original value can still be read.
	_, err := tx.Exec(`UPDATE mailboxes SET uidvalidity = uidvalidity + ? WHERE id = ? AND uidvalidity <= 4294967295`,
		mailbox<<32, mailbox)
	if err != nil {
		return fmt.Errorf("retiring a mailbox: %w", err)
	}
	return nil
}

// History is what is known about a folder across all its UIDVALIDITYs.
type History struct {
	// Started is when a desk that watches the folder was first started, whether or not it could log
	// in; zero if none was.
	Started sqldb.Time
	Known   bool       // the folder has been opened before
	First   sqldb.Time // when
	// Until is the time of the newest mail taken from it, or else First. No later mail has been
	// ours.
	Until sqldb.Time
}

// LoadHistory returns the history of a folder.
func LoadHistory(tx *sqldb.Tx, inbox, folder string) (History, error) {
	var row struct {
		First  sqldb.Time
		Latest sqldb.Time
	}
	err := tx.Get(&row, `SELECT MIN(created) AS first, MAX(latest) AS latest FROM mailboxes WHERE inbox = ? AND folder = ?`, inbox, folder)
	if err != nil {
		return History{}, fmt.Errorf("looking up the history of %s/%s: %w", inbox, folder, err)
	}
	h := History{Known: !row.First.IsZero(), First: row.First, Until: row.Latest}
	if _, err := tx.Find(&h.Started, `SELECT started FROM folders WHERE inbox = ? AND folder = ?`, inbox, folder); err != nil {
		return History{}, fmt.Errorf("looking up since when %s/%s is watched: %w", inbox, folder, err)
	}
	if h.Until.IsZero() {
		h.Until = h.First
	}
	return h, nil
}

// FirstSync is what was decided when a mailbox was first opened.
type FirstSync struct {
	Inbox, Folder string
	UIDValidity   uint32
	OldBelow      uint32
	OldUntil      time.Time // zero: all mail below OldBelow is old
	Seen          []uint32  // to be ignored
}

// AddMailbox records a mailbox with the decisions of its first sync, all or nothing. If another
// daemon has recorded it meanwhile, that record stands.
func AddMailbox(tx *sqldb.Tx, lease mailin.Lease, b FirstSync) (Mailbox, error) {
	if err := Check(tx, lease); err != nil {
		return Mailbox{}, err
	}
	var id int64
	inserted, err := tx.Find(&id, `INSERT INTO mailboxes (inbox, folder, uidvalidity, created, old_below, old_until, settled_below)
		VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT (inbox, folder, uidvalidity) DO NOTHING RETURNING id`,
		b.Inbox, b.Folder, int64(b.UIDValidity), sqldb.At(tx.Now()), int64(b.OldBelow), sqldb.At(b.OldUntil))
	if err != nil {
		return Mailbox{}, fmt.Errorf("recording mailbox %s/%s: %w", b.Inbox, b.Folder, err)
	}
	if inserted {
		for chunk := range slices.Chunk(b.Seen, 200) {
			args := make([]any, 0, 3*len(chunk))
			for _, uid := range chunk {
				args = append(args, id, int64(uid), sqldb.At(tx.Now()))
			}
			if _, err := tx.Exec(`INSERT INTO ledger (mailbox, uid, state, changed) VALUES `+
				strings.Repeat(`, (?, ?, 'seen', ?)`, len(chunk))[2:], args...); err != nil {
				return Mailbox{}, fmt.Errorf("recording the old mail of %s/%s: %w", b.Inbox, b.Folder, err)
			}
		}
	}
	m, _, err := FindMailbox(tx, b.Inbox, b.Folder, b.UIDValidity)
	return m, err
}

// Synced reports whether an inbox has been opened, so that it is decided which of its mails are
// old. Mail that arrives before that may count as old.
func Synced(tx *sqldb.Tx, inbox string) (bool, error) {
	var id int64
	return tx.Find(&id, `SELECT id FROM mailboxes WHERE inbox = ? AND old_below IS NOT NULL LIMIT 1`, inbox)
}

// Missing returns the UIDs in have that must still be fetched, ascending and without duplicates.
func Missing(tx *sqldb.Tx, mailbox int64, have []uint32) ([]uint32, error) {
	if len(have) == 0 {
		return nil, nil
	}
	have = slices.Compact(slices.Sorted(slices.Values(have)))
	// Both lists are sorted, so they are merged: a folder of a million mails needs no map.
	var missing []uint32
	rest := have
	err := tx.Each(func(scan func(...any) error) error {
		var uid uint32
		if err := scan(&uid); err != nil {
			return err
		}
		for len(rest) > 0 && rest[0] < uid {
			missing, rest = append(missing, rest[0]), rest[1:]
		}
		if len(rest) > 0 && rest[0] == uid {
			rest = rest[1:]
		}
		return nil
	}, `SELECT uid FROM ledger WHERE mailbox = ? AND uid >= ? AND uid <= ? AND state <> 'tried' ORDER BY uid`, mailbox, int64(have[0]),
		int64(have[len(have)-1]))
	if err != nil {
		return nil, fmt.Errorf("comparing with the ledger: %w", err)
	}
	return append(missing, rest...), nil
}

// AdvanceCursor records where later scans may begin, and the time of the newest mail taken. Neither
// ever goes back.
func AdvanceCursor(tx *sqldb.Tx, mailbox int64, below uint32, latest time.Time) error {
	_, err := tx.Exec(`UPDATE mailboxes SET settled_below = CASE WHEN settled_below < ? THEN ? ELSE settled_below END,
		latest = CASE WHEN latest IS NULL OR latest < ? THEN COALESCE(?, latest) ELSE latest END WHERE id = ?`,
		int64(below), int64(below), sqldb.At(latest), sqldb.At(latest), mailbox)
	if err != nil {
		return fmt.Errorf("moving the ledger's cursor: %w", err)
	}
	return nil
}

// Take records that a mail has been taken as the given inbound row, in the transaction that takes
// it. It reports whether that had been done before. It returns ErrLeaseLost if the lease of the
// source is no longer valid; the transaction must then be abandoned. A mail that does not come from
// a mailbox (Source.Mailbox 0) has no row in the ledger.
func Take(tx *sqldb.Tx, src mailin.Source, inbound int64) (already bool, err error) {
	if src.Mailbox == 0 {
		return false, nil
	}
	err = tx.Once(fmt.Sprintf("lease %s %d %d", src.Lease.Name, src.Lease.Epoch, src.Mailbox), func() error { return valid(tx, src) })
	if err != nil {
		return false, err
	}
	u, place, state := unitOf(tx), place{src.Mailbox, int64(src.UID)}, ""
	if !u.known.Absent(place) {
		if err := u.taken.FlushIf(func(t *taken) bool { return t.place == place }); err != nil {
			return false, err
		}
		if _, err = tx.ByKey().Find(&state, `SELECT state FROM ledger WHERE mailbox = ? AND uid = ?`, place.mailbox,
			place.uid); err != nil {
			return false, fmt.Errorf("looking up UID %d: %w", src.UID, err)
		}
	}
	if state == "taken" || state == "acknowledged" {
		return true, nil
	}
	becomes := "taken"
	if src.Part {
		if becomes = "parked"; state == becomes {
			var part int64
			_, err := tx.ByKey().Find(&part, `SELECT inbound FROM ledger WHERE mailbox = ? AND uid = ? AND inbound IS NOT NULL`,
				place.mailbox, place.uid)
			if err != nil || part != 0 {
				return part != 0, err // the same part again
			}
		}
	}
	u.known.Forget(place)
	if err := u.taken.Add(taken{place, becomes, inbound, sqldb.At(tx.Now())}); err != nil {
		return false, fmt.Errorf("recording UID %d as taken: %w", src.UID, err)
	}
	return false, nil
}

// Unlink makes a mail's row refer to no inbound row (0), in the transaction that called Take. It is
// for a mail whose inbound row is not kept. The UID stays taken.
func Unlink(tx *sqldb.Tx, src mailin.Source) error {
	if src.Mailbox == 0 {
		return nil
	}
	if _, err := tx.Exec(`UPDATE ledger SET inbound = 0 WHERE mailbox = ? AND uid = ?`, src.Mailbox, int64(src.UID)); err != nil {
		return fmt.Errorf("unlinking UID %d: %w", src.UID, err)
	}
	return nil
}

// place identifies a mail in a mailbox.
type place struct{ mailbox, uid int64 }

// taken is a mail that this transaction takes over.
type taken struct {
	place
	state   string
	inbound int64
	at      sqldb.Time
}

// table inserts mails that were not taken yet. The primary key guarantees that a UID is taken once,
// whatever lease the taker holds.
var table = &batch.Table[taken]{
	Name: "ledger", Columns: "mailbox, uid, state, inbound, changed", KeyColumns: "mailbox, uid", Lost: sqldb.ErrOvertaken,
	Update: "state = excluded.state, inbound = excluded.inbound, reason = '', changed = excluded.changed WHERE ledger.state NOT IN ('taken', 'acknowledged')",
	Key:    func(t *taken) any { return t.place },
	Append: func(t *taken, args []any) []any { return append(args, t.mailbox, t.uid, t.state, t.inbound, t.at) },
}

// unit holds the mails a transaction takes, to be written together, and what Prefetch has read.
type unit struct {
	taken batch.Rows[taken]
	known batch.Cache[place, struct{}]
}

func unitOf(tx *sqldb.Tx) *unit {
	return sqldb.WorkOf(tx, func(tx *sqldb.Tx) *unit { return &unit{taken: table.In(tx)} })
}

// Flush writes the rows.
func (u *unit) Flush() error { return u.taken.Flush() }

// Forget discards what was read.
func (u *unit) Forget() { u.known.Clear() }

// Discard discards both rows and what was read.
func (u *unit) Discard() {
	u.taken.Discard()
	u.known.Clear()
}

// valid returns nil if the lease and the mailbox of a source are valid.
func valid(tx *sqldb.Tx, src mailin.Source) error {
	var one int
	found, err := tx.Find(&one, `SELECT 1 FROM mailboxes m, leases l WHERE m.id = ? AND l.name = ? AND l.epoch = ?`, src.Mailbox,
		src.Lease.Name, src.Lease.Epoch)
	if err != nil {
		return fmt.Errorf("looking up mailbox and lease: %w", err)
	}
	if found {
		return nil
	}
	if err := Check(tx, src.Lease); err != nil {
		return err
	}
	return fmt.Errorf("recording UID %d as taken: there is no mailbox %d", src.UID, src.Mailbox)
}

// Prefetch reads, with one query for each mailbox, what Take would look up for each mail.
func Prefetch(tx *sqldb.Tx, sources []mailin.Source) error {
	uids := map[int64][]uint32{}
	for _, s := range sources {
		if s.Mailbox != 0 {
			uids[s.Mailbox] = append(uids[s.Mailbox], s.UID)
		}
	}
	for _, mailbox := range slices.Sorted(maps.Keys(uids)) {
		of := uids[mailbox]
		if slices.Max(of)-slices.Min(of) > 1000 {
			continue // not of the same run: Take looks each of them up
		}
		var known []uint32
		if err := tx.Select(&known, `SELECT uid FROM ledger WHERE mailbox = ? AND uid >= ? AND uid <= ? ORDER BY uid`, mailbox,
			int64(slices.Min(of)), int64(slices.Max(of))); err != nil {
			return fmt.Errorf("comparing with the ledger: %w", err)
		}
		for _, uid := range of {
			if _, there := slices.BinarySearch(known, uid); !there {
				unitOf(tx).known.Put(place{mailbox, int64(uid)})
			}
		}
	}
	return nil
}

// Unacknowledged returns the UIDs that were taken but not yet acknowledged to the server,
// ascending.
func Unacknowledged(tx *sqldb.Tx, mailbox int64) ([]uint32, error) {
	return uids(tx, mailbox, "taken")
}

// Attempted is a UID that could not be fetched whole or handed over so far, and will be requested
// again.
type Attempted struct {
	UID      uint32
	Attempts int   // since the first one, or since a person asked for it
	Parked   int   // 1 if it is
	Part     int64 // the inbound row of the part that could be fetched; 0 for none
}

// Unfetched lists the UIDs of a mailbox that are tried or parked.
func Unfetched(tx *sqldb.Tx, mailbox int64) ([]Attempted, error) {
	var out []Attempted
	err := tx.Select(&out, `SELECT uid, attempts, CASE state WHEN 'parked' THEN 1 ELSE 0 END AS parked, COALESCE(inbound, 0) AS part FROM ledger
		WHERE mailbox = ? AND state IN ('tried', 'parked') AND state <> 'acknowledged' ORDER BY uid`, mailbox)
	if err != nil {
		return nil, fmt.Errorf("reading attempts from the ledger: %w", err)
	}
	return out, nil
}

// uids includes `state <> 'acknowledged'` so that the partial index can be used.
func uids(tx *sqldb.Tx, mailbox int64, state string) ([]uint32, error) {
	var out []uint32
	if err := tx.Select(&out, `SELECT uid FROM ledger WHERE mailbox = ? AND state = ? AND state <> 'acknowledged' ORDER BY uid`, mailbox,
		state); err != nil {
		return nil, fmt.Errorf("reading %s UIDs from the ledger: %w", state, err)
	}
	return out, nil
}

// Acknowledged records that these taken UIDs were acknowledged to the server. UIDs in any other
// state are unchanged.
func Acknowledged(tx *sqldb.Tx, mailbox int64, uids []uint32) error {
	for chunk := range slices.Chunk(uids, 500) {
		var err error
		if len(chunk) == 1 { // a constant statement, which is prepared
			_, err = tx.Exec(`UPDATE ledger SET state = 'acknowledged', changed = ? WHERE mailbox = ? AND uid = ? AND state = 'taken'`,
				sqldb.At(tx.Now()), mailbox, int64(chunk[0]))
		} else {
			_, err = tx.ExecIn(`UPDATE ledger SET state = 'acknowledged', changed = ? WHERE mailbox = ? AND uid IN (?) AND state = 'taken'`,
				sqldb.At(tx.Now()), mailbox, chunk)
		}
		if err != nil {
			return fmt.Errorf("recording %d UIDs as acknowledged: %w", len(chunk), err)
		}
	}
	return nil
}

// RecordAttempt records a failed attempt to fetch a UID or to hand it over, and returns the number
// of attempts so far. If the UID was taken meanwhile, it stays taken and the number is 0.
func RecordAttempt(tx *sqldb.Tx, mailbox int64, uid uint32, reason string) (int, error) {
	var attempts int
	_, err := tx.Find(&attempts, `INSERT INTO ledger (mailbox, uid, state, attempts, reason, changed) VALUES (?, ?, 'tried', 1, ?, ?)
		ON CONFLICT (mailbox, uid) DO UPDATE SET attempts = ledger.attempts + 1, reason = excluded.reason, changed = excluded.changed
		WHERE ledger.state IN ('tried', 'parked') RETURNING attempts`, mailbox, int64(uid), cut(reason), sqldb.At(tx.Now()))
	if err != nil {
		return 0, fmt.Errorf("recording an attempt at UID %d: %w", uid, err)
	}
	return attempts, nil
}

// Forget removes a UID that could not be fetched and is no longer on the server. If the desk has a
// part of the mail, nothing more will come, and the UID counts as acknowledged. A UID in any other
// state is unchanged.
func Forget(tx *sqldb.Tx, mailbox int64, uid uint32) error {
	_, err := tx.Exec(`DELETE FROM ledger WHERE mailbox = ? AND uid = ? AND (state = 'tried' OR state = 'parked' AND inbound IS NULL)`, mailbox, int64(uid))
	if err == nil {
		_, err = tx.Exec(`UPDATE ledger SET state = 'acknowledged', changed = ? WHERE mailbox = ? AND uid = ? AND state = 'parked'`,
			sqldb.At(tx.Now()), mailbox, int64(uid))
	}
	if err != nil {
		return fmt.Errorf("forgetting UID %d: %w", uid, err)
	}
	return nil
}

// Park sets a UID aside: it is not acknowledged, so the mail stays in its folder and is requested
// from time to time. The row keeps its inbound row if the desk got a part of the mail.
func Park(tx *sqldb.Tx, mailbox int64, uid uint32, reason string) error {
	_, err := tx.Exec(`INSERT INTO ledger (mailbox, uid, state, attempts, reason, changed) VALUES (?, ?, 'parked', 1, ?, ?)
		ON CONFLICT (mailbox, uid) DO UPDATE SET state = 'parked', reason = excluded.reason, changed = excluded.changed
		WHERE ledger.state <> 'acknowledged'`, mailbox, int64(uid), cut(reason), sqldb.At(tx.Now()))
	if err != nil {
		return fmt.Errorf("parking UID %d: %w", uid, err)
	}
	return nil
}

// Topic is woken (sqldb.Tx.Wake) when a person asks for a parked mail.
const Topic = "ledger"

// parked selects the UID whose part was recorded as an inbound row. It names the mailboxes so that
// the index can be used.
const parked = ` WHERE mailbox IN (SELECT id FROM mailboxes) AND state = 'parked' AND state <> 'acknowledged' AND inbound = ?`

// Retry requests again, immediately and then at growing intervals, the mail whose part was recorded
// as this inbound row. It reports whether there is such a mail. The whole mail arrives as a mail of
// its own that supersedes the part (mailin.Raw.Supersedes). Call it when a person releases such a
// part, because a part is not the mail.
func Retry(tx *sqldb.Tx, inbound int64) (bool, error) {
	n, err := tx.Exec(`UPDATE ledger SET attempts = 0, changed = ?`+parked, sqldb.At(tx.Now()), inbound)
	if err != nil {
		return false, fmt.Errorf("requesting mail %d again: %w", inbound, err)
	}
	if n > 0 {
		tx.Wake(Topic)
	}
	return n > 0, nil
}

// Leave stops requesting the mail whose part was recorded as this inbound row: the mail is left
// where it is. Call it when a person drops the part.
func Leave(tx *sqldb.Tx, inbound int64) error {
	if _, err := tx.Exec(`UPDATE ledger SET state = 'seen', changed = ?`+parked, sqldb.At(tx.Now()), inbound); err != nil {
		return fmt.Errorf("leaving mail %d alone: %w", inbound, err)
	}
	return nil
}

// Place returns the location of the mail whose part was recorded as this inbound row, and reports
// whether there is one.
func Place(tx *sqldb.Tx, inbound int64) (Entry, bool, error) {
	all, err := Parked(tx)
	if i := slices.IndexFunc(all, func(e Entry) bool { return e.Inbound.Int64 == inbound }); err == nil && i >= 0 {
		return all[i], true, nil
	}
	return Entry{}, false, err
}

// Entry is a UID that is parked or still being tried, for people.
type Entry struct {
	Mailbox     int64
	Inbox       string
	Folder      string
	UIDValidity uint32
	UID         uint32
	State       string
	Inbound     sql.NullInt64
	Attempts    int
	Reason      string
	Changed     sqldb.Time
}

// Parked lists the parked mails of all inboxes, oldest first.
func Parked(tx *sqldb.Tx) ([]Entry, error) { return entries(tx, "parked") }

// Waiting lists the mails of all inboxes that were tried without success and will be tried again,
// oldest first.
func Waiting(tx *sqldb.Tx) ([]Entry, error) { return entries(tx, "tried") }

func entries(tx *sqldb.Tx, state string) ([]Entry, error) {
	var out []Entry
	err := tx.Select(&out, `SELECT l.mailbox, m.inbox, m.folder, m.uidvalidity & 4294967295 AS uidvalidity, l.uid, l.state, l.inbound, l.attempts, l.reason, l.changed
		FROM ledger l JOIN mailboxes m ON m.id = l.mailbox WHERE l.state = ? AND l.state <> 'acknowledged' ORDER BY l.changed, l.mailbox, l.uid`, state)
	if err != nil {
		return nil, fmt.Errorf("listing %s mail: %w", state, err)
	}
	return out, nil
}

// Count returns the number of UIDs of one inbox by state, except acknowledged ones.
func Count(tx *sqldb.Tx, inbox string) (map[string]int, error) {
	var rows []struct {
		State string
		N     int
	}
	err := tx.Select(&rows, `SELECT l.state, COUNT(*) AS n FROM ledger l JOIN mailboxes m ON m.id = l.mailbox WHERE m.inbox = ? AND l.state <> 'acknowledged' GROUP BY l.state`, inbox)
	if err != nil {
		return nil, fmt.Errorf("counting the ledger of %s: %w", inbox, err)
	}
	out := map[string]int{}
	for _, r := range rows {
		out[r.State] = r.N
	}
	return out, nil
}

// cut shortens reasons, which may quote a server, and removes characters that PostgreSQL rejects.
func cut(reason string) string {
	b := make([]rune, 0, len(reason))
	for _, r := range reason {
		if r >= ' ' && len(b) < 300 {
			b = append(b, r)
		}
	}
	return string(b)
}

// Backlog is the number of mails of a folder that are taken but not acknowledged on the server, and
// since when the oldest of them has been.
type Backlog struct {
	Inbox  string     `db:"inbox"`
	Folder string     `db:"folder"`
	N      int        `db:"n"`
	Oldest sqldb.Time `db:"oldest"`
}

// Backlogs lists the folders with mails that were taken before the given time and are not
// acknowledged.
func Backlogs(tx *sqldb.Tx, before time.Time) ([]Backlog, error) {
	var out []Backlog
	err := tx.Select(&out, `SELECT m.inbox, m.folder, COUNT(*) AS n, MIN(l.changed) AS oldest FROM ledger l JOIN mailboxes m ON m.id = l.mailbox
		WHERE l.state = 'taken' AND l.state <> 'acknowledged' AND l.changed < ? GROUP BY m.inbox, m.folder`, sqldb.At(before))
	return out, err
}

// CountInboxes returns how many inboxes have been watched.
func CountInboxes(tx *sqldb.Tx) (int, error) {
	var n int
	err := tx.Get(&n, `SELECT COUNT(DISTINCT inbox) FROM mailboxes`)
	return n, err
}
