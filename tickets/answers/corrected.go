package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
)

// corrected sets aside the answers that a later paragraph of the mail corrects: "PS: I meant
// Berlin". Where nobody can see which, all of them.
func (s *sheet) corrected() {
	text, at := "", -1
	for i := range s.lines {
		l := &s.lines[i]
		if l.fresh && known().phraseIn("correction", firstWords(l.text, 4)) && (i == 0 || s.lines[i-1].blank()) {
			at = i
		}
		if at >= 0 && l.fresh && !l.blank() {
			text += l.text + "\n"
		}
	}
	if at < 0 || len(s.said) == 0 {
		return
	}
	var hit []int
	for q := range s.said {
		if s.speaksOf(q, text) {
			hit = append(hit, q)
		}
	}
	for q, said := range s.said {
		for i := range said {
			said[i].aside = said[i].aside || len(hit) == 0 || slices.Contains(hit, q)
		}
	}
}

// speaksOf reports whether a text has something in it that could answer a question of a kind.
func (s *sheet) speaksOf(q int, text string) bool {
	question := &s.form.Questions[q]
	switch question.Kind {
	case tickets.AskChoice:
		return names(question, text) > 0
	case tickets.AskNumber:
		return holdsNumber(text)
	case tickets.AskDate:
		return len(dates(text, s.when)) > 0
	case tickets.AskEmail:
		return strings.Contains(text, "@")
	case tickets.AskYesNo:
		return slices.ContainsFunc(s.pieces(text), func(piece string) bool { return wholly(plain(piece)) != "" })
	}
	return mentions(text, s.own(q)) > 0
}
