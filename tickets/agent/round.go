package agent

import (
	"slices"
	"strings"
	"unicode"

	"tierdesk/mailin"
	"tierdesk/mailin/thread"
	"tierdesk/rules/pattern"
	"tierdesk/tickets"
)

// leastFields is how many lines a mail program puts at least above a mail that it passes on: who
// wrote it, when, to whom and about what.
const leastFields = 4

// roundRobin returns who is named in the header of a mail that went round in the house and was put
// below a text, "" if there is none. Mail programs write such headers in some eighty languages, so
// it is known by what stands behind the labels, not by them: the name of a colleague, a day with a
// time, and the subject of a reply or of the ticket. If the writer alone is named, it must be a
// reply to the ticket's subject. Appointments and contacts have labels as well. It is pure.
func roundRobin(lines []string, people *tickets.Directory, writer *tickets.Agent, subject string) string {
	for from := 0; from < len(lines); from++ {
		if fieldValue(lines[from]) == "" {
			continue
		}
		to := from
		for to < len(lines) && fieldValue(lines[to]) != "" {
			to++
		}
		if name := inHeader(lines[from:to], people, writer, subject); name != "" {
			return name
		}
		from = to
	}
	return ""
}

// inHeader is roundRobin for lines that all have labels.
func inHeader(fields []string, people *tickets.Directory, writer *tickets.Agent, subject string) string {
	if len(fields) < leastFields {
		return ""
	}
	var named []*tickets.Agent
	dated, reply, ours, both := false, false, false, false
	for _, line := range fields {
		value := fieldValue(line)
		isReply := replies().MatchString(value)
		isOurs := isSubject(thread.BaseSubject(value), thread.BaseSubject(subject))
		dated = dated || hour().MatchString(value) && fullDate().MatchString(value)
		reply, ours, both = reply || isReply, ours || isOurs, both || isReply && isOurs
		for i := range people.Agents {
			if a := &people.Agents[i]; names(value, a) && !slices.Contains(named, a) {
				named = append(named, a)
			}
		}
	}
	if !dated || len(named) == 0 {
		return ""
	}
	for _, a := range named {
		if a.Name != writer.Name && (reply || ours && len(named) > 1) {
			return a.FullName
		}
	}
	if both {
		return fieldValue(fields[0])
	}
	return ""
}

// isSubject reports whether a base subject is the ticket's, but for a mark before it that nobody
// foresaw: "mada: printer".
func isSubject(base, ticket string) bool {
	return ticket != "" && (base == ticket || strings.HasSuffix(base, ": "+ticket))
}

// names reports whether the value of a field holds an agent's full name, in any order, or one of
// their addresses.
func names(value string, a *tickets.Agent) bool {
	words := func(s string) []string {
		return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	}
	has, full := words(value), words(a.FullName)
	if len(full) > 1 && !slices.ContainsFunc(full, func(w string) bool { return !slices.Contains(has, w) }) {
		return true
	}
	folded := mailin.Fold(value)
	return slices.ContainsFunc(a.Addresses(), func(address string) bool { return address != "" && strings.Contains(folded, address) })
}

// fieldValue returns what stands behind the label of a line, "" for a line without one.
func fieldValue(line string) string {
	if len(line) > 1000 {
		return ""
	}
	m := field().FindStringSubmatch(strings.TrimSpace(line))
	if m == nil {
		return ""
	}
	return m[1]
}

var (
	// field: a label of a few words and its value. Armenian has a mark of its own in the colon's
	// place.
	field = pattern.Late(`^[*_>|\s]*[\pL\pM][\pL\pM '’./-]{0,30}[*_\s]*[:：՝][*_\s]*(\S.*)$`)
	// hour: a time of day, and no part of a longer row of digits: "01.23.45.67.89".
	hour = pattern.Late(`(?:^|[^\d.:/-]|[./]\s)\d{1,2}(?:[:.h時时点시]\s?\d{2}(?::\d{2})?)(?:[.:]?(?:[^\d.:/]|$))`)
	// replies: the subject of a reply or of a forwarded mail, in any language: "RE: ", "Vá: ".
	replies = pattern.Late(`^(?:\[[^\]]{1,30}\]\s*)*\pL{1,12}(?:\[\d+\])?\s?[:：]\s?[^\s/]`)
)
