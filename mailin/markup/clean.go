package markup

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxDepth is how deeply elements may be nested; anything deeper is not shown.
const maxDepth = 500

// cleaner prepares a document: it removes what is invisible, and turns styles into elements.
type cleaner struct {
	Options
	text  string
	named bool // the text has the names of pictures in their places, as Thunderbird writes it
	alts  map[string]bool
	names map[string]string // from the Content-ID under which a picture is sent to its original one
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func (c *cleaner) prepare(n *html.Node, depth int) {
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		switch {
		case child.Type == html.TextNode:
		case child.Type != html.ElementNode || depth > maxDepth || invisible(child):
			n.RemoveChild(child)
		case child.DataAtom == atom.Img:
			c.image(child)
		default:
			c.prepare(child, depth+1)
			c.element(child)
		}
		child = next
	}
}

// invisible reports whether an element is not shown.
func invisible(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Head, atom.Style, atom.Script, atom.Title, atom.Template, atom.Object, atom.Iframe,
		atom.Select, atom.Textarea, atom.Svg, atom.Math, atom.Noscript, atom.Button, atom.Input:
		return true
	}
	if slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "hidden" }) {
		return true
	}
	style := squeeze(attr(n, "style"))
	return style != "" && hides.MatchString(";"+style+";")
}

var hides = regexp.MustCompile(`;(?:display:none|visibility:(?:hidden|collapse)|mso-hide:all|` +
	`opacity:0(?:\.0+)?(?:!important)?;|font-size:[01](?:\.0+)?(?:px|pt|em|rem|%)?(?:!important)?;|max-height:0)`)

func squeeze(style string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(style, "\n", "")), ""))
}

// image keeps a picture of the mail. A remote picture is removed, since it would reveal who looks
// at it. A small picture of an emoji becomes the emoji; so does a name that the text has in place
// of a picture.
func (c *cleaner) image(n *html.Node) {
	alt := strings.TrimSpace(attr(n, "alt"))
	if alt != "" {
		if c.alts == nil {
			c.alts = map[string]bool{}
		}
		c.alts[alt] = true
	}
	if id, ok := contentID(attr(n, "src")); ok && c.Picture != nil {
		if as, ok := c.Picture(id); ok {
			size := slices.DeleteFunc(slices.Clone(n.Attr), func(a html.Attribute) bool { return a.Key != "width" && a.Key != "height" })
			n.Attr = append(size, html.Attribute{Key: "src", Val: "cid:" + as}, html.Attribute{Key: "alt", Val: ""})
			if c.named && alt != "" {
				n.Attr = append(n.Attr, html.Attribute{Key: imageName, Val: alt})
			}
			if c.names == nil {
				c.names = map[string]string{}
			}
			c.names[as] = id
			return
		}
	}
	if alt != "" && (c.named || len(alt) <= 40 && sign(alt)) {
		n.Type, n.Data, n.DataAtom, n.Attr = html.TextNode, alt, 0, nil
		return
	}
	n.Parent.RemoveChild(n)
}

// imageName is the attribute that holds the name of a picture while a document is being cut.
const imageName = "data-name"

func contentID(src string) (string, bool) {
	scheme, id, found := strings.Cut(strings.TrimSpace(src), ":")
	if !found || !strings.EqualFold(scheme, "cid") {
		return "", false
	}
	if plain, err := url.PathUnescape(id); err == nil {
		id = plain
	}
	return strings.Trim(id, "<>"), true
}

// sign reports whether a text is an emoji or a similar symbol.
func sign(text string) bool {
	any := false
	for _, r := range text {
		switch meaningOf(r) {
		case alone:
			any = true
		case inWord, between:
			return false
		}
	}
	return any
}

