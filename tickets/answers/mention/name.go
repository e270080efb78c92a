package mention

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
)

// Person is a name in a clause.
type Person struct {
	Name  string
	Lead  []string // words before it
	Whole bool     // nothing else stands in the clause
}

// Persons returns the names of people in a clause: two or three words with capitals that are
// nothing else.
func Persons(s *sheet.Sheet, c *statement.Statement) []Person {
	fields := strings.Fields(c.Text)
	var out []Person
	for i := 0; i < len(fields); {
		n := 0
		for i+n < len(fields) && n < 4 && (ofName(s, fields[i+n]) || n > 0 && i+n+1 < len(fields) &&
			lexicon.HasAny(lexicon.Words(fields[i+n]), "ofname") && ofName(s, fields[i+n+1])) {
			n++
			if strings.HasSuffix(fields[i+n-1], "'s") || strings.HasSuffix(fields[i+n-1], "’s") {
				break
			}
		}
		if n < 2 {
			i += max(1, n)
			continue
		}
		name := strings.Join(fields[i:i+n], " ")
		lead := lexicon.Words(strings.Join(fields[max(0, i-4):i], " "))
		if !(len(lead) > 0 && lexicon.Has("title", lead[len(lead)-1])) {
			out = append(out, Person{strings.TrimSuffix(strings.TrimSuffix(name, "'s"), "’s"), lead, n == len(fields)})
		}
		i += n
	}
	return out
}

// Child returns the name that stands behind a word for a child of somebody: "my son Tim", "mia
// figlia si chiama Sara"; "" if there is none, or more than one.
func Child(s *sheet.Sheet, c *statement.Statement) string {
	fields, found := strings.Fields(c.Text), ""
	for i := range fields {
		if !lexicon.Has("child", lexicon.Plain(fields[i])) {
			continue
		}
		from := i + 1
		for from < len(fields) && from < i+3 && (lexicon.Has("calls", lexicon.Plain(fields[from])) ||
			lexicon.OneOf([]string{lexicon.Plain(fields[from])}, "se", "si", "is")) {
			from++
		}
		end := from
		for end < len(fields) && end < from+3 && ofName(s, strings.Trim(fields[end], ".,;:!")) {
			end++
		}
		if end == from {
			continue
		}
		if found != "" {
			return ""
		}
		found = strings.Trim(strings.Join(fields[from:end], " "), ".,;:!")
	}
	return found
}

// ofName reports whether a word can be a part of a name.
func ofName(s *sheet.Sheet, w string) bool {
	bare := strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "’s")
	p := lexicon.Plain(bare)
	if !lexicon.Capital(bare) || len([]rune(bare)) < 2 {
		return false
	}
	for _, section := range []string{"greeting", "closing", "weekday", "month", "stop", "title", "someone", "calls", "smalltalk", "day"} {
		if lexicon.Has(section, p) {
			return false
		}
	}
	for i := range s.Form.Questions {
		chosen := func(c tickets.Choice) bool { return lexicon.Plain(c.Value) == p }
		if lexicon.Mentions(p, lexicon.Content(s.Wording(i))) > 0 || slices.ContainsFunc(s.Form.Questions[i].Choices, chosen) {
			return false
		}
	}
	return true
}

// HasStreet reports whether a text has the name of a street in it, or the number of a house.
func HasStreet(text string) bool {
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
