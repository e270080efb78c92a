package mailout

import (
	"strings"
	"testing"
)

// Whatever a mail says comes back, also from a row of before, whose texts stood in the JSON; what
// cannot be stored as it is, as far as it can.
func TestTextsComeBack(t *testing.T) {
	for _, text := range []string{"", "a", "<b>\n\"\u2028&\t\r\n\n", "{\"text\":\"x\"}\n", "\n", "漢字 🙂", "\x00", "a\x00b", "\xff", "ok\xffno"} {
		for _, html := range []string{"", "<p>\n</p>", "\x00"} {
			m := Mail{ID: 5, Recipient: "jane@gold.example", Subject: "<Printer>", Text: text, HTML: html}
			stored, err := encode(&m)
			if err != nil || !storable(stored) {
				t.Fatalf("%q, %q: stored as %q, %v", text, html, stored, err)
			}
			got := Mail{ID: m.ID}
			if err := decode(stored, &got); err != nil || got.Text != strings.ToValidUTF8(text, "\uFFFD") || got.HTML != html || got.Subject != m.Subject {
				t.Errorf("%q, %q: %q, %q, %v", text, html, got.Text, got.HTML, err)
			}
		}
	}
	var old Mail
	if err := decode(`{"from":{},"date":"2026-01-02T03:04:05Z","subject":"s","text":"a\nb","html":"<p>"}`, &old); err != nil || old.Text != "a\nb" || old.HTML != "<p>" {
		t.Errorf("a row of before: %+v, %v", old, err)
	}
	for _, damaged := range []string{"", "{", `{"texts":[1,2]}` + "\nab", `{"texts":[-1,3]}` + "\nab", `{"texts":[3,-1]}` + "\nab", `{"texts":[1,2]}`} {
		if err := decode(damaged, &Mail{}); err == nil {
			t.Errorf("%q is read", damaged)
		}
	}
}
