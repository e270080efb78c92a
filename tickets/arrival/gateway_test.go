package arrival

import (
	"log/slog"
	"strings"
	"testing"

	"tierdesk/mailin"
	"tierdesk/mailin/classify"
	"tierdesk/mailin/read"
	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/tickets"
)

// A form or a list writes as the desk itself: the person whom it names is the sender, and nothing is known of them. What is ours stays ours.
func TestWhoWritesAsTheDesk(t *testing.T) {
	keys, err := token.New([]byte("a secret for the tests of arrival"))
	if err != nil {
		t.Fatal(err)
	}
	desk := &tickets.Identity{Domain: "acme.example", Inboxes: []tickets.Inbox{{Name: "support", Address: "support@acme.example", Aliases: []string{"help@acme.example"}}}}
	people := &tickets.Directory{Agents: []tickets.Agent{{Name: "ann", Address: "ann@staff.example"}, {Name: "web", Address: "website@acme.example"}}}
	r := &Reader{Desk: desk, People: func() *tickets.Directory { return people }, Keys: func() *token.Keyring { return keys }, Log: slog.New(slog.DiscardHandler),
		Options:  read.Options{Self: classify.Self{Addresses: []string{"support@acme.example", "help@acme.example"}, MessageIDDomain: "acme.example"}, Trust: classify.Trust{AuthservIDs: []string{"mx.acme.example"}}},
		Gateways: []Gateway{{From: "forms@acme.example", PersonIn: []string{"Reply-To"}}}}
	reply := keys.Address("support@acme.example", token.Plus, token.Ref{Ticket: 1, Party: mailout.Customer, Notice: 2}, "zoe@bank.example")
	const from, id = "From: Form <support@acme.example>\r\n", "Message-ID: <a@web.example>\r\n"
	for _, c := range []struct {
		name, head, person string
		kind               mailin.Kind
	}{
		{"Reply-To", from + id + "Reply-To: Zoe <zoe@bank.example>\r\n", "zoe@bank.example", mailin.KindPerson},
		{"as an alias", "From: help@acme.example\r\n" + id + "Reply-To: zoe@bank.example\r\n", "zoe@bank.example", mailin.KindPerson},
		{"ours and theirs", from + id + "Reply-To: support@acme.example, zoe@bank.example\r\n", "zoe@bank.example", mailin.KindPerson},
		{"a group", from + id + "Reply-To: support@acme.example\r\nX-Original-From: Zoe <zoe@bank.example>\r\nList-Id: <support.acme.example>\r\n", "zoe@bank.example", mailin.KindPerson},
		{"a group, the sender alone", from + id + "X-Original-Sender: zoe@bank.example\r\nPrecedence: list\r\nMailing-list: list support@acme.example\r\n", "zoe@bank.example", mailin.KindPerson},
		{"a group, in Google's words", from + id + "X-Google-Original-From: Zoe <zoe@bank.example>\r\n", "zoe@bank.example", mailin.KindPerson},
		{"a form on the desk's own domain", from + "Message-ID: <form.7@acme.example>\r\nReply-To: zoe@bank.example\r\n", "zoe@bank.example", mailin.KindPerson},
		{"nobody is named", from + id, "support@acme.example", mailin.KindPerson},
		{"nobody is named, on the desk's own domain", from + "Message-ID: <form.8@acme.example>\r\n", "support@acme.example", mailin.KindGenerated},
		{"an agent is named", from + id + "Reply-To: ann@staff.example\r\n", "support@acme.example", mailin.KindPerson},
		{"the desk is named", from + id + "Reply-To: help@acme.example\r\n", "support@acme.example", mailin.KindPerson},
		{"somebody forged the desk's address", "Authentication-Results: mx.acme.example; dmarc=fail header.from=acme.example\r\n" + from + id + "Reply-To: zoe@bank.example\r\n", "support@acme.example", mailin.KindPerson},
		{"our own mail", from + "Message-ID: <" + keys.MessageID(1, 2, "acme.example") + ">\r\nReply-To: zoe@bank.example\r\n", "support@acme.example", mailin.KindLoop},
		{"our own mail under a provider's name", from + "Message-ID: <x@provider.example>\r\nReply-To: " + reply + "\r\nX-Original-From: zoe@bank.example\r\n", "support@acme.example", mailin.KindPerson},
		{"our own notice", from + id + "X-Tierdesk-Ticket: 1\r\nReply-To: zoe@bank.example\r\n", "support@acme.example", mailin.KindLoop},
		{"a form that is known", "From: forms@acme.example\r\n" + id + "Reply-To: zoe@bank.example\r\n", "zoe@bank.example", mailin.KindPerson},
		{"a form's server", "From: noreply@acme.example\r\n" + id + "Reply-To: zoe@bank.example\r\n", "zoe@bank.example", mailin.KindPerson},
		{"a form's server that is no machine", "From: noreply@acme.example\r\nAuto-Submitted: no\r\n" + id + "Reply-To: zoe@bank.example\r\n", "zoe@bank.example", mailin.KindPerson},
		{"a reminder", "From: noreply@acme.example\r\nAuto-Submitted: auto-generated\r\n" + id + "Reply-To: zoe@bank.example\r\n", "noreply@acme.example", mailin.KindGenerated},
		{"a newsletter", "From: noreply@acme.example\r\nList-Id: <news.acme.example>\r\n" + id + "Reply-To: zoe@bank.example\r\n", "noreply@acme.example", mailin.KindList},
		{"an agent who writes from a form's name", "From: website@acme.example\r\n" + id + "Reply-To: zoe@bank.example\r\n", "website@acme.example", mailin.KindPerson},
		{"a form that is known, forged", "Authentication-Results: mx.acme.example; dmarc=fail header.from=acme.example\r\nFrom: forms@acme.example\r\n" + id + "Reply-To: zoe@bank.example\r\n", "zoe@bank.example", mailin.KindPerson},
		{"a form that is known, and spam", "From: forms@acme.example\r\nAuto-Submitted: auto-generated\r\nX-Spam-Flag: YES\r\n" + id + "Reply-To: zoe@bank.example\r\n", "zoe@bank.example", mailin.KindSpam},
		{"a form that is known, and a note of absence", "From: forms@acme.example\r\nAuto-Submitted: auto-replied\r\n" + id + "Reply-To: zoe@bank.example\r\n", "zoe@bank.example", mailin.KindAutoReply},
		{"a list as the desk, and spam", from + "List-Id: <support.acme.example>\r\nX-Spam-Flag: YES\r\n" + id + "X-Original-From: zoe@bank.example\r\n", "zoe@bank.example", mailin.KindSpam},
		{"names with commas", "From: forms@acme.example\r\n" + id + "Reply-To: Zoe, Dr. <zoe@bank.example>\r\n", "zoe@bank.example", mailin.KindPerson},
		{"an address in a name that is encoded", "From: forms@acme.example\r\n" + id + "Reply-To: =?utf-8?Q?Zoe_=3Cold=40bank.example=3E=2C?= <zoe@bank.example>\r\n", "zoe@bank.example", mailin.KindPerson},
		{"several, with semicolons", "From: forms@acme.example\r\n" + id + "Reply-To: zoe@bank.example; max@customer.example\r\n", "zoe@bank.example", mailin.KindPerson},
		{"an address as its name", "From: forms@acme.example\r\n" + id + "Reply-To: zoe@bank.example <zoe@bank.example>\r\n", "zoe@bank.example", mailin.KindPerson},
		{"the form and a person, in two fields", "From: forms@acme.example\r\n" + id + "Reply-To: forms@acme.example\r\nReply-To: zoe@bank.example\r\n", "zoe@bank.example", mailin.KindPerson},
		{"a form that is known names itself", "From: forms@acme.example\r\n" + id + "Reply-To: forms@acme.example\r\n", "forms@acme.example", mailin.KindGenerated},
		{"a form that is known names an agent", "From: forms@acme.example\r\n" + id + "Reply-To: ann@staff.example\r\n", "forms@acme.example", mailin.KindGenerated},
		{"a form that is known names no address", "From: forms@acme.example\r\n" + id + "Reply-To: Zoe\r\n", "forms@acme.example", mailin.KindGenerated},
		{"a list of ours that rewrites", "From: Zoe via Help <help@lists.acme.example>\r\nList-Post: <mailto:help@lists.acme.example>\r\nList-Id: <help.lists.acme.example>\r\nPrecedence: list\r\n" + id + "Reply-To: help@lists.acme.example, Zoe <zoe@bank.example>\r\n", "zoe@bank.example", mailin.KindPerson},
		{"a list of ours that rewrites, in Google's words", "From: 'Zoe' via Sales <sales@acme.example>\r\nMailing-list: list sales@acme.example; contact sales+owners@acme.example\r\n" + id + "X-Original-From: Zoe <zoe@bank.example>\r\nReply-To: sales@acme.example\r\n", "zoe@bank.example", mailin.KindPerson},
		{"a list of ours that rewrites, forged as ours", "Authentication-Results: mx.acme.example; dmarc=fail header.from=lists.acme.example\r\nFrom: Zoe via Help <help@lists.acme.example>\r\nList-Post: <mailto:help@lists.acme.example>\r\n" + id + "Reply-To: zoe@bank.example\r\n", "help@lists.acme.example", mailin.KindList},
		{"a newsletter of ours that writes as itself", "From: Acme news <news@acme.example>\r\nList-Id: <news.acme.example>\r\n" + id + "Reply-To: zoe@bank.example\r\n", "news@acme.example", mailin.KindList},
		{"a list of somebody else's", "From: Zoe via Talk <talk@lists.far.example>\r\nList-Post: <mailto:talk@lists.far.example>\r\n" + id + "Reply-To: zoe@bank.example\r\n", "talk@lists.far.example", mailin.KindList},
		{"a customer", "From: zoe@bank.example\r\n" + id + "Reply-To: other@bank.example\r\n", "zoe@bank.example", mailin.KindPerson},
	} {
		m := r.Read(mailin.Raw{Bytes: []byte(c.head + "To: support@acme.example\r\nSubject: Hello\r\n\r\nI cannot log in.\r\n")})
		if m.From() != c.person || m.Message.Class.Kind != c.kind {
			t.Errorf("%s: from %s, %s %v", c.name, m.From(), m.Message.Class.Kind, m.Message.Class.Reasons)
		}
		if through := m.From() == "zoe@bank.example" && c.name != "a customer"; m.Gateway != through || through && (m.Message.Auth.Verdict == mailin.VerdictFail) != strings.HasSuffix(c.name, "forged") || through && m.Message.Auth.Verdict == mailin.VerdictPass {
			t.Errorf("%s: through a gateway %v, %s", c.name, m.Gateway, m.Message.Auth.Verdict)
		}
	}
}