// shownIn returns the pictures that a cleaned document shows.
func (c *cleaner) shownIn(doc string) []string {
	var out []string
	for as, id := range c.names {
		if strings.Contains(doc, `"cid:`+html.EscapeString(as)+`"`) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// element turns styles into elements and attributes, and repairs links.
func (c *cleaner) element(n *html.Node) {
	style := ";" + squeeze(attr(n, "style")) + ";"
	switch n.DataAtom {
	case atom.A:
		c.link(n)
	case atom.P:
		if strings.HasPrefix(attr(n, "class"), "Mso") ||
			strings.Contains(style, ";margin:0") || strings.Contains(style, ";margin-bottom:0") {
			n.Data, n.DataAtom = "div", atom.Div // its lines have no space between them
		}
		fallthrough
	case atom.Div, atom.Td, atom.Th:
		if m := alignment.FindStringSubmatch(style); m != nil && attr(n, "align") == "" {
			n.Attr = append(n.Attr, html.Attribute{Key: "align", Val: m[1]})
		}
	case atom.Span, atom.Font:
		for _, f := range fromStyles {
			if f.style.MatchString(style) {
				wrap(n, f.tag)
			}
		}
	}
}

var alignment = regexp.MustCompile(`;text-align:(left|right|center|justify)`)

var fromStyles = []struct {
	style *regexp.Regexp
	tag   atom.Atom
}{
	{regexp.MustCompile(`;font-weight:(?:bold|bolder|[6-9]00)`), atom.B},
	{regexp.MustCompile(`;font-style:(?:italic|oblique)`), atom.I},
	{regexp.MustCompile(`;text-decoration(?:-line)?:[^;]*underline`), atom.U},
	{regexp.MustCompile(`;text-decoration(?:-line)?:[^;]*line-through`), atom.S},
}

// wrap moves the contents of an element into a new element inside it.
func wrap(n *html.Node, tag atom.Atom) {
	inner := &html.Node{Type: html.ElementNode, Data: tag.String(), DataAtom: tag}
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		inner.AppendChild(c)
	}
	n.AppendChild(inner)
}

// link restores the address that the writer of a link meant. A mail address is kept only if the
// text shows it: it may be one of the desk's own.
func (c *cleaner) link(n *html.Node) {
	href := Direct(strings.TrimSpace(attr(n, "href")))
	if u, err := url.Parse(href); err == nil && strings.EqualFold(u.Scheme, "mailto") {
		to, _ := url.PathUnescape(u.Opaque)
		if to == "" || !strings.Contains(strings.ToLower(c.text), strings.ToLower(to)) {
			href = ""
		} else {
			href = "mailto:" + to
		}
	}
	n.Attr = nil
	if href != "" {
		n.Attr = []html.Attribute{{Key: "href", Val: href}}
	}
}

// Direct returns the final target of a redirecting link of Microsoft's or Google's: the link itself
// identifies the person who clicks, or the mailbox where it was found.
func Direct(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return link
	}
	host, key := strings.ToLower(u.Hostname()), ""
	switch {
	case strings.HasSuffix(host, ".safelinks.protection.outlook.com"):
		key = "url"
	case host == "www.google.com" && u.Path == "/url":
		key = "q"
	}
	if key == "" {
		return link
	}
	for _, k := range []string{key, "url"} {
		if to := u.Query().Get(k); strings.HasPrefix(to, "http://") || strings.HasPrefix(to, "https://") {
			return to
		}
	}
	return link
}

// prune removes from a tree everything that is not kept, and then empty elements. A picture remains
// if it is known to be part of the new text.
func (c *cleaner) prune(body *html.Node, s *stream, kept [][2]int) {
	next := 0
	for _, p := range s.spans {
		for next < len(kept) && kept[next][1] <= p.from {
			next++
		}
		if p.node.Type == html.TextNode {
			var b strings.Builder
			for i := next; i < len(kept) && kept[i][0] < p.to; i++ {
				b.WriteString(s.text[max(kept[i][0], p.from):min(kept[i][1], p.to)])
			}
			p.node.Data = b.String()
			continue
		}
		inside := next < len(kept) && kept[next][0] < p.to
		if p.node.DataAtom == atom.Img && !inside {
			id, _ := contentID(attr(p.node, "src"))
			inside = c.Shown[c.names[id]]
		}
		if !inside {
			p.node.Parent.RemoveChild(p.node)
		}
	}
	empties(body)
	unnest(body)
}

