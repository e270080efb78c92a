package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"tierdesk/migrations/sqldb"
)

// report returns the table of all runs in the form of docs/performance.md.
func report(o options, m made, before, after float64, all []figures) string {
	of := func(f func(figures) float64) float64 {
		var values []float64
		for _, one := range all {
			values = append(values, f(one))
		}
		return median(values)
	}
	latency := func(f func(figures) []time.Duration) string {
		share := func(percent int) float64 {
			return of(func(one figures) float64 {
				sorted := slices.Sorted(slices.Values(f(one)))
				return float64(sorted[(len(sorted)-1)*percent/100].Microseconds()) / 1000
			})
		}
		return fmt.Sprintf("%.0f ms, %.0f ms", share(50), share(95))
	}
	mega := func(f func(figures) int64) string {
		return fmt.Sprintf("%.0f MB", of(func(one figures) float64 { return float64(f(one)) / 1e6 }))
	}
	perMail := func(f func(figures) float64) string {
		return fmt.Sprintf("%.2f ms", of(func(one figures) float64 { return 1000 * f(one) / float64(one.mails) }))
	}
	in, pulled := of(figures.in), of(figures.pulled)
	aims := aimsOf(o)
	var out strings.Builder
	fmt.Fprintf(&out, "%s, %s; %d mails of %.1f KB on average (largest %d KB, %d of them replies, %d of agents), agents told of each ticket: %d; medians of %d; %d cores, load %.1f before and %.1f after\n\n",
		time.Now().UTC().Format("2006-01-02 15:04 MST"), o.db, m.mails, float64(m.octets)/float64(m.mails)/1000, m.largest/1000, m.replies,
		m.agents, o.agents, o.runs, runtime.NumCPU(), before, after)
	row := func(name, value, reach string) { fmt.Fprintf(&out, "| %s | %s | %s |\n", name, value, reach) }
	row("figure", "measured", "reach")
	row("---", "---", "---")
	row("mails in, with ticket, rules, acknowledgement queued", fmt.Sprintf("%.0f/s", in), aims.in)
	if pulled == 0 {
		row("the same mailbox pulled by mbsync, FSync on", "left out: there is no mbsync", "")
	} else {
		row("the same mailbox pulled by mbsync, FSync on",
			fmt.Sprintf("%.0f/s, %s of its CPU a mail", pulled, perMail(func(f figures) float64 { return f.mbsyncCPU })), "")
		row("the desk against mbsync", fmt.Sprintf("%.2f", of(func(f figures) float64 { return f.in() / f.pulled() })), aims.share)
	}
	if o.day {
		row("all words in the index, after the last mail was taken",
			fmt.Sprintf("%.1f s", of(func(f figures) float64 { return f.behind })), "")
	}
	row("mails out to the sink", fmt.Sprintf("%.0f/s", of(figures.out)), "2,000/s")
	row("CPU a mail: intake", perMail(func(f figures) float64 { return f.intakeCPU }), aims.intake)
	row("CPU a mail: intake and sending", perMail(func(f figures) float64 { return f.wholeCPU }), aims.whole)
	row(fmt.Sprintf("peak RSS at N = %d", m.mails), mega(func(f figures) int64 { return f.peak }), "120 MB")
	row("peak RSS, one mail of 25 MB", mega(func(f figures) int64 { return f.peakLarge }), "200 MB")
	row("idle: RSS", mega(func(f figures) int64 { return f.idleRSS }), "35 MB")
	row("idle: CPU", fmt.Sprintf("%.2f %% of a core", of(func(f figures) float64 { return 100 * f.idleShare })), "0.1 %")
	row("delivery to acknowledgement at the sink, embedded server, p50 and p95", latency(func(f figures) []time.Duration { return f.near }),
		"10 ms, 30 ms")
	row("the same through Dovecot (which waits 500 ms itself), p50 and p95", latency(func(f figures) []time.Duration { return f.far }),
		"p95 600 ms")
	return out.String()
}

// aims are the targets of the figures.
type aims struct{ in, share, intake, whole string }

func aimsOf(o options) aims {
	postgres := o.db == sqldb.Postgres
	switch {
	case o.day && postgres:
		return aims{share: "0.5"}
	case o.day:
		return aims{share: "1.0", intake: "1.0 ms", whole: "2.0 ms"}
	case postgres:
		return aims{in: "700/s", share: "0.35", intake: "0.6 ms", whole: "0.9 ms"}
	}
	return aims{in: "1,500/s", share: "0.75", intake: "0.6 ms", whole: "0.9 ms"}
}
