// Command killtest kills the daemon at random moments while mails come in and go out, and counts
// afterwards. It owns the mails, the daemons (its child processes, and the only processes that it
// ever kills), a sink that records what it accepted, and the counter, which reads the mailbox, the
// sink and the database independently. It must never ask the daemon what it did.
//
//	go run ./cmd/internal/testing/killtest [-mails 20000] [-kills 1000] [-db sqlite|postgres] [-seed N]
//
// It needs Dovecot 2.3 (Debian: dovecot-imapd dovecot-lmtpd) and, for -db postgres, an installed
// PostgreSQL or TIERDESK_TEST_POSTGRES. The seed determines the mails and the kinds of moments;
// what the daemon is doing at these moments is left to chance. The exit code is 1 if anything was
// lost, duplicated or out of order. The test of this package is a short version, which needs
// nothing installed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"tierdesk/cmd/internal/testing/servers"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

func main() {
	if folder := os.Getenv(childVariable); folder != "" {
		if err := daemonMain(folder); err != nil {
			fmt.Fprintln(os.Stderr, "killtest: daemon:", err)
			os.Exit(1)
		}
		return
	}
	o := options{say: func(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }}
	flag.IntVar(&o.mails, "mails", 20_000, "how many mails come in")
	flag.IntVar(&o.kills, "kills", 1_000, "how many daemons are killed, at least")
	db := flag.String("db", "sqlite", "sqlite or postgres")
	flag.Uint64Var(&o.seed, "seed", uint64(time.Now().UnixNano()), "what the mails and the moments are made from")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := program(ctx, o, sqldb.Kind(*db)); err != nil {
		fmt.Fprintln(os.Stderr, "killtest:", err)
		os.Exit(1)
	}
}

func program(ctx context.Context, o options, kind sqldb.Kind) (err error) {
	switch {
	case kind != sqldb.SQLite && kind != sqldb.Postgres:
		return fmt.Errorf("-db is sqlite or postgres, not %q", kind)
	case o.mails < 1 || o.kills < 1:
		return errors.New("-mails and -kills are at least 1")
	case flag.NArg() > 0:
		return fmt.Errorf("what is %q?", flag.Arg(0))
	}
	outside := &servers.Outside{}
	defer func() { err = errors.Join(err, outside.End()) }()
	defer outside.Caught(&err)
	dir, err := os.MkdirTemp("", "tierdesk-killtest-")
	if err != nil {
		return err
	}
	dovecot := servers.Dovecot(outside, support)
	p := place{dir: filepath.Join(dir, "desk"), imap: dovecot.IMAP, deliver: dovecot.Deliver}
	var drop func() error
	if p.database, drop, err = newDatabase(ctx, kind, dir); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, drop()) }()
	r, err := run(ctx, outside, o, p)
	if err != nil {
		return fmt.Errorf("seed %d: %w\nthe desk folder is kept: %s", o.seed, err, dir)
	}
	fmt.Printf("%s, seed %d\n%s", kind, o.seed, r)
	if len(r.findings) > 0 {
		return fmt.Errorf("%d findings; the desk folder is kept: %s", len(r.findings)+r.left, dir)
	}
	return os.RemoveAll(dir)
}

// newDatabase makes an empty database whose commits wait for the disk.
func newDatabase(ctx context.Context, kind sqldb.Kind, dir string) (dsn string, drop func() error, err error) {
	if kind == sqldb.SQLite {
		return "sqlite:" + filepath.Join(dir, "desk.db"), func() error { return nil }, nil
	}
	server, err := dbtest.Serve("-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on")
	if err != nil {
		return "", nil, err
	}
	admin := func(statement string) error {
		db, err := sqldb.Open(context.WithoutCancel(ctx), server)
		if err != nil {
			return err
		}
		defer db.Close()
		_, err = db.Handle().ExecContext(context.WithoutCancel(ctx), statement)
		return err
	}
	u, err := url.Parse(server)
	if err != nil {
		return "", nil, errors.New("the server's URL cannot be read")
	}
	name := fmt.Sprintf("tierdesk_killtest_%d", os.Getpid())
	u.Path = "/" + name
	return u.String(), func() error { return admin("DROP DATABASE " + name + " WITH (FORCE)") }, admin("CREATE DATABASE " + name)
}
