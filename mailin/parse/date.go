package parse

import (
	"net/mail"
	"strconv"
	"strings"
	"time"

	"tierdesk/mailin/internal/late"
)

// ParseDate reads a Date field: RFC 5322 section 3.3, its obsolete forms, and what programs write
// instead. The second result is false if it cannot be read. A time without a zone is taken as UTC.
func ParseDate(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 200 {
		return time.Time{}, false
	}
	// As nearly all write it: the library tries a dozen other forms first.
	if t, err := time.Parse("Mon, 2 Jan 2006 15:04:05 -0700", s); err == nil {
		return sane(fixZone(t, s))
	}
	if t, err := mail.ParseDate(s); err == nil {
		return sane(fixZone(t, s))
	}
	c := strings.Join(strings.Fields(strings.NewReplacer(",", " ", "\t", " ").Replace(s)), " ")
	if i := strings.IndexByte(c, '('); i > 0 {
		c = strings.TrimSpace(c[:i])
	}
	for _, layout := range isoLayouts {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			return sane(t)
		}
	}
	if t, ok := looseDate(c); ok {
		return sane(t)
	}
	return time.Time{}, false
}

var isoLayouts = []string{time.RFC3339, "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04",
	"2006/01/02 15:04:05"}

func sane(t time.Time) (time.Time, bool) {
	if y := t.Year(); y < 1900 || y > 9999 {
		return time.Time{}, false
	}
	return t, true
}

var (
	clockPattern = late.Compile(`^(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2}))?(?:[.,]\d+)?(am|pm)?$`)
	zonePattern  = late.Compile(`^(?:gmt|utc|ut)?([+-])(\d{1,2}):?(\d{2})$`)
)

// looseDate reads a date word by word, in any order: a month's name, a day, a year, a clock, a
// zone.
func looseDate(s string) (time.Time, bool) {
	day, month, year := 0, 0, 0
	hour, minute, second := -1, 0, 0
	offset, pm := 0, ""
	for _, w := range strings.Fields(strings.ToLower(s)) {
		if p := strings.Split(w, "-"); len(p) == 3 && monthNumber(p[1]) > 0 {
			day, _ = strconv.Atoi(p[0])
			month = monthNumber(p[1])
			year, _ = strconv.Atoi(p[2])
			continue
		}
		if p := strings.FieldsFunc(w, func(c rune) bool { return c == '/' || c == '.' }); len(p) == 3 && day == 0 && len(p[2]) == 4 {
			day, _ = strconv.Atoi(p[0])
			month, _ = strconv.Atoi(p[1])
			year, _ = strconv.Atoi(p[2])
			if month > 12 {
				day, month = month, day
			}
			continue
		}
		if m := clockPattern.FindStringSubmatch(w); m != nil && strings.ContainsAny(w, ":.") && hour < 0 {
			hour, _ = strconv.Atoi(m[1])
			minute, _ = strconv.Atoi(m[2])
			second, _ = strconv.Atoi(m[3])
			pm = m[4]
			continue
		}
		if m := zonePattern.FindStringSubmatch(w); m != nil && hour >= 0 {
			h, _ := strconv.Atoi(m[2])
			mm, _ := strconv.Atoi(m[3])
			offset = h*3600 + mm*60
			if m[1] == "-" {
				offset = -offset
			}
			continue
		}
		if w == "am" || w == "pm" {
			pm = w
			continue
		}
		if n := monthNumber(w); n > 0 && month == 0 {
			month = n
			continue
		}
		if o, ok := zones[w]; ok && hour >= 0 {
			offset = o * 3600
			continue
		}
		if n, err := strconv.Atoi(strings.TrimRight(w, "stndrh.")); err == nil && n >= 0 {
			switch {
			case n > 31 || n == 0 && day > 0 || day > 0 && month > 0 && year == 0:
				year = n
			case day == 0:
				day = n
			}
		}
	}
	if hour < 0 {
		hour = 0
	}
	switch {
	case pm == "pm" && hour < 12:
		hour += 12
	case pm == "am" && hour == 12:
		hour = 0
	}
	if year < 50 && year >= 0 {
		year += 2000
	} else if year < 1000 {
		year += 1900
	}
	if day < 1 || day > 31 || month < 1 || month > 12 || hour > 24 || minute > 59 || second > 60 || year < 1970 {
		return time.Time{}, false
	}
	return time.Date(year, time.Month(month), day, hour, minute, second, 0, time.FixedZone("", offset)), true
}

var months = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

func monthNumber(w string) int {
	if len(w) < 3 {
		return 0
	}
	for i, m := range months {
		if strings.HasPrefix(w, m) {
			return i + 1
		}
	}
	switch strings.TrimRight(w, ".") {
	case "mär", "märz", "mrz":
		return 3
	case "mai":
		return 5
	case "okt":
		return 10
	case "dez":
		return 12
	}
	return 0
}

// zones are the zone names of RFC 5322 section 4.3 and a few that mail uses, in hours.
var zones = map[string]int{"gmt": 0, "utc": 0, "ut": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
	"pst": -8, "pdt": -7,
	"cet": 1, "cest": 2, "mez": 1, "mesz": 2, "bst": 1, "west": 1, "wet": 0, "eet": 2, "eest": 3, "msk": 3, "jst": 9, "kst": 9, "hkt": 8,
	"sgt": 8, "aest": 10, "aedt": 11}

// fixZone returns a named zone its offset: net/mail knows the names but not what they mean outside
// the local zone.
func fixZone(t time.Time, s string) time.Time {
	name, off := t.Zone()
	if off != 0 || name == "" || name == "UTC" {
		return t
	}
	if o, ok := zones[strings.ToLower(name)]; ok && o != 0 && strings.Contains(s, name) {
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.FixedZone(name, o*3600))
	}
	return t
}
