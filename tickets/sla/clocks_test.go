package sla

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// standard is the default service: what the desk promises when nobody changed service.yaml.
func standard(_, priority string) (Promise, *Calendar) {
	h := time.Hour
	return map[string]Promise{
		"urgent": {FirstReply: h / 2, NextReply: h, Resolution: 4 * h},
		"high":   {FirstReply: h, NextReply: 2 * h, Resolution: 8 * h},
		"normal": {FirstReply: 4 * h, NextReply: 8 * h, Resolution: 24 * h},
		"low":    {FirstReply: 8 * h, NextReply: 16 * h, Resolution: 48 * h},
	}[priority], nil
}

var opened = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// history reads "0 opened normal; 1h30m customer": times after the opening.
func history(t testing.TB, s string) []Mark {
	t.Helper()
	var out []Mark
	for _, one := range strings.Split(s, ";") {
		w := strings.Fields(one)
		after, err := time.ParseDuration(strings.Replace(w[0], "d", "h", 1))
		if err != nil {
			t.Fatal(err)
		}
		m := Mark{At: opened.Add(after), Kind: MarkKind(w[1])}
		if len(w) > 2 {
			m.Priority = w[2]
		}
		out = append(out, m)
	}
	return out
}

// tell writes clocks with times after the opening.
func tell(clocks []Clock) []string {
	rel := func(at time.Time) string { return short(at.Sub(opened)) }
	var out []string
	for _, c := range clocks {
		s := fmt.Sprintf("%s %s from %s", c.Target, c.State, rel(c.Started))
		if !c.Ended.IsZero() {
			s += " to " + rel(c.Ended)
		}
		if !c.PausedSince.IsZero() {
			s += " since " + rel(c.PausedSince)
		}
		if !c.Due.IsZero() {
			s += " due " + rel(c.Due)
		}
		out = append(out, s+fmt.Sprintf(", %s of %s", short(c.Elapsed), short(c.Total)))
	}
	return out
}

func short(d time.Duration) string {
	s := d.String()
	s = strings.TrimSuffix(s, "0s")
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	if s == "" {
		return "0"
	}
	return s
}

func TestTheDefaultService(t *testing.T) {
	for priority, want := range map[string][]string{
		"urgent": {"first_reply running from 0 due 30m, 0 of 30m", "resolution running from 0 due 4h, 0 of 4h"},
		"high":   {"first_reply running from 0 due 1h, 0 of 1h", "resolution running from 0 due 8h, 0 of 8h"},
		"normal": {"first_reply running from 0 due 4h, 0 of 4h", "resolution running from 0 due 24h, 0 of 24h"},
		"low":    {"first_reply running from 0 due 8h, 0 of 8h", "resolution running from 0 due 48h, 0 of 48h"},
	} {
		if got := tell(Clocks(history(t, "0s opened "+priority), standard)); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", priority, got, want)
		}
	}
}

