package quote

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// classify returns each line its kind.
func (t *splitter) classify() {
	t.kinds = make([]kind, t.end)
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
	if !strings.Contains(last, "://") && !strings.Contains(last, "mailto:") && !strings.HasPrefix(strings.TrimLeft(last, "(<["), "www.") {
		return continuesLinkPart(last, first)
	}
	for _, brackets := range []string{"()", "<>", "[]"} {
		if strings.Contains(last, brackets[:1]) && !strings.Contains(last, brackets[1:]) {
			return strings.Contains(first, brackets[1:])
		}
	}
	return rest == "" && strings.ContainsAny(first, "/=&%?#_")
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

// takeInitials takes the initials off the marks of quotes that have them ("JD> Hello"), as The Bat
// and older programs write below an attribution. Without one the lines may be anything: what a
// program prints, or a prompt.
func (t *splitter) takeInitials() {
	for i := 0; i < len(t.bare); i++ {
		n := initials(t.bare[i])
		if n == 0 {
			continue
		}
		mark, above := t.bare[i][:n+1], i-1
		for above >= 0 && t.bare[above] == "" {
			above--
		}
		if above < 0 || !strings.HasSuffix(t.bare[above], ":") || len(t.bare[above]) > 300 {
			continue
		}
		if _, ok := findVerb(t.bare[above]); !ok {
			continue
		}
		for j := i; j < len(t.bare); j++ {
			if strings.HasPrefix(t.bare[j], mark) {
				t.bare[j] = t.bare[j][n:]
			}
		}
	}
}

// initials returns how many capitals stand before the mark of a quote, 0 if there are none or too
// many.
func initials(b string) int {
	n := 0
	for n < len(b) && n < 4 && 'A' <= b[n] && b[n] <= 'Z' {
		n++
	}
	if n == 0 || n > 3 || n == len(b) || b[n] != '>' {
		return 0
	}
	return n
}

// isQuoted reports whether a line is quoted by its mark.
func isQuoted(b string) bool {
	if b != "" && b[0] == '>' {
		return true
	}
	return strings.HasPrefix(b, "&gt;") || strings.HasPrefix(b, "＞") || b == "|" ||
		strings.HasPrefix(b, "| ") && len(b) > 2 && strings.Count(b, "|") == 1
}
