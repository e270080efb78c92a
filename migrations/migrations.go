// Package migrations owns the schema: numbered SQL files for each database, embedded in the
// program. It migrates a database to the schema of this program and refuses one that is newer. It
// must never know what the tables mean.
package migrations

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"tierdesk/migrations/sqldb"
)

//go:embed sqlite/*.sql postgres/*.sql
var files embed.FS

// ErrNewer means that the database was written by a newer Tierdesk.
var ErrNewer = errors.New("the database's schema is newer than this program: install the newer Tierdesk, or restore a backup made before")

// ErrOlder means that the database lacks migrations.
var ErrOlder = errors.New("the database's schema is older than this program: run `tierdesk migrate`")

// Status holds the schema versions of a database and of this program.
type Status struct {
	Current, Latest int64 // version of the database, and of this program; 0 for an empty database
}

// Err returns nil if the program fits the database, else ErrNewer or ErrOlder.
func (s Status) Err() error {
	switch {
	case s.Current > s.Latest:
		return fmt.Errorf("%w (database %d, program %d)", ErrNewer, s.Current, s.Latest)
	case s.Current < s.Latest:
		return fmt.Errorf("%w (database %d, program %d)", ErrOlder, s.Current, s.Latest)
	}
	return nil
}

// Check returns the status of the database. It changes nothing.
func Check(ctx context.Context, db *sqldb.DB) (Status, error) {
	p, err := provider(db)
	if err != nil {
		return Status{}, err
	}
	made := `SELECT COUNT(*) FROM sqlite_master WHERE name = 'goose_db_version'`
	if db.Kind() == sqldb.Postgres {
		made = `SELECT COUNT(to_regclass('goose_db_version'))`
	}
	var tables int
	if err := db.Handle().QueryRowContext(ctx, made).Scan(&tables); err != nil {
		return Status{}, fmt.Errorf("reading the schema's version: %w", err)
	}
	if tables == 0 { // asking goose would make it
		return Status{Latest: latest(p)}, nil
	}
	return status(ctx, p)
}

// Up applies the migrations that the database lacks, each in its own transaction. Any number of
// processes may call it concurrently. If the schema is newer, it does nothing and returns ErrNewer.
// If a migration fails, those before it remain applied.
func Up(ctx context.Context, db *sqldb.DB) (Status, error) {
	p, err := provider(db)
	if err != nil {
		return Status{}, err
	}
	s, err := up(ctx, p)
	// SQLite has no lock that spans migrations. If programs start simultaneously, one is first and
	// the others fail because of what it has made. Each migration is a transaction, so they can try
	// again.
	for attempt := 0; err != nil && db.Kind() == sqldb.SQLite && attempt < 10 && !errors.Is(err, ErrNewer); attempt++ {
		select {
		case <-ctx.Done():
			return s, errors.Join(err, ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
		s, err = up(ctx, p)
	}
	return s, err
}

func up(ctx context.Context, p *goose.Provider) (Status, error) {
	s, err := status(ctx, p)
	if err != nil || s.Current > s.Latest {
		return s, errors.Join(err, s.Err())
	}
	if s.Current == s.Latest {
		return s, nil
	}
	if _, err := p.Up(ctx); err != nil {
		return s, fmt.Errorf("migrating the database: %w", err)
	}
	return status(ctx, p)
}

// Fingerprint identifies a schema: it changes with every change of the migrations for that kind of
// database.
func Fingerprint(kind sqldb.Kind) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, folder(kind), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := files.ReadFile(path)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("reading the embedded migrations: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func folder(kind sqldb.Kind) string {
	if kind == sqldb.Postgres {
		return "postgres"
	}
	return "sqlite"
}

func status(ctx context.Context, p *goose.Provider) (Status, error) {
	current, err := p.GetDBVersion(ctx)
	if err != nil {
		return Status{}, fmt.Errorf("reading the schema's version: %w", err)
	}
	return Status{Current: current, Latest: latest(p)}, nil
}

// latest returns the schema version of this program.
func latest(p *goose.Provider) (version int64) {
	for _, source := range p.ListSources() {
		version = max(version, source.Version)
	}
	return version
}

func provider(db *sqldb.DB) (*goose.Provider, error) {
	dialect := goose.DialectSQLite3
	var opts []goose.ProviderOption
	if db.Kind() == sqldb.Postgres {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 600)) // tries every second, for ten minutes
		if err != nil {
			return nil, fmt.Errorf("preparing the migration lock: %w", err)
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	sub, err := fs.Sub(files, folder(db.Kind()))
	if err != nil {
		return nil, fmt.Errorf("reading the embedded migrations: %w", err)
	}
	p, err := goose.NewProvider(dialect, db.Handle(), sub, opts...)
	if err != nil {
		return nil, fmt.Errorf("reading the embedded migrations: %w", err)
	}
	return p, nil
}
