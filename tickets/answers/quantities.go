package answers

import (
	"slices"
	"strings"
)

// numberTold takes the number that stands with what a question counts: "for three nights"; or, of
// what something shows, the only one beside its name: "the meter says 4410".
func (s *sheet) numberTold(q int, all []statement) {
	own, things := content(s.wording(q)), s.countedBy(q)
	var found []candidate
	price := hasAny(words(s.wording(q)), "amount") || hasAny(words(s.wording(q)), "money")
	generic := hasAny(things, "anything")
	for i := range all {
		c := &all[i]
		if onlyMe(&s.form.Questions[q], c.text) {
			one := candidate{value: "1", strong: true, from: c}
			if known().phraseIn("meand", c.text) || len(words(c.text)) > maxNone { // "only me and my son"
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
		if known().phraseIn("ordering", c.text) && !known().phraseIn("ordering", s.wording(q)) {
			continue // "I ordered ten"
		}
		near := mentions(c.text, own) > 0 || i > 0 && all[i-1].labels && mentions(all[i-1].text, own) > 0
		numbers := s.numbersOf(c.text)
		ownUnit := func(n toldNumber) bool { return known()["like"][n.next] != 0 && likes(n.next, own) }
		foreign := otherMoney(&s.form.Questions[q], c.text)
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
			case len(things) == 0 && (!near && !(price && n.price) || n.next != "" && known()["span"][n.next] != 0 && !likes(n.next, own)):
				continue
			}
			if len(things) == 0 && n.price && !price {
				continue
			}
			v := n.value
			if other, how, ok := inUnit(&s.form.Questions[q], c.text, s.when); ok && how == clear {
				v = other
			} else if ok {
				v = ""
			}
			if len(numbers) > 1 && (len(things) == 0 || n.among(numbers)) || n.unsure || foreign || c.limits() ||
				len(things) == 0 && !n.price && !ownUnit(n) && !s.shows(all, i) ||
				len(things) > 0 && !known().phraseIn("total", c.text) && s.partsBeside(q, c.whole, c.text) {
				v = ""
			}
			if len(things) > 0 && !known().phraseIn("ofus", c.text) && !known().phraseIn("renewing", c.text) &&
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
	return c.unsure() || known().phraseIn("except", c.text) || known().phraseIn("before", c.text)
}

// shows reports whether a clause says that something shows what stands in it, or a label does.
func (s *sheet) shows(all []statement, i int) bool {
	return i > 0 && all[i-1].labels || hasAny(words(all[i].text), "showing")
}

// suffers reports whether a clause says that something is broken, wrong or missing.
func (s *sheet) suffers(text string) bool {
	return known().phraseIn("otherkind", text) || slices.ContainsFunc(words(text), func(w string) bool {
		like := known()["like"]
		return known().has("broken", w) ||
			like[w] != 0 && (like[w] == like["broken"] || like[w] == like["wrong"] || like[w] == like["missing"])
	})
}

// countedBy returns the words for what a question counts, those behind its "how many".
func (s *sheet) countedBy(q int) []string {
	wording := plain(s.wording(q))
	for phrase := range known()["howmany"] {
		_, behind, ok := strings.Cut(" "+wording+" ", " "+phrase+" ")
		if !ok {
			_, behind, ok = strings.Cut(" "+wording, " "+phrase)
		}
		if !ok {
			continue
		}
		var out []string
		for _, w := range strings.Fields(behind) {
			if known().has("stop", w) || known().has("thereare", w) || len(out) == 2 || len(out) > 0 && known().has("thereis", w) {
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
	ws := withoutBut(words(c.text))
	if n := len(ws); n > 2 && likes(ws[n-1], things) {
		ws = ws[:n-1]
	}
	return known().has("onlyone", strings.Join(ws, " "))
}

// none reports whether a clause says that there is none of what is counted: "no nights".
func (c *statement) none(things []string) bool {
	ws := words(c.text)
	for i := 0; i+1 < len(ws); i++ {
		if known().has("nothingof", ws[i]) && likes(ws[i+1], things) && len(ws) <= maxNone {
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
	people := hasAny(things, "people")
	if people && known().startsWith("ofus", n.next+" "+n.after) {
		return true
	}
	return n.next != "" && (likes(n.next, things) || sameSpan(n.next, things) || people && known().has("people", n.next) ||
		n.after != "" && !known().has("stop", n.next) && likes(n.after, things))
}

// sameSpan reports whether a word is a length of time as one of others is, or the end of one of
// them: "Std." and "Betreuungsstunden".
func sameSpan(word string, things []string) bool {
	span := known()["span"][word]
	return span != 0 && slices.ContainsFunc(things, func(thing string) bool {
		if known()["span"][thing] == span {
			return true
		}
		for other, of := range known()["span"] {
			if of == span && len(other) > 4 && strings.HasSuffix(thing, other) {
				return true
			}
		}
		return false
	})
}

// countsThings reports whether a number stands before a thing of any kind.
func (n *toldNumber) countsThings() bool {
	return !n.article && !n.price && n.next != "" && !known().has("stop", n.next) && known()["span"][n.next] == 0 &&
		!known().has("people", n.next)
}

// among reports whether another number of a clause counts the same, or a part of it.
func (n *toldNumber) among(all []toldNumber) bool {
	return slices.ContainsFunc(all, func(o toldNumber) bool {
		return o != *n && !o.article && (o.next == n.next || o.next == "" || known().has("outof", o.next))
	})
}

// numbersOf returns the numbers of a clause that are no part of a day, a code, a time or a price.
func (s *sheet) numbersOf(text string) []toldNumber {
	text = withoutGroups(text)
	low := spaced(withoutAddresses(text))
	b := []byte(low)
	for _, d := range dates(text, s.when) {
		for i := d.from; i < d.to && i < len(b); i++ {
			b[i] = '_'
		}
	}
	fields := strings.Fields(ibanLike().ReplaceAllString(string(b), "_"))
	var out []toldNumber
	for i, f := range fields {
		f = strings.Trim(f, `().,;:!?"'€$£`)
		var n toldNumber
		switch v, ok := numberNamed(f); {
		case attached(f) != nil:
			m := attached(f)
			d, how := decimal(m[1], s.when.tongue())
			n = toldNumber{value: d, unsure: how != clear, next: m[2], after: wordAt(fields, i+1), before: wordAt(fields, i-1)}
			if known().has("clockat", n.before) {
				continue
			}
		case hasDigit(f):
			if !plainNumber().MatchString(f) {
				if rangeLike().MatchString(f) {
					out = append(out, toldNumber{unsure: true, next: wordAt(fields, i+1), after: wordAt(fields, i+2)})
				}
				continue
			}
			d, how := decimal(f, s.when.tongue())
			n = toldNumber{value: d, unsure: how != clear}
		case ok && elsewhere(f, s.when) == here:
			n = toldNumber{value: itoa(v)}
			if v < 0 || v > 1000 {
				continue
			}
		default:
			continue
		}
		n.article = n.value == "1" && !hasDigit(f) && known().has("determiner", f)
		if f == "a" || f == "an" {
			continue
		}
		if n.next == "" {
			n.before, n.next, n.after = wordAt(fields, i-1), wordAt(fields, i+1), wordAt(fields, i+2)
		}
		n.price = strings.ContainsAny(n.before+f+n.next, "€$£") || known().has("money", n.next)
		if strings.ContainsAny(n.next, "%") || known().has("numbered", n.before) {
			continue
		}
		n.unsure = n.unsure || known().has("vague", n.next) || changes(words(strings.Join(fields[:i], " ")), nil) ||
			known().has("bound", n.before) ||
			known().has("range", n.next) && holdsNumber(n.after) || known().has("range", n.before) && holdsNumber(wordAt(fields, i-2)) ||
			known().has("either", n.after) && holdsNumber(wordAt(fields, i+3))
		out = append(out, n)
	}
	return out
}

// attached returns a number and the length of time right behind it, "30hrs", nil for another word.
// What may be an hour of the day is one of them, too.
func attached(field string) []string {
	m := withSpan().FindStringSubmatch(field)
	if m == nil || known()["span"][m[2]] == 0 || m[2] == "pm" {
		return nil
	}
	return m
}

func wordAt(fields []string, i int) string {
	if i < 0 || i >= len(fields) {
		return ""
	}
	return strings.Trim(fields[i], `().,;:!?"`)
}

var (
	withSpan    = pattern(`^(\d+(?:[.,]\d+)?)(\pL+)\.?$`)
	plainNumber = pattern(`^\d{1,3}(?:[.,'’]\d{3})*(?:[.,]\d{1,2})?$|^\d+(?:[.,]\d{1,3})?$`)
	rangeLike   = pattern(`^\d+[-–/]\d+$`)
	ibanLike    = pattern(`(?i)\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b`)
)
