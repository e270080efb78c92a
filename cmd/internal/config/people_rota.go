package config

import (
	"slices"
	"time"

	"tierdesk/rules/fault"
	"tierdesk/tickets"
)

type rotaBlock struct {
	position
	Teams   words        `yaml:"teams" eg:"[frontdesk, technicians]" doc:"The teams that it is for. Without it: the team of its name."`
	Starts  text         `yaml:"starts" eg:"2026-11-30" doc:"The day on which the first turn begins. Before it nobody is on the rota."`
	Every   duration     `yaml:"every" default:"1w" eg:"1w" doc:"How long a turn lasts: whole days or weeks."`
	At      text         `yaml:"at" default:"00:00" eg:"09:00" doc:"The time of day, in the desk's time zone, at which a turn is handed over."`
	Turns   []turnBlock  `yaml:"turns" doc:"Who works, one turn after the other, then from the beginning."`
	Dates   []datedBlock `yaml:"dates" doc:"Who works on some days instead: holidays, swaps. What a date does not say is as the turn has it."`
	Tickets text         `yaml:"tickets" jsonschema:"enum=team,enum=on_duty" default:"team" eg:"on_duty" doc:"Who is notified of the team's unassigned tickets, and gets them if the team assigns tickets: the whole team, or on_duty alone. If all who are on duty are away, the whole team."`
}

type turnBlock struct {
	position
	OnDuty words `yaml:"on_duty" eg:"[tess, tom]" doc:"Who works at the team's tier: agents of the team. Without it: who is on call."`
	OnCall words `yaml:"on_call" eg:"tess" doc:"Whom on-call in notify: calls, whatever their quiet hours. If all are away (/away), those of the next turn; if nobody is there, who leads the team, else the team."`
	Shadow words `yaml:"shadow" eg:"ann" doc:"Who gets copies of what those on duty or on call get, and has no duty."`
}

type datedBlock struct {
	position
	From   text  `yaml:"from" jsonschema:"required" eg:"2026-12-24" doc:"The first day."`
	To     text  `yaml:"to" eg:"2026-12-26" doc:"The last day. Without it: the first one."`
	OnDuty words `yaml:"on_duty" eg:"none" doc:"As in a turn, or none."`
	OnCall words `yaml:"on_call" eg:"eve" doc:"As in a turn, or none."`
	Shadow words `yaml:"shadow" eg:"none" doc:"As in a turn, or none."`
}

// calls reports whether anybody is ever on call.
func calls(people *tickets.Directory) bool {
	return slices.ContainsFunc(people.Rotas, func(r tickets.Rota) bool { return r.Calls() })
}

// callsFor reports whether anybody is ever on call for a team.
func callsFor(people *tickets.Directory, team string) bool {
	r := people.RotaOf(team)
	return r != nil && r.Calls()
}

// rotas reads who works when.
func (f *peopleFile) rotas(d *tickets.Directory, zone *time.Location, faults *fault.List) []tickets.Rota {
	var out []tickets.Rota
	of := map[string]fault.Place{}
	for i := range f.Rota.list {
		name, b := f.Rota.list[i].name, &f.Rota.list[i].value
		checkName(name, "a rota", faults)
		r := tickets.Rota{Name: name.s, Location: zone, Days: 7, Duty: b.Tickets.s == "on_duty"}
		if b.Teams.given() && len(b.Teams.list) == 0 {
			faults.Add(b.Teams.at, "name them, or leave it out for the team "+name.s, "the rota %q is for no team", name.s)
		}
		teams := b.Teams.list
		if !b.Teams.given() {
			teams = []text{name}
		}
		for _, w := range teams {
			if d.Team(w.s) == nil {
				unknownTeam(w, d, faults)
			} else if first, twice := of[w.s]; twice {
				faults.Add(w.at, "the first stands in line "+itoa(first.Line), "the team %q has two rotas", w.s)
			}
			of[w.s] = w.at
			r.Teams = append(r.Teams, w.s)
		}
		b.times(&r, faults)
		for k := range b.Turns {
			t := &b.Turns[k]
			turn := turnOf(d, &r, t.OnDuty, t.OnCall, t.Shadow, faults)
			if !t.OnDuty.given() && !t.OnCall.given() && !t.Odd {
				faults.Add(t.At, "give on_duty or on_call", "nobody works in this turn")
			}
			r.Turns = append(r.Turns, turn)
		}
		b.dates(d, &r, faults)
		b.sense(d, &r, name, faults)
		out = append(out, r)
	}
	return out
}

// times reads when turns begin and how long they last.
func (b *rotaBlock) times(r *tickets.Rota, faults *fault.List) {
	if b.Starts.given() {
		r.Starts = dayIn(b.Starts, faults)
	}
	if e := b.Every; e.given() {
		r.Days = int(e.d / (24 * time.Hour))
		if e.d%(24*time.Hour) != 0 || r.Days < 1 {
			faults.Add(e.at, "like 1d, 1w or 2w", "a turn lasts whole days")
			r.Days = 7
		}
	}
	if b.At.given() {
		var ok bool
		if r.At, ok = timeOfDay(b.At.s); !ok {
			faults.Add(b.At.at, "like 09:00", "%q is not a time of day", b.At.s)
		}
	}
}

func dayIn(t text, faults *fault.List) time.Time {
	day, err := time.Parse(time.DateOnly, t.s)
	if err != nil {
		faults.Add(t.at, "like 2026-11-30", "%q is not a date", t.s)
	}
	return day
}

