package clause

import (
	"strings"

	"tierdesk/tickets/answers/lexicon"
)

// Unwrap joins the lines that a mail program broke within sentences.
func Unwrap(lines []string) string {
	var b strings.Builder
	for i, l := range lines {
		if IsAttribution(l) || wroteAt().MatchString(l) {
			continue
		}
		b.WriteString(l)
		if i+1 == len(lines) {
			break
		}
		long := len(l) >= minWrapped && l != "" && lines[i+1] != "" && !strings.ContainsAny(l[len(l)-1:], ".!?:")
		if long {
			b.WriteByte(' ')
		} else {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// minWrapped is how long a line is at least that was broken for its length.
const minWrapped = 55

// wroteAt finds the line above a quote, with a time.
var wroteAt = lexicon.Pattern(`\d{1,2}[:.h]\d{2}.*:$`)