// unnest removes frames that hold nothing but another frame: the notice's own frame around the
// customer's text, inside the one that a client puts around the notice.
func unnest(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Blockquote {
			unnest(c)
			continue
		}
		inner := c
		for next := only(c); next != nil; next = only(next) {
			if next.DataAtom == atom.Blockquote {
				inner = next
			}
		}
		if inner != c {
			n.InsertBefore(detached(inner), c)
			n.RemoveChild(c)
			c = inner
		}
		unnest(c)
	}
}

// only returns the frame or block that is the sole content of an element, nil if there is none.
func only(n *html.Node) *html.Node {
	var found *html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
		case found == nil && (c.DataAtom == atom.Div || c.DataAtom == atom.Blockquote):
			found = c
		default:
			return nil
		}
	}
	return found
}

func detached(n *html.Node) *html.Node {
	n.Parent.RemoveChild(n)
	return n
}

// empties removes elements without content. A cell may be empty, but not a whole row.
func empties(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.TextNode && c.Data == "" {
			n.RemoveChild(c)
		} else if c.Type == html.ElementNode {
			empties(c)
			switch c.DataAtom {
			case atom.Img, atom.Br, atom.Hr, atom.Td, atom.Th, atom.Col, atom.Colgroup:
			case atom.Tr:
				if !holds(c) {
					n.RemoveChild(c)
				}
			default:
				if c.FirstChild == nil {
					n.RemoveChild(c)
				}
			}
		}
		c = next
	}
}

// holds reports whether an element contains anything visible.
func holds(n *html.Node) bool {
	for c := range n.Descendants() {
		if c.DataAtom == atom.Img || c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
			return true
		}
	}
	return false
}

// clean returns the part of a body that may be shown.
func clean(body *html.Node) string {
	var b strings.Builder
	for c := body.FirstChild; c != nil; c = c.NextSibling {
		if err := html.Render(&b, c); err != nil {
			return ""
		}
	}
	return strings.TrimSpace(policy.Sanitize(b.String()))
}

var (
	number = regexp.MustCompile(`^[0-9]{1,4}$`)
	ofList = regexp.MustCompile(`^[1aAiI]$`)
	side   = regexp.MustCompile(`(?i)^(left|right|center|justify)$`)
	cid    = regexp.MustCompile(`^cid:[^\s"'<>]+$`)
	turn   = regexp.MustCompile(`(?i)^(ltr|rtl|auto)$`)
)

// policy is the HTML that may be shown: structure and emphasis, links with a target, pictures that
// came with the mail. No styles: the desk adds its own, which suit light and dark mode.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "div", "br", "hr", "b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "sub", "sup",
		"code", "kbd", "pre", "blockquote", "ul", "ol", "li", "dl", "dt", "dd",
		"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6")
	p.AllowURLSchemes("http", "https", "mailto", "tel", "cid")
	p.RequireParseableURLs(true)
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src").Matching(cid).OnElements("img")
	p.AllowAttrs("width", "height").Matching(number).OnElements("img")
	p.AllowAttrs("alt").Matching(regexp.MustCompile(`^$`)).OnElements("img")
	p.AllowAttrs("start").Matching(number).OnElements("ol")
	p.AllowAttrs("type").Matching(ofList).OnElements("ol")
	p.AllowAttrs("colspan", "rowspan").Matching(number).OnElements("td", "th")
	p.AllowAttrs("align").Matching(side).OnElements("p", "div", "td", "th")
	p.AllowAttrs("dir").Matching(turn).Globally()
	return p
}()
