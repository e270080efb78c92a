package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// picture represents a picture in the stream.
const picture = '\ufffc'

// stream is the concatenated text of a document's nodes, with the origin of each stretch of it.
type stream struct {
	*words
	spans []span
}

// span is the stretch of a stream that comes from one node.
type span struct {
	node     *html.Node
	from, to int
}

// flatten returns the stream of a tree.
func flatten(root *html.Node) *stream {
	f := flattener{}
	f.node(root, 0, 0)
	s := &stream{words: tokensOf(f.text.String()), spans: f.spans}
	next, span := 0, 0
	for i := range s.all { // here a quotation is a blockquote, not a mark
		for span < len(f.spans) && f.spans[span].to <= s.all[i].from {
			span++
		}
		s.all[i].ofImage = span < len(f.spans) && f.spans[span].from <= s.all[i].from && f.spans[span].node.DataAtom == atom.Img
		s.all[i].quoted = false
		for next < len(f.quoted) && f.quoted[next][1] <= s.all[i].from {
			next++
		}
		if next < len(f.quoted) && f.quoted[next][0] <= s.all[i].from {
			s.all[i].quoted = true
		}
	}
	return s
}

type flattener struct {
	text   strings.Builder
	spans  []span
	quoted [][2]int
}

func (f *flattener) add(n *html.Node, text string) {
	f.spans = append(f.spans, span{n, f.text.Len(), f.text.Len() + len(text)})
	f.text.WriteString(text)
}

func (f *flattener) node(n *html.Node, depth, quotes int) {
	switch {
	case n.Type == html.TextNode:
		f.add(n, n.Data)
		return
	case n.Type != html.ElementNode || depth > maxDepth:
		return
	}
	switch n.DataAtom {
	case atom.Br, atom.Hr:
		f.add(n, "\n")
		return
	case atom.Img:
		f.add(n, string(picture)+attr(n, imageName))
		return
	}
	block := !inline(n.DataAtom)
	if block {
		f.text.WriteByte('\n')
	}
	quotes += quotation(n)
	start := f.text.Len()
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		f.node(c, depth+1, quotes)
	}
	if quotation(n) == 1 && quotes == 1 {
		f.quoted = append(f.quoted, [2]int{start, f.text.Len()})
	}
	if block {
		f.text.WriteByte('\n')
	}
}

// quotation returns 1 for an element that quotes, 0 for any other: Gmail indents with a blockquote
// without a border.
func quotation(n *html.Node) int {
	if n.DataAtom != atom.Blockquote || strings.Contains(strings.ReplaceAll(attr(n, "style"), " ", ""), "border:none") {
		return 0
	}
	return 1
}

// inline reports whether an element may occur within a word.
func inline(a atom.Atom) bool {
	switch a {
	case atom.A, atom.Abbr, atom.B, atom.Bdi, atom.Bdo, atom.Big, atom.Cite, atom.Code, atom.Del, atom.Em, atom.Font, atom.I, atom.Ins,
		atom.Kbd, atom.Label, atom.Mark, atom.Q, atom.S, atom.Samp, atom.Small,
		atom.Span, atom.Strike, atom.Strong, atom.Sub, atom.Sup, atom.Tt, atom.U, atom.Var:
		return true
	}
	return false
}

// aligner finds the words of a text in a stream.
type aligner struct {
	have, want []word
	pair       []int // for each word of the stream, the index of the matching wanted word, -1 for none
	steps      int
}

