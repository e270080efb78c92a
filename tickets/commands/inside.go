package commands

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"tierdesk/rules/pattern"
)

// maxBefore is how many words such as "PS", "FYI" and "only" may stand before the words that say
// for whom a text is.
const maxBefore = 4

var (
	// beforeNote is what stands before those words: "PS (internal): ...", "FYI only for us: ...",
	// "Note: for the team: ...".
	beforeNote = pattern.Late(`^(?:(?:p\.?\s?p?\.?\s?s\.?|n\.?\s?b\.?|fyi|btw|note|nota|info|hinweis|notiz|remark|attention|achtung|zur info|для справки)` +
		`(?:\s*[:.,;(\[–—-]+\s*|\s+)|(?:only|just|strictly|purely|nur|rein|streng|ausschließlich|seulement|strictement|uniquement|exclusivement` +
		`|solo|sólo|solamente|únicamente|exclusivamente|soltanto|esclusivamente|strettamente|apenas|somente|só|estritamente|alleen|enkel|strikt|uitsluitend` +
		`|endast|bara|enbart|kun|bare|tylko|wyłącznie|ściśle|jen|pouze|výhradně|только|исключительно|строго|лише|тільки|sadece|yalnızca|vain|csak|doar|numai)\s+` +
		`|仅限|仅供|僅限|僅供|只限|仅|僅|오직\s*)`)
	// behindNote is what stands behind them and says no more.
	behindNote = pattern.Late(`^(?:\s+(?:only|nur|uniquement|solamente|exclusivamente|soltanto|apenas|somente|endast|kun)` +
		`|のみ|限定|限り|限|만|전용)`)
	// labelled is what sets them apart in the middle of a text, where a dot or a slash does not.
	labelled = pattern.Late(`^\s*(?:[:：]|[–—]|-\s|[(\[（【][^)\]）】]{1,60}[)\]）】]\s*[:：–—-]|$)`)
	// hashtag is a word with a number sign: "it was late #internal".
	hashtag = pattern.Late(`(?:^|[\s(\[])[#＃](\pL[\pL\pM-]{3,})(?:[\s.,:;!)\]]|$)`)
	// insideLabel and outsideLabel: who lists both sides of a network marks nothing.
	insideLabel  = pattern.Late(`(?i)^\PL*(?:intern\pL*|inside|wewn\pL*|vnitř\pL*|внутр\pL*)\s*[:：]`)
	outsideLabel = pattern.Late(`(?i)^\PL*(?:extern\pL*|extérieur\pL*|exterior\pL*|outside|zewn\pL*|vnějš\pL*|внешн\pL*)\s*[:：]`)
)

// insideStem is what words of the house begin with, in languages that write them as one.
var insideStem = pattern.Late(`社内|社外秘|内部|內部|내부|사내|внутр|служеб|внатр|унутр|вътреш|wewn|vnitřn|intern|dahili|σωτερικ|פנימי|داخلي|داخلی|bels|sisäi|sisemi|iekšēj|vidini|dalaman|ภายใน|आंतरिक`)

// InsideSignature returns the doubt about a note that stands in what was cut off as a signature:
// nobody would get it. The label of a house, "Internal", is none, nor is that of an extension, an
// address or a page.
func InsideSignature(signature string, opt Options) []Doubt {
	for _, raw := range splitLines(signature) {
		line := clean(raw)
		reached := strings.ContainsAny(line, "@0123456789") || strings.Contains(line, "://")
		if !reached && strings.ContainsAny(line, ":：") && marksInside(line, &opt) && !colonAtEnd().MatchString(line) {
			return []Doubt{{Text: clip(raw), Reason: LikeNote, Nearest: "/" + string(Note)}}
		}
	}
	return nil
}

var colonAtEnd = pattern.Late(`[:：]\W*$`)

