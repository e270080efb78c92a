package number

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	text = WithDozens(text)
	text = clause.WithoutRemark(ofThem().ReplaceAllString(text, " ($1)"), func(in, rest string) bool { // 50, of which 6 eat no meat
		return changesAnswer(wording, in, rest)
	})
	if text = squares().ReplaceAllString(text, "${1} qm$2"); w.Language == "" || w.BaseLanguage() != "nl" { // "6 of 7"
		text = withoutWhole(text)
	}
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
	_, fraction, _ := strings.Cut(n, ".")
	if how == reading.Clear && counting(wording) &&
		(strings.HasPrefix(n, "-") || len(fraction) > 2 || fraction != "" && asksPeople(wording)) {
		return "", reading.Unclear // "1.234" of an English page is a thousand to others
	}
	return n, how
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
	return slices.ContainsFunc(lexicon.Words(wording), func(w string) bool { return lexicon.Has("people", w) })
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
		n.front, n.behind = lexicon.Words(n.before), lexicon.Words(n.after)
		return []numeral{n}
	}
	ws := lexicon.JoinNumbers(lexicon.Words(text))
	for i, word := range ws {
		if n, ok := lexicon.NumberNamed(word); ok && (n != 1 || i == 0) && len(found) == 0 {
			return []numeral{{text: text, front: ws[:i], behind: ws[i+1:]}}
		}
	}
	return nil
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
		next := ""
		if i+1 < len(ws) {
			next = ws[i+1]
		}
		switch {
		case lexicon.Has("part", w) || lexicon.Has("onlypart", w) ||
			lexicon.Has("nobody", w) && !lexicon.Has("determiner", w) || lexicon.StartsWith("half", w):
			return true
		case number && m == 1 && lexicon.Has("determiner", w):
			if next == "" || lexicon.Has("stop", next) || lexicon.Has("copula", next) || lexicon.Has("only", next) ||
				lexicon.Has("pieces", next) || slices.Contains(thing, next) {
				return true
			}
		case number && lexicon.Itoa(m) != digits:
			return true
		}
	}
	return false
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

// article reports whether a word that could be a one is only an article: "a question", but not "a
// colleague" where people are counted.
func (n numeral) article(wording string) bool {
	first := n.text
	if end := strings.IndexAny(first, ",;("); end > 0 {
		first = first[:end]
	}
	ws := lexicon.JoinNumbers(lexicon.Words(first))
	if n.digits != "" || len(n.behind) == 0 || len(n.front) >= len(ws) {
		return false
	}
	if m, _ := lexicon.NumberNamed(ws[len(n.front)]); m != 1 {
		return false
	}
	asked := lexicon.Words(wording)
	return slices.ContainsFunc(ws[len(n.front)+1:], func(w string) bool {
		return !lexicon.Has("stop", w) && !lexicon.Has("filler", w) && !lexicon.Has("pieces", w) && !lexicon.Has("only", w) &&
			!lexicon.Has("people", w) && !slices.ContainsFunc(asked, func(a string) bool { return lexicon.SameMeaning(a, w) })
	})
}

// changes reports whether a number is corrected or has changed: "3, I mean four", "5 yesterday,
// more today", "5 or more".
func (n numeral) changes() bool {
	for i, word := range n.behind {
		m, ok := lexicon.NumberNamed(word)
		if n.digits != "" && ok && (m != 1 && lexicon.Itoa(m) != n.digits || m == 1 && i > 0 && lexicon.Has("only", n.behind[i-1])) {
			return true
		}
	}
	rest := strings.Join(n.behind, " ")
	if lexicon.PhraseIn("nowadays", rest) && (slices.ContainsFunc(n.behind, func(w string) bool {
		return lexicon.Has("more", w) || lexicon.Has("everybody", w)
	})) {
		return true
	}
	if n.digits != "" && len(n.behind) == 1 && lexicon.Has("more", n.behind[0]) {
		return true // "5 plus"
	}
	return len(n.behind) > 1 && lexicon.Has("range", n.behind[0]) && lexicon.Has("more", n.behind[1]) || lexicon.PhraseIn("atmost", n.text)
}

