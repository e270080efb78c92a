// Package mailserver is a complete mail server within the process: IMAP and SMTP on loopback,
// mailboxes in memory, and plus addresses. It is for the demo, tests and benchmarks. It owns
// nothing that outlives it and must never know the desk.
package mailserver

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Server is a running mail server. Its methods are safe for concurrent use by multiple goroutines.
type Server struct {
	IMAP, SMTP string // host:port

	imap *imapserver.Server
	smtp *smtp.Server
	ears []net.Listener
	now  func() time.Time
	seen func(Envelope)
	lose func(Envelope) bool
	pass string

	mu    sync.Mutex
	back  time.Duration
	boxes map[string]*imapmemserver.User // by folded address
	wg    sync.WaitGroup
}

// Envelope is a mail that went through the server.
type Envelope struct {
	From string
	To   []string
	Raw  []byte
	At   time.Time
}

// Options are the options of a server.
type Options struct {
	Addresses []string // of the mailboxes; the user name is the address
	Password  string   // of every mailbox
	// Now returns the time of arrival (INTERNALDATE) for mails; nil is the real time.
	Now func() time.Time
	// Seen is called for each mail that was delivered, one after the other; it must not call the
	// server.
	Seen func(Envelope)
	// Lose reports whether a mail is accepted but never delivered, as a broken server would do. It
	// is for tests; nil loses none.
	Lose func(Envelope) bool
	// IMAP and SMTP are the addresses to listen on; "" is a free port of 127.0.0.1.
	IMAP, SMTP string
}

// Start starts a server. Stop it with Close.
func Start(o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{now: o.Now, seen: o.Seen, lose: o.Lose, pass: o.Password, boxes: map[string]*imapmemserver.User{}}
	store := imapmemserver.New()
	for _, address := range o.Addresses {
		u := imapmemserver.NewUser(address, o.Password)
		for _, folder := range []string{"INBOX", "Sent"} {
			if err := u.Create(folder, nil); err != nil {
				return nil, fmt.Errorf("making the mailbox %s: %w", address, err)
			}
		}
		store.AddUser(u)
		s.boxes[strings.ToLower(address)] = u
	}
	silent := log.New(io.Discard, "", 0)
	s.imap = imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return store.NewSession(), nil, nil
		},
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}},
		InsecureAuth: true,
		Logger:       silent,
	})
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }))
	s.smtp.AllowInsecureAuth = true // on loopback only
	s.smtp.Domain, s.smtp.MaxMessageBytes, s.smtp.MaxRecipients, s.smtp.EnableSMTPUTF8, s.smtp.ErrorLog = "mail.example", 64<<20, 100,
		true, silent
	imapListener, err := listen(o.IMAP)
	if err != nil {
		return nil, err
	}
	smtpListener, err := listen(o.SMTP)
	if err != nil {
		imapListener.Close()
		return nil, err
	}
	s.ears = []net.Listener{imapListener, smtpListener}
	s.IMAP, s.SMTP = imapListener.Addr().String(), smtpListener.Addr().String()
	// Serve ends with an error when the listener is closed, which is how it is stopped.
	s.wg.Go(func() { s.imap.Serve(imapListener) })
	s.wg.Go(func() { s.smtp.Serve(smtpListener) })
	return s, nil
}

func listen(address string) (net.Listener, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("starting the mail server: %w", err)
	}
	return l, nil
}

// Close stops the server. Its mails are lost.
func (s *Server) Close() error {
	err := errors.Join(s.imap.Close(), s.smtp.Close())
	for _, l := range s.ears {
		// A server only closes listeners that it serves, and it may not serve this one yet.
		if closed := l.Close(); !errors.Is(closed, net.ErrClosed) {
			err = errors.Join(err, closed)
		}
	}
	s.wg.Wait()
	return err
}

// Deliver puts a mail into the mailboxes of its recipients, as a mail server would. The error names
// those who have no mailbox here.
func (s *Server) Deliver(e Envelope) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e.At = s.now().Add(-s.back)
	if s.lose != nil && s.lose(e) {
		return nil
	}
	boxes := map[string]*imapmemserver.User{}
	var unknown []string
	for _, to := range e.To {
		if name, box := s.box(to); box != nil {
			boxes[name] = box
		} else {
			unknown = append(unknown, to)
		}
	}
	for name := range maps.Keys(boxes) {
		raw := append([]byte("Return-Path: <"+e.From+">\r\nDelivered-To: "+name+"\r\n"), e.Raw...)
		if _, err := boxes[name].Append("INBOX", literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: e.At}); err != nil {
			return fmt.Errorf("delivering to %s: %w", name, err)
		}
	}
	if s.seen != nil {
		s.seen(e)
	}
	if len(unknown) > 0 {
		return fmt.Errorf("no such mailbox: %s", strings.Join(unknown, ", "))
	}
	return nil
}

// Backdate sets the time of arrival of later mails back by d.
func (s *Server) Backdate(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.back = d
}

// Count returns the number of mails in the INBOX of an address, 0 if it has no mailbox. It is
// faster than asking over the network.
func (s *Server) Count(address string) int {
	_, user := s.box(address)
	if user == nil {
		return 0
	}
	status, err := user.Status("INBOX", &imap.StatusOptions{NumMessages: true})
	if err != nil || status.NumMessages == nil {
		return 0 // it has been removed
	}
	return int(*status.NumMessages)
}

// box returns the mailbox of an address, with or without a plus part.
func (s *Server) box(address string) (string, *imapmemserver.User) {
	local, domain, _ := strings.Cut(strings.ToLower(strings.Trim(address, "<>")), "@")
	if name := local + "@" + domain; s.boxes[name] != nil {
		return name, s.boxes[name]
	}
	base, _, _ := strings.Cut(local, "+")
	name := base + "@" + domain
	return name, s.boxes[name]
}

type literal struct{ *bytes.Reader }

// Size implements imap.LiteralReader.
func (l literal) Size() int64 { return l.Reader.Size() }

type session struct {
	server *Server
	from   string
	to     []string
}

// AuthMechanisms implements smtp.AuthSession. Logging in is offered, since some mail clients insist
// on it, but never required.
func (c *session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth implements smtp.AuthSession.
func (c *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		c.server.mu.Lock()
		defer c.server.mu.Unlock()
		if _, box := c.server.box(user); box == nil || password != c.server.pass {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (c *session) Reset()        { c.from, c.to = "", nil }
func (c *session) Logout() error { return nil }

func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	c.from = from
	return nil
}

func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if _, box := c.server.box(to); box == nil {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox here"}
	}
	c.to = append(c.to, to)
	return nil
}

func (c *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	return c.server.Deliver(Envelope{From: c.from, To: c.to, Raw: raw})
}
