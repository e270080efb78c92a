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
	Amended  bool // what follows takes back words in it
}

// Of returns the clauses of a text in their order.
func Of(s *sheet.Sheet, text string) []Statement {
	var out []Statement
	elsewhen := false
	for n, sentence := range clause.Sentences(text) {
		elsewhen = elsewhen || lexicon.PhraseIn("elsetime", sentence) // what follows may go on with it
		aside := elsewhen || speaksOfMoney(s, sentence) || strings.ContainsAny(sentence, "?¿") || Reports(sentence) ||
			lexicon.StartsWith("condition", sentence)
		begin := len(out)
		for _, c := range inSentence(sentence) {
			if c.isFormality(s.Writer) {
				continue
			}
			if !c.First && onlyDoubts(c.Text) { // "at least I think so"
				for k := begin; k < len(out); k++ {
					out[k].Doubted = true
				}
			}
			c.Sentence, c.Aside = n, aside
			out = append(out, c)
		}
	}
	markAsides(s, out)
	return out
}

// inSentence returns the clauses of a sentence. Those before a correction are taken back, and the
// clause in which it stands is what it says then.
func inSentence(sentence string) []Statement {
	corrected := 0
	if before, _, ok := clause.Correction(sentence); ok {
		corrected = len(before)
	}
	out := Parts(sentence)
	at := 0
	for i := range out {
		c := &out[i]
		from := strings.Index(sentence[at:], c.Text) + at
		at = from + len(c.Text)
		c.First, c.Whole, c.Revoked = i == 0, sentence, from < corrected
		if _, after, ok := clause.Correction(c.Text); ok && len(lexicon.Words(after)) > 0 {
			c.Text, c.Revoked = after, false
		}
	}
	return out
}

// isFormality reports whether a clause greets, closes a mail or is the name of its writer.
func (c *Statement) isFormality(writer []string) bool {
	if ws := lexicon.Words(c.Text); len(ws) == 1 && slices.Contains(writer, ws[0]) {
		return true
	}
	return clause.Greets(c.Text) || c.First && clause.Closes(c.Text)
}

// onlyDoubts reports whether a clause says no more than that what stands before it is not certain.
func onlyDoubts(text string) bool {
	says, bare := clause.SaysUnknown(text, nil)
	return len(lexicon.Content(text)) <= maxDoubt && lexicon.PhraseIn("maybe", text) || says && bare
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
	return lexicon.AnyIn("reported", ws) && (lexicon.AnyIn("household", ws) || lexicon.AnyIn("people", ws))
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
