package prose

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/mention"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
	"tierdesk/tickets/answers/value"
)

// answerSentences answers the questions in free words that a sentence answers as a whole, where
// other answers show what the text is about: two for what something is, since people say that of
// much.
func answerSentences(s *sheet.Sheet, all []statement.Statement) {
	others := len(s.Said)
	for _, q := range s.Open {
		if len(s.Said[q]) > 0 || s.Form.Questions[q].Kind != tickets.AskText || s.AsksCode(q) || s.AsksPerson(q) {
			continue
		}
		switch {
		case others > 1 && lexicon.PhraseIn("whatkind", s.Wording(q)):
			answerKind(s, q, all)
		case others > 0 && lexicon.HasAny(lexicon.Words(s.Wording(q)), "whereword"):
			answerPlace(s, q, all)
		}
	}
}

// answerKind takes what a sentence says that it is, where a question asks what kind of thing it is
// or what shall be taken: "it's my mother's birthday". It is said early, and once.
func answerKind(s *sheet.Sheet, q int, all []statement.Statement) {
	var found []candidate
	for i := range all {
		c := &all[i]
		rest := afterItIs(c.Text)
		if c.Sentence > maxEarly || len(rest) == 0 || len(rest) > maxKind || lexicon.HasAny(lexicon.Words(c.Text), "opinion") {
			continue
		}
		v := strings.Join(rest, " ")
		if len(lexicon.Content(v)) == 0 || len(lexicon.Content(withoutDays(s, v))) == 0 {
			continue
		}
		if c.Unsure() || slices.ContainsFunc(lexicon.Words(c.Text), clause.Denies) {
			v = ""
		}
		found = append(found, candidate{value: v, strong: true, from: c})
	}
	settle(s, q, found, false)
}

// How far down, and how long, what says what something is may be.
const (
	maxEarly = 2
	maxKind  = 9
)

// afterItIs returns the words behind those with which a clause begins to say what something is, if
// they name a thing: "a concert", but not "broken" or "on Monday".
func afterItIs(text string) []string {
	ws := strings.Fields(text)
	for len(ws) > 1 && lexicon.Has("opener", lexicon.Plain(ws[0])) {
		ws = ws[1:]
	}
	for n := min(5, len(ws)-1); n > 0; n-- {
		lead := lexicon.Plain(strings.Join(ws[:n], " "))
		if !lexicon.Has("itis", lead) {
			continue
		}
		rest, last := ws[n:], lexicon.Words(lead)
		first := lexicon.Plain(rest[0])
		_, counted := lexicon.NumberNamed(first)
		switch {
		case lexicon.Has("determiner", last[len(last)-1]), lexicon.Has("determiner", first), lexicon.Has("mine", first), counted,
			lexicon.Capital(rest[0]) && !lexicon.Has("stop", first):
			return rest
		}
		return nil
	}
	return nil
}

// answerPlace takes the clauses of the only sentence that says where something is: one with words
// of the question, or that begins with those for being somewhere, and with a street.
func answerPlace(s *sheet.Sheet, q int, all []statement.Statement) {
	own := slices.DeleteFunc(lexicon.Content(s.Wording(q)), func(w string) bool { return value.NamesNumber(w) })
	var found []candidate
	for i := 0; i < len(all); i++ {
		c := &all[i]
		about := slices.ContainsFunc(lexicon.Words(c.Text), func(w string) bool { return lexicon.Matches(w, own) })
		if !(about || lexicon.PhraseIn("isat", c.Text)) || !mention.HasStreet(c.Text) {
			continue
		}
		parts := []string{beforeDenial(s, c.Text)}
		for i+1 < len(all) && all[i+1].Sentence == c.Sentence && !all[i+1].Inside {
			i++
			parts = append(parts, all[i].Text)
		}
		v := strings.Join(parts, ", ")
		if c.Unsure() || slices.ContainsFunc(lexicon.Words(parts[0]), clause.Denies) || len(strings.Fields(v)) > maxPlace {
			v = ""
		}
		found = append(found, candidate{value: v, strong: true, from: c})
	}
	settle(s, q, found, false)
}

// beforeDenial returns what stands in a clause before an "and" behind which something is denied.
func beforeDenial(s *sheet.Sheet, text string) string {
	fields := strings.Fields(text)
	for i := 1; i+1 < len(fields); i++ {
		if s.IsAnd(fields[i]) && slices.ContainsFunc(lexicon.Words(strings.Join(fields[i+1:], " ")), clause.Denies) {
			return strings.Join(fields[:i], " ")
		}
	}
	return text
}

// maxPlace is how many words say where something is.
const maxPlace = 20
