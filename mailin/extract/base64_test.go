package extract

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Runs of base64 are found where a look at each octet finds them.
func TestNextRun(t *testing.T) {
	naive := func(b []byte, i int) int {
		for i < len(b) {
			start := i
			for i < len(b) && (b[i] >= 'a' && b[i] <= 'z' || b[i] >= 'A' && b[i] <= 'Z' || b[i] >= '0' && b[i] <= '9' || bytes.IndexByte([]byte("+/-_"), b[i]) >= 0) {
				i++
			}
			if i-start >= minBase64 {
				return start
			}
			i++
		}
		return -1
	}
	for c := range 256 {
		if got, want := inBase64(byte(c)), naive(bytes.Repeat([]byte{byte(c)}, minBase64), 0) == 0; got != want {
			t.Errorf("%#x: %v", c, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", "Zz", "0+/-_", "abcdefghijklmno", "abcdefghijklmnop", " ", "\n", "=", "é"})).Draw(t, "b"), ""))
		for i := 0; i >= 0; {
			got, want := nextRun(b, i), naive(b, i)
			if got != want {
				t.Fatalf("%q from %d: %d, not %d", b, i, got, want)
			}
			if i = got; i >= 0 {
				_, i = base64Run(b, i)
			}
		}
	})
}

// A text whose octets are sound is not copied once more; what comes out is the same.
func TestDecoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", "é", "あ", "\U0001F600", "\xc3", "\xe3", "\x81", "\xf0\x9f"})).Draw(t, "s"), "")
		if b := []byte(s); validUTF8(b) && decoded(b) != strings.ToValidUTF8(s, "\uFFFD") {
			t.Fatalf("%q: %q", s, decoded(b))
		}
	})
}
