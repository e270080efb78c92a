package templates

import (
	"bufio"
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// document is Markdown taken apart: HTML and text as rows of pieces, some of them holes for values.
type document struct {
	html    []piece
	text    []paragraph
	refused []refusal
}

// refusal is something in the Markdown that no mail may have; it was left out.
type refusal struct{ snippet, text, hint string }

// piece is words of the template or, if hole is not negative, a place for a value.
type piece struct {
	words string
	hole  int
	kind  kind
	mode  mode
}

// mode is what kind of place a hole is.
type mode byte

const (
	inText   mode = iota // within a line
	alone                // a paragraph of its own
	linkOpen             // a link's destination: if the value is none, there is no link
	linkShut
	inLink // a part of a destination
)

// paragraph is a piece of the text alternative: lines under one prefix.
type paragraph struct {
	first, rest string // what stands before the first line and before the others
	gap         bool   // an empty line above
	literal     bool   // lines stay as they are
	frame       bool   // a rule above and below
	pieces      []piece
	rows        [][][]piece // of a table: instead of pieces
}

func newMarkdown() parser.Parser {
	return goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough)).Parser()
}

// compile takes Markdown with marks apart.
func compile(p parser.Parser, source []byte) *document {
	c := &compiler{source: source, tight: true}
	c.blocks(p.Parse(text.NewReader(source)))
	if c.footer {
		c.html.words("</div>")
	}
	return &document{html: c.html.pieces, text: c.text, refused: c.refused}
}

type compiler struct {
	source  []byte
	html    pieces
	text    []paragraph
	refused []refusal
	footer  bool // below the first thematic break

	first, rest string // prefixes of the next line of text
	tight       bool   // no empty line above the next paragraph
	packed      bool   // within a tight list
}

// pieces grows a row of pieces, words joined.
type pieces struct{ pieces []piece }

func (p *pieces) words(s string) {
	if s == "" {
		return
	}
	if n := len(p.pieces); n > 0 && p.pieces[n-1].hole < 0 {
		p.pieces[n-1].words += s
		return
	}
	p.pieces = append(p.pieces, piece{words: s, hole: -1})
}

func (p *pieces) hole(m mark, mode mode) {
	p.pieces = append(p.pieces, piece{hole: m.index, kind: m.kind, mode: mode})
}

// mark is the place of a value in a text.
type mark struct {
	index int
	kind  kind
}

var markForm = regexp.MustCompile(holeStart + `([a-z])([0-9]{4})x`)

// split cuts a text at its marks.
func split(s string, words func(string), hole func(mark)) {
	at := 0
	for _, m := range markForm.FindAllStringSubmatchIndex(s, -1) {
		if m[0] > at {
			words(s[at:m[0]])
		}
		n, _ := strconv.Atoi(s[m[4]:m[5]]) // digits by the expression
		hole(mark{n, kind(s[m[2]])})
		at = m[1]
	}
	if at < len(s) {
		words(s[at:])
	}
}

func (c *compiler) refuse(snippet, hint, format string, args ...any) {
	c.refused = append(c.refused, refusal{snippet, fmt.Sprintf(format, args...), hint})
}

func (c *compiler) blocks(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if m, ok := c.lone(n); ok && m.kind == kindMarker {
			if h, ok := n.NextSibling().(*ast.Heading); ok && h.Level == 1 {
				c.headline(h, m)
				n = h
				continue
			}
		}
		c.block(n)
	}
}

// headline writes the marker and the headline below it as one line, which says first what happened:
// it is what mail clients show of a mail in their lists. As one line, because all of it is cut off
// a reply together.
func (c *compiler) headline(n *ast.Heading, m mark) {
	c.html.words(`<h2 style="` + headingStyle[0] + `">`)
	t := pieces{}
	t.words("## ")
	c.inlineInto(n, &t)
	c.html.words(` <span class="m" style="` + asideStyle + `">· `)
	c.html.hole(m, inText)
	t.words(" · ")
	t.hole(m, inText)
	c.html.words("</span></h2>\n")
	c.add(paragraph{literal: true, pieces: t.pieces})
	c.tight = false
}

func (c *compiler) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		c.paragraph(n)
	case *ast.Heading:
		c.html.words(`<h2 style="` + headingStyle[min(n.Level, 3)-1] + `">`)
		c.addText(c.inline(n))
		c.html.words("</h2>\n")
		c.tight = n.Level > 1
	case *ast.List:
		c.list(n)
	case *ast.Blockquote:
		c.html.words(quoteOpen)
		c.under("> ", "> ", func() { c.blocks(n) })
		c.html.words(quoteShut)
	case *ast.CodeBlock:
		c.code(n)
	case *ast.FencedCodeBlock:
		c.code(n)
	case *ast.ThematicBreak:
		if !c.footer {
			c.html.words(footerOpen)
			c.footer = true
		}
		var t pieces
		t.words("-- ") // what stands below it is a signature to mail clients (RFC 3676 section 4.3)
		c.text = append(c.text, paragraph{gap: true, literal: true, pieces: t.pieces})
		c.tight = true
	case *ast.HTMLBlock:
		raw := string(n.Lines().Value(c.source))
		c.refuse(strings.TrimSpace(firstLine(raw)), "use Markdown; a comment is {{/* ... */}}", "HTML is not for mails: %.40q",
			strings.TrimSpace(raw))
	case *east.Table:
		c.table(n)
	default:
		c.blocks(n)
	}
}

