package quote

import (
	"strings"
)

// cutMarker ends the text at the desk's own marker. The line that holds it may have been broken in two, in the words
// before the marker or inside it; it begins as the marker does.
func (t *splitter) cutMarker(marker string) {
	plain := func(i int) string { return strings.TrimLeft(t.bare[i], "> \t") }
	word, _, _ := strings.Cut(marker, " ") // stands whole in a line, wherever the marker was broken
	if !strings.Contains(t.text, word) {
		return
	}
	for i := 0; i < t.end; i++ {
		if !strings.Contains(t.bare[i], word) && (i+1 == t.end || !strings.Contains(t.bare[i+1], word)) {
			continue
		}
		broken := i+1 < t.end && !strings.Contains(t.bare[i+1], marker) && strings.Contains(plain(i)+" "+plain(i+1), marker)
		if !broken && !strings.Contains(t.bare[i], marker) {
			continue
		}
		begin := marker[:min(2, len(marker))]
		t.end = i
		for j := i; j >= 0 && j > i-3 && plain(j) != ""; j-- {
			if strings.HasPrefix(plain(j), begin) {
				t.end = j
				break
			}
		}
		return
	}
}
