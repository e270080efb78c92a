// Package wordset searches a text for many words in one pass. Otherwise each of a few hundred stems
// in some forty languages would take a pass of its own. It owns no words: they stand beside their
// use.
package wordset

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"
)

// HoldsSign reports whether a text contains one of the signs, each a single character. It is
// strings.ContainsAny, which is slow if a sign is not ASCII.
func HoldsSign(text string, signs ...string) bool {
	for _, s := range signs {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}

// Words is a set of whole words, each with bits that classify it. The set must not be changed after
// it has been built.
type Words struct {
	lengths [256]uint64 // of the words that begin with this octet: this alone rules out most words of a text
	bits    map[string]uint16
}

// maxWord is the maximum length of a word, in octets.
const maxWord = 63

// Add adds words in lower case, separated by spaces, with these bits. It is for building the set.
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

// Bits returns the bits of a word in any case; 0 if it is not in the set.
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

// Lower appends strings.ToLower(s) to dst. It uses no tables for ASCII, the accented letters of
// western languages, Cyrillic and Asian characters without case, and does not allocate if dst has
// room.
func Lower(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		if i+8 <= len(s) { // eight octets at a time, if they are ASCII
			if x := eight(s[i:]); x&highs == 0 {
				dst = binary.LittleEndian.AppendUint64(dst, x|capitals(x)>>2) // small letters have 0x20 set
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

// LowerASCII appends s to dst with ASCII letters in lower case and everything else unchanged. It is
// faster where only ASCII is searched for.
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

// eight returns the first eight octets of a string that has at least that many.
func eight(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// capitals returns a word with the high bit set in each octet that is an ASCII capital letter.
func capitals(x uint64) uint64 {
	low := x &^ highs
	// The first sum reaches the high bit from 'A' on, the second one from the octet after 'Z'.
	return (low + ones*(0x80-'A')) &^ (low + ones*(0x80-'Z'-1)) & highs &^ x
}

// Count counts the ASCII letters in a text, and its non-ASCII octets.
func Count(s string) (letters, high int) {
	for ; len(s) >= 8; s = s[8:] {
		x := eight(s)
		letters += bits.OnesCount64(capitals(x &^ (0x20 * ones))) // with small letters turned into capitals
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

// ASCII reports whether a text consists of ASCII alone.
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

// LowerRune is unicode.ToLower, but uses no tables for Cyrillic and Asian characters without case.
func LowerRune(c rune) rune {
	switch {
	case 0x410 <= c && c <= 0x42f:
		return c + 0x20
	case 0x430 <= c && c <= 0x45f, 0x3000 <= c && c <= 0x9fff, 0xac00 <= c && c <= 0xd7ff:
		return c
	}
	return unicode.ToLower(c)
}
