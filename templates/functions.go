package templates

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"text/template"
	"time"
	"unicode"
)

// prose is a text that an agent wrote for a customer: its paragraphs, lists, quoted lines and links
// are shown as such.
type prose string

// quoted is a text of the conversation so far, shown as mail clients show such.
type quoted string

// markerLine is the line with the Marker.
type markerLine string

// functions returns what a template may call, bound to the state of one runner. Those with an
// underscore end every action.
func functions(s *state) template.FuncMap {
	return template.FuncMap{
		// Times and lengths of time, in the reader's language and zone.
		"date":     func(t time.Time) string { return s.words.date(t, s.now, s.loc) }, // Monday 5 January, 14:30 CET
		"day":      func(t time.Time) string { return s.words.day(t, s.now, s.loc) },  // Monday 5 January
		"dur":      func(d time.Duration) string { return s.words.length(d.Abs()) },   // 2 h 30 min
		"ago":      func(t time.Time) string { return s.words.length(s.now.Sub(t).Abs()) },
		"left":     func(c Clock) string { return s.words.left(c, s.now) },            // 2 h 30 min left; 40 min late
		"by":       func(t time.Time) string { return s.words.by(t, s.now, s.loc) },   // by 10:00 CET tomorrow
		"promised": func(clocks []Clock) time.Time { return promised(clocks, s.now) }, // when the first answer is promised
		"target":   func(t string) string { return s.words.target(t) },                // First reply
		"status":   func(name string) string { return s.words.name("status-", name) },
		"priority": func(name string) string { return s.words.name("priority-", name) },

		"brief":  Brief, // a subject without addresses and links, at most 60 characters
		"short":  func(s string, n int) string { return cut(line(s), n) },
		"size":   size, // 1.2 MB
		"join":   func(list []string, by string) string { return strings.Join(list, by) },
		"plural": plural,                                  // {{plural .Count "mail" "mails"}}: 3 mails
		"known":  known,                                   // whether there is something: also for times and things with parts
		"prose":  func(b Block) prose { return prose(b) }, // an agent's words to a customer
		"quoted": func(b Block) quoted { return quoted(b) },
		"marker": func(words string) markerLine { return markerLine("## " + line(words) + " " + Marker) },

		"_line": func(v any) (string, error) { return s.asLine(v) },
		"_out":  func(v any) (string, error) { return s.out(v) },
	}
}

// kind of a value says how it is put in.
type kind byte

const (
	kindText    kind = 't' // one line
	kindBlock   kind = 'b' // several lines, literally
	kindQuoted  kind = 'q'
	kindProse   kind = 'p'
	kindLink    kind = 'u'
	kindButtons kind = 'r'
	kindMarker  kind = 'm'
)

// value is what a mark stands for.
type value struct {
	text    string
	markup  Markup // the same text, formatted
	buttons Buttons
}

// A mark stands in the Markdown where a value will be: letters and digits only, so that Markdown
// takes it for a word. It says the kind and the index of the value.
const (
	holeStart  = "xTDq"
	holeDigits = 4
	holeLen    = len(holeStart) + 1 + holeDigits + 1
)

// out keeps a value and returns its mark.
func (s *state) out(v any) (string, error) {
	k, val := kindText, value{}
	switch v := v.(type) {
	case Block:
		k, val.text = kindBlock, block(string(v))
	case quoted:
		k, val.text = kindQuoted, block(string(v))
	case prose:
		k, val.text = kindProse, block(string(v))
		if string(v) == string(s.body) {
			val.markup = s.formatted
		}
	case Page:
		k, val.text, val.markup = kindProse, v.text, v.html
	case Link:
		k, val.text = kindLink, safeLink(v)
	case Buttons:
		k, val.buttons = kindButtons, v
	case markerLine:
		k, val.text = kindMarker, string(v)
	default:
		text, err := s.asLine(v)
		if err != nil {
			return "", err
		}
		val.text = text
	}
	if len(s.values) >= 10_000 {
		return "", errors.New("there are too many values in one mail")
	}
	mark := make([]byte, 0, holeLen)
	mark = append(mark, holeStart...)
	mark = append(mark, byte(k))
	n := strconv.Itoa(len(s.values))
	mark = append(mark, "0000"[len(n):]...)
	mark = append(mark, n...)
	mark = append(mark, 'x')
	s.values = append(s.values, val)
	return string(mark), nil
}

// asLine returns a value as one line of text.
func (s *state) asLine(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return line(v), nil
	case Block:
		return line(string(v)), nil
	case Link:
		return line(string(v)), nil
	case int:
		return strconv.Itoa(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case time.Time:
		if v.IsZero() {
			return "", nil
		}
		return s.words.date(v, s.now, s.loc), nil
	}
	return "", fmt.Errorf("a value of type %T cannot stand in a mail", v)
}

// line makes any text one line: no control characters, no line breaks, nothing that turns the
// direction of what follows, nothing invisible.
func line(s string) string {
	if plainLine(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == unicode.ReplacementChar || unicode.IsSpace(r) || r == '\u0085' || r == '\u2028' || r == '\u2029' || r < ' ' || r == 0x7f:
			return ' '
		case unicode.Is(unicode.Cc, r) || turns(r) || invisible(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	return strings.Join(strings.Fields(s), " ")
}

// plainLine is the common case: printable ASCII without a space too many.
func plainLine(s string) bool {
	space := true
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return s == "" || !space
}

// turns reports whether a sign changes the direction of what follows (Unicode's embeddings,
// overrides and isolates).
func turns(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' }

// invisible reports whether a sign shows nothing and hides what a word is. Joiners stay: scripts
// and emoji need them.
func invisible(r rune) bool {
	return r == '\u00ad' || r == '\u200b' || r >= '\u2060' && r <= '\u2064' || r == '\ufeff' || r >= 0xe0000 && r <= 0xe007f
}

// block keeps a text line by line: line ends become \n, control characters and overrides of
// direction go.
func block(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= ' ' && r < 0x7f: // nearly all
			return r
		case r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029' || r == '\v' || r == '\f':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case unicode.Is(unicode.Cc, r) || turns(r):
			return -1
		}
		return r
	}, s)
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// safeLink returns a link that a mail may hold, "" for any other.
func safeLink(l Link) string {
	s := string(l)
	if strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r == 0x7f || unicode.IsSpace(r) || unicode.IsControl(r) || turns(r) || invisible(r)
	}) {
		return ""
	}
	if !allowedScheme(s) {
		return ""
	}
	return s
}

func allowedScheme(s string) bool {
	lower := strings.ToLower(s[:min(len(s), 8)])
	return strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "mailto:")
}

// cut shortens a text to so many characters, the last of them "…".
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimRight(string(r[:max(n-1, 0)]), " ") + "…"
}

// promised returns by when an answer is promised that is still to come, the zero time for never.
func promised(clocks []Clock, now time.Time) time.Time {
	for _, c := range clocks {
		if (c.Target == "first_reply" || c.Target == "next_reply") && !c.Missed && !c.Paused && c.Due.After(now) {
			return c.Due
		}
	}
	return time.Time{}
}

func size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1000_000:
		return fmt.Sprintf("%d kB", (n+500)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func known(v any) bool {
	if t, ok := v.(time.Time); ok {
		return !t.IsZero()
	}
	r := reflect.ValueOf(v)
	if !r.IsValid() {
		return false
	}
	if r.Kind() == reflect.Slice || r.Kind() == reflect.Map {
		return r.Len() > 0
	}
	return !r.IsZero()
}
