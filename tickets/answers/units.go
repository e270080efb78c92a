package answers

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"tierdesk/tickets"
)

// withUnit finds a number and the word behind it.
var withUnit = pattern(`(\d[\d.,]*)(?:\s?(\pL+))?`)

// inUnit returns the number of a text in the unit in which a question asks for it, if the text says
// it in another one of its kind: 0.8 for "800 g" in kilograms. ok is false where it does not. What
// is said twice, "800 g, that is 0.8", has to be the same.
func inUnit(q *tickets.Question, text string, w When) (v string, how reading, ok bool) {
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
	for _, name := range []string{"weightunit", "lengthunit"} {
		for _, word := range words(joined(q.Ask)) {
			switch n := known()[name][word]; {
			case n == 0 || len(word) < 2 || word == "meter":
			case unit != 0 && (unit != n || section != name):
				return "", 0
			default:
				section, unit = name, n
			}
		}
	}
	return section, unit
}
