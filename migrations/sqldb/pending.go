package sqldb

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Rows that a transaction inserts are kept back and written together, many in a statement: before anything that could see that they are
// missing, and at the latest before the commit. What is asked for and what is written is the same as if each were written at once.
//
//   - A statement that names a table has the rows of that table written first, and those of the tables that it refers to.
//   - A statement that looks for rows by a value (Tx.Lookup) does so only if a row that is kept back has that value.
//   - A savepoint has everything written before it begins, and what was inserted within it before it ends.

// Table tells how rows are inserted into a table. It is a constant: made once, at the start of the program.
type Table struct {
	name     string
	columns  []string
	refers   []*Table
	key      int  // so many columns at the beginning are what a conflict is about; 0: a conflict is an error
	replaces bool // a row takes the place of one with the same key; else it is left out
	skipped  error
	exact    bool // people see the numbers, and their gaps

	texts  map[int]string // the statement for so many rows
	byName map[string]int
}

// TableOption tells more of a table.
type TableOption func(*Table)

// Refers names the tables that rows refer to (REFERENCES): theirs are written first.
func Refers(to ...*Table) TableOption { return func(t *Table) { t.refers = append(t.refers, to...) } }

// OnConflictDoNothing makes a row whose first n columns are those of a row that is there already be left out.
func OnConflictDoNothing(n int) TableOption { return func(t *Table) { t.key = n } }

// OnConflictUpdate makes a row whose first n columns are those of a row that is there already take its place, by this text behind DO UPDATE. Of two such rows of
// one transaction the later one stands as if it were alone, so the text must leave nothing of the earlier one.
func OnConflictUpdate(n int, doUpdate string) TableOption {
	return func(t *Table) { t.key, t.replaces, t.texts[0] = n, true, doUpdate }
}

// OrFail makes err the end of the transaction in which a row was left out, or not put in the place of another one.
func OrFail(err error) TableOption { return func(t *Table) { t.skipped = err } }

// Exact makes Tx.Number take no more numbers on PostgreSQL than are needed, and none that is left over is lost while the program runs: for numbers that people see.
func Exact() TableOption { return func(t *Table) { t.exact = true } }

// chunks are how many rows a statement writes: few sizes, so that each stays prepared.
var chunks = []int{64, 48, 32, 24, 16, 12, 8, 6, 4, 3, 2, 1}

// maxOctets bounds how much a statement of several rows carries.
const maxOctets = 512 << 10

// NewTable makes a table of its columns, in the order in which Insert is given their values. Columns that are not named have their default.
func NewTable(name, columns string, options ...TableOption) *Table {
	t := &Table{name: name, columns: strings.Split(columns, ", "), texts: map[int]string{}, byName: map[string]int{}}
	for i, c := range t.columns {
		t.byName[c] = i
	}
	for _, o := range options {
		o(t)
	}
	conflict := ""
	switch {
	case t.replaces:
		conflict = " ON CONFLICT (" + strings.Join(t.columns[:t.key], ", ") + ") DO UPDATE SET " + t.texts[0]
	case t.key > 0:
		conflict = " ON CONFLICT (" + strings.Join(t.columns[:t.key], ", ") + ") DO NOTHING"
	}
	row := ", (" + strings.Repeat(", ?", len(t.columns))[2:] + ")"
	for _, n := range chunks {
		t.texts[n] = "INSERT INTO " + name + " (" + columns + ") VALUES " + strings.Repeat(row, n)[2:] + conflict
	}
	return t
}

// kept are the rows of one table that wait.
type kept struct {
	rows [][]any
	keys map[string]int // key -> row, for tables with a key
}

