// Package clause owns how a text is cut into sentences and clauses, and what those say of
// themselves: that they deny, doubt, except or correct. It must never know what a value is.
package clause

import (
	"slices"
	"strings"

	"tierdesk/tickets/answers/lexicon"
)

// Clause is a part of a text between two stops.
type Clause struct {
	Text   string
	Opened bool // it belongs to the first sentence
}

var clauseEnds = lexicon.Pattern(`[.!\n]+|[,;:–—()]| - `)

// Of returns the parts of a text, without the words that join them.
func Of(text string) []Clause {
	var out []Clause
	opened := true
	add := func(part string) {
		ws := lexicon.Words(part)
		for at := len(ws) - 1; at > 0; at-- { // "yes but not yet"
			if lexicon.Has("but", ws[at]) {
				out = append(out, Clause{strings.Join(ws[:at], " "), opened})
				ws = ws[at:]
				break
			}
		}
		for len(ws) > 1 && lexicon.Has("but", ws[0]) {
			ws = ws[1:]
		}
		if len(ws) > 0 {
			out = append(out, Clause{strings.Join(ws, " "), opened})
		}
	}
	from := 0
	for _, m := range clauseEnds().FindAllStringIndex(text, -1) {
		add(text[from:m[0]])
		if from = m[1]; len(out) > 0 && strings.ContainsAny(text[m[0]:m[1]], ".!\n") {
			opened = false
		}
	}
	add(text[from:])
	return out
}

// Sentences returns the sentences of a text, not cut at the full stops of dates and titles.
func Sentences(text string) []string {
	text = unstopped(text)
	var out []string
	from := 0
	for _, m := range sentenceEnds().FindAllStringIndex(text, -1) {
		if part := strings.TrimSpace(text[from : m[0]+1]); part != "" {
			out = append(out, part)
		}
		from = m[1]
	}
	if part := strings.TrimSpace(text[from:]); part != "" {
		out = append(out, part)
	}
	return out
}

var sentenceEnds = lexicon.Pattern(`[.!?](?:\s+|$)|\n`)

// unstopped returns a text whose full stops behind titles and streets end no sentence, since a
// blank that breaks no line stands there, and without those behind the days of a month.
func unstopped(text string) string {
	text = numbered().ReplaceAllString(titles().ReplaceAllString(text, "$1.\u00a0"), "$1.\u00a0$2")
	return monthDays().ReplaceAllStringFunc(text, func(m string) string {
		if fields := strings.Fields(m); lexicon.Has("month", lexicon.Plain(fields[1])) {
			return strings.Replace(m, ".", "", 1)
		}
		return m
	})
}

var titles = lexicon.Pattern(`\b(Mr|Mrs|Ms|Dr|Prof|Hr|Fr|St|Tel|ca|bzw|M|Mme|Sr|Sra|Sig|geb|Rag|Ing|Dott)\. `)

var numbered = lexicon.Pattern(`(\b[Nn][or]|[Ss]tr)\. (\d)`)

var monthDays = lexicon.Pattern(`\d{1,2}\. \pL+`)

// Pieces returns the sentences and clauses of a text.
func Pieces(text string) []string {
	text = years().ReplaceAllString(text, "$1 $2") // 1 April, 2026
	text = unstopped(text)
	parts := strings.FieldsFunc(strings.NewReplacer(". ", "\n", "! ", "\n", "? ", "?\n", "; ", "\n", ", and ", "\n", ", und ", "\n",
		", et ", "\n",
		", y ", "\n", ", e ", "\n", ", en ", "\n", ", ", "\n").Replace(text), func(r rune) bool { return r == '\n' })
	return slices.DeleteFunc(parts, func(part string) bool { return strings.TrimSpace(part) == "" })
}

var years = lexicon.Pattern(`(\pL|\d|st|nd|rd|th), ((?:19|20)\d\d\b)`)
