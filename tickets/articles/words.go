package articles

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/spanish"
	"golang.org/x/text/unicode/norm"
)

//go:embed stopwords.txt
var stopwordsFile string

// stopwords are the words of each language that say nothing about the subject of a text.
var stopwords = sync.OnceValue(func() map[string]map[string]bool { return readStopwords(stopwordsFile) })

// Stopword reports whether a word in lower case is a stop word in any language.
func Stopword(word string) bool {
	for _, words := range stopwords() {
		if words[word] {
			return true
		}
	}
	return false
}

func readStopwords(file string) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for line := range strings.Lines(file) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		all := map[string]bool{}
		for _, w := range words[1:] {
			for part := range strings.SplitSeq(w, "'") { // as texts are split
				all[part] = true
			}
		}
		out[words[0]] = all
	}
	return out
}

// stemmers reduce the forms of a word to one. A language without a stemmer is compared word by
// word.
var stemmers = map[string]func(*snowballstem.Env) bool{
	"en": english.Stem, "de": german.Stem, "fr": french.Stem, "es": spanish.Stem, "it": italian.Stem, "nl": dutch.Stem,
}

// compounding are the languages that write compounds as one word.
var compounding = map[string]bool{"de": true, "nl": true}

const (
	maxWords = 4000 // of a text that are examined
	maxWord  = 40   // characters; anything longer is not a word
)

// cut returns the words of a text in lower case: runs of letters and digits.
func cut(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(norm.NFC.String(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.M, r)
	})
	return words[:min(len(words), maxWords)]
}

// telling reports whether a word may say something about the subject of a text: it is not a number
// and has at least three letters.
func telling(word string) bool {
	n := utf8.RuneCountInString(word)
	return n > 2 && n <= maxWord && strings.ContainsFunc(word, unicode.IsLetter)
}

// stem returns the common stem of the forms of a word in a language, without accents, since people
// omit them.
func stem(word, language string) string {
	if s := stemmers[language]; s != nil {
		env := snowballstem.NewEnv(word)
		s(env)
		word = env.Current()
	}
	return plain(word)
}

// plain returns a word without accents; umlauts are spelled as on a keyboard without them.
func plain(word string) string {
	if isASCII(word) {
		return word
	}
	word = umlauts.Replace(word)
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(word))
}

var umlauts = strings.NewReplacer("ß", "ss", "œ", "oe", "æ", "ae")

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}
