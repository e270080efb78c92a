package sla

import "time"

// Nobody outside is written to by the desk itself before or after these hours.
const (
	dayBegins TimeOfDay = 8 * 60
	dayEnds   TimeOfDay = 20 * 60
)

// ByDay returns the first instant from t on at which somebody outside may hear from the desk: the
// calendar is open, or closes at that very instant, and it is day on the wall of a place. It is
// zero if there is none.
func (c *Calendar) ByDay(t time.Time, place *time.Location) time.Time {
	for range 4 * 366 {
		if t = c.Within(t); t.IsZero() {
			return t
		}
		local := t.In(place)
		minute := TimeOfDay(local.Hour()*60 + local.Minute())
		switch day := dateOf(local); {
		case minute < dayBegins:
			t = onTheWall(day, dayBegins, place).In(t.Location())
		case minute >= dayEnds:
			t = onTheWall(day.add(1), dayBegins, place).In(t.Location())
		default:
			return t
		}
	}
	return time.Time{}
}

// OnDay returns when the clock on the wall shows a time of day, so many days after that of an
// instant, in the instant's location. Where clocks go back over it, it is the first of the two;
// where they go forward over it, the moment of the change: never on the day before.
func OnDay(now time.Time, days int, timeOfDay time.Duration) time.Time {
	return onTheWall(dateOf(now).add(days), TimeOfDay(timeOfDay/time.Minute), now.Location())
}

// Within returns t if the clock runs then or stops at that very instant, else when it runs next.
func (c *Calendar) Within(t time.Time) time.Time {
	if t.IsZero() || c.Open(t) || c.Open(t.Add(-time.Millisecond)) {
		return t
	}
	return c.Next(t)
}
