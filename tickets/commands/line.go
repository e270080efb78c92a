package commands

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tierdesk/rules/fault"
	"tierdesk/rules/pattern"
)

// line is one that begins like a command.
type line struct {
	markers int    // how many / # @ stand before the word
	word    string // folded: "note"; "" if there is none
	typed   string // the same in lower case, with its ligatures
	rest    string // behind it, trimmed
	// glued reports whether something other than a blank or a stop follows the word: "/note(x)";
	// path whether that is a slash: "/etc/hosts".
	glued, path bool
	slash       bool // one of the markers is a slash: people and tags have the others
	// odd reports that it is no clean command, but might be meant as one: in quotes, in brackets,
	// with a backslash.
	odd bool
}

const (
	dashes      = "-‐‑‒–—―−﹣－" // what keyboards make of a hyphen
	bullets     = "-*+•‣◦·–—▪●○■"
	emphasis    = "*_~`"
	stops       = ".,:;!?"
	slashes     = "/／⁄∕⧸"
	markerRunes = slashes + "#@＃＠﹟﹫"
	quotes      = "\"'“”„‟‘’‚‛«»‹›`"
)

var reNumber = pattern.Late(`^\d{1,3}[.)] +`)

// readLine reads a cleaned line as a command; ok is false if it does not begin like one: with
// signs, no letter, and a marker among them. Bullets, numbers of a list and emphasis before the
// marker do not count; any other sign makes the line odd. In the word, letters of full width,
// ligatures and dashes are made plain.
func readLine(s string) (l line, ok bool) {
	if r, _ := utf8.DecodeRuneInString(s); unicode.IsLetter(r) {
		return line{}, false // nearly every line
	}
	s = reNumber().ReplaceAllString(s, "")
	emphasised := false
	for s != "" && l.markers == 0 {
		r, size := utf8.DecodeRuneInString(s)
		next, _ := utf8.DecodeRuneInString(s[size:])
		switch {
		case strings.ContainsRune(markerRunes, r):
			l.markers++
			l.slash = l.slash || isSlash(r)
		case r == ' ':
		case strings.ContainsRune(bullets, r) && next == ' ':
		case strings.ContainsRune(emphasis, r):
			emphasised = true
		case r == '\\' && unicode.IsLetter(next): // a slash from the wrong key
			l.odd, l.slash = true, true
			l.markers++
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			return line{}, false
		default:
			l.odd = true
		}
		s = s[size:]
	}
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		if strings.ContainsRune(markerRunes, r) {
			l.markers++
			l.slash = l.slash || isSlash(r)
		} else if r != ' ' && !strings.ContainsRune(emphasis, r) {
			break
		}
		s = s[size:]
	}
	if l.markers == 0 {
		return line{}, false
	}
	end := strings.IndexFunc(s, func(r rune) bool { return !isWordRune(r) })
	if end < 0 {
		end = len(s)
	}
	l.word, l.typed = foldWord(s[:end]), strings.ToLower(s[:end])
	rest := s[end:]
	if emphasised {
		rest = strings.TrimRight(strings.TrimLeft(rest, emphasis), emphasis)
	}
	stopped := strings.TrimLeft(rest, stops)
	l.glued = stopped != "" && !strings.HasPrefix(stopped, " ")
	l.path = strings.HasPrefix(stopped, "/")
	l.rest = strings.TrimSpace(stopped)
	return l, true
}

func isSlash(r rune) bool { return strings.ContainsRune(slashes, r) }

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) || r == '_' || strings.ContainsRune(dashes, r)
}

func foldWord(s string) string {
	s = strings.ToLower(norm.NFKC.String(plainDashes(s)))
	return strings.Trim(strings.ReplaceAll(s, "_", "-"), "-")
}

func plainDashes(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(dashes, r) {
			return '-'
		}
		return r
	}, s)
}

// unquote takes quotes off both ends.
func unquote(s string) string { return strings.TrimSpace(strings.Trim(s, quotes+" ")) }

// clean makes a line as a person sees it: without invisible signs, with plain spaces, trimmed.
func clean(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0 {
		return strings.Trim(s, " ")
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r), unicode.IsControl(r), unicode.Is(unicode.Variation_Selector, r),
			unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

func isQuoted(line string) bool {
	return strings.HasPrefix(line, ">") || strings.HasPrefix(line, "＞")
}

// lineEnds makes whatever some program takes for the end of a line plain.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

func splitLines(s string) []string { return strings.Split(lineEnds.Replace(s), "\n") }

// trimBlankLines takes away the blank lines at both ends.
func trimBlankLines(lines []string) string {
	for len(lines) > 0 && clean(lines[0]) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && clean(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return strings.TrimRightFunc(strings.Join(lines, "\n"), unicode.IsSpace)
}

func clip(s string) string {
	const most = 80
	s = clean(s)
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// names are all words that are commands.
func names() []string {
	var out []string
	for _, s := range table {
		out = append(out, string(s.Name))
		out = append(out, s.Aliases...)
	}
	return out
}

// commandInside returns the first command with its slash among the words of an argument. sigil is a
// sign that the argument's own words may have: "@bob", "#tag".
func commandInside(rest, sigil string) string {
	for _, word := range strings.Fields(rest) {
		l, ok := readLine(word)
		if !ok || l.odd || l.glued || (sigil != "" && strings.HasPrefix(word, sigil)) {
			continue
		}
		if _, known := Lookup(Name(l.word)); known {
			return word
		}
	}
	return ""
}

// closeTo returns the command that a word is, or is one letter off; "" if there is none.
func closeTo(l line) string {
	if _, ok := Lookup(Name(l.word)); ok {
		return l.word
	}
	if l.path {
		return ""
	}
	for _, name := range names() {
		if fault.Distance(l.word, name) <= 1 || fault.Distance(l.typed, name) <= 1 {
			return name
		}
	}
	return ""
}