// pending is what a transaction keeps back, and what it knows without asking.
type pending struct {
	tables  []*Table // in the order of their first row
	waiting map[*Table]*kept
	n       int                        // rows that wait
	lacking map[*Table]map[string]fact // by columns
	said    map[string]bool
	numbers map[*Table]*numbers
	expect  int
	exactly int // of the tables with exact numbers

	cached map[any]cached // by the query

	// err is why rows that waited could not be written. They are gone from here and not in the database, so nothing may be built upon them: every
	// further statement, and the commit, fails with it until the savepoint in which they were inserted is rolled back.
	err error
}

// fact is what is known of some columns: no row of the database has these values in them.
type fact struct {
	columns []int
	values  map[string]bool
}

// Insert writes a row, now or later. A violated constraint may only show when a later statement, or the commit, fails.
func (tx *Tx) Insert(t *Table, values ...any) error {
	if len(values) != len(t.columns) {
		return fmt.Errorf("%s has %d columns, %d values were given", t.name, len(t.columns), len(values))
	}
	if err := tx.alive(t.texts[1]); err != nil {
		return err
	}
	for i := range values {
		values[i] = normalize(values[i])
	}
	l := &tx.pending
	for _, f := range l.cached {
		f.inserted(t, values)
	}
	k := l.waiting[t]
	if k == nil {
		if l.waiting == nil {
			l.waiting = map[*Table]*kept{}
		}
		k = &kept{}
		l.waiting[t] = k
		l.tables = append(l.tables, t)
	}
	if t.key > 0 {
		key := keyOf(values[:t.key])
		if i, there := k.keys[key]; there {
			switch {
			case t.replaces:
				k.rows[i] = values
			case t.skipped != nil:
				return l.fail(t.skipped)
			}
			return nil
		}
		if k.keys == nil {
			k.keys = map[string]int{}
		}
		k.keys[key] = len(k.rows)
	}
	k.rows = append(k.rows, values)
	l.n++
	if tx.db.unbuffered {
		return tx.flush(t)
	}
	return nil
}

// normalize makes values comparable, and as drivers want them: whole numbers and times are int64, and nothing is nil.
func normalize(v any) any {
	switch v := v.(type) {
	case int:
		return int64(v)
	case Time:
		if v.IsZero() {
			return nil
		}
		return v.UnixMilli()
	case *int64:
		if v == nil {
			return nil
		}
		return *v
	}
	return v
}

func keyOf(values []any) string {
	if len(values) == 1 {
		if s, ok := values[0].(string); ok {
			return s
		}
	}
	b := make([]byte, 0, 64)
	for _, v := range values {
		switch v := normalize(v).(type) {
		case string:
			b = append(b, v...)
		case int64:
			b = strconv.AppendInt(b, v, 10)
		default:
			b = fmt.Append(b, v)
		}
		b = append(b, 0)
	}
	return string(b)
}

// ColumnSet sets columns of rows of a table by their id; none that refers to other rows. It is a constant.
type ColumnSet struct {
	table   *Table
	columns []int // -1 for one that Insert is given no value for
	text    string
	whole   *Table // for Save: the same table, rows of which take the place of those that are there
}

// ColumnSet makes a change of these columns.
func (t *Table) ColumnSet(columns string) *ColumnSet {
	names := strings.Split(columns, ", ")
	c := &ColumnSet{table: t, text: "UPDATE " + t.name + " SET " + strings.Join(names, " = ?, ") + " = ? WHERE id = ?"}
	for _, name := range names {
		i, known := t.byName[name]
		if !known {
			i = -1
		}
		c.columns = append(c.columns, i)
	}
	return c
}

// Upsert lets Save make the change too. The table's first column is its id, and the change speaks of columns that Insert is given values for.
func (c *ColumnSet) Upsert() *ColumnSet {
	t := c.table
	var set []string
	for _, i := range c.columns {
		set = append(set, t.columns[i]+" = excluded."+t.columns[i])
	}
	whole := *c
	// What the row refers to is there, since the row is.
	whole.whole = NewTable(t.name, strings.Join(t.columns, ", "), OnConflictUpdate(1, strings.Join(set, ", ")))
	return &whole
}

