package day

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tierdesk/tickets/answers/lexicon"
)

// All returns all dates in a text. What is written in several ways at once, "yesterday, 3 May",
// is found as often.
func All(text string, w Context) []Found {
	if len(text) > maxDated {
		return nil
	}
	today := time.Date(w.Now.Year(), w.Now.Month(), w.Now.Day(), 0, 0, 0, 0, time.UTC)
	f := finder{calendar: calendar{w, today}, s: Normalize(text)}
	f.yearFirst() // each takes no letter of what those before it have found
	f.dayBeforeMonth()
	f.monthBeforeDay()
	f.inNumbers()
	f.ago()
	f.inSpan()
	f.dayAlone()
	if w.Past {
		f.forSpan()
		f.shortWeekday()
	}
	f.weekdayWithDay()
	f.found = append(f.found, f.weekdays()...)
	f.byWord()
	return f.found
}

// finder finds the dates of a text, one way of writing them after the other.
type finder struct {
	calendar
	s     string // normalized
	found []Found
}

// free reports whether nothing has been found in a part of the text.
func (f *finder) free(from, to int) bool {
	return !slices.ContainsFunc(f.found, func(d Found) bool { return from < d.To && d.From < to })
}

// add adds a date, if it is valid and its place is free.
func (f *finder) add(from, to int, d time.Time, valid, sure bool) {
	if valid && f.free(from, to) {
		f.found = append(f.found, Found{from, to, d, !sure, false})
	}
}

// yearFirst finds 2026-12-01 and 20261201.
func (f *finder) yearFirst() {
	for _, re := range []*regexp.Regexp{isoDate(), compact()} {
		for _, m := range matches(re, f.s) {
			d, valid := dateOf(m.number(1), m.number(2), m.number(3))
			f.add(m.from(), m.to(), d, valid, true)
		}
	}
}

// dayBeforeMonth finds "1 December 2026", and without its year.
func (f *finder) dayBeforeMonth() {
	for _, m := range matches(dayMonth(), f.s) {
		f.addNamed(m, m.number(1), m.group(2), m.number(3), m.group(3) != "" || !shortYear().MatchString(m.behind()))
	}
}

// monthBeforeDay finds "December 1, 2026", and without its year.
func (f *finder) monthBeforeDay() {
	for _, m := range matches(monthDay(), f.s) {
		f.addNamed(m, m.number(2), m.group(1), m.number(3), true)
	}
}

// addNamed adds a date whose month is a word.
func (f *finder) addNamed(m match, date int, word string, year int, sure bool) {
	month, ok := monthOf(word, f.Context)
	if !ok {
		return
	}
	d, valid, certain := f.nearestYear(year, month, date)
	f.add(m.from(), m.to(), d, valid, certain && sure && lexicon.MeaningIn(word, f.Language) == lexicon.Listed)
}

// monthOf returns the month that a word is, unless it is another word in the language of the mail.
func monthOf(word string, w Context) (int, bool) {
	n, ok := lexicon.Section("month")[word]
	return n, ok && lexicon.MeaningIn(word, w.Language) != lexicon.OtherWord
}

// inNumbers finds 1.12., 01/12/26 and the like.
func (f *finder) inNumbers() {
	for _, m := range matches(numberDate(), f.s) {
		if m.group(4) == "" && f.noDate(m) {
			continue
		}
		d, valid, sure := f.numeric(m.number(1), m.number(3), m.number(4), m.group(2))
		f.add(m.at[2], m.to(), d, valid, sure)
	}
}

// noDate reports whether two numbers without a year are no date: "3.5", "version 9.2", "um 8.10
// Uhr".
func (f *finder) noDate(m match) bool {
	ordered := germanic(f.Language)
	switch sign := m.group(2); {
	case sign == "." && m.group(5) == "" && !ordered:
		return true
	case sign == "-" && (m.number(1) < 13 || !ordered):
		return true
	}
	return lexicon.Has("versionlike", lexicon.LastWord(f.s[:m.at[2]])) || lexicon.Has("oclock", lexicon.FirstWord(m.behind()))
}

// ago finds "two weeks ago".
func (f *finder) ago() {
	for _, re := range []*regexp.Regexp{agoBefore(), agoBehind()} {
		for _, m := range matches(re, f.s) {
			f.addSpan(m, -1, !roughly(f.s[:m.from()]))
		}
	}
}

// inSpan finds "in two weeks".
func (f *finder) inSpan() {
	for _, m := range matches(inFuture(), f.s) {
		f.addSpan(m, 1, true)
	}
}

// forSpan finds "for three days".
func (f *finder) forSpan() {
	for _, m := range matches(forLength(), f.s) {
		f.addSpan(m, -1, true)
	}
}

// addSpan adds the day that is a length of time away, its number and unit being the groups of a
// match. The sign is -1 for one that has been.
func (f *finder) addSpan(m match, sign int, sure bool) {
	n, ok := count(m.group(1))
	unit := unitDays[m.group(2)]
	f.add(m.from(), m.to(), f.today.AddDate(0, 0, sign*n*unit), ok && unit > 0, sure)
}

