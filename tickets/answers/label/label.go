// Package label owns how a line, a run of lines or the beginning of a clause names the questions
// that it answers: by a number, by a question's words, by a part of them. It must never know
// whether lines stand in a table, a quote or a letter.
package label

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/value"
	"tierdesk/tickets/answers/yesno"
)

// Labelled returns the question that a label before a colon names, and what stands behind it.
func Labelled(s *sheet.Sheet, text string) (q int, rest string, ok bool) {
	label, rest, ok := Cut(text)
	if !ok || len(strings.Fields(label)) > 8 || len(lexicon.Plain(label)) < 2 {
		return 0, "", false
	}
	if q = Named(s, label); q < 0 {
		q = misspelt(s, label)
	}
	if q >= 0 && !IsSure(text) && slices.ContainsFunc(lexicon.Words(label), func(w string) bool {
		return lexicon.Has("stop", w) && !lexicon.Has("determiner", w) && !slices.Contains(s.LabelWords(q), w)
	}) {
		return 0, "", false // "I know ... but"
	}
	return q, rest, q >= 0
}

// Named returns the only question that a label names, -1 for none: by its field, or by words that
// stand in no other question.
func Named(s *sheet.Sheet, label string) int {
	label = strings.ReplaceAll(label, ".", "")
	p := lexicon.Plain(label)
	for i := range s.Form.Questions {
		if p == lexicon.Plain(strings.NewReplacer("_", " ", "-", " ", ".", " ").Replace(s.Form.Questions[i].Name)) {
			return i
		}
	}
	want := lexicon.Content(label)
	if len(want) == 0 {
		want = lexicon.Words(label) // "Since:"
	}
	for _, like := range []func(label, word string) bool{
		func(a, b string) bool { return a == b }, lexicon.Alike, lexicon.SameMeaning, lexicon.PartOf,
		func(a, b string) bool { return len(want) == 1 && lexicon.ShortFor(a, b) }} {
		found, n := -1, 0
		for i := range s.Form.Questions {
			if lexicon.EachMatches(want, s.LabelWords(i), like) {
				found = i
				n++
			}
		}
		if n == 1 {
			return found
		}
		if n > 1 {
			return -1
		}
	}
	return -1
}

// misspelt returns the only question that a label names with a slip of the fingers, -1 for none.
func misspelt(s *sheet.Sheet, label string) int {
	found := -1
	for i := range s.Form.Questions {
		if want := lexicon.Content(label); len(want) > 0 && lexicon.EachMatches(want, s.LabelWords(i), func(a, b string) bool {
			return a == b || len(b) > 4 && !lexicon.HasDigit(a+b) && lexicon.Slip(a, b, 1)
		}) {
			if found >= 0 {
				return -1
			}
			found = i
		}
	}
	return found
}

// Run returns the labels and answers of lines that all have a label, but for what stands below
// an empty line behind them.
func Run(lines []string) (labels, rests []string) {
	blank := false
	for _, l := range lines {
		if l == "" {
			blank = true
			continue
		}
		label, rest, ok := Cut(l)
		if !ok || rest == "" || len(strings.Fields(label)) > 5 {
			switch {
			case len(labels) == 0: // what leads to them
				continue
			case blank && len(labels) > 2, len(labels) > 3 && clause.Closes(l):
				return labels, rests
			}
			return nil, nil
		}
		blank = false
		labels, rests = append(labels, label), append(rests, rest)
	}
	return labels, rests
}

// Leading returns the question whose name stands at the beginning of a piece, without a colon,
// and what stands behind it, if that fits: "order number 4711", "unpacked yes".
func Leading(s *sheet.Sheet, piece string) (q int, rest string, ok bool) {
	ws := bareThing(strings.Fields(piece))
	for n := min(3, len(ws)-1); n > 0; n-- {
		label, rest := strings.Join(ws[:n], " "), strings.Trim(strings.Join(ws[n:], " "), " :")
		if len(lexicon.Content(label)) != n || slices.ContainsFunc(lexicon.Words(label), clause.Denies) {
			continue
		}
		q := Named(s, label)
		if q < 0 || !s.IsOpen(q) || !answers(s, q, rest) {
			continue
		}
		question := &s.Form.Questions[q]
		if question.Kind != tickets.AskText {
			return q, rest, true
		}
		if len(ws) == 2 && lexicon.HasDigit(rest) && question.Name != "" && namesThing(label) {
			rest = piece // "room 9"
		}
		if len(ws)-n <= 4 && !lexicon.Has("copula", lexicon.Plain(ws[n])) && IsNameLike(rest) {
			return q, rest, true
		}
	}
	return 0, "", false
}

// answers reports whether what stands behind the name of a question answers it, and is no name of
// another question in a row of them.
func answers(s *sheet.Sheet, q int, text string) bool {
	question := &s.Form.Questions[q]
	if _, how := value.Of(question, text, s.When); how != reading.Clear ||
		question.Kind == tickets.AskYesNo && yesno.Exactly(lexicon.Plain(text)) == "" {
		return false
	}
	return !slices.ContainsFunc(lexicon.Content(text), func(w string) bool { other := Named(s, w); return other >= 0 && other != q })
}

// namesThing reports whether a label before a number is a part of the thing's name: "room".
func namesThing(label string) bool {
	p := lexicon.Plain(label)
	return !lexicon.Has("identifier", p) && !strings.Contains(p, "num")
}

// bareThing takes the words off the front of a piece that only lead to a thing: "it's about the".
func bareThing(ws []string) []string {
	for n := min(5, len(ws)-2); n > 1; n-- {
		if lexicon.Has("itis", lexicon.Plain(strings.Join(ws[:n], " "))) {
			ws = ws[n:]
			break
		}
	}
	for len(ws) > 2 && lexicon.Has("determiner", lexicon.Plain(ws[0])) {
		ws = ws[1:]
	}
	return ws
}

// IsNameLike reports whether words are a name or a number, and no part of a sentence.
func IsNameLike(text string) bool {
	for _, w := range strings.Fields(text) {
		first := []rune(w)[0]
		if lexicon.Has("stop", lexicon.Plain(w)) || lexicon.IsLetter(first) && strings.ToUpper(string(first)) != string(first) {
			return false
		}
	}
	return true
}

// ListsLabels reports whether a text is a row of names of questions, such as the head of a table.
func ListsLabels(s *sheet.Sheet, text string) bool {
	if strings.ContainsAny(text, ".,;:!?0123456789") {
		return false
	}
	ws := lexicon.Words(text)
	named := map[int]bool{}
	hits := 0
	for _, w := range ws {
		if q := Named(s, w); q >= 0 && len(lexicon.Content(w)) > 0 {
			named[q] = true
			hits++
		}
	}
	return len(named) > 2 && hits*5 >= len(ws)*3
}
