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
func FromSubject(p *page.Page, added string) {
	added = strings.TrimSpace(added)
	if added == "" || len(p.Said) > 0 {
		return
	}
	if anchored(p, []page.Line{{Text: added, New: true, Question: -1}}) {
		return
	}
	silent := true
	for i := range p.Lines {
		silent = silent && (!p.Lines[i].New || p.Lines[i].IsBlank() || clause.Greets(p.Lines[i].Text) || clause.Closes(p.Lines[i].Text))
	}
	if len(p.Open) == 1 && silent && len(lexicon.Words(added)) <= maxInSubject {
		q := p.Open[0]
		p.Said[q] = append(p.Said[q], sheet.Answer{Text: added, Aside: offTopic(p.Sheet, q, added)})
		return
	}
	inOrder(p.Sheet, split([]string{added}), false)
}

// maxInSubject is how many words in a subject are an answer, and no new subject.
const maxInSubject = 4
