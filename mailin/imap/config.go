package imap

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tierdesk/migrations/files"
)

// Config specifies how an inbox is watched. It must not be changed after New. Zero durations and
// sizes mean the defaults.
type Config struct {
	Name   string // of the inbox
	Server Server
	User   string
	// Password returns the password for each login; Token returns an OAuth bearer token instead.
	// Exactly one of them is set.
	Password func(ctx context.Context) (string, error)
	Token    func(ctx context.Context) (string, error)

	Folders  []Folder // at least one
	After    After
	FirstRun FirstRun

	MaxSize   int64         // octets; of larger mail only the beginning is fetched. Default 25 MiB
	PollEvery time.Duration // polling interval where the server lacks IDLE. Default 1 minute
	IdleFor   time.Duration // how long one IDLE lasts before the connection is probed. Default 9 minutes
	Timeout   time.Duration // how long the server may stay silent while a response is pending. Default 1 minute
	Grace     time.Duration // how long a stop may take to finish the current batch. Default 10 seconds

	retryMin, retryMax time.Duration // between connections: default 1 s .. 5 min
	loginMin, loginMax time.Duration // after a refused login: default 30 s .. 15 min
	askMin, askMax     time.Duration // between attempts at a mail that was set aside: default 1 min .. 1 h
	prompt             time.Duration // a desk that can log in has examined its folders this soon after its first start: default 1 min
	wholeEvery         time.Duration // how often a whole folder is compared with the ledger, apart from each connect: default 1 h
}

// Folder is one watched folder of the inbox.
type Folder struct {
	Name string
	Junk bool // its mail goes to quarantine and stays where it is
	Sent bool // it holds sent mail: its mail is never changed, and mail already there at the start is ignored
}

func (c Config) withDefaults() Config {
	set := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	if c.MaxSize <= 0 {
		c.MaxSize = 25 << 20
	}
	set(&c.PollEvery, time.Minute)
	set(&c.IdleFor, 9*time.Minute)
	set(&c.Timeout, time.Minute)
	set(&c.Grace, 10*time.Second)
	set(&c.retryMin, time.Second)
	set(&c.retryMax, 5*time.Minute)
	set(&c.askMin, time.Minute)
	set(&c.askMax, time.Hour)
	set(&c.prompt, time.Minute)
	set(&c.wholeEvery, time.Hour)
	set(&c.loginMin, 30*time.Second)
	set(&c.loginMax, 15*time.Minute)
	return c
}

func (c Config) check() error {
	switch {
	case c.Name == "":
		return errors.New("an inbox needs a name")
	case c.Server.Host == "":
		return fmt.Errorf("inbox %s: no IMAP server", c.Name)
	case (c.Password == nil) == (c.Token == nil):
		return fmt.Errorf("inbox %s: set exactly one of password and OAuth token", c.Name)
	case len(c.Folders) == 0:
		return fmt.Errorf("inbox %s: no folder to watch", c.Name)
	}
	for i, f := range c.Folders {
		if c.After.Way == Move && sameFolder(f.Name, c.After.Folder) {
			return fmt.Errorf("inbox %s: `after: move:%s` moves into a folder that is watched", c.Name, c.After.Folder)
		}
		for _, g := range c.Folders[:i] {
			if sameFolder(f.Name, g.Name) {
				return fmt.Errorf("inbox %s: folder %s is named twice", c.Name, f.Name)
			}
		}
	}
	return nil
}

// sameFolder reports whether two folder names are the same. Only INBOX is case-insensitive (RFC
// 9051 section 5.1).
func sameFolder(a, b string) bool {
	return a == b || strings.EqualFold(a, "INBOX") && strings.EqualFold(b, "INBOX")
}

// Security says how the connection is protected.
type Security string

// The ways to protect a connection.
const (
	TLS      Security = "tls"      // from the first byte (RFC 8314)
	StartTLS Security = "starttls" // no password before it
	Insecure Security = "insecure" // not at all: only on one machine
)

