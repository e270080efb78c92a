package answers

import (
	"slices"
	"strconv"
	"strings"

	"tierdesk/tickets"
)

// withoutQuestion returns a text without the question with which it ends, if an answer stands
// before it and the question does not touch that: "No. Do I need one?", but not "No. Or do I?".
func withoutQuestion(q *tickets.Question, text string, w When) string {
	ends := sentenceStops().FindAllStringIndex(text, -1)
	if !strings.HasSuffix(text, "?") || len(ends) == 0 {
		return text
	}
	first, back := text[:ends[len(ends)-1][1]], text[ends[len(ends)-1][1]:]
	ws := words(back)
	if strings.ContainsAny(first, "?¿") || len(ws) < minQuestion || known().has("either", ws[0]) || known().startsWith("isitso", back) {
		return text
	}
	switch q.Kind {
	case tickets.AskNumber:
		if holdsNumber(back) {
			return text
		}
	case tickets.AskDate:
		if len(dates(back, w)) > 0 {
			return text
		}
	case tickets.AskChoice:
		if names(q, back) > 0 || len(otherwise(q, back)) > 0 {
			return text
		}
	case tickets.AskYesNo:
		if slices.ContainsFunc(clausesOf(back), func(c clause) bool { return wholly(c.text) != "" }) {
			return text
		}
	}
	return strings.TrimSpace(first)
}

// minQuestion is how many words a question has at least that does not only ask whether the answer
// is right.
const minQuestion = 2

// sentenceStops finds where a sentence that asks nothing ends.
var sentenceStops = pattern(`[.!]\s+|\n`)

// withoutRemark returns a text without what stands in brackets behind a number or a choice, if that
// tells something of it and does not change it: "35 hours (Mon to Fri 8-15)", but not "100 (120
// with children)".
func withoutRemark(q *tickets.Question, text string) string {
	if q.Kind == tickets.AskNumber { // 50, of which 6 eat no meat
		text = ofThem().ReplaceAllString(text, " ($1)")
	}
	inside := brackets().FindAllString(text, -1)
	rest := strings.TrimSpace(brackets().ReplaceAllString(text, " "))
	if len(inside) == 0 || len(words(rest)) == 0 || strings.HasPrefix(text, "(") {
		return text
	}
	for _, in := range inside {
		if changesAnswer(q, in, rest) {
			return text
		}
	}
	return rest
}

// ofThem finds a clause at the end of a text that tells of a part.
var ofThem = pattern(`(?i),? ((?:davon|darunter|of which|of whom|of them|dont|de los cuales|de las cuales|di cui|waarvan) [^,;.()]+)\.?$`)

// changesAnswer reports whether what stands in brackets may make what stands before them another
// answer.
func changesAnswer(q *tickets.Question, in, rest string) bool {
	ws := words(in)
	if len(ws) == 0 || doubtful(in) || known().has("either", ws[0]) || strings.ContainsAny(in, "+~<>±=≈") ||
		excepts("except", plain(in), nil) ||
		known().phraseIn("correction", in) || known().phraseIn("beside", in) || known().phraseIn("nowadays", in) {
		return true
	}
	if q.Kind == tickets.AskChoice {
		return names(q, in) == 0 && len(otherwise(q, in)) == 0 || len(ws) < minRemark || hasAny(ws, "instead") ||
			slices.ContainsFunc(clausesOf(in), func(c clause) bool { return clauseHead(c.text) != "" })
	}
	if takenBack(in) {
		return true
	}
	says := slices.ContainsFunc(content(in), func(w string) bool { _, number := numberNamed(w); return !number && !hasDigit(w) })
	for _, section := range []string{"with", "withoutit", "others", "more", "myself", "every", "vague", "total", "bound", "part",
		"nobody"} {
		if known().phraseIn(section, in) {
			return true
		}
	}
	most, _ := largest(rest)
	inThere, any := largest(in)
	until := slices.ContainsFunc(ws, func(w string) bool {
		return known()["month"][w] > 0 && len(w) > 2 || known().has("sinceword", w)
	})
	asked := content(joined(q.Ask))
	ofPart := mentions(in, asked) > mentions(rest, asked) // "50, of which 6 vegetarian": how many vegetarian meals?
	return !says || until || any && (inThere > most || ofPart || !counting(q) || hasAny(words(joined(q.Ask)), "copula"))
}

// clauseHead returns the yes or no with which a clause begins.
func clauseHead(p string) string {
	first, _, _ := strings.Cut(p, " ")
	return wholly(first)
}

// minRemark is how many words a remark has at least that names another choice only to tell of it.
const minRemark = 4

// largest returns the largest number in a text.
func largest(text string) (most float64, ok bool) {
	for _, w := range words(text) {
		n, named := numberNamed(w)
		f := float64(n)
		if !named {
			v, err := strconv.ParseFloat(w, 64)
			if f = v; err != nil {
				continue
			}
		}
		most, ok = max(most, f), true
	}
	return most, ok
}

// concluded returns the yes or no with which a text ends that gives its reason first: "they have no
// plug, so no".
func concluded(text string) string {
	said := ""
	for _, c := range clausesOf(text) {
		first, rest, _ := strings.Cut(c.text, " ")
		v := wholly(rest)
		switch {
		case v == "" || !known().has("hence", first):
			v = wholly(c.text)
			if v != "" && v != said {
				return "" // both, or one that concludes nothing
			}
		case said != "" && said != v:
			return ""
		default:
			said = v
		}
	}
	return said
}
