package number

import (
	"slices"
	"strings"

	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
)

// Read returns the number that a text says to a question.
func Read(wording string, text string, w day.Context) (string, reading.State) {
	if v, how, ok := InUnit(wording, text, w); ok {
		return v, how
	}
	if n, ok := summed(text); ok && counting(wording) {
		if lexicon.Mentions(text, lexicon.Content(wording)) > 0 {
			return "", reading.Unclear // "3 adults + 2 children = 5": how many adults?
		}
		return n, reading.Clear
	}
	if c, ok := Concluded(text, w.BaseLanguage()); ok && counting(wording) && !namesAPlace(wording, text) &&
		(c.Thing == "" || lexicon.Matches(c.Thing, lexicon.Content(wording)) || asksPeople(wording) && lexicon.Has("people", c.Thing)) {
		return c.Value, reading.Clear
	}
	text = aboutWhole(wording, WithDozens(text), w)
	if n, ok := withHalf(text); ok && !asksPeople(wording) {
		return n, reading.Clear
	}
	switch {
	case OnlyWriter(wording, text):
		return "1", reading.Clear
	case counting(wording) && nobody(wording, text):
		return "0", reading.Clear
	case namesAPlace(wording, text), counting(wording) && lexicon.HasDigit(text) && lexicon.StartsWith("nobody", text):
		return "", reading.Unclear
	}
	if otherPeriod(wording, text) {
		return "", reading.Unclear
	}
	for _, n := range numerals(text) {
		if n.article(wording) || n.changes() || n.others() || n.measures(wording) || counting(wording) && (n.parted() || n.named()) ||
			n.dated(wording, w) {
			return "", reading.Unclear
		}
	}
	n, how := numberIn(text, w)
	if how == reading.Clear && counting(wording) && !countable(wording, n) {
		return "", reading.Unclear
	}
	return n, how
}

// aboutWhole returns a text without what it says of a part: "50, of which 6 eat no meat", "10 (of
// 50)".
func aboutWhole(wording, text string, w day.Context) string {
	text = clause.WithoutRemark(ofThem().ReplaceAllString(text, " ($1)"), func(in, rest string) bool {
		return changesAnswer(wording, in, rest)
	})
	if text = squares().ReplaceAllString(text, "${1} qm$2"); w.Language == "" || w.BaseLanguage() != "nl" { // "6 of 7"
		text = withoutWhole(text)
	}
	return text
}

// countable reports whether there can be so many of what a question counts. "1.234" of an English
// page is a thousand to others.
func countable(wording, n string) bool {
	_, fraction, _ := strings.Cut(n, ".")
	return !strings.HasPrefix(n, "-") && len(fraction) <= 2 && (fraction == "" || !asksPeople(wording))
}

// summed returns the number that a text reckons out of others, if that is right: "48 pupils and 5
// staff = 53".
func summed(text string) (string, bool) {
	parts, total, ok := strings.Cut(text, "=")
	total = strings.Trim(total, " .")
	if !ok || !digitsAlone().MatchString(total) || clause.Doubtful(text) {
		return "", false
	}
	terms, sum := digitRuns().FindAllString(parts, -1), 0
	for _, term := range terms {
		if !digitsAlone().MatchString(term) {
			return "", false
		}
		sum += lexicon.Atoi(term)
	}
	return total, len(terms) > 1 && sum == lexicon.Atoi(total)
}

// digitsAlone finds what is a small number and nothing else; digitRuns what may be one, or more.
var (
	digitsAlone = lexicon.Pattern(`^[1-9]\d{0,4}$`)
	digitRuns   = lexicon.Pattern(`[\d.,:/-]*\d[\d:/]*`)
)

// otherPeriod reports whether a text counts by the year what a question asks by the month, or the
// like.
func otherPeriod(wording string, text string) bool {
	asked, said := periods(wording), periods(text)
	for period := range said {
		if len(asked) > 0 && !asked[period] {
			return true
		}
	}
	return false
}

// periods returns the lengths of time by which a text counts: "a week", "monatlich".
func periods(text string) map[int]bool {
	out := map[int]bool{}
	p := " " + lexicon.Plain(text) + " "
	for phrase, period := range lexicon.Section("period") {
		if strings.Contains(p, " "+phrase+" ") {
			out[period] = true
		}
	}
	return out
}

// squares finds square and cubic metres, whose digit is no number of its own.
var squares = lexicon.Pattern(`(\d) ?[mM][²³23]($|[^\pL\pN])`)

// withoutWhole takes away of how many a number counts a part: "10 (of 50)", "3 von 12". A number
// that is no part of the other stays as it is.
func withoutWhole(text string) string {
	m := partOfWhole().FindStringSubmatch(text)
	if m == nil || len(m[2]) > 6 || len(m[4]) > 6 || !lexicon.Has("outof", lexicon.Plain(m[3])) ||
		lexicon.Atoi(m[2]) >= lexicon.Atoi(m[4]) {
		return text
	}
	return m[1] + m[2] + m[5]
}

