package demo

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/text"
)

// screen shows the demo. It is not safe for concurrent use.
type screen struct {
	out    io.Writer
	colour bool
	slow   bool // pause for reading
	width  int
	ctx    context.Context
}

// maxWidth bounds lines: longer ones are hard to read.
const maxWidth = 100

func newScreen(ctx context.Context, o Options) *screen {
	width := o.Width
	if width <= 0 {
		width = 80
	}
	return &screen{out: o.Out, colour: o.Terminal, slow: o.Terminal && !o.Fast, width: max(40, min(width, maxWidth)), ctx: ctx}
}

// way is the direction of a mail, which determines how it is shown.
type way int

const (
	in         way = iota // to the desk
	toCustomer            // from the desk
	toAgent
)

// card is a mail as it is shown.
type card struct {
	at      time.Time
	from    string
	to      []string
	subject string
	text    string
	way     way
	note    string
	brief   bool // without the table of facts and the buttons
}

// hurried returns the screen without pauses.
func (s *screen) hurried() *screen {
	quick := *s
	quick.slow = false
	return &quick
}

// card shows a mail in a frame: mail to the desk on the left, mail from the desk further right.
func (s *screen) card(c card) {
	indent, colour := 0, text.FgCyan
	switch c.way {
	case toCustomer:
		indent, colour = 4, text.FgGreen
	case toAgent:
		indent, colour = 4, text.FgYellow
	}
	if c.note != "" {
		colour = text.FgRed
	}
	inner := s.width - indent - 4
	var lines []string
	add := func(style text.Colors, words string) {
		for _, line := range wrap(words, inner) {
			lines = append(lines, s.paint(style, line))
		}
	}
	add(text.Colors{text.Faint}, c.from+" → "+shortened(strings.Join(c.to, ", ")))
	add(text.Colors{text.Bold}, c.subject)
	lines = append(lines, "")
	body, more := excerpt(c.text, inner, c.brief)
	lines = append(lines, body...)
	if more {
		lines = append(lines, s.paint(text.Colors{text.Faint}, "…"))
	}
	pad := strings.Repeat(" ", indent)
	head := " " + clockWords(c.at) + " "
	if c.note != "" {
		head += "· " + c.note + " "
	}
	var b strings.Builder
	frame := func(words string) string { return s.paint(text.Colors{colour}, words) }
	fmt.Fprintf(&b, "\n%s%s\n", pad, frame("╭─"+head+strings.Repeat("─", max(0, inner+1-columns(head)))+"╮"))
	for _, line := range lines {
		fmt.Fprintf(&b, "%s%s %s%s %s\n", pad, frame("│"), line, strings.Repeat(" ", max(0, inner-columns(line))), frame("│"))
	}
	fmt.Fprintf(&b, "%s%s\n", pad, frame("╰"+strings.Repeat("─", inner+2)+"╯"))
	s.print(b.String())
	s.pause(400*time.Millisecond + time.Duration(len(lines))*110*time.Millisecond)
}

// decisions shows what the desk decided.
func (s *screen) decisions(lines []string) {
	for _, line := range lines {
		var b strings.Builder
		for i, part := range wrap(line, s.width-10) {
			lead := "  ▸ desk: "
			if i > 0 {
				lead = "          "
			}
			b.WriteString(s.paint(text.Colors{text.FgMagenta, text.Bold}, lead) + s.paint(text.Colors{text.FgMagenta}, part) + "\n")
		}
		s.print(b.String())
		s.pause(900 * time.Millisecond)
	}
}

// passing says that time passes.
func (s *screen) passing(d time.Duration, until time.Time, why string) {
	words := fmt.Sprintf("⋯ %s later, %s", long(d), clockWords(until))
	if why != "" {
		words += ": " + why
	}
	s.print("\n")
	for _, line := range wrap(words, s.width-2) {
		s.print(s.paint(text.Colors{text.Bold}, line) + "\n")
	}
	s.pause(1200 * time.Millisecond)
}

