package compose

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// escapedTexts are made of what escapes and folding have to do with.
var escapedTexts = rapid.Custom(func(t *rapid.T) string {
	return strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", "B", " ", "%", "=", "\\", "40", "4", "u0040", "u{40}", "u{9}", "u", "u{", "}", "12", "x40", "x4", "n", "\n", "é", "É", "ﬁ", "\u00ad", "\xff",
		"\xc3", "=C3=A9", "%C3", "+AEA-", "@"})).Draw(t, "text"), "")
})

// Escapes are undone where a look at each octet undoes them.
func TestUnescape(t *testing.T) {
	naive := func(text string) string {
		if !strings.ContainsAny(text, "%=\\") {
			return strings.ReplaceAll(text, "+AEA-", "@")
		}
		var out []byte
		for i := 0; i < len(text); {
			if n, plain := escaped(text[i:]); n > 0 {
				out, i = append(out, plain...), i+n
				continue
			}
			out = append(out, text[i])
			i++
		}
		return strings.ReplaceAll(strings.ToValidUTF8(string(out), "\uFFFD"), "+AEA-", "@")
	}
	for _, text := range []string{`\u123`, `%u123`, `D:\u12`, `\u{9}`, `\u{`, `\u{}`, `\x4`, `\12`, `%4`, `=4`, `=`, `\`} { // an escape that the text ends in
		if unescape(text) != naive(text) {
			t.Fatalf("%q: %q, not %q", text, unescape(text), naive(text))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		if text := escapedTexts.Draw(t, "text"); unescape(text) != naive(text) {
			t.Fatalf("%q: %q, not %q", text, unescape(text), naive(text))
		}
	})
}

// A text is folded as each of its characters is.
func TestVisible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := escapedTexts.Draw(t, "text")
		var want strings.Builder
		ascii := true
		for _, r := range text {
			ascii = ascii && r < utf8.RuneSelf
			if !invisible(r) {
				want.WriteRune(unicode.ToLower(r))
			}
		}
		folded := want.String()
		if !ascii {
			folded = norm.NFKC.String(folded)
		}
		if visible(text) != folded {
			t.Fatalf("%q: %q, not %q", text, visible(text), folded)
		}
	})
}
