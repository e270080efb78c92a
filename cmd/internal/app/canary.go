package app

import (
	"context"
	"errors"
	"time"

	"tierdesk/cmd/internal/ops"
	"tierdesk/tickets/phrase"
)

// canaryProblems returns a problem for each canary that has not come back in time. A daemon that
// has just started allows more time for canaries that were sent before, since they are still in the
// inbox.
func (a *App) canaryProblems(ctx context.Context) ([]ops.Problem, error) {
	all, err := a.Desk.Canaries(ctx)
	if err != nil {
		return nil, err
	}
	var out []ops.Problem
	now, within := a.DB.Now(), a.Config.Main.Canary.Within
	for _, c := range all {
		since := c.Waiting
		if since.IsZero() {
			continue
		}
		if a.began.After(since) && !a.began.After(now) { // not if the clock was ahead when the daemon started
			since = a.began
		}
		if now.Sub(since) <= within {
			continue
		}
		local := func(t time.Time) phrase.Moment {
			return phrase.Moment{At: t, Now: now, Location: a.Config.Main.Location}
		}
		why := []phrase.Text{
			phrase.Say("The mail that the desk sent itself on %s has not come back: mail does not go out, or does not come in.",
				local(c.Waiting))}
		if !c.Back.IsZero() {
			why = append(why, phrase.Say("The last one came back on %s, after %s.", local(c.Back), c.Trip.Round(100*time.Millisecond)))
		}
		out = append(out, ops.Problem{Key: "mail through inbox " + c.Inbox, Text: phrase.Join(why...).English(), Since: c.Waiting,
			Waited: true, ByMail: &ops.Words{What: phrase.Say("Mail through inbox %s does not come back", c.Inbox), Why: why}})
	}
	return out, nil
}

// startTimers sets the timers of canaries and recurring tickets as soon as the database is
// available.
func (a *App) startTimers(ctx context.Context) {
	for {
		err := errors.Join(a.Desk.StartCanaries(ctx), a.Desk.Arrange(ctx))
		if err == nil || ctx.Err() != nil {
			return
		}
		a.log.Warn("the canaries and the recurring tickets wait for the database", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(30 * time.Second):
		}
	}
}

// roundTrips returns the figures of the canaries.
func (a *App) roundTrips(ctx context.Context) ([]ops.RoundTrip, error) {
	all, err := a.Desk.Canaries(ctx)
	var out []ops.RoundTrip
	for _, c := range all {
		trip := ops.RoundTrip{Inbox: c.Inbox, Last: c.Trip}
		if !c.Waiting.IsZero() {
			trip.Waiting = max(0, a.DB.Now().Sub(c.Waiting))
		}
		out = append(out, trip)
	}
	return out, err
}
