package label

import (
	"tierdesk/tickets/answers/lexicon"
)

// Cut returns what stands before a sign that makes a label of it, and what stands behind.
func Cut(text string) (label, rest string, ok bool) {
	return twoGroups(labelSign().FindStringSubmatch(text))
}

var labelSign = lexicon.Pattern(`^[*_•·-]*\s*([^:=|\t?…]{2,60}?)\s*[*_]*\s*(?::|=|\||\t| [-–—] |->|→|…|\.{3,}|\?(?:\s|$))\s*[*_]*\s*(.*)$`)

// IsSure reports whether a line has a sign that makes a label of what stands before it, also
// where it is the only one: a dash may stand anywhere.
func IsSure(text string) bool { return sureSign().MatchString(text) }

var sureSign = lexicon.Pattern(`^[^:=|\t]{2,60}[:=|\t]`)

// Number returns the number with which a line begins, and what stands behind it and its sign.
func Number(text string) (digits, rest string, ok bool) {
	return twoGroups(numberSigned().FindStringSubmatch(text))
}

var numberSigned = lexicon.Pattern(`^[*_#•·\[(-]*\s*(\d{1,2})\s*[°º]?\s*(?:[.)\]:]+\*{0,2}|/\s|\s*[-–—=]+>?|\s*→)\s*[-–—:=]?\s*(.*)$`)

// BareNumber returns the number with which a line begins that has no sign behind it: "1 yes".
func BareNumber(text string) (digits, rest string, ok bool) {
	return twoGroups(numberBare().FindStringSubmatch(text))
}

var numberBare = lexicon.Pattern(`^#?(\d{1,2})\s+(\S.*)$`)

// pointer matches what may stand before the number of a question: "Question 3:", "zu 3".
// Pointed returns the number of a question behind a word for one, and what stands behind it.
func Pointed(text string) (digits, rest string, ok bool) {
	m := pointer().FindStringSubmatch(text)
	if m == nil || !lexicon.Has("pointer", lexicon.Plain(m[1])) {
		return "", "", false
	}
	return m[2], m[3], true
}

var pointer = lexicon.Pattern(`^((?:\p{L}[\p{L}.°º]*\s+){0,2}?\p{L}[\p{L}.°º]*)\s*[.:#°º]?\s*(\d{1,2})\s*[.):\]-]?\s*[-–—:]?\s*(.*)$`)

// InWords returns the number of a question that is written out behind a word for one, and what
// stands behind it.
func InWords(text string) (n int, rest string, ok bool) {
	m := pointerWord().FindStringSubmatch(text)
	if m == nil || !lexicon.Has("pointer", lexicon.Plain(m[1])) {
		return 0, "", false
	}
	n, ok = lexicon.Section("number")[lexicon.Plain(m[2])]
	return n, m[3], ok
}

// pointerWord is "Number three:".
var pointerWord = lexicon.Pattern(`^(\pL{1,10}\.?)\s+(\pL+)\s*[.):-]\s*(.*)$`)

// Letter returns the place in the alphabet of the letter with which a line is counted, and
// what stands behind it.
func Letter(text string) (place int, rest string, ok bool) {
	letter, rest, ok := twoGroups(lettered().FindStringSubmatch(text))
	if !ok {
		return 0, "", false
	}
	return int(letter[0]|0x20) - 'a', rest, true
}

// lettered is "b) yes" or "B) yes", as those number who count in letters.
var lettered = lexicon.Pattern(`^\(?([a-zA-Z])[):]\s*(.+)$`)

// Ordinal returns the number that the first word of a line counts, and what stands behind it.
func Ordinal(text string) (n int, rest string, ok bool) {
	word, rest, ok := twoGroups(ordinalWord().FindStringSubmatch(text))
	if !ok {
		return 0, "", false
	}
	n, ok = lexicon.Section("ordinal")[lexicon.Plain(word)]
	return n, rest, ok
}

// ordinalWord is "Firstly, yes".
var ordinalWord = lexicon.Pattern(`^(\pL{3,})\s*[:,.)]\s*(.+)$`)

// AfterWord returns what stands behind a word of a section and a colon: "Answer: yes".
func AfterWord(text, section string) (rest string, ok bool) {
	word, rest, ok := twoGroups(wordBefore().FindStringSubmatch(text))
	return rest, ok && lexicon.Has(section, lexicon.Plain(word))
}

var wordBefore = lexicon.Pattern(`^(\pL{1,10})\s*:\s*(.+)$`)

// twoGroups returns the two groups of a match.
func twoGroups(m []string) (first, second string, ok bool) {
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}
