package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/mailin/imap"
)

// childVariable in the environment makes this program the daemon; it names the desk folder.
const childVariable = "TIERDESK_KILLTEST_FOLDER"

// How far a daemon had come, as it says itself, a line each.
const (
	stageNone     = iota // nothing was heard of it
	stageOpen            // the database is open and of the newest schema
	stageWatching        // it has looked through the mailbox and waits for more
	stages
)

// lease is how long a daemon that died may hold up the mails it had in hand on PostgreSQL: a minute
// in production, too long for a test to wait.
const lease = 3 * time.Second

// daemonMain is the daemon's process: what `tierdesk run` runs, but that it asks no DNS and stops
// when its input ends.
func daemonMain(folder string) error {
	cfg, err := config.Load(context.Background(), folder)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	a, err := app.New(ctx, cfg, log, app.Exclusive(), app.WithResolver(nil), app.WithSendLease(lease))
	if err != nil {
		return err
	}
	fmt.Println("open")
	go func() {
		for a.Fetchers[0].Status().Folders[0].Doing != imap.Idling {
			time.Sleep(5 * time.Millisecond)
		}
		fmt.Println("watching")
	}()
	return errors.Join(a.Run(ctx), a.Close())
}

// process is a daemon, seen from outside.
type process struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	stage atomic.Int32
	ended chan struct{} // closed when it has
	err   error         // once it has
	log   string        // file
}

// startDaemon starts a daemon; its log is appended to a file in the desk folder.
func startDaemon(folder string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.Command(self), ended: make(chan struct{}), log: filepath.Join(folder, "daemon.log")}
	p.cmd.Env = append(os.Environ(), childVariable+"="+folder)
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p.cmd.Stderr = log
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the daemon: %w", err)
	}
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			p.stage.Add(1)
		}
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

// kill ends it at once, and tells how far it had come. A daemon that had ended by itself is an
// error.
func (p *process) kill() (stage int, err error) {
	stage = int(p.stage.Load())
	select {
	case <-p.ended:
		return stage, p.died()
	default:
	}
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return stage, fmt.Errorf("killing the daemon: %w", err)
	}
	<-p.ended
	if p.cmd.ProcessState.Exited() { // not by a signal
		return stage, p.died()
	}
	return stage, nil
}

// stop ends it as a stop of the service does.
func (p *process) stop() error {
	p.in.Close()
	select {
	case <-p.ended:
	case <-time.After(time.Minute):
		_, err := p.kill()
		return errors.Join(errors.New("the daemon did not stop within a minute"), err)
	}
	if p.err != nil {
		return p.died()
	}
	return nil
}

// died is the error of a daemon that ended by itself.
func (p *process) died() error {
	return fmt.Errorf("the daemon ended by itself: %v\n%s", p.err, p.tail())
}

// tail is the end of its log.
func (p *process) tail() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(text[max(0, len(text)-4000):]))
}