func (c *compiler) paragraph(n ast.Node) {
	if m, ok := c.lone(n); ok {
		c.html.hole(m, alone)
		var t pieces
		t.hole(m, alone)
		p := paragraph{literal: m.kind != kindText && m.kind != kindLink, pieces: t.pieces}
		switch m.kind {
		case kindBlock: // framed, so that nobody takes somebody's words for the desk's
			p.frame, c.tight = true, false
		case kindQuoted:
			c.tight = false
			c.under("> ", "> ", func() { c.add(p) })
			return
		}
		c.add(p)
		return
	}
	if _, packed := n.(*ast.TextBlock); packed {
		c.addText(c.inline(n))
		return
	}
	c.html.words(`<p style="` + paragraphStyle + `">`)
	c.addText(c.inline(n))
	c.html.words("</p>\n")
}

// lone reports whether a paragraph is nothing but one value.
func (c *compiler) lone(n ast.Node) (m mark, ok bool) {
	switch n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
	default:
		return mark{}, false
	}
	t, isText := n.FirstChild().(*ast.Text)
	if !isText || n.ChildCount() != 1 {
		return mark{}, false
	}
	s := strings.TrimSpace(string(t.Segment.Value(c.source)))
	if len(s) != holeLen || !markForm.MatchString(s) {
		return mark{}, false
	}
	split(s, func(string) {}, func(found mark) { m = found })
	if _, packed := n.(*ast.TextBlock); packed && (m.kind == kindText || m.kind == kindLink) {
		return mark{}, false // an item of a list
	}
	return m, true
}

func (c *compiler) addText(p pieces) { c.add(paragraph{pieces: p.pieces}) }

func (c *compiler) add(p paragraph) {
	p.first, p.rest, p.gap = c.first, c.rest, !c.tight
	c.text = append(c.text, p)
	c.first, c.tight = c.rest, c.packed
}

// under writes what do writes below other prefixes.
func (c *compiler) under(first, rest string, do func()) {
	oldRest := c.rest
	c.first, c.rest = c.first+first, c.rest+rest
	do()
	c.first, c.rest = oldRest, oldRest
}

func (c *compiler) list(n *ast.List) {
	tag := "ul"
	if n.IsOrdered() {
		tag = "ol"
	}
	c.html.words("<" + tag + ` style="` + listStyle + `"`)
	if n.IsOrdered() && n.Start > 1 {
		c.html.words(` start="` + strconv.Itoa(n.Start) + `"`)
	}
	c.html.words(">\n")
	wasPacked := c.packed
	number := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		sign := "- "
		if n.IsOrdered() {
			sign = strconv.Itoa(number) + ". "
			number++
		}
		c.html.words(`<li style="margin:0 0 4px">`)
		c.under(sign, strings.Repeat(" ", len(sign)), func() {
			for b := item.FirstChild(); b != nil; b = b.NextSibling() {
				c.block(b)
				c.packed = n.IsTight
				c.tight = n.IsTight
			}
		})
		c.html.words("</li>\n")
	}
	c.packed, c.tight = wasPacked, wasPacked
	c.html.words("</" + tag + ">\n")
}

func (c *compiler) code(n ast.Node) {
	var t pieces
	raw := strings.TrimRight(string(n.Lines().Value(c.source)), "\n")
	c.html.words(`<pre style="` + codeStyle + `">`)
	split(raw, func(s string) { c.html.words(html.EscapeString(s)); t.words(s) },
		func(m mark) { c.html.hole(m, inText); t.hole(m, inText) })
	c.html.words("</pre>\n")
	c.under("    ", "    ", func() { c.add(paragraph{literal: true, pieces: t.pieces}) })
}

func (c *compiler) table(n *east.Table) {
	var rows [][][]piece
	c.html.words(tableOpen)
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		_, head := row.(*east.TableHeader)
		if head && empty(row) {
			continue // a table of facts: labels on the left
		}
		var cells [][]piece
		c.html.words("<tr>")
		first := true
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			switch {
			case head:
				c.html.words(`<th align="left" style="` + headCellStyle + `">`)
			case first:
				c.html.words(`<td class="m" valign="top" style="` + labelCellStyle + `">`)
			default:
				c.html.words(`<td valign="top" style="` + cellStyle + `">`)
			}
			cells = append(cells, c.inline(cell).pieces)
			if head {
				c.html.words("</th>")
			} else {
				c.html.words("</td>")
			}
			first = false
		}
		c.html.words("</tr>\n")
		rows = append(rows, cells)
	}
	c.html.words(tableShut)
	c.add(paragraph{rows: rows})
}

