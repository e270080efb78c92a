package templates

import (
	"bytes"
	"fmt"
	"strings"

	"tierdesk/rules/fault"
)

// What a template may cost. The library's time grows with the square, or worse, of what stands in
// one another or in one paragraph, so these are looked at before it is.
const (
	maxFile     = 64 << 10  // octets of a file
	maxMarkdown = 256 << 10 // octets of what a template comes to, before the values are put in
	maxLines    = 4000      // of what a template comes to
	maxNesting  = 16        // quotations and lists in one another
	maxSigns    = 600       // signs of emphasis, links and code in one paragraph
	maxColumns  = 40        // of a table
	maxRanges   = 2         // loops in one another: what facts list may have a hundred entries
)

// excess is what of Markdown is too much, with the line that has it.
type excess struct {
	line       int
	text, hint string
}

func (e *excess) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.text) }

// tooMuch returns what of some Markdown costs too much to read; nil if nothing does. It looks at
// each octet once.
func tooMuch(markdown []byte) *excess {
	if len(markdown) > maxMarkdown {
		return &excess{1, fmt.Sprintf("it comes to more than %d kB", maxMarkdown>>10), "a mail of that length nobody reads"}
	}
	signs, number := 0, 0
	for line := range bytes.Lines(markdown) {
		if number++; number > maxLines {
			return &excess{number, fmt.Sprintf("it has more than %d lines", maxLines), "a mail of that length nobody reads"}
		}
		if nesting(line) > maxNesting {
			return &excess{number, fmt.Sprintf("quotations and lists stand in one another more than %d levels deep", maxNesting),
				"a mail needs two or three"}
		}
		if len(bytes.Trim(line, "> \t\r\n")) == 0 {
			signs = 0
			continue
		}
		for _, sign := range []string{"*", "_", "~", "[", "]", "`", "<", "!"} {
			signs += bytes.Count(line, []byte(sign))
		}
		if signs > maxSigns {
			return &excess{number, fmt.Sprintf("one paragraph has more than %d signs of emphasis, links and code", maxSigns),
				"put an empty line between paragraphs"}
		}
		if bytes.Count(line, []byte("|")) > maxColumns+1 {
			return &excess{number, fmt.Sprintf("a table has more than %d columns", maxColumns), "a phone shows three"}
		}
	}
	return nil
}

// nesting returns how many quotations and lists a line opens or goes on in: by its signs and, if it
// begins an item, by its indent. Each list takes two blanks at least.
func nesting(line []byte) int {
	depth, indent := 0, 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == ' ' || c == '\t':
			if depth == 0 && c == '\t' {
				indent += 4
			} else if depth == 0 {
				indent++
			}
		case c == '>':
			depth++
		case (c == '-' || c == '*' || c == '+') && i+1 < len(line) && (line[i+1] == ' ' || line[i+1] == '\t'):
			depth++
		case c >= '0' && c <= '9':
			for i+1 < len(line) && line[i+1] >= '0' && line[i+1] <= '9' {
				i++
			}
			if i++; i == len(line) || line[i] != '.' && line[i] != ')' {
				return depth + min(depth, 1)*indent/2
			}
			depth++
		default:
			return depth + min(depth, 1)*indent/2
		}
	}
	return depth + min(depth, 1)*indent/2
}

// fits notes what of an own file is too much before it is parsed.
func (s *source) fits(faults *fault.List) bool {
	if len(s.text) > maxFile {
		faults.Add(s.place(1, 0), "a mail of that length nobody reads", "has more than %d kB", maxFile>>10)
		return false
	}
	if e := tooMuch([]byte(s.text)); e != nil {
		faults.Add(s.place(e.line, 0), e.hint, "%s", e.text)
		return false
	}
	if n := strings.Count(s.text, "{{"); n > maxLines {
		faults.Add(s.place(1, 0), "", "has %d actions, more than %d", n, maxLines)
		return false
	}
	return true
}

// bounded is a buffer that takes no more than a mail may have.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxMarkdown {
		return 0, fmt.Errorf("it comes to more than %d kB", maxMarkdown>>10)
	}
	return b.Buffer.Write(p)
}
