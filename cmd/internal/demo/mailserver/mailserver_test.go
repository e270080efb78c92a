package mailserver

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, o Options) *Server {
	t.Helper()
	o.Addresses, o.Password = []string{"a@x.example", "B@x.example"}, "secret"
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	return s
}

func send(t *testing.T, s *Server, to ...string) error {
	t.Helper()
	return smtpDo(t, s, func(c *smtp.Client) error {
		return c.SendMail("w@y.example", to, strings.NewReader("Subject: Hello\r\n\r\nwords\r\n"))
	})
}

func smtpDo(t *testing.T, s *Server, f func(c *smtp.Client) error) error {
	t.Helper()
	c, err := smtp.Dial(s.SMTP)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return f(c)
}

// inbox gives the mails of a user with the times they came at.
func inbox(t *testing.T, s *Server, user, password string) ([]*imapclient.FetchMessageBuffer, error) {
	t.Helper()
	c, err := imapclient.DialInsecure(s.IMAP, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(user, password).Wait(); err != nil {
		return nil, err
	}
	box, err := c.Select("INBOX", nil).Wait()
	if err != nil || box.NumMessages == 0 {
		return nil, err
	}
	return c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{InternalDate: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}}).Collect()
}

func TestMailGoesToItsMailboxes(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var seen []Envelope
	s := start(t, Options{Now: func() time.Time { return at }, Seen: func(e Envelope) { seen = append(seen, e) }})
	if err := send(t, s, "A+token@x.example", "b@x.example"); err != nil {
		t.Fatal(err)
	}
	s.Backdate(time.Hour)
	if err := send(t, s, "a@x.example"); err != nil {
		t.Fatal(err)
	}
	for user, want := range map[string]int{"a@x.example": 2, "B@x.example": 1} {
		mails, err := inbox(t, s, user, "secret")
		if err != nil || len(mails) != want {
			t.Fatalf("%s has %d mails, not %d (%v)", user, len(mails), want, err)
		}
		if !mails[0].InternalDate.Equal(at) || want == 2 && !mails[1].InternalDate.Equal(at.Add(-time.Hour)) {
			t.Errorf("%s got them at %v", user, mails[0].InternalDate)
		}
		if raw := string(mails[0].BodySection[0].Bytes); !strings.HasPrefix(raw, "Return-Path: <w@y.example>\r\nDelivered-To: ") || !strings.HasSuffix(raw, "\r\n\r\nwords\r\n") {
			t.Errorf("the mail is %q", raw)
		}
	}
	if len(seen) != 2 || len(seen[0].To) != 2 {
		t.Errorf("%d mails were seen: %v", len(seen), seen)
	}
}

func TestWhoIsUnknownIsRefused(t *testing.T) {
	s := start(t, Options{})
	var refused *smtp.SMTPError
	if err := send(t, s, "nobody@x.example"); !errors.As(err, &refused) || refused.Code != 550 || refused.EnhancedCode != (smtp.EnhancedCode{5, 1, 1}) {
		t.Errorf("mail to nobody: %v", err)
	}
	if _, err := inbox(t, s, "a@x.example", "wrong"); err == nil {
		t.Error("a wrong password opens a mailbox")
	}
	for password, right := range map[string]bool{"secret": true, "wrong": false} {
		err := smtpDo(t, s, func(c *smtp.Client) error { return c.Auth(sasl.NewPlainClient("", "a@x.example", password)) })
		if (err == nil) != right {
			t.Errorf("logging in with %q: %v", password, err)
		}
	}
}

func TestLostMailIsTakenAndNeverDelivered(t *testing.T) {
	s := start(t, Options{Lose: func(e Envelope) bool { return e.To[0] == "a@x.example" }})
	for _, to := range []string{"a@x.example", "b@x.example"} {
		if err := send(t, s, to); err != nil {
			t.Fatal(err)
		}
	}
	if mails, err := inbox(t, s, "a@x.example", "secret"); err != nil || len(mails) != 0 {
		t.Errorf("%d mails, %v", len(mails), err)
	}
	if mails, err := inbox(t, s, "B@x.example", "secret"); err != nil || len(mails) != 1 {
		t.Errorf("%d mails, %v", len(mails), err)
	}
}

func TestAnAddressThatIsTaken(t *testing.T) {
	s := start(t, Options{})
	if other, err := Start(Options{SMTP: s.SMTP}); err == nil {
		other.Close()
		t.Error("two servers listen on one address")
	}
}

// A server can be closed before it has begun to serve.
func TestClosedAtOnce(t *testing.T) {
	for range 200 {
		s, err := Start(Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
