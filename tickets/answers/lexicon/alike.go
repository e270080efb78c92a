package lexicon

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tierdesk/rules/fault"
)

// Alike reports whether two folded words are forms of one: "laptop" and "laptops".
func Alike(a, b string) bool {
	if a == b {
		return true
	}
	if HasDigit(a + b) {
		return false // another number is another thing
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) >= 4 && len(b)-len(a) <= 3 && strings.HasPrefix(b, a[:max(4, len(a)-1)]) && (len(a) != len(b) || inflects(a, b)) &&
		!lookAlike(a, b)
}

// lookAlike reports whether two words begin as forms of one do and are none: "train" and "trailer".
func lookAlike(a, b string) bool {
	group := Section("lookalike")
	return group[a] != 0 && group[b] != 0 && group[a] != group[b]
}

// inflects reports whether two words of one length differ in a last letter that inflects them:
// "neue" and "neun" do not, "rosso" and "rossa" do.
func inflects(a, b string) bool {
	const endings = "aeions"
	return strings.ContainsRune(endings, rune(a[len(a)-1])) && strings.ContainsRune(endings, rune(b[len(b)-1]))
}

// SameMeaning reports whether two folded words are forms of one, or stand for the same thing:
// "restarted" and "reboot".
func SameMeaning(a, b string) bool {
	group := Section("like")[a]
	return Alike(a, b) || group != 0 && group == Section("like")[b]
}

// Matches reports whether a word is one of a question's: a form of it, one that stands for the
// same, or a part of a compound.
func Matches(word string, own []string) bool {
	for _, part := range []string{word, Bare(word)} {
		if slices.ContainsFunc(own, func(o string) bool {
			o = Bare(o)
			return SameMeaning(part, o) || compound(part, o) || compound(o, part) ||
				len(part) > 4 && ShortFor(part, o) && strings.HasSuffix(part, "nr")
		}) {
			return true
		}
	}
	return false
}

// Bare returns a word without the article before it and the ending behind it: "d'ordine",
// "pupil's".
func Bare(word string) string {
	for _, front := range []string{"d'", "l'", "j'", "s'", "qu'", "dell'", "all'"} {
		word = strings.TrimPrefix(word, front)
	}
	return strings.TrimSuffix(word, "'s")
}

// compound reports whether a word is the beginning or the end of a longer one: "Nacht" of
// "Hotelnächte".
func compound(part, whole string) bool {
	stem := strings.TrimRight(part, "ens")
	return len(stem) >= 4 && len(whole) > len(part)+2 && (strings.HasPrefix(whole, stem) ||
		strings.HasSuffix(strings.TrimRight(whole, "ens"), stem))
}

// ShortFor reports whether a label abbreviates a word: "Stk" for "Stück", "Bestnr" for
// "Bestellnummer".
func ShortFor(label, word string) bool {
	if len(label) < 3 || len(label) > 8 || len(word) <= len(label) || label[0] != word[0] || Has("stop", word) {
		return false
	}
	rest := word
	for _, r := range label {
		i := strings.IndexRune(rest, r)
		if i < 0 {
			return false
		}
		rest = rest[i+1:]
	}
	return true
}

// PartOf reports whether one word is the beginning of the other: "Stück" and "Stückzahl".
func PartOf(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) >= 5 && strings.HasPrefix(b, a)
}

// Slip reports whether a word is a slip away from another: a letter in four, two in eight at most.
func Slip(have, want string, most int) bool {
	limit := min(most, utf8.RuneCountInString(want)/4)
	return limit > 0 && fault.Distance(have, want) <= limit && (have[0] == want[0] || beginsSlipped(have, want))
}

// beginsSlipped reports whether the first letter of a word is a slip: the key beside the right one,
// or two letters that changed places. "Assen" is another town than "Essen", "Minux" is none.
func beginsSlipped(have, want string) bool {
	if len(have) != len(want) || len(want) < 2 {
		return false
	}
	if have[1:] == want[1:] {
		return beside(have[0], want[0])
	}
	return have[0] == want[1] && have[1] == want[0] && have[2:] == want[2:]
}

// keyboards are the rows of keys that have letters, in half keys from the left.
var keyboards = [][]string{
	{"q w e r t y u i o p", " a s d f g h j k l", "   z x c v b n m"},
	{"q w e r t z u i o p", " a s d f g h j k l", "   y x c v b n m"},
	{"a z e r t y u i o p", " q s d f g h j k l m", "   w x c v b n"},
}

// beside reports whether two keys are next to each other on some keyboard.
func beside(a, b byte) bool {
	for _, rows := range keyboards {
		for i, row := range rows {
			at := strings.IndexByte(row, a)
			if at < 0 {
				continue
			}
			for _, other := range rows[max(0, i-1):min(len(rows), i+2)] {
				if n := strings.IndexByte(other, b); n >= 0 && max(n-at, at-n) <= 2 {
					return true
				}
			}
		}
	}
	return false
}

// EachMatches reports whether each word of a label has its like among those of a question.
func EachMatches(want, have []string, like func(label, word string) bool) bool {
	for _, w := range want {
		if !slices.ContainsFunc(have, func(h string) bool { return like(w, h) }) {
			return false
		}
	}
	return true
}

// Mentions counts the words of a question that a sentence has.
func Mentions(sentence string, own []string) int {
	have := Words(sentence)
	n := 0
	for _, w := range own {
		if slices.ContainsFunc(have, func(h string) bool { return SameMeaning(h, w) }) {
			n++
		}
	}
	return n
}
