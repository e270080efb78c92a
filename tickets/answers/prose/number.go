package prose

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/mention"
	"tierdesk/tickets/answers/number"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
)

// numberQuestion is a question for a number, with what is looked at for each clause.
type numberQuestion struct {
	s       *sheet.Sheet
	q       int
	ask     string   // in one line
	own     []string // its words
	things  []string // what it counts; none if it asks what something shows
	price   bool     // it asks for an amount of money
	apiece  bool     // it asks for that of one of several things
	age     bool     // it asks how old somebody is
	generic bool     // it counts things of any kind
	all     []statement.Statement
}

func askForNumber(s *sheet.Sheet, q int, all []statement.Statement) *numberQuestion {
	wording, things := s.Wording(q), s.CountedThings(q)
	k := &numberQuestion{s: s, q: q, ask: lexicon.Joined(s.Form.Questions[q].Ask), own: lexicon.Content(wording), things: things,
		price:   lexicon.HasAny(lexicon.Words(wording), "amount") || lexicon.HasAny(lexicon.Words(wording), "money"),
		age:     number.AsksAge(wording),
		generic: lexicon.HasAny(things, "anything"), all: all}
	if k.price && len(things) == 0 {
		k.apiece = slices.ContainsFunc(k.own, func(w string) bool { return countedElsewhere(s, q, w) })
		k.own = slices.DeleteFunc(k.own, func(w string) bool { return countedElsewhere(s, q, w) })
	}
	return k
}

// countedElsewhere reports whether a word is for what another question counts.
func countedElsewhere(s *sheet.Sheet, q int, word string) bool {
	for o := range s.Form.Questions {
		if o != q && s.Form.Questions[o].Kind == tickets.AskNumber && lexicon.Matches(word, s.CountedThings(o)) {
			return true
		}
	}
	return false
}

// answerNumber takes the number that stands with what a question counts: "for three nights"; or, of
// what something shows, the only one beside its name: "the meter says 4410".
func answerNumber(s *sheet.Sheet, q int, all []statement.Statement) {
	question := askForNumber(s, q, all)
	var found []candidate
	for i := range all {
		whole, done := question.inWhole(&all[i])
		if found = append(found, whole...); done {
			continue
		}
		numbers := question.numbersIn(&all[i])
		for _, n := range numbers {
			if c, ok := question.weigh(i, n, numbers); ok {
				found = append(found, c)
			}
		}
	}
	settle(s, q, found, question.generic)
}

// inWhole returns what a clause says as a whole, whatever numbers are in it, and whether they need
// not be looked at.
func (k *numberQuestion) inWhole(c *statement.Statement) (found []candidate, done bool) {
	says := func(value string) []candidate { return []candidate{{value: value, strong: true, from: c}} }
	if v := comesTo(k.s, k.q, c.Whole, k.own, k.things); v != "" {
		if c.First {
			return says(v), true
		}
		return nil, true
	}
	if v, ok := inGroup(c.Text); ok && lexicon.HasAny(k.things, "people") && !number.OnlyWriter(k.ask, c.Text) {
		if limits(c) || c.Inside || len(mention.Numbers(k.s, c.Whole)) > 1 {
			v = ""
		}
		return says(v), true
	}
	switch {
	case number.OnlyWriter(k.ask, c.Text):
		if lexicon.PhraseIn("meand", c.Text) || len(lexicon.Words(c.Text)) > maxNone { // "only me and my son"
			return says(""), true
		}
		return says("1"), true
	case len(k.things) > 0 && isOnlyOne(c, k.things):
		return says("1"), true
	case len(k.things) > 0 && isNone(c, k.things):
		return says("0"), true
	case lexicon.PhraseIn("ordering", c.Text) && !lexicon.PhraseIn("ordering", k.s.Wording(k.q)):
		return nil, true // "I ordered ten"
	}
	return nil, false
}

// numbersIn returns the numbers of a clause that may answer the question.
func (k *numberQuestion) numbersIn(c *statement.Statement) []mention.Number {
	numbers := mention.Numbers(k.s, c.Text)
	if len(k.things) > 0 {
		return numbers
	}
	numbers = slices.DeleteFunc(numbers, func(n mention.Number) bool { return n.Article })
	if slices.ContainsFunc(numbers, k.inOwnUnit) { // 2 lenses of 1.2 kg
		numbers = slices.DeleteFunc(numbers, func(n mention.Number) bool { return !k.inOwnUnit(n) })
	}
	return numbers
}

