// Package number owns how people write numbers, in digits, words and units, and which one a text
// means. It must never know a form: of a question it gets the words.
package number

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
)

var (
	inT        = lexicon.Pattern(`^\s?[Tt](?:€|$|[^\pL\pN])`) // 12 T€
	numberLike = lexicon.Pattern(`[-−+]?\d[\d.,'’ \x{00a0}\x{202f}]*`)
	thousands  = lexicon.Pattern(`^[kK](?:$|[^\pL\pN])`)
	grouped    = lexicon.Pattern(`^\d{1,3}([.,'’ ])\d{3}(?:[.,'’ ]\d{3})*$`)
)

// IsGrouped reports whether a text is digits in groups of three, as a large number may be written.
func IsGrouped(text string) bool { return grouped().MatchString(text) }

// numberIn returns the only number in a text, written with a point.
func numberIn(text string, w day.Context) (string, reading.State) {
	if clause.Doubtful(text) || strings.ContainsAny(text, "½¼¾⅓⅔") || lexicon.PhraseIn("andme", clause.WithoutBrackets(text)) {
		return "", reading.Unclear
	}
	if slices.ContainsFunc(lexicon.Words(text), func(word string) bool {
		return lexicon.Has("number", word) && lexicon.MeaningIn(word, w.Language) != lexicon.Listed
	}) {
		return "", reading.Unclear // "once" is eleven in Spanish
	}
	found := numberLike().FindAllStringIndex(text, -1)
	switch {
	case len(found) > 1, len(found) == 0 && strings.ContainsAny(text, "<>≤≥±+"): // "> five"
		return "", reading.Unclear
	case len(found) == 0:
		return numberWord(text)
	}
	n := numeralAt(text, found[0])
	if lexicon.StartsWith("meand", text) { // they and two others: are they one of the two?
		return "", reading.Unclear
	}
	if signBeside(n.before, n.after) || n.digits[0] == '+' && lexicon.PhraseIn("howmany", w.Asked) {
		return "", reading.Unclear
	}
	if Changes(n.front, n.behind) || n.scaled() || cutOff(n.before) || longName(n.digits) || n.ofSomethingElse() {
		return "", reading.Unclear
	}
	v, how := Decimal(n.digits, w.Language)
	if thousands().MatchString(n.after) {
		return inThousands(v, how)
	}
	if lexicon.PhraseIn("scale", text) {
		return "", reading.Unclear // millions
	}
	if word, r := numberWord(strings.TrimSpace(n.before)); r == reading.Clear && word != "1" && word != v { // "two or 3"
		return "", reading.Unclear
	}
	if next := lexicon.FirstWord(strings.ToLower(n.after)); next != "k" && lexicon.Has("thousand", next) {
		return inThousands(v, how)
	}
	return v, how
}

// inThousands returns a thousand times a number, if it is a whole one and more than nothing.
func inThousands(n string, how reading.State) (string, reading.State) {
	if how != reading.Clear || strings.ContainsAny(n, ".-") || n == "0" {
		return "", reading.Unclear
	}
	return n + "000", reading.Clear
}

// withHalf returns the number of a text that is a number and a half, with its unit: "one and a
// half", "2 ½ m", "anderthalb".
func withHalf(text string) (string, bool) {
	ws := lexicon.Words(strings.ReplaceAll(text, "½", " and a half "))
	for len(ws) > 1 && lexicon.Has("about", ws[0]) {
		ws = ws[1:]
	}
	if len(ws) == 0 || len(ws) > 6 || clause.Doubtful(text) {
		return "", false
	}
	if n, ok := lexicon.Section("onehalf")[ws[0]]; ok {
		return lexicon.Itoa(n) + ".5", len(ws) < 3
	}
	n, ok := lexicon.NumberNamed(ws[0])
	if !ok && len(ws[0]) < 4 && strings.Trim(ws[0], "0123456789") == "" {
		n, ok = lexicon.Atoi(ws[0]), true
	}
	rest := strings.Join(ws[1:], " ")
	return lexicon.Itoa(max(n, 0)) + ".5", ok && len(ws) > 2 && lexicon.StartsWith("andahalf", rest) &&
		!lexicon.PhraseIn("scale", behindHalf(rest))
}

