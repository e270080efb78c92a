package config

import (
	"regexp"
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/rules/fault"
)

// Trust configures which statements of a mail can be trusted.
type Trust struct {
	AuthServIDs []string // whose Authentication-Results count (RFC 8601 section 2.5)
	ReceivedBy  []string // names of our own servers in their Received lines
	Forwarders  []string // domains, in lower case, whose ARC seals count (RFC 8617)
	Verify      string   // whose mail the desk itself checks if our server has not: "agents", "everybody" or "nobody"
	// Internal is a header that only our own server can set; Header "" for none.
	Internal mailin.Field
	Gateways []Gateway
}

// Gateway is a sender that writes on behalf of others: a web form, a list.
type Gateway struct {
	From     string   // address or @domain, folded
	PersonIn []string // header fields that name the person; the first one present counts
}

type trustBlock struct {
	position
	AuthServID words          `yaml:"authserv_id" eg:"mx.acme.example" doc:"Whose Authentication-Results count: the name that your mail server writes there."`
	ReceivedBy words          `yaml:"received_by" eg:"[mx.acme.example]" doc:"The names that your own mail servers call themselves in their Received lines: the desk believes who handed a mail to them, and can check SPF."`
	Forwarders words          `yaml:"forwarders" eg:"[lists.acme.example]" doc:"Domains of mailing lists and forwarders whose seals (ARC) are believed: a mail that they have changed is as good as it was when it came to them."`
	Verify     text           `yaml:"verify" jsonschema:"enum=agents,enum=everybody,enum=nobody" default:"agents" eg:"everybody" doc:"Whose mail the desk checks itself (DKIM, SPF, DMARC; asks the DNS) where your server has not judged it."`
	Internal   text           `yaml:"internal" eg:"\"X-MS-Exchange-Organization-AuthAs: Internal\"" doc:"A header, with its value, that only your own mail server can set: it identifies mail from your own people."`
	Gateways   []gatewayBlock `yaml:"gateways" doc:"Web forms and list gateways that write as you or as noreply@ for somebody else."`
}

type gatewayBlock struct {
	position
	From     text  `yaml:"from" jsonschema:"required" eg:"forms@acme.example" doc:"What it writes as: an address, or @DOMAIN for all of a domain."`
	PersonIn words `yaml:"person_in" default:"[Reply-To]" eg:"[Reply-To, X-Original-From]" doc:"The header fields in which the person stands; the first that is there counts."`
}

var headerName = regexp.MustCompile(`^[!#-9;-~]+$`) // RFC 5322 section 2.2

func (b *trustBlock) build(faults *fault.List) Trust {
	t := Trust{AuthServIDs: b.AuthServID.strings(), ReceivedBy: b.ReceivedBy.strings(), Verify: "agents"}
	if b.Verify.given() {
		t.Verify = b.Verify.s
	}
	for _, f := range b.Forwarders.list {
		if !isDomain(f.s) {
			faults.Add(f.at, "like lists.acme.example", "%q is not a domain", f.s)
		}
		t.Forwarders = append(t.Forwarders, strings.ToLower(f.s))
	}
	if v := b.Internal; v.given() {
		name, value, ok := strings.Cut(v.s, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		switch {
		case !ok || !headerName.MatchString(name) || value == "":
			faults.Add(v.at, `like "X-MS-Exchange-Organization-AuthAs: Internal"`, "%q is no header with a value", v.s)
		case slices.Contains([]string{"from", "to", "cc", "subject", "reply-to", "sender", "message-id", "received", "return-path", "date"},
			strings.ToLower(name)):
			faults.Add(v.at, `a header that only your server sets, like "X-MS-Exchange-Organization-AuthAs: Internal"`,
				"anybody can set the header %q: it proves nothing", name)
		}
		t.Internal = mailin.Field{Key: name, Value: value}
	}
	for _, g := range b.Gateways {
		gw := Gateway{From: mailin.Fold(g.From.s), PersonIn: g.PersonIn.strings()}
		if domain, all := strings.CutPrefix(g.From.s, "@"); g.From.given() &&
			(all && !isDomain(domain) || !all && notAddress(g.From.s) != "") {
			faults.Add(g.From.at, "forms@acme.example or @lists.acme.example", "%q is neither an address nor @DOMAIN", g.From.s)
		}
		if !g.PersonIn.given() {
			gw.PersonIn = []string{"Reply-To"}
		}
		for _, h := range g.PersonIn.list {
			if !headerName.MatchString(h.s) {
				faults.Add(h.at, "like Reply-To", "%q is not a header field", h.s)
			}
		}
		t.Gateways = append(t.Gateways, gw)
	}
	return t
}
