package commands

import "testing"

// A stock reply is named as its file is, and stands alone: what is written for somebody else cannot have one above it.
func TestStockReplyByName(t *testing.T) {
	o := Options{Replies: []string{"hello"}}
	for text, want := range map[string]Reason{
		"/template hello":                               "",
		"/template HELLO\n\nGood luck.":                 "",
		"/template helo":                                BadArgument,
		"/template":                                     BadArgument,
		"/template hello\n/template hello":              "",
		"/note\n/template hello\n\nx":                   Contradiction,
		"/template hello\n/consult a@b.example\n\nx":    Contradiction,
		"/new for jane@x.example\n/template hello\n\nx": Contradiction,
	} {
		got := Reason("")
		if r := Parse(text, o); len(r.Doubts) > 0 {
			got = r.Doubts[0].Reason
		} else if c := r.Commands; len(c) != 1 || c[0].Args.Name != "hello" {
			t.Errorf("%q: %+v", text, c)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if r := Parse("/template hello", Options{Replies: []string{}}); len(r.Doubts) != 1 {
		t.Error("a desk without stock replies takes one")
	}
}
