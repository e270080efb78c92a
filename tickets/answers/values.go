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
	switch q.Kind {
	case tickets.AskNumber:
		if onlyMe(q, text) {
			return "1", clear
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
	said, how := yesNoIn(text)
	if how == clear || strings.ContainsAny(text, "?¿") || known().phraseIn("maybe", text) || len(words(text)) > 6 {
		return said, how
	}
	if first, last, ok := strings.Cut(text, ","); ok && !strings.Contains(last, ",") {
		said, how := yesNoIn(strings.TrimSpace(last))
		if known().has("yes", plain(last)) || known().has("no", plain(last)) {
			if echo, r := yesNoTo(q, first); r == clear && echo == Yes {
				return said, how // "via cable, yes"
			}
		}
	}
	denied, echoed := false, 0
	asked := content(joined(q.Ask))
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
// text that says both.
func yesNoIn(text string) (string, reading) {
	switch strings.TrimSpace(text) {
	case "👍", "✅", "✔", "✔️", "☑", "+", "[x]", "[X]", "✓":
		return Yes, clear
	case "👎", "❌", "✗", "✘", "[ ]", "-":
		return No, clear
	}
	if known().phraseIn("maybe", text) || strings.ContainsAny(text, "?¿") {
		return "", unclear
	}
	p := plain(text)
	said := ""
	first, _, _ := strings.Cut(firstSentence(text), "\n")
	for _, part := range []string{p, plain(first), leading(first)} {
		yes, no := known().has("yes", part), known().has("no", part)
		if yes == no {
			continue
		}
		if said = No; yes {
			said = Yes
		}
		break
	}
	if said == "" {
		return "", unclear
	}
	if rest := strings.TrimSpace(strings.TrimPrefix(p, plain(first))); said == Yes && known().has("no", plain(firstSentence(rest))) {
		return "", unclear
	}
	if ws := words(text); said == Yes && len(ws) > 1 && oneOf(ws[1:], "no", "nein", "non", "nee", "nope") {
		return "", unclear
	}
	if ws := words(text); said == No && len(ws) > 1 && oneOf(ws[1:], "yes", "ja", "oui", "yep", "doch") {
		return "", unclear
	}
	return said, clear
}

func oneOf(ws []string, these ...string) bool {
	return slices.ContainsFunc(ws, func(w string) bool { return slices.Contains(these, w) })
}

// firstSentence returns a text up to its first stop.
func firstSentence(s string) string {
	if i := strings.IndexAny(s, ".,;:!\n–—("); i > 0 {
		return s[:i]
	}
	return s
}

// leading returns the longest beginning of a text that is a yes or a no, of up to four words.
func leading(s string) string {
	ws := words(s)
	for n := min(len(ws), 4); n > 0; n-- {
		p := strings.Join(ws[:n], " ")
		if known().has("yes", p) || known().has("no", p) {
			return p
		}
	}
	return ""
}

// choiceIn returns the only choice that a text names.
func choiceIn(q *tickets.Question, text string) (string, reading) {
	p := plain(text)
	names := func(c *tickets.Choice) []string {
		out := []string{plain(c.Value)}
		for _, shown := range c.Shown {
			out = append(out, plain(shown))
		}
		if spelled := plain(umlauts.Replace(strings.ToLower(c.Value))); spelled != out[0] {
			out = append(out, spelled)
		}
		return out
	}
	for i := range q.Choices {
		if slices.Contains(names(&q.Choices[i]), p) {
			return q.Choices[i].Value, clear
		}
	}
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
	if refuses(p, names(&q.Choices[found[0]])) || known().phraseIn("maybe", text) || strings.ContainsAny(text, "?¿") {
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

// near returns the only choice from which a short text is no more than a slip of the fingers away.
func near(q *tickets.Question, p string, names func(*tickets.Choice) []string) (string, reading) {
	found, n := -1, 0
	for i := range q.Choices {
		for _, name := range names(&q.Choices[i]) {
			limit := 0
			switch letters := utf8.RuneCountInString(name); {
			case letters >= 8:
				limit = 2
			case letters >= 4:
				limit = 1
			}
			if limit > 0 && distance(p, name) <= limit && found != i {
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
	numberLike = pattern(`[-−+]?\d[\d.,'’ \x{00a0}\x{202f}]*`)
	thousands  = pattern(`^[kK](?:$|[^\pL\pN])`)
	grouped    = pattern(`^\d{1,3}([.,'’ ])\d{3}(?:[.,'’ ]\d{3})*$`)
)

// numberIn returns the only number in a text, written with a point.
func numberIn(text string, w When) (string, reading) {
	if known().phraseIn("maybe", text) || strings.ContainsAny(text, "?¿") {
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
	behind := text[at[0]+len(digits):]
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
