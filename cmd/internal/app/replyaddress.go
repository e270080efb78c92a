package app

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"tierdesk/cmd/internal/ops"
	"tierdesk/mailout/smtp"
	"tierdesk/tickets/phrase"
)

// How often the outgoing servers are asked whether they accept the reply addresses.
const (
	replyAddressesEvery = 12 * time.Hour
	replyAddressesAgain = 10 * time.Minute // after a refusal, or if there was no answer
	replyAddressTimeout = time.Minute
)

// replyAddresses holds the problems of the reply addresses, by inbox.
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

// set records the answer of a server. An error that is no answer changes nothing.
func (r *replyAddresses) set(inbox string, err error, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err == nil:
		delete(r.problems, inbox)
	case errors.Is(err, smtp.ErrReplyAddress):
		lost := phrase.Say("Every reply to the desk would be lost. Set reply_address: of the inbox to what the server takes, or to none.")
		answer := strings.TrimPrefix(err.Error(), smtp.ErrReplyAddress.Error()+": ")
		p := ops.Problem{Key: "replies to inbox " + inbox, Text: err.Error() + ". " + lost.English(), Since: now, Grave: true,
			ByMail: &ops.Words{What: phrase.Say("Replies to inbox %s do not come in", inbox), Why: []phrase.Text{
				phrase.Say("The mail server refuses the addresses that replies go to: %s", answer), lost}}}
		if before, known := r.problems[inbox]; known {
			p.Since = before.Since
		}
		if r.problems == nil {
			r.problems = map[string]ops.Problem{}
		}
		r.problems[inbox] = p
	}
}

// watchReplyAddresses asks the outgoing servers, at the start and from time to time, whether they
// accept the reply addresses. It skips paused accounts, whose servers already refuse us.
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
