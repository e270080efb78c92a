package answers

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/rules/fault"
	"tierdesk/tickets"
)

// namesOf returns the names of a choice, folded: its value, what is shown for it, and how it is
// written where a keyboard has no umlauts.
func namesOf(c *tickets.Choice) []string {
	out := []string{plain(c.Value)}
	for _, shown := range c.Shown {
		out = append(out, plain(shown))
	}
	if spelled := plain(umlauts.Replace(strings.ToLower(c.Value))); spelled != out[0] {
		out = append(out, spelled)
	}
	return out
}

// exactly returns the choice that a text is, -1 for none: sign by sign, or else by its words, if
// they are those of one choice alone.
func exactly(q *tickets.Question, text string) int {
	same := func(shown string) bool { return strings.EqualFold(tidy(shown), strings.TrimRight(text, " .!,;")) }
	found, n := -1, 0
	for i := range q.Choices {
		c := &q.Choices[i]
		if same(c.Value) || slices.ContainsFunc(slices.Collect(maps.Values(c.Shown)), same) {
			return i
		}
		if p := plain(text); p != "" && slices.Contains(namesOf(c), p) {
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
	for _, m := range telling().FindAllStringSubmatch(arrows.Replace(text), -1) {
		out += strings.Join(strings.Fields(m[1]+m[2]+m[3]), "")
	}
	return out
}

var (
	telling = pattern(`([<>≤≥±]+\s*)[\d.]|[\pL\d]([+#]+)|(?:^|\s)([-−+])\d`)
	arrows  = strings.NewReplacer("->", " ", "=>", " ", "<-", " ", "<=", "≤", ">=", "≥")
)

// choiceIn returns the only choice that a text names.
func choiceIn(q *tickets.Question, text string) (string, reading) {
	if i := exactly(q, text); i >= 0 && !strings.ContainsAny(text, "?¿") {
		return q.Choices[i].Value, clear
	}
	text = withoutRemark(q, text)
	if n, ok := monthsOf(q, text); ok {
		text = n
	}
	v, how := choiceNamed(q, text)
	if how != clear {
		v, how = choiceFirst(q, text)
	}
	if how == clear && slices.ContainsFunc(q.Choices, func(c tickets.Choice) bool { return c.Value == v && otherSigns(&c, text) }) {
		return "", unclear
	}
	return v, how
}

// monthsOf returns in months what a text says in years to a question for how many months, each of
// whose choices is a number: "3 years", "un an".
func monthsOf(q *tickets.Question, text string) (months string, ok bool) {
	asks := func(group int) bool {
		return slices.ContainsFunc(words(joined(q.Ask)), func(w string) bool { return known()["span"][w] == group })
	}
	ws := compounds(words(text))
	if !asks(spanMonths) || asks(spanYears) || len(ws) > maxSlips || takenBack(text) ||
		slices.ContainsFunc(q.Choices, func(c tickets.Choice) bool {
			return strings.Trim(c.Value, "0123456789") != ""
		}) {
		return "", false
	}
	for i, w := range ws {
		n, named := numberNamed(w)
		if digits := strings.Trim(w, "0123456789") == "" && len(w) < 3; digits {
			n, named = atoi(w), true
		}
		next := ""
		if i+1 < len(ws) {
			next = ws[i+1]
		}
		switch {
		case named && known()["span"][next] == spanYears && months == "":
			months = itoa(12 * n)
		case named && n != 1 || hasDigit(w), known().has("range", w), known().startsWith("half", strings.Join(ws[i:], " ")):
			return "", false
		}
	}
	return months, months != ""
}

// Groups of the words for lengths of time.
const (
	spanMonths = 5
	spanYears  = 6
)

// choiceFirst returns the choice that the first clause of a text names, if those behind it only
// tell more of it: "wrong one, I got a 42 instead of a 40", "Utrecht (before that Berlin)".
func choiceFirst(q *tickets.Question, text string) (string, reading) {
	parts := clausesOf(text)
	if len(parts) < 2 || doubtful(text) || len(words(text)) > maxProse {
		return "", unclear
	}
	v, how := choiceNamed(q, parts[0].text)
	if how != clear {
		return "", unclear
	}
	for _, part := range parts[1:] {
		ws := strings.Fields(part.text)
		if known().has("beforethat", ws[0]) {
			continue
		}
		others := otherwise(q, part.text)
		if names(q, mended(q, part.text)) > 0 || len(others) > 1 || len(others) == 1 && q.Choices[others[0]].Value != v ||
			slices.ContainsFunc(ws, denies) || known().has("either", ws[0]) || known().phraseIn("correction", part.text) ||
			len(ws) < 3 && (excepts("except", part.text, nil) || excepts("before", part.text, nil)) {
			return "", unclear
		}
	}
	return v, clear
}

// choiceNamed returns the only choice that the words of a text name.
func choiceNamed(q *tickets.Question, text string) (string, reading) {
	p := mended(q, plain(text))
	if bare := elided().ReplaceAllString(p, ""); names(q, p) > 0 &&
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
	said := otherwise(q, p)
	if len(found) == 1 && slices.ContainsFunc(said, func(i int) bool { return i != found[0] }) {
		return "", unclear // "running with restrictions"
	}
	if len(found) == 2 {
		found = onlyOne(q, p, found)
	}
	if len(found) == 0 && len(said) == 1 && len(words(text)) <= maxSlips && onlyThings(text) { // not "the neighbour's cellar"
		if takenBack(text) || known().phraseIn("either", text) {
			return "", unclear
		}
		return q.Choices[said[0]].Value, clear
	}
	if len(found) == 0 {
		for _, find := range []func(*tickets.Question, string) (int, bool){partly, byPlace, byStem, byInitials, scattered} {
			if i, ok := find(q, text); ok {
				return q.Choices[i].Value, clear
			}
		}
	}
	if len(found) != 1 {
		return near(q, p)
	}
	theirs := namesOf(&q.Choices[found[0]])
	if besideOr(p, theirs) {
		return "", unclear
	}
	if refuses(p, theirs) || excepts("except", p, theirs) || excepts("before", p, theirs) || doubtful(text) {
		return "", unclear
	}
	return q.Choices[found[0]].Value, clear
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
			return slices.ContainsFunc(namesOf(&q.Choices[i]), func(name string) bool { return alike(w, name) })
		})
	}
	a, b := at(found[0]), at(found[1])
	if a > b {
		a, b, found = b, a, []int{found[1], found[0]}
	}
	if a < 0 || b-a < 2 || b-a > 3 || !known().has("only", ws[a+1]) || slices.ContainsFunc(ws[a+2:b], func(w string) bool {
		return !known().has("filler", w) && !known().has("stop", w)
	}) {
		return found
	}
	return found[1:]
}

