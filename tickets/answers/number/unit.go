package number

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
)

// withUnit finds a number and the word behind it.
var withUnit = lexicon.Pattern(`(\d[\d.,]*)(?:\s?(?:°\s?|sq\.?\s)?(\pL+))?`)

// unitSections are the kinds of units that are turned into one another, with their number in the
// word list of those that are not; 0 for none.
var unitSections = []struct {
	name  string
	other int
}{{"weightunit", 1}, {"lengthunit", 2}, {"volumeunit", 3}, {"powerunit", 0}, {"dataunit", 0}, {"bitunit", 0}}

// InUnit returns the number of a text in the unit in which a question asks for it, if the text says
// it in another one of its kind: 0.8 for "800 g" in kilograms. ok is false where it does not. What
// is said twice, "800 g, that is 0.8", has to be the same.
func InUnit(wording string, text string, w day.Context) (v string, how reading.State, ok bool) {
	if inOtherUnit(wording, text) {
		return "", reading.Unclear, true
	}
	section, want := askedUnit(wording)
	if want == 0 {
		return "", reading.Silent, false
	}
	for _, m := range withUnit().FindAllStringSubmatch(text, -1) {
		unit := lexicon.Section(section)[lexicon.Plain(m[2])]
		ok = ok || unit != 0 && unit != want
		n, r := Decimal(strings.TrimRight(m[1], ".,"), w.Language)
		f, err := strconv.ParseFloat(n, 64)
		if r != reading.Clear || err != nil {
			how = reading.Unclear
			continue
		}
		if unit == 0 {
			unit = want
		}
		const places = 1e6
		n = strconv.FormatFloat(math.Round(f*float64(unit)/float64(want)*places)/places, 'f', -1, 64)
		if v != "" && v != n {
			how = reading.Unclear
		}
		v = n
	}
	switch {
	case !ok:
		return "", reading.Silent, false
	case how == reading.Unclear || clause.Doubtful(text) || slices.ContainsFunc(lexicon.Words(text), clause.Denies) ||
		lexicon.PhraseIn("atmost", text) ||
		signBeside(withUnit().Split(text, 2)[0], ""):
		return "", reading.Unclear, true
	}
	for phrase := range lexicon.Section("bound") {
		if strings.Contains(" "+lexicon.Plain(text)+" ", " "+phrase+" ") {
			return "", reading.Unclear, true
		}
	}
	return v, reading.Clear, true
}

// askedUnit returns the section of the unit that all wordings of a question name, and its value; 0
// if there is none or more than one. A meter may be what shows a number.
func askedUnit(wording string) (section string, unit int) {
	for _, kind := range unitSections {
		for _, word := range lexicon.Words(wording) {
			word = lexicon.Bare(word)
			switch n := lexicon.Section(kind.name)[word]; {
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
func inOtherUnit(wording string, text string) bool {
	asked := lexicon.Words(wording)
	kinds := map[int]bool{}
	for _, word := range asked {
		word = lexicon.Bare(word)
		kinds[lexicon.Section("askedunit")[word]] = true
		for _, kind := range unitSections {
			if len(word) > 1 && word != "meter" && lexicon.Section(kind.name)[word] != 0 {
				kinds[kind.other] = true
			}
		}
	}
	foreign := func(word string) bool {
		kind := lexicon.Section("otherunit")[word]
		return kind != 0 && kinds[kind] && !slices.Contains(asked, word)
	}
	return lexicon.HasDigit(text) && slices.ContainsFunc(lexicon.Words(text), func(w string) bool { return len(w) > 2 && foreign(w) }) ||
		slices.ContainsFunc(withUnit().FindAllStringSubmatch(text, -1), func(m []string) bool { return foreign(lexicon.Plain(m[2])) })
}

// OtherCurrency reports whether a text names other money than a question asks for.
func OtherCurrency(wording, text string) bool {
	return lexicon.HasAny(lexicon.Words(wording), "euro") && !lexicon.HasAny(lexicon.Words(text), "euro") &&
		(lexicon.HasAny(lexicon.Words(text), "foreign") || strings.ContainsAny(text, "$£¥"))
}
