package sla

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseDuration(t *testing.T) {
	const day = 24 * time.Hour
	for s, want := range map[string]Duration{
		"30m": {Clock: 30 * time.Minute}, "4h": {Clock: 4 * time.Hour}, "2d": {Clock: 2 * day}, "1h30m": {Clock: 90 * time.Minute},
		"45s": {Clock: 45 * time.Second}, "1w": {Clock: 7 * day}, "1d12h": {Clock: 36 * time.Hour}, "2bd": {BusinessDays: 2}, "10 bd": {BusinessDays: 10},
		"2 days": {Clock: 2 * day}, " 3 Hours ": {Clock: 3 * time.Hour}, "1 day 2 hours": {Clock: 26 * time.Hour}, "1 business day": {BusinessDays: 1},
		"2 working days": {BusinessDays: 2}, "5min": {Clock: 5 * time.Minute}, "90m": {Clock: 90 * time.Minute}, "400d": {Clock: 400 * day},
	} {
		if got, err := ParseDuration(s); err != nil || got != want {
			t.Errorf("ParseDuration(%q) = %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"", "0", "5", "h", "-1h", "+1h", "1.5h", "1h1h", "30m1h", "2bd3h", "1h2bd", "0d", "0bd", "1y", "1mo", "99999d", "999999w", "10000bd", "1h x", "1:30", "ten days"} {
		if got, err := ParseDuration(s); err == nil {
			t.Errorf("ParseDuration(%q) = %v, want an error", s, got)
		}
	}
}

func TestDurationsReadBackAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Duration{Clock: time.Duration(rapid.Int64Range(1, int64(longest/time.Second)).Draw(t, "seconds")) * time.Second}
		if rapid.Bool().Draw(t, "business") {
			d = Duration{BusinessDays: rapid.IntRange(1, 2600).Draw(t, "days")}
		}
		if got, err := ParseDuration(d.String()); err != nil || got != d {
			t.Fatalf("%v is written %q and read %v, %v", d, d.String(), got, err)
		}
	})
	if got := (Duration{}).String(); got != "0s" {
		t.Errorf("nothing is written %q", got)
	}
}

func TestBusinessDays(t *testing.T) {
	c := office(t)
	for _, x := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-11-23 10:00", 1, "2026-11-24 10:00"},
		{"2026-11-27 10:00", 1, "2026-11-30 10:00"},
		{"2026-11-28 10:00", 1, "2026-11-30 10:00"}, // from a Saturday: Monday
		{"2026-11-23 03:00", 2, "2026-11-25 08:00"},
		{"2026-11-26 16:00", 1, "2026-11-27 13:59"}, // Friday ends at 14:00
		{"2026-12-23 10:00", 1, "2026-12-25 10:00"},
	} {
		got := Duration{BusinessDays: x.n}.After(at(t, c.Location(), x.from), c)
		if s := got.Format("2006-01-02 15:04"); s != x.want {
			t.Errorf("%d business days after %s: %s, want %s", x.n, x.from, s, x.want)
		}
	}
	now := time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC)
	if got := (Duration{BusinessDays: 2}).After(now, nil); !got.Equal(now.AddDate(0, 0, 2)) {
		t.Errorf("without a calendar: %s", got)
	}
}

func TestParseWhen(t *testing.T) {
	c := office(t)
	berlin := c.Location()
	now := at(t, berlin, "2026-11-25 10:00") // a Wednesday
	for _, x := range []struct {
		s, want string
		day     bool
	}{
		{"2d", "2026-11-27 10:00", false},
		{"in 4h", "2026-11-25 14:00", false},
		{"for 2 days", "2026-11-27 10:00", false},
		{"3bd", "2026-11-30 10:00", false},
		{"fri", "2026-11-27 09:00", true},
		{"Friday", "2026-11-27 09:00", true},
		{"fri 09:00", "2026-11-27 09:00", false},
		{"fri, 9am", "2026-11-27 09:00", false},
		{"FRI at 3 pm", "2026-11-27 15:00", false},
		{"until mon", "2026-11-30 09:00", true},
		{"wed", "2026-12-02 09:00", true}, // today's morning is over
		{"wed 17:00", "2026-11-25 17:00", false},
		{"wed 10:00", "2026-12-02 10:00", false}, // now is not later
		{"tomorrow", "2026-11-26 09:00", true},
		{"tomorrow 8:30", "2026-11-26 08:30", false},
		{"today 17:00", "2026-11-25 17:00", false},
		{"14:00", "2026-11-25 14:00", false},
		{"9am", "2026-11-26 09:00", false},
		{"12am", "2026-11-26 00:00", false},
		{"12pm", "2026-11-25 12:00", false},
		{"9.30", "2026-11-26 09:30", false},
		{"17 uhr", "2026-11-25 17:00", false},
		{"2026-12-01", "2026-12-01 09:00", true},
		{"2026-12-01 14:00", "2026-12-01 14:00", false},
		{"on 2026-12-01", "2026-12-01 09:00", true},
		{"1.12.", "2026-12-01 09:00", true},
		{"25.11.", "2027-11-25 09:00", true}, // today's morning is over
		{"25.11. 17:00", "2026-11-25 17:00", false},
		{"on 3.12. 14:00", "2026-12-03 14:00", false},
		{"3.12.2026", "2026-12-03 09:00", true},
		{"03.12.26", "2026-12-03 09:00", true},
		{"1.1.", "2027-01-01 09:00", true},
		{"1.12", "2026-11-26 01:12", false}, // an hour
	} {
		got, err := ParseWhen(x.s, now, berlin, c)
		if s := got.At.In(berlin).Format("2006-01-02 15:04"); err != nil || s != x.want || got.Day != x.day {
			t.Errorf("ParseWhen(%q) = %s %v, %v; want %s %v", x.s, s, got.Day, err, x.want, x.day)
		}
	}
	for s, want := range map[string]string{
		"": "no time is named", "until": "no time is named", "soon": "no time like", "5": "no time like", "2026-11-24": "is over", "today": "is over", "today 09:00": "is over",
		"2040-01-01": "ten years", "fri 25:00": "no time like 09:00", "fri 13pm": "no time like", "fri sat": "no time like", "24:00": "no time like", "2026-02-30": "no time like", "yesterday": "no time like", "31.11.": "no time like", "3.13.2026": "no time like", "24.11.2026": "is over", "29.2.": "no time like", "0d": "no time like",
	} {
		if got, err := ParseWhen(s, now, berlin, c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseWhen(%q) = %v, %v; want %q", s, got, err, want)
		}
	}
	// Where clocks go forward the morning is the morning on the wall.
	if got, err := ParseWhen("sun", at(t, berlin, "2026-03-27 10:00"), berlin, nil); err != nil || got.At.Format("15:04 -0700") != "09:00 +0200" {
		t.Errorf("sun = %s, %v", got.At, err)
	}
}

func FuzzParseWhen(f *testing.F) {
	for _, s := range []string{"2d", "fri 09:00", "2026-12-01", "2bd", "9am", "tomorrow 8:30"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		w, err := ParseWhen(s, now, time.UTC, nil)
		if (err == nil) == w.At.IsZero() {
			t.Fatalf("%q: %v, %v", s, w, err)
		}
		if err == nil && !w.At.After(now) {
			t.Fatalf("%q is %s, which is not after now", s, w.At)
		}
	})
}
