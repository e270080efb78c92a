package smtp

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	gosmtp "github.com/wneessen/go-mail/smtp"
	"golang.org/x/net/idna"

	"tierdesk/mailin"
)

// stage is a point of an SMTP session.
type stage string

const (
	stageConnect stage = "connecting"
	stageTLS     stage = "TLS"
	stageHello   stage = "EHLO"
	stageAuth    stage = "AUTH"
	stageMail    stage = "MAIL FROM"
	stageRcpt    stage = "RCPT TO"
	stageData    stage = "DATA"
	stageSent    stage = "the answer to the mail" // behind the final dot: the server may have taken it
)

// reply is what became of a step: code 0 means that the network failed, err says how.
type reply struct {
	stage  stage
	code   int
	status string // RFC 3463
	text   string
	err    error
}

func (r reply) ok() bool        { return r.code >= 200 && r.code < 300 && r.err == nil }
func (r reply) permanent() bool { return r.code >= 500 && r.code < 600 }

// broken reports whether the connection can serve no more. RFC 5321 section 3.8: 421 is a goodbye
// at any point.
func (r reply) broken() bool { return r.code == 0 || r.code == 421 || r.code == 454 }

// Error says where it happened, and what the server or the network said.
func (r reply) Error() string {
	if r.code == 0 {
		return fmt.Sprintf("%s: %v", r.stage, r.err)
	}
	return fmt.Sprintf("%s: %d %s", r.stage, r.code, r.text)
}

func (r reply) Unwrap() error { return r.err }

var enhanced = regexp.MustCompile(`^([245]\.\d{1,3}\.\d{1,3})(?:\s|$)`)

// answer makes a reply of what a command gave.
func answer(at stage, code int, text string, err error) reply {
	var p *textproto.Error
	if errors.As(err, &p) {
		code, text = p.Code, p.Msg
	} else if err != nil {
		return reply{stage: at, err: err}
	}
	r := reply{stage: at, code: code, text: strings.Join(strings.Fields(text), " ")}
	if m := enhanced.FindStringSubmatch(r.text); m != nil {
		r.status = m[1]
	}
	if code < 200 || code > 599 {
		// No reply of RFC 5321 section 4.2.1: the session cannot be trusted.
		r.err = fmt.Errorf("unexpected answer %d %s", code, r.text)
		r.code = 0
	}
	return r
}

// conn is one SMTP session, used by one goroutine at a time.
type conn struct {
	cfg        *Config
	raw        net.Conn
	client     *gosmtp.Client
	pipelining bool
	utf8       bool
	maxSize    int64 // 0 for unknown
	taken      int   // mails that the server has taken over it
	last       time.Time
}

// dial connects and logs in. Its error is always a reply. A cancelled ctx ends it at once.
func dial(ctx context.Context, cfg *Config) (*conn, error) {
	whole, cancel := context.WithTimeout(ctx, 2*cfg.Timeouts.Connect)
	defer cancel()
	fail := func(at stage, err error) (*conn, error) {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		r := answer(at, 0, "", err)
		r.stage = at
		return nil, r
	}
	addr := net.JoinHostPort(cfg.Host, strconv.Itoa(cfg.Port))
	connecting, stop := context.WithTimeout(whole, cfg.Timeouts.Connect)
	raw, err := (&net.Dialer{}).DialContext(connecting, "tcp", addr)
	stop()
	if err != nil {
		return fail(stageConnect, err)
	}
	// Whatever hangs from here on ends with the connection.
	guard := context.AfterFunc(whole, func() { raw.Close() })
	defer guard()
	raw.SetDeadline(time.Now().Add(cfg.Timeouts.Connect))
	stream := raw
	if cfg.Security == TLS {
		secure := tls.Client(raw, cfg.tls())
		if err := secure.HandshakeContext(whole); err != nil {
			raw.Close()
			return fail(stageTLS, err)
		}
		stream = secure
	}
	client, err := gosmtp.NewClient(stream, cfg.Host)
	if err != nil {
		raw.Close()
		return fail(stageConnect, err)
	}
	c := &conn{cfg: cfg, raw: raw, client: client, last: time.Now()}
	if err := client.Hello(cfg.localName()); err != nil {
		c.close()
		return fail(stageHello, err)
	}
	if cfg.Security == StartTLS {
		if offered, _ := client.Extension("STARTTLS"); !offered {
			c.close()
			return fail(stageTLS, errors.New("the server offers no STARTTLS"))
		}
		if err := client.StartTLS(cfg.tls()); err != nil {
			raw.Close()
			return fail(stageTLS, err)
		}
	}
	if cfg.User != "" {
		method, err := c.login(whole)
		if err != nil {
			c.close()
			return fail(stageAuth, err)
		}
		raw.SetDeadline(time.Now().Add(cfg.Timeouts.Connect))
		if err := client.Auth(method); err != nil {
			raw.Close()
			return fail(stageAuth, err)
		}
	}
	c.pipelining, _ = client.Extension("PIPELINING")
	c.utf8, _ = client.Extension("SMTPUTF8")
	client.SkipSMTPUTF8(true)
	if offered, limit := client.Extension("SIZE"); offered {
		c.maxSize, _ = strconv.ParseInt(strings.TrimSpace(limit), 10, 64)
	}
	raw.SetDeadline(time.Time{})
	return c, nil
}

