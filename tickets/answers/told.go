package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/choice"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/value"
)

// told finds answers in a text of sentences as a careful reader does: what is said there that could
// be an answer is looked at together with all questions, and one gets it only if its own words
// stand beside it, or if it is the only one of its kind on both sides. What competes answers
// nothing: somebody asks again.
func (s *sheet) told(text string) {
	if len(lexicon.Words(text)) > maxProse {
		return // who writes that much tells something else
	}
	before := len(s.said)
	s.piecesTold(text)
	all := s.statements(text)
	s.labelsTold(all)
	s.codesTold(all)
	for _, q := range s.open {
		if len(s.said[q]) > 0 {
			continue
		}
		switch s.form.Questions[q].Kind {
		case tickets.AskEmail:
			s.emailTold(q, all)
		case tickets.AskDate:
			s.dateTold(q, all, s.only(tickets.AskDate))
		case tickets.AskChoice:
			s.choiceTold(q, all)
		case tickets.AskNumber:
			s.numberTold(q, all)
		case tickets.AskYesNo:
			s.yesNoTold(q, all)
		case tickets.AskText:
			s.textTold(q, all)
		}
	}
	s.lastDay(all)
	s.quotesTold(all)
	s.thingsTold(all, true)
	if len(s.said) > 1 { // something shows that it is about the questions
		s.thingsTold(all, false)
	}
	s.onlyOne(before, text)
}

// thingsTold takes what clauses say that the words of a question in free words are: "the printer is
// an HP 400"; or, not named, what they say that it is about.
func (s *sheet) thingsTold(all []statement, named bool) {
	for _, q := range s.open {
		if len(s.said[q]) > 0 || s.form.Questions[q].Kind != tickets.AskText || s.asksCode(q) {
			continue
		}
		said, doubt := "", false
		for i := range all {
			if lexicon.HasAny(lexicon.Words(all[i].text), "anotherone") && !named {
				continue
			}
			if all[i].aside || all[i].revoked || all[i].doubted || all[i].inside {
				continue
			}
			found, doubtful := s.saidOf(q, s.own(q), all[i].text, named)
			if slices.ContainsFunc(s.open, func(o int) bool { // it answers that one
				return s.form.Questions[o].Kind == tickets.AskChoice && choice.CountNamed(&s.form.Questions[o], found) > 0
			}) {
				continue
			}
			if named && lexicon.HasAny(lexicon.Words(s.wording(q)), "whereword") && !lexicon.StartsWith("placeprep", found) {
				continue // what it is
			}
			doubt = doubt || doubtful || found != "" && lexicon.HasAny(lexicon.Words(all[i].text), "anotherone") || found != "" &&
				said != ""
			if found != "" {
				said = found
			}
		}
		if !doubt && len(strings.Fields(said)) <= maxNaming {
			s.say(q, said, true)
		}
	}
}

// maxNaming is how many words behind those of a question name what it asks for.
const maxNaming = 6

// labelsTold takes what stands behind the name of a question: "pages: 3500", "cable yes".
func (s *sheet) labelsTold(all []statement) {
	for i := range all {
		c := &all[i]
		if c.aside || c.revoked || len(lexicon.Words(c.text)) > maxPiece || c.unsure() ||
			lexicon.HasAny(lexicon.Words(c.text), "anotherone") ||
			lexicon.PhraseIn("manydays", c.whole) {
			continue
		}
		if c.labels && i+1 < len(all) && all[i+1].sentence == c.sentence {
			q := s.named(c.text)
			if q < 0 || !s.isOpen(q) || len(s.said[q]) > 0 || lexicon.HasDigit(c.text) {
				continue
			}
			question, rest := &s.form.Questions[q], all[i+1].text
			if _, how := value.Of(question, rest, s.when); how == reading.Clear && (question.Kind != tickets.AskText || s.nameLike(rest)) {
				s.say(q, rest, true)
			}
			continue
		}
		if lexicon.Has("but", lexicon.Words(c.text)[0]) {
			continue // no short word for "benutzt"
		}
		if q, rest, ok := s.labelBefore(c.text); ok && len(s.said[q]) == 0 {
			if question := &s.form.Questions[q]; question.Kind == tickets.AskDate &&
				s.besideAnother(q, all, c, s.when.For(question.Ask, question.Kind == tickets.AskDate)) {
				continue
			}
			if s.asksCode(q) {
				codes := s.codesOf(all, i)
				if len(codes) != 1 {
					continue
				}
				rest = codes[0].text
			}
			s.say(q, rest, true)
		}
	}
}

// candidate is what a clause could answer to a question.
type candidate struct {
	value  string // "" for something that is not clear
	strong bool   // the question's words stand beside it
	from   *statement
}

