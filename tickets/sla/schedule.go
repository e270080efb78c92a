package sla

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tierdesk/rules/pattern"
)

// Schedule is a recurring time: "first monday 08:00", "every 2 weeks monday", "daily". The zero
// value never recurs.
type Schedule struct {
	every   int // days or weeks, or 0 for once a month
	weekly  bool
	ordinal int // in the month: 1 to 4, -1 for the last; with weekday < 0 the day of the month, -1 for the last
	weekday time.Weekday
	anyDay  bool // every days, or a day of the month
	at      TimeOfDay
}

var (
	everyN     = pattern.Late(`^every (?:(\d{1,2}) )?(days?|weeks?)(?: (?:on )?(\pL+))?$`)
	onWeekday  = pattern.Late(`^every (\pL+)$`)
	nthWeekday = pattern.Late(`^(first|second|third|fourth|last) (\pL+)$`)
	nthDay     = pattern.Late(`^day (\d{1,2}) of the month$`)
	ordinals   = []string{"first", "second", "third", "fourth"}
	weekdays   = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
)

// ParseSchedule parses a schedule: "first monday", "last friday", "last day", "day 15 of the
// month", "every day", "every monday", "every 2 weeks", "every 2 weeks on friday", each optionally
// followed by a time of day. Weeks and days are counted from Monday, 5 January 1970, so that the
// result does not depend on when the counting starts. A day of the month must exist in every month:
// at most 28, or the last day.
func ParseSchedule(s, at string) (Schedule, error) {
	out := Schedule{at: morning}
	if at != "" {
		t, err := time.Parse("15:04", at)
		if err != nil {
			return Schedule{}, fmt.Errorf("%q is not a time of day", at)
		}
		out.at = TimeOfDay(t.Hour()*60 + t.Minute())
	}
	fail := func() (Schedule, error) {
		return Schedule{}, fmt.Errorf(`%q is no schedule`, s)
	}
	words := strings.Join(strings.Fields(strings.ToLower(s)), " ")
	if m := nthWeekday().FindStringSubmatch(words); m != nil {
		out.ordinal = slices.Index(ordinals, m[1]) + 1
		if out.ordinal == 0 {
			out.ordinal = -1
		}
		if m[2] == "day" && (out.ordinal == 1 || out.ordinal == -1) {
			out.anyDay = true
			return out, nil
		}
		day, ok := weekdayOf(m[2])
		if !ok {
			return fail()
		}
		out.weekday = day
		return out, nil
	}
	if m := nthDay().FindStringSubmatch(words); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil || n < 1 || n > 28 {
			return Schedule{}, fmt.Errorf("%q: not every month has that day", s)
		}
		out.ordinal, out.anyDay = n, true
		return out, nil
	}
	if words == "daily" {
		words = "every day"
	}
	if m := everyN().FindStringSubmatch(words); m != nil {
		out.every, out.weekly, out.weekday, out.anyDay = 1, strings.HasPrefix(m[2], "week"), time.Monday, strings.HasPrefix(m[2], "day")
		if m[1] != "" {
			n, err := strconv.Atoi(m[1])
			if err != nil || n < 1 {
				return fail()
			}
			out.every = n
		}
		if m[3] != "" {
			day, ok := weekdayOf(m[3])
			if !ok || !out.weekly {
				return fail()
			}
			out.weekday = day
		}
		return out, nil
	}
	if m := onWeekday().FindStringSubmatch(words); m != nil {
		day, ok := weekdayOf(m[1])
		if !ok {
			return fail()
		}
		out.every, out.weekly, out.weekday = 1, true, day
		return out, nil
	}
	return fail()
}

// weekdayOf parses a day of the week, or its first three letters.
func weekdayOf(s string) (time.Weekday, bool) {
	for i, name := range weekdays {
		if s == name || s == name[:3] {
			return time.Weekday(i), true
		}
	}
	return 0, false
}

// Next returns the first time of the schedule after an instant, in the instant's location.
func (s Schedule) Next(after time.Time) time.Time {
	today := dateOf(after)
	for n := range 800 { // no schedule has a longer gap
		day := today.add(n)
		if !s.on(day) {
			continue
		}
		if t := onTheWall(day, s.at, after.Location()); t.After(after) {
			return t
		}
	}
	return time.Time{}
}

// on reports whether the schedule includes a day.
func (s Schedule) on(date Date) bool {
	year, month, day := date.Year, date.Month, date.Day
	last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
	// The days since Monday, 5 January 1970.
	since := int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Sub(time.Date(1970, 1, 5, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
	switch {
	case s.every > 0 && s.weekly:
		return date.weekday() == s.weekday && since/7%s.every == 0
	case s.every > 0:
		return since%s.every == 0
	case s.anyDay:
		return day == s.ordinal || s.ordinal < 0 && day == last
	case s.ordinal < 0:
		return date.weekday() == s.weekday && day > last-7
	case s.ordinal > 0:
		return date.weekday() == s.weekday && (day-1)/7+1 == s.ordinal
	}
	return false
}

// String returns a canonical form: equal schedules, and only those, have equal strings.
func (s Schedule) String() string {
	return fmt.Sprintf("%d %t %d %d %t %d", s.every, s.weekly, s.ordinal, s.weekday, s.anyDay, s.at)
}
