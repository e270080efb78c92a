package imap

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	xsasl "tierdesk/mailin/imap/sasl"
)

// errSilent and errSlow are why a command was given up.
var (
	errSilent = errors.New("the server is silent")
	errSlow   = errors.New("the server is too slow")
)

// errCut is a literal that ended too early.
var errCut = errors.New("the connection was cut in the middle of a mail")

// loginError is a login that failed: another try at once would only lock the account.
type loginError struct{ err error }

func (e *loginError) Error() string { return "logging in: " + e.err.Error() }
func (e *loginError) Unwrap() error { return e.err }

// refused reports whether the server answered NO or BAD, so that the connection is good; anything else is a broken connection.
func refused(err error) bool {
	var answer *imap.Error
	return errors.As(err, &answer)
}

// session is one connection, logged in. go-imap has no timeouts between a command and its answer, so every wait goes through do.
// Only its one goroutine may use it.
type session struct {
	raw     net.Conn
	c       *imapclient.Client
	caps    imap.CapSet
	how     string // mechanism of the login
	timeout time.Duration
	prefix  string // of personal folders, as NAMESPACE tells
	delim   string
	// wake gets a value when the server says that there is new mail. The client's reader must never block, so one is enough.
	wake chan struct{}
}

// slowest is the slowest line that is borne, in octets a second.
const slowest = 16_000

