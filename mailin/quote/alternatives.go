package quote

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/htmltext"
	"tierdesk/mailin/internal/late"
)

// Difference is what one of the two forms of a mail shows and the other does not.
type Difference struct {
	Plain []string // lines that are new in the plain text and stand nowhere in the HTML
	HTML  []string // lines that are new in the HTML and stand nowhere in the plain text
}

// None reports whether both forms say the same.
func (d Difference) None() bool { return len(d.Plain) == 0 && len(d.HTML) == 0 }

// Alternatives compares what is new in the plain text of a message with what is new in its HTML.
// Programs read the one and people see the other. Layout, links, pictures and numbers of lists do
// not matter. It reads the HTML whole, which Split does not: it is meant for mail whose every word
// counts.
func Alternatives(m *mailin.Message, o Options) Difference {
	var d Difference
	if !m.Plain || m.HTML == "" || m.Text == "" {
		return d
	}
	shown := htmltext.Text(m.HTML)
	if h := HTML(m.HTML, shown, o); !h.NothingNew {
		d.HTML = missing(h.Reply, m.Text)
	}
	if p := Text(m.Text, o); !p.NothingNew {
		d.Plain = missing(p.Reply, shown)
		if len(d.Plain) > 0 { // what nobody sees, and a link's address, may stand in the middle of a line
			seen := htmltext.Text(links.ReplaceAllString(withoutConcealed(m.HTML), ""))
			d.Plain = missing(strings.Join(d.Plain, "\n"), seen)
		}
	}
	return d
}

// links finds the tags of links.
var links = late.Compile(`(?i)</?a(?:\s[^<>]*)?>`)

// withoutConcealed returns a document without the text that nobody sees, or that is struck out:
// what is shown of a document has the text of no size, since elements in it may have one of their
// own.
func withoutConcealed(doc string) string {
	if !mayConceal(doc) {
		return doc
	}
	root, err := htmltext.Parse(doc)
	if err != nil {
		return doc
	}
	c := concealing{classes: hidingClasses(doc)}
	var prune func(n *html.Node, s shade, depth int)
	prune = func(n *html.Node, s shade, depth int) {
		switch {
		case depth > 200:
			return
		case n.Type == html.TextNode && (s.away || s.unseen || s.tiny || s.clear):
			n.Data = ""
		case n.Type == html.ElementNode:
			s = c.of(n, s)
		}
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			prune(child, s, depth+1)
		}
	}
	prune(root, shade{ground: white}, 0)
	var out strings.Builder
	if html.Render(&out, root) != nil {
		return doc
	}
	return out.String()
}

// Contradicts reports whether nothing of a text, which was read from the plain form, stands in the
// HTML, which says something else: nobody can tell which of the two was written.
func (d Difference) Contradicts(text string) bool {
	if len(d.HTML) == 0 || len(d.Plain) == 0 {
		return false
	}
	said := 0
	for _, l := range linesOf(text) {
		if len(wordsIn(l)) == 0 {
			continue
		}
		said++
		if !slices.Contains(d.Plain, l) {
			return false
		}
	}
	return said > 0
}

// shortLine is up to how many words behind a sign, as in "/note", may stand in any text by chance:
// such a line is looked for among the lines.
const shortLine = 3

// missing returns the lines of a text whose words stand nowhere in another.
func missing(text, other string) []string {
	var out []string
	s, lines := newSource(other), map[string]bool{}
	for _, l := range linesOf(other) {
		lines[strings.Join(wordsIn(l), " ")] = true
	}
	for _, l := range linesOf(text) {
		words := wordsIn(l)
		if len(words) == 0 || len(words) == 1 && isNumber(words[0]) {
			continue
		}
		if !startsWithWord(l) && len(words) <= shortLine {
			if !lines[strings.Join(words, " ")] {
				out = append(out, l)
			}
			continue
		}
		if !s.anywhere(words) {
			out = append(out, l)
		}
	}
	return out
}

// startsWithWord reports whether a line begins with a letter or a digit, not with a sign that gives
// it a meaning of its own.
func startsWithWord(line string) bool {
	r, _ := utf8.DecodeRuneInString(line)
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

// anywhere reports whether the words stand somewhere in the text, one behind the other.
func (s *source) anywhere(words []string) bool {
	for p := range s.places(words[0]) {
		if s.at(p, words) {
			return true
		}
	}
	return false
}
