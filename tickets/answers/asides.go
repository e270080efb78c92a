package answers

import (
	_ "embed"
	"slices"
	"strings"

	"tierdesk/tickets"
)

//go:embed asides.txt
var asidesFile string

// putAside marks the clauses that tell of what was, what would be, what was thought or what
// somebody else wrote: a value in them answers nothing.
func (s *sheet) putAside(all []statement) {
	now := -1
	for i := range all {
		if known().startsWith("thistime", all[i].whole) {
			now = all[i].sentence
		}
	}
	for i := range all {
		c := &all[i]
		c.aside = c.aside || c.sentence == now-1 || s.depends(c.whole) || refutes(c.whole) || quotedWords().MatchString(c.whole) ||
			known().phraseIn("thought", c.whole) || known().phraseIn("shouldhave", c.text)
	}
}

// refutes reports whether a sentence sets what something says against what is so.
func refutes(sentence string) bool {
	return known().phraseIn("accordingto", sentence) && known().phraseIn("infact", sentence)
}

// quotedWords finds a sentence of somebody else between quotation marks.
var quotedWords = pattern(`["“”„«»](?:[^"“”„«»\s]+\s+){4,}[^"“”„«»\s]+\s?["“”„«»]`)

// depends reports whether a clause of a sentence says what the others depend on: "three nights, if
// my boss agrees".
func (s *sheet) depends(sentence string) bool {
	if known().phraseIn("onlyif", sentence) {
		return true
	}
	return slices.ContainsFunc(partsOf(sentence), func(part statement) bool {
		fields := strings.Fields(part.text) // as it is written: "sí" is no "si"
		return len(fields) > 2 && known().has("if "+s.when.Language, strings.ToLower(fields[0])) && !known().phraseIn("nodoubt", part.text)
	})
}

// elses reports whether a code is the number of something that no question asks for: "the shop's
// number is X-1", "mon numéro de client".
func (s *sheet) elses(c code) bool {
	for i, w := range c.lead {
		if !known().has("numberword", w) {
			continue
		}
		if i > 0 && strings.HasSuffix(c.lead[i-1], "'s") && !s.inQuestions(c.lead[i-1]) {
			return true
		}
		if rest := c.lead[i+1:]; len(rest) > 1 && oneOf(rest[:1], "de", "du", "di", "del", "van", "of", "for") &&
			!known().has("stop", rest[1]) && !known().has("copula", rest[1]) && !s.inQuestions(rest[1]) {
			return true
		}
	}
	return false
}

// inQuestions reports whether a word stands in one of the questions.
func (s *sheet) inQuestions(word string) bool {
	for q := range s.form.Questions {
		if likes(word, content(s.wording(q))) {
			return true
		}
	}
	return false
}

// pointsAway reports whether the answer to a question for a name or a number says only where it
// stands: "as last time", "see the letterhead".
func pointsAway(q *tickets.Question, text string) bool {
	asked := words(joined(q.Ask))
	if hasDigit(text) || len(words(text)) > maxPointing || !identifying(q) && !hasAny(asked, "calls") && !hasAny(asked, "nameword") &&
		!hasAny(asked, "codeword") && !hasAny(asked, "phoneword") {
		return false
	}
	ws := words(text)
	if len(ws) > 1 && denies(ws[0]) {
		return true // "not Meier but Maier"
	}
	for ; len(ws) > 1; ws = ws[1:] {
		if known().startsWith("asbefore", strings.Join(ws, " ")) {
			return true
		}
		if !slices.Contains(asked, ws[0]) { // no word of the question, said again
			return false
		}
	}
	return false
}

// maxPointing is how many words say where an answer stands.
const maxPointing = 10

// otherMoney reports whether a text names other money than a question asks for.
func otherMoney(q *tickets.Question, text string) bool {
	return hasAny(words(joined(q.Ask)), "euro") && !hasAny(words(text), "euro") &&
		(hasAny(words(text), "foreign") || strings.ContainsAny(text, "$£¥"))
}

// shortMark is letters at the beginning of a number that is written with blanks.
var shortMark = pattern(`^[A-Z]{2,3}$`)

// onlyThat finds the French "only", which denies nothing: "n'est venue que le lendemain".
var onlyThat = pattern(`(?i)(?:^|\s)n(?:['’]|e\s).*\squ(?:e\s|['’])`)

// unlessFine returns a code, "" if it is said of its thing that nothing is wrong with it.
func (c code) unlessFine() string {
	if known().phraseIn("inorder", c.from.text) {
		return ""
	}
	return c.text
}

// twoCapitals reports whether a clause is two words or more that all have capitals, as the name of
// somebody has but things do in German alone: "Anne Petit" wants no "petit-déjeuner".
func (s *sheet) twoCapitals(text string) bool {
	fields := strings.Fields(text)
	return s.when.Language != "de" && len(fields) > 1 && !slices.ContainsFunc(fields, func(w string) bool { return !capital(w) })
}
