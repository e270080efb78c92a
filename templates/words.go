package templates

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// words are what functions say in one language: dates, lengths of time, names of SLA targets,
// statuses and priorities. They are read from an embedded file, one a language.
type words struct {
	days   [7]string // from Sunday
	months [12]string
	form   string // of a day: W weekday, D day, M month
	first  string // the number of a month's first day
	year   string // Y; behind a day that is far off
	at     string // between day and time; the zone follows
	clock  string // a layout of package time
	// zones are abbreviations of time zones as the language has them.
	zones map[string]string
	mend  *strings.Replacer // what becomes of a time that grammar wants otherwise; nil for none
	// Units, short; a day has one and many.
	min, hour, day1, dayN, none string
	leftForm, lateForm, paused  string // with %s
	targets                     map[string]string
	names                       map[string]string // of statuses and priorities: "status-on-hold"
	solvedIt, person            string            // what a customer says of an article
	today, tomorrow, later      string            // by when: %s is the time; in the last one %[2]s the day
}

// wordsOf returns the words of a language. A language that has none gets dates and times as ISO
// 8601 writes them, and no words.
func wordsOf(lang string) *words {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if w := vocabulary()[base]; w != nil {
		return w
	}
	return &neutral
}

// near is within which time of now a day needs no year.
const near = 180 * 24 * time.Hour

