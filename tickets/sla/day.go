package sla

import "time"

// Outside these hours the desk sends nobody outside a mail of its own accord.
const (
	dayBegins TimeOfDay = 8 * 60
	dayEnds   TimeOfDay = 20 * 60
)

// ByDay returns the first instant from t on at which the desk may write to somebody outside: the
// calendar is open or just closing, and it is daytime at place. It is zero if there is none.
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

// OnDay returns the instant with that local time of day, some days after another instant, in that
// instant's location. If clocks go back across it, it is the first of the two; if they go forward
// across it, it is the moment of the change. It is never on the day before.
func OnDay(now time.Time, days int, timeOfDay time.Duration) time.Time {
	return onTheWall(dateOf(now).add(days), TimeOfDay(timeOfDay/time.Minute), now.Location())
}

// Within returns t if the calendar is open or just closing then, else the time at which it opens
// next.
func (c *Calendar) Within(t time.Time) time.Time {
	if t.IsZero() || c.Open(t) || c.Open(t.Add(-time.Millisecond)) {
		return t
	}
	return c.Next(t)
}
