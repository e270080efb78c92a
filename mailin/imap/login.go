package imap

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	xsasl "tierdesk/mailin/imap/sasl"
)

// loginError is a failed login: retrying immediately would only lock the account.
type loginError struct{ err error }

func (e *loginError) Error() string { return "logging in: " + e.err.Error() }

func (e *loginError) Unwrap() error { return e.err }

// ErrNoLogin means that the server takes no password on a connection that is not encrypted.
var ErrNoLogin = errors.New("the server takes no password on this connection (LOGINDISABLED)")

// LoginRefused reports whether an error means that the server did not accept the user or password.
func LoginRefused(err error) bool {
	var e *loginError
	return errors.As(err, &e) && !errors.Is(err, ErrNoLogin)
}

type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// connect dials, protects the connection, and logs in.
func connect(ctx context.Context, cfg *Config, dial dialer) (*session, error) {
	tlsConfig, err := cfg.Server.tlsConfig()
	if err != nil {
		return nil, err
	}
	dialCtx, cancel := context.WithTimeout(ctx, cfg.Timeout)
	defer cancel()
	raw, err := dial(dialCtx, "tcp", cfg.Server.address())
	if err != nil {
		return nil, fmt.Errorf("connecting to %s: %w", cfg.Server.address(), err)
	}
	s := &session{raw: raw, timeout: cfg.Timeout, news: newNews()}
	// No DebugWriter: it would log passwords. No WordDecoder: we ask for no ENVELOPE.
	opts := &imapclient.Options{TLSConfig: tlsConfig, UnilateralDataHandler: s.news.handler()}
	err = s.do(ctx, "connecting to "+cfg.Server.address(), 0, func(func(int)) error {
		switch cfg.Server.Security {
		case TLS:
			conn := tls.Client(raw, tlsConfig)
			if err := conn.HandshakeContext(ctx); err != nil {
				return fmt.Errorf("TLS: %w", err)
			}
			s.c = imapclient.New(newTidy(s.news.listen(conn)), opts)
		case StartTLS:
			var err error
			if s.c, err = imapclient.NewStartTLS(raw, opts); err != nil {
				return fmt.Errorf("STARTTLS: %w", err)
			}
		default:
			s.c = imapclient.New(newTidy(s.news.listen(raw)), opts)
		}
		return s.c.WaitGreeting()
	})
	if err == nil {
		err = s.login(ctx, cfg)
	}
	if err != nil {
		s.end(false)
		return nil, err
	}
	return s, nil
}

func (s *session) login(ctx context.Context, cfg *Config) error {
	if err := s.loadCapabilities(ctx); err != nil {
		return err
	}
	if s.c.State() == imap.ConnStateAuthenticated { // PREAUTH
		s.mechanism = "PREAUTH"
		return s.namespace(ctx)
	}
	mechanism, password, err := s.credentials(ctx, cfg)
	if err != nil {
		return err
	}
	err = s.do(ctx, s.mechanism, 0, func(func(int)) error {
		if mechanism == nil {
			return s.c.Login(cfg.User, password).Wait()
		}
		// After any error the command may remain open, but connect then closes the connection.
		return s.c.Authenticate(mechanism)
	})
	if err != nil {
		var answer *imap.Error
		if errors.As(err, &answer) && answer.Code != imap.ResponseCodeUnavailable && answer.Code != imap.ResponseCodeInUse {
			return &loginError{err}
		}
		return fmt.Errorf("logging in: %w", err)
	}
	// A login changes the capabilities. go-imap refreshes them by itself, but does not say when it
	// is done.
	if err := s.loadCapabilities(ctx); err != nil {
		if refused(err) { // Microsoft: "BAD User is authenticated but not connected"
			return &loginError{err}
		}
		return err
	}
	return s.namespace(ctx)
}

// credentials chooses the login mechanism from those that the server offers. If mechanism is nil,
// the password is for LOGIN.
func (s *session) credentials(ctx context.Context, cfg *Config) (mechanism sasl.Client, password string, err error) {
	if cfg.Token != nil {
		token, err := cfg.Token(ctx)
		if err != nil {
			return nil, "", fmt.Errorf("getting an OAuth token: %w", err)
		}
		switch {
		case s.caps.Has(imap.AuthCap("OAUTHBEARER")):
			s.mechanism = "OAUTHBEARER"
			return sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: cfg.User, Token: token, Host: cfg.Server.Host,
				Port: cfg.Server.Port}), "", nil
		case s.caps.Has(imap.AuthCap("XOAUTH2")):
			s.mechanism = "XOAUTH2"
			return xsasl.NewXOAuth2Client(cfg.User, token), "", nil
		}
		return nil, "", &loginError{errors.New("the server offers neither OAUTHBEARER nor XOAUTH2")}
	}
	if password, err = cfg.Password(ctx); err != nil {
		return nil, "", fmt.Errorf("getting the password: %w", err)
	}
	switch {
	case s.caps.Has(imap.AuthCap("PLAIN")):
		s.mechanism = "PLAIN"
		return sasl.NewPlainClient("", cfg.User, password), password, nil
	case s.caps.Has(imap.CapLoginDisabled):
		return nil, "", &loginError{ErrNoLogin}
	}
	s.mechanism = "LOGIN"
	return nil, password, nil
}

func (s *session) loadCapabilities(ctx context.Context) error {
	return s.do(ctx, "CAPABILITY", 0, func(func(int)) error {
		caps, err := s.c.Capability().Wait()
		s.caps = caps
		return err
	})
}

// namespace finds the prefix of personal folders: Courier and Cyrus may require INBOX. in front of
// them (RFC 2342).
func (s *session) namespace(ctx context.Context) error {
	s.delim = "/"
	if !s.caps.Has(imap.CapNamespace) {
		return nil
	}
	err := s.do(ctx, "NAMESPACE", 0, func(func(int)) error {
		data, err := s.c.Namespace().Wait()
		if err == nil && len(data.Personal) > 0 {
			s.prefix = data.Personal[0].Prefix
			if data.Personal[0].Delim != 0 {
				s.delim = string(data.Personal[0].Delim)
			}
		}
		return err
	})
	if err != nil && !refused(err) {
		return err
	}
	return nil // without NAMESPACE the plain names are right
}
