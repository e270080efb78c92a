package config

import (
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/rules/fault"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/sla"
)

type serviceFile struct {
	position
	Tiers        []tierBlock          `yaml:"tiers" doc:"The ladder, from the lowest tier up. Without the key: 0 Self-service, 1 Front desk (team frontdesk), 2 Technicians (technicians), 3 Experts (engineering), 4 Vendors (outside)."`
	Priorities   named[promiseBlock]  `yaml:"priorities" doc:"What is promised, the most urgent first. Without the key: urgent 30m/1h/4h, high 1h/2h/8h, normal 4h/8h/24h, low 8h/16h/48h."`
	Policies     named[policyBlock]   `yaml:"policies" doc:"What is promised for some tickets in place of that, each policy under a name of your choice. The first that is for a ticket holds. When a ticket comes under another policy, its clocks are computed anew from their beginning; what stood still stays left out."`
	Default      defaultsBlock        `yaml:"default" doc:"What a new ticket begins with."`
	Calendars    named[calendarBlock] `yaml:"calendars" doc:"When clocks run, each calendar under a name of your choice. always, the clock round, is there by itself."`
	Calendar     text                 `yaml:"calendar" default:"always" eg:"office" doc:"The desk's own calendar: for priorities that name none, and for office_hours in rules."`
	Escalation   []escalationBlock    `yaml:"escalation" doc:"What happens when a promise is about to be missed or is missed. An empty list, [], is none; without the key it is the list that tierdesk init writes."`
	Problems     problemsBlock        `yaml:"problems" doc:"How problems, the root causes of several tickets, are noticed."`
	Ideas        []address            `yaml:"ideas" eg:"[product@acme.example]" doc:"Who gets what customers wish for (/idea) once a month."`
	Recurring    named[repeatBlock]   `yaml:"recurring" doc:"Tickets that the desk opens at set times, each under a name of your choice. After an outage there is one, not one for each date."`
	PauseClockIn []text               `yaml:"pause_clock_in" default:"[pending, on-hold]" eg:"[pending, on-hold]" doc:"Statuses in which the resolution clock stands still."`
	AfterAnswer  text                 `yaml:"after_answer" jsonschema:"enum=pending,enum=open" default:"pending" eg:"open" doc:"Status that an agent's answer leaves the ticket in, unless the answer says another: pending waits for the requester, open for an agent."`
	ProgressMax  number               `yaml:"progress_max" default:"3" eg:"3" doc:"How often a customer is told that you are still on it without a person's answer in between. With the last time, who has the ticket is told to write: assignee, or team and lead."`
	CloseAfter   duration             `yaml:"close_after" default:"5d" eg:"5d" doc:"From solved to closed; 0 is never."`
	ReopenWithin duration             `yaml:"reopen_within" default:"14d" eg:"14d" doc:"Counted from solved; later replies open a new, linked ticket."`
}

type tierBlock struct {
	position
	Level       number  `yaml:"level" jsonschema:"required" eg:"1" doc:"Number of the tier, from 0 to 9."`
	Name        text    `yaml:"name" jsonschema:"required" eg:"Front desk" doc:"What people call it."`
	Team        text    `yaml:"team" eg:"frontdesk" doc:"Who works there; a team of people.yaml. Tier 0 and outside tiers have none."`
	Handover    words   `yaml:"handover" default:"reason" eg:"[reason, tried]" doc:"What an agent has to provide to move a ticket up to this tier: reason, after /escalate, and fields of the ticket, by name, set by /field or a form; none for nothing. If something is missing, the agent is told what, and the ticket is not moved. Tickets that move up because time ran out, or by a rule, need nothing."`
	Outside     boolean `yaml:"outside" default:"false" eg:"true" doc:"Vendors: reached only by name, never because time runs out."`
	SolveTarget text    `yaml:"solve_target" jsonschema:"-" notyet:"there are no reports that compare it with what is solved"`
}

type promiseBlock struct {
	position
	FirstReply duration `yaml:"first_reply" eg:"1h" doc:"Until an agent first answers; leave it out to promise nothing."`
	NextReply  duration `yaml:"next_reply" eg:"2h" doc:"Until an agent answers what the customer wrote since."`
	Resolution duration `yaml:"resolution" eg:"8h" doc:"Until the ticket is solved."`
	Progress   duration `yaml:"progress" eg:"1d" doc:"How long the customer goes without a word while their ticket is with you, before the desk tells them that you are still on it and when they hear next. Counted in the calendar, never said at night. Leave it out for none."`
	Calendar   text     `yaml:"calendar" eg:"always" doc:"In which the clocks run: a calendar of this file, or always. Without the key it is the desk's."`
}