// says tells the reader something.
func (s *screen) says(words string) {
	s.print("\n")
	for _, line := range wrap(words, s.width-2) {
		s.print(line + "\n")
	}
	s.pause(time.Duration(len(words)) * 15 * time.Millisecond)
}

// plain prints lines. Lines that are too long are wrapped, with the indentation of their text.
func (s *screen) plain(lines ...string) {
	for _, line := range lines {
		words := strings.TrimLeft(line, " ·")
		lead := strings.TrimSuffix(line, words)
		for _, part := range wrap(words, s.width-columns(lead)) {
			s.print(lead + part + "\n")
			lead = strings.Repeat(" ", columns(lead))
		}
	}
}

// command prints what can be typed, without line breaks, so that it can be copied.
func (s *screen) command(lines ...string) {
	for _, line := range lines {
		s.print("    " + s.paint(text.Colors{text.FgCyan}, line) + "\n")
	}
}

func (s *screen) heading(words string) {
	s.print("\n" + s.paint(text.Colors{text.Bold}, "━━ "+words+" "+strings.Repeat("━", max(0, s.width-4-columns(words)))) + "\n")
}

func (s *screen) chapter(n, of int, title, about string) {
	s.heading(fmt.Sprintf("%d of %d  %s", n, of, title))
	s.says(about)
}

func (s *screen) welcome() {
	s.heading("Tierdesk: a help desk that lives in the mailbox")
	s.says("A mail server and a desk start on this computer, for this demo alone. People write real mails; what you see is what lies in their mailboxes. Time is set forward where the story needs it. All times are UTC.")
}

// good says that a part of the tour had the expected outcome.
func (s *screen) good(words string) {
	s.print("\n" + s.paint(text.Colors{text.FgGreen, text.Bold}, "✓ ") + words + "\n")
	s.pause(1500 * time.Millisecond)
}

func (s *screen) failed(err error) {
	s.print("\n" + s.paint(text.Colors{text.FgRed, text.Bold}, "✗ "+err.Error()) + "\n")
}

func (s *screen) print(words string) {
	io.WriteString(s.out, words) // a closed terminal ends the demo by a signal
}

func (s *screen) paint(style text.Colors, words string) string {
	if !s.colour || words == "" {
		return words
	}
	codes := make([]string, len(style))
	for i, c := range style {
		codes[i] = fmt.Sprint(int(c))
	}
	return "\x1b[" + strings.Join(codes, ";") + "m" + words + "\x1b[0m"
}

// pause gives time to read, on a terminal.
func (s *screen) pause(d time.Duration) {
	if !s.slow {
		return
	}
	t := time.NewTimer(min(d, 3*time.Second))
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.ctx.Done():
	}
}

// excerpt returns the part of a mail's text that is worth showing, without the desk's marker. brief
// leaves out what every notice has. more reports whether the text was cut.
func excerpt(words string, width int, brief bool) (lines []string, more bool) {
	limit := 26
	if brief {
		limit = 18
	}
	blank := true
	for _, line := range flowing(strings.Split(strings.ReplaceAll(words, "\r\n", "\n"), "\n")) {
		line = strings.TrimRight(line, " \t")
		switch {
		case line == "--":
			line = "-- "
		case strings.HasPrefix(line, "## ") && strings.HasSuffix(line, " ##"):
			end := strings.LastIndex(line, " · ")
			if end < 0 {
				continue
			}
			line = line[len("## "):end] // what happened, without the marker after it
		case brief &&
			(fact.MatchString(line) || strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") || strings.HasPrefix(line,
				"Your reply goes to ") || strings.HasPrefix(line, "A reply to this mail goes to no customer.")):
			continue
		}
		if strings.Trim(line, "-─") == "" && len(line) > 3 {
			line = "" // rules around what somebody wrote
		}
		if line == "" && blank {
			continue
		}
		blank = line == ""
		lines = append(lines, wrap(line, width)...)
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	if len(lines) > limit {
		for lines = lines[:limit]; lines[len(lines)-1] == ""; {
			lines = lines[:len(lines)-1]
		}
		return lines, true
	}
	return lines, false
}

