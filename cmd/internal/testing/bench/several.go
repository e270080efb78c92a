package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// inboxes is how many inboxes the mails are spread over when several daemons share the work.
const inboxes = 4

// several measures how fast one daemon and two daemons take in the mails of four inboxes on one
// PostgreSQL, in turns in one run.
func (b *bench) several() (string, error) {
	var ones, twos, ratios []float64
	for n := range b.runs {
		one, err := b.share(n, 1)
		if err != nil {
			return "", fmt.Errorf("one daemon: %w", err)
		}
		two, err := b.share(n, 2)
		if err != nil {
			return "", fmt.Errorf("two daemons: %w", err)
		}
		fmt.Fprintf(os.Stderr, "run %d of %d: one daemon %.0f mails/s, two %.0f/s\n", n+1, b.runs, one, two)
		ones, twos, ratios = append(ones, one), append(twos, two), append(ratios, two/one)
	}
	return fmt.Sprintf("%s, %d inboxes, medians of %d: one daemon %.0f mails/s, two %.0f/s: %.2f (reach: 1.4 where cores allow, 1.0 here)\n", b.db, inboxes, b.runs, median(ones), median(twos), median(ratios)), nil
}

// share makes the given number of daemons take in all mails, and returns the rate in mails a
// second.
func (b *bench) share(n, daemons int) (rate float64, err error) {
	sink, err := newCounter()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, sink.Close()) }()
	database, drop, err := b.database.create(b.ctx, fmt.Sprintf("several%d_%d", daemons, n))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, drop()) }()
	var dirs []string
	for i := range daemons {
		dir := filepath.Join(b.dir, fmt.Sprintf("several%d-%d-%d", daemons, n, i))
		if err := b.writeDesk(dir, database, b.dovecot.IMAP, "", sink.Addr); err != nil {
			return 0, err
		}
		if err := b.writeInboxes(dir, n, daemons); err != nil {
			return 0, err
		}
		dirs = append(dirs, dir)
	}
	for i := range inboxes {
		if _, err := b.dovecot.MakeMaildir(shareUser(n, daemons, i)); err != nil {
			return 0, err
		}
	}
	// The daemon has seen the mailboxes before, when they were empty: mail that is there at the
	// first start counts as old.
	if err := b.daemon(dirs[0], func(c *child) error { _, err := c.order(order{Do: "intake"}); return err }); err != nil {
		return 0, err
	}
	each := b.made.mails / inboxes
	for i := range inboxes {
		if err := b.fill(shareUser(n, daemons, i), b.made.dir, i*each, (i+1)*each); err != nil {
			return 0, err
		}
	}
	var all []*child
	defer func() {
		for _, c := range all {
			err = errors.Join(err, c.stop())
		}
	}()
	for _, dir := range dirs {
		c, err := startChild(b.ctx, b.program, dir)
		if err != nil {
			return 0, err
		}
		all = append(all, c)
		if _, err := c.order(order{Do: "usage"}); err != nil { // it has connected
			return 0, err
		}
	}
	began := time.Now()
	for _, c := range all {
		if _, err := c.order(order{Do: "begin"}); err != nil {
			return 0, err
		}
	}
	for seen, since := 0, began; ; {
		taken := 0
		for _, c := range all {
			a, err := c.order(order{Do: "taken"})
			if err != nil {
				return 0, err
			}
			taken += a.Taken
		}
		switch {
		case taken >= inboxes*each:
			return float64(taken) / time.Since(began).Seconds(), nil
		case taken != seen:
			seen, since = taken, time.Now()
		case time.Since(since) > patience:
			return 0, fmt.Errorf("%d mails of %d were taken, and no more for %v", taken, inboxes*each, patience)
		}
		if err := b.pause(20 * time.Millisecond); err != nil {
			return 0, err
		}
	}
}

func shareUser(n, daemons, inbox int) string {
	return user(fmt.Sprintf("share%d-%d-", daemons, inbox), n)
}

// writeInboxes replaces the one inbox of a desk folder by several.
func (b *bench) writeInboxes(dir string, n, daemons int) error {
	file := filepath.Join(dir, "tierdesk.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var out strings.Builder
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "  support: ") {
			out.WriteString(line)
			continue
		}
		for i := range inboxes {
			fmt.Fprintf(&out, "  support%d: {address: support%d@acme.example, imap: \"insecure+imap://%s\", user: %s, password_file: secret, after: flag, first_run: new}\n", i, i, b.dovecot.IMAP, shareUser(n, daemons, i))
		}
	}
	return os.WriteFile(file, []byte(out.String()), 0o600)
}