// do runs f, which sends a command and waits for its answer. If the server is silent for the timeout, or the whole takes
// longer than the timeout and extra and what the octets that came need on the slowest line, or ctx ends, the connection is closed, which
// lets every wait of go-imap end at once. f calls alive at each sign of life, with the octets that came.
func (s *session) do(ctx context.Context, what string, extra time.Duration, f func(alive func(octets int)) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silent := time.AfterFunc(s.timeout, func() { cancel(errSilent) })
	defer silent.Stop()
	deadline := time.Now().Add(s.timeout + extra)
	slow := time.AfterFunc(s.timeout+extra, func() { cancel(errSlow) })
	defer slow.Stop()
	stop := context.AfterFunc(ctx, s.kill)
	err := f(func(octets int) {
		deadline = deadline.Add(time.Duration(octets) * time.Second / slowest)
		silent.Reset(s.timeout)
		slow.Reset(time.Until(deadline))
	})
	if !stop() {
		return fmt.Errorf("%s: %w", what, context.Cause(ctx))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// kill cuts the connection. The raw one: closing TLS politely could wait for a peer that is gone.
func (s *session) kill() { s.raw.Close() }

// end closes the connection and waits for go-imap's reader. polite says goodbye first.
func (s *session) end(polite bool) {
	if polite {
		s.timeout = min(s.timeout, 2*time.Second)
		// A goodbye that is not answered changes nothing.
		_ = s.do(context.Background(), "logging out", 0, func(func(int)) error { return s.c.Logout().Wait() })
	}
	s.kill()
	if s.c != nil {
		_ = s.c.Close() // tells only that the connection is closed
	}
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
	s := &session{raw: raw, timeout: cfg.Timeout, wake: make(chan struct{}, 1)}
	// No DebugWriter: it would log passwords. No WordDecoder: we ask for no ENVELOPE.
	opts := &imapclient.Options{TLSConfig: tlsConfig, UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(data *imapclient.UnilateralDataMailbox) {
			if data.NumMessages != nil {
				select {
				case s.wake <- struct{}{}:
				default:
				}
			}
		},
	}}
	err = s.do(ctx, "connecting to "+cfg.Server.address(), 0, func(func(int)) error {
		switch cfg.Server.Security {
		case TLS:
			conn := tls.Client(raw, tlsConfig)
			if err := conn.HandshakeContext(ctx); err != nil {
				return fmt.Errorf("TLS: %w", err)
			}
			s.c = imapclient.New(conn, opts)
		case StartTLS:
			var err error
			if s.c, err = imapclient.NewStartTLS(raw, opts); err != nil {
				return fmt.Errorf("STARTTLS: %w", err)
			}
		default:
			s.c = imapclient.New(raw, opts)
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
	if err := s.askCaps(ctx); err != nil {
		return err
	}
	if s.c.State() == imap.ConnStateAuthenticated { // PREAUTH
		s.how = "PREAUTH"
		return s.namespace(ctx)
	}
	var mechanism sasl.Client
	var password string
	switch {
	case cfg.Token != nil:
		token, err := cfg.Token(ctx)
		if err != nil {
			return fmt.Errorf("getting an OAuth token: %w", err)
		}
		switch {
		case s.caps.Has(imap.AuthCap("OAUTHBEARER")):
			s.how = "OAUTHBEARER"
			mechanism = sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: cfg.User, Token: token, Host: cfg.Server.Host, Port: cfg.Server.Port})
		case s.caps.Has(imap.AuthCap("XOAUTH2")):
			s.how = "XOAUTH2"
			mechanism = xsasl.NewXOAuth2Client(cfg.User, token)
		default:
			return &loginError{errors.New("the server offers neither OAUTHBEARER nor XOAUTH2")}
		}
	default:
		var err error
		if password, err = cfg.Password(ctx); err != nil {
			return fmt.Errorf("getting the password: %w", err)
		}
		switch {
		case s.caps.Has(imap.AuthCap("PLAIN")):
			s.how = "PLAIN"
			mechanism = sasl.NewPlainClient("", cfg.User, password)
		case s.caps.Has(imap.CapLoginDisabled):
			return &loginError{errors.New("the server takes no password on this connection (LOGINDISABLED)")}
		default:
			s.how = "LOGIN"
		}
	}
	err := s.do(ctx, s.how, 0, func(func(int)) error {
		if mechanism == nil {
			return s.c.Login(cfg.User, password).Wait()
		}
		// After any error of it the command may stay open: connect closes the connection then.
		return s.c.Authenticate(mechanism)
	})
	if err != nil {
		var answer *imap.Error
		if errors.As(err, &answer) && answer.Code != imap.ResponseCodeUnavailable && answer.Code != imap.ResponseCodeInUse {
			return &loginError{err}
		}
		return fmt.Errorf("logging in: %w", err)
	}
	// The login changes what the server can do; go-imap asks by itself, but does not tell when it is done.
	if err := s.askCaps(ctx); err != nil {
		if refused(err) { // Microsoft: "BAD User is authenticated but not connected"
			return &loginError{err}
		}
		return err
	}
	return s.namespace(ctx)
}

func (s *session) askCaps(ctx context.Context) error {
	return s.do(ctx, "CAPABILITY", 0, func(func(int)) error {
		caps, err := s.c.Capability().Wait()
		s.caps = caps
		return err
	})
}

// namespace learns how names of personal folders begin: Courier and Cyrus may want INBOX. before them (RFC 2342).
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
	return nil // without it the plain names are right
}

// folder gives the name by which the server knows a folder of tierdesk.yaml, where / stands between levels.
func (s *session) folder(name string) string {
	if strings.EqualFold(name, "INBOX") {
		return "INBOX"
	}
	name = strings.ReplaceAll(name, "/", s.delim)
	if s.prefix != "" && !strings.HasPrefix(name, s.prefix) {
		name = s.prefix + name
	}
	return name
}

// open selects a folder. readOnly makes it EXAMINE.
func (s *session) open(ctx context.Context, name string, readOnly bool) (data *imap.SelectData, err error) {
	err = s.do(ctx, "opening folder "+name, 0, func(func(int)) error {
		var err error
		data, err = s.c.Select(s.folder(name), &imap.SelectOptions{ReadOnly: readOnly}).Wait()
		return err
	})
	return data, err
}

func (s *session) noop(ctx context.Context) error {
	return s.do(ctx, "NOOP", 0, func(func(int)) error { return s.c.Noop().Wait() })
}

// maxUIDs bounds what a server may make us believe it has.
const maxUIDs = 20_000_000

// search gives the UIDs from one on, ascending. since narrows it to mail of that day and later, if not zero.
func (s *session) search(ctx context.Context, from uint32, since time.Time) (uids []uint32, err error) {
	from = max(from, 1)
	err = s.do(ctx, "searching", 2*s.timeout, func(func(int)) error {
		data, err := s.c.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{{{Start: imap.UID(from), Stop: 0}}}, Since: since}, nil).Wait()
		if err != nil {
			return err
		}
		set, _ := data.All.(imap.UIDSet)
		var n uint64
		for _, r := range set {
			if r.Start == 0 || r.Stop == 0 {
				return errors.New("the server answers with an open range of UIDs")
			}
			if n += uint64(r.Stop-r.Start) + 1; n > maxUIDs {
				return fmt.Errorf("the server tells of more than %d mails", maxUIDs)
			}
			for uid := uint64(r.Start); uid <= uint64(r.Stop); uid++ {
				if uid >= uint64(from) { // `n:*` names the last mail even if its UID is below n
					uids = append(uids, uint32(uid))
				}
			}
		}
		slices.Sort(uids)
		return nil
	})
	return uids, err
}

