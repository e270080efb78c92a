package answers

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Dates as people write them. Groups are named by what they hold.
var (
	isoDate    = pattern(`\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b`)
	compact    = pattern(`\b(20\d{2})([01]\d)([0-3]\d)\b`)
	numberDate = pattern(`(?:^|[^\d.,/-])(\d{1,2})\s?([./-])\s?(\d{1,2})(?:\s?[./-]\s?(\d{4}|\d{2}))?(\.?)(?:$|[^\d/-])`)
	dayMonth   = pattern(`(?:^|[^\d])(\d{1,2})(?:st|nd|rd|th|er|e|º|°|\.)?[\s/-]*(?:of\s+|de\s+|d['’])?\s*(\p{L}{3,})\.?(?:,?[\s/-]*(?:de\s+|del\s+)?(\d{4}))?`)
	monthDay   = pattern(`(\p{L}{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s*(\d{4}))?(?:$|[^\d:])`)
	agoBefore  = pattern(`(?:\b(?:vor|il y a|hace))\s+(?:genau |exakt |exactement |juste |justo |exactamente )?(\p{L}+|\d+)\s+(\p{L}+)`)
	agoBehind  = pattern(`(\p{L}+|\d+)\s+(\p{L}+)\s+(?:ago|fa|geleden)\b(?: today| heute| oggi| vandaag)?`)
	weekdayDay = pattern(`(\p{L}+)[, ]\s*(?:the |den |dem |el |le |il |de )?(\d{1,2})(?:st|nd|rd|th|\.)?(?:$|[^\d:./-])`)
	forSpan    = pattern(`\b(?:for|seit|depuis|da|desde hace|sinds)\s+(\p{L}+|\d+)\s+(\p{L}+)`)
	dayAlone   = pattern(`^(?:since|on|seit|am|depuis|desde|dal?|sinds|op)?\s?(?:the|dem|den|le|el|il|de)\s(\d{1,2})(?:st|nd|rd|th|e|\.)?$`)
	daytime    = pattern(`\b(montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)` +
		`s? ?(?:nachmittag|vormittag|abend|mittag|fruh|nacht|morgen|ochtend|middag|namiddag|avond)\b`)
	byTrain  = pattern(`\bby (?:train|car|plane|bus|bike|rail|air|taxi|coach|ferry)\b`)
	inFuture = pattern(`\b(?:in|dans|en|tra|fra|over)\s+(\p{L}+|\d+)\s+(\p{L}+)`)
)

// unitDays are lengths of time in days, folded.
var unitDays = map[string]int{
	"day": 1, "days": 1, "week": 7, "weeks": 7, "tag": 1, "tagen": 1, "tage": 1, "woche": 7, "wochen": 7,
	"jour": 1, "jours": 1, "semaine": 7, "semaines": 7, "dia": 1, "dias": 1, "semana": 7, "semanas": 7,
	"giorno": 1, "giorni": 1, "settimana": 7, "settimane": 7, "dag": 1, "dagen": 1, "weken": 7,
}

// found is a date in a text, with where it stands.
type found struct {
	from, to int
	date     time.Time
	unsure   bool
	told     bool // by a weekday or a word like "yesterday" alone
}

// maxDates is how many dates a text may name that tells one, and maxDated how long it may be:
// around each of them all words are weighed.
const (
	maxDates = 8
	maxDated = 4000
)

// dateIn returns the only date in a text, as 2006-01-02.
func dateIn(text string, w When) (string, reading) {
	text = mendedDay(text)
	if w.birth {
		text = bornFrench().ReplaceAllString(text, "$1 ") // "née" is no Dutch no
	}
	if doubtful(text) {
		return "", unclear
	}
	if slices.ContainsFunc(clausesOf(text), func(c clause) bool {
		_, month := known()["month"][c.text] // mai
		return wholly(c.text) == No && !month
	}) {
		return "", unclear // "1 April, no, the 2nd"
	}
	w.past = w.past || !w.coming && known().phraseIn("past", text) // from: "dal 20 marzo"
	all := dates(text, w)
	if len(all) == 0 || len(all) > maxDates {
		return "", unclear
	}
	text = byTrain().ReplaceAllString(text, "")
	if s := spaced(text); movedAway(s, all, w) || otherWeekday(s, all) || otherDay(s, all, w) {
		return "", unclear
	}
	for _, d := range all {
		if d.unsure || w.birth && !aYearIn().MatchString(text) || !d.date.Equal(all[0].date) ||
			w.past && d.date.After(w.Now.AddDate(0, 0, 1)) {
			return "", unclear
		}
	}
	return all[0].date.Format("2006-01-02"), clear
}

