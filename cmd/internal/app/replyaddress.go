package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"tierdesk/cmd/internal/ops"
	"tierdesk/mailout/smtp"
)

// How often the outgoing servers are asked whether they take the addresses that replies go to.
const (
	replyAddressesEvery = 12 * time.Hour
	replyAddressesAgain = 10 * time.Minute // where it was refused, or could not be found out
	replyAddressTimeout = time.Minute
)

// replyAddresses holds what is wrong with the reply addresses, by inbox.
type replyAddresses struct {
	mu       sync.Mutex
	problems map[string]ops.Problem
}

func (r *replyAddresses) all() []ops.Problem {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]ops.Problem, 0, len(r.problems))
	for _, p := range r.problems {
		out = append(out, p)
	}
	return out
}

// set records what a server said. What could not be found out changes nothing.
func (r *replyAddresses) set(inbox string, err error, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err == nil:
		delete(r.problems, inbox)
	case errors.Is(err, smtp.ErrReplyAddress):
		p := ops.Problem{Key: "replies to inbox " + inbox, Text: err.Error() + ": every reply to the desk would be lost. Set reply_address: of the inbox to what the server takes, or to none", Since: now,
			Grave: true, ByMail: true}
		if before, known := r.problems[inbox]; known {
			p.Since = before.Since
		}
		if r.problems == nil {
			r.problems = map[string]ops.Problem{}
		}
		r.problems[inbox] = p
	}
}

// watchReplyAddresses asks the outgoing servers, when the desk starts and from time to time,
// whether they take the addresses that replies go to. A paused account is left alone: its server
// refuses us already.
func (a *App) watchReplyAddresses(ctx context.Context) {
	for {
		again := replyAddressesEvery
		for _, in := range a.Config.Main.Inboxes {
			if a.Sender.Paused(in.Name) {
				again = replyAddressesAgain
				continue
			}
			asking, cancel := context.WithTimeout(ctx, replyAddressTimeout)
			address, err := a.Sender.CheckReplyAddress(asking, in.Name)
			cancel()
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				again = replyAddressesAgain
				a.log.Warn("a reply address was tried", "inbox", in.Name, "address", address, "error", err)
			}
			a.replies.set(in.Name, err, a.DB.Now())
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(again):
		}
	}
}
