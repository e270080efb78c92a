package answers

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tierdesk/tickets"
)

var (
	brackets   = pattern(`\([^)]*\)`)
	inT        = pattern(`^\s?[Tt](?:€|$|[^\pL\pN])`) // 12 T€
	numberLike = pattern(`[-−+]?\d[\d.,'’ \x{00a0}\x{202f}]*`)
	thousands  = pattern(`^[kK](?:$|[^\pL\pN])`)
	grouped    = pattern(`^\d{1,3}([.,'’ ])\d{3}(?:[.,'’ ]\d{3})*$`)
)

// numberIn returns the only number in a text, written with a point.
func numberIn(text string, w When) (string, reading) {
	if doubtful(text) || strings.ContainsAny(text, "½¼¾⅓⅔") ||
		known().phraseIn("andme", brackets().ReplaceAllString(text, "")) {
		return "", unclear
	}
	if slices.ContainsFunc(words(text), func(word string) bool { return known().has("number", word) && elsewhere(word, w) != here }) {
		return "", unclear // "once" is eleven in Spanish
	}
	found := numberLike().FindAllStringIndex(text, -1)
	if len(found) == 0 && strings.ContainsAny(text, "<>≤≥±+") {
		return "", unclear // "> five"
	}
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
	if signBeside(front, behind) || digits[0] == '+' && known().phraseIn("howmany", w.asked) {
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
	n, how := decimal(digits, w.Language)
	if word, r := numberWord(strings.TrimSpace(text[:at[0]])); r == clear && word != "1" && word != n { // "two or 3"
		return "", unclear
	}
	if unit := firstWord(strings.ToLower(behind)); how == clear && unit != "k" && known().has("thousand", unit) {
		if strings.ContainsAny(n, ".-") || n == "0" {
			return "", unclear
		}
		n += "000"
	}
	return n, how
}

// withHalf returns the number of a text that is a number and a half, with its unit: "one and a
// half", "2 ½ m", "anderthalb".
func withHalf(text string) (string, bool) {
	ws := words(strings.ReplaceAll(text, "½", " and a half "))
	for len(ws) > 1 && known().has("about", ws[0]) {
		ws = ws[1:]
	}
	if len(ws) == 0 || len(ws) > 6 || doubtful(text) {
		return "", false
	}
	if n, ok := known()["onehalf"][ws[0]]; ok {
		return itoa(n) + ".5", len(ws) < 3
	}
	n, ok := numberNamed(ws[0])
	if !ok && len(ws[0]) < 4 && strings.Trim(ws[0], "0123456789") == "" {
		n, ok = atoi(ws[0]), true
	}
	rest := strings.Join(ws[1:], " ")
	return itoa(max(n, 0)) + ".5", ok && len(ws) > 2 && known().startsWith("andahalf", rest) && !known().phraseIn("scale", lastOf(rest))
}

// lastOf returns the words behind those for a half.
func lastOf(rest string) string {
	for _, phrase := range longestFirst("andahalf") {
		if after, ok := strings.CutPrefix(rest, phrase); ok {
			return after
		}
	}
	return rest
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
	near := slices.Clone(front)
	for len(near) > 0 && known().has("about", near[len(near)-1]) {
		near = near[:len(near)-1]
	}
	said := " " + strings.Join(near, " ")
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
	n, ok := numberNamed(behind[0])
	return ok && n >= 100 || known().startsWith("half", strings.Join(behind, " "))
}

// signBeside reports whether a sign beside a number makes it a bound: "5+", "< 10".
func signBeside(front, behind string) bool {
	before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(arrows.Replace(front), " \u00a0"))
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
func namesAPlace(q *tickets.Question, text string) bool {
	at := strings.IndexAny(text, "0123456789")
	if at < 0 {
		return false
	}
	front := words(text[:at])
	if len(front) == 0 || strings.HasSuffix(strings.TrimSpace(text[:at]), "(") {
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

// isLetter reports whether a rune is a letter that has a small and a large form, or a sharp s.
func isLetter(r rune) bool {
	return r != utf8.RuneError && strings.ToLower(string(r)) != strings.ToUpper(string(r)) || r == 'ß'
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
	for only := false; len(ws) > 1 && (known().has("only", ws[0]) || only && known().has("determiner", ws[0])); {
		only = known().has("only", ws[0])
		if _, number := numberNamed(ws[0]); number {
			break
		}
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
		if next < len(ws) && (ws[i] == "une" || ws[i] == "una") && roundly().MatchString(ws[next]) && known()["number"][ws[next]] > 0 {
			continue // une vingtaine
		}
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

// roundly finds a number that says itself that it is a round one.
var roundly = pattern(`(?:aine|ina|tena)$`)

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
