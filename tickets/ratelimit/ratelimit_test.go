package ratelimit

import (
	"strings"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/tickets/arrival"
)

func TestFull(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration, n int) []time.Time {
		out := make([]time.Time, n)
		for i := range out {
			out[i] = now.Add(-d)
		}
		return out
	}
	limits := Limits{Burst: 3, TicketHour: 4, TicketDay: 6}
	for _, c := range []struct {
		name    string
		written []time.Time
		full    string
		fast    bool
	}{
		{"nothing", nil, "", false},
		{"two a moment ago", ago(time.Minute, 2), "", false},
		{"a burst", ago(BurstWindow, 3), "", true},
		{"as many, more slowly", ago(BurstWindow+time.Second, 3), "", false},
		{"an hour's fill", ago(time.Hour, 4), "within an hour", false},
		{"a day's fill", append(ago(2*time.Hour, 3), ago(20*time.Hour, 3)...), "within a day", false},
		{"just below both", append(ago(59*time.Minute, 3), ago(20*time.Hour, 2)...), "", false},
	} {
		m := &arrival.Mail{Raw: mailin.Raw{Received: now}}
		full := Full(limits, m, 7, c.written)
		if (full == "") != (c.full == "") || !strings.Contains(full, c.full) {
			t.Errorf("%s: full %q, want %q", c.name, full, c.full)
		}
		if fast := TooFast(limits, m, c.written); fast != c.fast {
			t.Errorf("%s: too fast %v", c.name, fast)
		}
	}
}

func TestLikeness(t *testing.T) {
	for in, want := range map[string]string{"alarm 12 of 3": "alarm # of #", "no number": "no number", "7": "#", "": ""} {
		if got := withoutNumbers(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
	lines := tellingLines("Hi,\nthe  printer on floor two is dead\nBye")
	if len(lines) != 1 || lines[0] != "the printer on floor two is dead" {
		t.Errorf("%q", lines)
	}
}
