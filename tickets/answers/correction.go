package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/choice"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/number"
	"tierdesk/tickets/answers/page"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/value"
	"tierdesk/tickets/answers/yesno"
)

// corrected sets aside the answers that a later paragraph of the mail corrects: "PS: I meant
// Berlin". Where nobody can see which, all of them.
func corrected(p *page.Page) {
	text, at := "", -1
	for i := range p.Lines {
		l := &p.Lines[i]
		near := 4
		if ws := lexicon.Words(l.Text); len(ws) > 0 && (ws[0] == "ps" || lexicon.Has("smalltalk", ws[0])) {
			near = 10
		}
		if l.New && lexicon.PhraseIn("correction", lexicon.FirstWords(l.Text, near)) && (i == 0 || p.Lines[i-1].IsBlank() || near > 4) {
			at = i
		}
		if at >= 0 && l.New && !l.IsBlank() {
			text += l.Text + "\n"
		}
	}
	if at < 0 || len(p.Said) == 0 {
		return
	}
	var hit []int
	for q := range p.Said {
		if speaksOf(p.Sheet, q, text) {
			hit = append(hit, q)
		}
	}
	if q, value := corrects(p.Sheet, text); q >= 0 {
		p.Said[q] = []sheet.Answer{{Text: value}}
		return
	}
	for q, said := range p.Said {
		for i := range said {
			said[i].Aside = said[i].Aside || len(hit) == 0 || slices.Contains(hit, q)
		}
	}
}

// corrects returns the question that a correction names by its number, and what it says to it; -1
// if it names none, or says nothing that can be its answer.
func corrects(s *sheet.Sheet, text string) (q int, said string) {
	before, after, ok := clause.Correction(strings.TrimSpace(text))
	if !ok {
		return -1, ""
	}
	q = -1
	for _, part := range []string{before, after} {
		ws := slices.DeleteFunc(lexicon.Words(part), func(w string) bool { return lexicon.Has("determiner", w) })
		for i := 0; i+1 < len(ws); i++ {
			n, leads := ws[i+1], lexicon.Has("pointer", ws[i]) || lexicon.Has("concerning", ws[i])
			if q < 0 && leads && len(n) < 3 && strings.Trim(n, "0123456789") == "" && s.HasNumber(n) {
				q = lexicon.Atoi(n) - 1
			}
		}
	}
	if q < 0 {
		return -1, ""
	}
	if strings.Contains(" "+lexicon.Plain(after)+" ", " "+lexicon.Itoa(q+1)+" ") { // "bei 3 vier": behind the number
		_, after, _ = strings.Cut(after, lexicon.Itoa(q+1))
	}
	if _, how := value.Of(&s.Form.Questions[q], after, s.When); how != reading.Clear || strings.Contains(after, "\n") {
		return -1, ""
	}
	return q, after
}

// speaksOf reports whether a text has something in it that could answer a question of a kind.
func speaksOf(s *sheet.Sheet, q int, text string) bool {
	question := &s.Form.Questions[q]
	switch question.Kind {
	case tickets.AskChoice:
		return choice.CountNamed(question, text) > 0
	case tickets.AskNumber:
		return number.Holds(text)
	case tickets.AskDate:
		return len(day.All(text, s.When.Context)) > 0
	case tickets.AskEmail:
		return strings.Contains(text, "@")
	case tickets.AskYesNo:
		return slices.ContainsFunc(s.Pieces(text), func(piece string) bool { return yesno.Exactly(lexicon.Plain(piece)) != "" })
	}
	return lexicon.Mentions(text, s.OwnWords(q)) > 0
}
