package store

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"tierdesk/migrations/sqldb"
)

// Outcome is what became of a mail that was taken.
type Outcome string

// Outcomes.
const (
	Undecided   Outcome = ""           // only within the transaction that takes it
	AsMessage   Outcome = "message"    // a message of a ticket
	AsAuto      Outcome = "auto-reply" // an automatic mail, filed
	AsBounce    Outcome = "bounce"
	AsLoop      Outcome = "loop" // our own mail come back
	AsHeld      Outcome = "held" // an agent's mail that waits for a word of his
	AsCommand   Outcome = "command"
	Quarantined Outcome = "quarantined"
	DroppedRule Outcome = "dropped" // by a rule; the raw mail is kept
)

// Inbound is a mail that was taken.
type Inbound struct {
	ID          int64      `db:"id"`
	Fingerprint string     `db:"fingerprint"`
	Inbox       string     `db:"inbox"`
	Received    sqldb.Time `db:"received"`
	Taken       sqldb.Time `db:"taken"`
	MessageID   string     `db:"message_id"`
	Sender      string     `db:"sender"` // folded
	Subject     string     `db:"subject"`
	Size        int64      `db:"size"`
	Kind        string     `db:"kind"`
	Verdict     string     `db:"verdict"`
	Outcome     Outcome    `db:"outcome"`
	Cause       string     `db:"cause"`
	Reasons     string     `db:"reasons"`
	Ticket      *int64     `db:"ticket"`
	Old         bool       `db:"old"`
	Settled     sqldb.Time `db:"settled"` // when a person released or dropped it
	Copies      int64      `db:"copies"`  // how often it came again
}

const inboundColumns = `id, fingerprint, inbox, received, taken, message_id, sender, subject, size, kind, verdict, outcome, cause, reasons, ticket, old = 1 AS old, settled, copies`

// Tables whose rows are inserted, with what they refer to.
var (
	inboundTable = sqldb.NewTable("inbound", "id, fingerprint, inbox, received, taken, message_id, sender, subject, size, kind, verdict, outcome, cause, reasons, ticket, old")
	rawTable     = sqldb.NewTable("raws", "inbound, encoding, size, data", sqldb.Refers(inboundTable))
	heldTable    = sqldb.NewTable("held", "id, ticket, agent, inbound, reason, state, notice, at", sqldb.Refers(inboundTable))

	decided      = inboundTable.Change("outcome, cause, reasons, ticket")
	noticeOfHeld = heldTable.Change("notice")
)

// TakeIn writes a mail and tells its id; known tells that the same mail was taken before, and its id is given.
func TakeIn(tx *sqldb.Tx, in Inbound) (id int64, known bool, err error) {
	same := tx.By(inboundTable, "fingerprint", in.Fingerprint)
	if known, err = same.Find(&id, `SELECT id FROM inbound WHERE fingerprint = ?`, in.Fingerprint); err != nil {
		return 0, false, err
	}
	if known {
		_, err = tx.Exec(`UPDATE inbound SET copies = copies + 1 WHERE id = ?`, id)
		return id, true, err
	}
	if id, err = tx.Number(inboundTable, 0); err != nil {
		return 0, false, err
	}
	err = tx.Insert(inboundTable, id, in.Fingerprint, in.Inbox, in.Received, sqldb.At(tx.Now()), clean(in.MessageID), clean(in.Sender), clean(in.Subject), in.Size, in.Kind, in.Verdict,
		string(Undecided), "", "", nil, flag(in.Old))
	return id, false, err
}

// Forget takes out a row that was written in this transaction, before anything hung on it.
func Forget(tx *sqldb.Tx, id int64) error {
	_, err := tx.Exec(`DELETE FROM inbound WHERE id = ? AND outcome = ''`, id)
	return err
}

// Decide records what became of a mail.
func Decide(tx *sqldb.Tx, id int64, outcome Outcome, cause, reasons string, ticket int64) error {
	_, err := tx.Amend(decided, id, string(outcome), cause, clean(reasons), null(ticket))
	return err
}

