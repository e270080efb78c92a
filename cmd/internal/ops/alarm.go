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

// Alarm tells somebody, by another way than the desk's own mail, what has been wrong for too long; and again when it is well.
type Alarm struct {
	Watch *Watch
	After time.Duration // how long it must be wrong: default 5 minutes; what is grave is told after one
	Every time.Duration // how often to look: default 15 s, or a quarter of After
	// Ways are tried one after the other until all were; an alarm is raised if one of them worked.
	Ways []func(ctx context.Context, subject, text string) error
	Log  *slog.Logger
}

// Command is a way: it runs a program with the message on its standard input. It has a minute.
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
	since, raised := map[string]time.Time{}, map[string]bool{}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		now := time.Now() // real time: a desk whose clock is simulated or wrong must be heard too
		present := map[string]Problem{}
		for _, p := range a.Watch.Problems(ctx) {
			present[p.Key] = p
			if since[p.Key].IsZero() {
				since[p.Key] = now
			}
			limit := after
			if p.Grave {
				limit = min(after, time.Minute)
			}
			if !raised[p.Key] && now.Sub(since[p.Key]) >= limit {
				text := fmt.Sprintf("%s has not worked for %s:\n\n    %s\n\nThe desk goes on trying. No mail is lost: what comes in waits at the mail server, what goes out in the outbox.\n`tierdesk doctor` tells more.\n",
					p.Key, now.Sub(since[p.Key]).Round(time.Second), p.Text)
				raised[p.Key] = a.raise(ctx, "Tierdesk: "+p.Key+" does not work", text)
			}
		}
		for key := range since {
			if _, still := present[key]; still {
				continue
			}
			if raised[key] {
				a.raise(ctx, "Tierdesk: "+key+" works again", fmt.Sprintf("%s works again, after %s.\n", key, now.Sub(since[key]).Round(time.Second)))
			}
			delete(since, key)
			delete(raised, key)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// raise tells by all ways, and whether one of them worked.
func (a *Alarm) raise(ctx context.Context, subject, text string) bool {
	a.Log.Error(subject, "text", text)
	ok := len(a.Ways) == 0 // the log is all there is
	for _, way := range a.Ways {
		if err := way(ctx, subject, text); err != nil {
			a.Log.Error("an alarm could not be raised", "error", err)
			continue
		}
		ok = true
	}
	return ok
}
