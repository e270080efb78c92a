package quote

import (
	_ "embed"
	"strings"

	"tierdesk/mailin/internal/stems"
)

// The word lists, one language a line: "de: achtung vorsicht". Lists of single words separate them by blanks, lists of
// phrases by bars.
var (
	//go:embed words/banners.txt
	bannerWordList string
)

// wordsOf returns the set of the single words of a list.
func wordsOf(list string) *stems.Words {
	var w stems.Words
	for line := range strings.Lines(list) {
		if language, words, ok := strings.Cut(line, ": "); ok && len(language) <= 3 {
			line = words
		}
		w.Add(line, 1)
	}
	return &w
}
