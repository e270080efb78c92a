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

// childVariable is the environment variable that makes this program the daemon. Its value is the
// desk folder.
const childVariable = "TIERDESK_KILLTEST_FOLDER"

// The stages of a daemon, which it reports itself, in a line each.
const (
	stageNone     = iota // it has not reported anything
	stageOpen            // the database is open and has the latest schema
	stageWatching        // it has taken in the mailbox and waits for more
	stages
)

// lease is how long the claims of a dead daemon last on PostgreSQL. In production it is a minute,
// which is too long for a test.
const lease = 3 * time.Second

// daemonMain is the main function of the daemon's process. It runs what `tierdesk run` runs, except
// that it does not use DNS and stops when its input ends.
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

// process is a daemon's process as its parent sees it.
type process struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	stage atomic.Int32
	ended chan struct{} // closed when the process has ended
	err   error         // set once it has ended
	log   string        // file
}

// startDaemon starts a daemon. Its log is appended to a file in the desk folder.
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

// kill kills the daemon and returns the stage that it had reached. If the daemon had already ended
// by itself, kill returns an error.
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

// stop stops the daemon as stopping the service does.
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

// died returns the error for a daemon that ended by itself.
func (p *process) died() error {
	return fmt.Errorf("the daemon ended by itself: %v\n%s", p.err, p.tail())
}

// tail returns the end of the log.
func (p *process) tail() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(text[max(0, len(text)-4000):]))
}
