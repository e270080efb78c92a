package lexicon

import (
	"strings"
)

// MeaningIn returns what a word of a day, a month or a number is in the language of a mail.
func MeaningIn(word, language string) Meaning {
	language = BaseLanguage(language)
	switch {
	case !Has("homonym", word) || Has("homonym "+language, word):
		return Listed
	case Has("other "+language, word):
		return OtherWord
	}
	return Uncertain
}

// Meaning is what a word is in the language of a mail.
type Meaning int

const (
	Listed    Meaning = iota // what the lists say, as most words are in all languages
	Uncertain                // it may be a word of another language
	OtherWord                // another word: "hier" is no yesterday in German
)

// BaseLanguage returns a language without its country.
func BaseLanguage(language string) string { return language[:min(2, len(language))] }

// Participle returns the word of a question of a language, "" for any, that says what has been
// done, behind an auxiliary verb; "" if it asks for nothing of the kind.
func Participle(language, ask string) string {
	for _, l := range []string{"en", "de", "fr", "es", "it", "nl"} {
		if language != "" && l != language[:min(2, len(language))] {
			continue
		}
		at := false
		ws := strings.FieldsFunc(ask, func(r rune) bool { return !IsLetter(r) })
		for i, w := range ws {
			if at && (l != "de" || i == len(ws)-1) && w == strings.ToLower(w) && endsIn("participle "+l, w) {
				return w
			}
			at = at || Has("auxiliary "+l, Plain(w))
		}
	}
	return ""
}

// endsIn reports whether a word ends as those of a section do.
func endsIn(section, word string) bool {
	for end := range Section(section) {
		if strings.HasSuffix(word, end) && len(word) > len(end)+2 {
			return true
		}
	}
	return false
}
