package parse

import (
	"strings"
	"time"
)

// calendar is what a person wants to know of a text/calendar part (RFC 5545, RFC 5546).
type calendar struct {
	method, summary, start, end, location, organizer, description, status string
	replies                                                               []string // "jane@x.example: accepted"
}

// readCalendar reads the first event or task of a clean text. Lines that are wrong are passed over.
func readCalendar(s string) (calendar, bool) {
	if !strings.Contains(s, "BEGIN:VCALENDAR") {
		return calendar{}, false
	}
	s = strings.NewReplacer("\n ", "", "\n\t", "").Replace(s)
	var c calendar
	inside, done := false, false
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, "\r\n")
		key, value, ok := cutCalendarLine(line)
		if !ok {
			continue
		}
		name, params, _ := strings.Cut(key, ";")
		name = strings.ToUpper(name)
		switch {
		case name == "METHOD":
			c.method = strings.ToUpper(strings.TrimSpace(value))
		case name == "BEGIN" && (value == "VEVENT" || value == "VTODO"):
			inside = !done
		case name == "END" && (value == "VEVENT" || value == "VTODO"):
			inside, done = false, true
		case name == "BEGIN" && value == "VALARM":
			inside = false
		case name == "END" && value == "VALARM":
			inside = !done
		case !inside:
		case name == "SUMMARY":
			c.summary = icalText(value)
		case name == "LOCATION":
			c.location = icalText(value)
		case name == "DESCRIPTION":
			c.description = icalText(value)
		case name == "STATUS":
			c.status = strings.ToLower(value)
		case name == "DTSTART":
			c.start = icalTime(value, params)
		case name == "DTEND", name == "DUE":
			c.end = icalTime(value, params)
		case name == "ORGANIZER":
			c.organizer = icalPerson(value, params)
		case name == "ATTENDEE" && len(c.replies) < 20:
			if st := icalParam(params, "PARTSTAT"); st != "" && !strings.EqualFold(st, "NEEDS-ACTION") {
				c.replies = append(c.replies, icalPerson(value, params)+": "+strings.ToLower(st))
			}
		}
	}
	return c, true
}

// cutCalendarLine cuts at the first colon outside quotes.
func cutCalendarLine(s string) (string, string, bool) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			quoted = !quoted
		case ':':
			if !quoted {
				return s[:i], s[i+1:], true
			}
		}
	}
	return "", "", false
}

func icalText(s string) string {
	return strings.NewReplacer(`\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(s)
}

func icalParam(params, name string) string {
	for _, p := range strings.Split(params, ";") {
		if k, v, ok := strings.Cut(p, "="); ok && strings.EqualFold(k, name) {
			return strings.Trim(v, `"`)
		}
	}
	return ""
}

func icalPerson(value, params string) string {
	if len(value) > 7 && strings.EqualFold(value[:7], "mailto:") {
		value = value[7:]
	}
	if cn := icalParam(params, "CN"); cn != "" && cn != value {
		return cn + " <" + value + ">"
	}
	return value
}

func icalTime(value, params string) string {
	zone := icalParam(params, "TZID")
	for _, l := range []struct{ in, out string }{{"20060102T150405Z", "2006-01-02 15:04 UTC"}, {"20060102T150405", "2006-01-02 15:04"},
		{"20060102", "2006-01-02"}} {
		if t, err := time.Parse(l.in, value); err == nil {
			s := t.Format(l.out)
			if zone != "" && l.in == "20060102T150405" {
				s += " (" + zone + ")"
			}
			return s
		}
	}
	return value
}

// text shows the event to a person.
func (c calendar) text() string {
	var w strings.Builder
	line := func(label, value string) {
		if strings.TrimSpace(value) != "" {
			w.WriteString(label + ": " + value + "\n")
		}
	}
	switch c.method {
	case "REPLY":
		w.WriteString("Answer to an invitation\n")
	case "CANCEL":
		w.WriteString("Cancelled event\n")
	default:
		w.WriteString("Invitation\n")
	}
	line("What", c.summary)
	when := c.start
	if c.end != "" {
		when += " – " + c.end
	}
	line("When", when)
	line("Where", c.location)
	line("Organizer", c.organizer)
	for _, r := range c.replies {
		line("Attendee", r)
	}
	if strings.TrimSpace(c.description) != "" {
		w.WriteString("\n" + strings.TrimSpace(c.description) + "\n")
	}
	return w.String()
}
