package answers

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tierdesk/tickets"
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

var numberPrefix = pattern(`^[\s*_#•·-]*\(?(\d{1,2})\s*[.):\]\\]+\s*`)

func startsNumbered(text string) bool { return numberPrefix().MatchString(text) }

// asks returns how well a text asks a question, 0 for not, what stands behind the question, and in
// which language it is asked.
func asks(q *tickets.Question, number int, text string) (score float64, rest, language string) {
	numbered := false
	if m := numberPrefix().FindStringSubmatch(text); m != nil {
		if m[1] != itoa(number) {
			return 0, "", ""
		}
		numbered, text = true, text[len(m[0]):]
	} else if m := bareNumber().FindStringSubmatch(text); m != nil && m[1] == itoa(number) { // cells of a table
		text = m[2]
	}
	if m := answerWord().FindStringSubmatch(text); m != nil && known().has("pointer", plain(m[1])) { // "Q: "
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

func itoa(n int) string {
	if n > 9 {
		return itoa(n/10) + itoa(n%10)
	}
	return string(rune('0' + n))
}

// covers returns which share of a question's words stand at the beginning of a text, in order, and
// what stands behind the last of them.
func covers(ask, text string) (share float64, rest string) {
	want := words(ask)
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
			for _, w := range words(text[start:end]) {
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
	return isLetter(r) || r >= '0' && r <= '9' || r == '\'' || r == '’' || r >= 0x300 && r < 0x370
}

// starred finds what was made bold.
var starred = pattern(`\*([^*]+)\*`)

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
	if _, how := value(q, trimmed[1:end], When{}); typed && how == clear && strings.Trim(trimmed[end+1:], " ?.:*_") == "" {
		return trimmed[1:end] // of "(yes or no)" they left "(yes)"
	}
	if inside := words(trimmed[1:end]); q.Kind == tickets.AskText && !q.Optional && len(inside) > 0 &&
		!slices.Contains(words(joined(q.Ask)), inside[0]) {
		return rest
	}
	behind := strings.TrimLeft(trimmed[end+1:], " \t?!:.*_…")
	if q.Optional && strings.HasPrefix(behind, "(") { // (a date) (optional)
		return withoutHint(q, behind)
	}
	return behind
}

func joined(w tickets.Worded) string {
	var all []string
	for _, s := range w {
		all = append(all, s)
	}
	return strings.Join(all, " ")
}

// pointer matches what may stand before the number of a question: "Question 3:", "zu 3".
var pointer = pattern(`^((?:\p{L}[\p{L}.°º]*\s+){0,2}?\p{L}[\p{L}.°º]*)\s*[.:#°º]?\s*(\d{1,2})\s*[.):\]-]?\s*[-–—:]?\s*(.*)$`)

var lineNumber = pattern(`^[*_#•·\[(-]*\s*(\d{1,2})\s*[°º]?\s*(?:[.)\]:]+\*{0,2}|/\s|\s*[-–—=]+>?|\s*→)\s*[-–—:=]?\s*(.*)$`)

// pointerWord is "Number three:".
var pointerWord = pattern(`^(\pL{1,10}\.?)\s+(\pL+)\s*[.):-]\s*(.*)$`)

// lettered is "b) yes" or "B) yes", as those number who count in letters.
var lettered = pattern(`^\(?([a-zA-Z])[):]\s*(.+)$`)

// ordinal is "Firstly, yes".
var ordinal = pattern(`^(\pL{3,})\s*[:,.)]\s*(.+)$`)

var bareNumber = pattern(`^#?(\d{1,2})\s+(\S.*)$`)

// numberedLine returns the number of the question that a line of an answer names first, and what
// stands behind it. bare numbers count too where all lines have them: "1 yes".
func (s *sheet) numberedLine(text string, bare bool) (q int, rest string, ok bool) {
	if m := lineNumber().FindStringSubmatch(text); m != nil && s.isNumber(m[1]) && !s.span(text, m[1], m[2]) {
		if next, _ := utf8.DecodeRuneInString(m[2]); !(next >= '0' && next <= '9') || s.inSequence(atoi(m[1])) ||
			strings.Contains(text[:len(text)-len(m[2])], " ") ||
			!strings.HasSuffix(strings.TrimRight(text[:len(text)-len(m[2])], " "), ".") &&
				!strings.HasSuffix(text[:len(text)-len(m[2])], "-") && !strings.HasSuffix(text[:len(text)-len(m[2])], ":") {
			if word := firstWord(fold(m[2])); s.inSequence(atoi(m[1])) || !(strings.HasPrefix(strings.TrimLeft(text[len(m[1]):], " "),
				".") && known().has("month", word)) {
				return atoi(m[1]) - 1, m[2], true
			}
		}
	}
	if m := pointer().FindStringSubmatch(text); m != nil && known().has("pointer", plain(m[1])) && s.isNumber(m[2]) {
		return atoi(m[2]) - 1, m[3], true
	}
	if m := pointerWord().FindStringSubmatch(text); m != nil && known().has("pointer", plain(m[1])) {
		if n, ok := known()["number"][plain(m[2])]; ok && n >= 1 && n <= len(s.form.Questions) {
			return n - 1, m[3], true
		}
	}
	if m := lettered().FindStringSubmatch(text); m != nil && s.letters && letter(m[1]) < len(s.form.Questions) {
		return letter(m[1]), m[2], true
	}
	if m := ordinal().FindStringSubmatch(text); m != nil {
		if n, ok := known()["ordinal"][plain(m[1])]; ok && n <= len(s.form.Questions) {
			return n - 1, m[2], true
		}
	}
	if bare {
		if m := bareNumber().FindStringSubmatch(text); m != nil && s.isNumber(m[1]) {
			return atoi(m[1]) - 1, m[2], true
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
	return strings.Contains("-–—", strings.TrimSpace(sign)) && end > 0 && end <= len(digits)+1 && !s.inSequence(atoi(digits))
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
	n := atoi(digits)
	return n >= 1 && n <= len(s.form.Questions) && !strings.HasPrefix(digits, "0")
}

func atoi(s string) int {
	n := 0
	for _, r := range s {
		n = n*10 + int(r-'0')
	}
	return n
}

var labelled = pattern(`^[*_•·-]*\s*([^:=|\t?…]{2,60}?)\s*[*_]*\s*(?::|=|\||\t| [-–—] |->|→|…|\.{3,}|\?(?:\s|$))\s*[*_]*\s*(.*)$`)

// labelledLine returns the question that a label before a colon names, and what stands behind it.
func (s *sheet) labelledLine(text string) (q int, rest string, ok bool) {
	m := labelled().FindStringSubmatch(text)
	if m == nil || len(strings.Fields(m[1])) > 8 || len(plain(m[1])) < 2 {
		return 0, "", false
	}
	if q = s.named(m[1]); q < 0 {
		q = s.misspelt(m[1])
	}
	if q >= 0 && !sureSign().MatchString(text) && slices.ContainsFunc(words(m[1]), func(w string) bool {
		return known().has("stop", w) && !known().has("determiner", w) && !slices.Contains(s.labelWords(q), w)
	}) {
		return 0, "", false // "I know ... but"
	}
	return q, m[2], q >= 0
}

// named returns the only question that a label names, -1 for none: by its field, or by words that
// stand in no other question.
func (s *sheet) named(label string) int {
	label = strings.ReplaceAll(label, ".", "")
	p := plain(label)
	for i := range s.form.Questions {
		if p == plain(strings.NewReplacer("_", " ", "-", " ", ".", " ").Replace(s.form.Questions[i].Name)) {
			return i
		}
	}
	want := content(label)
	if len(want) == 0 {
		want = words(label) // "Since:"
	}
	for _, like := range []func(label, word string) bool{
		func(a, b string) bool { return a == b }, alike, means, partOf,
		func(a, b string) bool { return len(want) == 1 && shortFor(a, b) }} {
		found, n := -1, 0
		for i := range s.form.Questions {
			if all(want, s.labelWords(i), like) {
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
		if want := content(label); len(want) > 0 && all(want, s.labelWords(i), func(a, b string) bool {
			return a == b || len(b) > 4 && !hasDigit(a+b) && slip(a, b, 1)
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
	return append(words(joined(s.form.Questions[q].Ask)), words(strings.NewReplacer("_", " ", "-", " ", ".",
		" ").Replace(s.form.Questions[q].Name))...)
}

// partOf reports whether one word is the beginning of the other: "Stück" and "Stückzahl".
func partOf(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) >= 5 && strings.HasPrefix(b, a)
}

// shortFor reports whether a label abbreviates a word: "Stk" for "Stück", "Bestnr" for
// "Bestellnummer".
func shortFor(label, word string) bool {
	if len(label) < 3 || len(label) > 8 || len(word) <= len(label) || label[0] != word[0] || known().has("stop", word) {
		return false
	}
	rest := word
	for _, r := range label {
		i := strings.IndexRune(rest, r)
		if i < 0 {
			return false
		}
		rest = rest[i+1:]
	}
	return true
}

// all reports whether each word of a label has its like among those of a question.
func all(want, have []string, like func(label, word string) bool) bool {
	for _, w := range want {
		if !slices.ContainsFunc(have, func(h string) bool { return like(w, h) }) {
			return false
		}
	}
	return true
}
