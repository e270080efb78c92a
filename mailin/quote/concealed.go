package quote

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tierdesk/mailin/internal/htmltext"
	"tierdesk/mailin/internal/late"
)

// Concealed returns the lines of a text that stand in a document as nobody sees them, or struck
// out: white on white, in no size, beside the page, deleted in Word. Whoever reads the text alone
// takes them for what the writer says. Colours count only if other words of the text have another
// one: whoever writes on a dark screen may write all of it in white.
func Concealed(doc, text string) []string {
	if doc == "" || !mayConceal(doc) {
		return nil
	}
	root, err := htmltext.Parse(doc)
	if err != nil {
		return nil
	}
	c := concealing{classes: hidingClasses(doc)}
	c.walk(root, shade{ground: white}, place{}, 0)
	in, own, all := newSource(WithoutQuoted(text)), newSource(c.own.String()), newSource(c.own.String()+"\n"+c.old.String())
	lines := c.hidden
	if slices.ContainsFunc(c.seen, func(line string) bool { return in.count(wordsIn(line)) > 0 }) {
		lines = append(lines, c.pale...)
	}
	var out []string
	for _, l := range lines {
		shown := own
		if l.old {
			shown = all
		}
		if words := wordsIn(l.text); in.count(words) > shown.count(words) {
			out = append(out, l.text)
		}
	}
	return out
}

// count returns how often the words stand in the text, one behind the other.
func (s *source) count(words []string) int {
	n := 0
	if len(words) == 0 {
		return n
	}
	for p := range s.places(words[0]) {
		if s.at(p, words) {
			n++
		}
	}
	return n
}

// concealers are parts of all that can conceal words.
var concealers = []string{"style=", "style =", "<style", "<s>", "<s ", "<strike", "<del", "<noscript",
	"hidden", "<xml", "bgcolor", "<font", "class="}

func mayConceal(doc string) bool {
	low := strings.ToLower(doc)
	return slices.ContainsFunc(concealers, func(s string) bool { return strings.Contains(low, s) })
}

// colour is an opaque one; shade is how a text is shown.
type colour struct {
	r, g, b int
	known   bool
}

var white = colour{255, 255, 255, true}

type shade struct {
	ink, ground colour
	clear       bool // its colour is none
	tiny        bool
	away        bool // it is not shown, or struck out
	unseen      bool // as away, but what stands in it may be seen again
}

func (s shade) shown() bool {
	return !s.away && !s.unseen && !s.tiny && !s.clear && !(s.ink.known && s.ground.known && s.ink.near(s.ground))
}

// lost is a line that nobody sees. It is old if it stands in the history.
type lost struct {
	text string
	old  bool
}

// concealing is what a document conceals, and what it shows: of the writer's own, and of what was
// there before.
type concealing struct {
	classes      []string // that a style sheet hides
	hidden, pale []lost
	own, old     strings.Builder
	seen         []string // own lines, without links: those have a colour of their own on any screen
	below        bool     // all that comes is history
}

// place is where a text stands.
type place struct{ old, signature, link bool }

func (c *concealing) walk(n *html.Node, s shade, at place, depth int) {
	if depth > 200 {
		return
	}
	if n.Type == html.TextNode {
		c.text(n.Data, s, at)
		return
	}
	if n.Type == html.ElementNode {
		switch n.DataAtom {
		case atom.Head, atom.Style, atom.Script, atom.Title:
			return
		case atom.Blockquote:
			at.old = true
		case atom.A:
			at.link = true
		}
		switch markOf(n) {
		case history:
			at.old = true
		case fromHere:
			c.below = true
		case signature:
			at.signature = true
		}
		s = c.of(n, s)
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.walk(child, s, at, depth+1)
	}
	if n.Type == html.ElementNode && !withinWords[n.DataAtom] {
		c.own.WriteByte(' ')
		c.old.WriteByte(' ')
	}
}

// withinWords are the elements that may begin and end inside a word.
var withinWords = map[atom.Atom]bool{atom.A: true, atom.B: true, atom.Em: true, atom.Font: true, atom.I: true, atom.Span: true,
	atom.Strong: true, atom.U: true}

func (c *concealing) text(data string, s shade, at place) {
	old := at.old || c.below
	line := strings.TrimSpace(data)
	switch {
	case line == "" || s.shown():
		if old {
			c.old.WriteString(data)
			return
		}
		c.own.WriteString(data)
		if !at.link && !at.signature && line != "" {
			c.seen = append(c.seen, line)
		}
	case s.away || s.unseen || s.tiny || s.clear:
		c.hidden = append(c.hidden, lost{line, old})
	default:
		c.pale = append(c.pale, lost{line, old})
	}
}

