package read

import (
	"maps"
	"mime"
	"net/mail"
	"os"
	"slices"
	"strings"
	"testing"

	"tierdesk/mailin"
	"tierdesk/mailin/parse"
)

// shape is a mail of testdata/shapes: its fields, what it is to be read as, and its text.
type shape struct{ name, from, subject, returnPath, expect, text string }

// shapes reads a file of them. Those that name no envelope's sender come from the one given.
func shapes(t *testing.T, file, returnPath string) []shape {
	t.Helper()
	b, err := os.ReadFile("testdata/shapes/" + file)
	if err != nil {
		t.Fatal(err)
	}
	_, all, _ := strings.Cut(string(b), "\n== ")
	var out []shape
	for part := range strings.SplitSeq(all, "\n== ") {
		head, text, _ := strings.Cut(part, "\n\n")
		name, fields, _ := strings.Cut(head, "\n")
		s := shape{name: name, returnPath: returnPath, text: text}
		for line := range strings.SplitSeq(fields, "\n") {
			key, value, _ := strings.Cut(line, ": ")
			switch key {
			case "From":
				s.from = value
			case "Subject":
				s.subject = value
			case "Return-Path":
				s.returnPath = value
			case "Expect":
				s.expect = value
			default:
				t.Fatalf("%s: %q", name, line)
			}
		}
		out = append(out, s)
	}
	return out
}

// read reads the mail of a shape.
func (s shape) read() *mailin.Message {
	from := s.from
	if name, address, ok := strings.Cut(from, " <"); ok {
		from = (&mail.Address{Name: name, Address: strings.TrimSuffix(address, ">")}).String()
	}
	raw := "Return-Path: " + s.returnPath + "\nFrom: " + from + "\nTo: support@desk.example\nSubject: " + mime.BEncoding.Encode("utf-8", s.subject) +
		"\nDate: Tue, 3 Nov 2026 09:00:00 +0000\nMessage-ID: <" + s.name + "@far.example>\nMIME-Version: 1.0\n" +
		"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + s.text
	return Mail([]byte(raw), Options{Limits: parse.DefaultLimits()})
}

// Servers tell in many words and languages whom a mail did not reach, or not yet, and whom it did.
func TestShapesOfReports(t *testing.T) {
	t.Parallel()
	for _, s := range shapes(t, "reports.txt", "<>") {
		want := map[string]string{}
		for one := range strings.FieldsSeq(s.expect) {
			address, action, _ := strings.Cut(one, "=")
			want[address] = action
		}
		m := s.read()
		got := map[string]string{}
		if m.Report != nil {
			for _, r := range m.Report.Recipients {
				got[r.Address] = r.Action
			}
		}
		if k := m.Class.Kind; !maps.Equal(got, want) || k != mailin.KindBounce && k != mailin.KindReceipt {
			t.Errorf("%s: %s %v, want %v", s.name, m.Class.Kind, got, want)
		}
	}
}

// Notes without any field are known by their words, and persons who write about the same are persons.
func TestShapesOfNotes(t *testing.T) {
	t.Parallel()
	for _, s := range shapes(t, "notes.txt", "<anna@far.example>") {
		if m := s.read(); !slices.Contains(strings.Split(s.expect, "|"), string(m.Class.Kind)) {
			t.Errorf("%s: %s %q, want %s", s.name, m.Class.Kind, m.Class.Reasons, s.expect)
		}
	}
}
