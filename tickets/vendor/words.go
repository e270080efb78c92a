package vendor

import (
	"iter"
	"strings"
	"unicode"
)

// sentences yields the sentences of a text, plain, and its lines; not its questions.
func sentences(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.Lines(text) {
			begin := 0
			for i, r := range line {
				if !strings.ContainsRune(".!?;？¿\n", r) {
					continue
				}
				if r != '?' && r != '？' && !yield(plain(line[begin:i])) {
					return
				}
				begin = i
			}
			if !yield(plain(line[begin:])) {
				return
			}
		}
	}
}

// plain returns a phrase in lower case, with its words and single blanks alone.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r)
	}), " ")
}
