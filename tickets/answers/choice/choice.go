// Package choice owns how a text names one of several choices: by its words, by other ones for the
// same thing, by its place. It must never know another question than the one that lets choose.
package choice

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/yesno"
)

// namesOf returns the names of a choice, folded: its value, what is shown for it, and how it is
// written where a keyboard has no umlauts.
func namesOf(c *tickets.Choice) []string {
	out := []string{lexicon.Plain(c.Value)}
	for _, shown := range c.Shown {
		out = append(out, lexicon.Plain(shown))
	}
	if spelled := lexicon.Plain(umlauts.Replace(strings.ToLower(c.Value))); spelled != out[0] {
		out = append(out, spelled)
	}
	return out
}

// Exactly returns the choice that a text is, -1 for none: sign by sign, or else by its words, if
// they are those of one choice alone.
func Exactly(q *tickets.Question, text string) int {
	same := func(shown string) bool {
		return strings.EqualFold(lexicon.Tidy(shown), strings.TrimRight(text, " .!,;"))
	}
	found, n := -1, 0
	for i := range q.Choices {
		c := &q.Choices[i]
		if same(c.Value) || slices.ContainsFunc(slices.Collect(maps.Values(c.Shown)), same) {
			return i
		}
		if p := lexicon.Plain(text); p != "" && slices.Contains(namesOf(c), p) {
			found = i
			n++
		}
	}
	if n != 1 || otherSigns(&q.Choices[found], text) {
		return -1
	}
	return found
}

// otherSigns reports whether a text has other signs than a choice where signs tell one thing from
// another: "C++" is not "C", and "> 50" is not "50".
func otherSigns(c *tickets.Choice, text string) bool {
	said := signsOf(text)
	if said == signsOf(c.Value) {
		return false
	}
	return !slices.ContainsFunc(slices.Collect(maps.Values(c.Shown)), func(shown string) bool { return said == signsOf(shown) })
}

// signsOf returns the signs of a text that belong to a word or a number.
func signsOf(text string) string {
	out := ""
	for _, m := range telling().FindAllStringSubmatch(lexicon.WithoutArrows(text), -1) {
		out += strings.Join(strings.Fields(m[1]+m[2]+m[3]), "")
	}
	return out
}

var telling = lexicon.Pattern(`([<>≤≥±]+\s*)[\d.]|[\pL\d]([+#]+)|(?:^|\s)([-−+])\d`)

// Read returns the only choice that a text names.
func Read(q *tickets.Question, text string) (string, reading.State) {
	if i := Exactly(q, text); i >= 0 && !strings.ContainsAny(text, "?¿") {
		return q.Choices[i].Value, reading.Clear
	}
	text = withLengths(q, text)
	text = clause.WithoutRemark(text, func(in, _ string) bool { return changesAnswer(q, in) })
	if n, ok := monthsOf(q, text); ok {
		text = n
	}
	v, how := choiceNamed(q, text)
	if how != reading.Clear {
		v, how = choiceFirst(q, text)
	}
	if how == reading.Clear && slices.ContainsFunc(q.Choices, func(c tickets.Choice) bool { return c.Value == v && otherSigns(&c, text) }) {
		return "", reading.Unclear
	}
	return v, how
}

// monthsOf returns in months what a text says in years to a question for how many months, each of
// whose choices is a number: "3 years", "un an".
func monthsOf(q *tickets.Question, text string) (months string, ok bool) {
	asks := func(group int) bool {
		return slices.ContainsFunc(lexicon.Words(lexicon.Joined(q.Ask)), func(w string) bool { return lexicon.Section("span")[w] == group })
	}
	ws := lexicon.JoinNumbers(lexicon.Words(text))
	if !asks(lexicon.SpanMonth) || asks(lexicon.SpanYear) || len(ws) > maxSlips || clause.TakesBack(text) ||
		slices.ContainsFunc(q.Choices, func(c tickets.Choice) bool {
			return strings.Trim(c.Value, "0123456789") != ""
		}) {
		return "", false
	}
	for i, w := range ws {
		n, named := lexicon.NumberNamed(w)
		if digits := strings.Trim(w, "0123456789") == "" && len(w) < 3; digits {
			n, named = lexicon.Atoi(w), true
		}
		next := ""
		if i+1 < len(ws) {
			next = ws[i+1]
		}
		switch {
		case named && lexicon.Section("span")[next] == lexicon.SpanYear && months == "":
			months = lexicon.Itoa(12 * n)
		case named && n != 1 || lexicon.HasDigit(w), lexicon.Has("range", w), lexicon.StartsWith("half", strings.Join(ws[i:], " ")):
			return "", false
		}
	}
	return months, months != ""
}

