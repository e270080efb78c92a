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

// sessions are the connections on which transactions run. Each keeps the statements that were
// prepared on it, so a transaction never needs a second connection to prepare one: with all
// connections taken it would wait for ever.
type sessions struct {
	pool  *sqlx.DB
	slots chan struct{} // one token for each transaction that may run at once
	watch bool          // the driver watches over a whole transaction, see session.begin
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
	maxStatements = 1000            // of one session; more distinct texts means that somebody builds SQL out of values
	maxIdle       = 5 * time.Minute // a connection that is not used so long is given up
	commitLimit   = 30 * time.Second
)

func newSessions(pool *sqlx.DB, limit int, watch bool, setup string) *sessions {
	return &sessions{pool: pool, slots: make(chan struct{}, limit), watch: watch, setup: setup}
}

// begin takes a session and begins a transaction on it. Ending the context ends the wait, and a
// statement on which it waits, but not a transaction that has begun: database/sql would roll that
// back in the midst of the work, and what follows would be done outside of any transaction.
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
		// One that has been idle may have died meanwhile; a new one tells the truth.
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

// idle takes a session that is there; nil if none is free.
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

// give takes back a session whose transaction has ended. One in an unknown state is given up.
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

// transaction is a begun transaction with the means to end it. It is the driver's own and not an
// sql.Tx: that one would hold the connection, and a statement of the same connection that finds it
// broken would wait for the transaction to end, for ever.
type transaction struct {
	*sqlx.Conn
	inner  driver.Tx
	cancel context.CancelFunc
	stop   func() bool // ends the watch over the context of who began it; false: that had ended
}

// begin begins a transaction. With watch the driver goes on watching over the context that it is
// given until the transaction ends, and cancels the statement that runs: that is one goroutine,
// where a context for each statement would be two for each.
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
	if (ctx.Err() != nil || !watch && !t.stop()) && err == nil { // cancelled while it began
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

// commit cannot be cancelled, since nobody would know what came of it, but it does not take for
// ever. The caller has called stop.
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
		stmt.Close() // it has no news: the connection tells its troubles to whoever uses it
	}
	clear(s.stmts)
}

// close closes the connection itself, rather than handing it back to the pool.
func (s *session) close() {
	s.forget()
	err := s.conn.Raw(func(any) error { return driver.ErrBadConn })
	if err != nil && !errors.Is(err, driver.ErrBadConn) && !errors.Is(err, sql.ErrConnDone) {
		panic(fmt.Sprintf("sqldb: closing a connection: %v", err)) // Raw gives what the function gave
	}
	s.conn.Close()
}