// textWidth is the width of the lines in the desk's mails.
const textWidth = 76

// button matches a button in the text of a notice.
var button = regexp.MustCompile(`^(.{1,40}): mailto:\S+$`)

// fact matches a row of the table in a notice that shows the state of the ticket.
var fact = regexp.MustCompile(`^(Ticket|From|Status|Tier|Priority|First reply|Next reply|Resolution|Assigned to|Tags|Opened|Related tickets)  +\S`)

// flowing joins the wrapped lines of the desk's mails, so that they can be wrapped again, and puts
// the buttons of a notice, which are links in its text, on one line.
func flowing(lines []string) []string {
	var out []string
	buttons := -1 // the line of the buttons
	for i, line := range lines {
		line = strings.TrimRight(line, " ")
		if m := button.FindStringSubmatch(line); m != nil {
			button := "[" + m[1] + "]"
			if buttons < 0 {
				buttons = len(out)
				out = append(out, button)
			} else {
				out[buttons] += " " + button
			}
			continue
		}
		if i > 0 && line != "" && len(out) > 0 && out[len(out)-1] != "" && !strings.ContainsAny(line[:1], " ->|") {
			before := strings.TrimRight(lines[i-1], " ")
			word, _, _ := strings.Cut(line, " ")
			if columns(before)+1+columns(word) > textWidth && columns(before) <= textWidth {
				out[len(out)-1] += " " + line
				continue
			}
		}
		out = append(out, line)
	}
	return out
}

// token matches the keyed part of a reply address.
var token = regexp.MustCompile(`\+([a-z2-7]{6})[a-z2-7]{8,}@`)

// shortened abbreviates the tokens of reply addresses.
func shortened(s string) string { return token.ReplaceAllString(s, "+$1…@") }

// wrap breaks a text into lines of at most the given width. It drops control and format characters,
// which a mail may contain and which would move the cursor or reverse the line.
func wrap(words string, width int) []string {
	words = strings.Map(func(r rune) rune {
		if r == '\t' {
			return ' '
		}
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			return -1
		}
		return r
	}, words)
	if columns(words) <= width {
		return []string{words}
	}
	var lines []string
	line, used := "", 0
	end := func() {
		lines = append(lines, strings.TrimRight(line, " "))
		line, used = "", 0
	}
	for _, word := range strings.SplitAfter(words, " ") {
		if used > 0 && used+columns(strings.TrimRight(word, " ")) > width {
			end()
		}
		for _, r := range word {
			if w := text.RuneWidth(r); used+w > width {
				if r == ' ' {
					continue
				}
				end()
				line, used = string(r), w
			} else {
				line, used = line+string(r), used+w
			}
		}
	}
	if line != "" {
		end()
	}
	return lines
}

// columns returns the width of a text on a terminal, which counts single characters.
func columns(words string) int { return text.StringWidthWithoutEscSequences(words) }

// clockWords formats a time of the story.
func clockWords(t time.Time) string { return t.UTC().Format("Mon 2 Jan 15:04") }

// long returns a duration in words.
func long(d time.Duration) string {
	words := func(n int, unit string) string {
		if n == 1 {
			return "1 " + unit
		}
		return fmt.Sprintf("%d %ss", n, unit)
	}
	d = d.Round(time.Minute)
	switch {
	case d >= 48*time.Hour:
		return words(int(d/(24*time.Hour)), "day")
	case d >= time.Hour && d%time.Hour == 0:
		return words(int(d/time.Hour), "hour")
	case d >= time.Hour:
		return words(int(d/time.Hour), "hour") + " " + words(int(d%time.Hour/time.Minute), "minute")
	}
	return words(int(d/time.Minute), "minute")
}
