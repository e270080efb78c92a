package answers

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/value"
)

// findQuestions finds the lines that ask the questions of the form: as they were quoted, whichever
// way they were broken, or as they were copied.
func (s *sheet) findQuestions() {
	for i := 0; i < len(s.lines); i++ {
		if s.lines[i].blank() {
			continue
		}
		best, place, rest, taken, asked := 0.0, -1, "", 0, ""
		for q := range s.form.Questions {
			text := s.lines[i].text
			for n := 1; n <= 4; n++ {
				score, behind, language := asks(&s.form.Questions[q], q+1, text)
				if score > best {
					best, place, rest, taken, asked = score, q, behind, n, language
				}
				if i+n >= len(s.lines) || s.lines[i+n].depth != s.lines[i].depth || s.lines[i+n].blank() ||
					s.lines[i+n].fresh != s.lines[i].fresh || startsNumbered(s.lines[i+n].text) {
					break
				}
				text += " " + s.lines[i+n].text
			}
		}
		if place < 0 {
			continue
		}
		s.asked = asked
		for n := range taken {
			s.lines[i+n].quest = place
		}
		s.lines[i].head, s.lines[i+taken-1].rest = true, rest
		i += taken - 1
	}
}

var numberPrefix = lexicon.Pattern(`^[\s*_#•·-]*\(?(\d{1,2})\s*[.):\]\\]+\s*`)

func startsNumbered(text string) bool { return numberPrefix().MatchString(text) }

