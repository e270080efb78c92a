package choice

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/lexicon"
)

// withLengths returns a text in which a length of time is written as the choices of a question
// write theirs, if one of them is that long: of "sixty mins" and "an hour" 60 minutes.
func withLengths(q *tickets.Question, text string) string {
	group, lengths := lengthsOf(q)
	if group == 0 || strings.ContainsAny(text, "?¿<>≤≥~≈±+") {
		return text
	}
	ws := lexicon.JoinNumbers(strings.Fields(strings.ReplaceAll(lexicon.Plain(attachedLength().ReplaceAllString(text, "$1 $2")), "-", " ")))
	for i := 0; i < len(ws); i++ {
		n, size := lengthAt(ws[i:], group)
		if written := lengths[n]; size > 0 && written != "" {
			if strings.Contains(" "+lexicon.Plain(text)+" ", " "+lexicon.Plain(written)+" ") {
				return text
			}
			return strings.Join(slices.Concat(ws[:i], []string{written}, ws[i+size:]), " ")
		}
	}
	return text
}

// lengthsOf returns the lengths between which a question lets choose, and the kind of their unit; 0
// if not each choice is a number of one.
func lengthsOf(q *tickets.Question) (group int, written map[int]string) {
	written = map[int]string{}
	for _, c := range q.Choices {
		ws := lexicon.Words(c.Value)
		if len(ws) != 2 || strings.Trim(ws[0], "0123456789") != "" || len(ws[0]) > 4 {
			return 0, nil
		}
		unit := lexicon.Section("span")[ws[1]]
		if unit == 0 || group != 0 && unit != group {
			return 0, nil
		}
		group, written[lexicon.Atoi(ws[0])] = unit, c.Value
	}
	return group, written
}

// lengthAt returns the length with which words begin, and how many of them it is; 0 for none. An
// hour is 60 minutes.
func lengthAt(ws []string, group int) (n, size int) {
	if group == spanMinute {
		for _, phrase := range lexicon.LongestFirst("inminutes") {
			if of := strings.Fields(phrase); len(of) <= len(ws) && slices.Equal(ws[:len(of)], of) {
				return lexicon.Section("inminutes")[phrase], len(of)
			}
		}
	}
	if len(ws) < 2 || lexicon.Section("span")[ws[1]] != group {
		return 0, 0
	}
	n, ok := lexicon.NumberNamed(ws[0])
	if strings.Trim(ws[0], "0123456789") == "" && len(ws[0]) < 5 {
		n, ok = lexicon.Atoi(ws[0]), true
	}
	if !ok {
		return 0, 0
	}
	return n, 2
}

// spanMinute is the minutes among the lengths of time.
const spanMinute = 4

var attachedLength = lexicon.Pattern(`(\d)(\pL{1,9})`)
