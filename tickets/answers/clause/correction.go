package clause

import (
	"strings"

	"tierdesk/tickets/answers/lexicon"
)

// Correction cuts a text at the last of the words with which people correct themselves: what stands
// before them, and behind.
func Correction(text string) (before, after string, ok bool) {
	low, origin := lexicon.FoldedWithOffsets(text)
	at, end := -1, 0
	for phrase := range lexicon.Section("correction") {
		for from := range lexicon.Occurrences(low, phrase) {
			if from > at {
				at, end = from, from+len(phrase)
			}
		}
	}
	if at >= 0 || len(text) > maxRather {
		return cutAt(text, origin, at, end)
	}
	if m := rather().FindStringSubmatchIndex(text); m != nil && lexicon.Has("particle", lexicon.Plain(text[m[4]:m[5]])) &&
		lexicon.StartsWith("rather", text[m[6]:]) {
		for _, phrase := range lexicon.LongestFirst("rather") {
			fields, n := strings.Fields(text[m[6]:]), len(strings.Fields(phrase))
			if len(fields) > n && lexicon.Plain(strings.Join(fields[:n], " ")) == phrase {
				return text[:m[3]], strings.Join(fields[n:], " "), true
			}
		}
	}
	return "", "", false
}

// cutAt cuts a text at a phrase that stands between two places of its folded form, if there is one.
func cutAt(text string, origin []int, at, end int) (before, after string, ok bool) {
	if at < 0 {
		return "", "", false
	}
	after = strings.Trim(text[origin[end]:], " ,:;.-–")
	return text[:origin[at]], after, after != ""
}

// rather finds a no in the middle of a text: "100, no, make that 150".
var rather = lexicon.Pattern(`^([^\n]+?)[,;.:–-]\s*(\pL+),?\s+([^\n]+)$`)

// maxRather is how many octets a text has at most in which a no may correct what stands before it.
const maxRather = 400
