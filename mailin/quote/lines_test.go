package quote

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestTrimming: the quick looks at the edges of a line change nothing.
func TestTrimming(t *testing.T) {
	t.Parallel()
	const blanks = " \t\r\n\u00a0\u200b\u200e\u200f\ufeff\u2028\u2060\u2063\u202a\u202b\u202c\u2069\u1427"
	letters := rapid.SampledFrom([]rune("aÉжい機ᐦ€…\ufffd9.,:;*_- \t\r\n\u00a0\u200b\u200e\ufeff\u2028\u2069\u1427"))
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(letters).Draw(t, "line") + rapid.SampledFrom([]string{"", "\xc2", "\xe2\x80", "\xa0"}).Draw(t, "broken")
		want := strings.Trim(s, blanks)
		if asIs := strings.Trim(s, " \t\r\n"); asIs == "" || asIs[0] < 0x80 && asIs[len(asIs)-1] < 0x80 {
			want = asIs // what stands between them stays
		}
		if got := trimSpace(s); got != want {
			t.Errorf("%q became %q, wanted %q", s, got, want)
		}
		if got, want := trimSigns(s, ".,:;*_"), strings.Trim(s, ".,:;*_"); got != want {
			t.Errorf("without signs %q became %q, wanted %q", s, got, want)
		}
	})
}

// TestBlank: what nobody sees is no text, and so no reply whose history would be kept for it.
func TestBlank(t *testing.T) {
	t.Parallel()
	for text, blank := range map[string]bool{
		"": true, "\u1427": true, "\u200b\n\ufeff\f\u1427\u00a0\n": true, "\v\u3000": true,
		".": false, "\u200b0": false, "> \u1427": false, "\xff": false, "\ufffd": false,
	} {
		if isBlank(text) != blank {
			t.Errorf("%q: blank is %v, wanted %v", text, !blank, blank)
		}
		p := Text(text, Options{})
		if blank && p.NothingNew || !blank && isBlank(p.Reply) {
			t.Errorf("%q became %+v", text, p)
		}
	}
}

// TestPhrasesInCapitals: a phrase that separates does so in either case.
func TestPhrasesInCapitals(t *testing.T) {
	t.Parallel()
	for parts, list := range map[separator]string{original: originalList, forwarding: forwardedList, replyAbove: replyAboveList} {
		for _, phrase := range phrasesOf(list) {
			capitals := strings.ToUpper(phrase)
			if separatorOf(phrase)&parts == 0 {
				t.Errorf("%q separates nothing", phrase)
			}
			if len(capitals) == len(phrase) && strings.EqualFold(capitals, phrase) && separatorOf(capitals)&parts == 0 {
				t.Errorf("%q separates nothing", capitals)
			}
		}
	}
}
