package layout

import (
	"strings"

	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/page"
	"tierdesk/tickets/answers/sheet"
)

// FromSubject finds answers that were written into the subject of a mail that says nothing else:
// with numbers or labels, all of them in their order, or the only one that is open, if it is short.
func FromSubject(s *page.Page, added string) {
	added = strings.TrimSpace(added)
	if added == "" || len(s.Said) > 0 {
		return
	}
	if anchored(s, []page.Line{{Text: added, New: true, Question: -1}}) {
		return
	}
	silent := true
	for i := range s.Lines {
		silent = silent && (!s.Lines[i].New || s.Lines[i].IsBlank() || clause.Greets(s.Lines[i].Text) || clause.Closes(s.Lines[i].Text))
	}
	if len(s.Open) == 1 && silent && len(lexicon.Words(added)) <= maxInSubject {
		q := s.Open[0]
		s.Said[q] = append(s.Said[q], sheet.Answer{Text: added, Aside: offTopic(s.Sheet, q, added)})
		return
	}
	inOrder(s.Sheet, split([]string{added}), false)
}

// maxInSubject is how many words in a subject are an answer, and no new subject.
const maxInSubject = 4
