// Package sqldb is the foundation of everything durable: one database, SQLite or PostgreSQL, behind
// a small interface. It owns connections, transactions, the one source of time, the rewriting of
// SQL for PostgreSQL and the wake-ups after a commit. It must never know what is stored. It is the
// only importer of sqlx, lib/pq and the SQLite driver.
//
// One SQL text serves both databases. Placeholders are `?`. Where PostgreSQL wants more words they
// stand in a comment that SQLite skips and that Tx uncovers: `SELECT ... LIMIT 1 /*pg FOR UPDATE
// SKIP LOCKED */`. Words that only SQLite may see stand in `/*lite*/ ... /*end*/`. Times are BIGINT
// Unix milliseconds in UTC: the type Time carries them.
package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Kind is a kind of database.
type Kind string

// Kinds of databases.
const (
	SQLite   Kind = "sqlite"
	Postgres Kind = "postgres"
)

// DB is an open database. All its methods are safe for concurrent use by multiple goroutines.
type DB struct {
	kind   Kind
	path   string // the file, for SQLite
	url    string
	write  *sqlx.DB
	read   *sqlx.DB // SQLite: connections that cannot write; PostgreSQL: the same as write
	clock  func() time.Time
	fault  func(query string) error
	log    *slog.Logger
	topics topics
	ids    idBlocks

	writers    *sessions // SQLite: one connection
	readers    *sessions
	texts      sync.Map // SQL as written -> SQL for this database
	unbuffered bool     // writes are not batched

	readOnly bool
	files    *files    // SQLite, unless opened read-only
	stayed   *sql.Conn // SQLite: see stay

	sequences sync.Map // PostgreSQL: table -> the sequence that numbers its rows
	released  releasedNumbers

	dsn       string     // PostgreSQL
	listening sync.Mutex // guards listener
	listener  *pq.Listener
	done      chan struct{}
	relay     sync.WaitGroup
}

// Option changes what Open does.
type Option func(*options)

type options struct {
	clock      func() time.Time
	fault      func(string) error
	log        *slog.Logger
	noSync     bool
	readOnly   bool
	unbuffered bool
}

// WithClock sets the source of time for DB.Now and every Tx. It is for demos, simulations and
// tests.
func WithClock(now func() time.Time) Option { return func(o *options) { o.clock = now } }

// WithLogger sets the logger for problems with connections.
func WithLogger(l *slog.Logger) Option { return func(o *options) { o.log = l } }

// WithFault is for tests. It sets a function that is called before every statement and commit
// ("COMMIT") of writing transactions. If it returns an error, that is the result of the statement,
// which is not run.
func WithFault(f func(query string) error) Option { return func(o *options) { o.fault = f } }

// WithoutSync makes SQLite not wait for the disk. It is for tests only: a loss of power would lose
// mail.
func WithoutSync() Option { return func(o *options) { o.noSync = true } }

// ReadOnly opens an existing database for reading: nothing is written, neither rows nor files next
// to it, and Update returns ErrReadOnly.
func ReadOnly() Option { return func(o *options) { o.readOnly = true } }

// ErrReadOnly means that the database was opened for reading only.
var ErrReadOnly = errors.New("the database was opened for reading only")

// WithoutBatching turns batched writes and prefetched reads off, so that tests can compare.
func WithoutBatching() Option { return func(o *options) { o.unbuffered = true } }

// Open opens the database that the URL names: `sqlite:PATH` or `postgres://...`. It connects once
// to check that the database can be reached. The caller must close the DB.
func Open(ctx context.Context, dsn string, opts ...Option) (*DB, error) {
	o := options{clock: time.Now, log: slog.New(slog.DiscardHandler)}
	for _, f := range opts {
		f(&o)
	}
	db := &DB{url: dsn, clock: o.clock, fault: o.fault, log: o.log, unbuffered: o.unbuffered, readOnly: o.readOnly,
		done: make(chan struct{})}
	db.topics.subscribers = map[string]map[chan struct{}]bool{}
	db.ids.free = map[string]block{}
	var err error
	switch {
	case strings.HasPrefix(dsn, "sqlite:"):
		err = db.openSQLite(ctx, strings.TrimPrefix(dsn, "sqlite:"), o.noSync)
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		err = db.openPostgres(ctx, dsn)
	default:
		err = errors.New("a database is sqlite:PATH or postgres://USER@HOST/NAME")
	}
	if err != nil {
		db.Close()
		if Damaged(err) {
			err = fmt.Errorf("%s: %w", damagedWords, err)
		}
		return nil, fmt.Errorf("opening database %s: %w", Redacted(dsn), err)
	}
	return db, nil
}

