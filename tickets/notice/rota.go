package notice

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/phrase"
)

// Monday returns the midnight at which the week of an instant begins, in the instant's location.
func Monday(now time.Time) time.Time {
	return time.Date(now.Year(), now.Month(), now.Day()-(int(now.Weekday())+6)%7, 0, 0, 0, 0, now.Location())
}

// RotaFacts returns who works from now on, this week and next, as shown to a reader. It is pure.
func RotaFacts(p *tickets.Policy, now time.Time, zone *time.Location, away map[string]time.Time, reader, language string) templates.Rota {
	var out templates.Rota
	monday := Monday(now.In(zone))
	first := time.Date(monday.Year(), monday.Month(), monday.Day(), 0, 0, 0, 0, time.UTC)
	weeks := []templates.RotaWeek{{From: monday}, {From: monday.AddDate(0, 0, 7), Next: true}}
	for i := range p.People.Rotas {
		v := rotaView{Policy: p, Rota: &p.People.Rotas[i], now: now, away: away, zone: zone, language: language}
		from := first
		if today := v.Date(now); today.After(from) {
			from = today
		}
		next, end := first.AddDate(0, 0, 7), first.AddDate(0, 0, 14)
		if !v.works(from, end) {
			continue
		}
		weeks[0].Rows = append(weeks[0].Rows, v.rows(from, next)...)
		weeks[1].Rows = append(weeks[1].Rows, v.rows(next, end)...)
		out.Mine = append(out.Mine, v.mine(from, end, reader)...)
	}
	for _, w := range weeks {
		if len(w.Rows) > 0 {
			out.Weeks = append(out.Weeks, w)
		}
	}
	return out
}

// rotaView is a rota as of an instant.
type rotaView struct {
	*tickets.Policy
	*tickets.Rota
	now      time.Time
	away     map[string]time.Time
	zone     *time.Location
	language string
}

// absent returns a function that reports whether an agent will be away at the beginning of a day.
func (v *rotaView) absent(day time.Time) func(agent string) bool {
	at := v.Begins(day)
	if v.now.After(at) {
		at = v.now
	}
	return func(agent string) bool { return v.away[agent].After(at) }
}

// works reports whether anybody works on one of the days.
func (v *rotaView) works(from, end time.Time) bool {
	for day := from; day.Before(end); day = day.AddDate(0, 0, 1) {
		if t := v.On(day); len(t.OnDuty)+len(t.OnCall)+len(t.Shadows) > 0 {
			return true
		}
	}
	return false
}

// rows returns who works on the days, combining days with the same people.
func (v *rotaView) rows(from, end time.Time) []templates.RotaRow {
	var out []templates.RotaRow
	var last tickets.Turn
	for day := from; day.Before(end); day = day.AddDate(0, 0, 1) {
		turn := v.On(day)
		if n := len(out); n > 0 && slices.Equal(turn.OnDuty, last.OnDuty) && slices.Equal(turn.OnCall, last.OnCall) &&
			slices.Equal(turn.Shadows, last.Shadows) {
			out[n-1].To, out[n-1].Several = v.Begins(day), true
			continue
		}
		last = turn
		absent := v.absent(day)
		var instead []string
		if called := v.Called(day, absent); len(called.Missing) > 0 {
			instead = called.Names
		}
		out = append(out, templates.RotaRow{Team: v.teams(), Tier: v.tiers(), From: v.Begins(day), To: v.Begins(day),
			OnDuty: v.people(turn.OnDuty, nil, absent), OnCall: v.people(turn.OnCall, instead, absent),
			Shadows: v.people(turn.Shadows, nil, absent)})
	}
	if len(out) == 1 {
		out[0].Whole = true
	}
	return out
}

// mine returns when a reader works.
func (v *rotaView) mine(from, end time.Time, reader string) []templates.RotaDuty {
	var out []templates.RotaDuty
	for _, role := range []struct {
		name string
		has  func(day time.Time, t tickets.Turn) bool
	}{
		{"on-call", func(_ time.Time, t tickets.Turn) bool { return slices.Contains(t.OnCall, reader) }},
		{"instead", func(day time.Time, t tickets.Turn) bool {
			called := v.Called(day, v.absent(day))
			return len(called.Missing) > 0 && slices.Contains(called.Names, reader)
		}},
		{"on-duty", func(_ time.Time, t tickets.Turn) bool {
			return slices.Contains(t.OnDuty, reader) && !slices.Equal(t.OnDuty, t.OnCall)
		}},
		{"shadow", func(_ time.Time, t tickets.Turn) bool { return slices.Contains(t.Shadows, reader) }},
	} {
		running := false
		for day := from; day.Before(end); day = day.AddDate(0, 0, 1) {
			was := running
			if running = role.has(day, v.On(day)); !running {
				continue
			}
			if !was {
				out = append(out, templates.RotaDuty{Role: role.name, Team: v.teams(), From: v.Begins(day), Days: v.Rota.At == 0})
			}
			if last := &out[len(out)-1]; last.Days {
				last.To = v.Begins(day)
			} else {
				last.To = v.Begins(day.AddDate(0, 0, 1))
			}
		}
	}
	return out
}

// people returns names, each with a remark on their absence and on who covers for them.
func (v *rotaView) people(names, instead []string, absent func(agent string) bool) string {
	out := v.fullNames(names)
	for i, name := range names {
		if !absent(name) {
			continue
		}
		said := phrase.Say("%s (away until %s)", out[i], phrase.Moment{At: v.away[name], Now: v.now, Location: v.zone})
		if len(instead) > 0 {
			said = phrase.Say("%s (away until %s; covered by %s)", out[i], phrase.Moment{At: v.away[name], Now: v.now, Location: v.zone},
				strings.Join(v.fullNames(instead), ", "))
		}
		out[i] = v.Say(said, v.language)
	}
	return strings.Join(out, ", ")
}

func (v *rotaView) fullNames(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = name
		if a := v.People.Agent(name); a != nil {
			out[i] = cmp.Or(a.FullName, name)
		}
	}
	return out
}

// teams returns the names of the rota's teams.
func (v *rotaView) teams() string { return TeamNames(v.People, v.Teams) }

// TeamNames returns the full names of teams, in one line.
func TeamNames(people *tickets.Directory, teams []string) string {
	out := make([]string, len(teams))
	for i, name := range teams {
		out[i] = cmp.Or(teamName(people, name), name)
	}
	return strings.Join(out, ", ")
}

// tiers returns the tiers at which the rota's teams work.
func (v *rotaView) tiers() string {
	var out []string
	for _, t := range v.Service.Tiers {
		if slices.Contains(v.Teams, t.Team) {
			out = append(out, strconv.Itoa(t.Level))
		}
	}
	return strings.Join(out, ", ")
}
