package tickets

import (
	"slices"
	"time"
)

// WordOnCall stands in "notify:" for who is on call.
const WordOnCall = "on-call"

// Rota says who of some teams works when, by turns: at their tier, on call, or looking over a
// colleague's shoulder. It is read-only once it is made. Its days begin when a turn is handed over,
// and are named by their date, at midnight UTC.
type Rota struct {
	Name     string
	Teams    []string
	Location *time.Location
	At       time.Duration // time of day at which a turn is handed over
	Starts   time.Time     // the day on which the first turn begins
	Days     int           // that a turn lasts
	Turns    []Turn        // one after the other, then from the beginning
	Dates    []Dated       // that do not overlap
	// Duty reports whether those on duty alone hear of the teams' tickets and are given them.
	Duty bool
}

// Turn is who works, by name. A list that is nil says nothing, an empty one nobody.
type Turn struct{ OnDuty, OnCall, Shadows []string }

// Dated is who works on some days, as far as it says so; the rest is as the turn has it.
type Dated struct {
	From, To time.Time // the last day is one of them
	Turn
}

// Date returns the day of the rota in which an instant lies.
func (r *Rota) Date(now time.Time) time.Time {
	local := now.In(r.Location)
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
	if now.Before(r.Begins(day)) {
		return day.AddDate(0, 0, -1)
	}
	return day
}

// Begins returns the instant at which a day begins.
func (r *Rota) Begins(day time.Time) time.Time {
	return onDay(time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, r.Location), 0, r.At)
}

// turn returns the place of the turn in which a day lies; false before the first one.
func (r *Rota) turn(day time.Time) (int, bool) {
	if len(r.Turns) == 0 || day.Before(r.Starts) {
		return 0, false
	}
	return int(day.Sub(r.Starts)/(24*time.Hour)) / r.Days % len(r.Turns), true
}

// On returns who works on a day. Who is on duty where nobody says so is who is on call.
func (r *Rota) On(day time.Time) Turn {
	var out Turn
	if i, begun := r.turn(day); begun {
		out = r.Turns[i]
	}
	for i := range r.Dates {
		d := &r.Dates[i]
		if day.Before(d.From) || day.After(d.To) {
			continue
		}
		if d.OnCall != nil {
			out.OnCall = d.OnCall
		}
		if d.OnDuty != nil {
			out.OnDuty = d.OnDuty
		}
		if d.Shadows != nil {
			out.Shadows = d.Shadows
		}
	}
	if out.OnDuty == nil {
		out.OnDuty = out.OnCall
	}
	return out
}

// Names returns everybody who has a turn, or a date of their own from a day on, each once.
func (r *Rota) Names(from time.Time) []string {
	var out []string
	add := func(t *Turn) {
		for _, name := range slices.Concat(t.OnDuty, t.OnCall, t.Shadows) {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	for i := range r.Turns {
		add(&r.Turns[i])
	}
	for i := range r.Dates {
		if !r.Dates[i].To.Before(from) {
			add(&r.Dates[i].Turn)
		}
	}
	return out
}

// Calls reports whether anybody is ever on call.
func (r *Rota) Calls() bool {
	return slices.ContainsFunc(r.Turns, func(t Turn) bool { return len(t.OnCall) > 0 }) ||
		slices.ContainsFunc(r.Dates, func(d Dated) bool { return len(d.OnCall) > 0 })
}

// OnCall is who is called at some instant.
type OnCall struct {
	Names []string // whom to call, nobody if all are away
	// Missing are those whose turn it is, if all of them are away and others are called instead, or
	// nobody is.
	Missing []string
}

// Called returns who is called on a day: those on call who are there, else those of the next turn
// of whom somebody is.
func (r *Rota) Called(day time.Time, away func(agent string) bool) OnCall {
	present := func(names []string) []string {
		return slices.DeleteFunc(slices.Clone(names), away)
	}
	now := r.On(day).OnCall
	out := OnCall{Names: present(now)}
	if len(out.Names) > 0 || len(now) == 0 {
		return out
	}
	out.Missing = now
	i, begun := r.turn(day)
	for k := 0; begun && k < len(r.Turns) && len(out.Names) == 0; k++ {
		out.Names = present(r.Turns[(i+1+k)%len(r.Turns)].OnCall)
	}
	return out
}

// Duty is how a team's rota stands at some instant.
type Duty struct {
	Rota    *Rota
	Hear    []string // who alone hears of the team's tickets; empty for the whole team
	OnDuty  []string
	Call    OnCall
	Shadows []string // who get copies of what those on duty or on call get
	Away    map[string]time.Time
}

// RotaOf returns the rota of a team, nil if it has none.
func (d *Directory) RotaOf(team string) *Rota {
	for i := range d.Rotas {
		if slices.Contains(d.Rotas[i].Teams, team) {
			return &d.Rotas[i]
		}
	}
	return nil
}

// At returns the directory as it is at some instant: it knows who works by the rotas, but for those
// who are away, each until the time given.
func (d *Directory) At(now time.Time, away map[string]time.Time) *Directory {
	if len(d.Rotas) == 0 {
		return d
	}
	out := *d
	out.duties = make(map[string]*Duty, len(d.Rotas))
	absent := func(agent string) bool { return away[agent].After(now) }
	for i := range d.Rotas {
		r := &d.Rotas[i]
		day := r.Date(now)
		turn := r.On(day)
		duty := &Duty{Rota: r, OnDuty: slices.DeleteFunc(slices.Clone(turn.OnDuty), absent), Call: r.Called(day, absent),
			Shadows: slices.DeleteFunc(slices.Clone(turn.Shadows), absent), Away: away}
		if r.Duty {
			duty.Hear = duty.OnDuty
		}
		for _, team := range r.Teams {
			out.duties[team] = duty
		}
	}
	return &out
}

// DutyOf returns how the rota of a team stands; nil if it has none, or of a directory that is of no
// instant.
func (d *Directory) DutyOf(team string) *Duty { return d.duties[team] }

// OffDuty reports whether the tickets of a team are others' now, by its rota.
func (d *Directory) OffDuty(team, agent string) bool {
	duty := d.duties[team]
	return duty != nil && len(duty.Hear) > 0 && !slices.Contains(duty.Hear, agent)
}
