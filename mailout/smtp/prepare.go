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

// plainCountsFor is how long what the claim has asked for the last gate counts.
const plainCountsFor = time.Second

// letter is a mail ready to be given to a server.
type letter struct {
	from, to string
	raw      []byte
	utf8     bool
}

// prepare composes the mail and asks the last gate. If it returns a result the mail does not go
// now; one without a state gives the mail back.
//
// What a person attached may be made to kill or to stall who composes it. Such mail, and what was
// in the hands of a sender that died, is composed one at a time, and counted before: see
// mailout.BeginComposing. What has stopped a sender MaxInterrupted times is set aside.
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
	case n > 1 && !sleep(ctx, a.cfg.Timeouts.Doubt): // others first, should it be this one
		return letter{}, &mailout.Result{Mail: m}
	}
	a.s.composing.Lock()
	defer a.s.composing.Unlock()
	if n == 0 && a.harmless(j) { // meanwhile it went to somebody else
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
// strangers, or those that were taken out of their mail a moment ago, for somebody else who is told
// of them.
func (a *account) harmless(j *job) bool {
	if !carriesFiles(j.claimed.Mail) {
		return true
	}
	files, known := a.s.memo.Files(j.claimed.Mail.Attach)
	j.files = files
	return known
}

// carriesFiles reports whether a mail carries parts of a mail that came in.
func carriesFiles(m mailout.Mail) bool {
	return slices.ContainsFunc(m.Attach, func(x mailout.Attachment) bool { return x.Inbound != 0 })
}

// sleep waits and reports whether it waited to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// composeInTime is compose within Timeouts.Compose. What does not end is left behind: it can be
// stopped by nobody, and the mail is set aside after a few.
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

// stalled is the result of a mail with which the sender came to no end.
func stalled(j *job, reason string) *mailout.Result {
	return &mailout.Result{Mail: j.claimed.Mail, State: mailout.Waiting, Reason: reason, Stalled: j.claimed.Interrupted + 1}
}

// compose makes the bytes and asks the last gate; see prepare.
func (a *account) compose(ctx context.Context, j *job) (l letter, early *mailout.Result) {
	m, p := j.claimed.Mail, a.s.parts
	result := func(state mailout.State, reason string) *mailout.Result {
		return &mailout.Result{Mail: m, State: state, Reason: reason}
	}
	// away is what follows from an error of the database: nothing is held against the mail, which
	// is tried again when the database may be back.
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
		// What the claim has asked counts for a moment: behind a slow server a mail may wait
		// longer, and then it is asked again.
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

// plain asks for the last gate what can be asked for all mails at once.
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
