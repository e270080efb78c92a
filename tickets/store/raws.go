package store

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"tierdesk/migrations/batch"
	"tierdesk/migrations/sqldb"
)

type rawRow struct {
	inbound int64
	packed  Packed
}

var rawTable = &batch.Table[rawRow]{
	Name: "raws", Columns: "inbound, encoding, size, data",
	Append: func(r *rawRow, args []any) []any {
		return append(args, r.inbound, r.packed.Encoding, r.packed.Size, r.packed.Data)
	},
}

// Packed is a raw mail as it is stored.
type Packed struct {
	Encoding string
	Size     int64
	Data     []byte
}

// Packer compresses raw mails. It is safe for concurrent use by multiple goroutines.
type Packer struct {
	encoder *zstd.Encoder
	rooms   sync.Pool // of *[]byte, to pack into
}

// mostRoom bounds the size of reused buffers: larger mails are packed into a buffer of their own.
const mostRoom = 128 << 10

// NewPacker makes a Packer for up to that many goroutines.
func NewPacker(goroutines int) (*Packer, error) {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(goroutines),
		zstd.WithWindowSize(512<<10), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, fmt.Errorf("preparing to compress mails: %w", err)
	}
	return &Packer{encoder: e, rooms: sync.Pool{New: func() any { return new([]byte) }}}, nil
}

// Pack compresses a raw mail; a mail that compression does not shrink is stored as it is.
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

// SaveRaw stores the raw mail of an inbound row.
func SaveRaw(tx *sqldb.Tx, inbound int64, p Packed) error {
	if p.Data == nil {
		p.Data = []byte{}
	}
	return unitOf(tx).raws.Add(rawRow{inbound, p})
}

// DropRaw deletes a raw mail.
func DropRaw(tx *sqldb.Tx, inbound int64) error {
	_, err := tx.Exec(`DELETE FROM raws WHERE inbound = ?`, inbound)
	return err
}

// ErrDamaged means that what is stored of a mail can no longer be unpacked.
var ErrDamaged = errors.New("the stored mail is damaged")

// Raw returns the raw mail of an inbound row; false if it is no longer stored. The error is
// ErrDamaged if it is stored, but cannot be unpacked.
func Raw(tx *sqldb.Tx, inbound int64) ([]byte, bool, error) {
	var r struct {
		Encoding string
		Size     int64
		Data     []byte
	}
	found, err := tx.Find(&r, `SELECT encoding, size, data FROM raws WHERE inbound = ?`, inbound)
	if err != nil || !found {
		return nil, found, err
	}
	raw, err := unpack(Packed{Encoding: r.Encoding, Size: r.Size, Data: r.Data})
	if err != nil {
		return nil, true, fmt.Errorf("unpacking raw mail %d: %w: %w", inbound, ErrDamaged, err)
	}
	return raw, true, nil
}

// ForgetRaw deletes at most limit raw mails received before the given time, except those that
// somebody may still have to decide on.
func ForgetRaw(tx *sqldb.Tx, before time.Time, limit int) (int64, error) {
	return tx.Exec(`DELETE FROM raws WHERE inbound IN (SELECT r.inbound FROM raws r JOIN inbound i ON i.id = r.inbound
		WHERE i.received < ? AND i.outcome <> 'held' AND NOT (i.outcome = 'quarantined' AND i.settled IS NULL) ORDER BY r.inbound LIMIT ?)`, sqldb.At(before), limit)
}
