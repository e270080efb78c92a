package articles

import (
	_ "embed"
	"slices"
	"strings"
)

//go:embed vocabulary.txt
var vocabularyFile string

//go:embed asking.txt
var askingFile string

// asking are the words of each language by which a mail asks something.
var asking = readStopwords(askingFile)

// notions are the words of support that mean much the same, by language and by the first stem of
// each word or phrase.
var notions = readVocabulary(vocabularyFile)

type vocabulary map[string]map[string][]saying

// saying is a word or phrase that names a notion.
type saying struct {
	stems  []string
	notion string // "=password": no stem begins so
}

func readVocabulary(file string) vocabulary {
	v := vocabulary{}
	for line := range strings.Lines(file) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		name, rest, _ := strings.Cut(line, "|")
		notion := "=" + strings.TrimSpace(name)
		for list := range strings.SplitSeq(rest, "|") {
			language, words, _ := strings.Cut(strings.TrimSpace(list), " ")
			if v[language] == nil {
				v[language] = map[string][]saying{}
			}
			for word := range strings.SplitSeq(words, ",") {
				var stems []string
				for _, w := range cut(word) {
					stems = append(stems, stem(w, language))
				}
				if len(stems) == 0 {
					continue
				}
				at := v[language][stems[0]]
				if !slices.ContainsFunc(at, func(s saying) bool { return s.notion == notion && slices.Equal(s.stems, stems) }) {
					v[language][stems[0]] = append(at, saying{stems, notion})
				}
			}
		}
	}
	return v
}

// in calls found for each notion that a text names.
func (v vocabulary) in(stems []string, language string, found func(notion string)) {
	for i, s := range stems {
		for _, saying := range v[language][s] {
			if n := len(saying.stems); i+n <= len(stems) && slices.Equal(saying.stems, stems[i:i+n]) {
				found(saying.notion)
			}
		}
	}
}

// within calls found for each notion that a part of a compound names, of one that names none as a
// whole.
func (v vocabulary) within(word, stemmed, language string, known *stems, found func(notion string)) {
	if len(stemmed) < 2*minPart || len(v[language][stemmed]) > 0 {
		return
	}
	for at := minPart; at <= len(word)-minPart; at++ {
		for _, part := range []string{word[:at], word[at:]} {
			if len(part) < minNamed {
				continue
			}
			for _, saying := range v[language][known.of(part, language)] {
				if len(saying.stems) == 1 {
					found(saying.notion)
				}
			}
		}
	}
}
