package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
)

// told finds answers in a text of sentences as a careful reader does: what is said there that could
// be an answer is looked at together with all questions, and one gets it only if its own words
// stand beside it, or if it is the only one of its kind on both sides. What competes answers
// nothing: somebody asks again.
func (s *sheet) told(text string) {
	if len(words(text)) > maxProse {
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
			if hasAny(words(all[i].text), "anotherone") && !named {
				continue
			}
			if all[i].aside || all[i].revoked || all[i].doubted || all[i].inside {
				continue
			}
			found, doubtful := s.saidOf(q, s.own(q), all[i].text, named)
			if slices.ContainsFunc(s.open, func(o int) bool { // it answers that one
				return s.form.Questions[o].Kind == tickets.AskChoice && names(&s.form.Questions[o], found) > 0
			}) {
				continue
			}
			if named && hasAny(words(s.wording(q)), "whereword") && !known().startsWith("placeprep", found) {
				continue // what it is
			}
			doubt = doubt || doubtful || found != "" && hasAny(words(all[i].text), "anotherone") || found != "" && said != ""
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
		if c.aside || c.revoked || len(words(c.text)) > maxPiece || c.unsure() || hasAny(words(c.text), "anotherone") ||
			known().phraseIn("manydays", c.whole) {
			continue
		}
		if c.labels && i+1 < len(all) && all[i+1].sentence == c.sentence {
			q := s.named(c.text)
			if q < 0 || !s.isOpen(q) || len(s.said[q]) > 0 || hasDigit(c.text) {
				continue
			}
			question, rest := &s.form.Questions[q], all[i+1].text
			if _, how := value(question, rest, s.when); how == clear && (question.Kind != tickets.AskText || s.nameLike(rest)) {
				s.say(q, rest, true)
			}
			continue
		}
		if known().has("but", words(c.text)[0]) {
			continue // no short word for "benutzt"
		}
		if q, rest, ok := s.labelBefore(c.text); ok && len(s.said[q]) == 0 {
			if question := &s.form.Questions[q]; question.Kind == tickets.AskDate && s.besideAnother(q, all, c, s.when.asking(question)) {
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

// likes reports whether a word is one of a question's: a form of it, one that stands for the same,
// or a part of a compound.
func likes(word string, own []string) bool {
	for _, part := range []string{word, unelided(word)} {
		if slices.ContainsFunc(own, func(o string) bool {
			o = unelided(o)
			return means(part, o) || compound(part, o) || compound(o, part) ||
				len(part) > 4 && shortFor(part, o) && strings.HasSuffix(part, "nr")
		}) {
			return true
		}
	}
	return false
}

// unelided returns a word without the article before it and the ending behind it: "d'ordine",
// "pupil's".
func unelided(word string) string {
	for _, front := range []string{"d'", "l'", "j'", "s'", "qu'", "dell'", "all'"} {
		word = strings.TrimPrefix(word, front)
	}
	return strings.TrimSuffix(word, "'s")
}

// compound reports whether a word is the beginning or the end of a longer one: "Nacht" of
// "Hotelnächte".
func compound(part, whole string) bool {
	stem := strings.TrimRight(part, "ens")
	return len(stem) >= 4 && len(whole) > len(part)+2 && (strings.HasPrefix(whole, stem) ||
		strings.HasSuffix(strings.TrimRight(whole, "ens"), stem))
}

// emailTold takes the only address that a clause gives.
func (s *sheet) emailTold(q int, all []statement) {
	if !s.only(tickets.AskEmail) {
		return
	}
	var found []candidate
	for i := range all {
		c := &all[i]
		if len(addresses(c.text)) == 0 {
			if known().phraseIn("thisaddress", c.text) && !negated(words(c.text)) {
				found = append(found, candidate{value: s.when.from, strong: true, from: c})
			}
			continue
		}
		v, how := emailIn(c.text)
		if how == clear {
			found = append(found, candidate{value: v, strong: true, from: c})
		} else if !negated(words(c.text)) {
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
func (s *sheet) dayAmong(q int, text string) (string, reading) {
	in := &sheet{form: s.form, open: []int{q}, when: s.when, said: map[int][]answer{}, writer: s.writer, asked: s.asked}
	in.dateTold(q, in.statements(text), false)
	if len(in.said[q]) == 0 || doubtful(text) {
		return "", unclear
	}
	return value(&s.form.Questions[q], in.said[q][0].text, s.when)
}

// partWithDay returns the part of a clause, before or behind an "and", that says of the only one of
// its two days what a question asks: "born on 2 May 2010 and wants to begin on 1 April". nil if
// there is none.
func (s *sheet) partWithDay(q int, c *statement, w When) *statement {
	days := dates(c.text, w)
	if len(days) != 2 || days[0].date.Equal(days[1].date) {
		return nil
	}
	fields := strings.Fields(c.text)
	for i := 2; i+2 < len(fields); i++ {
		if !s.joins(fields[i]) {
			continue
		}
		front, behind := strings.Join(fields[:i], " "), strings.Join(fields[i+1:], " ")
		if len(dates(front, w)) != 1 || len(dates(behind, w)) != 1 {
			continue
		}
		for _, text := range []string{front, behind} {
			if known().phraseIn("birth", text) == w.birth && (w.birth || mentions(text, s.own(q)) > 0 || dayBehind("fromday", text, w)) {
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
	p := plain(word)
	return known().has("neithernor", p) && !known().has("either", p) && (p != "en" || s.when.Language == "" || s.when.tongue() == "nl")
}

// namesDay reports whether a text has a day in it that can be what is asked for: nobody is still to
// be born.
func namesDay(text string, w When) bool {
	return slices.ContainsFunc(dates(text, w), func(d found) bool { return !w.birth || !d.date.After(w.Now) })
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
	since, from := known().phraseIn("sincewhen", s.wording(q)), known().phraseIn("fromwhen", s.wording(q))
	w := s.when.asking(question)
	today := s.when.Now.Format("2006-01-02")
	var found []candidate
	var named []candidate // beside words that no other question has
	other := false        // a day of something else, which may be what they call it
	for i := range all {
		c := &all[i]
		if !namesDay(c.text, w) {
			continue
		}
		if part := s.partWithDay(q, c, w); part != nil {
			c = part
		}
		names := mentions(c.text, own) > 0 || i > 0 && all[i-1].labels && mentions(all[i-1].text, own) > 0
		near := names || from && dayBehind("fromday", c.text, w)
		if born := known().phraseIn("birth", c.text); born != w.birth {
			other = other || born
			continue
		} else if born {
			near = true
		}
		if !near && known().phraseIn("elseday", c.text) {
			other = true
			continue
		}
		if w.past && (known().phraseIn("future", c.text) || known().phraseIn("forthat", c.text)) {
			continue
		}
		v, how := dateIn(c.text, w)
		if how == clear && s.taken(q, v) || how != clear && w.coming && len(dates(c.text, w)) == 1 &&
			known().phraseIn("notpossible", c.text) {
			continue
		}
		if since && known().phraseIn("solved", c.text) {
			continue
		}
		begins := since && sinceThen(c.text, w)
		if !since && !from && !near && sinceThen(c.text, w) && s.ofAnother(q, all, i) ||
			!near && !begins && w.past && how == clear && v == today && hasAny(words(c.text), "plainverb") {
			continue // "today I have guests"
		}
		if how == clear && (w.past && v > today || w.coming && v < today) || since && !begins && len(words(c.text)) > maxDay {
			continue
		}
		if how != clear || known().has("either", words(c.text)[0]) ||
			known().phraseIn("manydays", c.whole) || how == clear &&
			!(from && dayBehind("fromday", c.text, w)) && s.besideAnother(q, all, c, w) {
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
	return slices.ContainsFunc(own, func(w string) bool { return means(w, "bought") })
}

// tellsMore reports whether a clause says what happened on its day.
func (s *sheet) tellsMore(text string) bool {
	return len(slices.DeleteFunc(content(s.withoutDays(text)), func(w string) bool { return known().has("filler", w) })) > 1
}

// maxDay is how many words name a day and nothing else.
const maxDay = 2

// sinceThen reports whether a day in a clause is the beginning of something.
func sinceThen(text string, w When) bool {
	low := spaced(text)
	return beganThen(text, w) || slices.ContainsFunc(dates(text, w), func(d found) bool {
		before := words(low[:d.from] + firstBlank(low[d.from:d.to]))
		return hasAny(before[max(0, len(before)-4):], "sinceword") || hasAny(words(firstWords(low[d.from:d.to], 1)), "sinceword")
	})
}

// dayBehind reports whether a phrase of a section stands right before a day in a clause.
func dayBehind(section, text string, w When) bool {
	low := spaced(text)
	return slices.ContainsFunc(dates(text, w), func(d found) bool {
		before := words(low[:d.from] + firstBlank(low[d.from:d.to]))
		return known().phraseIn(section, strings.Join(before[max(0, len(before)-3):], " ")) ||
			known().has(section, plain(firstWords(low[d.from:d.to], 1)))
	})
}

// choiceTold takes the choice that clauses name.
func (s *sheet) choiceTold(q int, all []statement) {
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
	var found []candidate
	for i := range all {
		c := &all[i]
		text := strings.ReplaceAll(withoutAddresses(c.text), "'s ", " ")
		if c.labels && len(words(text)) <= maxDay || known().phraseIn("isattached", text) {
			continue // a Word file
		}
		if v, how := s.termIn(q, c); how != silent {
			found = append(found, candidate{value: v, strong: true, from: c})
			continue
		}
		if s.asksTerm(q) && (known().phraseIn("formerly", c.text) || slices.ContainsFunc(s.numbersOf(c.text), func(n toldNumber) bool {
			return n.next != "" && !known().has("stop", n.next)
		})) {
			continue // it counts something else
		}
		v, how := choiceIn(question, text)
		if how != clear && names(question, text) == 0 {
			if made := s.compoundOf(q, text); made != "" {
				if c.unsure() || slices.ContainsFunc(words(text), denies) {
					made = ""
				}
				found = append(found, candidate{value: made, strong: true, from: c})
				continue
			}
			if meant := s.choiceMeant(question, text); len(meant) > 0 {
				if len(meant) > 1 || c.unsure() || slices.ContainsFunc(words(text), denies) && !known().phraseIn("meaning", text) {
					meant[0] = ""
				}
				found = append(found, candidate{value: meant[0], strong: true, from: c})
			}
			continue
		}
		if how == clear && alsoNear(question, text, v) {
			how = unclear
		}
		_, inPart := partly(question, text)
		if how == clear && (names(question, text) > 0 || inPart || len(words(text)) == 1 || s.stemmed(question, text)) {
			found = append(found, candidate{value: v, strong: true, from: c})
		} else if names(question, text) > 0 {
			found = append(found, candidate{strong: true, from: c})
		}
	}
	s.settle(q, found, false)
}

// choiceMeant returns the choices that a text means in other words: "rotto" for "danneggiata".
func (s *sheet) choiceMeant(question *tickets.Question, text string) []string {
	groups := map[int]bool{}
	for _, w := range words(text) {
		groups[known()["like"][w]] = true
	}
	for phrase, group := range known()["meaning"] {
		if strings.Contains(" "+plain(text)+" ", " "+phrase+" ") {
			groups[group] = true
		}
	}
	var out []string
	for _, c := range question.Choices {
		want := content(c.Value)
		other := func(w string) bool { g := known()["like"][w]; return g == 0 || !groups[g] }
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
	asked := content(joined(question.Ask))
	said := ""
	for _, w := range words(text) {
		for _, c := range question.Choices {
			rest, ok := strings.CutPrefix(w, plain(c.Value))
			if !ok || len(c.Value) < minFront ||
				!slices.ContainsFunc(asked, func(a string) bool { return a == rest || sameThing(a, rest) }) {
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

// sameThing reports whether two words stand for the same thing.
func sameThing(a, b string) bool {
	return slices.ContainsFunc(things()[a], func(thing int) bool { return slices.Contains(things()[b], thing) })
}

// termIn returns the choice of a question for a number of months that a clause names, also in
// years: silent if it names none. How long something has been so is no answer.
func (s *sheet) termIn(q int, c *statement) (string, reading) {
	question := &s.form.Questions[q]
	if !s.asksTerm(q) {
		return "", silent
	}
	said := ""
	for _, n := range s.numbersOf(c.text) {
		span, months := known()["span"][n.next], atoi(n.value)
		if span == spanYear {
			months *= 12
		} else if span != spanMonth {
			continue
		}
		ws := words(c.text)
		short := len(ws) <= maxTerm && !hasAny(ws, "sinceword")
		is := slices.ContainsFunc(question.Choices, func(o tickets.Choice) bool { return o.Value == itoa(months) })
		if !is || known().phraseIn("formerly", c.text) || span == spanYear && !short && !known().phraseIn("renewing", c.text) {
			continue
		}
		if said != "" && said != itoa(months) || n.unsure || c.unsure() || slices.ContainsFunc(ws, denies) {
			return "", unclear
		}
		said = itoa(months)
	}
	if said == "" {
		return "", silent
	}
	return said, clear
}

// asksTerm reports whether a question lets choose between numbers of months.
func (s *sheet) asksTerm(q int) bool {
	return slices.ContainsFunc(content(s.wording(q)), func(w string) bool { return known()["span"][w] == spanMonth }) &&
		!slices.ContainsFunc(s.form.Questions[q].Choices, func(o tickets.Choice) bool { return strings.Trim(o.Value, "0123456789") != "" })
}

// maxTerm is how many words name a term and no more than that.
const maxTerm = 4

// alsoNear reports whether a text that names a choice has a misspelt other one beside it.
func alsoNear(question *tickets.Question, text, value string) bool {
	return slices.ContainsFunc(question.Choices, func(c tickets.Choice) bool {
		p := plain(c.Value)
		return c.Value != value && len(p) > 5 &&
			slices.ContainsFunc(words(text), func(w string) bool { return len(w) > 5 && slip(w, p, 2) })
	})
}

// stemmed reports whether a text has a form of each word of one of the choices.
func (s *sheet) stemmed(question *tickets.Question, text string) bool {
	return slices.ContainsFunc(question.Choices, func(c tickets.Choice) bool {
		want := content(c.Value)
		return len(want) > 0 && mentions(text, want) == len(want)
	})
}