// marksInside reports whether a line begins with words that by themselves say that a text is for
// the house, behind what may stand before them. Less is taken for that than at the beginning of a
// text: a "Note:" further down is the customer's.
func marksInside(line string, opt *Options) bool {
	rest, opened := strings.ToLower(line), false
	for range maxBefore {
		at := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
		if at < 0 {
			return false
		}
		opened = opened || strings.ContainsAny(rest[:at], openers)
		rest = rest[at:]
		for _, w := range noteTexts() {
			behind, found := strings.CutPrefix(rest, w)
			if !found || !insideWord().MatchString(w) && !insideStem().MatchString(w) {
				continue
			}
			behind = behind[len(behindNote().FindString(behind)):]
			if opened && closed().MatchString(behind) || labelled().MatchString(behind) && !number(behind) ||
				setApart().MatchString(behind) && strings.HasPrefix(behind, " ") && apart(line, behind, true, opt) {
				return true
			}
		}
		before := beforeNote().FindString(rest)
		if before == "" {
			return false
		}
		opened = opened || strings.ContainsAny(before, openers)
		rest = rest[len(before):]
	}
	return false
}

// aside reports whether a line holds a note in brackets behind other words: "It comes. (internal:
// she never pays)". What has less than three words in it names a thing: "(internal: SSD)".
func aside(line string, opt *Options) bool {
	for range maxAsides {
		at := strings.IndexAny(line, "([（【")
		if at < 0 {
			return false
		}
		end := strings.IndexAny(line[at:], ")]）】")
		if end < 0 {
			end = len(line) - at
		}
		if in := line[at : at+end]; strings.ContainsAny(in, ":：–—") && len(strings.Fields(in)) > 3 && marksInside(in, opt) {
			return true
		}
		line = line[at+1:]
	}
	return false
}

// maxAsides is how many brackets of a line are looked into.
const maxAsides = 5

var (
	// replyMark stands before the subject of a reply, in any language.
	replyMark = pattern.Late(`^\pL{1,12}(?:\[\d+\])?\s?[:：]\s*`)
	// bracketed is a word in brackets: "[internal]".
	bracketed = pattern.Late(`[\[(（【]\s*(\pL[\pL\pM '’-]{0,40}?)\s*[\])）】]`)
)

// noteInSubject returns what says in a subject that a mail is a note: "note: printer", "printer
// [internal]". It returns "" if nothing does.
func noteInSubject(subject string, opt *Options) string {
	for _, m := range bracketed().FindAllStringSubmatch(subject, 5) {
		for _, w := range noteTexts() {
			if strings.EqualFold(m[1], w) {
				return m[0]
			}
		}
	}
	for rest, n := subject, 0; n <= 3; n++ {
		mark := replyMark().FindString(rest)
		if mark == "" {
			break
		}
		if beginsAsNote(strings.TrimSpace(mark), opt) {
			return strings.TrimSpace(mark)
		}
		rest = rest[len(mark):]
	}
	return ""
}

// number reports whether what stands behind a label begins with a number: "Intern: 10.0.0.1".
func number(behind string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(behind, " :：-–—+(\u00a0"))
	return unicode.IsNumber(r)
}

// tagsNote reports whether a line holds a word for note as a tag. Code has such words too.
func tagsNote(line string) bool {
	if !strings.ContainsAny(line, "#＃") || strings.ContainsAny(line, "{};=") {
		return false
	}
	for _, m := range hashtag().FindAllStringSubmatch(line, -1) {
		word := foldWord(m[1])
		for _, w := range noteTexts() {
			if word == foldWord(w) {
				return true
			}
		}
	}
	return false
}

// customerFile has how people say that a customer is not to be told or sent something, one language
// a line: a regular expression.
//
//go:embed nottocustomer.txt
var customerFile string

var notToCustomer = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("(?i)" + pattern.OfLanguages(customerFile)) })

// customerWords are parts of the words for a customer: hardly a line holds one.
var customerWords = []string{"customer", "client", "kund", "klient", "klant", "zákazn", "клиент", "клієнт", "заказчик",
	"müşteri", "客", "고객", "asiak",
	"intern", "in-house", "off the record", "between us", "between ourselves", "unter uns", "entre nous"}

// keepsFromCustomer reports whether a line says that the customer is not to have something.
func keepsFromCustomer(line string) bool {
	low := strings.ToLower(line)
	for _, w := range customerWords {
		if strings.Contains(low, w) {
			return notToCustomer().MatchString(low[:min(len(low), 2000)])
		}
	}
	return false
}