// dayAlone finds "since the 3rd", where nothing else is said.
func (f *finder) dayAlone() {
	if !f.Past && !f.Coming {
		return
	}
	for _, m := range matches(onlyDay(), f.s) {
		d, valid := f.nearest(31, func(d time.Time) bool { return d.Day() == m.number(1) })
		f.add(m.from(), m.to(), d, valid, true)
	}
}

// shortWeekday finds "since Fri.", where nothing else is said.
func (f *finder) shortWeekday() {
	ws := strings.Fields(lexicon.Plain(f.s))
	if len(ws) == 0 || len(ws) > 3 || len(ws) > 1 && !lexicon.PhraseIn("past", f.s) && !lexicon.PhraseIn("last", f.s) {
		return
	}
	weekday, valid := lexicon.Section("shortday " + f.BaseLanguage())[ws[len(ws)-1]]
	f.add(0, len(f.s), f.last(weekday), valid, true)
}

// weekdayWithDay finds "Monday the 20th": the nearest day that is both.
func (f *finder) weekdayWithDay() {
	for _, m := range matches(weekdayDay(), f.s) {
		weekday, ok := lexicon.Section("weekday")[m.group(1)]
		next := lexicon.FirstWord(" " + strings.TrimLeft(f.s[m.at[5]:], " "))
		if !ok || lexicon.Has("oclock", next) || next == "am" || next == "pm" {
			continue
		}
		d, sure := f.nearest(92, func(d time.Time) bool { return d.Day() == m.number(2) && int(d.Weekday()) == weekday })
		f.add(m.from(), m.to(), d, true, sure) // there may be none
	}
}

// byWord finds "yesterday" and the like.
func (f *finder) byWord() {
	for _, phrase := range lexicon.LongestFirst("day") {
		meant := lexicon.MeaningIn(phrase, f.Language)
		if meant == lexicon.OtherWord {
			continue
		}
		for from := range lexicon.Occurrences(f.s, phrase) {
			if isMorning(f.s[:from], phrase) {
				continue
			}
			f.add(from, from+len(phrase), f.today.AddDate(0, 0, lexicon.Section("day")[phrase]), true, meant == lexicon.Listed)
			if n := len(f.found); n > 0 && f.found[n-1].From == from {
				f.found[n-1].relative = true
			}
		}
	}
}

// isMorning reports whether a word for tomorrow is one for the morning, by what stands before it:
// "guten Morgen", "am Morgen", "gestern morgen", "por la mañana".
func isMorning(before, word string) bool {
	switch word {
	case "morgen":
		return lexicon.Has("morningof", lexicon.LastWord(before)) && strings.HasSuffix(before, " ")
	case "manana":
		return strings.Contains(before[max(0, len(before)-3):], "la ")
	}
	return false
}

// match is a place where a pattern stands in a text.
type match struct {
	s  string
	at []int // from and to, of the whole and of each group
}

// matches returns where a pattern stands in a text.
func matches(re *regexp.Regexp, s string) []match {
	var out []match
	for _, at := range re.FindAllStringSubmatchIndex(s, -1) {
		out = append(out, match{s, at})
	}
	return out
}

func (m match) from() int { return m.at[0] }

func (m match) to() int { return m.at[1] }

// behind returns the text behind a match.
func (m match) behind() string { return m.s[m.to():] }

// group returns the text of a group, "" if it is not there.
func (m match) group(i int) string {
	if m.at[2*i] < 0 {
		return ""
	}
	return m.s[m.at[2*i]:m.at[2*i+1]]
}

// number returns the number of a group, 0 if it is not there.
func (m match) number(i int) int {
	n, _ := strconv.Atoi(m.group(i))
	return n
}