// Save makes a change in a row that is there for certain, now or later: so those of many rows are one statement. It is given the values of the whole row, as Insert is;
// those that the change does not speak of are the ones that are there.
func (tx *Tx) Save(c *ColumnSet, values ...any) error {
	if len(values) != len(c.table.columns) {
		return fmt.Errorf("%s has %d columns, %d values were given", c.table.name, len(c.table.columns), len(values))
	}
	if err := tx.alive(c.text); err != nil {
		return err
	}
	id, ok := values[0].(int64)
	if !ok {
		return fmt.Errorf("a row of %s has no number: %v", c.table.name, values[0])
	}
	l := &tx.pending
	l.forget(c, id)
	if k := l.waiting[c.table]; k != nil {
		for _, row := range slices.Backward(k.rows) {
			if row[0] == values[0] {
				for _, column := range c.columns {
					row[column] = normalize(values[column])
				}
				return nil
			}
		}
	}
	return tx.Insert(c.whole, values...)
}

// forget forgets of what was asked beforehand all that a change may make untrue.
func (l *pending) forget(c *ColumnSet, id int64) {
	for _, f := range l.cached {
		f.amended(c, id)
	}
	for name, f := range l.lacking[c.table] {
		if slices.ContainsFunc(f.columns, func(column int) bool { return slices.Contains(c.columns, column) }) {
			delete(l.lacking[c.table], name)
		}
	}
}

// Update makes a change in the row with this id, and tells how many rows that were. A row that is kept back is changed before it is written.
func (tx *Tx) Update(c *ColumnSet, id int64, values ...any) (int64, error) {
	l := &tx.pending
	l.forget(c, id)
	for _, t := range l.tables {
		if t != c.table && t.name == c.table.name { // what was saved before comes before
			if err := tx.flush(t); err != nil {
				return 0, err
			}
		}
	}
	if k := l.waiting[c.table]; k != nil && len(k.rows) > 0 && !tx.ended {
		at, has := c.table.byName["id"]
		i := len(k.rows) - 1
		for has && i >= 0 && k.rows[i][at] != any(id) {
			i--
		}
		switch {
		case !has || i >= 0 && slices.Contains(c.columns, -1):
			if err := tx.flush(c.table); err != nil {
				return 0, err
			}
		case i >= 0:
			for j, column := range c.columns {
				k.rows[i][column] = normalize(values[j])
			}
			return 1, nil
		}
	}
	return tx.exec(c.text, append(slices.Clone(values), id)...) // no row that is kept back has this id
}

// Lookup is a look for rows that have certain values; see Tx.Lookup.
type Lookup struct {
	tx      *Tx
	table   *Table
	name    string
	columns []int
	values  []any
	without *Table
}

// Lookup begins a look for rows of a table by the values of some columns ("a" or "a, b"). Its statement must find them by just these, and what it reads
// of other tables only by what they refer to. So rows that are kept back need not be written for it, unless one of them has these values.
func (tx *Tx) Lookup(t *Table, columns string, values ...any) Lookup {
	b := Lookup{tx: tx, table: t, name: columns, values: values}
	for _, c := range strings.Split(columns, ", ") {
		i, ok := t.byName[c]
		if !ok {
			panic("sqldb: " + t.name + " is given no " + c)
		}
		b.columns = append(b.columns, i)
	}
	for i := range b.values {
		b.values[i] = normalize(b.values[i])
	}
	return b
}

// Without lets rows of one more table wait; the caller looks himself whether any of them matters (HasPending).
func (b Lookup) Without(t *Table) Lookup {
	b.without = t
	return b
}

// KnownAbsent tells that there is no such row, known without asking; false means that the database has to be asked.
func (b Lookup) KnownAbsent() bool {
	f, ok := b.tx.pending.lacking[b.table][b.name]
	return ok && f.values[keyOf(b.values)] && !b.HasPending()
}

