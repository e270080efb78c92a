package decision

import (
	"testing"

	"tierdesk/mailin"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
)

// Who gets no automatic mail, and why, as far as the mail at hand and the ticket tell.
func TestSilent(t *testing.T) {
	max := tickets.Participant{Address: "max@customer.example"}
	mail := func(change func(*arrival.Mail)) *arrival.Mail {
		m := &arrival.Mail{Message: &mailin.Message{Class: mailin.Class{Kind: mailin.KindPerson}}}
		if change != nil {
			change(m)
		}
		return m
	}
	forged := func(m *arrival.Mail) { m.Message.Auth.Verdict = mailin.VerdictFail }
	for _, c := range []struct {
		name   string
		to     tickets.Participant
		mail   *arrival.Mail // nil for what time or an agent causes
		ticket tickets.Ticket
		old    bool
		want   string
	}{
		{"a person's mail", max, mail(nil), tickets.Ticket{}, false, ""},
		{"a timer", max, nil, tickets.Ticket{}, false, ""},
		{"nobody", tickets.Participant{}, mail(nil), tickets.Ticket{}, false, "nobody to answer"},
		{"old mail", max, mail(nil), tickets.Ticket{}, true, "the mail is old"},
		{"an address that bounced", tickets.Participant{Address: max.Address, Muted: true}, nil, tickets.Ticket{}, false, "the address does not exist"},
		{"spam", max, nil, tickets.Ticket{Tags: []string{SpamTag}}, false, "the ticket is spam"},
		{"another tag", max, nil, tickets.Ticket{Tags: []string{"printer"}}, false, ""},
		{"a machine", max, mail(func(m *arrival.Mail) { m.Message.Class.Kind = mailin.KindGenerated }), tickets.Ticket{}, false,
			"a machine wrote (auto-generated)"},
		{"a person who wants none", max, mail(func(m *arrival.Mail) { m.Message.Class.NoAutoReply = true }), tickets.Ticket{}, false,
			"the mail asks for no automatic answer"},
		{"a forged sender", max, mail(forged), tickets.Ticket{}, false, "the sender's address is forged"},
		{"an agent says that the sender is real", max, mail(func(m *arrival.Mail) { forged(m); m.Confirmed = "ann" }), tickets.Ticket{}, false, ""},
		{"no check was made", max, mail(func(m *arrival.Mail) { m.Message.Auth.Verdict = mailin.VerdictNone }), tickets.Ticket{}, false, ""},
	} {
		it := &Case{Decision: &Decision{Mail: c.mail, Old: c.old}, Ticket: c.ticket}
		if got := it.silent(c.to); got != c.want {
			t.Errorf("%s: %q, wanted %q", c.name, got, c.want)
		}
	}
}
