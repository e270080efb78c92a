package sqldb

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// Tx is a transaction in progress, with one frozen instant. It is not safe for concurrent use, and
// must not be used after the function to which it was passed has returned.
type Tx struct {
	db      *DB
	tx      *transaction
	session *session
	ctx     context.Context
	stmt    context.Context // of each statement, see DB.statements
	now     time.Time
	writes  bool
	dry     bool
	ended   bool
	depth   int
	after   []func()
	wake    map[string]bool
	blocks  map[string]block
	work    []Work
	failed  error           // see Fail
	once    map[string]bool // see Once
	numbers map[string]*numbers
	expect  int // about how many rows of other tables will be numbered
	exactly int // how many rows with exact numbers
}

// Now returns the instant of this transaction, the same for everything that it writes, in UTC and
// whole milliseconds.
func (tx *Tx) Now() time.Time { return tx.now }

// How far ahead a clock may be without harm: the clocks of daemons on one PostgreSQL may differ,
// and a machine's clock may be corrected a little.
const (
	aheadHere   = time.Minute
	aheadOthers = 2 * time.Hour
)

// Latest returns the latest plausible time of a row: a row with a later one was written while a
// clock was ahead. Queries that count recent rows must count up to Latest, or such a row would
// count for as long as the clock was ahead.
func (tx *Tx) Latest() time.Time {
	if tx.Kind() == Postgres {
		return tx.now.Add(aheadOthers)
	}
	return tx.now.Add(aheadHere)
}

// Context returns the context of the transaction.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Dry reports whether the transaction will be rolled back (DB.DryRun).
func (tx *Tx) Dry() bool { return tx.dry }

// Kind returns the kind of the database.
func (tx *Tx) Kind() Kind { return tx.db.kind }

// AfterCommit registers f to be called after the transaction has been committed. Functions are
// called in the order of their registration, and not at all if the transaction is not committed. f
// must be quick and must not fail.
func (tx *Tx) AfterCommit(f func()) {
	if !tx.dry {
		tx.after = append(tx.after, f)
	}
}

// Wake wakes the subscribers of the topic after the commit: those in this process immediately,
// those in other processes by NOTIFY of PostgreSQL.
func (tx *Tx) Wake(topic string) {
	if tx.dry {
		return
	}
	if tx.wake == nil {
		tx.wake = map[string]bool{}
	}
	tx.wake[topic] = true
}

// Get reads one row into dest, a pointer to a struct with `db` tags or to a single value. It
// returns sql.ErrNoRows if there is no row.
func (tx *Tx) Get(dest any, query string, args ...any) error {
	if err := tx.Flush(); err != nil {
		return err
	}
	return tx.get(dest, query, args...)
}

func (tx *Tx) get(dest any, query string, args ...any) error {
	stmt, err := tx.prepared(query)
	if err != nil {
		return err
	}
	return tx.result(query, stmt.GetContext(tx.stmt, dest, clean(args)...))
}

// Find is like Get but reports whether there was a row.
func (tx *Tx) Find(dest any, query string, args ...any) (bool, error) {
	return found(tx.Get(dest, query, args...))
}

func found(err error) (bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// Select reads all rows into dest, a pointer to a slice.
func (tx *Tx) Select(dest any, query string, args ...any) error {
	if err := tx.Flush(); err != nil {
		return err
	}
	return tx.selectAll(dest, query, args...)
}

func (tx *Tx) selectAll(dest any, query string, args ...any) error {
	stmt, err := tx.prepared(query)
	if err != nil {
		return err
	}
	return tx.result(query, stmt.SelectContext(tx.stmt, dest, clean(args)...))
}

// SelectIn is Select for a query with lists: the `?` of a slice among args is expanded to one for
// each element. An empty slice is an error.
func (tx *Tx) SelectIn(dest any, query string, args ...any) error {
	if err := tx.Flush(); err != nil {
		return err
	}
	return tx.selectIn(dest, query, args...)
}

func (tx *Tx) selectIn(dest any, query string, args ...any) error {
	text, flat, err := tx.spread(query, args)
	if err != nil {
		return err
	}
	return tx.result(query, tx.tx.SelectContext(tx.stmt, dest, text, flat...))
}

// spread expands the lists of a statement.
func (tx *Tx) spread(query string, args []any) (string, []any, error) {
	text, flat, err := sqlx.In(query, args...)
	if err != nil {
		return "", nil, wrap(query, err)
	}
	if err := tx.runnable(query); err != nil {
		return "", nil, err
	}
	return tx.db.rewrite(text), clean(flat), nil
}

// Each calls f for each row; scan reads the row's columns. f must not run other statements in this
// transaction.
func (tx *Tx) Each(f func(scan func(dest ...any) error) error, query string, args ...any) error {
	if err := tx.Flush(); err != nil {
		return err
	}
	stmt, err := tx.prepared(query)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryxContext(tx.stmt, clean(args)...)
	if err != nil {
		return tx.result(query, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	return tx.result(query, rows.Err())
}

// Exec runs a statement and returns the number of rows affected.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	if err := tx.Flush(); err != nil {
		return 0, err
	}
	tx.forget()
	return tx.exec(query, args...)
}

func (tx *Tx) exec(query string, args ...any) (int64, error) {
	stmt, err := tx.prepared(query)
	if err != nil {
		return 0, err
	}
	res, err := stmt.ExecContext(tx.stmt, clean(args)...)
	return tx.touched(query, res, err)
}

// ExecIn is Exec for a statement with lists; see SelectIn.
func (tx *Tx) ExecIn(query string, args ...any) (int64, error) {
	if err := tx.Flush(); err != nil {
		return 0, err
	}
	text, flat, err := tx.spread(query, args)
	if err != nil {
		return 0, err
	}
	tx.forget()
	res, err := tx.tx.ExecContext(tx.stmt, text, flat...)
	return tx.touched(query, res, err)
}

func (tx *Tx) touched(query string, res sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, tx.result(query, err)
	}
	n, err := res.RowsAffected()
	return n, tx.result(query, err)
}

