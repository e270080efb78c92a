package sla

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the tests may not hang on the machine's zones

	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func calendar(t testing.TB, where string, hours map[string]string, holidays []Date, ics ...string) *Calendar {
	t.Helper()
	var files [][]byte
	for _, s := range ics {
		files = append(files, []byte(s))
	}
	c, errs := NewCalendar(t.Context(), "test", zone(t, where), hours, holidays, files)
	if errs != nil {
		t.Fatal(errs)
	}
	return c
}

func office(t testing.TB) *Calendar {
	return calendar(t, "Europe/Berlin", map[string]string{"mon-thu": "08:00-12:00 13:00-17:00", "fri": "08:00-14:00"},
		[]Date{{2026, time.December, 24}})
}

func at(t testing.TB, loc *time.Location, s string) time.Time {
	t.Helper()
	out, err := time.ParseInLocation("2006-01-02 15:04", s, loc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAdd(t *testing.T) {
	allDay := map[string]string{"daily": "24h"}
	for _, c := range []struct {
		name  string
		where string
		hours map[string]string
		off   string
		from  string
		d     time.Duration
		want  string // with its offset: what the clock on the wall shows twice is told apart
	}{
		{"within a span", "Europe/Berlin", nil, "", "2026-11-23 09:00", time.Hour, "2026-11-23 10:00 +0100"},
		{"over lunch", "Europe/Berlin", nil, "", "2026-11-23 11:30", time.Hour, "2026-11-23 13:30 +0100"},
		{"to the end of a span, not the start of the next", "Europe/Berlin", nil, "", "2026-11-23 11:00", time.Hour, "2026-11-23 12:00 +0100"},
		{"from before the hours", "Europe/Berlin", nil, "", "2026-11-23 03:00", time.Hour, "2026-11-23 09:00 +0100"},
		{"over night", "Europe/Berlin", nil, "", "2026-11-23 16:00", 2 * time.Hour, "2026-11-24 09:00 +0100"},
		{"over the weekend", "Europe/Berlin", nil, "", "2026-11-27 13:00", 2 * time.Hour, "2026-11-30 09:00 +0100"},
		{"from the weekend", "Europe/Berlin", nil, "", "2026-11-28 13:00", time.Minute, "2026-11-30 08:01 +0100"},
		{"over a holiday", "Europe/Berlin", nil, "2026-11-24", "2026-11-23 16:30", time.Hour, "2026-11-25 08:30 +0100"},
		{"24 hours of a calendar of eight a day", "Europe/Berlin", nil, "", "2026-11-23 08:00", 24 * time.Hour, "2026-11-25 17:00 +0100"},
		{"nothing", "Europe/Berlin", nil, "", "2026-11-28 13:00", 0, "2026-11-28 13:00 +0100"},
		{"a second short of a span's end", "Europe/Berlin", nil, "", "2026-11-27 13:00", time.Hour - time.Second, "2026-11-27 13:59 +0100"},

		{"a day as clocks go forward", "Europe/Berlin", allDay, "", "2026-03-28 12:00", 24 * time.Hour, "2026-03-29 13:00 +0200"},
		{"a day as clocks go back", "Europe/Berlin", allDay, "", "2026-10-24 12:00", 24 * time.Hour, "2026-10-25 11:00 +0100"},
		{"hours that begin in the gap", "Europe/Berlin", map[string]string{"sun": "02:30-06:00"}, "", "2026-03-29 00:00", time.Hour, "2026-03-29 04:00 +0200"},
		{"hours that end in the gap", "Europe/Berlin", map[string]string{"sun": "01:00-02:30"}, "", "2026-03-29 00:00", time.Hour, "2026-03-29 03:00 +0200"},
		{"hours that begin in the hour that comes twice", "Europe/Berlin", map[string]string{"sun": "02:30-06:00"}, "", "2026-10-25 00:00", time.Hour, "2026-10-25 02:30 +0100"},
		{"hours that end in the hour that comes twice", "Europe/Berlin", map[string]string{"sun": "01:00-02:30"}, "", "2026-10-25 00:00", 90 * time.Minute, "2026-10-25 02:30 +0200"},
		{"clocks go forward at midnight", "America/Sao_Paulo", allDay, "", "2018-11-03 23:00", 2 * time.Hour, "2018-11-04 02:00 -0200"},
		{"clocks go back at midnight", "America/Sao_Paulo", allDay, "", "2018-02-17 22:00", 4 * time.Hour, "2018-02-18 01:00 -0300"},
		{"clocks go back over midnight", "America/St_Johns", allDay, "", "2010-11-06 23:30", 2 * time.Hour, "2010-11-07 00:30 -0330"},
		{"a day that never was", "Pacific/Apia", map[string]string{"daily": "09:00-17:00"}, "", "2011-12-29 16:00", 2 * time.Hour, "2011-12-31 10:00 +1400"},
		{"half an hour forward", "Australia/Lord_Howe", allDay, "", "2026-10-04 01:00", 2 * time.Hour, "2026-10-04 03:30 +1100"},
	} {
		t.Run(c.name, func(t *testing.T) {
			hours := c.hours
			if hours == nil {
				hours = map[string]string{"mon-thu": "08:00-12:00 13:00-17:00", "fri": "08:00-14:00"}
			}
			var off []Date
			if c.off != "" {
				d, err := ParseDate(c.off)
				if err != nil {
					t.Fatal(err)
				}
				off = append(off, d)
			}
			cal := calendar(t, c.where, hours, off)
			from := at(t, zone(t, c.where), c.from)
			got := cal.Add(from, c.d)
			if s := got.Format("2006-01-02 15:04 -0700"); s != c.want {
				t.Errorf("Add(%s, %s) = %s, want %s", c.from, c.d, s, c.want)
			}
			if back := cal.Between(from, got); back != c.d {
				t.Errorf("Between = %s, want %s", back, c.d)
			}
		})
	}
}

func TestNilCalendarIsTheClockRound(t *testing.T) {
	var c *Calendar
	now := time.Date(2026, 11, 28, 3, 0, 0, 0, time.UTC)
	if got := c.Add(now, 36*time.Hour); !got.Equal(now.Add(36 * time.Hour)) {
		t.Errorf("Add = %s", got)
	}
	if got := c.Between(now, now.Add(-time.Hour)); got != -time.Hour {
		t.Errorf("Between = %s", got)
	}
	if !c.Open(now) || !c.Next(now).Equal(now) || c.Name() != "always" || c.Location() != time.UTC {
		t.Error("a nil calendar is not always open")
	}
}

func TestOpenAndNext(t *testing.T) {
	c := office(t)
	for _, x := range []struct {
		at, next string
		open     bool
	}{
		{"2026-11-23 07:59", "2026-11-23 08:00", false},
		{"2026-11-23 08:00", "2026-11-23 08:00", true},
		{"2026-11-23 11:59", "2026-11-23 11:59", true},
		{"2026-11-23 12:00", "2026-11-23 13:00", false},
		{"2026-11-27 14:00", "2026-11-30 08:00", false},
		{"2026-12-24 10:00", "2026-12-25 08:00", false}, // nobody told us about Christmas Day
	} {
		when := at(t, c.Location(), x.at)
		if got := c.Open(when); got != x.open {
			t.Errorf("Open(%s) = %v", x.at, got)
		}
		if got := c.Next(when); !got.Equal(at(t, c.Location(), x.next)) {
			t.Errorf("Next(%s) = %s, want %s", x.at, got, x.next)
		}
	}
}

// A calendar whose every day is taken off may not keep anybody waiting.
func TestCalendarWithoutAnyHours(t *testing.T) {
	c := calendar(t, "Europe/Berlin", map[string]string{"mon-fri": "08:00-17:00"}, nil,
		"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:closed for good\r\nDTSTART;VALUE=DATE:20200101\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
	now := at(t, c.Location(), "2026-11-23 09:00")
	if got := c.Add(now, time.Nanosecond); !got.IsZero() {
		t.Errorf("Add = %s, want zero", got)
	}
	if got := c.Between(now, now.AddDate(3000, 0, 0)); got != 0 {
		t.Errorf("Between = %s, want 0", got)
	}
	if got := c.Next(now); !got.IsZero() {
		t.Errorf("Next = %s, want zero", got)
	}
	if c.Open(now) {
		t.Error("it is open")
	}
	if got := (Duration{BusinessDays: 1}).After(now, c); !got.IsZero() {
		t.Errorf("After = %s, want zero", got)
	}
	if got := c.Add(at(t, c.Location(), "2019-12-31 16:00"), time.Hour); got.IsZero() {
		t.Error("before it closed, it was open")
	}
}

func TestFarAwayIsBounded(t *testing.T) {
	c := calendar(t, "Europe/Berlin", map[string]string{"mon": "08:00-08:01"}, nil)
	now := at(t, c.Location(), "2026-11-23 09:00")
	if got := c.Add(now, 1<<62); !got.IsZero() {
		t.Errorf("Add = %s, want zero", got)
	}
	year := c.Between(now, now.AddDate(1, 0, 0))
	if got := c.Between(time.Time{}, now); got < 90*year || got > 110*year {
		t.Errorf("Between the beginning of time and now = %s, want about a hundred years of %s", got, year)
	}
}

func TestParseHours(t *testing.T) {
	for _, c := range []struct{ days, spans, want string }{
		{"mon-thu", "08:00-12:00 13:00-17:00", "[Monday Tuesday Wednesday Thursday] [08:00-12:00 13:00-17:00]"},
		{"fri", "8:00-14:00", "[Friday] [08:00-14:00]"},
		{"sat-mon", "00:00-24:00", "[Saturday Sunday Monday] [00:00-24:00]"},
		{"mon, wed,fri", "13:00-14:00,09:00-10:00", "[Monday Wednesday Friday] [09:00-10:00 13:00-14:00]"},
		{"Daily", "24h", "[Monday Tuesday Wednesday Thursday Friday Saturday Sunday] [00:00-24:00]"},
		{"saturday", "closed", "[Saturday] []"},
		{"mon", "09:00-12:00 12:00-17:00", "[Monday] [09:00-12:00 12:00-17:00]"},
	} {
		days, spans, err := ParseHours(c.days, c.spans)
		var s []string
		for _, x := range spans {
			s = append(s, x.From.String()+"-"+x.To.String())
		}
		if got := fmt.Sprint(days, " ", s); err != nil || got != c.want {
			t.Errorf("ParseHours(%q, %q) = %s, %v; want %s", c.days, c.spans, got, err, c.want)
		}
	}
	for _, c := range []struct{ days, spans, want string }{
		{"mno", "08:00-17:00", `"mno" is not a day`},
		{"", "08:00-17:00", "no day is named"},
		{"mon-thu wed", "08:00-17:00", "wed appears twice"},
		{"mon", "8-17", `"8-17" is not a time span`},
		{"mon", "22:00-06:00", "ends before it begins"},
		{"mon", "08:00-25:00", "invalid time of day"},
		{"mon", "08:60-09:00", "invalid time of day"},
		{"mon", "08:00-12:00 11:00-13:00", "overlap"},
		{"mon", "08:00-08:00", "ends before it begins"},
	} {
		if _, _, err := ParseHours(c.days, c.spans); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("ParseHours(%q, %q): %v; want %q", c.days, c.spans, err, c.want)
		}
	}
}

func TestNewCalendarTellsEveryMistakeWithItsPlace(t *testing.T) {
	_, errs := NewCalendar(t.Context(), "office", time.UTC, map[string]string{"mon-tue": "08:00-17:00", "tue": "09:00-10:00", "xyz": "08:00"},
		[]Date{{2026, 12, 24}, {2026, 2, 30}}, [][]byte{[]byte("nonsense")})
	var got []string
	for _, err := range errs {
		var e *CalendarError
		if !errors.As(err, &e) {
			t.Fatalf("%v is no CalendarError", err)
		}
		got = append(got, fmt.Sprintf("%s %q %d", e.Part, e.Key, e.Index))
	}
	want := []string{`hours "tue" 0`, `hours "xyz" 0`, `holidays "" 1`, `ics "" 0`}
	if !slices.Equal(got, want) {
		t.Errorf("places %v, want %v: %v", got, want, errs)
	}
	if _, errs := NewCalendar(t.Context(), "empty", time.UTC, map[string]string{"mon": "closed"}, nil, nil); len(errs) != 1 {
		t.Errorf("a calendar without hours: %v", errs)
	}
}

// Hours that end at 23:59 leave no minute out at midnight.
func TestHoursToTheLastMinute(t *testing.T) {
	c := calendar(t, "Europe/Berlin", map[string]string{"mon-sun": "00:00-23:59"}, nil)
	for _, when := range []string{"2026-11-23 23:58", "2026-11-23 23:59", "2026-11-24 00:00"} {
		if !c.Open(at(t, c.Location(), when)) {
			t.Errorf("closed at %s", when)
		}
	}
	from := at(t, c.Location(), "2026-11-23 12:00")
	if got := c.Add(from, 72*time.Hour); got.Sub(from) != 72*time.Hour {
		t.Errorf("three days of 24 hours end %s", got)
	}
	evening := calendar(t, "Europe/Berlin", map[string]string{"mon": "08:00-12:00 18:00-23:59"}, nil)
	if got := evening.Add(from, 6*time.Hour); got.Format("Mon 15:04") != "Tue 00:00" {
		t.Errorf("six hours of an evening end %s", got)
	}
}

// A holiday that ends at 23:59 takes its last minute off too: no deadline falls into it.
func TestHolidayToTheLastMinute(t *testing.T) {
	c := calendar(t, "Europe/Berlin", map[string]string{"daily": "24h"}, nil, ics("DTSTART:20261225T000000\nDTEND:20261226T235900"))
	from := at(t, c.Location(), "2026-12-24 23:00")
	if got := c.Add(from, time.Hour+30*time.Second); got.Format("2006-01-02 15:04:05") != "2026-12-27 00:00:30" {
		t.Errorf("an hour and half a minute end %s", got)
	}
}

func TestLastHolidays(t *testing.T) {
	c := calendar(t, "Europe/Berlin", map[string]string{"daily": "24h"}, []Date{{2026, 12, 26}, {2026, 1, 1}},
		ics("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261228", "DTSTART;VALUE=DATE:20260401"), ics("DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY"), ics())
	listed, files := c.LastHolidays()
	if want := (Date{2026, 12, 26}); listed != want {
		t.Errorf("the list ends %s, want %s", listed, want)
	}
	if want := []Date{{2026, 12, 27}, {2099, 12, 25}, {}}; !slices.Equal(files, want) {
		t.Errorf("the files end %v, want %v", files, want)
	}
	for _, when := range []struct {
		at   string
		past bool
	}{{"2026-12-26 00:00", false}, {"2026-12-26 23:59", false}, {"2026-12-27 00:00", true}} {
		if got := c.Past(listed, at(t, c.Location(), when.at).UTC()); got != when.past {
			t.Errorf("%s is past at %s: %v", listed, when.at, got)
		}
	}
	var always *Calendar
	if listed, files := always.LastHolidays(); !listed.IsZero() || files != nil {
		t.Errorf("the clock round has holidays: %s, %v", listed, files)
	}
}

// Days off that lie over each other are one.
func TestDaysOffAreJoined(t *testing.T) {
	c := calendar(t, "UTC", map[string]string{"daily": "08:00-18:00"}, nil, ics(
		"DTSTART:20261123T090000\nDTEND:20261123T100000", "DTSTART:20261123T093000\nDTEND:20261123T110000", "DTSTART:20261123T110000\nDTEND:20261123T113000", "DTSTART:20261123T150000\nDTEND:20261123T160000"))
	if got, want := c.off[Date{2026, 11, 23}], []Span{{9 * 60, 11*60 + 30}, {15 * 60, 16 * 60}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Properties of every calendar.

var zones = []string{"UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo"}

func anyCalendar(t *rapid.T) *Calendar {
	hours := map[string]string{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		cuts := rapid.SliceOfNDistinct(rapid.IntRange(0, 24*4), 0, 6, rapid.ID[int]).Draw(t, day)
		slices.Sort(cuts)
		var spans []string
		for i := 0; i+1 < len(cuts); i += 2 {
			spans = append(spans, fmt.Sprintf("%s-%s", TimeOfDay(cuts[i]*15), TimeOfDay(cuts[i+1]*15)))
		}
		hours[day] = strings.Join(spans, " ")
	}
	if hours["wed"] == "" {
		hours["wed"] = "24h" // some hour there is
	}
	var off []Date
	for _, n := range rapid.SliceOfN(rapid.IntRange(0, 400), 0, 10).Draw(t, "off") {
		off = append(off, Date{2025, 12, 1}.add(n))
	}
	l, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	c, errs := NewCalendar(t.Context(), "any", l, hours, off, nil)
	if errs != nil {
		t.Fatal(errs)
	}
	return c
}

func anyInstant(t *rapid.T, name string) time.Time {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return start.Add(time.Duration(rapid.Int64Range(0, 370*24*3600).Draw(t, name)) * time.Second)
}

func TestCalendarProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCalendar(t)
		if rapid.IntRange(0, 9).Draw(t, "nil") == 0 {
			c = nil
		}
		x := []time.Time{anyInstant(t, "a"), anyInstant(t, "b"), anyInstant(t, "c")}
		slices.SortFunc(x, time.Time.Compare)
		a, b, z := x[0], x[1], x[2]
		if sum, whole := c.Between(a, b)+c.Between(b, z), c.Between(a, z); sum != whole {
			t.Fatalf("not additive: %s + %s is not %s", c.Between(a, b), c.Between(b, z), whole)
		}
		if got := c.Between(a, b); got < 0 || got > b.Sub(a) {
			t.Fatalf("between %s and %s there are %s", a, b, got)
		}
		if c.Between(b, a) != -c.Between(a, b) {
			t.Fatal("not the same backwards")
		}
		d := time.Duration(rapid.Int64Range(0, 100*3600).Draw(t, "d")) * time.Second
		e := time.Duration(rapid.Int64Range(1, 100*3600).Draw(t, "e")) * time.Second
		due := c.Add(a, d)
		if due.IsZero() || c.Between(a, due) != d {
			t.Fatalf("Between(a, Add(a, %s)) = %s", d, c.Between(a, due))
		}
		if d > 0 && c.Between(a, due.Add(-time.Second)) != d-time.Second {
			t.Fatalf("%s is not the first instant after which %s have passed", due, d)
		}
		if further := c.Add(due, e); !further.Equal(c.Add(a, d+e)) {
			t.Fatalf("Add of %s and %s is %s, of both %s", d, e, further, c.Add(a, d+e))
		}
		if c.Add(b, e).Before(c.Add(a, e)) {
			t.Fatal("who starts later is due earlier")
		}
		if !c.Add(a, d+e).After(due) {
			t.Fatal("more time is not later")
		}
		if open := c.Between(a, a.Add(time.Nanosecond)) > 0; open != c.Open(a) || (open != c.Next(a).Equal(a)) {
			t.Fatalf("Open(%s) = %v, Next = %s, but the clock runs: %v", a, c.Open(a), c.Next(a), open)
		}
	})
}

// The clock is compared with one that looks at the wall each quarter of an hour.
func TestCalendarAgainstTheWall(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCalendar(t)
		// Where an hour comes twice, or half an hour is left out, the wall tells another tale.
		if name := c.location.String(); name != "UTC" && name != "Asia/Kathmandu" {
			var err error
			if c.location, err = time.LoadLocation("America/Sao_Paulo"); err != nil { // has had one time all year since 2019
				t.Fatal(err)
			}
		}
		a := anyInstant(t, "a").Truncate(15 * time.Minute)
		n := rapid.IntRange(0, 2000).Draw(t, "quarters")
		var want time.Duration
		for i := range n {
			at := a.Add(time.Duration(i) * 15 * time.Minute).In(c.location)
			minute := TimeOfDay(at.Hour()*60 + at.Minute())
			if len(c.off[dateOf(at)]) == 0 && slices.ContainsFunc(c.week[at.Weekday()], func(s Span) bool { return s.From <= minute && minute < s.To }) {
				want += 15 * time.Minute
			}
		}
		if got := c.Between(a, a.Add(time.Duration(n)*15*time.Minute)); got != want {
			t.Fatalf("Between = %s, the wall says %s", got, want)
		}
	})
}

func BenchmarkAdd(b *testing.B) {
	c := office(b)
	from := time.Date(2026, 11, 27, 12, 30, 0, 0, time.UTC)
	for b.Loop() {
		c.Add(from, 24*time.Hour)
	}
}
