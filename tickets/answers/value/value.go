// Package value owns what a text says that was written as the answer to one question. It must never
// know where in a mail that text stood, or another question.
package value

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/choice"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/number"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/yesno"
)

// Context is what the value of a text depends on.
type Context struct {
	day.Context
	From string // who wrote the mail
}

// Of reads an answer to a question: the text that was written as the answer, and nothing else.
func Of(q *tickets.Question, text string, w Context) (string, reading.State) {
	text = lexicon.Tidy(text)
	if text == "" {
		return "", reading.Silent
	}
	if _, after, ok := clause.Correction(text); ok && q.Kind != tickets.AskText {
		return Of(q, after, w) // "3, I mean four"
	}
	if before, after, ok := clause.Excuse(text); ok && q.Kind != tickets.AskText && q.Kind != tickets.AskYesNo {
		if v, how := Of(q, before, w); how == reading.Clear {
			if other, how := Of(q, after, w); how != reading.Silent && (q.Kind != tickets.AskNumber || number.Holds(after)) {
				return other, how // "9, sorry, 10"
			}
			return v, how // "9, sorry, in a hurry"
		}
	}
	p := lexicon.Plain(text)
	if q.Kind == tickets.AskChoice {
		if i := choice.Exactly(q, text); i >= 0 && !strings.ContainsAny(text, "?¿") { // "open" may be a choice, and no wish to answer later
			return q.Choices[i].Value, reading.Clear
		}
	}
	if lexicon.Has("unknown", p) || lexicon.Has("unknown", lexicon.WithoutFillers(p)) || lexicon.Has("unknown", strings.TrimSpace(text)) ||
		lexicon.LeadsWith(text, "unknown") && q.Kind != tickets.AskText {
		return "", reading.Silent
	}
	if q.Kind != tickets.AskText && q.Kind != tickets.AskEmail && !(q.Kind == tickets.AskYesNo && denies(text)) && undecided(q, text) {
		if len(lexicon.Words(text)) <= maxSilent {
			return "", reading.Silent
		}
		return "", reading.Unclear
	}
	if p == "" && q.Kind != tickets.AskYesNo { // "-"
		return "", reading.Silent
	}
	if q.Kind == tickets.AskYesNo || q.Kind == tickets.AskChoice {
		ticked, boxes := tickedIn(text)
		if boxes && ticked == "" {
			return "", reading.Unclear
		}
		if boxes {
			text = ticked
		}
	}
	if q.Kind != tickets.AskText && q.Kind != tickets.AskEmail {
		if text = lexicon.WithoutAddresses(text); text == "" {
			return "", reading.Unclear
		}
	}
	if q.Kind != tickets.AskEmail {
		text = withoutQuestion(q, text, w.Context)
	}
	if q.Kind == tickets.AskNumber && number.OtherCurrency(lexicon.Joined(q.Ask), text) {
		return "", reading.Unclear
	}
	when := w.For(q.Ask, q.Kind == tickets.AskDate)
	switch q.Kind {
	case tickets.AskNumber:
		return number.Read(when.Asked, text, when)
	case tickets.AskYesNo:
		return yesno.Read(q.Ask, text)
	case tickets.AskChoice:
		return choice.Read(q, text)
	case tickets.AskDate:
		v, how := day.Read(text, when)
		if how == reading.Clear && clause.Refutes(text) {
			return "", reading.Unclear
		}
		return v, how
	case tickets.AskEmail:
		if w.From != "" && len(lexicon.Addresses(text)) == 0 && thisAddress(text) && !clause.Doubtful(text) &&
			!clause.HasNegation(lexicon.Words(text)) &&
			!lexicon.OneOf(lexicon.Words(text), "or", "oder", "ou", "o", "of") {
			return w.From, reading.Clear
		}
		return EmailIn(text)
	}
	if saysNothing(q, text) {
		return "", reading.Silent
	}
	if asksNumber(q) && !lexicon.HasDigit(text) {
		if ws := lexicon.Words(text); slices.ContainsFunc(ws, clause.Denies) {
			return "", reading.Silent // it has none
		} else if len(ws) > 2 && !allNames(text) {
			return "", reading.Unclear
		}
	}
	if lexicon.HasDigit(text) && (identifying(q) || asksNumber(q)) && doubtsNumber(text) {
		return "", reading.Unclear // "88-1, I think"
	}
	if strings.HasSuffix(text, "?") || strings.HasPrefix(text, "¿") || pointsAway(q, text) {
		return "", reading.Unclear // a question back
	}
	if identifying(q) && !lexicon.HasDigit(text) && (len(lexicon.Words(text)) > MaxName/2 || yesno.Exactly(p) != "" ||
		lexicon.StartsWith("intend", text) || lexicon.PhraseIn("notgiven", text)) {
		return "", reading.Unclear
	}
	if asked := lexicon.Words(lexicon.Joined(q.Ask)); len(lexicon.Words(text)) > 5 &&
		lexicon.PhraseIn("severalare", lexicon.FirstWords(text, 4)) &&
		slices.ContainsFunc(asked, func(w string) bool { return lexicon.Has("identifier", w) }) {
		return "", reading.Unclear // of one thing that has a name they have two
	}
	return textOf(text), reading.Clear
}