type policyBlock struct {
	position
	For        matchBlock          `yaml:"for" jsonschema:"required" doc:"Which tickets. All keys that are given must fit, each by one of its words."`
	Calendar   text                `yaml:"calendar" eg:"always" doc:"In which its clocks run, for every priority that names none here. Without the key: as without the policy."`
	Priorities named[promiseBlock] `yaml:"priorities" doc:"What it promises, by priority. A priority that is not here is promised as without the policy."`
}

type matchBlock struct {
	position
	Organisation words    `yaml:"organisation" eg:"[Gold Ltd]" doc:"The customer's organisation: names of people.yaml."`
	Plan         words    `yaml:"plan" eg:"[gold]" doc:"The plan of their organisation."`
	Customer     words    `yaml:"customer" eg:"[boss@mail.example, gold.example]" doc:"The customer's address, or its domain or one above it."`
	Team         words    `yaml:"team" eg:"[network]" doc:"The team that has the ticket."`
	Tier         []number `yaml:"tier" eg:"[2, 3]" doc:"The tier at which it is."`
	Tag          words    `yaml:"tag" eg:"[outage]" doc:"A tag that it has."`
	Inbox        words    `yaml:"inbox" eg:"[support]" doc:"The inbox that it came to."`
}

type defaultsBlock struct {
	position
	Priority text   `yaml:"priority" default:"normal" eg:"normal" doc:"Priority of a new ticket."`
	Tier     number `yaml:"tier" default:"1" eg:"1" doc:"Tier of a new ticket."`
}

type calendarBlock struct {
	position
	Timezone text        `yaml:"timezone" eg:"Europe/Berlin" doc:"The desk's time zone without it."`
	Hours    named[text] `yaml:"hours" jsonschema:"required" eg:"{mon-fri: \"08:00-17:00\"}" doc:"Days, and the hours on them: mon-thu: \"08:00-12:00 13:00-17:00\". Days that are not named are closed."`
	Holidays []text      `yaml:"holidays" eg:"[holidays.ics, 2026-12-24]" doc:"Dates, and iCalendar files in the desk folder whose events are times off. Times without a zone are those of the file's X-WR-TIMEZONE, else of the calendar; cancelled events are left out."`
}

type escalationBlock struct {
	position
	When     text    `yaml:"when" jsonschema:"required" eg:"first_reply at 80%" doc:"TARGET at N%, TARGET missed (first_reply, next_reply, resolution), or no agent reply for TIME."`
	Notify   words   `yaml:"notify" eg:"[assignee, team]" doc:"Whom: assignee, team, lead (of the team), manager (of the team), on-call (by the rota of the team, at once whatever their quiet hours; its lead where nobody is), next (the next tier's team), admin, or the name of an agent or team. Nobody is told twice of the same."`
	Tier     text    `yaml:"tier" jsonschema:"enum=up" eg:"up" doc:"up: the ticket goes to the next inside tier. At the highest it stays."`
	Priority text    `yaml:"priority" eg:"high" doc:"The priority is raised to it; never lowered."`
	AtTier   number  `yaml:"at_tier" eg:"1" doc:"Only when the ticket is at this tier."`
	Repeat   gaps    `yaml:"repeat" eg:"[1h, 2h, 4h]" doc:"They are told again after each of these times, one after the other, in the ticket's calendar, until somebody answers."`
	AtNight  boolean `yaml:"at_night" default:"false" eg:"true" doc:"Also while the ticket's calendar is closed. Without it, what would fall due then waits until it opens."`
}

// Words that "notify:" accepts in addition to names.
var notifyWords = []string{"assignee", "team", "lead", "manager", tickets.WordOnCall, "next", "admin"}

