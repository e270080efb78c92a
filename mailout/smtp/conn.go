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

// stage is a step of an SMTP session.
type stage string

const (
	stageConnect stage = "connecting"
	stageTLS     stage = "TLS"
	stageHello   stage = "EHLO"
	stageAuth    stage = "AUTH"
	stageMail    stage = "MAIL FROM"
	stageRcpt    stage = "RCPT TO"
	stageData    stage = "DATA"
	stageSent    stage = "the answer to the mail" // after the final dot: the server may have accepted the mail
)

// reply is the outcome of a step. Code 0 means that the network failed; err is the reason.
type reply struct {
	stage  stage
	code   int
	status string // RFC 3463
	text   string
	err    error
}

func (r reply) ok() bool        { return r.code >= 200 && r.code < 300 && r.err == nil }
func (r reply) permanent() bool { return r.code >= 500 && r.code < 600 }

// broken reports whether the connection can no longer be used. RFC 5321 section 3.8: 421 ends the
// session at any point.
func (r reply) broken() bool { return r.code == 0 || r.code == 421 || r.code == 454 }

// Error returns the step and what the server or the network reported.
func (r reply) Error() string {
	if r.code == 0 {
		return fmt.Sprintf("%s: %v", r.stage, r.err)
	}
	return fmt.Sprintf("%s: %d %s", r.stage, r.code, r.text)
}

func (r reply) Unwrap() error { return r.err }

var enhanced = regexp.MustCompile(`^([245]\.\d{1,3}\.\d{1,3})(?:\s|$)`)

// answer makes a reply from the result of a command.
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
	taken      int   // mails that the server has accepted over it
	last       time.Time
}

// dial connects and logs in. Its error is always a reply. It returns immediately if ctx is
// cancelled.
func dial(ctx context.Context, cfg *Config) (*conn, error) {
	whole, cancel := context.WithTimeout(ctx, 2*cfg.Timeouts.Connect+cfg.Timeouts.Greeting)
	defer cancel()
	c, at, err := open(whole, cfg)
	if err == nil {
		return c, nil
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	r := answer(at, 0, "", err)
	r.stage = at
	return nil, r
}

// open connects and logs in within ctx. If it fails, it closes the connection and returns the stage
// at which it failed.
func open(ctx context.Context, cfg *Config) (_ *conn, at stage, err error) {
	connecting, stop := context.WithTimeout(ctx, cfg.Timeouts.Connect)
	raw, err := (&net.Dialer{}).DialContext(connecting, "tcp", net.JoinHostPort(cfg.Host, strconv.Itoa(cfg.Port)))
	stop()
	if err != nil {
		return nil, stageConnect, err
	}
	// Anything that hangs after this point ends when the connection is closed.
	defer context.AfterFunc(ctx, func() { raw.Close() })()
	defer func() {
		if err != nil {
			raw.Close()
		}
	}()
	raw.SetDeadline(time.Now().Add(cfg.Timeouts.Connect))
	stream := raw
	if cfg.Security == TLS {
		secure := tls.Client(raw, cfg.tls())
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, stageTLS, err
		}
		stream = secure
	}
	raw.SetDeadline(time.Now().Add(cfg.Timeouts.Greeting))
	client, err := gosmtp.NewClient(stream, cfg.Host)
	if err != nil {
		return nil, stageConnect, err
	}
	raw.SetDeadline(time.Now().Add(cfg.Timeouts.Connect))
	readBareCodes(client)
	c := &conn{cfg: cfg, raw: raw, client: client, last: time.Now()}
	if err := client.Hello(cfg.localName()); err != nil {
		return nil, stageHello, err
	}
	if err := c.startTLS(); err != nil {
		return nil, stageTLS, err
	}
	if err := c.authenticate(ctx); err != nil {
		return nil, stageAuth, err
	}
	c.readExtensions()
	raw.SetDeadline(time.Time{})
	return c, "", nil
}

// startTLS secures the connection by STARTTLS (RFC 3207) if the configuration says so.
func (c *conn) startTLS() error {
	if c.cfg.Security != StartTLS {
		return nil
	}
	if offered, _ := c.client.Extension("STARTTLS"); !offered {
		return errors.New("the server offers no STARTTLS")
	}
	if err := c.client.StartTLS(c.cfg.tls()); err != nil {
		return err
	}
	readBareCodes(c.client)
	return nil
}

// authenticate logs in (RFC 4954) if there is a user.
func (c *conn) authenticate(ctx context.Context) error {
	if c.cfg.User == "" {
		return nil
	}
	method, err := c.login(ctx)
	if err != nil {
		return err
	}
	c.deadline(c.cfg.Timeouts.Connect)
	return c.client.Auth(method)
}

