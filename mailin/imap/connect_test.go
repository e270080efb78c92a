package imap_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"tierdesk/mailin/imap"
	"tierdesk/mailin/imap/imaptest"
	"tierdesk/mailin/ledger"
)

// certificate makes one for the name imap.acme.example and gives the file that holds it, to be
// trusted or not.
func certificate(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"imap.acme.example"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}

// secure starts an embedded server that speaks TLS at once or by STARTTLS, and nothing else.
func secure(t *testing.T, security imap.Security) (a imaptest.Account, ca string) {
	t.Helper()
	store := imapmemserver.New()
	user := imapmemserver.NewUser("u", "p")
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	store.AddUser(user)
	cert, ca := certificate(t)
	config := &tls.Config{Certificates: []tls.Certificate{cert}}
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return store.NewSession(), nil, nil
		},
		TLSConfig: config, Logger: log.New(io.Discard, "", 0),
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := ln.Addr().(*net.TCPAddr).Port
	if security == imap.TLS {
		ln = tls.NewListener(ln, config)
	}
	done := make(chan struct{})
	go func() { defer close(done); server.Serve(ln) }()
	t.Cleanup(func() { server.Close(); <-done })
	return imaptest.Account{Server: imap.Server{Host: "127.0.0.1", Port: port, Security: security, ServerName: "imap.acme.example"}, User: "u", Password: "p"}, ca
}

