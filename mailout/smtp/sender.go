// Package smtp sends the mails of the outbox: it is the only place that speaks SMTP (RFC 5321). It
// owns connections, the classification of errors, and the pauses of accounts. The state of a row is
// owned by package mailout. What follows for a ticket is decided in Parts.Delivered, to which this
// package only passes the results. It must never know tickets.
//
//	claim (a lease is written) -> compose -> the last gate -> SMTP -> finished, and the desk told, in one transaction
//
// For each account, one goroutine talks to the database: it records results and claims more mails
// in the same transaction. Up to MaxConnections others send.
package smtp

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tierdesk/mailout"
	"tierdesk/mailout/compose"
	"tierdesk/mailout/token"
	"tierdesk/migrations/process"
	"tierdesk/migrations/sqldb"
)

// Parts are what a Sender works with.
type Parts struct {
	DB   *sqldb.DB
	Keys func() *token.Keyring // only for keyed envelopes
	// Load returns the contents of a mail's attachments that refer to incoming mails
	// (compose.FromMails).
	Load func(ctx context.Context, wanted []mailout.Attachment) ([]io.WriterTo, error)
	// Plain is called in the transaction that claims mails, with those of them that go outside. It
	// returns the mails whose ticket holds nothing internal. Plain is nil if that cannot be known
	// in advance.
	Plain func(tx *sqldb.Tx, mails []mailout.Mail) (map[int64]bool, error)
	// Secrets returns what a mail to somebody outside must not contain. plain means that its ticket
	// held nothing internal a moment ago. It is called concurrently for different mails.
	Secrets func(ctx context.Context, m mailout.Mail, plain bool) (compose.Secrets, error)
	// Delivered is called with each result in the transaction that records it. It may be called
	// again for the same result if the transaction failed.
	Delivered func(tx *sqldb.Tx, r mailout.Result) error
	Log       *slog.Logger
	// Lease is how long a claim lasts without being renewed; 0 for a minute. If a sender on
	// PostgreSQL crashes, senders on the same machine take over its claims as soon as they check,
	// others after two leases.
	Lease time.Duration
}

// Sender sends the mail of all accounts.
type Sender struct {
	parts    Parts
	holder   string
	accounts []*account
	// composing is held while a mail that may stop the sender is composed.
	composing sync.Mutex
	memo      compose.Memo // caches what was composed while there was more to send
}

// New makes a Sender for the accounts, which are keyed by the name of their inbox. It does not
// connect.
func New(accounts map[string]Config, p Parts) (*Sender, error) {
	if p.DB == nil || p.Secrets == nil || p.Delivered == nil {
		return nil, errors.New("a sender needs a database, the desk's secrets and somebody to tell")
	}
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	if p.Lease <= 0 {
		p.Lease = time.Minute
	}
	s := &Sender{parts: p, holder: process.ID(rand.Text())}
	byName := map[string]*account{}
	for _, inbox := range slices.Sorted(mapKeys(accounts)) {
		cfg := accounts[inbox]
		if err := cfg.check(); err != nil {
			return nil, fmt.Errorf("outgoing mail of inbox %s: %w", inbox, err)
		}
		if cfg.Envelope == EnvelopeToken && p.Keys == nil {
			return nil, fmt.Errorf("outgoing mail of inbox %s: keyed envelopes need keys", inbox)
		}
		cfg.refusesToken = new(atomic.Bool)
		cfg.Timeouts = cfg.Timeouts.withDefaults()
		if cfg.MaxConnections <= 0 {
			cfg.MaxConnections = 4
		}
		name := cfg.account()
		a := byName[name]
		if a == nil {
			a = newAccount(s, name, cfg)
			byName[name] = a
			s.accounts = append(s.accounts, a)
		}
		a.inboxes = append(a.inboxes, inbox)
		a.configs[inbox] = &cfg
		if a.rate.Count == 0 || cfg.Rate.Count > 0 && cfg.Rate.Interval() > a.rate.Interval() {
			a.rate = cfg.Rate
		}
	}
	return s, nil
}

func mapKeys[V any](m map[string]V) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// Run sends until ctx ends. Then it starts nothing new, allows mails in flight Timeouts.Stop to
// finish, records their results and releases the rest. It never returns before ctx ends. It may be
// called only once.
func (s *Sender) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, a := range s.accounts {
		all.Go(func() { a.run(ctx) })
	}
	<-ctx.Done()
	all.Wait()
}

// Check connects and logs in with the inbox's account and tries its envelope, without sending a
// mail.
func (s *Sender) Check(ctx context.Context, inbox string) error {
	for _, a := range s.accounts {
		if cfg := a.configs[inbox]; cfg != nil {
			if err := s.try(ctx, cfg); err != nil {
				return fmt.Errorf("outgoing mail of inbox %s at %s: %w", inbox, a.name, err)
			}
			return nil
		}
	}
	return fmt.Errorf("inbox %s has no outgoing account", inbox)
}

