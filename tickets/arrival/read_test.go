package arrival

import (
	"log/slog"
	"strings"
	"testing"

	"tierdesk/mailin"
	"tierdesk/mailin/read"
	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/tickets"
)

// A mail over which the reading falls is set aside with its fault, and is not taken for another such mail.
func TestAMailThatCannotBeReadEndsNothing(t *testing.T) {
	r := &Reader{Desk: &tickets.Identity{}, Log: slog.New(slog.DiscardHandler)}
	falls := func(raw []byte, _ read.Options) *mailin.Message { panic("index out of range") }
	one := r.guarded(mailin.Raw{Bytes: []byte("one")}, falls)
	two := r.guarded(mailin.Raw{Bytes: []byte("two")}, falls)
	again := r.guarded(mailin.Raw{Bytes: []byte("one")}, falls)
	if !strings.Contains(one.Fault, "index out of range") {
		t.Errorf("its fault is %q", one.Fault)
	}
	if one.Fingerprint() == two.Fingerprint() {
		t.Error("another mail is taken for the same")
	}
	if one.Fingerprint() != again.Fingerprint() {
		t.Error("the same mail is taken for another")
	}
	if got := r.guarded(mailin.Raw{Bytes: []byte("Subject: x\r\n\r\ny")}, read.Mail); got.Fault != "" || got.Message.Subject != "x" {
		t.Errorf("a mail that can be read: %+v", got)
	}
}

// The desk reads words alone, but those of its agents whole: whoever writes as one, or answers a mail to one.
func TestAnAgentsMailIsReadWhole(t *testing.T) {
	people := &tickets.Directory{Agents: []tickets.Agent{{Name: "ann", Address: "ann@staff.example"}}}
	keys, err := token.New([]byte("a secret of sixteen"))
	if err != nil {
		t.Fatal(err)
	}
	address := func(party mailout.Party) string {
		return keys.Address("support@acme.example", token.Plus, token.Ref{Ticket: 7, Party: party, Notice: 9}, "somebody@x.example")
	}
	r := &Reader{Desk: &tickets.Identity{}, Log: slog.New(slog.DiscardHandler), People: func() *tickets.Directory { return people }}
	r.Options.Limits.TextOnly = true
	for _, c := range []struct {
		name, from, to string
		whole          bool
	}{
		{"a customer", "max@customer.example", "support@acme.example", false},
		{"a customer who answers", "max@customer.example", address(mailout.Customer), false},
		{"an agent", "Ann <ANN@staff.example>", "support@acme.example", true},
		{"another address answers an agent's notice", "ann@home.example", address(mailout.Agent), true},
	} {
		raw := "From: " + c.from + "\r\nTo: " + c.to + "\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n" +
			"--b\r\nContent-Type: text/plain\r\n\r\nDone.\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>/note</p><p>Done.</p>\r\n--b--\r\n"
		m := r.Read(mailin.Raw{Bytes: []byte(raw)})
		if m.Fault != "" || (m.Message.HTML != "") != c.whole {
			t.Errorf("%s: read whole: %t, want %t (%s)", c.name, m.Message.HTML != "", c.whole, m.Fault)
		}
	}
}
