package answers

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"tierdesk/tickets"
)

// withUnit finds a number and the word behind it.
var withUnit = pattern(`(\d[\d.,]*)(?:\s?(?:°\s?|sq\.?\s)?(\pL+))?`)

// unitSections are the kinds of units that are turned into one another, with their number in the
// word list of those that are not; 0 for none.
var unitSections = []struct {
	name  string
	other int
}{{"weightunit", 1}, {"lengthunit", 2}, {"volumeunit", 3}, {"powerunit", 0}, {"dataunit", 0}, {"bitunit", 0}}

// inUnit returns the number of a text in the unit in which a question asks for it, if the text says
// it in another one of its kind: 0.8 for "800 g" in kilograms. ok is false where it does not. What
// is said twice, "800 g, that is 0.8", has to be the same.
func inUnit(q *tickets.Question, text string, w When) (v string, how reading, ok bool) {
	if inOtherUnit(q, text) {
		return "", unclear, true
	}
	section, want := askedUnit(q)
	if want == 0 {
		return "", silent, false
	}
	for _, m := range withUnit().FindAllStringSubmatch(text, -1) {
		unit := known()[section][plain(m[2])]
		ok = ok || unit != 0 && unit != want
		n, r := decimal(strings.TrimRight(m[1], ".,"), w.Language)
		f, err := strconv.ParseFloat(n, 64)
		if r != clear || err != nil {
			how = unclear
			continue
		}
		if unit == 0 {
			unit = want
		}
		const places = 1e6
		n = strconv.FormatFloat(math.Round(f*float64(unit)/float64(want)*places)/places, 'f', -1, 64)
		if v != "" && v != n {
			how = unclear
		}
		v = n
	}
	switch {
	case !ok:
		return "", silent, false
	case how == unclear || doubtful(text) || slices.ContainsFunc(words(text), denies) || known().phraseIn("atmost", text) ||
		signBeside(withUnit().Split(text, 2)[0], ""):
		return "", unclear, true
	}
	for phrase := range known()["bound"] {
		if strings.Contains(" "+plain(text)+" ", " "+phrase+" ") {
			return "", unclear, true
		}
	}
	return v, clear, true
}

// askedUnit returns the section of the unit that all wordings of a question name, and its value; 0
// if there is none or more than one. A meter may be what shows a number.
func askedUnit(q *tickets.Question) (section string, unit int) {
	for _, kind := range unitSections {
		for _, word := range words(joined(q.Ask)) {
			word = unelided(word)
			switch n := known()[kind.name][word]; {
			case n == 0 || len(word) < 2 || word == "meter":
			case unit != 0 && (unit != n || section != kind.name):
				return "", 0
			default:
				section, unit = kind.name, n
			}
		}
	}
	return section, unit
}

// inOtherUnit reports whether a text gives its number in a unit of the kind that a question asks
// for, and in one that is not turned into others: miles for kilometres. A letter or two are a unit
// behind a number alone.
func inOtherUnit(q *tickets.Question, text string) bool {
	asked := words(joined(q.Ask))
	kinds := map[int]bool{}
	for _, word := range asked {
		word = unelided(word)
		kinds[known()["askedunit"][word]] = true
		for _, kind := range unitSections {
			if len(word) > 1 && word != "meter" && known()[kind.name][word] != 0 {
				kinds[kind.other] = true
			}
		}
	}
	foreign := func(word string) bool {
		kind := known()["otherunit"][word]
		return kind != 0 && kinds[kind] && !slices.Contains(asked, word)
	}
	return hasDigit(text) && slices.ContainsFunc(words(text), func(w string) bool { return len(w) > 2 && foreign(w) }) ||
		slices.ContainsFunc(withUnit().FindAllStringSubmatch(text, -1), func(m []string) bool { return foreign(plain(m[2])) })
}
