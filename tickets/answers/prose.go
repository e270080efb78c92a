package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
)

// onlyOne forgets what was found if it is the answer to one question alone, in a sentence of a text
// that does not name it: who tells that a colleague in Berlin has the same trouble has not said at
// which site they are.
func (s *sheet) onlyOne(before int, text string) {
	if before > 0 || len(s.said) != 1 || len(s.open) == 1 || len(words(text)) <= 5 {
		return
	}
	for q := range s.said {
		if s.form.Questions[q].Kind != tickets.AskText {
			delete(s.said, q)
		}
	}
}

// beganThen reports whether a word for a beginning stands shortly before the date of a sentence:
// "since Monday", "it started on Sunday", but not "I was away on Monday".
func beganThen(sentence string, w When) bool {
	s := spaced(sentence)
	return slices.ContainsFunc(dates(sentence, w), func(d found) bool {
		before := words(s[:d.from] + firstBlank(s[d.from:d.to]))
		return slices.ContainsFunc(before[max(0, len(before)-4):], func(w string) bool {
			return known().has("past", w) && !known().has("stop", w) && !known().has("copula", w) && !known().has("passive", w)
		}) || known().has("past", plain(firstWords(s[d.from:d.to], 1)))
	})
}

func firstBlank(s string) string { return s[:len(s)-len(strings.TrimLeft(s, " "))] }

// only reports whether one open question is of a kind.
func (s *sheet) only(kind tickets.QuestionKind) bool {
	n := 0
	for _, q := range s.open {
		if s.form.Questions[q].Kind == kind {
			n++
		}
	}
	return n == 1
}

// sentences returns the sentences and clauses of a text.
func sentences(text string) []string {
	text = years().ReplaceAllString(text, "$1 $2") // 1 April, 2026
	text = unstopped(text)
	parts := strings.FieldsFunc(strings.NewReplacer(". ", "\n", "! ", "\n", "? ", "?\n", "; ", "\n", ", and ", "\n", ", und ", "\n",
		", et ", "\n",
		", y ", "\n", ", e ", "\n", ", en ", "\n", ", ", "\n").Replace(text), func(r rune) bool { return r == '\n' })
	return slices.DeleteFunc(parts, func(part string) bool { return strings.TrimSpace(part) == "" })
}

var years = pattern(`(\pL|\d|st|nd|rd|th), ((?:19|20)\d\d\b)`)

var titles = pattern(`\b(Mr|Mrs|Ms|Dr|Prof|Hr|Fr|St|Tel|ca|bzw|M|Mme|Sr|Sra|Sig)\. `)

var numbered = pattern(`(\b[Nn][or]|[Ss]tr)\. (\d)`)

var monthDays = pattern(`\d{1,2}\. \pL+`)

