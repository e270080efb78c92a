// Package answers reads what people answer to a form's questions in a mail, in whatever way they
// do: numbered, below or beside the quoted questions, behind a label, in one line, in prose. It
// owns the order in which the ways of answering are tried. It is pure, and must never guess: what
// could be meant in two ways is unclear, and somebody asks again.
package answers

import (
	"slices"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/tickets"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/value"
)

// When is what a date or a number in a mail depends on.
type When struct {
	Now      time.Time // when the mail was written, in its reader's time zone
	Language string    // of the mail, ISO 639-1; "" if it is not known
	Sent     string    // the text of the mail that asked; "" if it is not known
	Subject  string    // what they wrote into the subject of their mail; "" for nothing
}

// Result is what a mail answers.
type Result struct {
	Values  map[string]string // by the names of the questions: "yes", "2026-12-01", "1234.5"
	Unclear []int             // places of questions to which something was said that nobody can be sure of
}

// Read returns what a mail answers to those questions of a form that are open, by their places.
func Read(f *tickets.Form, open []int, m *mailin.Message, w When) Result {
	s := &sheet{form: f, open: open, sent: w.Sent, said: map[int][]answer{}, writer: lexicon.Words(m.Author().Name),
		when: value.Context{Context: day.Context{Now: w.Now, Language: w.Language}, From: m.Author().Address}}
	s.rows = rowsOf(m.HTML)
	s.lines = s.linesOf(m)
	restore(s.lines, m)
	next := "" // line that is not blank
	for i := len(s.lines) - 1; i >= 0; i-- {
		l := &s.lines[i]
		behind := next
		if !l.blank() {
			next = l.text
		}
		l.text = cleared(l.text, behind)
	}
	s.withoutName()
	s.findQuestions()
	s.findAnswers()
	s.fromSubject(w.Subject)
	s.corrected()
	return s.result()
}

// sheet is a mail at work.
type sheet struct {
	form    *tickets.Form
	open    []int
	when    value.Context
	sent    string // the text of the mail that asked; "" if it is not known
	lines   []line
	letters bool                // answers are counted a), b), c)
	asked   string              // the language in which the questions are quoted
	said    map[int][]answer    // by the places of the questions
	writer  []string            // names of who wrote the mail, folded
	counted map[int]bool        // numbers with which the lines at work begin
	rows    map[string][]string // of the tables in the mail's HTML, by their text
}

// answer is a text that was written as the answer to a question.
type answer struct {
	text  string
	weak  bool // only its place or its words suggest that it is one
	aside bool // it is more likely about something else
}

// say notes a text as an answer.
func (s *sheet) say(q int, text string, weak bool) {
	if text = s.unsigned(strings.TrimSpace(strings.ReplaceAll(text, "\u00a0", " "))); text != "" {
		s.said[q] = append(s.said[q], answer{text: text, weak: weak})
	}
}

// ours reports whether a line of a quote stands in the mail that asked.
func (s *sheet) ours(text string) bool {
	p := lexicon.Plain(text)
	if len(strings.Fields(p)) > 2 { // lines are broken elsewhere in a quote
		return strings.Contains(" "+lexicon.Plain(s.sent)+" ", " "+p+" ")
	}
	for line := range strings.Lines(s.sent) { // a word may be one of the choices
		if lexicon.Plain(line) == p {
			return true
		}
	}
	return p == ""
}

// isOpen reports whether a question still needs an answer.
func (s *sheet) isOpen(q int) bool { return slices.Contains(s.open, q) }

// result reads what was said to each open question. Two answers that differ are none.
func (s *sheet) result() Result {
	r := Result{Values: map[string]string{}}
	for _, i := range s.open {
		q := &s.form.Questions[i]
		said, state := "", reading.Silent
		for _, a := range s.said[i] {
			v, how := value.Of(q, a.text, s.when)
			if how == reading.Unclear && q.Kind == tickets.AskDate && !a.weak {
				v, how = s.dayAmong(i, a.text)
			}
			if a.aside && how == reading.Clear {
				how = reading.Unclear
			}
			switch {
			case how == reading.Silent || a.weak && (how == reading.Unclear || state == reading.Clear):
			case how == reading.Unclear || state == reading.Unclear || state == reading.Clear && v != said:
				state = reading.Unclear
			default:
				said, state = v, reading.Clear
			}
		}
		if before := s.aboveIn(i, r.Values); before != "" && state == reading.Silent {
			state, said = reading.Clear, before
		}
		switch state {
		case reading.Clear:
			r.Values[q.Name] = said
		case reading.Unclear:
			r.Unclear = append(r.Unclear, i)
		}
	}
	return r
}

// aboveIn returns the answer to the question in free words before one to which only "same as above"
// was said, "" if there is none.
func (s *sheet) aboveIn(q int, values map[string]string) string {
	if q == 0 || s.form.Questions[q].Kind != tickets.AskText || s.form.Questions[q-1].Kind != tickets.AskText ||
		len(s.said[q]) != 1 || !lexicon.Has("sameabove", lexicon.Plain(s.said[q][0].text)) {
		return ""
	}
	return values[s.form.Questions[q-1].Name]
}
