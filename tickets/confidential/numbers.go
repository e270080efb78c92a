package confidential

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// symbol is a letter or digit that may be part of a number, in its plain form, and what precedes
// it.
type symbol struct {
	start, end int32 // octets in the text
	value      byte  // '0' to '9', 'A' to 'Z'
	gap        gap   // between the symbol before and this one
}

// gap is what separates two symbols.
type gap byte

const (
	joined gap = iota // nothing visible
	broken            // a line ends; the number may have been cut anywhere
	spaced            // a blank, dash, dot, slash or the like: the parts of one number are set off so
	apart             // anything else: it ends a number
)

// mayHoldNumber is a quick check whether a text may contain a card or account number. The text must
// have as many digits as a card number, or a word that begins with a country code and two digits,
// without any text in between that would end a number.
func mayHoldNumber(text string) bool {
	between, run := apart, 0
	digits := 0            // up to here
	var letters, after int // the last letters, as far as they count, and the digits after them
	var country [2]byte    // these letters
	var begins [2]bool     // which of them begin a word
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		i += size
		value, ok := plain(r)
		if !ok {
			if r == ' ' && between == joined {
				between, run = spaced, 1
			} else {
				between, run = widened(between, run, r)
			}
			continue
		}
		if between == apart {
			digits, letters, after = 0, 0, 0
		}
		if isDigit(value) {
			digits++
			after++
			if digits >= minCard || letters == 2 && after == 2 && begins[0] && ibanLengths[string(country[:])] > 0 {
				return true
			}
		} else {
			if after > 0 {
				letters = 0
			}
			country[0], country[1], begins[0], begins[1] = country[1], value, begins[1], between != joined
			digits, letters, after = 0, min(letters+1, 2), 0
		}
		between, run = joined, 0
	}
	return false
}

// symbols returns the letters and digits of a text. Full-width and other Unicode digits become
// plain ones; invisible characters are ignored.
func symbols(text string) []symbol {
	out := make([]symbol, 0, len(text))
	between, run := apart, 0
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		if value, ok := plain(r); ok {
			out = append(out, symbol{value: value, start: int32(i), end: int32(i + size), gap: between})
			between, run = joined, 0
		} else {
			between, run = widened(between, run, r)
		}
		i += size
	}
	return out
}

// maxGap is the maximum number of characters between two groups of a number: "1234 - 5678".
const maxGap = 4

// widened returns a gap extended by one character, and its new length.
func widened(between gap, run int, r rune) (gap, int) {
	switch {
	case between == apart:
		return apart, 0
	case isInvisible(r) || r == '\r':
		return between, run
	case run >= maxGap || unicode.IsLetter(r):
		return apart, 0
	case r == '\n':
		if between == joined || run == 0 {
			return broken, run + 1
		}
		return spaced, run + 1
	case r == '>' && between != joined, unicode.IsSpace(r):
		// Spaces at the end of a line, and a quote mark at the beginning of the next.
		if between == broken {
			return broken, run + 1
		}
		return spaced, run + 1
	case isSeparator(r):
		return spaced, run + 1
	}
	return apart, 0
}

func isSeparator(r rune) bool {
	if r < utf8.RuneSelf {
		return strings.IndexByte("./_|:~-", byte(r)) >= 0
	}
	return r == '·' || r == '−' || unicode.Is(unicode.Pd, r)
}

func isInvisible(r rune) bool {
	return r >= utf8.RuneSelf && (unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r))
}

// isWordRune reports whether a character is part of a number, a name or a secret, rather than a
// space or punctuation.
func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// plain returns the plain form of a digit or Latin letter.
func plain(r rune) (byte, bool) {
	switch {
	case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
		return byte(r), true
	case r >= 'a' && r <= 'z':
		return byte(r - 'a' + 'A'), true
	case r >= 'Ａ' && r <= 'Ｚ':
		return byte(r - 'Ａ' + 'A'), true
	case r >= 'ａ' && r <= 'ｚ':
		return byte(r - 'ａ' + 'A'), true
	case r >= 0x80 && unicode.Is(unicode.Nd, r):
		return '0' + byte(digitOf(r)), true
	}
	return 0, false
}

// digitOf returns the value of a decimal digit: in Unicode the ten digits of a script are
// consecutive, starting with zero, as are the five sets of mathematical digits.
func digitOf(r rune) rune {
	if r >= 0x1D7CE && r <= 0x1D7FF {
		return (r - 0x1D7CE) % 10
	}
	value := rune(0)
	for unicode.Is(unicode.Nd, r-value-1) && value < 9 {
		value++
	}
	return value
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }
