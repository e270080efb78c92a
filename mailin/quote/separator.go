package quote

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin/internal/late"
	"tierdesk/mailin/internal/wordset"
)

// separator is what a line separates, by its words.
type separator byte

const (
	original   separator = 1 << iota // a reply from the mail that it answers
	forwarding                       // a covering note from a mail that was forwarded
	replyAbove                       // a reply from the notice of a help desk, that asks to write above the line
)

// separatorOf returns what a line separates, without what is drawn before it and marks of quotes.
func separatorOf(b string) separator {
	if b == "" {
		return 0
	}
	whole := b
	if b[0] == '>' {
		b = strings.TrimLeft(b, "> \t")
	}
	if b == "" || len(b) > 160 {
		return 0
	}
	if strings.HasPrefix(b, "---") && strings.EqualFold(strings.Trim(b, "- "), "original") {
		return original
	}
	b = stripPrefix(b, " \t>*_#=|-–—")
	c, _ := utf8.DecodeRuneInString(b)
	at := &phrases[byte(wordset.LowerRune(c))]
	if len(b) < 2 || at.second&second(b) == 0 {
		return 0
	}
	var parts separator
	for _, p := range at.all {
		if parts&p.parts != 0 || len(b) < len(p.text) || !mayBegin(b, p.text) || !strings.EqualFold(b[:len(p.text)], p.text) {
			continue
		}
		rest := b[len(p.text):]
		next, _ := utf8.DecodeRuneInString(rest)
		switch {
		case p.parts != forwarding && len(rest) <= 60 && strings.IndexFunc(rest, unicode.IsLetter) < 0,
			p.parts == forwarding && len(whole) <= 160 && !unicode.IsLetter(next):
			parts |= p.parts
		}
	}
	return parts
}

// second returns a bit for the second character of s, in capitals or not; some share one. It
// returns all bits where that is seldom one of a phrase: some letters of ASCII are the same as
// others beyond it.
func second(s string) uint32 {
	_, n := utf8.DecodeRuneInString(s)
	c, _ := utf8.DecodeRuneInString(s[n:])
	switch {
	case c < utf8.RuneSelf:
	case 0x410 <= c && c <= 0x44f: // Cyrillic
		c = wordset.LowerRune(c)
	default:
		return 1<<32 - 1
	}
	return 1 << (c & 31)
}

// mayBegin is a quick look at whether a line begins with a phrase, whose first character it has: by
// the next few octets, as far as they are ASCII.
func mayBegin(b, phrase string) bool {
	for i := 1; i < 5 && i < len(phrase); i++ {
		x, y := b[i], phrase[i]
		if x >= utf8.RuneSelf || y >= utf8.RuneSelf {
			break
		}
		if x|0x20 != y|0x20 {
			return false
		}
	}
	return true
}

// cutBlocks ends the text at the first separator ("-----Original Message-----") or block of header
// lines that has something above it.
func (t *splitter) cutBlocks() {
	marked := t.end < len(t.lines) // at the marker of a notice that is not quoted
	t.leading = t.leadingBlock()
	for i := t.leading; i < t.end; i++ {
		b := t.bare[i]
		if b == "" {
			continue
		}
		headOnly := b[0] == '>' && (t.quotedHead(i) || groupWise.MatchLine(b) && !t.quoteFollows(i+1))
		if b[0] == '>' && !headOnly { // history as it is; an answer may stand below
			switch {
			case t.separators[i]&replyAbove == 0 || t.ours >= 0:
				continue
			case t.quoteFollows(i + 1):
				t.ours = i
				continue
			}
		}
		cut := -1
		switch {
		case headOnly, t.separators[i]&(original|replyAbove) != 0:
			cut = i
		case strings.HasPrefix(b, "_____") && strings.Trim(b, "_") == "":
			if j := t.next(i + 1); j >= 0 && t.headerBlock(j) {
				cut = i
			}
		case t.headerBlock(i):
			if t.headed = t.headed || !t.anyAbove(i); t.unquotedNotice && !t.anyAbove(i) {
				t.end = i // nothing stands above the desk's own notice
				return
			}
			if !t.anyAbove(i) { // the mail begins with it: what is below is what there is
				for i+1 < t.end {
					if k, _ := headerLabel(t.bare[i+1]); k == 0 && t.bare[i+1] != "" {
						break
					}
					i++
				}
				continue
			}
			cut = i
		default:
			if j, ok := t.notesBlock(i); ok {
				cut = j
			}
		}
		if cut >= 0 && t.anyAbove(cut) {
			if cut > 0 && len(t.bare[cut-1]) < 80 && messageOf.MatchString(t.bare[cut-1]) {
				cut--
			}
			for cut > 0 && (t.bare[cut-1] == "" || ruler(t.bare[cut-1]) || heading(t.bare[cut-1])) {
				cut--
			}
			t.end = cut
			return
		}
	}
	if marked {
		t.cutLead()
	}
}