// InboundByID reads a taken mail.
func InboundByID(tx *sqldb.Tx, id int64) (Inbound, bool, error) {
	var in Inbound
	found, err := tx.By(inboundTable, "id", id).Find(&in, `SELECT `+inboundColumns+` FROM inbound WHERE id = ?`, id)
	return in, found, err
}

// Quarantine lists the mails that wait in quarantine, newest first.
func Quarantine(tx *sqldb.Tx, limit int) ([]Inbound, error) {
	var out []Inbound
	err := tx.Select(&out, `SELECT `+inboundColumns+` FROM inbound WHERE outcome = 'quarantined' AND settled IS NULL ORDER BY id DESC LIMIT ?`, limit)
	return out, err
}

// QuarantinedFor lists mails that wait in quarantine for one cause, with an id above the given one, in order.
func QuarantinedFor(tx *sqldb.Tx, cause string, after int64, limit int) ([]Inbound, error) {
	var out []Inbound
	err := tx.Select(&out, `SELECT `+inboundColumns+` FROM inbound WHERE outcome = 'quarantined' AND settled IS NULL AND cause = ? AND id > ? ORDER BY id LIMIT ?`, cause, after, limit)
	return out, err
}

// TellQuarantined marks what waits in quarantine, and the admin was not told of yet, as told, and gives its ids, oldest first.
func TellQuarantined(tx *sqldb.Tx) ([]int64, error) {
	return tell(tx, `UPDATE inbound SET told = ? WHERE outcome = 'quarantined' AND told IS NULL AND settled IS NULL RETURNING id`)
}

// TellOld does the same for old mails that became messages.
func TellOld(tx *sqldb.Tx) ([]int64, error) {
	return tell(tx, `UPDATE inbound SET told = ? WHERE old = 1 AND told IS NULL AND outcome = 'message' RETURNING id`)
}

func tell(tx *sqldb.Tx, update string) ([]int64, error) {
	var ids []int64
	err := tx.Select(&ids, update, sqldb.At(tx.Now()))
	slices.Sort(ids)
	return ids, err
}

// InboundsByID gives those of some mails that there are, oldest first.
func InboundsByID(tx *sqldb.Tx, ids []int64) ([]Inbound, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var out []Inbound
	err := tx.SelectIn(&out, `SELECT `+inboundColumns+` FROM inbound WHERE id IN (?) ORDER BY id`, ids)
	return out, err
}

// TakenSince lists mails that came since a time and have an id above the given one, oldest first.
func TakenSince(tx *sqldb.Tx, since time.Time, after int64, limit int) ([]Inbound, error) {
	var out []Inbound
	err := tx.Select(&out, `SELECT `+inboundColumns+` FROM inbound WHERE received >= ? AND id > ? ORDER BY id LIMIT ?`, sqldb.At(since), after, limit)
	return out, err
}

// Settle marks a mail in quarantine as dealt with; false if it was already.
func Settle(tx *sqldb.Tx, id int64) (bool, error) {
	n, err := tx.Exec(`UPDATE inbound SET settled = ? WHERE id = ? AND settled IS NULL`, sqldb.At(tx.Now()), id)
	return n > 0, err
}

// SettleAged settles what came into quarantine before the given time and waits still, and tells how many mails that were.
func SettleAged(tx *sqldb.Tx, before time.Time) (int64, error) {
	return tx.Exec(`UPDATE inbound SET settled = ? WHERE outcome = 'quarantined' AND settled IS NULL AND taken <= ?`, sqldb.At(tx.Now()), sqldb.At(before))
}

// OldestQuarantined tells since when the mail waits that has been in quarantine longest; the zero time if there is none.
func OldestQuarantined(tx *sqldb.Tx) (time.Time, error) {
	var at sqldb.Time
	_, err := tx.Find(&at, `SELECT taken FROM inbound WHERE outcome = 'quarantined' AND settled IS NULL ORDER BY id LIMIT 1`)
	return at.Time, err
}