// build converts the file to a service. If people is nil, because its file cannot be read, names of
// people are not checked.
func (f *serviceFile) build(files *folder, zone *time.Location, people *tickets.Directory, inboxes []Inbox,
	faults *fault.List) (s tickets.Service, desk *sla.Calendar, holidays []holidaySource) {
	s.Tiers = f.tiers(people, faults)
	s.Calendars, holidays = f.calendars(files, zone, faults)
	calendar := "always"
	if f.Calendar.given() {
		calendar = f.Calendar.s
		f.knownCalendar(f.Calendar, faults)
	}
	s.Priorities = f.priorities(calendar, faults)
	s.Levels = f.policies(&s, people, inboxes, faults)
	s.Default = f.defaults(&s, faults)
	s.Escalations = f.escalations(&s, people, faults)
	s.PauseIn = []tickets.Status{tickets.Pending, tickets.OnHold}
	if _, given := f.Keys["pause_clock_in"]; given {
		s.PauseIn = []tickets.Status{}
		for _, w := range f.PauseClockIn {
			f.pause(w, &s, faults)
		}
	}
	s.AfterAnswer = tickets.Pending
	if f.AfterAnswer.given() {
		s.AfterAnswer = tickets.Status(f.AfterAnswer.s)
	}
	s.ProgressMax = 3
	if m := f.ProgressMax; m.given() {
		if s.ProgressMax = m.n; m.n < 1 {
			faults.Add(m.at, "at least 1; without progress: nobody is told anything", "progress_max cannot be %d", m.n)
		}
	}
	s.CloseAfter = f.CloseAfter.or(5 * 24 * time.Hour)
	s.ReopenWithin = f.ReopenWithin.or(14 * 24 * time.Hour)
	s.Spike, s.Recurring = f.spikes(faults), f.repeated(people, inboxes, faults)
	known := inboxOf(inboxes)
	for _, a := range f.Ideas {
		if in, own := known[mailin.Fold(a.s)]; own {
			faults.Add(a.at, "the desk would write to itself", "%q is the address of the inbox %q", a.s, in)
			continue
		}
		s.Ideas = append(s.Ideas, a.s)
	}
	return s, s.Calendars[calendar], holidays
}

func (f *serviceFile) pause(w text, s *tickets.Service, faults *fault.List) {
	allowed := []string{"pending", "on-hold"}
	switch {
	case !w.given():
	case !slices.Contains(allowed, w.s):
		faults.Add(w.at, "pending or on-hold", "no clock can stand still in %q", w.s)
	case slices.Contains(s.PauseIn, tickets.Status(w.s)):
		faults.Add(w.at, "leave one out", "%q stands here twice", w.s)
	default:
		s.PauseIn = append(s.PauseIn, tickets.Status(w.s))
	}
}

func (f *serviceFile) tiers(people *tickets.Directory, faults *fault.List) []tickets.Tier {
	if _, given := f.Keys["tiers"]; !given {
		out := []tickets.Tier{{Level: 0, Name: "Self-service"}, {Level: 1, Name: "Front desk", Team: "frontdesk"},
			{Level: 2, Name: "Technicians", Team: "technicians"}, {Level: 3, Name: "Experts", Team: "engineering"},
			{Level: 4, Name: "Vendors", Outside: true}}
		for i := range out {
			t := &out[i]
			if t.Team != "" {
				t.Handover = []string{tickets.HandoverReason}
			}
			if t.Team != "" && people != nil && people.Team(t.Team) == nil {
				faults.Add(f.At, `add it there, or write your own "tiers:" here`,
					"tier %d (%s) of the default ladder needs the team %q, which is not in people.yaml", t.Level, t.Name, t.Team)
			}
		}
		return out
	}
	var out []tickets.Tier
	first := map[int]fault.Place{}
	inside := false
	taken := make([]int, 0, len(f.Tiers))
	for i := range f.Tiers {
		taken = append(taken, f.Tiers[i].Level.n)
	}
	for i := range f.Tiers {
		b := &f.Tiers[i]
		inside = inside || b.Odd // it is not known what it was meant to be
		t := tickets.Tier{Level: b.Level.n, Name: b.Name.s, Team: b.Team.s, Outside: b.Outside.on}
		t.Handover = b.handover(faults)
		if b.Level.given() {
			p, twice := first[t.Level]
			switch {
			case t.Level < 0 || t.Level > 9:
				faults.Add(b.Level.at, "from 0 to 9", "%d is no level of a tier", t.Level)
			case twice:
				faults.Add(b.Level.at, "the first stands in line "+itoa(p.Line), "there are two tiers of level %d", t.Level)
				t.Level = meant(t.Level, taken)
			}
			if !twice {
				first[t.Level] = b.Level.at
			}
			taken = append(taken, t.Level)
		}
		switch {
		case t.Team != "" && t.Outside:
			faults.Add(b.Team.at, "leave it out: vendors are named in people.yaml", "an outside tier has no team")
		case t.Team != "":
			knownTeam(b.Team, people, faults)
		case t.Level > 0 && b.Keys["team"].Line == 0 && (b.Outside.given() || b.Keys["outside"].Line == 0) && !t.Outside:
			faults.Add(b.At, "give team: NAME, or outside: true", "nobody works at tier %d: it has no team", t.Level)
		}
		inside = inside || !t.Outside && b.Keys["team"].Line != 0
		out = append(out, t)
	}
	if !inside {
		faults.Add(f.Keys["tiers"], "one with a team of people.yaml", "people work at no tier")
	}
	slices.SortStableFunc(out, func(a, b tickets.Tier) int { return a.Level - b.Level })
	for i := 1; i < len(out); i++ {
		if out[i-1].Outside && !out[i].Outside {
			faults.Add(f.Keys["tiers"], "give the vendors the highest level", "tier %d is outside and stands below tier %d, which is not",
				out[i-1].Level, out[i].Level)
		}
	}
	return out
}