func TestClocks(t *testing.T) {
	for _, c := range []struct {
		name, history string
		want          []string
	}{
		{"answered in time", "0s opened normal; 1h agent", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "resolution running from 0 due 24h, 0 of 24h",
		}},
		{"answered at the last moment", "0s opened normal; 4h agent", []string{
			"first_reply kept from 0 to 4h, 4h of 4h", "resolution running from 0 due 24h, 0 of 24h",
		}},
		{"answered too late", "0s opened normal; 4h0m1s agent", []string{
			"first_reply missed from 0 to 4h0m1s, 4h0m1s of 4h", "resolution running from 0 due 24h, 0 of 24h",
		}},
		{"the customer writes again before any answer", "0s opened normal; 1h customer; 2h agent", []string{
			"first_reply kept from 0 to 2h, 2h of 4h", "resolution running from 0 due 24h, 0 of 24h",
		}},
		{"the customer writes after the answer, twice", "0s opened normal; 1h agent; 2h customer; 3h customer", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "next_reply running from 2h due 10h, 0 of 8h", "resolution running from 0 due 24h, 0 of 24h",
		}},
		{"each next reply has its clock", "0s opened normal; 1h agent; 2h customer; 3h agent; 4h customer; 13h agent", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "next_reply kept from 2h to 3h, 1h of 8h", "next_reply missed from 4h to 13h, 9h of 8h",
			"resolution running from 0 due 24h, 0 of 24h",
		}},
		{"an agent writes twice", "0s opened normal; 1h agent; 2h agent", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "resolution running from 0 due 24h, 0 of 24h",
		}},
		{"pending stops the resolution", "0s opened normal; 1h agent; 1h paused", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "resolution paused from 0 since 1h, 1h of 24h",
		}},
		{"and it goes on with what was used", "0s opened normal; 1h agent; 1h paused; 11h customer; 11h resumed", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "next_reply running from 11h due 19h, 0 of 8h", "resolution running from 0 due 34h, 1h of 24h",
		}},
		{"pending does not stop who waits for the first answer", "0s opened normal; 1h paused", []string{
			"first_reply running from 0 due 4h, 0 of 4h", "resolution paused from 0 since 1h, 1h of 24h",
		}},
		{"on-hold does not stop who waits for the next answer", "0s opened normal; 1h agent; 2h paused; 3h customer", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "next_reply running from 3h due 11h, 0 of 8h", "resolution paused from 0 since 2h, 2h of 24h",
		}},
		{"from pending to on-hold", "0s opened normal; 1h paused; 2h paused; 3h resumed; 4h resumed", []string{
			"first_reply running from 0 due 4h, 0 of 4h", "resolution running from 0 due 26h, 1h of 24h",
		}},
		{"solved in time", "0s opened normal; 1h agent; 2h solved", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "resolution kept from 0 to 2h, 2h of 24h",
		}},
		{"solved too late", "0s opened urgent; 10m agent; 5h solved", []string{
			"first_reply kept from 0 to 10m, 10m of 30m", "resolution missed from 0 to 5h, 5h of 4h",
		}},
		{"solved while pending", "0s opened urgent; 10m agent; 1h paused; 50h solved", []string{
			"first_reply kept from 0 to 10m, 10m of 30m", "resolution kept from 0 to 50h, 1h of 4h",
		}},
		{"solved with the answer, in one instant", "0s opened urgent; 10m agent; 10m solved", []string{
			"first_reply kept from 0 to 10m, 10m of 30m", "resolution kept from 0 to 10m, 10m of 4h",
		}},
		{"solved without an answer", "0s opened normal; 2h solved", []string{
			"first_reply stopped from 0 to 2h, 2h of 4h", "resolution kept from 0 to 2h, 2h of 24h",
		}},
		{"solved without an answer, too late", "0s opened normal; 5h solved", []string{
			"first_reply missed from 0 to 5h, 5h of 4h", "resolution kept from 0 to 5h, 5h of 24h",
		}},
		{"solved while a next answer was due", "0s opened normal; 1h agent; 2h customer; 3h solved", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "next_reply stopped from 2h to 3h, 1h of 8h", "resolution kept from 0 to 3h, 3h of 24h",
		}},
		{"answered after it was solved", "0s opened normal; 2h solved; 3h agent", []string{
			"first_reply kept from 0 to 3h, 2h of 4h", "resolution kept from 0 to 2h, 2h of 24h",
		}},
		{"thanks after it was solved", "0s opened normal; 1h agent; 2h solved; 3h customer", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "resolution kept from 0 to 2h, 2h of 24h",
		}},
		{"reopened by the customer", "0s opened normal; 1h agent; 2h solved; 12h customer; 12h reopened", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "next_reply running from 12h due 20h, 0 of 8h", "resolution running from 0 due 34h, 2h of 24h",
		}},
		{"reopened by the customer, told the other way round", "0s opened normal; 1h agent; 2h solved; 12h reopened; 12h customer", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "next_reply running from 12h due 20h, 0 of 8h", "resolution running from 0 due 34h, 2h of 24h",
		}},
		{"written and answered while it was solved, then reopened", "0s opened normal; 1h agent; 2h solved; 3h customer; 4h agent; 12h reopened", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "resolution running from 0 due 34h, 2h of 24h",
		}},
		{"solved with an unanswered mail and reopened by an agent", "0s opened normal; 1h agent; 2h customer; 3h solved; 12h reopened", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "next_reply stopped from 2h to 3h, 1h of 8h", "resolution running from 0 due 33h, 3h of 24h",
		}},
		{"opened twice", "0s opened normal; 1h agent; 2h opened urgent", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "resolution running from 0 due 24h, 0 of 24h",
		}},
		{"reopened by an agent", "0s opened normal; 1h agent; 2h solved; 12h reopened", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "resolution running from 0 due 34h, 2h of 24h",
		}},
		{"reopened before there was any answer", "0s opened normal; 1h solved; 11h customer; 11h reopened", []string{
			"first_reply running from 0 due 14h, 1h of 4h", "resolution running from 0 due 34h, 1h of 24h",
		}},
		{"reopened and solved again, too late in all", "0s opened urgent; 10m agent; 1h solved; 10h reopened; 13h30m solved", []string{
			"first_reply kept from 0 to 10m, 10m of 30m", "resolution missed from 0 to 13h30m, 4h30m of 4h",
		}},
		{"solved ends a pause and reopening begins without one", "0s opened normal; 1h agent; 2h paused; 3h solved; 4h reopened", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "resolution running from 0 due 26h, 2h of 24h",
		}},
		{"from solved to pending", "0s opened normal; 1h agent; 2h solved; 4h paused", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "resolution paused from 0 since 2h, 2h of 24h",
		}},
		{"raised: counts from the start", "0s opened normal; 1h priority urgent", []string{
			"first_reply running from 0 due 30m, 0 of 30m", "resolution running from 0 due 4h, 0 of 4h",
		}},
		{"lowered: counts from the start", "0s opened urgent; 3h priority low", []string{
			"first_reply running from 0 due 8h, 0 of 8h", "resolution running from 0 due 48h, 0 of 48h",
		}},
		{"what was answered keeps its verdict", "0s opened normal; 1h agent; 2h priority urgent", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "resolution running from 0 due 4h, 0 of 4h",
		}},
		{"raised while a next answer is due", "0s opened normal; 1h agent; 2h customer; 3h priority urgent", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "next_reply running from 2h due 3h, 0 of 1h", "resolution running from 0 due 4h, 0 of 4h",
		}},
		{"raised while solved, then reopened", "0s opened normal; 1h agent; 2h solved; 3h priority urgent; 5h reopened", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "resolution running from 0 due 7h, 2h of 4h",
		}},
		{"raised with the opening", "0s opened normal; 0s priority urgent", []string{
			"first_reply running from 0 due 30m, 0 of 30m", "resolution running from 0 due 4h, 0 of 4h",
		}},
		{"a priority that promises nothing", "0s opened normal; 1h priority someday", nil},
		{"merged", "0s opened normal; 1h agent; 2h customer; 3h ended", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "next_reply stopped from 2h to 3h, 1h of 8h", "resolution stopped from 0 to 3h, 3h of 24h",
		}},
		{"solved twice", "0s opened normal; 1h agent; 2h solved; 30h solved", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "resolution kept from 0 to 2h, 2h of 24h",
		}},
		{"reopened though it was open", "0s opened normal; 1h reopened", []string{
			"first_reply running from 0 due 4h, 0 of 4h", "resolution running from 0 due 24h, 0 of 24h",
		}},
		{"a mail that lay about until after the opening", "0s opened normal; -1h customer; 1h agent", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "resolution running from 0 due 24h, 0 of 24h",
		}},
		{"told out of order", "3h customer; 0s opened normal; 1h agent", []string{
			"first_reply kept from 0 to 1h, 1h of 4h", "next_reply running from 3h due 11h, 0 of 8h", "resolution running from 0 due 24h, 0 of 24h",
		}},
		{"no opening", "1h agent; 2h customer", nil},
		{"an unknown mark", "0s opened normal; 1h sneezed", []string{
			"first_reply running from 0 due 4h, 0 of 4h", "resolution running from 0 due 24h, 0 of 24h",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := tell(Clocks(history(t, c.history), standard)); !slices.Equal(got, c.want) {
				t.Errorf("%s\n got %s\nwant %s", c.history, strings.Join(got, "\n     "), strings.Join(c.want, "\n     "))
			}
		})
	}
}

