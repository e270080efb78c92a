// Package wordset looks for any of many words in one text. Each of a few hundred stems in some
// forty languages would otherwise be sought through the whole text. It owns no words: they stand
// beside what they are for.
package wordset

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"
)

// HoldsSign reports whether one of the signs stands in a text, each a character: what
// strings.ContainsAny does, which looks at each character of the text where a sign is not ASCII.
func HoldsSign(text string, signs ...string) bool {
	for _, s := range signs {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}

// Words are whole words, each with bits that tell what it is. They are not changed once they are
// made.
type Words struct {
	lengths [256]uint64 // of the words that begin with this octet: most words of a text are none by these alone
	bits    map[string]uint16
}

// maxWord is how long a word may be, in octets.
const maxWord = 63

// Add returns words in lower case, with blanks between them, these bits. It is for making the set.
func (w *Words) Add(list string, bits uint16) {
	if w.bits == nil {
		w.bits = map[string]uint16{}
	}
	for _, word := range strings.Fields(list) {
		if len(word) > maxWord {
			panic("wordset: a long word: " + word)
		}
		w.bits[word] |= bits
		w.lengths[word[0]] |= 1 << len(word)
	}
}

// Bits returns those of a word, in capitals or not; 0 if it is not in the set.
func (w *Words) Bits(word string) uint16 {
	if word == "" || len(word) > maxWord {
		return 0
	}
	c := word[0]
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	var buffer [64]byte
	switch lengths := w.lengths[c]; {
	case 0xe3 <= c && c <= 0xe9 && lengths == 0: // it has no case
		return 0
	case !ASCII(word): // its length may be another in lower case
		return w.lower(Lower(buffer[:0], word))
	case lengths&(1<<len(word)) == 0:
		return 0
	}
	return w.bits[string(LowerASCII(buffer[:0], word))]
}

// lower is Bits for a word in lower case.
func (w *Words) lower(word []byte) uint16 {
	if len(word) > maxWord || w.lengths[word[0]]&(1<<len(word)) == 0 {
		return 0
	}
	return w.bits[string(word)]
}

// Lower appends strings.ToLower(s) to dst. It looks up no table for ASCII, the accented letters of
// western languages, Cyrillic and what has no case in Asia, and takes no memory where dst has room.
func Lower(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		if i+8 <= len(s) { // eight octets at once, if they are ASCII
			if x := eight(s[i:]); x&highs == 0 {
				dst = binary.LittleEndian.AppendUint64(dst, x|capitals(x)>>2) // 0x20 is what small letters have more
				i += 8
				continue
			}
		}
		c := s[i]
		switch {
		case c < utf8.RuneSelf:
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			dst = append(dst, c)
			i++
			continue
		case c == 0xc3 && i+1 < len(s) && s[i+1]&0xc0 == 0x80: // U+00C0 to U+00FF
			d := s[i+1]
			if d <= 0x9e && d != 0x97 {
				d += 0x20
			}
			dst = append(dst, c, d)
			i += 2
			continue
		case c == 0xd0 && i+1 < len(s) && s[i+1]&0xc0 == 0x80: // U+0400 to U+043F
			switch d := s[i+1]; {
			case d >= 0xb0:
				dst = append(dst, c, d)
			case d >= 0xa0:
				dst = append(dst, 0xd1, d-0x20)
			case d >= 0x90:
				dst = append(dst, c, d+0x20)
			default:
				dst = append(dst, 0xd1, d+0x10)
			}
			i += 2
			continue
		case c == 0xd1 && i+1 < len(s) && 0x80 <= s[i+1] && s[i+1] < 0xa0: // U+0440 to U+045F, small
			dst = append(dst, c, s[i+1])
			i += 2
			continue
		case 0xe3 <= c && c <= 0xe9 && i+2 < len(s) && s[i+1]&0xc0 == 0x80 && s[i+2]&0xc0 == 0x80: // U+3000 to U+9FFF
			dst = append(dst, c, s[i+1], s[i+2])
			i += 3
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		dst = utf8.AppendRune(dst, unicode.ToLower(r))
		i += n
	}
	return dst
}

// LowerASCII appends s to dst with the letters of ASCII in lower case, and all else as it is:
// quicker where only they are looked for.
func LowerASCII(dst []byte, s string) []byte {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		x := eight(s[i:])
		dst = binary.LittleEndian.AppendUint64(dst, x|capitals(x)>>2)
	}
	for ; i < len(s); i++ {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

// eight returns the first eight octets of a string that has them.
func eight(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// capitals returns the high bit of each octet that is a capital letter of ASCII.
func capitals(x uint64) uint64 {
	low := x &^ highs
	// From 'A' on the first sum reaches the high bit, behind 'Z' the second does, too.
	return (low + ones*(0x80-'A')) &^ (low + ones*(0x80-'Z'-1)) & highs &^ x
}

// Count counts the letters of ASCII in a text, and its octets that are not ASCII.
func Count(s string) (letters, high int) {
	for ; len(s) >= 8; s = s[8:] {
		x := eight(s)
		letters += bits.OnesCount64(capitals(x &^ (0x20 * ones))) // in which small letters are capitals
		high += bits.OnesCount64(x & highs)
	}
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf {
			high++
		} else if 'a' <= c|0x20 && c|0x20 <= 'z' {
			letters++
		}
	}
	return letters, high
}

// ASCII reports whether a text is ASCII alone.
func ASCII(s string) bool {
	for len(s) >= 8 {
		if eight(s)&highs != 0 {
			return false
		}
		s = s[8:]
	}
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// LowerRune is unicode.ToLower, with no look into tables for Cyrillic and what has no case in Asia.
func LowerRune(c rune) rune {
	switch {
	case 0x410 <= c && c <= 0x42f:
		return c + 0x20
	case 0x430 <= c && c <= 0x45f, 0x3000 <= c && c <= 0x9fff, 0xac00 <= c && c <= 0xd7ff:
		return c
	}
	return unicode.ToLower(c)
}