func checked(t *testing.T, cfg imap.Config) (imap.Checked, error) {
	t.Helper()
	f, err := imap.New(cfg, sqlite(t), nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f.Check(context.Background())
}

func TestCertificatesAreVerified(t *testing.T) {
	for _, security := range []imap.Security{imap.TLS, imap.StartTLS} {
		t.Run(string(security), func(t *testing.T) {
			a, ca := secure(t, security)
			var asked atomic.Bool
			try := func(change func(*imap.Server)) error {
				cfg := a.Config()
				cfg.Password = func(context.Context) (string, error) { asked.Store(true); return "p", nil }
				change(&cfg.Server)
				_, err := checked(t, cfg)
				return err
			}
			var unknown x509.UnknownAuthorityError
			if err := try(func(*imap.Server) {}); !errors.As(err, &unknown) {
				t.Errorf("an unknown authority: %v", err)
			}
			var name x509.HostnameError
			if err := try(func(s *imap.Server) { s.CAFile, s.ServerName = ca, "mail.other.example" }); !errors.As(err, &name) {
				t.Errorf("another name: %v", err)
			}
			if asked.Load() {
				t.Error("the password was asked for before the server was known")
			}
			if err := try(func(s *imap.Server) { s.CAFile = ca }); err != nil {
				t.Errorf("a trusted certificate: %v", err)
			}
			large := filepath.Join(t.TempDir(), "large.pem")
			if err := os.WriteFile(large, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(large, 100<<20); err != nil {
				t.Fatal(err)
			}
			if err := try(func(s *imap.Server) { s.CAFile = large }); err == nil || !strings.Contains(err.Error(), "larger than 1 MB") {
				t.Errorf("a file of 100 MB: %v", err)
			}
			if err := try(func(s *imap.Server) { s.CAFile = ca + ".missing" }); err == nil || !strings.Contains(err.Error(), "ca.pem.missing") {
				t.Errorf("a missing file: %v", err)
			}
		})
	}
}

// A server without STARTTLS gets no password.
func TestNoPasswordWithoutSTARTTLS(t *testing.T) {
	s := script(t, modern)
	s.on = func(c *wire, command, _ string) bool {
		if command == "STARTTLS" {
			c.say("%s BAD what", c.tag)
			return true
		}
		return false
	}
	cfg := s.account().Config()
	cfg.Server.Security = imap.StartTLS
	if _, err := checked(t, cfg); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("connected: %v", err)
	}
	if n := s.commands("LOGIN"); n != 0 {
		t.Error("the password went out in clear")
	}
}

// authenticates answers AUTHENTICATE: it gives the mechanism and the response to ok, and what to
// say if that is false.
func authenticates(ok func(mechanism, response string) bool) func(*wire, string, string) bool {
	return func(c *wire, command, args string) bool {
		if command != "AUTHENTICATE" {
			return false
		}
		tag := c.tag
		mechanism, initial, has := strings.Cut(args, " ")
		if !has {
			c.say("+ ")
			initial, _ = c.r.ReadString('\n')
		}
		response, err := base64.StdEncoding.DecodeString(strings.TrimSpace(initial))
		if err == nil && ok(mechanism, string(response)) {
			c.say("%s OK welcome", tag)
			return true
		}
		if mechanism != "PLAIN" {
			c.say("+ %s", base64.StdEncoding.EncodeToString([]byte(`{"status":"401"}`)))
			c.r.ReadString('\n')
		}
		c.say("%s NO [AUTHENTICATIONFAILED] no", tag)
		return true
	}
}

func TestMechanisms(t *testing.T) {
	for _, c := range []struct {
		caps, how, response string
		token               bool
	}{
		{"AUTH=PLAIN SASL-IR", "PLAIN", "\x00u\x00pässword", false},
		{"AUTH=PLAIN LOGINDISABLED", "PLAIN", "\x00u\x00pässword", false},
		{"AUTH=XOAUTH2", "XOAUTH2", "user=u\x01auth=Bearer tok\x01\x01", true},
		{"AUTH=XOAUTH2 SASL-IR", "XOAUTH2", "user=u\x01auth=Bearer tok\x01\x01", true},
		{"AUTH=XOAUTH2 AUTH=OAUTHBEARER AUTH=PLAIN SASL-IR", "OAUTHBEARER", "n,a=u,\x01host=127.0.0.1\x01port=%d\x01auth=Bearer tok\x01\x01", true},
	} {
		t.Run(c.caps, func(t *testing.T) {
			s := script(t, modern+" "+c.caps)
			want := strings.Replace(c.response, "%d", fmt.Sprint(s.port), 1)
			s.on = authenticates(func(how, got string) bool {
				if how != c.how || got != want {
					t.Errorf("%s %q, should be %s %q", how, got, c.how, want)
				}
				return true
			})
			cfg := s.account().Config()
			cfg.Password = func(context.Context) (string, error) { return "pässword", nil }
			if c.token {
				cfg.Password, cfg.Token = nil, func(context.Context) (string, error) { return "tok", nil }
			}
			if got, err := checked(t, cfg); err != nil || got.Login != c.how {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

// After a refused token go-imap leaves the command open, and the next one would hang: each try has
// a connection of its own, and tries are rare.
func TestTokenRefused(t *testing.T) {
	b := newBench(t, modern+" AUTH=XOAUTH2 SASL-IR")
	var good atomic.Bool
	b.s.on = authenticates(func(string, string) bool { return good.Load() })
	b.cfg.Password, b.cfg.Token = nil, func(context.Context) (string, error) { return "tok", nil }
	b.fill(1)
	b.start()
	imaptest.Eventually(t, "it is told", func() bool { s := b.f.Status().Folders[0]; return s.Refused && s.Failures >= 2 })
	good.Store(true)
	b.all(1)
}

func TestLoginsThatCannotBe(t *testing.T) {
	for caps, token := range map[string]bool{"LOGINDISABLED": false, "AUTH=PLAIN": true} {
		s := script(t, modern+" "+caps)
		cfg := s.account().Config()
		if token {
			cfg.Password, cfg.Token = nil, func(context.Context) (string, error) { return "tok", nil }
		}
		if _, err := checked(t, cfg); err == nil || !strings.Contains(err.Error(), "logging in") {
			t.Errorf("%s: %v", caps, err)
		}
		if n := s.commands("LOGIN ") + s.commands("AUTHENTICATE"); n != 0 {
			t.Errorf("%s: tried all the same", caps)
		}
	}
}

// A server that wants INBOX. before the names of folders.
func TestNamespace(t *testing.T) {
	b := newBench(t, modern+" NAMESPACE")
	b.s.on = func(c *wire, command, _ string) bool {
		if command == "NAMESPACE" {
			c.say(`* NAMESPACE (("INBOX." ".")) NIL NIL`)
			c.ok()
			return true
		}
		return false
	}
	b.cfg.After.Folder = "Done/Processed"
	b.fill(1)
	b.start()
	imaptest.Eventually(t, "it is moved", func() bool { return slices.Equal(b.s.folder("INBOX.Done.Processed"), []uint32{1}) })
}

// The folder is made anew while we watch it.
func TestUIDValidityChangesWhileConnected(t *testing.T) {
	t.Parallel()
	a := memory(t, goimap.CapIMAP4rev1)
	client := a.Open(t)
	client.Make("Requests")
	db := sqlite(t)
	desk := &imaptest.Desk{DB: db}
	cfg := imap.Rescanning(imap.Quick(a.Config()), 50*time.Millisecond)
	cfg.Folders = []imap.Folder{{Name: "Requests"}}
	f, err := imap.New(cfg, db, ledger.NewKeeper(db, "test", time.Minute), desk, nil)
	if err != nil {
		t.Fatal(err)
	}
	imaptest.Start(t, f)
	imaptest.Eventually(t, "it waits", func() bool { return f.Status().Folders[0].Connected })
	client.Put("Requests", imaptest.Mail("one", 500), time.Time{})
	imaptest.Eventually(t, "one is taken", func() bool { return len(desk.Mails()) == 1 })
	client.Make("Requests")
	client.Put("Requests", imaptest.Mail("two", 500), time.Time{})
	imaptest.Eventually(t, "two is taken", func() bool { return len(desk.Mails()) == 2 })
}

func TestParse(t *testing.T) {
	for text, want := range map[string]imap.Server{
		"imaps://imap.acme.example":          {Host: "imap.acme.example", Port: 993, Security: imap.TLS},
		"imaps://imap.acme.example:1993/":    {Host: "imap.acme.example", Port: 1993, Security: imap.TLS},
		"imap://imap.acme.example":           {Host: "imap.acme.example", Port: 143, Security: imap.StartTLS},
		"insecure+imap://127.0.0.1:1143":     {Host: "127.0.0.1", Port: 1143, Security: imap.Insecure},
		"imaps://[2001:db8::1]:993":          {Host: "2001:db8::1", Port: 993, Security: imap.TLS},
		"imap.acme.example":                  {},
		"http://imap.acme.example":           {},
		"imaps://":                           {},
		"imaps://u:p@imap.acme.example":      {},
		"imaps://imap.acme.example/INBOX":    {},
		"imaps://imap.acme.example:99999":    {},
		"imaps://imap.acme.example?tls=none": {},
	} {
		got, err := imap.ParseServer(text)
		if (err == nil) != (want != imap.Server{}) || err == nil && got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for text, want := range map[string]imap.After{
		"move:Processed": {Way: imap.Move, Folder: "Processed"}, "move: Done/2026 ": {Way: imap.Move, Folder: "Done/2026"},
		"flag": {Way: imap.Flag}, "keep": {Way: imap.Keep}, "move:": {}, "move": {}, "delete": {}, "": {},
	} {
		got, err := imap.ParseAfter(text)
		if (err == nil) != (want != imap.After{}) || err == nil && got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	if got, err := imap.ParseFirstRun("since:2026-01-31"); err != nil || !got.Since.Equal(time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)) {
		t.Error(got, err)
	}
	for _, text := range []string{"since:", "since:31.1.2026", "all", ""} {
		if _, err := imap.ParseFirstRun(text); err == nil {
			t.Errorf("%q is a first run", text)
		}
	}
}

func TestConfigIsChecked(t *testing.T) {
	good := script(t, "").account().Config()
	for name, change := range map[string]func(*imap.Config){
		"no name":             func(c *imap.Config) { c.Name = "" },
		"no server":           func(c *imap.Config) { c.Server.Host = "" },
		"no secret":           func(c *imap.Config) { c.Password = nil },
		"two secrets":         func(c *imap.Config) { c.Token = c.Password },
		"no folder":           func(c *imap.Config) { c.Folders = nil },
		"a folder twice":      func(c *imap.Config) { c.Folders = append(c.Folders, imap.Folder{Name: "inbox"}) },
		"moves into a folder": func(c *imap.Config) { c.After.Folder = "Inbox" },
	} {
		cfg := good
		cfg.Folders = slices.Clone(good.Folders)
		change(&cfg)
		if _, err := imap.New(cfg, nil, nil, nil, nil); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
