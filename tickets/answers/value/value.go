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
	if v, how, ok := corrected(q, text, w); ok {
		return v, how
	}
	if q.Kind == tickets.AskChoice {
		if i := choice.Exactly(q, text); i >= 0 && !strings.ContainsAny(text, "?¿") { // "open" may be a choice, and no wish to answer later
			return q.Choices[i].Value, reading.Clear
		}
	}
	if how, ok := putOff(q, text); ok {
		return "", how
	}
	said, ok := withoutAsides(q, text, w)
	if !ok || q.Kind == tickets.AskNumber && number.OtherCurrency(lexicon.Joined(q.Ask), said) {
		return "", reading.Unclear
	}
	when := w.For(q.Ask, q.Kind == tickets.AskDate)
	switch q.Kind {
	case tickets.AskNumber:
		return number.Read(when.Asked, said, when)
	case tickets.AskYesNo:
		return yesno.Read(q.Ask, said)
	case tickets.AskChoice:
		return choice.Read(q, said)
	case tickets.AskDate:
		v, how := day.Read(said, when)
		if how == reading.Clear && clause.Refutes(said) {
			return "", reading.Unclear
		}
		return v, how
	case tickets.AskEmail:
		return addressOf(said, w.From)
	}
	return inFreeWords(q, said, text)
}

// isTyped reports whether the answer to a question has to be of a certain kind, an address apart.
func isTyped(q *tickets.Question) bool {
	return q.Kind != tickets.AskText && q.Kind != tickets.AskEmail
}

// corrected returns what a text says that corrects itself. ok is false if it does not.
func corrected(q *tickets.Question, text string, w Context) (v string, how reading.State, ok bool) {
	if q.Kind == tickets.AskText {
		return "", reading.Silent, false
	}
	if before, after, ok := clause.Correction(text); ok {
		v, how = Of(q, after, w) // "3, I mean four"
		if q.Kind == tickets.AskDate && how == reading.Clear && monthLost(q, before, after, v, w) {
			return "", reading.Unclear, true
		}
		return v, how, true
	}
	return amended(q, text, w)
}

// amended returns what a text says that takes back its first answer and gives another one: "3, no,
// 4", "on the 14th, oh no, on the 12th". Where the second one is not clear, neither counts. ok is
// false if no second one follows: "9, sorry, in a hurry".
func amended(q *tickets.Question, text string, w Context) (v string, how reading.State, ok bool) {
	before, after, ok := clause.Amendment(text)
	if !ok || q.Kind == tickets.AskYesNo {
		return "", reading.Silent, false
	}
	if _, state := Of(q, before, w); state != reading.Clear && !mayAmend(q, before, w) {
		return "", reading.Silent, false
	}
	begin := after
	_, _, again := clause.Amendment(after)
	if !again {
		begin = clauseEnd().Split(after, 2)[0]
	}
	for _, part := range slices.Compact([]string{after, begin}) {
		v, how = Of(q, part, w)
		if how != reading.Clear || !again && !GivesOnly(part, asksFor(q)) || mayAmend(q, after[len(part):], w) {
			continue
		}
		if q.Kind == tickets.AskDate && monthLost(q, before, part, v, w) {
			break
		}
		return v, reading.Clear, true
	}
	return "", reading.Unclear, mayAmend(q, after, w)
}

var clauseEnd = lexicon.Pattern(`[,;:()]|\s[-–—]`)

// mayAmend reports whether a text has something in it that could be another answer of the kind that
// a question asks for.
func mayAmend(q *tickets.Question, text string, w Context) bool {
	switch q.Kind {
	case tickets.AskNumber:
		return number.Holds(text)
	case tickets.AskDate:
		return len(day.All(text, w.Context)) > 0 || lexicon.HasDigit(text)
	case tickets.AskChoice:
		return choice.CountNamed(q, text) > 0
	case tickets.AskEmail:
		return strings.ContainsAny(strings.TrimRight(text, ". "), "@.")
	}
	return false
}

// asksFor returns the words that an answer to a question may have in it: its own, and those of its
// choices.
func asksFor(q *tickets.Question) []string {
	asked := lexicon.Content(lexicon.Joined(q.Ask))
	for _, c := range q.Choices {
		asked = append(asked, lexicon.Words(c.Value)...)
	}
	return asked
}

// GivesOnly reports whether a text gives a value and says nothing else of it: "on the 22nd", but
// not "the 22nd is full". These words may stand in it, too.
func GivesOnly(text string, these []string) bool {
	givingWords := []string{"stop", "copula", "filler", "opener", "rather", "nicely", "month", "weekday", "day", "dayordinal", "span",
		"last", "next"}
	ws := lexicon.Words(lexicon.WithoutAddresses(text))
	if len(ws) > 0 && lexicon.Has("either", ws[0]) {
		return false
	}
	return !slices.ContainsFunc(ws, func(w string) bool {
		if (clause.Denies(w) || lexicon.Has("bound", w)) && !lexicon.Has("month", w) { // mai
			return true
		}
		_, number := lexicon.NumberNamed(w)
		of := func(section string) bool { return lexicon.Has(section, w) || lexicon.Has(section, lexicon.Bare(w)) }
		return !number && !lexicon.HasDigit(w) && !lexicon.Matches(w, these) && !slices.ContainsFunc(givingWords, of)
	})
}

