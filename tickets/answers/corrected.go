package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
)

// corrected sets aside the answers that a later paragraph of the mail corrects: "PS: I meant
// Berlin". Where nobody can see which, all of them.
func (s *sheet) corrected() {
	text, at := "", -1
	for i := range s.lines {
		l := &s.lines[i]
		near := 4
		if ws := words(l.text); len(ws) > 0 && (ws[0] == "ps" || known().has("smalltalk", ws[0])) {
			near = 10
		}
		if l.fresh && known().phraseIn("correction", firstWords(l.text, near)) && (i == 0 || s.lines[i-1].blank() || near > 4) {
			at = i
		}
		if at >= 0 && l.fresh && !l.blank() {
			text += l.text + "\n"
		}
	}
	if at < 0 || len(s.said) == 0 {
		return
	}
	var hit []int
	for q := range s.said {
		if s.speaksOf(q, text) {
			hit = append(hit, q)
		}
	}
	if q, value := s.corrects(text); q >= 0 {
		s.said[q] = []answer{{text: value}}
		return
	}
	for q, said := range s.said {
		for i := range said {
			said[i].aside = said[i].aside || len(hit) == 0 || slices.Contains(hit, q)
		}
	}
}

// corrects returns the question that a correction names by its number, and what it says to it; -1
// if it names none, or says nothing that can be its answer.
func (s *sheet) corrects(text string) (q int, said string) {
	before, after, ok := correction(strings.TrimSpace(text))
	if !ok {
		return -1, ""
	}
	q = -1
	for _, part := range []string{before, after} {
		ws := slices.DeleteFunc(words(part), func(w string) bool { return known().has("determiner", w) })
		for i := 0; i+1 < len(ws); i++ {
			n, leads := ws[i+1], known().has("pointer", ws[i]) || known().has("concerning", ws[i])
			if q < 0 && leads && len(n) < 3 && strings.Trim(n, "0123456789") == "" && s.isNumber(n) {
				q = atoi(n) - 1
			}
		}
	}
	if q < 0 {
		return -1, ""
	}
	if strings.Contains(" "+plain(after)+" ", " "+itoa(q+1)+" ") { // "bei 3 vier": behind the number
		_, after, _ = strings.Cut(after, itoa(q+1))
	}
	if _, how := value(&s.form.Questions[q], after, s.when); how != clear || strings.Contains(after, "\n") {
		return -1, ""
	}
	return q, after
}

// pardoned cuts a short text at a word of excuse between commas, which may only be polite: "9,
// sorry, 10". What is told behind a dash or in brackets is no part of it.
func pardoned(text string) (before, after string, ok bool) {
	if m := twoNumbers().FindStringSubmatch(text); m != nil && known().has("pardon", plain(m[2])) {
		return m[1], m[3], true
	}
	m := excuse().FindStringSubmatch(text)
	if m == nil || !known().has("pardon", plain(m[2])) {
		return "", "", false
	}
	ws := words(m[4])
	short := len(ws) > 0 && len(ws) <= maxExcused && !known().has("either", ws[0]) && !hasAny(ws, "copula")
	return m[1], m[4], short && (m[3] != "" || known().has("article", ws[0]))
}

// twoNumbers finds two numbers with one word between, and nothing else: "14 sorry 15".
var twoNumbers = pattern(`^(\d{1,5}) (\pL+) (\d{1,5})\.?$`)

// maxExcused is how many words correct an answer.
const maxExcused = 4

var excuse = pattern(`^([^,;\n]+)[,;] ?(\pL+)(,?) ([^-–,;(\n]+)(?: [-–(].*)?$`)

// correction cuts a text at the last of the words with which people correct themselves: what stands
// before them, and behind.
func correction(text string) (before, after string, ok bool) {
	low, origin := foldedWithPlaces(text)
	at, end := -1, 0
	for phrase := range known()["correction"] {
		for from := range places(low, phrase) {
			if from > at {
				at, end = from, from+len(phrase)
			}
		}
	}
	if at >= 0 || len(text) > maxRather {
		return cutAt(text, origin, at, end)
	}
	if m := rather().FindStringSubmatchIndex(text); m != nil && known().has("particle", plain(text[m[4]:m[5]])) &&
		known().startsWith("rather", text[m[6]:]) {
		for _, phrase := range longestFirst("rather") {
			fields, n := strings.Fields(text[m[6]:]), len(strings.Fields(phrase))
			if len(fields) > n && plain(strings.Join(fields[:n], " ")) == phrase {
				return text[:m[3]], strings.Join(fields[n:], " "), true
			}
		}
	}
	return "", "", false
}

// cutAt cuts a text at a phrase that stands between two places of its folded form, if there is one.
func cutAt(text string, origin []int, at, end int) (before, after string, ok bool) {
	if at < 0 {
		return "", "", false
	}
	after = strings.Trim(text[origin[end]:], " ,:;.-–")
	return text[:origin[at]], after, after != ""
}

// maxRather is how many octets a text has at most in which a no may correct what stands before it.
const maxRather = 400

// rather finds a no in the middle of a text: "100, no, make that 150".
var rather = pattern(`^([^\n]+?)[,;.:–-]\s*(\pL+),?\s+([^\n]+)$`)

// foldedWithPlaces returns a text folded, and for each byte of it where the letter stands that it
// comes from, with the end of the text behind the last one: folding changes lengths.
func foldedWithPlaces(text string) (low string, origin []int) {
	var b strings.Builder
	for i, r := range text {
		folded := fold(string(r))
		b.WriteString(folded)
		for range len(folded) {
			origin = append(origin, i)
		}
	}
	return b.String(), append(origin, len(text))
}

// speaksOf reports whether a text has something in it that could answer a question of a kind.
func (s *sheet) speaksOf(q int, text string) bool {
	question := &s.form.Questions[q]
	switch question.Kind {
	case tickets.AskChoice:
		return names(question, text) > 0
	case tickets.AskNumber:
		return holdsNumber(text)
	case tickets.AskDate:
		return len(dates(text, s.when)) > 0
	case tickets.AskEmail:
		return strings.Contains(text, "@")
	case tickets.AskYesNo:
		return slices.ContainsFunc(s.pieces(text), func(piece string) bool { return wholly(plain(piece)) != "" })
	}
	return mentions(text, s.own(q)) > 0
}
