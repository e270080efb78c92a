package articles

import (
	"testing"
	"time"
)

func TestReviews(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 8, 31, 15, 30, 0, 0, berlin)
	for when, want := range map[string][2]string{ // when an article that is new is due, and one that was found right now
		"2027-03-01": {"2027-03-01 08:00", "2027-03-01 08:00"}, // its day is kept, whoever touches it before
		"2026-09-29": {"2026-09-29 08:00", "2026-09-29 08:00"},
		"2026-09-28": {"2026-09-28 08:00", "2027-09-28 08:00"}, // it was looked at in the weeks before
		"2028-02-29": {"2028-02-29 08:00", "2028-02-29 08:00"},
		"2020-01-01": {"2026-08-31 15:30", "2027-01-01 08:00"}, // the day has passed
		"2026-08-31": {"2026-08-31 15:30", "2027-08-31 08:00"},
		"6 months":   {"2027-03-03 08:00", "2027-03-03 08:00"}, // there is no 31 February
		"1 year":     {"2027-08-31 08:00", "2027-08-31 08:00"},
		"90d":        {"2026-11-29 08:00", "2026-11-29 08:00"}, // the clocks have changed
		"2 weeks":    {"2026-09-14 08:00", "2026-09-14 08:00"},
		"1d":         {"2026-09-01 08:00", "2026-09-01 08:00"},
		"10 years":   {"2036-08-31 08:00", "2036-08-31 08:00"},
	} {
		r, err := ParseReview(when)
		if err != nil || !r.Wanted() {
			t.Errorf("%q: %+v, %v", when, r, err)
			continue
		}
		const form = "2006-01-02 15:04"
		if got := [2]string{r.First(now).Format(form), r.Next(now).Format(form)}; got != want {
			t.Errorf("%q is due %v, not %v", when, got, want)
		}
	}
	for _, when := range []string{"", "0d", "0 months", "6m", "six months", "-1 year", "11 years", "9999 days", "2027-02-30", "01.03.2027", "2027-03-01 08:00", "every 6 months", "months"} {
		if r, err := ParseReview(when); err == nil {
			t.Errorf("%q is read as %+v", when, r)
		}
	}
	if (Review{}).Wanted() {
		t.Error("nobody asked for a review")
	}
}