// asks returns how well a text asks a question, 0 for not, what stands behind the question, and in
// which language it is asked.
func asks(q *tickets.Question, number int, text string) (score float64, rest, language string) {
	numbered := false
	if m := numberPrefix().FindStringSubmatch(text); m != nil {
		if m[1] != lexicon.Itoa(number) {
			return 0, "", ""
		}
		numbered, text = true, text[len(m[0]):]
	} else if m := bareNumber().FindStringSubmatch(text); m != nil && m[1] == lexicon.Itoa(number) { // cells of a table
		text = m[2]
	}
	if m := answerWord().FindStringSubmatch(text); m != nil && lexicon.Has("pointer", lexicon.Plain(m[1])) { // "Q: "
		text = m[2]
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

// starred finds what was made bold.
var starred = lexicon.Pattern(`\*([^*]+)\*`)

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

// pointer matches what may stand before the number of a question: "Question 3:", "zu 3".
var pointer = lexicon.Pattern(`^((?:\p{L}[\p{L}.°º]*\s+){0,2}?\p{L}[\p{L}.°º]*)\s*[.:#°º]?\s*(\d{1,2})\s*[.):\]-]?\s*[-–—:]?\s*(.*)$`)

var lineNumber = lexicon.Pattern(`^[*_#•·\[(-]*\s*(\d{1,2})\s*[°º]?\s*(?:[.)\]:]+\*{0,2}|/\s|\s*[-–—=]+>?|\s*→)\s*[-–—:=]?\s*(.*)$`)

// pointerWord is "Number three:".
var pointerWord = lexicon.Pattern(`^(\pL{1,10}\.?)\s+(\pL+)\s*[.):-]\s*(.*)$`)

// lettered is "b) yes" or "B) yes", as those number who count in letters.
var lettered = lexicon.Pattern(`^\(?([a-zA-Z])[):]\s*(.+)$`)

// ordinal is "Firstly, yes".
var ordinal = lexicon.Pattern(`^(\pL{3,})\s*[:,.)]\s*(.+)$`)

var bareNumber = lexicon.Pattern(`^#?(\d{1,2})\s+(\S.*)$`)

// numberedLine returns the number of the question that a line of an answer names first, and what
// stands behind it. bare numbers count too where all lines have them: "1 yes".
func (s *sheet) numberedLine(text string, bare bool) (q int, rest string, ok bool) {
	if m := lineNumber().FindStringSubmatch(text); m != nil && s.isNumber(m[1]) && !s.span(text, m[1], m[2]) {
		if next, _ := utf8.DecodeRuneInString(m[2]); !(next >= '0' && next <= '9') || s.inSequence(lexicon.Atoi(m[1])) ||
			strings.Contains(text[:len(text)-len(m[2])], " ") ||
			!strings.HasSuffix(strings.TrimRight(text[:len(text)-len(m[2])], " "), ".") &&
				!strings.HasSuffix(text[:len(text)-len(m[2])], "-") && !strings.HasSuffix(text[:len(text)-len(m[2])], ":") {
			if word := lexicon.FirstWord(lexicon.Fold(m[2])); s.inSequence(lexicon.Atoi(m[1])) ||
				!(strings.HasPrefix(strings.TrimLeft(text[len(m[1]):], " "),
					".") && lexicon.Has("month", word)) {
				return lexicon.Atoi(m[1]) - 1, m[2], true
			}
		}
	}
	if m := pointer().FindStringSubmatch(text); m != nil && lexicon.Has("pointer", lexicon.Plain(m[1])) && s.isNumber(m[2]) {
		return lexicon.Atoi(m[2]) - 1, m[3], true
	}
	if m := pointerWord().FindStringSubmatch(text); m != nil && lexicon.Has("pointer", lexicon.Plain(m[1])) {
		if n, ok := lexicon.Section("number")[lexicon.Plain(m[2])]; ok && n >= 1 && n <= len(s.form.Questions) {
			return n - 1, m[3], true
		}
	}
	if m := lettered().FindStringSubmatch(text); m != nil && s.letters && letter(m[1]) < len(s.form.Questions) {
		return letter(m[1]), m[2], true
	}
	if m := ordinal().FindStringSubmatch(text); m != nil {
		if n, ok := lexicon.Section("ordinal")[lexicon.Plain(m[1])]; ok && n <= len(s.form.Questions) {
			return n - 1, m[2], true
		}
	}
	if bare {
		if m := bareNumber().FindStringSubmatch(text); m != nil && s.isNumber(m[1]) {
			return lexicon.Atoi(m[1]) - 1, m[2], true
		}
	}
	return 0, "", false
}

// span reports whether a line that begins with a number and a dash is a range, and no label and its
// answer: "4 – 5 people".
func (s *sheet) span(text, digits, rest string) bool {
	sign := strings.TrimSuffix(text[strings.Index(text, digits)+len(digits):], rest)
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(rest)
	}
	return strings.Contains("-–—", strings.TrimSpace(sign)) && end > 0 && end <= len(digits)+1 && !s.inSequence(lexicon.Atoi(digits))
}

// inSequence reports whether the lines around one that begins with a number count on: "2. April
// 1st" is no second of April then.
func (s *sheet) inSequence(n int) bool {
	last := len(s.form.Questions)
	return s.counted[n] && (n == 1 || s.counted[n-1]) && (n == last || s.counted[n+1]) && len(s.counted) > 2
}

// letter returns the place in the alphabet of a letter from a to z or A to Z: 0 for the first.
func letter(s string) int { return int(s[0]|0x20) - 'a' }

func (s *sheet) isNumber(digits string) bool {
	n := lexicon.Atoi(digits)
	return n >= 1 && n <= len(s.form.Questions) && !strings.HasPrefix(digits, "0")
}

var labelled = lexicon.Pattern(`^[*_•·-]*\s*([^:=|\t?…]{2,60}?)\s*[*_]*\s*(?::|=|\||\t| [-–—] |->|→|…|\.{3,}|\?(?:\s|$))\s*[*_]*\s*(.*)$`)

// labelledLine returns the question that a label before a colon names, and what stands behind it.
func (s *sheet) labelledLine(text string) (q int, rest string, ok bool) {
	m := labelled().FindStringSubmatch(text)
	if m == nil || len(strings.Fields(m[1])) > 8 || len(lexicon.Plain(m[1])) < 2 {
		return 0, "", false
	}
	if q = s.named(m[1]); q < 0 {
		q = s.misspelt(m[1])
	}
	if q >= 0 && !sureSign().MatchString(text) && slices.ContainsFunc(lexicon.Words(m[1]), func(w string) bool {
		return lexicon.Has("stop", w) && !lexicon.Has("determiner", w) && !slices.Contains(s.labelWords(q), w)
	}) {
		return 0, "", false // "I know ... but"
	}
	return q, m[2], q >= 0
}

// named returns the only question that a label names, -1 for none: by its field, or by words that
// stand in no other question.
func (s *sheet) named(label string) int {
	label = strings.ReplaceAll(label, ".", "")
	p := lexicon.Plain(label)
	for i := range s.form.Questions {
		if p == lexicon.Plain(strings.NewReplacer("_", " ", "-", " ", ".", " ").Replace(s.form.Questions[i].Name)) {
			return i
		}
	}
	want := lexicon.Content(label)
	if len(want) == 0 {
		want = lexicon.Words(label) // "Since:"
	}
	for _, like := range []func(label, word string) bool{
		func(a, b string) bool { return a == b }, lexicon.Alike, lexicon.SameMeaning, lexicon.PartOf,
		func(a, b string) bool { return len(want) == 1 && lexicon.ShortFor(a, b) }} {
		found, n := -1, 0
		for i := range s.form.Questions {
			if lexicon.EachMatches(want, s.labelWords(i), like) {
				found = i
				n++
			}
		}
		if n == 1 {
			return found
		}
		if n > 1 {
			return -1
		}
	}
	return -1
}

// misspelt returns the only question that a label names with a slip of the fingers, -1 for none.
func (s *sheet) misspelt(label string) int {
	found := -1
	for i := range s.form.Questions {
		if want := lexicon.Content(label); len(want) > 0 && lexicon.EachMatches(want, s.labelWords(i), func(a, b string) bool {
			return a == b || len(b) > 4 && !lexicon.HasDigit(a+b) && lexicon.Slip(a, b, 1)
		}) {
			if found >= 0 {
				return -1
			}
			found = i
		}
	}
	return found
}

// labelWords are the words by which people may name a question.
func (s *sheet) labelWords(q int) []string {
	return append(lexicon.Words(lexicon.Joined(s.form.Questions[q].Ask)), lexicon.Words(strings.NewReplacer("_", " ", "-", " ", ".",
		" ").Replace(s.form.Questions[q].Name))...)
}
