package quote

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// classify returns each line its kind.
func (t *splitter) classify() {
	t.kinds = slices.Grow(t.kinds[:0], t.end)[:t.end]
	for i := range t.kinds {
		switch b := t.bare[i]; {
		case b == "":
			t.kinds[i] = kindBlank
		case isQuoted(b) && !onlyVerb(b):
			t.kinds[i] = kindQuoted
		default:
			t.kinds[i] = kindText
		}
	}
	for i := 1; i < t.end; i++ {
		if t.kinds[i] == kindText && (i+1 < t.end && t.wrapped(i) || t.ours >= 0 && t.ours < i && t.wrappedAtEnd(i)) {
			t.kinds[i] = kindQuoted
		}
	}
	for i := range min(t.leading, t.end) {
		if t.kinds[i] == kindText {
			t.kinds[i] = kindAttrib
		}
	}
	for i := t.leading; i < t.end; i++ {
		if t.kinds[i] == kindBlank {
			continue
		}
		if start, ok := t.attribution(i); ok {
			for j := start; j <= i; j++ {
				if t.kinds[j] == kindText {
					t.kinds[j] = kindAttrib
				}
			}
		}
	}
}

// wrapped reports whether a line is the rest of the quoted line above it, which some program broke
// without marking it, and more quoted lines follow at once: it goes on in small letters below a
// full line, or with a link that was broken.
func (t *splitter) wrapped(i int) bool {
	above, b, next := t.bare[i-1], t.bare[i], t.bare[i+1]
	if t.kinds[i-1] != kindQuoted || above == "" || next == "" || next[0] != '>' && len(b) < 60 {
		return false
	}
	if continuesLink(above, b) {
		return true
	}
	if above[0] != '>' {
		return false
	}
	first, _, _ := strings.Cut(b, " ")
	c, _ := utf8.DecodeRuneInString(b)
	return unicode.IsLower(c) && len(above)+1+len(first) > 70 && !strings.ContainsAny(above[len(above)-1:], ".?!:;")
}

// continuesLink reports whether a line goes on with the link at the end of the line above: the
// link's bracket is open there and closed here, or one word follows that only links are made of.
func continuesLink(above, b string) bool {
	last := above[strings.LastIndexByte(above, ' ')+1:]
	first, rest, _ := strings.Cut(b, " ")
	if strings.HasSuffix(last, "@") { // an address
		return strings.Contains(first, ".")
	}
	if !strings.Contains(last, "://") && !strings.Contains(last, "mailto:") && !strings.HasPrefix(strings.TrimLeft(last, "(<["), "www.") {
		return continuesLinkPart(last, first)
	}
	for _, brackets := range []string{"()", "<>", "[]"} {
		if strings.Contains(last, brackets[:1]) && !strings.Contains(last, brackets[1:]) {
			return strings.Contains(first, brackets[1:])
		}
	}
	// No link ends as one does that was broken behind such a sign, and a word has no digits.
	return rest == "" && (strings.ContainsAny(first, "/=&%?#_") ||
		strings.IndexByte("-=&?%_", last[len(last)-1]) >= 0 && strings.ContainsAny(first, "0123456789"))
}

// continuesLinkPart reports whether a word goes on with a part of a link that was broken before:
// both are made of what only links are made of.
func continuesLinkPart(above, first string) bool {
	return len(above) > 20 && strings.Count(above, "=")+strings.Count(above, "&")+strings.Count(above, "%") > 1 &&
		strings.ContainsAny(first, "=&%")
}

// wrappedAtEnd reports whether a line is the rest of a full line of the desk's own notice, with
// nothing below it: no agent writes so, and what a notice says must never be taken for an answer.
func (t *splitter) wrappedAtEnd(i int) bool {
	above := t.bare[i-1]
	c, _ := utf8.DecodeRuneInString(t.bare[i])
	return t.kinds[i-1] == kindQuoted && isQuoted(above) && len(above) > 60 && !unicode.IsUpper(c) &&
		!strings.ContainsAny(above[len(above)-1:], ".?!:") && (i+1 == t.end || t.kinds[i+1] != kindText)
}

// withoutInitials takes the initials off the marks of quotes that have them ("JD> Hello"), as The
// Bat and older programs write below an attribution. Without one the lines may be anything: what a
// program prints, or a prompt. It comes before all else, so that every later step, and whoever
// reads the reply, sees the marks that other clients write.
func withoutInitials(text string) string {
	if !maybeInitials(text) {
		return text
	}
	lines := strings.SplitAfter(text, "\n")
	above, marks := "", map[string]bool{} // the last line that is not blank, and the marks that were found
	for i, l := range lines {
		b := trimSpace(l)
		if n := initials(b); n > 0 {
			mark := b[:n+1]
			if !marks[mark] && strings.HasSuffix(above, ":") && len(above) <= 300 {
				_, marks[mark] = findVerb(above)
			}
			if marks[mark] {
				lines[i] = strings.Replace(l, mark, ">", 1)
			}
		}
		if b != "" {
			above = b
		}
	}
	return strings.Join(lines, "")
}

// maybeInitials reports whether a capital stands before a mark: a look of little cost, as nearly no
// mail has any.
func maybeInitials(text string) bool {
	for {
		i := strings.IndexByte(text, '>')
		if i < 0 {
			return false
		}
		if i > 0 && ('A' <= text[i-1] && text[i-1] <= 'Z' || text[i-1] >= utf8.RuneSelf) {
			return true
		}
		text = text[i+1:]
	}
}

// initials returns how long the capitals are that stand before the mark of a quote, 0 if there are
// none or too many.
func initials(b string) int {
	for i, r := range b {
		switch {
		case r == '>' && i > 0:
			return i
		case !unicode.IsUpper(r) || utf8.RuneCountInString(b[:i]) == 3:
			return 0
		}
	}
	return 0
}

// isQuoted reports whether a line is quoted by its mark.
func isQuoted(b string) bool {
	if b != "" && b[0] == '>' {
		return true
	}
	return strings.HasPrefix(b, "&gt;") || strings.HasPrefix(b, "＞") || b == "|" ||
		strings.HasPrefix(b, "| ") && len(b) > 2 && strings.Count(b, "|") == 1
}
