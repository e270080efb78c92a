package quote

import (
	"iter"
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/late"
)

// Bounds for Against.
const (
	leastFound   = 8    // words of the original that must stand in a text for it to quote that
	maxCompared  = 4000 // lines of a text that are compared
	mostlyKnown  = 2    // a line is unsure if one in so many of its pairs of words stands in the original
	maxPositions = 64   // places at which a word is looked for
)

// Comparison is a text compared with the one that it answers.
type Comparison struct {
	Parts
	// Unsure are lines that may be the original's, changed on the way, or new words inside one of
	// them. Reply lacks them.
	Unsure []string
}

// Against compares a message with the text of the mail that it answers, for answers that no mark
// sets apart: typed into a cell of the original, or into a quote whose marks were taken off. What
// stands literally in the original is history, however it was quoted and wrapped; the rest, in its
// order, is the reply. ok is false if the message does not quote the original. It asks for more
// work than Split does: it is meant for messages with NothingNew.
func Against(m *mailin.Message, original string) (c Comparison, ok bool) {
	text := withoutInitials(m.Text)
	lines := strings.SplitAfter(text, "\n")
	if len(lines) > maxCompared {
		return c, false
	}
	t := splitter{text: text, lines: lines, bare: make([]string, len(lines)), separators: make([]separator, len(lines)),
		end: len(lines), ours: -1}
	for i, l := range lines {
		t.bare[i] = trimSpace(l)
	}
	t.cutBanner()
	t.classify()
	s := newSource(original)
	found := 0
	for i := range t.kinds {
		if t.kinds[i] == kindAttrib || t.kinds[i] == kindBlank {
			continue
		}
		words := wordsIn(strings.TrimLeft(t.bare[i], "> \t|"))
		switch {
		case len(words) == 0:
			t.kinds[i] = kindBlank
		case s.holds(words):
			t.kinds[i] = kindQuoted
			found += len(words)
		case t.headerLine(i):
			t.kinds[i] = kindAttrib
		case s.resembles(words):
			t.kinds[i] = kindQuoted
			c.Unsure = append(c.Unsure, t.bare[i])
		default:
			t.kinds[i] = kindText
		}
	}
	if found < leastFound {
		return Comparison{}, false
	}
	t.dropLeads()
	for i := range t.lines {
		switch {
		case t.kinds[i] == kindText: // typed into the quote, a line carries its mark
			t.lines[i] = strings.TrimLeft(t.lines[i], "> \t|")
		case t.kinds[i] == kindBlank:
			t.lines[i] = "\n"
		case t.kinds[i] == kindQuoted && t.ours < 0:
			t.ours = i
			fallthrough
		case t.kinds[i] == kindQuoted && !isQuoted(t.bare[i]):
			t.lines[i] = "> " + strings.TrimLeft(t.lines[i], "> \t|")
		}
	}
	t.text = ""
	c.Parts = t.assembleOurs()
	if isBlank(c.Reply) {
		c.Parts = Parts{Reply: trimBlank(text), NothingNew: true}
	}
	c.Reply = trimBlank(c.Reply)
	return c, true
}

// headerLine reports whether a line is one of a quoted header: "From: Acme Support".
func (t *splitter) headerLine(i int) bool {
	k, _ := headerLabel(t.bare[i])
	return k != 0 && k != labelCc && k != labelReplyTo && (i+1 < t.end && t.neighbourLabel(i+1) || i > 0 && t.neighbourLabel(i-1))
}

func (t *splitter) neighbourLabel(i int) bool {
	k, _ := headerLabel(t.bare[i])
	return k != 0
}

// dropLeads takes lines that only lead to the quote below them for attributions: in languages that
// nobody foresaw.
func (t *splitter) dropLeads() {
	for i := range t.kinds {
		if t.kinds[i] != kindText || !strings.HasSuffix(t.bare[i], ":") && !strings.HasSuffix(t.bare[i], "：") {
			continue
		}
		j := i + 1
		for j < t.end && t.kinds[j] == kindBlank {
			j++
		}
		if j < t.end && t.kinds[j] == kindQuoted && (addressPattern.MatchString(t.bare[i]) || datePattern.MatchString(t.bare[i])) {
			t.kinds[i] = kindAttrib
		}
	}
}

// source is a text in which words are looked for.
type source struct {
	words []string
	first map[string]int // where each word stands first
	again []int          // of each place: where the same word stands next, 0 for nowhere
	next  int            // behind the words found last
}

