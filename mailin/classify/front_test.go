package classify

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// Words that a break of lines parts stand beside each other, those of two paragraphs do not.
func TestUnwrappedInPlace(t *testing.T) {
	letters := rapid.RuneFrom([]rune("ab \n\t"))
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(letters, 0, 12, -1).Draw(t, "text")
		got, want := unwrappedInPlace([]byte(text)), unwrapped(text)
		for _, words := range []string{"a b", "ab", "b a"} {
			if bytes.Contains(got, []byte(words)) != bytes.Contains([]byte(want), []byte(words)) {
				t.Errorf("%q became %q, wanted %q", text, got, want)
			}
		}
	})
}
