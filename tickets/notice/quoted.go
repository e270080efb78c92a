package notice

import (
	"strings"

	"tierdesk/mailin"
	"tierdesk/templates"
)

// QuotedIn reports whether a mail contains a notice to an agent or a part of one, in its text, its
// HTML or the cut-off text. A client may have broken the line of the marker.
func QuotedIn(m *mailin.Message) bool {
	marker := joined(templates.Marker)
	for _, text := range []string{m.Text, m.Quote, m.HTML} {
		// The first word of the marker is never broken, wherever the line is.
		if word, _, _ := strings.Cut(templates.Marker, " "); strings.Contains(text, word) && strings.Contains(joined(text), marker) {
			return true
		}
	}
	return false
}

// joined returns a text without white space and quote marks.
func joined(text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\r', '\n', '>', '|', '\u00a0':
			return -1
		}
		return r
	}, text)
}