func (c *Config) tls() *tls.Config {
	t := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.TLS != nil {
		t = c.TLS.Clone()
	}
	if t.ServerName == "" {
		t.ServerName = c.Host
	}
	return t
}

func (c *Config) localName() string {
	name := c.LocalName
	if name == "" {
		name = mailin.Domain(c.Address)
	}
	if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		name = ascii
	}
	return name
}

// login chooses the strongest method that the server offers. Without TLS a password goes in the
// clear only where the admin wrote insecure+smtp.
func (c *conn) login(ctx context.Context) (gosmtp.Auth, error) {
	offered, list := c.client.Extension("AUTH")
	if !offered {
		return nil, errors.New("the server offers no login")
	}
	methods := strings.Fields(strings.ToUpper(list))
	if c.cfg.Token != nil {
		secret, err := c.cfg.Token(ctx)
		if err != nil {
			return nil, fmt.Errorf("getting a token: %w", err)
		}
		return gosmtp.XOAuth2Auth(c.cfg.User, secret), nil
	}
	secret, err := c.cfg.Password(ctx)
	if err != nil {
		return nil, fmt.Errorf("getting the password: %w", err)
	}
	insecure := c.cfg.Security == Plain
	for _, m := range []struct {
		name string
		auth func() gosmtp.Auth
	}{
		{"SCRAM-SHA-256", func() gosmtp.Auth { return gosmtp.ScramSHA256Auth(c.cfg.User, secret) }},
		{"PLAIN", func() gosmtp.Auth { return gosmtp.PlainAuth("", c.cfg.User, secret, c.cfg.Host, insecure) }},
		{"LOGIN", func() gosmtp.Auth { return gosmtp.LoginAuth(c.cfg.User, secret, c.cfg.Host, insecure) }},
		{"CRAM-MD5", func() gosmtp.Auth { return gosmtp.CRAMMD5Auth(c.cfg.User, secret) }},
	} {
		if slices.Contains(methods, m.name) {
			return m.auth(), nil
		}
	}
	return nil, fmt.Errorf("the server offers no login that we know: %s", strings.Join(methods, " "))
}

// errLost ends an attempt before the server can take the mail: the claim on it has ended.
var errLost = errors.New("the claim on this mail has ended")

// send gives one mail to the server and returns how far it came. own is asked last before the
// server could take it. After a reply that is not broken the session can take another mail.
func (c *conn) send(from, to string, raw []byte, utf8 bool, own func() bool) reply {
	c.last = time.Now()
	if c.maxSize > 0 && int64(len(raw)) > c.maxSize {
		return reply{stage: stageData, code: 552, status: "5.3.4", text: fmt.Sprintf("the mail has %d octets, the server takes %d (RFC 1870)", len(raw), c.maxSize)}
	}
	if utf8 && !c.utf8 {
		return reply{stage: stageData, code: 553, status: "5.6.7", text: "the mail needs SMTPUTF8 (RFC 6531), which the server does not offer"}
	}
	command := "MAIL FROM:<" + from + ">"
	if ok, _ := c.client.Extension("8BITMIME"); ok {
		command += " BODY=8BITMIME"
	}
	if utf8 {
		command += " SMTPUTF8"
	}
	if strings.ContainsAny(from+to, "\r\n<>") {
		return reply{stage: stageData, code: 553, status: "5.1.3", text: "an address that cannot be written"}
	}
	steps := []struct {
		stage stage
		line  string
	}{{stageMail, command}, {stageRcpt, "RCPT TO:<" + to + ">"}, {stageData, "DATA"}}
	w := c.client.Text.W
	c.deadline(c.cfg.Timeouts.Command)
	if c.pipelining { // RFC 2920: the three in one packet, DATA last
		for _, s := range steps {
			w.WriteString(s.line)
			w.WriteString("\r\n")
		}
		if err := w.Flush(); err != nil {
			return reply{stage: stageMail, err: err}
		}
	}
	var first reply
	failed := false
	for _, s := range steps {
		if !c.pipelining {
			c.deadline(c.cfg.Timeouts.Command)
			w.WriteString(s.line)
			w.WriteString("\r\n")
			if err := w.Flush(); err != nil {
				return reply{stage: s.stage, err: err}
			}
		}
		code, text, err := c.client.Text.ReadResponse(0)
		r := answer(s.stage, code, text, err)
		if s.stage == stageData && code == 354 && err == nil {
			if !failed {
				return c.data(raw, own)
			}
			// A server that takes DATA without a recipient gets an empty mail, which it has to
			// refuse (RFC 2920 section 3.1).
			w.WriteString(".\r\n")
			if err := w.Flush(); err != nil {
				return broken(first)
			}
			if _, _, err := c.client.Text.ReadResponse(0); err != nil && !isReply(err) {
				return broken(first)
			}
			break
		}
		if r.broken() {
			if failed {
				return broken(first)
			}
			return r
		}
		if !r.ok() || s.stage == stageData {
			if !failed {
				first, failed = r, true
			}
			if s.stage == stageData && r.ok() {
				first = reply{stage: stageData, err: fmt.Errorf("unexpected answer %d %s", r.code, r.text)}
			}
			if !c.pipelining {
				break
			}
		}
	}
	if first.code != 0 {
		if err := c.command(250, "RSET"); err != nil {
			return broken(first)
		}
	}
	return first
}