func TestClockAtAndUsed(t *testing.T) {
	clocks := Clocks(history(t, "0s opened urgent; 10m agent; 1h paused; 5h resumed"), standard)
	first, resolution := clocks[0], clocks[1]
	for percent, want := range map[int]string{0: "0", 25: "1h", 50: "6h", 80: "7h12m", 100: "8h", 150: "10h"} {
		if got := short(resolution.At(percent).Sub(opened)); got != want {
			t.Errorf("%d%% of the resolution at %s, want %s", percent, got, want)
		}
	}
	for after, want := range map[time.Duration]time.Duration{0: 0, time.Hour: time.Hour, 3 * time.Hour: time.Hour, 6 * time.Hour: 2 * time.Hour, 100 * time.Hour: 96 * time.Hour} {
		if got := resolution.Used(opened.Add(after)); got != want {
			t.Errorf("after %s it has used %s, want %s", after, got, want)
		}
	}
	if got := first.At(33); got.Sub(opened) != 594*time.Second {
		t.Errorf("33%% of 30m at %s", got.Sub(opened))
	}
	if got := first.At(80); !got.IsZero() {
		t.Errorf("an answered clock reaches 80%% at %s", got)
	}
	paused := Clocks(history(t, "0s opened urgent; 1h paused"), standard)[1]
	if got := paused.At(80); !got.IsZero() {
		t.Errorf("a paused clock reaches 80%% at %s", got)
	}
	if got := paused.At(20); got.Sub(opened) != 48*time.Minute {
		t.Errorf("20%% were reached at %s", got.Sub(opened))
	}
}