func (c *conn) readExtensions() {
	c.pipelining, _ = c.client.Extension("PIPELINING")
	c.utf8, _ = c.client.Extension("SMTPUTF8")
	c.client.SkipSMTPUTF8(true)
	if offered, limit := c.client.Extension("SIZE"); offered {
		c.maxSize, _ = strconv.ParseInt(strings.TrimSpace(limit), 10, 64)
	}
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

// ErrNoLogin means that the server takes no password on this connection: it is not encrypted, or
// its port is for other mail servers.
var ErrNoLogin = errors.New("the server offers no login")

// LoginRefused reports whether an error means that the server did not accept the user or password.
func LoginRefused(err error) bool {
	var r reply
	return errors.As(err, &r) && r.stage == stageAuth && r.permanent()
}

// login chooses the strongest method that the server offers. Without TLS a password is sent in the
// clear only if the admin configured insecure+smtp.
func (c *conn) login(ctx context.Context) (gosmtp.Auth, error) {
	offered, list := c.client.Extension("AUTH")
	if !offered {
		return nil, ErrNoLogin
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

// errLost ends an attempt before the server can accept the mail, since the claim on the mail has
// ended.
var errLost = errors.New("the claim on this mail has ended")

// step is a command of a mail.
type step struct {
	stage stage
	line  string
}

// send passes one mail to the server and returns the last reply. It calls own just before the
// server could accept the mail. Unless the reply is broken, the session can be used for another
// mail.
func (c *conn) send(from, to string, raw []byte, utf8 bool, own func() bool) reply {
	c.last = time.Now()
	if r, fits := c.fits(from, to, raw, utf8); !fits {
		return r
	}
	command := "MAIL FROM:<" + from + ">"
	if ok, _ := c.client.Extension("8BITMIME"); ok {
		command += " BODY=8BITMIME"
	}
	if utf8 {
		command += " SMTPUTF8"
	}
	steps := []step{{stageMail, command}, {stageRcpt, "RCPT TO:<" + to + ">"}, {stageData, "DATA"}}
	c.deadline(c.cfg.Timeouts.Command)
	if c.pipelining { // RFC 2920: the three in one packet, DATA last
		if err := c.write(steps...); err != nil {
			return reply{stage: stageMail, err: err}
		}
	}
	first, goOn := c.envelope(steps)
	if goOn {
		return c.data(raw, own)
	}
	if first.code != 0 && first.err == nil && !first.broken() {
		if err := c.command(250, "RSET"); err != nil {
			return broken(first)
		}
	}
	return first
}

// fits reports whether the session can take the mail. If not, it returns the reply that a server
// would give.
func (c *conn) fits(from, to string, raw []byte, utf8 bool) (reply, bool) {
	no := func(code int, status, text string) (reply, bool) {
		return reply{stage: stageData, code: code, status: status, text: text}, false
	}
	switch {
	case c.maxSize > 0 && int64(len(raw)) > c.maxSize:
		return no(552, "5.3.4", fmt.Sprintf("the mail has %d octets, the server takes %d (RFC 1870)", len(raw), c.maxSize))
	case utf8 && !c.utf8:
		return no(553, "5.6.7", "the mail needs SMTPUTF8 (RFC 6531), which the server does not offer")
	case strings.ContainsAny(from+to, "\r\n<>"):
		return no(553, "5.1.3", "an address that cannot be written")
	}
	return reply{}, true
}

func (c *conn) write(steps ...step) error {
	w := c.client.Text.W
	for _, s := range steps {
		w.WriteString(s.line)
		w.WriteString("\r\n")
	}
	return w.Flush()
}

// envelope performs the steps before the mail itself. goOn reports whether the server is ready for
// the mail; otherwise first is the first refusal.
func (c *conn) envelope(steps []step) (first reply, goOn bool) {
	failed := false
	for _, s := range steps {
		if !c.pipelining {
			c.deadline(c.cfg.Timeouts.Command)
			if err := c.write(s); err != nil {
				return reply{stage: s.stage, err: err}, false
			}
		}
		code, text, err := c.client.Text.ReadResponse(0)
		r := answer(s.stage, code, text, err)
		switch {
		case s.stage == stageData && code == 354 && err == nil:
			if failed {
				return c.emptyMail(first), false
			}
			return reply{}, true
		case r.broken() && failed:
			return broken(first), false
		case r.broken():
			return r, false
		case s.stage == stageData && r.ok():
			return reply{stage: stageData, err: fmt.Errorf("unexpected answer %d %s", r.code, r.text)}, false
		case r.ok():
			continue
		}
		if !failed {
			first, failed = r, true
		}
		if !c.pipelining {
			break
		}
	}
	return first, false
}

// emptyMail sends an empty mail to a server that accepted DATA without a recipient. The server has
// to refuse it (RFC 2920 section 3.1).
func (c *conn) emptyMail(first reply) reply {
	if err := c.write(step{line: "."}); err != nil {
		return broken(first)
	}
	if _, _, err := c.client.Text.ReadResponse(0); err != nil && !isReply(err) {
		return broken(first)
	}
	return first
}

// broken marks a reply so that the connection is closed, and keeps what the server said: the caller
// closes every connection whose reply has err.
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

// slowest is the lowest speed in octets a second at which a mail is still transferred.
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

// command sends a command outside of a mail transaction.
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

// alive reports whether an idle connection still works.
func (c *conn) alive() bool {
	if time.Since(c.last) < 2*time.Second {
		return true
	}
	err := c.command(250, "NOOP")
	c.last = time.Now()
	return err == nil
}

func (c *conn) deadline(d time.Duration) { c.raw.SetDeadline(time.Now().Add(d)) }

// quit sends QUIT and closes the connection. It waits for a few seconds at most.
func (c *conn) quit() {
	c.deadline(2 * time.Second)
	c.client.Text.W.WriteString("QUIT\r\n")
	c.client.Text.W.Flush()
	c.close()
}

func (c *conn) close() { c.raw.Close() }

// providerID returns the Message-ID with which Amazon SES replaces ours, which only its answer
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
