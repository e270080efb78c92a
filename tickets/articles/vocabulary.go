package articles

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed vocabulary.txt
var vocabularyFile string

//go:embed asking.txt
var askingFile string

// asking holds the words of each language by which a mail asks a question.
var asking = sync.OnceValue(func() map[string]map[string]bool { return readStopwords(askingFile) })

// notions are groups of support terms with nearly the same meaning. They are read when a desk has
// articles.
var notions = sync.OnceValue(func() *vocabulary { return readVocabulary(vocabularyFile) })

// vocabulary holds sayings by language and first stem, in a compact form: thousands of them stay in
// memory.
type vocabulary struct {
	names     []string // of the notions, such as "=password": no stem begins with =
	sayings   []saying
	beginning map[string]map[string][]saying // parts of sayings
}

// saying is a word or phrase that names a notion.
type saying struct {
	text   string // the word, or the stems of the phrase after the first one, separated by spaces
	notion uint16 // its index in names
	word   bool
	exact  bool // only this form of the word: others mean something else
}

// isKind reports whether a notion is a kind of mail rather than a subject.
func isKind(notion string) bool { return strings.HasPrefix(notion, "=!") }

// The notions that mean that somebody asks for what an article may answer. They are not subjects.
const (
	asksHow   = "=?how"
	saysFails = "=?fails"
)

// isAsking reports whether a notion is one of these.
func isAsking(notion string) bool { return strings.HasPrefix(notion, "=?") }

func readVocabulary(file string) *vocabulary {
	type first struct{ language, stem string }
	v := &vocabulary{beginning: map[string]map[string][]saying{}}
	read := map[first][]saying{}
	count := 0
	for line := range strings.Lines(file) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		name, rest, _ := strings.Cut(line, "|")
		v.names = append(v.names, "="+strings.TrimSpace(name))
		for list := range strings.SplitSeq(rest, "|") {
			language, sayings, _ := strings.Cut(strings.TrimSpace(list), " ")
			for text := range strings.SplitSeq(sayings, ",") {
				words := cut(text)
				if len(words) == 0 {
					continue
				}
				stems := make([]string, len(words))
				for i, w := range words {
					stems[i] = stem(w, language)
				}
				s := saying{text: strings.Join(stems[1:], " "), notion: uint16(len(v.names) - 1)}
				if len(words) == 1 {
					s.word, s.text, s.exact = true, words[0], strings.Contains(text, `"`)
				}
				at := first{language, stems[0]}
				read[at] = append(read[at], s)
				count++
			}
		}
	}
	v.sayings = make([]saying, 0, count)
	for at, sayings := range read {
		if v.beginning[at.language] == nil {
			v.beginning[at.language] = map[string][]saying{}
		}
		begin := len(v.sayings)
		v.sayings = append(v.sayings, sayings...)
		v.beginning[at.language][strings.Clone(at.stem)] = v.sayings[begin:len(v.sayings):len(v.sayings)]
	}
	return v
}

// in calls found for each notion that a text names, with the words that name it.
func (v *vocabulary) in(words, stems []string, language string, found func(notion string, from, to int)) {
	for i, s := range stems {
		for _, saying := range v.beginning[language][s] {
			if n := saying.length(words[i:], stems[i:], language); n > 0 {
				found(v.names[saying.notion], i, i+n)
			}
		}
	}
}

// length returns the number of words of a text that a saying matches, 0 if it does not; the text
// begins with the saying's first stem. Another form of a word that is itself a stop word does not
// name a notion: "wegen" is not "weg".
func (s *saying) length(words, stems []string, language string) int {
	if s.word {
		if words[0] == s.text || !s.exact && !stopwords()[language][words[0]] {
			return 1
		}
		return 0
	}
	n := 1
	for stem := range strings.SplitSeq(s.text, " ") {
		if n == len(stems) || stems[n] != stem {
			return 0
		}
		n++
	}
	return n
}

// within calls found for each notion that a part of a compound names, if the whole names none.
func (v *vocabulary) within(word, stemmed, language string, known *stems, found func(notion string)) {
	if len(stemmed) < 2*minPart || len(v.beginning[language][stemmed]) > 0 {
		return
	}
	for at := minPart; at <= len(word)-minPart; at++ {
		for _, part := range []string{word[:at], word[at:]} {
			if len(part) < minNamed {
				continue
			}
			for _, saying := range v.beginning[language][known.of(part, language)] {
				if saying.word && !saying.exact && !isAsking(v.names[saying.notion]) {
					found(v.names[saying.notion])
				}
			}
		}
	}
}
