package answers

import (
	"strings"

	"tierdesk/tickets/answers/lexicon"
)

// fromSubject finds answers that were written into the subject of a mail that says nothing else:
// with numbers or labels, all of them in their order, or the only one that is open, if it is short.
func (s *sheet) fromSubject(added string) {
	added = strings.TrimSpace(added)
	if added == "" || len(s.said) > 0 {
		return
	}
	if s.anchored([]line{{text: added, fresh: true, quest: -1}}) {
		return
	}
	silent := true
	for i := range s.lines {
		silent = silent && (!s.lines[i].fresh || s.lines[i].blank() || greets(s.lines[i].text) || closes(s.lines[i].text))
	}
	if len(s.open) == 1 && silent && len(lexicon.Words(added)) <= maxInSubject {
		q := s.open[0]
		s.said[q] = append(s.said[q], answer{text: added, aside: s.aside(q, added)})
		return
	}
	s.inOrder(split([]string{added}), false)
}

// maxInSubject is how many words in a subject are an answer, and no new subject.
const maxInSubject = 4
