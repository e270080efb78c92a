package decision

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
	"tierdesk/tickets/view"
)

// called returns the agents who are called if words of a policy or rule mean those on call, and the
// explanation they get. It is pure.
func called(p *tickets.Policy, t *tickets.Ticket, words []string, zone *time.Location) (agents []string, why phrase.Text) {
	if !slices.Contains(words, tickets.WordOnCall) {
		return nil, phrase.Text{}
	}
	agents = view.Named(p, t, []string{tickets.WordOnCall})
	name := view.TeamOf(p, t)
	team := name
	if x := p.People.Team(name); x != nil {
		team = x.FullName
	}
	duty := p.People.DutyOf(name)
	switch {
	case duty == nil || len(duty.Call.Names) == 0 && len(duty.Call.Missing) == 0:
		return agents, phrase.Say("Nobody is on call for %s now, so it comes to you.", team)
	case len(duty.Call.Missing) == 0:
		return agents, phrase.Say("You are on call for %s.", team)
	}
	var missing []string
	var until time.Time
	for _, name := range duty.Call.Missing {
		if ends := duty.Away[name]; until.IsZero() || ends.Before(until) {
			until = ends
		}
		if a := p.People.Agent(name); a != nil {
			name = a.FullName
		}
		missing = append(missing, name)
	}
	return agents, phrase.Say("%s, on call for %s, is away until %s, so it comes to you.", strings.Join(missing, ", "), team,
		phrase.Moment{At: until, Location: zone})
}

// TellRota mails an agent the coming duties. The mail waits for the end of the agent's quiet hours,
// unless atOnce is set. what is the news in it; it is empty for the weekly mail.
func TellRota(ctx Context, agent *tickets.Agent, away map[string]time.Time, what phrase.Text, atOnce bool) error {
	language := cmp.Or(agent.Language, ctx.Desk.Language)
	if ends := agent.Quiet.Ends(ctx.Tx.Now().In(ctx.location())); !ends.IsZero() && !atOnce {
		t := timers.Timer{Kind: timers.Rota, Name: agent.Name, Due: sqldb.At(ends), Data: ctx.Policy.Say(what, language)}
		if what.Empty() {
			return timers.SetIfNone(ctx.Tx, t) // a waiting mail with news includes the week
		}
		return timers.Set(ctx.Tx, t)
	}
	if _, err := timers.PopNamed(ctx.Tx, timers.Rota, agent.Name); err != nil { // a waiting mail is out of date
		return err
	}
	f := notice.DeskFacts(ctx.Desk, ctx.Tx.Now())
	f.Rota = notice.RotaFacts(ctx.Policy, ctx.Tx.Now(), ctx.location(), away, agent.Name, language)
	f.Rota.News = ctx.Policy.Say(what, language)
	return TellAgent(ctx, templates.RotaNews, agent, mailout.Notices, func(int64, *notice.Sender) *templates.Facts { return &f })
}

// standIn lists who is called for a rota while an agent on call is away.
type standIn struct {
	rota   *tickets.Rota
	agents []string // nobody if all are away
	now    []string // those who are called right from the beginning
}

// standIns returns who is called in place of an agent who is away until an instant. It is pure.
func standIns(people *tickets.Directory, agent string, now, until time.Time, away map[string]time.Time) []standIn {
	var out []standIn
	for i := range people.Rotas {
		r := &people.Rotas[i]
		found, s := false, standIn{rota: r}
		last := r.Date(until.Add(-time.Millisecond))
		for n, day := 0, r.Date(now); n < farAhead && !day.After(last); n, day = n+1, day.AddDate(0, 0, 1) {
			at := r.Begins(day)
			if at.Before(now) {
				at = now
			}
			called := r.Called(day, func(name string) bool { return away[name].After(at) })
			if !slices.Contains(called.Missing, agent) {
				continue
			}
			found = true
			if n == 0 {
				s.now = called.Names
			}
			for _, name := range called.Names {
				if !slices.Contains(s.agents, name) {
					s.agents = append(s.agents, name)
				}
			}
		}
		if found {
			out = append(out, s)
		}
	}
	return out
}

// farAhead is how many days ahead stand-ins are told.
const farAhead = 60

// says returns a sentence about who is called instead.
func (s *standIn) says(people *tickets.Directory) phrase.Text {
	team := notice.TeamNames(people, s.rota.Teams)
	var names []string
	for _, name := range s.agents {
		if a := people.Agent(name); a != nil {
			names = append(names, a.FullName)
		}
	}
	if len(names) == 0 {
		return phrase.Say("Nobody covers on-call for %s meanwhile: its lead is called.", team)
	}
	return phrase.Say("On-call for %s is covered meanwhile by %s.", team, strings.Join(names, ", "))
}

// TellStandIns tells those who are called in place of an agent, who is away until an instant or is
// back. It returns a sentence about who they are; nothing if the agent is not on call in that time.
func (c Context) TellStandIns(agent *tickets.Agent, until time.Time, back bool) (phrase.Text, error) {
	if len(c.Policy.People.Rotas) == 0 {
		return phrase.Text{}, nil
	}
	away, err := store.Away(c.Tx)
	if err != nil {
		return phrase.Text{}, err
	}
	away[agent.Name] = until
	var said []phrase.Text
	all := standIns(c.Policy.People, agent.Name, c.Tx.Now(), until, away)
	if back {
		delete(away, agent.Name)
	}
	for i := range all {
		s := &all[i]
		said = append(said, s.says(c.Policy.People))
		team := notice.TeamNames(c.Policy.People, s.rota.Teams)
		what := phrase.Say("%s is away until %s: you cover on-call for %s", agent.FullName, c.LocalTime(until), team)
		if back {
			what = phrase.Say("%s is back: you no longer cover on-call for %s", agent.FullName, team)
		}
		for _, name := range s.agents {
			if err := TellRota(c, c.Policy.People.Agent(name), away, what, slices.Contains(s.now, name)); err != nil {
				return phrase.Text{}, err
			}
		}
	}
	return phrase.Join(said...), nil
}
