package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/value"
)

// quotesTold answers the questions in free words that a sentence answers as a whole, where other
// answers show what the text is about: two for what something is, since people say that of much.
func (s *sheet) quotesTold(all []statement) {
	others := len(s.said)
	for _, q := range s.open {
		if len(s.said[q]) > 0 || s.form.Questions[q].Kind != tickets.AskText || s.asksCode(q) || s.asksPerson(q) {
			continue
		}
		switch {
		case others > 1 && lexicon.PhraseIn("whatkind", s.wording(q)):
			s.kindTold(q, all)
		case others > 0 && lexicon.HasAny(lexicon.Words(s.wording(q)), "whereword"):
			s.placeTold(q, all)
		}
	}
}

// kindTold takes what a sentence says that it is, where a question asks what kind of thing it is or
// what shall be taken: "it's my mother's birthday". It is said early, and once.
func (s *sheet) kindTold(q int, all []statement) {
	var found []candidate
	for i := range all {
		c := &all[i]
		rest := afterItIs(c.text)
		if c.sentence > maxEarly || len(rest) == 0 || len(rest) > maxKind || lexicon.HasAny(lexicon.Words(c.text), "opinion") {
			continue
		}
		v := strings.Join(rest, " ")
		if len(lexicon.Content(v)) == 0 || len(lexicon.Content(s.withoutDays(v))) == 0 {
			continue
		}
		if c.unsure() || slices.ContainsFunc(lexicon.Words(c.text), clause.Denies) {
			v = ""
		}
		found = append(found, candidate{value: v, strong: true, from: c})
	}
	s.settle(q, found, false)
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

// withoutDays returns a text without its days.
func (s *sheet) withoutDays(text string) string {
	low := []byte(day.Normalize(text))
	for _, d := range day.All(text, s.when.Context) {
		for i := d.From; i < d.To && i < len(low); i++ {
			low[i] = ' '
		}
	}
	return string(low)
}

// placeTold takes the clauses of the only sentence that says where something is: one with words of
// the question, or that begins with those for being somewhere, and with a street.
func (s *sheet) placeTold(q int, all []statement) {
	own := slices.DeleteFunc(lexicon.Content(s.wording(q)), func(w string) bool { return value.NamesNumber(w) })
	var found []candidate
	for i := 0; i < len(all); i++ {
		c := &all[i]
		about := slices.ContainsFunc(lexicon.Words(c.text), func(w string) bool { return lexicon.Matches(w, own) })
		if !(about || lexicon.PhraseIn("isat", c.text)) || !namesStreet(c.text) {
			continue
		}
		parts := []string{s.beforeDenial(c.text)}
		for i+1 < len(all) && all[i+1].sentence == c.sentence && !all[i+1].inside {
			i++
			parts = append(parts, all[i].text)
		}
		v := strings.Join(parts, ", ")
		if c.unsure() || slices.ContainsFunc(lexicon.Words(parts[0]), clause.Denies) || len(strings.Fields(v)) > maxPlace {
			v = ""
		}
		found = append(found, candidate{value: v, strong: true, from: c})
	}
	s.settle(q, found, false)
}

// beforeDenial returns what stands in a clause before an "and" behind which something is denied.
func (s *sheet) beforeDenial(text string) string {
	fields := strings.Fields(text)
	for i := 1; i+1 < len(fields); i++ {
		if s.joins(fields[i]) && slices.ContainsFunc(lexicon.Words(strings.Join(fields[i+1:], " ")), clause.Denies) {
			return strings.Join(fields[:i], " ")
		}
	}
	return text
}

// maxPlace is how many words say where something is.
const maxPlace = 20

// namesStreet reports whether a text has the name of a street in it, or the number of a house.
func namesStreet(text string) bool {
	fields := strings.Fields(text)
	for i, f := range fields {
		w := lexicon.Plain(f)
		if lexicon.Has("streetword", w) {
			return true
		}
		for end, sure := range lexicon.Section("streetend") {
			if strings.HasSuffix(w, end) && len(w) > len(end)+2 && lexicon.Capital(strings.Trim(f, ".,;")) &&
				(sure > 0 || lexicon.HasDigit(lexicon.WordAt(fields, i+1))) {
				return true
			}
		}
	}
	return false
}
