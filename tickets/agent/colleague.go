package agent

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"tierdesk/tickets"
)

// colleagueIn returns the full name of a colleague whom a text addresses, or whose words it seems
// to hold below their name; "" if there is none. Somebody in the ticket who is called the same is
// no colleague. It is pure.
func colleagueIn(text string, people *tickets.Directory, writer *tickets.Agent, parts []tickets.Participant) string {
	lines := strings.Split(text, "\n")
	first := strings.TrimSpace(lines[max(0, slices.IndexFunc(lines, func(l string) bool { return strings.TrimSpace(l) != "" }))])
	for i := range people.Agents {
		a := &people.Agents[i]
		given, rest := nameOf(a)
		if a.Name == writer.Name || given == "" {
			continue
		}
		if shared(given, writer.FullName) || slices.ContainsFunc(parts,
			func(p tickets.Participant) bool { return shared(given, p.Name+" "+p.Shown) }) {
			continue
		}
		if isFor(strings.ToLower(first), given, rest) {
			return a.FullName
		}
		for _, line := range lines {
			line = strings.ToLower(strings.TrimSpace(line))
			if rest != "" && (speaks(line, strings.ToLower(a.FullName)) || speaks(line, given+" "+rest)) {
				return a.FullName
			}
			if label, found := strings.CutSuffix(line, given); found && senderLabel.MatchString(label) {
				return a.FullName
			}
		}
	}
	return ""
}

// nameOf returns the given name of an agent and what stands behind it, in small letters and without
// the titles before it, "Dr.": they end in a point.
func nameOf(a *tickets.Agent) (given, rest string) {
	words := strings.Fields(strings.ToLower(a.FullName))
	for len(words) > 0 && strings.HasSuffix(words[0], ".") {
		words = words[1:]
	}
	if len(words) == 0 {
		return "", ""
	}
	return words[0], strings.Join(words[1:], " ")
}

// shared reports whether a given name stands in another name or address, word for word.
func shared(given, other string) bool {
	plain := func(s string) string {
		return " " + strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) }), " ") + " "
	}
	return strings.Contains(plain(other), plain(given))
}

// greetingFile has what stands before the name of whom a mail is for, one language a line.
//
//go:embed greetings.txt
var greetingFile string

var greetings = sync.OnceValue(func() []string {
	var out []string
	for line := range strings.Lines(greetingFile) {
		_, list, _ := strings.Cut(strings.TrimSpace(line), ": ")
		out = append(out, strings.Split(list, "|")...)
	}
	return out
})

// isFor reports whether a line begins with somebody's name, as a line does that is for them:
// "Tess, ...", "Hi Tess:", "Hi Tess and Jim". Behind a greeting the name may also end the line, or
// a sentence: "Good morning Tess", "Hi Tess Tall."
func isFor(line, given, rest string) bool {
	behind := func(line string, ends *regexp.Regexp) bool {
		after, found := strings.CutPrefix(strings.TrimPrefix(line, "@"), given)
		if !found {
			return false
		}
		full, found := strings.CutPrefix(after, " "+rest)
		return ends.MatchString(after) || rest != "" && found && ends.MatchString(full)
	}
	return behind(line, nameEnds) || slices.ContainsFunc(greetings(), func(greeting string) bool {
		after, found := strings.CutPrefix(line, greeting)
		name := strings.TrimLeft(after, " ,\t\u00a0")
		if !found || name == after {
			return false
		}
		if title, more, _ := strings.Cut(name, " "); strings.HasSuffix(title, ".") && more != "" { // "dear dr. tess"
			name = strings.TrimSpace(more)
		}
		return behind(name, greetedEnds)
	})
}

var (
	nameEnds    = regexp.MustCompile(`^(?:\s*[,:;!–—]|\s*-(?:\s|$)|\s+-|\s+(?:and|und|et|y|e|en|och|og|i|a|и)\s)`)
	greetedEnds = regexp.MustCompile(`^(?:\s*(?:[,:;!.?…–—，！。]|$)|\s*-(?:\s|$)|\s+-|\s+(?:and|und|et|y|e|en|och|og|i|a|и|&)\s)`)
)

// speaks reports whether a line names somebody whose words stand behind or below it, as in a chat,
// in minutes and above a mail that was put into another: "[09:00] Tess Tall: ...", "Tess Tall
// wrote:", "*From:* Tess Tall".
func speaks(line, name string) bool {
	i := strings.Index(line, name)
	if i < 0 || len(line) > 2000 {
		return false
	}
	before, after := strings.TrimSpace(line[:i]), strings.TrimSpace(line[i+len(name):])
	switch {
	case senderLabel.MatchString(before):
		return true
	case strings.IndexFunc(before, unicode.IsLetter) >= 0 && !clockBefore.MatchString(before):
		return false
	}
	dated := strings.IndexFunc(before, unicode.IsDigit) >= 0
	decorated := before != "" && !dated && strings.Trim(before, "=-_*#~<>[( ") == "" && strings.Trim(after, "=-_*#~<>]) ") == ""
	return decorated || saysBelow.MatchString(after) || strings.HasPrefix(after, ":") ||
		dated && (after == "" || strings.HasPrefix(after, "-"))
}

var (
	senderLabel = regexp.MustCompile(`^[*_>|\s]*(?:from|von|de|da|van|från|fra|od|от|差出人|发件人|寄件者)[*_\s]*[:：][*_\s"']*$`)
	// clockBefore: a time with words of its own, "Mo 9:00 Uhr", "9:00 AM".
	clockBefore = regexp.MustCompile(`^\W*(?:\pL{2,3}\W+)?[\d.,:/ -]+(?:am|pm|uhr|h)?\W*$`)
	// saysBelow: what stands between a name and what was said.
	saysBelow = regexp.MustCompile(`^[,;]?\s*(?:[(\[]?[\d.,:/\s-]+(?:am|pm|uhr|h)?[)\]]?\s*)?(?:wrote|says?|said|schrieb|schreibt|sagte?|a écrit|escribió|ha scritto|schreef|escreveu|skrev|napisała?|написала?)?\s*(?:[(\[]?[\d.,:/\s-]+[)\]]?)?\s*[:：]$`)
)
