package htmltext

import (
	"bytes"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// fromTags returns the text of a well-formed document without building its tree, which is most of
// the work. Well-formed means that each element is properly nested and stands where it may, so that
// the parser would not add, move or close anything visible. For any other document, and in any
// doubt, fromTags returns false.
func fromTags(doc string) (string, bool) {
	if strings.IndexByte(doc, 0) >= 0 || strings.IndexByte(doc, '\r') >= 0 {
		return "", false
	}
	t := tagReader{w: writer{out: make([]byte, 0, min(len(doc), 64<<10)/2+64)}, open: make([]element, 0, 16)}
	z := html.NewTokenizer(strings.NewReader(doc))
	for {
		ok := true
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				return "", false
			}
			for len(t.open) > 0 {
				t.pop()
			}
			return t.w.whole(), true
		case html.TextToken:
			ok = t.text(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken: // in HTML only void elements close themselves
			ok = t.start(z)
		case html.EndTagToken:
			ok = t.end(tagOf(z.Raw()[len("</"):]))
		}
		if !ok {
			return "", false
		}
	}
}

// tagReader tracks the tags of a document.
type tagReader struct {
	w      writer
	open   []element // without html, head and body
	hidden int       // the place in open, counted from 1, from which on nothing is shown; 0 for none
	state  int
	links  int // open links
}

// The parts of a document.
const (
	atBegin  = iota
	inHTML   // behind its tag
	inHead   // behind its tag
	headless // after head content without a head tag
	pastHead // after the end of the head
	inBody
	pastBody
)

// office is the element that Outlook puts into empty paragraphs: o:p. It has no appearance.
const office = ^atom.Atom(0)

// tagOf returns the element named at the beginning of a tag, 0 if it is unknown. It reads the same
// as TagName, which copies each time.
func tagOf(tag []byte) atom.Atom {
	var name [16]byte
	n := bytes.IndexAny(tag, " \t\n\f/>")
	if n < 0 || n > len(name) {
		return 0
	}
	for i, c := range tag[:n] {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		name[i] = c
	}
	if string(name[:n]) == "o:p" {
		return office
	}
	return atom.Lookup(name[:n])
}

const blanks = " \t\n\f"

func (t *tagReader) top() atom.Atom {
	if len(t.open) == 0 {
		return atom.Body
	}
	return t.open[len(t.open)-1].tag
}

func (t *tagReader) text(b []byte) bool {
	top := t.top()
	if top == atom.Style || top == atom.Title {
		return true
	}
	blank := len(bytes.TrimLeft(b, blanks)) == 0
	switch t.state {
	case inBody:
	case inHead, pastBody:
		return blank
	default:
		if blank {
			return true
		}
		t.state = inBody
	}
	switch top {
	case atom.Table, atom.Tbody, atom.Thead, atom.Tfoot, atom.Tr:
		if !blank {
			return false
		}
	}
	if t.hidden == 0 {
		collapse(&t.w, b)
	}
	return true
}

func (t *tagReader) start(z *html.Tokenizer) bool {
	raw := z.Raw()
	tag := tagOf(raw[len("<"):])
	if t.state == pastBody || len(t.open) > 200 {
		return false
	}
	e := element{tag: tag}
	if mayShow(tag, raw) {
		attributes(z, &e)
	}
	if e.tag == atom.Html || e.tag == atom.Head || e.tag == atom.Body {
		return t.frame(&e)
	}
	switch e.tag {
	case atom.Meta, atom.Link, atom.Style, atom.Title:
		if t.state == atBegin || t.state == inHTML {
			t.state = headless
		}
	default:
		if t.state == inHead {
			return false
		}
		t.state = inBody
	}
	if !t.fits(e.tag) {
		return false
	}
	switch e.tag {
	case atom.Meta, atom.Link:
		return true
	case atom.Br, atom.Hr, atom.Img:
		if t.hidden == 0 {
			t.w.enter(&e)
		}
		return true
	case atom.A:
		t.links++
	}
	shown := t.hidden == 0 && t.w.enter(&e)
	t.open = append(t.open, e)
	if !shown && t.hidden == 0 {
		t.hidden = len(t.open)
	}
	return true
}

