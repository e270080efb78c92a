package parse

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestIsLetter(t *testing.T) {
	t.Parallel()
	for c := rune(0); c <= unicode.MaxRune; c++ {
		if isLetter(c) != unicode.IsLetter(c) {
			t.Errorf("%U: %v", c, isLetter(c))
		}
	}
}

// Words are counted as they are where a text is first taken apart into them.
func TestWordsOfTexts(t *testing.T) {
	t.Parallel()
	highs := func(text string) (bare, high int) {
		for _, word := range strings.FieldsFunc(text, func(c rune) bool { return c < utf8.RuneSelf && !unicode.IsLetter(c) || c == '\u00a0' }) {
			all := utf8.RuneCountInString(word)
			ascii := strings.Count(strings.Map(func(c rune) rune {
				if c < utf8.RuneSelf {
					return 'a'
				}
				return 'b'
			}, word), "a")
			if all > ascii {
				high++
				if ascii == 0 && all >= 3 {
					bare++
				}
			}
		}
		return bare, high
	}
	turns := func(text string) bool {
		words, turned := 0, 0
		for _, word := range strings.FieldsFunc(text, func(c rune) bool { return !unicode.IsLetter(c) }) {
			if letters := []rune(word); len(letters) >= 3 && letters[0] >= utf8.RuneSelf {
				words++
				if unicode.IsUpper(letters[1]) && unicode.IsUpper(letters[2]) {
					turned++
				}
			}
		}
		small := func(c rune) bool { return c >= utf8.RuneSelf && unicode.IsLower(c) }
		return words >= 3 && turned*2 > words && strings.IndexFunc(text, small) >= 0
	}
	spells := func(text string) int {
		var letters []rune
		n, runes := 0, []rune(text)
		for i, c := range runes {
			before := i > 0 && unicode.IsLetter(runes[i-1])
			behind := i+1 < len(runes) && unicode.IsLetter(runes[i+1])
			if c >= utf8.RuneSelf && (unicode.IsLetter(c) || before && behind && !slices.Contains([]rune("’–—\u00a0\u00ad·"), c) || c < 0xa0) {
				n++
				letters = append(letters, unicode.ToLower(c))
			}
		}
		for _, alphabet := range alphabets {
			if !slices.ContainsFunc(letters, func(l rune) bool { return !strings.ContainsRune(alphabet, l) }) {
				return n
			}
		}
		return -1
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", "B", " ", ".", "1", "ä", "Ü", "ñ", "д", "Ж", "ЖДЯ", "дЯЖ", "щЮБ", "\u00a0", "’", "·", "\u0085", "\ufffd", "あ", "½"})).Draw(t, "text"), "")
		bare, high := highWords(text)
		if b, h := highs(text); b != bare || h != high {
			t.Fatalf("%q: %d and %d, not %d and %d", text, bare, high, b, h)
		}
		if turnedCase(text) != turns(text) {
			t.Fatalf("%q: %v", text, turnedCase(text))
		}
		if spelled(text) != spells(text) {
			t.Fatalf("%q: %d, not %d", text, spelled(text), spells(text))
		}
	})
}
