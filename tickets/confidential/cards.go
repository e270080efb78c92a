package confidential

import (
	"slices"
	"strings"
)

// Lengths of card numbers (ISO/IEC 7812-1).
const minCard, maxCard = 13, 19

// cards finds payment card numbers: numbers in the issuers' ranges with a valid check digit,
// written as one piece or in groups.
func cards(text string, all []symbol) []Span {
	var out []Span
	for i := 0; i < len(all); i++ {
		if !beginsNumber(text, all, i) {
			continue
		}
		if n := cardAt(all[i:]); n > 0 {
			out = append(out, Span{Card, int(all[i].start), int(all[i+n-1].end)})
			i += n - 1
		}
	}
	return out
}

// beginsNumber reports whether a number may begin at a symbol: it is a digit, is not within another
// number or an identifier, and does not begin a telephone number.
func beginsNumber(text string, all []symbol, i int) bool {
	if !isDigit(all[i].value) || strings.HasSuffix(text[:all[i].start], "+") {
		return false
	}
	return all[i].gap != joined || !isDigit(all[i-1].value) && wordEndsAt(all, i)
}

// minWord is the number of letters that make a word rather than a part of an identifier:
// "Visa4111...".
const minWord = 2

// wordEndsAt reports whether the letters before a symbol form a word.
func wordEndsAt(all []symbol, i int) bool {
	for letters := 0; ; letters++ {
		if before := i - letters - 1; before < 0 || all[before+1].gap != joined {
			return letters >= minWord
		} else if isDigit(all[before].value) {
			return false
		}
	}
}

// cardAt returns the length of the card number that begins with the first symbol, 0 if there is
// none. The longest possible one counts.
func cardAt(all []symbol) int {
	var digits []byte
	found := 0
	for n, s := range all[:min(len(all), maxCard)] {
		if !isDigit(s.value) || n > 0 && s.gap == apart {
			break
		}
		digits = append(digits, s.value)
		if n+1 >= minCard && endsNumber(all, n) && issued(digits) && checked(digits) && inParts(all[:n+1]) {
			found = n + 1
		}
	}
	return found
}

// endsNumber reports whether a number may end with a symbol.
func endsNumber(all []symbol, i int) bool {
	if i+1 == len(all) || all[i+1].gap != joined {
		return true
	}
	letters := 0
	for _, s := range all[i+1:] {
		switch {
		case letters > 0 && s.gap != joined:
			return letters >= minWord
		case isDigit(s.value):
			return false
		}
		letters++
	}
	return letters >= minWord
}

// checked reports whether the last digit is the correct check digit (Luhn, ISO/IEC 7812-1 annex B).
func checked(digits []byte) bool {
	sum := 0
	for i, d := range digits {
		n := int(d - '0')
		if (len(digits)-i)%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// issued reports whether a number is in the range of a card scheme and has one of its lengths.
func issued(digits []byte) bool {
	n, prefix := len(digits), 0
	for _, d := range digits[:6] {
		prefix = prefix*10 + int(d-'0')
	}
	return slices.ContainsFunc(schemes, func(s scheme) bool {
		return prefix >= s.from && prefix <= s.to && n >= s.min && n <= s.max
	})
}

// scheme is a range of the first six digits of a card scheme, and the lengths of its numbers.
type scheme struct{ from, to, min, max int }

var schemes = []scheme{
	{400000, 499999, 13, 13}, // Visa
	{400000, 499999, 16, 19}, // Visa
	{510000, 559999, 16, 16}, // Mastercard
	{222100, 272099, 16, 16}, // Mastercard
	{220000, 220499, 16, 19}, // Mir
	{340000, 349999, 15, 15}, // American Express
	{370000, 379999, 15, 15}, // American Express
	{300000, 305999, 14, 19}, // Diners Club
	{309500, 309599, 14, 19}, // Diners Club
	{360000, 369999, 14, 19}, // Diners Club
	{380000, 399999, 14, 19}, // Diners Club
	{352800, 358999, 16, 19}, // JCB
	{500000, 509999, 13, 19}, // Maestro, Elo, RuPay, Verve, Dankort
	{560000, 699999, 13, 19}, // Maestro, Discover, UnionPay, RuPay, InstaPayment
	{810000, 829999, 16, 19}, // UnionPay, RuPay
	{979200, 979299, 16, 16}, // Troy
}

// inParts reports whether a number is grouped as people group card numbers. A line end may be
// anywhere within the number, or between two groups.
func inParts(number []symbol) bool {
	return regular(parts(number, false)) || regular(parts(number, true))
}

// parts returns the lengths of the groups of a number. atLineEnds says whether a line end ends a
// group.
func parts(number []symbol, atLineEnds bool) []int {
	out := []int{0}
	for i, s := range number {
		if i > 0 && (s.gap == spaced || s.gap == broken && atLineEnds) {
			out = append(out, 0)
		}
		out[len(out)-1]++
	}
	return out
}

// regular reports whether groups of these lengths look like one number: all have the same length
// except the last, or none is short.
func regular(lengths []int) bool {
	last := len(lengths) - 1
	alike := lengths[last] <= lengths[0]
	for _, n := range lengths[:last] {
		alike = alike && n == lengths[0]
	}
	return last == 0 || alike || slices.Min(lengths) >= 3 && lengths[0] >= 4
}
