package stock

import (
	"testing"

	"tierdesk/tickets"
)

// Which file a word names: a whole name, a number, or the beginning of only one name, in that order.
func TestNamed(t *testing.T) {
	var files []ticketFile
	for i, name := range []string{"error.log", "plan.pdf", "Plan 2.pdf", "2", "a.txt", "A.txt", ""} {
		files = append(files, ticketFile{tickets.Attachment{Name: name, Type: "image/png"}, i + 1, 9})
	}
	for word, want := range map[string]int{
		"error.log": 1, "ERROR.LOG": 1, "err": 1, "plan.pdf": 2, "plan 2": 3, "1": 1, "#3": 3, "7": 7, "2": 4, // the name 2 stands above the number
		"plan": 0, "a.txt": 0, "8": 0, "0": 0, "lan.pdf": 0, "nothing": 0,
	} {
		f, why := named(files, word)
		if f.number != want || why.Empty() != (want != 0) {
			t.Errorf("%q: file %d, %s", word, f.number, why.English())
		}
	}
	if _, why := named(nil, "1"); why.English() != "The ticket has no files." {
		t.Errorf("of no files: %s", why.English())
	}
	if _, why := named(files[5:], "x"); why.English() != `The ticket has no file "x". There are: 6: A.txt, 7: image/png` {
		t.Errorf("the list: %s", why.English())
	}
}
