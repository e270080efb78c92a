package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
)

// sessions is a pool of connections on which transactions run. Each keeps the statements prepared
// on it, so that a transaction never needs a second connection to prepare one: with all connections
// in use it would wait for ever.
type sessions struct {
	pool  *sqlx.DB
	slots chan struct{} // one token for each concurrent transaction
	watch bool          // the driver watches the context for the whole transaction, see session.begin
	setup string        // run on each new connection

	mu     sync.Mutex
	free   []*session // the last used one at the end
	closed bool
}

// session is one connection. It belongs to one transaction at a time.
type session struct {
	conn  *sqlx.Conn
	stmts map[string]*sqlx.Stmt // by SQL as written
	used  time.Time
}

const (
	maxStatements = 1000            // of one session; more distinct texts mean that SQL is built from values
	maxIdle       = 5 * time.Minute // a connection that has not been used for so long is closed
	commitLimit   = 30 * time.Second
)

func newSessions(pool *sqlx.DB, limit int, watch bool, setup string) *sessions {
	return &sessions{pool: pool, slots: make(chan struct{}, limit), watch: watch, setup: setup}
}

// begin takes a session and begins a transaction on it. If ctx ends, so do the wait for a session
// and a running statement, but not a transaction that has begun: database/sql would roll it back in
// the middle of the work, and further statements would run outside of any transaction.
func (p *sessions) begin(ctx context.Context, opts *sql.TxOptions) (*session, *transaction, error) {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	for {
		s, fresh, err := p.take(ctx)
		if err != nil {
			<-p.slots
			return nil, nil, err
		}
		t, err := s.begin(ctx, opts, p.watch)
		if err == nil {
			return s, t, nil
		}
		s.close()
		// An idle connection may have died in the meantime; a new one shows whether the database
		// answers.
		if fresh || ctx.Err() != nil || !Temporary(err) || serialisation(err) {
			<-p.slots
			return nil, nil, err
		}
	}
}

func (p *sessions) take(ctx context.Context) (s *session, fresh bool, err error) {
	if s := p.idle(); s != nil {
		return s, false, nil
	}
	conn, err := p.pool.Connx(ctx)
	if err != nil {
		return nil, true, err
	}
	s = &session{conn: conn, stmts: map[string]*sqlx.Stmt{}}
	if p.setup != "" {
		if _, err := conn.ExecContext(ctx, p.setup); err != nil {
			s.close()
			return nil, true, fmt.Errorf("setting up a connection: %w", err)
		}
	}
	return s, true, nil
}

// idle takes an existing session; nil if none is free.
func (p *sessions) idle() *session {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.free)
	if n == 0 {
		return nil
	}
	s := p.free[n-1]
	p.free = p.free[:n-1]
	return s
}

// give returns a session whose transaction has ended to the pool. A session in an unknown state is
// closed.
func (p *sessions) give(s *session, sound bool) {
	defer func() { <-p.slots }()
	now := time.Now()
	s.used = now
	var old []*session
	p.mu.Lock()
	if p.closed || !sound {
		old = append(old, s)
	} else {
		p.free = append(p.free, s)
	}
	for len(p.free) > 1 && now.Sub(p.free[0].used) > maxIdle {
		old, p.free = append(old, p.free[0]), p.free[1:]
	}
	p.mu.Unlock()
	for _, s := range old {
		s.close()
	}
}

func (p *sessions) close() {
	p.mu.Lock()
	free := p.free
	p.free, p.closed = nil, true
	p.mu.Unlock()
	for _, s := range free {
		s.close()
	}
}

// transaction is a running transaction with the means to end it. It is the driver's and not an
// sql.Tx: an sql.Tx would hold the connection, and a statement that finds the connection broken
// would wait for ever for the transaction to end.
type transaction struct {
	*sqlx.Conn
	inner  driver.Tx
	cancel context.CancelFunc
	stop   func() bool // stops watching the caller's context; false if that has ended
}

// begin begins a transaction. With watch the driver keeps watching ctx until the transaction ends,
// and cancels the running statement when ctx does. That takes one goroutine, whereas a context for
// each statement would take two for each.
func (s *session) begin(ctx context.Context, opts *sql.TxOptions, watch bool) (*transaction, error) {
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	t := &transaction{Conn: s.conn, cancel: cancel, stop: context.AfterFunc(ctx, cancel)}
	var o driver.TxOptions
	if opts != nil {
		o = driver.TxOptions{Isolation: driver.IsolationLevel(opts.Isolation), ReadOnly: opts.ReadOnly}
	}
	err := s.conn.Raw(func(c any) (err error) {
		t.inner, err = c.(driver.ConnBeginTx).BeginTx(own, o)
		return err
	})
	if (ctx.Err() != nil || !watch && !t.stop()) && err == nil { // cancelled while beginning
		err = ctx.Err()
		t.rollback()
	}
	if err != nil {
		t.stop()
		cancel()
		return nil, err
	}
	if !watch {
		t.stop = func() bool { return ctx.Err() == nil }
	}
	return t, nil
}

// commit cannot be cancelled, since its outcome would then be unknown, but it is bounded in time.
// The caller must have called stop.
func (t *transaction) commit() error { return t.end(driver.Tx.Commit) }

func (t *transaction) rollback() error { return t.end(driver.Tx.Rollback) }

func (t *transaction) end(how func(driver.Tx) error) error {
	t.stop()
	limit := time.AfterFunc(commitLimit, t.cancel)
	defer t.cancel()
	defer limit.Stop()
	return t.Raw(func(any) error { return how(t.inner) })
}

// prepare returns the statement for a query, prepared once on this connection.
func (s *session) prepare(ctx context.Context, query, text string) (*sqlx.Stmt, error) {
	if stmt, ok := s.stmts[query]; ok {
		return stmt, nil
	}
	if len(s.stmts) >= maxStatements {
		s.forget()
	}
	stmt, err := s.conn.PreparexContext(ctx, text)
	if err != nil {
		return nil, err
	}
	s.stmts[query] = stmt
	return stmt, nil
}

func (s *session) forget() {
	for _, stmt := range s.stmts {
		stmt.Close() // the error is of no interest: whoever uses the connection gets its errors
	}
	clear(s.stmts)
}

// close closes the connection itself instead of returning it to the pool.
func (s *session) close() {
	s.forget()
	err := s.conn.Raw(func(any) error { return driver.ErrBadConn })
	if err != nil && !errors.Is(err, driver.ErrBadConn) && !errors.Is(err, sql.ErrConnDone) {
		panic(fmt.Sprintf("sqldb: closing a connection: %v", err)) // Raw returns the error of the function
	}
	s.conn.Close()
}
