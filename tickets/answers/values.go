package answers

import (
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tierdesk/tickets"
)

// reading is what a stretch of text says to a question.
type reading int

const (
	silent  reading = iota // nothing: empty, "I don't know"
	unclear                // something, but not what the question wants
	clear
)

// value reads an answer to a question: the text that was written as the answer, and nothing else.
func value(q *tickets.Question, text string, w When) (string, reading) {
	text = tidy(text)
	if text == "" {
		return "", silent
	}
	p := plain(text)
	if q.Kind == tickets.AskChoice {
		if i := exactly(q, p); i >= 0 { // "open" may be one of the choices, and no wish to answer later
			return q.Choices[i].Value, clear
		}
	}
	if known().has("unknown", p) || known().has("unknown", without(p)) || known().has("unknown", strings.TrimSpace(text)) || leads(text,
		"unknown") && q.Kind != tickets.AskText {
		return "", silent
	}
	if p == "" && q.Kind != tickets.AskYesNo { // "-"
		return "", silent
	}
	if q.Kind == tickets.AskYesNo || q.Kind == tickets.AskChoice {
		ticked, boxes := tickedIn(text)
		if boxes && ticked == "" {
			return "", unclear
		}
		if boxes {
			text = ticked
		}
	}
	w.past = q.Kind == tickets.AskDate && known().phraseIn("past", joined(q.Ask))
	w.until = slices.ContainsFunc(words(joined(q.Ask)), func(w string) bool { return known().has("shift", w) })
	switch q.Kind {
	case tickets.AskNumber:
		if onlyMe(q, text) {
			return "1", clear
		}
		if namesAPlace(q, text) {
			return "", unclear
		}
		return numberIn(text, w)
	case tickets.AskYesNo:
		return yesNoTo(q, text)
	case tickets.AskChoice:
		return choiceIn(q, text)
	case tickets.AskDate:
		return dateIn(text, w)
	case tickets.AskEmail:
		return emailIn(text)
	}
	if known().has("notapplicable", p) || known().has("notapplicable", strings.ToLower(text)) || leads(text, "unknown") &&
		len(words(text)) <= 8 {
		return "", silent
	}
	if strings.HasSuffix(text, "?") || strings.HasPrefix(text, "¿") {
		return "", unclear // a question back
	}
	if asked := words(joined(q.Ask)); len(words(text)) > 5 && known().phraseIn("severalare", firstWords(text, 4)) &&
		slices.ContainsFunc(asked, func(w string) bool { return known().has("identifier", w) }) {
		return "", unclear // of one thing that has a name they have two
	}
	return textOf(text), clear
}

// firstWords returns the beginning of a text.
func firstWords(text string, n int) string {
	ws := strings.Fields(text)
	return strings.Join(ws[:min(n, len(ws))], " ")
}

var (
	ticked   = pattern(`\[ ?[xX✓✔] ?\]|\( ?[xX] ?\)|☑|☒|✅`)
	unticked = pattern(`\[ *\]|\( *\)|☐|□`)
)

// tickedIn returns what stands at the only box that is ticked, and whether there are boxes.
func tickedIn(text string) (label string, boxes bool) {
	yes, no := ticked().FindAllStringIndex(text, -1), unticked().FindAllStringIndex(text, -1)
	if len(yes)+len(no) < 2 && (len(yes) == 0 || strings.Trim(text, " \t") == text[yes[0][0]:yes[0][1]]) {
		return "", false
	}
	if len(yes) != 1 {
		return "", true
	}
	all := slices.SortedFunc(slices.Values(append(no, yes[0])), func(a, b []int) int { return a[0] - b[0] })
	at := slices.IndexFunc(all, func(m []int) bool { return m[0] == yes[0][0] })
	if all[0][0] <= len(text)-len(strings.TrimLeft(text, " \t")) { // the boxes stand before their words
		end := len(text)
		if at+1 < len(all) {
			end = all[at+1][0]
		}
		return strings.Trim(text[all[at][1]:end], " \t\n,;/|"), true
	}
	start := 0
	if at > 0 {
		start = all[at-1][1]
	}
	return strings.Trim(text[start:all[at][0]], " \t\n,;/|"), true
}

