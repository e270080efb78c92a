package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/number"
	"tierdesk/tickets/answers/yesno"
)

// onlyOne forgets what was found if it is the answer to one question alone, in a sentence of a text
// that does not name it: who tells that a colleague in Berlin has the same trouble has not said at
// which site they are.
func (s *sheet) onlyOne(before int, text string) {
	if before > 0 || len(s.said) != 1 || len(s.open) == 1 || len(lexicon.Words(text)) <= 5 {
		return
	}
	for q := range s.said {
		if s.form.Questions[q].Kind != tickets.AskText {
			delete(s.said, q)
		}
	}
}

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

// own returns the words of a question that stand in no other.
func (s *sheet) own(q int) []string {
	var out []string
	for _, w := range lexicon.Content(s.wording(q)) {
		shared := false
		for i := range s.form.Questions {
			shared = shared || i != q &&
				slices.ContainsFunc(lexicon.Content(s.wording(i)), func(o string) bool { return lexicon.Alike(o, w) })
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
	parted := func(c clause.Clause) bool {
		return len(day.All(c.Text, s.when.Context)) == 0 && !lexicon.PhraseIn("formerly", c.Text) &&
			number.CountsPart(s.withoutCounts(q, c.Text), counts, "")
	}
	return slices.ContainsFunc(clause.Of(behind), parted) ||
		slices.ContainsFunc(clause.Of(before), func(c clause.Clause) bool { return !lexicon.HasDigit(c.Text) && parted(c) })
}

// withoutCounts returns a clause without its numbers of what other questions than one ask for: "for
// 24 months" is no part of 120 users.
func (s *sheet) withoutCounts(q int, text string) string {
	ws := lexicon.Words(text)
	var out []string
	for i := 0; i < len(ws); i++ {
		_, named := lexicon.NumberNamed(ws[i])
		if i+1 < len(ws) && (named || lexicon.HasDigit(ws[i])) && slices.ContainsFunc(s.open, func(o int) bool {
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
	return slices.ContainsFunc(lexicon.Content(s.wording(q)), func(o string) bool {
		a, b := lexicon.Section("span")[word], lexicon.Section("span")[o]
		return lexicon.Matches(word, []string{o}) || a != 0 && (a == b || a == lexicon.SpanYear && b == lexicon.SpanMonth)
	})
}

var sentenceEnd = lexicon.Pattern(`[.!?](?:\s|$)|\n`)

// otherPeople reports whether a sentence about people may be about others than those whom a
// question counts: "there were 5 people in the meeting".
func (s *sheet) otherPeople(q int, sentence string, own []string) bool {
	if !slices.ContainsFunc(lexicon.Words(lexicon.Joined(s.form.Questions[q].Ask)), func(w string) bool {
		return lexicon.Has("people",
			w)
	}) {
		return false
	}
	said := slices.ContainsFunc(lexicon.Words(sentence), func(w string) bool { // what is asked of them: affected
		return slices.ContainsFunc(own, func(o string) bool { return !lexicon.Has("people", o) && lexicon.Alike(o, w) })
	})
	return !said && len(lexicon.Words(sentence)) > 4 && !lexicon.StartsWith("weare", sentence)
}

// aboutIt reports whether a sentence with words of a yes or no question says what it asks: its verb
// is there, and what is denied is not what came of it: "the printer does not print" and "a restart
// did not help" are about something else.
func (s *sheet) aboutIt(q int, sentence, said string) bool {
	question := &s.form.Questions[q]
	if lexicon.Mentions(sentence, yesno.Predicates(question.Ask)) == 0 || lexicon.PhraseIn("request", sentence) ||
		lexicon.PhraseIn("byitself", sentence) ||
		slices.ContainsFunc(lexicon.Words(sentence), func(w string) bool { return lexicon.Has("modal", w) }) {
		return false
	}
	ws := lexicon.Words(sentence)
	does := func(section string) bool {
		return slices.ContainsFunc(ws, func(w string) bool { return lexicon.Has(section, w) })
	}
	if lexicon.PhraseIn("addressed", s.wording(q)) && !does("ourselves") && !does("passive") && !does("already") && !does("yes") &&
		lexicon.Mentions(ws[0], yesno.Predicates(question.Ask)) == 0 {
		return false // somebody else did it
	}
	return said == yesno.Yes || !slices.ContainsFunc(lexicon.Words(sentence), func(w string) bool { return lexicon.Has("effect", w) })
}

// saidOf returns what a sentence says of a question in free words: behind its words, or else behind
// words like "it is", or the name with which it begins.
func (s *sheet) saidOf(q int, own []string, sentence string, named bool) (said string, doubtful bool) {
	ws := strings.Fields(sentence)
	at := -1
	if len(ws) == 0 {
		return "", false
	}
	if named && len(ws) > 1 && lexicon.Has("mine", lexicon.Plain(ws[0])) && asksName(&s.form.Questions[q]) {
		return "", false // who they are themselves
	}
	for i, w := range ws {
		leads := lexicon.Has("copula", lexicon.Plain(w)) || lexicon.Has("calls", lexicon.Plain(w))
		near := ws[max(0, i-4):i]
		if named && leads && i > 0 && i+1 < len(ws) && lexicon.Mentions(strings.Join(near, " "), own) > 0 &&
			!slices.ContainsFunc(near, func(w string) bool { return lexicon.Has("but", lexicon.Plain(w)) }) {
			at = i + 1
			if i+2 < len(ws) && lexicon.Has("calls", lexicon.Plain(ws[i+1])) { // is called
				at = i + 2
			}
			break
		}
	}
	if !named && s.asksOneThing(q) {
		for i, w := range ws[:min(len(ws)-1, 3)] {
			if i > 0 && lexicon.Has("calls", lexicon.Plain(w)) && lexicon.Has("they", lexicon.Plain(ws[i-1])) {
				at = i + 1 // she's called Ann
			}
		}
		for n := min(5, len(ws)-1); n > 0 && at < 0; n-- {
			if (n > 1 || strings.HasPrefix(lexicon.Plain(ws[1]), "l'")) && lexicon.Has("itis", lexicon.Plain(strings.Join(ws[:n], " "))) {
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
	if lexicon.PhraseIn("maybe", sentence) || lexicon.PhraseIn("unknown", sentence) || strings.HasSuffix(sentence, "?") ||
		clause.HasNegation(lexicon.Words(sentence)) {
		return "", true
	}
	rest := ws[at:]
	for i, w := range rest {
		if i > 0 && slices.Contains([]string{"and", "und", "et", "y", "e", "en", "with", "mit", "avec", "which", "that",
			"on", "in", "im", "auf", "au", "dans", "op", "qui", "que", "che", "since", "seit", "depuis", "desde", "sinds"},
			lexicon.Plain(w)) {
			rest = rest[:i]
			break
		}
	}
	return strings.Trim(strings.Join(rest, " "), ".,;:() "), false
}

// asksName reports whether a question asks for the name of somebody who is not asked themselves.
func asksName(q *tickets.Question) bool {
	asked := lexicon.Words(lexicon.Joined(q.Ask))
	return lexicon.OneOf(asked, "name", "nom", "nombre", "nome", "naam") &&
		!slices.ContainsFunc(asked, func(w string) bool { return lexicon.Has("yours", w) })
}

// onlyStory reports whether a question is the only one that needs an answer in free words.
func (s *sheet) onlyStory(q int) bool {
	return !slices.ContainsFunc(s.needed(), func(o int) bool { return o != q && s.form.Questions[o].Kind == tickets.AskText })
}

// nameFirst returns the name with which a sentence begins: two or three words with capitals before
// one without.
func (s *sheet) nameFirst(sentence string) string {
	ws, n := strings.Fields(sentence), 0
	for n < len(ws) && lexicon.Capital(ws[n]) {
		n++
	}
	if n < 2 || n > 3 || n >= len(ws) || slices.ContainsFunc(ws[:n], func(w string) bool {
		return slices.Contains(s.writer, lexicon.Plain(w)) || lexicon.Has("someone", lexicon.Plain(w)) ||
			lexicon.Has("greeting", lexicon.Plain(w)) ||
			lexicon.Has("closing", lexicon.Plain(w)) ||
			lexicon.Has("stop", lexicon.Plain(w)) || lexicon.Has("weekday", lexicon.Plain(w)) || lexicon.Has("month", lexicon.Plain(w))
	}) {
		return ""
	}
	return strings.Join(ws[:n], " ")
}

// asksOneThing reports whether a question in free words is the only one, and asks for a thing and
// not for a story.
func (s *sheet) asksOneThing(q int) bool {
	return s.onlyStory(q) && slices.ContainsFunc(lexicon.Words(lexicon.Joined(s.form.Questions[q].Ask)), func(w string) bool {
		return lexicon.Has("identifier", w) || lexicon.Has("which", w)
	})
}
