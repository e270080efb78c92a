package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/yesno"
)

// textTold takes what is said to a question in free words, if it asks for a person, for what is
// broken or for its cause.
func (s *sheet) textTold(q int, all []statement) {
	switch {
	case s.asksCode(q):
	case s.asksPerson(q):
		s.personTold(q, all)
	case lexicon.PhraseIn("whycause", s.wording(q)):
		s.causeTold(q, all)
	case lexicon.PhraseIn("whatwasin", s.wording(q)):
		s.contentsTold(q, all)
	case lexicon.PhraseIn("trouble", s.wording(q)) && !lexicon.HasAny(lexicon.Words(s.wording(q)), "which"):
		s.troubleTold(q, all)
	}
}

// asksPerson reports whether a question asks for the name of somebody.
func (s *sheet) asksPerson(q int) bool {
	asked := lexicon.Words(s.wording(q))
	return s.form.Questions[q].Kind == tickets.AskText && (lexicon.StartsWith("whois", s.wording(q)) ||
		lexicon.HasAny(asked, "someone") && (lexicon.HasAny(asked, "calls") || lexicon.HasAny(asked, "nameword")))
}

// personTold takes the only person that can be meant: one beside words of the question or for
// people of one's own, one with the writer's family name, or the only one of a text.
func (s *sheet) personTold(q int, all []statement) {
	asked := lexicon.Words(s.wording(q))
	own := lexicon.HasAny(asked, "yours") || lexicon.HasAny(asked, "yourself")
	var found []candidate
	for i := range all {
		c := &all[i]
		for _, p := range s.personsIn(c) {
			theirs := !slices.ContainsFunc(lexicon.Words(p.name), func(w string) bool { return !slices.Contains(s.writer, w) })
			relative := len(s.writer) > 1 && lexicon.LastWord(lexicon.Plain(p.name)) == s.writer[len(s.writer)-1] // no company of theirs
			lead := p.lead
			if i > 0 && all[i-1].labels && len(lead) == 0 {
				lead = lexicon.Words(all[i-1].text)
			}
			introduced := lexicon.HasAny(lead, "mine") && lexicon.HasAny(lead, "nameword") || len(lead) > 0 &&
				lexicon.HasAny(lead, "thisisme")
			switch {
			case !own && (theirs || introduced):
			case own && (theirs || introduced), relative, lexicon.HasAny(lead, "someone"), lexicon.HasAny(lead, "calls"),
				lexicon.Mentions(strings.Join(lead, " "), s.own(q)) > 0:
				found = append(found, candidate{value: p.name, strong: true, from: c})
			case lexicon.HasAny(lead, "ofthem") || p.whole || len(lead) == 0 && c.first && len(day.All(c.text, s.when.Context)) > 0:
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
			lexicon.HasAny(lexicon.Words(fields[i+n]), "ofname") && s.ofName(fields[i+n+1])) {
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
		lead := lexicon.Words(strings.Join(fields[max(0, i-4):i], " "))
		if !(len(lead) > 0 && lexicon.Has("title", lead[len(lead)-1])) {
			out = append(out, person{strings.TrimSuffix(strings.TrimSuffix(name, "'s"), "’s"), lead, n == len(fields)})
		}
		i += n
	}
	return out
}

// ofName reports whether a word can be a part of a name.
func (s *sheet) ofName(w string) bool {
	bare := strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "’s")
	p := lexicon.Plain(bare)
	if !lexicon.Capital(bare) || len([]rune(bare)) < 2 {
		return false
	}
	for _, section := range []string{"greeting", "closing", "weekday", "month", "stop", "title", "someone", "calls", "smalltalk", "day"} {
		if lexicon.Has(section, p) {
			return false
		}
	}
	for i := range s.form.Questions {
		chosen := func(c tickets.Choice) bool { return lexicon.Plain(c.Value) == p }
		if lexicon.Mentions(p, lexicon.Content(s.wording(i))) > 0 || slices.ContainsFunc(s.form.Questions[i].Choices, chosen) {
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
		low, origin := lexicon.FoldedWithOffsets(c.text)
		at := -1
		for phrase := range lexicon.Section("causelead") {
			for from := range lexicon.Occurrences(low, phrase) {
				at = max(at, from+len(phrase))
			}
		}
		if at < 0 {
			continue
		}
		rest := strings.Fields(c.text[origin[at]:])
		for len(rest) > 1 && (lexicon.Has("copula", lexicon.Plain(rest[0])) || lexicon.Has("causewas", lexicon.Plain(rest[0]))) {
			rest = rest[1:]
		}
		if but := slices.IndexFunc(rest, func(w string) bool { return lexicon.Has("but", lexicon.Plain(w)) }); but > 0 {
			rest = rest[:but]
		}
		if len(rest) == 0 && c.labels && i+1 < len(all) {
			rest = strings.Fields(all[i+1].text)
		}
		v := strings.Join(rest, " ")
		if len(lexicon.Content(v)) == 0 || len(rest) > maxCause {
			continue
		}
		if lexicon.PhraseIn("unknown", c.text) || lexicon.PhraseIn("dontknow", c.text) || lexicon.PhraseIn("nocause", c.text) ||
			slices.ContainsFunc(lexicon.Words(c.text), clause.Denies) {
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
			others = append(others, lexicon.Content(s.wording(o))...)
		}
	}
	var found []candidate
	for i := range all {
		c := &all[i]
		rest := s.heldIn(c.text)
		if rest == nil && c.labels && i+1 < len(all) && lexicon.Has("holds", lexicon.Plain(c.text)) {
			rest = strings.Fields(all[i+1].text)
		}
		for k := 1; k+1 < len(rest); k++ {
			if near := lexicon.Words(strings.Join(rest[k+1:min(len(rest), k+3)], " ")); lexicon.Has("neithernor", lexicon.Plain(rest[k])) &&
				slices.ContainsFunc(near, func(w string) bool { return lexicon.Matches(w, others) }) {
				rest = rest[:k]
			}
		}
		v := strings.Join(rest, " ")
		if len(lexicon.Content(v)) == 0 {
			continue
		}
		takenBack := i+1 < len(all) && all[i+1].sentence == c.sentence && yesno.Exactly(lexicon.Plain(all[i+1].text)) == yesno.No
		lasted := slices.ContainsFunc(rest, func(w string) bool { return lexicon.Section("span")[lexicon.Plain(w)] != 0 })
		if len(rest) > maxHeld || takenBack || lasted || c.unsure() || lexicon.HasAny(lexicon.Words(v), "nothingin") ||
			slices.ContainsFunc(lexicon.Words(c.text), clause.Denies) {
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
		lead := lexicon.Plain(strings.Join(ws[:n], " "))
		if lexicon.Has("holds", lead) {
			return ws[n:]
		}
		for end := min(2, len(ws)-n-1); lexicon.Has("holdsin", lead) && end > 0; end-- {
			if lexicon.Has("inside", lexicon.Plain(strings.Join(ws[len(ws)-end:], " "))) {
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
		ws := lexicon.Words(c.text)
		if lexicon.PhraseIn("solved", c.text) {
			return
		}
		fails := lexicon.HasAny(ws, "works") && (slices.ContainsFunc(ws, clause.Denies) || lexicon.PhraseIn("nomore", c.text)) ||
			lexicon.PhraseIn("broken", c.text)
		if !fails || c.inside {
			continue
		}
		if c.aside || c.revoked || lexicon.PhraseIn("otherthing", c.text) || lexicon.PhraseIn("request", c.text) {
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
	if v := strings.Join(text, ", "); len(strings.Fields(v)) <= maxTrouble && !clause.Doubtful(v) {
		s.say(q, v, true)
	}
}

// maxTrouble is how many words tell what is broken.
const maxTrouble = 25
