package decision

import (
	"testing"
	"time"

	"tierdesk/tickets"
	"tierdesk/tickets/sla"
)

// A warning is needless once its promise was missed, or is about to be told as missed; that of another clock, or of a later start, is not.
func TestNeedlessWarnings(t *testing.T) {
	start := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	at := func(percent int, target sla.Target, started time.Time, due time.Duration) promise {
		return promise{line: &tickets.Escalation{When: tickets.Condition{Target: target, Percent: percent}}, target: target, started: started, due: started.Add(due)}
	}
	warning, miss := at(80, sla.FirstReply, start, 3*time.Hour), at(100, sla.FirstReply, start, 4*time.Hour)
	missed := tickets.Event{Kind: tickets.Missed, Data: tickets.Data{Target: string(sla.FirstReply), Reason: "first_reply@100#" + "1793610000000"}}
	if start.UnixMilli() != 1793610000000 {
		t.Fatalf("the start is %d", start.UnixMilli())
	}
	for _, c := range []struct {
		name     string
		promises []promise
		past     []tickets.Event
		now      time.Duration
		want     int
	}{
		{"nothing is missed", []promise{warning, miss}, nil, 3 * time.Hour, 2},
		{"both are due at once", []promise{warning, miss}, nil, 5 * time.Hour, 1},
		{"it was missed before, with another priority", []promise{warning}, []tickets.Event{missed}, time.Hour, 0},
		{"the clock has begun anew", []promise{at(80, sla.FirstReply, start.Add(time.Hour), time.Hour)}, []tickets.Event{missed}, 9 * time.Hour, 1},
		{"another clock", []promise{at(80, sla.Resolution, start, time.Hour)}, []tickets.Event{missed}, 9 * time.Hour, 1},
		{"what is missed is told", []promise{miss}, nil, 5 * time.Hour, 1},
	} {
		if got := withoutNeedless(c.promises, c.past, start.Add(c.now)); len(got) != c.want {
			t.Errorf("%s: %d promises are left, wanted %d", c.name, len(got), c.want)
		}
	}
}

// A promise is missed once, whatever becomes of the priority; a warning belongs to its priority.
func TestKeysOfPromises(t *testing.T) {
	start := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	key := func(percent int, priority string) string {
		line := &tickets.Escalation{When: tickets.Condition{Target: sla.FirstReply, Percent: percent}}
		return policyPromises(line, []sla.Clock{{Target: sla.FirstReply, State: sla.Running, Priority: priority, Started: start}}, tickets.Ticket{})[0].key
	}
	if key(100, "low") != key(100, "high") {
		t.Error("a promise is missed again after a change of priority")
	}
	if key(80, "low") == key(80, "high") {
		t.Error("there is no warning for the new priority")
	}
}

func TestMachineOpened(t *testing.T) {
	event := func(kind tickets.EventKind, silent bool) tickets.Event {
		return tickets.Event{Kind: kind, Data: tickets.Data{Silent: silent}}
	}
	for _, c := range []struct {
		name string
		past []tickets.Event
		want bool
	}{
		{"a person", []tickets.Event{event(tickets.Opened, false)}, false},
		{"a machine", []tickets.Event{event(tickets.Opened, true)}, true},
		{"a machine again", []tickets.Event{event(tickets.Opened, true), event(tickets.Replied, true)}, true},
		{"a person since", []tickets.Event{event(tickets.Opened, true), event(tickets.Replied, false)}, false},
		{"a person, then a machine", []tickets.Event{event(tickets.Opened, false), event(tickets.Replied, true)}, false},
	} {
		if got := machineOpened(c.past); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}