// partly returns the only choice that a short text names in part: with words cut off by a full
// stop, by a word that no other choice has, or with other small words beside its negation.
func partly(q *tickets.Question, text string) (choice int, ok bool) {
	raw := strings.Fields(fold(text))
	ws := slices.DeleteFunc(words(text), func(w string) bool { return known().has("filler", w) })
	if len(ws) == 0 || len(ws) > 6 || doubtful(without(plain(text))) || strings.ContainsAny(text, "?¿") {
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
			case len(ws) == 1 && len(want) > 1 && len(ws[0]) >= 4 && !known().has("negation", ws[0]) && !known().has("stop", ws[0]) &&
				!negated(want) && (ws[0] == want[0] || slices.Contains(want, ws[0]) && capitalised(q.Choices[i].Value, ws[0])):
				found[i] = true
			case negated(want) && slices.EqualFunc(core(words(without(plain(text)))), core(want), alike):
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
		return plain(w) == word && unicode.IsUpper(first)
	})
}

// besideOr reports whether an "or" stands before or behind the words of a choice: the other thing
// may be no choice by its full name.
func besideOr(text string, names []string) bool {
	ws := strings.Fields(text)
	for _, name := range names {
		want := strings.Fields(name)
		for i := 0; len(want) > 0 && i+len(want) <= len(ws); i++ {
			if !slices.EqualFunc(ws[i:i+len(want)], want, alike) {
				continue
			}
			end := i + len(want)
			if i > 0 && known().has("either", ws[i-1]) || end < len(ws) && ws[end] != "of" && known().has("either", ws[end]) {
				return true
			}
		}
	}
	return false
}

// byPlace returns the choice that a text names by its place, if it says nothing else: "the first
// one", "option 2".
func byPlace(q *tickets.Question, text string) (choice int, ok bool) {
	ws := words(text)
	for len(ws) > 1 && known().has("determiner", ws[0]) {
		ws = ws[1:]
	}
	if len(ws) == 2 && known().has("optionword", ws[0]) && len(ws[1]) == 1 && ws[1][0] >= '1' && ws[1][0] <= '9' {
		n := atoi(ws[1])
		return n - 1, n <= len(q.Choices)
	}
	if len(ws) == 2 && known().has("optionword", ws[1]) {
		ws = ws[:1]
	}
	if len(ws) != 1 {
		return 0, false
	}
	n := known()["place"][ws[0]]
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
	ws := words(text)
	if len(ws) == 0 || len(ws) > 4 || takenBack(text) || slices.ContainsFunc(ws, func(w string) bool { return known().has("already", w) }) {
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
		if (n == len(a) || known().has("ending", a[n:])) && (n == len(b) || known().has("ending", b[n:])) {
			return true
		}
	}
	return false
}

