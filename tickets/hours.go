package tickets

import (
	"time"

	"tierdesk/tickets/sla"
)

// Hours are a part of every day, from one time of day to another, over midnight if From is the
// later one. They are counted since midnight; the zero value is no time at all.
type Hours struct{ From, To time.Duration }

// Ends returns when the hours end in which an instant lies; the zero time if it lies in none. The
// instant's location is whose hours they are.
func (h Hours) Ends(now time.Time) time.Time {
	if h.From == h.To {
		return time.Time{}
	}
	for _, days := range []int{-1, 0} { // those that began yesterday, and today
		from, to := onDay(now, days, h.From), onDay(now, days, h.To)
		if h.To < h.From {
			to = onDay(now, days+1, h.To)
		}
		if !now.Before(from) && now.Before(to) {
			return to
		}
	}
	return time.Time{}
}

// NextAt returns when it is that time of day next, in the instant's location.
func NextAt(now time.Time, timeOfDay time.Duration) time.Time {
	if at := onDay(now, 0, timeOfDay); at.After(now) {
		return at
	}
	return onDay(now, 1, timeOfDay)
}

// onDay returns a time of day, so many days later. It is what the clock on the wall shows: some
// days have 23 hours.
func onDay(now time.Time, days int, timeOfDay time.Duration) time.Time {
	return sla.OnDay(now, days, timeOfDay)
}
