package agent

import (
	"regexp"
	"slices"
	"strings"
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
		if a.Name == writer.Name || a.FullName == "" {
			continue
		}
		given, rest, more := strings.Cut(strings.ToLower(a.FullName), " ")
		if shared(given, strings.ToLower(writer.FullName)) || slices.ContainsFunc(parts,
			func(p tickets.Participant) bool { return shared(given, strings.ToLower(p.Name+" "+p.Shown)) }) {
			continue
		}
		if addresses := addressedTo.FindStringSubmatch(strings.ToLower(first)); addresses != nil && addresses[1] == given {
			return a.FullName
		}
		for _, line := range lines {
			line = strings.ToLower(strings.TrimSpace(line))
			if more && rest != "" && speaks(line, strings.ToLower(a.FullName)) {
				return a.FullName
			}
			if label, found := strings.CutSuffix(line, given); found && senderLabel.MatchString(label) {
				return a.FullName
			}
		}
	}
	return ""
}

// shared reports whether a name is one of the words of another.
func shared(given, other string) bool {
	return slices.Contains(strings.FieldsFunc(other, func(r rune) bool { return !unicode.IsLetter(r) }), given)
}

// addressedTo finds the name at the front of a line: "Tess, ...", "Hi Tess:", "Hi Tess and Jim".
var addressedTo = regexp.MustCompile(`^(?:(?:hi|hello|hey|dear|hallo|liebe|lieber|moin|servus|bonjour|salut|cher|chère|hola|querid[oa]|ciao|car[oa]|olá|oi|hoi|beste|hej|cześć|ahoj)\s+)?@?(\pL{2,})(?:\s*[,:;!–—-]|\s+(?:and|und|et|y|e|en|och|og|i|a)\s)`)

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