func (db *DB) openSQLite(ctx context.Context, path string, noSync bool) error {
	db.kind = SQLite
	if path == "" || strings.Contains(path, ":memory:") {
		return errors.New("a desk needs a file: sqlite:PATH")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	db.path = abs
	if err := CheckPlace(abs); err != nil {
		return err
	}
	if db.readOnly {
		return db.openSQLiteReadOnly(ctx)
	}
	if err := keepPrivate(abs); err != nil {
		return err
	}
	sync := "FULL"
	if noSync {
		sync = "OFF"
	}
	// Pages that many transactions rewrite are copied from the log into the database once in 16 MB
	// of log; SQLite's default is 4 MB. That also waits for the disk less often.
	// The cache takes twice its size: SQLite's allocator gives out powers of two, and a page of 4
	// KB takes 8.
	base := "file:" + (&url.URL{Path: abs}).EscapedPath() +
		"?mode=rw&_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)" +
		"&_pragma=synchronous(" + sync + ")&_pragma=cache_size(-8000)&_pragma=temp_store(MEMORY)&_pragma=journal_size_limit(67108864)&_pragma=wal_autocheckpoint(4000)"
	if db.write, err = open("sqlite", base); err != nil {
		return err
	}
	// One for transactions, one for users of Handle: migrations and backups.
	db.write.SetMaxOpenConns(2)
	db.write.SetMaxIdleConns(1)
	db.writers = newSessions(db.write, 1, false, "")
	// If several programs open a new file, one of them switches it to WAL, and during that moment
	// the others get an error instead of waiting.
	for attempt := 0; ; attempt++ {
		err := db.write.PingContext(ctx)
		if err == nil {
			break
		}
		if !serialisation(err) || attempt == 50 || ctx.Err() != nil {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
	if db.read, err = open("sqlite", base+"&_pragma=query_only(1)"); err != nil {
		return err
	}
	db.read.SetMaxOpenConns(sqliteReaders + 2)
	db.read.SetMaxIdleConns(1)
	db.readers = newSessions(db.read, sqliteReaders, false, "")
	if err := db.stay(ctx); err != nil {
		return err
	}
	db.files = &files{path: abs}
	return db.InPlace()
}

// stay opens a connection that is never used. SQLite deletes the log when the last connection is
// closed, and all others may be closed after a fault.
func (db *DB) stay(ctx context.Context) (err error) {
	if db.stayed, err = db.read.Conn(ctx); err != nil {
		return err
	}
	var tables int
	return db.stayed.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master").Scan(&tables) // opens the log
}

const sqliteReaders = 4

// openSQLiteReadOnly opens an existing file. If there is no log next to it, nobody has the database
// open, and SQLite would create a log to read it, so it is told that the file does not change.
func (db *DB) openSQLiteReadOnly(ctx context.Context) error {
	dsn := "file:" + (&url.URL{Path: db.path}).EscapedPath() +
		"?mode=ro&_pragma=busy_timeout(10000)&_pragma=query_only(1)&_pragma=temp_store(MEMORY)"
	if _, err := os.Stat(db.path + "-wal"); errors.Is(err, os.ErrNotExist) {
		dsn += "&immutable=1"
	}
	var err error
	if db.write, err = open("sqlite", dsn); err != nil {
		return err
	}
	db.write.SetMaxOpenConns(sqliteReaders + 2)
	db.write.SetMaxIdleConns(1)
	db.read = db.write
	db.readers = newSessions(db.read, sqliteReaders, false, "")
	return db.read.PingContext(ctx)
}

func (db *DB) openPostgres(ctx context.Context, dsn string) error {
	db.kind = Postgres
	dsn, err := withDefaults(dsn)
	if err != nil {
		return err
	}
	if db.readOnly {
		dsn += "&default_transaction_read_only=on" // the URL has a query by now
	}
	if db.write, err = open("postgres", dsn); err != nil {
		return err
	}
	const writers, readers = 12, 16
	db.write.SetMaxOpenConns(writers + readers + 2) // two for users of Handle and for Ping
	db.write.SetMaxIdleConns(1)
	db.write.SetConnMaxIdleTime(maxIdle)
	db.read = db.write
	// Writing transactions find their rows by indexes. A statement that was planned while its table
	// was nearly empty would scan the table instead, and continue to do so until the table is
	// analysed: for minutes, in which a first backlog may arrive. Compiling such small statements
	// never pays. Transactions that only read may read much, so they keep the defaults.
	db.writers = newSessions(db.write, writers, true, "SET enable_seqscan = off; SET jit = off")
	db.readers = newSessions(db.write, readers, true, "")
	db.dsn = dsn
	return db.write.PingContext(ctx)
}

// withDefaults adds the default settings to a PostgreSQL URL, unless it sets them itself.
func withDefaults(dsn string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return "", errors.New("the URL cannot be read") // url's own error would print the password
	}
	q := u.Query()
	if !q.Has("sslmode") {
		// The default of lib/pq may change; a database on another machine is reached by TLS unless
		// the URL says otherwise.
		mode := "disable"
		for _, host := range hosts(u) {
			if host != "" && host != "localhost" && !strings.HasPrefix(host, "127.") && host != "::1" && !strings.HasPrefix(host, "/") {
				mode = "require"
			}
		}
		q.Set("sslmode", mode)
	}
	if !q.Has("connect_timeout") {
		q.Set("connect_timeout", "10")
	}
	if !q.Has("application_name") {
		q.Set("application_name", "tierdesk")
	}
	if !q.Has("idle_in_transaction_session_timeout") {
		// A daemon that is suspended in the middle of a transaction would block all others at the
		// rows it has locked.
		q.Set("idle_in_transaction_session_timeout", "60s")
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// hosts returns the hosts that the URL names. The query may name several, for a server with
// standbys; they take precedence over the one in the usual place.
func hosts(u *url.URL) []string {
	if q := u.Query(); q.Has("host") {
		return strings.Split(q.Get("host"), ",")
	}
	return []string{u.Hostname()}
}

// open makes a pool without connecting. sqlx does not know the name "sqlite"; we rebind ourselves,
// so it need not.
func open(driver, dsn string) (*sqlx.DB, error) {
	raw, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, err
	}
	return sqlx.NewDb(raw, driver), nil
}

// Close closes every connection. It may be called more than once, and on a DB that failed to open.
func (db *DB) Close() error {
	select {
	case <-db.done:
		return nil
	default:
		close(db.done)
	}
	db.listening.Lock()
	if db.listener != nil {
		db.listener.Close()
	}
	db.listening.Unlock()
	db.relay.Wait()
	for _, s := range []*sessions{db.readers, db.writers} {
		if s != nil {
			s.close()
		}
	}
	var errs []error
	if db.stayed != nil {
		errs = append(errs, db.stayed.Close())
	}
	if db.read != nil && db.read != db.write {
		errs = append(errs, db.read.Close())
	}
	if db.write != nil {
		errs = append(errs, db.write.Close())
	}
	return errors.Join(errs...)
}

// Kind returns the kind of the database.
func (db *DB) Kind() Kind { return db.kind }

// Path returns the path of a SQLite database, "" for PostgreSQL.
func (db *DB) Path() string { return db.path }

// Now returns the current time, in UTC and whole milliseconds, as the database stores it. It is the
// only source of time of a desk.
func (db *DB) Now() time.Time { return db.clock().UTC().Truncate(time.Millisecond) }

// Handle returns the writing pool to the migrations and to backups, which need the driver itself.
func (db *DB) Handle() *sql.DB { return db.write.DB }

// Ping checks that the database answers and is still where it was opened.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.InPlace(); err != nil {
		return err
	}
	if err := db.read.PingContext(ctx); err != nil {
		return fmt.Errorf("asking the database: %w", err)
	}
	return nil
}

// Update runs fn in a transaction that may write, and commits it if fn returns nil. On a
// serialisation failure or a deadlock (PostgreSQL 40001, 40P01) it runs fn again, so fn must have
// no effects other than on tx; other effects belong in tx.AfterCommit. If fn returns an error,
// nothing is written and Update returns that error.
func (db *DB) Update(ctx context.Context, fn func(tx *Tx) error) error {
	return db.update(ctx, fn, false)
}

// DryRun runs fn as Update would and rolls it back: nothing is written and nobody is woken.
func (db *DB) DryRun(ctx context.Context, fn func(tx *Tx) error) error {
	return db.update(ctx, fn, true)
}

func (db *DB) update(ctx context.Context, fn func(tx *Tx) error, dry bool) error {
	if db.readOnly {
		return ErrReadOnly
	}
	for attempt := 1; ; attempt++ {
		err := db.once(ctx, db.writers, nil, fn, dry)
		if err == nil || !serialisation(err) || attempt == 10 || ctx.Err() != nil {
			return err
		}
		pause := time.Duration(rand.Int64N(int64(attempt) * int64(10*time.Millisecond)))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// View runs fn in a transaction that only reads and sees one state of the database throughout.
func (db *DB) View(ctx context.Context, fn func(tx *Tx) error) error {
	var opts *sql.TxOptions
	if db.kind == Postgres {
		opts = &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	} else {
		opts = &sql.TxOptions{ReadOnly: true} // makes the driver begin a DEFERRED transaction, whatever _txlock says
	}
	return db.once(ctx, db.readers, opts, fn, false)
}

// statements returns the context for the statements of a transaction. A context that can be
// cancelled costs at least two goroutines a statement, which is most of the cost of a small one. On
// SQLite the statements of a writing transaction are short and wait for nobody, so they are not
// cancelled, and the context is checked before each of them; reading may take long. On PostgreSQL
// the whole transaction is watched instead.
func (db *DB) statements(ctx context.Context, writes bool) context.Context {
	if db.kind == Postgres || writes {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

func (db *DB) once(ctx context.Context, pool *sessions, opts *sql.TxOptions, fn func(tx *Tx) error, dry bool) error {
	if err := db.InPlace(); err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	on, inner, err := pool.begin(ctx, opts)
	if err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	tx := &Tx{db: db, tx: inner, session: on, ctx: ctx, stmt: db.statements(ctx, opts == nil), now: db.Now(), writes: opts == nil, dry: dry}
	rollback := true
	sound := false
	defer func() {
		tx.ended = true
		tx.releaseNumbers()
		if rollback { // also when fn panics; its own error would only repeat the first one
			sound = inner.rollback() == nil
		}
		pool.give(on, sound)
	}()
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.Flush(); err != nil {
		return err
	}
	if dry {
		return nil
	}
	if db.fault != nil && tx.writes {
		if err := db.fault("COMMIT"); err != nil {
			return fmt.Errorf("committing: %w", err)
		}
	}
	if tx.writes && db.kind == Postgres {
		if err := tx.notify(); err != nil {
			return err
		}
	}
	if tx.writes {
		if err := db.InPlace(); err != nil {
			return fmt.Errorf("committing: %w", err)
		}
	}
	if !inner.stop() || ctx.Err() != nil {
		return fmt.Errorf("committing: %w", context.Cause(ctx))
	}
	rollback = false
	if err := inner.commit(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	sound = true
	if tx.writes {
		// The file may have been moved in between. Then nobody must be told of a commit that nobody
		// will find again.
		if err := db.InPlace(); err != nil {
			return fmt.Errorf("committing: %w", err)
		}
	}
	for _, f := range tx.after {
		f()
	}
	for topic := range tx.wake {
		db.topics.wake(topic)
	}
	return nil
}

// Redacted returns a database URL without its password.
func Redacted(dsn string) string {
	if u, err := url.Parse(dsn); err == nil && u.User != nil {
		return u.Redacted()
	}
	return dsn
}
