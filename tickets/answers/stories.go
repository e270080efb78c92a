package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
)

// textTold takes what is said to a question in free words, if it asks for a person, for what is
// broken or for its cause.
func (s *sheet) textTold(q int, all []statement) {
	switch {
	case s.asksCode(q):
	case s.asksPerson(q):
		s.personTold(q, all)
	case known().phraseIn("whycause", s.wording(q)):
		s.causeTold(q, all)
	case known().phraseIn("whatwasin", s.wording(q)):
		s.contentsTold(q, all)
	case known().phraseIn("trouble", s.wording(q)) && !hasAny(words(s.wording(q)), "which"):
		s.troubleTold(q, all)
	}
}

// asksPerson reports whether a question asks for the name of somebody.
func (s *sheet) asksPerson(q int) bool {
	asked := words(s.wording(q))
	return s.form.Questions[q].Kind == tickets.AskText && (known().startsWith("whois", s.wording(q)) ||
		hasAny(asked, "someone") && (hasAny(asked, "calls") || hasAny(asked, "nameword")))
}

// personTold takes the only person that can be meant: one beside words of the question or for
// people of one's own, one with the writer's family name, or the only one of a text.
func (s *sheet) personTold(q int, all []statement) {
	asked := words(s.wording(q))
	own := hasAny(asked, "yours") || hasAny(asked, "yourself")
	var found []candidate
	for i := range all {
		c := &all[i]
		for _, p := range s.personsIn(c) {
			theirs := !slices.ContainsFunc(words(p.name), func(w string) bool { return !slices.Contains(s.writer, w) })
			relative := len(s.writer) > 1 && lastWord(plain(p.name)) == s.writer[len(s.writer)-1] // no company of theirs
			lead := p.lead
			if i > 0 && all[i-1].labels && len(lead) == 0 {
				lead = words(all[i-1].text)
			}
			introduced := hasAny(lead, "mine") && hasAny(lead, "nameword") || len(lead) > 0 && hasAny(lead, "thisisme")
			switch {
			case !own && (theirs || introduced):
			case own && (theirs || introduced), relative, hasAny(lead, "someone"), hasAny(lead, "calls"),
				mentions(strings.Join(lead, " "), s.own(q)) > 0:
				found = append(found, candidate{value: p.name, strong: true, from: c})
			case hasAny(lead, "ofthem") || p.whole || len(lead) == 0 && c.first && len(dates(c.text, s.when)) > 0:
				found = append(found, candidate{value: p.name, from: c})
			}
		}
	}
	persons := 0
	for _, o := range s.open {
		if s.asksPerson(o) {
			persons++
		}
	}
	s.settle(q, found, persons == 1)
}

// person is a name in a clause.
type person struct {
	name  string
	lead  []string // words before it
	whole bool     // nothing else stands in the clause
}

// personsIn returns the names of people in a clause: two or three words with capitals that are
// nothing else.
func (s *sheet) personsIn(c *statement) []person {
	fields := strings.Fields(c.text)
	var out []person
	for i := 0; i < len(fields); {
		n := 0
		for i+n < len(fields) && n < 4 && (s.ofName(fields[i+n]) || n > 0 && i+n+1 < len(fields) &&
			hasAny(words(fields[i+n]), "ofname") && s.ofName(fields[i+n+1])) {
			n++
			if strings.HasSuffix(fields[i+n-1], "'s") || strings.HasSuffix(fields[i+n-1], "’s") {
				break
			}
		}
		if n < 2 {
			i += max(1, n)
			continue
		}
		name := strings.Join(fields[i:i+n], " ")
		lead := words(strings.Join(fields[max(0, i-4):i], " "))
		if !(len(lead) > 0 && known().has("title", lead[len(lead)-1])) {
			out = append(out, person{strings.TrimSuffix(strings.TrimSuffix(name, "'s"), "’s"), lead, n == len(fields)})
		}
		i += n
	}
	return out
}

// ofName reports whether a word can be a part of a name.
func (s *sheet) ofName(w string) bool {
	bare := strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "’s")
	p := plain(bare)
	if !capital(bare) || len([]rune(bare)) < 2 {
		return false
	}
	for _, section := range []string{"greeting", "closing", "weekday", "month", "stop", "title", "someone", "calls", "smalltalk", "day"} {
		if known().has(section, p) {
			return false
		}
	}
	for i := range s.form.Questions {
		chosen := func(c tickets.Choice) bool { return plain(c.Value) == p }
		if mentions(p, content(s.wording(i))) > 0 || slices.ContainsFunc(s.form.Questions[i].Choices, chosen) {
			return false
		}
	}
	return true
}

