package arrival

import (
	"testing"

	"golang.org/x/text/unicode/norm"
)

// Where letters are taken apart, names in ASCII are left out: nothing is done to them.
func TestASCIIIsItsOwnNormalForm(t *testing.T) {
	for a := range 0x80 {
		for b := range 0x80 {
			if name := string([]byte{byte(a), byte(b)}); norm.NFKD.String(name) != name {
				t.Errorf("%q", name)
			}
		}
	}
}