// meant returns the level that the second tier of a level was probably meant to have: the next one
// that is free. Otherwise all that names that tier would be at fault, too. If both its neighbours
// are taken nothing else can lack it.
func meant(level int, taken []int) int {
	for _, n := range [...]int{level + 1, level - 1} {
		if n >= 0 && n <= 9 && !slices.Contains(taken, n) {
			return n
		}
	}
	return level
}

// handover reads what must be provided by an agent who moves a ticket up to the tier.
func (b *tierBlock) handover(faults *fault.List) []string {
	if !b.Handover.given() {
		if b.Team.s == "" {
			return nil
		}
		return []string{tickets.HandoverReason}
	}
	if b.Keys["team"].Line == 0 {
		faults.Add(b.Handover.at, "give team: NAME", "nobody works at the tier to whom anything is handed over")
	}
	var out []string
	for _, w := range b.Handover.list {
		switch {
		case w.s == "none" && len(b.Handover.list) == 1:
		case w.s == "none":
			faults.Add(w.at, "write none alone, or only names", "none stands alone")
		case !commands.IsField(w.s):
			faults.Add(w.at, "small letters, like tried or serial", "%q is neither reason nor the name of a field", w.s)
		case slices.Contains(out, w.s):
			faults.Add(w.at, "leave one out", "%q stands there twice", w.s)
		default:
			out = append(out, w.s)
		}
	}
	return out
}

func (f *serviceFile) priorities(calendar string, faults *fault.List) []tickets.Priority {
	const h = time.Hour
	if !f.Priorities.given() {
		p := func(name string, first, next, resolution time.Duration) tickets.Priority {
			return tickets.Priority{Name: name,
				Promise: sla.Promise{FirstReply: first, NextReply: next, Resolution: resolution, Calendar: calendar}}
		}
		return []tickets.Priority{p("urgent", h/2, h, 4*h), p("high", h, 2*h, 8*h), p("normal", 4*h, 8*h, 24*h), p("low", 8*h, 16*h, 48*h)}
	}
	if len(f.Priorities.list) == 0 {
		faults.Add(f.Priorities.at, "like normal: {first_reply: 4h, resolution: 24h}, or leave the key out", "there is no priority")
	}
	var out []tickets.Priority
	for i := range f.Priorities.list {
		name, b := f.Priorities.list[i].name, &f.Priorities.list[i].value
		checkName(name, "a priority", faults)
		out = append(out, tickets.Priority{Name: name.s, Promise: f.promise(b, calendar, faults)})
	}
	return out
}

// promise reads a promise, in the given calendar unless it names one.
func (f *serviceFile) promise(b *promiseBlock, calendar string, faults *fault.List) sla.Promise {
	p := sla.Promise{FirstReply: b.FirstReply.d, NextReply: b.NextReply.d, Resolution: b.Resolution.d, Progress: b.Progress.d,
		Calendar: calendar}
	if b.Calendar.given() {
		p.Calendar = b.Calendar.s
		f.knownCalendar(b.Calendar, faults)
	}
	for _, reply := range []struct {
		name string
		duration
	}{{"first_reply", b.FirstReply}, {"next_reply", b.NextReply}} {
		if p.Resolution > 0 && reply.d > p.Resolution {
			faults.Add(reply.at, "a shorter time, or a longer resolution", "%s is promised later than the resolution", reply.name)
		}
	}
	if b.Progress.given() && p.Progress < minProgress {
		faults.Add(b.Progress.at, "at least an hour, like 1d", "customers would hear of progress too often")
	}
	return p
}

// minProgress is the shortest interval at which customers are told of progress.
const minProgress = time.Hour

