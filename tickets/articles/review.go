package articles

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Review specifies when somebody checks whether an article is still right. Its zero value means
// never.
type Review struct {
	Owner string // the name of an agent
	When  string // as written: "2027-03-01", "6 months"

	day                 time.Time // the first time; zero for one period after it was written
	years, months, days int       // from one time to the next
}

const (
	reminderHour   = 8
	maxReviewYears = 10
	lookedAtBefore = 4 * 7 // a check that many days before the date counts as the review
)

var (
	reviewDay    = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	reviewPeriod = regexp.MustCompile(`^([0-9]{1,4}) ?(d|days?|w|weeks?|months?|years?)$`)
)

// ParseReview parses when an article is reviewed: a date, from which on it is reviewed each year,
// or how long an article is trusted.
func ParseReview(when string) (Review, error) {
	r := Review{When: when}
	if reviewDay.MatchString(when) {
		day, err := time.Parse(time.DateOnly, when)
		if err != nil {
			return r, fmt.Errorf("there is no day %q", when)
		}
		r.day, r.years = day, 1
		return r, nil
	}
	m := reviewPeriod.FindStringSubmatch(when)
	if m == nil {
		return r, fmt.Errorf("%q is neither a day nor a length of time", when)
	}
	n, _ := strconv.Atoi(m[1]) // four digits
	switch m[2][0] {
	case 'd':
		r.days = n
	case 'w':
		r.days = 7 * n
	case 'm':
		r.months = n
	default:
		r.years = n
	}
	if n == 0 || 365*r.years+30*r.months+r.days > 366*maxReviewYears {
		return r, fmt.Errorf("%q is not between a day and %d years", when, maxReviewYears)
	}
	return r, nil
}

// Wanted reports whether the article is reviewed at all.
func (r Review) Wanted() bool { return r.When != "" }

// First returns when an article that is new to the desk is reviewed; now if its date has passed.
func (r Review) First(now time.Time) time.Time {
	if r.day.IsZero() {
		return r.Next(now)
	}
	if at := Morning(r.day, now.Location()); at.After(now) {
		return at
	}
	return now
}

// Next returns when an article that has just been reviewed is reviewed next: on its date in this or
// a later year, unless that is so close that the present review counts as it, or one period from
// now.
func (r Review) Next(now time.Time) time.Time {
	if r.day.IsZero() {
		return Morning(now.AddDate(r.years, r.months, r.days), now.Location())
	}
	for years := 0; ; years += r.years {
		if at := Morning(r.day.AddDate(years, 0, 0), now.Location()); at.After(now.AddDate(0, 0, lookedAtBefore)) {
			return at
		}
	}
}

// Morning returns the time on a day at which an owner is reminded.
func Morning(day time.Time, in *time.Location) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), reminderHour, 0, 0, 0, in)
}
