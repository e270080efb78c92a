package config

import (
	"net"
	"time"

	"tierdesk/rules/fault"
)

// Outgoing is an account by which mail is sent.
type Outgoing struct {
	Server      Server
	CAFile      string
	Hello       string // name for EHLO; "" is the desk's domain
	User        string // "" to send without logging in
	Password    Secret
	OAuth2      *OAuth2
	Envelope    string // "address", "token", "null", or "" for token if possible
	Rate        Rate   // no limit if N is 0
	Connections int
	Hold        time.Duration // how long people's answers are delayed, so that /cancel can take them back
	SentFolder  string        // a copy of people's answers is filed there; "" for none
	DKIM        *DKIM
}

// DKIM is the key with which outgoing mail is signed.
type DKIM struct {
	Domain, Selector string
	KeyFile          string // PEM, absolute
}

type outgoingBlock struct {
	position
	SMTP   server `yaml:"smtp" jsonschema:"required" eg:"smtps://smtp.acme.example" doc:"The server: smtps:// with TLS, smtp:// with STARTTLS, insecure+smtp:// without."`
	CAFile text   `yaml:"ca_file" eg:"certs/own-ca.pem" doc:"Certificates (PEM) to trust in addition to the system's."`
	User   text   `yaml:"user" eg:"support@acme.example" doc:"Login name; leave it out to send without logging in."`
	secretKeys
	OAuth2      *oauthBlock `yaml:"oauth2" doc:"A token in place of a password."`
	Hello       text        `yaml:"hello" eg:"desk.acme.example" doc:"The name by which the desk greets the server (EHLO); without it, the desk's domain."`
	Envelope    text        `yaml:"envelope" jsonschema:"enum=address,enum=token,enum=null" eg:"address" doc:"Where bounces go: token (a keyed address each, so that a bounce says which mail it is about), address (the inbox) or null (nowhere). Without it token, or address where the inbox has no keyed addresses or the server refuses them as senders. Where reply_address names another domain, that domain needs an SPF record as yours has."`
	Rate        rate        `yaml:"rate" eg:"25/min" doc:"The most mails to send in that time, counted for the whole desk."`
	Connections number      `yaml:"connections" default:"2" eg:"2" doc:"The most connections at once, from 1 to 20."`
	Hold        duration    `yaml:"hold" default:"0" eg:"30s" doc:"How long an agent's answer waits before it is sent. Until then /cancel takes it back."`
	SentFolder  text        `yaml:"sent_folder" eg:"Sent" doc:"The inbox folder in which a copy of each answer is filed. Microsoft and Google do that by themselves."`
	DKIM        *dkimBlock  `yaml:"dkim" doc:"Sign with a key of your own; most providers sign by themselves."`
}

type dkimBlock struct {
	position
	Domain   text `yaml:"domain" jsonschema:"required" eg:"acme.example" doc:"The domain whose DNS has the public key."`
	Selector text `yaml:"selector" jsonschema:"required" eg:"desk2026" doc:"The name of the key there."`
	KeyFile  text `yaml:"key_file" jsonschema:"required" eg:"/run/secrets/dkim.pem" doc:"The private key (PEM)."`
}

// unprotected adds a warning for a server to which passwords and mail are sent unencrypted.
func unprotected(s server, warnings *fault.List) {
	if ip := net.ParseIP(s.Host); s.Security == Insecure && s.Host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		warnings.Add(s.at, "use TLS; ca_file names a certificate of your own", "passwords and mail go to %s for all to read", s.Host)
	}
}

func (b *outgoingBlock) build(dir, domain string, faults, warnings *fault.List) Outgoing {
	out := Outgoing{Server: b.SMTP.Server, Hello: domain, User: b.User.s, Rate: b.Rate.Rate, Connections: 2, Hold: b.Hold.or(0),
		SentFolder: b.SentFolder.s}
	if b.Hello.given() {
		out.Hello = b.Hello.s
		if !isDomain(b.Hello.s) {
			faults.Add(b.Hello.at, "like desk.acme.example", "%q is not a domain", b.Hello.s)
		}
	}
	if b.Envelope.given() {
		out.Envelope = b.Envelope.s
	}
	if c := b.Connections; c.given() {
		out.Connections = c.n
		if c.n < 1 || c.n > 20 {
			faults.Add(c.at, "from 1 to 20", "%d connections", c.n)
		}
	}
	out.CAFile = authorities(b.CAFile, dir, faults)
	unprotected(b.SMTP, warnings)
	switch {
	case b.OAuth2 != nil:
		out.OAuth2 = b.OAuth2.build(dir, faults, warnings)
		if b.secretKeys.given() {
			faults.Add(b.At, "keep the password, or oauth2:", "outgoing has both a password and oauth2")
		}
		if !b.User.given() {
			faults.Add(b.OAuth2.At, "like user: support@acme.example", `oauth2 needs "user" beside it`)
		}
	default:
		out.Password = b.secretKeys.build("password", dir, b.User.given(), b.At, faults, warnings)
		if b.secretKeys.given() && !b.User.given() {
			faults.Add(b.At, "like user: support@acme.example", `a password needs "user" beside it`)
		}
	}
	if k := b.DKIM; k != nil {
		out.DKIM = &DKIM{Domain: k.Domain.s, Selector: k.Selector.s}
		if k.KeyFile.given() {
			out.DKIM.KeyFile = existing(k.KeyFile, dir, faults)
			tooOpen(out.DKIM.KeyFile, k.KeyFile.at, warnings)
		}
		if k.Domain.given() && !isDomain(k.Domain.s) {
			faults.Add(k.Domain.at, "like acme.example", "%q is not a domain", k.Domain.s)
		}
	}
	return out
}
