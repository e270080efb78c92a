// Package batch has the parts of which a package makes its unit of work (sqldb.Work): rows of one
// type that wait to be written together, and answers that are read for many keys at once. It must
// never know what is stored, and finds nothing out by itself: who adds a row, asks for one or
// changes one says what that means for the others.
package batch

import (
	"strings"

	"tierdesk/migrations/sqldb"
)

// Table is how rows of a type are inserted. It is a constant.
type Table[R any] struct {
	Name    string
	Columns string         // "a, b, c"; others have their default
	Values  func(*R) []any // in the order of Columns

	// Of two rows with the same Key one is written. KeyColumns are its columns; without any a
	// second row is an error of the database.
	Key        func(*R) any
	KeyColumns string
	Update     string // the later row takes the earlier one's place by this text behind DO UPDATE SET; "": it is left out
	Lost       error  // ends the transaction in which a row was left out; nil: that is as it should be
}

// chunks are how many rows a statement writes: few sizes, so that each stays prepared.
var chunks = []int{64, 48, 32, 24, 16, 12, 8, 6, 4, 3, 2, 1}

// maxOctets bounds how much a statement of several rows carries.
const maxOctets = 512 << 10

// text returns the statement for so many rows.
func (t *Table[R]) text(rows int) string {
	row := ", (?" + strings.Repeat(", ?", strings.Count(t.Columns, ",")) + ")"
	conflict := ""
	switch {
	case t.Update != "":
		conflict = " ON CONFLICT (" + t.KeyColumns + ") DO UPDATE SET " + t.Update
	case t.KeyColumns != "":
		conflict = " ON CONFLICT (" + t.KeyColumns + ") DO NOTHING"
	}
	return "INSERT INTO " + t.Name + " (" + t.Columns + ") VALUES " + strings.Repeat(row, rows)[2:] + conflict
}

// Rows are the rows of a table that wait in a transaction.
type Rows[R any] struct {
	tx    *sqldb.Tx
	table *Table[R]
	after []Flusher
	rows  []R
	keys  map[any]int // places of rows by Key
}

// Flusher is rows of whatever type.
type Flusher interface{ Flush() error }

// In returns the rows of the table that wait in a transaction: none yet. They are written after the
// rows that they refer to.
func (t *Table[R]) In(tx *sqldb.Tx, after ...Flusher) Rows[R] {
	return Rows[R]{tx: tx, table: t, after: after}
}

// Add has a row written, at the latest at the commit. A constraint that it violates may only show
// then.
func (r *Rows[R]) Add(row R) error {
	if err := r.tx.Err(); err != nil {
		return err
	}
	t := r.table
	if t.Key != nil {
		key := t.Key(&row)
		if i, there := r.keys[key]; there {
			if t.Update != "" {
				r.rows[i] = row
			} else if t.Lost != nil {
				return r.tx.Fail(t.Lost)
			}
			return nil
		}
		if r.keys == nil {
			r.keys = map[any]int{}
		}
		r.keys[key] = len(r.rows)
	}
	r.rows = append(r.rows, row)
	if r.tx.Unbuffered() {
		return r.tx.Flush()
	}
	return nil
}

// Any reports whether such a row waits.
func (r *Rows[R]) Any(such func(*R) bool) bool { return r.Last(such) != nil }

// Last returns the last such row, to be changed before it is written; nil if none waits.
func (r *Rows[R]) Last(such func(*R) bool) *R {
	for i := len(r.rows) - 1; i >= 0; i-- {
		if such(&r.rows[i]) {
			return &r.rows[i]
		}
	}
	return nil
}

// FlushIf writes the rows if such a one is among them: before a query that asks for it by key.
func (r *Rows[R]) FlushIf(such func(*R) bool) error {
	if !r.Any(such) {
		return nil
	}
	return r.Flush()
}

// Flush writes the rows, after those that they refer to.
func (r *Rows[R]) Flush() error {
	if len(r.rows) == 0 {
		return nil
	}
	for _, before := range r.after {
		if err := before.Flush(); err != nil {
			return err
		}
	}
	values := make([][]any, len(r.rows))
	for i := range r.rows {
		values[i] = r.table.Values(&r.rows[i])
	}
	r.Discard()
	args := make([]any, 0, chunkOf(values)*len(values[0]))
	for len(values) > 0 {
		n := chunkOf(values)
		args = args[:0]
		for _, row := range values[:n] {
			args = append(args, row...)
		}
		written, err := r.tx.ByKey().Exec(r.table.text(n), args...)
		if err != nil {
			return err
		}
		if written < int64(n) && r.table.Lost != nil {
			return r.tx.Fail(r.table.Lost)
		}
		values = values[n:]
	}
	return nil
}

// Discard forgets the rows.
func (r *Rows[R]) Discard() { r.rows, r.keys = nil, nil }

// chunkOf returns how many of the rows the next statement writes.
func chunkOf(rows [][]any) int {
	octets, fit := 0, 0
	for _, row := range rows[:min(len(rows), chunks[0])] {
		for _, v := range row {
			switch v := v.(type) {
			case string:
				octets += len(v)
			case []byte:
				octets += len(v)
			}
		}
		if fit > 0 && octets > maxOctets {
			break
		}
		fit++
	}
	for _, n := range chunks {
		if n <= fit {
			return n
		}
	}
	return 1
}
