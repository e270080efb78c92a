package sla

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tierdesk/rules/fault"
)

// Duration is a length of time as people write it: clock time or business days of a calendar. Only
// one of the two is set.
type Duration struct {
	Clock        time.Duration
	BusinessDays int
}

var (
	reDuration = regexp.MustCompile(`^(\d{1,6})\s*([a-z]+)\s*`)
	units      = []unitWords{
		{time.Second, []string{"s", "sec", "secs", "second", "seconds"}},
		{time.Minute, []string{"m", "min", "mins", "minute", "minutes"}},
		{time.Hour, []string{"h", "hr", "hrs", "hour", "hours"}},
		{24 * time.Hour, []string{"d", "day", "days"}},
		{7 * 24 * time.Hour, []string{"w", "week", "weeks"}},
	}
)

type unitWords struct {
	unit  time.Duration
	words []string
}

const longest = 10 * 366 * 24 * time.Hour

// ParseDuration parses "30m", "4h", "1h30m", "2d" (days of 24 hours), "1w", "2bd" (business days,
// which cannot be combined), and the same with words and spaces: "2 days". A duration must be
// positive, without fractions, and at most ten years.
func ParseDuration(s string) (Duration, error) {
	fail := func() (Duration, error) {
		return Duration{}, fmt.Errorf("%q is not a length of time like 30m, 4h, 2d, 1h30m or 2bd", s)
	}
	rest := strings.ToLower(strings.TrimSpace(s))
	if m := regexpBusinessDays.FindStringSubmatch(rest); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil || n == 0 || n > 2600 {
			return fail()
		}
		return Duration{BusinessDays: n}, nil
	}
	var d time.Duration
	smaller := longest
	for rest != "" {
		m := reDuration.FindStringSubmatch(rest)
		if m == nil {
			return fail()
		}
		i := slices.IndexFunc(units, func(u unitWords) bool { return slices.Contains(u.words, m[2]) })
		n, err := strconv.Atoi(m[1])
		if err != nil || i < 0 || units[i].unit >= smaller {
			return fail()
		}
		smaller = units[i].unit
		if time.Duration(n) > longest/smaller {
			return fail()
		}
		d += time.Duration(n) * smaller
		rest = rest[len(m[0]):]
	}
	if d <= 0 || d > longest {
		return fail()
	}
	return Duration{Clock: d}, nil
}

var regexpBusinessDays = regexp.MustCompile(`^(\d{1,4})\s*(?:bd|business\s+days?|working\s+days?|workdays?)$`)

// String formats the duration as ParseDuration accepts it: "2d", "1h30m", "2bd".
func (d Duration) String() string {
	if d.BusinessDays > 0 {
		return strconv.Itoa(d.BusinessDays) + "bd"
	}
	var b strings.Builder
	rest := d.Clock
	for i := len(units) - 2; i >= 0; i-- { // weeks are written in days
		if n := rest / units[i].unit; n > 0 {
			b.WriteString(strconv.FormatInt(int64(n), 10) + units[i].words[0])
			rest -= n * units[i].unit
		}
	}
	if b.Len() == 0 {
		return "0s"
	}
	return b.String()
}

// After returns the instant d after t. Business days are days on which the calendar has hours; the
// result has the same time of day, moved into that day's hours. With a nil calendar every day is a
// business day. It returns zero if the calendar has no such day.
func (d Duration) After(t time.Time, calendar *Calendar) time.Time {
	if d.BusinessDays == 0 {
		return t.Add(d.Clock)
	}
	if calendar == nil {
		return t.AddDate(0, 0, d.BusinessDays)
	}
	local := t.In(calendar.location)
	at := TimeOfDay(local.Hour()*60 + local.Minute())
	day, empty := dateOf(local), 0
	for left := d.BusinessDays; ; {
		day = day.add(1)
		spans := calendar.day(day)
		if len(spans) == 0 {
			if empty++; empty > emptyDays {
				return time.Time{}
			}
			continue
		}
		empty = 0
		if left--; left == 0 {
			at = max(at, spans[0].From)
			at = min(at, spans[len(spans)-1].To-1)
			return calendar.instant(day, at).In(t.Location())
		}
	}
}

// When is a point in time that somebody has named.
type When struct {
	At time.Time
	// Day means that only a day was named: At is then at 09:00, when work may be expected to begin.
	Day bool
}

const morning TimeOfDay = 9 * 60

var reHour = regexp.MustCompile(`^\d{1,2}$`)

var reTime = regexp.MustCompile(`^(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|h|uhr)?$`)

