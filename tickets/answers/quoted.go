package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
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
		case others > 1 && known().phraseIn("whatkind", s.wording(q)):
			s.kindTold(q, all)
		case others > 0 && hasAny(words(s.wording(q)), "whereword"):
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
		if c.sentence > maxEarly || len(rest) == 0 || len(rest) > maxKind || hasAny(words(c.text), "opinion") {
			continue
		}
		v := strings.Join(rest, " ")
		if len(content(v)) == 0 || len(content(s.withoutDays(v))) == 0 {
			continue
		}
		if c.unsure() || slices.ContainsFunc(words(c.text), denies) {
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
	for len(ws) > 1 && known().has("opener", plain(ws[0])) {
		ws = ws[1:]
	}
	for n := min(5, len(ws)-1); n > 0; n-- {
		lead := plain(strings.Join(ws[:n], " "))
		if !known().has("itis", lead) {
			continue
		}
		rest, last := ws[n:], words(lead)
		first := plain(rest[0])
		_, counted := numberNamed(first)
		switch {
		case known().has("determiner", last[len(last)-1]), known().has("determiner", first), known().has("mine", first), counted,
			capital(rest[0]) && !known().has("stop", first):
			return rest
		}
		return nil
	}
	return nil
}

// withoutDays returns a text without its days.
func (s *sheet) withoutDays(text string) string {
	low := []byte(spaced(text))
	for _, d := range dates(text, s.when) {
		for i := d.from; i < d.to && i < len(low); i++ {
			low[i] = ' '
		}
	}
	return string(low)
}

// placeTold takes the clauses of the only sentence that says where something is: one with words of
// the question, or that begins with those for being somewhere, and with a street.
func (s *sheet) placeTold(q int, all []statement) {
	own := slices.DeleteFunc(content(s.wording(q)), func(w string) bool { return namesNumber(w) })
	var found []candidate
	for i := 0; i < len(all); i++ {
		c := &all[i]
		about := slices.ContainsFunc(words(c.text), func(w string) bool { return likes(w, own) })
		if !(about || known().phraseIn("isat", c.text)) || !namesStreet(c.text) {
			continue
		}
		parts := []string{s.beforeDenial(c.text)}
		for i+1 < len(all) && all[i+1].sentence == c.sentence && !all[i+1].inside {
			i++
			parts = append(parts, all[i].text)
		}
		v := strings.Join(parts, ", ")
		if c.unsure() || slices.ContainsFunc(words(parts[0]), denies) || len(strings.Fields(v)) > maxPlace {
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
		if s.joins(fields[i]) && slices.ContainsFunc(words(strings.Join(fields[i+1:], " ")), denies) {
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
		w := plain(f)
		if known().has("streetword", w) {
			return true
		}
		for end, sure := range known()["streetend"] {
			if strings.HasSuffix(w, end) && len(w) > len(end)+2 && capital(strings.Trim(f, ".,;")) &&
				(sure > 0 || hasDigit(wordAt(fields, i+1))) {
				return true
			}
		}
	}
	return false
}