// empty reports whether a row has only empty cells.
func empty(row ast.Node) bool {
	for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
		if cell.HasChildren() {
			return false
		}
	}
	return true
}

// inline writes the HTML of a block's words and returns their text.
func (c *compiler) inline(parent ast.Node) pieces {
	var t pieces
	c.inlineInto(parent, &t)
	return t
}

func (c *compiler) inlineInto(parent ast.Node, t *pieces) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			c.writeWords(plain(n.Segment.Value(c.source)), t)
			if n.HardLineBreak() {
				c.html.words("<br>\n")
				t.words("\n")
			} else if n.SoftLineBreak() {
				c.html.words("\n")
				t.words(" ")
			}
		case *ast.String:
			c.writeWords(plain(n.Value), t)
		case *ast.CodeSpan:
			c.html.words(`<code style="` + codeSpanStyle + `">`)
			for k := n.FirstChild(); k != nil; k = k.NextSibling() {
				if s, ok := k.(*ast.Text); ok {
					c.writeWords(string(s.Segment.Value(c.source)), t)
				}
			}
			c.html.words("</code>")
		case *ast.Emphasis:
			tag := "em"
			if n.Level > 1 {
				tag = "strong"
			}
			c.html.words("<" + tag + ">")
			c.inlineInto(n, t)
			c.html.words("</" + tag + ">")
		case *east.Strikethrough:
			c.html.words("<s>")
			c.inlineInto(n, t)
			c.html.words("</s>")
		case *ast.Link:
			c.link(n, t)
		case *ast.AutoLink:
			url := string(n.URL(c.source))
			if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(url), "mailto:") {
				url = "mailto:" + url
			}
			c.html.words(`<a href="` + html.EscapeString(url) + `">`)
			c.writeWords(string(n.Label(c.source)), t)
			c.html.words("</a>")
		case *ast.Image:
			c.refuse(string(n.Destination), "say it in words", "a mail has no pictures from elsewhere: %q", n.Destination)
		case *ast.RawHTML:
			raw := string(n.Segments.Value(c.source))
			c.refuse(raw, "use Markdown; a link is [words](https://...) or <https://...>", "HTML is not for mails: %.40q", raw)
		default:
			c.inlineInto(n, t)
		}
	}
}

func (c *compiler) writeWords(s string, t *pieces) {
	split(s, func(s string) { c.html.words(html.EscapeString(s)); t.words(s) },
		func(m mark) { c.html.hole(m, inText); t.hole(m, inText) })
}

// link writes a link. Its destination is the template's own, perhaps with values as parts of a path
// or query, or one value of type Link.
func (c *compiler) link(n *ast.Link, t *pieces) {
	dest := string(util.URLEscape(n.Destination, true))
	if m := markForm.FindStringSubmatch(dest); m != nil && m[0] == dest {
		split(dest, func(string) {}, func(m mark) {
			if m.kind != kindLink {
				c.refuse("](", "only facts that are links can be a destination", "a text from outside cannot be the destination of a link")
				c.inlineInto(n, t)
				return
			}
			c.html.hole(m, linkOpen)
			c.inlineInto(n, t)
			c.html.hole(m, linkShut)
			t.hole(m, linkShut)
		})
		return
	}
	if !safeDestination(dest) {
		c.refuse(dest, "begin it with https://, http:// or mailto:", "a link cannot lead to %q", dest)
		c.inlineInto(n, t)
		return
	}
	c.html.words(`<a href="`)
	split(dest, func(s string) { c.html.words(html.EscapeString(s)) }, func(m mark) { c.html.hole(m, inLink) })
	c.html.words(`">`)
	c.inlineInto(n, t)
	c.html.words("</a>")
	t.words(" <")
	split(dest, t.words, func(m mark) { t.hole(m, inLink) })
	t.words(">")
}

// safeDestination reports whether the template itself says where a link leads: values may only
// stand behind the host.
func safeDestination(dest string) bool {
	if !allowedScheme(dest) {
		return false
	}
	_, rest, isWeb := strings.Cut(dest, "://")
	if !isWeb {
		return true // mailto
	}
	host, _, _ := strings.Cut(rest, "/")
	return host != "" && !strings.Contains(host, holeStart)
}

// plain resolves Markdown's escapes and entities.
func plain(segment []byte) string {
	if bytes.IndexByte(segment, '\\') < 0 && bytes.IndexByte(segment, '&') < 0 {
		return string(segment)
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	gmhtml.DefaultWriter.Write(w, segment)
	_ = w.Flush() // into memory
	return html.UnescapeString(b.String())
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}
