// Package ledger owns the records of intake in the database: which mail of which folder the desk
// has seen, taken over and acknowledged, by UID and UIDVALIDITY, and who may work on an inbox
// (leases). The ledger is the truth; what a server's flags say is not asked. It must never know
// IMAP, tickets or what a mail says.
//
// The states of a UID:
//
//	(no row)      the desk has not met it: it is to be fetched
//	tried         fetching or handing on failed; it is to be tried again
//	parked        it failed often: a person is told, a part of it may be with the desk; it is asked for from time to time
//	taken         the desk has it, durably; the server is not told yet
//	acknowledged  taken, and moved, flagged or kept at the server
//	seen          left alone: it lay there before the desk watched, or a person does not want it
//
// What leads from one to another:
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

// ErrLeaseLost means that somebody else works on the inbox now: stop, write nothing, acknowledge
// nothing. It is nobody's mail's fault. It is a kind of context.Canceled, because the right to work
// was withdrawn, so that sqldb.Temporary and with it Tx.Savepoint take it for what it is.
var ErrLeaseLost = fmt.Errorf("another daemon works on this inbox now: %w", context.Canceled)

// Mailbox is a folder of an inbox under one UIDVALIDITY (RFC 9051 section 2.3.1.1): the space in
// which a UID names one mail for good.
type Mailbox struct {
	ID          int64
	Inbox       string
	Folder      string
	UIDValidity uint32
	Created     sqldb.Time
	// Mail below OldBelow was there when the desk met the mailbox. Where OldUntil is set only such
	// of it is old as came no later than that: than the first start of the desk, or than the last
	// mail before UIDVALIDITY changed.
	OldBelow uint32     `db:"old_below"`
	OldUntil sqldb.Time `db:"old_until"`
	// SettledBelow only saves work: nothing below it waited to be fetched when it was last looked
	// at.
	SettledBelow uint32 `db:"settled_below"`
	// Latest is the time of the newest mail that was taken from here, zero if none was.
	Latest sqldb.Time
}

// Old reports whether a mail of this mailbox lay there before the desk watched it, so that it must
// cause no automatic mail. received is zero if nobody knows when it came.
func (m Mailbox) Old(uid uint32, received time.Time) bool {
	return uid < m.OldBelow && (m.OldUntil.IsZero() || received.IsZero() || !received.After(m.OldUntil.Time))
}

const mailboxColumns = `id, inbox, folder, uidvalidity & 4294967295 AS uidvalidity, created, COALESCE(old_below, 0) AS old_below, old_until, settled_below, latest`

// FindMailbox finds a mailbox that is known already.
func FindMailbox(tx *sqldb.Tx, inbox, folder string, uidvalidity uint32) (Mailbox, bool, error) {
	var m Mailbox
	ok, err := tx.Find(&m, `SELECT `+mailboxColumns+` FROM mailboxes WHERE inbox = ? AND folder = ? AND uidvalidity = ?`,
		inbox, folder, int64(uidvalidity))
	if err != nil {
		return Mailbox{}, false, fmt.Errorf("looking up mailbox %s/%s: %w", inbox, folder, err)
	}
	return m, ok, nil
}

// Start enters that a folder is watched from now on, unless that was entered before.
func Start(tx *sqldb.Tx, inbox, folder string) error {
	if _, err := tx.Exec(`INSERT INTO folders (inbox, folder, started) VALUES (?, ?, ?) ON CONFLICT (inbox, folder) DO NOTHING`,
		inbox, folder, sqldb.At(tx.Now())); err != nil {
		return fmt.Errorf("entering that %s/%s is watched: %w", inbox, folder, err)
	}
	return nil
}

// Highest returns the highest UID of a mailbox that the ledger knows, 0 for none.
func Highest(tx *sqldb.Tx, mailbox int64) (uint32, error) {
	var highest int64
	if err := tx.Get(&highest, `SELECT COALESCE(MAX(uid), 0) FROM ledger WHERE mailbox = ?`, mailbox); err != nil {
		return 0, fmt.Errorf("looking up the highest UID: %w", err)
	}
	return uint32(highest), nil
}

// Retire enters that the UIDs of a mailbox name other mails now, although its UIDVALIDITY is the
// same: FindMailbox finds it no more, so that it is met anew. What its mails became stays.
func Retire(tx *sqldb.Tx, lease mailin.Lease, mailbox int64) error {
	if err := Check(tx, lease); err != nil {
		return err
	}
	// Above the 32 bits of a UIDVALIDITY, which stays readable.
	_, err := tx.Exec(`UPDATE mailboxes SET uidvalidity = uidvalidity + ? WHERE id = ? AND uidvalidity <= 4294967295`,
		mailbox<<32, mailbox)
	if err != nil {
		return fmt.Errorf("retiring a mailbox: %w", err)
	}
	return nil
}

