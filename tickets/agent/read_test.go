package agent

import (
	"testing"

	"tierdesk/tickets"
)

// A signature that the agent's mails end with is cut, and so is a private address of theirs in what closes the text: nowhere else.
func TestCutSignature(t *testing.T) {
	ann := &tickets.Agent{Name: "ann", FullName: "Ann Able", Address: "ann@staff.example", Others: []string{"Able@Private.example"}, Signature: "Ann Able\nAcme Support"}
	earlier := []string{"Please restart it.\n\nKind regards\n\nAnn Able | Network team\nRoom 12, +49 30 1234", "It is fixed.\n\nBest\n\nAnn Able | Network team\nRoom 12, +49 30 1234"}
	for _, c := range []struct {
		name, text, rest string
		earlier          []string
	}{
		{"none", "Please restart the router.", "Please restart the router.", nil},
		{"the configured one", "Please restart the router.\n\nAnn Able\nAcme Support", "Please restart the router.", nil},
		{"the one that other mails end with", "Try it now.\n\nAnn Able | Network team\nRoom 12, +49 30 1234", "Try it now.", earlier},
		{"not the end of other mails", "Try it now.\nRoom 12 is free.", "Try it now.\nRoom 12 is free.", earlier},
		{"an own address in the closing block", "Try it now.\n\nAnn Able\nE-Mail:\u00a0ANN@staff.example\n+49 30 1234", "Try it now.\n\nAnn Able\n+49 30 1234", nil},
		{"another own address", "Try it now.\n\nAnn\nable@private.example", "Try it now.\n\nAnn", nil},
		{"an own address in the text stays for the last gate", "Write to ann@staff.example next time.", "Write to ann@staff.example next time.", nil},
		{"an own address further up stays for the last gate", "Write to ann@staff.example.\n\nAnn", "Write to ann@staff.example.\n\nAnn", nil},
		{"a signature alone stays", "Ann Able\nAcme Support", "Ann Able\nAcme Support", nil},
	} {
		if rest, _ := cutSignature(c.text, ann, c.earlier); rest != c.rest {
			t.Errorf("%s: %q, wanted %q", c.name, rest, c.rest)
		}
	}
}
