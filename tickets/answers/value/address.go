package value

import (
	"slices"
	"strings"

	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
)

// addressOf returns the address that a text names: the only one in it, or that of its writer, "the
// one I write from".
func addressOf(text, writer string) (string, reading.State) {
	ws := lexicon.Words(text)
	if writer != "" && len(lexicon.Addresses(text)) == 0 && thisAddress(text) && !clause.Doubtful(text) &&
		!clause.HasNegation(ws) && !hasOr(ws) {
		return writer, reading.Clear
	}
	return EmailIn(text)
}

// EmailIn returns the only address in a text.
func EmailIn(text string) (string, reading.State) {
	found := lexicon.Addresses(text)
	if len(found) != 1 {
		return "", reading.Unclear
	}
	around := lexicon.ReplaceAddresses(withoutOther(text), " ")
	ws := lexicon.Words(around)
	if slices.ContainsFunc(ws, clause.Denies) || lexicon.AnyIn("askthem", ws) || lexicon.PhraseIn("except", around) ||
		lexicon.PhraseIn("before", around) || lexicon.PhraseIn("maybe", around) || strings.ContainsAny(around, "?¿") {
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
	return len(ws) <= 12 && lexicon.AnyIn("iwrite", ws) && lexicon.AnyIn("fromit", ws) && lexicon.AnyIn("theone", ws) &&
		!lexicon.PhraseIn("future", text)
}

// shortened finds a French or Italian word that has lost its end before a vowel.
var shortened = lexicon.Pattern(`\b(?:[djlmqst]|dell|all)'`)
