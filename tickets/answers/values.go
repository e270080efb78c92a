package answers

import (
	"net/mail"
	"slices"
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
	if _, after, ok := correction(text); ok && q.Kind != tickets.AskText {
		return value(q, after, w) // "3, I mean four"
	}
	if before, after, ok := pardoned(text); ok && q.Kind != tickets.AskText && q.Kind != tickets.AskYesNo {
		if v, how := value(q, before, w); how == clear {
			if other, how := value(q, after, w); how != silent && (q.Kind != tickets.AskNumber || holdsNumber(after)) {
				return other, how // "9, sorry, 10"
			}
			return v, how // "9, sorry, in a hurry"
		}
	}
	p := plain(text)
	if q.Kind == tickets.AskChoice {
		if i := exactly(q, text); i >= 0 && !strings.ContainsAny(text, "?¿") { // "open" may be a choice, and no wish to answer later
			return q.Choices[i].Value, clear
		}
	}
	if known().has("unknown", p) || known().has("unknown", without(p)) || known().has("unknown", strings.TrimSpace(text)) || leads(text,
		"unknown") && q.Kind != tickets.AskText {
		return "", silent
	}
	if q.Kind != tickets.AskText && q.Kind != tickets.AskEmail && undecided(q, text) {
		if len(words(text)) <= maxSilent {
			return "", silent
		}
		return "", unclear
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
	if q.Kind != tickets.AskText && q.Kind != tickets.AskEmail {
		if text = withoutAddresses(text); text == "" {
			return "", unclear
		}
	}
	if q.Kind != tickets.AskEmail {
		text = withoutQuestion(q, text, w)
	}
	if q.Kind == tickets.AskNumber && otherMoney(q, text) {
		return "", unclear
	}
	w = w.asking(q)
	switch q.Kind {
	case tickets.AskNumber:
		return numberTo(q, text, w)
	case tickets.AskYesNo:
		return yesNoTo(q, text)
	case tickets.AskChoice:
		return choiceIn(q, text)
	case tickets.AskDate:
		v, how := dateIn(text, w)
		if how == clear && refutes(text) {
			return "", unclear
		}
		return v, how
	case tickets.AskEmail:
		if w.from != "" && len(addresses(text)) == 0 && thisAddress(text) && !doubtful(text) && !negated(words(text)) &&
			!oneOf(words(text), "or", "oder", "ou", "o", "of") {
			return w.from, clear
		}
		return emailIn(text)
	}
	if saysNothing(q, text) {
		return "", silent
	}
	if asksNumber(q) && !hasDigit(text) {
		if ws := words(text); slices.ContainsFunc(ws, denies) {
			return "", silent // it has none
		} else if len(ws) > 2 && !allNames(text) {
			return "", unclear
		}
	}
	if hasDigit(text) && (identifying(q) || asksNumber(q)) && doubtsNumber(text) {
		return "", unclear // "88-1, I think"
	}
	if strings.HasSuffix(text, "?") || strings.HasPrefix(text, "¿") || pointsAway(q, text) {
		return "", unclear // a question back
	}
	if identifying(q) && !hasDigit(text) && (len(words(text)) > maxName/2 || wholly(p) != "" ||
		known().startsWith("intend", text) || known().phraseIn("notgiven", text)) {
		return "", unclear
	}
	if asked := words(joined(q.Ask)); len(words(text)) > 5 && known().phraseIn("severalare", firstWords(text, 4)) &&
		slices.ContainsFunc(asked, func(w string) bool { return known().has("identifier", w) }) {
		return "", unclear // of one thing that has a name they have two
	}
	return textOf(text), clear
}

// saysNothing reports whether free words say that there is nothing to say, or that somebody does
// not know, and nothing else: "no, nothing special", "the cause is still unclear".
func saysNothing(q *tickets.Question, text string) bool {
	p := plain(text)
	if known().has("notapplicable", p) || known().has("notapplicable", strings.ToLower(text)) {
		return true
	}
	n := len(words(text))
	if n <= maxSilent && (leads(text, "unknown") || known().phraseIn("dontknow", text)) ||
		q.Optional && n <= 2*maxSilent && leads(text, "dontknow") {
		return true
	}
	if n > 2*maxSilent {
		return false
	}
	sections := []string{"unknown", "dontknow"}
	if q.Optional {
		sections = []string{"nothingelse", "unknown", "dontknow", "nothing", "no", "noalone"}
	}
	rest := " " + p + " "
	for _, section := range sections {
		for _, phrase := range longestFirst(section) {
			rest = strings.ReplaceAll(rest, " "+phrase+" ", "  ")
		}
	}
	if len(rest) == len(p)+2 {
		return false
	}
	asked := words(joined(q.Ask))
	return !slices.ContainsFunc(strings.Fields(rest), func(w string) bool {
		return !known().has("filler", w) && !known().has("stop", w) && !known().has("particular", w) && !slices.Contains(asked, w)
	})
}

// maxSilent is how many words say that somebody does not know, and not something beside.
const maxSilent = 8

// identifying reports whether a question asks for a name or a number of something.
func identifying(q *tickets.Question) bool {
	return slices.ContainsFunc(words(joined(q.Ask)), func(w string) bool { return known().has("identifier", w) })
}

// asksNumber reports whether a question asks for a number of something, and for no name of it.
func asksNumber(q *tickets.Question) bool {
	if q.Kind != tickets.AskText || hasAny(words(joined(q.Ask)), "nameword") {
		return false
	}
	for _, ask := range q.Ask {
		if !namesNumber(ask) {
			return false
		}
	}
	return len(q.Ask) > 0
}

// allNames reports whether all words of a text have capitals, or stand between those of a name.
func allNames(text string) bool {
	return !slices.ContainsFunc(strings.Fields(text), func(w string) bool { return !capital(w) && !known().has("ofname", plain(w)) })
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
	return known().has(section, plain(first)) || known().has(section, without(plain(first)))
}

// emailIn returns the only address in a text.
func emailIn(text string) (string, reading) {
	found := addresses(text)
	if len(found) != 1 {
		return "", unclear
	}
	around := addressLike().ReplaceAllString(withoutOther(text), " ")
	if slices.ContainsFunc(words(around), denies) || known().phraseIn("except", around) || known().phraseIn("before", around) ||
		slices.ContainsFunc(words(around), func(w string) bool { return known().has("askthem", w) }) || known().phraseIn("maybe", around) ||
		strings.ContainsAny(around, "?¿") {
		return "", unclear // "not this one"
	}
	return found[0], clear
}

// withoutOther returns a text without a clause that only says which other address is not meant:
// "not the one at work".
func withoutOther(text string) string {
	var out []string
	for part := range strings.SplitSeq(text, ", ") {
		ws := words(part)
		if len(ws) > 2 && denies(ws[0]) && len(addresses(part)) == 0 && len(out) > 0 &&
			(known().has("determiner", ws[1]) || known().has("concerning", ws[1])) && !known().phraseIn("except", part) {
			continue
		}
		out = append(out, part)
	}
	return strings.Join(out, ", ")
}

// thisAddress reports whether a text names the address from which it was written: "the one I write
// from", "het adres waar ik nu vanaf mail".
func thisAddress(text string) bool {
	if known().phraseIn("thisaddress", text) || known().has("thisone", plain(text)) {
		return true
	}
	ws := words(shortened().ReplaceAllString(fold(text), ""))
	has := func(section string) bool {
		return slices.ContainsFunc(ws, func(w string) bool { return known().has(section, w) })
	}
	return len(ws) <= 12 && has("iwrite") && has("fromit") && has("theone") && !known().phraseIn("future", text)
}

// shortened finds a French or Italian word that has lost its end before a vowel.
var shortened = pattern(`\b(?:[djlmqst]|dell|all)'`)

// withoutAddresses returns a text without addresses of people and pages: a town may be in one.
func withoutAddresses(text string) string {
	return strings.TrimSpace(webLike().ReplaceAllString(addressLike().ReplaceAllString(text, " "), " "))
}

// webLike finds the addresses of pages.
var webLike = pattern(`(?:https?://|www\.)\S+`)

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
