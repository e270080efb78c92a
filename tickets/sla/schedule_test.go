package sla

import (
	"testing"
	"time"
)

func TestSchedule(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ schedule, at, after, want string }{
		{"first monday", "07:30", "2026-11-02 07:29", "2026-11-02 07:30"},
		{"first monday", "07:30", "2026-11-02 07:30", "2026-12-07 07:30"},
		{"last friday", "", "2026-01-01 00:00", "2026-01-30 09:00"},
		{"last day", "", "2028-02-01 00:00", "2028-02-29 09:00"},
		{"first day", "", "2026-12-01 09:00", "2027-01-01 09:00"},
		{"day 28 of the month", "", "2026-02-28 09:00", "2026-03-28 09:00"},
		{"daily", "02:30", "2026-03-28 03:00", "2026-03-29 03:00"}, // the hour is not there
		{"every day", "00:00", "2026-10-25 12:00", "2026-10-26 00:00"},
		{"every monday", "", "2026-11-29 12:00", "2026-11-30 09:00"},
		{"Every  2 weeks on Friday", "", "2026-11-29 12:00", "2026-12-11 09:00"},
		{"every 2 weeks", "", "2026-11-29 12:00", "2026-12-07 09:00"},
		{"every 3 days", "", "2026-11-29 12:00", "2026-12-01 09:00"},
		{"fourth thu", "", "2026-11-01 12:00", "2026-11-26 09:00"},
	} {
		s, err := ParseSchedule(c.schedule, c.at)
		if err != nil {
			t.Errorf("%q: %v", c.schedule, err)
			continue
		}
		after, _ := time.ParseInLocation("2006-01-02 15:04", c.after, berlin)
		got := s.Next(after)
		if got.Format("2006-01-02 15:04") != c.want {
			t.Errorf("%s %s after %s: %s, wanted %s", c.schedule, c.at, c.after, got.Format("2006-01-02 15:04"), c.want)
		}
		if !s.Next(got.Add(-time.Minute)).Equal(got) || !s.Next(got).After(got) {
			t.Errorf("%s: its next time is not the first", c.schedule)
		}
	}
	for _, wrong := range []string{"", "monday", "fifth monday", "first moonday", "every 0 weeks", "every 2 days on friday", "day 31 of the month", "every tuesdays"} {
		if s, err := ParseSchedule(wrong, ""); err == nil {
			t.Errorf("%q is %v", wrong, s)
		}
	}
	if _, err := ParseSchedule("daily", "25:00"); err == nil {
		t.Error("25:00 is a time of day")
	}
}
