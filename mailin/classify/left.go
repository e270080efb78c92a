package classify

import (
	"slices"
	"strings"
	"unicode"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/late"
)

// ownerLeft reports whether an automatic answer says that who had its mailbox has left: in a
// sentence of its writer's, or of the mailbox, or that names its owner. A note that tells of a
// colleague, or of a time after which its writer is back, does not.
func (c classifier) ownerLeft() bool {
	text := ordinals.ReplaceAllString(head(withoutOthersWords(unwrapped(c.text)), 900), "$1 $2")
	for _, words := range []interface{ FindAllStringIndex(string, int) [][]int }{left, leftMore} {
		for _, at := range words.FindAllStringIndex(text, 8) {
			if c.aboutOwner(text, at[0], at[1]) {
				return true
			}
		}
	}
	return false
}

// ordinals are full stops that end no sentence: 1. Mai, Dr. Berg.
var ordinals = late.Compile(`(\d|\b(?:Dr|Mr|Mrs|Ms|Prof|St|Hr|Fr|M|Mme|Sr|Sra|Sig|dott|dhr|mevr))\. ?(\pL)`)

// aboutOwner reports whether a sentence that says that somebody has left speaks of who has the
// mailbox.
func (c classifier) aboutOwner(text string, start, end int) bool {
	sentence := sentenceAround(text, start, end)
	if forATime.MatchString(sentence) {
		return false
	}
	// Whom the words are about stands before them, in the same clause.
	clause := text[max(0, start-120):end]
	if i := strings.LastIndexAny(clause[:min(len(clause), start-max(0, start-120))], ".!?;:\n"); i >= 0 {
		clause = clause[i+1:]
	}
	words := text[start:end]
	switch {
	case ofMailbox.MatchString(words), ofOwner.MatchString(clause):
		return true
	case others.MatchString(clause) && !firstPerson.MatchString(words):
		return false
	case firstPerson.MatchString(clause), ofMailbox.MatchString(clause):
		return true
	}
	return c.namesOwner(sentence)
}

// namesOwner reports whether a sentence holds a name of the mail's author, from their display name
// or address.
func (c classifier) namesOwner(sentence string) bool {
	author := c.m.Author()
	local, _, _ := strings.Cut(author.Address, "@")
	for _, name := range strings.FieldsFunc(author.Name+" "+local, func(r rune) bool { return strings.ContainsRune(" .,_-+\"'()", r) }) {
		if len([]rune(name)) > 2 && holdsWord(sentence, name) {
			return true
		}
	}
	return false
}

// holdsWord reports whether a word stands in a text by itself, in letters of either case.
func holdsWord(text, word string) bool {
	word = strings.ToLower(word)
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }) {
		if w == word {
			return true
		}
	}
	return false
}

// maxNamed is how many addresses of a note are kept.
const maxNamed = 3

// named returns the addresses that a note names, but its author's and ours.
func (c classifier) named() []string {
	var out []string
	for _, at := range address.FindAllStringIndex(c.text, 20) {
		a := strings.Trim(c.text[at[0]:at[1]], ".-_'")
		known := mailin.Fold(a) == mailin.Fold(c.m.Author().Address) || c.self.owns(a) || c.keyed(a) || slices.Contains(out, a)
		if !known && len(out) < maxNamed {
			out = append(out, a)
		}
	}
	return out
}

// keyed reports whether an address is one of ours with something behind a plus sign.
func (c classifier) keyed(a string) bool {
	local, domain, _ := strings.Cut(a, "@")
	before, _, plus := strings.Cut(local, "+")
	return plus && c.self.owns(before+"@"+domain)
}

var address = late.Compile(`[\pL\pN._%+'-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)+`)
