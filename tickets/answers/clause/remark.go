package clause

import (
	"strings"

	"tierdesk/tickets/answers/lexicon"
)

// brackets finds what stands in brackets.
var brackets = lexicon.Pattern(`\([^)]*\)`)

// WithoutBrackets returns a text without what stands in brackets.
func WithoutBrackets(text string) string { return brackets().ReplaceAllString(text, "") }

// WithoutRemark returns a text without what stands in brackets behind an answer, if that tells
// something of it and does not change it: "35 hours (Mon to Fri 8-15)", but not "100 (120 with
// children)". changes reports whether what stands in brackets changes what stands before them.
func WithoutRemark(text string, changes func(in, rest string) bool) string {
	inside := brackets().FindAllString(text, -1)
	rest := strings.TrimSpace(brackets().ReplaceAllString(text, " "))
	if len(inside) == 0 || len(lexicon.Words(rest)) == 0 || strings.HasPrefix(text, "(") {
		return text
	}
	for _, in := range inside {
		if changesAny(in) || changes(in, rest) {
			return text
		}
	}
	return rest
}

// changesAny reports whether what stands in brackets may make what stands before them another
// answer, whatever that is.
func changesAny(in string) bool {
	ws := lexicon.Words(in)
	return len(ws) == 0 || Doubtful(in) || lexicon.Has("either", ws[0]) || strings.ContainsAny(in, "+~<>±=≈") ||
		Excepts("except", lexicon.Plain(in), nil) ||
		lexicon.PhraseIn("correction", in) || lexicon.PhraseIn("beside", in) || lexicon.PhraseIn("nowadays", in)
}
