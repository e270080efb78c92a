// Package clamd asks a running clamd (ClamAV's daemon) whether a mail contains malware. It owns the
// conversation with clamd (INSTREAM, PING and VERSION), the limits on how long and how often it is
// asked, and the knowledge whether it answers at all. It must never know what happens to a mail,
// and it keeps none.
//
// The protocol is described in clamd(8), section COMMANDS: commands start with "z" and end with a
// NUL.
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

// Config specifies where clamd is and how long it may take. A zero field means the default.
type Config struct {
	// Network and Address as net.Dial takes them: "unix" and a path, or "tcp" and host:port.
	Network, Address string
	Timeout          time.Duration // for one mail: 30 s
	Ping             time.Duration // for a PING: 5 s. A thread of its own answers it, not one that scans, so the answer is quick
	Connections      int           // mails scanned concurrently: 4
	Every            time.Duration // how often Run asks whether clamd is available: 1 minute
	Again            time.Duration // how often while it is not: 5 s
}

// maxAnswer bounds how much of an answer is read: clamd's are short.
const maxAnswer = 4 << 10

// chunk is the size of a chunk in INSTREAM; clamd's own buffer is larger.
const chunk = 64 << 10

// Errors of Scan. Each means that nothing is known about the mail.
var (
	// ErrAway means that clamd does not answer. Until it does again, Scan fails immediately.
	ErrAway = errors.New("clamd does not answer")
	// ErrTooLarge means that the mail is larger than clamd accepts (StreamMaxLength in its
	// configuration).
	ErrTooLarge = errors.New("larger than clamd accepts (StreamMaxLength in clamd.conf)")
	// ErrRefused means that clamd answered with an error about this mail.
	ErrRefused = errors.New("clamd could not scan it")
	// ErrSlow means that clamd took too long over this mail but is otherwise available.
	ErrSlow = errors.New("clamd took too long")
)

// Status is the state of clamd.
type Status struct {
	Away    bool
	Since   time.Time // of Away, by this machine's clock
	Reason  string    // of Away
	Version string    // as clamd says it, "" if it was never asked
	// Clean, Found and Failed count the mails scanned since the start, by result.
	Clean, Found, Failed int64
}

// Client asks one clamd. Its methods are safe for concurrent use.
type Client struct {
	cfg    Config
	places chan struct{} // one for each mail that may be scanned concurrently

	mu     sync.Mutex
	status Status
}

// New makes a client. It does not connect yet.
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

// Address returns the address of clamd, for people.
func (c *Client) Address() string { return c.cfg.Address }

// Status returns the state of clamd.
func (c *Client) Status() Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.status
}

// Run checks at intervals whether clamd is available, until ctx ends, so that its state is known
// even while no mail arrives, and scanning resumes when it is back. changed, which may be nil, is
// called whenever the state changes.
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

// probe checks whether clamd is available, and records the result.
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

// Check checks that clamd is available and returns its version, which includes the date of its
// signatures.
func (c *Client) Check(ctx context.Context) (version string, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Ping)
	defer cancel()
	answer, err := c.ask(ctx, "PING", nil)
	if err != nil {
		return "", err
	}
	if answer != "PONG" {
		return "", fmt.Errorf("%s answers PING with %q: that is not clamd", c.cfg.Address, answer)
	}
	if version, err = c.ask(ctx, "VERSION", nil); err != nil {
		return "", err
	}
	return version, nil
}

// Scan returns the name of the malware that clamd found in a mail, "" for none. An error means that
// nothing is known; use errors.Is with the errors above. Scan waits for a free place, and then at
// most Config.Timeout for the answer. While clamd is known to be away it does not wait at all.
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
		// Is this mail at fault, or clamd? A mail that takes forever to scan must not let the
		// following ones pass unscanned.
		away := c.probe(context.WithoutCancel(ctx)) // has a timeout of its own
		switch {
		case away != nil:
			return "", fmt.Errorf("%w: %w", ErrAway, err)
		case slow:
			return "", fmt.Errorf("%w: %w", ErrSlow, err)
		case try > 0:
			return "", fmt.Errorf("%w: %w", ErrRefused, err)
		}
		// clamd may have been restarted at that moment: try once more.
	}
}

// errGarbage is an answer that clamd would not give.
var errGarbage = errors.New("not an answer of clamd")

// reading parses the answer to INSTREAM: "stream: OK", "stream: NAME FOUND" or "TEXT ERROR".
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

// ask sends one command on a connection of its own, followed by a mail if the command is INSTREAM,
// and reads the answer.
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
	// Read the answer while writing: clamd reports that a mail is too large while we are still
	// sending it, and hangs up.
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

// send writes a command and a mail. The mail is sent in chunks, each preceded by its length in four
// octets; a length of 0 ends it.
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

// clean returns the printable part of an answer: it comes from another program, which takes names
// from files.
func clean(answer string) string {
	answer = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, answer)
	if len(answer) > 300 {
		// Keep the end: its last word is the result.
		answer = answer[:250] + "..." + answer[len(answer)-10:]
	}
	return strings.TrimSpace(answer)
}