// maxText is how much of an answer in free words is kept; all of it stands in the mail.
const maxText = 2000

// textOf returns a text as a field holds it: without the quotes around it, and without the full
// stop behind a few words that make no sentence.
func textOf(s string) string {
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "") + " …"
	}
	for _, pair := range []string{`""`, "“”", "„“", "«»", "''", "‚‘", "»«"} {
		open, size := utf8.DecodeRuneInString(pair)
		if inner, ok := strings.CutPrefix(s, string(open)); ok && strings.HasSuffix(inner, pair[size:]) &&
			!strings.Contains(inner[:len(inner)-len(pair[size:])], string(open)) {
			return strings.TrimSpace(strings.TrimSuffix(inner, pair[size:]))
		}
	}
	if strings.Count(s, ".") == 1 && !strings.Contains(s, "\n") && len(strings.Fields(s)) <= 6 {
		s = strings.TrimSuffix(s, ".")
	}
	return s
}

// tidy takes off what people and mail programs put around an answer: stars, arrows, blanks.
func tidy(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(strings.ReplaceAll(l, "\u00a0", " "))
	}
	s = strings.TrimSpace(strings.Join(lines, "\n"))
	for {
		before := s
		for _, mark := range []string{"->", "=>", "-->", "==>", "→", "⇒", ">>", "»", "•", "·", "*", "=", ":", "–", "—", "|", "✓"} {
			if rest, ok := strings.CutPrefix(s, mark); ok && strings.TrimSpace(rest) != "" && mark != "»" {
				s = strings.TrimSpace(rest)
			}
		}
		if rest, ok := strings.CutPrefix(s, "- "); ok {
			s = strings.TrimSpace(rest)
		}
		for _, mark := range []string{"*", "|", "<-", "←"} {
			if rest, ok := strings.CutSuffix(s, mark); ok {
				s = strings.TrimSpace(rest)
			}
		}
		if s == before {
			return s
		}
	}
}

// leads reports whether a text begins with a phrase of a section, as a sentence or a part of one.
func leads(text, section string) bool {
	first := text
	if i := strings.IndexAny(text, ".,;:!\n–—("); i >= 0 {
		first = text[:i]
	}
	return known().has(section, plain(first))
}

// emailIn returns the only address in a text.
func emailIn(text string) (string, reading) {
	found := addresses(text)
	if len(found) != 1 {
		return "", unclear
	}
	around := addressLike().ReplaceAllString(text, " ")
	if slices.ContainsFunc(words(around), denies) || known().phraseIn("except", around) || known().phraseIn("maybe", around) ||
		strings.ContainsAny(around, "?¿") {
		return "", unclear // "not this one"
	}
	return found[0], clear
}

