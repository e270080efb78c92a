package value

import (
	"slices"
	"strings"

	"tierdesk/tickets/answers/lexicon"
)

var (
	ticked   = lexicon.Pattern(`\[ ?[xX✓✔] ?\]|\( ?[xX] ?\)|☑|☒|✅`)
	unticked = lexicon.Pattern(`\[ *\]|\( *\)|☐|□`)
)

// tickedIn returns what stands at the only box that is ticked, and whether there are boxes.
func tickedIn(text string) (label string, boxes bool) {
	yes, no := ticked().FindAllStringIndex(text, -1), unticked().FindAllStringIndex(text, -1)
	if len(yes)+len(no) < 2 && (len(yes) == 0 || strings.Trim(text, " \t") == text[yes[0][0]:yes[0][1]]) {
		return "", false
	}
	if len(yes) != 1 {
		return "", true
	}
	all := slices.SortedFunc(slices.Values(append(no, yes[0])), func(a, b []int) int { return a[0] - b[0] })
	at := slices.IndexFunc(all, func(m []int) bool { return m[0] == yes[0][0] })
	if all[0][0] <= len(text)-len(strings.TrimLeft(text, " \t")) { // the boxes stand before their words
		end := len(text)
		if at+1 < len(all) {
			end = all[at+1][0]
		}
		return strings.Trim(text[all[at][1]:end], " \t\n,;/|"), true
	}
	start := 0
	if at > 0 {
		start = all[at-1][1]
	}
	return strings.Trim(text[start:all[at][0]], " \t\n,;/|"), true
}
