package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
)

// prose finds answers in a text of sentences. It takes only what the words of a question lead to,
// or what can be an answer to one question alone.
func (s *sheet) prose(text string) {
	for _, q := range s.open {
		if len(s.said[q]) > 0 {
			continue
		}
		switch question := &s.form.Questions[q]; question.Kind {
		case tickets.AskEmail:
			if s.only(tickets.AskEmail) && len(addresses(text)) == 1 {
				s.say(q, addresses(text)[0], true)
			}
		case tickets.AskDate:
			s.dateInProse(q, text)
		case tickets.AskChoice:
			s.choiceInProse(q, text)
		case tickets.AskNumber:
			s.numberInProse(q, text)
		case tickets.AskYesNo:
			s.yesNoInProse(q, text)
		case tickets.AskText:
			s.textInProse(q, text)
		}
	}
}

// dateInProse takes the date of a sentence with words of the question, or, where it asks for what
// has been, of one that tells it.
func (s *sheet) dateInProse(q int, text string) {
	own, past := s.own(q), known().phraseIn("past", s.wording(q))
	w := s.when
	w.past = past
	said := ""
	for _, sentence := range sentences(text) {
		if len(dates(sentence, w)) == 0 || known().phraseIn("intend", sentence) {
			continue
		}
		if mentions(sentence, own) == 0 && !(past && s.only(tickets.AskDate) && known().phraseIn("past", sentence)) {
			continue
		}
		v, how := dateIn(sentence, w)
		if how != clear || said != "" && said != v {
			return
		}
		said = v
	}
	s.say(q, said, true)
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

// sentences returns the sentences and clauses of a text.
func sentences(text string) []string {
	return strings.FieldsFunc(strings.NewReplacer(". ", "\n", "! ", "\n", "? ", "?\n", "; ", "\n", ", and ", "\n", ", und ", "\n",
		", et ", "\n",
		", y ", "\n", ", e ", "\n", ", en ", "\n", ", ", "\n").Replace(text), func(r rune) bool { return r == '\n' })
}

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
		if slices.ContainsFunc(have, func(h string) bool { return alike(h, w) }) {
			n++
		}
	}
	return n
}

func (s *sheet) choiceInProse(q int, text string) {
	question := &s.form.Questions[q]
	for i := range s.form.Questions { // the same word could be meant for another one
		if i == q || s.form.Questions[i].Kind != tickets.AskChoice {
			continue
		}
		for _, c := range s.form.Questions[i].Choices {
			if slices.ContainsFunc(question.Choices, func(o tickets.Choice) bool { return plain(o.Value) == plain(c.Value) }) {
				return
			}
		}
	}
	said := ""
	for _, sentence := range sentences(text) {
		v, how := choiceIn(question, sentence)
		switch {
		case how != clear && names(question, sentence) > 0:
			return
		case how == clear && said != "" && v != said:
			return
		case how == clear:
			said = v
		}
	}
	s.say(q, said, true)
}

// names counts the choices that a text names.
func names(question *tickets.Question, text string) int {
	n := 0
	for _, c := range question.Choices {
		if holdsChoice(plain(text), plain(c.Value)) {
			n++
		}
	}
	return n
}

// numberInProse takes a number that stands beside a word of the question: "3 laptops".
func (s *sheet) numberInProse(q int, text string) {
	own := s.own(q)
	said := ""
	for _, sentence := range sentences(text) {
		if mentions(sentence, own) == 0 {
			continue
		}
		v, how := numberIn(sentence, s.when)
		if how != clear || said != "" && said != v {
			return
		}
		said = v
	}
	s.say(q, said, true)
}

// yesNoInProse takes a sentence with words of the question for a yes, or for a no if it denies
// them.
func (s *sheet) yesNoInProse(q int, text string) {
	own := s.own(q)
	denied := slices.ContainsFunc(words(s.wording(q)), func(w string) bool { return known().has("negation", w) })
	said := ""
	for _, sentence := range sentences(text) {
		n := mentions(sentence, own)
		if n == 0 || n*2 < len(own) || len(words(sentence)) < 3 {
			continue
		}
		if denied || known().phraseIn("maybe", sentence) || known().phraseIn("future", sentence) || known().phraseIn("unknown", sentence) ||
			strings.HasSuffix(sentence, "?") {
			return
		}
		v := Yes
		if slices.ContainsFunc(words(sentence), func(w string) bool { return known().has("negation", w) }) {
			v = No
		}
		if said != "" && said != v {
			return
		}
		said = v
	}
	s.say(q, said, true)
}

// textInProse takes what a sentence says that the question's words are: "the serial number is X-1".
func (s *sheet) textInProse(q int, text string) {
	own := s.own(q)
	said := ""
	for _, sentence := range sentences(text) {
		ws := strings.Fields(sentence)
		for i, w := range ws {
			if i == 0 || i+1 >= len(ws) || !known().has("copula", plain(w)) || mentions(strings.Join(ws[:i], " "), own) == 0 {
				continue
			}
			if known().phraseIn("maybe", sentence) || known().phraseIn("unknown", sentence) || slices.ContainsFunc(words(sentence),
				func(w string) bool { return known().has("negation", w) }) ||
				said != "" || strings.HasSuffix(sentence, "?") {
				return
			}
			said = strings.Trim(strings.Join(ws[i+1:], " "), ".,;: ")
			break
		}
	}
	if len(strings.Fields(said)) <= 6 {
		s.say(q, said, true)
	}
}
