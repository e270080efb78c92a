package prose

import (
	"slices"
	"strings"

	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/mention"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
	"tierdesk/tickets/answers/yesno"
)

// answerText takes what is said to a question in free words, if it asks for a person, for what is
// broken or for its cause.
func answerText(s *sheet.Sheet, q int, all []statement.Statement) {
	switch {
	case s.AsksCode(q):
	case s.AsksPerson(q):
		answerPerson(s, q, all)
	case lexicon.PhraseIn("whycause", s.Wording(q)):
		answerCause(s, q, all)
	case lexicon.PhraseIn("whatwasin", s.Wording(q)):
		answerContents(s, q, all)
	case lexicon.PhraseIn("trouble", s.Wording(q)) && !lexicon.HasAny(lexicon.Words(s.Wording(q)), "which"):
		answerTrouble(s, q, all)
	}
}

// answerPerson takes the only person that can be meant: one beside words of the question or for
// people of one's own, one with the writer's family name, or the only one of a text.
func answerPerson(s *sheet.Sheet, q int, all []statement.Statement) {
	asked := lexicon.Words(s.Wording(q))
	own := lexicon.HasAny(asked, "yours") || lexicon.HasAny(asked, "yourself")
	var found []candidate
	for i := range all {
		c := &all[i]
		if name := mention.Child(s, c); !own && name != "" {
			found = append(found, candidate{value: name, strong: true, from: c})
			continue
		}
		for _, p := range mention.Persons(s, c) {
			theirs := !slices.ContainsFunc(lexicon.Words(p.Name), func(w string) bool { return !slices.Contains(s.Writer, w) })
			relative := len(s.Writer) > 1 && lexicon.LastWord(lexicon.Plain(p.Name)) == s.Writer[len(s.Writer)-1] // no company of theirs
			lead := p.Lead
			if i > 0 && all[i-1].Labels && len(lead) == 0 {
				lead = lexicon.Words(all[i-1].Text)
			}
			introduced := lexicon.HasAny(lead, "mine") && lexicon.HasAny(lead, "nameword") || len(lead) > 0 &&
				lexicon.HasAny(lead, "thisisme")
			switch {
			case !own && theirs && isSelf(all, i):
				found = append(found, candidate{value: p.Name, strong: true, from: c})
			case !own && (theirs || introduced):
			case own && (theirs || introduced), relative, lexicon.HasAny(lead, "someone"), lexicon.HasAny(lead, "calls"),
				lexicon.Mentions(strings.Join(lead, " "), s.OwnWords(q)) > 0:
				found = append(found, candidate{value: p.Name, strong: true, from: c})
			case lexicon.HasAny(lead, "ofthem") || p.Whole || len(lead) == 0 && c.First && len(day.All(c.Text, s.When.Context)) > 0:
				found = append(found, candidate{value: p.Name, from: c})
			}
		}
	}
	persons := 0
	for _, o := range s.Open {
		if s.AsksPerson(o) {
			persons++
		}
	}
	settle(s, q, found, persons == 1)
}

// isSelf reports whether a clause with the name of who wrote the mail says that they are whom a
// question asks about: it says "myself", or its sentence when they were born and of no child.
func isSelf(all []statement.Statement, i int) bool {
	whole := all[i].Whole
	for k := max(0, i-1); k <= i; k++ {
		if all[k].Sentence == all[i].Sentence && lexicon.PhraseIn("myself", all[k].Text) {
			return true
		}
	}
	ws := lexicon.Words(whole)
	return lexicon.PhraseIn("birth", whole) && lexicon.PhraseIn("mynameis", whole) && !lexicon.HasAny(ws, "household") &&
		!lexicon.HasAny(ws, "child")
}

