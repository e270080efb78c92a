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
	s := Normalize(text)
	today := time.Date(w.Now.Year(), w.Now.Month(), w.Now.Day(), 0, 0, 0, 0, time.UTC)
	var out []Found
	free := func(from, to int) bool {
		return !slices.ContainsFunc(out, func(f Found) bool { return from < f.To && f.From < to })
	}
	add := func(from, to int, d time.Time, ok, sure bool) {
		if ok && free(from, to) {
			out = append(out, Found{from, to, d, !sure, false})
		}
	}
	for _, re := range []*regexp.Regexp{isoDate(), compact()} {
		for _, m := range re.FindAllStringSubmatchIndex(s, -1) {
			d, ok := dateOf(numberAt(s, m, 1), numberAt(s, m, 2), numberAt(s, m, 3))
			add(m[0], m[1], d, ok, true)
		}
	}
	for _, m := range dayMonth().FindAllStringSubmatchIndex(s, -1) {
		if month, ok := monthOf(group(s, m, 2), w); ok {
			d, valid, sure := nearestYear(numberAt(s, m, 3), month, numberAt(s, m, 1), w, today)
			add(m[0], m[1], d, valid, sure && lexicon.MeaningIn(group(s, m, 2), w.Language) == lexicon.Listed &&
				(group(s, m, 3) != "" || !shortYear().MatchString(s[m[1]:])))
		}
	}
	for _, m := range monthDay().FindAllStringSubmatchIndex(s, -1) {
		if month, ok := monthOf(group(s, m, 1), w); ok {
			d, valid, sure := nearestYear(numberAt(s, m, 3), month, numberAt(s, m, 2), w, today)
			add(m[0], m[1], d, valid, sure && lexicon.MeaningIn(group(s, m, 1), w.Language) == lexicon.Listed)
		}
	}
	for _, m := range numberDate().FindAllStringSubmatchIndex(s, -1) {
		if group(s, m, 4) == "" && group(s, m, 2) == "." && group(s, m, 5) == "" && !germanic(w.Language) || group(s, m, 4) == "" &&
			group(s, m, 2) == "-" && (numberAt(s, m, 1) < 13 || !germanic(w.Language)) {
			continue // 3.5
		}
		if group(s, m, 4) == "" &&
			(lexicon.Has("versionlike", lexicon.LastWord(s[:m[2]])) || lexicon.Has("oclock", lexicon.FirstWord(s[m[1]:]))) {
			continue // version 9.2, um 8.10 Uhr
		}
		d, valid, sure := numeric(numberAt(s, m, 1), numberAt(s, m, 3), numberAt(s, m, 4), group(s, m, 2), w, today)
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
	if m := dayAlone().FindStringSubmatchIndex(s); m != nil && (w.Past || w.Coming) { // since the 3rd
		step := 1
		if w.Past {
			step = -1
		}
		for far := range 31 {
			if d := today.AddDate(0, 0, step*far); d.Day() == numberAt(s, m, 1) {
				add(m[0], m[1], d, true, true)
			}
		}
	}
	if w.Past {
		for _, m := range forSpan().FindAllStringSubmatchIndex(s, -1) { // for three days
			n, ok := count(group(s, m, 1))
			unit := unitDays[group(s, m, 2)]
			add(m[0], m[1], today.AddDate(0, 0, -n*unit), ok && unit > 0, true)
		}
		if ws := strings.Fields(lexicon.Plain(s)); len(ws) > 0 && len(ws) <= 3 { // since Fri.
			leads := len(ws) == 1 || lexicon.PhraseIn("past", s) || lexicon.PhraseIn("last", s)
			if day, ok := lexicon.Section("shortday " + w.BaseLanguage())[ws[len(ws)-1]]; ok && leads {
				gap := (day - int(today.Weekday()) + 7) % 7
				if gap == 0 {
					gap = 7
				}
				add(0, len(s), lastOne(today, gap), true, true)
			}
		}
	}
	for _, m := range weekdayDay().FindAllStringSubmatchIndex(s, -1) {
		weekday, ok := lexicon.Section("weekday")[group(s, m, 1)]
		if !ok {
			continue
		}
		step := -1
		if !w.Past {
			step = 1
		}
		if next := lexicon.FirstWord(" " + strings.TrimLeft(s[m[5]:], " ")); lexicon.Has("oclock", next) || next == "am" || next == "pm" {
			continue
		}
		for far := range 92 { // the nearest one with both
			if d := today.AddDate(0, 0, step*far); d.Day() == numberAt(s, m, 2) && int(d.Weekday()) == weekday {
				add(m[0], m[1], d, true, true)
			}
		}
		add(m[0], m[1], today, true, false) // there is none
	}
	out = append(out, weekdays(s, w, today, free)...)
	for _, phrase := range lexicon.LongestFirst("day") {
		meant := lexicon.MeaningIn(phrase, w.Language)
		if meant == lexicon.OtherWord {
			continue
		}
		for from := range lexicon.Occurrences(s, phrase) {
			if phrase == "morgen" && strings.Contains(s[max(0, from-7):from], "guten") || phrase == "manana" &&
				strings.Contains(s[max(0, from-3):from], "la ") {
				continue
			}
			add(from, from+len(phrase), today.AddDate(0, 0, lexicon.Section("day")[phrase]), true, meant == lexicon.Listed)
			if n := len(out); n > 0 && out[n-1].From == from {
				out[n-1].relative = true
			}
		}
	}
	return out
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
	forSpan    = lexicon.Pattern(`\b(?:for|seit|depuis|da|desde hace|sinds)\s+(\p{L}+|\d+)\s+(\p{L}+)`)
	dayAlone   = lexicon.Pattern(`^(?:since|on|seit|am|depuis|desde|dal?|sinds|op)?\s?(?:the|dem|den|le|el|il|de)\s(\d{1,2})(?:st|nd|rd|th|e|\.)?$`)
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

// weekdays returns the weekdays of a text that say which one is meant: last Monday. One that stands
// alone may be past or to come.
func weekdays(s string, w Context, today time.Time, free func(from, to int) bool) []Found {
	var out []Found
	for _, name := range lexicon.LongestFirst("weekday") {
		if lexicon.MeaningIn(name, w.Language) == lexicon.OtherWord {
			continue
		}
		for from := range lexicon.Occurrences(s, name) {
			to := from + len(name)
			if !free(from, to) {
				continue
			}
			before := lexicon.LastWord(s[:from])
			behind := lexicon.FirstWord(s[to:])
			monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7-7)
			if weekBeside("nextweek", s, from, to) { // said on a Sunday it may be the week that begins tomorrow
				on := monday.AddDate(0, 0, 14+(lexicon.Section("weekday")[name]+6)%7)
				out = append(out, Found{from, to, on, today.Weekday() == time.Sunday, true})
				continue
			}
			if weekBeside("lastweek", s, from, to) {
				out = append(out, Found{from, to, monday.AddDate(0, 0, (lexicon.Section("weekday")[name]+6)%7), false, true})
				continue
			}
			gap := (lexicon.Section("weekday")[name] - int(today.Weekday()) + 7) % 7
			if gap == 0 {
				gap = 7
			}
			switch {
			case lexicon.Has("last", before) || lexicon.Has("last", behind) && !lexicon.Has("next", before):
				out = append(out, Found{from, to, lastOne(today, gap), false, true})
			case lexicon.Has("next", before) || lexicon.Has("next", behind) || strings.HasPrefix(strings.TrimSpace(s[to:]), "que viene"):
				out = append(out, Found{from, to, today.AddDate(0, 0, gap), false, true})
			case len(name) > 3:
				if !datedBeside(s, from, to, free) && w.Past {
					out = append(out, Found{from, to, lastOne(today, gap), false, true})
				} else if !datedBeside(s, from, to, free) {
					sure := w.Coming && gap < 7 && !lexicon.Has("dayordinal", before) &&
						(!lexicon.Has("shift", behind) || afterHour().MatchString(s[to:]))
					out = append(out, Found{from, to, today.AddDate(0, 0, gap), !sure, true})
				}
			}
		}
	}
	return out
}