// choiceFirst returns the choice that the first clause of a text names, if those behind it only
// tell more of it: "wrong one, I got a 42 instead of a 40", "Utrecht (before that Berlin)".
func choiceFirst(q *tickets.Question, text string) (string, reading.State) {
	parts := clause.Of(text)
	if len(parts) < 2 || clause.Doubtful(text) || len(lexicon.Words(text)) > maxChosen {
		return "", reading.Unclear
	}
	v, how := choiceNamed(q, parts[0].Text)
	if how != reading.Clear {
		return "", reading.Unclear
	}
	for _, part := range parts[1:] {
		ws := strings.Fields(part.Text)
		if lexicon.Has("beforethat", ws[0]) {
			continue
		}
		others := ByOtherName(q, part.Text)
		if CountNamed(q, mended(q, part.Text)) > 0 || len(others) > 1 || len(others) == 1 && q.Choices[others[0]].Value != v ||
			slices.ContainsFunc(ws, clause.Denies) || lexicon.Has("either", ws[0]) || lexicon.PhraseIn("correction", part.Text) ||
			len(ws) < 3 && (clause.Excepts("except", part.Text, nil) || clause.Excepts("before", part.Text, nil)) {
			return "", reading.Unclear
		}
	}
	return v, reading.Clear
}

// choiceNamed returns the only choice that the words of a text name.
func choiceNamed(q *tickets.Question, text string) (string, reading.State) {
	p := mended(q, lexicon.Plain(text))
	if bare := lexicon.WithoutElision(p); CountNamed(q, p) > 0 &&
		!slices.ContainsFunc(q.Choices, func(c tickets.Choice) bool { return holdsAny(p, &c) }) {
		p = bare // "l'arche"
	}
	var found []int
	for i := range q.Choices {
		if !otherSigns(&q.Choices[i], text) &&
			slices.ContainsFunc(namesOf(&q.Choices[i]), func(n string) bool { return holdsChoice(p, n) }) {
			found = append(found, i)
		}
	}
	// "not urgent" names "urgent" too: the longer one is meant.
	found = slices.DeleteFunc(found, func(i int) bool {
		return slices.ContainsFunc(found, func(j int) bool {
			return i != j && slices.ContainsFunc(namesOf(&q.Choices[j]), func(long string) bool {
				return holdsChoice(p, long) && slices.ContainsFunc(namesOf(&q.Choices[i]),
					func(short string) bool { return short != long && strings.Contains(" "+long+" ", " "+short+" ") })
			})
		})
	})
	said := ByOtherName(q, p)
	if len(found) == 1 && slices.ContainsFunc(said, func(i int) bool { return i != found[0] }) {
		return "", reading.Unclear // "running with restrictions"
	}
	if len(found) == 2 {
		found = onlyOne(q, p, found)
	}
	if len(found) == 0 && len(said) == 1 && len(lexicon.Words(text)) <= maxSlips && onlyThings(text) { // not "the neighbour's cellar"
		if clause.TakesBack(text) || lexicon.PhraseIn("either", text) {
			return "", reading.Unclear
		}
		return q.Choices[said[0]].Value, reading.Clear
	}
	if len(found) == 0 {
		for _, find := range []func(*tickets.Question, string) (int, bool){Partly, byPlace, byStem, byInitials, scattered} {
			if i, ok := find(q, text); ok {
				return q.Choices[i].Value, reading.Clear
			}
		}
	}
	if len(found) != 1 {
		return closest(q, p)
	}
	theirs := namesOf(&q.Choices[found[0]])
	if besideOr(p, theirs) {
		return "", reading.Unclear
	}
	if refuses(p, theirs) || clause.Excepts("except", p, theirs) || clause.Excepts("before", p, theirs) || clause.Doubtful(text) {
		return "", reading.Unclear
	}
	return q.Choices[found[0]].Value, reading.Clear
}

// holdsAny reports whether a plain text has one of the names of a choice in it.
func holdsAny(p string, c *tickets.Choice) bool {
	return slices.ContainsFunc(namesOf(c), func(name string) bool { return holdsChoice(p, name) })
}

// onlyOne returns the one of two choices that a text names if a word for only stands before it and
// behind the other: "runs only limited".
func onlyOne(q *tickets.Question, p string, found []int) []int {
	ws := strings.Fields(p)
	at := func(i int) int {
		return slices.IndexFunc(ws, func(w string) bool {
			return slices.ContainsFunc(namesOf(&q.Choices[i]), func(name string) bool { return lexicon.Alike(w, name) })
		})
	}
	a, b := at(found[0]), at(found[1])
	if a > b {
		a, b, found = b, a, []int{found[1], found[0]}
	}
	if a < 0 || b-a < 2 || b-a > 3 || !lexicon.Has("only", ws[a+1]) || slices.ContainsFunc(ws[a+2:b], func(w string) bool {
		return !lexicon.Has("filler", w) && !lexicon.Has("stop", w)
	}) {
		return found
	}
	return found[1:]
}

