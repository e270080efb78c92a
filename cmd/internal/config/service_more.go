package config

import (
	"regexp"
	"slices"
	"strconv"
	"time"

	"tierdesk/rules/fault"
	"tierdesk/tickets"
	"tierdesk/tickets/sla"
)

type problemsBlock struct {
	position
	Spike text `yaml:"spike" eg:"5 in 30m" doc:"So many like tickets in so short a time are proposed to the lead as a problem, once; without the key nobody looks for them."`
}

type repeatBlock struct {
	position
	Every   text `yaml:"every" jsonschema:"required" eg:"first monday" doc:"first, second, third, fourth or last and a day of the week; first day, last day or day 15 of the month; daily, every 3 days, every monday, every 2 weeks on friday."`
	At      text `yaml:"at" default:"09:00" eg:"07:30" doc:"Time of day, in the desk's time zone."`
	Inbox   text `yaml:"inbox" eg:"support" doc:"Whose ticket it is; without the key the first inbox's."`
	Team    text `yaml:"team" eg:"technicians" doc:"Who gets it; without the key the team of new tickets."`
	Subject text `yaml:"subject" jsonschema:"required" eg:"Printer service" doc:"Of the ticket."`
	Text    text `yaml:"text" eg:"Clean the rollers of all printers." doc:"What is to be done."`
}

var spike = regexp.MustCompile(`^(\d{1,3}) in (\S+)$`)

// spikes reads how many similar tickets make a problem.
func (f *serviceFile) spikes(faults *fault.List) tickets.Spike {
	v := f.Problems.Spike
	if !v.given() {
		return tickets.Spike{}
	}
	m := spike.FindStringSubmatch(v.s)
	if m == nil {
		faults.Add(v.at, `like "5 in 30m"`, "%q is not so many tickets in some time", v.s)
		return tickets.Spike{}
	}
	n, err := strconv.Atoi(m[1])
	d, wrong := sla.ParseDuration(m[2])
	switch {
	case err != nil || n < 2:
		faults.Add(v.at, "at least 2", "%s tickets are no group", m[1])
	case wrong != nil || d.BusinessDays > 0 || d.Clock < time.Minute || d.Clock > 7*24*time.Hour:
		faults.Add(v.at, `like "5 in 30m", up to 7d`, "%q is no time in which like tickets can be noticed", m[2])
	}
	return tickets.Spike{Tickets: n, Within: d.Clock}
}

// repeated reads the recurring tickets. Without people or inboxes, their names are not checked.
func (f *serviceFile) repeated(people *tickets.Directory, inboxes []Inbox, faults *fault.List) []tickets.Recurring {
	var out []tickets.Recurring
	seen := map[string]fault.Place{}
	names := each(inboxes, func(in *Inbox) string { return in.Name })
	for i := range f.Recurring.list {
		name, b := f.Recurring.list[i].name, &f.Recurring.list[i].value
		checkName(name, "a recurring ticket", faults)
		if first, ok := seen[name.s]; ok {
			faults.Add(name.at, "the first stands in line "+itoa(first.Line), "there are two recurring tickets called %q", name.s)
		}
		seen[name.s] = name.at
		r := tickets.Recurring{Name: name.s, Inbox: b.Inbox.s, Team: b.Team.s, Subject: b.Subject.s, Text: b.Text.s}
		if b.Every.given() {
			var err error
			if r.Schedule, err = sla.ParseSchedule(b.Every.s, b.At.s); err != nil {
				faults.Add(b.Every.at, `like "first monday", "every 2 weeks on friday" or "daily", and at: "07:30"`, "%s", err)
			}
		}
		if b.Inbox.given() && len(inboxes) > 0 && !slices.Contains(names, b.Inbox.s) {
			faults.Add(b.Inbox.at, fault.Hint(b.Inbox.s, names), "there is no inbox %q", b.Inbox.s)
		}
		if b.Team.given() && people != nil && people.Team(b.Team.s) == nil {
			faults.Add(b.Team.at, fault.Hint(b.Team.s, teamNames(people)), "there is no team %q", b.Team.s)
		}
		out = append(out, r)
	}
	return out
}
