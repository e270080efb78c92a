package prose

import (
	"slices"
	"strings"
	"time"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/choice"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/mention"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
	"tierdesk/tickets/answers/value"
)

// amend returns clauses in which what was taken back is as it was said then: of "we come on 4 May,
// oh no, on the 6th" the first one has the 6th in it. Where nobody can see what has become of a
// value, its clause is doubted. It also returns the sentences that take something back for sure.
func amend(s *sheet.Sheet, all []statement.Statement) (out []statement.Statement, amended map[string]bool) {
	amended = map[string]bool{}
	idle := make([]bool, len(all)) // clauses that only take back
	for i := 1; i < len(all); i++ {
		rest, sure, ok := clause.Amends(all[i].Text)
		if !ok || idle[i] {
			continue
		}
		from := firstOfSentence(all, i)
		if from == i && sure { // "three cups ... sorry, four"
			from = firstOfSentence(all, i-1)
		}
		a := amendment{sheet: s, before: all[from:i], sure: sure}
		next := i
		for ; next < len(all) && all[next].Sentence == all[i].Sentence; next++ {
			said := all[next].Text
			if next == i {
				said = rest
			} else if more, _, again := clause.Amends(said); again {
				said = more
			}
			a.now = &all[next]
			if said != "" && a.hear(said) {
				break
			}
		}
		if !a.heard {
			a.hearWords(rest, all[i:])
			continue
		}
		for k := i; k <= next && k < len(all); k++ {
			if more, _, again := clause.Amends(all[k].Text); again && more == "" {
				idle[k] = true
			}
		}
		if sure || a.only {
			amended[all[i].Whole], amended[all[from].Whole] = true, true
		}
	}
	for i := range all {
		if !idle[i] {
			out = append(out, all[i])
		}
	}
	return out, amended
}

// firstOfSentence returns the place of the first clause of the sentence in which one stands.
func firstOfSentence(all []statement.Statement, i int) int {
	first := i
	for first > 0 && all[first-1].Sentence == all[i].Sentence {
		first--
	}
	return first
}

// amendment is the clauses before the words that take something back.
type amendment struct {
	sheet  *sheet.Sheet
	before []statement.Statement
	now    *statement.Statement // the clause behind those words that is heard
	sure   bool                 // the words can mean nothing else
	heard  bool                 // what follows has a value of the kind of one before
	only   bool                 // but one open question asks for one of that kind
}

// hear changes the last clause before that has a value of the kind of one in a text, or doubts it.
// It reports whether there is one.
func (a *amendment) hear(text string) bool {
	for _, kind := range []func(string) bool{a.hearDay, a.hearNumber, a.hearChoice, a.hearAddress, a.hearCode, a.hearDate} {
		if kind(text) {
			a.heard = true
			return true
		}
	}
	return false
}

// lastWith returns the last of the clauses before in which something stands, nil if there is none.
func (a *amendment) lastWith(has func(text string) bool) *statement.Statement {
	for i := len(a.before) - 1; i >= 0; i-- {
		if has(a.before[i].Text) {
			return &a.before[i]
		}
	}
	return nil
}

func (a *amendment) isOnly(kind tickets.QuestionKind) { a.only = a.sheet.IsOnly(kind) }

func (a *amendment) hearDay(text string) bool {
	when := a.sheet.When.Context
	days := func(text string) []day.Found { return day.All(text, when) }
	now := days(text)
	c := a.lastWith(func(text string) bool { return len(days(text)) > 0 })
	if c == nil || len(now) == 0 {
		return false
	}
	a.isOnly(tickets.AskDate)
	was := days(c.Text)
	if len(now) != 1 || len(was) != 1 || !value.GivesOnly(text, nil) ||
		!day.HasMonth(text) && now[0].Date.Format("2006-01") != was[0].Date.Format("2006-01") {
		a.doubt(c)
		return true
	}
	c.Text = withDay(c.Text, was[0], now[0].Date)
	return true
}

// hearDate doubts a day for which another number follows: "on 14 May, no, the 12th".
func (a *amendment) hearDate(text string) bool {
	c := a.lastWith(func(text string) bool { return len(day.All(text, a.sheet.When.Context)) > 0 })
	if c == nil || !onlyNumber(text) {
		return false
	}
	a.doubt(c)
	a.isOnly(tickets.AskDate)
	return true
}

