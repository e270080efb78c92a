package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"
)

// env is the environment of a command.
type env struct {
	ctx      context.Context
	in       io.Reader
	out, err io.Writer
	// Whether the streams are terminals, and how wide the output is; 0 for no limit.
	inTerminal, outTerminal, errTerminal bool
	colourOut, colourErr                 bool
	width                                int
}

func newEnv(in io.Reader, out, errOut io.Writer) *env {
	e := &env{in: in, out: out, err: errOut}
	terminal := func(s any) (int, bool) {
		f, ok := s.(*os.File)
		if !ok || !term.IsTerminal(int(f.Fd())) {
			return 0, false
		}
		return int(f.Fd()), true
	}
	_, e.inTerminal = terminal(in)
	_, e.errTerminal = terminal(errOut)
	fd, isTerminal := terminal(out)
	if e.outTerminal = isTerminal; isTerminal {
		if w, _, err := term.GetSize(fd); err == nil {
			e.width = w
		}
	}
	plain := os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb"
	e.colourOut, e.colourErr = e.outTerminal && !plain, e.errTerminal && !plain
	return e
}

// colour is an SGR sequence.
type colour string

const (
	bold   colour = "1"
	faint  colour = "2"
	red    colour = "31"
	green  colour = "32"
	yellow colour = "33"
	cyan   colour = "36"
)

func painted(on bool, c colour, s string) string {
	if !on || s == "" || c == "" {
		return s
	}
	return "\x1b[" + string(c) + "m" + s + "\x1b[0m"
}

// paint colours words on the output, onErr on the error output.
func (e *env) paint(c colour, s string) string { return painted(e.colourOut, c, s) }
func (e *env) onErr(c colour, s string) string { return painted(e.colourErr, c, s) }

// printf writes to the output. Text written by strangers must go through safe or safeText first.
func (e *env) printf(format string, args ...any) { fmt.Fprintf(e.out, format, args...) }

// title writes a headline.
func (e *env) title(format string, args ...any) {
	e.printf("%s\n", e.paint(bold, fmt.Sprintf(format, args...)))
}

// json writes a value for programs.
func (e *env) json(v any) error {
	enc := json.NewEncoder(e.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// rendered prints a mail that the desk would write, made from example facts.
func (e *env) rendered(subject, text, html string, as asJSON) error {
	if as.JSON {
		return e.json(struct {
			Subject string `json:"subject"`
			Text    string `json:"text"`
			HTML    string `json:"html"`
		}{subject, text, html})
	}
	e.field("subject", e.paint(bold, safe(subject)))
	e.printf("\n%s\n", safeText(strings.TrimRight(text, "\n")))
	return nil
}

// safe returns a stranger's text on one line and harmless to a terminal: without control characters
// and without characters that change the writing direction.
func safe(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r) || r == utf8.RuneError || r == '\u2028' || r == '\u2029' || r >= '\u202a' && r <= '\u202e' ||
			r >= '\u2066' && r <= '\u2069':
			return '·'
		}
		return r
	}, s)
}

// safeText is safe for texts of several lines.
func safeText(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = safe(l)
	}
	return strings.Join(lines, "\n")
}

// indented indents every line of a text.
func indented(s, by string) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i, l := range lines {
		if strings.TrimSpace(l) != "" {
			lines[i] = by + l
		}
	}
	return strings.Join(lines, "\n")
}

// cell is a table's cell: words and their colour.
type cell struct {
	words  string
	colour colour
}

// rows is a table that is being filled.
type rows struct {
	e      *env
	header []string
	grow   map[int]bool // columns that are cut if the terminal is too narrow
	right  map[int]bool
	lines  [][]cell
}

// table begins a table. Columns whose names end in * are cut to fit the terminal; those whose names
// end in > are right-aligned. Empty columns are left out.
func (e *env) table(header ...string) *rows {
	r := &rows{e: e, grow: map[int]bool{}, right: map[int]bool{}}
	for i, h := range header {
		if name, found := strings.CutSuffix(h, "*"); found {
			r.grow[i], h = true, name
		}
		if name, found := strings.CutSuffix(h, ">"); found {
			r.right[i], h = true, name
		}
		r.header = append(r.header, h)
	}
	return r
}

// add adds a line of cells: cell values, or anything that fmt can print.
func (r *rows) add(cells ...any) {
	line := make([]cell, len(cells))
	for i, c := range cells {
		switch c := c.(type) {
		case cell:
			line[i] = cell{safe(c.words), c.colour}
		default:
			line[i] = cell{words: safe(fmt.Sprint(c))}
		}
	}
	r.lines = append(r.lines, line)
}

