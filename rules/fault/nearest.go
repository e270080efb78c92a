package fault

import (
	"fmt"
	"strings"
)

// maxNames bounds how many names are compared with a misspelt word.
const maxNames = 1000

// Nearest returns the name that a misspelt word most probably means, "" if none is near or there
// are too many names.
func Nearest(word string, names []string) string {
	if len(names) > maxNames {
		return ""
	}
	word = strings.ToLower(word)
	letters := len([]rune(word))
	best, limit := "", letters/3+1
	for _, name := range names {
		folded := strings.ToLower(name)
		d := Distance(word, folded)
		if letters >= 3 && (strings.HasPrefix(folded, word) || len(folded) >= 3 && strings.HasPrefix(word, folded)) {
			d = min(d, 1) // the beginning is right
		}
		if d < limit {
			best, limit = name, d
		}
	}
	return best
}

// Hint returns a sentence that says what would be right: the nearest name, or all names if they are
// few; "" if neither helps.
func Hint(word string, names []string) string {
	if near := Nearest(word, names); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	switch {
	case len(names) == 0 || len(names) > 20:
		return ""
	case len(names) == 1:
		return fmt.Sprintf("there is only %q", names[0])
	}
	return "there is " + strings.Join(names, ", ")
}

// Distance returns the number of letters to insert, delete, change or swap with a neighbour to get
// from a to b.
func Distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	if len(s) > 64 || len(t) > 64 {
		return 64 // no name is that long, so this is not a misspelt one
	}
	var last []int // the row before the row before
	before, row := make([]int, len(t)+1), make([]int, len(t)+1)
	for k := range row {
		row[k] = k
	}
	for i := range s {
		last, before, row = before, row, make([]int, len(t)+1)
		row[0] = i + 1
		for k := range t {
			cost := 1
			if s[i] == t[k] {
				cost = 0
			}
			row[k+1] = min(before[k+1]+1, row[k]+1, before[k]+cost)
			if i > 0 && k > 0 && s[i] == t[k-1] && s[i-1] == t[k] {
				row[k+1] = min(row[k+1], last[k-1]+1)
			}
		}
	}
	return row[len(t)]
}
