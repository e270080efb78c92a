package decision

import (
	"testing"
	"time"

	"tierdesk/tickets"
)

// An answer that was written before the customer wrote last does not answer that.
func TestWroteSince(t *testing.T) {
	noon := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	event := func(kind tickets.EventKind, after time.Duration, silent bool) tickets.Event {
		return tickets.Event{Kind: kind, At: noon.Add(after), Data: tickets.Data{Silent: silent}}
	}
	for _, c := range []struct {
		name string
		past []tickets.Event
		want bool
	}{
		{"nobody has", []tickets.Event{event(tickets.Opened, -time.Hour, false), event(tickets.Replied, -time.Minute, false)}, false},
		{"the customer has", []tickets.Event{event(tickets.Replied, time.Minute, false)}, true},
		{"a machine has", []tickets.Event{event(tickets.Replied, time.Minute, true)}, false},
		{"a colleague has", []tickets.Event{event(tickets.AgentReplied, time.Minute, false)}, false},
	} {
		if got := wroteSince(c.past, noon); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
