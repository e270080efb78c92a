// Package dbtest provides tests with an empty, migrated database of a desk: one test body runs on
// SQLite and, if a server is found, on PostgreSQL. It owns the life of test databases, a clock that
// tests set, and a hook that breaks statements. It must never know what is stored. Only tests
// import it.
//
// PostgreSQL is the server that TIERDESK_TEST_POSTGRES names (postgres://..., with a user who may
// create databases). Without that variable a test process starts a private server from the
// installed programs when it first needs one, without fsync and in a folder of its own; it ends
// with the process. Without any server a test is skipped, or fails with TIERDESK_TEST_ALL=1. With
// TIERDESK_TEST_DATABASE=sqlite, tests of both databases run on SQLite only.
package dbtest

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"tierdesk/migrations"
	"tierdesk/migrations/sqldb"
)

// Run runs the body once on each database, as subtests "sqlite" and "postgres", each with an empty
// migrated database of its own.
func Run(t *testing.T, body func(t *testing.T, db *sqldb.DB), opts ...sqldb.Option) {
	t.Helper()
	Each(t, func(t *testing.T, g Ground) { body(t, g.Open(t, opts...)) })
}

// Each is like Run, for tests that open the database themselves, more than once or by its URL.
func Each(t *testing.T, body func(t *testing.T, g Ground)) {
	t.Helper()
	for _, each := range []struct {
		kind sqldb.Kind
		make func(testing.TB) Ground
	}{{sqldb.SQLite, SQLite}, {sqldb.Postgres, Postgres}} {
		if only := os.Getenv("TIERDESK_TEST_DATABASE"); only == "" || only == string(each.kind) {
			t.Run(string(each.kind), func(t *testing.T) { body(t, each.make(t)) })
		}
	}
}

// Ground is an empty, migrated database that exists until the test ends.
type Ground struct {
	Kind sqldb.Kind
	URL  string // as tierdesk.yaml names it
}

// SQLite makes a database file in the test's temporary folder.
func SQLite(t testing.TB) Ground {
	t.Helper()
	migrated, err := file()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "desk.db")
	if err := os.WriteFile(path, migrated, 0o600); err != nil {
		t.Fatal(err)
	}
	return Ground{Kind: sqldb.SQLite, URL: "sqlite:" + path}
}

// file returns the octets of an empty, migrated database file. Each test gets a copy, since
// migrating takes longer than many tests.
var file = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "tierdesk-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "desk.db")
	if err := up("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// Postgres makes a database on the server, and skips or fails the test if there is no server.
func Postgres(t testing.TB) Ground {
	t.Helper()
	server, why := postgres()
	if server == nil {
		Left(t, "PostgreSQL", why)
	}
	dsn, err := server.create()
	if err != nil {
		t.Fatalf("a test database: %v", err)
	}
	t.Cleanup(func() {
		if err := server.drop(dsn); err != nil {
			t.Errorf("removing the test database: %v", err)
		}
	})
	return Ground{Kind: sqldb.Postgres, URL: dsn}
}

// Open opens the database and closes it when the test ends. Each call returns an independent
// handle, as another process would have. SQLite does not wait for the disk.
func (g Ground) Open(t testing.TB, opts ...sqldb.Option) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(context.Background(), g.URL, append([]sqldb.Option{sqldb.WithoutSync()}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("closing the database: %v", err)
		}
	})
	return db
}

// Left ends a test with a message of what it leaves out and why. It skips the test, or fails it
// with TIERDESK_TEST_ALL=1.
func Left(t testing.TB, what, why string) {
	t.Helper()
	if os.Getenv("TIERDESK_TEST_ALL") == "1" {
		t.Fatalf("%s is missing, and TIERDESK_TEST_ALL wants it: %s", what, why)
	}
	t.Skipf("left out: %s (%s)", what, why)
}

// up migrates the database to the latest schema.
func up(dsn string) error {
	ctx := context.Background()
	db, err := sqldb.Open(ctx, dsn, sqldb.WithoutSync())
	if err != nil {
		return err
	}
	_, err = migrations.Up(ctx, db)
	if closed := db.Close(); err == nil {
		err = closed
	}
	return err
}

// database returns the server's URL with another database's name.
func database(server, name string) (string, error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}
