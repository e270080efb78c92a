package smtp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"tierdesk/mailout"
	"tierdesk/mailout/compose"
	"tierdesk/migrations/sqldb"
)

// plainCountsFor is how long the answer of Parts.Plain that was obtained with the claim remains
// valid.
const plainCountsFor = time.Second

// letter is a mail ready to be passed to a server.
type letter struct {
	from, to string
	raw      []byte
	utf8     bool
}

// prepare composes the mail and passes it through the last gate. If it returns a result, the mail
// is not sent now; a result without a state releases the mail.
//
// A file may be crafted to crash or stall the process that composes a mail with it. Mails with such
// attachments, and mails that were claimed by a sender that died, are composed one at a time and
// counted before: see mailout.BeginComposing. A mail that has stopped a sender MaxInterrupted times
// is set aside.
func (a *account) prepare(ctx context.Context, j *job) (letter, *mailout.Result) {
	m, n := j.claimed.Mail, j.claimed.Interrupted
	switch {
	case j.claimed.Fault != nil:
		return letter{}, &mailout.Result{Mail: m, State: mailout.Failed, Reason: j.claimed.Fault.Error()}
	case n >= mailout.MaxInterrupted:
		a.log.Error("a mail is set aside: it stops the sender", "mail", m.ID, "times", n)
		return letter{}, &mailout.Result{Mail: m, State: mailout.HeldOut, SetAside: true,
			Reason: fmt.Sprintf("the desk has ended %d times while it composed this mail", n)}
	case n == 0 && a.harmless(j):
		return a.composeInTime(ctx, j)
	case n > 1 && !sleep(ctx, a.cfg.Timeouts.Doubt): // let other mails go first, in case this one is the cause
		return letter{}, &mailout.Result{Mail: m}
	}
	a.s.composing.Lock()
	defer a.s.composing.Unlock()
	if n == 0 && a.harmless(j) { // in the meantime another recipient was sent the same files
		return a.composeInTime(ctx, j)
	}
	update := func(f func(tx *sqldb.Tx) error) error { return a.s.parts.DB.Update(ctx, f) }
	own := false
	err := update(func(tx *sqldb.Tx) (err error) {
		own, err = mailout.BeginComposing(tx, a.s.holder, m.ID)
		return err
	})
	if err != nil || !own {
		sleep(ctx, time.Second)
		return letter{}, &mailout.Result{Mail: m}
	}
	l, early := a.composeInTime(ctx, j)
	if early == nil || early.Stalled == 0 {
		if err := update(func(tx *sqldb.Tx) error { return mailout.EndComposing(tx, m.ID) }); err != nil {
			a.log.Warn("a mail was composed, and that could not be recorded", "mail", m.ID, "error", err)
		}
	}
	return l, early
}

// harmless reports whether composing a mail cannot stop the sender: it carries no files of
// strangers, or only files that were extracted a moment ago for another recipient.
func (a *account) harmless(j *job) bool {
	if !carriesFiles(j.claimed.Mail) {
		return true
	}
	files, known := a.s.memo.Files(j.claimed.Mail.Attach)
	j.files = files
	return known
}

// carriesFiles reports whether a mail carries parts of an incoming mail.
func carriesFiles(m mailout.Mail) bool {
	return slices.ContainsFunc(m.Attach, func(x mailout.Attachment) bool { return x.Inbound != 0 })
}

// sleep waits for d and reports whether it did so before ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// composeInTime is compose within Timeouts.Compose. A goroutine that does not finish in time is
// abandoned, since it cannot be stopped; after a few of them the mail is set aside.
func (a *account) composeInTime(ctx context.Context, j *job) (letter, *mailout.Result) {
	type composed struct {
		letter letter
		early  *mailout.Result
	}
	bounded, cancel := context.WithTimeout(ctx, a.cfg.Timeouts.Compose)
	defer cancel()
	done := make(chan composed, 1)
	go func() {
		l, early := a.compose(bounded, j)
		done <- composed{l, early}
	}()
	select {
	case c := <-done:
		return c.letter, c.early
	case <-bounded.Done():
	}
	back := &mailout.Result{Mail: j.claimed.Mail}
	if ctx.Err() != nil {
		return letter{}, back
	}
	ping, cancelPing := context.WithTimeout(ctx, 5*time.Second)
	defer cancelPing()
	if a.s.parts.DB.Ping(ping) != nil {
		return letter{}, back // it was the database
	}
	a.log.Error("composing a mail does not end", "mail", j.claimed.Mail.ID, "after", a.cfg.Timeouts.Compose)
	return letter{}, stalled(j, fmt.Sprintf("composing it took longer than %s", a.cfg.Timeouts.Compose))
}