// Wrote lists what became messages of the mails that a sender sent from one time to another, the newest first.
func Wrote(tx *sqldb.Tx, sender string, since, until time.Time, limit int) ([]Inbound, error) {
	var out []Inbound
	mails := tx.By(inboundTable, "sender, outcome", sender, string(AsMessage))
	err := mails.Select(&out, `SELECT `+inboundColumns+` FROM inbound WHERE sender = ? AND received >= ? AND received <= ? AND outcome = 'message' ORDER BY received DESC, id DESC LIMIT ?`,
		sender, sqldb.At(since), sqldb.At(until), limit)
	return out, err
}

// TextsOf gives what is new in the messages that the mails became.
func TextsOf(tx *sqldb.Tx, mails []int64) ([]string, error) {
	if len(mails) == 0 {
		return nil, nil
	}
	var out []string
	err := tx.SelectIn(&out, `SELECT m.text FROM inbound i JOIN messages m ON m.ticket = i.ticket AND m.inbound = i.id WHERE i.id IN (?)`, mails)
	return out, err
}

// ---- raw mails

// Packed is a raw mail as it is kept.
type Packed struct {
	Encoding string
	Size     int64
	Data     []byte
}

// Packer compresses raw mails. It may be used by any number of goroutines at once.
type Packer struct {
	encoder *zstd.Encoder
	rooms   sync.Pool // of *[]byte, to pack into
}

// mostRoom bounds the room that is used again: mails of more octets are packed into a room of their own.
const mostRoom = 128 << 10

// NewPacker makes a Packer for so many goroutines.
func NewPacker(goroutines int) (*Packer, error) {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(goroutines), zstd.WithWindowSize(512<<10), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, fmt.Errorf("preparing to compress mails: %w", err)
	}
	return &Packer{encoder: e, rooms: sync.Pool{New: func() any { return new([]byte) }}}, nil
}

// Pack compresses a raw mail; one that does not get smaller stays as it is.
func (p *Packer) Pack(raw []byte) Packed {
	plain := Packed{Size: int64(len(raw)), Data: raw}
	if len(raw) > mostRoom {
		if data := p.encoder.EncodeAll(raw, make([]byte, 0, len(raw))); len(data) < len(raw) {
			return Packed{Encoding: "zstd", Size: plain.Size, Data: data}
		}
		return plain
	}
	room := p.rooms.Get().(*[]byte)
	defer p.rooms.Put(room)
	*room = p.encoder.EncodeAll(raw, (*room)[:0])
	if len(*room) >= len(raw) {
		return plain
	}
	return Packed{Encoding: "zstd", Size: plain.Size, Data: bytes.Clone(*room)}
}

func unpack(p Packed) ([]byte, error) {
	switch p.Encoding {
	case "":
		return p.Data, nil
	case "zstd":
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(uint64(p.Size)+1<<20))
		if err != nil {
			return nil, err
		}
		defer d.Close()
		raw, err := d.DecodeAll(p.Data, make([]byte, 0, p.Size))
		if err == nil && int64(len(raw)) != p.Size {
			err = fmt.Errorf("%d octets where %d were kept", len(raw), p.Size)
		}
		return raw, err
	}
	return nil, fmt.Errorf("it is packed as %q, which this program does not know", p.Encoding)
}

// SaveRaw keeps the raw mail of an inbound row.
func SaveRaw(tx *sqldb.Tx, inbound int64, p Packed) error {
	data := p.Data
	if data == nil {
		data = []byte{}
	}
	return tx.Insert(rawTable, inbound, p.Encoding, p.Size, data)
}

// DropRaw drops a mail's raw form.
func DropRaw(tx *sqldb.Tx, inbound int64) error {
	_, err := tx.Exec(`DELETE FROM raws WHERE inbound = ?`, inbound)
	return err
}

