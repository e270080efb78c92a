package wordset

import (
	"bytes"
	"cmp"
	"math/bits"
	"slices"
	"strings"
)

// Stems is a set of parts of words to search for in a text, each with bits that classify it. One
// pass over the text finds them all. The set must not be changed after it has been built.
type Stems struct {
	seen   [1 << (headBits - 6)]uint64 // a bit, its place, for each three octets that a stem begins with; several may share one
	before [1 << (headBits - 6)]uint16 // the number of bits set in the words before this one
	from   []uint16                    // by the number of the bit, where its stems begin in all; and where the last one's end
	fourth []uint32                    // by the number of the bit, a bit for each octet that may follow; several share one
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

// Add adds stems, in the case of the texts, with these bits. It is for building the set.
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
	s.from, s.fourth = s.from[:0], s.fourth[:0]
	for i := range s.all {
		text := s.all[i].text
		at := placeOf(text)
		if i == 0 || at != placeOf(s.all[i-1].text) {
			s.seen[at>>6] |= 1 << (at & 63)
			s.from, s.fourth = append(s.from, uint16(i)), append(s.fourth, 0)
		}
		if last := &s.fourth[len(s.fourth)-1]; len(text) == 3 {
			*last = 1<<32 - 1
		} else {
			*last |= 1 << (text[3] & 31)
		}
	}
	s.from = append(s.from, uint16(len(s.all)))
	for i := range s.seen[1:] {
		s.before[i+1] = s.before[i] + uint16(bits.OnesCount64(s.seen[i]))
	}
}

// AddAll adds the stems of another set with these bits. It is for building the set.
func (s *Stems) AddAll(other *Stems, these uint16) {
	var texts []string
	for _, one := range append(slices.Clip(other.all), other.short...) {
		texts = append(texts, one.text)
	}
	s.Add(texts, these)
}

// Len returns how many stems there are.
func (s *Stems) Len() int { return len(s.all) + len(s.short) }

// In reports whether one of the stems occurs anywhere in the text, even inside a word.
func (s *Stems) In(text []byte) bool {
	return s.Find(text, func(from, to int) bool { return true }) >= 0
}

// InString is In for a string, which it does not copy.
func (s *Stems) InString(text string) bool {
	in := false
	each(s, text, func(int, *stem) bool {
		in = true
		return true
	})
	return in
}

// Bits returns the bits of all the stems that occur in the text.
func (s *Stems) Bits(text []byte) uint16 {
	var all uint16
	each(s, text, func(_ int, found *stem) bool {
		all |= found.bits
		return false
	})
	return all
}

// Find returns the index of the first stem in the text for which fits returns true, -1 if there is
// none.
func (s *Stems) Find(text []byte, fits func(from, to int) bool) int {
	first := -1
	each(s, text, func(at int, found *stem) bool {
		if (first < 0 || at < first) && fits(at, at+len(found.text)) {
			first = at
		}
		return first >= 0 && len(s.short) == 0 // short stems are searched for one by one, after the others
	})
	return first
}

// each calls found with each stem and its position until found returns true. Short stems come last,
// the others in the order of the text.
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
		if end+1 < len(text) && s.fourth[k]&(1<<(text[end+1]&31)) == 0 {
			continue
		}
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

// placeOf returns the place of a stem's first three octets.
func placeOf(s string) uint32 { return place(uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16) }

// place spreads three octets over the bits (multiplicative hashing).
func place(three uint32) uint32 { return three * 2654435769 >> (32 - headBits) }
