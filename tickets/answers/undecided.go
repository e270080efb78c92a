package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/yesno"
)

// countsDone reports whether a clause says of a number of things what a question asks of all of
// them: "four boxes have been opened".
func (s *sheet) countsDone(wording string, own, ws []string) bool {
	if lexicon.Participle("", wording) == "" {
		return false
	}
	for i, w := range ws {
		n, named := lexicon.NumberNamed(w)
		if !named && strings.Trim(w, "0123456789") != "" || named && n == 1 && lexicon.Has("determiner", w) || i+1 >= len(ws) {
			continue
		}
		if lexicon.Matches(ws[i+1], own) && !(i > 0 && (lexicon.Has("determiner", ws[i-1]) || lexicon.Has("everybody", ws[i-1]))) {
			return true
		}
	}
	return false
}

// besideAnother reports whether a sentence has another day beside that of one of its clauses, which
// may be meant as well: behind a "but", or of what is fetched where a question asks when it came.
func (s *sheet) besideAnother(q int, all []statement, c *statement, w day.Context) bool {
	own, mine := s.own(q), day.All(c.text, w)
	against := slices.ContainsFunc(lexicon.Words(c.whole), func(w string) bool { return lexicon.Has("adversative", w) })
	for i := range all {
		o := &all[i]
		if o.sentence != c.sentence || len(day.All(o.text, w)) == 0 || lexicon.PhraseIn("accordingto", o.text) {
			continue
		}
		other := slices.ContainsFunc(day.All(o.text, w), func(d day.Found) bool {
			return !slices.ContainsFunc(mine, func(m day.Found) bool { return m.Date.Equal(d.Date) })
		})
		if !other || s.dayOfAnother(q, o.text) {
			continue
		}
		if against || lexicon.HasAny(lexicon.Words(o.text), "fetched") &&
			slices.ContainsFunc(own, func(w string) bool { return lexicon.SameMeaning(w, "received") }) {
			return true
		}
	}
	return false
}

// dayOfAnother reports whether a clause has words of another question for a day.
func (s *sheet) dayOfAnother(q int, text string) bool {
	for o := range s.form.Questions {
		if o != q && s.form.Questions[o].Kind == tickets.AskDate && lexicon.Mentions(text, s.own(o)) > 0 {
			return true
		}
	}
	return false
}

// ofAnother reports whether the beginning that a clause names is one of what another question asks:
// "it leaks, since this morning".
func (s *sheet) ofAnother(q int, all []statement, i int) bool {
	about := func(text string) bool {
		return slices.ContainsFunc(s.open, func(o int) bool {
			return o != q && s.form.Questions[o].Kind == tickets.AskYesNo && lexicon.Mentions(text, s.own(o)) > 0
		})
	}
	return about(all[i].text) || i > 0 && all[i-1].sentence == all[i].sentence &&
		(about(all[i-1].text) || yesno.Exactly(lexicon.Plain(all[i-1].text)) != "")
}
