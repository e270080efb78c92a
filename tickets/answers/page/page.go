// Package page owns a mail as lines: what is new in it and what is quoted, which lines ask a
// question of the form, which are numbered, what is a row of a table. It must never know what lines
// answer.
package page

import (
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/label"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/sheet"
)

// Page is a mail as lines.
type Page struct {
	*sheet.Sheet
	Lines   []Line
	rows    map[string][]string // of the tables in the mail's HTML, by their text
	Sent    string              // the text of the mail that asked; "" if it is not known
	Letters bool                // the lines at work are counted a), b), c)
	Counted map[int]bool        // numbers with which the lines at work begin
}

// Line is a line of a mail with what is known of it.
type Line struct {
	Text     string // without marks of quotes
	Depth    int    // of the quote it stands in
	New      bool   // the writer of the mail wrote it
	Question int    // the place of the question that it asks, or that begins a line above and goes on here; -1 for none
	Head     bool   // the question begins here
	Rest     string // what stands behind the question
}

// IsBlank reports whether a line is empty.
func (l *Line) IsBlank() bool { return l.Text == "" }

// Of returns a mail as lines, with those in it that ask the questions of a form. sent is the
// text of the mail that asked them, "" if it is not known.
func Of(s *sheet.Sheet, m *mailin.Message, sent string) *Page {
	p := &Page{Sheet: s, rows: rowsOf(m.HTML), Sent: sent}
	p.Lines = p.linesIn(m)
	restore(p.Lines, m)
	next := "" // line that is not blank
	for i := len(p.Lines) - 1; i >= 0; i-- {
		l := &p.Lines[i]
		behind := next
		if !l.IsBlank() {
			next = l.Text
		}
		l.Text = cleared(l.Text, behind)
	}
	p.withoutName()
	p.findQuestions()
	return p
}

// findQuestions finds the lines that ask the questions of the form: as they were quoted, whichever
// way they were broken, or as they were copied.
func (p *Page) findQuestions() {
	for i := 0; i < len(p.Lines); i++ {
		if p.Lines[i].IsBlank() {
			continue
		}
		best, place, rest, taken, asked := 0.0, -1, "", 0, ""
		for q := range p.Form.Questions {
			text := p.Lines[i].Text
			for n := 1; n <= 4; n++ {
				score, behind, language := label.Asks(&p.Form.Questions[q], q+1, text)
				if score > best {
					best, place, rest, taken, asked = score, q, behind, n, language
				}
				if i+n >= len(p.Lines) || p.Lines[i+n].Depth != p.Lines[i].Depth || p.Lines[i+n].IsBlank() ||
					p.Lines[i+n].New != p.Lines[i].New || label.StartsNumbered(p.Lines[i+n].Text) {
					break
				}
				text += " " + p.Lines[i+n].Text
			}
		}
		if place < 0 {
			continue
		}
		p.Asked = asked
		for n := range taken {
			p.Lines[i+n].Question = place
		}
		p.Lines[i].Head, p.Lines[i+taken-1].Rest = true, rest
		i += taken - 1
	}
}

// WithoutEnds returns the lines of a block without greeting, closing words and the name below them.
func WithoutEnds(lines []Line) []string {
	var out []string
	for i := range lines {
		text := lines[i].Text
		if lines[i].Question >= 0 {
			text = lines[i].Rest
		}
		if len(strings.TrimSpace(strings.Join(out, ""))) == 0 && (text == "" || clause.Greets(text)) {
			continue
		}
		if clause.Closes(text) && len(out) > 0 {
			break
		}
		if clause.Closes(text) && onlyEnds(lines[i:]) {
			break
		}
		out = append(out, text)
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

func onlyEnds(lines []Line) bool { return len(lines) <= 4 }

// withoutName takes the name of who wrote the mail off its end: they sign without a word before it.
func (p *Page) withoutName() {
	fresh := 0
	for i := range p.Lines {
		if p.Lines[i].New && !p.Lines[i].IsBlank() {
			fresh++
		}
	}
	below := 0 // the writer's telephone, or the page of their company
	for i := len(p.Lines) - 1; i > 0 && fresh > 2; i-- {
		l := &p.Lines[i]
		if !l.New || l.IsBlank() {
			continue
		}
		ws := lexicon.Words(l.Text)
		if p.Lines[i-1].IsBlank() && len(ws) > 0 && !slices.ContainsFunc(ws, func(w string) bool { return !slices.Contains(p.Writer, w) }) {
			for j := i; j < len(p.Lines); j++ {
				if p.Lines[j].New {
					p.Lines[j].Text = ""
				}
			}
			return
		}
		if below++; below > 2 || !belowName().MatchString(l.Text) {
			return
		}
	}
}

// belowName finds what people write below their name: a telephone or a page.
var belowName = lexicon.Pattern(`^(?:\pL{1,9}[.:]*\s*)?\+?[\d ()/.-]{7,}$|^(?:https?://|www\.)\S+$`)