// NotedPauses returns, by account, the pauses that the daemons of the database have recorded.
func (s *Sender) NotedPauses(ctx context.Context) (map[string]mailout.Pause, error) {
	out := map[string]mailout.Pause{}
	err := s.parts.DB.View(ctx, func(tx *sqldb.Tx) error {
		for _, a := range s.accounts {
			p, err := mailout.NotedPause(tx, a.name)
			if err != nil {
				return err
			}
			if p != (mailout.Pause{}) {
				out[a.name] = p
			}
		}
		return nil
	})
	return out, err
}

// Paused reports whether the outgoing account of an inbox is paused.
func (s *Sender) Paused(inbox string) bool {
	for _, a := range s.accounts {
		if a.configs[inbox] != nil {
			return a.status().Paused
		}
	}
	return false
}

func (s *Sender) try(ctx context.Context, cfg *Config) error {
	c, err := dial(ctx, cfg)
	if err != nil {
		return err
	}
	defer c.quit()
	defer context.AfterFunc(ctx, c.close)()
	refused := s.tryEnvelope(c, cfg)
	if refused.permanent() && s.maybeKeyed(cfg) {
		cfg.refusesToken.Store(true)
		if again := s.tryEnvelope(c, cfg); !again.ok() {
			cfg.refusesToken.Store(false)
			return again
		}
		return nil
	}
	if !refused.ok() {
		return refused
	}
	return nil
}

// tryEnvelope sends MAIL FROM with a sender address and then RSET.
func (s *Sender) tryEnvelope(c *conn, cfg *Config) reply {
	from, err := s.envelope(cfg, mailout.Mail{Party: mailout.Admin, Recipient: cfg.Address})
	if err != nil {
		return reply{stage: stageMail, err: err}
	}
	mail := c.command(250, "MAIL FROM:<"+from+">")
	if err := c.command(250, "RSET"); err != nil && mail == nil {
		mail = err
	}
	return answer(stageMail, 250, "", mail)
}

// maybeKeyed reports whether mail is sent with keyed senders as long as the server accepts them.
func (s *Sender) maybeKeyed(cfg *Config) bool {
	return cfg.Envelope == "" && s.parts.Keys != nil && cfg.Style != token.None && !cfg.refusesToken.Load()
}

// PlainBounces returns the reason why delivery reports on an inbox's mail do not identify the copy
// that they are about; "" if they do. A refusal of keyed senders is known only once Check or the
// sender has encountered it.
func (s *Sender) PlainBounces(inbox string) string {
	cfg := s.config(inbox)
	switch {
	case cfg == nil || s.parts.Keys == nil:
		return ""
	case cfg.Envelope == EnvelopeNull:
		return "envelope: null has them sent nowhere"
	case cfg.Envelope == EnvelopeAddress:
		return "envelope: address has them sent to one address"
	case s.parts.Keys().Probe(cfg.Address, cfg.Style) == cfg.Address:
		return "the inbox has no keyed addresses"
	case cfg.refusesToken.Load():
		return "the server refuses keyed senders"
	}
	return ""
}

// envelope returns the address for MAIL FROM, without brackets.
func (s *Sender) envelope(cfg *Config, m mailout.Mail) (string, error) {
	base := cfg.Address
	switch {
	case cfg.Envelope == EnvelopeNull:
		return "", nil
	case cfg.Envelope == EnvelopeToken, s.maybeKeyed(cfg):
		base = s.parts.Keys().Envelope(cfg.Address, cfg.Style, m)
	default:
		if m.From.Address != "" {
			base = m.From.Address
		}
	}
	return compose.Wire(base)
}

// Status is the state of outgoing mail.
type Status struct {
	Accounts []AccountStatus
	Queues   []mailout.Queue // waiting mail, also of inboxes that have no account here
	Oldest   time.Time       // when the oldest waiting mail was made; zero for none
	Due      time.Time       // when the oldest mail that nobody sends became due; zero for none
	Waiting  int
}

// AccountStatus is the state of an account in this process.
type AccountStatus struct {
	Account     string
	Inboxes     []string
	Paused      bool
	Since       time.Time // by the database's clock; zero while it works
	Reason      string
	Refused     bool // the server refuses us permanently (5xx, TLS): this does not pass by itself
	Connections int
	InHand      int
	Sent        int64 // since the start
	Failed      int64
	Held        int64
	Retried     int64
	Pauses      int64
	LastSent    time.Time
	Silent      mailout.Silence // since a mail was taken last
}

// Status reads the queue and returns each account's state. It may be called at any time.
func (s *Sender) Status(ctx context.Context) (Status, error) {
	var out Status
	for _, a := range s.accounts {
		out.Accounts = append(out.Accounts, a.status())
	}
	err := s.parts.DB.View(ctx, func(tx *sqldb.Tx) (err error) {
		out.Queues, err = mailout.Queues(tx)
		return err
	})
	if err != nil {
		return out, fmt.Errorf("asking for the state of outgoing mail: %w", err)
	}
	for _, q := range out.Queues {
		out.Waiting += q.Waiting
		if out.Oldest.IsZero() || q.Oldest.Before(out.Oldest) {
			out.Oldest = q.Oldest
		}
		if !q.Due.IsZero() && (out.Due.IsZero() || q.Due.Before(out.Due)) {
			out.Due = q.Due
		}
	}
	return out, nil
}
