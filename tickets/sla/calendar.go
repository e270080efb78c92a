package sla

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Calendar is a set of business hours, by which clocks run: weekly hours in a time zone, minus
// holidays. It is immutable and safe for concurrent use. A nil *Calendar is always open; all
// methods accept it.
type Calendar struct {
	name     string
	location *time.Location
	week     [7][]Span
	off      map[Date][]Span // the parts of a day that are off, sorted, without overlaps

	lastListed Date   // the last of the single holidays
	lastOfFile []Date // the last day off of each iCalendar file
}

// Span is a part of a day in local time, from From up to but excluding To.
type Span struct{ From, To TimeOfDay }

// TimeOfDay is a local time of day in minutes since midnight: 0 is 00:00, 1440 is 24:00.
type TimeOfDay int

// String returns hh:mm.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60) }

const endOfDay TimeOfDay = 24 * 60

// Date is a day of the Gregorian calendar, without time or zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate parses a date such as 2026-12-24.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, strings.TrimSpace(s))
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date like 2026-12-24", s)
	}
	return dateOf(t), nil
}

// String formats the date as in 2026-12-24.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

func (d Date) add(days int) Date {
	return dateOf(time.Date(d.Year, d.Month, d.Day+days, 12, 0, 0, 0, time.UTC))
}

func (d Date) weekday() time.Weekday {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC).Weekday()
}

// IsZero reports whether d is the zero Date.
func (d Date) IsZero() bool { return d == Date{} }

// before reports whether d comes before e.
func (d Date) before(e Date) bool {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day)) < 0
}

func later(a, b Date) Date {
	if a.before(b) {
		return b
	}
	return a
}

// CalendarError is one mistake in the definition of a calendar, and its location.
type CalendarError struct {
	Part  string // "hours", "holidays" (a date) or "ics"
	Key   string // of hours: the days, as written
	Index int    // of holidays and ics
	Line  int    // of ics: in that file; 0 for the file as a whole
	Err   error
}

// Error describes the mistake.
func (e *CalendarError) Error() string { return e.Err.Error() }

// Unwrap returns the underlying error.
func (e *CalendarError) Unwrap() error { return e.Err }

