package page

import (
	"html"
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
)

// cleared returns a line without what hides where its answer begins: numbers in boxes and circles
// are written as others are, and a greeting before the first one is taken off. A second one has to
// stand on the line, too, or begin the next: "please deliver to: 1. floor" counts nothing.
func cleared(text, next string) string {
	text = keycap().ReplaceAllString(text, "$1. ")
	var b strings.Builder
	for _, r := range text {
		if r >= '①' && r <= '⑳' {
			b.WriteString(lexicon.Itoa(int(r-'①')+1) + ". ")
			continue
		}
		b.WriteRune(r)
	}
	text = b.String()
	m := greeted().FindStringSubmatch(text)
	if m != nil && (secondIn(m[2]) || secondIn(next)) &&
		(clause.Greets(m[1]) || slices.ContainsFunc(lexicon.Words(m[1]), func(w string) bool {
			return lexicon.Has("smalltalk", w)
		})) {
		return m[2]
	}
	return text
}

// secondIn reports whether a text goes on with the second one of a list, and not with "room 2.".
func secondIn(text string) bool {
	return slices.ContainsFunc(second().FindAllStringIndex(text, -1), func(at []int) bool {
		return !lexicon.Has("numbered", lexicon.LastWord(lexicon.Fold(text[:at[0]])))
	})
}

var (
	second  = lexicon.Pattern(`(?:^|[\s,;/(])[*_]*2(?:\s*[.):]|\x{FE0F}?\x{20E3})|②`)
	keycap  = lexicon.Pattern(`(\d)\x{FE0F}?\x{20E3}[.):]?\s*`)
	greeted = lexicon.Pattern(`^([^\d]{2,60})[,!:.]\s*(\(?1\s*[.):].*)$`)
)

// restore puts signs back that a mail's plain text has lost and its HTML has: a program that cannot
// write "12 €" writes "12 ?".
func restore(lines []Line, m *mailin.Message) {
	if !m.Plain || m.HTML == "" {
		return
	}
	shown, runes, left := "", []rune(nil), maxRestored
	for i := range lines {
		if !strings.Contains(lines[i].Text, "?") || !lines[i].New || len(lines[i].Text) > maxRestoredLine {
			continue
		}
		if left--; left < 0 {
			return
		}
		if shown == "" {
			shown = html.UnescapeString(tags().ReplaceAllString(m.HTML[:min(len(m.HTML), maxTables)], ""))
			shown = strings.Join(strings.Fields(shown), " ")
			runes = []rune(shown)
		}
		lines[i].Text = withSigns(lines[i].Text, shown, runes)
	}
}

// How many lines, and how long ones, are looked for in the HTML: it takes the product of all three.
const (
	maxRestored     = 40
	maxRestoredLine = 200
)

// withSigns returns a text as it is shown, if nothing but signs in the place of its question marks
// is different, and nowhere else as it is. What is shown is given twice, also as its runes.
func withSigns(text, shown string, all []rune) string {
	if strings.Contains(shown, strings.Join(strings.Fields(text), " ")) {
		return text
	}
	have := []rune(strings.Join(strings.Fields(text), " "))
	for at := 0; at+len(have) <= len(all); at++ {
		same := true
		for i, r := range have {
			if all[at+i] != r && (r != '?' || all[at+i] < 0x80) {
				same = false
				break
			}
		}
		if same {
			return string(all[at : at+len(have)])
		}
	}
	return text
}

var tags = lexicon.Pattern(`(?s)<[^>]*>`)