// inOwnUnit reports whether a number is one of the unit that the question names.
func (k *numberQuestion) inOwnUnit(n mention.Number) bool {
	return lexicon.Section("like")[n.Next] != 0 && lexicon.Matches(n.Next, k.own)
}

// weigh returns what one of the numbers of a clause could answer; false for nothing.
func (k *numberQuestion) weigh(i int, n mention.Number, numbers []mention.Number) (candidate, bool) {
	c := &k.all[i]
	switch counts := len(k.things) > 0; {
	case k.age:
		if c.Inside || !isAge(c, n) {
			return candidate{}, false
		}
		ages := slices.DeleteFunc(slices.Clone(numbers), func(n mention.Number) bool { return !isAge(c, n) })
		if n.Unsure || c.Unsure() || lexicon.PhraseIn("except", c.Text) || len(ages) > 1 {
			n.Value = ""
		}
		return candidate{value: n.Value, strong: true, from: c}, true
	case k.generic && !n.Counts(k.things) && n.CountsThings() && !c.Inside && suffers(c.Text):
		v := n.Value
		if len(numbers) > 1 || n.Unsure || limits(c) || partsBeside(k.s, k.q, c.Whole, c.Text) {
			v = ""
		}
		return candidate{value: v, from: c}, true // six glasses are so many articles
	case counts && (!n.Counts(k.things) || k.ofOthers(c)),
		!counts && k.ofAnother(i, n):
		return candidate{}, false
	}
	v := n.Value
	if other, how, ok := number.InUnit(k.ask, c.Text, k.s.When.Context); ok && how == reading.Clear {
		v = other
	} else if ok {
		v = ""
	}
	if k.unsure(i, n, numbers) {
		v = ""
	}
	if base := k.s.When.BaseLanguage(); base != "" && base != "en" {
		v = strings.Replace(v, ".", ",", 1) // it is read again, and "24.9" is a day there
	}
	return candidate{value: v, strong: true, from: c}, true
}

// ofOthers reports whether a clause counts other people than those whom the question asks about.
func (k *numberQuestion) ofOthers(c *statement.Statement) bool {
	return !lexicon.PhraseIn("ofus", c.Text) && !lexicon.PhraseIn("renewing", c.Text) && otherPeople(k.s, k.q, c.Text, k.own)
}

// ofAnother reports whether a number is not what the question wants to know of something: nothing
// of it stands near, it is a length of time, or a price.
func (k *numberQuestion) ofAnother(i int, n mention.Number) bool {
	near := lexicon.Mentions(k.all[i].Text, k.own) > 0 ||
		i > 0 && k.all[i-1].Labels && lexicon.Mentions(k.all[i-1].Text, k.own) > 0
	span := n.Next != "" && lexicon.Section("span")[n.Next] != 0 && !lexicon.Matches(n.Next, k.own)
	return !near && !(k.price && n.Price) || span || n.Price && !k.price
}

// unsure reports whether a number may mean something else than what the question asks for.
func (k *numberQuestion) unsure(i int, n mention.Number, numbers []mention.Number) bool {
	c, counts := &k.all[i], len(k.things) > 0
	switch {
	case n.Unsure, limits(c), number.OtherCurrency(k.ask, c.Text),
		counts && n.OfWhole && k.countsApart(c),
		len(numbers) > 1 && (!counts || n.Among(numbers)):
		return true
	case counts:
		return !lexicon.PhraseIn("total", c.Text) && partsBeside(k.s, k.q, c.Whole, c.Text)
	}
	if k.apiece && (!lexicon.HasAny(lexicon.Words(c.Text), "apiece") || len(mention.Numbers(k.s, c.Text)) > 1) {
		return true // it may be that of all of them
	}
	return !n.Price && !k.inOwnUnit(n) && !shows(k.all, i) && !(k.apiece && strings.Contains(n.Value, "."))
}

