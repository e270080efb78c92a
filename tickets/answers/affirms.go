package answers

import (
	"cmp"
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/yesno"
)

// yesNoTold takes what clauses say to a yes or no.
func (s *sheet) yesNoTold(q int, all []statement) {
	var found []candidate
	for i := range all {
		c := &all[i]
		sure := plainly(withoutBut(lexicon.Words(c.text)))
		if sure != "" && i > 0 && strings.HasSuffix(all[i-1].whole, "?") && lexicon.Mentions(all[i-1].whole, s.own(q)) == 0 {
			continue // it answers what they asked themselves
		}
		if sure != "" && s.only(tickets.AskYesNo) && lexicon.Plain(c.whole) == lexicon.Plain(c.text) {
			found = append(found, candidate{value: sure, from: c})
			continue
		}
		// Yes, by cable.
		if i > 0 && all[i-1].sentence == c.sentence && lexicon.Mentions(c.text, s.own(q)) > 0 && len(lexicon.Words(c.text)) <= maxWish {
			before := yesno.Exactly(strings.Join(withoutBut(lexicon.Words(all[i-1].text)), " "))
			if before != "" && lexicon.Plain(all[i-1].text) != "right" && !slices.ContainsFunc(lexicon.Words(c.text), clause.Denies) {
				found = append(found, candidate{value: before, strong: true, from: c})
				continue
			}
		}
		if i > 0 && all[i-1].labels && lexicon.Mentions(all[i-1].text, s.own(q)) > 0 && yesno.Exactly(lexicon.Plain(c.text)) != "" {
			found = append(found, candidate{value: yesno.Exactly(lexicon.Plain(c.text)), strong: true, from: c})
			continue
		}
		if lexicon.HasAny(lexicon.Words(s.wording(q)), "withoutit") { // what is said of it may stand in two clauses
			if !c.first {
				continue
			}
			c = &statement{text: c.whole, whole: c.whole, sentence: c.sentence, aside: c.aside, revoked: c.revoked}
		}
		if v, how := s.affirms(q, c); how != reading.Silent {
			if s.othersIn(c.whole) && !lexicon.HasAny(lexicon.Words(s.wording(q)), "household") &&
				(lexicon.PhraseIn("addressed", s.wording(q)) || lexicon.PhraseIn("notme", c.whole)) ||
				s.when.Language == "fr" && onlyThat().MatchString(c.text) {
				v = "" // somebody else did it
			}
			found = append(found, candidate{value: v, strong: true, from: c})
		}
	}
	s.settle(q, found, true)
}

// othersIn reports whether a sentence names somebody else than its writer. Where a form asks who
// somebody is, "she" is they.
func (s *sheet) othersIn(sentence string) bool {
	ws := lexicon.Words(sentence)
	if slices.ContainsFunc(s.open, s.asksPerson) {
		ws = slices.DeleteFunc(ws, func(w string) bool { return lexicon.Has("they", w) })
	}
	return lexicon.HasAny(ws, "household")
}

// plainly returns the yes or no that words are, with nothing behind it that says something else.
func plainly(ws []string) string {
	if said := yesno.Exactly(strings.Join(ws, " ")); said != "" || len(ws) == 0 {
		return said
	}
	if slices.ContainsFunc(ws[1:], func(w string) bool {
		return !lexicon.Has("stop", w) && !lexicon.Has("ourselves", w) && !lexicon.Has("filler", w) || clause.Denies(w)
	}) {
		return ""
	}
	return yesno.Exactly(ws[0])
}

// withoutBut returns words without those that join them to what stands before.
func withoutBut(ws []string) []string {
	for len(ws) > 1 && lexicon.Has("but", ws[0]) {
		ws = ws[1:]
	}
	return ws
}

