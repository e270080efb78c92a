// Package clamd asks a running clamd (ClamAV's daemon) whether a mail holds something known to be
// harmful. It owns the conversation with it: INSTREAM, PING and VERSION, the bounds on how long and
// how often it is asked, and the knowledge whether it answers at all. It must never know what
// becomes of a mail, and it keeps none.
//
// The protocol is that of clamd(8), section COMMANDS: words with "z" before them and a NUL behind.
package clamd

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// Config says where clamd is and how long it may take. A zero field is the default.
type Config struct {
	// Network and Address as net.Dial takes them: "unix" and a path, or "tcp" and host:port.
	Network, Address string
	Timeout          time.Duration // for one mail: 30 s
	Ping             time.Duration // for a PING: 5 s. It is answered by another thread than those that scan, so it needs no time
	Connections      int           // mails that are asked about at once: 4
	Every            time.Duration // how often Run asks whether it is there: 1 minute
	Again            time.Duration // how often, while it is not: 5 s
}

// maxAnswer bounds what is read of an answer: a clamd that talks is none.
const maxAnswer = 4 << 10

// chunk is how much is sent behind one length: clamd's own buffer is larger.
const chunk = 64 << 10

// Errors of Scan. Any of them means that nothing is known of the mail.
var (
	// ErrAway reports that clamd does not answer. Until it does again no mail waits for it.
	ErrAway = errors.New("clamd does not answer")
	// ErrTooLarge reports that the mail is larger than clamd takes: StreamMaxLength in its
	// configuration.
	ErrTooLarge = errors.New("larger than clamd takes (StreamMaxLength in clamd.conf)")
	// ErrRefused reports that clamd answered with an error about this mail.
	ErrRefused = errors.New("clamd could not scan it")
	// ErrSlow reports that clamd took too long over this mail, and answers otherwise.
	ErrSlow = errors.New("clamd took too long")
)

// Status is how the clamd does.
type Status struct {
	Away    bool
	Since   time.Time // of Away, by this machine's clock
	Reason  string    // of Away
	Version string    // as clamd says it, "" if it was never asked
	// Clean, Found and Failed count the mails since the start.
	Clean, Found, Failed int64
}

// Client asks one clamd. Its methods are safe for concurrent use.
type Client struct {
	cfg    Config
	places chan struct{} // one for each mail that may be asked about at once

	mu     sync.Mutex
	status Status
}

// New makes a client; nothing is connected yet.
func New(cfg Config) *Client {
	if cfg.Timeout <= 0 {
		cfg.Timeout = 30 * time.Second
	}
	if cfg.Ping <= 0 {
		cfg.Ping = 5 * time.Second
	}
	if cfg.Connections <= 0 {
		cfg.Connections = 4
	}
	if cfg.Every <= 0 {
		cfg.Every = time.Minute
	}
	if cfg.Again <= 0 {
		cfg.Again = 5 * time.Second
	}
	return &Client{cfg: cfg, places: make(chan struct{}, cfg.Connections)}
}

// Address returns where the clamd is, for people.
func (c *Client) Address() string { return c.cfg.Address }

// Status returns how it does.
func (c *Client) Status() Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.status
}

