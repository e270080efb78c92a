package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
)

// putAside marks the clauses that tell of what was, what would be, what was thought or what
// somebody else wrote: a value in them answers nothing.
func (s *sheet) putAside(all []statement) {
	now := -1
	for i := range all {
		if lexicon.StartsWith("thistime", all[i].whole) {
			now = all[i].sentence
		}
	}
	for i := range all {
		c := &all[i]
		c.aside = c.aside || c.sentence == now-1 || s.depends(c.whole) || clause.Refutes(c.whole) || quotedWords().MatchString(c.whole) ||
			lexicon.PhraseIn("thought", c.whole) || lexicon.PhraseIn("shouldhave", c.text)
	}
}

// quotedWords finds a sentence of somebody else between quotation marks.
var quotedWords = lexicon.Pattern(`["“”„«»](?:[^"“”„«»\s]+\s+){4,}[^"“”„«»\s]+\s?["“”„«»]`)

// depends reports whether a clause of a sentence says what the others depend on: "three nights, if
// my boss agrees".
func (s *sheet) depends(sentence string) bool {
	if lexicon.PhraseIn("onlyif", sentence) {
		return true
	}
	return slices.ContainsFunc(partsOf(sentence), func(part statement) bool {
		fields := strings.Fields(part.text) // as it is written: "sí" is no "si"
		return len(fields) > 2 && lexicon.Has("if "+s.when.Language, strings.ToLower(fields[0])) && !lexicon.PhraseIn("nodoubt", part.text)
	})
}

// elses reports whether a code is the number of something that no question asks for: "the shop's
// number is X-1", "mon numéro de client".
func (s *sheet) elses(c code) bool {
	for i, w := range c.lead {
		if !lexicon.Has("numberword", w) {
			continue
		}
		if i > 0 && strings.HasSuffix(c.lead[i-1], "'s") && !s.inQuestions(c.lead[i-1]) {
			return true
		}
		if rest := c.lead[i+1:]; len(rest) > 1 && lexicon.OneOf(rest[:1], "de", "du", "di", "del", "van", "of", "for") &&
			!lexicon.Has("stop", rest[1]) && !lexicon.Has("copula", rest[1]) && !s.inQuestions(rest[1]) {
			return true
		}
	}
	return false
}

// inQuestions reports whether a word stands in one of the questions.
func (s *sheet) inQuestions(word string) bool {
	for q := range s.form.Questions {
		if lexicon.Matches(word, lexicon.Content(s.wording(q))) {
			return true
		}
	}
	return false
}

// shortMark is letters at the beginning of a number that is written with blanks.
var shortMark = lexicon.Pattern(`^[A-Z]{2,3}$`)

// onlyThat finds the French "only", which denies nothing: "n'est venue que le lendemain".
var onlyThat = lexicon.Pattern(`(?i)(?:^|\s)n(?:['’]|e\s).*\squ(?:e\s|['’])`)

// unlessFine returns a code, "" if it is said of its thing that nothing is wrong with it.
func (c code) unlessFine() string {
	if lexicon.PhraseIn("inorder", c.from.text) {
		return ""
	}
	return c.text
}

// twoCapitals reports whether a clause is two words or more that all have capitals, as the name of
// somebody has but things do in German alone: "Anne Petit" wants no "petit-déjeuner".
func (s *sheet) twoCapitals(text string) bool {
	fields := strings.Fields(text)
	return s.when.Language != "de" && len(fields) > 1 && !slices.ContainsFunc(fields, func(w string) bool { return !lexicon.Capital(w) })
}