// parted reports whether another clause counts a part of what a number counts, or none of it: "12
// printers, one is affected", "12 printers, half of them".
func (n numeral) parted() bool {
	beside := clause.Of(n.text)
	at := max(0, slices.IndexFunc(beside, func(c clause.Clause) bool { // a one counts where it comes first
		return slices.ContainsFunc(strings.Fields(c.Text), func(w string) bool { m, ok := lexicon.NumberNamed(w); return ok && m != 1 })
	}))
	if n.digits != "" { // there may be a comma in it
		front, behind := clause.Of(n.before+" x"), clause.Of("x "+n.after)
		at = len(front) - 1
		front[at].Text += " " + behind[0].Text
		beside = append(front, behind[1:]...)
	}
	if len(beside) == 0 {
		return false
	}
	for i, c := range beside {
		if i != at && CountsPart(c.Text, beside[at].Text, n.digits) {
			return true
		}
	}
	for phrase := range lexicon.Section("ofwhich") { // in the same clause
		_, behind, ok := strings.Cut(" "+strings.Join(n.behind, " ")+" ", " "+phrase+" ")
		if ok && CountsPart(behind, beside[at].Text, n.digits) {
			return true
		}
	}
	return false
}

// others reports whether a number counts others than are asked for: "3 more", "3 besides me".
func (n numeral) others() bool {
	if len(n.behind) > 0 && lexicon.Has("others", n.behind[0]) || len(n.front) > 0 && lexicon.Has("others", n.front[len(n.front)-1]) {
		return true
	}
	if k := len(n.front); k > 1 && lexicon.Has("with", n.front[k-1]) && lexicon.Has("myself", n.front[k-2]) {
		return true
	}
	rest := strings.Join(n.behind, " ")
	return slices.ContainsFunc(n.behind, func(w string) bool { return lexicon.Has("myself", w) }) &&
		(lexicon.PhraseIn("except", rest) || lexicon.PhraseIn("withoutit", rest) || lexicon.PhraseIn("beside", rest))
}

// measures reports whether what stands beside a number says that it measures what the question does
// not ask for: a price, a share, a time, a storey, a person.
func (n numeral) measures(wording string) bool {
	asked := lexicon.Words(wording)
	asks := func(section string) bool {
		return slices.ContainsFunc(asked, func(w string) bool { return lexicon.Has(section, w) })
	}
	next := n.behind[:min(2, len(n.behind))]
	beside := next
	if k := len(n.front); k > 0 {
		beside = append([]string{n.front[k-1]}, next...)
	}
	is := func(section string, ws []string) bool {
		return slices.ContainsFunc(ws, func(w string) bool { return lexicon.Has(section, w) })
	}
	if counting(wording) && (strings.ContainsAny(n.text, "€$£") || is("money", beside)) && !asks("money") && !asks("amount") {
		return true
	}
	share := strings.HasPrefix(strings.TrimSpace(n.after), "%") || is("share", next)
	if share && !asks("share") && !strings.Contains(wording, "%") {
		return true
	}
	for _, word := range next {
		group := lexicon.Section("span")[word]
		if group != 0 && !slices.ContainsFunc(asked, func(w string) bool { // "Betriebsstunden"
			return lexicon.Section("span")[w] == group || group == 1 && len(word) > 2 && strings.Contains(w, word)
		}) {
			return true
		}
	}
	if strings.HasPrefix(n.after, "am") || len(n.front) > 0 && lexicon.Has("clockat", n.front[len(n.front)-1]) && len(n.behind) == 0 {
		return true
	}
	if len(next) > 0 && (lexicon.Has("storey", next[0]) && !slices.Contains(asked, next[0]) ||
		(counting(wording) || asks("money") || asks("amount")) && lexicon.Has("people", next[0]) && !asks("people")) {
		return true
	}
	return n.ordinal()
}

// ordinal reports whether a number is one of an order: "3rd", "2e", "3º".
func (n numeral) ordinal() bool {
	if r, _ := utf8.DecodeRuneInString(n.after); strings.ContainsRune("°ºª", r) && n.after != "" {
		return true
	}
	end := strings.IndexFunc(n.after, func(r rune) bool { return !lexicon.IsLetter(r) })
	if end < 0 {
		end = len(n.after)
	}
	return end > 0 && lexicon.Has("ordinalend", lexicon.Plain(n.after[:end]))
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
	return capitals > 1 && !lexicon.Has("money", lexicon.Plain(last)) && !strings.HasSuffix(last, ":")
}

// dated reports whether a number is a part of a date: "since 3 March".
func (n numeral) dated(wording string, w day.Context) bool {
	if n.digits == "" || strings.ContainsAny(n.text, "€$£") && !counting(wording) {
		return false
	}
	s := day.Normalize(n.text)
	return slices.ContainsFunc(day.All(n.text, w), func(d day.Found) bool { return lexicon.HasDigit(s[d.From:d.To]) })
}
