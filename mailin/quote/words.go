package quote

import (
	_ "embed"
	"strings"

	"tierdesk/mailin/internal/wordset"
)

// The word lists, one language a line: "de: achtung vorsicht". Lists of single words separate them
// by blanks, lists of phrases by bars.
var (
	//go:embed words/banners.txt
	bannerWordList string
	//go:embed words/reply-above.txt
	replyAboveList string
	//go:embed words/original.txt
	originalList string
	//go:embed words/forwarded.txt
	forwardedList string
	//go:embed words/wrote.txt
	wroteList string
	//go:embed words/taglines.txt
	taglineList string
	//go:embed words/below.txt
	belowList string
)

// wordsOf returns the set of the single words of a list.
func wordsOf(list string) *wordset.Words {
	var w wordset.Words
	for line := range strings.Lines(list) {
		if language, words, ok := strings.Cut(line, ": "); ok && len(language) <= 3 {
			line = words
		}
		w.Add(line, 1)
	}
	return &w
}

// phrasesOf returns the phrases of a list.
func phrasesOf(list string) []string {
	var out []string
	for line := range strings.Lines(list) {
		_, phrases, _ := strings.Cut(strings.TrimSpace(line), ": ")
		out = append(out, strings.Split(phrases, "|")...)
	}
	return out
}