// afterHour finds a time of the day behind "after": it moves no day.
var afterHour = lexicon.Pattern(`^ \pL+ (?:las |les |le |alle )?\d{1,2}(?::\d\d| ?(?:h|uhr|am|pm|o'clock|heures|ore|horas|uur)\b)`)

// lastOne returns the latest of the weekdays of which the next one is gap days away.
func lastOne(today time.Time, gap int) time.Time {
	if gap == 7 {
		return today.AddDate(0, 0, -7)
	}
	return today.AddDate(0, 0, gap-7)
}

// weekBeside reports whether the words for last or next week stand beside a weekday.
func weekBeside(section, s string, from, to int) bool {
	before, behind := " "+strings.TrimRight(s[:from], " ,"), strings.TrimLeft(s[to:], " ,")+" "
	for phrase := range lexicon.Section(section) {
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

func group(s string, m []int, i int) string {
	if m[2*i] < 0 {
		return ""
	}
	return s[m[2*i]:m[2*i+1]]
}

func numberAt(s string, m []int, i int) int {
	n, _ := strconv.Atoi(group(s, m, i)) // an empty group is 0
	return n
}

func monthOf(word string, w Context) (int, bool) {
	n, ok := lexicon.Section("month")[word]
	return n, ok && lexicon.MeaningIn(word, w.Language) != lexicon.OtherWord
}

// count returns a number in digits or words.
func count(s string) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, n < 1000
	}
	n, ok := lexicon.Section("number")[s]
	return n, ok
}

