package templates

import (
	"embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// words are what functions say in one language: dates, lengths of time, names of SLA targets. They
// are read from an embedded file, one a language.
type words struct {
	days   [7]string // from Sunday
	months [12]string
	form   string // of a day: W weekday, D day, M month, Y year
	at     string // between day and time; the time and the zone follow
	// Units, short; a day has one and many.
	min, hour, day1, dayN, none string
	leftForm, lateForm, paused  string // with %s
	targets                     map[string]string
	solvedIt, person            string // what a customer says of an article
	today, tomorrow, later      string // by when: %s is the time; in the last one %[2]s the day
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

func (w *words) day(t time.Time, loc *time.Location) string {
	t = t.In(loc)
	if w.form == "" {
		return t.Format("2006-01-02")
	}
	var b strings.Builder
	for _, r := range w.form {
		switch r {
		case 'W':
			b.WriteString(w.days[t.Weekday()])
		case 'D':
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

func (w *words) date(t time.Time, loc *time.Location) string {
	t = t.In(loc)
	return w.day(t, loc) + w.at + t.Format("15:04") + " " + t.Format("MST")
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
	at := t.Format("15:04 MST")
	switch {
	case t.Format(time.DateOnly) == now.Format(time.DateOnly):
		return fmt.Sprintf(w.today, at)
	case t.Format(time.DateOnly) == now.AddDate(0, 0, 1).Format(time.DateOnly):
		return fmt.Sprintf(w.tomorrow, at)
	}
	return fmt.Sprintf(w.later, at, w.day(t, loc))
}

func (w *words) target(t string) string {
	if s := w.targets[t]; s != "" {
		return s
	}
	return t
}

var neutral = words{
	at: " ", min: "min", hour: "h", day1: "d", dayN: "d", none: "0 min",
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

// parseWords reads a file of lines "key: value"; a value whose blanks at its ends matter is quoted.
func parseWords(text string) (*words, error) {
	w := &words{targets: map[string]string{}}
	fields := map[string]*string{
		"date": &w.form, "time": &w.at, "minutes": &w.min, "hours": &w.hour, "day": &w.day1, "days-many": &w.dayN,
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
		case key == "first_reply" || key == "next_reply" || key == "resolution":
			w.targets[key] = value
		default:
			return nil, fmt.Errorf("%q is not understood", line)
		}
	}
	if len(fields) > 0 || len(w.targets) != 3 || w.days[0] == "" || w.months[0] == "" {
		return nil, errors.New("not all words are there")
	}
	return w, nil
}
