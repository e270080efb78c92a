package mailout

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// Whatever a mail says comes back, also from a row of before, whose texts stood in the JSON; what
// cannot be stored as it is, as far as it can.
func TestTextsComeBack(t *testing.T) {
	for _, text := range []string{"", "a", "<b>\n\"\u2028&\t\r\n\n", "{\"text\":\"x\"}\n", "\n", "漢字 🙂", "\x00", "a\x00b", "\xff", "ok\xffno"} {
		for _, html := range []string{"", "<p>\n</p>", "\x00"} {
			m := Mail{ID: 5, Recipient: "jane@gold.example", Subject: "<Printer>", Text: text, HTML: html}
			stored, err := encode(&m, storable(text) && storable(html), nil, text, html)
			if err != nil || !storable(stored) {
				t.Fatalf("%q, %q: stored as %q, %v", text, html, stored, err)
			}
			got := Mail{ID: m.ID}
			if err := decode(stored, "", &got); err != nil || got.Text != strings.ToValidUTF8(text, "\uFFFD") || got.HTML != html || got.Subject != m.Subject {
				t.Errorf("%q, %q: %q, %q, %v", text, html, got.Text, got.HTML, err)
			}
		}
	}
	var old Mail
	if err := decode(`{"from":{},"date":"2026-01-02T03:04:05Z","subject":"s","text":"a\nb","html":"<p>"}`, "", &old); err != nil || old.Text != "a\nb" || old.HTML != "<p>" {
		t.Errorf("a row of before: %+v, %v", old, err)
	}
	for _, damaged := range []string{"", "{", `{"texts":[1,2]}` + "\nab", `{"texts":[-1,3]}` + "\nab", `{"texts":[3,-1]}` + "\nab", `{"texts":[1,2]}`} {
		if err := decode(damaged, "", &Mail{}); err == nil {
			t.Errorf("%q is read", damaged)
		}
	}
}

// Whatever two texts have in common, the one comes back from the other.
func TestWhatDiffersComesBack(t *testing.T) {
	back := func(from, texts Mail) {
		t.Helper()
		pieces, own := (&base{mail: &from}).differ(&texts)
		got, err := join(from.Text+from.HTML, pieces, own)
		if err != nil || got != texts.Text+texts.HTML {
			t.Fatalf("%q and %q of %q and %q: %v and %q make %q, %v", texts.Text, texts.HTML, from.Text, from.HTML, pieces, own, got, err)
		}
	}
	for _, c := range [][2]string{{"", ""}, {"a", ""}, {"", "a"}, {"a\nb\n", "a\nb\n"}, {"a\nb\nc", "a\nx\nc"}, {"a\nb", "a\nb\n"}, {"a\na\na\n", "a\na\n"},
		{"\n\n", "\n"}, {"x\ny\nz", "x\nq\nz"}, {"same\none\nsame\ntwo\nend", "same\neins\nsame\nzwei\nend"}} {
		back(Mail{Text: c[0]}, Mail{Text: c[1]})
		back(Mail{Text: "text\n", HTML: c[0]}, Mail{Text: "other", HTML: c[1]})
	}
	r := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var out strings.Builder
		for range r.IntN(12) {
			out.WriteString([]string{"a", "b\n", "\n", "c c\n", "é\n"}[r.IntN(5)])
		}
		return out.String()
	}
	for range 20_000 {
		back(Mail{Text: text(), HTML: text()}, Mail{Text: text(), HTML: text()})
	}
	from, with := Mail{Text: "head\none\n", HTML: "middle\ntwo\nfoot\n"}, Mail{Text: "head\nONE\n", HTML: "middle\nTWO\nfoot\n"}
	if pieces, own := (&base{mail: &from}).differ(&with); own != "ONE\nTWO\n" || len(pieces) != 9 {
		t.Errorf("two lines differ, and %q is kept, as %v", own, pieces)
	}
	for _, damaged := range [][]int{{0}, {0, 0}, {0, -1, 2}, {0, 2, 1}, {0, 0, 9}, {9, 0, 1}, {-1, 0, 1}} {
		if got, err := join("base", damaged, "own"); err == nil {
			t.Errorf("%v makes %q", damaged, got)
		}
	}
}
