package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// Whoever knows how the desk is built gets no agent's address for a button into the words that the
// agent reads: in a link of the customer's, one click would hand it to the customer.
func TestACustomersWordsBecomeNoButton(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		var lines []string
		for i := range 32 {
			lines = append(lines, fmt.Sprintf("https://gold.example/?%d=tierdesk-action-%02d-here", i, i))
		}
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Printer", text: "It is broken.\n\n" + strings.Join(lines, "\n")})
		w.next(max)
		notice := w.next(ann)
		for i, line := range lines {
			if !strings.Contains(notice.text(), line) {
				t.Errorf("%d: %q is not in the notice as the customer wrote it", i, line)
			}
		}
	})
}
