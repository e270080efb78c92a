package smtp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
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

// prepare composes the mail and asks the last gate. If it returns a result the mail does not go now; one without a state gives the mail back.
func (a *account) prepare(ctx context.Context, j *job) (l letter, early *mailout.Result) {
	m, p := j.claimed.Mail, a.s.parts
	result := func(state mailout.State, reason string) *mailout.Result {
		return &mailout.Result{Mail: m, State: state, Reason: reason}
	}
	// away is what follows from an error of the database: nothing is held against the mail, which is tried again when the database may be back.
	away := func() *mailout.Result {
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
		return result("", "")
	}
	defer func() {
		if v := recover(); v != nil {
			a.log.Error("composing a mail panicked", "mail", m.ID, "panic", v, "stack", string(debug.Stack()))
			early = result(mailout.Waiting, fmt.Sprintf("composing it failed: %v", v))
		}
	}()
	if j.claimed.Fault != nil {
		return l, result(mailout.Failed, j.claimed.Fault.Error())
	}
	cfg := a.configs[m.Inbox]
	opt := compose.Options{DKIM: cfg.DKIM}
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
		// What the claim has asked counts for a moment: behind a slow server a mail may wait longer, and then it is asked again.
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
	plain, err := s.parts.Plain(tx, mails)
	if err != nil {
		return nil, fmt.Errorf("asking for the last gate: %w", err)
	}
	return plain, nil
}