// monthLost reports whether a day that corrects another one names no month, and would stand in
// another one than the day before it: "12 May, no wait, the 13th".
func monthLost(q *tickets.Question, before, after, corrected string, w Context) bool {
	first, how := Of(q, before, w)
	return how == reading.Clear && first[:len("2006-01")] != corrected[:len("2006-01")] && !day.HasMonth(after)
}

// putOff reports whether a text gives no value: because it is not known, or nothing but a dash. A
// longer text that says that nobody knows may say more.
func putOff(q *tickets.Question, text string) (how reading.State, ok bool) {
	p := lexicon.Plain(text)
	if lexicon.Has("unknown", p) || lexicon.Has("unknown", lexicon.WithoutFillers(p)) || lexicon.Has("unknown", strings.TrimSpace(text)) ||
		q.Kind != tickets.AskText && lexicon.LeadsWith(text, "unknown") {
		return reading.Silent, true
	}
	if notToHand(q, text) || q.Kind == tickets.AskYesNo && endsNotApplicable(text) {
		return reading.Silent, true
	}
	if isTyped(q) && !(q.Kind == tickets.AskYesNo && denies(text)) && undecided(q, text) {
		if len(lexicon.Words(text)) <= maxSilent {
			return reading.Silent, true
		}
		return reading.Unclear, true
	}
	return reading.Silent, p == "" && q.Kind != tickets.AskYesNo
}

// withoutAsides returns what of a text can be the answer: the box that is ticked, no address where
// none is asked for, and not the question said again. ok is false if nothing is left, or if nobody
// ticked a box.
func withoutAsides(q *tickets.Question, text string, w Context) (said string, ok bool) {
	if q.Kind == tickets.AskYesNo || q.Kind == tickets.AskChoice {
		ticked, boxes := tickedIn(text)
		if boxes && ticked == "" {
			return "", false
		}
		if boxes {
			text = ticked
		}
	}
	if isTyped(q) {
		if text = lexicon.WithoutAddresses(text); text == "" {
			return "", false
		}
	}
	if q.Kind != tickets.AskEmail {
		text = withoutQuestion(q, text, w.Context)
	}
	return text, true
}

// inFreeWords reads the answer to a question in free words. The whole text has also what was taken
// off it.
func inFreeWords(q *tickets.Question, text, whole string) (string, reading.State) {
	if saysNothing(q, text) {
		return "", reading.Silent
	}
	digits := lexicon.HasDigit(text)
	if !digits && lexicon.AnyIn("digitword", lexicon.Words(lexicon.Joined(q.Ask))) {
		if slices.ContainsFunc(lexicon.Words(text), clause.Denies) {
			return "", reading.Silent
		}
		return "", reading.Unclear // "declined at the garage"
	}
	if asksNumber(q) && !digits {
		if ws := lexicon.Words(text); slices.ContainsFunc(ws, clause.Denies) {
			return "", reading.Silent // it has none
		} else if len(ws) > 2 && !allNames(text) {
			return "", reading.Unclear
		}
	}
	if digits && (identifying(q) || asksNumber(q)) && doubtsNumber(text) {
		return "", reading.Unclear // "88-1, I think"
	}
	if strings.HasSuffix(text, "?") || strings.HasPrefix(text, "¿") || pointsAway(q, text) {
		return "", reading.Unclear // a question back
	}
	if identifying(q) && (!digits && isNoName(text, whole) || hasSeveral(text)) {
		return "", reading.Unclear
	}
	return textOf(text), reading.Clear
}

// isNoName reports whether a text without a digit is too long to be the name of something, or says
// something else.
func isNoName(text, whole string) bool {
	return len(lexicon.Words(text)) > MaxName/2 || yesno.Exactly(lexicon.Plain(whole)) != "" ||
		lexicon.StartsWith("intend", text) || lexicon.PhraseIn("notgiven", text)
}

// hasSeveral reports whether a sentence says that there are several things where one was asked for.
func hasSeveral(text string) bool {
	return len(lexicon.Words(text)) > 5 && lexicon.PhraseIn("severalare", lexicon.FirstWords(text, 4))
}

// MaxName is how many words name one thing.
const MaxName = 40

// identifying reports whether a question asks for a name or a number of something.
func identifying(q *tickets.Question) bool {
	return lexicon.AnyIn("identifier", lexicon.Words(lexicon.Joined(q.Ask)))
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
	return m != nil && hasOr(lexicon.Words(m[1]))
}

// hasOr reports whether one of the words puts another thing beside one.
func hasOr(ws []string) bool { return lexicon.OneOf(ws, "or", "oder", "ou", "o", "of") }

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
	named := identifying(q) || lexicon.HasAny(asked, "calls") || lexicon.HasAny(asked, "nameword") ||
		lexicon.HasAny(asked, "codeword") || lexicon.HasAny(asked, "phoneword")
	ws := lexicon.Words(text)
	if !named || lexicon.HasDigit(text) || len(ws) > maxPointing {
		return false
	}
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