// ParseWhen parses a point in time after now: a length of time ("2d", "4h", "2bd"), a day ("mon",
// "tomorrow", "2026-12-01", "1.12.", "1.12.2026"), a time ("14:00", "9am"), or a day and a time
// ("fri 09:00", "2026-12-01 14:00"). A day without a year is the next one of its date.
// Days and times are in loc. A weekday is the next one on which the time (09:00 if none is named)
// is still to come. Business days are the calendar's, see Duration.After. A time that is not after
// now, or more than ten years away, is an error.
func ParseWhen(s string, now time.Time, loc *time.Location, calendar *Calendar) (When, error) {
	w, err := parseWhen(s, now, loc, calendar)
	switch {
	case err != nil:
		if near := nearestWhen(s); near != "" {
			if w, wrong := parseWhen(near, now, loc, calendar); wrong == nil && w.At.After(now) {
				err.Nearest = near
			}
		}
		return When{}, err
	case w.At.IsZero():
		return When{}, &WhenFault{Reason: NoWorkingDay, Text: s}
	case !w.At.After(now):
		return When{}, &WhenFault{Reason: TimeIsOver, Text: s, At: w.At.In(loc)}
	case w.At.Sub(now) > longest:
		return When{}, &WhenFault{Reason: TooFarAway, Text: s}
	}
	return w, nil
}

// WhenFault is why a point in time was not accepted.
type WhenFault struct {
	Reason  WhenReason
	Text    string    // what is wrong, as it was typed
	At      time.Time // the time that is past
	Nearest string    // what was most likely meant; "" for nothing
}

// WhenReason is what is wrong with a point in time.
type WhenReason string

// Reasons.
const (
	NoTimeNamed  WhenReason = "no-time-named"
	NoMoment     WhenReason = "no-moment"
	NoTimeOfDay  WhenReason = "no-time-of-day"
	NoWorkingDay WhenReason = "no-working-day" // the calendar has none
	TimeIsOver   WhenReason = "over"
	TooFarAway   WhenReason = "too-far"
)

func (f *WhenFault) Error() string {
	switch f.Reason {
	case NoTimeNamed:
		return "no time is named: write one like 2d, fri 09:00 or 2026-12-01"
	case NoTimeOfDay:
		return fmt.Sprintf("%q is no time like 09:00", f.Text)
	case NoWorkingDay:
		return fmt.Sprintf("the calendar has no day for %q", f.Text)
	case TimeIsOver:
		return fmt.Sprintf("%q is over: %s", f.Text, f.At.Format("Mon 2006-01-02 15:04"))
	case TooFarAway:
		return fmt.Sprintf("%q is more than ten years from now", f.Text)
	}
	return fmt.Sprintf("%q is no time like 2d, fri 09:00 or 2026-12-01", f.Text)
}

// foreignDays maps words for days in the languages of the templates to ours.
var foreignDays = map[string]string{
	"heute": "today", "aujourd'hui": "today", "hoy": "today", "oggi": "today", "vandaag": "today",
	"morgen": "tomorrow", "demain": "tomorrow", "mañana": "tomorrow", "manana": "tomorrow", "domani": "tomorrow",
	"übermorgen": "2d", "uebermorgen": "2d", "overmorgen": "2d", "dopodomani": "2d", "après-demain": "2d",
	"montag": "monday", "lundi": "monday", "lunes": "monday", "lunedì": "monday", "lunedi": "monday", "maandag": "monday",
	"dienstag": "tuesday", "mardi": "tuesday", "martes": "tuesday", "martedì": "tuesday", "martedi": "tuesday", "dinsdag": "tuesday",
	"mittwoch": "wednesday", "mercredi": "wednesday", "miércoles": "wednesday", "miercoles": "wednesday", "mercoledì": "wednesday",
	"mercoledi": "wednesday", "woensdag": "wednesday",
	"donnerstag": "thursday", "jeudi": "thursday", "jueves": "thursday", "giovedì": "thursday", "giovedi": "thursday",
	"donderdag": "thursday",
	"freitag":   "friday", "vendredi": "friday", "viernes": "friday", "venerdì": "friday", "venerdi": "friday", "vrijdag": "friday",
	"samstag": "saturday", "sonnabend": "saturday", "samedi": "saturday", "sábado": "saturday", "sabado": "saturday", "sabato": "saturday",
	"zaterdag": "saturday",
	"sonntag":  "sunday", "dimanche": "sunday", "domingo": "sunday", "domenica": "sunday", "zondag": "sunday",
}

// foreignUnits maps words for units of time in these languages to ours.
var foreignUnits = map[string]string{
	"stunde": "h", "stunden": "h", "std": "h",
	"heure": "h", "heures": "h", "hora": "h", "horas": "h", "ora": "h", "ore": "h", "uur": "h", "uren": "h",
	"tag": "d", "tage": "d", "tagen": "d",
	"jour": "d", "jours": "d", "día": "d", "dia": "d", "días": "d", "dias": "d", "giorno": "d", "giorni": "d",
	"dag": "d", "dagen": "d",
	"woche": "w", "wochen": "w",
	"semaine": "w", "semaines": "w", "semana": "w", "semanas": "w", "settimana": "w", "settimane": "w", "weken": "w",
}

// fillers are words before a day or an hour that say nothing of their own.
var fillers = []string{"next", "this", "am", "um", "nächsten", "nächster", "nächste", "kommenden", "diesen", "bis", "le", "à", "el",
	"hasta", "il", "op", "om"}

