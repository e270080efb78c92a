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
	p := newPair(s, q, c)
	if thing := inYours(p.asked); thing != "" {
		return p.whose(thing)
	}
	if lexicon.HasAny(p.asked, "off") {
		return p.switched()
	}
	if p.hits == 0 && yesno.LacksTransport(p.asked, p.said) {
		return p.unlessDoubted(yesno.No)
	}
	if p.hits == 0 || p.namesLackingTransport() {
		return "", reading.Silent
	}
	if v := p.barely(); v != "" {
		return p.unlessDoubted(v)
	}
	if lexicon.HasAny(p.said, "noone") || lexicon.HasAny(p.asked, "anyone") && p.denied() {
		return "", reading.Silent // nobody saw it, or was seriously hurt; the dog was not
	}
	for _, read := range []func() string{p.withOrWithout, p.wish, p.retold} {
		if v := read(); v != "" {
			return p.unlessDoubted(v)
		}
	}
	return "", reading.Silent
}

// pair is a yes or no question and a clause that may answer it. The words of both are folded.
type pair struct {
	sheet    *sheet.Sheet
	question int
	clause   *statement.Statement
	wording  string   // of the question
	asked    []string // the words of the question
	own      []string // those of them that say what it asks for, and stand in no other question
	said     []string // the words of the clause
	hits     int      // how many of the question's own words the clause says again
	denials  int      // how many words of the clause deny something
}

func newPair(s *sheet.Sheet, q int, c *statement.Statement) *pair {
	p := &pair{sheet: s, question: q, clause: c, wording: s.Wording(q), said: lexicon.Words(c.Text)}
	p.asked = lexicon.Words(p.wording)
	p.own = yesno.WithoutPlainVerbs(slices.DeleteFunc(s.OwnWords(q), func(w string) bool {
		return lexicon.Has("negation", w) || len(w) < 3
	}))
	for _, o := range p.own {
		if p.mentions([]string{o}) {
			p.hits++
		}
	}
	for _, w := range p.said {
		if clause.Denies(w) {
			p.denials++
		}
	}
	return p
}

// mentions reports whether the clause has one of the words in it.
func (p *pair) mentions(words []string) bool {
	return slices.ContainsFunc(p.said, func(w string) bool { return lexicon.Matches(w, words) })
}

func (p *pair) denied() bool { return p.denials > 0 }

// unlessDenied returns the yes of a clause in which nothing is denied, and the no of any other.
func (p *pair) unlessDenied() string { return yesOrNo(!p.denied()) }

func yesOrNo(yes bool) string {
	if yes {
		return yesno.Yes
	}
	return yesno.No
}

// unlessDoubted returns a value, unless something in the clause makes it unclear.
func (p *pair) unlessDoubted(v string) (string, reading.State) {
	if p.isMissing() || v == yesno.Yes && p.inPart() || yesno.OtherTransport(p.asked, p.said) || p.isOpen() {
		return "", reading.Unclear
	}
	return v, reading.Clear
}

// isMissing reports whether a clause says that a thing is missing: "the case is missing".
func (p *pair) isMissing() bool {
	group := lexicon.Section("like")
	return slices.ContainsFunc(p.said, func(w string) bool { return group[w] != 0 && group[w] == group["missing"] })
}

// inPart reports whether a clause says only of a part what the question asks of the whole.
func (p *pair) inPart() bool {
	return yesno.HoldsForPart(p.said) || lexicon.PhraseIn("theothers", p.clause.Whole) || countsDone(p.wording, p.own, p.said)
}

// isOpen reports whether a clause doubts, announces or asks for something, or holds for a part.
func (p *pair) isOpen() bool {
	text := p.clause.Text
	if unknown, _ := clause.SaysUnknown(text, p.asked); unknown {
		return true
	}
	return p.clause.Unsure() && !lexicon.HasAny(p.asked, "haveit") || lexicon.PhraseIn("future", text) ||
		lexicon.PhraseIn("onlypart", text) ||
		lexicon.PhraseIn("request", text) && !lexicon.HasAny(p.asked, "need") && !lexicon.HasAny(p.asked, "permit")
}

// whose returns what a clause says to the question whether a thing is theirs: "in my name".
func (p *pair) whose(thing string) (string, reading.State) {
	at := slices.IndexFunc(p.said, func(w string) bool { return lexicon.Alike(w, thing) })
	if at <= 0 || !lexicon.HasAny(p.said[max(0, at-2):at], "mine") {
		return "", reading.Silent
	}
	if lexicon.HasAny(p.said, "household") {
		return "", reading.Unclear // mine and my wife's
	}
	return p.unlessDoubted(p.unlessDenied())
}

