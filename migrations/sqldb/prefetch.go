package sqldb

import (
	"slices"
	"strings"
)

// Query is a question that the work on a batch asks for many values, one after the other: which rows of a table have a value in a column, with what is
// read of other tables by them. Prefetch asks it for all of them at once, and Cached gives the answers. It is a constant: made once, at the start of the program.
//
// An answer is forgotten as soon as this transaction writes anything that could make it untrue; then the caller asks as if nothing had been cached. Of what
// others commit meanwhile it knows no more than a query that was a little earlier, so what must not change has to be locked before (or by the query itself).
type Query[T any] struct {
	table  *Table
	column int
	query  string
	of     func(*T) any // the value of a row
	also   []dependence[T]
	reads  []int // columns of the table that it reads; nil: all
}

// dependence is a row of another table that an answer was made of.
type dependence[T any] struct {
	table  *Table
	column int
	of     func(*T) any
}

// maxForeseen bounds the rows of one question. What has more is asked for one by one.
const maxForeseen = 1000

// NewQuery makes a query for rows of the table by a column. The query has `IN (?)` where the values go and ends with its order; of gives a row's value.
func NewQuery[T any](t *Table, column, query string, of func(*T) any) *Query[T] {
	return &Query[T]{table: t, column: t.column(column), query: strings.Replace(query, "IN (?)", "IN ("+askedMarks+")", 1) + " LIMIT 1000", of: of}
}

// Locking makes the query keep others from changing what it finds.
func (l *Query[T]) Locking() *Query[T] {
	l.query += " /*pg FOR UPDATE */"
	return l
}

// Also tells that what the query gives was read of a row of another table too, the one that has the value in the column.
func (l *Query[T]) Also(t *Table, column string, of func(*T) any) *Query[T] {
	l.also = append(l.also, dependence[T]{t, t.column(column), of})
	return l
}

// Reads tells which columns of its table matter to the query: changing others leaves its answers true.
func (l *Query[T]) Reads(columns ...string) *Query[T] {
	for _, c := range columns {
		l.reads = append(l.reads, l.table.column(c))
	}
	return l
}

// column gives the place of a column.
func (t *Table) column(name string) int {
	i, ok := t.byName[name]
	if !ok {
		panic("sqldb: " + t.name + " is given no " + name)
	}
	return i
}

// cached are the answers to a query, as pending knows them.
type cached interface {
	inserted(t *Table, row []any)
	amended(c *ColumnSet, id int64)
	stated(s *statement)
}

type answers[T any] struct {
	query *Query[T]
	rows  map[any][]T
	also  []map[any][]any // for each dependence: its values, and the answers that were made of them
}

// Prefetch asks for the values. Fewer than two are not worth it.
func Prefetch[T any, V int64 | string](tx *Tx, l *Query[T], values []V) error {
	values = slices.Compact(slices.Sorted(slices.Values(values)))
	if len(values) < 2 || tx.db.unbuffered {
		return nil
	}
	a := &answers[T]{query: l, rows: make(map[any][]T, len(values)), also: make([]map[any][]any, len(l.also))}
	for i := range a.also {
		a.also[i] = map[any][]any{}
	}
	for part := range slices.Chunk(values, askedAtOnce) {
		args := make([]any, askedAtOnce) // as many each time, so that the statement stays prepared
		for i := range args {
			args[i] = part[min(i, len(part)-1)]
		}
		var found []T
		if err := tx.Select(&found, l.query, args...); err != nil {
			return err
		}
		if len(found) >= maxForeseen {
			continue
		}
		for _, v := range part {
			a.rows[v] = nil
		}
		for i := range found {
			v := l.of(&found[i])
			a.rows[v] = append(a.rows[v], found[i])
			for j, d := range l.also {
				of := d.of(&found[i])
				a.also[j][of] = append(a.also[j][of], v)
			}
		}
	}
	if tx.pending.cached == nil {
		tx.pending.cached = map[any]cached{}
	}
	tx.pending.cached[l] = a
	return nil
}

// Cached gives the rows that have the value, in the order of the query; false tells that they have to be asked for.
func Cached[T any, V int64 | string](tx *Tx, l *Query[T], value V) ([]T, bool) {
	a, ok := tx.pending.cached[l].(*answers[T])
	if !ok || tx.alive(l.query) != nil {
		return nil, false
	}
	rows, ok := a.rows[value]
	return slices.Clone(rows), ok
}

func (a *answers[T]) inserted(t *Table, row []any) {
	if t == a.query.table {
		switch v := row[a.query.column].(type) {
		case int64, string, nil:
			delete(a.rows, v)
		default: // whatever it is in the database
			clear(a.rows)
		}
	}
	for i, d := range a.query.also {
		if t == d.table {
			for _, v := range a.also[i][row[d.column]] {
				delete(a.rows, v)
			}
		}
	}
}

func (a *answers[T]) amended(c *ColumnSet, id int64) {
	l := a.query
	switch {
	case slices.ContainsFunc(l.also, func(d dependence[T]) bool { return d.table == c.table }):
		clear(a.rows)
	case c.table != l.table || l.reads != nil && !slices.ContainsFunc(c.columns, func(i int) bool { return i < 0 || slices.Contains(l.reads, i) }):
	case l.table.columns[l.column] == "id" && !slices.Contains(c.columns, l.column):
		delete(a.rows, id)
	default:
		clear(a.rows)
	}
}

func (a *answers[T]) stated(s *statement) {
	if s.words[a.query.table.name] || slices.ContainsFunc(a.query.also, func(d dependence[T]) bool { return s.words[d.table.name] }) {
		clear(a.rows)
	}
}