// stalled returns the result of a mail that the sender did not finish composing.
func stalled(j *job, reason string) *mailout.Result {
	return &mailout.Result{Mail: j.claimed.Mail, State: mailout.Waiting, Reason: reason, Stalled: j.claimed.Interrupted + 1}
}

// compose makes the bytes of a mail and passes them through the last gate; see prepare.
func (a *account) compose(ctx context.Context, j *job) (l letter, early *mailout.Result) {
	m, p := j.claimed.Mail, a.s.parts
	result := func(state mailout.State, reason string) *mailout.Result {
		return &mailout.Result{Mail: m, State: state, Reason: reason}
	}
	// away returns the result for an error of the database: it does not count against the mail,
	// which is tried again when the database may be back.
	away := func() *mailout.Result {
		sleep(ctx, time.Second)
		return result("", "")
	}
	defer func() {
		if v := recover(); v != nil {
			a.log.Error("composing a mail panicked", "mail", m.ID, "panic", v, "stack", string(debug.Stack()))
			early = stalled(j, fmt.Sprintf("composing it failed: %v", v))
		}
	}()
	cfg := a.configs[m.Inbox]
	opt := compose.Options{DKIM: cfg.DKIM, Memo: &a.s.memo, Files: j.files}
	if p.Load != nil {
		opt.Load = func(wanted []mailout.Attachment) ([]io.WriterTo, error) { return p.Load(ctx, wanted) }
	}
	var err error
	if l.to, err = compose.Wire(m.Recipient); err != nil {
		return l, result(mailout.Failed, err.Error())
	}
	if l.from, err = a.s.envelope(cfg, m); err != nil {
		return l, result(mailout.Failed, err.Error())
	}
	if l.raw, err = compose.Bytes(m, opt); err != nil {
		if errors.Is(err, compose.ErrMail) {
			return l, result(mailout.Failed, err.Error())
		}
		a.log.Warn("a mail could not be composed", "mail", m.ID, "error", err)
		if sqldb.Temporary(err) {
			return l, away()
		}
		return l, result(mailout.Waiting, err.Error())
	}
	l.utf8 = compose.NeedsUTF8(l.raw, l.from, l.to)
	if m.Party.Outside() && !j.claimed.Passed {
		// The answer obtained with the claim is valid for a moment only. If the mail had to wait
		// longer, because of a slow server, the question is asked again.
		secrets, err := p.Secrets(ctx, m, j.plain && time.Since(j.since) < plainCountsFor)
		if err != nil {
			a.log.Warn("a mail could not be looked through", "mail", m.ID, "error", err)
			if sqldb.Temporary(err) {
				return l, away()
			}
			return l, result(mailout.Waiting, "asking for the ticket's secrets: "+err.Error())
		}
		if hits := compose.Gate(l.raw, secrets); len(hits) > 0 {
			words := make([]string, len(hits))
			for i, h := range hits {
				words[i] = h.String()
			}
			return l, result(mailout.HeldOut, strings.Join(words, "; "))
		}
	}
	return l, nil
}

// plain asks Parts.Plain for all claimed mails in one call.
func (s *Sender) plain(tx *sqldb.Tx, claimed []mailout.Claimed) (map[int64]bool, error) {
	if s.parts.Plain == nil {
		return nil, nil
	}
	var mails []mailout.Mail
	for i := range claimed {
		if c := &claimed[i]; c.Mail.Party.Outside() && !c.Passed {
			mails = append(mails, c.Mail)
		}
	}
	if len(mails) == 0 {
		return nil, nil
	}
	var plain map[int64]bool
	err := protect(func() (err error) {
		plain, err = s.parts.Plain(tx, mails)
		return err
	})
	if errors.Is(err, errPanic) {
		s.parts.Log.Error("asking for the last gate panicked; it is asked for each mail alone", "error", err)
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("asking for the last gate: %w", err)
	}
	return plain, nil
}