// aYearIn finds what may be a year, without which nobody knows when somebody was born.
var aYearIn = pattern(`(?:19|20)\d\d|\d\s?[-./]\s?\d{1,2}\s?[-./]\s?\d\d\b`)

var bornFrench = pattern(`(?i)(^|[\s,])née?s? `)

// mendedDay returns a text of few words in which a slip of a weekday is written as that is:
// "Freitga". "Fridays" is none.
func mendedDay(text string) string {
	ws := strings.Fields(text)
	if len(ws) > 3 {
		return text
	}
	for i, word := range ws {
		w := plain(word)
		if len(w) < 6 || hasDigit(w) || known().has("weekday", w) || known().has("day", w) || known().has("month", w) {
			continue
		}
		meant, n := "", 0
		for name := range known()["weekday"] {
			if len(name) > 5 && !strings.HasPrefix(w, name) && slip(w, name, 1) {
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

// movedAway reports whether the words around a date make it another day, several or none: "not
// tomorrow", "two days before 3 March", "1.-3. April", "every Monday", "Friday before last".
func movedAway(s string, all []found, w When) bool {
	told := true
	for _, d := range all {
		told = told && d.told
		from := d.from + max(0, strings.IndexFunc(s[d.from:d.to], func(r rune) bool { return isLetter(r) || r >= '0' && r <= '9' }))
		front, behind := words(s[:from]), s[d.to:]
		if rangeBefore().MatchString(s[:from]) || rangeBehind().MatchString(" "+s[from:d.to]+" "+behind) {
			return true
		}
		before, after := clauseAround(s, d)
		if !w.past && slices.ContainsFunc(words(before+" "+after), denies) {
			return true
		}
		for len(front) > 0 && known().has("article", front[len(front)-1]) {
			front = front[:len(front)-1]
		}
		if n := len(front); n > 1 && known().has("range", front[n-1]) && known()["dayordinal"][front[n-2]] > 0 {
			return true // "on the first or second of March"
		}
		if n := len(front); n > 0 && (denies(front[n-1]) || n == 2 && denies(front[0]) || known().has("every", front[n-1]) ||
			known().has("shift", front[n-1]) && !(w.until && known().has("untilword", front[n-1]))) {
			return true
		}
	}
	for phrase := range known()["between"] {
		for at := range places(s, phrase) { // between two days, not two hours
			if slices.ContainsFunc(all, func(d found) bool { return d.from > at }) {
				return true
			}
		}
	}
	return told && (known().phraseIn("faraway", s) || slices.ContainsFunc(words(s), func(word string) bool {
		_, ok := known()["month"][word]
		return ok && len(word) > 4
	}))
}

// rangeBefore and rangeBehind find the other day of "1.-3. April" and "April 1-3".
var (
	rangeBefore = pattern(`\d{1,2}(?:st|nd|rd|th|er|e|de|o|a|°|\.|\.\d{1,2}\.)?\s?(?:-|–|/|&|or|oder|ou|o|of|to|bis|al|au|tot|and|und|et|y|e|en)\s?(?:the |den |dem |le |el |il |de )?$`)
	rangeBehind = pattern(`\pL{3,}\.? \d{1,2}(?:st|nd|rd|th)?\s?(?:-|–|/|&|\bor|\bto|\band)\s?\d{1,2}\b`)
)

// otherWeekday reports whether a text has a weekday on which none of its dates is: "Monday three
// weeks ago" is no Tuesday.
func otherWeekday(s string, all []found) bool {
	for name, weekday := range known()["weekday"] {
		for range places(s, name) {
			if len(name) > 3 && !slices.ContainsFunc(all, func(d found) bool { return int(d.date.Weekday()) == weekday }) {
				return true
			}
		}
	}
	return false
}

// dates returns all dates in a text. What is written in several ways at once, "yesterday, 3 May",
// is found as often.
func dates(text string, w When) []found {
	if len(text) > maxDated {
		return nil
	}
	s := spaced(text)
	today := time.Date(w.Now.Year(), w.Now.Month(), w.Now.Day(), 0, 0, 0, 0, time.UTC)
	var out []found
	free := func(from, to int) bool {
		return !slices.ContainsFunc(out, func(f found) bool { return from < f.to && f.from < to })
	}
	add := func(from, to int, d time.Time, ok, sure bool) {
		if ok && free(from, to) {
			out = append(out, found{from, to, d, !sure, false})
		}
	}
	for _, re := range []*regexp.Regexp{isoDate(), compact()} {
		for _, m := range re.FindAllStringSubmatchIndex(s, -1) {
			d, ok := day(number(s, m, 1), number(s, m, 2), number(s, m, 3))
			add(m[0], m[1], d, ok, true)
		}
	}
	for _, m := range dayMonth().FindAllStringSubmatchIndex(s, -1) {
		if month, ok := monthOf(group(s, m, 2), w); ok {
			d, valid, sure := dated(number(s, m, 3), month, number(s, m, 1), w, today)
			add(m[0], m[1], d, valid, sure && elsewhere(group(s, m, 2), w) == here &&
				(group(s, m, 3) != "" || !shortYear().MatchString(s[m[1]:])))
		}
	}
	for _, m := range monthDay().FindAllStringSubmatchIndex(s, -1) {
		if month, ok := monthOf(group(s, m, 1), w); ok {
			d, valid, sure := dated(number(s, m, 3), month, number(s, m, 2), w, today)
			add(m[0], m[1], d, valid, sure && elsewhere(group(s, m, 1), w) == here)
		}
	}
	for _, m := range numberDate().FindAllStringSubmatchIndex(s, -1) {
		if group(s, m, 4) == "" && group(s, m, 2) == "." && group(s, m, 5) == "" && !germanic(w.Language) || group(s, m, 4) == "" &&
			group(s, m, 2) == "-" && (number(s, m, 1) < 13 || !germanic(w.Language)) {
			continue // 3.5
		}
		if group(s, m, 4) == "" && (known().has("versionlike", lastWord(s[:m[2]])) || known().has("oclock", firstWord(s[m[1]:]))) {
			continue // version 9.2, um 8.10 Uhr
		}
		d, valid, sure := numeric(number(s, m, 1), number(s, m, 3), number(s, m, 4), group(s, m, 2), w, today)
		add(m[2], m[1], d, valid, sure)
	}
	for _, re := range []*regexp.Regexp{agoBefore(), agoBehind()} {
		for _, m := range re.FindAllStringSubmatchIndex(s, -1) {
			n, ok := count(group(s, m, 1))
			unit := unitDays[group(s, m, 2)]
			add(m[0], m[1], today.AddDate(0, 0, -n*unit), ok && unit > 0, !roughly(s[:m[0]]))
		}
	}
	for _, m := range inFuture().FindAllStringSubmatchIndex(s, -1) {
		n, ok := count(group(s, m, 1))
		unit := unitDays[group(s, m, 2)]
		add(m[0], m[1], today.AddDate(0, 0, n*unit), ok && unit > 0, true)
	}
	if m := dayAlone().FindStringSubmatchIndex(s); m != nil && (w.past || w.coming) { // since the 3rd
		step := 1
		if w.past {
			step = -1
		}
		for far := range 31 {
			if d := today.AddDate(0, 0, step*far); d.Day() == number(s, m, 1) {
				add(m[0], m[1], d, true, true)
			}
		}
	}
	if w.past {
		for _, m := range forSpan().FindAllStringSubmatchIndex(s, -1) { // for three days
			n, ok := count(group(s, m, 1))
			unit := unitDays[group(s, m, 2)]
			add(m[0], m[1], today.AddDate(0, 0, -n*unit), ok && unit > 0, true)
		}
		if ws := strings.Fields(plain(s)); len(ws) > 0 && len(ws) <= 3 { // since Fri.
			leads := len(ws) == 1 || known().phraseIn("past", s) || known().phraseIn("last", s)
			if day, ok := known()["shortday "+w.tongue()][ws[len(ws)-1]]; ok && leads {
				gap := (day - int(today.Weekday()) + 7) % 7
				if gap == 0 {
					gap = 7
				}
				add(0, len(s), lastOne(today, gap), true, true)
			}
		}
	}
	for _, m := range weekdayDay().FindAllStringSubmatchIndex(s, -1) {
		weekday, ok := known()["weekday"][group(s, m, 1)]
		if !ok {
			continue
		}
		step := -1
		if !w.past {
			step = 1
		}
		if next := firstWord(" " + strings.TrimLeft(s[m[5]:], " ")); known().has("oclock", next) || next == "am" || next == "pm" {
			continue
		}
		for far := range 92 { // the nearest one with both
			if d := today.AddDate(0, 0, step*far); d.Day() == number(s, m, 2) && int(d.Weekday()) == weekday {
				add(m[0], m[1], d, true, true)
			}
		}
		add(m[0], m[1], today, true, false) // there is none
	}
	out = append(out, weekdays(s, w, today, free)...)
	for _, phrase := range longestFirst("day") {
		meant := elsewhere(phrase, w)
		if meant == somethingElse {
			continue
		}
		for from := range places(s, phrase) {
			if phrase == "morgen" && strings.Contains(s[max(0, from-7):from], "guten") || phrase == "manana" &&
				strings.Contains(s[max(0, from-3):from], "la ") {
				continue
			}
			add(from, from+len(phrase), today.AddDate(0, 0, known()["day"][phrase]), true, meant == here)
			if n := len(out); n > 0 && out[n-1].from == from {
				out[n-1].told = true
			}
		}
	}
	return out
}

// spaced returns a text folded, its lines joined, with the signs that dates are made of; a hyphen
// between letters is a blank.
func spaced(s string) string {
	return counted(daytime().ReplaceAllString(hyphens().ReplaceAllString(strings.Join(strings.Fields(fold(s)), " "), "$1 $2"), "$1"))
}

// counted returns a folded text with the days of months in digits: "the first of April".
func counted(s string) string {
	ws := strings.Split(s, " ")
	for i := 0; i+1 < len(ws); i++ {
		month := strings.Trim(ws[i+1], ".,;:!)")
		if i+2 < len(ws) && slices.Contains([]string{"of", "de", "di", "van"}, month) {
			month = strings.Trim(ws[i+2], ".,;:!)")
		}
		if _, ok := known()["month"][month]; !ok {
			continue
		}
		if n, ok := known()["dayordinal"][ws[i]]; ok {
			if i > 0 && n < 10 {
				if tens := known()["number"][ws[i-1]]; tens == 20 || tens == 30 { // twenty first
					ws[i-1], n = "", tens+n
				}
			}
			ws[i] = strconv.Itoa(n)
			continue
		}
		if stem, ok := strings.CutSuffix(ws[i], "sten"); ok { // einundzwanzigsten
			if n, ok := numberNamed(stem); ok && n > 20 && n <= 31 {
				ws[i] = strconv.Itoa(n)
			}
		}
	}
	return strings.Join(ws, " ")
}

// roughly reports whether what stands before a length of time makes it another one: "more than",
// "about", "two or".
func roughly(front string) bool {
	ws := words(front)
	if len(ws) == 0 {
		return false
	}
	last := ws[len(ws)-1]
	_, counted := numberNamed(last)
	if counted || known().has("about", last) || known().has("vague", last) || known().has("more", last) {
		return true
	}
	if len(ws) > 1 && known().has("range", last) {
		if _, counted = numberNamed(ws[len(ws)-2]); counted {
			return true
		}
	}
	said := " " + strings.Join(ws, " ")
	for phrase := range known()["bound"] {
		if strings.HasSuffix(said, " "+phrase) {
			return true
		}
	}
	return false
}

// shortYear is what may be a year behind a month: "12 March 65".
var shortYear = pattern(`^,? ?'?\d{2}(?:[.,;)]|$)`)

var hyphens = pattern(`(\pL)-(\pL)`)

// germanic reports whether 1.12. is how a language writes a day without its year.
func germanic(language string) bool {
	return strings.HasPrefix(language, "de") || strings.HasPrefix(language, "nl")
}

// places returns where a phrase stands in a text as whole words.
func places(s, phrase string) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for from := 0; ; {
			i := strings.Index(s[from:], phrase)
			if i < 0 {
				return
			}
			at := from + i
			before, after := byte(' '), byte(' ')
			if at > 0 {
				before = s[at-1]
			}
			if end := at + len(phrase); end < len(s) {
				after = s[end]
			}
			if !wordByte(before) && !wordByte(after) && !yield(at) {
				return
			}
			from = at + len(phrase)
		}
	}
}

func wordByte(b byte) bool { return b >= 0x80 || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' }

// weekdays returns the weekdays of a text that say which one is meant: last Monday. One that stands
// alone may be past or to come.
func weekdays(s string, w When, today time.Time, free func(from, to int) bool) []found {
	var out []found
	for _, name := range longestFirst("weekday") {
		if elsewhere(name, w) == somethingElse {
			continue
		}
		for from := range places(s, name) {
			to := from + len(name)
			if !free(from, to) {
				continue
			}
			before := lastWord(s[:from])
			behind := firstWord(s[to:])
			monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7-7)
			if known().weekBeside("nextweek", s, from, to) { // said on a Sunday it may be the week that begins tomorrow
				on := monday.AddDate(0, 0, 14+(known()["weekday"][name]+6)%7)
				out = append(out, found{from, to, on, today.Weekday() == time.Sunday, true})
				continue
			}
			if known().weekBeside("lastweek", s, from, to) {
				out = append(out, found{from, to, monday.AddDate(0, 0, (known()["weekday"][name]+6)%7), false, true})
				continue
			}
			gap := (known()["weekday"][name] - int(today.Weekday()) + 7) % 7
			if gap == 0 {
				gap = 7
			}
			switch {
			case known().has("last", before) || known().has("last", behind) && !known().has("next", before):
				out = append(out, found{from, to, lastOne(today, gap), false, true})
			case known().has("next", before) || known().has("next", behind) || strings.HasPrefix(strings.TrimSpace(s[to:]), "que viene"):
				out = append(out, found{from, to, today.AddDate(0, 0, gap), false, true})
			case len(name) > 3:
				if !datedBeside(s, from, to, free) && w.past {
					out = append(out, found{from, to, lastOne(today, gap), false, true})
				} else if !datedBeside(s, from, to, free) {
					sure := w.coming && gap < 7 && !known().has("dayordinal", before) &&
						(!known().has("shift", behind) || afterHour().MatchString(s[to:]))
					out = append(out, found{from, to, today.AddDate(0, 0, gap), !sure, true})
				}
			}
		}
	}
	return out
}

// afterHour finds a time of the day behind "after": it moves no day.
var afterHour = pattern(`^ \pL+ (?:las |les |le |alle )?\d{1,2}(?::\d\d| ?(?:h|uhr|am|pm|o'clock|heures|ore|horas|uur)\b)`)

// lastOne returns the latest of the weekdays of which the next one is gap days away.
func lastOne(today time.Time, gap int) time.Time {
	if gap == 7 {
		return today.AddDate(0, 0, -7)
	}
	return today.AddDate(0, 0, gap-7)
}

// weekBeside reports whether the words for last or next week stand beside a weekday.
func (v vocabulary) weekBeside(section, s string, from, to int) bool {
	before, behind := " "+strings.TrimRight(s[:from], " ,"), strings.TrimLeft(s[to:], " ,")+" "
	for phrase := range v[section] {
		if strings.HasSuffix(before, " "+phrase) || strings.HasPrefix(behind, phrase+" ") {
			return true
		}
	}
	return false
}

// datedBeside reports whether a weekday only goes along with a date: "Monday, 3 May".
func datedBeside(s string, from, to int, free func(from, to int) bool) bool {
	return !free(to, min(len(s), to+12)) || !free(max(0, from-8), from)
}

func lastWord(s string) string {
	f := strings.Fields(s)
	if len(f) == 0 {
		return ""
	}
	return strings.Trim(f[len(f)-1], ".,;:!()")
}

func firstWord(s string) string {
	f := strings.Fields(s)
	if len(f) == 0 || strings.HasPrefix(s, ",") || strings.HasPrefix(s, ".") {
		return ""
	}
	return strings.Trim(f[0], ".,;:!()")
}

func group(s string, m []int, i int) string {
	if m[2*i] < 0 {
		return ""
	}
	return s[m[2*i]:m[2*i+1]]
}

func number(s string, m []int, i int) int {
	n, _ := strconv.Atoi(group(s, m, i)) // an empty group is 0
	return n
}

func monthOf(word string, w When) (int, bool) {
	n, ok := known()["month"][word]
	return n, ok && elsewhere(word, w) != somethingElse
}

// count returns a number in digits or words.
func count(s string) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, n < 1000
	}
	n, ok := known()["number"][s]
	return n, ok
}