// affirms returns what a clause says to a yes or no: silent if it speaks of something else.
func (s *sheet) affirms(q int, c *statement) (string, reading.State) {
	wording := s.wording(q)
	own := yesno.WithoutPlainVerbs(slices.DeleteFunc(s.own(q), func(w string) bool { return lexicon.Has("negation", w) || len(w) < 3 }))
	asked, ws := lexicon.Words(wording), lexicon.Words(c.text)
	hits := 0
	for _, o := range own {
		if slices.ContainsFunc(ws, func(w string) bool { return lexicon.Matches(w, []string{o}) }) {
			hits++
		}
	}
	denials := 0
	for _, w := range ws {
		if clause.Denies(w) {
			denials++
		}
	}
	say := func(v string) (string, reading.State) {
		if slices.ContainsFunc(ws, func(w string) bool {
			return lexicon.Section("like")[w] != 0 && lexicon.Section("like")[w] == lexicon.Section("like")["missing"]
		}) {
			return "", reading.Unclear // the case is missing
		}
		if v == yesno.Yes && (yesno.HoldsForPart(ws) || lexicon.PhraseIn("theothers", c.whole) || s.countsDone(wording, own, ws)) ||
			yesno.OtherTransport(asked, ws) {
			return "", reading.Unclear
		}
		if c.unsure() && !lexicon.HasAny(asked, "haveit") || lexicon.PhraseIn("future", c.text) || lexicon.PhraseIn("onlypart", c.text) ||
			lexicon.PhraseIn("request", c.text) && !lexicon.HasAny(asked, "need") && !lexicon.HasAny(asked, "permit") {
			return "", reading.Unclear
		}
		return v, reading.Clear
	}
	yesIf := func(yes bool) (string, reading.State) {
		if yes {
			return say(yesno.Yes)
		}
		return say(yesno.No)
	}
	if thing := inYours(asked); thing != "" {
		at := slices.IndexFunc(ws, func(w string) bool { return lexicon.Alike(w, thing) })
		if at > 0 && lexicon.HasAny(ws[max(0, at-2):at], "mine") {
			if lexicon.HasAny(ws, "household") {
				return "", reading.Unclear // mine and my wife's
			}
			return yesIf(denials == 0)
		}
		return "", reading.Silent
	}
	if lexicon.HasAny(asked, "off") {
		thing := slices.DeleteFunc(slices.Clone(own), func(w string) bool { return lexicon.Has("off", w) })
		off, on := switched(ws, "off"), switched(ws, "on")
		switch {
		case !off && !on ||
			!slices.ContainsFunc(ws, func(w string) bool { return lexicon.Matches(w, thing) || off && lexicon.Has("wholly", w) }):
			return "", reading.Silent
		case off && on || on && denials > 0:
			return "", reading.Unclear
		}
		return yesIf(off && denials == 0)
	}
	if hits == 0 && yesno.LacksTransport(asked, ws) {
		return say(yesno.No)
	}
	if hits == 0 || yesno.OtherTransport(asked, ws) && slices.ContainsFunc(partsOf(c.whole), func(p statement) bool {
		return yesno.LacksTransport(asked, lexicon.Words(p.text))
	}) {
		return "", reading.Silent
	}
	if v := s.barely(wording, own, s.otherThings(q), ws); v != "" {
		return say(v)
	}
	if lexicon.HasAny(ws, "noone") || lexicon.HasAny(asked, "anyone") && denials > 0 {
		return "", reading.Silent // nobody saw it, or was seriously hurt; the dog was not
	}
	if lexicon.HasAny(asked, "need") || lexicon.HasAny(asked, "haveit") || lexicon.HasAny(asked, "withit") {
		thing := slices.DeleteFunc(slices.Clone(own), func(w string) bool { return lexicon.Has("need", w) || lexicon.Has("haveit", w) })
		for i, w := range ws {
			if near := ws[i+1 : min(len(ws), i+4)]; slices.ContainsFunc(near, func(w string) bool { return lexicon.Matches(w, thing) }) {
				if lexicon.Has("with", w) && denials == 0 || lexicon.Has("withoutit", w) || lexicon.Has("nothingof", w) {
					return yesIf(lexicon.Has("with", w))
				}
			}
		}
		if slices.ContainsFunc(ws, func(w string) bool { return lexicon.Matches(w, thing) }) &&
			(len(ws) <= maxWish && (denials > 0 || !s.twoCapitals(c.text)) || lexicon.HasAny(ws, "need") || lexicon.HasAny(ws, "withit") ||
				lexicon.HasAny(asked, "haveit") && lexicon.HasAny(ws, "ourselves")) {
			return yesIf(denials == 0)
		}
	}
	if hits*2 < len(own) || len(ws) < 3 {
		return "", reading.Silent
	}
	if slices.ContainsFunc(asked, clause.Denies) { // without an appointment
		if denials == 0 {
			return "", reading.Silent
		}
		denials--
	}
	v := yesno.Yes
	if denials > 0 {
		v = yesno.No
	}
	permit := lexicon.HasAny(asked, "permit")
	if !permit && !s.aboutIt(q, c.text, v) || permit && lexicon.Mentions(c.text, yesno.Predicates(s.form.Questions[q].Ask)) == 0 {
		return "", reading.Silent
	}
	return say(v)
}

