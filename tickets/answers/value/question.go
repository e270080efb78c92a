package value

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/choice"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/number"
	"tierdesk/tickets/answers/yesno"
)

// withoutQuestion returns a text without the question with which it ends, if an answer stands
// before it and the question does not touch that: "No. Do I need one?", but not "No. Or do I?".
func withoutQuestion(q *tickets.Question, text string, w day.Context) string {
	ends := sentenceStops().FindAllStringIndex(text, -1)
	if !strings.HasSuffix(text, "?") || len(ends) == 0 {
		return text
	}
	first, back := text[:ends[len(ends)-1][1]], text[ends[len(ends)-1][1]:]
	ws := lexicon.Words(back)
	if strings.ContainsAny(first, "?¿") || len(ws) < minQuestion || lexicon.Has("either", ws[0]) || lexicon.StartsWith("isitso", back) {
		return text
	}
	switch q.Kind {
	case tickets.AskNumber:
		if number.Holds(back) {
			return text
		}
	case tickets.AskDate:
		if len(day.All(back, w)) > 0 {
			return text
		}
	case tickets.AskChoice:
		if choice.CountNamed(q, back) > 0 || len(choice.ByOtherName(q, back)) > 0 {
			return text
		}
	case tickets.AskYesNo:
		if slices.ContainsFunc(clause.Of(back), func(c clause.Clause) bool { return yesno.Exactly(c.Text) != "" }) {
			return text
		}
	}
	return strings.TrimSpace(first)
}

// minQuestion is how many words a question has at least that does not only ask whether the answer
// is right.
const minQuestion = 2

// sentenceStops finds where a sentence that asks nothing ends.
var sentenceStops = lexicon.Pattern(`[.!]\s+|\n`)
