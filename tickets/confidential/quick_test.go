package confidential

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// text puts some of these together.
func text(r *rand.Rand, most int, of ...[]string) string {
	var b strings.Builder
	for range r.IntN(most) {
		from := of[r.IntN(len(of))]
		b.WriteString(from[r.IntN(len(from))])
	}
	return b.String()
}

// A quick look sees every number that is found with a closer one.
func TestAQuickLookMissesNoNumber(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	parts := []string{"1", "2", "4", "0", "5", "9", " ", "  ", "-", "\n", ">", "DE", "GB", " AT", "x", "e", "é", "\u200b", "٣", "\r\n", ",", "a", ": ",
		"＋", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432", "4111-1111", "1111", "5500005555555559", "ＤＥ８９３７０４００４４０５３２０１３０００"}
	found := 0
	for range 30_000 {
		s := text(r, 14, parts)
		all := symbols(s)
		if len(cards(s, all))+len(accounts(all)) == 0 {
			continue
		}
		if found++; !mayHoldNumber(s) {
			t.Fatalf("%q is passed over", s)
		}
	}
	if found < 5000 {
		t.Errorf("only %d texts held a number", found)
	}
	for _, s := range []string{"Um 14 Uhr 30, Zimmer 12", "Order 12345, paid 1,000.00, room 17"} {
		if mayHoldNumber(s) {
			t.Errorf("%q gets a closer look", s)
		}
	}
}

// Lines with a hint hold all that the patterns find in the whole text.
func TestLinesWithHintsAreEnough(t *testing.T) {
	w := words()
	whole := func(text string) []Span {
		if !w.hinted(text) {
			return nil
		}
		var out []Span
		add := func(start, end int, more bool) {
			if more {
				out = append(out, Span{Password, start, end})
			}
		}
		for _, m := range w.address.FindAllStringSubmatchIndex(text, -1) {
			add(m[2], m[3], true)
		}
		for _, m := range w.behind.FindAllStringSubmatchIndex(text, -1) {
			v := text[m[2]:m[3]]
			add(m[2], m[3], looksChosen(v) && !isLink(v))
		}
		for _, m := range w.pair.FindAllStringSubmatchIndex(text, -1) {
			v := text[m[2]:m[3]]
			add(m[2], m[3], looksChosen(v) && !isLink(v) && strings.ContainsFunc(v, unicode.IsLetter))
		}
		for at := 0; ; {
			m := w.label.FindStringSubmatchIndex(text[at:])
			if m == nil {
				return repeated(text, out)
			}
			label, end := text[at+m[2]:at+m[3]], at+m[3]
			if wholeWord(text, at+m[2], label) {
				s, ok := w.secretBehind(label, text[end:])
				add(end+s.Start, end+s.End, ok)
				end += s.End
			}
			at = end
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	var known []string
	for _, name := range []string{"labels", "pairs", "verbs", "as", "about"} {
		for _, word := range sections(passwordWords)[name] {
			known = append(known, strings.ReplaceAll(word, "_", " "), strings.ToUpper(word))
		}
	}
	between := []string{" ", "\n", "\r\n", ": ", "=", "\t", "\u00a0", " (", ")", " / "}
	others := []string{"x7-Kilo", "Hund3rt", "jane", "/", "ftp://jane:se3cret@host ", "://", "@", "As", "my", "paſſword: q9Zz", "PIN", "1234", "ſ", "ΚΩΔΙΚΌΣ",
		"\xff", "\"A b\"", "> ", ",", "."}
	found := 0
	for range 1000 {
		s := text(r, 30, known, between, between, others)
		got, want := passwords(s), whole(s)
		if !slices.Equal(got, want) {
			t.Fatalf("%q: %v, in the whole text %v", s, got, want)
		}
		found += len(want)
	}
	if found < 200 {
		t.Errorf("only %d were found", found)
	}
}

// A line that is full of labels is not read anew for each of them: what is written on the way grows
// as the text does.
func TestALineOfLabels(t *testing.T) {
	for _, one := range []string{"Pin, ", " My pin is ok. ", "\u017f Pin: "} {
		written := func(n int) uint64 {
			text := strings.Repeat(one, n)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			passwords(text)
			runtime.ReadMemStats(&after)
			return after.TotalAlloc - before.TotalAlloc
		}
		written(10)
		if short, long := written(500), written(5000); long > 25*short { // of the square it would be 100 times as much
			t.Errorf("%q: %d octets, and %d for a text ten times as long", one, short, long)
		}
	}
}