// listed adds to the UIDs that a search found those that the folder itself lists: a search by a broken index finds too few.
func (s *session) listed(ctx context.Context, found []uint32) ([]uint32, error) {
	got, err := s.fetchSet(ctx, imap.SeqSet{{Start: 1, Stop: 0}}, wanted{})
	if refused(err) {
		return found, nil // an empty folder: nothing to list
	}
	return slices.Compact(slices.Sorted(slices.Values(slices.AppendSeq(found, maps.Keys(got))))), err
}

// What fetch asks for.
type wanted struct {
	facts bool // INTERNALDATE, RFC822.SIZE
	// body is how many octets of it: none, all of it, or so many from the beginning.
	body   int64
	header bool // instead of the body
	// most is what is kept of a body that turns out larger than the server said.
	most int64
}

const (
	noBody  int64 = 0
	allBody int64 = math.MaxInt64
)

// fetched is what came for one UID.
type fetched struct {
	received time.Time // zero if not told
	size     int64     // as the server said
	body     []byte    // nil if none came whole
	cut      bool      // body is only the beginning
}

// fetch asks for mails by UID and gives what came, by UID: perhaps less than was asked for. On an error what came before it is
// given too, and is good.
func (s *session) fetch(ctx context.Context, uids []uint32, w wanted) (map[uint32]*fetched, error) {
	set := make(imap.UIDSet, 0, len(uids))
	for _, uid := range uids {
		set.AddNum(imap.UID(uid))
	}
	return s.fetchSet(ctx, set, w)
}

func (s *session) fetchSet(ctx context.Context, set imap.NumSet, w wanted) (map[uint32]*fetched, error) {
	// No ENVELOPE, no BODYSTRUCTURE: a malformed one would cost the connection. No flags: what others set is not asked.
	opts := &imap.FetchOptions{UID: true, InternalDate: w.facts, RFC822Size: w.facts}
	switch {
	case w.header:
		opts.BodySection = []*imap.FetchItemBodySection{{Specifier: imap.PartSpecifierHeader, Peek: true}}
	case w.body == allBody:
		opts.BodySection = []*imap.FetchItemBodySection{{Peek: true}}
	case w.body > 0:
		opts.BodySection = []*imap.FetchItemBodySection{{Peek: true, Partial: &imap.SectionPartial{Offset: 0, Size: w.body}}}
	}
	out := make(map[uint32]*fetched)
	err := s.do(ctx, "fetching", s.timeout, func(alive func(int)) error {
		cmd := s.c.Fetch(set, opts)
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			alive(slowest) // a second for each mail: slow disks
			var uid uint32
			var m fetched
			for item := msg.Next(); item != nil; item = msg.Next() {
				switch item := item.(type) {
				case imapclient.FetchItemDataUID:
					uid = uint32(item.UID)
				case imapclient.FetchItemDataInternalDate:
					m.received = item.Time
				case imapclient.FetchItemDataRFC822Size:
					m.size = item.Size
				case imapclient.FetchItemDataBodySection:
					if item.Literal == nil {
						continue
					}
					if m.body, m.cut = read(item.Literal, w.most, alive); m.body == nil {
						// Not another word to the command: go-imap would read on in the literal, beside its own reader.
						s.kill()
						return errCut
					}
				}
			}
			if uid == 0 {
				continue
			}
			// A second answer for one UID (flags changed meanwhile) must not hide the first.
			if old := out[uid]; old == nil || old.body == nil {
				out[uid] = &m
			}
		}
		return cmd.Close()
	})
	return out, err
}

// read reads a literal to its end, which go-imap needs, and keeps at most so many octets. A literal that ends before
// its announced size was cut with the connection: go-imap reports that as a plain end, so nil is given then, and only then.
func read(lit imap.LiteralReader, most int64, alive func(int)) (body []byte, cut bool) {
	size := lit.Size()
	body = make([]byte, min(size, most))
	var rest []byte // what is read and not kept
	var n int64
	for {
		to := rest
		if n < int64(len(body)) {
			to = body[n:]
		} else if rest == nil {
			rest = make([]byte, 32<<10)
			to = rest
		}
		k, err := lit.Read(to)
		n += int64(k)
		if k > 0 {
			alive(k)
		}
		if err != nil {
			if err != io.EOF || n != size {
				return nil, false
			}
			return body, size > int64(len(body))
		}
	}
}
