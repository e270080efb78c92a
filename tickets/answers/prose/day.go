package prose

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
	"tierdesk/tickets/answers/value"
	"tierdesk/tickets/answers/yesno"
)

// answerDay takes the day of a clause with words of the question, or, alone, the only one of a text
// that can be it.
func answerDay(s *sheet.Sheet, q int, all []statement.Statement, alone bool) {
	question, own := &s.Form.Questions[q], s.OwnWords(q)
	since, from := lexicon.PhraseIn("sincewhen", s.Wording(q)), lexicon.PhraseIn("fromwhen", s.Wording(q))
	w := s.When.For(question.Ask, question.Kind == tickets.AskDate)
	today := s.When.Now.Format("2006-01-02")
	var found []candidate
	var named []candidate // beside words that no other question has
	other := false        // a day of something else, which may be what they call it
	for i := range all {
		c := &all[i]
		if !day.Names(c.Text, w) {
			continue
		}
		if part := partWithDay(s, q, c, w); part != nil {
			c = part
		}
		names := lexicon.Mentions(c.Text, own) > 0 || i > 0 && all[i-1].Labels && lexicon.Mentions(all[i-1].Text, own) > 0
		near := names || from && day.Behind("fromday", c.Text, w)
		if born := lexicon.PhraseIn("birth", c.Text); born != w.Birth {
			other = other || born
			continue
		} else if born {
			near = true
		}
		if !near && lexicon.PhraseIn("elseday", c.Text) {
			other = true
			continue
		}
		if w.Past && (lexicon.PhraseIn("future", c.Text) || lexicon.PhraseIn("forthat", c.Text)) {
			continue
		}
		v, how := day.Read(c.Text, w)
		if how == reading.Clear && taken(s, q, v) || how != reading.Clear && w.Coming && len(day.All(c.Text, w)) == 1 &&
			lexicon.PhraseIn("notpossible", c.Text) {
			continue
		}
		if since && lexicon.PhraseIn("solved", c.Text) {
			continue
		}
		begins := since && day.BeginsThen(c.Text, w)
		if !since && !from && !near && day.BeginsThen(c.Text, w) && ofAnother(s, q, all, i) ||
			!near && !begins && w.Past && how == reading.Clear && v == today && lexicon.HasAny(lexicon.Words(c.Text), "plainverb") {
			continue // "today I have guests"
		}
		if how == reading.Clear && (w.Past && v > today || w.Coming && v < today) || since && !begins &&
			len(lexicon.Words(c.Text)) > maxDay {
			continue
		}
		if how != reading.Clear || lexicon.Has("either", lexicon.Words(c.Text)[0]) ||
			lexicon.PhraseIn("manydays", c.Whole) || how == reading.Clear &&
			!(from && day.Behind("fromday", c.Text, w)) && besideAnother(s, q, all, c, w) {
			v = ""
		}
		if !near && !begins && asksPurchase(own) && tellsMore(s, c.Text) {
			continue // a wheel came off that day
		}
		found = append(found, candidate{value: v, strong: near || begins, from: c})
		if names {
			named = append(named, found[len(found)-1])
		}
	}
	if from && len(named) > 0 {
		found = named
	}
	settle(s, q, found, alone && (since || !other))
}

// answerLastDay answers the only question for a day that is left with the only day that no other
// one took.
func answerLastDay(s *sheet.Sheet, all []statement.Statement) {
	left := slices.DeleteFunc(slices.Clone(s.Open), func(q int) bool {
		return s.Form.Questions[q].Kind != tickets.AskDate || len(s.Said[q]) > 0
	})
	if len(left) == 1 && !s.IsOnly(tickets.AskDate) {
		answerDay(s, left[0], all, true)
	}
}

// DayAmong returns the day of an answer that names several, if words of the question stand beside
// one: "we move on 1 July and need the place from the 13th".
func DayAmong(s *sheet.Sheet, q int, text string) (string, reading.State) {
	in := &sheet.Sheet{Form: s.Form, Open: []int{q}, When: s.When, Said: map[int][]sheet.Answer{}, Writer: s.Writer, Asked: s.Asked}
	answerDay(in, q, statement.Of(in, text), false)
	if len(in.Said[q]) == 0 || clause.Doubtful(text) {
		return "", reading.Unclear
	}
	return value.Of(&s.Form.Questions[q], in.Said[q][0].Text, s.When)
}