// wordClass is a class by which Word marks comments and what was deleted.
var wordClass = late.Compile(`^(?i:MsoComment\w*|msocomtxt|MsoDel)$`)

// of is how the text in an element is shown that stands in something shown so.
func (c *concealing) of(n *html.Node, s shade) shade {
	switch n.DataAtom {
	case atom.S, atom.Strike, atom.Del, atom.Noscript:
		s.away = true
	}
	if n.Data == "xml" || slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "hidden" }) {
		s.away = true
	}
	if bg := htmltext.Attr(n, "bgcolor"); bg != "" {
		s.ground, _ = parseColour(bg)
	}
	if htmltext.Attr(n, "background") != "" {
		s.ground = colour{} // a picture
	}
	if n.DataAtom == atom.Font {
		if ink := htmltext.Attr(n, "color"); ink != "" {
			s.ink, s.clear = parseColour(ink)
		}
	}
	for class := range strings.FieldsSeq(htmltext.Attr(n, "class")) {
		if slices.Contains(c.classes, class) || wordClass.MatchString(class) {
			s.away = true
		}
	}
	if style := htmltext.Attr(n, "style"); style != "" {
		s.style(style)
	}
	return s
}

// style applies the declarations of a style.
func (s *shade) style(style string) {
	var b box
	for property, value := range declarations(style) {
		s.away = s.away || takesAway(property, value)
		s.paint(property, value)
		b.set(property, value)
	}
	s.away = s.away || b.clips && b.small || b.apart && b.aside
	if b.picture {
		s.ground = colour{}
	}
}

// declarations returns the properties of a style, in small letters, with their values.
func declarations(style string) iter.Seq2[string, string] {
	return func(yield func(property, value string) bool) {
		for declaration := range strings.SplitSeq(strings.ToLower(style), ";") {
			property, value, found := strings.Cut(declaration, ":")
			value = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important"))
			if found && !yield(strings.TrimSpace(property), value) {
				return
			}
		}
	}
}

// takesAway reports whether one declaration takes a text away, whatever else the style says.
func takesAway(property, value string) bool {
	switch property {
	case "display":
		return value == "none"
	case "opacity":
		size, _, ok := measure(value)
		return ok && size <= 0.05
	case "mso-hide":
		return value == "all"
	case "mso-element":
		return strings.HasPrefix(value, "comment")
	case "text-decoration", "text-decoration-line":
		return strings.Contains(value, "line-through")
	case "transform":
		return strings.Contains(value, "scale(0)") || strings.Contains(value, "scale(0,")
	case "margin-left", "margin-top", "text-indent":
		return farAside(value)
	case "clip", "clip-path":
		return clipsAll(value) || strings.HasPrefix(value, "inset(100%") || strings.HasPrefix(value, "inset(50%")
	}
	return false
}

// paint applies a declaration that says in which colour and size a text is shown, and whether.
func (s *shade) paint(property, value string) {
	switch property {
	case "color":
		s.ink, s.clear = parseColour(value)
	case "background", "background-color":
		ground, clear := parseColour(value)
		if !clear && value != "none" && value != "inherit" && value != "initial" {
			s.ground = ground // an unknown one is no colour that a text is lost on
		}
	case "font-size":
		s.tiny = isTiny(value)
	case "visibility":
		if value != "inherit" {
			s.unseen = value == "hidden" || value == "collapse"
		}
	}
}

// box is where a style puts a text: two of these together may take it away.
type box struct {
	clips, small bool // nothing is seen outside of it, and it has no size
	apart, aside bool // it stands for itself, and beside the page
	picture      bool // behind it
}

// set applies a declaration.
func (b *box) set(property, value string) {
	switch property {
	case "background", "background-color", "background-image":
		b.picture = b.picture || strings.Contains(value, "url(") || strings.Contains(value, "gradient(")
	case "overflow", "overflow-x", "overflow-y":
		b.clips = b.clips || value == "hidden" || value == "clip"
	case "height", "max-height", "width", "max-width":
		b.small = b.small || isTiny(value)
	case "position":
		b.apart = b.apart || value == "absolute" || value == "fixed"
	case "left", "top", "right", "bottom", "margin-left", "margin-top":
		b.aside = b.aside || farAside(value)
	}
}

// isTiny reports whether a length is none, or a dot.
func isTiny(value string) bool {
	size, unit, ok := measure(value)
	return ok && (size == 0 || size <= 1 && (unit == "px" || unit == "pt" || unit == ""))
}

// farAside reports whether a distance moves a text off the page.
func farAside(value string) bool {
	size, _, ok := measure(value)
	return ok && size <= -500
}