// day returns a date that there is.
func day(year, month, date int) (time.Time, bool) {
	if year < 100 {
		year += 2000
	}
	d := time.Date(year, time.Month(month), date, 0, 0, 0, 0, time.UTC)
	return d, month >= 1 && month <= 12 && d.Day() == date && year >= 1900 && year < 2200
}

// dated returns a date whose year may be left out: it is the nearest one, or the nearest in the
// time that the question asks for. If the nearest is only weeks away in the other direction, or
// both are half a year away, nobody knows.
func dated(year, month, date int, w When, today time.Time) (d time.Time, ok, sure bool) {
	if year != 0 {
		d, ok = day(year, month, date)
		if w.birth && ok && year < 100 && d.After(today) { // in '65
			d, ok = day(1900+year, month, date)
			return d, ok, true
		}
		return d, ok, year > 99 || d.Year() < today.Year()+10 // of '65 nobody knows
	}
	const aDay = 24 * time.Hour
	best := time.Duration(1 << 62)
	for y := today.Year() - 1; y <= today.Year()+1; y++ {
		one, valid := day(y, month, date)
		if away := one.Sub(today).Abs(); valid && away < best {
			d, ok, best = one, true, away
		}
	}
	toCome := !w.past && (w.coming || w.until)
	switch away := d.Sub(today); {
	case !w.past && !toCome:
		return d, ok, best < 165*aDay
	case toCome == (away >= 0) || w.past && away <= aDay:
		return d, ok, true
	case best < 60*aDay && !w.until:
		return d, ok, false
	case toCome:
		return d.AddDate(1, 0, 0), ok, true
	}
	return d.AddDate(-1, 0, 0), ok, true
}