// settle answers a question with the only value of its candidates: those beside its words, or else
// the only one that there is, if nothing else claims it.
func (s *sheet) settle(q int, found []candidate, alone bool) {
	for _, strong := range []bool{true, false} {
		if !strong && !alone {
			return
		}
		said := ""
		for _, c := range found {
			if c.strong != strong {
				continue
			}
			if c.from.revoked && slices.ContainsFunc(found, func(o candidate) bool {
				return o.from.sentence == c.from.sentence && !o.from.revoked
			}) {
				continue
			}
			if c.value == "" || c.from.aside || c.from.revoked || c.from.doubted || said != "" && !strings.EqualFold(said, c.value) {
				return
			}
			said = c.value
		}
		if said != "" {
			s.say(q, said, true)
			return
		}
	}
}

// emailTold takes the only address that a clause gives.
func (s *sheet) emailTold(q int, all []statement) {
	if !s.only(tickets.AskEmail) {
		return
	}
	var found []candidate
	for i := range all {
		c := &all[i]
		if len(lexicon.Addresses(c.text)) == 0 {
			if lexicon.PhraseIn("thisaddress", c.text) && !clause.HasNegation(lexicon.Words(c.text)) {
				found = append(found, candidate{value: s.when.From, strong: true, from: c})
			}
			continue
		}
		v, how := value.EmailIn(c.text)
		if how == reading.Clear {
			found = append(found, candidate{value: v, strong: true, from: c})
		} else if !clause.HasNegation(lexicon.Words(c.text)) {
			found = append(found, candidate{strong: true, from: c})
		}
	}
	s.settle(q, found, false)
}

// lastDay answers the only question for a day that is left with the only day that no other one
// took.
func (s *sheet) lastDay(all []statement) {
	left := slices.DeleteFunc(slices.Clone(s.open), func(q int) bool {
		return s.form.Questions[q].Kind != tickets.AskDate || len(s.said[q]) > 0
	})
	if len(left) == 1 && !s.only(tickets.AskDate) {
		s.dateTold(left[0], all, true)
	}
}

// dayAmong returns the day of an answer that names several, if words of the question stand beside
// one: "we move on 1 July and need the place from the 13th".
func (s *sheet) dayAmong(q int, text string) (string, reading.State) {
	in := &sheet{form: s.form, open: []int{q}, when: s.when, said: map[int][]answer{}, writer: s.writer, asked: s.asked}
	in.dateTold(q, in.statements(text), false)
	if len(in.said[q]) == 0 || clause.Doubtful(text) {
		return "", reading.Unclear
	}
	return value.Of(&s.form.Questions[q], in.said[q][0].text, s.when)
}

// partWithDay returns the part of a clause, before or behind an "and", that says of the only one of
// its two days what a question asks: "born on 2 May 2010 and wants to begin on 1 April". nil if
// there is none.
func (s *sheet) partWithDay(q int, c *statement, w day.Context) *statement {
	days := day.All(c.text, w)
	if len(days) != 2 || days[0].Date.Equal(days[1].Date) {
		return nil
	}
	fields := strings.Fields(c.text)
	for i := 2; i+2 < len(fields); i++ {
		if !s.joins(fields[i]) {
			continue
		}
		front, behind := strings.Join(fields[:i], " "), strings.Join(fields[i+1:], " ")
		if len(day.All(front, w)) != 1 || len(day.All(behind, w)) != 1 {
			continue
		}
		for _, text := range []string{front, behind} {
			if lexicon.PhraseIn("birth", text) == w.Birth &&
				(w.Birth || lexicon.Mentions(text, s.own(q)) > 0 || day.Behind("fromday", text, w)) {
				part := *c
				part.text = text
				return &part
			}
		}
	}
	return nil
}

// joins reports whether a word is an "and" in the language of a mail.
func (s *sheet) joins(word string) bool {
	p := lexicon.Plain(word)
	return lexicon.Has("neithernor", p) && !lexicon.Has("either", p) &&
		(p != "en" || s.when.Language == "" || s.when.BaseLanguage() == "nl")
}

// taken reports whether a day is the answer to another question.
func (s *sheet) taken(q int, day string) bool {
	return slices.ContainsFunc(s.open, func(o int) bool {
		return o != q && s.form.Questions[o].Kind == tickets.AskDate &&
			slices.ContainsFunc(s.said[o], func(a answer) bool { return a.text == day })
	})
}