// NewCalendar makes a calendar from weekly hours by days ("mon-thu": "08:00-12:00 13:00-17:00"),
// single holidays, and the contents of iCalendar files (RFC 5545) whose events are times off. It
// returns all mistakes together, each a *CalendarError. If ctx ends, the remaining events are not
// read, which counts as a mistake.
func NewCalendar(ctx context.Context, name string, location *time.Location, hours map[string]string, holidays []Date,
	ics [][]byte) (*Calendar, []error) {
	c := &Calendar{name: name, location: location, off: map[Date][]Span{}}
	var errs []error
	said := map[time.Weekday]string{}
	for _, key := range slices.Sorted(maps.Keys(hours)) {
		days, spans, err := ParseHours(key, hours[key])
		for _, day := range days {
			if before, ok := said[day]; ok {
				err = errors.Join(err, fmt.Errorf("%s appears twice: in %q and in %q", weekdayWord(day), before, key))
				continue
			}
			said[day] = key
			c.week[day] = spans
		}
		if err != nil {
			errs = append(errs, &CalendarError{Part: "hours", Key: key, Err: err})
		}
	}
	if len(errs) == 0 && !slices.ContainsFunc(c.week[:], func(s []Span) bool { return len(s) > 0 }) {
		errs = append(errs, &CalendarError{Part: "hours", Err: errors.New("there are no hours in the week: no clock would ever run")})
	}
	for i, day := range holidays {
		if day != day.add(0) {
			errs = append(errs, &CalendarError{Part: "holidays", Index: i, Err: fmt.Errorf("there is no day %s", day)})
			continue
		}
		c.takeOff(day, Span{0, endOfDay})
		c.lastListed = later(c.lastListed, day)
	}
	for i, file := range ics {
		off, faults := parseICS(ctx, file, location)
		for _, err := range faults {
			line := 0
			if at := new(icsError); errors.As(err, &at) {
				line = at.line
			}
			errs = append(errs, &CalendarError{Part: "ics", Index: i, Line: line, Err: err})
		}
		last := Date{}
		for _, o := range off {
			c.takeOff(o.day, o.span)
			last = later(last, o.day)
		}
		c.lastOfFile = append(c.lastOfFile, last)
	}
	for day := range c.off {
		c.off[day] = joined(c.off[day])
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return c, nil
}

func (c *Calendar) takeOff(day Date, s Span) { c.off[day] = append(c.off[day], s) }

// joined sorts spans and merges those that overlap.
func joined(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	out := spans[:1]
	for _, s := range spans[1:] {
		if last := &out[len(out)-1]; s.From <= last.To {
			last.To = max(last.To, s.To)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// LastHolidays returns the last of the single holidays, and the last day off of each iCalendar
// file; a zero Date if there is none. After that day the source has no more holidays.
func (c *Calendar) LastHolidays() (listed Date, files []Date) {
	if c == nil {
		return Date{}, nil
	}
	return c.lastListed, c.lastOfFile
}

// Past reports whether the day is over in the calendar's time zone.
func (c *Calendar) Past(day Date, now time.Time) bool {
	return day.before(dateOf(now.In(c.Location())))
}

// ParseHours parses one line of weekly hours: days ("mon", "mon-thu", "sat,sun", "daily") and spans
// ("08:00-12:00 13:00-17:00", "24h", or "closed" for none). On an error both results hold what
// could be parsed; the error lists everything that could not.
func ParseHours(days, spans string) ([]time.Weekday, []Span, error) {
	d, err1 := parseDays(days)
	s, err2 := parseSpans(spans)
	return d, s, errors.Join(err1, err2)
}

var reSpan = regexp.MustCompile(`^(\d{1,2}):(\d{2})[-–](\d{1,2}):(\d{2})$`)

func parseSpans(s string) ([]Span, error) {
	var out []Span
	var errs []error
	switch low := strings.ToLower(strings.TrimSpace(s)); low {
	case "closed", "none", "":
		return nil, nil
	case "24h", "always":
		return []Span{{0, endOfDay}}, nil
	}
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '\u00a0' }) {
		m := reSpan.FindStringSubmatch(word)
		if m == nil {
			errs = append(errs, fmt.Errorf("%q is not a time span like 08:00-17:00", word))
			continue
		}
		from, ok1 := timeOfDay(m[1], m[2])
		to, ok2 := timeOfDay(m[3], m[4])
		if to == endOfDay-1 { // 23:59 as an end means midnight: nobody closes for a minute
			to = endOfDay
		}
		switch {
		case !ok1 || !ok2:
			errs = append(errs, fmt.Errorf("%q contains an invalid time of day", word))
		case from >= to:
			errs = append(errs,
				fmt.Errorf("%q ends before it begins: hours over midnight are written with both days, each up to or from its midnight",
					word))
		default:
			out = append(out, Span{from, to})
		}
	}
	slices.SortFunc(out, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	for i := 1; i < len(out); i++ {
		if out[i].From < out[i-1].To {
			errs = append(errs, fmt.Errorf("%s-%s and %s-%s overlap", out[i-1].From, out[i-1].To, out[i].From, out[i].To))
		}
	}
	return out, errors.Join(errs...)
}

// timeOfDay parses the digits of a time's hour and minute; 24:00 is the end of the day.
func timeOfDay(hour, minute string) (TimeOfDay, bool) {
	h, err1 := strconv.Atoi(hour)
	m, err2 := strconv.Atoi(minute)
	t := TimeOfDay(h*60 + m)
	return t, err1 == nil && err2 == nil && m < 60 && t <= endOfDay
}

var weekdayWords = [7][]string{
	{"sun", "sunday"}, {"mon", "monday"}, {"tue", "tuesday", "tues"}, {"wed", "wednesday"},
	{"thu", "thursday", "thur", "thurs"}, {"fri", "friday"}, {"sat", "saturday"},
}

func weekdayWord(d time.Weekday) string { return weekdayWords[d][0] }

func parseWeekday(s string) (time.Weekday, bool) {
	s = strings.ToLower(s)
	for d, words := range weekdayWords {
		if slices.Contains(words, s) {
			return time.Weekday(d), true
		}
	}
	return 0, false
}

func parseDays(s string) ([]time.Weekday, error) {
	var out []time.Weekday
	var errs []error
	add := func(d time.Weekday) {
		if slices.Contains(out, d) {
			errs = append(errs, fmt.Errorf("%s appears twice in %q", weekdayWord(d), s))
			return
		}
		out = append(out, d)
	}
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' })
	if len(words) == 0 {
		return nil, errors.New("no day is named: write one like mon, mon-fri or daily")
	}
	for _, word := range words {
		if strings.EqualFold(word, "daily") {
			word = "mon-sun"
		}
		first, last, isRange := strings.Cut(word, "-")
		from, ok := parseWeekday(first)
		if !ok {
			errs = append(errs, fmt.Errorf("%q is not a day: write one of mon tue wed thu fri sat sun", first))
			continue
		}
		to := from
		if isRange {
			if to, ok = parseWeekday(last); !ok {
				errs = append(errs, fmt.Errorf("%q is not a day: write one of mon tue wed thu fri sat sun", last))
				continue
			}
		}
		for d := from; ; d = (d + 1) % 7 {
			add(d)
			if d == to {
				break
			}
		}
	}
	return out, errors.Join(errs...)
}

// Name returns the name of the calendar; "always" for nil.
func (c *Calendar) Name() string {
	if c == nil {
		return "always"
	}
	return c.name
}

// Location returns the calendar's time zone; UTC for nil.
func (c *Calendar) Location() *time.Location {
	if c == nil {
		return time.UTC
	}
	return c.location
}

// Bounds of the computation: beyond them a promise is meaningless, and a calendar could make a
// search endless.
const (
	farthest  = 100 * 366 * 24 * time.Hour // how far Add and Between search
	emptyDays = 5 * 366                    // after that many consecutive days without hours there will be none
)

// Add returns the first instant at which the calendar has been open for d since t. It returns t
// itself if d is not positive, and zero if there is no such instant: no hours for five years, or
// not enough within a hundred.
func (c *Calendar) Add(t time.Time, d time.Duration) time.Time {
	if d <= 0 {
		return t
	}
	if c == nil {
		return t.Add(d)
	}
	last := t.Add(farthest)
	for from, to := range c.open(t) {
		if from.After(last) {
			break
		}
		if from.Before(t) {
			from = t
		}
		if open := to.Sub(from); open >= d {
			return from.Add(d).In(t.Location())
		} else if open > 0 {
			d -= open
		}
	}
	return time.Time{}
}

// Between returns how long the calendar is open from a to b: negative if b is before a. Instants
// more than a hundred years apart count as a hundred years apart.
func (c *Calendar) Between(a, b time.Time) time.Duration {
	if b.Before(a) {
		return -c.Between(b, a)
	}
	if b.Sub(a) > farthest {
		b = a.Add(farthest)
	}
	if c == nil {
		return b.Sub(a)
	}
	var sum time.Duration
	for from, to := range c.open(a) {
		if !from.Before(b) {
			break
		}
		if from.Before(a) {
			from = a
		}
		if to.After(b) {
			to = b
		}
		if to.After(from) {
			sum += to.Sub(from)
		}
	}
	return sum
}

// Open reports whether the calendar is open at t.
func (c *Calendar) Open(t time.Time) bool {
	if c == nil {
		return true
	}
	for from, to := range c.open(t) {
		if from.After(t) {
			return false
		}
		if t.Before(to) {
			return true
		}
	}
	return false
}

// Next returns the first instant from t on at which the calendar is open; zero if there is none in
// five years.
func (c *Calendar) Next(t time.Time) time.Time {
	if c == nil {
		return t
	}
	for from, to := range c.open(t) {
		switch {
		case from.After(t):
			return from.In(t.Location())
		case t.Before(to):
			return t
		}
	}
	return time.Time{}
}

// open yields the open times in order, starting with or before the one that contains or follows t.
// They never overlap. The sequence ends if the calendar is empty for too long; otherwise the caller
// must end it.
func (c *Calendar) open(t time.Time) func(yield func(from, to time.Time) bool) {
	return func(yield func(from, to time.Time) bool) {
		// The hours of the day before never extend beyond the first midnight of today, even if
		// clocks go back across it.
		day := dateOf(t.In(c.location))
		for empty := 0; empty < emptyDays; day = day.add(1) {
			empty++
			for _, s := range c.day(day) {
				empty = 0
				if !yield(c.instant(day, s.From), c.instant(day, s.To)) {
					return
				}
			}
		}
	}
}

// day returns the hours of a day without the times off.
func (c *Calendar) day(day Date) []Span {
	week, off := c.week[day.weekday()], c.off[day]
	if len(off) == 0 {
		return week
	}
	var out []Span
	for _, s := range week {
		for _, o := range off {
			if o.To <= s.From || s.To <= o.From {
				continue
			}
			if s.From < o.From {
				out = append(out, Span{s.From, o.From})
			}
			s.From = o.To
		}
		if s.From < s.To {
			out = append(out, s)
		}
	}
	return out
}

func (c *Calendar) instant(day Date, at TimeOfDay) time.Time { return onTheWall(day, at, c.location) }

// onTheWall returns the instant with a given local time. If clocks go back across that time, it is
// the first of the two instants; if they go forward across it, it is the moment of the change. So a
// later local time never means an earlier instant. time.Date does not specify which instant it
// returns.
func onTheWall(day Date, at TimeOfDay, location *time.Location) time.Time {
	t := time.Date(day.Year, day.Month, day.Day, 0, int(at), 0, 0, location)
	start, end := t.ZoneBounds()
	wall, want := wallClock(t), time.Date(day.Year, day.Month, day.Day, 0, int(at), 0, 0, time.UTC)
	switch {
	case wall.Before(want): // t is before the change that skips the wanted time
		return end
	case wall.After(want):
		return start
	}
	if !start.IsZero() {
		_, offset := t.Zone()
		_, before := start.Add(-1).Zone()
		if back := time.Duration(before-offset) * time.Second; back > 0 && t.Sub(start) < back {
			return t.Add(-back) // the same local time, before the clock went back
		}
	}
	return t
}

// wallClock returns the local time at an instant, as a time in UTC.
func wallClock(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}
