package number

import (
	"slices"
	"strings"

	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
)

// Conclusion is the number to which a text comes at its end.
type Conclusion struct {
	Value  string
	Before string // what stands before it
	Thing  string // the word behind it, "" for none
	Total  bool   // words behind or before it say that it is all of them
}

// Concluded returns the number with which a text ends behind a word for what follows from the rest:
// "four books and a film, so five", "elf Kinder, macht 13 zusammen". Of a text that doubts, takes
// back or counts some of them there is none, nor of one whose end is less than what stands before.
func Concluded(text, language string) (Conclusion, bool) {
	ws := lexicon.JoinNumbers(lexicon.Words(WithDozens(text)))
	at, n := -1, 0
	for i := len(ws) - 1; i > 0 && i >= len(ws)-maxConcluded && at < 0; i-- {
		if v, ok := digitsOrWord(ws[i]); ok && !(v == 1 && lexicon.Has("determiner", ws[i])) {
			at, n = i, v
		}
	}
	if at < 0 || clause.Doubtful(text) || slices.ContainsFunc(ws, clause.Denies) || lexicon.HasAny(ws, "others") ||
		lexicon.PhraseIn("maybe", text) {
		return Conclusion{}, false
	}
	lead, follows := at, false
	for lead > 0 && (lexicon.Has("thatmakes", ws[lead-1]) || isHence(ws[lead-1], language)) {
		lead--
		follows = follows || lexicon.Section("thatmakes")[ws[lead]] > 0 || isHence(ws[lead], language)
	}
	c := Conclusion{Value: lexicon.Itoa(n), Before: strings.Join(ws[:lead], " ")}
	said := strings.Join(ws[lead:], " ")
	c.Total = lexicon.PhraseIn("total", said)
	behind := strings.Fields(withoutPhrases("total", strings.Join(ws[at+1:], " ")))
	if len(behind) > 1 || lead == 0 || !follows && !c.Total {
		return Conclusion{}, false
	}
	if len(behind) == 1 {
		c.Thing = behind[0]
	}
	if most, any := largest(c.Before); any && most > float64(n) {
		return Conclusion{}, false
	}
	return c, true
}

// isHence reports whether a word says that what is behind it follows: German "so" and English
// "also" do not.
func isHence(word, language string) bool {
	return lexicon.Has("hence", word) && word != map[string]string{"de": "so", "en": "also", "": "also"}[language]
}

// maxConcluded is how many words behind the number still belong to it.
const maxConcluded = 5

// digitsOrWord returns the whole number that a word is.
func digitsOrWord(word string) (int, bool) {
	if digitsAlone().MatchString(word) {
		return lexicon.Atoi(word), true
	}
	return lexicon.NumberNamed(word)
}

// withoutPhrases returns folded words without the phrases of a section.
func withoutPhrases(section, text string) string {
	text = " " + text + " "
	for _, phrase := range lexicon.LongestFirst(section) {
		text = strings.ReplaceAll(text, " "+phrase+" ", " ")
	}
	return strings.TrimSpace(text)
}

// WithDozens returns a text with a dozen and half a dozen in digits, but for those that go on: "a
// dozen or so", "a dozen and a half".
func WithDozens(text string) string {
	var b strings.Builder
	from := 0
	for _, m := range dozen().FindAllStringSubmatchIndex(text, -1) {
		if next := lexicon.FirstWord(lexicon.Fold(text[m[1]:])); lexicon.Has("either", next) || lexicon.Has("neithernor", next) {
			continue
		}
		n := "12"
		if m[4] >= 0 {
			n = "6"
		}
		b.WriteString(text[from:m[3]] + n)
		from = m[1]
	}
	return b.String() + text[from:]
}

// dozen finds one dozen, or half of it. What joins a half to it stays as it is.
var dozen = lexicon.Pattern(`(?i)(^|\s)(?:(half an? |(?:ein )?halbes |(?:une )?demi-|(?:una )?media |(?:una )?mezza |(?:een )?half )|an? |one |ein |une |una |een )` +
	`(?:dozen|dutzend|douzaine|docena|dozzina|dozijn)\b`)
