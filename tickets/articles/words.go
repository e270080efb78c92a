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

// stopwords are the words of each language that say nothing of what a text is about.
var stopwords = sync.OnceValue(func() map[string]map[string]bool { return readStopwords(stopwordsFile) })

// Stopword reports whether a word, in small letters, says nothing of what a text is about, in
// whatever language.
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
			for part := range strings.SplitSeq(w, "'") { // as texts are cut
				all[part] = true
			}
		}
		out[words[0]] = all
	}
	return out
}

// stemmers bring the forms of a word together. A language without one is compared word by word.
var stemmers = map[string]func(*snowballstem.Env) bool{
	"en": english.Stem, "de": german.Stem, "fr": french.Stem, "es": spanish.Stem, "it": italian.Stem, "nl": dutch.Stem,
}

// compounding are the languages that write several words as one.
var compounding = map[string]bool{"de": true, "nl": true}

const (
	maxWords = 4000 // of a text that are looked at
	maxWord  = 40   // characters; what is longer is no word
)

// cut returns the words of a text, in small letters: runs of letters and digits.
func cut(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(norm.NFC.String(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.M, r)
	})
	return words[:min(len(words), maxWords)]
}

// telling reports whether a word may say what a text is about: it is no number and of three letters
// or more.
func telling(word string) bool {
	n := utf8.RuneCountInString(word)
	return n > 2 && n <= maxWord && strings.ContainsFunc(word, unicode.IsLetter)
}

// stem returns what the forms of a word have in common in a language, without accents: people leave
// them out.
func stem(word, language string) string {
	if s := stemmers[language]; s != nil {
		env := snowballstem.NewEnv(word)
		s(env)
		word = env.Current()
	}
	return plain(word)
}

// plain returns a word without accents; umlauts are written as they are without a keyboard for
// them.
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
