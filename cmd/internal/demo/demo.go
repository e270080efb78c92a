// Package demo is `tierdesk demo`: the embedded mail server, a desk folder of its own, the desk as
// it runs in production, and people who write to it by real mail. It plays a story, shows each mail
// as it goes by and checks each step by what lies in the mailboxes; then it stays up for whoever
// wants to join with their own mail client.
//
// It owns the story and how it looks. It must never take part in what the desk decides: everything
// it does, a person with a mail client could do; only the clock is set by it.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"
	"time"

	"tierdesk/cmd/internal/demo/mailserver"
)

// Options are the choices that a demo leaves.
type Options struct {
	Out      io.Writer
	Terminal bool // colours, and pauses in which one can read
	Width    int  // columns of the terminal; 0: 80
	Exit     bool // end after the tour
	Fast     bool // no pauses for reading
	// IMAP and SMTP are the addresses that the mail server listens on. "" is 127.0.0.1 with port
	// 1143 and 1025, or free ports if these are taken or nobody stays.
	IMAP, SMTP string
	// Dir is where the desk folder is kept; it must be new or empty. "" is a temporary folder,
	// which is removed at the end.
	Dir string
}

// password opens every mailbox of the demo.
const password = "demo"

// Run plays the tour and then stays up until ctx ends, which is no error. An error tells which step
// of the tour did not come to what it should, or, with Exit, that ctx ended before the tour did.
func Run(ctx context.Context, o Options) error {
	// A terminal that is closed ends the demo as Ctrl-C does: the temporary folder must go.
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGHUP)
	defer stop()
	return run(ctx, o, faults{})
}

// faults are what tests break.
type faults struct {
	lose     func(mailserver.Envelope) bool // mail that the mail server loses
	edit     func(dir string) error         // of the desk folder, before it is read
	patience time.Duration                  // how long a mail may take; 0: 15 s
	calm     time.Duration                  // after which a desk at rest sends nothing more; 0: 3 s
	now      func() time.Time               // in place of the real time
}

func run(ctx context.Context, o Options, broken faults) (err error) {
	if broken.patience == 0 {
		broken.patience = 15 * time.Second
	}
	if broken.calm == 0 {
		broken.calm = 3 * time.Second
	}
	if broken.now == nil {
		broken.now = time.Now
	}
	show := newScreen(ctx, o)
	show.welcome()
	s, err := raise(ctx, o, show, broken)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.strike()) }()
	began := time.Now()
	chapters := story()
	for i, c := range chapters {
		show.chapter(i+1, len(chapters), c.title, c.about)
		if c.play(s); s.err != nil {
			err := s.err
			if ctx.Err() != nil && !o.Exit {
				show.plain("", "The demo ends"+s.farewell()) // somebody has seen enough
				return nil
			}
			if ctx.Err() != nil {
				return fmt.Errorf("the tour was stopped: %w", ctx.Err())
			}
			show.failed(err)
			return fmt.Errorf("the tour failed in chapter %d, %s: %w%s", i+1, c.title, err, s.complaints())
		}
		show.good(fmt.Sprintf("%d mails were found where they belong, and none anywhere else.", s.found))
		s.found = 0
	}
	if err := s.summary(time.Since(began)); err != nil {
		return fmt.Errorf("the tour failed: %w%s", err, s.complaints())
	}
	if o.Exit {
		return nil
	}
	return s.stay()
}