// numeric returns a date in three numbers. Which of the first two is the month depends on the
// language; in English nobody can tell, unless one of them is too large for it.
func numeric(first, second, year int, sign string, w When, today time.Time) (d time.Time, ok, sure bool) {
	language := w.Language
	date, month := first, second
	sure = true
	if sign == "/" || sign == "-" {
		english := language == "" || strings.HasPrefix(language, "en")
		switch {
		case second > 12:
			date, month = second, first
			if near := second - today.Year()%100; year == 0 && near >= -2 && near <= 5 {
				sure = false // 12/26 may be a month
			}
		case english && first <= 12 && first != second:
			sure = false
		}
	}
	d, ok, certain := dated(year, month, date, w, today)
	other, valid, also := dated(year, date, month, w, today)
	if !sure && (w.past || w.coming) && ok && valid && year == 0 {
		near, far := d.Sub(today).Abs(), other.Sub(today).Abs()
		switch {
		case certain && !also: // the other one is not in the time that is asked for
			return d, ok, true
		case also && !certain:
			return other, ok, true
		case near > far:
			d, near, far = other, far, near
		}
		return d, ok, certain && near < 45*24*time.Hour && far > 120*24*time.Hour // 7/3 in March is no third of July
	}
	if !sure && (w.past || w.coming) && ok && valid && d.After(today) != other.After(today) {
		if d.After(today) == w.past { // of two days one is still to come: that is the one, or it is not
			d, certain = other, also
		}
		sure = true
	}
	return d, ok, sure && certain
}
