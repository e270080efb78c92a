package answers

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/value"
)

// across finds answers in a table that is laid out across: its first row names the questions, each
// in a cell of its own, and the rows below hold what is answered. false if there is none.
func (s *sheet) across(lines []line) bool {
	var rows [][]string
	for i := range lines {
		if cells := s.cells(lines[i].text); cells != nil && lines[i].quest < 0 {
			rows = append(rows, cells)
		} else if !lines[i].blank() && !ruler().MatchString(lines[i].text) && len(rows) > 0 {
			break
		}
	}
	for len(rows) > 1 {
		if heads := s.heads(rows[0]); heads != nil {
			return s.below(heads, rows[1:])
		}
		if these := s.placesOf(rows[0], rows[1]); these != nil {
			return s.below(these, rows[1:])
		}
		rows = rows[1:]
	}
	return s.inColumns(withoutEnds(lines))
}

// placesOf returns the questions to which the cells of two rows belong by their order, if there are
// as many of them and most are named right: "Problem" may be a word of another question.
func (s *sheet) placesOf(labels, rests []string) []int {
	for _, these := range [][]int{s.open, s.needed()} {
		if len(these) < 3 || len(labels) != len(these) || len(rests) != len(these) {
			continue
		}
		right := 0
		for i, q := range these {
			if s.titled(labels[i]) == q {
				right++
			}
		}
		if right > 2 && s.inPlace(these, labels, rests) {
			return these
		}
	}
	return nil
}

// below takes the cells of rows for answers to the questions that head them.
func (s *sheet) below(heads []int, rows [][]string) bool {
	found := false
	for _, row := range rows {
		if len(row) != len(heads) {
			continue
		}
		for i, q := range heads {
			if q >= 0 {
				s.say(q, row[i], false)
			}
		}
		found = true
	}
	return found
}

// heads returns the questions that cells name, nil unless they are at least two, all different. The
// first cell may name none: it may stand above the names of rows.
func (s *sheet) heads(cells []string) []int {
	out := make([]int, len(cells))
	seen := map[int]bool{}
	for i, cell := range cells {
		q := s.titled(cell)
		if out[i] = q; q < 0 && i == 0 {
			continue
		}
		if q < 0 || seen[q] {
			return nil
		}
		seen[q] = true
	}
	if len(seen) < min(3, len(s.open)) || len(seen) < 2 {
		return nil
	}
	return out
}

// titled returns the question that a cell names or asks, -1 for none.
func (s *sheet) titled(cell string) int {
	for q := range s.form.Questions {
		if score, rest, _ := asks(&s.form.Questions[q], q+1, cell); score > 0 && rest == "" {
			return q
		}
	}
	if len(lexicon.Words(cell)) > 5 {
		return -1
	}
	return s.named(strings.Trim(cell, ":?* "))
}

// inColumns finds a table across whose cells stand each on a line of its own: as many names of
// questions as there are answers behind them.
func (s *sheet) inColumns(text []string) bool {
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
	heads := s.heads(full[:n])
	if heads == nil || heads[0] < 0 {
		return false
	}
	for i, q := range heads {
		if _, how := value.Of(&s.form.Questions[q], full[n+i], s.when); how == reading.Unclear || s.titled(full[n+i]) >= 0 {
			return false
		}
	}
	return s.below(heads, [][]string{full[n:]})
}

var (
	ruler = lexicon.Pattern(`^[\s|+:=_-]+$`)
	wide  = lexicon.Pattern(`\s{2,}`)
)

// cells returns the cells of a line: of a row in the mail's HTML, or between tabs, bars or
// stretches of blanks; nil if it is no row.
func (s *sheet) cells(text string) []string {
	if text == "" || ruler().MatchString(text) {
		return nil
	}
	if row, ok := s.rows[strings.Join(strings.Fields(text), " ")]; ok {
		return row
	}
	var parts []string
	switch {
	case strings.Contains(text, "\t"):
		parts = strings.Split(text, "\t")
	case strings.Contains(text, "|"):
		parts = strings.Split(strings.Trim(text, "| "), "|")
	default:
		parts = wide().Split(text, -1)
	}
	if len(parts) < 2 {
		return nil
	}
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// maxTables is how much of a mail's HTML is searched for tables.
const maxTables = 256 << 10

// rowsOf returns the rows of a document's tables that have at least two cells, by their text.
func rowsOf(doc string) map[string][]string {
	out := map[string][]string{}
	z := html.NewTokenizer(strings.NewReader(doc[:min(len(doc), maxTables)]))
	var row []string
	open := false
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out
		}
		if kind == html.TextToken {
			if n := len(row); open && n > 0 {
				row[n-1] += string(z.Text())
			}
			continue
		}
		name, _ := z.TagName()
		switch tag := atom.Lookup(name); {
		case tag == atom.Tr || tag == atom.Table:
			for i := range row {
				row[i] = strings.Join(strings.Fields(row[i]), " ")
			}
			if len(row) > 1 {
				out[strings.Join(strings.Fields(strings.Join(row, " ")), " ")] = row
			}
			row, open = nil, kind == html.StartTagToken
		case tag == atom.Td || tag == atom.Th:
			if kind == html.StartTagToken && open {
				row = append(row, "")
			}
		case len(row) > 0: // blocks within a cell
			row[len(row)-1] += " "
		}
	}
}
