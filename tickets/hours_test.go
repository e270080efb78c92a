package tickets

import (
	"testing"
	"time"
)

// Quiet hours end when the clock on the wall says so, over midnight and when the clocks change.
func TestHours(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		if s == "" {
			return time.Time{}
		}
		x, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	night, lunch := Hours{22 * time.Hour, 7 * time.Hour}, Hours{12 * time.Hour, 13 * time.Hour}
	for _, c := range []struct {
		hours     Hours
		now, ends string
	}{
		{night, "2026-11-02 21:59", ""},
		{night, "2026-11-02 22:00", "2026-11-03 07:00"},
		{night, "2026-11-03 06:59", "2026-11-03 07:00"},
		{night, "2026-11-03 07:00", ""},
		{night, "2026-10-24 23:30", "2026-10-25 07:00"}, // a night of an hour more
		{lunch, "2026-11-02 12:30", "2026-11-02 13:00"},
		{lunch, "2026-11-02 13:00", ""},
		{Hours{}, "2026-11-02 00:00", ""},
	} {
		if got := c.hours.Ends(at(c.now)); !got.Equal(at(c.ends)) {
			t.Errorf("%v at %s end at %v, wanted %s", c.hours, c.now, got, c.ends)
		}
	}
	if got := NextAt(at("2026-11-02 07:59"), 8*time.Hour); !got.Equal(at("2026-11-02 08:00")) {
		t.Errorf("before: %v", got)
	}
	if got := NextAt(at("2026-11-02 08:00"), 8*time.Hour); !got.Equal(at("2026-11-03 08:00")) {
		t.Errorf("at the time itself: %v", got)
	}
	// In Havana clocks go forward at midnight: that Sunday begins at 01:00, and what comes at midnight comes then and not an hour before, again and again.
	havana, err := time.LoadLocation("America/Havana")
	if err != nil {
		t.Fatal(err)
	}
	next := time.Date(2027, 3, 12, 12, 0, 0, 0, havana)
	for _, want := range []string{"2027-03-13 00:00 -0500", "2027-03-14 01:00 -0400", "2027-03-15 00:00 -0400"} {
		if next = NextAt(next, 0); next.Format("2006-01-02 15:04 -0700") != want {
			t.Fatalf("midnight comes %v, wanted %s", next, want)
		}
	}
	evening := Hours{22 * time.Hour, 0}
	if got := evening.Ends(time.Date(2027, 3, 13, 23, 30, 0, 0, havana)); got.Format("2006-01-02 15:04 -0700") != "2027-03-14 01:00 -0400" {
		t.Errorf("the evening ends at %v", got)
	}
}