// History is what is known of a folder under all its UIDVALIDITYs.
type History struct {
	// Started is when a desk was first started that watches the folder, whether or not it could log
	// in; zero if none was.
	Started sqldb.Time
	Known   bool       // it was met before
	First   sqldb.Time // when
	// Until is the time of the newest mail taken from it, or else First: mail that came later was
	// never ours.
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

// FirstSync is what was decided when a mailbox was met for the first time.
type FirstSync struct {
	Inbox, Folder string
	UIDValidity   uint32
	OldBelow      uint32
	OldUntil      time.Time // zero: all below OldBelow is old
	Seen          []uint32  // to be left alone
}

// AddMailbox enters a mailbox with its beginning, all or nothing. Where another has entered it
// meanwhile, that one stands.
func AddMailbox(tx *sqldb.Tx, lease mailin.Lease, b FirstSync) (Mailbox, error) {
	if err := Check(tx, lease); err != nil {
		return Mailbox{}, err
	}
	var id int64
	inserted, err := tx.Find(&id, `INSERT INTO mailboxes (inbox, folder, uidvalidity, created, old_below, old_until, settled_below)
		VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT (inbox, folder, uidvalidity) DO NOTHING RETURNING id`,
		b.Inbox, b.Folder, int64(b.UIDValidity), sqldb.At(tx.Now()), int64(b.OldBelow), sqldb.At(b.OldUntil))
	if err != nil {
		return Mailbox{}, fmt.Errorf("entering mailbox %s/%s: %w", b.Inbox, b.Folder, err)
	}
	if inserted {
		for chunk := range slices.Chunk(b.Seen, 200) {
			args := make([]any, 0, 3*len(chunk))
			for _, uid := range chunk {
				args = append(args, id, int64(uid), sqldb.At(tx.Now()))
			}
			if _, err := tx.Exec(`INSERT INTO ledger (mailbox, uid, state, changed) VALUES `+
				strings.Repeat(`, (?, ?, 'seen', ?)`, len(chunk))[2:], args...); err != nil {
				return Mailbox{}, fmt.Errorf("entering the old mail of %s/%s: %w", b.Inbox, b.Folder, err)
			}
		}
	}
	m, _, err := FindMailbox(tx, b.Inbox, b.Folder, b.UIDValidity)
	return m, err
}

// Synced reports whether an inbox has been looked at: it is decided which of its mails were there
// before. What comes earlier may count as such.
func Synced(tx *sqldb.Tx, inbox string) (bool, error) {
	var id int64
	return tx.Find(&id, `SELECT id FROM mailboxes WHERE inbox = ? AND old_below IS NOT NULL LIMIT 1`, inbox)
}

// Missing returns those of the UIDs that the server has which are to be fetched, ascending and
// without doubles.
func Missing(tx *sqldb.Tx, mailbox int64, have []uint32) ([]uint32, error) {
	if len(have) == 0 {
		return nil, nil
	}
	have = slices.Compact(slices.Sorted(slices.Values(have)))
	// Both lists come in order, so they are merged: a folder of a million mails needs no map of
	// them.
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

// AdvanceCursor notes where later looks may begin, and the time of the newest mail taken. Neither
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

// Take enters that a mail has been taken over as the inbound row, in the transaction that does it.
// It reports whether that had been done before, and returns ErrLeaseLost if the lease of the source
// is no longer the valid one: then the transaction must be given up. A mail that comes from no
// mailbox (Source.Mailbox 0) has no row in the ledger.
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
				return part != 0, err // the same part of it
			}
		}
	}
	u.known.Forget(place)
	if err := u.taken.Add(taken{place, becomes, inbound, sqldb.At(tx.Now())}); err != nil {
		return false, fmt.Errorf("entering UID %d as taken: %w", src.UID, err)
	}
	return false, nil
}

// Unlink has a mail's row name no inbound row (0), in the transaction that has called Take: for one
// that will not be kept. A UID that was taken stays taken.
func Unlink(tx *sqldb.Tx, src mailin.Source) error {
	if src.Mailbox == 0 {
		return nil
	}
	if _, err := tx.Exec(`UPDATE ledger SET inbound = 0 WHERE mailbox = ? AND uid = ?`, src.Mailbox, int64(src.UID)); err != nil {
		return fmt.Errorf("unlinking UID %d: %w", src.UID, err)
	}
	return nil
}

// place is where a mail lies.
type place struct{ mailbox, uid int64 }

