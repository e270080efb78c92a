// Package number owns how people write numbers, in digits, words and units, and which one a text
// means. It must never know a form: of a question it gets the words.
package number

import (
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
	if clause.Doubtful(text) || strings.ContainsAny(text, "½¼¾⅓⅔") ||
		lexicon.PhraseIn("andme", clause.WithoutBrackets(text)) {
		return "", reading.Unclear
	}
	if slices.ContainsFunc(lexicon.Words(text), func(word string) bool {
		return lexicon.Has("number", word) && lexicon.MeaningIn(word, w.Language) != lexicon.Listed
	}) {
		return "", reading.Unclear // "once" is eleven in Spanish
	}
	found := numberLike().FindAllStringIndex(text, -1)
	if len(found) == 0 && strings.ContainsAny(text, "<>≤≥±+") {
		return "", reading.Unclear // "> five"
	}
	if len(found) == 0 {
		return numberWord(text)
	}
	if len(found) != 1 {
		return "", reading.Unclear
	}
	at := found[0]
	digits := strings.TrimRight(text[at[0]:at[1]], " .,'’\u00a0\u202f")
	before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
	after, _ := utf8.DecodeRuneInString(text[at[0]+len(digits):])
	if lexicon.StartsWith("meand", text) {
		return "", reading.Unclear // they and two others: are they one of the two?
	}
	front, behind := text[:at[0]], text[at[0]+len(digits):]
	if Changes(lexicon.Words(front), lexicon.Words(behind)) || lexicon.Has("scale", unit(behind)) || inT().MatchString(behind) ||
		cutOff(front) ||
		longName(digits) {
		return "", reading.Unclear
	}
	if signBeside(front, behind) || digits[0] == '+' && lexicon.PhraseIn("howmany", w.Asked) {
		return "", reading.Unclear
	}
	if lexicon.IsLetter(before) || before == '-' || before == '/' || before == '#' ||
		lexicon.IsLetter(after) && unit(behind) == "" && !thousands().MatchString(behind) ||
		after == '/' || after == ':' || after == '-' && len(behind) > 1 && behind[1] >= '0' {
		return "", reading.Unclear // a part of something else: "X-4711", "10:30"
	}
	if thousands().MatchString(behind) {
		if n, how := Decimal(digits, w.Language); how == reading.Clear && !strings.ContainsAny(n, ".-") && n != "0" {
			return n + "000", reading.Clear
		}
		return "", reading.Unclear
	}
	if lexicon.PhraseIn("scale", text) {
		return "", reading.Unclear // millions
	}
	n, how := Decimal(digits, w.Language)
	if word, r := numberWord(strings.TrimSpace(text[:at[0]])); r == reading.Clear && word != "1" && word != n { // "two or 3"
		return "", reading.Unclear
	}
	if unit := lexicon.FirstWord(strings.ToLower(behind)); how == reading.Clear && unit != "k" && lexicon.Has("thousand", unit) {
		if strings.ContainsAny(n, ".-") || n == "0" {
			return "", reading.Unclear
		}
		n += "000"
	}
	return n, how
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
	if n := len(front); n > 0 {
		last := front[n-1]
		if clause.Denies(last) || lexicon.Has("myself", last) || n > 1 && lexicon.Has("join", last) && lexicon.Has("myself", front[n-2]) {
			return true
		}
	}
	near := slices.Clone(front)
	for len(near) > 0 && lexicon.Has("about", near[len(near)-1]) {
		near = near[:len(near)-1]
	}
	said := " " + strings.Join(near, " ")
	for _, section := range []string{"except", "bound"} {
		for phrase := range lexicon.Section(section) {
			if strings.HasSuffix(said, " "+phrase) {
				return true
			}
		}
	}
	for len(front) > 1 && !lexicon.Has("outof", front[len(front)-1]) && lexicon.Has("stop", front[len(front)-1]) {
		front = front[:len(front)-1] // of the
	}
	if n := len(front); n > 2 && lexicon.Has("outof", front[n-1]) && lexicon.Has("outof", front[n-2]) {
		front = front[:n-1] // van de
	}
	if n := len(front); n > 1 && lexicon.Has("outof", front[n-1]) {
		_, counted := lexicon.NumberNamed(front[n-2])
		if counted || lexicon.Has("part", front[n-2]) || clause.Denies(front[n-2]) {
			return true
		}
	}
	if len(behind) == 0 {
		return false
	}
	n, ok := lexicon.NumberNamed(behind[0])
	return ok && n >= 100 || lexicon.StartsWith("half", strings.Join(behind, " "))
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
	ws := lexicon.JoinNumbers(strings.Fields(p))
	for only := false; len(ws) > 1 && (lexicon.Has("only", ws[0]) || only && lexicon.Has("determiner", ws[0])); {
		only = lexicon.Has("only", ws[0])
		if _, number := lexicon.NumberNamed(ws[0]); number {
			break
		}
		ws = ws[1:]
	}
	if len(ws) == 0 || len(ws) > 6 || slices.ContainsFunc(ws, func(w string) bool { return lexicon.Has("vague", w) }) {
		return "", reading.Unclear
	}
	said, count := "", 0
	for i, word := range ws {
		n, ok := lexicon.NumberNamed(word)
		if !ok && hundreds(word) || word == "k" || ok && (n != 1 || i == 0) && Changes(ws[:i], ws[i+1:]) {
			return "", reading.Unclear
		}
		if !ok || n == 1 && i > 0 && !(word == "one" && ws[0] == "the") {
			continue
		}
		said = strconv.Itoa(n)
		count++
	}
	if count != 1 || lexicon.PhraseIn("scale", p) {
		return "", reading.Unclear
	}
	if slices.ContainsFunc(ws, func(w string) bool { return w != "k" && lexicon.Has("thousand", w) }) {
		said += "000"
	}
	return said, reading.Clear
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
	point, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	english := language == "" || strings.HasPrefix(language, "en")
	whole, fraction := s, ""
	switch {
	case point >= 0 && comma >= 0: // the later one is the decimal sign
		last := max(point, comma)
		whole, fraction = s[:last], s[last+1:]
		if strings.ContainsAny(fraction, " '") || strings.Count(s, s[last:last+1]) > 1 {
			return "", reading.Unclear
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
			return "", reading.Unclear
		}
	case grouped().MatchString(s):
	case point >= 0 && strings.Count(s, ".") == 1:
		whole, fraction = s[:point], s[point+1:]
	case comma >= 0 && strings.Count(s, ",") == 1:
		whole, fraction = s[:comma], s[comma+1:]
	}
	if strings.ContainsAny(whole, ".,' ") && !grouped().MatchString(whole) {
		return "", reading.Unclear
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
		return "", reading.Unclear
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return sign + whole, reading.Clear
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
