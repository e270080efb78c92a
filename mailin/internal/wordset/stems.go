package wordset

import (
	"bytes"
	"cmp"
	"math/bits"
	"slices"
	"strings"
)

// Stems are parts of words, any of which is looked for in a text, each with bits that tell what it
// is. One pass over the text finds them all. They are not changed once they are made.
type Stems struct {
	seen   [1 << (headBits - 6)]uint64 // a bit, its place, for each three octets that one begins with: several share one
	before [1 << (headBits - 6)]uint16 // how many bits stand in the words before this one
	from   []uint16                    // by the number of the bit, where its stems begin in all; and where the last one's end
	all    []stem                      // sorted by place
	short  []stem                      // of fewer octets
}

type stem struct {
	text string
	bits uint16
}

const headBits = 13

// StemsOf makes a set of stems, all with the same bit.
func StemsOf(stems []string) *Stems {
	s := &Stems{}
	s.Add(stems, 1)
	return s
}

// Add gives stems, in the case of the texts, these bits. It is for making the set.
func (s *Stems) Add(stems []string, these uint16) {
	for _, text := range stems {
		switch one := (stem{text, these}); {
		case text == "":
			panic("wordset: an empty stem")
		case len(text) < 3:
			s.short = append(s.short, one)
		default:
			s.all = append(s.all, one)
		}
	}
	slices.SortStableFunc(s.all, func(a, b stem) int { return cmp.Compare(placeOf(a.text), placeOf(b.text)) })
	s.from = s.from[:0]
	for i := range s.all {
		at := placeOf(s.all[i].text)
		if i == 0 || at != placeOf(s.all[i-1].text) {
			s.seen[at>>6] |= 1 << (at & 63)
			s.from = append(s.from, uint16(i))
		}
	}
	s.from = append(s.from, uint16(len(s.all)))
	for i := range s.seen[1:] {
		s.before[i+1] = s.before[i] + uint16(bits.OnesCount64(s.seen[i]))
	}
}

// Len returns how many stems there are.
func (s *Stems) Len() int { return len(s.all) + len(s.short) }

// In reports whether one of the stems stands anywhere in the text, also inside of a word.
func (s *Stems) In(text []byte) bool {
	return s.Find(text, func(from, to int) bool { return true }) >= 0
}

// InString does the same for a string, of which it makes no copy.
func (s *Stems) InString(text string) bool {
	in := false
	each(s, text, func(int, *stem) bool {
		in = true
		return true
	})
	return in
}

// Bits returns those of all the stems that stand in the text.
func (s *Stems) Bits(text []byte) uint16 {
	var all uint16
	each(s, text, func(_ int, found *stem) bool {
		all |= found.bits
		return false
	})
	return all
}

// Find returns where the first stem for which fits says yes stands in the text, -1 if none does.
func (s *Stems) Find(text []byte, fits func(from, to int) bool) int {
	first := -1
	each(s, text, func(at int, found *stem) bool {
		if (first < 0 || at < first) && fits(at, at+len(found.text)) {
			first = at
		}
		return first >= 0 && len(s.short) == 0 // short ones are looked for one by one, behind the others
	})
	return first
}

// each calls found with each stem and where it stands, until it says that it has enough: the short
// ones last, the others from the beginning of the text on.
func each[T string | []byte](s *Stems, text T, found func(at int, one *stem) (enough bool)) {
	var three uint32
	for end := range len(text) {
		three = three>>8 | uint32(text[end])<<16
		at := place(three)
		if s.seen[at>>6]&(1<<(at&63)) == 0 || end < 2 {
			continue
		}
		i := end - 2
		k := int(s.before[at>>6]) + bits.OnesCount64(s.seen[at>>6]&(1<<(at&63)-1))
		for j := s.from[k]; j < s.from[k+1]; j++ {
			if one := &s.all[j]; len(one.text) <= len(text)-i && string(text[i:i+len(one.text)]) == one.text && found(i, one) {
				return
			}
		}
	}
	for k := range s.short {
		one := &s.short[k]
		for from := 0; ; {
			i := index(text[from:], one.text)
			if i < 0 {
				break
			}
			if found(from+i, one) {
				return
			}
			from += i + 1
		}
	}
}

func index[T string | []byte](text T, word string) int {
	if b, ok := any(text).([]byte); ok {
		return bytes.Index(b, []byte(word))
	}
	return strings.Index(string(text), word)
}

// placeOf returns the place of the first three octets of a stem.
func placeOf(s string) uint32 { return place(uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16) }

// place spreads three octets over the bits (multiplicative hashing).
func place(three uint32) uint32 { return three * 2654435769 >> (32 - headBits) }