// taken is a mail that this transaction takes over.
type taken struct {
	place
	state   string
	inbound int64
	at      sqldb.Time
}

// table takes what was not taken yet. The primary key sees to it that a UID is taken once, whatever
// lease its taker holds.
var table = &batch.Table[taken]{
	Name: "ledger", Columns: "mailbox, uid, state, inbound, changed", KeyColumns: "mailbox, uid", Lost: sqldb.ErrOvertaken,
	Update: "state = excluded.state, inbound = excluded.inbound, reason = '', changed = excluded.changed WHERE ledger.state NOT IN ('taken', 'acknowledged')",
	Key:    func(t *taken) any { return t.place },
	Values: func(t *taken) []any { return []any{t.mailbox, t.uid, t.state, t.inbound, t.at} },
}

// unit holds what a transaction takes over, to be written together, and what Prefetch has read.
type unit struct {
	taken batch.Rows[taken]
	known batch.Cache[place, struct{}]
}

func unitOf(tx *sqldb.Tx) *unit {
	return sqldb.WorkOf(tx, func(tx *sqldb.Tx) *unit { return &unit{taken: table.In(tx)} })
}

// Flush writes the rows.
func (u *unit) Flush() error { return u.taken.Flush() }

// Forget forgets what was read.
func (u *unit) Forget() { u.known.Clear() }

// Discard forgets both.
func (u *unit) Discard() {
	u.taken.Discard()
	u.known.Clear()
}

// valid reports whether the lease and the mailbox of a source are there.
func valid(tx *sqldb.Tx, src mailin.Source) error {
	var one int
	found, err := tx.Find(&one, `SELECT 1 FROM mailboxes m, leases l WHERE m.id = ? AND l.name = ? AND l.epoch = ?`, src.Mailbox,
		src.Lease.Name, src.Lease.Epoch)
	if err != nil {
		return fmt.Errorf("asking for mailbox and lease: %w", err)
	}
	if found {
		return nil
	}
	if err := Check(tx, src.Lease); err != nil {
		return err
	}
	return fmt.Errorf("entering UID %d as taken: there is no mailbox %d", src.UID, src.Mailbox)
}

// Prefetch asks at once what Take will ask for one mail after the other.
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
			continue // they are not of one run: Take asks for each
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

// Unacknowledged returns the UIDs that were taken and whose server does not know it yet, ascending.
func Unacknowledged(tx *sqldb.Tx, mailbox int64) ([]uint32, error) {
	return uids(tx, mailbox, "taken")
}

// Attempted is a UID that could not be fetched whole or handed on so far, and that is asked for
// again.
type Attempted struct {
	UID      uint32
	Attempts int   // since the first one, or since a person asked for it
	Parked   int   // 1 if it is
	Part     int64 // the inbound row of what could be had of it; 0 if nothing could
}

// Unfetched lists what a mailbox still owes us: what was tried, and what is parked.
func Unfetched(tx *sqldb.Tx, mailbox int64) ([]Attempted, error) {
	var out []Attempted
	err := tx.Select(&out, `SELECT uid, attempts, CASE state WHEN 'parked' THEN 1 ELSE 0 END AS parked, COALESCE(inbound, 0) AS part FROM ledger
		WHERE mailbox = ? AND state IN ('tried', 'parked') AND state <> 'acknowledged' ORDER BY uid`, mailbox)
	if err != nil {
		return nil, fmt.Errorf("reading attempts from the ledger: %w", err)
	}
	return out, nil
}

// uids says `state <> 'acknowledged'` for the index, which holds only those.
func uids(tx *sqldb.Tx, mailbox int64, state string) ([]uint32, error) {
	var out []uint32
	if err := tx.Select(&out, `SELECT uid FROM ledger WHERE mailbox = ? AND state = ? AND state <> 'acknowledged' ORDER BY uid`, mailbox,
		state); err != nil {
		return nil, fmt.Errorf("reading %s UIDs from the ledger: %w", state, err)
	}
	return out, nil
}

// Acknowledged enters that the server was told of these taken UIDs. Those in another state stay as
// they are.
func Acknowledged(tx *sqldb.Tx, mailbox int64, uids []uint32) error {
	for chunk := range slices.Chunk(uids, 500) {
		var err error
		if len(chunk) == 1 { // the same text each time: prepared
			_, err = tx.Exec(`UPDATE ledger SET state = 'acknowledged', changed = ? WHERE mailbox = ? AND uid = ? AND state = 'taken'`,
				sqldb.At(tx.Now()), mailbox, int64(chunk[0]))
		} else {
			_, err = tx.ExecIn(`UPDATE ledger SET state = 'acknowledged', changed = ? WHERE mailbox = ? AND uid IN (?) AND state = 'taken'`,
				sqldb.At(tx.Now()), mailbox, chunk)
		}
		if err != nil {
			return fmt.Errorf("entering %d UIDs as acknowledged: %w", len(chunk), err)
		}
	}
	return nil
}