// policies reads the promises for certain tickets.
func (f *serviceFile) policies(s *tickets.Service, people *tickets.Directory, inboxes []Inbox, faults *fault.List) []tickets.ServiceLevel {
	var out []tickets.ServiceLevel
	for i := range f.Policies.list {
		name, b := f.Policies.list[i].name, &f.Policies.list[i].value
		checkName(name, "a policy", faults)
		if b.Calendar.given() {
			f.knownCalendar(b.Calendar, faults)
		}
		if !b.Calendar.given() && len(b.Priorities.list) == 0 {
			faults.Add(name.at, "give calendar or priorities", "the policy %q promises nothing of its own", name.s)
		}
		level := tickets.ServiceLevel{Name: name.s, For: b.For.match(s, people, inboxes, faults), Promises: map[string]sla.Promise{}}
		if given := b.Keys["for"]; given.Line != 0 && !b.For.Odd && len(b.For.Keys) == 0 {
			faults.Add(given, "give for: {organisation: [NAME]}, or write the desk's own promises into priorities:",
				"the policy %q is for every ticket", name.s)
		}
		for _, p := range s.Priorities {
			if b.Calendar.given() {
				p.Calendar = b.Calendar.s
				level.Promises[p.Name] = p.Promise
			}
		}
		for k := range b.Priorities.list {
			priority, promised := b.Priorities.list[k].name, &b.Priorities.list[k].value
			own := s.Priority(priority.s)
			if own == nil {
				faults.Add(priority.at, fault.Hint(priority.s, priorityNames(s)), "there is no priority %q", priority.s)
				continue
			}
			calendar := own.Calendar
			if b.Calendar.given() {
				calendar = b.Calendar.s
			}
			level.Promises[own.Name] = f.promise(promised, calendar, faults)
		}
		out = append(out, level)
	}
	return out
}

// match reads which tickets a policy applies to.
func (b *matchBlock) match(s *tickets.Service, people *tickets.Directory, inboxes []Inbox, faults *fault.List) tickets.Match {
	m := tickets.Match{Organisations: b.Organisation.strings(), Plans: b.Plan.strings(), Teams: b.Team.strings(), Tags: b.Tag.strings(),
		Inboxes: b.Inbox.strings()}
	known := func(given words, names []string, what string) {
		for _, w := range given.list {
			if !slices.Contains(names, w.s) {
				faults.Add(w.at, fault.Hint(w.s, names), "there is no %s %q", what, w.s)
			}
		}
	}
	if people != nil {
		organisations := each(people.Organisations, func(o *tickets.Organisation) string { return o.Name })
		known(b.Organisation, organisations, "organisation")
		known(b.Plan, each(people.Organisations, func(o *tickets.Organisation) string { return o.Plan }), "plan of an organisation")
		for _, w := range b.Team.list {
			knownTeam(w, people, faults)
		}
	}
	known(b.Inbox, each(inboxes, func(in *Inbox) string { return in.Name }), "inbox")
	for _, w := range b.Customer.list {
		if m.Customers = append(m.Customers, mailin.Fold(w.s)); !strings.Contains(w.s, "@") && !isDomain(w.s) {
			faults.Add(w.at, "like gold.example or jane@gold.example", "%q is neither an address nor a domain", w.s)
		}
	}
	for _, n := range b.Tier {
		if m.Tiers = append(m.Tiers, n.n); n.given() && s.Tier(n.n) == nil {
			faults.Add(n.at, levelsOf(s), "there is no tier %d", n.n)
		}
	}
	for _, w := range b.Tag.list {
		if !tagPattern(w.s) {
			faults.Add(w.at, "a tag is one word", "%q cannot be a tag", w.s)
		}
	}
	return m
}

func (f *serviceFile) knownCalendar(name text, faults *fault.List) {
	if known := append([]string{"always"}, f.Calendars.names()...); !slices.Contains(known, name.s) {
		faults.Add(name.at, fault.Hint(name.s, known), "there is no calendar %q", name.s)
	}
}

