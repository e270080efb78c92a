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
			s := stroke{c.Target, c.Policy, c.Priority, c.State, c.Used(end), time.Time{}}
			if c.State == Running && !c.Due.After(end) {
				s.broken = c.Due
			}
			got = append(got, s)
		}
		if !slices.EqualFunc(got, want, stroke.equal) {
			t.Fatalf("seed %d, walls %+v, history %v:\nclocks %v\nclerk  %v", seed, desk.walls, history, got, want)
		}
	}
}

const fortnight = 14 * 24 * time.Hour

// stroke is what is known of a promise after a fortnight.
type stroke struct {
	target   Target
	policy   string
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

// wallDesk is a random desk: promises by policy and priority, and for each policy the calendar on the wall.
type wallDesk struct {
	start    time.Time
	walls    map[string]*wall
	promises map[[2]string]Promise
}

// wall is a calendar as it hangs there: hours in minutes of the day, days off.
type wall struct {
	zone     *time.Location
	hours    [7][][2]int
	off      map[string]bool
	calendar *Calendar
	highest  time.Time // the latest time that the clock beside it has shown: hours that come again are no new ones
}

func (d *wallDesk) policy(policy, priority string) (Promise, *Calendar) {
	return d.promises[[2]string{policy, priority}], d.walls[policy].calendar
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
	d := &wallDesk{start: day.Add(-time.Duration(r.IntN(13*24*60)) * time.Minute).Truncate(time.Minute), walls: map[string]*wall{},
		promises: map[[2]string]Promise{}}
	for _, policy := range []string{"", "gold"} {
		if policy != "" && r.IntN(3) == 0 { // the other office is elsewhere
			if zone, err = time.LoadLocation(changes[r.IntN(len(changes))].zone); err != nil {
				t.Fatal(err)
			}
		}
		d.walls[policy] = anyWall(t, r, zone, d.start)
		for _, p := range []string{"high", "normal", "low"} {
			minutes := func() time.Duration { return time.Duration(r.IntN(3*24*60)) * time.Minute }
			d.promises[[2]string{policy, p}] = Promise{FirstReply: minutes(), NextReply: minutes(), Resolution: minutes()}
		}
	}
	return d
}

func anyWall(t *testing.T, r *rand.Rand, zone *time.Location, start time.Time) *wall {
	d := &wall{zone: zone, off: map[string]bool{}}
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
		at := start.In(zone).AddDate(0, 0, r.IntN(14))
		d.off[at.Format(time.DateOnly)] = true
		off = append(off, Date{at.Year(), at.Month(), at.Day()})
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
	policy := func() string { return []string{"", "gold"}[r.IntN(2)] }
	out := []Mark{{At: start, Kind: MarkOpened, Priority: priority(), Policy: policy()}}
	at := start
	for range r.IntN(14) {
		at = at.Add(time.Duration(1+r.IntN(2*24*60)) * time.Minute)
		if m := (Mark{At: at, Kind: kinds[r.IntN(len(kinds)-1)]}); at.Before(start.Add(fortnight)) { // not ended: it has no way back
			if m.Kind == MarkPriority {
				m.Priority, m.Policy = priority(), policy()
			}
			out = append(out, m)
		}
	}
	return out
}

// tally is a promise as the clerk keeps it: who waits for what, under which policy and priority, and on the wall of each policy a
// stroke for each minute.
type tally struct {
	target           Target
	terms            [2]string              // policy, priority
	strokes          map[string][]time.Time // the minutes that counted
	running, settled bool
	ended            time.Time
}

// clerk sits through the fortnight.
func (d *wallDesk) clerk(history []Mark, end time.Time) []stroke {
	var first, solution, waiting *tally
	var next []*tally
	solved, wrote, terms := false, false, [2]string{}
	waitFor := func(target Target) *tally {
		return &tally{target: target, terms: terms, running: true, strokes: map[string][]time.Time{}}
	}
	for now := d.start.Add(-3 * time.Hour); now.Before(d.start); now = now.Add(time.Minute) {
		for _, w := range d.walls {
			w.open(now)
		}
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
				solution.ended, solution.settled, solution.terms = time.Time{}, false, terms
				if !first.settled {
					first.ended, first.running, first.terms = time.Time{}, true, terms
				} else if wrote {
					waiting = waitFor(NextReply)
					next = append(next, waiting)
				}
				wrote = false
			}
			switch m.Kind {
			case MarkOpened:
				terms = [2]string{m.Policy, m.Priority}
				first, solution = waitFor(FirstReply), waitFor(Resolution)
			case MarkCustomer:
				if solved {
					wrote = true
				} else if first.settled && waiting == nil {
					waiting = waitFor(NextReply)
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
				terms = [2]string{m.Policy, m.Priority}
				for _, c := range append([]*tally{first, solution}, next...) {
					if c.ended.IsZero() {
						c.terms = terms
					}
				}
			}
		}
		for policy, w := range d.walls {
			if !w.open(now) {
				continue
			}
			for _, c := range append([]*tally{first, solution}, next...) {
				if c.running {
					c.strokes[policy] = append(c.strokes[policy], now)
				}
			}
		}
	}
	var out []stroke
	for _, c := range append(append([]*tally{first}, next...), solution) {
		total := int(d.promises[c.terms].Of(c.target) / time.Minute)
		strokes := c.strokes[c.terms[0]]
		if total == 0 {
			continue
		}
		s := stroke{target: c.target, policy: c.terms[0], priority: c.terms[1], used: time.Duration(len(strokes)) * time.Minute}
		broken := time.Time{}
		if len(strokes) >= total {
			broken = strokes[total-1].Add(time.Minute)
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

// open reports whether somebody works in a minute, by the clock and the calendar on the wall.
func (d *wall) open(now time.Time) bool {
	if d.calendar == nil {
		return true
	}
	local := now.In(d.zone)
	wall := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), 0, 0, time.UTC)
	if wall.Before(d.highest) {
		wall = d.highest
	}
	d.highest = wall
	minute := wall.Hour()*60 + wall.Minute()
	return !d.off[wall.Format(time.DateOnly)] && slices.ContainsFunc(d.hours[wall.Weekday()], func(s [2]int) bool { return s[0] <= minute && minute < s[1] })
}