// RecordAttempt enters a failed attempt to fetch a UID or to hand it on, and returns the number of
// attempts so far. A UID that was taken meanwhile stays so, and the number is 0.
func RecordAttempt(tx *sqldb.Tx, mailbox int64, uid uint32, reason string) (int, error) {
	var attempts int
	_, err := tx.Find(&attempts, `INSERT INTO ledger (mailbox, uid, state, attempts, reason, changed) VALUES (?, ?, 'tried', 1, ?, ?)
		ON CONFLICT (mailbox, uid) DO UPDATE SET attempts = ledger.attempts + 1, reason = excluded.reason, changed = excluded.changed
		WHERE ledger.state IN ('tried', 'parked') RETURNING attempts`, mailbox, int64(uid), cut(reason), sqldb.At(tx.Now()))
	if err != nil {
		return 0, fmt.Errorf("entering an attempt at UID %d: %w", uid, err)
	}
	return attempts, nil
}

// Forget removes a UID that could not be fetched and is no longer on the server. If the desk was
// given a part of it, that is all there will ever be: it counts as acknowledged. In another state
// the UID stays as it is.
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

// Park sets a UID aside: it is not acknowledged, so the mail stays where it lies, and it is asked
// for from time to time. It keeps the inbound row, if the desk could be given at least a part of
// the mail.
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

// parked selects the UID of which a part was recorded as an inbound row. It names the mailboxes for
// the sake of the index.
const parked = ` WHERE mailbox IN (SELECT id FROM mailboxes) AND state = 'parked' AND state <> 'acknowledged' AND inbound = ?`

// Retry asks the server once more for the mail of which a part was recorded as this inbound row, at
// once and then again with growing distance. It reports whether there is one: its whole comes as a
// mail of its own that supersedes the part (mailin.Raw.Supersedes). Call it when a person releases
// such a part: what is there is not the mail.
func Retry(tx *sqldb.Tx, inbound int64) (bool, error) {
	n, err := tx.Exec(`UPDATE ledger SET attempts = 0, changed = ?`+parked, sqldb.At(tx.Now()), inbound)
	if err != nil {
		return false, fmt.Errorf("asking again for mail %d: %w", inbound, err)
	}
	if n > 0 {
		tx.Wake(Topic)
	}
	return n > 0, nil
}

// Leave has the server asked no more for the mail of which a part was recorded as this inbound row:
// the mail is left alone where it lies. Call it when a person drops the part.
func Leave(tx *sqldb.Tx, inbound int64) error {
	if _, err := tx.Exec(`UPDATE ledger SET state = 'seen', changed = ?`+parked, sqldb.At(tx.Now()), inbound); err != nil {
		return fmt.Errorf("leaving mail %d alone: %w", inbound, err)
	}
	return nil
}

// Place returns where the mail lies of which a part was recorded as this inbound row, and reports
// whether there is one.
func Place(tx *sqldb.Tx, inbound int64) (Entry, bool, error) {
	all, err := Parked(tx)
	if i := slices.IndexFunc(all, func(e Entry) bool { return e.Inbound.Int64 == inbound }); err == nil && i >= 0 {
		return all[i], true, nil
	}
	return Entry{}, false, err
}

// Entry is a UID that was set aside or waits, for people.
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

// Parked lists what was set aside, in all inboxes, oldest first.
func Parked(tx *sqldb.Tx) ([]Entry, error) { return entries(tx, "parked") }

// Waiting lists what was tried without success and is tried again, in all inboxes, oldest first.
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

// Count returns the number of UIDs in each state but acknowledged, for one inbox.
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

// cut keeps reasons, which may hold what a server said, short and free of what PostgreSQL does not
// take.
func cut(reason string) string {
	b := make([]rune, 0, len(reason))
	for _, r := range reason {
		if r >= ' ' && len(b) < 300 {
			b = append(b, r)
		}
	}
	return string(b)
}

// Backlog is how many mails of a folder are taken and not acknowledged at the server, and since
// when the oldest is.
type Backlog struct {
	Inbox  string     `db:"inbox"`
	Folder string     `db:"folder"`
	N      int        `db:"n"`
	Oldest sqldb.Time `db:"oldest"`
}

// Backlogs lists the folders with mails that were taken before a time and are not acknowledged.
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