// answerCause takes what stands behind words for a cause.
func answerCause(s *sheet.Sheet, q int, all []statement.Statement) {
	var found []candidate
	for i := range all {
		c := &all[i]
		low, origin := lexicon.FoldedWithOffsets(c.Text)
		at := -1
		for phrase := range lexicon.Section("causelead") {
			for from := range lexicon.Occurrences(low, phrase) {
				at = max(at, from+len(phrase))
			}
		}
		if at < 0 {
			continue
		}
		rest := strings.Fields(c.Text[origin[at]:])
		for len(rest) > 1 && (lexicon.Has("copula", lexicon.Plain(rest[0])) || lexicon.Has("causewas", lexicon.Plain(rest[0]))) {
			rest = rest[1:]
		}
		if but := slices.IndexFunc(rest, func(w string) bool { return lexicon.Has("but", lexicon.Plain(w)) }); but > 0 {
			rest = rest[:but]
		}
		if len(rest) == 0 && c.Labels && i+1 < len(all) {
			rest = strings.Fields(all[i+1].Text)
		}
		v := strings.Join(rest, " ")
		if len(lexicon.Content(v)) == 0 || len(rest) > maxCause {
			continue
		}
		if lexicon.PhraseIn("unknown", c.Text) || lexicon.PhraseIn("dontknow", c.Text) || lexicon.PhraseIn("nocause", c.Text) ||
			slices.ContainsFunc(lexicon.Words(c.Text), clause.Denies) {
			v = ""
		}
		found = append(found, candidate{value: v, strong: true, from: c})
	}
	settle(s, q, found, false)
}

// maxCause is how many words name a cause.
const maxCause = 14

// answerContents takes what clauses say that was in something: "it held two lenses", "es waren
// Kerzen drin". A word that joins what another question asks for ends it.
func answerContents(s *sheet.Sheet, q int, all []statement.Statement) {
	var others []string
	for o := range s.Form.Questions {
		if o != q {
			others = append(others, lexicon.Content(s.Wording(o))...)
		}
	}
	var found []candidate
	for i := range all {
		c := &all[i]
		rest := heldIn(c.Text)
		if rest == nil && c.Labels && i+1 < len(all) && lexicon.Has("holds", lexicon.Plain(c.Text)) {
			rest = strings.Fields(all[i+1].Text)
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
		takenBack := i+1 < len(all) && all[i+1].Sentence == c.Sentence && yesno.Exactly(lexicon.Plain(all[i+1].Text)) == yesno.No
		lasted := slices.ContainsFunc(rest, func(w string) bool { return lexicon.Section("span")[lexicon.Plain(w)] != 0 })
		if len(rest) > maxHeld || takenBack || lasted || c.Unsure() || lexicon.HasAny(lexicon.Words(v), "nothingin") ||
			slices.ContainsFunc(lexicon.Words(c.Text), clause.Denies) {
			v = ""
		}
		found = append(found, candidate{value: v, strong: true, from: c})
	}
	settle(s, q, found, false)
}

// maxHeld is how many words name what was in something.
const maxHeld = 7

// heldIn returns the words of a clause that name what was in something, nil if none do.
func heldIn(text string) []string {
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

// answerTrouble takes the only clause that says that something does not work, or those of one
// sentence.
func answerTrouble(s *sheet.Sheet, q int, all []statement.Statement) {
	first, last := -1, -1
	for i := range all {
		c := &all[i]
		ws := lexicon.Words(c.Text)
		if lexicon.PhraseIn("solved", c.Text) {
			return
		}
		fails := lexicon.HasAny(ws, "works") && (slices.ContainsFunc(ws, clause.Denies) || lexicon.PhraseIn("nomore", c.Text)) ||
			lexicon.PhraseIn("broken", c.Text)
		if !fails || c.Inside {
			continue
		}
		if c.Aside || c.Revoked || c.Amended || lexicon.PhraseIn("otherthing", c.Text) || lexicon.PhraseIn("request", c.Text) {
			return
		}
		if first >= 0 && all[first].Sentence != c.Sentence {
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
		text = append(text, all[i].Text)
	}
	if v := strings.Join(text, ", "); len(strings.Fields(v)) <= maxTrouble && !clause.Doubtful(v) {
		s.Say(q, v, true)
	}
}

// maxTrouble is how many words tell what is broken.
const maxTrouble = 25
