package templates

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// words are what functions say in one language: dates, lengths of time, names of SLA targets.
type words struct {
	days   [7]string // from Sunday
	months [12]string
	form   string // of a day: W weekday, D day, M month, Y year
	at     string // between day and time; the time and the zone follow
	// Units, short; a day has one and many.
	min, hour, day1, dayN, none string
	leftForm, lateForm, paused  string // with %s
	targets                     map[string]string
}

// wordsOf returns the words of a language. A language that has none gets dates and times as ISO 8601 writes them, and no words.
func wordsOf(lang string) *words {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if w := vocabulary[base]; w != nil {
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

func (w *words) target(t string) string {
	if s := w.targets[t]; s != "" {
		return s
	}
	return t
}

var neutral = words{
	at: " ", min: "min", hour: "h", day1: "d", dayN: "d", none: "0 min",
	leftForm: "%s", lateForm: "-%s", paused: "-",
}

var vocabulary = map[string]*words{
	"en": {
		days:   [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		form:   "W D M Y", at: ", ", min: "min", hour: "h", day1: "day", dayN: "days", none: "less than a minute",
		leftForm: "%s left", lateForm: "%s late", paused: "paused",
		targets: map[string]string{"first_reply": "First reply", "next_reply": "Next reply", "resolution": "Resolution"},
	},
	"de": {
		days:   [7]string{"So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"},
		months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		form:   "W, D. M Y", at: ", ", min: "Min.", hour: "Std.", day1: "Tag", dayN: "Tage", none: "weniger als eine Minute",
		leftForm: "noch %s", lateForm: "%s über der Zeit", paused: "ruht",
		targets: map[string]string{"first_reply": "Erste Antwort", "next_reply": "Nächste Antwort", "resolution": "Lösung"},
	},
	"fr": {
		days:   [7]string{"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."},
		months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		form:   "W D M Y", at: " à ", min: "min", hour: "h", day1: "jour", dayN: "jours", none: "moins d’une minute",
		leftForm: "encore %s", lateForm: "%s de retard", paused: "en pause",
		targets: map[string]string{"first_reply": "Première réponse", "next_reply": "Prochaine réponse", "resolution": "Résolution"},
	},
	"es": {
		days:   [7]string{"dom", "lun", "mar", "mié", "jue", "vie", "sáb"},
		months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		form:   "W D de M de Y", at: ", ", min: "min", hour: "h", day1: "día", dayN: "días", none: "menos de un minuto",
		leftForm: "quedan %s", lateForm: "%s de retraso", paused: "en pausa",
		targets: map[string]string{"first_reply": "Primera respuesta", "next_reply": "Siguiente respuesta", "resolution": "Solución"},
	},
	"it": {
		days:   [7]string{"dom", "lun", "mar", "mer", "gio", "ven", "sab"},
		months: [12]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"},
		form:   "W D M Y", at: ", ore ", min: "min", hour: "h", day1: "giorno", dayN: "giorni", none: "meno di un minuto",
		leftForm: "ancora %s", lateForm: "%s di ritardo", paused: "in pausa",
		targets: map[string]string{"first_reply": "Prima risposta", "next_reply": "Prossima risposta", "resolution": "Soluzione"},
	},
	"nl": {
		days:   [7]string{"zo", "ma", "di", "wo", "do", "vr", "za"},
		months: [12]string{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
		form:   "W D M Y", at: ", ", min: "min", hour: "u", day1: "dag", dayN: "dagen", none: "minder dan een minuut",
		leftForm: "nog %s", lateForm: "%s te laat", paused: "gepauzeerd",
		targets: map[string]string{"first_reply": "Eerste antwoord", "next_reply": "Volgend antwoord", "resolution": "Oplossing"},
	},
}