var addressLike = pattern(`[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)

// addresses returns the different addresses in a text.
func addresses(text string) []string {
	var out []string
	for _, s := range addressLike().FindAllString(text, -1) {
		a, err := mail.ParseAddress(s)
		if err == nil && !slices.ContainsFunc(out, func(o string) bool { return strings.EqualFold(o, a.Address) }) {
			out = append(out, a.Address)
		}
	}
	return out
}

// Yes and No are the values of answers to a yes or no.
const (
	Yes = "yes"
	No  = "no"
)

// yesNoTo returns what a text says to a question: a yes or no, or the words of the question said
// again, with a negation for a no: "not needed".
func yesNoTo(q *tickets.Question, text string) (string, reading) {
	if i := strings.LastIndexAny(text, "?"); i >= 0 && len(words(text[i+1:])) > 0 {
		text = strings.TrimSpace(text[i+1:]) // they asked themselves
		if len(words(text)) > 1 && known().has("opener", words(text)[0]) {
			text = strings.TrimSpace(strings.Join(strings.Fields(text)[1:], " "))
		}
	}
	asked := content(joined(q.Ask))
	said, torn := yesNoIn(text, asked)
	switch {
	case said != "":
		return said, clear
	case torn || len(words(text)) > 6:
		return "", unclear
	}
	if first, last, ok := strings.Cut(text, ","); ok && !strings.Contains(last, ",") && wholly(plain(first)) == "" {
		if said := wholly(plain(last)); said != "" {
			if echo, r := yesNoTo(q, first); r == clear && echo == Yes {
				return said, clear // "via cable, yes"
			}
		}
	}
	denied, echoed := false, 0
	for _, w := range strings.FieldsFunc(plain(text), func(r rune) bool { return r == ' ' || r == '\'' }) {
		switch {
		case known().has("negation", w):
			denied = true
		case slices.ContainsFunc(asked, func(a string) bool { return means(a, w) }):
			echoed++
		case !known().has("stop", w) && !known().has("filler", w) && len(w) > 1 && !slices.Contains(words(joined(q.Ask)), w):
			return "", unclear
		}
	}
	switch {
	case echoed == 0 || slices.ContainsFunc(words(joined(q.Ask)), func(w string) bool { return known().has("negation", w) }):
		return "", unclear
	case denied:
		return No, clear
	}
	return Yes, clear
}

// yesNoIn returns what a text says to a yes or no: by its first words. A maybe is neither, nor is a
// text that says both: those it reports as torn, and no word of the question makes them clear.
func yesNoIn(text string, asked []string) (said string, torn bool) {
	switch strings.TrimSpace(text) {
	case "👍", "✅", "✔", "✔️", "☑", "+", "[x]", "[X]", "✓":
		return Yes, false
	case "👎", "❌", "✗", "✘", "[ ]", "-":
		return No, false
	}
	if known().phraseIn("maybe", text) || strings.ContainsAny(text, "?¿") {
		return "", true
	}
	if said = wholly(plain(text)); said != "" {
		return said, false
	}
	parts := clausesOf(text)
	if len(parts) == 0 {
		return "", false
	}
	if said, torn = clauseSays(parts[0].text, asked); said == "" {
		return "", torn
	}
	for _, part := range parts[1:] {
		if contradicts(said, part, asked) {
			return "", true
		}
	}
	if said == No && known().startsWith("nonesuch", text) || said == Yes && known().phraseIn("notdone", text) {
		return "", true
	}
	return said, false
}

// clause is a part of a text between two stops.
type clause struct {
	text   string
	opened bool // it belongs to the first sentence
}

var clauseEnds = pattern(`[.!\n]+|[,;:–—()]| - `)

// clausesOf returns the parts of a text, without the words that join them.
func clausesOf(text string) []clause {
	var out []clause
	opened := true
	add := func(part string) {
		ws := words(part)
		for at := len(ws) - 1; at > 0; at-- { // "yes but not yet"
			if known().has("but", ws[at]) {
				out = append(out, clause{strings.Join(ws[:at], " "), opened})
				ws = ws[at:]
				break
			}
		}
		for len(ws) > 1 && known().has("but", ws[0]) {
			ws = ws[1:]
		}
		if len(ws) > 0 {
			out = append(out, clause{strings.Join(ws, " "), opened})
		}
	}
	from := 0
	for _, m := range clauseEnds().FindAllStringIndex(text, -1) {
		add(text[from:m[0]])
		if from = m[1]; len(out) > 0 && strings.ContainsAny(text[m[0]:m[1]], ".!\n") {
			opened = false
		}
	}
	add(text[from:])
	return out
}

// wholly returns the yes or no that a plain phrase is, if it is nothing else.
func wholly(p string) string {
	for _, part := range []string{p, without(p)} {
		yes := known().has("yes", part) || known().has("yesalone", part)
		no := known().has("no", part) || known().has("noalone", part)
		switch {
		case yes && !no:
			return Yes
		case no && !yes:
			return No
		}
	}
	return ""
}

// clauseSays returns what a clause says by its beginning. "I have" and "right" are a yes only if
// nothing follows but words that add nothing: "I have a question" and "right now" are none.
func clauseSays(p string, asked []string) (said string, torn bool) {
	if said = wholly(p); said != "" {
		return said, false
	}
	ws := strings.Fields(p)
	for n := min(len(ws), 4); n > 0; n-- {
		head, rest := strings.Join(ws[:n], " "), ws[n:]
		if said = wholly(head); said == "" {
			continue
		}
		alone := known().has("yesalone", head) || known().has("noalone", head)
		if alone && !slices.ContainsFunc(rest, denies) && slices.ContainsFunc(rest, addsSomething) &&
			wholly(strings.Join(rest, " ")) != said {
			return "", false
		}
		switch {
		case said == Yes && slices.ContainsFunc(rest, denies),
			said == Yes && oneOf(rest, "no", "nein", "non", "nee", "nope"),
			said == No && oneOf(rest, "yes", "ja", "oui", "yep", "doch"),
			said == No && known().has("particle", head) && asserts(rest, asked):
			return "", true
		}
		return said, false
	}
	return "", false
}

// addsSomething reports whether a word behind a yes or no says more than that.
func addsSomething(w string) bool {
	return !known().has("filler", w) && !known().has("already", w) && !known().has("pronoun", w)
}

// denies reports whether a word takes away what is said.
func denies(w string) bool {
	return w != "noch" && w != "ne" && known().has("negation", w) || strings.HasSuffix(w, "n't")
}

// contradicts reports whether a later clause takes away a yes or no.
func contradicts(said string, part clause, asked []string) bool {
	ws := strings.Fields(part.text)
	if said == No {
		return wholly(part.text) == Yes || oneOf(ws, "yes", "ja", "oui", "yep", "doch") || asserts(ws, asked)
	}
	return wholly(part.text) == No || oneOf(ws, "nein", "nope") ||
		slices.ContainsFunc(ws, denies) && (part.opened || len(ws) <= 4) && deniesTheAnswer(ws, asked)
}

// deniesTheAnswer reports whether words with a negation take back what was answered, and do not
// only add something about it: "we couldn't", but not "no success" or "not in its box".
func deniesTheAnswer(ws, asked []string) bool {
	has := func(section string) bool {
		return slices.ContainsFunc(ws, func(w string) bool { return known().has(section, w) })
	}
	if has("effect") {
		return false
	}
	adds := slices.ContainsFunc(ws, func(w string) bool { return !denies(w) && addsSomething(w) && !known().has("stop", w) })
	return !adds || has("ourselves") || has("yet") || echoes(ws, asked)
}

// echoes reports whether words say those of a question again.
func echoes(ws, asked []string) bool {
	return slices.ContainsFunc(ws, func(w string) bool {
		return slices.ContainsFunc(asked, func(a string) bool { return means(a, w) })
	})
}

// asserts reports whether words say that something was done: "I did it twice", "already restarted".
func asserts(ws, asked []string) bool {
	if len(ws) == 0 || slices.ContainsFunc(ws, denies) {
		return false
	}
	if wholly(strings.Join(ws, " ")) == Yes || slices.ContainsFunc(ws, func(w string) bool { return known().has("already", w) }) {
		return true
	}
	return echoes(ws, asked) && known().has("ourselves", ws[0])
}

func oneOf(ws []string, these ...string) bool {
	return slices.ContainsFunc(ws, func(w string) bool { return slices.Contains(these, w) })
}

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

// exactly returns the choice that a plain text is, -1 for none.
func exactly(q *tickets.Question, p string) int {
	return slices.IndexFunc(q.Choices, func(c tickets.Choice) bool { return slices.Contains(namesOf(&c), p) })
}

// choiceIn returns the only choice that a text names.
func choiceIn(q *tickets.Question, text string) (string, reading) {
	p := plain(text)
	if i := exactly(q, p); i >= 0 {
		return q.Choices[i].Value, clear
	}
	names := namesOf
	var found []int
	for i := range q.Choices {
		if slices.ContainsFunc(names(&q.Choices[i]), func(n string) bool { return holdsChoice(p, n) }) {
			found = append(found, i)
		}
	}
	// "not urgent" names "urgent" too: the longer one is meant.
	found = slices.DeleteFunc(found, func(i int) bool {
		return slices.ContainsFunc(found, func(j int) bool {
			return i != j && slices.ContainsFunc(names(&q.Choices[j]), func(long string) bool {
				return holdsChoice(p, long) && slices.ContainsFunc(names(&q.Choices[i]),
					func(short string) bool { return short != long && strings.Contains(" "+long+" ", " "+short+" ") })
			})
		})
	})
	if len(found) == 0 {
		if i, ok := partly(q, text, names); ok {
			return q.Choices[i].Value, clear
		}
	}
	if len(found) != 1 {
		return near(q, p, names)
	}
	theirs := names(&q.Choices[found[0]])
	if refuses(p, theirs) || excepts(p, theirs) || known().phraseIn("maybe", text) || strings.ContainsAny(text, "?¿") {
		return "", unclear
	}
	return q.Choices[found[0]].Value, clear
}

// partly returns the only choice that a short text names in part: with words cut off by a full
// stop, by a word that no other choice has, or with other small words beside its negation.
func partly(q *tickets.Question, text string, names func(*tickets.Choice) []string) (choice int, ok bool) {
	raw := strings.Fields(fold(text))
	ws := slices.DeleteFunc(words(text), func(w string) bool { return known().has("filler", w) })
	if len(ws) == 0 || len(ws) > 6 || known().phraseIn("maybe", text) || strings.ContainsAny(text, "?¿") {
		return 0, false
	}
	found := map[int]bool{}
	for i := range q.Choices {
		for _, name := range names(&q.Choices[i]) {
			want := strings.Fields(name)
			switch {
			case slices.EqualFunc(raw, want, func(w, full string) bool {
				stem, short := strings.CutSuffix(w, ".")
				return w == full || stem == full || short && len(stem) >= 3 && strings.HasPrefix(full, stem)
			}):
				found[i] = true
			case len(ws) == 1 && len(want) > 1 && len(ws[0]) >= 4 && !known().has("negation", ws[0]) && !known().has("stop", ws[0]) &&
				slices.Contains(want, ws[0]):
				found[i] = true
			case negated(want) && slices.Equal(core(ws), core(want)):
				found[i] = true
			}
		}
	}
	for i := range found {
		return i, len(found) == 1
	}
	return 0, false
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
		if known().has("negation", w) && !slices.ContainsFunc(names, func(n string) bool { return slices.Contains(strings.Fields(n), w) }) {
			return true
		}
	}
	return false
}

// excepts reports whether a text takes a choice out, or speaks of what was: "anything but Linux".
func excepts(text string, names []string) bool {
	for phrase := range known()["except"] {
		if strings.Contains(" "+text+" ", " "+phrase+" ") &&
			!slices.ContainsFunc(names, func(n string) bool { return strings.Contains(" "+n+" ", " "+phrase+" ") }) {
			return true
		}
	}
	return false
}

// near returns the only choice from which a short text is no more than a slip of the fingers away.
func near(q *tickets.Question, p string, names func(*tickets.Choice) []string) (string, reading) {
	found, n := -1, 0
	for i := range q.Choices {
		for _, name := range names(&q.Choices[i]) {
			if found != i && slipped(p, name) {
				found = i
				n++
			}
		}
	}
	if n != 1 {
		return "", unclear
	}
	return q.Choices[found].Value, clear
}

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
	return limit > 0 && distance(have, want) <= limit
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// distance returns how many letters two words are apart; two that changed places count once.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, row := []int{}, make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		next := make([]int, len(y)+1)
		next[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			next[j+1] = min(row[j+1]+1, next[j]+1, row[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(y)]
}

var (
	brackets   = pattern(`\([^)]*\)`)
	inT        = pattern(`^\s?[Tt](?:€|$|[^\pL\pN])`) // 12 T€
	numberLike = pattern(`[-−+]?\d[\d.,'’ \x{00a0}\x{202f}]*`)
	thousands  = pattern(`^[kK](?:$|[^\pL\pN])`)
	grouped    = pattern(`^\d{1,3}([.,'’ ])\d{3}(?:[.,'’ ]\d{3})*$`)
)