// partWithDay returns the part of a clause, before or behind an "and", that says of the only one of
// its two days what a question asks: "born on 2 May 2010 and wants to begin on 1 April". nil if
// there is none.
func partWithDay(s *sheet.Sheet, q int, c *statement.Statement, w day.Context) *statement.Statement {
	days := day.All(c.Text, w)
	if len(days) != 2 || days[0].Date.Equal(days[1].Date) {
		return nil
	}
	fields := strings.Fields(c.Text)
	for i := 2; i+2 < len(fields); i++ {
		if !s.IsAnd(fields[i]) {
			continue
		}
		front, behind := strings.Join(fields[:i], " "), strings.Join(fields[i+1:], " ")
		if len(day.All(front, w)) != 1 || len(day.All(behind, w)) != 1 {
			continue
		}
		for _, text := range []string{front, behind} {
			if lexicon.PhraseIn("birth", text) == w.Birth &&
				(w.Birth || lexicon.Mentions(text, s.OwnWords(q)) > 0 || day.Behind("fromday", text, w)) {
				part := *c
				part.Text = text
				return &part
			}
		}
	}
	return nil
}

// taken reports whether a day is the answer to another question.
func taken(s *sheet.Sheet, q int, day string) bool {
	return slices.ContainsFunc(s.Open, func(o int) bool {
		return o != q && s.Form.Questions[o].Kind == tickets.AskDate &&
			slices.ContainsFunc(s.Said[o], func(a sheet.Answer) bool { return a.Text == day })
	})
}

// asksPurchase reports whether words of a question ask when something was bought.
func asksPurchase(own []string) bool {
	return slices.ContainsFunc(own, func(w string) bool { return lexicon.SameMeaning(w, "bought") })
}

// tellsMore reports whether a clause says what happened on its day.
func tellsMore(s *sheet.Sheet, text string) bool {
	return len(slices.DeleteFunc(lexicon.Content(withoutDays(s, text)), func(w string) bool { return lexicon.Has("filler", w) })) > 1
}

// withoutDays returns a text without its days.
func withoutDays(s *sheet.Sheet, text string) string {
	low := []byte(day.Normalize(text))
	for _, d := range day.All(text, s.When.Context) {
		for i := d.From; i < d.To && i < len(low); i++ {
			low[i] = ' '
		}
	}
	return string(low)
}

// maxDay is how many words name a day and nothing else.
const maxDay = 2

// besideAnother reports whether a sentence has another day beside that of one of its clauses, which
// may be meant as well: behind a "but", or of what is fetched where a question asks when it came.
func besideAnother(s *sheet.Sheet, q int, all []statement.Statement, c *statement.Statement, w day.Context) bool {
	own, mine := s.OwnWords(q), day.All(c.Text, w)
	against := slices.ContainsFunc(lexicon.Words(c.Whole), func(w string) bool { return lexicon.Has("adversative", w) })
	for i := range all {
		o := &all[i]
		if o.Sentence != c.Sentence || len(day.All(o.Text, w)) == 0 || lexicon.PhraseIn("accordingto", o.Text) {
			continue
		}
		other := slices.ContainsFunc(day.All(o.Text, w), func(d day.Found) bool {
			return !slices.ContainsFunc(mine, func(m day.Found) bool { return m.Date.Equal(d.Date) })
		})
		if !other || dayOfAnother(s, q, o.Text) {
			continue
		}
		if against || lexicon.HasAny(lexicon.Words(o.Text), "fetched") &&
			slices.ContainsFunc(own, func(w string) bool { return lexicon.SameMeaning(w, "received") }) {
			return true
		}
	}
	return false
}

// dayOfAnother reports whether a clause has words of another question for a day.
func dayOfAnother(s *sheet.Sheet, q int, text string) bool {
	for o := range s.Form.Questions {
		if o != q && s.Form.Questions[o].Kind == tickets.AskDate && lexicon.Mentions(text, s.OwnWords(o)) > 0 {
			return true
		}
	}
	return false
}

// ofAnother reports whether the beginning that a clause names is one of what another question asks:
// "it leaks, since this morning".
func ofAnother(s *sheet.Sheet, q int, all []statement.Statement, i int) bool {
	about := func(text string) bool {
		return slices.ContainsFunc(s.Open, func(o int) bool {
			return o != q && s.Form.Questions[o].Kind == tickets.AskYesNo && lexicon.Mentions(text, s.OwnWords(o)) > 0
		})
	}
	return about(all[i].Text) || i > 0 && all[i-1].Sentence == all[i].Sentence &&
		(about(all[i-1].Text) || yesno.Exactly(lexicon.Plain(all[i-1].Text)) != "")
}
