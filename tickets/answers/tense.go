package answers

import (
	"strings"

	"tierdesk/tickets"
)

// asking returns what answers to a question depend on: its words, and whether it asks for a day
// that was or one to come.
func (w When) asking(q *tickets.Question) When {
	w.asked = joined(q.Ask)
	w.past, w.coming = tense(q)
	w.until = known().phraseIn("untilwhen", w.asked)
	w.birth = q.Kind == tickets.AskDate && known().phraseIn("birth", w.asked)
	return w
}

// tense returns whether a question for a day asks for one that has been, or for one to come, as one
// in the present tense does. Many ask neither: "When is the first day?"
func tense(q *tickets.Question) (past, coming bool) {
	if q.Kind != tickets.AskDate {
		return false, false
	}
	for language, ask := range q.Ask {
		coming = coming || known().phraseIn("coming", ask) ||
			known().phraseIn("whichday", ask) && hasAny(words(ask), "canbe") || toYou().MatchString(fold(ask))
		if known().phraseIn("shallwe", ask) { // "da quando" is since when, but not before what we shall do
			return false, true
		}
		past = past || known().phraseIn("past", ask) || known().phraseIn("birth", ask) || participle(language, ask) != ""
	}
	return past, coming && !past
}

// toYou finds a verb in the present tense before the word for you.
var toYou = pattern(`\pL{3,}(?:en sie|ez[- ]vous|t u)\b`)

// participle returns the word of a question of a language, "" for any, that says what has been
// done, behind an auxiliary verb; "" if it asks for nothing of the kind.
func participle(language, ask string) string {
	for _, l := range []string{"en", "de", "fr", "es", "it", "nl"} {
		if language != "" && l != language[:min(2, len(language))] {
			continue
		}
		at := false
		ws := strings.FieldsFunc(ask, func(r rune) bool { return !isLetter(r) })
		for i, w := range ws {
			if at && (l != "de" || i == len(ws)-1) && w == strings.ToLower(w) && endsIn("participle "+l, w) {
				return w
			}
			at = at || known().has("auxiliary "+l, plain(w))
		}
	}
	return ""
}

// endsIn reports whether a word ends as those of a section do.
func endsIn(section, word string) bool {
	for end := range known()[section] {
		if strings.HasSuffix(word, end) && len(word) > len(end)+2 {
			return true
		}
	}
	return false
}
