package compose

import "testing"

// A name or a subject is one line, and turns nothing that stands behind it.
func TestOneLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" a\r\nb\u2028c ":      "a  b c",
		"Boss \u202egro.emca":  "Boss gro.emca",
		"\u2067x\u2069 \u200f": "x \u200f",
		"می\u200cخواهم":        "می\u200cخواهم",
	} {
		if got := oneLine(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
