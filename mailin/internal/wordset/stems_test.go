package wordset

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestStems(t *testing.T) {
	const text = "diese nachricht ist vertraulich 機密"
	for stem, want := range map[string]int{"vertraulich": 20, "機密": 32, "機": 32, "di": 0, "e": 2, " i": 15, text: 0, "ht ist v": 13,
		"confidential": -1, "vertraulichkeit": -1, "xx": -1, "機密x": -1, "密 ": -1} {
		one := StemsOf([]string{stem})
		if got := one.Find([]byte(text), func(from, to int) bool { return text[from:to] == stem }); got != want {
			t.Errorf("%q: at %d, wanted %d", stem, got, want)
		}
		if one.In([]byte(text)) != (want >= 0) {
			t.Errorf("%q: %v", stem, want < 0)
		}
	}
	if StemsOf(nil).In([]byte(text)) || StemsOf([]string{"abc"}).In(nil) || StemsOf([]string{"abc"}).In([]byte("ab")) {
		t.Error("what is not there was found")
	}
	two := StemsOf([]string{"ist", "nach"})
	if at := two.Find([]byte(text), func(from, _ int) bool { return from > 6 }); at != strings.Index(text, "ist") {
		t.Errorf("the first that fits stands at %d", at)
	}
}

// TestStemsAreContains: what stands in a text is found where it stands first, with the bits of all
// that stand in it, whatever else shares its octets.
func TestStemsAreContains(t *testing.T) {
	letters := rapid.RuneFrom([]rune("abcü機 "))
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(letters).Draw(t, "text")
		stems := rapid.SliceOfN(rapid.StringOfN(letters, 1, 6, -1), 0, 16).Draw(t, "stems")
		set := &Stems{}
		var bits uint16
		first := -1
		for i, stem := range stems {
			set.Add([]string{stem}, 1<<i)
			if at := strings.Index(text, stem); at >= 0 {
				bits |= 1 << i
				if first < 0 || at < first {
					first = at
				}
			}
		}
		if got := set.Bits([]byte(text)); got != bits {
			t.Errorf("bits %b, wanted %b", got, bits)
		}
		if got := set.Find([]byte(text), func(from, to int) bool { return slices.Contains(stems, text[from:to]) }); got != first {
			t.Errorf("at %d, wanted %d", got, first)
		}
		if set.In([]byte(text)) != (first >= 0) {
			t.Errorf("in: %v", first < 0)
		}
	})
}

// TestStemsOfMany tries texts and sets that fill nearly all bits of the quick look.
func TestStemsOfMany(t *testing.T) {
	var all strings.Builder
	for i := range 200_000 {
		all.WriteByte(byte(i*i>>3 ^ i))
	}
	var stems []string
	for i := range 3000 {
		stems = append(stems, all.String()[i*60:i*60+5])
	}
	set := StemsOf(stems)
	for i, s := range stems {
		if !set.In([]byte(s)) {
			t.Fatalf("number %d, %q, is not found in itself", i, s)
		}
	}
	if StemsOf([]string{"no such words here"}).In([]byte(all.String())) {
		t.Error("a long text")
	}
}