// barely returns what words say that are those of the question, a verb for what there is, and a
// negation, and nothing else: "no hay agua caliente", "I did not fall", "niemand gewond". So no
// other thing or person is spoken of, and nothing is said of a part. Who says that there is nothing
// of one word of a question whether there is something has said no: "no licence". Where a form asks
// who somebody is, "she" is they.
func (s *sheet) barely(wording string, own, others, ws []string) string {
	asked, whether := lexicon.Words(wording), lexicon.PhraseIn("whether", wording)
	looks := lexicon.HasAny(asked, "seeing")
	done := lexicon.Plain(lexicon.Participle(cmp.Or(s.asked, s.when.BaseLanguage()), wording)) // what somebody may have done
	theirs := slices.ContainsFunc(s.open, s.asksPerson)
	thing := slices.DeleteFunc(slices.Clone(own), func(w string) bool { return lexicon.Has("anyone", w) || lexicon.Has("thereis", w) })
	denied, anyone, there, speaks, last := 0, false, false, false, ""
	hit := map[string]bool{}
	for i, w := range ws {
		bare := lexicon.Bare(w)
		at := slices.IndexFunc(thing, func(o string) bool { return lexicon.Matches(w, []string{o}) })
		switch {
		case at >= 0:
			for _, o := range thing {
				if lexicon.Matches(w, []string{o}) {
					hit[o] = true
				}
			}
		case lexicon.Has("noone", w) && !(i > 0 && lexicon.Has("determiner", ws[i-1])):
			anyone = true
		case lexicon.Has("thereis", w), looks && lexicon.Has("seeing", w):
			there, speaks = true, speaks || !lexicon.Has("stop", w)
			if clause.Denies(w) && last != "ne" {
				denied++
			}
		case w == "ne" || w == "n'":
			last = "ne"
		case clause.Denies(w), len(w) > 3 && lexicon.Has("nothing", w):
			if !lexicon.Has("neithernor", w) || denied == 0 {
				denied++
			}
		case lexicon.Has("ourselves", w), theirs && lexicon.Has("they", w):
			speaks = true
		case lexicon.Has("barely", w), lexicon.Has("barely", bare), lexicon.Has("filler", w), lexicon.Has("neithernor", w),
			lexicon.Has("determiner", w) && !lexicon.Has("yours", w), lexicon.Has("but", w):
		case i > 0 && lexicon.HasAny(ws[:i], "neithernor") && lexicon.Matches(w, others): // no injuries nor a fall
		default:
			return ""
		}
	}
	one := lexicon.HasAny(asked, "either") // a fall or a crash
	switch {
	case len(thing) == 0 || len(hit) == 0 || len(hit) < len(thing) && !one && !(denied > 0 && (whether || hit[done])) || denied > 1 && !one:
		return ""
	case lexicon.HasAny(asked, "anyone") && anyone, denied > 0:
		return yesno.No
	case there && speaks && !lexicon.HasAny(asked, "anyone") && !anyone && len(ws) > 1:
		return yesno.Yes
	}
	return ""
}

// otherThings returns what the other yes or no questions ask for.
func (s *sheet) otherThings(q int) []string {
	var out []string
	for _, o := range s.open {
		if o != q && s.form.Questions[o].Kind == tickets.AskYesNo {
			out = append(out, s.own(o)...)
		}
	}
	return out
}

// switched reports whether words say that something is off or on. A small word that is one of these
// could be any other: it counts at the end, behind a verb or with one for turning.
func switched(ws []string, section string) bool {
	for i, w := range ws {
		if !lexicon.Has(section, w) {
			continue
		}
		before := ws[max(0, i-1)]
		if len(w) > 3 || i == len(ws)-1 || lexicon.HasAny(ws, "turning") || lexicon.Has("copula", before) || lexicon.Has("still", before) {
			return true
		}
	}
	return false
}

// maxWish is how many words name a thing and say no more than that.
const maxWish = 4

// inYours returns the thing that a question asks to be theirs: "in your own name".
func inYours(asked []string) string {
	for i := 1; i+1 < len(asked); i++ {
		if !lexicon.Has("yours", asked[i]) || !lexicon.Has("inthat", asked[i-1]) {
			continue
		}
		if asked[i+1] == "own" && i+2 < len(asked) {
			return asked[i+2]
		}
		return asked[i+1]
	}
	return ""
}
