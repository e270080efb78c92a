// Package batch provides the parts from which a package builds its unit of work (sqldb.Work): rows
// of one type that are written together, and answers that are read for many keys together. It must
// never know what is stored and infers nothing: whoever adds, reads or changes a row has to say
// what that means for other rows.
package batch

import (
	"strings"
	"sync"

	"tierdesk/migrations/sqldb"
)

// Table describes how rows of a type are inserted. It must not be changed after it has been made.
type Table[R any] struct {
	Name    string
	Columns string                       // "a, b, c"; others have their default
	Append  func(r *R, args []any) []any // appends the values of Columns, in their order

	// Of two rows with the same Key only one is written. KeyColumns are its columns; without any, a
	// second row is an error of the database.
	Key        func(*R) any
	KeyColumns string
	Update     string // what follows DO UPDATE SET, so that the later row replaces the earlier one; "": it is left out
	Lost       error  // the error of a transaction in which a row was left out; nil if that is allowed

	spare sync.Pool // of *pending[R]: room of rows that have been written, for those of later transactions
}

// chunks are the numbers of rows that a statement may write: only a few, so that prepared
// statements are reused.
var chunks = []int{64, 48, 32, 24, 16, 12, 8, 6, 4, 3, 2, 1}

// maxOctets bounds the size of a statement of several rows.
const maxOctets = 512 << 10

// text returns the statement for the given number of rows.
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

// Rows are the pending rows of a table in a transaction.
type Rows[R any] struct {
	tx      *sqldb.Tx
	table   *Table[R]
	after   []Flusher
	pending *pending[R] // nil for none
}

// pending holds rows in the order in which they were added.
type pending[R any] struct {
	rows   []R
	places map[any]int // by Key
}

// keptRows is how many rows the room may hold that is kept for later ones.
const keptRows = 512

// Flusher is implemented by Rows of any type.
type Flusher interface{ Flush() error }

// In returns an empty set of pending rows of the table. They are written after the rows given by
// after, to which they refer.
func (t *Table[R]) In(tx *sqldb.Tx, after ...Flusher) Rows[R] {
	return Rows[R]{tx: tx, table: t, after: after}
}

// Add queues a row to be written at the commit or before. A violated constraint may be reported
// only then.
func (r *Rows[R]) Add(row R) error {
	if err := r.tx.Err(); err != nil {
		return err
	}
	t, p := r.table, r.pending
	if p == nil {
		p = t.room()
		r.pending = p
	}
	if t.Key != nil {
		key := t.Key(&row)
		if i, there := p.places[key]; there {
			if t.Update != "" {
				p.rows[i] = row
			} else if t.Lost != nil {
				return r.tx.Fail(t.Lost)
			}
			return nil
		}
		p.places[key] = len(p.rows)
	}
	p.rows = append(p.rows, row)
	if r.tx.Unbuffered() {
		return r.tx.Flush()
	}
	return nil
}

// Any reports whether such holds for a pending row.
func (r *Rows[R]) Any(such func(*R) bool) bool { return r.Last(such) != nil }

// Last returns the last pending row for which such holds, to be changed before it is written; nil
// if there is none.
func (r *Rows[R]) Last(such func(*R) bool) *R {
	if r.pending == nil {
		return nil
	}
	for i := len(r.pending.rows) - 1; i >= 0; i-- {
		if row := &r.pending.rows[i]; such(row) {
			return row
		}
	}
	return nil
}

// FlushIf writes the pending rows if such holds for one of them. Call it before a query by key that
// should find that row.
func (r *Rows[R]) FlushIf(such func(*R) bool) error {
	if !r.Any(such) {
		return nil
	}
	return r.Flush()
}

// Flush writes the pending rows, after those that they refer to.
func (r *Rows[R]) Flush() error {
	if r.pending == nil {
		return nil
	}
	for _, before := range r.after {
		if err := before.Flush(); err != nil {
			return err
		}
	}
	columns := strings.Count(r.table.Columns, ",") + 1
	args := make([]any, 0, len(r.pending.rows)*columns)
	for i := range r.pending.rows {
		args = r.table.Append(&r.pending.rows[i], args)
	}
	r.Discard()
	for len(args) > 0 {
		n := chunkOf(args, columns)
		written, err := r.tx.ByKey().Exec(r.table.text(n), args[:n*columns]...)
		if err != nil {
			return err
		}
		if written < int64(n) && r.table.Lost != nil {
			return r.tx.Fail(r.table.Lost)
		}
		args = args[n*columns:]
	}
	return nil
}

// Discard drops the pending rows.
func (r *Rows[R]) Discard() {
	if p := r.pending; p != nil && cap(p.rows) <= keptRows {
		clear(p.rows) // they hold texts
		p.rows = p.rows[:0]
		clear(p.places)
		r.table.spare.Put(p)
	}
	r.pending = nil
}

// room returns room for rows.
func (t *Table[R]) room() *pending[R] {
	if p, ok := t.spare.Get().(*pending[R]); ok {
		return p
	}
	return &pending[R]{places: map[any]int{}}
}

// chunkOf returns the number of rows that the next statement writes, of the values of whole rows.
func chunkOf(args []any, columns int) int {
	octets, fit := 0, 0
	for ; fit < chunks[0] && len(args) > 0; args = args[columns:] {
		for _, v := range args[:columns] {
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
