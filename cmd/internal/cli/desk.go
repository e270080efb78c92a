package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/migrations"
	"tierdesk/migrations/sqldb"
)

// opened is a desk's database, with the parts of its files that reading commands need.
type opened struct {
	*sqldb.DB
	main *config.Main
	dir  string
}

// database opens the database of a desk folder for a command that needs nothing else. It neither
// creates nor migrates one.
func (f inFolder) database(e *env, opts ...app.Option) (*opened, error) {
	main, err := config.LoadMain(e.ctx, f.Dir)
	if err != nil {
		return nil, err
	}
	if err := f.exists(main); err != nil {
		return nil, err
	}
	db, err := app.OpenDatabase(e.ctx, main, e.quiet(), opts...)
	if err != nil {
		return nil, err
	}
	status, err := migrations.Check(e.ctx, db)
	if err == nil {
		err = status.Err()
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return &opened{DB: db, main: main, dir: f.Dir}, nil
}

// errNoDatabase means that a desk has not been run yet.
var errNoDatabase = errors.New("this desk has no database yet")

// exists returns an error if a SQLite database does not exist, and could not be made, or not yet:
// opening it would create an empty one.
func (f inFolder) exists(main *config.Main) error {
	path, found := strings.CutPrefix(main.Database.URL, "sqlite:")
	if !found {
		return nil
	}
	if err := sqldb.CheckPlace(path); err != nil {
		return err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return hinted(fmt.Errorf("%w: %s", errNoDatabase, path), "tierdesk run and tierdesk migrate make it")
	}
	return nil
}

// whole makes a desk from the folder, without running it, for commands that make decisions or
// connect to the mail servers. It does not migrate the schema, which the daemon and the command
// migrate do.
func (f inFolder) whole(e *env, opts ...app.Option) (*app.App, error) {
	cfg, err := config.Load(e.ctx, f.Dir)
	if err != nil {
		return nil, err
	}
	db, err := f.database(e, opts...)
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return app.New(e.ctx, cfg, e.quiet(), opts...)
}

// quiet returns a logger for what a person must know in addition to a command's output.
func (e *env) quiet() *slog.Logger {
	return slog.New(slog.NewTextHandler(e.err, &slog.HandlerOptions{Level: slog.LevelError}))
}
