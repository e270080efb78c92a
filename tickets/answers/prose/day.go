package prose

import (
	"slices"
	"strings"
	"time"

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

// dayQuestion is a question for a day, with what is looked at for each clause.
type dayQuestion struct {
	s           *sheet.Sheet
	q           int
	own         []string // words that no other question has
	since, from bool     // it asks since when something is, or from when on
	context     day.Context
	all         []statement.Statement
}

func askForDay(s *sheet.Sheet, q int, all []statement.Statement) *dayQuestion {
	question := &s.Form.Questions[q]
	return &dayQuestion{s: s, q: q, own: s.OwnWords(q), all: all,
		since: lexicon.PhraseIn("sincewhen", s.Wording(q)), from: lexicon.PhraseIn("fromwhen", s.Wording(q)),
		context: s.When.For(question.Ask, question.Kind == tickets.AskDate)}
}

// daySaid is what a clause says of a day.
type daySaid struct {
	clause *statement.Statement // or the part of it with the day
	value  string
	how    reading.State
	named  bool // the question's own words stand beside it
	near   bool // those, or other words that say that it is what the question asks for
	begins bool // it is since when something is, and that is asked
	born   bool // of a birth
}

// answerDay takes the day of a clause with words of the question, or, alone, the only one of a text
// that can be it.
func answerDay(s *sheet.Sheet, q int, all []statement.Statement, alone bool) {
	d := askForDay(s, q, all)
	var found, named []candidate
	other := false // a day of something else, which may be what they call it
	for i := range all {
		if !day.Names(all[i].Text, d.context) {
			continue
		}
		said := d.read(i)
		switch {
		case said.born != d.context.Birth:
			other = other || said.born && !taken(s, q, said.value)
			continue
		case !said.near && lexicon.PhraseIn("elseday", said.clause.Text):
			other = true
			continue
		case d.isNot(i, &said):
			continue
		}
		if d.unsure(&said) {
			said.value = ""
		}
		found = append(found, candidate{value: said.value, strong: said.near || said.begins, from: said.clause})
		if said.named {
			named = append(named, found[len(found)-1])
		}
	}
	if d.from && len(named) > 0 {
		found = named
	}
	settle(s, q, found, alone && (d.since || !other))
}

// read returns what a clause that names a day says of it.
func (d *dayQuestion) read(i int) daySaid {
	c := &d.all[i]
	if part := partWithDay(d.s, d.q, c, d.context); part != nil {
		c = part
	} else if part := wishedDay(c, d.context); part != nil {
		c = part
	}
	r := daySaid{clause: c, born: lexicon.PhraseIn("birth", c.Text), begins: d.since && day.BeginsThen(c.Text, d.context)}
	r.named = lexicon.Mentions(c.Text, d.own) > 0 || i > 0 && d.all[i-1].Labels && lexicon.Mentions(d.all[i-1].Text, d.own) > 0
	r.near = r.named || r.born || d.startsThen(c)
	r.value, r.how = day.Read(c.Text, d.context)
	return r
}

// startsThen reports whether a clause says from when on something is, and the question asks that.
func (d *dayQuestion) startsThen(c *statement.Statement) bool {
	return d.from && day.Behind("fromday", c.Text, d.context)
}

// isNot reports whether the day of a clause cannot be the one that is asked for.
func (d *dayQuestion) isNot(i int, r *daySaid) bool {
	w, text, today := d.context, r.clause.Text, d.s.When.Now.Format("2006-01-02")
	switch clear := r.how == reading.Clear; {
	case w.Past && (lexicon.PhraseIn("future", text) || lexicon.PhraseIn("forthat", text)),
		clear && (w.Past && r.value > today || w.Coming && r.value < today),
		w.Coming && hasBeen(day.All(text, w), d.s.When.Now),
		w.Coming && formerPlan(text) && d.wishedLater(i),
		clear && taken(d.s, d.q, r.value),
		!clear && w.Coming && len(day.All(text, w)) == 1 && lexicon.PhraseIn("notpossible", text),
		d.since && lexicon.PhraseIn("solved", text),
		d.since && !r.begins && len(lexicon.Words(text)) > maxDay:
		return true
	case r.near || r.begins:
		return false
	case !d.since && !d.from && day.BeginsThen(text, w) && ofAnother(d.s, d.q, d.all, i),
		clear && w.Past && r.value == today && lexicon.HasAny(lexicon.Words(text), "plainverb"), // "today I have guests"
		clear && w.Coming && r.value == today && len(lexicon.Words(text)) > maxDay,              // "tonight I will ask my son"
		asksPurchase(d.own) && tellsMore(d.s, text):                                             // a wheel came off that day
		return true
	}
	return false
}

// hasBeen reports whether all of some days are before that of the mail.
func hasBeen(days []day.Found, now time.Time) bool {
	today := now.Format(time.DateOnly)
	return len(days) > 0 && !slices.ContainsFunc(days, func(f day.Found) bool { return f.Date.Format(time.DateOnly) >= today })
}

// formerPlan reports whether a clause says what was planned once, and wishes for nothing.
func formerPlan(text string) bool {
	return lexicon.PhraseIn("formerplan", text) && !lexicon.PhraseIn("wishnow", text)
}

// wishedLater reports whether a later clause of the sentence of one wishes for another day.
func (d *dayQuestion) wishedLater(i int) bool {
	for k := i + 1; k < len(d.all) && d.all[k].Sentence == d.all[i].Sentence; k++ {
		if lexicon.PhraseIn("wishnow", d.all[k].Text) && len(day.All(d.all[k].Text, d.context)) == 1 {
			return true
		}
	}
	return false
}

// wishedDay returns the part of a clause that wishes for a day, where its other part says which one
// was planned before: "we had booked for 3 May but would like 10 May", "10 May instead of 3 May".
// nil if it does not.
func wishedDay(c *statement.Statement, w day.Context) *statement.Statement {
	days := day.All(c.Text, w)
	if !w.Coming || len(days) != 2 || days[0].Date.Equal(days[1].Date) {
		return nil
	}
	part, low := *c, day.Normalize(c.Text)
	for phrase := range lexicon.Section("insteadof") {
		for at := range lexicon.Occurrences(low, phrase) {
			end := at + len(phrase)
			switch {
			case at < days[0].From && len(strings.Fields(low[end:days[0].From])) <= 2:
				part.Text = low[days[0].To:]
				return &part
			case at > days[0].To && at < days[1].From && len(strings.Fields(low[end:days[1].From])) <= 2:
				part.Text = low[:at]
				return &part
			}
		}
	}
	fields := strings.Fields(c.Text)
	for i := 1; i+1 < len(fields); i++ {
		front, behind := strings.Join(fields[:i], " "), strings.Join(fields[i+1:], " ")
		if lexicon.Has("adversative", lexicon.Plain(fields[i])) && formerPlan(front) && lexicon.PhraseIn("wishnow", behind) &&
			len(day.All(front, w)) == 1 && len(day.All(behind, w)) == 1 {
			part.Text = behind
			return &part
		}
	}
	return nil
}

// unsure reports whether a clause may mean another day than the one that was read in it.
func (d *dayQuestion) unsure(r *daySaid) bool {
	return r.how != reading.Clear || lexicon.Has("either", lexicon.Words(r.clause.Text)[0]) ||
		lexicon.PhraseIn("manydays", r.clause.Whole) ||
		!d.startsThen(r.clause) && besideAnother(d.s, d.q, d.all, r.clause, d.context)
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
		if !other || dayOfAnother(s, q, o.Text) || wishedDay(o, w) != nil ||
			w.Coming && formerPlan(o.Text) && lexicon.PhraseIn("wishnow", c.Text) {
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
