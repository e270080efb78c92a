package compose

import (
	"testing"

	"golang.org/x/text/unicode/norm"
)

// A text of characters that stay themselves is its own normal form.
func TestStaysItself(t *testing.T) {
	n := 0
	for r := range rune(0x3000) {
		if !staysItself(r) {
			continue
		}
		n++
		p := norm.NFKC.PropertiesString(string(r))
		if text := string(r); norm.NFKC.String(text) != text || !p.BoundaryBefore() {
			t.Errorf("%U becomes %+q, or joins what stands before it", r, norm.NFKC.String(text))
		}
	}
	if n < 200 {
		t.Errorf("only %d characters", n)
	}
}