// dateOf returns a date that there is.
func dateOf(year, month, date int) (time.Time, bool) {
	if year < 100 {
		year += 2000
	}
	d := time.Date(year, time.Month(month), date, 0, 0, 0, 0, time.UTC)
	return d, month >= 1 && month <= 12 && d.Day() == date && year >= 1900 && year < 2200
}

// nearestYear returns a date whose year may be left out: it is the nearest one, or the nearest in
// the time that the question asks for. If the nearest is only weeks away in the other direction, or
// both are half a year away, nobody knows.
func nearestYear(year, month, date int, w Context, today time.Time) (d time.Time, ok, sure bool) {
	if year != 0 {
		d, ok = dateOf(year, month, date)
		if w.Birth && ok && year < 100 && d.After(today) { // in '65
			d, ok = dateOf(1900+year, month, date)
			return d, ok, true
		}
		return d, ok, year > 99 || d.Year() < today.Year()+10 // of '65 nobody knows
	}
	const aDay = 24 * time.Hour
	best := time.Duration(1 << 62)
	for y := today.Year() - 1; y <= today.Year()+1; y++ {
		one, valid := dateOf(y, month, date)
		if away := one.Sub(today).Abs(); valid && away < best {
			d, ok, best = one, true, away
		}
	}
	toCome := !w.Past && (w.Coming || w.until)
	switch away := d.Sub(today); {
	case !w.Past && !toCome:
		return d, ok, best < 165*aDay
	case toCome == (away >= 0) || w.Past && away <= aDay:
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
func numeric(first, second, year int, sign string, w Context, today time.Time) (d time.Time, ok, sure bool) {
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
	d, ok, certain := nearestYear(year, month, date, w, today)
	other, valid, also := nearestYear(year, date, month, w, today)
	if !sure && (w.Past || w.Coming) && ok && valid && year == 0 {
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
	if !sure && (w.Past || w.Coming) && ok && valid && d.After(today) != other.After(today) {
		if d.After(today) == w.Past { // of two days one is still to come: that is the one, or it is not
			d, certain = other, also
		}
		sure = true
	}
	return d, ok, sure && certain
}
