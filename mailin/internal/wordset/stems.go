package wordset

import (
	"bytes"
	"cmp"
	"slices"
)

// Stems are parts of words, any of which is looked for in a text, each with bits that tell what it
// is. One pass over the text finds them all. They are not changed once they are made.
type Stems struct {
	seen  [1 << (headBits - 6)]uint64 // a bit for each three octets that one begins with: several share one
	heads []uint32                    // those three octets of each, sorted
	all   []stem                      // in the same order
	short []stem                      // of fewer octets
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
func (s *Stems) Add(stems []string, bits uint16) {
	for _, text := range stems {
		switch one := (stem{text, bits}); {
		case text == "":
			panic("wordset: an empty stem")
		case len(text) < 3:
			s.short = append(s.short, one)
		default:
			s.all = append(s.all, one)
		}
	}
	slices.SortStableFunc(s.all, func(a, b stem) int { return cmp.Compare(head(a.text), head(b.text)) })
	s.heads = make([]uint32, len(s.all))
	for i := range s.all {
		s.heads[i] = head(s.all[i].text)
		at := place(s.heads[i])
		s.seen[at>>6] |= 1 << (at & 63)
	}
}

// Len returns how many stems there are.
func (s *Stems) Len() int { return len(s.all) + len(s.short) }

// In reports whether one of the stems stands anywhere in the text, also inside of a word.
func (s *Stems) In(text []byte) bool {
	return s.Find(text, func(from, to int) bool { return true }) >= 0
}

// Bits returns those of all the stems that stand in the text.
func (s *Stems) Bits(text []byte) uint16 {
	var bits uint16
	s.each(text, func(_ int, found *stem) bool {
		bits |= found.bits
		return false
	})
	return bits
}

// Find returns where the first stem for which fits says yes stands in the text, -1 if none does.
func (s *Stems) Find(text []byte, fits func(from, to int) bool) int {
	first := -1
	s.each(text, func(at int, found *stem) bool {
		if (first < 0 || at < first) && fits(at, at+len(found.text)) {
			first = at
		}
		return first >= 0 && len(s.short) == 0 // short ones are looked for one by one, behind the others
	})
	return first
}

// each calls found with each stem and where it stands, until it says that it has enough: the short
// ones last, the others from the beginning of the text on.
func (s *Stems) each(text []byte, found func(at int, one *stem) (enough bool)) {
	for i := 0; i+3 <= len(text); i++ {
		three := uint32(text[i]) | uint32(text[i+1])<<8 | uint32(text[i+2])<<16
		if at := place(three); s.seen[at>>6]&(1<<(at&63)) == 0 {
			continue
		}
		k, _ := slices.BinarySearch(s.heads, three)
		for ; k < len(s.heads) && s.heads[k] == three; k++ {
			if one := &s.all[k]; len(one.text) <= len(text)-i && string(text[i:i+len(one.text)]) == one.text && found(i, one) {
				return
			}
		}
	}
	for k := range s.short {
		one := &s.short[k]
		for from := 0; ; {
			i := bytes.Index(text[from:], []byte(one.text))
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

func head(s string) uint32 { return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 }

// place spreads three octets over the bits (multiplicative hashing).
func place(three uint32) uint32 { return three * 2654435769 >> (32 - headBits) }
