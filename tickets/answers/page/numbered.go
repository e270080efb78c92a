package page

import (
	"strings"
	"unicode/utf8"

	"tierdesk/tickets/answers/label"
	"tierdesk/tickets/answers/lexicon"
)

// Numbered returns the number of the question that a line of an answer names first, and what
// stands behind it. bare numbers count too where all lines have them: "1 yes".
func (p *Page) Numbered(text string, bare bool) (q int, rest string, ok bool) {
	if digits, rest, ok := label.Number(text); ok && p.HasNumber(digits) && !p.isRange(text, digits, rest) {
		n, sign := lexicon.Atoi(digits), text[:len(text)-len(rest)]
		if next, _ := utf8.DecodeRuneInString(rest); !(next >= '0' && next <= '9') || p.inSequence(n) || strings.Contains(sign, " ") ||
			!strings.HasSuffix(strings.TrimRight(sign, " "), ".") && !strings.HasSuffix(sign, "-") && !strings.HasSuffix(sign, ":") {
			month := lexicon.Has("month", lexicon.FirstWord(lexicon.Fold(rest)))
			if p.inSequence(n) || !(strings.HasPrefix(strings.TrimLeft(text[len(digits):], " "), ".") && month) {
				return n - 1, rest, true
			}
		}
	}
	if digits, rest, ok := label.Pointed(text); ok && p.HasNumber(digits) {
		return lexicon.Atoi(digits) - 1, rest, true
	}
	if n, rest, ok := label.InWords(text); ok && n >= 1 && n <= len(p.Form.Questions) {
		return n - 1, rest, true
	}
	if place, rest, ok := label.Letter(text); ok && p.Letters && place < len(p.Form.Questions) {
		return place, rest, true
	}
	if n, rest, ok := label.Ordinal(text); ok && n <= len(p.Form.Questions) {
		return n - 1, rest, true
	}
	if bare {
		if digits, rest, ok := label.BareNumber(text); ok && p.HasNumber(digits) {
			return lexicon.Atoi(digits) - 1, rest, true
		}
	}
	return 0, "", false
}

// isRange reports whether a line that begins with a number and a dash is a range, and no label and
// its answer: "4 – 5 people".
func (p *Page) isRange(text, digits, rest string) bool {
	sign := strings.TrimSuffix(text[strings.Index(text, digits)+len(digits):], rest)
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(rest)
	}
	return strings.Contains("-–—", strings.TrimSpace(sign)) && end > 0 && end <= len(digits)+1 && !p.inSequence(lexicon.Atoi(digits))
}

// inSequence reports whether the lines around one that begins with a number count on: "2. April
// 1st" is no second of April then.
func (p *Page) inSequence(n int) bool {
	last := len(p.Form.Questions)
	return p.Counted[n] && (n == 1 || p.Counted[n-1]) && (n == last || p.Counted[n+1]) && len(p.Counted) > 2
}
