// Package fault defines the faults of files that admins edit. Every reader of such files returns
// all faults together in this form. The package knows nothing about the files themselves.
package fault

import (
	"fmt"
	"sort"
	"strings"
)

// Place is a position in a file of the desk folder. Line and Column count from 1; 0 means unknown.
type Place struct {
	File   string // relative to the desk folder
	Line   int
	Column int
}

// String returns file:line:column.
func (p Place) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Fault is one mistake: its place, what is wrong, and what would be right.
type Fault struct {
	Place
	Text string // what is wrong, with the offending word in quotes
	Hint string // what would be right; may be ""
}

// Error returns the whole fault in one line.
func (f Fault) Error() string {
	s := f.Place.String() + ": " + f.Text
	if f.Hint != "" {
		s += " (" + f.Hint + ")"
	}
	return s
}

// List is a list of faults. A List that is not empty is an error.
type List []Fault

// Error returns one fault a line.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, f := range l {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// Err returns the list, sorted by place, as an error; nil if it is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	sort.SliceStable(l, func(i, k int) bool {
		a, b := l[i].Place, l[k].Place
		if a.File != b.File {
			return a.File < b.File
		}
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Column < b.Column
	})
	return l
}

// Add appends a fault at a place. Very long words of the file are cut.
func (l *List) Add(p Place, hint, format string, args ...any) {
	*l = append(*l, Fault{Place: p, Text: cut(fmt.Sprintf(format, args...)), Hint: cut(hint)})
}

// maxText bounds the text of one fault, in octets.
const maxText = 1000

// cut removes the middle of a text that is too long.
func cut(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText/2], "") + " … " + strings.ToValidUTF8(s[len(s)-maxText/2:], "")
}