// own returns the words of a question that stand in no other.
func (s *sheet) own(q int) []string {
	var out []string
	for _, w := range content(s.wording(q)) {
		shared := false
		for i := range s.form.Questions {
			shared = shared || i != q && slices.ContainsFunc(content(s.wording(i)), func(o string) bool { return alike(o, w) })
		}
		if !shared && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// wording returns a question as the mail quotes it, or as its language asks it.
func (s *sheet) wording(q int) string {
	ask := s.form.Questions[q].Ask
	if text, ok := ask[s.asked]; ok {
		return text
	}
	return ask.In(s.when.Language, "en")
}

// mentions counts the words of a question that a sentence has.
func mentions(sentence string, own []string) int {
	have := words(sentence)
	n := 0
	for _, w := range own {
		if slices.ContainsFunc(have, func(h string) bool { return means(h, w) }) {
			n++
		}
	}
	return n
}

// names counts the choices that a text names.
func names(question *tickets.Question, text string) int {
	n := 0
	for _, c := range question.Choices {
		said := elided().ReplaceAllString(plain(withoutAddresses(text)), "")
		if slices.ContainsFunc(namesOf(&c), func(name string) bool { return holdsChoice(said, name) }) {
			n++
		}
	}
	return n
}

// partsBeside reports whether another clause of a sentence of a text counts a part of what one
// counts: "we have 12 printers, one is affected". A number before it may be that of an order.
func (s *sheet) partsBeside(q int, text, counts string) bool {
	before, behind, _ := strings.Cut(text, counts)
	if end := sentenceEnd().FindStringIndex(behind); end != nil {
		behind = behind[:end[0]]
	}
	if ends := sentenceEnd().FindAllStringIndex(before, -1); ends != nil {
		before = before[ends[len(ends)-1][1]:]
	}
	parted := func(c clause) bool {
		return len(dates(c.text, s.when)) == 0 && !known().phraseIn("formerly", c.text) &&
			countsParts(s.withoutCounts(q, c.text), counts, "")
	}
	return slices.ContainsFunc(clausesOf(behind), parted) ||
		slices.ContainsFunc(clausesOf(before), func(c clause) bool { return !hasDigit(c.text) && parted(c) })
}

// withoutCounts returns a clause without its numbers of what other questions than one ask for: "for
// 24 months" is no part of 120 users.
func (s *sheet) withoutCounts(q int, text string) string {
	ws := words(text)
	var out []string
	for i := 0; i < len(ws); i++ {
		_, named := numberNamed(ws[i])
		if i+1 < len(ws) && (named || hasDigit(ws[i])) && slices.ContainsFunc(s.open, func(o int) bool {
			counts := s.form.Questions[o].Kind == tickets.AskChoice || s.form.Questions[o].Kind == tickets.AskNumber
			return o != q && counts && s.measuredIn(o, ws[i+1])
		}) {
			i++
			continue
		}
		out = append(out, ws[i])
	}
	return strings.Join(out, " ")
}

// measuredIn reports whether a word is what a question counts, or a length of time as that is.
func (s *sheet) measuredIn(q int, word string) bool {
	return slices.ContainsFunc(content(s.wording(q)), func(o string) bool {
		a, b := known()["span"][word], known()["span"][o]
		return likes(word, []string{o}) || a != 0 && (a == b || a == spanYear && b == spanMonth)
	})
}

// Lengths of time, as the list of them counts them.
const (
	spanMonth = 5
	spanYear  = 6
)

var sentenceEnd = pattern(`[.!?](?:\s|$)|\n`)

// otherPeople reports whether a sentence about people may be about others than those whom a
// question counts: "there were 5 people in the meeting".
func (s *sheet) otherPeople(q int, sentence string, own []string) bool {
	if !slices.ContainsFunc(words(joined(s.form.Questions[q].Ask)), func(w string) bool { return known().has("people", w) }) {
		return false
	}
	said := slices.ContainsFunc(words(sentence), func(w string) bool { // what is asked of them: affected
		return slices.ContainsFunc(own, func(o string) bool { return !known().has("people", o) && alike(o, w) })
	})
	return !said && len(words(sentence)) > 4 && !known().startsWith("weare", sentence)
}

// holdsNumber reports whether a text has a number in it, in digits or in words.
func holdsNumber(text string) bool {
	return strings.ContainsAny(text, "0123456789") || slices.ContainsFunc(words(text), func(w string) bool {
		n, ok := numberNamed(w)
		return ok && n != 1
	})
}

// aboutIt reports whether a sentence with words of a yes or no question says what it asks: its verb
// is there, and what is denied is not what came of it: "the printer does not print" and "a restart
// did not help" are about something else.
func (s *sheet) aboutIt(q int, sentence, said string) bool {
	question := &s.form.Questions[q]
	if mentions(sentence, predicates(question)) == 0 || known().phraseIn("request", sentence) || known().phraseIn("byitself", sentence) ||
		slices.ContainsFunc(words(sentence), func(w string) bool { return known().has("modal", w) }) {
		return false
	}
	ws := words(sentence)
	does := func(section string) bool {
		return slices.ContainsFunc(ws, func(w string) bool { return known().has(section, w) })
	}
	if known().phraseIn("addressed", s.wording(q)) && !does("ourselves") && !does("passive") && !does("already") && !does("yes") &&
		mentions(ws[0], predicates(question)) == 0 {
		return false // somebody else did it
	}
	return said == Yes || !slices.ContainsFunc(words(sentence), func(w string) bool { return known().has("effect", w) })
}

// saidOf returns what a sentence says of a question in free words: behind its words, or else behind
// words like "it is", or the name with which it begins.
func (s *sheet) saidOf(q int, own []string, sentence string, named bool) (said string, doubtful bool) {
	ws := strings.Fields(sentence)
	at := -1
	if len(ws) == 0 {
		return "", false
	}
	if named && len(ws) > 1 && known().has("mine", plain(ws[0])) && asksName(&s.form.Questions[q]) {
		return "", false // who they are themselves
	}
	for i, w := range ws {
		leads := known().has("copula", plain(w)) || known().has("calls", plain(w))
		near := ws[max(0, i-4):i]
		if named && leads && i > 0 && i+1 < len(ws) && mentions(strings.Join(near, " "), own) > 0 &&
			!slices.ContainsFunc(near, func(w string) bool { return known().has("but", plain(w)) }) {
			at = i + 1
			if i+2 < len(ws) && known().has("calls", plain(ws[i+1])) { // is called
				at = i + 2
			}
			break
		}
	}
	if !named && s.asksOneThing(q) {
		for i, w := range ws[:min(len(ws)-1, 3)] {
			if i > 0 && known().has("calls", plain(w)) && known().has("they", plain(ws[i-1])) {
				at = i + 1 // she's called Ann
			}
		}
		for n := min(5, len(ws)-1); n > 0 && at < 0; n-- {
			if (n > 1 || strings.HasPrefix(plain(ws[1]), "l'")) && known().has("itis", plain(strings.Join(ws[:n], " "))) {
				at = n
			}
		}
	}
	if !named && at < 0 && s.onlyStory(q) && asksName(&s.form.Questions[q]) && !strings.HasSuffix(sentence, "?") {
		return s.nameFirst(sentence), false
	}
	if at < 0 || at >= len(ws) {
		return "", false
	}
	if known().phraseIn("maybe", sentence) || known().phraseIn("unknown", sentence) || strings.HasSuffix(sentence, "?") ||
		negated(words(sentence)) {
		return "", true
	}
	rest := ws[at:]
	for i, w := range rest {
		if i > 0 && slices.Contains([]string{"and", "und", "et", "y", "e", "en", "with", "mit", "avec", "which", "that",
			"on", "in", "im", "auf", "au", "dans", "op", "qui", "que", "che", "since", "seit", "depuis", "desde", "sinds"}, plain(w)) {
			rest = rest[:i]
			break
		}
	}
	return strings.Trim(strings.Join(rest, " "), ".,;:() "), false
}

// asksName reports whether a question asks for the name of somebody who is not asked themselves.
func asksName(q *tickets.Question) bool {
	asked := words(joined(q.Ask))
	return oneOf(asked, "name", "nom", "nombre", "nome", "naam") &&
		!slices.ContainsFunc(asked, func(w string) bool { return known().has("yours", w) })
}

// onlyStory reports whether a question is the only one that needs an answer in free words.
func (s *sheet) onlyStory(q int) bool {
	return !slices.ContainsFunc(s.needed(), func(o int) bool { return o != q && s.form.Questions[o].Kind == tickets.AskText })
}

// nameFirst returns the name with which a sentence begins: two or three words with capitals before
// one without.
func (s *sheet) nameFirst(sentence string) string {
	ws, n := strings.Fields(sentence), 0
	for n < len(ws) && capital(ws[n]) {
		n++
	}
	if n < 2 || n > 3 || n >= len(ws) || slices.ContainsFunc(ws[:n], func(w string) bool {
		return slices.Contains(s.writer, plain(w)) || known().has("someone", plain(w)) || known().has("greeting", plain(w)) ||
			known().has("closing", plain(w)) ||
			known().has("stop", plain(w)) || known().has("weekday", plain(w)) || known().has("month", plain(w))
	}) {
		return ""
	}
	return strings.Join(ws[:n], " ")
}

// capital reports whether a word consists of letters, the first of them a capital.
func capital(w string) bool {
	for i, r := range strings.ReplaceAll(w, "-", "") {
		if !isLetter(r) || i == 0 && strings.ToLower(string(r)) == string(r) ||
			i > 0 && r != 'ß' && strings.ToUpper(string(r)) == string(r) {
			return false
		}
	}
	return true
}

// asksOneThing reports whether a question in free words is the only one, and asks for a thing and
// not for a story.
func (s *sheet) asksOneThing(q int) bool {
	return s.onlyStory(q) && slices.ContainsFunc(words(joined(s.form.Questions[q].Ask)), func(w string) bool {
		return known().has("identifier", w) || known().has("which", w)
	})
}