// isAge reports whether a number of a clause is how old somebody is: "is 9", "zwölf Jahre", "ha
// otto anni", and no time since when, or for how long, something is.
func isAge(c *statement.Statement, n mention.Number) bool {
	if lexicon.Section("span")[n.Next] == lexicon.SpanYear {
		return !number.Lasts(c.Text)
	}
	return lexicon.Has("isaged", n.Before) && (n.Next == "" || lexicon.Has("neithernor", n.Next) || lexicon.Has("agedold", n.Next))
}

// countsApart reports whether the sentence of a clause has another number in it that stands without
// what it counts: "of the nine boats five".
func (k *numberQuestion) countsApart(c *statement.Statement) bool {
	numbers := mention.Numbers(k.s, c.Whole)
	return slices.ContainsFunc(numbers, func(n mention.Number) bool { return !n.OfWhole && !n.Article && !n.Price })
}

// comesTo returns the number to which a sentence comes at its end, if that counts what a question
// does, or all of what the sentence counts of it: "four books and a film, so five"; "" for none.
func comesTo(s *sheet.Sheet, q int, sentence string, own, things []string) string {
	c, ok := number.Concluded(sentence, s.When.BaseLanguage())
	people := lexicon.HasAny(things, "people")
	switch {
	case !ok || len(things) == 0 || len(day.All(c.Before, s.When.Context)) > 0 || strings.ContainsAny(sentence, "€$£%"):
		return ""
	case c.Thing != "" && (lexicon.Matches(c.Thing, things) || people && lexicon.Has("people", c.Thing)),
		c.Thing == "" && people && lexicon.StartsWith("weare", c.Before),
		c.Thing == "" && c.Total && lexicon.Mentions(c.Before, own) > 0:
		return c.Value
	}
	return ""
}

// limits reports whether a clause is not certain of its numbers, excepts something or tells of
// before.
func limits(c *statement.Statement) bool {
	return c.Unsure() || lexicon.PhraseIn("except", c.Text) || lexicon.PhraseIn("before", c.Text)
}

// shows reports whether a clause says that something shows what stands in it, or a label does.
func shows(all []statement.Statement, i int) bool {
	return i > 0 && all[i-1].Labels || lexicon.HasAny(lexicon.Words(all[i].Text), "showing")
}

// suffers reports whether a clause says that something is broken, wrong or missing.
func suffers(text string) bool {
	return lexicon.PhraseIn("otherkind", text) || slices.ContainsFunc(lexicon.Words(text), func(w string) bool {
		like := lexicon.Section("like")
		return lexicon.Has("broken", w) ||
			like[w] != 0 && (like[w] == like["broken"] || like[w] == like["wrong"] || like[w] == like["missing"])
	})
}

// inGroup returns how many people a clause says that its writer comes with, themselves among them:
// "zu dritt", "we will be four", "siamo in due". Where it says two numbers of them, "".
func inGroup(text string) (said string, ok bool) {
	ws := lexicon.Words(text)
	ends := func(i int) bool {
		return i == len(ws) || !lexicon.Has("either", ws[i]) && (lexicon.Has("stop", ws[i]) || lexicon.Has("filler", ws[i]))
	}
	say := func(n int) {
		if v := lexicon.Itoa(n); !ok || said == v {
			said, ok = v, true
			return
		}
		said = ""
	}
	for phrase, n := range lexicon.Section("ingroup") {
		of := strings.Fields(phrase)
		for i := range ws {
			if end := i + len(of); end <= len(ws) && slices.Equal(ws[i:end], of) && (ends(end) || lexicon.Has("either", ws[end])) {
				say(n)
			}
		}
	}
	for phrase := range lexicon.Section("wecome") {
		of := strings.Fields(phrase)
		for i := range ws {
			end := i + len(of)
			if end >= len(ws) || !slices.Equal(ws[i:end], of) {
				continue
			}
			if lexicon.Has("filler", ws[end]) && end+1 < len(ws) {
				end++
			}
			if n, named := lexicon.NumberNamed(ws[end]); named && n > 1 && ends(end+1) {
				say(n)
			}
			if n := lexicon.Atoi("0" + strings.Trim(ws[end], "abcdefghijklmnopqrstuvwxyz")); n > 1 && n < 1000 &&
				strings.Trim(ws[end], "0123456789") == "" && ends(end+1) {
				say(n)
			}
		}
	}
	return said, ok
}