// MaxName is how many words name one thing.
const MaxName = 40

// identifying reports whether a question asks for a name or a number of something.
func identifying(q *tickets.Question) bool {
	return slices.ContainsFunc(lexicon.Words(lexicon.Joined(q.Ask)), func(w string) bool { return lexicon.Has("identifier", w) })
}

// asksNumber reports whether a question asks for a number of something, and for no name of it.
func asksNumber(q *tickets.Question) bool {
	if q.Kind != tickets.AskText || lexicon.HasAny(lexicon.Words(lexicon.Joined(q.Ask)), "nameword") {
		return false
	}
	for _, ask := range q.Ask {
		if !NamesNumber(ask) {
			return false
		}
	}
	return len(q.Ask) > 0
}

// allNames reports whether all words of a text have capitals, or stand between those of a name.
func allNames(text string) bool {
	return !slices.ContainsFunc(strings.Fields(text), func(w string) bool {
		return !lexicon.Capital(w) && !lexicon.Has("ofname", lexicon.Plain(w))
	})
}

// NamesNumber reports whether a wording asks for a number of something, and not for a street with
// the number of a house.
func NamesNumber(wording string) bool {
	ws := lexicon.Words(wording)
	for i, w := range ws {
		code := lexicon.Has("codeword", w) || len(w) > 8 && (strings.HasSuffix(w, "nummer") || strings.HasSuffix(w, "code"))
		if code && !(i > 0 && lexicon.Has("neithernor", ws[i-1])) {
			return true
		}
	}
	return false
}

// textOf returns a text as a field holds it: without the quotes around it, and without the full
// stop behind a few words that make no sentence.
func textOf(s string) string {
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "") + " …"
	}
	for _, pair := range []string{`""`, "“”", "„“", "«»", "''", "‚‘", "»«"} {
		open, size := utf8.DecodeRuneInString(pair)
		if inner, ok := strings.CutPrefix(s, string(open)); ok && strings.HasSuffix(inner, pair[size:]) &&
			!strings.Contains(inner[:len(inner)-len(pair[size:])], string(open)) {
			return strings.TrimSpace(strings.TrimSuffix(inner, pair[size:]))
		}
	}
	if strings.Count(s, ".") == 1 && !strings.Contains(s, "\n") && len(strings.Fields(s)) <= 6 {
		s = strings.TrimSuffix(s, ".")
	}
	return s
}

// maxText is how much of an answer in free words is kept; all of it stands in the mail.
const maxText = 2000

// undecided reports whether a text says that nobody knows yet what a question asks: in its first
// clause, or in a later one that says no more than that. "4, the names are not known yet" is 4.
func undecided(q *tickets.Question, text string) bool {
	asked := lexicon.Words(lexicon.Joined(q.Ask))
	parts := clause.Of(text)
	for i, c := range parts {
		if says, bare := clause.SaysUnknown(c.Text, asked); says && (bare || i == 0) {
			return true
		}
	}
	return false
}

// doubtsNumber reports whether a text is not sure of the number that it gives.
func doubtsNumber(text string) bool {
	if clause.Doubtful(text) || lexicon.PhraseIn("nooath", text) {
		return true
	}
	m := orNumbers().FindStringSubmatch(text)
	return m != nil && lexicon.OneOf(lexicon.Words(m[1]), "or", "oder", "ou", "o", "of")
}

// denies reports whether each clause of a text is a no: "no, none known".
func denies(text string) bool {
	parts := clause.Of(text)
	return len(parts) > 0 && !slices.ContainsFunc(parts, func(c clause.Clause) bool { return yesno.Exactly(c.Text) != yesno.No })
}

// orNumbers finds two numbers of something between which nobody has chosen: "88-1 or 88-2".
var orNumbers = lexicon.Pattern(`\S*\d\S* (\pL{1,4}) (?:\pL+ )?\S*\d`)

// pointsAway reports whether the answer to a question for a name or a number says only where it
// stands: "as last time", "see the letterhead".
func pointsAway(q *tickets.Question, text string) bool {
	asked := lexicon.Words(lexicon.Joined(q.Ask))
	if lexicon.HasDigit(text) || len(lexicon.Words(text)) > maxPointing || !identifying(q) && !lexicon.HasAny(asked, "calls") &&
		!lexicon.HasAny(asked, "nameword") &&
		!lexicon.HasAny(asked, "codeword") && !lexicon.HasAny(asked, "phoneword") {
		return false
	}
	ws := lexicon.Words(text)
	if len(ws) > 1 && clause.Denies(ws[0]) {
		return true // "not Meier but Maier"
	}
	for ; len(ws) > 1; ws = ws[1:] {
		if lexicon.StartsWith("asbefore", strings.Join(ws, " ")) {
			return true
		}
		if !slices.Contains(asked, ws[0]) { // no word of the question, said again
			return false
		}
	}
	return false
}

// maxPointing is how many words say where an answer stands.
const maxPointing = 10
