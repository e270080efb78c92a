package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/number"
	"tierdesk/tickets/answers/reading"
)

// numberTold takes the number that stands with what a question counts: "for three nights"; or, of
// what something shows, the only one beside its name: "the meter says 4410".
func (s *sheet) numberTold(q int, all []statement) {
	own, things := lexicon.Content(s.wording(q)), s.countedBy(q)
	var found []candidate
	price := lexicon.HasAny(lexicon.Words(s.wording(q)), "amount") || lexicon.HasAny(lexicon.Words(s.wording(q)), "money")
	generic := lexicon.HasAny(things, "anything")
	for i := range all {
		c := &all[i]
		if number.OnlyWriter(lexicon.Joined(s.form.Questions[q].Ask), c.text) {
			one := candidate{value: "1", strong: true, from: c}
			if lexicon.PhraseIn("meand", c.text) || len(lexicon.Words(c.text)) > maxNone { // "only me and my son"
				one.value = ""
			}
			found = append(found, one)
			continue
		}
		if len(things) > 0 && c.onlyOne(things) {
			found = append(found, candidate{value: "1", strong: true, from: c})
			continue
		}
		if len(things) > 0 && c.none(things) {
			found = append(found, candidate{value: "0", strong: true, from: c})
			continue
		}
		if lexicon.PhraseIn("ordering", c.text) && !lexicon.PhraseIn("ordering", s.wording(q)) {
			continue // "I ordered ten"
		}
		near := lexicon.Mentions(c.text, own) > 0 || i > 0 && all[i-1].labels && lexicon.Mentions(all[i-1].text, own) > 0
		numbers := s.numbersOf(c.text)
		ownUnit := func(n toldNumber) bool { return lexicon.Section("like")[n.next] != 0 && lexicon.Matches(n.next, own) }
		foreign := number.OtherCurrency(lexicon.Joined(s.form.Questions[q].Ask), c.text)
		if len(things) == 0 {
			numbers = slices.DeleteFunc(numbers, func(n toldNumber) bool { return n.article })
			if slices.ContainsFunc(numbers, ownUnit) { // 2 lenses of 1.2 kg
				numbers = slices.DeleteFunc(numbers, func(n toldNumber) bool { return !ownUnit(n) })
			}
		}
		for _, n := range numbers {
			switch {
			case generic && !n.counts(things) && n.countsThings() && !c.inside && s.suffers(c.text):
				v := n.value
				if len(numbers) > 1 || n.unsure || c.limits() || s.partsBeside(q, c.whole, c.text) {
					v = ""
				}
				found = append(found, candidate{value: v, from: c}) // six glasses are so many articles
				continue
			case len(things) > 0 && !n.counts(things):
				continue
			case len(things) == 0 &&
				(!near && !(price && n.price) || n.next != "" && lexicon.Section("span")[n.next] != 0 && !lexicon.Matches(n.next, own)):
				continue
			}
			if len(things) == 0 && n.price && !price {
				continue
			}
			v := n.value
			if other, how, ok := number.InUnit(lexicon.Joined(s.form.Questions[q].Ask), c.text, s.when.Context); ok &&
				how == reading.Clear {
				v = other
			} else if ok {
				v = ""
			}
			if len(numbers) > 1 && (len(things) == 0 || n.among(numbers)) || n.unsure || foreign || c.limits() ||
				len(things) == 0 && !n.price && !ownUnit(n) && !s.shows(all, i) ||
				len(things) > 0 && !lexicon.PhraseIn("total", c.text) && s.partsBeside(q, c.whole, c.text) {
				v = ""
			}
			if len(things) > 0 && !lexicon.PhraseIn("ofus", c.text) && !lexicon.PhraseIn("renewing", c.text) &&
				s.otherPeople(q, c.text, own) {
				continue
			}
			found = append(found, candidate{value: v, strong: true, from: c})
		}
	}
	s.settle(q, found, generic)
}

// limits reports whether a clause is not certain of its numbers, excepts something or tells of
// before.
func (c *statement) limits() bool {
	return c.unsure() || lexicon.PhraseIn("except", c.text) || lexicon.PhraseIn("before", c.text)
}

// shows reports whether a clause says that something shows what stands in it, or a label does.
func (s *sheet) shows(all []statement, i int) bool {
	return i > 0 && all[i-1].labels || lexicon.HasAny(lexicon.Words(all[i].text), "showing")
}

// suffers reports whether a clause says that something is broken, wrong or missing.
func (s *sheet) suffers(text string) bool {
	return lexicon.PhraseIn("otherkind", text) || slices.ContainsFunc(lexicon.Words(text), func(w string) bool {
		like := lexicon.Section("like")
		return lexicon.Has("broken", w) ||
			like[w] != 0 && (like[w] == like["broken"] || like[w] == like["wrong"] || like[w] == like["missing"])
	})
}

