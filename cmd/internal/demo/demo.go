// Package demo implements `tierdesk demo`: an embedded mail server, a desk folder, the desk as it
// runs in production, and people who write to it by real mail. It plays a story, shows each mail as
// it goes by and checks each step by the content of the mailboxes; then it stays up for anybody who
// wants to join with their own mail client.
//
// It owns the story and its presentation. It must never take part in the desk's decisions:
// everything it does could be done by a person with a mail client. The only exception is the clock,
// which it sets.
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

// Options are the options of a demo.
type Options struct {
	Out      io.Writer
	Terminal bool // use colours, and pause for reading
	Width    int  // columns of the terminal; 0: 80
	Exit     bool // end after the tour
	Fast     bool // no pauses for reading
	// IMAP and SMTP are the addresses on which the mail server listens. "" is 127.0.0.1 with the
	// ports 1143 and 1025, or free ports if these are in use or Exit is set.
	IMAP, SMTP string
	// Dir is the desk folder, which must be new or empty. "" is a temporary folder, which is
	// removed at the end.
	Dir string
}

// password opens every mailbox of the demo.
const password = "demo"

// Run plays the tour and then stays up until ctx ends, which is not an error. An error means that a
// step of the tour did not have the expected outcome or, with Exit, that ctx ended before the tour
// did.
func Run(ctx context.Context, o Options) error {
	// Closing the terminal ends the demo like Ctrl-C: the temporary folder must be removed.
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGHUP)
	defer stop()
	return run(ctx, o, faults{})
}

// faults are the faults that tests inject.
type faults struct {
	lose     func(mailserver.Envelope) bool // mail that the mail server loses
	edit     func(dir string) error         // of the desk folder, before it is read
	patience time.Duration                  // how long a mail may take; 0: 15 s
	calm     time.Duration                  // the time after which an idle desk sends nothing more; 0: 3 s
	now      func() time.Time               // replaces the real time
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
				show.plain("", "The demo ends"+s.farewell()) // the user has seen enough
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