// HasPending reports whether a row that is kept back has the values.
func (b Lookup) HasPending() bool {
	k := b.tx.pending.waiting[b.table]
	if k == nil {
		return false
	}
rows:
	for _, row := range k.rows {
		for i, c := range b.columns {
			switch row[c].(type) {
			case int64, string, nil:
				if row[c] != b.values[i] {
					continue rows
				}
			}
		}
		return true
	}
	return false
}

// free gives the tables that need not be written for the look.
func (b Lookup) free() []*Table {
	if b.HasPending() {
		return nil
	}
	return closure([]*Table{b.table, b.without}, b.table.refers)
}

func closure(out, more []*Table) []*Table {
	for _, t := range more {
		if !slices.Contains(out, t) {
			out = closure(append(out, t), t.refers)
		}
	}
	return out
}

// Find is Tx.Find for the look.
func (b Lookup) Find(dest any, query string, args ...any) (bool, error) {
	if b.KnownAbsent() {
		return false, nil
	}
	b.tx.free = b.free()
	defer b.tx.unfree()
	return b.tx.Find(dest, query, args...)
}

// Select is Tx.Select for the look.
func (b Lookup) Select(dest any, query string, args ...any) error {
	if b.KnownAbsent() {
		return nil
	}
	b.tx.free = b.free()
	defer b.tx.unfree()
	return b.tx.Select(dest, query, args...)
}

// Count is Tx.Get of a number of rows, for the look.
func (b Lookup) Count(dest *int, query string, args ...any) error {
	if b.KnownAbsent() {
		*dest = 0
		return nil
	}
	b.tx.free = b.free()
	defer b.tx.unfree()
	return b.tx.Get(dest, query, args...)
}

func (tx *Tx) unfree() { tx.free = nil }

// PrefetchExists finds out for many values at once whether any row of a table has them in a column, so that By need not ask for those that none has. There is no
// promise but the hope of it: what another transaction commits meanwhile is missed, as by a look that was a little earlier.
func (tx *Tx) PrefetchExists(t *Table, column string, values []string) error {
	values = slices.Compact(slices.Sorted(slices.Values(values)))
	if len(values) < 2 || tx.db.unbuffered {
		return nil
	}
	var found []string
	for part := range slices.Chunk(values, askedAtOnce) {
		args := make([]any, askedAtOnce) // as many each time, so that the statement stays prepared
		for i := range args {
			args[i] = part[min(i, len(part)-1)]
		}
		if err := tx.Select(&found, "SELECT DISTINCT "+column+" FROM "+t.name+" WHERE "+column+" IN ("+askedMarks+")", args...); err != nil {
			return err
		}
	}
	var lacking [][]any
	for _, v := range values {
		if !slices.Contains(found, v) {
			lacking = append(lacking, []any{v})
		}
	}
	tx.MarkAbsent(t, column, lacking)
	return nil
}

const askedAtOnce = 50

var askedMarks = strings.Repeat(", ?", askedAtOnce)[2:]

// MarkAbsent notes what the caller has just found out by a statement: no row of the table has these values in these columns.
func (tx *Tx) MarkAbsent(t *Table, columns string, values [][]any) {
	l := &tx.pending
	b := tx.Lookup(t, columns)
	if l.lacking == nil {
		l.lacking = map[*Table]map[string]fact{}
	}
	if l.lacking[t] == nil {
		l.lacking[t] = map[string]fact{}
	}
	f, ok := l.lacking[t][columns]
	if !ok {
		f = fact{columns: b.columns, values: map[string]bool{}}
		l.lacking[t][columns] = f
	}
	for _, v := range values {
		f.values[keyOf(v)] = true
	}
}

