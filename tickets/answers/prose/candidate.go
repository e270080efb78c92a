package prose

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
)

// candidate is what a clause could answer to a question.
type candidate struct {
	value  string // "" for something that is not clear
	strong bool   // the question's words stand beside it
	from   *statement.Statement
}

// settle answers a question with the only value of its candidates: those beside its words, or else
// the only one that there is, if nothing else claims it.
func settle(s *sheet.Sheet, q int, found []candidate, alone bool) {
	isText := s.Form.Questions[q].Kind == tickets.AskText
	for _, strong := range []bool{true, false} {
		if !strong && !alone {
			return
		}
		said := ""
		for _, c := range found {
			if c.strong != strong {
				continue
			}
			if c.from.Revoked && slices.ContainsFunc(found, func(o candidate) bool {
				return o.from.Sentence == c.from.Sentence && !o.from.Revoked
			}) {
				continue
			}
			if c.value == "" || c.from.Aside || c.from.Revoked || c.from.Doubted || isText && c.from.Amended ||
				said != "" && !strings.EqualFold(said, c.value) {
				return
			}
			said = c.value
		}
		if said != "" {
			s.Say(q, said, true)
			return
		}
	}
}
