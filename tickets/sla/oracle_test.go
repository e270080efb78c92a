package sla

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"
)

// The clocks are compared with a clerk who sits before the wall for two weeks: each minute they look at the clock and the
// calendar on the wall, at the ticket, and make a stroke for each promise whose time is running. They know no spans, no
// instants of opening and closing, and nothing that happens later.
func TestClocksAgainstAClerk(t *testing.T) {
	n := 100
	if os.Getenv("TIERDESK_TEST_FULL") != "" {
		n = 100_000
	}
	for seed := range n {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		desk := anyDesk(t, r)
		history := anyFortnight(r, desk.start)
		end := desk.start.Add(fortnight)
		want := desk.clerk(history, end)
		var got []stroke
		for _, c := range Clocks(history, desk.policy) {
			s := stroke{c.Target, c.Priority, c.State, c.Used(end), time.Time{}}
			if c.State == Running && !c.Due.After(end) {
				s.broken = c.Due
			}
			got = append(got, s)
		}
		if !slices.EqualFunc(got, want, stroke.equal) {
			t.Fatalf("seed %d, %s, hours %v, off %v, history %v:\nclocks %v\nclerk  %v", seed, desk.zone, desk.hours, desk.off, history, got, want)
		}
	}
}

const fortnight = 14 * 24 * time.Hour

// stroke is what is known of a promise after a fortnight.
type stroke struct {
	target   Target
	priority string
	state    State
	used     time.Duration
	broken   time.Time // of one that still runs
}

func (s stroke) equal(o stroke) bool {
	broken := s.broken.Equal(o.broken)
	s.broken, o.broken = time.Time{}, time.Time{}
	return s == o && broken
}

// wallDesk is a random desk: hours in minutes of the day, days off, promises.
type wallDesk struct {
	zone     *time.Location
	start    time.Time
	hours    [7][][2]int
	off      map[string]bool
	promises map[string]Promise
	calendar *Calendar
}

func (d *wallDesk) policy(priority string) (Promise, *Calendar) {
	return d.promises[priority], d.calendar
}

// Where and when clocks change, days are left out or February is long; the fortnight begins some days before.
var changes = []struct{ zone, day string }{
	{"Europe/Berlin", "2026-03-29"}, {"Europe/Berlin", "2026-10-25"}, {"America/New_York", "2026-03-08"}, {"America/New_York", "2026-11-01"},
	{"Australia/Lord_Howe", "2026-04-05"}, {"Australia/Lord_Howe", "2026-10-04"}, {"Africa/Cairo", "2026-04-24"}, {"Africa/Cairo", "2026-10-30"},
	{"America/Sao_Paulo", "2018-11-04"}, {"America/Sao_Paulo", "2019-02-17"}, {"Asia/Beirut", "2026-03-29"}, {"Pacific/Apia", "2011-12-30"},
	{"UTC", "2028-02-29"}, {"Asia/Kathmandu", "2024-12-31"},
}

func anyDesk(t *testing.T, r *rand.Rand) *wallDesk {
	where := changes[r.IntN(len(changes))]
	zone, err := time.LoadLocation(where.zone)
	if err != nil {
		t.Fatal(err)
	}
	day, err := time.ParseInLocation(time.DateOnly, where.day, zone)
	if err != nil {
		t.Fatal(err)
	}
	d := &wallDesk{zone: zone, start: day.Add(-time.Duration(r.IntN(13*24*60)) * time.Minute).Truncate(time.Minute), off: map[string]bool{}, promises: map[string]Promise{}}
	words := map[string]string{}
	for i, name := range []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} {
		var cuts []int
		for range 2 * r.IntN(4) {
			cuts = append(cuts, r.IntN(24*60-1)) // 23:59 and 24:00, which are one, have tests of their own
		}
		slices.Sort(cuts)
		cuts = slices.Compact(cuts)
		for c := 0; c+1 < len(cuts); c += 2 {
			d.hours[i] = append(d.hours[i], [2]int{cuts[c], cuts[c+1]})
			words[name] += fmt.Sprintf(" %02d:%02d-%02d:%02d", cuts[c]/60, cuts[c]%60, cuts[c+1]/60, cuts[c+1]%60)
		}
	}
	var off []Date
	for range r.IntN(4) {
		at := d.start.In(zone).AddDate(0, 0, r.IntN(14))
		d.off[at.Format(time.DateOnly)] = true
		off = append(off, Date{at.Year(), at.Month(), at.Day()})
	}
	for _, p := range []string{"high", "normal", "low"} {
		minutes := func() time.Duration { return time.Duration(r.IntN(3*24*60)) * time.Minute }
		d.promises[p] = Promise{FirstReply: minutes(), NextReply: minutes(), Resolution: minutes()}
	}
	if r.IntN(8) == 0 {
		return d // the clock round
	}
	if len(words) == 0 {
		d.hours[1], words["mon"] = [][2]int{{540, 1020}}, "09:00-17:00"
	}
	var faults []error
	if d.calendar, faults = NewCalendar(t.Context(), "any", zone, words, off, nil); faults != nil {
		t.Fatal(faults)
	}
	return d
}