// calendars makes the calendars and returns the sources of their holidays.
func (f *serviceFile) calendars(files *folder, desk *time.Location, faults *fault.List) (map[string]*sla.Calendar, []holidaySource) {
	out := map[string]*sla.Calendar{}
	var sources []holidaySource
	n := 0
	for i := range f.Calendars.list {
		name, b := f.Calendars.list[i].name, &f.Calendars.list[i].value
		checkName(name, "a calendar", faults)
		if name.s == "always" {
			faults.Add(name.at, "choose another name", `"always" is day and night`)
		}
		loc := desk
		if b.Timezone.given() {
			loc = zone(b.Timezone, faults)
		}
		off := b.daysOff(files, faults)
		if n += len(off.ics); n > maxCalendars {
			faults.Add(name.at, "put several into one file", "the calendars name more than %d iCalendar files", maxCalendars)
			break
		}
		if !b.Hours.given() {
			if len(b.Keys) > 0 && b.Keys["hours"].Line != 0 {
				faults.Add(b.Keys["hours"], "", "calendar %q has no hours", name.s)
			}
			continue
		}
		hours := map[string]string{}
		for _, e := range b.Hours.list {
			hours[e.name.s] = e.value.s
		}
		c, errs := sla.NewCalendar(files.ctx, name.s, loc, hours, off.days, off.ics)
		for _, err := range errs {
			place := b.placeOf(err, &off)
			for line := range strings.SplitSeq(err.Error(), "\n") {
				faults.Add(place, "", "calendar %q: %s", name.s, line)
			}
		}
		out[name.s] = c
		if c != nil {
			sources = append(sources, off.sources(c)...)
		}
	}
	return out, sources
}

// daysOff is the value of "holidays:".
type daysOff struct {
	days  []sla.Date
	dayAt []fault.Place // of each of the days
	ics   [][]byte
	names []text // of each of these files
}

func (b *calendarBlock) daysOff(files *folder, faults *fault.List) daysOff {
	var off daysOff
	first := map[string]fault.Place{}
	for _, h := range b.Holidays {
		if !h.given() {
			continue
		}
		if at, twice := first[h.s]; twice {
			faults.Add(h.at, "the first is in line "+itoa(at.Line), "%q is here twice", h.s)
			continue
		}
		first[h.s] = h.at
		if strings.HasSuffix(strings.ToLower(h.s), ".ics") {
			if content, ok := icsFile(files, h, faults); ok {
				off.ics, off.names = append(off.ics, content), append(off.names, h)
			}
			continue
		}
		day, err := sla.ParseDate(h.s)
		if err != nil {
			faults.Add(h.at, "like 2026-12-24, or a file holidays.ics", "%q is not a date", h.s)
			continue
		}
		off.days, off.dayAt = append(off.days, day), append(off.dayAt, h.at)
	}
	return off
}

// icsFile reads an iCalendar file, which must be in the desk folder since it is part of the policy.
func icsFile(files *folder, name text, faults *fault.List) ([]byte, bool) {
	if !filepath.IsLocal(name.s) {
		faults.Add(name.at, "put it into the desk folder", "the file %q is elsewhere", name.s)
		return nil, false
	}
	content, err := files.read(icsName(name))
	if err != nil {
		faults.Add(name.at, "name a file that the desk may read, like holidays.ics", "the file %q cannot be read: %s", name.s, why(err))
		return nil, false
	}
	return content, true
}

// icsName returns the name of an iCalendar file, relative to the desk folder.
func icsName(name text) string { return filepath.ToSlash(filepath.Clean(name.s)) }

// placeOf returns the place of a calendar's fault, in this file or in an iCalendar file.
func (b *calendarBlock) placeOf(err error, off *daysOff) fault.Place {
	var ce *sla.CalendarError
	if !errors.As(err, &ce) {
		return b.Hours.at
	}
	switch {
	case ce.Part == "holidays" && ce.Index < len(off.dayAt):
		return off.dayAt[ce.Index]
	case ce.Part == "ics" && ce.Index < len(off.names):
		return fault.Place{File: icsName(off.names[ce.Index]), Line: ce.Line}
	}
	for _, e := range b.Hours.list {
		if ce.Key != "" && e.name.s == ce.Key {
			return e.name.at
		}
	}
	return b.Hours.at
}

// holidaySource is a list of dates or an iCalendar file, and its last day, zero if it has none.
type holidaySource struct {
	at       fault.Place
	what     string
	last     sla.Date
	calendar *sla.Calendar
}

// sources returns the sources of a calendar's days off.
func (off *daysOff) sources(c *sla.Calendar) []holidaySource {
	var out []holidaySource
	listed, files := c.LastHolidays()
	if !listed.IsZero() {
		out = append(out, holidaySource{off.dayAt[len(off.dayAt)-1], "the list of holidays", listed, c})
	}
	for i, last := range files {
		out = append(out, holidaySource{off.names[i].at, strconv.Quote(off.names[i].s), last, c})
	}
	return out
}

