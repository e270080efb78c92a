package answers

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/tickets"
)

// numberTo returns the number that a text says to a question.
func numberTo(q *tickets.Question, text string, w When) (string, reading) {
	if v, how, ok := inUnit(q, text, w); ok {
		return v, how
	}
	if n, ok := reckoned(text); ok && counting(q) {
		if mentions(text, content(joined(q.Ask))) > 0 {
			return "", unclear // "3 adults + 2 children = 5": how many adults?
		}
		return n, clear
	}
	text = withoutRemark(q, text)
	if text = squares().ReplaceAllString(text, "${1} qm$2"); w.Language == "" || w.tongue() != "nl" { // "6 of 7"
		text = withoutWhole(text)
	}
	if n, ok := withHalf(text); ok && !asksPeople(q) {
		return n, clear
	}
	switch {
	case onlyMe(q, text):
		return "1", clear
	case counting(q) && nobody(q, text):
		return "0", clear
	case namesAPlace(q, text), counting(q) && hasDigit(text) && known().startsWith("nobody", text):
		return "", unclear
	}
	if otherPeriod(q, text) {
		return "", unclear
	}
	for _, n := range numerals(text) {
		if n.article(q) || n.changes() || n.others() || n.measures(q) || counting(q) && (n.parted() || n.named()) || n.dated(q, w) {
			return "", unclear
		}
	}
	n, how := numberIn(text, w)
	_, fraction, _ := strings.Cut(n, ".")
	if how == clear && counting(q) && (strings.HasPrefix(n, "-") || len(fraction) > 2 || fraction != "" && asksPeople(q)) {
		return "", unclear // "1.234" of an English page is a thousand to others
	}
	return n, how
}

// reckoned returns the number that a text reckons out of others, if that is right: "48 pupils and 5
// staff = 53".
func reckoned(text string) (string, bool) {
	parts, total, ok := strings.Cut(text, "=")
	total = strings.Trim(total, " .")
	if !ok || !digitsAlone().MatchString(total) || doubtful(text) {
		return "", false
	}
	terms, sum := digitRuns().FindAllString(parts, -1), 0
	for _, term := range terms {
		if !digitsAlone().MatchString(term) {
			return "", false
		}
		sum += atoi(term)
	}
	return total, len(terms) > 1 && sum == atoi(total)
}

// digitsAlone finds what is a small number and nothing else; digitRuns what may be one, or more.
var (
	digitsAlone = pattern(`^[1-9]\d{0,4}$`)
	digitRuns   = pattern(`[\d.,:/-]*\d[\d:/]*`)
)

// otherPeriod reports whether a text counts by the year what a question asks by the month, or the
// like.
func otherPeriod(q *tickets.Question, text string) bool {
	asked, said := periods(joined(q.Ask)), periods(text)
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
	p := " " + plain(text) + " "
	for phrase, period := range known()["period"] {
		if strings.Contains(p, " "+phrase+" ") {
			out[period] = true
		}
	}
	return out
}

// squares finds square and cubic metres, whose digit is no number of its own.
var squares = pattern(`(\d) ?[mM][²³23]($|[^\pL\pN])`)

// withoutWhole takes away of how many a number counts a part: "10 (of 50)", "3 von 12". A number
// that is no part of the other stays as it is.
func withoutWhole(text string) string {
	m := partOfWhole().FindStringSubmatch(text)
	if m == nil || len(m[2]) > 6 || len(m[4]) > 6 || !known().has("outof", plain(m[3])) || atoi(m[2]) >= atoi(m[4]) {
		return text
	}
	return m[1] + m[2] + m[5]
}

var partOfWhole = pattern(`^(\D*)(\d+),? ?\(?(?:out )?(\pL{2,4}) (\d+)\b\)?([^\d]*)$`)

// counting reports whether a question asks how many there are of something.
func counting(q *tickets.Question) bool { return known().phraseIn("howmany", joined(q.Ask)) }

// asksPeople reports whether a question is about people.
func asksPeople(q *tickets.Question) bool {
	return slices.ContainsFunc(words(joined(q.Ask)), func(w string) bool { return known().has("people", w) })
}

// nobody reports whether a text says that there is none, and nothing else: "none", "no monitors".
func nobody(q *tickets.Question, text string) bool {
	p := plain(text)
	if known().has("nobody", p) || known().has("nobody", without(p)) {
		return true
	}
	ws := words(text)
	if parts := clausesOf(text); len(parts) > 1 && known().has("nobody", without(parts[0].text)) && !doubtful(text) &&
		!slices.ContainsFunc(ws[len(strings.Fields(parts[0].text)):], func(w string) bool {
			_, number := numberNamed(w)
			return number || hasDigit(w) || denies(w) || known().has("part", w) || known().has("everybody", w)
		}) {
		return true // "none, I live nearby"
	}
	return len(ws) == 2 && known().has("nothingof", ws[0]) && len(ws[1]) > 2 &&
		slices.ContainsFunc(content(joined(q.Ask)), func(a string) bool { return alike(a, ws[1]) })
}

