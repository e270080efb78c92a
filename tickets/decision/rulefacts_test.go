package decision

import (
	"testing"

	"tierdesk/tickets"
)

// A person's answer ends what was written in vain; what came without a word does not count.
func TestInVain(t *testing.T) {
	opened, replied := tickets.Event{Kind: tickets.Opened}, tickets.Event{Kind: tickets.Replied}
	answered, silent := tickets.Event{Kind: tickets.AgentReplied}, tickets.Event{Kind: tickets.Replied, Data: tickets.Data{Silent: true}}
	for name, c := range map[string]struct {
		past []tickets.Event
		want int // with one mail more
	}{
		"the first mail":           {nil, 1},
		"the third":                {[]tickets.Event{opened, replied}, 3},
		"behind an answer":         {[]tickets.Event{opened, replied, answered}, 1},
		"the second behind it":     {[]tickets.Event{opened, answered, replied}, 2},
		"answered twice":           {[]tickets.Event{opened, answered, replied, answered}, 1},
		"a silent one counts none": {[]tickets.Event{opened, silent}, 2},
	} {
		if got := inVain(c.past, replied); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
