package cli

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"syscall"
	"time"

	"tierdesk/cmd/internal/config"
	"tierdesk/mailin/imap"
	"tierdesk/mailout/smtp"
)

// remedy returns what an admin can do about a mail server that cannot be used, "" if nothing is
// known. scheme is imap or smtp, without what a URL says of encryption.
func remedy(ctx context.Context, scheme string, s config.Server, err error) string {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var host *net.DNSError
	switch {
	case errors.As(err, &unknown):
		return "if the authority is one of your own, ca_file: FILE names its certificate"
	case errors.As(err, &name):
		return "name the server as its certificate does: " + strings.Join(name.Certificate.DNSNames, ", ")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "whoever runs the server has to renew its certificate, if the clock of this machine is right"
	case errors.As(err, &host) && host.IsNotFound:
		return "is " + s.Host + " spelt as the provider spells it?"
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("does the server run, and is %d its port? Without one in the URL it is %s", s.Port, usualPorts[scheme])
	case errors.Is(err, imap.ErrNoLogin), errors.Is(err, smtp.ErrNoLogin) && s.Security == config.Insecure:
		return "it may take passwords on encrypted connections only: " + url(scheme, config.StartTLS, s)
	case errors.Is(err, smtp.ErrNoLogin):
		return "its port may be for other mail servers: those for programs with a password are " + usualPorts[scheme]
	case imap.LoginRefused(err), smtp.LoginRefused(err):
		return "are user: and password those of the provider? Some want a password made for programs"
	}
	return listen(ctx, net.JoinHostPort(s.Host, strconv.Itoa(s.Port))).remedy(scheme, s)
}

var usualPorts = map[string]string{"imap": "993 for imaps:// and 143 for imap://", "smtp": "465 for smtps:// and 587 for smtp://"}

// url returns the URL of a server with another encryption.
func url(scheme string, security config.Security, s config.Server) string {
	switch security {
	case config.TLS:
		scheme += "s"
	case config.Insecure:
		scheme = "insecure+" + scheme
	}
	return fmt.Sprintf("%s://%s", scheme, net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
}

// listening is what listens at a port.
type listening struct {
	scheme string // imap, smtp or pop3; "" for something unknown
	tls    bool   // it speaks TLS from the first byte
}

// remedy compares what listens with what the desk folder says.
func (l listening) remedy(scheme string, s config.Server) string {
	switch {
	case l.scheme == "":
		return ""
	case l.scheme != scheme:
		return fmt.Sprintf("a server for %s answers there, and the desk needs one for %s: %s", strings.ToUpper(l.scheme),
			strings.ToUpper(scheme), usualPorts[scheme])
	case l.tls && s.Security != config.TLS:
		return "the server expects TLS from the first byte there: " + url(scheme, config.TLS, s)
	case !l.tls && s.Security == config.TLS:
		return "the server does not begin with TLS there: " + url(scheme, config.StartTLS, s)
	}
	return ""
}

// listenTime is how long a server has to begin to speak.
const listenTime = 3 * time.Second

// listen finds out what listens at an address by the first thing that it says, which is not
// trusted with anything.
func listen(ctx context.Context, address string) listening {
	greeting := func(dial func(ctx context.Context, network, address string) (net.Conn, error)) string {
		ctx, cancel := context.WithTimeout(ctx, listenTime)
		defer cancel()
		conn, err := dial(ctx, "tcp", address)
		if err != nil {
			return ""
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(listenTime))
		begin := make([]byte, len("* PREAUTH"))
		n, _ := io.ReadAtLeast(conn, begin, len("+OK"))
		return string(begin[:n])
	}
	unverified := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} // nothing secret is said to it
	plain := protocol(greeting((&net.Dialer{}).DialContext))
	if plain == "" {
		if secured := protocol(greeting(unverified.DialContext)); secured != "" {
			return listening{secured, true}
		}
	}
	return listening{scheme: plain}
}

// protocol returns the protocol of a server by the beginning of its greeting (RFC 9051 section
// 7.1, RFC 5321 section 4.2, RFC 1939 section 4), "" for another.
func protocol(greeting string) string {
	for begin, scheme := range map[string]string{"* OK": "imap", "* BYE": "imap", "* PREAUTH": "imap", "220": "smtp", "421": "smtp",
		"554": "smtp", "+OK": "pop3"} {
		if strings.HasPrefix(greeting, begin) {
			return scheme
		}
	}
	return ""
}