// numberIn returns the only number in a text, written with a point.
func numberIn(text string, w When) (string, reading) {
	if known().phraseIn("maybe", text) || strings.ContainsAny(text, "?¿½¼¾⅓⅔") ||
		known().phraseIn("andme", brackets().ReplaceAllString(text, "")) {
		return "", unclear
	}
	found := numberLike().FindAllStringIndex(text, -1)
	if len(found) == 0 {
		return numberWord(text)
	}
	if len(found) != 1 {
		return "", unclear
	}
	at := found[0]
	digits := strings.TrimRight(text[at[0]:at[1]], " .,'’\u00a0\u202f")
	before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
	after, _ := utf8.DecodeRuneInString(text[at[0]+len(digits):])
	if known().startsWith("meand", text) {
		return "", unclear // they and two others: are they one of the two?
	}
	front, behind := text[:at[0]], text[at[0]+len(digits):]
	if changes(words(front), words(behind)) || known().has("scale", unit(behind)) || inT().MatchString(behind) || cutOff(front) ||
		longName(digits) {
		return "", unclear
	}
	if isLetter(before) || before == '-' || before == '/' || before == '#' ||
		isLetter(after) && unit(behind) == "" && !thousands().MatchString(behind) ||
		after == '/' || after == ':' || after == '-' && len(behind) > 1 && behind[1] >= '0' {
		return "", unclear // a part of something else: "X-4711", "10:30"
	}
	if thousands().MatchString(behind) {
		if n, how := decimal(digits, w.Language); how == clear && !strings.ContainsAny(n, ".-") && n != "0" {
			return n + "000", clear
		}
		return "", unclear
	}
	if known().phraseIn("scale", text) {
		return "", unclear // millions
	}
	if n, r := numberWord(strings.TrimSpace(text[:at[0]])); r == clear && n != "1" { // "two or 3"
		return "", unclear
	}
	n, how := decimal(digits, w.Language)
	if unit := firstWord(strings.ToLower(behind)); how == clear && unit != "k" && known().has("thousand", unit) {
		if strings.ContainsAny(n, ".-") || n == "0" {
			return "", unclear
		}
		n += "000"
	}
	return n, how
}

