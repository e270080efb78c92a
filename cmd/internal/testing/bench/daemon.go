package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/mailin/imap"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
)

// childArg as the first argument makes this program the daemon: `bench daemon-child FOLDER`. It
// executes orders, one JSON object a line, until its input ends.
const childArg = "daemon-child"

// order tells the daemon what to do next.
type order struct {
	Do      string // intake, send, run, usage; begin: intake without waiting for it; taken: how many mails that were
	Mails   int    // intake: stop when so many have been taken in
	Index   bool   // intake: keep the index of words up meanwhile, and wait for it behind
	Like    bool   // intake: wait behind until all new tickets are compared with each other
	Profile string // intake, send: file for the CPU's profile, until the next order
}

// answer is the result of an order.
type answer struct {
	Error   string `json:",omitempty"`
	Seconds float64
	Behind  float64 // intake: seconds until that was done, after the last mail was taken
	CPU     float64 // seconds of this process in all its life, user and system
	RSS     int64   // octets now
	Peak    int64   // octets at most
	Queued  int     // intake: mails that wait in the outbox
	Taken   int     // taken: mails of all inboxes
}

// childMain is the main function of the daemon's process. It runs what `tierdesk run` runs, except
// that intake and sending can be started separately.
func childMain(args []string) error {
	if len(args) != 1 {
		return errors.New("one argument: the desk folder")
	}
	cfg, err := config.Load(context.Background(), args[0])
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	a, err := app.New(ctx, cfg, log, app.Exclusive(), app.WithResolver(nil))
	if err != nil {
		return err
	}
	d := &daemon{app: a, ctx: ctx}
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var o order
		err := in.Decode(&o)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		began := time.Now()
		if err = d.obey(o); err != nil {
			err = fmt.Errorf("%s: %w", o.Do, err)
		}
		took, behind := time.Since(began), 0.0
		if o.Index && err == nil {
			err = d.awaitIndex(o.Like)
			behind = (time.Since(began) - took).Seconds()
		}
		ans, failed := usage()
		ans.Behind = behind
		ans.Seconds = took.Seconds()
		if o.Do == "taken" {
			for _, f := range a.Fetchers {
				for _, folder := range f.Status().Folders {
					ans.Taken += int(folder.Taken)
				}
			}
		}
		if o.Do == "intake" {
			status, err := a.Sender.Status(ctx)
			ans.Queued, failed = status.Waiting, errors.Join(failed, err)
		}
		if err = errors.Join(err, failed); err != nil {
			ans.Error = err.Error()
		}
		if err := out.Encode(ans); err != nil {
			return err
		}
	}
	cancel()
	d.wg.Wait()
	return errors.Join(d.err, a.Close())
}

type daemon struct {
	app     *app.App
	ctx     context.Context
	profile *os.File // the profile being written
	wg      sync.WaitGroup
	mu      sync.Mutex
	err     error
}

func (d *daemon) start(f func(ctx context.Context) error) {
	d.wg.Go(func() {
		if err := f(d.ctx); err != nil && d.ctx.Err() == nil {
			d.mu.Lock()
			d.err = errors.Join(d.err, err)
			d.mu.Unlock()
		}
	})
}

// patience is how long an order may take without any progress.
const patience = 2 * time.Minute

func (d *daemon) obey(o order) error {
	if d.profile != nil {
		pprof.StopCPUProfile()
		if err := d.profile.Close(); err != nil {
			return err
		}
		d.profile = nil
	}
	if o.Profile != "" {
		f, err := os.Create(o.Profile)
		if err != nil {
			return err
		}
		d.profile = f
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
	}
	switch o.Do {
	case "begin":
		d.receive()
		return nil
	case "intake":
		d.receive()
		if o.Index {
			d.start(d.app.Desk.RunIndex)
		}
		return d.until(func() (bool, int, error) {
			var taken int
			idle := true
			for _, f := range d.app.Fetchers {
				for _, folder := range f.Status().Folders {
					taken += int(folder.Taken)
					idle = idle && folder.Doing == imap.Idling
					if folder.Parked > 0 {
						return false, 0, fmt.Errorf("%d mails were set aside", folder.Parked)
					}
				}
			}
			return taken >= o.Mails && idle, taken, nil
		})
	case "send":
		// The parent process sees at the sink when all mails have arrived: querying the outbox
		// would cost as much as sending.
		d.start(func(ctx context.Context) error { d.app.Sender.Run(ctx); return nil })
		return nil
	case "run":
		d.start(d.app.Run)
		return d.until(func() (bool, int, error) {
			return d.app.Fetchers[0].Status().Folders[0].Doing == imap.Idling, 0, nil
		})
	case "usage", "taken":
		return nil
	}
	return errors.New("no such order")
}