// behindHalf returns the words behind those for a half.
func behindHalf(rest string) string {
	for _, phrase := range lexicon.LongestFirst("andahalf") {
		if after, ok := strings.CutPrefix(rest, phrase); ok {
			return after
		}
	}
	return rest
}

// Changes reports whether the words around a number make it another one or none: "not 3", "none of
// the 5", "half of 20", "5 or six", "me and 2", "4 hundred".
func Changes(front, behind []string) bool {
	if takenBack(front) || limited(front) || isWhole(front) {
		return true
	}
	if len(behind) == 0 {
		return false
	}
	n, ok := lexicon.NumberNamed(behind[0])
	return ok && n >= 100 || lexicon.StartsWith("half", strings.Join(behind, " "))
}

// takenBack reports whether the words before a number deny it or add their writer to it.
func takenBack(front []string) bool {
	n := len(front)
	if n == 0 {
		return false
	}
	last := front[n-1]
	return clause.Denies(last) || lexicon.Has("myself", last) ||
		n > 1 && lexicon.Has("join", last) && lexicon.Has("myself", front[n-2])
}

// limited reports whether the words before a number make it a bound, or take it away from another
// one: "at least about".
func limited(front []string) bool {
	for len(front) > 0 && lexicon.Has("about", front[len(front)-1]) {
		front = front[:len(front)-1]
	}
	said := " " + strings.Join(front, " ")
	for _, section := range []string{"except", "bound"} {
		for phrase := range lexicon.Section(section) {
			if strings.HasSuffix(said, " "+phrase) {
				return true
			}
		}
	}
	return false
}

// isWhole reports whether the words before a number count a part of it: "three of the".
func isWhole(front []string) bool {
	for len(front) > 1 && !lexicon.Has("outof", front[len(front)-1]) && lexicon.Has("stop", front[len(front)-1]) {
		front = front[:len(front)-1] // of the
	}
	if n := len(front); n > 2 && lexicon.Has("outof", front[n-1]) && lexicon.Has("outof", front[n-2]) {
		front = front[:n-1] // van de
	}
	n := len(front)
	if n < 2 || !lexicon.Has("outof", front[n-1]) {
		return false
	}
	part := front[n-2]
	_, counted := lexicon.NumberNamed(part)
	return counted || lexicon.Has("part", part) || clause.Denies(part)
}

// signBeside reports whether a sign beside a number makes it a bound: "5+", "< 10".
func signBeside(front, behind string) bool {
	before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(lexicon.WithoutArrows(front), " \u00a0"))
	after, _ := utf8.DecodeRuneInString(strings.TrimLeft(behind, " \u00a0"))
	return strings.ContainsRune("<>≤≥±≦≧＜＞⩽⩾", before) || strings.ContainsRune("+<>≤≥±＋", after)
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
func namesAPlace(wording string, text string) bool {
	at := strings.IndexAny(text, "0123456789")
	if at < 0 {
		return false
	}
	front := lexicon.Words(text[:at])
	if len(front) == 0 || strings.HasSuffix(strings.TrimSpace(text[:at]), "(") {
		return false
	}
	last := front[len(front)-1]
	return lexicon.Has("numbered", last) && !slices.Contains(lexicon.Words(wording), last)
}

// OnlyWriter reports whether a text answers how many people it is about with its writer alone, and
// with nobody beside them: "only me and Tom".
func OnlyWriter(wording string, text string) bool {
	return len(lexicon.Words(text)) <= 8 && lexicon.PhraseIn("onlyme", text) && !strings.ContainsAny(text, "0123456789?") &&
		!besides().MatchString(lexicon.Fold(text)) &&
		slices.ContainsFunc(lexicon.Words(wording), func(w string) bool { return lexicon.Has("people", w) })
}

// besides finds whom a writer names beside themselves.
var besides = lexicon.Pattern(`(?:^|[^\pL])(?:me|ich|mich|mir|moi|yo|mi|io|me|ik|mij|myself)(?: alone| seul| seule)?\s?(?:,|&|\+|and|und|et|y|e|ed|en|plus|with|mit|avec|con|met)\s\pL`)