// isOnlyOne reports whether a clause says no more than that it is only one: "just the one lamp".
func isOnlyOne(c *statement.Statement, things []string) bool {
	ws := withoutBut(lexicon.Words(c.Text))
	if n := len(ws); n > 2 && lexicon.Matches(ws[n-1], things) {
		ws = ws[:n-1]
	}
	return lexicon.Has("onlyone", strings.Join(ws, " "))
}

// isNone reports whether a clause says that there is none of what is counted: "no nights".
func isNone(c *statement.Statement, things []string) bool {
	ws := lexicon.Words(c.Text)
	for i := 0; i+1 < len(ws); i++ {
		if lexicon.Has("nothingof", ws[i]) && lexicon.Matches(ws[i+1], things) && len(ws) <= maxNone {
			return true
		}
	}
	return false
}

// maxNone is how many words a clause has at most that says that there is none.
const maxNone = 10

// partsBeside reports whether another clause of a sentence of a text counts a part of what one
// counts: "we have 12 printers, one is affected". A number before it may be that of an order.
func partsBeside(s *sheet.Sheet, q int, text, counts string) bool {
	before, behind, _ := strings.Cut(text, counts)
	if end := sentenceEnd().FindStringIndex(behind); end != nil {
		behind = behind[:end[0]]
	}
	if ends := sentenceEnd().FindAllStringIndex(before, -1); ends != nil {
		before = before[ends[len(ends)-1][1]:]
	}
	parted := func(c clause.Clause) bool {
		return len(day.All(c.Text, s.When.Context)) == 0 && !lexicon.PhraseIn("formerly", c.Text) &&
			number.CountsPart(withoutCounts(s, q, c.Text), counts, "")
	}
	return slices.ContainsFunc(clause.Of(behind), parted) ||
		slices.ContainsFunc(clause.Of(before), func(c clause.Clause) bool { return !lexicon.HasDigit(c.Text) && parted(c) })
}

// withoutCounts returns a clause without its numbers of what other questions than one ask for: "for
// 24 months" is no part of 120 users.
func withoutCounts(s *sheet.Sheet, q int, text string) string {
	ws := lexicon.Words(text)
	var out []string
	for i := 0; i < len(ws); i++ {
		_, named := lexicon.NumberNamed(ws[i])
		if i+1 < len(ws) && (named || lexicon.HasDigit(ws[i])) && slices.ContainsFunc(s.Open, func(o int) bool {
			counts := s.Form.Questions[o].Kind == tickets.AskChoice || s.Form.Questions[o].Kind == tickets.AskNumber
			return o != q && counts && measuredIn(s, o, ws[i+1])
		}) {
			i++
			continue
		}
		out = append(out, ws[i])
	}
	return strings.Join(out, " ")
}

// measuredIn reports whether a word is what a question counts, or a length of time as that is.
func measuredIn(s *sheet.Sheet, q int, word string) bool {
	return slices.ContainsFunc(lexicon.Content(s.Wording(q)), func(o string) bool {
		a, b := lexicon.Section("span")[word], lexicon.Section("span")[o]
		return lexicon.Matches(word, []string{o}) || a != 0 && (a == b || a == lexicon.SpanYear && b == lexicon.SpanMonth)
	})
}

var sentenceEnd = lexicon.Pattern(`[.!?](?:\s|$)|\n`)

// otherPeople reports whether a sentence about people may be about others than those whom a
// question counts: "there were 5 people in the meeting".
func otherPeople(s *sheet.Sheet, q int, sentence string, own []string) bool {
	if !slices.ContainsFunc(lexicon.Words(lexicon.Joined(s.Form.Questions[q].Ask)), func(w string) bool {
		return lexicon.Has("people", w)
	}) {
		return false
	}
	said := slices.ContainsFunc(lexicon.Words(sentence), func(w string) bool { // what is asked of them: affected
		return slices.ContainsFunc(own, func(o string) bool { return !lexicon.Has("people", o) && lexicon.Alike(o, w) })
	})
	return !said && len(lexicon.Words(sentence)) > 4 && !lexicon.StartsWith("weare", sentence)
}