// changes reports whether the words around a number make it another one or none: "not 3", "none of
// the 5", "half of 20", "5 or six", "me and 2", "4 hundred".
func changes(front, behind []string) bool {
	if n := len(front); n > 0 {
		last := front[n-1]
		if denies(last) || known().has("myself", last) || n > 1 && known().has("join", last) && known().has("myself", front[n-2]) {
			return true
		}
	}
	said := " " + strings.Join(front, " ")
	for _, section := range []string{"except", "bound"} {
		for phrase := range known()[section] {
			if strings.HasSuffix(said, " "+phrase) {
				return true
			}
		}
	}
	for len(front) > 1 && !known().has("outof", front[len(front)-1]) && known().has("stop", front[len(front)-1]) {
		front = front[:len(front)-1] // of the
	}
	if n := len(front); n > 2 && known().has("outof", front[n-1]) && known().has("outof", front[n-2]) {
		front = front[:n-1] // van de
	}
	if n := len(front); n > 1 && known().has("outof", front[n-1]) {
		_, counted := numberNamed(front[n-2])
		if counted || known().has("part", front[n-2]) || denies(front[n-2]) {
			return true
		}
	}
	if len(behind) == 0 {
		return false
	}
	if n, ok := numberNamed(behind[0]); ok && n >= 100 || known().startsWith("half", strings.Join(behind, " ")) {
		return true
	}
	if len(behind) == 1 {
		return false
	}
	_, ok := numberNamed(behind[1])
	return ok && known().has("range", behind[0])
}