// Dates as people write them. Groups are named by what they hold.
var (
	isoDate    = lexicon.Pattern(`\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b`)
	compact    = lexicon.Pattern(`\b(20\d{2})([01]\d)([0-3]\d)\b`)
	numberDate = lexicon.Pattern(`(?:^|[^\d.,/-])(\d{1,2})\s?([./-])\s?(\d{1,2})(?:\s?[./-]\s?(\d{4}|\d{2}))?(\.?)(?:$|[^\d/-])`)
	dayMonth   = lexicon.Pattern(`(?:^|[^\d])(\d{1,2})(?:st|nd|rd|th|er|e|º|°|\.)?[\s/-]*(?:of\s+|de\s+|d['’])?\s*(\p{L}{3,})\.?(?:,?[\s/-]*(?:de\s+|del\s+)?(\d{4}))?`)
	monthDay   = lexicon.Pattern(`(\p{L}{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s*(\d{4}))?(?:$|[^\d:])`)
	agoBefore  = lexicon.Pattern(`(?:\b(?:vor|il y a|hace))\s+(?:genau |exakt |exactement |juste |justo |exactamente )?(\p{L}+|\d+)\s+(\p{L}+)`)
	agoBehind  = lexicon.Pattern(`(\p{L}+|\d+)\s+(\p{L}+)\s+(?:ago|fa|geleden)\b(?: today| heute| oggi| vandaag)?`)
	weekdayDay = lexicon.Pattern(`(\p{L}+)[, ]\s*(?:the |den |dem |el |le |il |de )?(\d{1,2})(?:st|nd|rd|th|\.)?(?:$|[^\d:./-])`)
	forLength  = lexicon.Pattern(`\b(?:for|seit|depuis|da|desde hace|sinds)\s+(\p{L}+|\d+)\s+(\p{L}+)`)
	onlyDay    = lexicon.Pattern(`^(?:since|on|seit|am|depuis|desde|dal?|sinds|op)?\s?(?:the|dem|den|le|el|il|de)\s(\d{1,2})(?:st|nd|rd|th|e|\.)?$`)
	daytime    = lexicon.Pattern(`\b(montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)` +
		`s? ?(?:nachmittag|vormittag|abend|mittag|fruh|nacht|morgen|ochtend|middag|namiddag|avond)\b`)
	byTrain  = lexicon.Pattern(`\bby (?:train|car|plane|bus|bike|rail|air|taxi|coach|ferry)\b`)
	inFuture = lexicon.Pattern(`\b(?:in|dans|en|tra|fra|over)\s+(\p{L}+|\d+)\s+(\p{L}+)`)
)

// unitDays are lengths of time in days, folded.
var unitDays = map[string]int{
	"day": 1, "days": 1, "week": 7, "weeks": 7, "tag": 1, "tagen": 1, "tage": 1, "woche": 7, "wochen": 7,
	"jour": 1, "jours": 1, "semaine": 7, "semaines": 7, "dia": 1, "dias": 1, "semana": 7, "semanas": 7,
	"giorno": 1, "giorni": 1, "settimana": 7, "settimane": 7, "dag": 1, "dagen": 1, "weken": 7,
}

// Normalize returns a text folded, its lines joined, with the signs that dates are made of; a
// hyphen between letters is a blank.
func Normalize(s string) string {
	return withDigits(daytime().ReplaceAllString(hyphens().ReplaceAllString(strings.Join(strings.Fields(lexicon.Fold(s)), " "), "$1 $2"),
		"$1"))
}

// withDigits returns a folded text with the days of months in digits: "the first of April".
func withDigits(s string) string {
	ws := strings.Split(s, " ")
	for i := 0; i+1 < len(ws); i++ {
		month := strings.Trim(ws[i+1], ".,;:!)")
		if i+2 < len(ws) && slices.Contains([]string{"of", "de", "di", "van"}, month) {
			month = strings.Trim(ws[i+2], ".,;:!)")
		}
		if _, ok := lexicon.Section("month")[month]; !ok {
			continue
		}
		if n, ok := lexicon.Section("dayordinal")[ws[i]]; ok {
			if i > 0 && n < 10 {
				if tens := lexicon.Section("number")[ws[i-1]]; tens == 20 || tens == 30 { // twenty first
					ws[i-1], n = "", tens+n
				}
			}
			ws[i] = strconv.Itoa(n)
			continue
		}
		if stem, ok := strings.CutSuffix(ws[i], "sten"); ok { // einundzwanzigsten
			if n, ok := lexicon.NumberNamed(stem); ok && n > 20 && n <= 31 {
				ws[i] = strconv.Itoa(n)
			}
		}
	}
	return strings.Join(ws, " ")
}

// roughly reports whether what stands before a length of time makes it another one: "more than",
// "about", "two or".
func roughly(front string) bool {
	ws := lexicon.Words(front)
	if len(ws) == 0 {
		return false
	}
	last := ws[len(ws)-1]
	_, counted := lexicon.NumberNamed(last)
	if counted || lexicon.Has("about", last) || lexicon.Has("vague", last) || lexicon.Has("more", last) {
		return true
	}
	if len(ws) > 1 && lexicon.Has("range", last) {
		if _, counted = lexicon.NumberNamed(ws[len(ws)-2]); counted {
			return true
		}
	}
	said := " " + strings.Join(ws, " ")
	for phrase := range lexicon.Section("bound") {
		if strings.HasSuffix(said, " "+phrase) {
			return true
		}
	}
	return false
}

// shortYear is what may be a year behind a month: "12 March 65".
var shortYear = lexicon.Pattern(`^,? ?'?\d{2}(?:[.,;)]|$)`)

var hyphens = lexicon.Pattern(`(\pL)-(\pL)`)

// germanic reports whether 1.12. is how a language writes a day without its year.
func germanic(language string) bool {
	return strings.HasPrefix(language, "de") || strings.HasPrefix(language, "nl")
}

// count returns a number in digits or words.
func count(s string) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, n < 1000
	}
	n, ok := lexicon.Section("number")[s]
	return n, ok
}