// unit returns the short word right behind a number, as in "15kg" and "20mm".
func unit(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool { return !lexicon.IsLetter(r) })
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
func numberWord(text string) (string, reading.State) {
	p := lexicon.Plain(text)
	if n, ok := lexicon.Section("number")[p]; ok {
		return strconv.Itoa(n), reading.Clear
	}
	ws := withoutOnly(lexicon.JoinNumbers(strings.Fields(p)))
	if len(ws) == 0 || len(ws) > 6 || lexicon.AnyIn("vague", ws) || lexicon.PhraseIn("scale", p) {
		return "", reading.Unclear
	}
	n, ok := onlyNamed(ws)
	if !ok {
		return "", reading.Unclear
	}
	said := strconv.Itoa(n)
	if lexicon.AnyIn("thousand", ws) {
		said += "000"
	}
	return said, reading.Clear
}

// withoutOnly returns words without those at their beginning that only say that there are no more:
// "just the".
func withoutOnly(ws []string) []string {
	for only := false; len(ws) > 1; ws = ws[1:] {
		if !lexicon.Has("only", ws[0]) && !(only && lexicon.Has("determiner", ws[0])) {
			break
		}
		only = lexicon.Has("only", ws[0])
		if _, number := lexicon.NumberNamed(ws[0]); number {
			break
		}
	}
	return ws
}

// onlyNamed returns the only number that words name. ok is false if they name none or several, or
// change it. A word for one may be an article where it does not come first.
func onlyNamed(ws []string) (number int, ok bool) {
	count := 0
	for i, word := range ws {
		n, named := lexicon.NumberNamed(word)
		if word == "k" || !named && hundreds(word) || named && (n != 1 || i == 0) && Changes(ws[:i], ws[i+1:]) {
			return 0, false
		}
		if named && (n != 1 || i == 0 || word == "one" && ws[0] == "the") {
			number = n
			count++
		}
	}
	return number, count == 1
}

// hundreds reports whether a word ends as those for hundreds do: "quinientos".
func hundreds(word string) bool {
	return slices.ContainsFunc([]string{"hundert", "hundred", "ientos", "ientas", "cento", "honderd"}, func(end string) bool {
		return strings.HasSuffix(word, end)
	})
}

// Decimal returns a number with a point, whichever way its language writes it. "1.234" and "1,234"
// mean a thousand in some languages and a bit more than one in others.
func Decimal(s, language string) (string, reading.State) {
	sign := ""
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "−") {
		sign = "-"
	}
	s = strings.TrimLeft(s, "-−+")
	s = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "’", "'").Replace(s)
	whole, fraction, ok := cutFraction(s, language)
	fraction = strings.TrimRight(fraction, "0")
	if !ok || strings.ContainsAny(whole, ".,' ") && !IsGrouped(whole) || strings.Trim(fraction, "0123456789") != "" {
		return "", reading.Unclear
	}
	whole = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, whole)
	number := sign + cmp.Or(strings.TrimLeft(whole, "0"), "0")
	if fraction != "" {
		number += "." + fraction
	}
	return number, reading.Clear
}

// cutFraction cuts a number at its decimal sign. ok is false if nobody knows which sign that is.
func cutFraction(s, language string) (whole, fraction string, ok bool) {
	point, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	at := max(point, comma)
	single := strings.Count(s, ".")+strings.Count(s, ",") == 1
	pointed := language == "" || strings.HasPrefix(language, "en") // the language writes a decimal point
	switch {
	case point >= 0 && comma >= 0: // the later one is the decimal sign
		whole, fraction = s[:at], s[at+1:]
		return whole, fraction, !strings.ContainsAny(fraction, " '") && strings.Count(s, s[at:at+1]) == 1
	case single && IsGrouped(s) && language == "":
		return "", "", false
	case single && (!IsGrouped(s) || pointed == (point >= 0)): // 1.234 in English, 1,234 in German
		return s[:at], s[at+1:], true
	}
	return s, "", true
}

// Holds reports whether a text has a number in it, in digits or in words.
func Holds(text string) bool {
	return strings.ContainsAny(text, "0123456789") || slices.ContainsFunc(lexicon.Words(text), func(w string) bool {
		n, ok := lexicon.NumberNamed(w)
		return ok && n != 1
	})
}

// largest returns the largest number in a text.
func largest(text string) (most float64, ok bool) {
	for _, w := range lexicon.Words(text) {
		n, named := lexicon.NumberNamed(w)
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
