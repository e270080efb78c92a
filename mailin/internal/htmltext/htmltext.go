// Package htmltext turns the HTML of a mail into readable text. It owns how elements look as text,
// and nothing else: it must never know what is quoted or signed (package quote decides that on the
// same tree). It fetches nothing.
package htmltext

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Text returns the readable text of an HTML document. It never fails.
func Text(doc string) string {
	if s, ok := fromTags(doc); ok && strings.TrimSpace(s) != "" {
		return s
	}
	root, err := Parse(doc)
	if err != nil {
		return FromTokens(doc)
	}
	if s := Render(root); strings.TrimSpace(s) != "" {
		return s
	}
	return withoutTags(doc)
}

// withoutTags is the last resort for a document that shows nothing because an unclosed title or
// style swallows all of it. It returns everything outside angle brackets.
func withoutTags(doc string) string {
	if i := strings.Index(strings.ToLower(doc[:min(len(doc), 4096)]), "<title>"); i < 0 ||
		strings.Contains(strings.ToLower(doc), "</title>") {
		return ""
	}
	w := writer{}
	for doc != "" {
		i := strings.IndexByte(doc, '<')
		if i < 0 {
			i = len(doc)
		}
		w.text(html.UnescapeString(doc[:i]))
		doc = doc[i:]
		j := strings.IndexByte(doc, '>')
		if j < 0 {
			break
		}
		doc = doc[j+1:]
		w.space = w.started
	}
	return strings.TrimFunc(string(w.out), unicode.IsSpace) + lastNewline(len(w.out))
}

// Parse returns the document's tree. It returns an error if the elements are nested too deeply (the
// parser stops at 512); FromTokens still reads such a document.
func Parse(doc string) (*html.Node, error) {
	return html.ParseWithOptions(strings.NewReader(doc), html.ParseOptionEnableScripting(false))
}

// Render returns the text of a tree: blocks on lines of their own, blockquotes with "> ", lists
// with "- " or numbers, links followed by their address, table cells separated by spaces.
func Render(n *html.Node) string {
	w := writer{out: make([]byte, 0, 2048)}
	w.node(n)
	return w.whole()
}

// whole returns everything written.
func (w *writer) whole() string {
	if len(w.out) == 0 {
		return ""
	}
	b := bytes.Trim(bytes.TrimRight(w.out, " \n"), "\n")
	return string(append(w.out[:copy(w.out[:cap(w.out)], b)], '\n'))
}

func lastNewline(n int) string {
	if n == 0 {
		return ""
	}
	return "\n"
}

// Head returns the beginning of the text of a tree: about max octets.
func Head(n *html.Node, max int) string {
	w := writer{limit: max}
	w.node(n)
	return string(w.out)
}

// writer builds lines. It collapses white space and delays line breaks until the next word.
type writer struct {
	out     []byte
	prefix  string // "> " for each blockquote
	before  string // the prefix of the word before
	breaks  int    // line breaks pending before the next word
	space   bool   // a space is pending
	started bool   // this line is not empty
	any     bool
	nbsp    bool // this line has nothing but a no-break space: it is meant to be empty
	pre     int
	lists   []list
	depth   int
	limit   int // octets after which nothing more is written; 0 for none
}

type list struct {
	ordered bool
	n       int
}

// block ends the line. At least n line ends will separate the text before from the text after.
func (w *writer) block(n int) {
	if w.nbsp && !w.started && w.breaks == 1 {
		w.breaks = 2
	}
	w.nbsp = false
	if w.started && w.breaks == 0 {
		w.breaks = 1
	}
	if w.any && n > w.breaks && (w.started || w.breaks > 0) {
		w.breaks = n
	}
	w.space, w.started = false, false
}

// line writes a forced line end.
func (w *writer) line() {
	w.nbsp = false
	if !w.started && w.breaks == 0 && !w.any {
		return
	}
	if w.breaks < 3 {
		w.breaks++
	}
	w.space, w.started = false, false
}

func (w *writer) word(s string) { write(w, s) }

// text writes character data with white space collapsed.
func (w *writer) text(s string) { collapse(w, s) }

// write writes a word, preceded by the pending line ends or space.
func write[T string | []byte](w *writer, s T) {
	if len(s) == 0 {
		return
	}
	if w.breaks > 0 && w.any {
		between := w.prefix // of the blank lines: they belong to the outer block
		if len(w.before) < len(between) {
			between = w.before
		}
		for i := range w.breaks {
			w.out = append(w.out, '\n')
			if i < w.breaks-1 {
				w.out = append(w.out, strings.TrimRight(between, " ")...)
			}
		}
		w.out = append(w.out, w.prefix...)
	} else if !w.any {
		w.out = append(w.out, w.prefix...)
	} else if w.space {
		w.out = append(w.out, ' ')
	}
	w.breaks, w.space, w.started, w.any, w.nbsp, w.before = 0, false, true, true, false, w.prefix
	w.out = append(w.out, s...)
}