// cutOff reports whether a number goes on before its first digit: ".5".
func cutOff(front string) bool {
	rest := strings.TrimRight(front, ".,")
	return rest != front && (rest == "" || strings.HasSuffix(rest, " "))
}

// longName reports whether digits are a name and no count, such as those of a telephone.
func longName(digits string) bool {
	n := len(strings.TrimLeft(digits, "-−+"))
	return !strings.ContainsAny(digits, ".,'’ \u00a0\u202f") && (n > 8 || n > 3 && digits[0] == '0')
}

// namesAPlace reports whether the word before a number makes it a name: "room 12", if the question
// does not ask for that.
func namesAPlace(q *tickets.Question, text string) bool {
	at := strings.IndexAny(text, "0123456789")
	if at < 0 {
		return false
	}
	front := words(text[:at])
	if len(front) == 0 {
		return false
	}
	last := front[len(front)-1]
	return known().has("numbered", last) && !slices.Contains(words(joined(q.Ask)), last)
}

// onlyMe reports whether a text answers how many people it is about with its writer alone.
func onlyMe(q *tickets.Question, text string) bool {
	return len(words(text)) <= 8 && known().phraseIn("onlyme", text) && !strings.ContainsAny(text, "0123456789?") &&
		slices.ContainsFunc(words(joined(q.Ask)), func(w string) bool { return known().has("people", w) })
}

