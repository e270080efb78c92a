package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// contestant is a program whose daemon is measured against another's.
type contestant struct {
	name    string // in names of profiles
	program string
	all     []figures // a turn each
}

// compare measures the other program's daemon and this one's by turns: the same mails, one mail
// server, one database server. Who begins changes with each turn. What the machine does meanwhile
// meets both, so the ratios say more than the figures.
func (b *bench) compare() (string, error) {
	other, own := &contestant{name: "other", program: b.against}, &contestant{name: "own", program: b.program}
	profile := b.profile
	for turn := range b.runs {
		pair := []*contestant{other, own}
		if turn%2 == 1 {
			pair = []*contestant{own, other}
		}
		for i, c := range pair {
			b.program = c.program
			if profile != "" {
				b.profile = fmt.Sprintf("%s.%s%d", profile, c.name, turn+1)
			}
			f, err := b.brief(2*turn + i)
			if err != nil && b.ctx.Err() != nil && len(own.all) > 0 { // somebody has waited long enough
				return b.comparison(other.all, own.all), nil
			}
			if err != nil {
				return "", fmt.Errorf("turn %d of %s: %w", turn+1, c.program, err)
			}
			c.all = append(c.all, f)
			fmt.Fprintf(os.Stderr, "turn %d of %d, %s: %.0f mails/s in (CPU %.3f ms), %.0f/s out, with it %.3f ms\n", turn+1, b.runs,
				c.name, f.in(), f.perMail(f.intakeCPU), f.out(), f.perMail(f.wholeCPU))
		}
	}
	return b.comparison(other.all, own.all), nil
}

// brief measures the bulk and a daemon at rest.
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

// perMail is a time of all mails, in seconds, as milliseconds of one.
func (f figures) perMail(seconds float64) float64 { return 1000 * seconds / float64(f.mails) }

// comparison is the table of medians. The last column is the median of the ratios of a turn, own to
// other, with the least and the greatest.
func (b *bench) comparison(other, own []figures) string {
	turns := min(len(other), len(own)) // that both have had
	var out strings.Builder
	fmt.Fprintf(&out, "%s, %d mails, medians of %d turns, other: %s\n\n", b.db, b.made.mails, turns, b.against)
	row := func(name, form string, of func(figures) float64) {
		var theirs, ours, ratios []float64
		for i := range turns {
			theirs, ours = append(theirs, of(other[i])), append(ours, of(own[i]))
			ratios = append(ratios, ours[i]/theirs[i])
		}
		a, z := median(theirs), median(ours)
		fmt.Fprintf(&out, "| %s | "+form+" | "+form+" | %+.1f %% | %.2f (%.2f to %.2f) |\n", name, a, z, 100*(z/a-1), median(ratios),
			slices.Min(ratios), slices.Max(ratios))
	}
	fmt.Fprintf(&out, "| figure | other | own | medians | ratio in a turn |\n| --- | --- | --- | --- | --- |\n")
	row("mails in", "%.0f/s", figures.in)
	row("mails out", "%.0f/s", figures.out)
	row("CPU a mail: intake", "%.3f ms", func(f figures) float64 { return f.perMail(f.intakeCPU) })
	row("CPU a mail: intake and sending", "%.3f ms", func(f figures) float64 { return f.perMail(f.wholeCPU) })
	row("peak RSS", "%.1f MB", func(f figures) float64 { return float64(f.peak) / 1e6 })
	row("idle: RSS", "%.1f MB", func(f figures) float64 { return float64(f.idleRSS) / 1e6 })
	return out.String()
}
