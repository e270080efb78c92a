package stems

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestHolds(t *testing.T) {
	text := Of("diese nachricht ist vertraulich 機密")
	for stem, want := range map[string]bool{"vertraulich": true, "機密": true, "機": true, "di": true, "": true, "e": true, " i": true, "diese nachricht ist vertraulich 機密": true,
		"confidential": false, "vertraulichkeit": false, "xx": false, "機密x": false, "ht ist v": true} {
		if got := text.Holds(stem); got != want {
			t.Errorf("%q: %v", stem, got)
		}
	}
	if text.HoldsAny([]string{"a", "b"}) != true || text.HoldsAny([]string{"q", "confidential"}) || text.HoldsAny(nil) {
		t.Error("HoldsAny")
	}
	if Of("").Holds("abc") || !Of("").Holds("") || Of("ab").Holds("abc") {
		t.Error("short texts")
	}
}

// TestHoldsIsContains: also over texts that set nearly all bits.
func TestHoldsIsContains(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("abcü機 "))).Draw(t, "text")
		stem := rapid.StringOfN(rapid.RuneFrom([]rune("abcü機 ")), 0, 6, -1).Draw(t, "stem")
		if Of(text).Holds(stem) != strings.Contains(text, stem) {
			t.Fatalf("%q in %q", stem, text)
		}
	})
	var all strings.Builder
	for i := range 200_000 {
		all.WriteByte(byte(i*i>>3 ^ i))
	}
	if long := Of(all.String()); !long.Holds(all.String()[1000:1010]) || long.Holds("no such words here") {
		t.Error("a long text")
	}
}