// causeTold takes what stands behind words for a cause.
func (s *sheet) causeTold(q int, all []statement) {
	var found []candidate
	for i := range all {
		c := &all[i]
		low, origin := foldedWithPlaces(c.text)
		at := -1
		for phrase := range known()["causelead"] {
			for from := range places(low, phrase) {
				at = max(at, from+len(phrase))
			}
		}
		if at < 0 {
			continue
		}
		rest := strings.Fields(c.text[origin[at]:])
		for len(rest) > 1 && (known().has("copula", plain(rest[0])) || known().has("causewas", plain(rest[0]))) {
			rest = rest[1:]
		}
		if but := slices.IndexFunc(rest, func(w string) bool { return known().has("but", plain(w)) }); but > 0 {
			rest = rest[:but]
		}
		if len(rest) == 0 && c.labels && i+1 < len(all) {
			rest = strings.Fields(all[i+1].text)
		}
		v := strings.Join(rest, " ")
		if len(content(v)) == 0 || len(rest) > maxCause {
			continue
		}
		if known().phraseIn("unknown", c.text) || known().phraseIn("dontknow", c.text) || known().phraseIn("nocause", c.text) ||
			slices.ContainsFunc(words(c.text), denies) {
			v = ""
		}
		found = append(found, candidate{value: v, strong: true, from: c})
	}
	s.settle(q, found, false)
}

// contentsTold takes what clauses say that was in something: "it held two lenses", "es waren Kerzen
// drin". A word that joins what another question asks for ends it.
func (s *sheet) contentsTold(q int, all []statement) {
	var others []string
	for o := range s.form.Questions {
		if o != q {
			others = append(others, content(s.wording(o))...)
		}
	}
	var found []candidate
	for i := range all {
		c := &all[i]
		rest := s.heldIn(c.text)
		if rest == nil && c.labels && i+1 < len(all) && known().has("holds", plain(c.text)) {
			rest = strings.Fields(all[i+1].text)
		}
		for k := 1; k+1 < len(rest); k++ {
			if near := words(strings.Join(rest[k+1:min(len(rest), k+3)], " ")); known().has("neithernor", plain(rest[k])) &&
				slices.ContainsFunc(near, func(w string) bool { return likes(w, others) }) {
				rest = rest[:k]
			}
		}
		v := strings.Join(rest, " ")
		if len(content(v)) == 0 {
			continue
		}
		takenBack := i+1 < len(all) && all[i+1].sentence == c.sentence && wholly(plain(all[i+1].text)) == No
		lasted := slices.ContainsFunc(rest, func(w string) bool { return known()["span"][plain(w)] != 0 })
		if len(rest) > maxHeld || takenBack || lasted || c.unsure() || hasAny(words(v), "nothingin") ||
			slices.ContainsFunc(words(c.text), denies) {
			v = ""
		}
		found = append(found, candidate{value: v, strong: true, from: c})
	}
	s.settle(q, found, false)
}

// maxHeld is how many words name what was in something.
const maxHeld = 7

// heldIn returns the words of a clause that name what was in something, nil if none do.
func (s *sheet) heldIn(text string) []string {
	ws := strings.Fields(text)
	for n := min(3, len(ws)-1); n > 0; n-- {
		lead := plain(strings.Join(ws[:n], " "))
		if known().has("holds", lead) {
			return ws[n:]
		}
		for end := min(2, len(ws)-n-1); known().has("holdsin", lead) && end > 0; end-- {
			if known().has("inside", plain(strings.Join(ws[len(ws)-end:], " "))) {
				return ws[n : len(ws)-end]
			}
		}
	}
	return nil
}

// maxCause is how many words name a cause.
const maxCause = 14

// troubleTold takes the only clause that says that something does not work, or those of one
// sentence.
func (s *sheet) troubleTold(q int, all []statement) {
	first, last := -1, -1
	for i := range all {
		c := &all[i]
		ws := words(c.text)
		if known().phraseIn("solved", c.text) {
			return
		}
		fails := hasAny(ws, "works") && (slices.ContainsFunc(ws, denies) || known().phraseIn("nomore", c.text)) ||
			known().phraseIn("broken", c.text)
		if !fails || c.inside {
			continue
		}
		if c.aside || c.revoked || known().phraseIn("otherthing", c.text) || known().phraseIn("request", c.text) {
			return
		}
		if first >= 0 && all[first].sentence != c.sentence {
			return
		}
		if first < 0 {
			first = i
		}
		last = i
	}
	if first < 0 {
		return
	}
	var text []string
	for i := first; i <= last; i++ {
		text = append(text, all[i].text)
	}
	if v := strings.Join(text, ", "); len(strings.Fields(v)) <= maxTrouble && !doubtful(v) {
		s.say(q, v, true)
	}
}

// maxTrouble is how many words tell what is broken.
const maxTrouble = 25
