package arrival

import (
	"log/slog"
	"strings"
	"testing"

	"tierdesk/mailin"
	"tierdesk/mailin/read"
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