// Once runs f unless it has been run under this name in this transaction without an error, and has not been undone since.
func (tx *Tx) Once(name string, f func() error) error {
	if tx.pending.said[name] {
		return nil
	}
	if err := f(); err != nil {
		return err
	}
	if tx.pending.said == nil {
		tx.pending.said = map[string]bool{}
	}
	tx.pending.said[name] = true
	return nil
}

// flushFor writes what a statement must see, and forgets what it may make untrue.
func (tx *Tx) flushFor(s *statement) error {
	l := &tx.pending
	if s.writes {
		for _, f := range l.cached {
			f.stated(s)
		}
		for t := range l.lacking {
			if s.words[t.name] {
				delete(l.lacking, t)
			}
		}
		for t := range l.numbers {
			if s.inserts && s.words[t.name] && tx.db.kind == SQLite {
				delete(l.numbers, t)
			}
		}
	}
	if l.n == 0 {
		return nil
	}
	if s.inserts {
		return tx.flushAll() // nobody knows what its rows refer to
	}
	for _, t := range l.tables {
		if s.words[t.name] && !slices.Contains(tx.free, t) {
			if err := tx.flush(t); err != nil {
				return err
			}
		}
	}
	return nil
}

func (tx *Tx) flushAll() error {
	for i := 0; i < len(tx.pending.tables) && tx.pending.n > 0; i++ {
		if err := tx.flush(tx.pending.tables[i]); err != nil {
			return err
		}
	}
	return nil
}

// flush writes the rows of a table, after those that they refer to.
func (tx *Tx) flush(t *Table) error {
	l := &tx.pending
	k := l.waiting[t]
	if k == nil || len(k.rows) == 0 {
		return nil
	}
	for _, r := range t.refers {
		if err := tx.flush(r); err != nil {
			return err
		}
	}
	rows := k.rows
	l.n -= len(rows)
	k.rows, k.keys = nil, nil
	for _, f := range l.lacking[t] {
		var v []any
		for _, row := range rows {
			v = v[:0]
			for _, c := range f.columns {
				v = append(v, row[c])
			}
			delete(f.values, keyOf(v))
		}
	}
	args := make([]any, 0, min(len(rows), chunks[0])*len(t.columns))
	for len(rows) > 0 {
		n := chunkOf(rows)
		args = args[:0]
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		done, err := tx.exec(t.texts[n], args...)
		if err != nil {
			return l.fail(err)
		}
		if done < int64(n) && t.skipped != nil {
			return l.fail(t.skipped)
		}
		rows = rows[n:]
	}
	return nil
}

// fail notes that rows were lost, and why.
func (l *pending) fail(why error) error {
	if l.err == nil {
		l.err = why
	}
	return why
}

// chunkOf tells how many of the rows the next statement writes.
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

// undo forgets what a savepoint that is rolled back has left.
func (l *pending) undo(kind Kind) {
	for _, k := range l.waiting {
		k.rows, k.keys = nil, nil
	}
	l.n, l.lacking, l.said, l.cached, l.err = 0, nil, nil, nil, nil
	if kind == SQLite {
		l.numbers = nil
	}
}

// ErrOvertaken tells that another transaction has written what this one was about to write. Run again, it will see that.
var ErrOvertaken = errors.New("another transaction was first")

// ---- numbers

// numbers are the next numbers of a table's rows.
type numbers struct {
	next  int64   // SQLite: nobody else writes until this transaction ends
	free  []int64 // PostgreSQL: taken from the sequence
	chunk int
}