// numeral is a number in a text with what stands around it.
type numeral struct {
	text          string   // the whole of it
	digits        string   // "" if it is written out
	before, after string   // what stands around its digits, as it was written
	front, behind []string // its words, folded
}

// numerals returns the only number of a text that is written in digits, or else the first one that
// is written out.
func numerals(text string) []numeral {
	found := numberLike().FindAllStringIndex(text, -1)
	if len(found) == 1 {
		at := found[0]
		n := numeral{text: text, digits: strings.TrimRight(text[at[0]:at[1]], " .,'’\u00a0\u202f"), before: text[:at[0]]}
		n.after = text[at[0]+len(n.digits):]
		n.front, n.behind = words(n.before), words(n.after)
		return []numeral{n}
	}
	ws := compounds(words(text))
	for i, word := range ws {
		if n, ok := numberNamed(word); ok && (n != 1 || i == 0) && len(found) == 0 {
			return []numeral{{text: text, front: ws[:i], behind: ws[i+1:]}}
		}
	}
	return nil
}

// article reports whether a word that could be a one is only an article: "a question", but not "a
// colleague" where people are counted.
func (n numeral) article(q *tickets.Question) bool {
	first := n.text
	if end := strings.IndexAny(first, ",;("); end > 0 {
		first = first[:end]
	}
	ws := compounds(words(first))
	if n.digits != "" || len(n.behind) == 0 || len(n.front) >= len(ws) {
		return false
	}
	if m, _ := numberNamed(ws[len(n.front)]); m != 1 {
		return false
	}
	asked := words(joined(q.Ask))
	return slices.ContainsFunc(ws[len(n.front)+1:], func(w string) bool {
		return !known().has("stop", w) && !known().has("filler", w) && !known().has("pieces", w) && !known().has("only", w) &&
			!known().has("people", w) && !slices.ContainsFunc(asked, func(a string) bool { return means(a, w) })
	})
}

// changes reports whether a number is corrected or has changed: "3, I mean four", "5 yesterday,
// more today", "5 or more".
func (n numeral) changes() bool {
	for i, word := range n.behind {
		m, ok := numberNamed(word)
		if n.digits != "" && ok && (m != 1 && itoa(m) != n.digits || m == 1 && i > 0 && known().has("only", n.behind[i-1])) {
			return true
		}
	}
	rest := strings.Join(n.behind, " ")
	if known().phraseIn("nowadays", rest) && (slices.ContainsFunc(n.behind, func(w string) bool {
		return known().has("more", w) || known().has("everybody", w)
	})) {
		return true
	}
	if n.digits != "" && len(n.behind) == 1 && known().has("more", n.behind[0]) {
		return true // "5 plus"
	}
	return len(n.behind) > 1 && known().has("range", n.behind[0]) && known().has("more", n.behind[1]) || known().phraseIn("atmost", n.text)
}

// parted reports whether another clause counts a part of what a number counts, or none of it: "12
// printers, one is affected", "12 printers, half of them".
func (n numeral) parted() bool {
	beside := clausesOf(n.text)
	at := max(0, slices.IndexFunc(beside, func(c clause) bool { // a one counts where it comes first
		return slices.ContainsFunc(strings.Fields(c.text), func(w string) bool { m, ok := numberNamed(w); return ok && m != 1 })
	}))
	if n.digits != "" { // there may be a comma in it
		front, behind := clausesOf(n.before+" x"), clausesOf("x "+n.after)
		at = len(front) - 1
		front[at].text += " " + behind[0].text
		beside = append(front, behind[1:]...)
	}
	if len(beside) == 0 {
		return false
	}
	for i, c := range beside {
		if i != at && countsParts(c.text, beside[at].text, n.digits) {
			return true
		}
	}
	for phrase := range known()["ofwhich"] { // in the same clause
		_, behind, ok := strings.Cut(" "+strings.Join(n.behind, " ")+" ", " "+phrase+" ")
		if ok && countsParts(behind, beside[at].text, n.digits) {
			return true
		}
	}
	return false
}