func newSource(text string) *source {
	words := wordsIn(text)
	s := &source{words: words, first: make(map[string]int, len(words)/2), again: make([]int, len(words))}
	for i, w := range slices.Backward(words) {
		if next, ok := s.first[w]; ok {
			s.again[i] = next
		}
		s.first[w] = i
	}
	return s
}

// places yields where a word stands, from the beginning on.
func (s *source) places(word string) iter.Seq[int] {
	return func(yield func(int) bool) {
		at, ok := s.first[word]
		for n := 0; ok && n < maxPositions && yield(at); n++ {
			at = s.again[at]
			ok = at > 0
		}
	}
}

// holds reports whether the words stand in the text, one behind the other. One or two words may be
// anybody's: they must stand where the ones before ended.
func (s *source) holds(words []string) bool {
	if s.at(s.next, words) {
		s.next += len(words)
		return true
	}
	if len(words) < 3 {
		return s.alone(words)
	}
	for p := range s.places(words[0]) {
		if s.at(p, words) {
			s.next = p + len(words)
			return true
		}
	}
	return false
}

// alone reports whether one or two words stand a little behind the ones found last, as in a table
// whose cells are lines of their own.
func (s *source) alone(words []string) bool {
	for p := s.next; p < min(len(s.words), s.next+12); p++ {
		if s.at(p, words) {
			s.next = p + len(words)
			return true
		}
	}
	return false
}

func (s *source) at(p int, words []string) bool {
	if p < 0 || p+len(words) > len(s.words) {
		return false
	}
	for i, w := range words {
		if s.words[p+i] != w {
			return false
		}
	}
	return true
}

// resembles reports whether many of the words follow one another in the text, too.
func (s *source) resembles(words []string) bool {
	pairs, known := 0, 0
	for i := 1; i < len(words); i++ {
		pairs++
		for p := range s.places(words[i-1]) {
			if s.at(p, words[i-1:i+1]) {
				known++
				break
			}
		}
	}
	return pairs > 1 && known*mostlyKnown >= pairs
}

// KeepQuoted returns a reply without the quoted lines that do not stand, word for word, in one of
// these texts, however the client wrapped them.
func KeepQuoted(reply string, texts ...string) string {
	if !strings.Contains(reply, ">") && !strings.Contains(reply, "＞") {
		return reply
	}
	sources := make([]*source, len(texts))
	for i, t := range texts {
		sources[i] = newSource(t)
	}
	kept := func(b string) bool {
		words := wordsIn(strings.TrimLeft(b, ">＞ \t"))
		if len(words) == 0 {
			return strings.Trim(b, ">＞ \t") == "" // a mark alone
		}
		for _, s := range sources {
			if s.anywhere(words) {
				return true
			}
		}
		return false
	}
	var out []string
	dropped := false
	for l := range strings.SplitSeq(reply, "\n") {
		b := trimSpace(l)
		if b == "" || !isQuoted(b) {
			dropped = false
			out = append(out, l)
			continue
		}
		blank := strings.Trim(b, ">＞ \t") == ""
		if !kept(b) {
			dropped = true
			continue
		}
		if blank && (dropped || len(out) == 0 || !isQuoted(trimSpace(out[len(out)-1]))) {
			continue
		}
		dropped = false
		out = append(out, l)
	}
	return trimBlank(strings.Join(unindented(out), "\n"))
}

var quotedLine = late.Compile(`^([>＞](?:[ \t]?[>＞])*)([ \t]*)(.*)$`)

// unindented returns lines without the blanks that all lines of a quote begin with behind their
// marks: Thunderbird indents what a notice quotes itself.
func unindented(lines []string) []string {
	for from := 0; from < len(lines); {
		to, least := from, -1
		for ; to < len(lines) && isQuoted(trimSpace(lines[to])); to++ {
			if m := quotedLine.FindStringSubmatch(lines[to]); m != nil && trimSpace(m[3]) != "" && (least < 0 || len(m[2]) < least) {
				least = len(m[2])
			}
		}
		for i := from; i < to && least > 1; i++ {
			if m := quotedLine.FindStringSubmatch(lines[i]); m != nil {
				lines[i] = m[1] + " " + m[2][min(least, len(m[2])):] + m[3]
			}
		}
		from = max(to, from+1)
	}
	return lines
}
