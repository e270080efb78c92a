package compose

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// shingle is the number of consecutive words that count as a leak. A letter of a script without
// spaces counts as half a word.
const shingle = 8

// runs is the set of hashes of all runs of shingle words of some texts.
type runs map[uint64]struct{}

func runsOf(texts []string) runs {
	out := runs{}
	for _, text := range texts {
		windows(words(visible(text)), func(h uint64, _, _ int) { out[h] = struct{}{} })
	}
	return out
}

// sentences looks for markers of notices and for runs of words of internal texts, in a visible
// text. A run counts only if none of its words belongs to a public run, so that "she wrote" before
// a public sentence does not make a leak of it.
func (g *gate) sentences(where, text string) {
	g.phrases(where, text)
	if len(g.secrets.Internal) == 0 {
		return
	}
	g.words = appendWords(g.words[:0], text)
	all := g.words
	if g.internal == nil {
		g.internal = runsOf(g.secrets.Internal)
	}
	var suspect [][2]int
	windows(all, func(h uint64, from, to int) {
		if _, ok := g.internal[h]; ok {
			suspect = append(suspect, [2]int{from, to})
		}
	})
	if len(suspect) == 0 {
		return
	}
	if g.public == nil {
		g.public = runsOf(g.secrets.Public)
	}
	covered := make([]bool, len(all))
	windows(all, func(h uint64, from, to int) {
		if _, ok := g.public[h]; ok {
			for i := from; i < to; i++ {
				covered[i] = true
			}
		}
	})
	for _, s := range suspect {
		if !slices.Contains(covered[s[0]:s[1]], true) {
			g.hit(InternalText, where, join(all[s[0]:s[1]]))
		}
	}
}

// phrases looks for the markers of notices.
func (g *gate) phrases(where, text string) {
	sentence := ""
	for _, m := range g.markers {
		if !containsWords(text, m) {
			continue
		}
		if sentence == "" {
			sentence = oneSentence(text)
		}
		if strings.Contains(sentence, m) {
			g.hit(NoticeMarker, where, m)
		}
	}
}

func containsWords(text, all string) bool {
	for w := range strings.SplitSeq(all, " ") {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// oneSentence joins the lines of a text, without their quote prefixes.
func oneSentence(text string) string {
	fields := strings.Fields(text)
	fields = slices.DeleteFunc(fields, func(f string) bool { return strings.Trim(f, ">|") == "" })
	return strings.Join(fields, " ")
}

type word struct {
	text string
	hash uint64
	half bool // a letter of a script without spaces
}

// words splits a lower-case text into runs of letters and digits.
func words(text string) []word { return appendWords(make([]word, 0, len(text)/6), text) }

func appendWords(out []word, text string) []word {
	start := -1
	flush := func(end int) {
		if start >= 0 {
			out = append(out, word{text: text[start:end], hash: hash(text[start:end])})
			start = -1
		}
	}
	for i, r := range text {
		switch {
		case r < utf8.RuneSelf:
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
				if start < 0 {
					start = i
				}
			} else {
				flush(i)
			}
		case r >= 0x0E00 &&
			unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Khmer, unicode.Lao, unicode.Myanmar):
			flush(i)
			n := utf8.RuneLen(r)
			out = append(out, word{text: text[i : i+n], hash: hash(text[i : i+n]), half: true})
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if start < 0 {
				start = i
			}
		default:
			flush(i)
		}
	}
	flush(len(text))
	return out
}

// windows calls f for each run of words that counts as much as shingle words.
func windows(all []word, f func(h uint64, from, to int)) {
	for i := range all {
		var h uint64
		weight := 0
		for j := i; j < len(all); j++ {
			h = h*0x9E3779B97F4A7C15 + all[j].hash
			if weight += 2; all[j].half {
				weight--
			}
			if weight >= 2*shingle {
				f(h, i, j+1)
				break
			}
		}
		if weight < 2*shingle {
			return
		}
	}
}

// hash returns the FNV-1a hash of s.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

func join(w []word) string {
	var b strings.Builder
	for i, x := range w {
		if i > 0 && !x.half {
			b.WriteByte(' ')
		}
		b.WriteString(x.text)
	}
	return b.String()
}
