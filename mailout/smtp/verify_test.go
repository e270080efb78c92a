package smtp

import (
	"errors"
	"strings"
	"testing"

	"tierdesk/mailout/token"
	"tierdesk/migrations/dbtest"
)

// A server without plus addresses, or without the catch-all that reply_address: names, is found out
// by its answer to RCPT TO; one that refuses everything, or has no time just now, proves nothing
// about the keyed address. No mail is given to any of them.
func TestReplyAddressesAreTried(t *testing.T) {
	keyed := func(line string) bool {
		return strings.Contains(line, "<support+") || strings.Contains(line, "@desk.acme.example>")
	}
	for name, c := range map[string]struct {
		style   token.ReplyAddress
		rcpt    func(line string) string
		tried   bool
		refused bool
		unknown bool
	}{
		"plus addresses work": {style: token.Plus, rcpt: func(string) string { return "" }, tried: true},
		"251 is a yes": {style: token.Plus, tried: true, rcpt: func(line string) string {
			if keyed(line) {
				return "251 2.1.5 will forward"
			}
			return ""
		}},
		"plus addresses refused": {style: token.Plus, tried: true, refused: true, rcpt: func(line string) string {
			if keyed(line) {
				return "550 5.1.1 nobody of that name"
			}
			return ""
		}},
		"no status": {style: token.Plus, tried: true, refused: true, rcpt: func(line string) string {
			if keyed(line) {
				return "553 sorry"
			}
			return ""
		}},
		"no catch-all": {style: "{token}@desk.acme.example", tried: true, refused: true, rcpt: func(line string) string {
			if keyed(line) {
				return "550 5.1.2 no such domain"
			}
			return ""
		}},
		"everything refused": {style: token.Plus, tried: true, unknown: true, rcpt: func(string) string { return "550 5.7.1 relaying denied" }},
		"greylisted":         {style: token.Plus, tried: true, unknown: true, rcpt: func(string) string { return "451 4.7.1 later" }},
		"gone":               {style: token.Plus, tried: true, unknown: true, rcpt: func(string) string { return cut }},
		"no keyed addresses": {style: token.None, rcpt: func(string) string { return "550 5.1.1 nobody" }},
		"says goodbye meanwhile": {style: token.Plus, tried: true, unknown: true, rcpt: func(line string) string {
			if keyed(line) {
				return "421 4.7.0 bye"
			}
			return ""
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSink(t, func(_ int, step, line string) string {
				if step == "RCPT" {
					return c.rcpt(line)
				}
				return ""
			})
			cfg := config(s)
			cfg.Style = c.style
			d := newDesk(t, dbtest.SQLite(t).Open(t), map[string]Config{"support": cfg})
			address, err := d.sender.CheckReplyAddress(t.Context(), "support")
			if (address != "") != c.tried || errors.Is(err, ErrReplyAddress) != c.refused || (err != nil) != (c.refused || c.unknown) {
				t.Errorf("%q: %v", address, err)
			}
			if c.refused && !strings.Contains(err.Error(), address) {
				t.Errorf("the address is not named: %v", err)
			}
			if n := len(s.mails()); n != 0 {
				t.Errorf("%d mails were sent", n)
			}
		})
	}
}

// Before there is a desk, init asks the same of an account.
func TestVerifyRecipients(t *testing.T) {
	s := newSink(t, func(_ int, step, line string) string {
		switch {
		case step == "RCPT" && strings.Contains(line, "no@"):
			return "550 5.1.1 nobody"
		case step == "RCPT" && strings.Contains(line, "later@"):
			return "450 4.2.0 later"
		}
		return ""
	})
	got, err := VerifyRecipients(t.Context(), config(s), "yes@acme.example", "no@acme.example", "later@acme.example", "yes@acme.example")
	if err != nil || len(got) != 4 {
		t.Fatalf("%+v, %v", got, err)
	}
	for i, want := range []Verdict{{}, {Refused: true}, {Later: true}, {}} {
		if v := got[i]; v.Refused != want.Refused || v.Later != want.Later || (v.Answer == "") == (v.Refused || v.Later) {
			t.Errorf("%+v", v)
		}
	}
	if _, err := VerifyRecipients(t.Context(), config(s), "bad\r\naddress@acme.example"); err == nil {
		t.Error("an address that cannot be written was tried")
	}
}
