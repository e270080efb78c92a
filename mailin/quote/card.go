package quote

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin/internal/late"
)

// longestCard is how many lines a business card has at most.
const longestCard = 9

// maxCardLine is how many octets a line of a card has at most, with the white space around it.
// Without that it has 120.
const maxCardLine = 200

// withoutCard cuts off a signature that no delimiter sets apart, at the end of the reply: the
// writer's full name, as in the From field, with what stands on a business card below it; or any
// name with more of that, below the words that close a letter. It looks at the lines from the last
// one up, no further than to the first that stands on no card.
func (p Parts) withoutCard(name string) Parts {
	words := wordsIn(name)
	if len(words) < 2 || len(words) > 5 {
		words = nil
	}
	var c card
	at := len(p.Reply)
	for range 2 * longestCard {
		end := at
		near := max(0, end-maxCardLine) // no further: a text may be one line of many thousand octets
		above := strings.LastIndexByte(p.Reply[near:max(near, end-1)], '\n')
		if above < 0 {
			return p
		}
		at = near + above + 1
		line := trimSpace(p.Reply[at:end])
		if line == "" {
			continue
		}
		if !c.add(line) {
			return p
		}
		byName := words != nil && startsCard(line, words)
		if !byName && !isName(line) || !c.complete() || !byName && (!c.whole() || !closesAbove(p.Reply[:at])) {
			continue
		}
		rest := p.Reply[:at]
		if wordsIn(rest) == nil {
			return p
		}
		p.Signature = joinParts(p.Reply[at:], p.Signature)
		p.Reply, p.Guessed = trimBlank(rest), true
		return p
	}
	return p
}

// closesAbove reports whether one of the last lines of a text closes a letter.
func closesAbove(text string) bool {
	for range 5 {
		if text == "" {
			return false
		}
		at := strings.LastIndexByte(text[:len(text)-1], '\n') + 1
		if b := trimSpace(text[at:]); len(b) < 60 && closingPattern.MatchString(b) {
			return true
		}
		text = text[:at]
	}
	return false
}

// startsCard reports whether a line is the name, in any order, or begins with it: "Jane Doe | Room
// 7".
func startsCard(line string, name []string) bool {
	if !strings.Contains(strings.ToLower(line), name[0]) {
		return false // hardly a line passes this; the words are taken apart for those that do
	}
	line = withoutBow(withoutProxy(line))
	has := wordsIn(line)
	if len(has) < len(name) {
		return false
	}
	if len(has) == len(name) {
		for _, w := range name {
			if !slices.Contains(has, w) {
				return false
			}
		}
		return true
	}
	return slices.Equal(has[:len(name)], name) && strings.ContainsAny(line, "|,/·•–")
}

// card is what the last lines of a text are as a business card, taken from the last one up.
type card struct {
	lines   int    // that are not blank
	contact bool   // one of them holds a number or an address
	top     string // the line that was added last
	bottom  string
}

// add adds the line above, which must not be blank. It reports whether the lines may still be a
// card: nine at most, all of them short, without sentences.
func (c *card) add(line string) bool {
	if c.lines >= longestCard || !fitsCard(line) {
		return false
	}
	if c.lines == 0 {
		c.bottom = line
	}
	c.lines++
	c.top = line
	c.contact = c.contact || strings.ContainsAny(line, "0123456789@")
	return true
}

// complete reports whether the lines are two at least, or one with more than a name on it. A number
// below a name alone is to be called at, perhaps.
func (c *card) complete() bool {
	if c.lines == 2 && strings.ContainsAny(c.bottom, "0123456789@") {
		return false
	}
	return c.lines > 1 || strings.ContainsAny(c.top, "|·•")
}

// whole reports whether the lines are three or more, with a number or an address among them.
func (c *card) whole() bool { return c.lines > 2 && c.contact }

// Bounds for a line of which nobody doubts that it stands on a business card.
const (
	cardWords = 3  // in a row, beside numbers and addresses
	cardWord  = 24 // characters of one: in some scripts a sentence is one word
)

// isCard reports whether a text is the business card of somebody of one of these names and nothing
// else: their name in the first line, a number or an address, and no line that could be a message.
func isCard(text string, names []string) bool {
	var c card
	for line := range strings.Lines(text) {
		line = trimSpace(line)
		switch {
		case line == "":
			continue
		case c.lines == 0 && !slices.ContainsFunc(names, func(name string) bool {
			words := wordsIn(name)
			return len(words) > 1 && startsCard(line, words)
		}):
			return false
		case c.lines > 0 && invites(line):
			continue
		case !c.add(line) || c.lines > 1 && !saysWhere(line):
			return false
		}
	}
	return c.whole() || c.lines == 1 && inOneLine(c.top)
}

// inOneLine reports whether a line is a whole business card, its parts set apart by bars or dots: a
// number or an address among them, and no part that goes on with a sentence.
func inOneLine(line string) bool {
	parts, reached := 0, false
	for part := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune("|·•", r) }) {
		part = trimSpace(part)
		switch c, _ := utf8.DecodeRuneInString(part); {
		case part == "":
			continue
		case reachedAt.MatchString(part):
			reached = true
		case unicode.IsLower(c) || callsFor.MatchString(part):
			return false
		}
		parts++
	}
	return reached && parts > 2 && saysWhere(line)
}

