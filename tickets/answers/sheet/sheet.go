// Package sheet owns the open questions of a form, the words by which people name them, and what
// was found as the answer to each so far. It must never know where in a mail an answer stands.
package sheet

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/value"
)

// Sheet is the open questions of a form with what was found as the answer to each so far.
type Sheet struct {
	Form   *tickets.Form
	Open   []int // places of the questions
	When   value.Context
	Asked  string           // the language in which the questions are quoted
	Said   map[int][]Answer // by the places of the questions
	Writer []string         // names of who wrote the mail, folded
}

// Answer is a text that was written as the answer to a question.
type Answer struct {
	Text  string
	Weak  bool // only its place or its words suggest that it is one
	Aside bool // it is more likely about something else
}

// New returns a sheet without answers.
func New(f *tickets.Form, open []int, writer []string, when value.Context) *Sheet {
	return &Sheet{Form: f, Open: open, Said: map[int][]Answer{}, Writer: writer, When: when}
}

// Say notes a text as an answer.
func (s *Sheet) Say(q int, text string, weak bool) {
	if text = s.WithoutSignature(strings.TrimSpace(strings.ReplaceAll(text, "\u00a0", " "))); text != "" {
		s.Said[q] = append(s.Said[q], Answer{Text: text, Weak: weak})
	}
}

// IsOpen reports whether a question still needs an answer.
func (s *Sheet) IsOpen(q int) bool { return slices.Contains(s.Open, q) }

// Needed returns the open questions that need an answer.
func (s *Sheet) Needed() []int {
	return slices.DeleteFunc(slices.Clone(s.Open), func(q int) bool { return s.Form.Questions[q].Optional })
}

// IsOnly reports whether one open question is of a kind.
func (s *Sheet) IsOnly(kind tickets.QuestionKind) bool {
	n := 0
	for _, q := range s.Open {
		if s.Form.Questions[q].Kind == kind {
			n++
		}
	}
	return n == 1
}

// HasNumber reports whether digits are the number of a question.
func (s *Sheet) HasNumber(digits string) bool {
	n := lexicon.Atoi(digits)
	return n >= 1 && n <= len(s.Form.Questions) && !strings.HasPrefix(digits, "0")
}

// CountsSomething reports whether a question for a number is open.
func (s *Sheet) CountsSomething() bool {
	return slices.ContainsFunc(s.Open, func(q int) bool { return s.Form.Questions[q].Kind == tickets.AskNumber })
}

// Pieces returns the clauses of a text, without greetings and closing words.
func (s *Sheet) Pieces(text string) []string {
	var out []string
	for _, piece := range clause.Pieces(text) {
		piece = strings.Trim(piece, " .,;")
		signed := !slices.ContainsFunc(lexicon.Words(piece), func(w string) bool { return !slices.Contains(s.Writer, w) })
		if piece != "" && !signed && !clause.Greets(piece) && !clause.Closes(piece) {
			out = append(out, piece)
		}
	}
	return out
}

// WithoutSignature takes the writer's name or initials off the front of an answer: "[MM] yes",
// "Max: yes".
func (s *Sheet) WithoutSignature(text string) string {
	m := signature().FindStringSubmatch(text)
	if m == nil {
		return text
	}
	mark := strings.ReplaceAll(lexicon.Plain(m[1]+m[2]+m[3]), " ", "")
	initials := ""
	for _, name := range s.Writer {
		if name == mark {
			return text[len(text)-len(m[4])-len(text[len(m[0]):]):]
		}
		initials += string([]rune(name)[:1])
	}
	if len(initials) > 1 && mark == initials {
		return text[len(text)-len(m[4])-len(text[len(m[0]):]):]
	}
	return text
}

var signature = lexicon.Pattern(`^(?:\[([\pL. ]{2,20})\]|<([\pL. ]{2,20})>|([\pL.]{2,15})\s*[:>])\s*(.+)`)
