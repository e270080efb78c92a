package customer

import (
	"testing"
	"time"

	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/ratelimit"
)

// In which ticket a flood is gathered: the newest that the address opened, or where it is gathered already.
func TestFloodOf(t *testing.T) {
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	limits := ratelimit.Limits{Burst: 3, Opened: 5}
	opened := func(ticket int64, ago time.Duration) arrival.Earlier {
		return arrival.Earlier{Arrival: tickets.Arrival{Ticket: ticket, Received: now.Add(-ago)}}
	}
	with := func(e arrival.Earlier, cause tickets.Cause, reasons string) arrival.Earlier {
		e.Cause, e.Reasons = cause, reasons
		return e
	}
	const m, h = time.Minute, time.Hour
	type list = []arrival.Earlier
	for _, c := range []struct {
		name string
		of   list
		want int64
	}{
		{"nothing", nil, 0},
		{"two lately", list{opened(2, m), opened(1, 2*m)}, 0},
		{"three lately", list{opened(3, m), opened(2, 2*m), opened(1, 3*m)}, 3},
		{"three, one of them at the edge", list{opened(3, m), opened(2, 2*m), opened(1, ratelimit.BurstWindow)}, 3},
		{"three, one of them too long ago", list{opened(3, m), opened(2, 2*m), opened(1, ratelimit.BurstWindow+time.Second)}, 0},
		{"five a day", list{opened(5, h), opened(4, 2*h), opened(3, 3*h), opened(2, 4*h), opened(1, 5*h)}, 5},
		{"four a day", list{opened(4, 2*h), opened(3, 3*h), opened(2, 4*h), opened(1, 5*h)}, 0},
		{"replies open nothing", list{with(opened(3, m), "", "a reply token"), opened(2, 2*m), opened(1, 3*m)}, 0},
		{"what is gathered already keeps it up", list{with(opened(1, m), tickets.CauseFlood, "x"), with(opened(1, 2*m), tickets.CauseFlood, "x"), opened(1, 3*m)}, 1},
		{"what came later, or on another day, does not count", list{opened(4, -m), opened(3, m), opened(2, 2*m), opened(1, 25*h)}, 0},
		{"what is gathered counts for no day", list{with(opened(1, h), tickets.CauseFlood, "x"), with(opened(1, 2*h), tickets.CauseFlood, "x"), opened(3, 3*h), opened(2, 4*h), opened(1, 5*h)}, 0},
	} {
		if got := floodOf(c.of, now, limits); got != c.want {
			t.Errorf("%s: %d, not %d", c.name, got, c.want)
		}
	}
}