// Server specifies where the mail store is and how its certificate is verified.
type Server struct {
	Host       string
	Port       int
	Security   Security
	CAFile     string // more certificate authorities (PEM), beside the system's; "" for none
	ServerName string // name in the certificate, if it differs from Host
}

// ParseServer parses the forms used in tierdesk.yaml: imaps://HOST[:PORT], imap://HOST[:PORT] with
// STARTTLS, and insecure+imap://HOST[:PORT].
func ParseServer(text string) (Server, error) {
	const forms = "imaps://HOST, imap://HOST (with STARTTLS) or insecure+imap://HOST"
	u, err := url.Parse(text)
	if err != nil {
		return Server{}, fmt.Errorf("not an IMAP server: write %s", forms)
	}
	s := Server{Host: u.Hostname()}
	switch u.Scheme {
	case "imaps":
		s.Security, s.Port = TLS, 993
	case "imap":
		s.Security, s.Port = StartTLS, 143
	case "insecure+imap":
		s.Security, s.Port = Insecure, 143
	default:
		return Server{}, fmt.Errorf("not an IMAP server: write %s", forms)
	}
	if s.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return Server{}, fmt.Errorf("only a host and an optional port are allowed: write %s", forms)
	}
	if p := u.Port(); p != "" {
		if s.Port, err = strconv.Atoi(p); err != nil || s.Port < 1 || s.Port > 65535 {
			return Server{}, fmt.Errorf("port %s: a port is a number up to 65535", p)
		}
	}
	return s, nil
}

func (s Server) address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

func (s Server) tlsConfig() (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: s.ServerName, NextProtos: []string{"imap"}}
	if c.ServerName == "" {
		c.ServerName = s.Host
	}
	if s.CAFile != "" {
		pem, err := files.Read(s.CAFile, files.Most)
		if err != nil {
			return nil, fmt.Errorf("ca_file: %s cannot be read: %w; name a file of certificates in PEM form", s.CAFile, err)
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			return nil, fmt.Errorf("reading the system's certificate authorities: %w", err)
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s holds no certificate in PEM form", s.CAFile)
		}
		c.RootCAs = pool
	}
	return c, nil
}

// Way is the kind of change made on the server to a mail that was taken.
type Way string

// The ways to acknowledge a mail.
const (
	Move Way = "move" // into a folder
	Flag Way = "flag" // \Seen, and the keyword $Tierdesk where the server permits it
	Keep Way = "keep" // no change: only the ledger records it
)

// After is the change made on the server to a mail that was taken.
type After struct {
	Way    Way
	Folder string // of Move
}

// ParseAfter parses the forms used in tierdesk.yaml: move:FOLDER, flag, keep.
func ParseAfter(text string) (After, error) {
	switch folder, isMove := strings.CutPrefix(text, "move:"); {
	case isMove && strings.TrimSpace(folder) != "":
		return After{Way: Move, Folder: strings.TrimSpace(folder)}, nil
	case text == string(Flag), text == string(Keep):
		return After{Way: Way(text)}, nil
	}
	return After{}, errors.New("after taking a mail: move:FOLDER, flag or keep")
}

// FirstRun specifies the treatment of mail that is already in a folder when the desk first opens
// it.
type FirstRun struct {
	Import bool      // take it all, as old mail
	Since  time.Time // take mail received since then, as old mail; if neither is set, ignore all of it
}

// ParseFirstRun parses the forms used in tierdesk.yaml: new, since:YYYY-MM-DD (midnight UTC),
// import.
func ParseFirstRun(text string) (FirstRun, error) {
	switch date, isSince := strings.CutPrefix(text, "since:"); {
	case text == "new":
		return FirstRun{}, nil
	case text == "import":
		return FirstRun{Import: true}, nil
	case isSince:
		t, err := time.Parse(time.DateOnly, date)
		if err != nil {
			return FirstRun{}, fmt.Errorf("since:%s: a date is written 2026-01-31", date)
		}
		return FirstRun{Since: t}, nil
	}
	return FirstRun{}, errors.New("the first run: new, since:YYYY-MM-DD or import")
}