// mayShow reports whether an element's attributes may affect what is visible.
func mayShow(tag atom.Atom, raw []byte) bool {
	switch tag {
	case atom.A, atom.Img, atom.P:
		return true
	}
	for i, c := range raw {
		switch c {
		case '&', 'd', 'D', 'v', 'V', 'o', 'O', 'm', 'M':
			if c == '&' || beginsWithHiding(raw[i:]) {
				return true
			}
		}
	}
	return false
}

// beginsWithHiding reports whether a style begins with a property that can hide an element.
func beginsWithHiding(raw []byte) bool {
	for _, property := range [...]string{"display", "visibility", "opacity", "max-height"} {
		if raw[0]|0x20 == property[0] && len(raw) >= len(property) && strings.EqualFold(string(raw[:len(property)]), property) {
			return true
		}
	}
	return false
}

// attributes reads an element's visible attributes. Of duplicates the first counts.
func attributes(z *html.Tokenizer, e *element) {
	var seen [4]bool
	for more := true; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch string(key) {
		case "style":
			if !seen[0] {
				seen[0], e.style = true, string(value)
			}
		case "class":
			if !seen[1] {
				seen[1], e.class = true, string(value)
			}
		case "alt":
			if !seen[2] {
				seen[2], e.alt = true, string(value)
			}
		case "href":
			if !seen[3] {
				seen[3], e.href = true, string(value)
			}
		}
	}
}

// frame begins html, head or body.
func (t *tagReader) frame(e *element) bool {
	if hidden(e.style) || len(t.open) > 0 {
		return false
	}
	switch {
	case e.tag == atom.Html && t.state == atBegin:
		t.state = inHTML
	case e.tag == atom.Head && t.state <= inHTML:
		t.state = inHead
	case e.tag == atom.Body && t.state < inBody:
		t.state = inBody
	default:
		return false
	}
	return true
}

// fits reports whether an element may begin here without closing or opening another one.
func (t *tagReader) fits(tag atom.Atom) bool {
	top := t.top()
	switch top {
	case atom.Style, atom.Title: // their text ended without an end tag
		return false
	case atom.Table:
		return tag == atom.Tbody || tag == atom.Thead || tag == atom.Tfoot || tag == atom.Tr
	case atom.Tbody, atom.Thead, atom.Tfoot:
		return tag == atom.Tr
	case atom.Tr:
		return tag == atom.Td || tag == atom.Th
	}
	switch tag {
	case atom.Meta, atom.Link, atom.Style, atom.Title, atom.Br, atom.Img, atom.Span, atom.Sub, atom.Sup, office,
		atom.B, atom.I, atom.U, atom.Em, atom.Strong, atom.Font, atom.Small, atom.Big, atom.S, atom.Strike, atom.Code:
		return true
	case atom.A:
		return t.links == 0
	case atom.Li:
		return top == atom.Ul || top == atom.Ol
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return !t.inParagraph() && !heading(top)
	case atom.P, atom.Div, atom.Center, atom.Blockquote, atom.Ul, atom.Ol, atom.Table, atom.Hr:
		return !t.inParagraph()
	}
	return false
}

func heading(tag atom.Atom) bool {
	switch tag {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// inParagraph reports whether a paragraph is open that a block would close.
func (t *tagReader) inParagraph() bool {
	for i := len(t.open) - 1; i >= 0; i-- {
		switch t.open[i].tag {
		case atom.P:
			return true
		case atom.Table, atom.Td, atom.Th:
			return false
		}
	}
	return false
}

func (t *tagReader) end(tag atom.Atom) bool {
	switch {
	case tag == atom.Head && t.state == inHead && len(t.open) == 0:
		t.state = pastHead
		return true
	case (tag == atom.Body || tag == atom.Html) && t.state == inBody:
		if top := t.top(); top == atom.Style || top == atom.Title || t.inTable() {
			return false
		}
		t.state = pastBody
		return true
	case tag == atom.Html && t.state == pastBody:
		return true
	case len(t.open) == 0 || t.top() != tag || t.state == pastBody:
		return false
	}
	t.pop()
	return true
}

func (t *tagReader) inTable() bool {
	for i := range t.open {
		if t.open[i].tag == atom.Table {
			return true
		}
	}
	return false
}

func (t *tagReader) pop() {
	e := &t.open[len(t.open)-1]
	switch {
	case t.hidden == 0:
		t.w.leave(e)
	case t.hidden == len(t.open):
		t.hidden = 0
	}
	if e.tag == atom.A {
		t.links--
	}
	t.open = t.open[:len(t.open)-1]
}
