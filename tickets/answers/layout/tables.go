package layout

import (
	"tierdesk/tickets/answers/label"
	"tierdesk/tickets/answers/page"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/value"
)

// across finds answers in a table that is laid out across: its first row names the questions, each
// in a cell of its own, and the rows below hold what is answered. false if there is none.
func across(p *page.Page, lines []page.Line) bool {
	var rows [][]string
	for i := range lines {
		if cells := p.Cells(lines[i].Text); cells != nil && lines[i].Question < 0 {
			rows = append(rows, cells)
		} else if !lines[i].IsBlank() && !page.IsRuler(lines[i].Text) && len(rows) > 0 {
			break
		}
	}
	for len(rows) > 1 {
		if heads := heads(p.Sheet, rows[0]); heads != nil {
			return below(p.Sheet, heads, rows[1:])
		}
		if these := placesOf(p.Sheet, rows[0], rows[1]); these != nil {
			return below(p.Sheet, these, rows[1:])
		}
		rows = rows[1:]
	}
	return inColumns(p.Sheet, page.WithoutEnds(lines))
}

// placesOf returns the questions to which the cells of two rows belong by their order, if there are
// as many of them and most are named right: "Problem" may be a word of another question.
func placesOf(s *sheet.Sheet, labels, rests []string) []int {
	for _, these := range [][]int{s.Open, s.Needed()} {
		if len(these) < 3 || len(labels) != len(these) || len(rests) != len(these) {
			continue
		}
		right := 0
		for i, q := range these {
			if label.Titled(s, labels[i]) == q {
				right++
			}
		}
		if right > 2 && newRun(s, labels, rests).inOrder(these) {
			return these
		}
	}
	return nil
}

// below takes the cells of rows for answers to the questions that head them.
func below(s *sheet.Sheet, heads []int, rows [][]string) bool {
	found := false
	for _, row := range rows {
		if len(row) != len(heads) {
			continue
		}
		for i, q := range heads {
			if q >= 0 {
				s.Say(q, row[i], false)
			}
		}
		found = true
	}
	return found
}

// heads returns the questions that cells name, nil unless they are at least two, all different. The
// first cell may name none: it may stand above the names of rows.
func heads(s *sheet.Sheet, cells []string) []int {
	out := make([]int, len(cells))
	seen := map[int]bool{}
	for i, cell := range cells {
		q := label.Titled(s, cell)
		if out[i] = q; q < 0 && i == 0 {
			continue
		}
		if q < 0 || seen[q] {
			return nil
		}
		seen[q] = true
	}
	if len(seen) < min(3, len(s.Open)) || len(seen) < 2 {
		return nil
	}
	return out
}

// inColumns finds a table across whose cells stand each on a line of its own: as many names of
// questions as there are answers behind them.
func inColumns(s *sheet.Sheet, text []string) bool {
	var full []string
	for _, l := range text {
		if l != "" {
			full = append(full, l)
		}
	}
	n := len(full) / 2
	if n < 3 || len(full)%2 != 0 {
		return false
	}
	heads := heads(s, full[:n])
	if heads == nil || heads[0] < 0 {
		return false
	}
	for i, q := range heads {
		if _, how := value.Of(&s.Form.Questions[q], full[n+i], s.When); how == reading.Unclear || label.Titled(s, full[n+i]) >= 0 {
			return false
		}
	}
	return below(s, heads, [][]string{full[n:]})
}