// dates reads the exceptions for certain days.
func (b *rotaBlock) dates(d *tickets.Directory, r *tickets.Rota, faults *fault.List) {
	for k := range b.Dates {
		x := &b.Dates[k]
		if !x.From.given() {
			continue
		}
		dated := tickets.Dated{From: dayIn(x.From, faults), Turn: turnOf(d, r, x.OnDuty, x.OnCall, x.Shadow, faults)}
		dated.To = dated.From
		if x.To.given() {
			dated.To = dayIn(x.To, faults)
		}
		switch {
		case dated.To.Before(dated.From):
			faults.Add(x.To.at, "the last day: from: 2026-12-24, to: 2026-12-31", "%s is before %s", x.To.s, x.From.s)
		case !x.OnDuty.given() && !x.OnCall.given() && !x.Shadow.given():
			faults.Add(x.At, "give on_duty, on_call or shadow", "nothing is different on these days")
		}
		meets := func(o tickets.Dated) bool { return !dated.To.Before(o.From) && !o.To.Before(dated.From) }
		if i := slices.IndexFunc(r.Dates, meets); i >= 0 {
			faults.Add(x.From.at, "a day stands in one of them", "these days and those from %s have days in common",
				r.Dates[i].From.Format(time.DateOnly))
		}
		r.Dates = append(r.Dates, dated)
	}
}

// sense reports settings of a rota that have no effect.
func (b *rotaBlock) sense(d *tickets.Directory, r *tickets.Rota, name text, faults *fault.List) {
	duty := func(t tickets.Turn) bool { return len(t.OnDuty)+len(t.OnCall) > 0 }
	switch {
	case len(r.Turns) == 0 && len(b.Dates) == 0:
		at := name.at
		for _, key := range []string{"dates", "turns"} {
			if place := b.Keys[key]; place.Line != 0 {
				at = place
			}
		}
		faults.Add(at, "give turns or dates", "nobody is on the rota %q", name.s)
	case len(r.Turns) > 0 && b.Keys["starts"].Line == 0:
		faults.Add(name.at, "give starts: 2026-11-30", "nobody can tell when the first turn of the rota %q begins", name.s)
	}
	if !r.Duty {
		return
	}
	if !slices.ContainsFunc(r.Turns, duty) && !slices.ContainsFunc(r.Dates, func(d tickets.Dated) bool { return duty(d.Turn) }) {
		faults.Add(b.Tickets.at, "give the turns on_duty", "tickets: on_duty, and nobody is ever on duty")
	}
	for _, team := range r.Teams {
		if t := d.Team(team); t != nil && t.Notify != "all" {
			faults.Add(b.Tickets.at, "take notify out of the team", "tickets: on_duty, and the team %q says notify: %s", team, t.Notify)
		}
	}
}

// turnOf reads who works in a turn. A list that is not set is nil; "none" is an empty list.
func turnOf(d *tickets.Directory, r *tickets.Rota, onDuty, onCall, shadow words, faults *fault.List) tickets.Turn {
	agents := func(w words) []string {
		if !w.given() {
			return nil
		}
		out := []string{}
		for _, one := range w.list {
			if one.s == "none" {
				if len(w.list) > 1 {
					faults.Add(one.at, "write none alone, or only names", "none stands alone")
				}
				continue
			}
			a := d.Agent(one.s)
			switch {
			case a == nil || a.Name != one.s:
				faults.Add(one.at, hint(one.s, faults, func() []string { return agentNames(d) }), "there is no agent %q", one.s)
			case slices.Contains(out, one.s):
				faults.Add(one.at, "leave one out", "%q stands there twice", one.s)
			default:
				out = append(out, one.s)
			}
		}
		return out
	}
	t := tickets.Turn{OnDuty: agents(onDuty), OnCall: agents(onCall), Shadows: agents(shadow)}
	for _, one := range onDuty.list {
		if a := d.Agent(one.s); a != nil && !slices.ContainsFunc(r.Teams, func(team string) bool {
			return slices.Contains(a.Teams, team) || slices.Contains(a.Lead, team)
		}) {
			faults.Add(one.at, "add the team to the teams of the agent", "%q is not in the team", one.s)
		}
	}
	for _, one := range shadow.list {
		if slices.Contains(t.OnDuty, one.s) || slices.Contains(t.OnCall, one.s) {
			faults.Add(one.at, "name somebody who looks on", "%q works in this turn, and cannot shadow themselves", one.s)
		}
	}
	return t
}

// nobodyOnCall returns warnings for tickets for which nobody is ever on call, and reports
// escalations to on-call that only concern such tickets.
func nobodyOnCall(f *serviceFile, d *Policy, faults *fault.List) fault.List {
	var out fault.List
	if !calls(&d.People) {
		return nil // reported already
	}
	for i := range f.Escalation {
		b := &f.Escalation[i]
		for _, w := range b.Notify.list {
			if w.s != tickets.WordOnCall {
				continue
			}
			for _, t := range d.Service.Tiers {
				switch {
				case t.Team == "" || callsFor(&d.People, t.Team) || b.AtTier.given() && b.AtTier.n != t.Level:
				case b.AtTier.given():
					faults.Add(w.at, "give the team a rota with on_call:",
						"nobody is ever on call for the team %q of tier %d", t.Team, t.Level)
				default:
					out.Add(w.at, "give the team a rota with on_call:, or say at_tier:",
						"nobody is ever on call for the team %q of tier %d: who leads it is told", t.Team, t.Level)
				}
			}
		}
	}
	return out
}
