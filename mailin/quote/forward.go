package quote

import "strings"

// forwarded returns the line from which on the mail passes another on, -1 if it does not: that is
// content, not history. later reports whether history stands above it.
func (t *splitter) forwarded() (at int, later bool) {
	quoted := false
	for i := 0; i < t.end; i++ {
		b := t.bare[i]
		if b == "" {
			continue
		}
		if b[0] == '>' {
			if strings.Trim(b, "> \t") == "" {
				continue
			}
			if !quoted && t.separators[i]&forwarding != 0 && !t.historyAbove(i) { // Apple Mail quotes what it passes on
				return i, false
			}
			quoted = true
			continue
		}
		if t.separators[i]&forwarding != 0 {
			return i, t.historyAbove(i)
		}
		if t.separators[i]&(original|replyAbove) != 0 {
			return -1, false
		}
	}
	return -1, false
}

// historyAbove reports whether history begins above line i: what was forwarded there was forwarded
// before.
func (t *splitter) historyAbove(i int) bool {
	above := splitter{lines: t.lines[:i], bare: t.bare[:i], separators: t.separators[:i], end: i, ours: -1}
	above.cutBlocks()
	if above.end < i && above.anyAbove(above.end) {
		for j := above.end; j < i; j++ { // more than the rulers around the mark
			if above.bare[j] != "" && !ruler(above.bare[j]) && !heading(above.bare[j]) {
				return true
			}
		}
	}
	above.classify()
	first, _ := above.span(0, above.end)
	for j := range above.kinds {
		if above.kinds[j] == kindAttrib && first >= 0 && first < j {
			return true
		}
	}
	return false
}

// passesOn reports whether a line separates a covering note from a mail that was forwarded.
func passesOn(b string) bool { return separatorOf(b)&forwarding != 0 }
