package layout

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/page"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/value"
)

// besideQuoted finds answers that stand behind a quoted question on its line, or between the lines
// of a quote where nobody can see whose they are: between two questions the desk wrote nothing.
func besideQuoted(p *page.Page) {
	last, inside, asked, depth, final := -1, 0, 0, 0, lastQuoted(p)
	var between []string
	end := func() {
		if last >= 0 && len(between) > 0 {
			p.Say(last, strings.Join(between, "\n"), false)
			inside++
		}
		between = nil
	}
	for i := range p.Lines {
		l := &p.Lines[i]
		switch {
		case l.New:
			if l.Question < 0 && !l.IsBlank() {
				last, between = -1, nil // it may be the end of our own mail
			}
		case l.Head:
			end()
			last, asked, between = l.Question, l.Depth, nil
			if l.Rest != "" {
				p.Say(l.Question, l.Rest, false)
				inside++
				last = -1 // what follows is not theirs
			}
		case l.Question >= 0:
			if l.Rest != "" {
				p.Say(l.Question, l.Rest, false)
				inside++
				last = -1
			}
		case last >= 0 && len(between) > 0 && !l.IsBlank() && depth > asked && l.Depth <= asked: // their marks are deeper than ours
			end()
			last = -1
		case last >= 0 && l.IsBlank() && len(between) > 0 && last == final:
			between = append(between, "")
		case last >= 0 && !l.IsBlank() && !hintLine(&p.Form.Questions[last], l.Text):
			between, depth = append(between, l.Text), l.Depth
		}
	}
	if last >= 0 && p.Sent != "" && inside > 0 {
		end := slices.IndexFunc(between, func(text string) bool { return text != "" && ours(p, text) })
		if end < 0 { // our mail ends with other words: only what stands right below may be theirs
			end = slices.Index(between, "")
		}
		theirs := between
		if end >= 0 {
			theirs = between[:end]
		}
		p.Say(last, strings.Join(theirs, "\n"), false)
		return
	}
	// Behind the last question stands our own end of the mail, unless people wrote into the quote.
	if last >= 0 && inside > 0 && len(between) > 0 && p.Form.Questions[last].Kind != tickets.AskText {
		if v, how := value.Of(&p.Form.Questions[last], between[0], p.When); how == reading.Clear {
			p.Say(last, v, false)
		}
	}
}

// ours reports whether a line of a quote stands in the mail that asked.
func ours(s *page.Page, text string) bool {
	p := lexicon.Plain(text)
	if len(strings.Fields(p)) > 2 { // lines are broken elsewhere in a quote
		return strings.Contains(" "+lexicon.Plain(s.Sent)+" ", " "+p+" ")
	}
	for line := range strings.Lines(s.Sent) { // a word may be one of the choices
		if lexicon.Plain(line) == p {
			return true
		}
	}
	return p == ""
}
