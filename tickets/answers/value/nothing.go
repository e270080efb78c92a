package value

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/lexicon"
)

// saysNothing reports whether free words say that there is nothing to say, or that somebody does
// not know, and nothing else: "no, nothing special", "the cause is still unclear".
func saysNothing(q *tickets.Question, text string) bool {
	p := lexicon.Plain(text)
	if lexicon.Has("notapplicable", p) || lexicon.Has("notapplicable", strings.ToLower(text)) {
		return true
	}
	n := len(lexicon.Words(text))
	if n <= maxSilent && (lexicon.LeadsWith(text, "unknown") || lexicon.PhraseIn("dontknow", text)) ||
		q.Optional && n <= 2*maxSilent && lexicon.LeadsWith(text, "dontknow") {
		return true
	}
	if n > 2*maxSilent {
		return false
	}
	sections := []string{"unknown", "dontknow"}
	if q.Optional {
		sections = []string{"nothingelse", "unknown", "dontknow", "nothing", "no", "noalone"}
	}
	rest := " " + p + " "
	for _, section := range sections {
		for _, phrase := range lexicon.LongestFirst(section) {
			rest = strings.ReplaceAll(rest, " "+phrase+" ", "  ")
		}
	}
	if len(rest) == len(p)+2 {
		return false
	}
	asked := lexicon.Words(lexicon.Joined(q.Ask))
	return !slices.ContainsFunc(strings.Fields(rest), func(w string) bool {
		return !lexicon.Has("filler", w) && !lexicon.Has("stop", w) && !lexicon.Has("particular", w) && !slices.Contains(asked, w)
	})
}

// maxSilent is how many words say that somebody does not know, and not something beside.
const maxSilent = 8

// notToHand reports whether a text says that what is asked for lies elsewhere, and gives nothing of
// it: "dont have it to hand its the grey van". Asked whether they have it, that is an answer.
func notToHand(q *tickets.Question, text string) bool {
	if q.Kind == tickets.AskYesNo || q.Optional || lexicon.HasDigit(text) || strings.Contains(text, "@") {
		return false
	}
	return lexicon.StartsWith("nottohand", text) || len(lexicon.Words(text)) <= maxSilent && lexicon.PhraseIn("nottohand", text)
}

// endsNotApplicable reports whether a sentence concludes that a question does not concern its
// writer: "we have no garden, so n/a". That denies nothing.
func endsNotApplicable(text string) bool {
	p := " " + lexicon.Plain(text)
	for phrase := range lexicon.Section("notapplicable") {
		if rest, ok := strings.CutSuffix(p, " "+phrase); ok && phrase != "na" && len(strings.Fields(rest)) > 1 {
			return true
		}
	}
	return false
}
