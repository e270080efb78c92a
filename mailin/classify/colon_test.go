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

// What others said is taken out where the patterns alone would do it.
func TestWithoutOthersWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"abc ", "please contact ", "bitte schreiben Sie an ", "me@acme.example", ".", "\n", "\"", "“", "”", "„", "«", "»", "I am away"})).Draw(t, "s"), "")
		want := redirects.ReplaceAllString(quotations.ReplaceAllString(s, " "), " $1 ")
		if got := withoutOthersWords(s); got != want {
			t.Fatalf("%q: %q, not %q", s, got, want)
		}
	})
}