// PastHolidays returns a warning for each list of holidays and each iCalendar file whose last day
// is past, or that has none: later holidays would count as working days.
func (d *Policy) PastHolidays(now time.Time) fault.List {
	var out fault.List
	for _, s := range d.holidays {
		if s.last.IsZero() {
			out.Add(s.at, "export it again, or take it out", "calendar %q: %s holds no day off", s.calendar.Name(), s.what)
		} else if s.calendar.Past(s.last, now) {
			out.Add(s.at, "add those to come, or take it out", "calendar %q: %s ends on %s: all holidays since then are working days",
				s.calendar.Name(), s.what, s.last)
		}
	}
	return out
}

func (f *serviceFile) defaults(s *tickets.Service, faults *fault.List) tickets.Defaults {
	d := tickets.Defaults{Priority: "normal", Tier: 1}
	place := func(p, otherwise fault.Place) fault.Place {
		if p.Line == 0 {
			return otherwise
		}
		return p
	}
	if f.Default.Priority.given() {
		d.Priority = f.Default.Priority.s
	}
	if s.Priority(d.Priority) == nil && len(s.Priorities) > 0 {
		at := place(f.Default.Priority.at, f.Priorities.at)
		if f.Default.Priority.given() {
			faults.Add(at, fault.Hint(d.Priority, priorityNames(s)), "there is no priority %q", d.Priority)
		} else {
			faults.Add(at, "give default: {priority: NAME}", "new tickets get the priority %q, which is not there", d.Priority)
		}
	}
	if f.Default.Tier.given() {
		d.Tier = f.Default.Tier.n
	}
	at := place(f.Default.Tier.at, place(f.Keys["tiers"], f.At))
	switch t := s.Tier(d.Tier); {
	case t == nil && f.Default.Tier.given():
		faults.Add(at, levelsOf(s), "there is no tier %d", d.Tier)
	case t == nil && slices.ContainsFunc(f.Tiers, func(b tierBlock) bool { return b.Odd }):
		// The level that cannot be read may be this one.
	case t == nil:
		faults.Add(at, "give default: {tier: LEVEL}", "new tickets begin at tier %d, which is not there", d.Tier)
	case t.Outside:
		faults.Add(at, "give default: {tier: LEVEL}", "new tickets would begin at tier %d, which is outside", d.Tier)
	}
	return d
}

func priorityNames(s *tickets.Service) []string {
	return each(s.Priorities, func(p *tickets.Priority) string { return p.Name })
}

// defaultEscalation returns the escalation if service.yaml sets none: a warning at 80 %, a notice
// to the lead when a target is missed, and a move to the next tier when the time to solve is over.
func defaultEscalation() []tickets.Escalation {
	var out []tickets.Escalation
	for _, t := range sla.Targets() {
		out = append(out, tickets.Escalation{When: tickets.Condition{Target: t, Percent: 80}, Notify: []string{"assignee", "team"}})
		missed := tickets.Escalation{When: tickets.Condition{Target: t, Percent: 100}, Notify: []string{"lead"}}
		if t == sla.Resolution {
			missed = tickets.Escalation{When: missed.When, Notify: []string{"lead", "next"}, TierUp: true}
		}
		out = append(out, missed)
	}
	return out
}

var (
	whenAt      = regexp.MustCompile(`^(\S+)\s+at\s+(\S+)$`)
	whenMissed  = regexp.MustCompile(`^(\S+)\s+missed$`)
	whenNoReply = regexp.MustCompile(`^no\s+agent\s+reply\s+for\s+(.+)$`)
)

const whenHint = "TARGET at 80%, TARGET missed, or no agent reply for 2h; a TARGET is first_reply, next_reply or resolution"

