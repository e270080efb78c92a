package problem

import (
	"fmt"
	"strconv"

	"tierdesk/tickets"
	"tierdesk/tickets/articles"
)

// offer atomically writes a published text as an article draft to the desk folder, and returns its
// name relative to that folder. Repeating it for the same publication writes the same file.
func offer(dir string, pub publication, p tickets.Problem) (name string, err error) {
	return articles.WriteDraft(dir, fmt.Sprintf("problem-%d-%d.md", p.ID, pub.ID), article(pub, p))
}

// article returns the draft: the title, quoted so that it may contain any characters, and the text.
func article(pub publication, p tickets.Problem) string {
	return "---\ntitle: " + strconv.QuoteToGraphic(p.Title) + "\npublic: false\n---\n" + pub.Content + "\n"
}
