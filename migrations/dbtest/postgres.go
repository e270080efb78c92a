package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"tierdesk/migrations"
	"tierdesk/migrations/dbtest/child"
	"tierdesk/migrations/sqldb"
)

// server is a PostgreSQL server on which test databases are made.
type server struct {
	url      string // of an existing database, from which others are created
	template string
}

// postgres returns the server of this test process, which is found or started once, or the reason
// why there is none.
var postgres = sync.OnceValues(func() (*server, string) {
	dsn, err := Serve()
	if err != nil {
		return nil, err.Error()
	}
	s := &server{url: dsn}
	if err := s.prepare(); err != nil {
		return nil, fmt.Sprintf("%s: %v", sqldb.Redacted(dsn), err)
	}
	return s, ""
})

// Serve returns the URL of a PostgreSQL server for test databases: that of TIERDESK_TEST_POSTGRES,
// or else of a private server that it starts and that ends with this process. Programs that run
// many test processes pass the URL to them in that variable; tests do not need Serve. A private
// server does not wait for the disk, and is in memory if there is room. settings are further
// arguments, which override the default ones ("-c", "fsync=on"); with settings it is on the disk.
func Serve(settings ...string) (string, error) {
	if dsn := os.Getenv("TIERDESK_TEST_POSTGRES"); dsn != "" {
		return dsn, nil
	}
	return start(settings)
}

// start starts a private server and returns the URL of its first database. It ends with this
// process.
func start(settings []string) (string, error) {
	const folders = "/usr/lib/postgresql/*/bin"
	initdb, ok := child.Find("initdb", folders)
	if !ok {
		return "", fmt.Errorf("no initdb on the PATH or in %s, and TIERDESK_TEST_POSTGRES is not set", folders)
	}
	program, ok := child.Find("postgres", filepath.Dir(initdb), folders)
	if !ok {
		return "", fmt.Errorf("no postgres on the PATH or in %s", folders)
	}
	const user = "postgres" // it refuses to run as root
	// A database is some 300 files. To make and remove them for each test took more than many tests
	// do on them, most of it in the file system of the disk. Who has other settings may want a
	// server that waits for the disk.
	folder := child.FolderInMemory
	if len(settings) > 0 {
		folder = child.Folder
	}
	dir, err := folder("postgres", user)
	if err != nil {
		return "", err
	}
	data := filepath.Join(dir, "data")
	if err := child.Run(user, dir, initdb, "-D", data, "-U", user, "-A", "trust", "-N", "-E", "UTF8", "--locale=C"); err != nil {
		os.RemoveAll(dir)
		return "", err
	}
	p, err := child.Start(child.Command{
		Path: program, Dir: dir, User: user, Signal: syscall.SIGQUIT, // there is nothing worth keeping
		Args: append([]string{
			"-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c",
			"full_page_writes=off",
			"-c", "max_connections=600", "-c", "shared_buffers=128MB", "-c", "max_wal_size=512MB",
			"-c", "dynamic_shared_memory_type=mmap", // in its folder, since what it has elsewhere would outlive it
		}, settings...),
	})
	if err != nil {
		return "", err
	}
	dsn := (&url.URL{Scheme: "postgres", User: url.User(user), Path: "/postgres", RawQuery: url.Values{"host": {dir}}.Encode()}).String()
	err = child.Wait(30*time.Second, func() error {
		db, err := sqldb.Open(context.Background(), dsn)
		if err != nil {
			return err
		}
		return db.Close()
	})
	if err != nil {
		log := p.Log()
		p.Stop()
		return "", fmt.Errorf("a private PostgreSQL did not start: %w\n%s", err, log)
	}
	return dsn, nil
}

// prepare makes the template database from which test databases are copied, unless another test
// process has made it. Its name is derived from the migrations.
func (s *server) prepare() error {
	return s.admin(func(ctx context.Context, conn *sql.Conn) error {
		print, err := migrations.Fingerprint(sqldb.Postgres)
		if err != nil {
			return err
		}
		s.template = "tierdesk_template_" + print[:24]
		// Another process may be making it; the second one waits and finds it done.
		if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(727274)"); err != nil {
			return err
		}
		defer conn.ExecContext(ctx, "SELECT pg_advisory_unlock(727274)")
		var ready bool
		err = conn.QueryRowContext(ctx, "SELECT datistemplate FROM pg_database WHERE datname = $1", s.template).Scan(&ready)
		if ready {
			return nil
		}
		if err == nil { // a process ended while it made this one
			if _, err := conn.ExecContext(ctx, "DROP DATABASE "+s.template+" WITH (FORCE)"); err != nil {
				return err
			}
		} else if err != sql.ErrNoRows {
			return err
		}
		if _, err := conn.ExecContext(ctx, "CREATE DATABASE "+s.template); err != nil {
			return err
		}
		dsn, err := database(s.url, s.template)
		if err != nil {
			return err
		}
		if err := up(dsn); err != nil {
			return err
		}
		_, err = conn.ExecContext(ctx, "ALTER DATABASE "+s.template+" IS_TEMPLATE true")
		return err
	})
}

// create makes a database from the template and returns its URL.
func (s *server) create() (string, error) {
	name := "tierdesk_test_" + strings.ToLower(rand.Text())
	err := s.admin(func(ctx context.Context, conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE "+s.template)
		return err
	})
	if err != nil {
		return "", err
	}
	return database(s.url, name)
}

// drop removes a database and closes all connections to it.
func (s *server) drop(dsn string) error {
	u, err := url.Parse(dsn)
	if err != nil {
		return err
	}
	return s.admin(func(ctx context.Context, conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, "DROP DATABASE "+strings.TrimPrefix(u.Path, "/")+" WITH (FORCE)")
		return err
	})
}

// admin runs f on a new connection, which it closes, since tests check for leaked goroutines.
func (s *server) admin(f func(ctx context.Context, conn *sql.Conn) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db, err := sqldb.Open(ctx, s.url)
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Handle().Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return f(ctx, conn)
}