func collapse[T string | []byte](w *writer, s T) {
	if w.pre > 0 {
		s := string(s)
		for i, line := range strings.Split(strings.TrimSuffix(s, "\n"), "\n") {
			if i > 0 {
				w.line()
			}
			w.word(strings.TrimRight(line, " \r\t"))
		}
		if strings.HasSuffix(s, "\n") {
			w.line()
		}
		return
	}
	start := -1
	for i := 0; i < len(s); {
		if !mayBeNoLetter[s[i]] { // as in most cases
			if start < 0 {
				start = i
			}
			i++
			continue
		}
		c, n := rune(s[i]), 1
		if c >= utf8.RuneSelf {
			c, n = utf8.DecodeRuneInString(string(s[i:min(i+utf8.UTFMax, len(s))]))
		}
		blank := c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\u00a0'
		drop := c == '\u200b' || c == '\ufeff' || c == '\u00ad' || c == '\u034f' || c < ' ' && !blank
		if blank || drop {
			if start >= 0 {
				write(w, s[start:i])
				start = -1
			}
			if blank && w.started {
				w.space = true
			}
			if c == '\u00a0' && !w.started {
				w.nbsp = true
			}
		} else if start < 0 {
			start = i
		}
		i += n
	}
	if start >= 0 {
		write(w, s[start:])
	}
}

// mayBeNoLetter is the set of octets that white space and zero-width characters, as collapse knows
// them, can begin with.
var mayBeNoLetter = func() (is [256]bool) {
	for c := range ' ' + 1 {
		is[c] = true
	}
	for _, c := range []string{"\u00a0", "\u034f", "\u200b", "\ufeff"} { // a soft hyphen begins with the same octet as the first
		is[c[0]] = true
	}
	return is
}()

const maxDepth = 2000

func (w *writer) children(n *html.Node) {
	if w.depth++; w.depth < maxDepth {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			w.node(c)
		}
	}
	w.depth--
}

func (w *writer) node(n *html.Node) {
	if w.limit > 0 && len(w.out) > w.limit {
		return
	}
	switch n.Type {
	case html.TextNode:
		w.text(n.Data)
		return
	case html.ElementNode:
	case html.DocumentNode:
		w.children(n)
		return
	default:
		return
	}
	e := element{tag: n.DataAtom}
	for i := len(n.Attr) - 1; i >= 0; i-- { // of duplicates the first counts
		switch a := &n.Attr[i]; a.Key {
		case "style":
			e.style = a.Val
		case "class":
			e.class = a.Val
		case "alt":
			e.alt = a.Val
		case "href":
			e.href = a.Val
		}
	}
	if w.enter(&e) {
		w.children(n)
		w.leave(&e)
	}
}

// element is the part of an element that matters for the text.
type element struct {
	tag                     atom.Atom
	style, class, alt, href string

	gap    int    // of a block: line ends around it
	prefix string // of a blockquote: what stood before the lines around it
	at     int    // of a link: where its text begins
}

// enter begins an element. It returns false if the element's content is not shown; the element has
// then already ended.
func (w *writer) enter(e *element) bool {
	switch e.tag {
	case atom.Head, atom.Style, atom.Script, atom.Title, atom.Template, atom.Object, atom.Iframe, atom.Select, atom.Textarea,
		atom.Svg, atom.Math:
		return false
	case atom.Br:
		w.line()
		return false
	case atom.Hr:
		w.block(1)
		w.word("________________________________")
		w.block(1)
		return false
	case atom.Img:
		if alt := strings.TrimSpace(e.alt); alt != "" && len(alt) < 200 && !hidden(e.style) {
			w.text("[" + alt + "]")
		}
		return false
	}
	if hidden(e.style) {
		return false
	}
	switch e.tag {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Table, atom.Dl, atom.Figure:
		e.gap = 2
		if e.tag == atom.P && tight(e) || e.tag == atom.Table {
			e.gap = 1
		}
		w.block(e.gap)
	case atom.Div, atom.Tr, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Center, atom.Address, atom.Form, atom.Dt, atom.Dd,
		atom.Body, atom.Html,
		atom.Tbody, atom.Thead, atom.Caption, atom.Fieldset, atom.Main, atom.Nav, atom.Aside:
		e.gap = 1
		w.block(1)
	case atom.Td, atom.Th:
		if w.started {
			w.space = true
		}
	case atom.Ul, atom.Ol:
		e.gap = 1
		w.block(1)
		w.lists = append(w.lists, list{ordered: e.tag == atom.Ol})
	case atom.Li:
		e.gap = 1
		w.block(1)
		mark := "- "
		if k := len(w.lists); k > 0 && w.lists[k-1].ordered {
			w.lists[k-1].n++
			mark = strconv.Itoa(w.lists[k-1].n) + ". "
		}
		w.word(strings.Repeat("  ", max(0, min(len(w.lists), 10)-1)) + mark)
		w.space = false
	case atom.Blockquote:
		e.gap = 1
		w.block(1)
		if e.prefix = w.prefix; len(w.prefix) < 100 {
			w.prefix += "> "
		}
	case atom.Pre, atom.Listing, atom.Xmp:
		e.gap = 1
		w.block(1)
		w.pre++
	case atom.A:
		e.at = len(w.out)
	}
	return true
}