var partOfWhole = lexicon.Pattern(`^(\D*)(\d+),? ?\(?(?:out )?(\pL{2,4}) (\d+)\b\)?([^\d]*)$`)

// counting reports whether a question asks how many there are of something.
func counting(wording string) bool { return lexicon.PhraseIn("howmany", wording) }

// asksPeople reports whether a question is about people.
func asksPeople(wording string) bool {
	return lexicon.AnyIn("people", lexicon.Words(wording))
}

// nobody reports whether a text says that there is none, and nothing else: "none", "no monitors".
func nobody(wording string, text string) bool {
	p := lexicon.Plain(text)
	if lexicon.Has("nobody", p) || lexicon.Has("nobody", lexicon.WithoutFillers(p)) {
		return true
	}
	ws := lexicon.Words(text)
	if parts := clause.Of(text); len(parts) > 1 && lexicon.Has("nobody", lexicon.WithoutFillers(parts[0].Text)) && !clause.Doubtful(text) &&
		!slices.ContainsFunc(ws[len(strings.Fields(parts[0].Text)):], func(w string) bool {
			_, number := lexicon.NumberNamed(w)
			return number || lexicon.HasDigit(w) || clause.Denies(w) || lexicon.Has("part", w) || lexicon.Has("everybody", w)
		}) {
		return true // "none, I live nearby"
	}
	return len(ws) == 2 && lexicon.Has("nothingof", ws[0]) && len(ws[1]) > 2 &&
		slices.ContainsFunc(lexicon.Content(wording), func(a string) bool { return lexicon.Alike(a, ws[1]) })
}

// CountsPart reports whether a clause has a number in it other than those digits, or a word for a
// part or for nobody. An article is a number only before what another clause names, or nothing.
func CountsPart(text, others, digits string) bool {
	for phrase := range lexicon.Section("nobodyelse") {
		text = strings.ReplaceAll(" "+lexicon.Plain(text)+" ", " "+phrase+" ", " ")
	}
	ws := lexicon.JoinNumbers(lexicon.Words(text))
	thing := lexicon.Words(others)
	for i, w := range ws {
		m, number := lexicon.NumberNamed(w)
		switch {
		case isPart(w):
			return true
		case number && m == 1 && lexicon.Has("determiner", w):
			if !isArticle(ws[i+1:]) || slices.Contains(thing, ws[i+1]) {
				return true
			}
		case number && lexicon.Itoa(m) != digits:
			return true
		}
	}
	return false
}

// isPart reports whether a word is one for a part or for nobody.
func isPart(w string) bool {
	return lexicon.Has("part", w) || lexicon.Has("onlypart", w) || lexicon.StartsWith("half", w) ||
		lexicon.Has("nobody", w) && !lexicon.Has("determiner", w)
}

// isArticle reports whether a word for one may be an article, by what stands behind it.
func isArticle(behind []string) bool {
	if len(behind) == 0 {
		return false
	}
	next := behind[0]
	return !lexicon.Has("stop", next) && !lexicon.Has("copula", next) && !lexicon.Has("only", next) && !lexicon.Has("pieces", next)
}

// changesAnswer reports whether what stands in brackets behind a number may make it another one.
func changesAnswer(wording, in, rest string) bool {
	ws := lexicon.Words(in)
	if clause.TakesBack(in) {
		return true
	}
	says := slices.ContainsFunc(lexicon.Content(in), func(w string) bool {
		_, number := lexicon.NumberNamed(w)
		return !number && !lexicon.HasDigit(w)
	})
	for _, section := range []string{"with", "withoutit", "others", "more", "myself", "every", "vague", "total", "bound", "part",
		"nobody"} {
		if lexicon.PhraseIn(section, in) {
			return true
		}
	}
	most, _ := largest(rest)
	inThere, any := largest(in)
	until := slices.ContainsFunc(ws, func(w string) bool {
		return lexicon.Section("month")[w] > 0 && len(w) > 2 || lexicon.Has("sinceword", w)
	})
	asked := lexicon.Content(wording)
	ofPart := lexicon.Mentions(in, asked) > lexicon.Mentions(rest, asked) // "50, of which 6 vegetarian": how many vegetarian meals?
	return !says || until || any && (inThere > most || ofPart || !counting(wording) || lexicon.HasAny(lexicon.Words(wording), "copula"))
}

// ofThem finds a clause at the end of a text that tells of a part.
var ofThem = lexicon.Pattern(`(?i),? ((?:davon|darunter|of which|of whom|of them|dont|de los cuales|de las cuales|di cui|waarvan) [^,;.()]+)\.?$`)