// Partly returns the only choice that a short text names in part: with words cut off by a full
// stop, by a word that no other choice has, or with other small words beside its negation.
func Partly(q *tickets.Question, text string) (choice int, ok bool) {
	raw := strings.Fields(lexicon.Fold(text))
	ws := slices.DeleteFunc(lexicon.Words(text), func(w string) bool { return lexicon.Has("filler", w) })
	if len(ws) == 0 || len(ws) > 6 || clause.Doubtful(lexicon.WithoutFillers(lexicon.Plain(text))) || strings.ContainsAny(text, "?¿") {
		return 0, false
	}
	found := map[int]bool{}
	for i := range q.Choices {
		for _, name := range namesOf(&q.Choices[i]) {
			want := strings.Fields(name)
			switch {
			case slices.EqualFunc(raw, want, func(w, full string) bool {
				stem, short := strings.CutSuffix(w, ".")
				return w == full || stem == full || short && len(stem) >= 3 && strings.HasPrefix(full, stem)
			}):
				found[i] = true
			case len(ws) == 1 && len(want) > 1 && len(ws[0]) >= 4 && !lexicon.Has("negation", ws[0]) && !lexicon.Has("stop", ws[0]) &&
				!clause.HasNegation(want) && (ws[0] == want[0] || slices.Contains(want, ws[0]) && capitalised(q.Choices[i].Value, ws[0])):
				found[i] = true
			case clause.HasNegation(want) &&
				slices.EqualFunc(core(lexicon.Words(lexicon.WithoutFillers(lexicon.Plain(text)))), core(want), lexicon.Alike):
				found[i] = true
			}
		}
	}
	for i := range found {
		return i, len(found) == 1
	}
	return 0, false
}

// capitalised reports whether a word stands in a text with a capital: "York" in "New York".
func capitalised(text, word string) bool {
	return slices.ContainsFunc(strings.Fields(text), func(w string) bool {
		first, _ := utf8.DecodeRuneInString(w)
		return lexicon.Plain(w) == word && unicode.IsUpper(first)
	})
}

// besideOr reports whether an "or" stands before or behind the words of a choice: the other thing
// may be no choice by its full name.
func besideOr(text string, names []string) bool {
	ws := strings.Fields(text)
	for _, name := range names {
		want := strings.Fields(name)
		for i := 0; len(want) > 0 && i+len(want) <= len(ws); i++ {
			if !slices.EqualFunc(ws[i:i+len(want)], want, lexicon.Alike) {
				continue
			}
			end := i + len(want)
			if i > 0 && lexicon.Has("either", ws[i-1]) || end < len(ws) && ws[end] != "of" && lexicon.Has("either", ws[end]) {
				return true
			}
		}
	}
	return false
}

// byPlace returns the choice that a text names by its place, if it says nothing else: "the first
// one", "option 2".
func byPlace(q *tickets.Question, text string) (choice int, ok bool) {
	ws := lexicon.Words(text)
	for len(ws) > 1 && lexicon.Has("determiner", ws[0]) {
		ws = ws[1:]
	}
	if len(ws) == 2 && lexicon.Has("optionword", ws[0]) && len(ws[1]) == 1 && ws[1][0] >= '1' && ws[1][0] <= '9' {
		n := lexicon.Atoi(ws[1])
		return n - 1, n <= len(q.Choices)
	}
	if len(ws) == 2 && lexicon.Has("optionword", ws[1]) {
		ws = ws[:1]
	}
	if len(ws) != 1 {
		return 0, false
	}
	n := lexicon.Section("place")[ws[0]]
	if n == lastPlace {
		n = len(q.Choices)
	}
	return n - 1, n > 0 && n <= len(q.Choices)
}

// lastPlace is the value of words for the last one.
const lastPlace = 99

// byStem returns the only choice of one word with which a word of a short text has its stem in
// common: "rembourser" and "remboursement".
func byStem(q *tickets.Question, text string) (choice int, ok bool) {
	ws := lexicon.Words(text)
	if len(ws) == 0 || len(ws) > 4 || clause.TakesBack(text) ||
		slices.ContainsFunc(ws, func(w string) bool { return lexicon.Has("already", w) }) {
		return 0, false
	}
	found, n := 0, 0
	for i := range q.Choices {
		if slices.ContainsFunc(namesOf(&q.Choices[i]), func(name string) bool {
			return slices.ContainsFunc(ws, func(w string) bool { return sameStem(w, name) })
		}) {
			found = i
			n++
		}
	}
	return found, n == 1
}