// broken keeps what the server said while the connection is given up: the caller closes every
// connection whose reply has err.
func broken(r reply) reply {
	if r.err == nil {
		r.err = errors.New("the connection broke afterwards")
	}
	return r
}

func isReply(err error) bool {
	var p *textproto.Error
	return errors.As(err, &p)
}

// slowest is how many octets a second a line must carry.
const slowest = 16 << 10

func (c *conn) data(raw []byte, own func() bool) reply {
	w := c.client.Text.W
	c.deadline(c.cfg.Timeouts.Data + time.Duration(len(raw))*time.Second/slowest)
	if _, err := w.Write(stuffed(raw)); err != nil {
		return reply{stage: stageData, err: err}
	}
	if !own() {
		return reply{stage: stageData, err: errLost}
	}
	end := ".\r\n"
	if !bytes.HasSuffix(raw, []byte("\r\n")) {
		end = "\r\n.\r\n"
	}
	w.WriteString(end)
	if err := w.Flush(); err != nil {
		return reply{stage: stageSent, err: err}
	}
	c.deadline(c.cfg.Timeouts.Data)
	code, text, err := c.client.Text.ReadResponse(0)
	c.last = time.Now()
	return answer(stageSent, code, text, err)
}

// stuffed doubles the dots at the beginning of lines (RFC 5321 section 4.5.2).
func stuffed(raw []byte) []byte {
	if bytes.HasPrefix(raw, []byte(".")) {
		raw = append([]byte("."), raw...)
	}
	if bytes.Contains(raw, []byte("\r\n.")) {
		raw = bytes.ReplaceAll(raw, []byte("\r\n."), []byte("\r\n.."))
	}
	return raw
}

// command is for steps outside of a mail.
func (c *conn) command(expect int, line string) error {
	c.deadline(c.cfg.Timeouts.Command)
	w := c.client.Text.W
	w.WriteString(line + "\r\n")
	if err := w.Flush(); err != nil {
		return err
	}
	_, _, err := c.client.Text.ReadResponse(expect)
	return err
}

// alive asks a connection that was idle whether it still stands.
func (c *conn) alive() bool {
	if time.Since(c.last) < 2*time.Second {
		return true
	}
	err := c.command(250, "NOOP")
	c.last = time.Now()
	return err == nil
}

func (c *conn) deadline(d time.Duration) { c.raw.SetDeadline(time.Now().Add(d)) }

// quit says goodbye and closes; it waits no more than a few seconds.
func (c *conn) quit() {
	c.deadline(2 * time.Second)
	c.client.Text.W.WriteString("QUIT\r\n")
	c.client.Text.W.Flush()
	c.close()
}

func (c *conn) close() { c.raw.Close() }

// providerID returns the Message-ID that Amazon SES puts in place of ours, which only its answer
// names: `250 Ok 0100018f...-000000`.
func providerID(host, text string) string {
	region, ok := strings.CutPrefix(strings.ToLower(host), "email-smtp.")
	if !ok || !strings.Contains(region, ".amazonaws.com") {
		return ""
	}
	region, _, _ = strings.Cut(region, ".")
	fields := strings.Fields(text)
	if len(fields) < 2 || !strings.EqualFold(fields[0], "Ok") {
		return ""
	}
	domain := region + ".amazonses.com"
	if region == "us-east-1" {
		domain = "email.amazonses.com"
	}
	return fields[1] + "@" + domain
}