// narrowest is the least width to which a column is cut.
const narrowest = 12

// print writes the table.
func (r *rows) print() {
	widths := make([]int, len(r.header))
	for _, line := range r.lines {
		for i, c := range line {
			widths[i] = max(widths[i], text.StringWidthWithoutEscSequences(c.words))
		}
	}
	var columns []int // that are shown
	total := 0
	for i, h := range r.header {
		if widths[i] == 0 {
			continue
		}
		columns = append(columns, i)
		widths[i] = max(widths[i], text.StringWidthWithoutEscSequences(h))
		total += widths[i] + 2
	}
	for total-2 > r.e.width && r.e.width > 0 {
		widest := -1
		for _, i := range columns {
			if r.grow[i] && widths[i] > narrowest && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
		total--
	}
	t := table.NewWriter()
	style := table.StyleDefault
	style.Options = table.OptionsNoBordersAndSeparators
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	style.Format.Header = text.FormatDefault
	t.SetStyle(style)
	var configs []table.ColumnConfig
	header := table.Row{}
	for n, i := range columns {
		header = append(header, r.e.paint(faint, r.header[i]))
		c := table.ColumnConfig{Number: n + 1, WidthMax: 10000}
		if r.right[i] {
			c.Align, c.AlignHeader = text.AlignRight, text.AlignRight
		}
		configs = append(configs, c)
	}
	t.AppendHeader(header)
	t.SetColumnConfigs(configs)
	for _, line := range r.lines {
		row := table.Row{}
		for _, i := range columns {
			words := line[i].words
			if r.grow[i] {
				words = text.Snip(words, widths[i], "…")
			}
			row = append(row, r.e.paint(line[i].colour, words))
		}
		t.AppendRow(row)
	}
	for line := range strings.Lines(t.Render() + "\n") {
		r.e.printf("%s\n", strings.TrimRight(line, " \n"))
	}
}

// none tells a person that a list is empty.
func (e *env) none(what string) { e.printf("%s\n", e.paint(faint, what)) }

// limited is the flag of a command that lists: at most how many rows it shows.
type limited struct {
	Limit rowCount `short:"n" default:"100" help:"Show at most this many."`
}

// rowCount is a number of rows, at least one: a list of none would say that there is nothing.
type rowCount int

// UnmarshalText reads the number.
func (n *rowCount) UnmarshalText(b []byte) error {
	v, err := strconv.ParseInt(string(b), 10, 32)
	if err != nil || v < 1 {
		return fmt.Errorf("%q is no number of rows, of which there must be at least one", b)
	}
	*n = rowCount(v)
	return nil
}

// asked returns how many rows to ask for: one more than are shown, to learn if there are more.
func (l limited) asked() int { return int(l.Limit) + 1 }

// shown returns the rows to show, and whether there are more.
func shown[T any](list []T, l limited) ([]T, bool) {
	return list[:min(len(list), int(l.Limit))], len(list) > int(l.Limit)
}

// more says below a list that there are more rows; only has a place for the number that is shown.
func (e *env) more(more bool, only string, l limited) {
	if more {
		e.none(fmt.Sprintf(only, l.Limit) + ": --limit shows more")
	}
}

// ago returns how long ago an instant was, or how soon it will be.
func ago(at, now time.Time) string {
	if at.IsZero() {
		return ""
	}
	if d := now.Sub(at); d >= 0 {
		return length(d) + " ago"
	}
	return "in " + length(at.Sub(now))
}

// length formats a duration in a suitable unit.
func length(d time.Duration) string {
	switch {
	case d < time.Second:
		return "0s"
	case d < time.Minute:
		return fmt.Sprintf("%ds", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%dm", d/time.Minute)
	case d < 48*time.Hour:
		if m := d % time.Hour / time.Minute; m != 0 && d < 10*time.Hour {
			return fmt.Sprintf("%dh%02dm", d/time.Hour, m)
		}
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return fmt.Sprintf("%dd", d/(24*time.Hour))
}

// octets formats a size in a suitable unit.
func octets(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// clock formats an instant in a desk's time zone, for a person.
func clock(at time.Time, zone *time.Location) string {
	if at.IsZero() {
		return ""
	}
	if zone != nil {
		at = at.In(zone)
	}
	return at.Format("2006-01-02 15:04")
}

// plural returns a number with its noun, in the plural if need be.
func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	if strings.HasSuffix(word, "x") {
		return fmt.Sprintf("%d %ses", n, word)
	}
	if stem, found := strings.CutSuffix(word, "y"); found && !strings.ContainsAny(stem[len(stem)-1:], "aeou") {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// instant is a time for JSON that is left out if it is zero.
func instant(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}
