// Package lexicon owns the words with which people answer, in all languages of the templates, and
// how words of a text are compared with them and with each other: folded, as forms of one word, as
// slips of the fingers. It must never know what a value is, or a question.
package lexicon

import (
	"cmp"
	_ "embed"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Has reports whether a phrase is one of a section.
func Has(section, phrase string) bool {
	_, ok := known()[section][phrase]
	return ok
}

// HasAny reports whether one of the words stands in a section, as it is or without its article.
func HasAny(ws []string, section string) bool {
	return slices.ContainsFunc(ws, func(w string) bool { return Has(section, w) || Has(section, Bare(w)) })
}

// AnyIn reports whether one of the words stands in a section just as it is.
func AnyIn(section string, ws []string) bool {
	return slices.ContainsFunc(ws, func(w string) bool { return Has(section, w) })
}

// PhraseIn reports whether a phrase of a section stands in a text, as whole words.
func PhraseIn(section, text string) bool {
	p, accented := " "+Plain(text)+" ", ""
	for phrase := range known()[section] {
		if strings.Contains(p, " "+phrase+" ") {
			return true
		}
		if isASCII(phrase) {
			continue
		}
		if accented == "" {
			accented = " " + strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !IsLetter(r) }), " ") + " "
		}
		if strings.Contains(accented, " "+phrase+" ") {
			return true
		}
	}
	return false
}

// StartsWith reports whether a text begins with a phrase of a section, as whole words.
func StartsWith(section, text string) bool {
	p := Plain(text) + " "
	for phrase := range known()[section] {
		if strings.HasPrefix(p, phrase+" ") {
			return true
		}
	}
	return false
}

// LeadsWith reports whether a text begins with a phrase of a section, as a sentence or a part of
// one.
func LeadsWith(text, section string) bool {
	first := text
	if i := strings.IndexAny(text, ".,;:!\n–—("); i >= 0 {
		first = text[:i]
	}
	return Has(section, Plain(first)) || Has(section, WithoutFillers(Plain(first)))
}

// Section returns the phrases of a section, each with its value. Nobody may change them.
func Section(name string) map[string]int { return known()[name] }

// LongestFirst returns the phrases of a section, the longest first.
func LongestFirst(section string) []string { return ordered()[section] }

// Lengths of time, as the list of them counts them.
const (
	SpanMonth = 5
	SpanYear  = 6
)

//go:embed words.txt
var wordsFile string

//go:embed prose.txt
var proseFile string

//go:embed asides.txt
var asidesFile string

// known returns the words with which people answer, in all languages of the templates together,
// folded. They never change. They and the patterns are made when they are first used: most desks
// ask nothing, and together they take 4 MB.
var known = sync.OnceValue(func() vocabulary { return readWords(wordsFile + proseFile + asidesFile) })

// vocabulary is the sections of the file: a phrase, and its value for those that have one.
type vocabulary map[string]map[string]int

func readWords(file string) vocabulary {
	v, section := vocabulary{}, ""
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			if section = strings.Trim(line, "[]"); v[section] == nil {
				v[section] = map[string]int{}
			}
			if kind, _, ok := strings.Cut(section, " "); ok && v[kind] == nil {
				v[kind] = map[string]int{}
			}
		default:
			for entry := range strings.SplitSeq(line, ",") {
				word, value, _ := strings.Cut(strings.TrimSpace(entry), "=")
				n, _ := strconv.Atoi(value) // no value is no number, and is not asked for
				if accented, ok := strings.CutPrefix(word, "!"); ok {
					v[section][accented] = n
				} else if p := Plain(word); p != "" {
					v[section][p] = n
					if kind, _, ok := strings.Cut(section, " "); ok { // of one language
						v[kind][p] = n
					}
				} else if word != "" {
					v[section][word] = n
				}
			}
		}
	}
	return v
}

// ordered returns all sections so: a phrase may be the beginning of another.
var ordered = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for section, phrases := range known() {
		out[section] = slices.SortedFunc(maps.Keys(phrases), func(a, b string) int {
			return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
		})
	}
	return out
})

// WithoutFillers returns a phrase without the words that only colour it: "weiss ich leider nicht
// mehr".
func WithoutFillers(p string) string {
	p = " " + p + " "
	for filler := range Section("filler") {
		p = strings.ReplaceAll(p, " "+filler+" ", " ")
	}
	return strings.TrimSpace(p)
}

func isASCII(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 }) }