// switched returns what a clause says to the question whether something is off.
func (p *pair) switched() (string, reading.State) {
	thing := withoutWordsOf(p.own, "off")
	off, on := isSwitched(p.said, "off"), isSwitched(p.said, "on")
	switch {
	case !off && !on, !p.mentions(thing) && !(off && lexicon.AnyIn("wholly", p.said)):
		return "", reading.Silent
	case off && on, on && p.denied():
		return "", reading.Unclear
	}
	return p.unlessDoubted(yesOrNo(off && !p.denied()))
}

// namesLackingTransport reports whether a clause names one means of transport, and another clause
// of its sentence says that the one that is asked for is lacking.
func (p *pair) namesLackingTransport() bool {
	return yesno.OtherTransport(p.asked, p.said) &&
		slices.ContainsFunc(statement.Parts(p.clause.Whole), func(part statement.Statement) bool {
			return yesno.LacksTransport(p.asked, lexicon.Words(part.Text))
		})
}

// asksForThing reports whether a question asks if somebody needs or has something, or if it goes
// with something else.
func (p *pair) asksForThing() bool {
	return lexicon.HasAny(p.asked, "need") || lexicon.HasAny(p.asked, "haveit") || lexicon.HasAny(p.asked, "withit")
}

// thing returns the words for what somebody may need or have.
func (p *pair) thing() []string { return withoutWordsOf(p.own, "need", "haveit") }

// withOrWithout returns the yes or no of a clause that puts a with or a without before the thing:
// "with a case", "no case"; "" for any other.
func (p *pair) withOrWithout() string {
	if !p.asksForThing() {
		return ""
	}
	thing := p.thing()
	for i, w := range p.said {
		with, without := lexicon.Has("with", w), lexicon.Has("withoutit", w) || lexicon.Has("nothingof", w)
		if !(with && !p.denied() || without) {
			continue
		}
		near := p.said[i+1 : min(len(p.said), i+4)]
		if slices.ContainsFunc(near, func(w string) bool { return lexicon.Matches(w, thing) }) {
			return yesOrNo(with)
		}
	}
	return ""
}

// wish returns the yes or no of a clause that names the thing and little else, or says that it is
// needed or there; "" for any other.
func (p *pair) wish() string {
	if !p.asksForThing() || !p.mentions(p.thing()) {
		return ""
	}
	short := len(p.said) <= MaxWish && (p.denied() || !isName(p.sheet, p.clause.Text))
	if short || lexicon.HasAny(p.said, "need") || lexicon.HasAny(p.said, "withit") ||
		lexicon.HasAny(p.asked, "haveit") && lexicon.HasAny(p.said, "ourselves") {
		return p.unlessDenied()
	}
	return ""
}

// retold returns the yes or no of a clause that says the words of the question again, half of its
// own ones at least; "" for any other. A negation in the question takes one off the clause's.
func (p *pair) retold() string {
	if p.hits*2 < len(p.own) || len(p.said) < 3 {
		return ""
	}
	denials := p.denials
	if slices.ContainsFunc(p.asked, clause.Denies) { // without an appointment
		if denials == 0 {
			return ""
		}
		denials--
	}
	v := yesOrNo(denials == 0)
	about := p.isAbout
	if lexicon.HasAny(p.asked, "permit") {
		about = func(string) bool { return p.predicates(p.clause.Text) > 0 }
	}
	if !about(v) {
		return ""
	}
	return v
}

// predicates returns how many of the words that say what the question asks about its subject stand
// in a text.
func (p *pair) predicates(text string) int {
	return lexicon.Mentions(text, yesno.Predicates(p.sheet.Form.Questions[p.question].Ask))
}

// isAbout reports whether a sentence with words of a yes or no question says what it asks: its verb
// is there, and what is denied is not what came of it: "the printer does not print" and "a restart
// did not help" are about something else.
func (p *pair) isAbout(v string) bool {
	text := p.clause.Text
	if p.predicates(text) == 0 || lexicon.PhraseIn("request", text) || lexicon.PhraseIn("byitself", text) ||
		lexicon.AnyIn("modal", p.said) {
		return false
	}
	if lexicon.PhraseIn("addressed", p.wording) && !p.saysByWhom() && p.predicates(p.said[0]) == 0 {
		return false // somebody else did it
	}
	return v == yesno.Yes || !lexicon.AnyIn("effect", p.said)
}

// saysByWhom reports whether a clause says that its writer did it, or that it is done.
func (p *pair) saysByWhom() bool {
	return lexicon.AnyIn("ourselves", p.said) || lexicon.AnyIn("passive", p.said) || lexicon.AnyIn("already", p.said) ||
		lexicon.AnyIn("yes", p.said)
}

