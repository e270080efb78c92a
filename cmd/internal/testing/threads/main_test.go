package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// What the desk makes of each mail is printed: a participant's reply joins the ticket, a stranger's reply opens one that is
// linked, and a stranger with the same subject has nothing to do with it.
func TestThreads(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	var files []string
	for i, m := range []struct{ from, subject, answers string }{
		{"mina", "The gate does not close", ""},
		{"mina", "Re: The gate does not close", "<0@x.example>"},
		{"otto", "Re: The gate does not close", "<0@x.example>"},
		{"vera", "Re: The gate does not close", ""},
		{"otto", "A bill that nobody asked for", ""},
	} {
		name := filepath.Join(folder, fmt.Sprintf("%d.eml", i))
		text := fmt.Sprintf("From: %s@x.example\r\nTo: list@x.example\r\nSubject: %s\r\nMessage-ID: <%d@x.example>\r\nDate: Mon, 2 Mar 2026 10:0%d:00 +0000\r\n", m.from, m.subject, i, i)
		if m.answers != "" {
			text += "In-Reply-To: " + m.answers + "\r\n"
		}
		if err := os.WriteFile(name, fmt.Appendf(nil, "%s\r\nNumber %d says something.\r\n", text, i), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	for perTicket, want := range map[bool][]string{false: {"1", "1", "1", "3", "4"}, true: {"1", "1", "2", "3", "4"}} {
		var out bytes.Buffer
		if err := run(context.Background(), &out, files, perTicket); err != nil {
			t.Fatal(err)
		}
		dec := json.NewDecoder(&out)
		for i := range files {
			var l line
			if err := dec.Decode(&l); err != nil {
				t.Fatal(err)
			}
			if l.File != files[i] || l.Thread != want[i] {
				t.Errorf("-tickets=%t: mail %d is in conversation %s (%+v), want %s", perTicket, i, l.Thread, l, want[i])
			}
		}
	}
}
