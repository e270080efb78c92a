package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"tierdesk/mailout"
	"tierdesk/mailout/compose"
	"tierdesk/mailout/token"
)

// Config is the outgoing account of one inbox. Inboxes with the same Security, Host, Port and User
// share one account: its connections, its rate and its pauses.
type Config struct {
	Security Security
	Host     string
	Port     int
	User     string // "" to send without login
	// Password and Token are called before each login; with Token the login is XOAUTH2.
	Password func(ctx context.Context) (string, error)
	Token    func(ctx context.Context) (string, error)

	Address  string             // the inbox's: the base of envelopes, and what Check tries
	Envelope Envelope           // "" means EnvelopeToken if the server accepts it, else EnvelopeAddress
	Style    token.ReplyAddress // of keyed bounce addresses
	Rate     mailout.Rate
	DKIM     *compose.DKIM // nil for none

	LocalName      string      // in EHLO; "" for the domain of Address
	MaxConnections int         // 0 for 4
	TLS            *tls.Config // extras, e.g. roots; nil for the system's
	Timeouts       Timeouts

	// refusesToken reports whether the server has refused a keyed sender but accepted the plain
	// one.
	refusesToken *atomic.Bool
}

// Security is how a connection is protected.
type Security string

// Kinds of security, as the schemes of URLs.
const (
	TLS      Security = "smtps"         // TLS from the first byte (RFC 8314)
	StartTLS Security = "smtp"          // STARTTLS (RFC 3207), never without
	Plain    Security = "insecure+smtp" // none
)

// Envelope is a choice of the address in MAIL FROM.
type Envelope string

// Kinds of envelopes.
const (
	EnvelopeAddress Envelope = "address" // the From address
	EnvelopeToken   Envelope = "token"   // a keyed bounce address
	EnvelopeNull    Envelope = "null"    // <> (RFC 5321 section 4.5.5)
)

// Timeouts of the network, in real time. A zero field means its default.
type Timeouts struct {
	Connect time.Duration // the connection, and each step of the login: 30 s
	// Greeting is the time limit for the greeting, which some servers delay on purpose (RFC 5321
	// section 4.5.3.2.1): four times Connect.
	Greeting time.Duration
	Command  time.Duration // each answer: 1 min
	Data     time.Duration // the answer to the mail itself: 5 min
	Idle     time.Duration // an unused connection is closed: 30 s
	Stop     time.Duration // the time that a stop allows mails in flight: 15 s
	// Pause is the first pause of an account whose server cannot be reached: 5 s, growing to 5 min.
	// It is six times as long if the server refuses us.
	Pause   time.Duration
	Compose time.Duration // composing a mail: 2 min
	Doubt   time.Duration // how long a refusal is withheld until the results of other mails are known: 5 s
}

func (t Timeouts) withDefaults() Timeouts {
	for _, f := range []struct {
		have *time.Duration
		def  time.Duration
	}{{&t.Connect, 30 * time.Second}, {&t.Command, time.Minute}, {&t.Data, 5 * time.Minute}, {&t.Idle, 30 * time.Second},
		{&t.Stop, 15 * time.Second}, {&t.Pause, 5 * time.Second}, {&t.Compose, 2 * time.Minute}, {&t.Doubt, 5 * time.Second}} {
		if *f.have <= 0 {
			*f.have = f.def
		}
	}
	if t.Greeting <= 0 {
		t.Greeting = 4 * t.Connect
	}
	return t
}

// ParseURL reads smtps://HOST[:PORT], smtp://HOST[:PORT] or insecure+smtp://HOST[:PORT]; the
// default ports are 465, 587 and 25.
func ParseURL(s string) (security Security, host string, port int, err error) {
	u, err := url.Parse(s)
	if err != nil {
		return "", "", 0, errors.New("not a URL: write it like smtps://smtp.acme.example")
	}
	security = Security(u.Scheme)
	port, known := map[Security]int{TLS: 465, StartTLS: 587, Plain: 25}[security]
	switch {
	case !known:
		return "", "", 0, fmt.Errorf("unknown scheme %q: use smtps, smtp (with STARTTLS) or insecure+smtp", u.Scheme)
	case u.Hostname() == "":
		return "", "", 0, errors.New("the URL names no host")
	case u.User != nil:
		return "", "", 0, errors.New("the user stands in `user:`, the password in a file or the environment, not in the URL")
	case u.Path != "" && u.Path != "/" || u.RawQuery != "":
		return "", "", 0, errors.New("nothing may stand behind the host")
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil || port < 1 || port > 65535 {
			return "", "", 0, fmt.Errorf("%q is not a port", p)
		}
	}
	return security, u.Hostname(), port, nil
}

// account returns the key of the account: inboxes with the same key share it.
func (c Config) account() string {
	name := string(c.Security) + "://"
	if c.User != "" {
		name += c.User + "@"
	}
	return name + net.JoinHostPort(c.Host, strconv.Itoa(c.Port))
}

func (c Config) check() error {
	switch {
	case c.Security != TLS && c.Security != StartTLS && c.Security != Plain:
		return fmt.Errorf("unknown security %q", c.Security)
	case c.Host == "" || c.Port < 1 || c.Port > 65535:
		return errors.New("no host or no port")
	case c.User != "" && c.Password == nil && c.Token == nil:
		return errors.New("a user needs a password or a token")
	case c.Envelope != "" && c.Envelope != EnvelopeAddress && c.Envelope != EnvelopeToken && c.Envelope != EnvelopeNull:
		return fmt.Errorf("unknown envelope %q", c.Envelope)
	}
	if _, err := compose.Wire(c.Address); err != nil {
		return fmt.Errorf("the inbox's address: %w", err)
	}
	return nil
}
