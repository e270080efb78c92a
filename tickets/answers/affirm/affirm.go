// Package affirm owns what a clause says to a question for yes or no. It must never know the
// clauses around it.
package affirm

import (
	"cmp"
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
	"tierdesk/tickets/answers/yesno"
)

// Says returns what a clause says to a yes or no: silent if it speaks of something else.
func Says(s *sheet.Sheet, q int, c *statement.Statement) (string, reading.State) {
	wording := s.Wording(q)
	own := yesno.WithoutPlainVerbs(slices.DeleteFunc(s.OwnWords(q), func(w string) bool {
		return lexicon.Has("negation", w) || len(w) < 3
	}))
	asked, ws := lexicon.Words(wording), lexicon.Words(c.Text)
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
		if v == yesno.Yes && (yesno.HoldsForPart(ws) || lexicon.PhraseIn("theothers", c.Whole) || countsDone(wording, own, ws)) ||
			yesno.OtherTransport(asked, ws) {
			return "", reading.Unclear
		}
		if c.Unsure() && !lexicon.HasAny(asked, "haveit") || lexicon.PhraseIn("future", c.Text) || lexicon.PhraseIn("onlypart", c.Text) ||
			lexicon.PhraseIn("request", c.Text) && !lexicon.HasAny(asked, "need") && !lexicon.HasAny(asked, "permit") {
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
	if hits == 0 || yesno.OtherTransport(asked, ws) && slices.ContainsFunc(statement.Parts(c.Whole), func(p statement.Statement) bool {
		return yesno.LacksTransport(asked, lexicon.Words(p.Text))
	}) {
		return "", reading.Silent
	}
	if v := barely(s, wording, own, otherThings(s, q), ws); v != "" {
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
			(len(ws) <= MaxWish && (denials > 0 || !isName(s, c.Text)) || lexicon.HasAny(ws, "need") || lexicon.HasAny(ws, "withit") ||
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
	if !permit && !aboutIt(s, q, c.Text, v) || permit && lexicon.Mentions(c.Text, yesno.Predicates(s.Form.Questions[q].Ask)) == 0 {
		return "", reading.Silent
	}
	return say(v)
}

// aboutIt reports whether a sentence with words of a yes or no question says what it asks: its verb
// is there, and what is denied is not what came of it: "the printer does not print" and "a restart
// did not help" are about something else.
func aboutIt(s *sheet.Sheet, q int, sentence, said string) bool {
	question := &s.Form.Questions[q]
	if lexicon.Mentions(sentence, yesno.Predicates(question.Ask)) == 0 || lexicon.PhraseIn("request", sentence) ||
		lexicon.PhraseIn("byitself", sentence) ||
		slices.ContainsFunc(lexicon.Words(sentence), func(w string) bool { return lexicon.Has("modal", w) }) {
		return false
	}
	ws := lexicon.Words(sentence)
	does := func(section string) bool {
		return slices.ContainsFunc(ws, func(w string) bool { return lexicon.Has(section, w) })
	}
	if lexicon.PhraseIn("addressed", s.Wording(q)) && !does("ourselves") && !does("passive") && !does("already") && !does("yes") &&
		lexicon.Mentions(ws[0], yesno.Predicates(question.Ask)) == 0 {
		return false // somebody else did it
	}
	return said == yesno.Yes || !slices.ContainsFunc(lexicon.Words(sentence), func(w string) bool { return lexicon.Has("effect", w) })
}

// barely returns what words say that are those of the question, a verb for what there is, and a
// negation, and nothing else: "no hay agua caliente", "I did not fall", "niemand gewond". So no
// other thing or person is spoken of, and nothing is said of a part. Who says that there is nothing
// of one word of a question whether there is something has said no: "no licence". Where a form asks
// who somebody is, "she" is they.
func barely(s *sheet.Sheet, wording string, own, others, ws []string) string {
	asked, whether := lexicon.Words(wording), lexicon.PhraseIn("whether", wording)
	looks := lexicon.HasAny(asked, "seeing")
	done := lexicon.Plain(lexicon.Participle(cmp.Or(s.Asked, s.When.BaseLanguage()), wording)) // what somebody may have done
	theirs := slices.ContainsFunc(s.Open, s.AsksPerson)
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
func otherThings(s *sheet.Sheet, q int) []string {
	var out []string
	for _, o := range s.Open {
		if o != q && s.Form.Questions[o].Kind == tickets.AskYesNo {
			out = append(out, s.OwnWords(o)...)
		}
	}
	return out
}

// countsDone reports whether a clause says of a number of things what a question asks of all of
// them: "four boxes have been opened".
func countsDone(wording string, own, ws []string) bool {
	if lexicon.Participle("", wording) == "" {
		return false
	}
	for i, w := range ws {
		n, named := lexicon.NumberNamed(w)
		if !named && strings.Trim(w, "0123456789") != "" || named && n == 1 && lexicon.Has("determiner", w) || i+1 >= len(ws) {
			continue
		}
		if lexicon.Matches(ws[i+1], own) && !(i > 0 && (lexicon.Has("determiner", ws[i-1]) || lexicon.Has("everybody", ws[i-1]))) {
			return true
		}
	}
	return false
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

// isName reports whether a clause is two words or more that all have capitals, as the name of
// somebody has but things do in German alone: "Anne Petit" wants no "petit-déjeuner".
func isName(s *sheet.Sheet, text string) bool {
	fields := strings.Fields(text)
	return s.When.Language != "de" && len(fields) > 1 && !slices.ContainsFunc(fields, func(w string) bool { return !lexicon.Capital(w) })
}

// MaxWish is how many words name a thing and say no more than that.
const MaxWish = 4
