package late

import (
	"bytes"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"

	"tierdesk/mailin/internal/wordset"
)

const (
	shortText = 200  // octets of a text; shorter ones are searched as they are
	minWord   = 3    // minimum length of a word in octets; shorter ones occur in every text
	maxWords  = 24   // the limit up to which a sequence is multiplied out; beyond it the sequence is split
	maxHint   = 1500 // total number of words; searching for more is no longer cheap
)

// hint is a set of words in lower case, at least one of which occurs in every match of an
// expression. Searching for them costs a small fraction of matching. A nil hint means that no such
// words are known.
type hint []string

// hintOf derives the words of an expression from its syntax, as RE2's filters do: of alternatives
// all are needed, of a sequence one part, of optional parts none.
func hintOf(expr string) hint {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil
	}
	words := needsOf(re).best()
	if len(words) > maxHint {
		return nil
	}
	return words
}

// stems returns the words to search for; nil if none are known.
func (h hint) stems() *wordset.Stems {
	if h == nil {
		return nil
	}
	return wordset.StemsOf(h)
}

// mayHold reports whether a text may contain a match of an expression with these stems.
func mayHold(s string, stems *wordset.Stems) bool {
	if stems == nil {
		return true
	}
	var buffer [2048]byte
	return mayHoldLower(wordset.Lower(buffer[:0], s), stems)
}

// mayHoldLower is mayHold for a text that is already in lower case.
func mayHoldLower(low []byte, stems *wordset.Stems) bool {
	return stems == nil || holdsVariant(low) || stems.In(low)
}

// needs describes the matches of an expression: either each match is one of the words in exact, or
// each contains one of the words in any. At most one of the two is set.
type needs struct {
	exact, any []string
}

// best returns the words to search for, nil if there are no selective ones.
func (n needs) best() []string {
	words := n.any
	if n.exact != nil {
		words = n.exact
	}
	if len(words) == 0 || shortest(words) < minWord {
		return nil
	}
	return words
}

func shortest(words []string) int {
	least := len(words[0])
	for _, w := range words {
		least = min(least, len(w))
	}
	return least
}

func needsOf(re *syntax.Regexp) needs {
	switch re.Op {
	case syntax.OpLiteral:
		return needs{exact: []string{lower(string(re.Rune))}}.split()
	case syntax.OpCharClass:
		return ofClass(re.Rune)
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return needs{exact: []string{""}}
	case syntax.OpCapture:
		return needsOf(re.Sub[0])
	case syntax.OpQuest:
		if sub := needsOf(re.Sub[0]); sub.exact != nil && len(sub.exact) < maxWords {
			return needs{exact: unique(append([]string{""}, sub.exact...))}
		}
	case syntax.OpPlus:
		return needs{any: needsOf(re.Sub[0]).best()}
	case syntax.OpRepeat:
		if re.Min > 0 {
			return needs{any: needsOf(re.Sub[0]).best()}
		}
	case syntax.OpConcat:
		return ofSequence(re.Sub)
	case syntax.OpAlternate:
		return ofAlternatives(re.Sub)
	}
	return needs{}
}

// split removes letters with two lower case forms from a literal.
func (n needs) split() needs {
	parts := strings.FieldsFunc(n.exact[0], twoForms)
	if len(parts) == 1 && parts[0] == n.exact[0] {
		return n
	}
	if len(parts) == 0 {
		return needs{}
	}
	return needs{any: []string{slices.MaxFunc(parts, func(a, b string) int { return len(a) - len(b) })}}
}

// ofClass returns the characters of a small class, nothing for a large one.
func ofClass(ranges []rune) needs {
	var words []string
	for i := 0; i+1 < len(ranges); i += 2 {
		if ranges[i+1]-ranges[i] > 8 {
			return needs{}
		}
		for c := ranges[i]; c <= ranges[i+1]; c++ {
			if slices.Contains(variants, string(c)) {
				continue
			}
			w := lower(string(c))
			if twoForms([]rune(w)[0]) {
				return needs{}
			}
			words = append(words, w)
		}
	}
	if words = unique(words); len(words) > 8 {
		return needs{}
	}
	return needs{exact: words}
}

// ofSequence multiplies out adjacent parts as long as that yields few words, and returns the best
// stretch.
func ofSequence(parts []*syntax.Regexp) needs {
	var best []string
	offer := func(words []string) {
		if words = (needs{any: words}).best(); words != nil && (best == nil || better(words, best)) {
			best = words
		}
	}
	stretch, whole := []string{""}, true
	for _, p := range parts {
		n := needsOf(p)
		if n.exact == nil {
			offer(stretch)
			offer(n.any)
			stretch, whole = []string{""}, false
			continue
		}
		if len(stretch)*len(n.exact) > maxWords {
			offer(stretch)
			stretch, whole = []string{""}, false
		}
		if len(n.exact) > maxWords {
			offer(n.exact)
			continue
		}
		var longer []string
		for _, a := range stretch {
			for _, b := range n.exact {
				longer = append(longer, a+b)
			}
		}
		stretch = unique(longer)
	}
	if whole {
		return needs{exact: stretch}
	}
	offer(stretch)
	return needs{any: best}
}

// better reports whether the words a are more selective than b: their shortest word is longer, up
// to a length that is rare in any text.
func better(a, b []string) bool {
	const rare = 8
	x, y := min(shortest(a), rare), min(shortest(b), rare)
	return x > y || x == y && len(a) < len(b)
}

func ofAlternatives(parts []*syntax.Regexp) needs {
	exact := true
	var words []string
	for _, p := range parts {
		n := needsOf(p)
		if n.exact == nil {
			exact = false
		}
		w := append(n.exact, n.any...)
		if len(w) == 0 {
			return needs{}
		}
		words = append(words, w...)
	}
	if words = unique(words); exact {
		return needs{exact: words}
	}
	return needs{any: words}
}

func unique(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}

// lower returns a text in the common lower case letters: a syntax tree may hold any form of a
// letter.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		r = unicode.ToLower(r)
		if slices.Contains(variants, string(r)) {
			return unicode.ToLower(unicode.ToUpper(r))
		}
		return r
	}, s)
}

// twoForms reports whether a letter has two common lower case forms.
func twoForms(r rune) bool { return r == 'σ' || r == 'ς' }

// variants are rare lower case forms of letters (ſ of s, ϐ of β) that a case-insensitive expression
// also matches. They are sorted by their first octet.
var variants = []string{"\u00b5", "\u017f", "\u0345", "\u03d0", "\u03d1", "\u03d5", "\u03d6", "\u03f0", "\u03f1", "\u03f5",
	"\u1c80", "\u1c81", "\u1c82", "\u1c83", "\u1c84", "\u1c85", "\u1c86", "\u1c87", "\u1c88", "\u1e9b", "\u1fbe"}

// holdsVariant reports whether a text in lower case contains a variant. Most texts contain none of
// their first octets.
func holdsVariant(low []byte) bool {
	var first byte
	for _, v := range variants {
		if v[0] == first {
			continue
		}
		first = v[0]
		for rest := low; ; rest = rest[1:] {
			i := bytes.IndexByte(rest, first)
			if i < 0 {
				break
			}
			rest = rest[i:]
			for _, v := range variants {
				if bytes.HasPrefix(rest, []byte(v)) {
					return true
				}
			}
		}
	}
	return false
}