// messageOf: a line above a block of header lines that says of when the mail below is.
var messageOf = late.Compile(`(?i)^(?:message (?:du|of|from)|nachricht vom|mensaje del?|messaggio del|bericht van|mensagem de)\s[^.!?]{0,20}\d[^!?]*$`)

// groupWise is how GroupWise heads a mail that it does not quote.
var groupWise = late.Compile(`^>>> .*\pL.*\d[:.]\d\d\W.*>>>$`)

// quotedHead reports whether from line i on only the head of a mail is quoted, beginning with when
// the mail is of: the webmail of Orange does not quote what stands below.
func (t *splitter) quotedHead(i int) bool {
	labels := 0
	for j := i; j < t.end && j < i+14; j++ {
		b := t.bare[j]
		if b == "" {
			continue
		}
		inner := strings.TrimLeft(b, "> ")
		label, _ := headerLabel(inner)
		switch {
		case b[0] != '>':
			return labels > 1
		case j == i && !messageOf.MatchLine(inner), j > i && label == 0 && inner != "":
			return false
		case label != 0:
			labels++
		}
	}
	return false
}

// leadingBlock returns how many lines a separator, a block of header lines or both take at the very
// top, above lines that are quoted and a text below these; 0 if there are none. They are an
// attribution then.
func (t *splitter) leadingBlock() int {
	first := t.next(0)
	if first < 0 || t.ours >= 0 || t.unquotedNotice {
		return 0
	}
	end := first
	if t.separators[first]&original != 0 {
		end = first + 1
	}
	if i := t.next(end); i >= 0 && t.headerBlock(i) {
		for end = i; end < t.end && t.bare[end] != "" && t.bare[end][0] != '>'; end++ {
			if k, _ := headerLabel(t.bare[end]); k == 0 && t.lines[end][0] != ' ' && t.lines[end][0] != '\t' {
				break
			}
		}
	}
	switch {
	case end == first:
		return 0
	case t.quoteFollows(end):
		return end
	case end == first+1: // an attribution may stand below the separator
		for i, n := end, 0; i < t.end && n < 3; i++ {
			if t.bare[i] != "" {
				n++
			}
			if t.quoteFollows(i) && mayEndAttribution(t.bare[i], true) {
				return end
			}
		}
	}
	return 0
}

// phrase is what a line says that separates something.
type phrase struct {
	text  string
	parts separator
}

// phrases by their first character; some characters share a place.
var phrases = func() (by [256]struct {
	all    []phrase
	second uint32 // the bits of their second characters
}) {
	add := func(parts separator, list []string) {
		for _, p := range list {
			c, _ := utf8.DecodeRuneInString(p)
			at := &by[byte(c)]
			at.all = append(at.all, phrase{p, parts})
			at.second |= second(p)
		}
	}
	add(original, phrasesOf(originalList))
	add(forwarding, phrasesOf(forwardedList))
	add(replyAbove, phrasesOf(replyAboveList))
	return by
}()