func isLetter(r rune) bool {
	return r != utf8.RuneError && strings.ToLower(string(r)) != strings.ToUpper(string(r))
}

// unit returns the short word right behind a number, as in "15kg" and "20mm".
func unit(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool { return !isLetter(r) })
	if end < 0 {
		end = len(s)
	}
	times := strings.EqualFold(strings.TrimSpace(s), "x") // 2x
	if u := strings.ToLower(s[:end]); times || len(u) <= 3 && !slices.Contains([]string{"k", "m", "x", "th", "st"}, u) {
		return u
	}
	return ""
}

// numberWord returns the number that is written out in a text of few words: "three laptops".
func numberWord(text string) (string, reading) {
	p := plain(text)
	if n, ok := known()["number"][p]; ok {
		return strconv.Itoa(n), clear
	}
	ws := compounds(strings.Fields(p))
	for len(ws) > 1 && known().has("only", ws[0]) {
		ws = ws[1:]
	}
	if len(ws) == 0 || len(ws) > 6 || slices.ContainsFunc(ws, func(w string) bool { return known().has("vague", w) }) {
		return "", unclear
	}
	said, count := "", 0
	for i, word := range ws {
		n, ok := numberNamed(word)
		if !ok && hundreds(word) || word == "k" || ok && (n != 1 || i == 0) && changes(ws[:i], ws[i+1:]) {
			return "", unclear
		}
		if !ok || n == 1 && i > 0 && !(word == "one" && ws[0] == "the") {
			continue
		}
		said = strconv.Itoa(n)
		count++
	}
	if count != 1 || known().phraseIn("scale", p) {
		return "", unclear
	}
	if slices.ContainsFunc(ws, func(w string) bool { return w != "k" && known().has("thousand", w) }) {
		said += "000"
	}
	return said, clear
}

