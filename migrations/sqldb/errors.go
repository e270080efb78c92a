package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/lib/pq"
	"modernc.org/sqlite"
)

// Temporary reports whether an error is unrelated to the work itself: the database is unavailable,
// full, busy or broken, or a transaction lost a race. The same work may succeed later, so no mail
// is to blame.
func Temporary(err error) bool {
	if err == nil {
		return false
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, sql.ErrTxDone) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, ErrMoved) {
		return true
	}
	var network net.Error
	if errors.As(err, &network) {
		return true
	}
	var p *pq.Error
	if errors.As(err, &p) {
		switch p.Code.Class() {
		case "22", "23": // data exception, integrity constraint violation: the work is at fault
			return false
		case "42": // syntax error or access rule violation: a bug of ours or a missing privilege
			return p.Code == "42501"
		}
		return true
	}
	var s *sqlite.Error
	if errors.As(err, &s) {
		switch s.Code() & 0xff {
		case 1, 18, 19, 20, 25: // ERROR, TOOBIG, CONSTRAINT, MISMATCH, RANGE
			return false
		}
		return true
	}
	return false
}

// ErrOvertaken means that another transaction has written what this one was about to write. When
// run again, this one will see that.
var ErrOvertaken = errors.New("another transaction was first")

// Unique reports whether the error is a violated unique key or ErrOvertaken. It is for errors that
// a transaction has returned; within a transaction use ON CONFLICT DO NOTHING.
func Unique(err error) bool {
	if errors.Is(err, ErrOvertaken) {
		return true
	}
	var p *pq.Error
	if errors.As(err, &p) {
		return p.Code == "23505"
	}
	var s *sqlite.Error
	return errors.As(err, &s) && (s.Code() == 2067 || s.Code() == 1555)
}

const damagedWords = "the database file is damaged: stop the desk, keep a copy of the file and restore a backup"

// Damaged reports whether SQLite has found its file to be damaged or not a database at all.
func Damaged(err error) bool {
	var s *sqlite.Error
	return errors.As(err, &s) && (s.Code()&0xff == 11 || s.Code()&0xff == 26) // CORRUPT, NOTADB
}

// serialisation reports whether the transaction lost a race against another one and may be retried
// immediately.
func serialisation(err error) bool {
	var p *pq.Error
	if errors.As(err, &p) {
		return p.Code == "40001" || p.Code == "40P01"
	}
	var s *sqlite.Error
	return errors.As(err, &s) && s.Code()&0xff == 5 // BUSY: another process writes; busy_timeout has run out
}

// Full reports whether there is no room left for the database.
func Full(err error) bool {
	var p *pq.Error
	if errors.As(err, &p) {
		return p.Code == "53100" // disk_full
	}
	var s *sqlite.Error
	return errors.As(err, &s) && s.Code()&0xff == 13 // FULL
}