// clipsAll reports whether "rect(top right bottom left)" leaves nothing to be seen.
func clipsAll(value string) bool {
	edges, found := strings.CutPrefix(value, "rect(")
	fields := strings.FieldsFunc(edges, func(r rune) bool { return r == ' ' || r == ',' || r == ')' })
	if !found || len(fields) != 4 {
		return false
	}
	var at [4]float64
	for i, f := range fields {
		size, _, ok := measure(f)
		if !ok {
			return false
		}
		at[i] = size
	}
	return at[2]-at[0] <= 1 || at[1]-at[3] <= 1
}

// near reports whether nobody sees one of two colours on the other.
func (c colour) near(o colour) bool {
	const least = 12
	far := func(a, b int) bool { return a-b > least || b-a > least }
	return !far(c.r, o.r) && !far(c.g, o.g) && !far(c.b, o.b)
}

// colourNames are those that pages are made of: their grounds, and inks.
var colourNames = map[string]colour{"white": white, "snow": white, "ivory": white, "ghostwhite": white, "window": white,
	"black": {0, 0, 0, true}, "windowtext": {0, 0, 0, true}}

var colourPattern = late.Compile(`#[0-9a-f]{3,8}\b|rgba?\(\s*[\d.]+[\s,]+[\d.]+[\s,]+[\d.]+(?:[\s,/]+[\d.]+%?)?\s*\)|[a-z]+`)

// parseColour returns a colour as styles name it, not known if it is none of those that are looked
// for, and whether it is transparent.
func parseColour(value string) (c colour, clear bool) {
	name := colourPattern.FindString(strings.ToLower(strings.TrimSpace(value)))
	switch {
	case name == "transparent":
		return colour{}, true
	case strings.HasPrefix(name, "#"):
		hex := name[1:]
		if len(hex) < 6 {
			wide := ""
			for _, r := range hex {
				wide += string(r) + string(r)
			}
			hex = wide
		}
		n, err := strconv.ParseUint(hex[:6], 16, 32)
		return colour{int(n >> 16), int(n >> 8 & 255), int(n & 255), err == nil}, len(hex) == 8 && hex[6:] == "00"
	case strings.HasPrefix(name, "rgb"):
		var v []float64
		for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r != '.' && (r < '0' || r > '9') }) {
			x, err := strconv.ParseFloat(part, 64)
			if err != nil {
				return colour{}, false
			}
			v = append(v, x)
		}
		if len(v) < 3 {
			return colour{}, false
		}
		return colour{int(v[0]), int(v[1]), int(v[2]), true}, len(v) > 3 && v[3] == 0
	}
	return colourNames[name], false
}

var measurePattern = late.Compile(`^(-?\d*\.?\d+)\s*([a-z%]*)`)

// measure returns a length and its unit.
func measure(value string) (size float64, unit string, ok bool) {
	m := measurePattern.FindStringSubmatch(value)
	if m == nil {
		return 0, "", false
	}
	size, err := strconv.ParseFloat(m[1], 64)
	return size, m[2], err == nil
}

// hides finds declarations that hide what they are for.
var hides = late.Compile(`(?i)(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:[;!]|$))`)

// oneClass is a selector that is a class and nothing else.
var oneClass = late.Compile(`^\.([\w-]+)$`)

// cssComment is a comment of a style sheet.
var cssComment = late.Compile(`(?s)/\*.*?\*/`)

// hidingClasses returns the classes that a document's own style sheets hide. What holds for paper
// or narrow screens alone, and for some of the elements of a class, is passed over.
func hidingClasses(doc string) []string {
	var out []string
	rest := doc
	for range 10 {
		_, after, found := strings.Cut(rest, "<style")
		if !found {
			break
		}
		sheet, behind, _ := strings.Cut(after, "</style")
		_, sheet, _ = strings.Cut(sheet, ">")
		sheet = cssComment.ReplaceAllString(sheet[:min(len(sheet), 50_000)], " ")
		sheet = strings.NewReplacer("<!--", " ", "-->", " ").Replace(sheet)
		for sheet != "" && len(out) < 500 {
			selectors, block, closed := strings.Cut(sheet, "{")
			if !closed {
				break
			}
			if at := strings.LastIndexByte(selectors, ';'); at >= 0 {
				selectors = selectors[at+1:] // behind "@import ...;"
			}
			end := blockEnd(block)
			sheet = block[min(len(block), end+1):]
			if !hides.MatchString(block[:end]) {
				continue
			}
			for selector := range strings.SplitSeq(selectors, ",") {
				if m := oneClass.FindStringSubmatch(strings.TrimSpace(selector)); m != nil {
					out = append(out, m[1])
				}
			}
		}
		rest = behind
	}
	return out
}

// blockEnd returns where the brace stands that closes a block, with those that are inside it.
func blockEnd(block string) int {
	depth := 0
	for i := range len(block) {
		switch block[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				return i
			}
		}
	}
	return len(block)
}