// countedBy returns the words for what a question counts, those behind its "how many".
func (s *sheet) countedBy(q int) []string {
	wording := lexicon.Plain(s.wording(q))
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

// onlyOne reports whether a clause says no more than that it is only one: "just the one lamp".
func (c *statement) onlyOne(things []string) bool {
	ws := withoutBut(lexicon.Words(c.text))
	if n := len(ws); n > 2 && lexicon.Matches(ws[n-1], things) {
		ws = ws[:n-1]
	}
	return lexicon.Has("onlyone", strings.Join(ws, " "))
}

// none reports whether a clause says that there is none of what is counted: "no nights".
func (c *statement) none(things []string) bool {
	ws := lexicon.Words(c.text)
	for i := 0; i+1 < len(ws); i++ {
		if lexicon.Has("nothingof", ws[i]) && lexicon.Matches(ws[i+1], things) && len(ws) <= maxNone {
			return true
		}
	}
	return false
}

// maxNone is how many words a clause has at most that says that there is none.
const maxNone = 10

// toldNumber is a number in a text with what stands beside it.
type toldNumber struct {
	value        string
	before, next string
	after        string // behind the next word
	unsure       bool
	price        bool
	article      bool // it may be an article
}

// counts reports whether a number stands before what is counted.
func (n *toldNumber) counts(things []string) bool {
	people := lexicon.HasAny(things, "people")
	if people && lexicon.StartsWith("ofus", n.next+" "+n.after) {
		return true
	}
	return n.next != "" && (lexicon.Matches(n.next, things) || sameSpan(n.next, things) || people && lexicon.Has("people", n.next) ||
		n.after != "" && !lexicon.Has("stop", n.next) && lexicon.Matches(n.after, things))
}

// sameSpan reports whether a word is a length of time as one of others is, or the end of one of
// them: "Std." and "Betreuungsstunden".
func sameSpan(word string, things []string) bool {
	span := lexicon.Section("span")[word]
	return span != 0 && slices.ContainsFunc(things, func(thing string) bool {
		if lexicon.Section("span")[thing] == span {
			return true
		}
		for other, of := range lexicon.Section("span") {
			if of == span && len(other) > 4 && strings.HasSuffix(thing, other) {
				return true
			}
		}
		return false
	})
}

// countsThings reports whether a number stands before a thing of any kind.
func (n *toldNumber) countsThings() bool {
	return !n.article && !n.price && n.next != "" && !lexicon.Has("stop", n.next) && lexicon.Section("span")[n.next] == 0 &&
		!lexicon.Has("people", n.next)
}

// among reports whether another number of a clause counts the same, or a part of it.
func (n *toldNumber) among(all []toldNumber) bool {
	return slices.ContainsFunc(all, func(o toldNumber) bool {
		return o != *n && !o.article && (o.next == n.next || o.next == "" || lexicon.Has("outof", o.next))
	})
}

// numbersOf returns the numbers of a clause that are no part of a day, a code, a time or a price.
func (s *sheet) numbersOf(text string) []toldNumber {
	text = withoutGroups(text)
	low := day.Normalize(lexicon.WithoutAddresses(text))
	b := []byte(low)
	for _, d := range day.All(text, s.when.Context) {
		for i := d.From; i < d.To && i < len(b); i++ {
			b[i] = '_'
		}
	}
	fields := strings.Fields(ibanLike().ReplaceAllString(string(b), "_"))
	var out []toldNumber
	for i, f := range fields {
		f = strings.Trim(f, `().,;:!?"'€$£`)
		var n toldNumber
		switch v, ok := lexicon.NumberNamed(f); {
		case attached(f) != nil:
			m := attached(f)
			d, how := number.Decimal(m[1], s.when.BaseLanguage())
			n = toldNumber{value: d, unsure: how != reading.Clear, next: m[2], after: lexicon.WordAt(fields, i+1),
				before: lexicon.WordAt(fields, i-1)}
			if lexicon.Has("clockat", n.before) {
				continue
			}
		case lexicon.HasDigit(f):
			if !plainNumber().MatchString(f) {
				if rangeLike().MatchString(f) {
					out = append(out, toldNumber{unsure: true, next: lexicon.WordAt(fields, i+1), after: lexicon.WordAt(fields, i+2)})
				}
				continue
			}
			d, how := number.Decimal(f, s.when.BaseLanguage())
			n = toldNumber{value: d, unsure: how != reading.Clear}
		case ok && lexicon.MeaningIn(f, s.when.Language) == lexicon.Listed:
			n = toldNumber{value: lexicon.Itoa(v)}
			if v < 0 || v > 1000 {
				continue
			}
		default:
			continue
		}
		n.article = n.value == "1" && !lexicon.HasDigit(f) && lexicon.Has("determiner", f)
		if f == "a" || f == "an" {
			continue
		}
		if n.next == "" {
			n.before, n.next, n.after = lexicon.WordAt(fields, i-1), lexicon.WordAt(fields, i+1), lexicon.WordAt(fields, i+2)
		}
		n.price = strings.ContainsAny(n.before+f+n.next, "€$£") || lexicon.Has("money", n.next)
		if strings.ContainsAny(n.next, "%") || lexicon.Has("numbered", n.before) {
			continue
		}
		n.unsure = n.unsure || lexicon.Has("vague", n.next) || number.Changes(lexicon.Words(strings.Join(fields[:i], " ")), nil) ||
			lexicon.Has("bound", n.before) ||
			lexicon.Has("range", n.next) && number.Holds(n.after) || lexicon.Has("range", n.before) &&
			number.Holds(lexicon.WordAt(fields, i-2)) ||
			lexicon.Has("either", n.after) && number.Holds(lexicon.WordAt(fields, i+3))
		out = append(out, n)
	}
	return out
}

// attached returns a number and the length of time right behind it, "30hrs", nil for another word.
// What may be an hour of the day is one of them, too.
func attached(field string) []string {
	m := withSpan().FindStringSubmatch(field)
	if m == nil || lexicon.Section("span")[m[2]] == 0 || m[2] == "pm" {
		return nil
	}
	return m
}

var (
	withSpan    = lexicon.Pattern(`^(\d+(?:[.,]\d+)?)(\pL+)\.?$`)
	plainNumber = lexicon.Pattern(`^\d{1,3}(?:[.,'’]\d{3})*(?:[.,]\d{1,2})?$|^\d+(?:[.,]\d{1,3})?$`)
	rangeLike   = lexicon.Pattern(`^\d+[-–/]\d+$`)
	ibanLike    = lexicon.Pattern(`(?i)\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b`)
)
