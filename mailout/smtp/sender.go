// Package smtp sends what is in the outbox: it is the only place that speaks SMTP (RFC 5321). It
// owns connections, the telling apart of errors, and when an account pauses; what becomes of a row
// is package mailout's, what follows for a ticket it only passes on. It must never know tickets.
//
//	claim (a lease is written) -> compose -> the last gate -> SMTP -> finished, and the desk told, in one transaction
//
// One goroutine an account talks to the database: it records results and claims more in the same
// transaction. Others, at most MaxConnections of them, send.
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
	// Load returns the contents of a mail's attachments that point at mails which came in
	// (compose.FromMails).
	Load func(ctx context.Context, wanted []mailout.Attachment) ([]io.WriterTo, error)
	// Plain is asked in the transaction that claims mails which of these, all to somebody outside,
	// have a ticket that keeps nothing inside; nil if that cannot be told beforehand.
	Plain func(tx *sqldb.Tx, mails []mailout.Mail) (map[int64]bool, error)
	// Secrets returns what a mail to somebody outside must not hold; plain if its ticket kept
	// nothing inside a moment ago. It is called concurrently for different mails.
	Secrets func(ctx context.Context, m mailout.Mail, plain bool) (compose.Secrets, error)
	// Delivered hears of each result in the transaction that records it; it may run again for the
	// same result if the transaction failed.
	Delivered func(tx *sqldb.Tx, r mailout.Result) error
	Log       *slog.Logger
	// Lease is how long a claim lasts without being renewed; 0 for a minute. After a crash on
	// PostgreSQL others take over after two of them; on the machine where it crashed, as soon as
	// they look.
	Lease time.Duration
}

// Sender sends the mail of all accounts.
type Sender struct {
	parts    Parts
	holder   string
	accounts []*account
	// composing is held while mail is composed that may stop the sender.
	composing sync.Mutex
	memo      compose.Memo // of what was composed while there was more to send
}

// New makes a Sender for accounts by the name of their inbox. It connects to nothing.
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

// Run sends until ctx ends; then it begins nothing new, grants the mails in hand Timeouts.Stop,
// records what became of them and gives the rest back. It never gives up by itself. It may be
// called once.
func (s *Sender) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, a := range s.accounts {
		all.Go(func() { a.run(ctx) })
	}
	<-ctx.Done()
	all.Wait()
}

// Check connects as the inbox's account does, logs in and tries its envelope, without sending
// anything.
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

// NotedPauses returns, by account, the pauses that the daemons on the database have noted.
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

// tryEnvelope names a sender and takes it back.
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

// maybeKeyed reports whether mail leaves with keyed senders as long as the server takes them.
func (s *Sender) maybeKeyed(cfg *Config) bool {
	return cfg.Envelope == "" && s.parts.Keys != nil && cfg.Style != token.None && !cfg.refusesToken.Load()
}

// PlainBounces returns why delivery reports on an inbox's mail do not say which copy they are
// about; "" if they do. A refusal of keyed senders is known once Check or the sender has met it.
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

// envelope returns what stands in MAIL FROM, without brackets.
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

// Status is how outgoing mail does.
type Status struct {
	Accounts []AccountStatus
	Queues   []mailout.Queue // what waits, also of inboxes that have no account here
	Oldest   time.Time       // when the oldest waiting mail was made; zero for none
	Due      time.Time       // since when mail is due that nobody sends; zero for none
	Waiting  int
}

// AccountStatus is how an account does, in this process.
type AccountStatus struct {
	Account     string
	Inboxes     []string
	Paused      bool
	Since       time.Time // by the database's clock; zero while it works
	Reason      string
	Refused     bool // the server refuses us for good (5xx, TLS): it will not heal by itself
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
