package demo

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"text/template"
	"time"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/cmd/internal/demo/mailserver"
	"tierdesk/mailin/imap"
	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/timers"
)

// stage is the desk, its mail server and the time of the story.
type stage struct {
	ctx      context.Context
	o        Options
	show     *screen
	patience time.Duration // how long a mail may take
	calm     time.Duration // the time after which an idle desk sends nothing more
	dir      string        // the desk folder
	server   *mailserver.Server
	app      *app.App
	passed   *passing
	log      *journal
	clock    *clock
	down     []func() error // what strike does, in reverse order
	progress
}

// raise starts everything. If it fails, it leaves nothing running and no temporary folder.
func raise(ctx context.Context, o Options, show *screen, broken faults) (_ *stage, err error) {
	s := &stage{ctx: ctx, o: o, show: show, passed: newPassing(), clock: newClock(broken.now), patience: broken.patience, calm: broken.calm,
		progress: newProgress()}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.strike())
		}
	}()
	if s.dir, err = s.folder(); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(s.dir, "demo.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the demo's log: %w", err)
	}
	s.down = append(s.down, file.Close)
	s.log = newJournal(file)
	s.server, err = mailserver.Start(mailserver.Options{Addresses: addresses(), Password: password, Now: s.clock.now,
		Seen: s.passed.add, Lose: broken.lose,
		IMAP: s.listen(o.IMAP, "127.0.0.1:1143"), SMTP: s.listen(o.SMTP, "127.0.0.1:1025")})
	if err != nil {
		return nil, err
	}
	s.down = append(s.down, s.server.Close)
	if err := writeFolder(s.dir, s.server.IMAP, s.server.SMTP); err != nil {
		return nil, err
	}
	if broken.edit != nil {
		if err := broken.edit(s.dir); err != nil {
			return nil, err
		}
	}
	cfg, err := config.Load(ctx, s.dir)
	if err != nil {
		return nil, fmt.Errorf("the demo's desk folder: %w", err)
	}
	// Like `tierdesk run`, except for the clock, and for DNS, which has no keys of example domains.
	s.app, err = app.New(ctx, cfg, slog.New(s.log), app.WithClock(s.clock.now), app.WithResolver(nil), app.Exclusive())
	if err != nil {
		return nil, err
	}
	s.down = append(s.down, s.app.Close)
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- s.app.Run(running) }()
	s.down = append(s.down, func() error {
		stop()
		return <-ended
	})
	if s.until("the desk did not begin to watch its mailbox", s.watching); s.err != nil {
		return nil, fmt.Errorf("%w%s", s.err, s.complaints())
	}
	return s, nil
}

// strike stops everything in reverse order, and removes the temporary folder.
func (s *stage) strike() error {
	var err error
	for _, f := range slices.Backward(s.down) {
		err = errors.Join(err, f())
	}
	s.down = nil
	return err
}

// listen returns the address to listen on: the requested one or else, if the demo stays up, the
// usual one if that is free.
func (s *stage) listen(asked, usual string) string {
	if asked != "" || s.o.Exit {
		return asked
	}
	l, err := net.Listen("tcp", usual)
	if err != nil {
		return "" // taken: any free one
	}
	l.Close()
	return usual
}

// watching reports whether the desk is watching its mailbox.
func (s *stage) watching() (bool, error) {
	f := s.app.Fetchers[0].Status().Folders[0]
	return f.Doing == imap.Idling || f.Doing == imap.Polling, nil
}

// soon is how long before a timer is due the desk does not count as idle: similar tickets are
// compared a moment after they were opened.
const soon = 3 * time.Second

// idle reports whether the desk has nothing to do and will have nothing to do for a while: no mail
// is waiting on the server or in the outbox, and no timer is due within that time.
func (s *stage) idle(while time.Duration) (bool, error) {
	if waiting, err := s.mails(desk, 0); err != nil || len(waiting) > 0 {
		return false, err
	}
	status, err := s.app.Sender.Status(s.ctx)
	if err != nil || status.Waiting > 0 {
		return false, err
	}
	idle := false
	err = s.app.DB.View(s.ctx, func(tx *sqldb.Tx) error {
		next, err := timers.NextDue(tx)
		idle = next.IsZero() || next.After(tx.Now().Add(while))
		return err
	})
	return idle, err
}

