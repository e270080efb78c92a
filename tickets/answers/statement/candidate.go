package statement

import (
	"slices"
	"strings"

	"tierdesk/tickets/answers/sheet"
)

// Candidate is what a clause could answer to a question.
type Candidate struct {
	Value  string // "" for something that is not clear
	Strong bool   // the question's words stand beside it
	From   *Statement
}

// Settle answers a question with the only value of its candidates: those beside its words, or else
// the only one that there is, if nothing else claims it.
func Settle(s *sheet.Sheet, q int, found []Candidate, alone bool) {
	for _, strong := range []bool{true, false} {
		if !strong && !alone {
			return
		}
		said := ""
		for _, c := range found {
			if c.Strong != strong {
				continue
			}
			if c.From.Revoked && slices.ContainsFunc(found, func(o Candidate) bool {
				return o.From.Sentence == c.From.Sentence && !o.From.Revoked
			}) {
				continue
			}
			if c.Value == "" || c.From.Aside || c.From.Revoked || c.From.Doubted || said != "" && !strings.EqualFold(said, c.Value) {
				return
			}
			said = c.Value
		}
		if said != "" {
			s.Say(q, said, true)
			return
		}
	}
}
