package tickets

import (
	"slices"
	"time"
)

// WordOnCall in "notify:" means the agents on call.
const WordOnCall = "on-call"

// Rota says who in some teams works when, in turns: at their tier, on call, or shadowing a
// colleague. It must not be changed once it is made. Its days begin at the time of handover, and
// are represented by their date, at midnight UTC.
type Rota struct {
	Name     string
	Teams    []string
	Location *time.Location
	At       time.Duration // time of day of the handover
	Starts   time.Time     // the day on which the first turn begins
	Days     int           // that a turn lasts
	Turns    []Turn        // one after the other, then from the beginning
	Dates    []Dated       // that do not overlap
	// Duty reports whether only the agents on duty hear of the teams' tickets and are assigned
	// them.
	Duty bool
}

// Turn lists who works, by name. A nil list means unspecified, an empty one nobody.
type Turn struct{ OnDuty, OnCall, Shadows []string }

// Dated lists who works on certain days, as far as it specifies that; otherwise the turn applies.
type Dated struct {
	From, To time.Time // inclusive
	Turn
}

// Date returns the rota day that an instant is in.
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

// turn returns the index of the turn that a day belongs to; false before the first one.
func (r *Rota) turn(day time.Time) (int, bool) {
	if len(r.Turns) == 0 || day.Before(r.Starts) {
		return 0, false
	}
	return int(day.Sub(r.Starts)/(24*time.Hour)) / r.Days % len(r.Turns), true
}

// On returns who works on a day. If nobody is specified as on duty, those on call are.
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

// Names returns everybody who has a turn, or a date of their own from a day on, without duplicates.
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

// OnCall lists who is called at an instant.
type OnCall struct {
	Names []string // whom to call, nobody if all are away
	// Missing are the agents on call, if all of them are away, so that others or nobody is called
	// instead.
	Missing []string
}

// Called returns who is called on a day: those on call who are not away, else those of the next
// turn in which somebody is not away.
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

// Duty is the state of a team's rota at an instant.
type Duty struct {
	Rota    *Rota
	Hear    []string // those who alone hear of the team's tickets; empty for the whole team
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

// At returns the directory as of an instant, in which the rotas are resolved to people. away holds
// the agents who are away, each until the time given.
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

// DutyOf returns the state of a team's rota; nil if the team has none, or if the directory is not
// one returned by At.
func (d *Directory) DutyOf(team string) *Duty { return d.duties[team] }

// OffDuty reports whether, by a team's rota, others are now responsible for its tickets.
func (d *Directory) OffDuty(team, agent string) bool {
	duty := d.duties[team]
	return duty != nil && len(duty.Hear) > 0 && !slices.Contains(duty.Hear, agent)
}