// skip sets the clock forward and makes the desk notice.
func (s *stage) skip(d time.Duration) error {
	s.clock.skip(d)
	return s.app.DB.Update(s.ctx, func(tx *sqldb.Tx) error {
		tx.Wake(timers.Topic)
		tx.Wake(mailout.TopicQueued)
		return nil
	})
}

// complaints returns the desk's last warnings, which may explain why an expected mail did not come.
func (s *stage) complaints() string {
	lines := s.log.complaints()
	if len(lines) == 0 {
		return ""
	}
	return "\nThe desk's log says:\n  " + strings.Join(lines, "\n  ")
}

// ---- the desk folder

//go:embed desk
var deskFiles embed.FS

// folder makes the empty desk folder.
func (s *stage) folder() (string, error) {
	if s.o.Dir == "" {
		dir, err := os.MkdirTemp("", "tierdesk-demo-")
		if err != nil {
			return "", fmt.Errorf("making the desk folder: %w", err)
		}
		s.down = append(s.down, func() error { return os.RemoveAll(dir) })
		return dir, nil
	}
	dir, err := filepath.Abs(s.o.Dir)
	if err != nil {
		return "", fmt.Errorf("making the desk folder: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("making the desk folder: %w", err)
	}
	if len(entries) > 0 {
		return "", fmt.Errorf("making the desk folder: %s is not empty", dir)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", fmt.Errorf("making the desk folder: %w", err)
	}
	return dir, nil
}

// writeFolder writes the demo's desk folder for the mail server at the two addresses.
func writeFolder(dir, imapAddr, smtpAddr string) error {
	files := map[string][]byte{"mail.secret": []byte(password + "\n")}
	err := fs.WalkDir(deskFiles, "desk", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := deskFiles.ReadFile(name)
		if err != nil {
			return err
		}
		if name == "desk/tierdesk.yaml" {
			t, err := template.New(name).Parse(string(content))
			if err != nil {
				return err
			}
			var b bytes.Buffer
			if err := t.Execute(&b, struct{ IMAP, SMTP string }{imapAddr, smtpAddr}); err != nil {
				return err
			}
			content = b.Bytes()
		}
		files[strings.TrimPrefix(name, "desk/")] = content
		return nil
	})
	if err != nil {
		return fmt.Errorf("writing the desk folder: %w", err)
	}
	for name, content := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(path.Dir(name))), 0o750); err != nil {
			return fmt.Errorf("writing the desk folder: %w", err)
		}
		if err := os.WriteFile(file, content, 0o600); err != nil {
			return fmt.Errorf("writing the desk folder: %w", err)
		}
	}
	return nil
}

// ---- time

// clock is the clock of the story. It starts some weeks ago, runs like the real one, and can be set
// forward up to the real time. All times are UTC.
type clock struct {
	real   func() time.Time
	mu     sync.Mutex
	behind time.Duration
}

// newClock returns a clock that starts on a Monday at nine, three to four weeks ago, so that all
// the time that the story skips fits in between.
func newClock(real func() time.Time) *clock {
	now := real().UTC()
	monday := now.AddDate(0, 0, -21-(int(now.Weekday())+6)%7)
	begin := time.Date(monday.Year(), monday.Month(), monday.Day(), 9, 0, 0, 0, time.UTC)
	return &clock{real: real, behind: now.Sub(begin)}
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.real().UTC().Add(-c.behind)
}

func (c *clock) skip(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.behind -= d
}

// left returns how far the story is behind the real time.
func (c *clock) left() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.behind
}

// ---- what goes through the mail server

// passing collects the mails that went through the mail server. Its methods are safe for concurrent
// use.
type passing struct {
	mu    sync.Mutex
	queue []mailserver.Envelope
	in    int
	out   int
	more  chan struct{} // receives a value when the queue may have grown
}

func newPassing() *passing { return &passing{more: make(chan struct{}, 1)} }

func (p *passing) add(e mailserver.Envelope) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.queue = append(p.queue, e)
	if toDesk(e) {
		p.in++
	} else {
		p.out++
	}
	select {
	case p.more <- struct{}{}:
	default:
	}
}

// take empties the queue.
func (p *passing) take() []mailserver.Envelope {
	p.mu.Lock()
	defer p.mu.Unlock()
	q := p.queue
	p.queue = nil
	return q
}

func (p *passing) counts() (in, out int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.in, p.out
}

// toDesk reports whether a mail goes to the desk.
func toDesk(e mailserver.Envelope) bool {
	return slices.ContainsFunc(e.To, func(to string) bool { return at(to, desk) })
}
