package sheet

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/value"
)

// Wording returns a question as the mail quotes it, or as its language asks it.
func (s *Sheet) Wording(q int) string {
	ask := s.Form.Questions[q].Ask
	if text, ok := ask[s.Asked]; ok {
		return text
	}
	return ask.In(s.When.Language, "en")
}

// OwnWords returns the words of a question that stand in no other.
func (s *Sheet) OwnWords(q int) []string {
	var out []string
	for _, w := range lexicon.Content(s.Wording(q)) {
		shared := false
		for i := range s.Form.Questions {
			shared = shared || i != q &&
				slices.ContainsFunc(lexicon.Content(s.Wording(i)), func(o string) bool { return lexicon.Alike(o, w) })
		}
		if !shared && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// LabelWords are the words by which people may name a question.
func (s *Sheet) LabelWords(q int) []string {
	return append(lexicon.Words(lexicon.Joined(s.Form.Questions[q].Ask)), lexicon.Words(strings.NewReplacer("_", " ", "-", " ", ".",
		" ").Replace(s.Form.Questions[q].Name))...)
}

// HasWord reports whether a word stands in one of the questions.
func (s *Sheet) HasWord(word string) bool {
	for q := range s.Form.Questions {
		if lexicon.Matches(word, lexicon.Content(s.Wording(q))) {
			return true
		}
	}
	return false
}

// CountedThings returns the words for what a question counts, those behind its "how many".
func (s *Sheet) CountedThings(q int) []string {
	wording := lexicon.Plain(s.Wording(q))
	for phrase := range lexicon.Section("howmany") {
		_, behind, ok := strings.Cut(" "+wording+" ", " "+phrase+" ")
		if !ok {
			_, behind, ok = strings.Cut(" "+wording, " "+phrase)
		}
		if !ok {
			continue
		}
		var out []string
		for _, w := range strings.Fields(behind) {
			if lexicon.Has("stop", w) || lexicon.Has("thereare", w) || len(out) == 2 || len(out) > 0 && lexicon.Has("thereis", w) {
				break
			}
			out = append(out, w)
		}
		return out
	}
	return nil
}

// AsksCode reports whether a question in free words asks for a number of something.
func (s *Sheet) AsksCode(q int) bool {
	question := &s.Form.Questions[q]
	return question.Kind == tickets.AskText && value.NamesNumber(s.Wording(q))
}

// AsksPerson reports whether a question asks for the name of somebody.
func (s *Sheet) AsksPerson(q int) bool {
	asked := lexicon.Words(s.Wording(q))
	return s.Form.Questions[q].Kind == tickets.AskText && (lexicon.StartsWith("whois", s.Wording(q)) ||
		lexicon.HasAny(asked, "someone") && (lexicon.HasAny(asked, "calls") || lexicon.HasAny(asked, "nameword")))
}

// AsksTerm reports whether a question lets choose between numbers of months.
func (s *Sheet) AsksTerm(q int) bool {
	return slices.ContainsFunc(lexicon.Content(s.Wording(q)),
		func(w string) bool { return lexicon.Section("span")[w] == lexicon.SpanMonth }) &&
		!slices.ContainsFunc(s.Form.Questions[q].Choices, func(o tickets.Choice) bool { return strings.Trim(o.Value, "0123456789") != "" })
}

// AsksOneThing reports whether a question in free words is the only one, and asks for a thing and
// not for a story.
func (s *Sheet) AsksOneThing(q int) bool {
	return s.IsOnlyText(q) && slices.ContainsFunc(lexicon.Words(lexicon.Joined(s.Form.Questions[q].Ask)), func(w string) bool {
		return lexicon.Has("identifier", w) || lexicon.Has("which", w)
	})
}

// IsOnlyText reports whether a question is the only one that needs an answer in free words.
func (s *Sheet) IsOnlyText(q int) bool {
	return !slices.ContainsFunc(s.Needed(), func(o int) bool { return o != q && s.Form.Questions[o].Kind == tickets.AskText })
}

// AsksName reports whether a question asks for the name of somebody who is not asked themselves.
func AsksName(q *tickets.Question) bool {
	asked := lexicon.Words(lexicon.Joined(q.Ask))
	return lexicon.OneOf(asked, "name", "nom", "nombre", "nome", "naam") &&
		!slices.ContainsFunc(asked, func(w string) bool { return lexicon.Has("yours", w) })
}

// TakesAnyText reports whether a question in free words may be answered by any words.
func (s *Sheet) TakesAnyText(q int) bool {
	question := &s.Form.Questions[q]
	return question.Kind == tickets.AskText && !question.Optional && !s.AsksCode(q) && !s.AsksPerson(q)
}

// IsAnd reports whether a word is an "and" in the language of a mail.
func (s *Sheet) IsAnd(word string) bool {
	p := lexicon.Plain(word)
	return lexicon.Has("neithernor", p) && !lexicon.Has("either", p) &&
		(p != "en" || s.When.Language == "" || s.When.BaseLanguage() == "nl")
}
