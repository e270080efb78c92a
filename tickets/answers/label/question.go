package label

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/value"
)

// Asks returns how well a text asks a question, 0 for not, what stands behind the question, and in
// which language it is asked.
func Asks(q *tickets.Question, number int, text string) (score float64, rest, language string) {
	numbered := false
	if m := numberPrefix().FindStringSubmatch(text); m != nil {
		if m[1] != lexicon.Itoa(number) {
			return 0, "", ""
		}
		numbered, text = true, text[len(m[0]):]
	} else if digits, behind, ok := BareNumber(text); ok && digits == lexicon.Itoa(number) { // cells of a table
		text = behind
	}
	if behind, ok := AfterWord(text, "pointer"); ok { // "Q: "
		text = behind
	}
	for l, ask := range q.Ask {
		sc, behind := covers(ask, text)
		need := 0.8
		if numbered {
			need = 0.6
		}
		if sc >= need && sc > score {
			score, rest, language = sc, withoutHint(q, behind), l
		}
	}
	if numbered && score > 0 {
		score += 0.5
	}
	return score, rest, language
}

// Titled returns the question that a cell names or asks, -1 for none.
func Titled(s *sheet.Sheet, cell string) int {
	for q := range s.Form.Questions {
		if score, rest, _ := Asks(&s.Form.Questions[q], q+1, cell); score > 0 && rest == "" {
			return q
		}
	}
	if len(lexicon.Words(cell)) > 5 {
		return -1
	}
	return Named(s, strings.Trim(cell, ":?* "))
}

// covers returns which share of a question's words stand at the beginning of a text, in order, and
// what stands behind the last of them.
func covers(ask, text string) (share float64, rest string) {
	want := lexicon.Words(ask)
	spans := wordSpans(text)
	if len(want) == 0 || len(spans) == 0 {
		return 0, ""
	}
	matched, at, end, first := 0, 0, 0, -1
	for _, w := range want {
		for j := at; j < len(spans) && j < at+2; j++ {
			if spans[j].word == w {
				if first < 0 {
					first = j
				}
				matched, at, end = matched+1, j+1, spans[j].end
				break
			}
		}
	}
	if first != 0 { // what stands before a question belongs to the line above
		return 0, ""
	}
	if rest = text[end:]; strings.HasSuffix(strings.TrimRight(ask, " ?:."), ")") { // "(in kg)?"
		rest = strings.TrimPrefix(rest, ")")
	}
	rest = strings.TrimLeft(rest, " \t?!:.*_…")
	return float64(matched) / float64(len(want)), rest
}

type wordSpan struct {
	word string
	end  int
}

// wordSpans returns the words of a text, folded, with where each ends.
func wordSpans(text string) []wordSpan {
	var out []wordSpan
	start := -1
	flush := func(end int) {
		if start >= 0 {
			for _, w := range lexicon.Words(text[start:end]) {
				out = append(out, wordSpan{w, end})
			}
			start = -1
		}
	}
	for i, r := range text {
		if isWordRune(r) {
			if start < 0 {
				start = i
			}
		} else {
			flush(i)
		}
	}
	flush(len(text))
	return out
}

func isWordRune(r rune) bool {
	return lexicon.IsLetter(r) || r >= '0' && r <= '9' || r == '\'' || r == '’' || r >= 0x300 && r < 0x370
}

// withoutHint takes the hint in brackets off what stands behind a question.
func withoutHint(q *tickets.Question, rest string) string {
	trimmed := strings.TrimLeft(rest, " *_")
	if !strings.HasPrefix(trimmed, "(") {
		return rest
	}
	end := strings.IndexByte(trimmed, ')')
	if end < 0 {
		return "" // the rest of the hint stands on another line
	}
	typed := q.Kind == tickets.AskYesNo || q.Kind == tickets.AskChoice || q.Kind == tickets.AskDate
	if marked := starred().FindAllStringSubmatch(trimmed[1:end], -1); typed && len(marked) == 1 {
		return marked[0][1] // (yes or *no*)
	}
	if _, how := value.Of(q, trimmed[1:end], value.Context{}); typed && how == reading.Clear &&
		strings.Trim(trimmed[end+1:], " ?.:*_") == "" {
		return trimmed[1:end] // of "(yes or no)" they left "(yes)"
	}
	if inside := lexicon.Words(trimmed[1:end]); q.Kind == tickets.AskText && !q.Optional && len(inside) > 0 &&
		!slices.Contains(lexicon.Words(lexicon.Joined(q.Ask)), inside[0]) {
		return rest
	}
	behind := strings.TrimLeft(trimmed[end+1:], " \t?!:.*_…")
	if q.Optional && strings.HasPrefix(behind, "(") { // (a date) (optional)
		return withoutHint(q, behind)
	}
	return behind
}

// starred finds what was made bold.
var starred = lexicon.Pattern(`\*([^*]+)\*`)

var numberPrefix = lexicon.Pattern(`^[\s*_#•·-]*\(?(\d{1,2})\s*[.):\]\\]+\s*`)

// StartsNumbered reports whether a line begins with a number and a sign behind it.
func StartsNumbered(text string) bool { return numberPrefix().MatchString(text) }
