package quote

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestCard is how many lines a business card has at most.
const longestCard = 9

// withoutCard cuts off a signature that no delimiter sets apart, at the end of the reply: the writer's full name, as in the
// From field, with what stands on a business card below it; or any name with more of that, below the words that close a
// letter.
func (p Parts) withoutCard(name string) Parts {
	words := wordsIn(name)
	if len(words) < 2 || len(words) > 5 {
		words = nil
	}
	lines := strings.SplitAfter(p.Reply, "\n")
	for i := len(lines) - 1; i > 0 && i >= len(lines)-2*longestCard; i-- {
		b := trimSpace(lines[i])
		byName := words != nil && startsCard(b, words)
		if !byName && !isName(b) || !isCard(lines[i:]) || !byName && (!closesAbove(lines[:i]) || !isWholeCard(lines[i:])) {
			continue
		}
		rest := strings.Join(lines[:i], "")
		if wordsIn(rest) == nil {
			return p
		}
		p.Signature = joinParts(strings.Join(lines[i:], ""), p.Signature)
		p.Reply, p.Guessed = trimBlank(rest), true
		return p
	}
	return p
}

// closesAbove reports whether one of the last lines closes a letter.
func closesAbove(lines []string) bool {
	for i := len(lines) - 1; i >= 0 && i >= len(lines)-5; i-- {
		if b := trimSpace(lines[i]); len(b) < 60 && closingPattern.MatchString(b) {
			return true
		}
	}
	return false
}

// isWholeCard reports whether the lines of a card are three or more, with a number or an address among them.
func isWholeCard(lines []string) bool {
	n, contact := 0, false
	for _, l := range lines {
		if b := trimSpace(l); b != "" {
			n++
			contact = contact || strings.ContainsAny(b, "0123456789@")
		}
	}
	return n > 2 && contact
}

// startsCard reports whether a line is the name, in any order, or begins with it: "Jane Doe | Room 7".
func startsCard(line string, name []string) bool {
	has := wordsIn(line)
	if len(has) < len(name) {
		return false
	}
	if len(has) == len(name) {
		for _, w := range name {
			if !slices.Contains(has, w) {
				return false
			}
		}
		return true
	}
	return slices.Equal(has[:len(name)], name) && strings.ContainsAny(line, "|,/·•–")
}

// isCard reports whether lines are those of a business card: short, without sentences, at least two, or one with more than
// a name on it.
func isCard(lines []string) bool {
	n, last := 0, ""
	for _, l := range lines {
		b := trimSpace(l)
		if b == "" {
			continue
		}
		c, _ := utf8.DecodeRuneInString(b)
		contact := strings.ContainsAny(b, "@0123456789|/")
		switch {
		case n >= longestCard, len(b) > 120, ruler(b), strings.Trim(b, "_") == "", isQuoted(b), strings.ContainsAny(b[len(b)-1:], "?!:;"), strings.HasSuffix(b, "？"), strings.HasSuffix(b, "。"),
			unicode.IsLower(c) && !contact, strings.HasPrefix(strings.ToUpper(b), "PS"), strings.HasPrefix(strings.ToUpper(b), "P.S"),
			!contact && strings.Count(b, " ") > 6, strings.HasSuffix(b, ".") && strings.Count(b, " ") > 4:
			return false
		}
		n++
		last = b
	}
	if n == 2 && strings.ContainsAny(last, "0123456789@") {
		return false // a number below the name: to be called at, perhaps
	}
	return n > 1 || n == 1 && strings.ContainsAny(lines[0], "|·•")
}
