package value

import (
	"slices"
	"strings"

	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
)

// EmailIn returns the only address in a text.
func EmailIn(text string) (string, reading.State) {
	found := lexicon.Addresses(text)
	if len(found) != 1 {
		return "", reading.Unclear
	}
	around := lexicon.ReplaceAddresses(withoutOther(text), " ")
	if slices.ContainsFunc(lexicon.Words(around), clause.Denies) || lexicon.PhraseIn("except", around) ||
		lexicon.PhraseIn("before", around) ||
		slices.ContainsFunc(lexicon.Words(around), func(w string) bool { return lexicon.Has("askthem", w) }) ||
		lexicon.PhraseIn("maybe", around) ||
		strings.ContainsAny(around, "?¿") {
		return "", reading.Unclear // "not this one"
	}
	return found[0], reading.Clear
}

// withoutOther returns a text without a clause that only says which other address is not meant:
// "not the one at work".
func withoutOther(text string) string {
	var out []string
	for part := range strings.SplitSeq(text, ", ") {
		ws := lexicon.Words(part)
		if len(ws) > 2 && clause.Denies(ws[0]) && len(lexicon.Addresses(part)) == 0 && len(out) > 0 &&
			(lexicon.Has("determiner", ws[1]) || lexicon.Has("concerning", ws[1])) && !lexicon.PhraseIn("except", part) {
			continue
		}
		out = append(out, part)
	}
	return strings.Join(out, ", ")
}

// thisAddress reports whether a text names the address from which it was written: "the one I write
// from", "het adres waar ik nu vanaf mail".
func thisAddress(text string) bool {
	if lexicon.PhraseIn("thisaddress", text) || lexicon.Has("thisone", lexicon.Plain(text)) {
		return true
	}
	ws := lexicon.Words(shortened().ReplaceAllString(lexicon.Fold(text), ""))
	has := func(section string) bool {
		return slices.ContainsFunc(ws, func(w string) bool { return lexicon.Has(section, w) })
	}
	return len(ws) <= 12 && has("iwrite") && has("fromit") && has("theone") && !lexicon.PhraseIn("future", text)
}

// shortened finds a French or Italian word that has lost its end before a vowel.
var shortened = lexicon.Pattern(`\b(?:[djlmqst]|dell|all)'`)