// Number gives the id of a row that will be inserted, greater than after. Rows of one transaction have growing numbers, and on SQLite no number is left out.
// On PostgreSQL numbers are taken from the table's sequence several at a time, so another transaction may commit a greater one first: where the order by
// number matters, after is the greatest that is there, asked for when others can write no more.
func (tx *Tx) Number(t *Table, after int64) (int64, error) {
	l := &tx.pending
	if l.numbers == nil {
		l.numbers = map[*Table]*numbers{}
	}
	n := l.numbers[t]
	if tx.db.kind == SQLite {
		if n == nil {
			n = &numbers{}
			if err := tx.flush(t); err != nil {
				return 0, err
			}
			if _, err := tx.Find(&n.next, "SELECT seq FROM sqlite_sequence WHERE name = ?", t.name); err != nil {
				return 0, err
			}
			l.numbers[t] = n
		}
		n.next++
		return n.next, nil
	}
	if n == nil {
		n = &numbers{chunk: max(l.expect, 1)}
		l.numbers[t] = n
	}
	for len(n.free) > 0 && n.free[0] <= after {
		n.free = n.free[1:]
	}
	if t.exact {
		if len(n.free) == 0 {
			n.free = tx.db.released.take(t)
		}
		n.chunk = max(l.exactly, 1)
		l.exactly--
	}
	if len(n.free) == 0 {
		sequence, err := tx.sequence(t)
		if err != nil {
			return 0, err
		}
		if err := tx.Select(&n.free, `SELECT nextval(CAST(? AS regclass)) FROM generate_series(1, ?)`, sequence, n.chunk); err != nil {
			return 0, err
		}
		n.chunk = min(2*n.chunk, 64)
	}
	id := n.free[0]
	n.free = n.free[1:]
	return id, nil
}

// releasedIDs are exact numbers that were taken from their sequence and not needed. They go to the next transaction that needs some.
type releasedIDs struct {
	mu   sync.Mutex
	free map[*Table][]int64
}

func (s *releasedIDs) take(t *Table) []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	free := s.free[t]
	delete(s.free, t)
	return free
}

func (s *releasedIDs) put(t *Table, free []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free == nil {
		s.free = map[*Table][]int64{}
	}
	s.free[t] = append(s.free[t], free...)
	slices.Sort(s.free[t])
}

// releaseIDs gives back what was not needed, whatever came of the transaction: a number that was given out in one that failed may be known.
func (tx *Tx) releaseIDs() {
	for t, n := range tx.pending.numbers {
		if t.exact && len(n.free) > 0 {
			tx.db.released.put(t, n.free)
			n.free = nil
		}
	}
}

// sequence gives the name of the sequence from which PostgreSQL numbers the rows of a table: asked once, since finding it out costs more than numbers.
func (tx *Tx) sequence(t *Table) (string, error) {
	if name, known := tx.db.sequences.Load(t.name); known {
		return name.(string), nil
	}
	var name string
	if err := tx.Get(&name, `SELECT pg_get_serial_sequence(?, 'id')`, t.name); err != nil {
		return "", err
	}
	tx.db.sequences.Store(t.name, name)
	return name, nil
}

// Expect tells that so many rows of the tables that number theirs will be inserted, about. It saves round trips.
func (tx *Tx) Expect(n int) { tx.pending.expect = min(n, 64) }

// ExpectExactly is Expect for the tables whose numbers are Exact. One too many has to wait for the next transaction that needs it, so it is better too low than too high.
func (tx *Tx) ExpectExactly(n int) { tx.pending.exactly = min(n, 64) }

// ---- statements

// statement is what is known of an SQL text.
type statement struct {
	text    string          // for this database
	words   map[string]bool // names in it, among others
	writes  bool
	inserts bool
}

// statement gives what is known of a query.
func (db *DB) statement(query string) *statement {
	if s, ok := db.texts.Load(query); ok {
		return s.(*statement)
	}
	s := &statement{text: db.rewrite(query), words: map[string]bool{}}
	// A lock writes nothing.
	words := strings.FieldsFunc(strings.ReplaceAll(query, "FOR UPDATE", ""), func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	for _, w := range words {
		s.words[strings.ToLower(w)] = true
	}
	s.writes = s.words["insert"] || s.words["update"] || s.words["delete"]
	s.inserts = s.words["insert"]
	db.texts.Store(query, s)
	return s
}
