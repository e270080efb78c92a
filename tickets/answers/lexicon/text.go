package lexicon

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Pattern returns what compiles an expression at its first use.
func Pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// apostrophes are written so on some keyboards, and a sharp s as two.
var apostrophes = strings.NewReplacer("’", "'", "‘", "'", "`", "'", "´", "'", "ß", "ss")

// Fold returns a text in small letters without accents, so that people's spelling of them does not
// matter.
func Fold(s string) string {
	s = strings.ToLower(s)
	if !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 || r == '`' }) { // as most words are
		return s
	}
	s = apostrophes.Replace(s)
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
}

// Plain returns a phrase folded, with single blanks and nothing but letters, digits and the signs
// within words.
func Plain(s string) string {
	return strings.Join(strings.FieldsFunc(Fold(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '\''
	}), " ")
}

// Words returns the words of a text, folded.
func Words(s string) []string { return strings.Fields(Plain(s)) }

// Content returns the words of a text that say something.
func Content(s string) []string {
	var out []string
	for _, w := range Words(s) {
		if !Has("stop", w) && (len(w) > 1 || w[0] >= '0' && w[0] <= '9') {
			out = append(out, w)
		}
	}
	return out
}

// IsLetter reports whether a rune is a letter that has a small and a large form, or a sharp s.
func IsLetter(r rune) bool {
	return r != utf8.RuneError && strings.ToLower(string(r)) != strings.ToUpper(string(r)) || r == 'ß'
}

// HasDigit reports whether a text has a digit in it.
func HasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// Capital reports whether a word consists of letters, the first of them a capital.
func Capital(w string) bool {
	for i, r := range strings.ReplaceAll(w, "-", "") {
		if !IsLetter(r) || i == 0 && strings.ToLower(string(r)) == string(r) ||
			i > 0 && r != 'ß' && strings.ToUpper(string(r)) == string(r) {
			return false
		}
	}
	return true
}

// FirstWord returns the first word of a text, without the signs around it; "" if a stop stands
// before it.
func FirstWord(s string) string {
	f := strings.Fields(s)
	if len(f) == 0 || strings.HasPrefix(s, ",") || strings.HasPrefix(s, ".") {
		return ""
	}
	return strings.Trim(f[0], ".,;:!()")
}

// FirstWords returns the beginning of a text.
func FirstWords(text string, n int) string {
	ws := strings.Fields(text)
	return strings.Join(ws[:min(n, len(ws))], " ")
}

// LastWord returns the last word of a text, without the signs around it; "" if it has none.
func LastWord(s string) string {
	f := strings.Fields(s)
	if len(f) == 0 {
		return ""
	}
	return strings.Trim(f[len(f)-1], ".,;:!()")
}

// WordAt returns a word by its place, without the signs around it; "" if there is none.
func WordAt(fields []string, i int) string {
	if i < 0 || i >= len(fields) {
		return ""
	}
	return strings.Trim(fields[i], `().,;:!?"`)
}

// Occurrences returns where a phrase stands in a text as whole words.
func Occurrences(s, phrase string) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for from := 0; ; {
			i := strings.Index(s[from:], phrase)
			if i < 0 {
				return
			}
			at := from + i
			before, after := byte(' '), byte(' ')
			if at > 0 {
				before = s[at-1]
			}
			if end := at + len(phrase); end < len(s) {
				after = s[end]
			}
			if !wordByte(before) && !wordByte(after) && !yield(at) {
				return
			}
			from = at + len(phrase)
		}
	}
}

func wordByte(b byte) bool { return b >= 0x80 || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' }

// FoldedWithOffsets returns a text folded, and for each byte of it where the letter stands that it
// comes from, with the end of the text behind the last one: folding changes lengths.
func FoldedWithOffsets(text string) (low string, origin []int) {
	var b strings.Builder
	for i, r := range text {
		folded := Fold(string(r))
		b.WriteString(folded)
		for range len(folded) {
			origin = append(origin, i)
		}
	}
	return b.String(), append(origin, len(text))
}

// OneOf reports whether one of the words is among others.
func OneOf(ws []string, these ...string) bool {
	return slices.ContainsFunc(ws, func(w string) bool { return slices.Contains(these, w) })
}

// Atoi returns the number that digits are.
func Atoi(s string) int {
	n := 0
	for _, r := range s {
		n = n*10 + int(r-'0')
	}
	return n
}

// Itoa returns a number that is not negative in digits.
func Itoa(n int) string {
	if n > 9 {
		return Itoa(n/10) + Itoa(n%10)
	}
	return string(rune('0' + n))
}

// Joined returns all wordings of a text together.
func Joined(w map[string]string) string {
	var all []string
	for _, s := range w {
		all = append(all, s)
	}
	return strings.Join(all, " ")
}

// Tidy takes off what people and mail programs put around an answer: stars, arrows, blanks.
func Tidy(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(strings.ReplaceAll(l, "\u00a0", " "))
	}
	s = strings.TrimSpace(strings.Join(lines, "\n"))
	for {
		before := s
		for _, mark := range []string{"->", "=>", "-->", "==>", "→", "⇒", ">>", "»", "•", "·", "*", "=", ":", "–", "—", "|", "✓"} {
			if rest, ok := strings.CutPrefix(s, mark); ok && strings.TrimSpace(rest) != "" && mark != "»" {
				s = strings.TrimSpace(rest)
			}
		}
		if rest, ok := strings.CutPrefix(s, "- "); ok {
			s = strings.TrimSpace(rest)
		}
		for _, mark := range []string{"*", "|", "<-", "←"} {
			if rest, ok := strings.CutSuffix(s, mark); ok {
				s = strings.TrimSpace(rest)
			}
		}
		if s == before {
			return s
		}
	}
}

var elided = Pattern(`\b[dl]'`)

// WithoutElision returns a text without the articles and prepositions that are a letter before an
// apostrophe: "bon achat" for "bon d'achat".
func WithoutElision(text string) string { return elided().ReplaceAllString(text, "") }

var arrows = strings.NewReplacer("->", " ", "=>", " ", "<-", " ", "<=", "≤", ">=", "≥")

// WithoutArrows returns a text without the arrows in it, and with signs in the place of pairs that
// mean them.
func WithoutArrows(text string) string { return arrows.Replace(text) }