// Run keeps asking whether clamd is there, until ctx ends, so that it is known also while no mail
// comes, and mails are asked about again when it is back. changed, which may be nil, is called
// whenever the answer is another one than before.
func (c *Client) Run(ctx context.Context, changed func(Status)) {
	told := false
	for {
		c.probe(ctx)
		s := c.Status()
		if changed != nil && s.Away != told && ctx.Err() == nil {
			told = s.Away
			changed(s)
		}
		pause := c.cfg.Every
		if s.Away {
			pause = c.cfg.Again
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// probe asks whether it is there, and remembers the answer.
func (c *Client) probe(ctx context.Context) error {
	version, err := c.Check(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		c.status.Away, c.status.Since, c.status.Reason, c.status.Version = false, time.Time{}, "", version
	case c.status.Away:
		c.status.Reason = err.Error()
	default:
		c.status.Away, c.status.Since, c.status.Reason = true, time.Now(), err.Error()
	}
	return err
}

// Check asks clamd whether it is there and for its version, with the age of its signatures in it.
func (c *Client) Check(ctx context.Context) (version string, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Ping)
	defer cancel()
	answer, err := c.ask(ctx, "PING", nil)
	if err != nil {
		return "", err
	}
	if answer != "PONG" {
		return "", fmt.Errorf("%s answers PING with %q: that is no clamd", c.cfg.Address, answer)
	}
	if version, err = c.ask(ctx, "VERSION", nil); err != nil {
		return "", err
	}
	return version, nil
}

// Scan asks what is in a mail: the name of what clamd found, "" for nothing. With an error nothing
// is known; errors.Is tells which of the above it is. It waits for a free place, and for at most
// Config.Timeout for the answer; not at all while clamd is known to be away.
func (c *Client) Scan(ctx context.Context, mail []byte) (found string, err error) {
	found, err = c.scan(ctx, mail)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err != nil:
		c.status.Failed++
	case found != "":
		c.status.Found++
	default:
		c.status.Clean++
	}
	return found, err
}

func (c *Client) scan(ctx context.Context, mail []byte) (found string, err error) {
	select {
	case c.places <- struct{}{}:
		defer func() { <-c.places }()
	case <-ctx.Done():
		return "", fmt.Errorf("%w: %w", ErrSlow, ctx.Err())
	}
	for try := 0; ; try++ {
		if s := c.Status(); s.Away {
			return "", fmt.Errorf("%w: %s", ErrAway, s.Reason)
		}
		one, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
		answer, err := c.ask(one, "INSTREAM", mail)
		slow := one.Err() != nil
		cancel()
		if err == nil {
			if found, err = reading(answer); err == nil || !errors.Is(err, errGarbage) {
				return found, err
			}
		}
		// Is it this mail, or clamd? A mail that takes it for ever must not open the door for those
		// behind it.
		away := c.probe(context.WithoutCancel(ctx)) // it ends by itself
		switch {
		case away != nil:
			return "", fmt.Errorf("%w: %w", ErrAway, err)
		case slow:
			return "", fmt.Errorf("%w: %w", ErrSlow, err)
		case try > 0:
			return "", fmt.Errorf("%w: %w", ErrRefused, err)
		}
		// It was restarted just then, perhaps: once more.
	}
}

// errGarbage tells of an answer that no clamd gives.
var errGarbage = errors.New("an answer that no clamd gives")

// reading takes apart the answer to INSTREAM: "stream: OK", "stream: NAME FOUND" or "WORDS ERROR".
func reading(answer string) (found string, err error) {
	switch {
	case answer == "stream: OK":
		return "", nil
	case strings.HasPrefix(answer, "INSTREAM size limit exceeded"):
		return "", ErrTooLarge
	case strings.HasSuffix(answer, " ERROR"):
		return "", fmt.Errorf("%w: %s", ErrRefused, strings.TrimSuffix(answer, " ERROR"))
	}
	name, isName := strings.CutPrefix(answer, "stream: ")
	name, isFound := strings.CutSuffix(name, " FOUND")
	if !isName || !isFound || name == "" {
		return "", fmt.Errorf("%w: %q", errGarbage, answer)
	}
	return name, nil
}

// ask sends one command on a connection of its own, with a mail behind it if it is INSTREAM, and
// reads the answer.
func (c *Client) ask(ctx context.Context, command string, mail []byte) (string, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, c.cfg.Network, c.cfg.Address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	writing := make(chan error, 1)
	go func() { writing <- send(conn, command, mail) }()
	// The answer is read beside the writing: clamd says that a mail is too large while we still
	// send it, and hangs up.
	answer, err := bufio.NewReader(io.LimitReader(conn, maxAnswer)).ReadString(0)
	conn.Close() // ends the writing
	wrote := <-writing
	switch {
	case err == nil:
		return clean(answer), nil
	case ctx.Err() != nil:
		return "", fmt.Errorf("waiting for the answer to %s: %w", command, ctx.Err())
	case errors.Is(err, io.EOF) && len(answer) == maxAnswer:
		return "", fmt.Errorf("%w to %s, which begins with %q", errGarbage, command, clean(answer[:60]))
	case wrote != nil && !errors.Is(wrote, net.ErrClosed):
		return "", fmt.Errorf("sending %s: %w", command, wrote)
	}
	return "", fmt.Errorf("the connection ended before the answer to %s: %w", command, err)
}

// send writes a command and, as chunks of a length in four octets and as many octets, a mail; a
// length of 0 ends it.
func send(w io.Writer, command string, mail []byte) error {
	if _, err := w.Write([]byte("z" + command + "\x00")); err != nil {
		return err
	}
	if mail == nil {
		return nil
	}
	for len(mail) > 0 {
		part := mail[:min(len(mail), chunk)]
		mail = mail[len(part):]
		b := net.Buffers{binary.BigEndian.AppendUint32(nil, uint32(len(part))), part}
		if _, err := b.WriteTo(w); err != nil {
			return err
		}
	}
	_, err := w.Write(make([]byte, 4))
	return err
}

// clean leaves of an answer what is fit to be shown: it comes from another program, which takes
// names from files.
func clean(answer string) string {
	answer = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, answer)
	if len(answer) > 300 {
		// The last word tells what it is.
		answer = answer[:250] + "..." + answer[len(answer)-10:]
	}
	return strings.TrimSpace(answer)
}
