// Package rota tells people who works when: at a tier, on call, shadowing a colleague. It owns the
// timer of the weekly mail, of which there is one in the database. The daemon that fires it mails
// everybody and sets the next timer in the same transaction. So each week is announced once, and
// again if it has changed; after an outage only the current week is. It must never decide who works
// when: people.yaml does.
package rota

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/sla"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
)

// settling is how long to wait after a rota was saved before a change is announced: admins save
// more than once.
const settling = 15 * time.Minute

// Arrange makes sure that the next mail has its timer, if there is a rota. A new rota is announced
// on the next working day, a changed one after a while. The timer follows the calendar in force.
func Arrange(ctx decision.Context) error {
	if len(ctx.Policy.People.Rotas) == 0 {
		return nil
	}
	held, err := timers.Hold(ctx.Tx, timers.Rota) // another daemon may be firing it
	if err != nil {
		return err
	}
	var last told
	set := timers.SetIfNone
	for _, t := range held {
		if t.Name != "" {
			continue // the timer of an agent who is told later
		}
		if last, err = read(ctx, t); err != nil {
			return err
		}
		set = timers.Set
	}
	now := ctx.Tx.Now().In(ctx.Desk.Location)
	week, changed := last.next(ctx.Policy.People, now)
	if changed {
		now = now.Add(settling)
	}
	return arrange(ctx, set, week, now, last)
}

// Fire tells everybody on the rota who works this week and next, and schedules the next mail.
func Fire(ctx decision.Context, t timers.Timer) error {
	if len(ctx.Policy.People.Rotas) == 0 {
		return nil
	}
	if t.Name != "" {
		return tellLater(ctx, t)
	}
	last, err := read(ctx, t)
	if err != nil {
		return err
	}
	now := ctx.Tx.Now().In(ctx.Desk.Location)
	week, changed := last.next(ctx.Policy.People, now)
	if at, _ := due(ctx.Policy.Calendar, week, now); at.After(now) {
		return arrange(ctx, timers.Set, week, now, last)
	}
	var news phrase.Text
	if changed {
		news = phrase.Say("The rota has changed: who is where this week and next")
	}
	done, err := tell(ctx, week, news)
	if err != nil {
		return err
	}
	if done || changed {
		last = told{week: week, plan: plan(ctx.Policy.People, week)}
	}
	return arrange(ctx, timers.Set, week.AddDate(0, 0, 7), now, last)
}

// told records the last announcement: its week, by its Monday, and the rotas' content then.
type told struct {
	week time.Time
	plan string
}

func read(ctx decision.Context, t timers.Timer) (out told, err error) {
	week, plan, found := strings.Cut(t.Data, " ")
	if !found {
		return told{}, nil
	}
	out.plan = plan
	out.week, err = time.ParseInLocation(time.DateOnly, week, ctx.Desk.Location)
	return out, err
}

func (l told) String() string {
	if l.week.IsZero() {
		return ""
	}
	return l.week.Format(time.DateOnly) + " " + l.plan
}

// next returns the Monday of the first week that is still to be announced: this one, unless it has
// been announced and the rotas have not changed for it. It is pure.
func (l told) next(people *tickets.Directory, now time.Time) (week time.Time, changed bool) {
	this := notice.Monday(now)
	switch {
	case l.week.Before(this), l.week.After(this): // announced while the clock was ahead: it does not count
		return this, false
	case l.week.Equal(this) && l.plan != plan(people, this):
		return this, true
	}
	return l.week.AddDate(0, 0, 7), false
}

// plan returns a canonical form of the rotas for a week and the next one: equal plans, and only
// those, have equal strings.
func plan(people *tickets.Directory, week time.Time) string {
	h := sha256.New()
	day := time.Date(week.Year(), week.Month(), week.Day(), 0, 0, 0, 0, time.UTC)
	for i := range people.Rotas {
		r := &people.Rotas[i]
		fmt.Fprintf(h, "%q %s\n", r.Teams, r.At)
		for n := range 14 {
			turn := r.On(day.AddDate(0, 0, n))
			fmt.Fprintf(h, "%q %q %q\n", turn.OnDuty, turn.OnCall, turn.Shadows)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// arrange sets the timer for a week, or for the first later one with a working day.
func arrange(ctx decision.Context, set func(*sqldb.Tx, timers.Timer) error, week, from time.Time, last told) error {
	at, _ := due(ctx.Policy.Calendar, week, from)
	if at.IsZero() {
		return nil // the desk never works
	}
	return set(ctx.Tx, timers.Timer{Kind: timers.Rota, Due: sqldb.At(at), Data: last.String()})
}

// due returns when a week is announced, now at the earliest: on its first working morning. A week
// without a working day is skipped. It is pure.
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

// tell mails everybody on a rota, and the leads of its teams. If nobody works in these weeks it
// sends nothing.
func tell(ctx decision.Context, week time.Time, news phrase.Text) (done bool, err error) {
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
			if err := decision.TellRota(ctx, agent, away, news, false); err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

// tellLater tells an agent whose quiet hours are over.
func tellLater(ctx decision.Context, t timers.Timer) error {
	agent := ctx.Policy.People.Agent(t.Name)
	if agent == nil {
		return nil
	}
	away, err := store.Away(ctx.Tx)
	if err != nil {
		return err
	}
	return decision.TellRota(ctx, agent, away, phrase.Verbatim(t.Data), false)
}
