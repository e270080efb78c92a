package problem

import (
	"fmt"
	"strconv"

	"tierdesk/tickets"
	"tierdesk/tickets/articles"
)

// offer writes a published text as the draft of an article into the desk folder, whole or not at
// all, and returns its name below that folder. The same publication writes the same file again.
func offer(dir string, pub publication, p tickets.Problem) (name string, err error) {
	return articles.WriteDraft(dir, fmt.Sprintf("problem-%d-%d.md", p.ID, pub.ID), article(pub, p))
}

// article is the draft: the title in quotes, whatever signs it has, and the text.
func article(pub publication, p tickets.Problem) string {
	return "---\ntitle: " + strconv.QuoteToGraphic(p.Title) + "\npublic: false\n---\n" + pub.Content + "\n"
}
