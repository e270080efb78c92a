package classify

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The last colon is found where strings.LastIndexAny finds it, also in what is no UTF-8.
func TestLastColon(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", ":", "：", "\xef", "\xbc", "\x9a", "é", "回复"})).Draw(t, "s"), "")
		if got, want := lastColon(s), strings.LastIndexAny(s, ":："); got != want {
			t.Fatalf("%q: %d, not %d", s, got, want)
		}
	})
}