// Savepoint runs fn in such a way that its effects alone can be rolled back. fault is an error of
// fn's own work, which has been rolled back; the transaction continues. err is an error that ends
// the whole transaction: a lost connection, a serialisation failure, a full disk, a cancelled
// context. The caller must return err.
func (tx *Tx) Savepoint(fn func() error) (fault, err error) {
	tx.depth++
	name := fmt.Sprintf("sp%d", tx.depth)
	defer func() { tx.depth-- }()
	// Writes pending now belong to the work before; writes pending at the end belong to fn.
	if err := tx.Flush(); err != nil {
		return nil, err
	}
	if _, err := tx.exec("SAVEPOINT " + name); err != nil {
		return nil, err
	}
	after, blocks := len(tx.after), maps.Clone(tx.blocks)
	work := fn()
	if work == nil {
		work = tx.Flush()
	}
	if work == nil {
		_, err := tx.exec("RELEASE SAVEPOINT " + name)
		return nil, err
	}
	if Temporary(work) || tx.ctx.Err() != nil {
		return nil, work
	}
	// Wake-ups are not undone, since one too many does no harm: the subscriber looks and finds
	// nothing.
	tx.after, tx.blocks = tx.after[:after], blocks
	tx.discard()
	if _, err := tx.exec("ROLLBACK TO SAVEPOINT " + name); err != nil {
		return nil, errors.Join(work, err)
	}
	if _, err := tx.exec("RELEASE SAVEPOINT " + name); err != nil {
		return nil, errors.Join(work, err)
	}
	return work, nil
}

// prepared returns the prepared statement of a query, which is prepared once on each connection.
func (tx *Tx) prepared(query string) (*sqlx.Stmt, error) {
	if err := tx.runnable(query); err != nil {
		return nil, err
	}
	if stmt, ok := tx.session.stmts[query]; ok {
		return stmt, nil
	}
	stmt, err := tx.session.prepare(tx.stmt, query, tx.db.rewritten(query))
	return stmt, tx.result(query, err)
}

// Err returns the reason why no further statement can be run: the transaction has ended or failed,
// or its context was cancelled. It returns nil if statements can be run.
func (tx *Tx) Err() error {
	if tx.ended {
		return sql.ErrTxDone
	}
	return cmp.Or(tx.failed, tx.ctx.Err())
}

// runnable returns the reason why a statement cannot be run, or must fail in a test.
func (tx *Tx) runnable(query string) error {
	if err := tx.Err(); err != nil {
		if tx.failed != nil {
			return err // it names the statement that failed
		}
		return wrap(query, err)
	}
	if tx.db.fault == nil || !tx.writes {
		return nil
	}
	return tx.result(query, tx.db.fault(query))
}

// rewritten returns the query for this database, from a cache.
func (db *DB) rewritten(query string) string {
	if text, ok := db.texts.Load(query); ok {
		return text.(string)
	}
	text := db.rewrite(query)
	db.texts.Store(query, text)
	return text
}

// rewrite returns the query for this database.
func (db *DB) rewrite(query string) string {
	if db.kind == Postgres {
		return sqlx.Rebind(sqlx.DOLLAR, uncover(query))
	}
	// SQLite uses the number after LIMIT for its plan if it can see it, so it would prepare the
	// statement again for each value that is bound.
	return strings.ReplaceAll(query, "LIMIT ?", "LIMIT CAST(? AS INTEGER)")
}

// uncover opens the comments for PostgreSQL and removes what is for SQLite alone.
func uncover(query string) string {
	var out strings.Builder
	for {
		i := strings.Index(query, "/*")
		if i < 0 {
			out.WriteString(query)
			return out.String()
		}
		out.WriteString(query[:i])
		query = query[i:]
		switch {
		case strings.HasPrefix(query, "/*pg "):
			end := strings.Index(query, "*/")
			if end < 0 {
				end = len(query)
			}
			out.WriteString(query[len("/*pg "):end])
			query = query[min(end+2, len(query)):]
		case strings.HasPrefix(query, "/*lite*/"):
			end := strings.Index(query, "/*end*/")
			if end < 0 {
				return out.String()
			}
			query = query[end+len("/*end*/"):]
		default:
			out.WriteString("/*")
			query = query[2:]
		}
	}
}

// result returns the outcome of a statement. A failure ends the transaction (Fail). If the
// statement was cancelled, the error says so: the database only reports that it was interrupted.
func (tx *Tx) result(query string, err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if cancelled := tx.ctx.Err(); cancelled != nil && !errors.Is(err, cancelled) {
		err = fmt.Errorf("%w: %w", cancelled, err)
	}
	return tx.Fail(wrap(query, err))
}

func wrap(query string, err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return &Error{Query: query, err: err}
}

// Error is an error of a statement. Its text names the statement, never the values.
type Error struct {
	Query string
	err   error
}

// Error returns the beginning of the statement and what the database said.
func (e *Error) Error() string {
	q := strings.Join(strings.Fields(e.Query), " ")
	if len(q) > 60 {
		q = q[:60] + "…"
	}
	if Damaged(e.err) {
		return fmt.Sprintf("%s: %v (in: %s)", damagedWords, e.err, q)
	}
	return fmt.Sprintf("%v (in: %s)", e.err, q)
}

// Unwrap returns the driver's error.
func (e *Error) Unwrap() error { return e.err }
