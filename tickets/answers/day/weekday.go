package day

import (
	"strings"
	"time"

	"tierdesk/tickets/answers/lexicon"
)

// weekdays returns the weekdays of a text that say which one is meant: last Monday. One that stands
// alone may be past or to come.
func (f *finder) weekdays() []Found {
	var out []Found
	for _, name := range lexicon.LongestFirst("weekday") {
		if lexicon.MeaningIn(name, f.Language) == lexicon.OtherWord {
			continue
		}
		for from := range lexicon.Occurrences(f.s, name) {
			to := from + len(name)
			if !f.free(from, to) {
				continue
			}
			if d, sure, ok := f.weekdayAt(name, from, to); ok {
				out = append(out, Found{from, to, d, !sure, true})
			}
		}
	}
	return out
}

// weekdayAt returns the day that a weekday in the text means. ok is false if it is too short to be
// one, or only goes along with a date.
func (f *finder) weekdayAt(name string, from, to int) (d time.Time, sure, ok bool) {
	weekday := lexicon.Section("weekday")[name]
	before, behind := lexicon.LastWord(f.s[:from]), lexicon.FirstWord(f.s[to:])
	switch {
	case weekBeside("nextweek", f.s, from, to): // said on a Sunday it may be the week that begins tomorrow
		return f.inWeek(1, weekday), f.today.Weekday() != time.Sunday, true
	case weekBeside("lastweek", f.s, from, to):
		return f.inWeek(-1, weekday), true, true
	case lexicon.Has("last", before), lexicon.Has("last", behind) && !lexicon.Has("next", before):
		return f.last(weekday), true, true
	case lexicon.Has("next", before), lexicon.Has("next", behind), strings.HasPrefix(strings.TrimSpace(f.s[to:]), "que viene"):
		return f.next(weekday), true, true
	case len(name) <= 3, f.datedBeside(from, to):
		return time.Time{}, false, false
	case f.Past:
		return f.last(weekday), true, true
	}
	moved := lexicon.Has("shift", behind) && !afterHour().MatchString(f.s[to:])
	return f.next(weekday), f.Coming && f.daysTo(weekday) < 7 && !lexicon.Has("dayordinal", before) && !moved, true
}

// afterHour finds a time of the day behind "after": it moves no day.
var afterHour = lexicon.Pattern(`^ \pL+ (?:las |les |le |alle )?\d{1,2}(?::\d\d| ?(?:h|uhr|am|pm|o'clock|heures|ore|horas|uur)\b)`)

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
func (f *finder) datedBeside(from, to int) bool {
	return !f.free(to, min(len(f.s), to+12)) || !f.free(max(0, from-8), from)
}