// withoutWordsOf returns words without those of some sections.
func withoutWordsOf(words []string, sections ...string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool {
		return slices.ContainsFunc(sections, func(section string) bool { return lexicon.Has(section, w) })
	})
}

// barely returns what words say that are those of the question, a verb for what there is, and a
// negation, and nothing else: "no hay agua caliente", "I did not fall", "niemand gewond". So no
// other thing or person is spoken of, and nothing is said of a part. Who says that there is nothing
// of one word of a question whether there is something has said no: "no licence". Where a form asks
// who somebody is, "she" is they.
func (p *pair) barely() string {
	thing := withoutWordsOf(p.own, "anyone", "thereis")
	b, ok := p.bare(thing)
	if !ok || len(thing) == 0 || !p.namesAll(thing, &b) || b.denials > 1 && !p.either() {
		return ""
	}
	anyone := lexicon.HasAny(p.asked, "anyone")
	switch {
	case anyone && b.nobody, b.denials > 0:
		return yesno.No
	case b.there && b.speaks && !anyone && !b.nobody && len(p.said) > 1:
		return yesno.Yes
	}
	return ""
}

// either reports whether a question asks for one thing or another: "a fall or a crash".
func (p *pair) either() bool { return lexicon.HasAny(p.asked, "either") }

// namesAll reports whether a bare clause names enough of the words for a thing: all of them; one if
// the question names several things; with a negation also one of those of which there may be none,
// or what somebody may have done.
func (p *pair) namesAll(thing []string, b *bareWords) bool {
	if len(b.named) == 0 {
		return false
	}
	if len(b.named) == len(thing) || p.either() {
		return true
	}
	done := lexicon.Plain(lexicon.Participle(cmp.Or(p.sheet.Asked, p.sheet.When.BaseLanguage()), p.wording))
	return b.denials > 0 && (lexicon.PhraseIn("whether", p.wording) || b.named[done])
}

// bareWords is what the words of a clause say that has none but those of a question and a few more.
type bareWords struct {
	named   map[string]bool // the words of the question that are among them
	denials int
	nobody  bool
	there   bool // there is a verb for what there is, or for seeing it
	speaks  bool // somebody says it in a sentence, and does not only name a thing
}

// bare returns what the words of a clause say. ok is false if one of them says something else.
func (p *pair) bare(thing []string) (b bareWords, ok bool) {
	b.named = map[string]bool{}
	others := otherThings(p.sheet, p.question)
	sees := lexicon.HasAny(p.asked, "seeing")
	theirs := slices.ContainsFunc(p.sheet.Open, p.sheet.AsksPerson)
	behindNe := false
	for i, w := range p.said {
		switch {
		case lexicon.Matches(w, thing):
			b.name(w, thing)
		case lexicon.Has("noone", w) && !(i > 0 && lexicon.Has("determiner", p.said[i-1])):
			b.nobody = true
		case lexicon.Has("thereis", w), sees && lexicon.Has("seeing", w):
			b.there, b.speaks = true, b.speaks || !lexicon.Has("stop", w)
			if clause.Denies(w) && !behindNe {
				b.denials++
			}
		case w == "ne", w == "n'":
			behindNe = true
		case clause.Denies(w), len(w) > 3 && lexicon.Has("nothing", w):
			if !lexicon.Has("neithernor", w) || b.denials == 0 {
				b.denials++
			}
		case lexicon.Has("ourselves", w), theirs && lexicon.Has("they", w):
			b.speaks = true
		case addsNothing(w):
		case lexicon.HasAny(p.said[:i], "neithernor") && lexicon.Matches(w, others): // no injuries nor a fall
		default:
			return b, false
		}
	}
	return b, true
}

// name notes of which words of a thing one is a form.
func (b *bareWords) name(word string, thing []string) {
	for _, o := range thing {
		if lexicon.Matches(word, []string{o}) {
			b.named[o] = true
		}
	}
}

// addsNothing reports whether a word changes nothing of what those around it say.
func addsNothing(w string) bool {
	return lexicon.Has("barely", w) || lexicon.Has("barely", lexicon.Bare(w)) || lexicon.Has("filler", w) || lexicon.Has("neithernor", w) ||
		lexicon.Has("determiner", w) && !lexicon.Has("yours", w) || lexicon.Has("but", w)
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

// isSwitched reports whether words say that something is off or on. A small word that is one of
// these could be any other: it counts at the end, behind a verb or with one for turning.
func isSwitched(ws []string, section string) bool {
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