// sameStem reports whether two words differ in their endings alone, as a verb and its noun do.
func sameStem(a, b string) bool {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	for ; n >= 6; n-- {
		if (n == len(a) || lexicon.Has("ending", a[n:])) && (n == len(b) || lexicon.Has("ending", b[n:])) {
			return true
		}
	}
	return false
}

// scattered returns the only choice of several words that all stand in a short text, in any order:
// "with the app on the phone" for "phone app".
func scattered(q *tickets.Question, text string) (choice int, ok bool) {
	ws := lexicon.Words(text)
	if len(ws) > 7 || clause.TakesBack(text) {
		return 0, false
	}
	found, n := 0, 0
	for i := range q.Choices {
		want := lexicon.Words(q.Choices[i].Value)
		if len(want) > 1 && !clause.HasNegation(want) && lexicon.EachMatches(want, ws, func(a, b string) bool { return a == b }) {
			found = i
			n++
		}
	}
	return found, n == 1
}

// byInitials returns the only choice of several words whose initials a text is: "NY".
func byInitials(q *tickets.Question, text string) (choice int, ok bool) {
	text = strings.ReplaceAll(strings.Trim(text, " .!"), ".", "")
	if len(text) < 2 || strings.ToUpper(text) != text {
		return 0, false
	}
	found, n := 0, 0
	for i := range q.Choices {
		initials := ""
		for _, w := range strings.Fields(q.Choices[i].Value) {
			initials += string([]rune(w)[:1])
		}
		if strings.EqualFold(initials, text) {
			found = i
			n++
		}
	}
	return found, n == 1
}

// core returns words without those that only point at somebody, with one word for all negations.
func core(ws []string) []string {
	var out []string
	for _, w := range ws {
		switch {
		case lexicon.Has("negation", w):
			out = append(out, "not")
		case !lexicon.Has("pronoun", w) && !lexicon.Has("stop", w):
			out = append(out, w)
		}
	}
	return out
}

// umlauts are written so where a keyboard has none.
var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "å", "aa", "ø", "oe")

// holdsChoice reports whether a text has the words of a choice in it, in a row, as they are or in
// another form.
func holdsChoice(text, choice string) bool {
	have, want := strings.Fields(text), strings.Fields(choice)
	for i := 0; len(want) > 0 && i+len(want) <= len(have); i++ {
		if slices.EqualFunc(have[i:i+len(want)], want, sameChoice) {
			return true
		}
	}
	return false
}

// sameChoice reports whether two folded words are forms of one in another number, case or gender,
// or long ones with a slip: a trainer is no train, a cashier no cash.
func sameChoice(a, b string) bool {
	if a == b || !lexicon.Alike(a, b) {
		return a == b
	}
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] {
		same++
	}
	return endings().MatchString(a[same:]) && endings().MatchString(b[same:]) || len(a) >= longWord && lexicon.Slip(a, b, 1)
}

// longWord is how long a word is at least that a slip makes no other word.
const longWord = 7

var endings = lexicon.Pattern(`^(?:[aeionsymxr]?|[aeior]s|e[nmrs]|ne|nen|ies|se|ses|te|ten)$`)

// refuses reports whether a text has a negation that does not belong to the choice.
func refuses(text string, names []string) bool {
	for _, w := range strings.Fields(text) {
		if clause.Denies(w) && !slices.ContainsFunc(names, func(n string) bool { return slices.Contains(strings.Fields(n), w) }) {
			return true
		}
	}
	return false
}

// maxChosen is how many words a text has at most whose first clause names a choice.
const maxChosen = 120

// changesAnswer reports whether what stands in brackets behind a choice may make it another one.
func changesAnswer(q *tickets.Question, in string) bool {
	ws := lexicon.Words(in)
	return CountNamed(q, in) == 0 && len(ByOtherName(q, in)) == 0 || len(ws) < minRemark || lexicon.HasAny(ws, "instead") ||
		slices.ContainsFunc(clause.Of(in), func(c clause.Clause) bool { return yesno.Head(c.Text) != "" })
}

// minRemark is how many words a remark has at least that names another choice only to tell of it.
const minRemark = 4

// CountNamed counts the choices that a text names.
func CountNamed(question *tickets.Question, text string) int {
	n := 0
	text = withLengths(question, text)
	for _, c := range question.Choices {
		said := lexicon.WithoutElision(lexicon.Plain(lexicon.WithoutAddresses(text)))
		if slices.ContainsFunc(namesOf(&c), func(name string) bool { return holdsChoice(said, name) }) {
			n++
		}
	}
	return n
}
