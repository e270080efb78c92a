// Package day owns how people write days, and which one a text means. It must never know a form: of
// a question it gets the words and whether it asks for what was or what is to come.
package day

import (
	"slices"
	"strings"
	"time"

	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/yesno"
)

// Context is what a day, or a number, in a text depends on.
type Context struct {
	Now      time.Time // when the mail was written, in its reader's time zone
	Language string    // of the mail, ISO 639-1; "" if it is not known

	Asked  string // the question, in all its languages
	Past   bool   // it is about what has been
	Coming bool   // it is about what is to come
	until  bool   // it asks until when
	Birth  bool   // it asks when somebody was born
}

// BaseLanguage returns the language of the mail without its country.
func (w Context) BaseLanguage() string { return lexicon.BaseLanguage(w.Language) }

// For returns the same for the answer to a question: its words and, if it asks for a day,
// whether for one that was or one to come.
func (w Context) For(ask map[string]string, day bool) Context {
	w.Asked = lexicon.Joined(ask)
	w.Past, w.Coming, w.Birth = false, false, day && lexicon.PhraseIn("birth", w.Asked)
	if day {
		w.Past, w.Coming = tense(ask)
	}
	w.until = lexicon.PhraseIn("untilwhen", w.Asked)
	return w
}

// Found is a date in a text, with where it stands.
type Found struct {
	From, To int
	Date     time.Time
	unsure   bool
	relative bool // by a weekday or a word like "yesterday" alone
}

// Read returns the only date in a text, as 2006-01-02.
func Read(text string, w Context) (string, reading.State) {
	text = mendedDay(text)
	if w.Birth {
		text = bornFrench().ReplaceAllString(text, "$1 ") // "née" is no Dutch no
	}
	if clause.Doubtful(text) {
		return "", reading.Unclear
	}
	if slices.ContainsFunc(clause.Of(text), func(c clause.Clause) bool {
		_, month := lexicon.Section("month")[c.Text] // mai
		return yesno.Exactly(c.Text) == yesno.No && !month
	}) {
		return "", reading.Unclear // "1 April, no, the 2nd"
	}
	hasBeen := w.Past
	w.Past = w.Past || !w.Coming && lexicon.PhraseIn("past", text) // from: "dal 20 marzo"
	if end, ok := lastDay(text, w); ok && w.until {
		return end.Format("2006-01-02"), reading.Clear
	}
	if lexicon.Has("atonce", lexicon.Plain(text)) && lexicon.PhraseIn("fromwhen", w.Asked) {
		return w.Now.Format("2006-01-02"), reading.Clear
	}
	all := All(text, w)
	if len(all) == 0 || len(all) > maxDates {
		return "", reading.Unclear
	}
	text = byTrain().ReplaceAllString(text, "")
	if s := Normalize(text); movedAway(s, all, w) || otherWeekday(s, all) || otherDay(s, all, w) {
		return "", reading.Unclear
	}
	for _, d := range all {
		if d.unsure || !d.Date.Equal(all[0].Date) || w.Birth && !aYearIn().MatchString(text) ||
			hasBeen && d.relative && d.Date.After(w.Now) || w.Past && d.Date.After(w.Now.AddDate(0, 0, 1)) {
			return "", reading.Unclear
		}
	}
	return all[0].Date.Format("2006-01-02"), reading.Clear
}

// maxDates is how many dates a text may name that tells one, and maxDated how long it may be:
// around each of them all words are weighed.
const (
	maxDates = 8
	maxDated = 4000
)

// aYearIn finds what may be a year, without which nobody knows when somebody was born.
var aYearIn = lexicon.Pattern(`(?:19|20)\d\d|\d\s?[-./]\s?\d{1,2}\s?[-./]\s?\d\d\b`)

var bornFrench = lexicon.Pattern(`(?i)(^|[\s,])née?s? `)

// mendedDay returns a text of few words in which a slip of a weekday is written as that is:
// "Freitga". "Fridays" is none.
func mendedDay(text string) string {
	ws := strings.Fields(text)
	if len(ws) > 3 {
		return text
	}
	for i, word := range ws {
		w := lexicon.Plain(word)
		if len(w) < 6 || lexicon.HasDigit(w) || lexicon.Has("weekday", w) || lexicon.Has("day", w) || lexicon.Has("month", w) {
			continue
		}
		meant, n := "", 0
		for name := range lexicon.Section("weekday") {
			if len(name) > 5 && !strings.HasPrefix(w, name) && lexicon.Slip(w, name, 1) {
				meant = name
				n++
			}
		}
		if n == 1 {
			ws[i] = meant
		}
	}
	return strings.Join(ws, " ")
}

// begin returns where the first letter or digit of a date stands in its text.
func (d Found) begin(s string) int {
	return d.From + max(0, strings.IndexFunc(s[d.From:d.To], func(r rune) bool { return lexicon.IsLetter(r) || r >= '0' && r <= '9' }))
}

