package fault_test

import (
	"strings"
	"testing"

	"tierdesk/rules/fault"
)

func TestHint(t *testing.T) {
	names := []string{"urgent", "high", "low"}
	for _, c := range []struct{ word, near, hint string }{
		{"urgnet", "urgent", `did you mean "urgent"?`},
		{"Urgent", "urgent", `did you mean "urgent"?`},
		{"urg", "urgent", `did you mean "urgent"?`},
		{"urgently", "urgent", `did you mean "urgent"?`},
		{"hihg", "high", `did you mean "high"?`},
		{"lwo", "low", `did you mean "low"?`},
		{"xyz", "", "there is urgent, high, low"},
		{"", "", "there is urgent, high, low"},
		{"h", "", "there is urgent, high, low"},
		{strings.Repeat("x", 100), "", "there is urgent, high, low"},
	} {
		if got := fault.Nearest(c.word, names); got != c.near {
			t.Errorf("%q: got %q, want %q", c.word, got, c.near)
		}
		if got := fault.Hint(c.word, names); got != c.hint {
			t.Errorf("%q: got %q, want %q", c.word, got, c.hint)
		}
	}
	if got := fault.Hint("xyz", nil); got != "" {
		t.Errorf("no names: %q", got)
	}
	if got := fault.Hint("xyz", []string{"one"}); got != `there is only "one"` {
		t.Errorf("one name: %q", got)
	}
	if got := fault.Hint("xyz", make([]string, 21)); got != "" {
		t.Errorf("many names: %q", got)
	}
}