// anyFortnight is what happened to a ticket, each thing in a minute of its own.
func anyFortnight(r *rand.Rand, start time.Time) []Mark {
	priority := func() string { return []string{"high", "normal", "low"}[r.IntN(3)] }
	out := []Mark{{At: start, Kind: MarkOpened, Priority: priority()}}
	at := start
	for range r.IntN(14) {
		at = at.Add(time.Duration(1+r.IntN(2*24*60)) * time.Minute)
		if m := (Mark{At: at, Kind: kinds[r.IntN(len(kinds)-1)]}); at.Before(start.Add(fortnight)) { // not ended: it has no way back
			if m.Kind == MarkPriority {
				m.Priority = priority()
			}
			out = append(out, m)
		}
	}
	return out
}

// tally is a promise as the clerk keeps it: who waits for what, under which priority, and a stroke for each minute.
type tally struct {
	target           Target
	priority         string
	strokes          []time.Time // the minutes that counted
	running, settled bool
	ended            time.Time
}

// clerk sits through the fortnight.
func (d *wallDesk) clerk(history []Mark, end time.Time) []stroke {
	var first, solution, waiting *tally
	var next []*tally
	solved, wrote, priority := false, false, ""
	highest := time.Time{} // the latest time that the wall has shown: hours that come again are no new ones
	for now := d.start.Add(-3 * time.Hour); now.Before(d.start); now = now.Add(time.Minute) {
		d.open(now, &highest)
	}
	for now := d.start; now.Before(end); now = now.Add(time.Minute) {
		for _, m := range history {
			if !m.At.Equal(now) {
				continue
			}
			back := func() { // to work on a solved ticket
				if !solved {
					return
				}
				solved = false
				solution.ended, solution.settled, solution.priority = time.Time{}, false, priority
				if !first.settled {
					first.ended, first.running, first.priority = time.Time{}, true, priority
				} else if wrote {
					waiting = &tally{target: NextReply, priority: priority, running: true}
					next = append(next, waiting)
				}
				wrote = false
			}
			switch m.Kind {
			case MarkOpened:
				priority = m.Priority
				first, solution = &tally{target: FirstReply, priority: priority, running: true}, &tally{target: Resolution, priority: priority, running: true}
			case MarkCustomer:
				if solved {
					wrote = true
				} else if first.settled && waiting == nil {
					waiting = &tally{target: NextReply, priority: priority, running: true}
					next = append(next, waiting)
				}
			case MarkAgent:
				if !first.settled {
					first.settled, first.running, first.ended = true, false, now
				}
				if waiting != nil {
					waiting.settled, waiting.running, waiting.ended = true, false, now
					waiting = nil
				}
				wrote = false
			case MarkPaused:
				back()
				solution.running = false
			case MarkResumed:
				back()
				solution.running = true
			case MarkReopened:
				if solved {
					back()
					solution.running = true
				}
			case MarkSolved:
				if solved {
					break
				}
				solved = true
				if !first.settled {
					first.running, first.ended = false, now
				}
				if waiting != nil {
					waiting.running, waiting.ended = false, now
					waiting = nil
				}
				solution.settled, solution.running, solution.ended = true, false, now
			case MarkPriority:
				priority = m.Priority
				for _, c := range append([]*tally{first, solution}, next...) {
					if c.ended.IsZero() {
						c.priority = priority
					}
				}
			}
		}
		if d.open(now, &highest) {
			for _, c := range append([]*tally{first, solution}, next...) {
				if c.running {
					c.strokes = append(c.strokes, now)
				}
			}
		}
	}
	var out []stroke
	for _, c := range append(append([]*tally{first}, next...), solution) {
		total := int(d.promises[c.priority].Of(c.target) / time.Minute)
		if total == 0 {
			continue
		}
		s := stroke{target: c.target, priority: c.priority, used: time.Duration(len(c.strokes)) * time.Minute}
		broken := time.Time{}
		if len(c.strokes) >= total {
			broken = c.strokes[total-1].Add(time.Minute)
		}
		switch {
		case c.ended.IsZero() && c.running:
			s.state, s.broken = Running, broken
		case c.ended.IsZero():
			s.state = Paused
		case !broken.IsZero() && broken.Before(c.ended):
			s.state = Missed
		case c.settled:
			s.state = Kept
		default:
			s.state = Stopped
		}
		out = append(out, s)
	}
	return out
}

// open reports whether the desk works in a minute, by the clock and the calendar on the wall.
func (d *wallDesk) open(now time.Time, highest *time.Time) bool {
	if d.calendar == nil {
		return true
	}
	local := now.In(d.zone)
	wall := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), 0, 0, time.UTC)
	if wall.Before(*highest) {
		wall = *highest
	}
	*highest = wall
	minute := wall.Hour()*60 + wall.Minute()
	return !d.off[wall.Format(time.DateOnly)] && slices.ContainsFunc(d.hours[wall.Weekday()], func(s [2]int) bool { return s[0] <= minute && minute < s[1] })
}