// receive starts to take in mails; nothing is sent.
func (d *daemon) receive() {
	for _, f := range d.app.Fetchers {
		d.start(f.Run)
	}
	d.start(d.app.Desk.RunTimers)
}

// awaitIndex waits until the search index is up to date and, with like, until all tickets have been
// compared.
func (d *daemon) awaitIndex(like bool) error {
	return d.until(func() (bool, int, error) {
		var words int64
		var tickets int
		err := d.app.DB.View(d.ctx, func(tx *sqldb.Tx) (err error) {
			if words, err = store.Unsearched(tx); err == nil && like {
				tickets, err = timers.CountDue(tx, timers.Like, tx.Now().Add(time.Hour), 100_000)
			}
			return err
		})
		left := int(words) + tickets
		return left == 0, left, err
	})
}

// until waits until done returns true. It is an error if there is no progress for too long.
func (d *daemon) until(done func() (bool, int, error)) error {
	progress, since := 0, time.Now()
	for tick := time.NewTicker(10 * time.Millisecond); ; <-tick.C {
		ok, n, err := done()
		d.mu.Lock()
		err = errors.Join(err, d.err)
		d.mu.Unlock()
		if ok || err != nil {
			return err
		}
		if n != progress {
			progress, since = n, time.Now()
		}
		if time.Since(since) > patience {
			return fmt.Errorf("nothing happened for %v: %+v", patience, d.app.Fetchers[0].Status())
		}
	}
}

// usage returns the resources that this process has used.
func usage() (answer, error) {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return answer{}, fmt.Errorf("asking for the time used: %w", err)
	}
	a := answer{CPU: float64(r.Utime.Nano()+r.Stime.Nano()) / 1e9}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return a, fmt.Errorf("asking for the memory used: %w", err)
	}
	for line := range strings.Lines(string(status)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		for name, to := range map[string]*int64{"VmRSS:": &a.RSS, "VmHWM:": &a.Peak} {
			if fields[0] == name {
				kB, err := strconv.ParseInt(fields[1], 10, 64)
				if err != nil {
					return a, fmt.Errorf("reading the memory used: %w", err)
				}
				*to = kB << 10
			}
		}
	}
	return a, nil
}

// ---- the other side

// child is a daemon's process as its parent sees it.
type child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// startChild starts a daemon on a desk folder; its log goes to a file there.
func startChild(ctx context.Context, program, folder string) (_ *child, err error) {
	c := &child{cmd: exec.CommandContext(ctx, program, childArg, folder)}
	log, err := os.Create(filepath.Join(folder, "daemon.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	c.cmd.Stderr = log
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewReader(out)
	return c, c.cmd.Start()
}

// order sends an order and waits for the answer.
func (c *child) order(o order) (answer, error) {
	var a answer
	line, err := json.Marshal(o)
	if err == nil {
		_, err = c.in.Write(append(line, '\n'))
	}
	var got []byte
	if err == nil {
		got, err = c.out.ReadBytes('\n')
	}
	if err == nil {
		err = json.Unmarshal(got, &a)
	}
	if err == nil && a.Error != "" {
		err = errors.New(a.Error)
	}
	if err != nil {
		return a, fmt.Errorf("the daemon: %w%s", err, c.log())
	}
	return a, nil
}

// stop stops the daemon as stopping the service does.
func (c *child) stop() error {
	c.in.Close()
	if err := c.cmd.Wait(); err != nil {
		return fmt.Errorf("the daemon ended with: %w%s", err, c.log())
	}
	return nil
}

func (c *child) log() string {
	text, err := os.ReadFile(c.cmd.Stderr.(*os.File).Name())
	if err != nil || len(text) == 0 {
		return ""
	}
	return "\nits log ends with:\n" + string(text[max(0, len(text)-3000):])
}
