package templates

import (
	"strings"
	"testing"
)

func TestStockReplies(t *testing.T) {
	r, faults := LoadReplies([]File{
		{"hello.md", "Hello {{.Customer.Name}},\n\n- one\n- two: {{.Ticket.Number}}\n"},
		{"hello.de.md", "Hallo {{.Customer.Name}}\n"},
		{"only.fr.md", "Bonjour\n"},
	})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	f := FullSample()
	for _, c := range []struct{ name, lang, want string }{
		{"hello", "de", "Hallo Jane Doe"},
		{"hello", "de-at", "Hallo Jane Doe"},
		{"hello", "it", "Hello Jane Doe,\n\n- one\n- two: 1042"},
		{"only", "de", "Bonjour"},
	} {
		if got, err := r.Text(c.name, c.lang, f); err != nil || got != c.want {
			t.Errorf("%s in %q: %q, %v", c.name, c.lang, got, err)
		}
	}
	if _, err := r.Text("none", "", f); err == nil {
		t.Error("a reply that is not there has a text")
	}
}

func TestFaultsOfStockReplies(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"a fact that is not there": {"a.md", "Hello\n{{.Custmer.Name}}", "replies/a.md:2"},
		"a fact of the agents'":    {"a.md", "Hello\n\nyou {{.Nearest}}", "replies/a.md:3"},
		"the text of a mail":       {"a.md", "Hello {{.Body}}", "replies/a.md:1"},
		"a piece":                  {"a.md", "x\n{{template \"footer\" .}}", "replies/a.md:2"},
		"not closed":               {"a.md", "x\n{{if .Now}}", "replies/a.md:"},
		"empty":                    {"a.md", "\n", "replies/a.md:1"},
		"a name":                   {"A b.md", "x", "replies/A b.md"},
		"an underscore":            {"_a.md", "x", "replies/_a.md"},
	} {
		_, faults := LoadReplies([]File{{c.file, c.text}})
		if len(faults) == 0 || !strings.Contains(faults.Error(), c.want) {
			t.Errorf("%s: %v", name, faults)
		}
	}
}
