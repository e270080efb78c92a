package quote

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// classify gives each line its kind.
func (t *splitter) classify() {
	t.kinds = make([]kind, t.end)
	for i := range t.kinds {
		switch b := t.bare[i]; {
		case b == "":
			t.kinds[i] = kindBlank
		case quoted(b) && !onlyVerb(b):
			t.kinds[i] = kindQuoted
		default:
			t.kinds[i] = kindText
		}
	}
	for i := 1; i+1 < t.end; i++ {
		if t.kinds[i] == kindText && t.wrapped(i) {
			t.kinds[i] = kindQuoted
		}
	}
	for i := 0; i < t.end; i++ {
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

// wrapped reports whether a line is the rest of the quoted line above it, which some program broke without marking it:
// it goes on in small letters, the line above is full, and more quoted lines follow at once.
func (t *splitter) wrapped(i int) bool {
	above, next := t.bare[i-1], t.bare[i+1]
	if t.kinds[i-1] != kindQuoted || above == "" || above[0] != '>' || next == "" || next[0] != '>' && len(t.bare[i]) < 60 {
		return false
	}
	b := t.bare[i]
	first, _, _ := strings.Cut(b, " ")
	c, _ := utf8.DecodeRuneInString(b)
	return unicode.IsLower(c) && len(above)+1+len(first) > 70 && !strings.ContainsAny(above[len(above)-1:], ".?!:;")
}

// quoted reports whether a line is quoted by its mark.
func quoted(b string) bool {
	if b[0] == '>' {
		return true
	}
	return strings.HasPrefix(b, "&gt;") || strings.HasPrefix(b, "＞") || strings.HasPrefix(b, "| ") && len(b) > 2 && strings.Count(b, "|") == 1
}
