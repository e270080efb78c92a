package search

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const (
	maxWords = 10_000 // of one message; PostgreSQL counts places up to 16,383
	maxWord  = 100    // octets; what is longer is cut
)

// Words cuts a text into words as they are indexed, on both databases alike: folded, without
// accents. A run of a script that has no spaces between its words (Chinese, Japanese, Korean, Thai)
// becomes its pairs of neighbouring signs, and the last sign alone.
func Words(text string) []string {
	c := cutter{}
	c.cut(text)
	return c.words
}

// phraseOf cuts what is looked for into words that stand one behind the other. open reports whether
// the last word may go on: one sign of such a script is the beginning of a pair.
func phraseOf(text string) (words []string, open bool) {
	c := cutter{}
	c.cut(text)
	switch words = c.words; {
	case c.tail == 1:
		return words, true
	case c.tail > 1:
		return words[:len(words)-1], false // the text in which it is found may go on behind the last pair
	}
	return words, false
}

// cutter cuts a text into words.
type cutter struct {
	words []string
	wide  bool   // the word at hand holds more than ASCII
	run   []rune // of a script without spaces
	tail  int    // how long the run was that stands last, 0 if a word stands last
}

func (c *cutter) cut(text string) {
	text = lower(text) // words are parts of it
	c.words = make([]string, 0, min(len(text)/averageWord, maxWords)+1)
	i, begin := 0, 0 // begin: of the word at hand
	for i < len(text) && len(c.words) < maxWords {
		b := text[i]
		if b < utf8.RuneSelf {
			if 'a' <= b && b <= 'z' || '0' <= b && b <= '9' {
				c.endRun()
				i++
				continue
			}
			c.end(text[begin:i])
			i++
			begin = i
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case spaceless(r):
			c.endWord(text[begin:i])
			begin = i + n
			if c.run = append(c.run, r); len(c.run) >= maxWords {
				c.endRun()
			}
		case r != utf8.RuneError && unicode.In(r, unicode.L, unicode.N, unicode.M):
			c.endRun()
			c.wide = true
		default:
			c.end(text[begin:i])
			begin = i + n
		}
		i += n
	}
	c.end(text[begin:i])
	if len(c.words) > maxWords {
		c.words = c.words[:maxWords]
	}
}

// averageWord is about how many octets a word takes with what stands between it and the next.
const averageWord = 7

// lower returns a text with the capitals of ASCII as small letters.
func lower(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return 'A' <= r && r <= 'Z' }) {
		return text
	}
	var out strings.Builder
	out.Grow(len(text))
	for i := range len(text) {
		b := text[i]
		if 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		out.WriteByte(b)
	}
	return out.String()
}

// end ends the word and the run at hand: one of them is empty.
func (c *cutter) end(word string) {
	c.endWord(word)
	c.endRun()
}

func (c *cutter) endWord(word string) {
	if word == "" {
		return
	}
	if c.wide {
		word, c.wide = fold(word), false
	}
	if len(word) > maxWord {
		word = strings.ToValidUTF8(word[:maxWord], "")
	}
	if word != "" {
		c.words, c.tail = append(c.words, word), 0
	}
}

func (c *cutter) endRun() {
	if len(c.run) == 0 {
		return
	}
	run := []rune(norm.NFKC.String(string(c.run))) // halves of katakana become whole ones
	c.run = c.run[:0]
	for i := range run[:len(run)-1] {
		c.words = append(c.words, string(run[i:i+2]))
	}
	c.words, c.tail = append(c.words, string(run[len(run)-1])), len(run)
}

var (
	scripts = []*unicode.RangeTable{
		unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
	}
	// letters are those whose stroke is no accent to Unicode.
	letters = strings.NewReplacer("ø", "o", "ł", "l", "đ", "d", "ı", "i", "æ", "ae", "œ", "oe")
)

// spaceless reports whether a sign belongs to a script that has no spaces between its words, or
// only some.
func spaceless(r rune) bool {
	switch r {
	case 'ー', 'ｰ', 'ﾞ', 'ﾟ', '\u3099', '\u309A': // signs that several scripts share
		return true
	}
	return r >= 0x0E00 && unicode.In(r, scripts...)
}

// fold returns a word without case, width and accents.
func fold(word string) string {
	table := folded()
	var buffer [2 * maxWord]byte
	out := buffer[:0]
	for _, r := range word {
		switch {
		case r < utf8.RuneSelf:
			out = append(out, byte(r))
		case alone(r) && len(out) < maxWord:
			out = append(out, table[r-utf8.RuneSelf]...)
		default:
			return foldAll(word)
		}
	}
	return string(out)
}

// lastAlone is behind the letters of Latin, Greek and Cyrillic script, most of what is written with
// blanks.
const lastAlone = 0x0530

// alone reports whether a letter folds to the same whatever stands beside it: it is no mark that
// joins the letter before it.
func alone(r rune) bool {
	return r < 0x0300 || r >= 0x0370 && r < lastAlone && !unicode.Is(unicode.M, r)
}

// folded has what each of these letters beyond ASCII becomes.
var folded = sync.OnceValue(func() *[lastAlone - utf8.RuneSelf]string {
	table := new([lastAlone - utf8.RuneSelf]string)
	for i := range table {
		if r := rune(i + utf8.RuneSelf); alone(r) {
			table[i] = foldAll(string(r))
		}
	}
	return table
})

func foldAll(word string) string {
	word = norm.NFKD.String(cases.Fold().String(norm.NFKC.String(word)))
	word = strings.Map(func(r rune) rune {
		// a wide sign may come apart into more than letters
		if r >= 0x0300 && r <= 0x036F || !unicode.In(r, unicode.L, unicode.N, unicode.M) {
			return -1
		}
		return r
	}, word)
	return letters.Replace(word)
}
