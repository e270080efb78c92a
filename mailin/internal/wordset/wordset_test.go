package wordset

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// TestLower tries every character, and what is none.
func TestLower(t *testing.T) {
	var all strings.Builder
	for r := range rune(0x1f000) {
		all.WriteString(string(r))
		if LowerRune(r) != unicode.ToLower(r) {
			t.Errorf("%q became %q", r, LowerRune(r))
		}
	}
	for _, s := range []string{all.String(), "", "ÄÖÜ ß × ÷ Ё Ж Я Ѡ İ ſ", "@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\`abcdefghijklmnopqrstuvwxyz{|}~\x7f\x00", "\xc3", "\xc3A", "\xd0\xd0", "\xd1\xa0", "\xd1", "\xe3\x81", "\xe4\xb8x", "\xff\xfe", "\xe3\x81\x82\xe3", "\xed\xa0\x80", "A\xc0\x80"} {
		for _, s := range []string{s, "x" + s, s + "X", s + "Я"} {
			if got, want := string(Lower([]byte("Dst "), s)), "Dst "+strings.ToLower(s); got != want {
				t.Errorf("%.40q became %.40q, wanted %.40q", s, got, want)
			}
			want := []byte("Dst " + s)
			for i := range want[4:] {
				if c := want[4+i]; 'A' <= c && c <= 'Z' {
					want[4+i] += 'a' - 'A'
				}
			}
			if got := LowerASCII([]byte("Dst "), s); !bytes.Equal(got, want) {
				t.Errorf("ASCII: %.40q became %.40q, wanted %.40q", s, got, want)
			}
		}
	}
}

func TestASCII(t *testing.T) {
	for _, s := range []string{"", "a", "abcdefgh\x7f", "seven\x00!", "sixteen octets!!", "and more than sixteen"} {
		if !ASCII(s) || ASCII(s+"é") || ASCII("é"+s) || ASCII(s+"\x80"+s) {
			t.Errorf("%q", s)
		}
	}
}

func TestCount(t *testing.T) {
	for _, s := range []string{"", "azAZ@[`{", "the printer of room 7 jams", "Größe: 5 µm", "Ж漢\xff\xe1\xc1 and some more", "\x00\x7f\x80\xdb"} {
		for range 9 {
			letters, high := 0, 0
			for _, c := range []byte(s) {
				if c >= 0x80 {
					high++
				} else if unicode.IsLetter(rune(c)) {
					letters++
				}
			}
			if l, h := Count(s); l != letters || h != high {
				t.Errorf("%q: %d letters and %d others, wanted %d and %d", s, l, h, letters, high)
			}
			s = "ö" + s
		}
	}
}

func FuzzLower(f *testing.F) {
	f.Add("ÄЖ漢\xe3\x81")
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := string(Lower(nil, s)), strings.ToLower(s); got != want {
			t.Errorf("%q became %q, wanted %q", s, got, want)
		}
	})
}

func TestWords(t *testing.T) {
	var w Words
	w.Add("the über ναι", 1)
	w.Add("the to", 4)
	for word, want := range map[string]uint16{"the": 5, "THE": 5, "Über": 1, "ΝΑΙ": 1, "to": 4, "": 0, "th": 0, "they": 0, "uber": 0, "tha": 0, strings.Repeat("t", 64): 0, strings.Repeat("\xff", 40): 0} {
		if got := w.Bits(word); got != want {
			t.Errorf("%q: %d, wanted %d", word, got, want)
		}
	}
	if new(Words).Bits("the") != 0 {
		t.Error("an empty set")
	}
}

// Also in texts that are no UTF-8.
func TestHoldsSignIsContainsAny(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", "?", "？", "؟", "\xef", "\xbc", "\x9f", "\xd8", "é", "機"})).Draw(t, "text"), "")
		signs := rapid.SliceOfN(rapid.SampledFrom([]string{"?", "？", "؟", "#"}), 0, 3).Draw(t, "signs")
		if got, want := HoldsSign(text, signs...), strings.ContainsAny(text, strings.Join(signs, "")); got != want {
			t.Fatalf("%q in %q: %v", signs, text, got)
		}
	})
}
