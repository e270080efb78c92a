package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"

	"tierdesk/mailout"
	"tierdesk/migrations/dbtest"
)

// backend is a server that others have written: what our own sink takes for granted it may not.
type backend struct {
	mu     sync.Mutex
	mails  []string
	logins int
}

func (b *backend) NewSession(*gosmtp.Conn) (gosmtp.Session, error) { return &session{backend: b}, nil }

type session struct {
	*backend
	in bool
	to string
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "desk" || password != "secret" {
			return gosmtp.ErrAuthFailed
		}
		s.in = true
		s.mu.Lock()
		s.logins++
		s.mu.Unlock()
		return nil
	}), nil
}

func (s *session) Mail(string, *gosmtp.MailOptions) error {
	if !s.in {
		return gosmtp.ErrAuthRequired
	}
	return nil
}

func (s *session) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	if strings.HasPrefix(to, "nobody") {
		return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if strings.Contains(s.to, "spam") {
		return errors.New("not this one")
	}
	s.mu.Lock()
	s.mails = append(s.mails, s.to+"\n"+string(b))
	s.mu.Unlock()
	return nil
}

func (s *session) Reset()        { s.to = "" }
func (s *session) Logout() error { return nil }

func TestAServerThatOthersWrote(t *testing.T) {
	cert, pool := certificate(t)
	for _, security := range []Security{TLS, StartTLS} {
		t.Run(string(security), func(t *testing.T) {
			back := &backend{}
			server := gosmtp.NewServer(back)
			server.Domain, server.EnableSMTPUTF8, server.TLSConfig = "sink.example", true, &tls.Config{Certificates: []tls.Certificate{cert}}
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			port := ln.Addr().(*net.TCPAddr).Port
			if security == TLS {
				ln = tls.NewListener(ln, server.TLSConfig)
			}
			done := make(chan error, 1)
			go func() { done <- server.Serve(ln) }()
			t.Cleanup(func() { server.Close(); <-done })

			cfg := config(&sink{ln: ln})
			cfg.Security, cfg.Port, cfg.User, cfg.TLS = security, port, "desk", &tls.Config{RootCAs: pool}
			cfg.Password = func(context.Context) (string, error) { return "secret", nil }
			d := newDesk(t, dbtest.SQLite(t).Open(t), map[string]Config{"support": cfg})
			if err := d.sender.Check(context.Background(), "support"); err != nil {
				t.Fatal(err)
			}
			d.start()
			want := map[string]mailout.State{"a@x.example": mailout.Sent, "nobody@x.example": mailout.Failed, "jürgen@x.example": mailout.Sent, "b@x.example": mailout.Sent}
			ids := map[string]int64{}
			for to := range want {
				ids[to] = d.queue(mailout.Answers, to)[0]
			}
			for to, id := range ids {
				d.settled(id)
				if r := d.row(id); r.State != want[to] {
					t.Errorf("%s is %s: %s", to, r.State, r.Error)
				}
			}
			back.mu.Lock()
			defer back.mu.Unlock()
			if len(back.mails) != 3 || back.logins > 5 {
				t.Errorf("%d mails, %d logins", len(back.mails), back.logins)
			}
			for _, m := range back.mails {
				if !strings.Contains(m, "Paper is out.\r\n.\r\nPlease add some.") {
					t.Errorf("a mail was changed on the way:\n%s", m)
				}
			}
		})
	}
}
