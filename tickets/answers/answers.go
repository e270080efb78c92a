// Package answers reads what people answer to a form's questions in a mail, in whatever way they
// do: numbered, below or beside the quoted questions, behind a label, in one line, in prose. It
// owns the order in which the ways of answering are tried. It is pure, and must never guess: what
// could be meant in two ways is unclear, and somebody asks again.
package answers

import (
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/tickets"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/layout"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/page"
	"tierdesk/tickets/answers/prose"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
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
	TooLong bool              // what is new is too long to be read
}

// Bounds of what is read, in octets and in lines. A long letter is for a person, and is not
// compared with the questions line by line: that would take minutes, while all other mail waits for
// the decision. Of what is quoted only the beginning is read, where the questions are.
const (
	maxReply      = 12 << 10
	maxReplyLines = 400
	maxText       = 48 << 10 // with what is quoted
	maxTextLines  = 1200
)

// Read returns what a mail answers to those questions of a form that are open, by their places. A
// mail in which too much is new answers nothing.
func Read(f *tickets.Form, open []int, m *mailin.Message, w When) Result {
	if len(m.Reply) > maxReply || strings.Count(m.Reply, "\n") > maxReplyLines {
		return Result{Values: map[string]string{}, TooLong: true}
	}
	short := *m
	short.Text, short.Quote = beginning(m.Text), beginning(m.Quote)
	m = &short
	s := sheet.New(f, open, lexicon.Words(m.Author().Name),
		value.Context{Context: day.Context{Now: w.Now, Language: w.Language}, From: m.Author().Address})
	p := page.Of(s, m, w.Sent)
	layout.Find(p, func(text string) { prose.Read(s, text) })
	layout.FromSubject(p, w.Subject)
	corrected(p)
	return result(s)
}

// beginning returns the first whole lines of a text, as many as are read.
func beginning(text string) string {
	cut := len(text) > maxText
	if cut {
		text = text[:maxText]
	}
	lines := strings.SplitN(text, "\n", maxTextLines+1)
	if cut || len(lines) > maxTextLines {
		lines = lines[:len(lines)-1]
	}
	return strings.Join(lines, "\n")
}

// result reads what was said to each open question. Two answers that differ are none.
func result(s *sheet.Sheet) Result {
	r := Result{Values: map[string]string{}}
	for _, i := range s.Open {
		q := &s.Form.Questions[i]
		said, state := "", reading.Silent
		for _, a := range s.Said[i] {
			v, how := value.Of(q, a.Text, s.When)
			if how == reading.Unclear && q.Kind == tickets.AskDate && !a.Weak {
				v, how = prose.DayAmong(s, i, a.Text)
			}
			if a.Aside && how == reading.Clear {
				how = reading.Unclear
			}
			switch {
			case how == reading.Silent || a.Weak && (how == reading.Unclear || state == reading.Clear):
			case how == reading.Unclear || state == reading.Unclear || state == reading.Clear && v != said:
				state = reading.Unclear
			default:
				said, state = v, reading.Clear
			}
		}
		if before := aboveIn(s, i, r.Values); before != "" && state == reading.Silent {
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
func aboveIn(s *sheet.Sheet, q int, values map[string]string) string {
	if q == 0 || s.Form.Questions[q].Kind != tickets.AskText || s.Form.Questions[q-1].Kind != tickets.AskText ||
		len(s.Said[q]) != 1 || !lexicon.Has("sameabove", lexicon.Plain(s.Said[q][0].Text)) {
		return ""
	}
	return values[s.Form.Questions[q-1].Name]
}
