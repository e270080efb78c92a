package decision

import (
	"slices"
	"testing"
	"time"

	"tierdesk/rules"
	"tierdesk/tickets"
	"tierdesk/tickets/phrase"
)

// A rule has the same done once in a decision, even where what is done makes it match again; another rule, or another value, is another thing.
func TestCarryOut(t *testing.T) {
	applied := func(rule, value string) rules.Applied {
		return rules.Applied{Rule: rule, Action: rules.Action{Kind: rules.KindVendor, Value: value}}
	}
	var done []string
	c := &Case{Decision: Begin(Context{Policy: &tickets.Policy{People: &tickets.Directory{}, Service: &tickets.Service{}}}, "", time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC))}
	c.Actions = Actions{rules.KindVendor: {Do: func(c *Case, value string, by tickets.Actor) (phrase.Text, error) {
		done = append(done, string(by)+" "+value)
		if len(done) < 10 {
			c.waiting = append(c.waiting, applied("one", value), applied("two", "b"))
		}
		return phrase.Say("Done."), nil
	}}}
	c.waiting = []rules.Applied{applied("one", "a"), applied("one", "a")}
	if err := c.carryOut(); err != nil {
		t.Fatal(err)
	}
	if want := []string{"rule:one a", "rule:two b", "rule:one b"}; !slices.Equal(done, want) {
		t.Errorf("done: %v, want %v", done, want)
	}
	if len(c.remarks) != 3 || len(c.waiting) != 0 {
		t.Errorf("%d remarks, %d wait", len(c.remarks), len(c.waiting))
	}
}
