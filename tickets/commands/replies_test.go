package commands

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"tierdesk/mailin/read"
)

// Whole mails of agents, in the shapes that mail clients give them: what is done, and who gets to read what. Each file holds a mail and
// what is wanted:
//
//	do take me; priority high     the commands
//	to customer                   or note, nobody, held
//	why below-text /note          the doubts of a held mail
//
//	the text that is posted
func TestReplies(t *testing.T) {
	files, err := filepath.Glob("testdata/replies/*.txt")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d replies, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(archive.Files) != 2 || archive.Files[0].Name != "mail" || archive.Files[1].Name != "want" {
				t.Fatal("a case is a mail and what is wanted")
			}
			raw := strings.ReplaceAll(string(archive.Files[0].Data), "\n", "\r\n")
			m := read.Mail([]byte(raw), read.Options{Markers: []string{"## tierdesk ##"}})
			reply := m.Reply
			if m.NothingNew {
				reply = ""
			}
			o := desk()
			o.HTML = !m.Plain
			got, want := tellReply(Parse(reply, o)), withoutBlankLines(string(archive.Files[1].Data))
			if got != want {
				t.Errorf("%s\ngot\n%s\nwant\n%s\nread as\n%s", strings.TrimSpace(string(archive.Comment)), got, want, m.Reply)
			}
		})
	}
}

// tellReply writes a result as the files do.
func tellReply(r Result) string {
	var b strings.Builder
	var doubts []string
	for _, d := range r.Doubts {
		doubts = append(doubts, strings.TrimSpace(string(d.Reason)+" "+d.Nearest))
	}
	if doubts != nil {
		fmt.Fprintf(&b, "to held\nwhy %s\n", strings.Join(doubts, ", "))
		return b.String()
	}
	var done []string
	for _, c := range r.Commands {
		done = append(done, tellCommand(c))
	}
	if done != nil {
		fmt.Fprintf(&b, "do %s\n", strings.Join(done, ", "))
	}
	switch {
	case r.Body == "":
		b.WriteString("to nobody\n")
		return b.String()
	case r.Note:
		b.WriteString("to note\n")
	default:
		b.WriteString("to customer\n")
	}
	fmt.Fprintf(&b, "%s\n", r.Body)
	return withoutBlankLines(b.String())
}

// withoutBlankLines leaves out what is no matter of commands: how paragraphs of HTML look as text.
func withoutBlankLines(s string) string {
	var out []string
	for _, l := range strings.Split(s, "\n") {
		if clean(l) != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n") + "\n"
}
