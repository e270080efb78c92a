// Package stems looks for any of many words in one text. Each of a few hundred stems in some forty languages would
// otherwise be sought through the whole text. It owns no words: they stand beside what they are for.
package stems

import "strings"

// Text is a text that stems are looked for in. It is not changed once it is made.
type Text struct {
	text string
	seen [1 << (bits - 6)]uint64 // a bit for each three octets that follow one another somewhere: several share one
}

const bits = 15

// Of prepares a text, which is in the case of the stems.
func Of(text string) *Text {
	t := &Text{text: text}
	for i := 0; i+3 <= len(text); i++ {
		at := place(text[i], text[i+1], text[i+2])
		t.seen[at>>6] |= 1 << (at & 63)
	}
	return t
}

// Holds tells whether the stem stands anywhere in the text, also inside of a word.
func (t *Text) Holds(stem string) bool {
	for i := 0; i+3 <= len(stem); i++ {
		if at := place(stem[i], stem[i+1], stem[i+2]); t.seen[at>>6]&(1<<(at&63)) == 0 {
			return false
		}
	}
	return strings.Contains(t.text, stem)
}

// HoldsAny tells whether one of the stems does.
func (t *Text) HoldsAny(stems []string) bool {
	for _, s := range stems {
		if t.Holds(s) {
			return true
		}
	}
	return false
}

// place spreads three octets over the bits (multiplicative hashing).
func place(a, b, c byte) uint32 {
	return (uint32(a) | uint32(b)<<8 | uint32(c)<<16) * 2654435769 >> (32 - bits)
}
