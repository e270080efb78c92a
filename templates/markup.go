package templates

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Markup is a fragment of HTML that has been cleaned: elements, links and pictures of the mail, no
// styles. It is the only fact that is not shown literally.
type Markup struct{ html string }

// Cleaned returns as Markup what package markup has cleaned.
func Cleaned(fragment string) Markup { return Markup{fragment} }

const (
	gridCellStyle = "border:1px solid #b8bcc2;padding:4px 8px;text-align:left;vertical-align:top;font-size:14px;line-height:1.45;" +
		"word-break:normal;overflow-wrap:break-word" // else a narrow screen would break short words
	ruleStyle    = "border:none;border-top:1px solid #c9ccd1;margin:14px 0"
	pictureStyle = "max-width:100%;height:auto"
)

// markupStyle are the styles of elements, as the desk's own have them.
var markupStyle = map[atom.Atom]string{
	atom.P: paragraphStyle, atom.Ul: listStyle, atom.Ol: listStyle, atom.Li: "margin:0 0 4px",
	atom.Pre: codeStyle, atom.Code: codeSpanStyle, atom.Kbd: codeSpanStyle,
	atom.Table: "border-collapse:collapse;margin:0 0 14px", atom.Td: gridCellStyle, atom.Th: gridCellStyle,
	atom.Hr: ruleStyle, atom.Img: pictureStyle,
	atom.H1: headingStyle[0], atom.H2: headingStyle[1], atom.H3: headingStyle[2],
	atom.H4: headingStyle[2], atom.H5: headingStyle[2], atom.H6: headingStyle[2],
	atom.Blockquote: "margin:0 0 14px;border-left:3px solid #b8bcc2;" + blockStyle,
}

// markupHTML shows an agent's words as they formatted them, in the desk's styles.
func markupHTML(b *strings.Builder, m Markup) {
	nodes, err := html.ParseFragment(strings.NewReader(m.html), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return // it was made by the same parser
	}
	b.WriteString(`<div style="margin:0 0 14px">`)
	tables := grids{}
	for _, n := range nodes {
		tables.style(n)
		html.Render(b, n) // a strings.Builder takes everything
	}
	b.WriteString("</div>\n")
}

// grids holds of the tables that were looked at whether they are shown as one: asked once a table,
// since one that was pasted from a spreadsheet has ten thousands of cells.
type grids map[*html.Node]bool

// style puts the styles into a tree. A table that only holds something in its place has no lines.
func (g grids) style(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		g.style(c)
	}
	s := markupStyle[n.DataAtom]
	if (n.DataAtom == atom.Td || n.DataAtom == atom.Th) && !g.inGrid(n) {
		s = "padding:0"
	}
	if s == "" {
		return
	}
	for _, a := range n.Attr {
		if a.Key == "align" {
			s += ";text-align:" + strings.ToLower(a.Val)
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: "style", Val: s})
}

// inGrid reports whether a cell is one of several, and none of them holds a table.
func (g grids) inGrid(cell *html.Node) bool {
	table := cell
	for table != nil && table.DataAtom != atom.Table {
		table = table.Parent
	}
	if table == nil {
		return false
	}
	is, known := g[table]
	if !known {
		is = isGrid(table)
		g[table] = is
	}
	return is
}

func isGrid(table *html.Node) bool {
	cells := 0
	for c := range table.Descendants() {
		switch c.DataAtom {
		case atom.Td, atom.Th:
			cells++
		case atom.Table:
			return false
		}
	}
	return cells > 1
}