// day returns a day as people write it: with its year only if that may be another than they think.
func (w *words) day(t, now time.Time, loc *time.Location) string {
	t = t.In(loc)
	if w.form == "" {
		return t.Format("2006-01-02")
	}
	form := w.form
	if t.Sub(now).Abs() > near {
		form += w.year
	}
	var b strings.Builder
	for _, r := range form {
		switch r {
		case 'W':
			b.WriteString(w.days[t.Weekday()])
		case 'D':
			if t.Day() == 1 {
				b.WriteString(w.first)
				break
			}
			b.WriteString(strconv.Itoa(t.Day()))
		case 'M':
			b.WriteString(w.months[t.Month()-1])
		case 'Y':
			b.WriteString(strconv.Itoa(t.Year()))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func (w *words) date(t, now time.Time, loc *time.Location) string {
	return w.mended(w.day(t, now, loc) + w.at + w.time(t.In(loc)))
}

// time returns a time of day with its zone. A zone without a name is told by its distance from UTC.
func (w *words) time(t time.Time) string {
	zone := t.Format("MST")
	if name, ok := w.zones[zone]; ok {
		zone = name
	}
	if zone[0] == '+' || zone[0] == '-' {
		_, seconds := t.Zone()
		zone = "UTC" + zone[:1] + strconv.Itoa(abs(seconds)/3600)
		if minutes := abs(seconds) / 60 % 60; minutes > 0 {
			zone += fmt.Sprintf(":%02d", minutes)
		}
	}
	return t.Format(w.clock) + "\u00a0" + zone
}

func abs(n int) int { return max(n, -n) }

func (w *words) mended(s string) string {
	if w.mend == nil {
		return s
	}
	return w.mend.Replace(s)
}

// length returns a length of time in at most two units, rounded to minutes.
func (w *words) length(d time.Duration) string {
	m := int64((d + 30*time.Second) / time.Minute)
	days, hours, mins := m/(24*60), m/60%24, m%60
	unit := func(n int64, u string) string { return strconv.FormatInt(n, 10) + "\u00a0" + u }
	dayUnit := w.dayN
	if days == 1 {
		dayUnit = w.day1
	}
	switch {
	case m == 0:
		return w.none
	case days > 0 && hours > 0:
		return unit(days, dayUnit) + " " + unit(hours, w.hour)
	case days > 0:
		return unit(days, dayUnit)
	case hours > 0 && mins > 0:
		return unit(hours, w.hour) + " " + unit(mins, w.min)
	case hours > 0:
		return unit(hours, w.hour)
	}
	return unit(mins, w.min)
}

func (w *words) left(c Clock, now time.Time) string {
	left := c.Left
	if left == 0 && !c.Due.IsZero() {
		left = c.Due.Sub(now)
	}
	switch {
	case c.Paused && !c.Missed:
		return w.paused
	case c.Missed || left < 0:
		return fmt.Sprintf(w.lateForm, w.length(left.Abs()))
	}
	return fmt.Sprintf(w.leftForm, w.length(left))
}

// Labels returns what customers say of an article by a link: that it solved it, that they need a
// person. A language without words of its own has English ones.
func Labels(lang string) (solvedIt, person string) {
	w := wordsOf(lang)
	return w.solvedIt, w.person
}

// by returns by when something is promised, as people say it: by 10:00 CET tomorrow.
func (w *words) by(t, now time.Time, loc *time.Location) string {
	t, now = t.In(loc), now.In(loc)
	switch t.Format(time.DateOnly) {
	case now.Format(time.DateOnly):
		return w.mended(fmt.Sprintf(w.today, w.time(t)))
	case now.AddDate(0, 0, 1).Format(time.DateOnly):
		return w.mended(fmt.Sprintf(w.tomorrow, w.time(t)))
	}
	return w.mended(fmt.Sprintf(w.later, w.time(t), w.day(t, now, loc)))
}

// Moment returns a time in a language's words, as the mails write it; of a day alone without the
// time of day.
func Moment(lang string, t, now time.Time, loc *time.Location, dayAlone bool) string {
	if loc == nil {
		loc = time.UTC
	}
	if dayAlone {
		return wordsOf(lang).day(t, now, loc)
	}
	return wordsOf(lang).date(t, now, loc)
}

func (w *words) target(t string) string {
	if s := w.targets[t]; s != "" {
		return s
	}
	return t
}

// Status returns what a status is called in a language; itself if it is none, or the language has
// no words.
func Status(lang, status string) string { return wordsOf(lang).name("status-", status) }

// Priority returns what a priority of the default ladder is called in a language. One that an admin
// has named is called so in every language.
func Priority(lang, priority string) string { return wordsOf(lang).name("priority-", priority) }

func (w *words) name(kind, name string) string {
	if s := w.names[kind+name]; s != "" {
		return s
	}
	return name
}

// StatusMeant returns the status of that name in a language of the mails; "" for none.
func StatusMeant(word string) string { return meant("status-", word) }

// PriorityMeant returns the priority of that name in a language of the mails; "" for none.
func PriorityMeant(word string) string { return meant("priority-", word) }

func meant(kind, word string) string {
	for _, w := range vocabulary() {
		for _, key := range named {
			if name, ok := strings.CutPrefix(key, kind); ok && strings.EqualFold(w.names[key], word) {
				return name
			}
		}
	}
	return ""
}

var neutral = words{
	at: " ", clock: "15:04", min: "min", hour: "h", day1: "d", dayN: "d", none: "0 min",
	leftForm: "%s", lateForm: "-%s", paused: "-",
	solvedIt: "That solved it", person: "I need a person", today: "%s", tomorrow: "+1 d, %s", later: "%[2]s, %[1]s",
}

//go:embed lang/*.txt
var wordFiles embed.FS

// vocabulary returns the words of each language that has some, read once.
var vocabulary = sync.OnceValue(func() map[string]*words {
	out := map[string]*words{}
	files, err := wordFiles.ReadDir("lang")
	if err != nil {
		panic(err) // embedded: cannot be
	}
	for _, f := range files {
		text, err := wordFiles.ReadFile("lang/" + f.Name())
		if err != nil {
			panic(err) // embedded: cannot be
		}
		w, err := parseWords(string(text))
		if err != nil {
			panic("templates/lang/" + f.Name() + ": " + err.Error()) // a test reads every file
		}
		out[strings.TrimSuffix(f.Name(), ".txt")] = w
	}
	return out
})

// named are the keys of statuses and priorities in a file of words.
var named = []string{"status-new", "status-open", "status-pending", "status-on-hold", "status-solved", "status-closed",
	"priority-urgent", "priority-high", "priority-normal", "priority-low"}

// parseWords reads a file of lines "key: value"; a value whose blanks at its ends matter is quoted.
// Languages that have no use for zones and mend leave them out.
func parseWords(text string) (*words, error) {
	w := &words{targets: map[string]string{}, zones: map[string]string{}, names: map[string]string{}}
	fields := map[string]*string{
		"date": &w.form, "first-day": &w.first, "year": &w.year, "time": &w.at, "clock": &w.clock,
		"minutes": &w.min, "hours": &w.hour, "day": &w.day1, "days-many": &w.dayN,
		"none": &w.none, "left": &w.leftForm, "late": &w.lateForm, "paused": &w.paused,
		"solved-it": &w.solvedIt, "person": &w.person, "by-today": &w.today, "by-tomorrow": &w.tomorrow, "by": &w.later,
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		if unquoted, err := strconv.Unquote(value); err == nil {
			value = unquoted
		}
		list, into := strings.Fields(value), fields[key]
		switch {
		case value == "":
			return nil, fmt.Errorf("%q has no value", line)
		case into != nil:
			*into = value
			delete(fields, key)
		case key == "days" && len(list) == len(w.days):
			copy(w.days[:], list)
		case key == "months" && len(list) == len(w.months):
			copy(w.months[:], list)
		case key == "zones" && len(list)%2 == 0:
			for i := 0; i < len(list); i += 2 {
				w.zones[list[i]] = list[i+1]
			}
		case key == "mend" && strings.Count(value, " > ") == 1:
			w.mend = strings.NewReplacer(strings.Split(value, " > ")...)
		case key == "first_reply" || key == "next_reply" || key == "resolution":
			w.targets[key] = value
		case slices.Contains(named, key):
			w.names[key] = value
		default:
			return nil, fmt.Errorf("%q is not understood", line)
		}
	}
	if len(fields) > 0 || len(w.targets) != 3 || len(w.names) != len(named) || w.days[0] == "" || w.months[0] == "" {
		return nil, errors.New("not all words are there")
	}
	return w, nil
}