func TestClocksOfACalendar(t *testing.T) {
	c := office(t)
	policy := func(policy, p string) (Promise, *Calendar) {
		promise, _ := standard(policy, p)
		if p == "urgent" {
			return promise, nil
		}
		return promise, c
	}
	friday := at(t, c.Location(), "2026-11-27 13:00")
	got := Clocks([]Mark{{At: friday, Kind: MarkOpened, Priority: "normal"}}, policy)
	if want := at(t, c.Location(), "2026-11-30 11:00"); !got[0].Due.Equal(want) { // one hour on Friday, three on Monday
		t.Errorf("the first reply is due %s, want %s", got[0].Due, want)
	}
	// An answer in the night after the office's last minute is too late, though no hour has passed since.
	due := at(t, c.Location(), "2026-11-27 14:00")
	got = Clocks([]Mark{{At: friday, Kind: MarkOpened, Priority: "high"}, {At: due.Add(5 * time.Hour), Kind: MarkAgent}}, policy)
	if got[0].State != Missed || got[0].Elapsed != time.Hour || !got[0].At(100).Equal(due) {
		t.Errorf("%+v", got[0])
	}
	// A new priority brings its own calendar, from the start.
	got = Clocks([]Mark{{At: friday, Kind: MarkOpened, Priority: "normal"}, {At: friday.Add(time.Minute), Kind: MarkPriority, Priority: "urgent"}}, policy)
	if want := friday.Add(4 * time.Hour); !got[1].Due.Equal(want) || got[1].Priority != "urgent" {
		t.Errorf("the resolution is due %s, want %s", got[1].Due, want)
	}
	// So does a policy; what stood still stays left out, as the new calendar counts it.
	got = Clocks([]Mark{{At: friday, Kind: MarkOpened, Priority: "normal"}, {At: friday.Add(time.Hour), Kind: MarkPaused},
		{At: friday.Add(70 * time.Hour), Kind: MarkResumed}, {At: friday.Add(71 * time.Hour), Kind: MarkPriority, Priority: "normal", Policy: "gold"}},
		func(policy, p string) (Promise, *Calendar) {
			if policy == "gold" {
				return Promise{Resolution: 10 * time.Hour}, nil
			}
			return Promise{Resolution: 24 * time.Hour}, c
		})
	if want := friday.Add(79 * time.Hour); len(got) != 1 || !got[0].Due.Equal(want) || got[0].Policy != "gold" || got[0].Used(friday.Add(71*time.Hour)) != 2*time.Hour {
		t.Errorf("under the new policy %+v, want due %s", got, want)
	}
	never := calendar(t, "UTC", map[string]string{"mon": "08:00-09:00"}, nil, ics("DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=DAILY"))
	got = Clocks([]Mark{{At: friday, Kind: MarkOpened, Priority: "normal"}}, func(_, _ string) (Promise, *Calendar) { return Promise{FirstReply: 1}, never })
	if len(got) != 1 || got[0].State != Running || !got[0].Due.IsZero() {
		t.Errorf("a promise that never falls due: %+v", got)
	}
}

