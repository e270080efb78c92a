package answers

import (
	"cmp"
	"slices"
	"strings"

	"tierdesk/tickets"
)

// yesNoTold takes what clauses say to a yes or no.
func (s *sheet) yesNoTold(q int, all []statement) {
	var found []candidate
	for i := range all {
		c := &all[i]
		sure := plainly(withoutBut(words(c.text)))
		if sure != "" && i > 0 && strings.HasSuffix(all[i-1].whole, "?") && mentions(all[i-1].whole, s.own(q)) == 0 {
			continue // it answers what they asked themselves
		}
		if sure != "" && s.only(tickets.AskYesNo) && plain(c.whole) == plain(c.text) {
			found = append(found, candidate{value: sure, from: c})
			continue
		}
		// Yes, by cable.
		if i > 0 && all[i-1].sentence == c.sentence && mentions(c.text, s.own(q)) > 0 && len(words(c.text)) <= maxWish {
			before := wholly(strings.Join(withoutBut(words(all[i-1].text)), " "))
			if before != "" && plain(all[i-1].text) != "right" && !slices.ContainsFunc(words(c.text), denies) {
				found = append(found, candidate{value: before, strong: true, from: c})
				continue
			}
		}
		if i > 0 && all[i-1].labels && mentions(all[i-1].text, s.own(q)) > 0 && wholly(plain(c.text)) != "" {
			found = append(found, candidate{value: wholly(plain(c.text)), strong: true, from: c})
			continue
		}
		if hasAny(words(s.wording(q)), "withoutit") { // what is said of it may stand in two clauses
			if !c.first {
				continue
			}
			c = &statement{text: c.whole, whole: c.whole, sentence: c.sentence, aside: c.aside, revoked: c.revoked}
		}
		if v, how := s.affirms(q, c); how != silent {
			if s.othersIn(c.whole) && !hasAny(words(s.wording(q)), "household") &&
				(known().phraseIn("addressed", s.wording(q)) || known().phraseIn("notme", c.whole)) ||
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
	ws := words(sentence)
	if slices.ContainsFunc(s.open, s.asksPerson) {
		ws = slices.DeleteFunc(ws, func(w string) bool { return known().has("they", w) })
	}
	return hasAny(ws, "household")
}

// plainly returns the yes or no that words are, with nothing behind it that says something else.
func plainly(ws []string) string {
	if said := wholly(strings.Join(ws, " ")); said != "" || len(ws) == 0 {
		return said
	}
	if slices.ContainsFunc(ws[1:], func(w string) bool {
		return !known().has("stop", w) && !known().has("ourselves", w) && !known().has("filler", w) || denies(w)
	}) {
		return ""
	}
	return wholly(ws[0])
}

// withoutBut returns words without those that join them to what stands before.
func withoutBut(ws []string) []string {
	for len(ws) > 1 && known().has("but", ws[0]) {
		ws = ws[1:]
	}
	return ws
}

// affirms returns what a clause says to a yes or no: silent if it speaks of something else.
func (s *sheet) affirms(q int, c *statement) (string, reading) {
	wording := s.wording(q)
	own := withoutPlainVerbs(slices.DeleteFunc(s.own(q), func(w string) bool { return known().has("negation", w) || len(w) < 3 }))
	asked, ws := words(wording), words(c.text)
	hits := 0
	for _, o := range own {
		if slices.ContainsFunc(ws, func(w string) bool { return likes(w, []string{o}) }) {
			hits++
		}
	}
	denials := 0
	for _, w := range ws {
		if denies(w) {
			denials++
		}
	}
	say := func(v string) (string, reading) {
		if slices.ContainsFunc(ws, func(w string) bool {
			return known()["like"][w] != 0 && known()["like"][w] == known()["like"]["missing"]
		}) {
			return "", unclear // the case is missing
		}
		if v == Yes && (parted(ws) || known().phraseIn("theothers", c.whole) || s.countsDone(wording, own, ws)) || otherMeans(asked, ws) {
			return "", unclear
		}
		if c.unsure() && !hasAny(asked, "haveit") || known().phraseIn("future", c.text) || known().phraseIn("onlypart", c.text) ||
			known().phraseIn("request", c.text) && !hasAny(asked, "need") && !hasAny(asked, "permit") {
			return "", unclear
		}
		return v, clear
	}
	yesIf := func(yes bool) (string, reading) {
		if yes {
			return say(Yes)
		}
		return say(No)
	}
	if thing := inYours(asked); thing != "" {
		at := slices.IndexFunc(ws, func(w string) bool { return alike(w, thing) })
		if at > 0 && hasAny(ws[max(0, at-2):at], "mine") {
			if hasAny(ws, "household") {
				return "", unclear // mine and my wife's
			}
			return yesIf(denials == 0)
		}
		return "", silent
	}
	if hasAny(asked, "off") {
		thing := slices.DeleteFunc(slices.Clone(own), func(w string) bool { return known().has("off", w) })
		off, on := switched(ws, "off"), switched(ws, "on")
		switch {
		case !off && !on || !slices.ContainsFunc(ws, func(w string) bool { return likes(w, thing) || off && known().has("wholly", w) }):
			return "", silent
		case off && on || on && denials > 0:
			return "", unclear
		}
		return yesIf(off && denials == 0)
	}
	if hits == 0 && hasNoMeans(asked, ws) {
		return say(No)
	}
	if hits == 0 || otherMeans(asked, ws) && slices.ContainsFunc(partsOf(c.whole), func(p statement) bool {
		return hasNoMeans(asked, words(p.text))
	}) {
		return "", silent
	}
	if v := s.barely(wording, own, s.otherThings(q), ws); v != "" {
		return say(v)
	}
	if hasAny(ws, "noone") || hasAny(asked, "anyone") && denials > 0 {
		return "", silent // nobody saw it, or was seriously hurt; the dog was not
	}
	if hasAny(asked, "need") || hasAny(asked, "haveit") || hasAny(asked, "withit") {
		thing := slices.DeleteFunc(slices.Clone(own), func(w string) bool { return known().has("need", w) || known().has("haveit", w) })
		for i, w := range ws {
			if near := ws[i+1 : min(len(ws), i+4)]; slices.ContainsFunc(near, func(w string) bool { return likes(w, thing) }) {
				if known().has("with", w) && denials == 0 || known().has("withoutit", w) || known().has("nothingof", w) {
					return yesIf(known().has("with", w))
				}
			}
		}
		if slices.ContainsFunc(ws, func(w string) bool { return likes(w, thing) }) &&
			(len(ws) <= maxWish && (denials > 0 || !s.twoCapitals(c.text)) || hasAny(ws, "need") || hasAny(ws, "withit") ||
				hasAny(asked, "haveit") && hasAny(ws, "ourselves")) {
			return yesIf(denials == 0)
		}
	}
	if hits*2 < len(own) || len(ws) < 3 {
		return "", silent
	}
	if slices.ContainsFunc(asked, denies) { // without an appointment
		if denials == 0 {
			return "", silent
		}
		denials--
	}
	v := Yes
	if denials > 0 {
		v = No
	}
	permit := hasAny(asked, "permit")
	if !permit && !s.aboutIt(q, c.text, v) || permit && mentions(c.text, predicates(&s.form.Questions[q])) == 0 {
		return "", silent
	}
	return say(v)
}

// barely returns what words say that are those of the question, a verb for what there is, and a
// negation, and nothing else: "no hay agua caliente", "I did not fall", "niemand gewond". So no
// other thing or person is spoken of, and nothing is said of a part. Who says that there is nothing
// of one word of a question whether there is something has said no: "no licence". Where a form asks
// who somebody is, "she" is they.
func (s *sheet) barely(wording string, own, others, ws []string) string {
	asked, whether := words(wording), known().phraseIn("whether", wording)
	looks := hasAny(asked, "seeing")
	done := plain(participle(cmp.Or(s.asked, s.when.tongue()), wording)) // what somebody may have done
	theirs := slices.ContainsFunc(s.open, s.asksPerson)
	thing := slices.DeleteFunc(slices.Clone(own), func(w string) bool { return known().has("anyone", w) || known().has("thereis", w) })
	denied, anyone, there, speaks, last := 0, false, false, false, ""
	hit := map[string]bool{}
	for i, w := range ws {
		bare := unelided(w)
		at := slices.IndexFunc(thing, func(o string) bool { return likes(w, []string{o}) })
		switch {
		case at >= 0:
			for _, o := range thing {
				if likes(w, []string{o}) {
					hit[o] = true
				}
			}
		case known().has("noone", w) && !(i > 0 && known().has("determiner", ws[i-1])):
			anyone = true
		case known().has("thereis", w), looks && known().has("seeing", w):
			there, speaks = true, speaks || !known().has("stop", w)
			if denies(w) && last != "ne" {
				denied++
			}
		case w == "ne" || w == "n'":
			last = "ne"
		case denies(w), len(w) > 3 && known().has("nothing", w):
			if !known().has("neithernor", w) || denied == 0 {
				denied++
			}
		case known().has("ourselves", w), theirs && known().has("they", w):
			speaks = true
		case known().has("barely", w), known().has("barely", bare), known().has("filler", w), known().has("neithernor", w),
			known().has("determiner", w) && !known().has("yours", w), known().has("but", w):
		case i > 0 && hasAny(ws[:i], "neithernor") && likes(w, others): // no injuries nor a fall
		default:
			return ""
		}
	}
	one := hasAny(asked, "either") // a fall or a crash
	switch {
	case len(thing) == 0 || len(hit) == 0 || len(hit) < len(thing) && !one && !(denied > 0 && (whether || hit[done])) || denied > 1 && !one:
		return ""
	case hasAny(asked, "anyone") && anyone, denied > 0:
		return No
	case there && speaks && !hasAny(asked, "anyone") && !anyone && len(ws) > 1:
		return Yes
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
		if !known().has(section, w) {
			continue
		}
		before := ws[max(0, i-1)]
		if len(w) > 3 || i == len(ws)-1 || hasAny(ws, "turning") || known().has("copula", before) || known().has("still", before) {
			return true
		}
	}
	return false
}

// maxWish is how many words name a thing and say no more than that.
const maxWish = 4

func hasAny(ws []string, section string) bool {
	return slices.ContainsFunc(ws, func(w string) bool { return known().has(section, w) || known().has(section, unelided(w)) })
}

// inYours returns the thing that a question asks to be theirs: "in your own name".
func inYours(asked []string) string {
	for i := 1; i+1 < len(asked); i++ {
		if !known().has("yours", asked[i]) || !known().has("inthat", asked[i-1]) {
			continue
		}
		if asked[i+1] == "own" && i+2 < len(asked) {
			return asked[i+2]
		}
		return asked[i+1]
	}
	return ""
}
