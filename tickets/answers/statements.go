package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
)

// statement is a clause of a text and what is known of its sentence.
type statement struct {
	text     string
	whole    string // the sentence
	sentence int
	aside    bool // it asks, tells of another time, of what would be, or what somebody else says
	revoked  bool // it is taken back within its sentence
	inside   bool // it stands in brackets
	first    bool // it begins its sentence
	labels   bool // a colon stands behind it
	doubted  bool // what follows doubts it
}

// statements returns the clauses of a text in their order.
func (s *sheet) statements(text string) []statement {
	var out []statement
	elsewhen := false
	for n, sentence := range clause.Sentences(text) {
		elsewhen = elsewhen || lexicon.PhraseIn("elsetime", sentence) // what follows may go on with it
		aside := elsewhen || s.speaksOfMoney(sentence) || strings.ContainsAny(sentence, "?¿") || reports(sentence) ||
			lexicon.StartsWith("condition", sentence)
		corrected := -1
		if before, _, ok := clause.Correction(sentence); ok {
			corrected = len(before)
		}
		at := 0
		for i, part := range partsOf(sentence) {
			from := strings.Index(sentence[at:], part.text) + at
			at = from + len(part.text)
			c := part
			c.sentence, c.first, c.aside, c.whole = n, i == 0, aside, sentence
			c.revoked = corrected >= 0 && from < corrected
			if _, after, ok := clause.Correction(c.text); ok {
				c.text, c.revoked = after, false
			}
			if ws := lexicon.Words(c.text); len(ws) == 1 && slices.Contains(s.writer, ws[0]) {
				continue
			}
			if greets(c.text) || closes(c.text) && i == 0 {
				continue
			}
			says, bare := clause.SaysUnknown(c.text, nil)
			if i > 0 &&
				(len(lexicon.Content(c.text)) <= maxDoubt && lexicon.PhraseIn("maybe", c.text) || says && bare) { // "at least I think so"
				for k := len(out) - 1; k >= 0 && out[k].sentence == n; k-- {
					out[k].doubted = true
				}
			}
			out = append(out, c)
		}
	}
	s.putAside(out)
	return out
}

// maxDoubt is how many words that say something a clause has that only doubts what stands before
// it.
const maxDoubt = 2

// speaksOfMoney reports whether a sentence names a price, and not in brackets, and no question asks
// for one.
func (s *sheet) speaksOfMoney(sentence string) bool {
	sentence = withoutGroups(clause.WithoutBrackets(sentence))
	ws := lexicon.Words(sentence)
	price := strings.ContainsAny(sentence, "€$£")
	for i, w := range ws[min(1, len(ws)):] {
		price = price || lexicon.Has("money", w) && lexicon.HasDigit(ws[i])
	}
	return price && !slices.ContainsFunc(s.form.Questions, func(q tickets.Question) bool {
		return lexicon.HasAny(lexicon.Words(lexicon.Joined(q.Ask)), "money") ||
			lexicon.HasAny(lexicon.Words(lexicon.Joined(q.Ask)), "amount")
	})
}

// reports reports whether a sentence says what somebody else says.
func reports(sentence string) bool {
	ws := lexicon.Words(sentence)
	has := func(section string) bool {
		return slices.ContainsFunc(ws, func(w string) bool { return lexicon.Has(section, w) })
	}
	return has("reported") && (has("household") || has("people"))
}

// partsOf returns the clauses of a sentence, between commas, colons, dashes and brackets.
func partsOf(sentence string) []statement {
	var out []statement
	depth, from := 0, 0
	add := func(to int, colon bool) {
		if t := strings.Trim(sentence[from:to], " .,;!?\"“”„"); len(lexicon.Words(t)) > 0 {
			out = append(out, statement{text: t, inside: depth > 0, labels: colon})
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

// unwrapped joins the lines that a mail program broke within sentences.
func unwrapped(lines []string) string {
	var b strings.Builder
	for i, l := range lines {
		if attribution(l) || wroteAt().MatchString(l) {
			continue
		}
		b.WriteString(l)
		if i+1 == len(lines) {
			break
		}
		long := len(l) >= minWrapped && l != "" && lines[i+1] != "" && !strings.ContainsAny(l[len(l)-1:], ".!?:")
		if long {
			b.WriteByte(' ')
		} else {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// wroteAt finds the line above a quote, with a time.
var wroteAt = lexicon.Pattern(`\d{1,2}[:.h]\d{2}.*:$`)

// minWrapped is how long a line is at least that was broken for its length.
const minWrapped = 55

// unsure reports whether a clause is not certain of what it says.
func (c *statement) unsure() bool {
	says, _ := clause.SaysUnknown(c.text, nil)
	return says || clause.Doubtful(c.text) || lexicon.PhraseIn("unknown", c.text) || lexicon.PhraseIn("dontknow", c.text)
}