// Properties of every history.

var kinds = []MarkKind{MarkCustomer, MarkAgent, MarkPaused, MarkResumed, MarkSolved, MarkReopened, MarkPriority, MarkEnded}

func anyHistory(t *rapid.T) []Mark {
	priorities := []string{"urgent", "high", "normal", "low", "someday"}
	out := []Mark{{At: opened, Kind: MarkOpened, Priority: rapid.SampledFrom(priorities).Draw(t, "priority")}}
	at := opened
	for range rapid.IntRange(0, 15).Draw(t, "n") {
		at = at.Add(time.Duration(rapid.IntRange(1, 5*3600).Draw(t, "after")) * time.Second)
		m := Mark{At: at, Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
		if m.Kind == MarkPriority {
			m.Priority = rapid.SampledFrom(priorities).Draw(t, "priority")
		}
		out = append(out, m)
	}
	return out
}

func anyPolicy(t *rapid.T) func(policy, priority string) (Promise, *Calendar) {
	c := anyCalendar(t)
	return func(policy, p string) (Promise, *Calendar) {
		promise, _ := standard(policy, p)
		if p == "urgent" {
			return promise, nil
		}
		return promise, c
	}
}

func TestClockProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		history, policy := anyHistory(t), anyPolicy(t)
		clocks := Clocks(history, policy)
		last := history[len(history)-1].At
		targets := map[Target]int{}
		for _, c := range clocks {
			targets[c.Target]++
			running := c.State == Running
			if running != !c.Due.IsZero() || (c.State == Paused) != !c.PausedSince.IsZero() || (running || c.State == Paused) != c.Ended.IsZero() {
				t.Fatalf("a %s clock with due %s, paused %s, ended %s", c.State, c.Due, c.PausedSince, c.Ended)
			}
			if running && !c.Due.Equal(c.At(100)) {
				t.Fatalf("due %s is not when all of the time has passed, %s", c.Due, c.At(100))
			}
			if broken := c.At(100); !running && (c.State == Missed) != (!c.Ended.IsZero() && !broken.IsZero() && broken.Before(c.Ended)) {
				t.Fatalf("a %s clock that was broken %s and ended %s", c.State, broken, c.Ended)
			}
			if !running && c.Used(last.AddDate(1, 0, 0)) != c.Elapsed {
				t.Fatalf("a %s clock goes on: %s after %s", c.State, c.Used(last.AddDate(1, 0, 0)), c.Elapsed)
			}
			before := time.Time{}
			for percent := 10; percent <= 200; percent += 10 {
				at := c.At(percent)
				if at.IsZero() {
					before = opened.AddDate(100, 0, 0) // then no greater share is reached either
					continue
				}
				if at.Before(before) {
					t.Fatalf("%d%% come at %s, before a smaller share at %s", percent, at, before)
				}
				before = at
				if used := c.Used(at); used != c.Total*time.Duration(percent)/100 {
					t.Fatalf("at %d%% of %s %s are used", percent, c.Total, used)
				}
			}
			// Used never falls, and never runs faster than time.
			x := opened.Add(time.Duration(rapid.IntRange(0, 500).Draw(t, "x")) * time.Hour)
			y := x.Add(time.Duration(rapid.IntRange(0, 500).Draw(t, "y")) * time.Hour)
			if grown := c.Used(y) - c.Used(x); grown < 0 || grown > y.Sub(x) {
				t.Fatalf("from %s to %s it used %s", x, y, grown)
			}
			if c.Target != Resolution && c.State == Paused {
				t.Fatalf("%s is paused", c.Target)
			}
		}
		if targets[FirstReply] > 1 || targets[Resolution] > 1 {
			t.Fatalf("clocks %v", targets)
		}
	})
}