// scattered returns the only choice of several words that all stand in a short text, in any order:
// "with the app on the phone" for "phone app".
func scattered(q *tickets.Question, text string) (choice int, ok bool) {
	ws := words(text)
	if len(ws) > 7 || takenBack(text) {
		return 0, false
	}
	found, n := 0, 0
	for i := range q.Choices {
		want := words(q.Choices[i].Value)
		if len(want) > 1 && !negated(want) && all(want, ws, func(a, b string) bool { return a == b }) {
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

// takenBack reports whether a text doubts or denies what it names, or speaks of what was.
func takenBack(text string) bool {
	p := plain(text)
	return doubtful(text) || negated(strings.Fields(p)) || excepts("except", p, nil) || excepts("before", p, nil)
}

func negated(ws []string) bool {
	return slices.ContainsFunc(ws, func(w string) bool { return known().has("negation", w) })
}

// core returns words without those that only point at somebody, with one word for all negations.
func core(ws []string) []string {
	var out []string
	for _, w := range ws {
		switch {
		case known().has("negation", w):
			out = append(out, "not")
		case !known().has("pronoun", w) && !known().has("stop", w):
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
		if slices.EqualFunc(have[i:i+len(want)], want, alike) {
			return true
		}
	}
	return false
}

// refuses reports whether a text has a negation that does not belong to the choice.
func refuses(text string, names []string) bool {
	for _, w := range strings.Fields(text) {
		if denies(w) && !slices.ContainsFunc(names, func(n string) bool { return slices.Contains(strings.Fields(n), w) }) {
			return true
		}
	}
	return false
}

// excepts reports whether a text takes a choice out, or speaks of what was: "anything but Linux".
func excepts(section, text string, names []string) bool {
	text = elided().ReplaceAllString(text, "")
	for phrase := range known()[section] {
		if strings.Contains(" "+text+" ", " "+phrase+" ") &&
			!slices.ContainsFunc(names, func(n string) bool { return strings.Contains(" "+n+" ", " "+phrase+" ") }) {
			return true
		}
	}
	return false
}

// near returns the only choice from which a short text is no more than a slip of the fingers away.
func near(q *tickets.Question, p string) (string, reading) {
	found, n := -1, 0
	for i := range q.Choices {
		for _, name := range namesOf(&q.Choices[i]) {
			if found != i && slipped(p, name) {
				found = i
				n++
			}
		}
	}
	if n == 0 {
		return nearThing(q, p)
	}
	if n != 1 {
		return "", unclear
	}
	return q.Choices[found].Value, clear
}

// nearThing returns the choice whose other name a word is a slip of: "labtop" where the choice is
// "Notebook".
func nearThing(q *tickets.Question, p string) (string, reading) {
	if _, is := things()[p]; is || len(p) < minThing || strings.Contains(p, " ") {
		return "", unclear
	}
	said := ""
	for phrase := range things() {
		if strings.Contains(phrase, " ") || hasDigit(p+phrase) || !slip(p, phrase, 1) {
			continue
		}
		meant := otherwise(q, phrase)
		if len(meant) != 1 || said != "" && q.Choices[meant[0]].Value != said {
			return "", unclear // of something else, perhaps
		}
		said = q.Choices[meant[0]].Value
	}
	if said == "" {
		return "", unclear
	}
	return said, clear
}

// minThing is how long a word is at least that may be a slip of what is called otherwise.
const minThing = 6

// slipped reports whether a text is a name with slips of the fingers. They happen in words of
// letters, and a blank may be too many or left out; another number is another thing.
func slipped(text, name string) bool {
	have, want := strings.Fields(elided().ReplaceAllString(text, "")), strings.Fields(elided().ReplaceAllString(name, ""))
	if len(have) != len(want) {
		return !hasDigit(text+name) && slip(text, name, 1)
	}
	for i := range want {
		if have[i] != want[i] && (hasDigit(have[i]+want[i]) || !slip(have[i], want[i], 2)) {
			return false
		}
	}
	return true
}

var elided = pattern(`\b[dl]'`) // "bon achat" for "bon d'achat"

// slip reports whether a word is a slip away from another: a letter in four, two in eight at most.
func slip(have, want string, most int) bool {
	limit := min(most, utf8.RuneCountInString(want)/4)
	return limit > 0 && fault.Distance(have, want) <= limit && (have[0] == want[0] || beginsSlipped(have, want))
}

// beginsSlipped reports whether the first letter of a word is a slip: the key beside the right one,
// or two letters that changed places. "Assen" is another town than "Essen", "Minux" is none.
func beginsSlipped(have, want string) bool {
	if len(have) != len(want) || len(want) < 2 {
		return false
	}
	if have[1:] == want[1:] {
		return beside(have[0], want[0])
	}
	return have[0] == want[1] && have[1] == want[0] && have[2:] == want[2:]
}

// keyboards are the rows of keys that have letters, in half keys from the left.
var keyboards = [][]string{
	{"q w e r t y u i o p", " a s d f g h j k l", "   z x c v b n m"},
	{"q w e r t z u i o p", " a s d f g h j k l", "   y x c v b n m"},
	{"a z e r t y u i o p", " q s d f g h j k l m", "   w x c v b n"},
}

// beside reports whether two keys are next to each other on some keyboard.
func beside(a, b byte) bool {
	for _, rows := range keyboards {
		for i, row := range rows {
			at := strings.IndexByte(row, a)
			if at < 0 {
				continue
			}
			for _, other := range rows[max(0, i-1):min(len(rows), i+2)] {
				if n := strings.IndexByte(other, b); n >= 0 && max(n-at, at-n) <= 2 {
					return true
				}
			}
		}
	}
	return false
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }
