package smtp

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"

	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
)

// record writes results and tells the desk.
func (s *Sender) record(tx *sqldb.Tx, results []mailout.Result, tell bool) error {
	if len(results) == 0 {
		return nil
	}
	recorded, err := mailout.Finish(tx, s.holder, results, func() float64 { return 0.75 + rand.Float64()/2 })
	if err != nil || !tell {
		return err
	}
	for _, r := range recorded {
		if err := protect(func() error { return s.parts.Delivered(tx, r) }); err != nil {
			return fmt.Errorf("telling the desk about mail %d: %w", r.Mail.ID, err)
		}
	}
	return nil
}

// recordOneByOne records each result in its own transaction. If the desk fails to process a result,
// it is recorded without telling the desk: to send the mail again would do more harm.
func (l *loop) recordOneByOne(ctx context.Context, results []mailout.Result) error {
	for _, r := range results {
		one := []mailout.Result{r}
		err := l.s.parts.DB.Update(ctx, func(tx *sqldb.Tx) error { return l.s.record(tx, one, true) })
		if err == nil {
			continue
		}
		if sqldb.Temporary(err) || ctx.Err() != nil {
			return err
		}
		l.log.Error("what became of a mail could not be told to the desk", "mail", r.Mail.ID, "ticket", r.Mail.Ticket, "state",
			r.State, "error", err)
		if err := l.s.parts.DB.Update(ctx, func(tx *sqldb.Tx) error { return l.s.record(tx, one, false) }); err != nil {
			return err
		}
	}
	return nil
}

// recall puts mails that were recorded as refused back into the queue, since our account was at
// fault, and tells the desk.
func (s *Sender) recall(tx *sqldb.Tx, ids []int64) error {
	recalled, err := mailout.Recall(tx, ids)
	if err != nil {
		return err
	}
	for _, r := range recalled {
		if err := protect(func() error { return s.parts.Delivered(tx, r) }); err != nil {
			return fmt.Errorf("telling the desk that mail %d is sent after all: %w", r.Mail.ID, err)
		}
	}
	return nil
}

var errPanic = errors.New("a panic")

// protect turns a panic into an error. Otherwise the process would die again and again, each time
// after a mail was sent and before that was recorded.
func protect(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: %v\n%s", errPanic, v, debug.Stack())
		}
	}()
	return f()
}
