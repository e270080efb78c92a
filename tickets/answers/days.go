package answers

import (
	"slices"
	"strings"
)

// otherDay reports whether what stands around a date says that it is not the day that was asked
// for: "1 April or later", "around 1 April", "the week of 1 April", "your mail of 3 March", "I told
// you yesterday", "it worked yesterday".
func otherDay(s string, all []found, w When) bool {
	if known().phraseIn("notthatday", s) && !known().phraseIn("notthatday", w.asked) {
		return true
	}
	asked := words(w.asked)
	mentions := func(word string) bool {
		return slices.ContainsFunc(asked, func(a string) bool { return means(a, word) })
	}
	for _, d := range all {
		before, after := clauseAround(s, d)
		front := words(before)
		for len(front) > 0 && (known().has("article", front[len(front)-1]) || known().has("outof", front[len(front)-1])) {
			front = front[:len(front)-1]
		}
		if n := len(front); n > 0 && !d.told && known().has("aboutday", front[n-1]) {
			return true
		}
		for _, word := range front[max(0, len(front)-2):] {
			if known().has("document", word) && !mentions(word) {
				return true
			}
		}
		ws := words(before + " " + after)
		if slices.ContainsFunc(ws, func(w string) bool { return known().has("telling", w) && !mentions(w) }) {
			return true
		}
		if w.past && slices.ContainsFunc(ws, func(w string) bool { return known().has("fine", w) && !mentions(w) }) &&
			!slices.ContainsFunc(ws, denies) {
			return true
		}
	}
	return false
}

// maxAround is how much is looked at on each side of a date.
const maxAround = 240

// clauseAround returns what stands before and behind a date in its clause.
func clauseAround(s string, d found) (before, after string) {
	from := d.from + max(0, strings.IndexFunc(s[d.from:d.to], func(r rune) bool { return isLetter(r) || r >= '0' && r <= '9' }))
	before, after = s[max(0, from-maxAround):from], s[d.to:min(len(s), d.to+maxAround)]
	if from > maxAround { // no half of a word
		_, before, _ = strings.Cut(before, " ")
	}
	before = before[strings.LastIndexAny(before, ",;!(")+1:]
	if d.to > d.from && strings.ContainsRune(",;!()", rune(s[d.to-1])) { // a sign ends it
		after = ""
	}
	if end := strings.IndexAny(after, ",;!()"); end >= 0 {
		after = after[:end]
	}
	return before, after
}