// onlyNumber reports whether a text is a number and no more than two small words before it: "on the
// 12th".
func onlyNumber(text string) bool {
	ws := lexicon.Words(text)
	return len(ws) > 0 && len(ws) <= 3 && lexicon.HasDigit(ws[len(ws)-1])
}

// withDay returns a text with another day in the place of one.
func withDay(text string, was day.Found, now time.Time) string {
	low := day.Normalize(text)
	to := min(was.To, len(low))
	return low[:was.From] + now.Format("2006-01-02") + low[to:]
}

// doubt doubts a clause and the one that takes it back: neither says for sure what is so.
func (a *amendment) doubt(c *statement.Statement) { c.Doubted, a.now.Doubted = true, true }

func (a *amendment) hearNumber(text string) bool {
	numbers := func(text string) []mention.Number {
		return slices.DeleteFunc(mention.Numbers(a.sheet, text), func(n mention.Number) bool { return n.Article && n.Next != "" })
	}
	now := numbers(text)
	c := a.lastWith(func(text string) bool { return len(numbers(text)) > 0 })
	if c == nil || len(now) == 0 {
		return false
	}
	was := numbers(c.Text)
	n := now[0]
	another := n.Next != "" && !lexicon.Has("stop", n.Next) && !slices.ContainsFunc(was, func(o mention.Number) bool {
		return o.Next == "" || lexicon.Alike(o.Next, n.Next)
	})
	if another && !a.sure { // "we are four, no, we need two rooms"
		return false
	}
	a.isOnly(tickets.AskNumber)
	fields, things := strings.Fields(c.Text), []string{was[0].Next}
	at := slices.IndexFunc(fields, func(f string) bool { return len(numbers(f)) == 1 })
	if another || len(now) != 1 || len(was) != 1 || n.Unsure || at < 0 || !value.GivesOnly(text, things) || len(numbers(fields[at])) != 1 ||
		numbers(fields[at])[0].Value != was[0].Value {
		a.doubt(c)
		return true
	}
	fields[at] = n.Value
	c.Text = strings.Join(fields, " ")
	return true
}

func (a *amendment) hearChoice(text string) bool {
	for _, q := range a.sheet.Open {
		question := &a.sheet.Form.Questions[q]
		if question.Kind != tickets.AskChoice || choice.CountNamed(question, text) == 0 {
			continue
		}
		if c := a.lastWith(func(text string) bool { return choice.CountNamed(question, text) > 0 }); c != nil {
			if c.Revoked = true; !value.GivesOnly(text, lexicon.Words(choicesOf(question))) {
				a.doubt(c)
			}
			a.isOnly(tickets.AskChoice)
			return true
		}
	}
	return false
}

// choicesOf returns what a question lets choose between, in one line.
func choicesOf(q *tickets.Question) string {
	var out []string
	for _, c := range q.Choices {
		out = append(out, c.Value)
	}
	return strings.Join(out, " ")
}

func (a *amendment) hearAddress(text string) bool {
	if !strings.Contains(text, "@") {
		return false
	}
	c := a.lastWith(func(text string) bool { return strings.Contains(text, "@") })
	if c != nil {
		c.Revoked = true
		a.isOnly(tickets.AskEmail)
	}
	return c != nil
}

func (a *amendment) hearCode(text string) bool {
	coded := func(text string) bool { return slices.ContainsFunc(strings.Fields(text), mention.IsCode) }
	if !coded(text) {
		return false
	}
	c := a.lastWith(coded)
	if c != nil {
		c.Revoked = true
	}
	return c != nil
}

// hearWords doubts the words of the clause before if a few others follow in their place: "it is a
// Merlot, no, a Malbec".
func (a *amendment) hearWords(rest string, from []statement.Statement) {
	if rest == "" && len(from) > 1 && from[1].Sentence == from[0].Sentence {
		rest = from[1].Text
	}
	if n := len(lexicon.Words(rest)); n > 0 && n <= maxAmending && len(a.before) > 0 {
		a.before[len(a.before)-1].Amended = true
	}
}

// maxAmending is how many words stand in the place of others.
const maxAmending = 4