func (f *serviceFile) escalations(s *tickets.Service, people *tickets.Directory, faults *fault.List) []tickets.Escalation {
	if _, given := f.Keys["escalation"]; !given {
		return defaultEscalation()
	}
	out := []tickets.Escalation{}
	for i := range f.Escalation {
		b := &f.Escalation[i]
		e := tickets.Escalation{When: condition(b.When, faults), Notify: b.Notify.strings(), TierUp: b.Tier.s == "up",
			Priority: b.Priority.s, AtNight: b.AtNight.on, Repeat: b.Repeat.list}
		if b.Repeat.given() && !b.Notify.given() {
			faults.Add(b.Repeat.at, "give notify: whom", "nobody is told again whom nobody is told")
		}
		for _, w := range b.Notify.list {
			knownPerson(w, notifyWords, people, faults)
			if w.s == tickets.WordOnCall && people != nil && !calls(people) {
				faults.Add(w.at, "give people.yaml a rota: with on_call:", "nobody is ever on call")
			}
		}
		if b.Priority.given() && s.Priority(b.Priority.s) == nil {
			faults.Add(b.Priority.at, fault.Hint(b.Priority.s, priorityNames(s)), "there is no priority %q", b.Priority.s)
		}
		if b.AtTier.given() {
			level := b.AtTier.n
			e.AtTier = &level
			switch t := s.Tier(level); {
			case t == nil:
				faults.Add(b.AtTier.at, levelsOf(s), "there is no tier %d", level)
			case e.TierUp && s.Above(level) == nil:
				faults.Add(b.Tier.at, "leave tier: +1 out, or add a tier above it", "nothing inside stands above tier %d", level)
			}
		}
		if b.Keys["notify"].Line == 0 && b.Keys["tier"].Line == 0 && b.Keys["priority"].Line == 0 {
			faults.Add(b.At, "give notify, tier or priority", "this escalation does nothing")
		}
		out = append(out, e)
	}
	return out
}

// condition reads "when:".
func condition(when text, faults *fault.List) tickets.Condition {
	if !when.given() {
		return tickets.Condition{}
	}
	target := func(word string) sla.Target {
		known := make([]string, 0, 3)
		for _, t := range sla.Targets() {
			known = append(known, string(t))
		}
		if !slices.Contains(known, word) {
			faults.Add(when.at, fault.Hint(word, known), "there is no target %q", word)
		}
		return sla.Target(word)
	}
	if m := whenMissed.FindStringSubmatch(when.s); m != nil {
		return tickets.Condition{Target: target(m[1]), Percent: 100}
	}
	if m := whenAt.FindStringSubmatch(when.s); m != nil {
		c := tickets.Condition{Target: target(m[1])}
		p := percentage.FindStringSubmatch(m[2])
		if p == nil {
			faults.Add(when.at, "like 80%", "%q is not a percentage from 1%% to 100%%", m[2])
			return c
		}
		c.Percent = digits(p[1])
		return c
	}
	if m := whenNoReply.FindStringSubmatch(when.s); m != nil {
		d, err := sla.ParseDuration(m[1])
		if err != nil || d.BusinessDays > 0 {
			faults.Add(when.at, "like 30m, 2h or 1d", "%q is not a length of time", m[1])
		}
		return tickets.Condition{NoAgentReply: d.Clock}
	}
	faults.Add(when.at, whenHint, "%q is not a condition", when.s)
	return tickets.Condition{}
}

func teamNames(people *tickets.Directory) []string {
	return each(people.Teams, func(t *tickets.Team) string { return t.Name })
}

func agentNames(people *tickets.Directory) []string {
	return each(people.Agents, func(a *tickets.Agent) string { return a.Name })
}

func vendorNames(people *tickets.Directory) []string {
	return each(people.Vendors, func(v *tickets.Vendor) string { return v.Name })
}

func each[T any](list []T, name func(*T) string) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = name(&list[i])
	}
	return out
}

func knownTeam(t text, people *tickets.Directory, faults *fault.List) {
	if people != nil && people.Team(t.s) == nil {
		unknownTeam(t, people, faults)
	}
}

func unknownTeam(t text, people *tickets.Directory, faults *fault.List) {
	faults.Add(t.at, hint(t.s, faults, func() []string { return teamNames(people) }), "there is no team %q in people.yaml", t.s)
}

// knownPerson reports a name that is neither one of the words nor an agent nor a team.
func knownPerson(t text, words []string, people *tickets.Directory, faults *fault.List) {
	if people == nil {
		return
	}
	agent := people.Agent(t.s) // ignores case; here the name must be the same
	if !slices.Contains(words, t.s) && people.Team(t.s) == nil && (agent == nil || agent.Name != t.s) {
		known := func() []string { return slices.Concat(words, teamNames(people), agentNames(people)) }
		faults.Add(t.at, hint(t.s, faults, known), "there is neither an agent nor a team %q", t.s)
	}
}

// hint returns what may have been meant, unless there are already more faults than are reported.
func hint(word string, faults *fault.List, known func() []string) string {
	if len(*faults) > maxFaults {
		return ""
	}
	return fault.Hint(word, known())
}

// levelsOf names the levels of the ladder for a hint.
func levelsOf(s *tickets.Service) string {
	levels := each(s.Tiers, func(t *tickets.Tier) string { return strconv.Itoa(t.Level) })
	return "one of " + strings.Join(levels, ", ")
}
