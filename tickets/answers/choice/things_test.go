package choice

import (
	"testing"
)

// No phrase stands for two things that a form may offer beside each other, but for homonyms of two languages.
func TestThings(t *testing.T) {
	for phrase, lines := range things() {
		if len(lines) > 1 && phrase != "tarde" && phrase != "italien" && lines[0] != lines[1] {
			t.Errorf("%q is on the lines %v", phrase, lines)
		}
	}
}