// Of a domain that is a gateway, a form's mail that names nobody is a machine's; people's is theirs.
func TestAGatewayThatIsADomain(t *testing.T) {
	desk := &tickets.Identity{Domain: "acme.example", Inboxes: []tickets.Inbox{{Name: "support", Address: "support@acme.example"}}}
	people := &tickets.Directory{Agents: []tickets.Agent{{Name: "ann", Address: "ann@staff.example"}}}
	r := &Reader{Desk: desk, People: func() *tickets.Directory { return people }, Log: slog.New(slog.DiscardHandler),
		Gateways: []Gateway{{From: "@staff.example", PersonIn: []string{"Reply-To"}}, {From: "ann@staff.example", PersonIn: []string{"X-Original-From"}}}}
	for from, want := range map[string]mailin.Kind{
		"ann@staff.example":     mailin.KindPerson, // an agent
		"zoe@staff.example":     mailin.KindPerson,
		"noreply@staff.example": mailin.KindGenerated,
	} {
		m := r.Read(mailin.Raw{Bytes: []byte("From: " + from + "\r\nTo: support@acme.example\r\nSubject: Hello\r\n\r\nI cannot log in.\r\n")})
		if m.From() != from || m.Message.Class.Kind != want || m.Gateway {
			t.Errorf("%s: from %s, %s %v", from, m.From(), m.Message.Class.Kind, m.Message.Class.Reasons)
		}
	}
}

// A number in a subject is ours only beside the ticket's own subject.
func TestNumbered(t *testing.T) {
	for _, c := range []struct {
		subject, base string
		want          bool
	}{
		{"vpn is slow", "vpn is slow", true}, {"VPN is slow", "vpn is slow", true}, {"external: vpn is slow", "vpn is slow", true}, {"", "", true},
		{"printer", "vpn is slow", false}, {"another vpn is slow", "vpn is slow", false}, {"printer", "", false}, {"", "vpn is slow", false}, {"vpn is slow again", "vpn is slow", false},
	} {
		if got := numbered(c.subject, c.base); got != c.want {
			t.Errorf("%q in a ticket %q: %v", c.subject, c.base, got)
		}
	}
}
