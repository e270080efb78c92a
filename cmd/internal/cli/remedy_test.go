package cli

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http/httptest"
	"strings"
	"testing"

	"tierdesk/cmd/internal/config"
)

// What listens at a port tells what is wrong with the URL, whatever the error was.
func TestRemedy(t *testing.T) {
	authority := httptest.NewTLSServer(nil) // for its certificate
	defer authority.Close()
	secured := &tls.Config{Certificates: authority.TLS.Certificates}
	for _, c := range []struct {
		greeting string
		tls      *tls.Config
		scheme   string
		security config.Security
		want     string
	}{
		{"* OK ready", nil, "imap", config.TLS, "does not begin with TLS there: imap://"},
		{"* OK ready", secured, "imap", config.StartTLS, "expects TLS from the first byte there: imaps://"},
		{"* OK ready", secured, "imap", config.Insecure, "expects TLS from the first byte there: imaps://"},
		{"220 mx.acme.example ESMTP", nil, "smtp", config.TLS, "does not begin with TLS there: smtp://"},
		{"220 mx.acme.example ESMTP", secured, "smtp", config.StartTLS, "expects TLS from the first byte there: smtps://"},
		{"220 mx.acme.example ESMTP", nil, "imap", config.StartTLS, "a server for SMTP answers there, and the desk needs one for IMAP"},
		{"+OK POP3 ready", nil, "imap", config.StartTLS, "a server for POP3 answers there"},
		{"* OK ready", nil, "imap", config.StartTLS, ""}, // as it is meant: something else is wrong
		{"SSH-2.0-OpenSSH", nil, "smtp", config.StartTLS, ""},
	} {
		t.Run(fmt.Sprint(c.greeting, " ", c.tls != nil, " ", c.scheme, " ", c.security), func(t *testing.T) {
			t.Parallel()
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			go greet(l, c.greeting, c.tls)
			s := config.Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: c.security}
			got := remedy(t.Context(), c.scheme, s, errors.New("unexpected EOF"))
			if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// greet says the greeting to whoever connects, and no more.
func greet(l net.Listener, greeting string, secured *tls.Config) {
	if secured != nil {
		l = tls.NewListener(l, secured)
	}
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			fmt.Fprintf(conn, "%s\r\n", greeting)
			conn.Read(make([]byte, 1)) // until the other side goes
		}()
	}
}