var (
	// reachedAt: an address, a site, or a telephone number, with a word for that at most.
	reachedAt = late.Compile(`(?i)^(?:(?:t|m|f|p|tel|tél|mob|mobile?|mobil|phone|ph|fon|telefon|téléphone|teléfono|telefono|cell|fax|direct|office|e-?mail|mail|web)[.:]*\s*)?` +
		`(?:\+?[\d(][\d\s().\-]{4,}\d|[^\s@]+@[^\s@]+\.[^\s@]+|(?:https?://|www\.)\S+)$`)
	// callsFor: a number inside other words is to be called at.
	callsFor = late.Compile(`\d[\d\s().\-]{4,}\d`)
)

// invites reports whether a line asks for a meeting, with a link, as people have it below their
// cards: "Book time to meet with me<https://...>".
func invites(line string) bool {
	words, link, found := strings.Cut(line, "http")
	return found && !strings.ContainsAny(link, " ") && toMeet.MatchString(words)
}

// toMeet: these words and no others. Any other line with a link may be what the letter is about.
var toMeet = late.Compile(`(?i)^(?:book (?:a |some )?(?:time|meeting|call|appointment)(?: to meet)?(?: with me)?|schedule (?:a |some )?(?:time|meeting|call)(?: with me)?|` +
	`meet with me|termin (?:mit mir )?(?:vereinbaren|buchen)|(?:hier )?(?:einen )?termin buchen|buchen sie (?:einen termin|zeit)(?: mit mir)?|` +
	`(?:prendre|prenez) (?:un )?rendez-vous(?: avec moi)?|réserve[rz] (?:un rendez-vous|du temps)(?: avec moi)?|` +
	`reserv[ae]r? (?:una (?:reunión|cita)|tiempo)(?: conmigo)?|prenota un (?:appuntamento|incontro)(?: con me)?|` +
	`(?:plan|boek) (?:een )?(?:afspraak|gesprek)(?: met mij)?|marcar (?:uma )?reunião(?: comigo)?|boka (?:ett )?möte(?: med mig)?)[\s:<(\[–-]*$`)

// saysWhere reports whether a line holds no more than a few words between its commas, but for
// numbers and addresses.
func saysWhere(line string) bool {
	if strings.ContainsAny(line[len(line)-1:], ".?!") {
		return false
	}
	for part := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune(",|/·•–", r) }) {
		words := 0
		for w := range strings.FieldsSeq(part) {
			if strings.ContainsAny(w, "@0123456789") || strings.Contains(strings.Trim(w, "."), ".") {
				continue
			}
			if words++; words > cardWords || utf8.RuneCountInString(w) > cardWord {
				return false
			}
		}
	}
	return true
}

// withoutProxy returns a line without the words before a name that say that somebody signs for
// another: "i. A. Ann Able".
func withoutProxy(b string) string {
	if c, _ := utf8.DecodeRuneInString(b); !unicode.IsLower(c) && !strings.HasPrefix(b, "P") && !strings.HasPrefix(b, "I") {
		return b // as nearly all
	}
	if at := proxy.FindString(b); len(at) < len(b) {
		return b[len(at):]
	}
	return b
}

// withoutBow returns a line without the word behind a name with which some languages sign:
// "Ann Able 드림".
func withoutBow(b string) string {
	for _, bow := range [...]string{"드림", "올림", "배상", "拝", "敬上", "谨上", "謹上"} {
		if name, found := strings.CutSuffix(b, bow); found {
			return trimSpace(name)
		}
	}
	return b
}

var proxy = late.Compile(`(?i)^(?:i\.?\s?[av]\.?|ppa\.?|p\.?\s?p\.|pp|p\.\s?o\.|i\.\s?o\.|im auftrag|in vertretung|gez\.|per pro\.?)\s+`)

// fitsCard reports whether a line may stand on a business card.
func fitsCard(b string) bool {
	b = withoutProxy(b)
	if len(b) > 120 || strings.IndexByte("?!:;", b[len(b)-1]) >= 0 || strings.HasSuffix(b, "？") || strings.HasSuffix(b, "。") {
		return false
	}
	blanks := strings.Count(b, " ")
	if blanks > 4 && b[len(b)-1] == '.' {
		return false
	}
	site := blanks == 0 && strings.Contains(b[:len(b)-1], ".") // www.acme.example
	if !site && !strings.ContainsAny(b, "@0123456789|/") {     // nothing to reach somebody by: words
		if c, _ := utf8.DecodeRuneInString(b); blanks > 6 || unicode.IsLower(c) {
			return false
		}
	}
	return !hasPrefixFold(b, "PS") && !hasPrefixFold(b, "P.S") && !ruler(b) && strings.Trim(b, "_") != "" && !isQuoted(b)
}

// hasPrefixFold reports whether s begins with prefix, which is ASCII, in any case.
func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
