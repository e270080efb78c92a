package tickets

import (
	"time"

	"tierdesk/tickets/sla"
)

// Hours is a part of every day, from one time of day to another, past midnight if From is later
// than To. Both count from midnight; the zero value is no time at all.
type Hours struct{ From, To time.Duration }

// Ends returns the end of the hours that an instant is in; the zero time if it is in none. The
// hours are in the instant's location.
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

// NextAt returns the next instant with that time of day, in the instant's location.
func NextAt(now time.Time, timeOfDay time.Duration) time.Time {
	if at := onDay(now, 0, timeOfDay); at.After(now) {
		return at
	}
	return onDay(now, 1, timeOfDay)
}

// onDay returns a time of day some days later. It goes by the clock on the wall: some days have 23
// hours.
func onDay(now time.Time, days int, timeOfDay time.Duration) time.Time {
	return sla.OnDay(now, days, timeOfDay)
}
