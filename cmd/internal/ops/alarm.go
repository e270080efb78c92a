package ops

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os/exec"
	"strings"
	"time"
)

// Alarm reports problems that have lasted too long, by other ways than the desk's own mail, and
// reports again when they are over.
type Alarm struct {
	Watch *Watch
	After time.Duration // how long a problem must last: default 5 minutes; grave ones are reported after one
	Every time.Duration // interval between checks: default 15 s, or a quarter of After
	// Ways are all tried, one after the other; the alarm is raised if one of them succeeds.
	Ways []func(ctx context.Context, subject, text string) error
	// Mail also reports a problem with ByMail to the admin by the desk's own mail; over means that
	// the problem is over. It may be nil.
	Mail func(ctx context.Context, p Problem, over bool) error
	Log  *slog.Logger
}

// Command returns a way that runs a program, for at most a minute, with the message on its standard
// input.
func Command(argv []string) func(ctx context.Context, subject, text string) error {
	return func(ctx context.Context, subject, text string) error {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
		cmd.Stdin = strings.NewReader(subject + "\n\n" + text)
		var said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("running %s: %w: %s", argv[0], err, strings.TrimSpace(said.String()))
		}
		return nil
	}
}

// Run watches until ctx ends.
func (a *Alarm) Run(ctx context.Context) {
	after, every := a.After, a.Every
	if after <= 0 {
		after = 5 * time.Minute
	}
	if every <= 0 {
		every = min(15*time.Second, after/4)
	}
	r := &round{Alarm: a, after: after, since: map[string]time.Time{}, raised: map[string]*bell{}}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		r.look(ctx, time.Now()) // real time: a desk whose clock is simulated or wrong must also raise alarms
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// round is the state of an Alarm between its checks.
type round struct {
	*Alarm
	after  time.Duration
	since  map[string]time.Time // by key: when it was first seen
	raised map[string]*bell
}

// look raises the alarm for problems that have lasted long enough, and reports those that are over.
func (r *round) look(ctx context.Context, now time.Time) {
	present := map[string]bool{}
	for _, p := range r.Watch.Problems(ctx) {
		present[p.Key] = true
		if r.since[p.Key].IsZero() {
			r.since[p.Key] = now
		}
		if now.Sub(r.since[p.Key]) >= p.patience(r.after) {
			r.broken(ctx, p, now)
		}
	}
	for key := range r.since {
		if !present[key] {
			r.healed(ctx, key, now)
		}
	}
}

// patience returns how long a problem must last before the alarm is raised.
func (p Problem) patience(after time.Duration) time.Duration {
	switch {
	case p.Waited:
		return 0
	case p.Grave:
		return min(after, time.Minute)
	}
	return after
}

func (r *round) broken(ctx context.Context, p Problem, now time.Time) {
	if r.raised[p.Key] == nil {
		r.raised[p.Key] = &bell{problem: p}
	}
	text := fmt.Sprintf("%s has not worked for %s:\n\n    %s\n\n"+
		"The desk goes on trying. No mail is lost: what comes in waits at the mail server, what goes out in the outbox.\n`tierdesk doctor` tells more.\n",
		p.Key, r.lasted(p, now.Sub(r.since[p.Key])), p.Text)
	r.raise(ctx, r.raised[p.Key], "Tierdesk: "+p.Key+" does not work", text, false)
}

func (r *round) healed(ctx context.Context, key string, now time.Time) {
	if before := r.raised[key]; before != nil {
		lasted := r.lasted(before.problem, now.Sub(r.since[key]))
		// Whoever was not told of the problem need not be told that it is over.
		again := &bell{problem: before.problem, rung: !before.rung, mailed: !before.mailed}
		r.raise(ctx, again, "Tierdesk: "+key+" works again", fmt.Sprintf("%s works again, after %s.\n", key, lasted), true)
	}
	delete(r.since, key)
	delete(r.raised, key)
}

// lasted returns how long a problem has lasted: since it was first seen or, if that is longer,
// since the time that the problem itself gives.
func (a *Alarm) lasted(p Problem, seen time.Duration) time.Duration {
	if !p.Since.IsZero() {
		seen = max(seen, a.Watch.parts.Now().Sub(p.Since))
	}
	return seen.Round(time.Second)
}

// bell records what has been reported of a problem.
type bell struct {
	problem      Problem
	rung, mailed bool // by the ways, by the desk's own mail
}

// raise reports by all ways that have not succeeded yet. The desk's own mail only complements them,
// since it may not get out.
func (a *Alarm) raise(ctx context.Context, t *bell, subject, text string, over bool) {
	if t.problem.ByMail != nil && a.Mail != nil && !t.mailed {
		if err := a.Mail(ctx, t.problem, over); err != nil {
			a.Log.Error("the admin could not be told of an alarm by mail", "error", err)
		} else {
			t.mailed = true
		}
	}
	if t.rung {
		return
	}
	a.Log.Error(subject, "text", text)
	t.rung = len(a.Ways) == 0 // there is only the log
	for _, way := range a.Ways {
		if err := way(ctx, subject, text); err != nil {
			a.Log.Error("an alarm could not be raised", "error", err)
			continue
		}
		t.rung = true
	}
}