// align returns the stretches of the stream that make up the text. It returns false if the stream
// does not contain the text, either as a whole or line by line with other lines in between. A
// wanted word that a picture represents becomes optional.
func align(have *stream, want *words) ([][2]int, bool) {
	a := &aligner{have: have.all, want: want.all, steps: maxSteps, pair: make([]int, len(have.all))}
	for i := range a.pair {
		a.pair[i] = -1
	}
	if _, ok := a.place(0, 0, len(a.want)); !ok && !a.lines() {
		return nil, false
	}
	var out [][2]int
	for i := range a.have {
		if a.pair[i] < 0 {
			continue
		}
		w := a.have[i]
		if n := len(out); n > 0 && i > 0 && a.pair[i-1] >= 0 {
			out[n-1][1] = w.to
		} else {
			gap := have.text[endBefore(a.have, i):w.from]
			wanted := want.text[endBefore(a.want, a.pair[i]):a.want[a.pair[i]].from]
			out = append(out, [2]int{w.from - signsBefore(gap, wanted), w.to})
		}
		if i+1 == len(a.have) || a.pair[i+1] < 0 {
			gap := have.text[w.to:startBehind(a.have, i, len(have.text))]
			wanted := want.text[a.want[a.pair[i]].to:startBehind(a.want, a.pair[i], len(want.text))]
			out[len(out)-1][1] += signsBehind(gap, wanted)
		}
	}
	for i, w := range a.have {
		if w.ofImage && a.pair[i] >= 0 {
			a.want[a.pair[i]].optional = true
		}
	}
	return out, true
}

// endBefore returns the end of the last required word before word i.
func endBefore(all []word, i int) int {
	for i--; i >= 0; i-- {
		if !all[i].optional {
			return all[i].to
		}
	}
	return 0
}

func startBehind(all []word, i, end int) int {
	for i++; i < len(all); i++ {
		if !all[i].optional {
			return all[i].from
		}
	}
	return end
}

// signsBehind returns the length of the signs at the beginning of a gap that also begin the wanted
// gap.
func signsBehind(gap, wanted string) int {
	n := 0
	for i, r := range gap {
		if unicode.IsSpace(r) || meaningOf(r) == unseen {
			continue
		}
		wanted = strings.TrimLeftFunc(wanted, unicode.IsSpace)
		if !strings.HasPrefix(wanted, string(r)) {
			break
		}
		wanted = wanted[utf8.RuneLen(r):]
		n = i + utf8.RuneLen(r)
	}
	return n
}

// signsBefore is signsBehind for the end of a gap.
func signsBefore(gap, wanted string) int {
	n, end := 0, len(gap)
	for gap != "" {
		r, size := utf8.DecodeLastRuneInString(gap)
		gap = gap[:len(gap)-size]
		if unicode.IsSpace(r) || meaningOf(r) == unseen {
			continue
		}
		wanted = strings.TrimRightFunc(wanted, unicode.IsSpace)
		if r == '>' || !strings.HasSuffix(wanted, string(r)) {
			break
		}
		wanted = wanted[:len(wanted)-utf8.RuneLen(r)]
		n = end - len(gap)
	}
	return n
}

// place finds the wanted words first to end, consecutively, in the stream starting at word from. It
// returns the word after them.
func (a *aligner) place(from, first, end int) (behind int, ok bool) {
	required := first
	for required < end && a.want[required].optional {
		required++
	}
	if required == end {
		return from, true
	}
	for i := from; i < len(a.have); i++ {
		for _, start := range []int{first, required} {
			if a.have[i].text != a.want[start].text {
				continue
			}
			if behind, ok := a.match(i, start, end); ok {
				return behind, true
			}
		}
	}
	return 0, false
}

// match pairs the wanted words w to end with those of the stream starting at i.
func (a *aligner) match(i, w, end int) (behind int, ok bool) {
	began := i
	for ; w < end; w++ {
		if a.steps--; a.steps < 0 {
			break
		}
		if i < len(a.have) && a.have[i].text == a.want[w].text && a.have[i].quoted == a.want[w].quoted {
			a.pair[i] = w
			i++
		} else if !a.want[w].optional {
			break
		}
	}
	if w == end {
		return i, true
	}
	for ; i > began; i-- {
		a.pair[i-1] = -1
	}
	return 0, false
}

// lines finds the wanted words line by line.
func (a *aligner) lines() bool {
	at := 0
	for first := 0; first < len(a.want); {
		end := first + 1
		for end < len(a.want) && a.want[end].line == a.want[first].line {
			end++
		}
		behind, ok := a.place(at, first, end)
		if !ok {
			return false
		}
		at, first = behind, end
	}
	return true
}