// What mail came in which order may not matter: the marks' instants do.
func TestClocksDoNotHangOnTheOrderTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		history, policy := anyHistory(t), anyPolicy(t)
		shuffled := slices.Clone(history)
		rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed"))).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if a, b := tell(Clocks(history, policy)), tell(Clocks(shuffled, policy)); !slices.Equal(a, b) {
			t.Fatalf("in order %q, shuffled %q", a, b)
		}
	})
}

// A clock that runs does not remember what the priority once was.
func TestPriorityCountsFromTheStart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		history, policy := anyHistory(t), anyPolicy(t)
		priority, plain := "", []Mark(nil)
		for _, m := range history {
			if m.Priority != "" {
				priority = m.Priority
			}
			if m.Kind != MarkPriority {
				plain = append(plain, m)
			}
		}
		plain[0].Priority = priority
		alive := func(clocks []Clock) []string {
			return tell(slices.DeleteFunc(clocks, func(c Clock) bool { return !c.Ended.IsZero() }))
		}
		if a, b := alive(Clocks(history, policy)), alive(Clocks(plain, policy)); !slices.Equal(a, b) {
			t.Fatalf("with changes %q, with %s from the start %q", a, priority, b)
		}
	})
}

// What has been told stays told: a mark later than an ended reply clock does not change its verdict.
func TestAnsweredClocksKeepTheirVerdict(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		history, policy := anyHistory(t), anyPolicy(t)
		n := rapid.IntRange(1, len(history)).Draw(t, "n")
		before, after := Clocks(history[:n], policy), Clocks(history, policy)
		for _, c := range before {
			if c.Target == Resolution || (c.State != Kept && c.State != Missed) {
				continue
			}
			if c.State == Missed && c.Target == FirstReply && !answered(history[:n]) {
				continue // solved too late without an answer: reopened, it is waited for again
			}
			if !slices.Contains(tell(after), tell([]Clock{c})[0]) {
				t.Fatalf("%q is not among %q any more", tell([]Clock{c}), tell(after))
			}
		}
	})
}

func answered(history []Mark) bool {
	return slices.ContainsFunc(history, func(m Mark) bool { return m.Kind == MarkAgent })
}

func BenchmarkClocks(b *testing.B) {
	h := history(b, "0s opened normal; 1h agent; 2h customer; 3h agent; 4h customer; 5h paused; 13h agent; 14h resumed; 15h priority urgent")
	c := office(b)
	for b.Loop() {
		Clocks(h, func(_, p string) (Promise, *Calendar) { promise, _ := standard("", p); return promise, c })
	}
}
