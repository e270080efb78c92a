package quote

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestWithoutLinks: looking only where a link may stand takes away the same as looking everywhere.
func TestWithoutLinks(t *testing.T) {
	pieces := []string{"<", ">", "(", ")", "[", "]", "http://", "https://", "https:", "mailto:", "tel:", "cid:", "image", "data", "signature_", "?subject=", "?body=",
		"?", " ", "\n", "\r\n", "a@b.example", "word", "ü", "[cid", "[image: a"}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 30).Draw(t, "pieces"), "")
		if got, want := withoutLinks(s), notWords.ReplaceAllString(s, " "); got != want {
			t.Errorf("%q became %q, wanted %q", s, got, want)
		}
	})
}

func TestWordsInHaveNoLinks(t *testing.T) {
	const text = "See https://example.com/a for more\n[Close](mailto:x+y@example.com?subject=Close%20it)\n[image: a\nlogo] Thanks"
	if got := strings.Join(wordsIn(text), " "); got != "see for more thanks" {
		t.Errorf("%q", got)
	}
}

// TestLastField: what stands behind the last gap, wherever in the line the gaps lie.
func TestLastField(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "bc", " ", "  ", "      "}), 0, 40).Draw(t, "pieces"), "")
		want := s
		if i := strings.LastIndex(s, "      "); i >= 0 {
			want = strings.TrimSpace(s[i:])
		}
		if got := lastField(s); got != want {
			t.Errorf("%q of %q, wanted %q", got, s, want)
		}
	})
}
