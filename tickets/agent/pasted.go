package agent

import (
	"slices"
	"strings"
	"unicode"

	"tierdesk/mailin/quote"
	"tierdesk/rules/pattern"
)

// factsBegin is the first of the facts in a notice: the ticket's number behind a label.
var factsBegin = pattern.Late(`^\S[^\n#]{0,40}\s{2,}#\d+(?:\s|$)`)

// pasted returns the lines of a text that stand among the facts in the notice that is answered or
// are what it says of a reply, whole or broken on the way, and a text that gives two of those
// facts, whatever they are now. What the customer gave is none of it: known are their answers to
// forms. It is pure.
func pasted(text, notice string, known []string) []string {
	rows, labels, hint := factsOf(notice, known)
	if len(rows) == 0 {
		return nil
	}
	var out []string
	for line := range strings.Lines(quote.WithoutQuoted(text)) {
		words := wordsOf(line)
		n := strings.Count(words, " ") + 1
		if n > 3 && strings.HasPrefix(hint, words) || n > 1 && slices.ContainsFunc(rows, func(row string) bool {
			long := strings.Count(row, " ") >= 3
			return row == words || long && holdsWords(words, row) || long && n > 2 && strings.HasSuffix(row, " "+words)
		}) {
			out = append(out, strings.TrimSpace(line))
		}
	}
	if len(out) == 0 && labelled(text, labels) {
		out = append(out, strings.Join(strings.Fields(text[:min(len(text), longestShown)]), " "))
	}
	return out
}

// longestShown is how much of a text is shown of which no single line is meant.
const longestShown = 200

// factsOf returns the facts in a notice, as words, the labels of those that a customer does not
// have, and what the notice says at its end of a reply.
func factsOf(notice string, known []string) (rows, labels []string, hint string) {
	last := ""
	for paragraph := range strings.SplitSeq(strings.TrimSpace(notice), "\n\n") {
		last = paragraph
		if !factsBegin().MatchString(strings.TrimLeft(paragraph, "\n")) {
			continue
		}
		for row := range strings.Lines(paragraph) {
			label, value, found := strings.Cut(strings.TrimSpace(row), "  ")
			if !found || strings.ContainsAny(value, "#@") || slices.Contains(known, strings.TrimSpace(value)) {
				continue
			}
			rows = append(rows, wordsOf(row))
			if len(strings.Fields(value)) > 1 {
				labels = append(labels, strings.ToLower(label))
			}
		}
	}
	return rows, labels, wordsOf(last)
}

// labelled reports whether a text gives two facts of the desk's, by their labels, whatever their
// values are now: "Tier: 2, assigned to: Tess".
func labelled(text string, labels []string) bool {
	low, n := strings.ToLower(text), 0
	for _, label := range labels {
		at := strings.Index(low, label)
		if at < 0 || at > 0 && isWordAt(low[:at]) {
			continue
		}
		behind := low[at+len(label):]
		if strings.HasPrefix(behind, "  ") || strings.HasPrefix(behind, "\t") || strings.HasPrefix(behind, ":") {
			n++
		}
	}
	return n > 1
}

// isWordAt reports whether a text ends within a word.
func isWordAt(before string) bool {
	last := []rune(before[max(0, len(before)-4):])
	return unicode.IsLetter(last[len(last)-1])
}

// wordsOf returns the words of a text in small letters, a blank between them.
func wordsOf(s string) string {
	apart := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) }
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), apart), " ")
}

// holdsWords reports whether words stand among others, one behind the other.
func holdsWords(all, some string) bool { return strings.Contains(" "+all+" ", " "+some+" ") }
