package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tierdesk/tickets/answers/lexicon"
)

// Cells returns the cells of a line: of a row in the mail's HTML, or between tabs, bars or
// stretches of blanks; nil if it is no row.
func (p *Page) Cells(text string) []string {
	if text == "" || IsRuler(text) {
		return nil
	}
	if row, ok := p.rows[strings.Join(strings.Fields(text), " ")]; ok {
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

// IsRuler reports whether a line is drawn between the rows of a table.
func IsRuler(text string) bool { return ruler().MatchString(text) }

var (
	ruler = lexicon.Pattern(`^[\s|+:=_-]+$`)
	wide  = lexicon.Pattern(`\s{2,}`)
)

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

// maxTables is how much of a mail's HTML is searched for tables.
const maxTables = 256 << 10
