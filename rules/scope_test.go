package rules

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"tierdesk/rules/fault"
)

// TestAtRest: a machine between two evaluations holds nothing about a person.
func TestAtRest(t *testing.T) {
	m := newMachine()
	c := compilation{}
	when := c.condition(`let x = fold(text); any(to, # contains x)`, fault.Place{})
	if when.program == nil {
		t.Fatal(c.faults)
	}
	m.load(&Facts{
		Mail: Mail{Subject: "private", Text: "PRIVATE", To: []string{"private"}, Header: func(string) []string { return nil }}, Now: time.Now(),
		Ticket: Ticket{Tags: []string{"private"}}, Customer: Customer{Name: "private"}, Organisation: Organisation{Name: "private"},
	})
	if got, why := m.test(&when); got != Matched {
		t.Fatal(got, why)
	}
	m.unload()
	for _, part := range []any{m.scope.Mail, m.scope.Ticket, m.scope.Customer, m.scope.Organisation, m.folded, m.vm} {
		if !reflect.ValueOf(part).IsZero() {
			t.Errorf("%T is kept: %+v", part, part)
		}
	}
	for _, entry := range m.stack[:cap(m.stack)] {
		if entry != nil {
			t.Errorf("the stack keeps %v", entry)
		}
	}
}

// TestFold: what is the same to a person is the same when folded, and the memory of the last texts changes nothing.
func TestFold(t *testing.T) {
	m := newMachine()
	for range 2 {
		for _, c := range [][2]string{{"Straße", "STRASSE"}, {"ÄÖÜ", "äöü"}, {"ﬃ", "FFI"}, {"e\u0301", "É"}, {"ΣΟΦΟΣ", "σοφος"}, {"Привет", "ПРИВЕТ"}, {"", ""}, {"Ａ", "a"}} {
			if a, b := m.fold(c[0]), m.fold(c[1]); a != b {
				t.Errorf("%q folds to %q, %q to %q", c[0], a, c[1], b)
			}
		}
	}
	if m.fold("Maße") == m.fold("Mäße") {
		t.Error("different words fold to the same")
	}
	// The analysis counts on it: no text becomes longer than this.
	for _, r := range "\uFDFA\uFB03\u3316\u1F82aÄ" {
		if in := strings.Repeat(string(r), 5000); len(m.fold(in)) > foldedMost(len(in)) {
			t.Errorf("%U becomes %d octets of %d", r, len(m.fold(in)), len(in))
		}
	}
	if got := m.fold("\uFDFA"); got != "صلى الله عليه وسلم" {
		t.Errorf("a short text is cut: %q", got)
	}
}