// nearestWhen returns the most likely meaning of a misspelt or foreign point in time; the result
// need not be valid.
func nearestWhen(s string) string {
	words := strings.Fields(strings.ToLower(s))
	words = slices.DeleteFunc(words, func(w string) bool { return slices.Contains(fillers, w) })
	if len(words) == 0 {
		return ""
	}
	days := []string{"today", "tomorrow", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
	word := strings.TrimSuffix(words[0], ",")
	if day := foreignDays[word]; day != "" {
		words[0] = day
	} else if day := fault.Nearest(word, days); day != "" && len(word) > 3 {
		words[0] = day
	}
	if len(words) == 2 && reHour.MatchString(words[1]) && !reHour.MatchString(words[0]) {
		return words[0] + " " + words[1] + ":00"
	}
	if n := strings.TrimLeft(strings.Join(words, " "), "0123456789"); len(words) < 3 && n != "" && n != strings.Join(words, " ") {
		unit := strings.TrimSpace(n)
		if u := foreignUnits[unit]; u != "" {
			return strings.TrimSuffix(strings.Join(words, " "), n) + u
		}
		for _, u := range units {
			if near := fault.Nearest(unit, u.words); near != "" && len(unit) > 2 {
				return strings.TrimSuffix(strings.Join(words, " "), n) + " " + near
			}
		}
	}
	return strings.Join(words, " ")
}

func parseWhen(s string, now time.Time, loc *time.Location, calendar *Calendar) (When, *WhenFault) {
	words := strings.Fields(strings.ToLower(s))
	words = slices.DeleteFunc(words, func(w string) bool {
		return w == "at" || w == "on" || w == "until" || w == "till" || w == "in" || w == "for"
	})
	if len(words) == 0 {
		return When{}, &WhenFault{Reason: NoTimeNamed}
	}
	text := strings.Join(words, " ")
	if d, err := ParseDuration(text); err == nil {
		return When{At: d.After(now, calendar)}, nil
	}
	today := dateOf(now.In(loc))
	if at, ok := parseTime(text); ok {
		if t := onTheWall(today, at, loc); t.After(now) {
			return When{At: t}, nil
		}
		return When{At: onTheWall(today.add(1), at, loc)}, nil
	}
	at, timed := morning, len(words) > 1
	if timed {
		var ok bool
		if at, ok = parseTime(strings.Join(words[1:], " ")); !ok {
			return When{}, &WhenFault{Reason: NoTimeOfDay, Text: strings.Join(words[1:], " ")}
		}
	}
	word := strings.TrimSuffix(words[0], ",")
	day, err := ParseDate(word)
	weekday, isWeekday := parseWeekday(word)
	dotted, yearly, isDotted := parseDotted(word, today)
	switch {
	case err == nil:
	case isDotted:
		day = dotted
		if yearly && !onTheWall(day, at, loc).After(now) {
			day, _, isDotted = parseDotted(word, Date{today.Year + 1, time.January, 1})
		}
		if !isDotted { // the 29th of February
			return When{}, &WhenFault{Reason: NoMoment, Text: s}
		}
	case word == "today":
		day = today
	case word == "tomorrow":
		day = today.add(1)
	case isWeekday:
		day = today.add(int(weekday-today.weekday()+7) % 7)
		if !onTheWall(day, at, loc).After(now) {
			day = day.add(7)
		}
	default:
		return When{}, &WhenFault{Reason: NoMoment, Text: s}
	}
	return When{At: onTheWall(day, at, loc), Day: !timed}, nil
}

var reDotted = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})?$`)

// parseDotted parses a day as most of Europe writes it, the day first: "1.12.", "1.12.2026",
// "01.12.26". Without a year, which yearly reports, it is that of today. "1.12" is a time of day.
func parseDotted(word string, today Date) (day Date, yearly, ok bool) {
	m := reDotted.FindStringSubmatch(word)
	if m == nil {
		return Date{}, false, false
	}
	year := m[3]
	switch len(year) {
	case 0:
		year = strconv.Itoa(today.Year)
	case 2:
		year = "20" + year
	}
	t, err := time.Parse("2006-1-2", year+"-"+m[2]+"-"+m[1])
	return dateOf(t), m[3] == "", err == nil
}

// parseTime parses a time of day. A bare number is not accepted: "5" may mean anything.
func parseTime(s string) (TimeOfDay, bool) {
	m := reTime.FindStringSubmatch(s)
	if m == nil || (m[2] == "" && m[3] == "") {
		return 0, false
	}
	hour, err := strconv.Atoi(m[1])
	if err != nil {
		return 0, false
	}
	switch m[3] {
	case "am", "pm":
		if hour < 1 || hour > 12 {
			return 0, false
		}
		if hour %= 12; m[3] == "pm" {
			hour += 12
		}
	}
	minute := m[2]
	if minute == "" {
		minute = "0"
	}
	at, ok := timeOfDay(strconv.Itoa(hour), minute)
	return at, ok && at < endOfDay
}
