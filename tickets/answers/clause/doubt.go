package clause

import (
	"slices"
	"strings"

	"tierdesk/tickets/answers/lexicon"
)

// Doubtful reports whether a text says itself that it is not sure, asks, or makes a condition: "if
// you think so", but not "if possible".
func Doubtful(text string) bool {
	p := " " + lexicon.Plain(text) + " "
	for _, phrase := range lexicon.LongestFirst("nodoubt") {
		p = strings.ReplaceAll(p, " "+phrase+" ", " ")
	}
	return strings.ContainsAny(text, "?¿") || lexicon.PhraseIn("maybe", p) || lexicon.PhraseIn("condition", p)
}

// Denies reports whether a word takes away what is said.
func Denies(w string) bool {
	return w != "noch" && w != "ne" && lexicon.Has("negation", w) || strings.HasSuffix(w, "n't")
}

// HasNegation reports whether one of the words is a negation.
func HasNegation(ws []string) bool {
	return slices.ContainsFunc(ws, func(w string) bool { return lexicon.Has("negation", w) })
}

// TakesBack reports whether a text doubts or denies what it names, or speaks of what was.
func TakesBack(text string) bool {
	p := lexicon.Plain(text)
	return Doubtful(text) || HasNegation(strings.Fields(p)) || Excepts("except", p, nil) || Excepts("before", p, nil)
}

// Excepts reports whether a text takes a choice out, or speaks of what was: "anything but Linux".
func Excepts(section, text string, names []string) bool {
	text = lexicon.WithoutElision(text)
	for phrase := range lexicon.Section(section) {
		if strings.Contains(" "+text+" ", " "+phrase+" ") &&
			!slices.ContainsFunc(names, func(n string) bool { return strings.Contains(" "+n+" ", " "+phrase+" ") }) {
			return true
		}
	}
	return false
}

// Refutes reports whether a sentence sets what something says against what is so.
func Refutes(sentence string) bool {
	return lexicon.PhraseIn("accordingto", sentence) && lexicon.PhraseIn("infact", sentence)
}

// SaysUnknown reports whether a clause says that something is not known or decided, and whether it
// says nothing else. Where a question asks whether something is known, that is an answer.
func SaysUnknown(text string, asked []string) (says, bare bool) {
	ws := lexicon.Words(text)
	about := func(w string) bool { return lexicon.Has("knowing", w) && !slices.Contains(asked, w) }
	says = lexicon.PhraseIn("undecided", text)
	for i, w := range ws {
		if !about(w) || i > 0 && w == "weiss" && (lexicon.Has("copula", ws[i-1]) || ws[i-1] == "in") { // that is a colour
			continue
		}
		before := slices.ContainsFunc(ws[max(0, i-maxKnowing):i], Denies) || slices.Contains(ws[max(0, i-2):i], "ne") // je ne sais plus
		behind := slices.ContainsFunc(ws[i+1:min(len(ws), i+1+maxKnowing)], Denies)
		says = says || before || behind && !lexicon.Has("surely", w) // "sicher nicht" is a no
	}
	if !says {
		return false, false
	}
	rest := " " + lexicon.Plain(text) + " "
	for _, phrase := range lexicon.LongestFirst("undecided") {
		rest = strings.ReplaceAll(rest, " "+phrase+" ", " ")
	}
	return true, !slices.ContainsFunc(lexicon.Content(rest), func(w string) bool {
		return !about(w) && !Denies(w) && !lexicon.Has("filler", w) && !lexicon.Has("yet", w) && !lexicon.Has("pronoun", w) &&
			!lexicon.Has("ourselves", w) && !lexicon.Has("anymore", w) && w != "ne"
	})
}

// maxKnowing is how far from a word for knowing what denies it may stand.
const maxKnowing = 4
