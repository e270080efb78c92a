// Package statement owns the clauses of a text in sentences with what is known of each: whether it
// asks, reports, takes back, doubts. It must never know what a clause answers.
package statement

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/number"
	"tierdesk/tickets/answers/sheet"
)

// Statement is a clause of a text and what is known of its sentence.
type Statement struct {
	Text     string
	Whole    string // the sentence
	Sentence int
	Aside    bool // it asks, tells of another time, of what would be, or what somebody else says
	Revoked  bool // it is taken back within its sentence
	Inside   bool // it stands in brackets
	First    bool // it begins its sentence
	Labels   bool // a colon stands behind it
	Doubted  bool // what follows doubts it
}

// Of returns the clauses of a text in their order.
func Of(s *sheet.Sheet, text string) []Statement {
	var out []Statement
	elsewhen := false
	for n, sentence := range clause.Sentences(text) {
		elsewhen = elsewhen || lexicon.PhraseIn("elsetime", sentence) // what follows may go on with it
		aside := elsewhen || speaksOfMoney(s, sentence) || strings.ContainsAny(sentence, "?¿") || Reports(sentence) ||
			lexicon.StartsWith("condition", sentence)
		corrected := -1
		if before, _, ok := clause.Correction(sentence); ok {
			corrected = len(before)
		}
		at := 0
		for i, part := range Parts(sentence) {
			from := strings.Index(sentence[at:], part.Text) + at
			at = from + len(part.Text)
			c := part
			c.Sentence, c.First, c.Aside, c.Whole = n, i == 0, aside, sentence
			c.Revoked = corrected >= 0 && from < corrected
			if _, after, ok := clause.Correction(c.Text); ok {
				c.Text, c.Revoked = after, false
			}
			if ws := lexicon.Words(c.Text); len(ws) == 1 && slices.Contains(s.Writer, ws[0]) {
				continue
			}
			if clause.Greets(c.Text) || clause.Closes(c.Text) && i == 0 {
				continue
			}
			says, bare := clause.SaysUnknown(c.Text, nil)
			if i > 0 &&
				(len(lexicon.Content(c.Text)) <= maxDoubt && lexicon.PhraseIn("maybe", c.Text) || says && bare) { // "at least I think so"
				for k := len(out) - 1; k >= 0 && out[k].Sentence == n; k-- {
					out[k].Doubted = true
				}
			}
			out = append(out, c)
		}
	}
	markAsides(s, out)
	return out
}

// maxDoubt is how many words that say something a clause has that only doubts what stands before
// it.
const maxDoubt = 2

// markAsides marks the clauses that tell of what was, what would be, what was thought or what
// somebody else wrote: a value in them answers nothing.
func markAsides(s *sheet.Sheet, all []Statement) {
	now := -1
	for i := range all {
		if lexicon.StartsWith("thistime", all[i].Whole) {
			now = all[i].Sentence
		}
	}
	for i := range all {
		c := &all[i]
		c.Aside = c.Aside || c.Sentence == now-1 || Depends(s, c.Whole) || clause.Refutes(c.Whole) || quotedWords().MatchString(c.Whole) ||
			lexicon.PhraseIn("thought", c.Whole) || lexicon.PhraseIn("shouldhave", c.Text)
	}
}

// quotedWords finds a sentence of somebody else between quotation marks.
var quotedWords = lexicon.Pattern(`["“”„«»](?:[^"“”„«»\s]+\s+){4,}[^"“”„«»\s]+\s?["“”„«»]`)

// Depends reports whether a clause of a sentence says what the others depend on: "three nights, if
// my boss agrees".
func Depends(s *sheet.Sheet, sentence string) bool {
	if lexicon.PhraseIn("onlyif", sentence) {
		return true
	}
	return slices.ContainsFunc(Parts(sentence), func(part Statement) bool {
		fields := strings.Fields(part.Text) // as it is written: "sí" is no "si"
		return len(fields) > 2 && lexicon.Has("if "+s.When.Language, strings.ToLower(fields[0])) && !lexicon.PhraseIn("nodoubt", part.Text)
	})
}

// Reports reports whether a sentence says what somebody else says.
func Reports(sentence string) bool {
	ws := lexicon.Words(sentence)
	has := func(section string) bool {
		return slices.ContainsFunc(ws, func(w string) bool { return lexicon.Has(section, w) })
	}
	return has("reported") && (has("household") || has("people"))
}

// speaksOfMoney reports whether a sentence names a price, and not in brackets, and no question asks
// for one.
func speaksOfMoney(s *sheet.Sheet, sentence string) bool {
	sentence = number.WithoutGroups(clause.WithoutBrackets(sentence))
	ws := lexicon.Words(sentence)
	price := strings.ContainsAny(sentence, "€$£")
	for i, w := range ws[min(1, len(ws)):] {
		price = price || lexicon.Has("money", w) && lexicon.HasDigit(ws[i])
	}
	return price && !slices.ContainsFunc(s.Form.Questions, func(q tickets.Question) bool {
		return lexicon.HasAny(lexicon.Words(lexicon.Joined(q.Ask)), "money") ||
			lexicon.HasAny(lexicon.Words(lexicon.Joined(q.Ask)), "amount")
	})
}

// Parts returns the clauses of a sentence, between commas, colons, dashes and brackets.
func Parts(sentence string) []Statement {
	var out []Statement
	depth, from := 0, 0
	add := func(to int, colon bool) {
		if t := strings.Trim(sentence[from:to], " .,;!?\"“”„"); len(lexicon.Words(t)) > 0 {
			out = append(out, Statement{Text: t, Inside: depth > 0, Labels: colon})
		}
	}
	for _, m := range partEnds().FindAllStringIndex(sentence, -1) {
		add(m[0], sentence[m[0]:m[0]+1] == ":" || strings.HasPrefix(sentence[m[0]:m[1]], " :"))
		switch sign := strings.TrimSpace(sentence[m[0]:m[1]]); sign {
		case "(":
			depth++
		case ")":
			depth = max(0, depth-1)
		}
		from = m[1]
	}
	add(len(sentence), false)
	return out
}

var partEnds = lexicon.Pattern(`[,;]\s+| ?:\s+|\s[-–—]\s|[()]`)

// Unsure reports whether a clause is not certain of what it says.
func (c *Statement) Unsure() bool {
	says, _ := clause.SaysUnknown(c.Text, nil)
	return says || clause.Doubtful(c.Text) || lexicon.PhraseIn("unknown", c.Text) || lexicon.PhraseIn("dontknow", c.Text)
}
