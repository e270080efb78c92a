package number

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
)

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
		return []numeral{numeralAt(text, found[0])}
	}
	ws := lexicon.JoinNumbers(lexicon.Words(text))
	for i, word := range ws {
		if n, ok := lexicon.NumberNamed(word); ok && (n != 1 || i == 0) && len(found) == 0 {
			return []numeral{{text: text, front: ws[:i], behind: ws[i+1:]}}
		}
	}
	return nil
}

// numeralAt returns the number that stands in digits at a place of a text.
func numeralAt(text string, at []int) numeral {
	n := numeral{text: text, digits: strings.TrimRight(text[at[0]:at[1]], " .,'’\u00a0\u202f"), before: text[:at[0]]}
	n.after = text[at[0]+len(n.digits):]
	n.front, n.behind = lexicon.Words(n.before), lexicon.Words(n.after)
	return n
}

// scaled reports whether what stands right behind a number makes it a larger one: "4Mio", "12 T€".
func (n numeral) scaled() bool {
	return lexicon.Has("scale", unit(n.after)) || inT().MatchString(n.after)
}

// ofSomethingElse reports whether a number is a part of something else: "X-4711", "10:30".
func (n numeral) ofSomethingElse() bool {
	before, _ := utf8.DecodeLastRuneInString(n.before)
	after, _ := utf8.DecodeRuneInString(n.after)
	switch {
	case lexicon.IsLetter(before), before == '-', before == '/', before == '#', after == '/', after == ':':
		return true
	case after == '-':
		return len(n.after) > 1 && n.after[1] >= '0'
	}
	return lexicon.IsLetter(after) && unit(n.after) == "" && !thousands().MatchString(n.after)
}

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
	if lexicon.PhraseIn("nowadays", rest) && (lexicon.AnyIn("more", n.behind) || lexicon.AnyIn("everybody", n.behind)) {
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
	if len(n.behind) > 0 && lexicon.Has("others", n.behind[0]) || lexicon.Has("others", n.last()) {
		return true
	}
	if k := len(n.front); k > 1 && lexicon.Has("with", n.front[k-1]) && lexicon.Has("myself", n.front[k-2]) {
		return true
	}
	rest := strings.Join(n.behind, " ")
	return lexicon.AnyIn("myself", n.behind) &&
		(lexicon.PhraseIn("except", rest) || lexicon.PhraseIn("withoutit", rest) || lexicon.PhraseIn("beside", rest))
}

// measures reports whether what stands beside a number says that it measures what the question does
// not ask for: a price, a share, a time, a storey, a person.
func (n numeral) measures(wording string) bool {
	asked := lexicon.Words(wording)
	if AsksAge(wording) && len(n.behind) > 0 && lexicon.Section("span")[n.behind[0]] == lexicon.SpanYear {
		return Lasts(n.text) // "9 years", but not "for 9 years"
	}
	return n.isPrice(wording, asked) || n.isShare(wording, asked) || n.isSpan(asked) || n.isTime() ||
		n.isStoreyOrPeople(wording, asked) || n.ordinal()
}

// AsksAge reports whether a question asks how old somebody is.
func AsksAge(wording string) bool { return lexicon.PhraseIn("askage", wording) }

// Lasts reports whether a text says for how long, or since when, something is or was.
func Lasts(text string) bool {
	return lexicon.HasAny(lexicon.Words(text), "sinceword") || lexicon.PhraseIn("agospan", text) || lexicon.PhraseIn("formerly", text) ||
		lexicon.HasAny(lexicon.Words(text), "grown")
}

// next returns the two words behind a number.
func (n numeral) next() []string { return n.behind[:min(2, len(n.behind))] }

// last returns the word before a number, "" if there is none.
func (n numeral) last() string {
	if len(n.front) == 0 {
		return ""
	}
	return n.front[len(n.front)-1]
}

// isPrice reports whether a number is one of money, where a question counts things.
func (n numeral) isPrice(wording string, asked []string) bool {
	money := strings.ContainsAny(n.text, "€$£") || lexicon.Has("money", n.last()) || lexicon.AnyIn("money", n.next())
	return money && counting(wording) && !asksMoney(asked)
}

func asksMoney(asked []string) bool {
	return lexicon.AnyIn("money", asked) || lexicon.AnyIn("amount", asked)
}

// isShare reports whether a number is a share for which the question does not ask.
func (n numeral) isShare(wording string, asked []string) bool {
	share := strings.HasPrefix(strings.TrimSpace(n.after), "%") || lexicon.AnyIn("share", n.next())
	return share && !lexicon.AnyIn("share", asked) && !strings.Contains(wording, "%")
}

// isSpan reports whether a number is a length of time for which the question does not ask.
func (n numeral) isSpan(asked []string) bool {
	spans := lexicon.Section("span")
	for _, word := range n.next() {
		group := spans[word]
		if group != 0 && !slices.ContainsFunc(asked, func(w string) bool { // "Betriebsstunden"
			return spans[w] == group || group == 1 && len(word) > 2 && strings.Contains(w, word)
		}) {
			return true
		}
	}
	return false
}

// isTime reports whether a number is an hour of the day: "8am", "at 8".
func (n numeral) isTime() bool {
	return strings.HasPrefix(n.after, "am") || len(n.behind) == 0 && lexicon.Has("clockat", n.last())
}

// isStoreyOrPeople reports whether a number is a storey, or counts people, and the question asks
// for neither.
func (n numeral) isStoreyOrPeople(wording string, asked []string) bool {
	if len(n.behind) == 0 {
		return false
	}
	thing := n.behind[0]
	return lexicon.Has("storey", thing) && !slices.Contains(asked, thing) ||
		(counting(wording) || asksMoney(asked)) && lexicon.Has("people", thing) && !lexicon.AnyIn("people", asked)
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
