// Package rota tells people who is where: at a tier, on call, shadowing a colleague. It owns the
// timer of the weekly mail, one in the database: whichever daemon takes it out tells everybody and
// sets the next one in the same transaction, so a week is told of once, and after an outage the
// week that it is. It must never decide who works when: that stands in people.yaml.
package rota

import (
	"slices"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/sla"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
)

// Arrange sees to it that the next mail has its timer, if there is a rota. A new one is told of as
// soon as it is a working day; what is arranged follows the calendar in force.
func Arrange(ctx decision.Context) error {
	if len(ctx.Policy.People.Rotas) == 0 {
		return nil
	}
	set, err := timers.Of(ctx.Tx, timers.Rota)
	if err != nil {
		return err
	}
	told := ""
	if len(set) > 0 {
		told = set[0].Data
	}
	week, err := nextWeek(ctx, told)
	if err != nil {
		return err
	}
	return arrange(ctx, week, told)
}

// Fire tells everybody on the rota who is where this week and next, and arranges the next mail.
func Fire(ctx decision.Context, t timers.Timer) error {
	if len(ctx.Policy.People.Rotas) == 0 {
		return nil
	}
	week, err := nextWeek(ctx, t.Data)
	if err != nil {
		return err
	}
	now := ctx.Tx.Now().In(ctx.Desk.Location)
	if at, _ := due(ctx.Policy.Calendar, week, now); at.After(now) {
		return arrange(ctx, week, t.Data)
	}
	told, err := tell(ctx, week)
	if err != nil {
		return err
	}
	if told {
		t.Data = week.Format(time.DateOnly)
	}
	return arrange(ctx, week.AddDate(0, 0, 7), t.Data)
}

// nextWeek returns the Monday of the first week that is still to be told of: this one, unless it
// was told.
func nextWeek(ctx decision.Context, told string) (time.Time, error) {
	this := notice.Monday(ctx.Tx.Now().In(ctx.Desk.Location))
	if told == "" {
		return this, nil
	}
	last, err := time.ParseInLocation(time.DateOnly, told, ctx.Desk.Location)
	if err != nil || last.Before(this) {
		return this, err
	}
	return last.AddDate(0, 0, 7), nil
}

// arrange sets the timer for a week, or for the first one after it that has a working day. told is
// the last week that was told of.
func arrange(ctx decision.Context, week time.Time, told string) error {
	at, _ := due(ctx.Policy.Calendar, week, ctx.Tx.Now().In(ctx.Desk.Location))
	if at.IsZero() {
		return nil // the desk never works
	}
	return timers.Set(ctx.Tx, timers.Timer{Kind: timers.Rota, Due: sqldb.At(at), Data: told})
}

// due returns when a week is told of, now at the earliest: on its first working morning. A week
// without one is told of by none: the next one is due. It is pure.
func due(calendar *sla.Calendar, week, now time.Time) (at, of time.Time) {
	for range 60 {
		from := week
		if now.After(from) {
			from = now
		}
		next := week.AddDate(0, 0, 7)
		if at := calendar.ByDay(from, week.Location()); at.IsZero() {
			return at, week
		} else if at.Before(next) {
			return at, week
		}
		week = next
	}
	return time.Time{}, week
}

// tell mails everybody on a rota, and who leads its teams. Where nobody works in these weeks there
// is nothing to tell.
func tell(ctx decision.Context, week time.Time) (told bool, err error) {
	away, err := store.Away(ctx.Tx)
	if err != nil {
		return false, err
	}
	from := time.Date(week.Year(), week.Month(), week.Day(), 0, 0, 0, 0, time.UTC)
	var names []string
	for i := range ctx.Policy.People.Rotas {
		r := &ctx.Policy.People.Rotas[i]
		names = append(names, r.Names(from)...)
		for _, team := range r.Teams {
			for _, lead := range ctx.Policy.People.Leads(team) {
				names = append(names, lead.Name)
			}
		}
	}
	if len(notice.RotaFacts(ctx.Policy, ctx.Tx.Now(), ctx.Desk.Location, away, "", "").Weeks) == 0 {
		return false, nil
	}
	for i := range ctx.Policy.People.Agents {
		if agent := &ctx.Policy.People.Agents[i]; slices.Contains(names, agent.Name) {
			if err := decision.TellRota(ctx, agent, away, phrase.Text{}); err != nil {
				return false, err
			}
		}
	}
	return true, nil
}
