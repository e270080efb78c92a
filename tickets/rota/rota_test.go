package rota

import (
	"testing"
	"time"

	"tierdesk/tickets"
	"tierdesk/tickets/sla"
)

// The mail of a week is due on its first working morning, in the desk's zone and calendar: not at night, not on a holiday, and of a week without a
// working day there is none.
func TestDue(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	date := func(s string) sla.Date {
		d, err := sla.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	holidays := []sla.Date{date("2026-04-06")} // Easter Monday
	for _, day := range []string{"21", "22", "23", "24", "25"} {
		holidays = append(holidays, date("2026-12-"+day))
	}
	office, faults := sla.NewCalendar(t.Context(), "office", berlin, map[string]string{"mon-fri": "07:30-17:00"}, holidays, nil)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	late, faults := sla.NewCalendar(t.Context(), "late", berlin, map[string]string{"wed-fri": "10:00-22:00"}, nil, nil)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	at := func(s string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct {
		name           string
		calendar       *sla.Calendar
		week, now      string
		wantAt, wantOf string
	}{
		{"the clock round: by day", nil, "2026-03-02", "2026-02-27 12:00", "2026-03-02 08:00", "2026-03-02"},
		{"an office that opens early", office, "2026-03-02", "2026-03-01 12:00", "2026-03-02 08:00", "2026-03-02"},
		{"after the clocks went forward", office, "2026-03-30", "2026-03-28 12:00", "2026-03-30 08:00", "2026-03-30"},
		{"a holiday on Monday", office, "2026-04-06", "2026-04-04 12:00", "2026-04-07 08:00", "2026-04-06"},
		{"the desk comes back on Wednesday", office, "2026-03-02", "2026-03-04 11:11", "2026-03-04 11:11", "2026-03-02"},
		{"at night", office, "2026-03-02", "2026-03-04 03:00", "2026-03-04 08:00", "2026-03-02"},
		{"on Friday night: the next week", office, "2026-03-02", "2026-03-06 18:00", "2026-03-09 08:00", "2026-03-09"},
		{"a week off", office, "2026-12-21", "2026-12-19 12:00", "2026-12-28 08:00", "2026-12-28"},
		{"a desk that works from Wednesday on", late, "2026-03-02", "2026-03-02 08:00", "2026-03-04 10:00", "2026-03-02"},
		{"its evening", late, "2026-03-02", "2026-03-04 21:00", "2026-03-05 10:00", "2026-03-02"},
	} {
		gotAt, of := due(c.calendar, at(c.week+" 00:00"), at(c.now))
		if !gotAt.Equal(at(c.wantAt)) || !of.Equal(at(c.wantOf+" 00:00")) {
			t.Errorf("%s: %s of the week %s, wanted %s of %s", c.name, gotAt, of, c.wantAt, c.wantOf)
		}
	}
}

// The next week to be told of is this one until it was told; a later one that was told already is the work of a clock that was ahead, and counts for nothing.
func TestTheNextWeek(t *testing.T) {
	people := &tickets.Directory{Rotas: []tickets.Rota{{Name: "frontdesk", Teams: []string{"frontdesk"}, Days: 7,
		Starts: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), Turns: []tickets.Turn{{OnDuty: []string{"ann"}}}}}}
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	monday := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		last    told
		want    time.Time
		changed bool
	}{
		"nothing was told":              {told{}, monday, false},
		"the week before":               {told{monday.AddDate(0, 0, -7), "x"}, monday, false},
		"this week":                     {told{monday, plan(people, monday)}, monday.AddDate(0, 0, 7), false},
		"this week, and other turns":    {told{monday, "x"}, monday, true},
		"a clock that was a week ahead": {told{monday.AddDate(0, 0, 7), plan(people, monday.AddDate(0, 0, 7))}, monday, false},
		"a clock that was a year ahead": {told{monday.AddDate(0, 0, 364), "x"}, monday, false},
	} {
		if got, changed := c.last.next(people, now); !got.Equal(c.want) || changed != c.changed {
			t.Errorf("%s: %s, %v; wanted %s, %v", name, got, changed, c.want, c.changed)
		}
	}
}