// leave ends an element that was entered.
func (w *writer) leave(e *element) {
	switch e.tag {
	case atom.Td, atom.Th:
		if w.started {
			w.space = true
		}
	case atom.Ul, atom.Ol:
		w.lists = w.lists[:len(w.lists)-1]
	case atom.Pre, atom.Listing, atom.Xmp:
		w.pre--
	case atom.A:
		href := strings.TrimSpace(e.href)
		if len(w.out) > e.at && worthShowing(href, w.out[e.at:]) {
			w.space = true
			w.word("<" + strings.TrimPrefix(href, "mailto:") + ">")
		}
	}
	if e.gap > 0 {
		w.block(e.gap)
	}
	if e.tag == atom.Blockquote {
		w.prefix = e.prefix
	}
}

// worthShowing reports whether a link's address adds information to its text.
func worthShowing(href string, shown []byte) bool {
	l := strings.ToLower(href)
	if len(href) > 2000 || !strings.HasPrefix(l, "http://") && !strings.HasPrefix(l, "https://") && !strings.HasPrefix(l, "mailto:") &&
		!strings.HasPrefix(l, "ftp://") {
		return false
	}
	for _, c := range href {
		if c < ' ' {
			return false
		}
	}
	bare := func(s string) string {
		s = strings.TrimSpace(strings.ToLower(s))
		for _, p := range []string{"mailto:", "https://", "http://", "www."} {
			s = strings.TrimPrefix(s, p)
		}
		return strings.TrimSuffix(s, "/")
	}
	text := string(shown)
	return !strings.Contains(bare(text), bare(href)) && !strings.Contains(strings.Join(strings.Fields(text), ""), href)
}

// tight reports whether a paragraph has no margins, as in Outlook, which makes each line a
// paragraph.
func tight(e *element) bool {
	if strings.HasPrefix(e.class, "Mso") {
		return true
	}
	if e.style == "" {
		return false
	}
	style := strings.ReplaceAll(strings.ToLower(e.style), " ", "")
	return strings.Contains(style, "margin:0") || strings.Contains(style, "margin-bottom:0") ||
		strings.Contains(style, "margin-top:0px;margin-bottom:0px")
}

// hidden reports whether a style shows nothing of an element and of all that is in it. A size of 0
// is no such style: elements inside have sizes of their own.
func hidden(style string) bool {
	if style == "" {
		return false
	}
	low := strings.ToLower(style)
	return says(low, "display", "none") || says(low, "visibility", "hidden") || says(low, "opacity", "0") ||
		says(low, "max-height", "0") && says(low, "overflow", "hidden")
}

// says reports whether a style, in lower case, gives a property this value. It may be a number with
// a unit.
func says(style, property, value string) bool {
	for rest := style; ; {
		before, after, found := strings.Cut(rest, property)
		if !found {
			return false
		}
		if after = strings.TrimLeft(after, " :"); strings.HasPrefix(after, value) && !strings.HasSuffix(before, "-") {
			if next := strings.TrimPrefix(after, value); value != "0" || next == "" || next[0] != '.' && (next[0] < '0' || next[0] > '9') {
				return true
			}
		}
		rest = after
	}
}

// Attr returns an attribute of a node, "" if there is none.
func Attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// FromTokens returns the text of a document without building a tree, for documents whose elements
// are nested too deeply.
func FromTokens(doc string) string {
	z := html.NewTokenizer(strings.NewReader(doc))
	w := writer{}
	skip := 0
	for {
		switch t := z.Next(); t {
		case html.ErrorToken:
			return strings.TrimFunc(string(w.out), unicode.IsSpace) + lastNewline(len(w.out))
		case html.TextToken:
			if skip == 0 {
				w.text(html.UnescapeString(string(z.Raw())))
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch a := atom.Lookup(name); a {
			case atom.Style, atom.Script, atom.Title, atom.Head:
				if a == atom.Head {
					continue
				}
				if t == html.StartTagToken {
					skip++
				} else if skip > 0 {
					skip--
				}
			case atom.Br:
				w.line()
			case atom.P, atom.Div, atom.Tr, atom.Li, atom.Table, atom.Blockquote, atom.H1, atom.H2, atom.H3, atom.Pre:
				w.block(1)
			case atom.Td, atom.Th:
				w.space = w.started
			}
		}
	}
}
