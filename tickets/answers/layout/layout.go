// Package layout owns where in a mail answers stand: below and beside questions, behind numbers and
// labels, in tables, one a line in their order. It must never know sentences: what is left as a
// text of those goes to whoever called it.
package layout

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/label"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/page"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/yesno"
)

// Find finds what was written as the answer to each question, the surest way first: beside
// or below a question that is quoted, behind a number or a label, then by place alone. prose looks
// for answers in a text of sentences, where nothing else has found any.
func Find(p *page.Page, prose func(text string)) {
	besideQuoted(p)
	blocks := blocksOf(p)
	interleaved, under := interleaved(p, blocks), 0
	for i := range blocks {
		if blocks[i].under >= 0 {
			under++
		}
	}
	for i := range blocks {
		b := &blocks[i]
		switch {
		case b.under >= 0 && interleaved && listWithin(b, blocks):
			p.Say(b.under, strings.Join(page.WithoutEnds(b.lines), "\n"), false)
		case anchored(p, b.lines):
		case b.under >= 0 && interleaved:
			text := ownPart(p.Sheet, b.under, strings.Join(page.WithoutEnds(b.lines), "\n"))
			p.Say(b.under, text, false)
			if under == 1 { // one question is quoted, and what stands below it may answer others, too
				prose(clause.Unwrap(strings.Split(text, "\n")))
			}
		default:
			loose(p, b.lines, prose)
		}
	}
}

// block is a stretch of new lines.
type block struct {
	lines []page.Line
	under int // the question that is quoted right above it, -1 for none
}

// blocksOf returns the stretches of what is new.
func blocksOf(p *page.Page) []block {
	var out []block
	above, open := -1, false
	for i := range p.Lines {
		l := p.Lines[i]
		if !l.New {
			switch {
			case l.Question >= 0:
				above, open = l.Question, false
			case l.IsBlank():
				if open {
					out[len(out)-1].lines = append(out[len(out)-1].lines, l)
				}
			case above >= 0 && hintLine(&p.Form.Questions[above], l.Text):
			default:
				above, open = -1, false
			}
			continue
		}
		if !open {
			out = append(out, block{under: above})
			open = true
		}
		b := &out[len(out)-1]
		b.lines = append(b.lines, l)
	}
	return slices.DeleteFunc(out, func(b block) bool { return len(page.WithoutEnds(b.lines)) == 0 })
}

// interleaved reports whether the blocks are answers below the questions that each stands under,
// and not one answer to all below the whole quote.
func interleaved(p *page.Page, blocks []block) bool {
	under, last := 0, -1
	for _, b := range blocks {
		if b.under >= 0 {
			under++
			last = b.under
		}
	}
	switch {
	case under != 1:
		return under > 1
	case len(p.Open) == 1 && p.IsOpen(last):
		return true
	}
	return quotedNeighbours(p, last) == 0 || last != lastQuoted(p)
}

// quotedNeighbours counts the other questions that are quoted.
func quotedNeighbours(p *page.Page, q int) int {
	n := 0
	for i := range p.Lines {
		if l := &p.Lines[i]; l.Head && !l.New && l.Question != q {
			n++
		}
	}
	return n
}

func lastQuoted(p *page.Page) int {
	last := -1
	for i := range p.Lines {
		if l := &p.Lines[i]; l.Head && !l.New {
			last = l.Question
		}
	}
	return last
}

// hintLine reports whether a line is what is left of a question's hint: "or phone)".
func hintLine(q *tickets.Question, text string) bool {
	return strings.HasSuffix(text, ")") && !strings.Contains(text, "(") || strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")")
}

// listWithin reports whether the numbers in a block below a question count something of its own:
// they are those of questions that have answers below them.
func listWithin(b *block, blocks []block) bool {
	n := 0
	for i := range b.lines {
		digits, _, ok := label.Number(b.lines[i].Text)
		if !ok {
			continue
		}
		if !slices.ContainsFunc(blocks, func(o block) bool { return o.under == lexicon.Atoi(digits)-1 }) {
			return false
		}
		if lexicon.Atoi(digits)-1 != b.under {
			n++
		}
	}
	return n > 1
}

// ownPart returns what of the text below a question answers it: its first clause, if each of the
// others says which question it answers, to which nothing else was said. Those are taken, too.
func ownPart(s *sheet.Sheet, under int, text string) string {
	pieces := s.Pieces(text)
	if len(pieces) < 2 || strings.Contains(text, "\n") {
		return text
	}
	var others []chunk
	for _, piece := range pieces[1:] {
		q, rest, ok := label.Leading(s, piece)
		if !ok {
			q, rest, ok = yesTo(s, piece)
		}
		kind := s.Form.Questions[q].Kind
		if !ok || q == under || kind == tickets.AskNumber || kind == tickets.AskText || len(s.Said[q]) > 0 {
			return text
		}
		others = append(others, chunk{q, []string{rest}})
	}
	for _, c := range others {
		s.Say(c.quest, c.lines[0], true)
	}
	return pieces[0]
}

// yesTo returns the question to which a piece says yes or no by its name: "yes to the phone".
func yesTo(s *sheet.Sheet, piece string) (q int, said string, ok bool) {
	ws := lexicon.Words(piece)
	if len(ws) > 0 && lexicon.Has("but", ws[0]) {
		ws = ws[1:]
	}
	if len(ws) < 3 || len(ws) > 5 || yesno.Exactly(ws[0]) == "" || !lexicon.Has("concerning", ws[1]) {
		return 0, "", false
	}
	found := -1
	for i := range s.Form.Questions {
		if s.Form.Questions[i].Kind != tickets.AskYesNo || lexicon.Mentions(strings.Join(ws[2:], " "), s.OwnWords(i)) == 0 {
			continue
		}
		if found >= 0 {
			return 0, "", false
		}
		found = i
	}
	return max(found, 0), yesno.Exactly(ws[0]), found >= 0
}