// countsParts reports whether a clause has a number in it other than those digits, or a word for a
// part or for nobody. An article is a number only before what another clause names, or nothing.
func countsParts(text, others, digits string) bool {
	for phrase := range known()["nobodyelse"] {
		text = strings.ReplaceAll(" "+plain(text)+" ", " "+phrase+" ", " ")
	}
	ws := compounds(words(text))
	thing := words(others)
	for i, w := range ws {
		m, number := numberNamed(w)
		next := ""
		if i+1 < len(ws) {
			next = ws[i+1]
		}
		switch {
		case known().has("part", w) || known().has("onlypart", w) ||
			known().has("nobody", w) && !known().has("determiner", w) || known().startsWith("half", w):
			return true
		case number && m == 1 && known().has("determiner", w):
			if next == "" || known().has("stop", next) || known().has("copula", next) || known().has("only", next) ||
				known().has("pieces", next) || slices.Contains(thing, next) {
				return true
			}
		case number && itoa(m) != digits:
			return true
		}
	}
	return false
}

// others reports whether a number counts others than are asked for: "3 more", "3 besides me".
func (n numeral) others() bool {
	if len(n.behind) > 0 && known().has("others", n.behind[0]) || len(n.front) > 0 && known().has("others", n.front[len(n.front)-1]) {
		return true
	}
	if k := len(n.front); k > 1 && known().has("with", n.front[k-1]) && known().has("myself", n.front[k-2]) {
		return true
	}
	rest := strings.Join(n.behind, " ")
	return slices.ContainsFunc(n.behind, func(w string) bool { return known().has("myself", w) }) &&
		(known().phraseIn("except", rest) || known().phraseIn("withoutit", rest) || known().phraseIn("beside", rest))
}

// measures reports whether what stands beside a number says that it measures what the question does
// not ask for: a price, a share, a time, a storey, a person.
func (n numeral) measures(q *tickets.Question) bool {
	asked := words(joined(q.Ask))
	asks := func(section string) bool {
		return slices.ContainsFunc(asked, func(w string) bool { return known().has(section, w) })
	}
	next := n.behind[:min(2, len(n.behind))]
	beside := next
	if k := len(n.front); k > 0 {
		beside = append([]string{n.front[k-1]}, next...)
	}
	is := func(section string, ws []string) bool {
		return slices.ContainsFunc(ws, func(w string) bool { return known().has(section, w) })
	}
	if counting(q) && (strings.ContainsAny(n.text, "€$£") || is("money", beside)) && !asks("money") && !asks("amount") {
		return true
	}
	share := strings.HasPrefix(strings.TrimSpace(n.after), "%") || is("share", next)
	if share && !asks("share") && !strings.Contains(joined(q.Ask), "%") {
		return true
	}
	for _, word := range next {
		group := known()["span"][word]
		if group != 0 && !slices.ContainsFunc(asked, func(w string) bool { // "Betriebsstunden"
			return known()["span"][w] == group || group == 1 && len(word) > 2 && strings.Contains(w, word)
		}) {
			return true
		}
	}
	if strings.HasPrefix(n.after, "am") || len(n.front) > 0 && known().has("clockat", n.front[len(n.front)-1]) && len(n.behind) == 0 {
		return true
	}
	if len(next) > 0 && (known().has("storey", next[0]) && !slices.Contains(asked, next[0]) ||
		(counting(q) || asks("money") || asks("amount")) && known().has("people", next[0]) && !asks("people")) {
		return true
	}
	return n.ordinal()
}

// ordinal reports whether a number is one of an order: "3rd", "2e", "3º".
func (n numeral) ordinal() bool {
	if r, _ := utf8.DecodeRuneInString(n.after); strings.ContainsRune("°ºª", r) && n.after != "" {
		return true
	}
	end := strings.IndexFunc(n.after, func(r rune) bool { return !isLetter(r) })
	if end < 0 {
		end = len(n.after)
	}
	return end > 0 && known().has("ordinalend", plain(n.after[:end]))
}

// named reports whether the word before a number makes it the name of a thing: "HP 400".
func (n numeral) named() bool {
	fields := strings.Fields(n.before)
	if len(fields) == 0 || strings.ToUpper(n.text) == n.text {
		return false
	}
	last, capitals := fields[len(fields)-1], 0
	for _, r := range last {
		if unicode.IsUpper(r) {
			capitals++
		}
	}
	return capitals > 1 && !known().has("money", plain(last)) && !strings.HasSuffix(last, ":")
}

// dated reports whether a number is a part of a date: "since 3 March".
func (n numeral) dated(q *tickets.Question, w When) bool {
	if n.digits == "" || strings.ContainsAny(n.text, "€$£") && !counting(q) {
		return false
	}
	s := spaced(n.text)
	return slices.ContainsFunc(dates(n.text, w), func(d found) bool { return hasDigit(s[d.from:d.to]) })
}
