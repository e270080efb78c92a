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
	maxWords = 10_000 // of one message; PostgreSQL counts positions up to 16,383
	maxWord  = 100    // octets; what is longer is cut
)

// Words splits a text into words as they are indexed, identically for both databases: folded and
// without accents. A run of a script without spaces between words (Chinese, Japanese, Korean, Thai)
// becomes its pairs of adjacent characters, and its last character alone.
func Words(text string) []string {
	c := cutter{}
	c.cut(text)
	return c.words
}

// phraseOf splits a search text into consecutive words. open reports whether the last word may be a
// prefix: a single character of such a script is the beginning of a pair.
func phraseOf(text string) (words []string, open bool) {
	c := cutter{}
	c.cut(text)
	switch words = c.words; {
	case c.tail == 1:
		return words, true
	case c.tail > 1:
		return words[:len(words)-1], false // a matching text may continue after the last pair
	}
	return words, false
}

// cutter splits a text into words.
type cutter struct {
	words []string
	wide  bool   // the current word is not only ASCII
	run   []rune // of a script without spaces
	tail  int    // the length of the run if the last item was one, 0 if it was a word
}

func (c *cutter) cut(text string) {
	text = lower(text) // words are slices of it
	c.words = make([]string, 0, min(len(text)/averageWord, maxWords)+1)
	i, begin := 0, 0 // begin: of the current word
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

// averageWord is the approximate number of octets of a word and the separator after it.
const averageWord = 7

// lower returns a text with ASCII capitals in lower case.
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

// end ends the current word and run, one of which is empty.
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
	// Half-width katakana become full-width, and "㈏" becomes "(나)".
	run := []rune(indexable(norm.NFKC.String(string(c.run))))
	c.run = c.run[:0]
	if len(run) == 0 {
		return
	}
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
	// letters are those whose stroke Unicode does not regard as an accent.
	letters = strings.NewReplacer("ø", "o", "ł", "l", "đ", "d", "ı", "i", "æ", "ae", "œ", "oe")
)

// spaceless reports whether a character belongs to a script with no or few spaces between its
// words.
func spaceless(r rune) bool {
	switch r {
	case 'ー', 'ｰ', 'ﾞ', 'ﾟ', '\u3099', '\u309A': // signs that several scripts share
		return true
	}
	return r >= 0x0E00 && unicode.In(r, scripts...)
}

// fold removes case, width and accents from a word.
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

// lastAlone is the end of the Latin, Greek and Cyrillic letters, which make up most text written
// with spaces.
const lastAlone = 0x0530

// alone reports whether a letter folds the same way whatever is next to it: it is not a combining
// mark.
func alone(r rune) bool {
	return r < 0x0300 || r >= 0x0370 && r < lastAlone && !unicode.Is(unicode.M, r)
}

// folded holds the folded form of each of these letters beyond ASCII.
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
		if r >= 0x0300 && r <= 0x036F {
			return -1
		}
		return r
	}, word)
	return letters.Replace(indexable(word))
}

// indexable returns what may stand in a word: a character may decompose into more than letters and
// figures.
func indexable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.L, unicode.N, unicode.M) {
			return r
		}
		return -1
	}, text)
}
