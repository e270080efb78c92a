package quote

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"tierdesk/mailin"
)

// Replies in the shapes that mail clients give them. Each file holds the text, the HTML or both ("from" is the writer's
// name), then what is in it: the reply and its style. "signature", "banner", "forwarded" and "quote holds" are the
// beginnings, or parts, of what was cut off; what is not named has to be empty, but for the quote.
func TestReplies(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/replies/*.txt")
	if err != nil || len(files) < 75 {
		t.Fatalf("%d replies, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			part := map[string]string{}
			named := map[string]bool{}
			for _, f := range archive.Files {
				part[f.Name], named[f.Name] = strings.TrimRight(string(f.Data), "\n"), true
			}
			m := &mailin.Message{From: []mailin.Address{{Name: part["from"], Address: "x@writer.example"}}, Text: part["text"], HTML: part["html"], Plain: named["text"]}
			if !m.Plain {
				m.Text = renderForTest(m.HTML)
			}
			Split(m, Options{Markers: []string{"## desk ##"}})
			if m.NothingNew != named["nothing new"] {
				t.Errorf("nothing new: %v", m.NothingNew)
			}
			if !m.NothingNew && sameLines(m.Reply) != sameLines(part["reply"]) {
				t.Errorf("%s\ngot\n%s\nwant\n%s", archive.Comment, m.Reply, part["reply"])
			}
			if string(m.Style) != strings.TrimSpace(part["style"]) {
				t.Errorf("style: %q", m.Style)
			}
			for name, got := range map[string]string{"signature": m.Signature, "banner": m.Banner, "forwarded": m.Forwarded} {
				if named[name] && !strings.Contains(sameLines(got), sameLines(part[name])) || !named[name] && got != "" {
					t.Errorf("%s: %q", name, got)
				}
			}
			if !strings.Contains(m.Quote, part["quote holds"]) {
				t.Errorf("quote: %q", m.Quote)
			}
		})
	}
}

// sameLines leaves out what does not matter: blanks at the ends of lines, and how many lines are blank.
func sameLines(s string) string {
	var out []string
	for l := range strings.SplitSeq(s, "\n") {
		if l = strings.TrimSpace(strings.ReplaceAll(l, "\u00a0", " ")); l != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}
