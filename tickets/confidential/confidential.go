// Package confidential finds text that should not be passed on: card numbers, account numbers and
// passwords. It owns how they are recognised and is pure. It must never know who reads the text:
// package view decides for whom it is masked.
package confidential

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind of confidential text.
type Kind string

// Kinds.
const (
	Card     Kind = "card"     // a payment card number with a valid check digit
	Account  Kind = "iban"     // an IBAN with valid check digits (ISO 13616)
	Password Kind = "password" // the text after a word such as "password:"
)

// Span is confidential text: the octets from Start up to but excluding End.
type Span struct {
	Kind       Kind
	Start, End int
}

// Find returns the confidential parts of a text, in order and without overlap. It takes time
// proportional to the length of the text.
func Find(text string) []Span {
	var out []Span
	if mayHoldNumber(text) {
		all := symbols(text)
		out = append(cards(text, all), accounts(all)...)
	}
	out = append(out, passwords(text)...)
	slices.SortStableFunc(out, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	kept := out[:0]
	for _, s := range out {
		if len(kept) > 0 && s.Start < kept[len(kept)-1].End {
			kept[len(kept)-1].End = max(kept[len(kept)-1].End, s.End)
			continue
		}
		kept = append(kept, s)
	}
	return kept
}

// Mask replaces each confidential character of a text by a bullet, except white space, so that
// lines are preserved. It reports whether there was anything to replace. The last four characters
// of a card or account number remain: people refer to a card by them.
func Mask(text string) (string, bool) {
	spans := Find(text)
	if len(spans) == 0 {
		return text, false
	}
	var b strings.Builder
	last := 0
	for _, s := range spans {
		b.WriteString(text[last:s.Start])
		b.WriteString(masked(text[s.Start:s.End], s.Kind))
		last = s.End
	}
	b.WriteString(text[last:])
	return b.String(), true
}

const bullet = '•'

func masked(secret string, kind Kind) string {
	shown := 0
	if kind != Password {
		shown = 4
	}
	hidden := utf8.RuneCountInString(secret)
	for i := len(secret); i > 0 && shown > 0; {
		r, size := utf8.DecodeLastRuneInString(secret[:i])
		i -= size
		hidden--
		if isWordRune(r) {
			shown--
		}
	}
	if kind == Password {
		// The length of a password is confidential, too.
		return strings.Repeat(string(bullet), 8)
	}
	return strings.Map(func(r rune) rune {
		if hidden--; hidden < 0 || !isWordRune(r) {
			return r
		}
		return bullet
	}, secret)
}