// hundreds reports whether a word ends as those for hundreds do: "quinientos".
func hundreds(word string) bool {
	return slices.ContainsFunc([]string{"hundert", "hundred", "ientos", "ientas", "cento", "honderd"}, func(end string) bool {
		return strings.HasSuffix(word, end)
	})
}

// numberNamed returns the number that a folded word is: "twelve", "funfundzwanzig", "25".
func numberNamed(word string) (int, bool) {
	if n, ok := known()["number"][word]; ok {
		return n, true
	}
	if n, err := strconv.Atoi(word); err == nil && n > 20 && n < 100 { // of compounds
		return n, true
	}
	for _, and := range []string{"und", "en", ""} { // German, Dutch; Italian and Spanish put the tens first
		for i := 2; i+2 < len(word); i++ {
			one, behind, ok := known()["number"][word[:i]], word[i:], strings.HasPrefix(word[i:], and)
			two := known()["number"][strings.TrimPrefix(behind, and)]
			switch {
			case ok && and != "" && one > 0 && one < 10 && two >= 20 && two < 100 && two%10 == 0:
				return two + one, true
			case and == "" && one >= 20 && one < 100 && one%10 == 0 && two > 0 && two < 10:
				return one + two, true
			}
		}
	}
	return 0, false
}

// compounds returns words with the numbers of several words as one: "twenty five", "vingt et un",
// "treinta y cinco".
func compounds(ws []string) []string {
	var out []string
	for i := 0; i < len(ws); i++ {
		tens := known()["number"][ws[i]]
		next := i + 1
		if next+1 < len(ws) && (ws[next] == "et" || ws[next] == "y") {
			next++
		}
		if tens >= 20 && tens < 100 && tens%10 == 0 && next < len(ws) {
			if ones := known()["number"][ws[next]]; ones > 0 && ones < 10 && !(ones == 1 && len(ws[next]) == 1) {
				out = append(out, strconv.Itoa(tens+ones))
				i = next
				continue
			}
		}
		out = append(out, ws[i])
	}
	return out
}

// decimal returns a number with a point, whichever way its language writes it. "1.234" and "1,234"
// mean a thousand in some languages and a bit more than one in others.
func decimal(s, language string) (string, reading) {
	sign := ""
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "−") {
		sign = "-"
	}
	s = strings.TrimLeft(s, "-−+")
	s = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "’", "'").Replace(s)
	point, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	english := language == "" || strings.HasPrefix(language, "en")
	whole, fraction := s, ""
	switch {
	case point >= 0 && comma >= 0: // the later one is the decimal sign
		last := max(point, comma)
		whole, fraction = s[:last], s[last+1:]
		if strings.ContainsAny(fraction, " '") || strings.Count(s, s[last:last+1]) > 1 {
			return "", unclear
		}
	case grouped().MatchString(s) && strings.Count(s, ".")+strings.Count(s, ",") == 1:
		if language == "" || english == (point >= 0) {
			if english && point >= 0 && language != "" { // 1.234 in English
				whole, fraction = s[:point], s[point+1:]
				break
			}
			if !english { // 1,234 in German
				whole, fraction = s[:comma], s[comma+1:]
				break
			}
			return "", unclear
		}
	case grouped().MatchString(s):
	case point >= 0 && strings.Count(s, ".") == 1:
		whole, fraction = s[:point], s[point+1:]
	case comma >= 0 && strings.Count(s, ",") == 1:
		whole, fraction = s[:comma], s[comma+1:]
	}
	if strings.ContainsAny(whole, ".,' ") && !grouped().MatchString(whole) {
		return "", unclear
	}
	whole = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, whole)
	fraction = strings.TrimRight(fraction, "0")
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if strings.ContainsFunc(fraction, func(r rune) bool { return r < '0' || r > '9' }) {
		return "", unclear
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return sign + whole, clear
}