// movedAway reports whether the words around a date make it another day, several or none: "not
// tomorrow", "two days before 3 March", "1.-3. April", "every Monday", "Friday before last".
func movedAway(s string, all []Found, w Context) bool {
	if twoYears().MatchString(s) || slices.ContainsFunc(all, func(d Found) bool { return d.moved(s, w) }) || beginBetween(s, all) {
		return true
	}
	dated := slices.ContainsFunc(all, func(d Found) bool { return !d.relative })
	return !dated && (lexicon.PhraseIn("faraway", s) || hasMonth(s))
}

// moved reports whether what stands around one date makes it another day, several or none.
func (d Found) moved(s string, w Context) bool {
	from, behind := d.begin(s), s[d.To:]
	if rangeBefore().MatchString(s[:from]) || rangeBehind().MatchString(" "+s[from:d.To]+" "+behind) {
		return true
	}
	if eitherBehind(behind) {
		return true
	}
	before, after := clauseAround(s, d)
	if !w.Past && slices.ContainsFunc(lexicon.Words(before+" "+after), clause.Denies) {
		return true
	}
	return movedBy(lexicon.Words(s[:from]), w)
}

// movedBy reports whether the words before a date make it another day: "not on", "every", "before
// the", "on the first or second of".
func movedBy(front []string, w Context) bool {
	for len(front) > 0 && lexicon.Has("article", front[len(front)-1]) {
		front = front[:len(front)-1]
	}
	n := len(front)
	if n == 0 {
		return false
	}
	last := front[n-1]
	switch {
	case clause.Denies(last), n == 2 && clause.Denies(front[0]), lexicon.Has("every", last):
		return true
	case lexicon.Has("shift", last) && !(w.until && lexicon.Has("untilword", last)):
		return true
	}
	return n > 1 && lexicon.Has("range", last) && lexicon.Section("dayordinal")[front[n-2]] > 0
}

// beginBetween reports whether a word for between stands before a date: two hours of a day stand
// behind theirs.
func beginBetween(s string, all []Found) bool {
	for phrase := range lexicon.Section("between") {
		for at := range lexicon.Occurrences(s, phrase) {
			if slices.ContainsFunc(all, func(d Found) bool { return d.From > at }) {
				return true
			}
		}
	}
	return false
}

// hasMonth reports whether a text has the name of a month in it that is no abbreviation.
func hasMonth(s string) bool {
	return slices.ContainsFunc(lexicon.Words(s), func(word string) bool {
		_, ok := lexicon.Section("month")[word]
		return ok && len(word) > 4
	})
}

// HasMonth reports whether a text names a month, in words or in digits.
func HasMonth(text string) bool {
	return digitMonth().MatchString(text) || slices.ContainsFunc(lexicon.Words(text), func(word string) bool {
		_, ok := lexicon.Section("month")[word]
		return ok
	})
}

var digitMonth = lexicon.Pattern(`\d\s?[./-]\s?\d`)

// rangeBefore and rangeBehind find the other day of "1.-3. April" and "April 1-3".
var (
	rangeBefore = lexicon.Pattern(`\d{1,2}(?:st|nd|rd|th|er|e|de|o|a|°|\.|\.\d{1,2}\.)?\s?(?:-|–|/|&|or|oder|ou|o|of|to|bis|al|au|tot|and|und|et|y|e|en)\s?(?:the |den |dem |le |el |il |de )?$`)
	rangeBehind = lexicon.Pattern(`\pL{3,}\.? \d{1,2}(?:st|nd|rd|th)?\s?(?:-|–|/|&|\bor|\bto|\band)\s?\d{1,2}\b`)
)

// twoYears finds a choice of years: "in 2025 or 2026". yearBehind and wordBehind find what may
// stand behind a date in the place of a part of it: "3 May 1980 or 1981", "1 March or April".
var (
	twoYears   = lexicon.Pattern(`(?:^|\D)(?:19|20)\d\d\s?(?:or|oder|ou|o|of)\s(?:in |im |en |nel )?(?:(?:19|20)?\d\d)(?:\D|$)`)
	yearBehind = lexicon.Pattern(`^\s?(?:(?:/|or|oder|ou|o|of)\s?(?:in |im |en |nel )?(?:19|20)\d\d|(?:/|(?:or|oder|ou|o|of)\s)'?\d\d)(?:[\s,;!?)]|\.?$)`)
	wordBehind = lexicon.Pattern(`^\s?(?:/|or|oder|ou|o|of)\s?(\pL{3,})`)
)

// eitherBehind reports whether what stands behind a date puts another year or month beside its own.
func eitherBehind(behind string) bool {
	if yearBehind().MatchString(behind) {
		return true
	}
	m := wordBehind().FindStringSubmatch(behind)
	return m != nil && lexicon.Section("month")[m[1]] > 0
}

// otherWeekday reports whether a text has a weekday on which none of its dates is: "Monday three
// weeks ago" is no Tuesday.
func otherWeekday(s string, all []Found) bool {
	for name, weekday := range lexicon.Section("weekday") {
		for range lexicon.Occurrences(s, name) {
			if len(name) > 3 && !slices.ContainsFunc(all, func(d Found) bool { return int(d.Date.Weekday()) == weekday }) {
				return true
			}
		}
	}
	return false
}