// Raw gives the mail of an inbound row as it came; false if it is no longer kept.
func Raw(tx *sqldb.Tx, inbound int64) ([]byte, bool, error) {
	var r struct {
		Encoding string `db:"encoding"`
		Size     int64  `db:"size"`
		Data     []byte `db:"data"`
	}
	found, err := tx.Find(&r, `SELECT encoding, size, data FROM raws WHERE inbound = ?`, inbound)
	if err != nil || !found {
		return nil, found, err
	}
	raw, err := unpack(Packed{Encoding: r.Encoding, Size: r.Size, Data: r.Data})
	if err != nil {
		return nil, true, fmt.Errorf("unpacking raw mail %d: %w", inbound, err)
	}
	return raw, true, nil
}

// ForgetRaw drops raw mails that came before the given time, at most limit of them; not those that somebody may still have to decide on.
func ForgetRaw(tx *sqldb.Tx, before time.Time, limit int) (int64, error) {
	return tx.Exec(`DELETE FROM raws WHERE inbound IN (SELECT r.inbound FROM raws r JOIN inbound i ON i.id = r.inbound
		WHERE i.received < ? AND i.outcome <> 'held' AND NOT (i.outcome = 'quarantined' AND i.settled IS NULL) ORDER BY r.inbound LIMIT ?)`, sqldb.At(before), limit)
}

// ForgetCanaries drops the rows of canaries that were taken before the given time, at most limit of them, and tells how many. One that came again stays: the ledger names it
// for the copy.
func ForgetCanaries(tx *sqldb.Tx, before time.Time, limit int) (int64, error) {
	return tx.Exec(`DELETE FROM inbound WHERE id IN (SELECT id FROM inbound WHERE cause = 'canary' AND taken < ? AND copies = 0 ORDER BY taken LIMIT ?)`, sqldb.At(before), limit)
}

// ---- held mails

// Held is an agent's mail that waits for a word of his.
type Held struct {
	ID      int64      `db:"id"`
	Ticket  int64      `db:"ticket"` // 0 if none was found
	Agent   string     `db:"agent"`
	Inbound int64      `db:"inbound"`
	Reason  string     `db:"reason"`
	State   string     `db:"state"` // waiting, sent, dropped
	Notice  int64      `db:"notice"`
	At      sqldb.Time `db:"at"`
}

// Hold keeps an agent's mail until he says what is to become of it.
func Hold(tx *sqldb.Tx, h Held) (int64, error) {
	id, err := tx.Number(heldTable, 0)
	if err != nil {
		return 0, err
	}
	return id, tx.Insert(heldTable, id, h.Ticket, h.Agent, h.Inbound, h.Reason, "waiting", h.Notice, sqldb.At(tx.Now()))
}

// NoticeOfHeld remembers which notice told of a held mail.
func NoticeOfHeld(tx *sqldb.Tx, id, notice int64) error {
	_, err := tx.Amend(noticeOfHeld, id, notice)
	return err
}

// HeldByNotice finds the mail that a notice told of, or, for any other notice (0 too), the newest one of the agent in the ticket
// that still waits.
func HeldByNotice(tx *sqldb.Tx, notice, ticket int64, agent string) (Held, bool, error) {
	var h Held
	const columns = `SELECT id, ticket, agent, inbound, reason, state, notice, at FROM held `
	if notice != 0 {
		if found, err := tx.Find(&h, columns+`WHERE notice = ?`, notice); err != nil || found {
			return h, found, err
		}
	}
	found, err := tx.Find(&h, columns+`WHERE ticket = ? AND agent = ? AND state = 'waiting' ORDER BY id DESC LIMIT 1`, ticket, agent)
	return h, found, err
}

// SettleHeld ends the waiting; false if it had ended.
func SettleHeld(tx *sqldb.Tx, id int64, state string) (bool, error) {
	n, err := tx.Exec(`UPDATE held SET state = ?, settled = ? WHERE id = ? AND state = 'waiting'`, state, sqldb.At(tx.Now()), id)
	return n > 0, err
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Words joins reasons for a column.
func Words(reasons []string) string { return strings.Join(reasons, "; ") }
