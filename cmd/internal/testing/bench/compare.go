package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// contestant is one of two programs whose daemons are compared, or one of two desks of the same
// program.
type contestant struct {
	name    string // used in the names of profiles
	program string
	full    bool      // its desk has every capability configured
	all     []figures // one entry for each turn
}

// contestants returns the contestants that the command line asks for: with -against two programs,
// else two desks.
func (b *bench) contestants() (first, second *contestant) {
	if b.against != "" {
		return &contestant{name: "other", program: b.against, full: b.full}, &contestant{name: "own", program: b.program, full: b.full}
	}
	return &contestant{name: "plain", program: b.program}, &contestant{name: "full", program: b.program, full: true}
}

// compare measures two contestants in turns, with the same mails, one mail server and one database
// server. The order changes with each turn. Other load on the machine affects both, so the ratios
// are more meaningful than the figures. With -full, mbsync also pulls the mails in each turn.
func (b *bench) compare() (string, error) {
	first, second := b.contestants()
	profile := b.profile
	for turn := range b.runs {
		var pulled figures
		if b.full {
			pulled.mails = b.mails
			if err := b.pull(turn, &pulled); err != nil {
				return "", fmt.Errorf("mbsync: %w", err)
			}
		}
		pair := []*contestant{first, second}
		if turn%2 == 1 {
			pair = []*contestant{second, first}
		}
		for i, c := range pair {
			b.program, b.complete = c.program, c.full
			if profile != "" {
				b.profile = fmt.Sprintf("%s.%s%d", profile, c.name, turn+1)
			}
			f, err := b.brief(2*turn + i)
			if err != nil && b.ctx.Err() != nil && len(second.all) > 0 { // the user has interrupted a long run
				return b.comparison(first, second), nil
			}
			if err != nil {
				return "", fmt.Errorf("turn %d of %s (%s): %w", turn+1, c.name, c.program, err)
			}
			f.mbsync, f.mbsyncCPU = pulled.mbsync, pulled.mbsyncCPU
			c.all = append(c.all, f)
			beside := ""
			if f.mbsync > 0 { // measured only with -full
				beside = fmt.Sprintf(", mbsync %.0f/s", f.pulled())
			}
			fmt.Fprintf(os.Stderr, "turn %d of %d, %s: %.0f mails/s in (CPU %.3f ms), %.0f/s out, with it %.3f ms%s\n", turn+1,
				b.runs, c.name, f.in(), f.perMail(f.intakeCPU), f.out(), f.perMail(f.wholeCPU), beside)
		}
	}
	return b.comparison(first, second), nil
}

// brief measures the bulk and an idle daemon.
func (b *bench) brief(n int) (f figures, err error) {
	f.mails = b.mails
	sink, err := newCounter()
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, sink.Close()) }()
	if err := b.bulk(n, sink, &f); err != nil {
		return f, err
	}
	name := user("far", n)
	if _, err := b.dovecot.MakeMaildir(name); err != nil {
		return f, err
	}
	return f, b.desk("far", n, b.dovecot.IMAP, name, sink, nil, func(c *child) error { return b.rest(c, &f) })
}

// perMail converts a time for all mails, in seconds, to milliseconds for each.
func (f figures) perMail(seconds float64) float64 { return 1000 * seconds / float64(f.mails) }

// comparison returns the table of medians. The last column is the median of the ratios of the
// second to the first in each turn, with the least and the greatest.
func (b *bench) comparison(first, second *contestant) string {
	turns := min(len(first.all), len(second.all)) // completed by both
	var out strings.Builder
	fmt.Fprintf(&out, "%s, %d mails, medians of %d turns", b.db, b.made.mails, turns)
	if b.against != "" {
		fmt.Fprintf(&out, ", other: %s", b.against)
	}
	if b.full {
		out.WriteString(", full: every capability is configured, the index of words kept up, like tickets compared")
	}
	row := func(name, form string, of func(figures) float64) {
		var one, two, ratios []float64
		for i := range turns {
			one, two = append(one, of(first.all[i])), append(two, of(second.all[i]))
			ratios = append(ratios, two[i]/one[i])
		}
		a, z := median(one), median(two)
		fmt.Fprintf(&out, "| %s | "+form+" | "+form+" | %+.1f %% | %.2f (%.2f to %.2f) |\n", name, a, z, 100*(z/a-1), median(ratios),
			slices.Min(ratios), slices.Max(ratios))
	}
	fmt.Fprintf(&out, "\n\n| figure | %s | %s | medians | ratio in a turn |\n| --- | --- | --- | --- | --- |\n", first.name, second.name)
	row("mails in", "%.0f/s", figures.in)
	if turns > 0 && second.all[0].mbsync > 0 {
		row("mails in, against mbsync", "%.2f", func(f figures) float64 { return f.in() / f.pulled() })
	}
	row("mails out", "%.0f/s", figures.out)
	row("CPU a mail: intake", "%.3f ms", func(f figures) float64 { return f.perMail(f.intakeCPU) })
	row("CPU a mail: intake and sending", "%.3f ms", func(f figures) float64 { return f.perMail(f.wholeCPU) })
	row("mails out for a mail in", "%.2f", func(f figures) float64 { return float64(f.sent) / float64(f.mails) })
	row("peak RSS", "%.1f MB", func(f figures) float64 { return float64(f.peak) / 1e6 })
	row("idle: RSS", "%.1f MB", func(f figures) float64 { return float64(f.idleRSS) / 1e6 })
	return out.String()
}