// dateTold takes the day of a clause with words of the question, or, alone, the only one of a text
// that can be it.
func (s *sheet) dateTold(q int, all []statement, alone bool) {
	question, own := &s.form.Questions[q], s.own(q)
	since, from := lexicon.PhraseIn("sincewhen", s.wording(q)), lexicon.PhraseIn("fromwhen", s.wording(q))
	w := s.when.For(question.Ask, question.Kind == tickets.AskDate)
	today := s.when.Now.Format("2006-01-02")
	var found []candidate
	var named []candidate // beside words that no other question has
	other := false        // a day of something else, which may be what they call it
	for i := range all {
		c := &all[i]
		if !day.Names(c.text, w) {
			continue
		}
		if part := s.partWithDay(q, c, w); part != nil {
			c = part
		}
		names := lexicon.Mentions(c.text, own) > 0 || i > 0 && all[i-1].labels && lexicon.Mentions(all[i-1].text, own) > 0
		near := names || from && day.Behind("fromday", c.text, w)
		if born := lexicon.PhraseIn("birth", c.text); born != w.Birth {
			other = other || born
			continue
		} else if born {
			near = true
		}
		if !near && lexicon.PhraseIn("elseday", c.text) {
			other = true
			continue
		}
		if w.Past && (lexicon.PhraseIn("future", c.text) || lexicon.PhraseIn("forthat", c.text)) {
			continue
		}
		v, how := day.Read(c.text, w)
		if how == reading.Clear && s.taken(q, v) || how != reading.Clear && w.Coming && len(day.All(c.text, w)) == 1 &&
			lexicon.PhraseIn("notpossible", c.text) {
			continue
		}
		if since && lexicon.PhraseIn("solved", c.text) {
			continue
		}
		begins := since && day.BeginsThen(c.text, w)
		if !since && !from && !near && day.BeginsThen(c.text, w) && s.ofAnother(q, all, i) ||
			!near && !begins && w.Past && how == reading.Clear && v == today && lexicon.HasAny(lexicon.Words(c.text), "plainverb") {
			continue // "today I have guests"
		}
		if how == reading.Clear && (w.Past && v > today || w.Coming && v < today) || since && !begins &&
			len(lexicon.Words(c.text)) > maxDay {
			continue
		}
		if how != reading.Clear || lexicon.Has("either", lexicon.Words(c.text)[0]) ||
			lexicon.PhraseIn("manydays", c.whole) || how == reading.Clear &&
			!(from && day.Behind("fromday", c.text, w)) && s.besideAnother(q, all, c, w) {
			v = ""
		}
		if !near && !begins && asksPurchase(own) && s.tellsMore(c.text) {
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
	s.settle(q, found, alone && (since || !other))
}

// asksPurchase reports whether words of a question ask when something was bought.
func asksPurchase(own []string) bool {
	return slices.ContainsFunc(own, func(w string) bool { return lexicon.SameMeaning(w, "bought") })
}

// tellsMore reports whether a clause says what happened on its day.
func (s *sheet) tellsMore(text string) bool {
	return len(slices.DeleteFunc(lexicon.Content(s.withoutDays(text)), func(w string) bool { return lexicon.Has("filler", w) })) > 1
}

// maxDay is how many words name a day and nothing else.
const maxDay = 2

// choiceTold takes the choice that clauses name.
func (s *sheet) choiceTold(q int, all []statement) {
	question := &s.form.Questions[q]
	for i := range s.form.Questions { // the same word could be meant for another one
		if i == q || s.form.Questions[i].Kind != tickets.AskChoice {
			continue
		}
		for _, c := range s.form.Questions[i].Choices {
			if slices.ContainsFunc(question.Choices,
				func(o tickets.Choice) bool { return lexicon.Plain(o.Value) == lexicon.Plain(c.Value) }) {
				return
			}
		}
	}
	var found []candidate
	for i := range all {
		c := &all[i]
		text := strings.ReplaceAll(lexicon.WithoutAddresses(c.text), "'s ", " ")
		if c.labels && len(lexicon.Words(text)) <= maxDay || lexicon.PhraseIn("isattached", text) {
			continue // a Word file
		}
		if v, how := s.termIn(q, c); how != reading.Silent {
			found = append(found, candidate{value: v, strong: true, from: c})
			continue
		}
		if s.asksTerm(q) && (lexicon.PhraseIn("formerly", c.text) || slices.ContainsFunc(s.numbersOf(c.text), func(n toldNumber) bool {
			return n.next != "" && !lexicon.Has("stop", n.next)
		})) {
			continue // it counts something else
		}
		v, how := choice.Read(question, text)
		if how != reading.Clear && choice.CountNamed(question, text) == 0 {
			if made := s.compoundOf(q, text); made != "" {
				if c.unsure() || slices.ContainsFunc(lexicon.Words(text), clause.Denies) {
					made = ""
				}
				found = append(found, candidate{value: made, strong: true, from: c})
				continue
			}
			if meant := s.choiceMeant(question, text); len(meant) > 0 {
				if len(meant) > 1 || c.unsure() || slices.ContainsFunc(lexicon.Words(text), clause.Denies) &&
					!lexicon.PhraseIn("meaning", text) {
					meant[0] = ""
				}
				found = append(found, candidate{value: meant[0], strong: true, from: c})
			}
			continue
		}
		if how == reading.Clear && choice.NearAnother(question, text, v) {
			how = reading.Unclear
		}
		_, inPart := choice.Partly(question, text)
		if how == reading.Clear &&
			(choice.CountNamed(question, text) > 0 || inPart || len(lexicon.Words(text)) == 1 || s.stemmed(question, text)) {
			found = append(found, candidate{value: v, strong: true, from: c})
		} else if choice.CountNamed(question, text) > 0 {
			found = append(found, candidate{strong: true, from: c})
		}
	}
	s.settle(q, found, false)
}

// choiceMeant returns the choices that a text means in other words: "rotto" for "danneggiata".
func (s *sheet) choiceMeant(question *tickets.Question, text string) []string {
	groups := map[int]bool{}
	for _, w := range lexicon.Words(text) {
		groups[lexicon.Section("like")[w]] = true
	}
	for phrase, group := range lexicon.Section("meaning") {
		if strings.Contains(" "+lexicon.Plain(text)+" ", " "+phrase+" ") {
			groups[group] = true
		}
	}
	var out []string
	for _, c := range question.Choices {
		want := lexicon.Content(c.Value)
		other := func(w string) bool { g := lexicon.Section("like")[w]; return g == 0 || !groups[g] }
		if len(want) > 0 && !slices.ContainsFunc(want, other) {
			out = append(out, c.Value)
		}
	}
	return out
}

// compoundOf returns the only choice that stands in a text as the front of a word for what a
// question asks for: "trekkingfiets", "Gravelbike".
func (s *sheet) compoundOf(q int, text string) string {
	question := &s.form.Questions[q]
	asked := lexicon.Content(lexicon.Joined(question.Ask))
	said := ""
	for _, w := range lexicon.Words(text) {
		for _, c := range question.Choices {
			rest, ok := strings.CutPrefix(w, lexicon.Plain(c.Value))
			if !ok || len(c.Value) < minFront ||
				!slices.ContainsFunc(asked, func(a string) bool { return a == rest || choice.SameThing(a, rest) }) {
				continue
			}
			if said != "" && said != c.Value {
				return ""
			}
			said = c.Value
		}
	}
	return said
}

// minFront is how long a choice is at least that makes the front of a word.
const minFront = 4

// termIn returns the choice of a question for a number of months that a clause names, also in
// years: silent if it names none. How long something has been so is no answer.
func (s *sheet) termIn(q int, c *statement) (string, reading.State) {
	question := &s.form.Questions[q]
	if !s.asksTerm(q) {
		return "", reading.Silent
	}
	said := ""
	for _, n := range s.numbersOf(c.text) {
		span, months := lexicon.Section("span")[n.next], lexicon.Atoi(n.value)
		if span == lexicon.SpanYear {
			months *= 12
		} else if span != lexicon.SpanMonth {
			continue
		}
		ws := lexicon.Words(c.text)
		short := len(ws) <= maxTerm && !lexicon.HasAny(ws, "sinceword")
		is := slices.ContainsFunc(question.Choices, func(o tickets.Choice) bool { return o.Value == lexicon.Itoa(months) })
		if !is || lexicon.PhraseIn("formerly", c.text) || span == lexicon.SpanYear && !short && !lexicon.PhraseIn("renewing", c.text) {
			continue
		}
		if said != "" && said != lexicon.Itoa(months) || n.unsure || c.unsure() || slices.ContainsFunc(ws, clause.Denies) {
			return "", reading.Unclear
		}
		said = lexicon.Itoa(months)
	}
	if said == "" {
		return "", reading.Silent
	}
	return said, reading.Clear
}

// asksTerm reports whether a question lets choose between numbers of months.
func (s *sheet) asksTerm(q int) bool {
	return slices.ContainsFunc(lexicon.Content(s.wording(q)),
		func(w string) bool { return lexicon.Section("span")[w] == lexicon.SpanMonth }) &&
		!slices.ContainsFunc(s.form.Questions[q].Choices, func(o tickets.Choice) bool { return strings.Trim(o.Value, "0123456789") != "" })
}

// maxTerm is how many words name a term and no more than that.
const maxTerm = 4

// stemmed reports whether a text has a form of each word of one of the choices.
func (s *sheet) stemmed(question *tickets.Question, text string) bool {
	return slices.ContainsFunc(question.Choices, func(c tickets.Choice) bool {
		want := lexicon.Content(c.Value)
		return len(want) > 0 && lexicon.Mentions(text, want) == len(want)
	})
}
