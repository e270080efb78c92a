package desk

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"tierdesk/mailin"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
)

// Whose mail is checked by ourselves: asking the DNS for every mail would hold up the desk, and for a web form's would prove the wrong one.
func TestWhoIsVerified(t *testing.T) {
	people := &tickets.Directory{Agents: []tickets.Agent{{Name: "ann", Address: "ann@staff.example"}}}
	for _, c := range []struct {
		why     string
		from    string
		auth    mailin.Auth
		all     bool
		through bool
		want    bool
	}{
		{"an agent", "ann@staff.example", mailin.Auth{Verdict: mailin.VerdictNone}, false, false, true},
		{"an agent whom our server has proven", "ann@staff.example", mailin.Auth{Verdict: mailin.VerdictPass}, false, false, false},
		{"an agent in whose name somebody wrote", "ann@staff.example", mailin.Auth{Verdict: mailin.VerdictFail}, false, false, false},
		{"an agent inside", "ann@staff.example", mailin.Auth{Verdict: mailin.VerdictNone, Internal: true}, false, false, false},
		{"a customer", "max@customer.example", mailin.Auth{Verdict: mailin.VerdictNone}, false, false, false},
		{"a customer where all are checked", "max@customer.example", mailin.Auth{Verdict: mailin.VerdictNone}, true, false, true},
		{"a customer in a web form", "max@customer.example", mailin.Auth{Verdict: mailin.VerdictNone}, true, true, false},
		{"a customer through a trusted list", "max@customer.example", mailin.Auth{Verdict: mailin.VerdictFail, Sealed: true}, false, false, true},
	} {
		asked := false
		d := &Desk{log: slog.New(slog.DiscardHandler), policy: func() *tickets.Policy { return &tickets.Policy{People: people} }}
		d.set.VerifyAll = c.all
		d.set.Verify = func(context.Context, []byte, *mailin.Message) (mailin.Auth, error) {
			asked = true
			return mailin.Auth{Verdict: mailin.VerdictNone, Reasons: []string{"the DNS is down"}}, errors.New("down")
		}
		a := &arrival.Mail{Message: &mailin.Message{From: []mailin.Address{{Address: c.from}}, Auth: c.auth}, Gateway: c.through}
		before := a.Message
		d.verify(context.Background(), a)
		if asked != c.want {
			t.Errorf("%s: checked %v", c.why, asked)
		}
		if asked && (len(a.Message.Auth.Reasons) != 1 || a.Message == before) {
			t.Errorf("%s: what is known without the DNS is not told: %+v", c.why, a.Message.Auth)
		}
	}
}
