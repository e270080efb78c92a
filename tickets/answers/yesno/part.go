package yesno

import (
	"slices"
	"strings"

	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
)

// HoldsForPart reports whether words say that something holds for a part of several: "4 of them",
// "the rest not".
func HoldsForPart(ws []string) bool {
	text := strings.Join(ws, " ")
	return lexicon.PhraseIn("partof", text) && !lexicon.HasAny(ws, "everybody") || lexicon.Has("some", text)
}

// OtherTransport reports whether words name what people come with, and none that a question names.
func OtherTransport(asked, ws []string) bool {
	here, there := transportsOf(asked), transportsOf(ws)
	if len(here) == 0 || len(there) == 0 {
		return false
	}
	return !slices.ContainsFunc(there, func(m int) bool { return slices.Contains(here, m) })
}

// transportsOf returns the kinds of what people come with that words name: those of "minibus" and
// of "bus" are one.
func transportsOf(ws []string) []int {
	var out []int
	for _, w := range ws {
		if lexicon.Has("nomeans", w) {
			continue
		}
		for name, kind := range lexicon.Section("means") {
			if w == name || len(name) > 2 && strings.HasSuffix(w, name) && len(w) > len(name)+2 {
				out = append(out, kind)
			}
		}
	}
	return out
}

// LacksTransport reports whether a clause of few words says that its writers do not come with what
// a question names: "a bus we do not have".
func LacksTransport(asked, ws []string) bool {
	return len(ws) <= maxTransport && len(transportsOf(asked)) > 0 && len(transportsOf(ws)) > 0 && !OtherTransport(asked, ws) &&
		slices.ContainsFunc(ws, clause.Denies) && lexicon.HasAny(ws, "plainverb") && lexicon.HasAny(ws, "ourselves")
}

// maxTransport is how many words say with what somebody does not come.
const maxTransport = 7

// WithoutPlainVerbs returns the words of a question without those that say nothing of what it asks
// about, such as coming and having, if others are left.
func WithoutPlainVerbs(own []string) []string {
	rest := slices.DeleteFunc(slices.Clone(own), func(w string) bool { return lexicon.Has("plainverb", w) })
	if len(rest) == 0 {
		return own
	}
	return rest
}
