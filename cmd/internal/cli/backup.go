package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/mailout"
	"tierdesk/migrations"
	"tierdesk/migrations/sqldb"
)

type backupCmd struct {
	File string `arg:"" help:"The file to write; it must not exist."`
	inFolder
	asJSON
}

// Help is shown by `tierdesk help backup`.
func (backupCmd) Help() string {
	return `Tickets, raw mails, outbox, timers and keys are all in the database, so this file and the desk folder are the whole desk. On SQLite the copy is a consistent snapshot; by the time the command ends it has been verified and written to disk. On PostgreSQL the command runs pg_dump (custom format), which must be installed.

The file contains mails and keys: protect it accordingly.

Exit codes: 0 the copy is complete; 1 there is no copy.`
}

// Run copies the database.
func (c *backupCmd) Run(e *env) error {
	if _, err := os.Lstat(c.File); !errors.Is(err, fs.ErrNotExist) {
		return hinted(errors.Join(fmt.Errorf("%s exists", c.File), err), "name a new file")
	}
	db, err := c.database(e)
	if err != nil {
		return err
	}
	defer db.Close()
	began := time.Now()
	part := c.File + ".part"
	copied := copySQLite
	if db.Kind() == sqldb.Postgres {
		copied = c.dumpPostgres
	}
	if err := copied(e.ctx, db, part); err != nil {
		return errors.Join(err, remove(part))
	}
	if err := durable(part, c.File); err != nil {
		return errors.Join(fmt.Errorf("writing the backup: %w", err), remove(part))
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(struct {
			File    string  `json:"file"`
			Size    int64   `json:"size"`
			Seconds float64 `json:"seconds"`
		}{c.File, info.Size(), time.Since(began).Seconds()})
	}
	e.printf("%s %s  %s in %s, checked\n", e.paint(green, "✓"), e.paint(bold, c.File), octets(info.Size()),
		time.Since(began).Round(10*time.Millisecond))
	return nil
}

// copySQLite copies a database that may be in use, and checks the copy.
func copySQLite(ctx context.Context, db *opened, to string) error {
	// The file is created first, so that nobody else can ever read it.
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("writing the backup: %w", err)
	}
	if err := f.Close(); err != nil {
		return err
	}
	if _, err := db.Handle().ExecContext(ctx, `VACUUM INTO ?`, to); err != nil {
		return fmt.Errorf("copying the database: %w", err)
	}
	return sound(ctx, to)
}

// sound checks the integrity of a database file, and that this program knows its schema. It leaves
// no other files behind.
func sound(ctx context.Context, path string) error {
	db, err := sqldb.Open(ctx, "sqlite:"+path)
	if err != nil {
		return err
	}
	defer func() {
		db.Close()
		remove(path+"-wal", path+"-shm")
	}()
	if err := integrity(ctx, db, "integrity_check"); err != nil {
		return err
	}
	status, err := migrations.Check(ctx, db)
	if err != nil {
		return err
	}
	if err := status.Err(); err != nil && !errors.Is(err, migrations.ErrOlder) {
		return err
	}
	if status.Current == 0 {
		return errors.New("it is not the database of a desk")
	}
	return nil
}

// integrity has SQLite check a file; the pragma is integrity_check or quick_check.
func integrity(ctx context.Context, db *sqldb.DB, pragma string) error {
	rows, err := db.Handle().QueryContext(ctx, `PRAGMA `+pragma+`(10)`)
	if err != nil {
		return fmt.Errorf("checking the database file: %w", err)
	}
	defer rows.Close()
	var bad []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return fmt.Errorf("checking the database file: %w", err)
		}
		if line != "ok" {
			bad = append(bad, line)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("checking the database file: %w", err)
	}
	if len(bad) > 0 {
		return fmt.Errorf("the database file is damaged: %s", strings.Join(bad, "; "))
	}
	return nil
}

// dumpPostgres copies the database with pg_dump.
func (c *backupCmd) dumpPostgres(ctx context.Context, db *opened, to string) error {
	url := sqldb.Redacted(db.main.Database.URL)
	by := fmt.Sprintf("pg_dump --format=custom --file=%s %s", c.File, url)
	program, err := exec.LookPath("pg_dump")
	if err != nil {
		return hinted(errors.New("a PostgreSQL database is copied by pg_dump, which is not installed"), "where it is: %s", by)
	}
	cmd := exec.CommandContext(ctx, program, "--format=custom", "--file="+to, "--dbname="+db.main.Database.URL)
	cmd.Env = os.Environ()
	if db.main.Database.Password.Set() {
		password, err := db.main.Database.Password.Read(ctx)
		if err != nil {
			return fmt.Errorf("the database's password: %w", err)
		}
		cmd.Env = append(cmd.Env, "PGPASSWORD="+password) // other users can read command lines
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return hinted(fmt.Errorf("pg_dump: %w: %s", err, strings.TrimSpace(string(out))),
			"a pg_dump that is older than the server refuses; by hand: %s", by)
	}
	if out, err := exec.CommandContext(ctx, "pg_restore", "--list", to).CombinedOutput(); err != nil && !errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("the copy cannot be read: pg_restore: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}

// durable renames a file once it has been written to the disk.
func durable(part, name string) error {
	f, err := os.OpenFile(part, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(part, name); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// remove removes files, if they exist.
func remove(paths ...string) error {
	var errs []error
	for _, p := range paths {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

type restoreCmd struct {
	File string `arg:"" help:"A backup made by tierdesk backup."`
	inFolder
}

// Help is shown by `tierdesk help restore`.
func (restoreCmd) Help() string {
	return `SQLite only. The backup is verified first; the present database is kept beside it under another name. A database that is in use is never replaced: stop the daemon first.

Mail that came in after the backup was made is not in it: with after: move, move it back into the inbox, and the desk takes it in again. Mail that was waiting in the outbox at the time is sent once more: outbox list shows it, and outbox drop holds it back.

Exit codes: 0 the backup is in place; 1 nothing was changed.`
}

// Run puts a backup in place.
func (c *restoreCmd) Run(e *env) error {
	main, err := config.LoadMain(e.ctx, c.Dir)
	if err != nil {
		return err
	}
	path, isSQLite := strings.CutPrefix(main.Database.URL, "sqlite:")
	if !isSQLite {
		return hinted(errors.New("this desk is on PostgreSQL"), "stop the daemons, then: pg_restore --clean --if-exists --dbname=%s %s",
			sqldb.Redacted(main.Database.URL), c.File)
	}
	unlock, err := app.Lock(path)
	if err != nil {
		return hinted(err, "stop the daemon first")
	}
	defer unlock()
	part := path + ".restore"
	if err := copyFile(c.File, part); err != nil {
		return errors.Join(fmt.Errorf("reading the backup: %w", err), remove(part))
	}
	if err := sound(e.ctx, part); err != nil {
		return errors.Join(fmt.Errorf("the backup %s: %w", c.File, err), remove(part))
	}
	kept, err := setAside(e.ctx, path)
	if err != nil {
		return errors.Join(err, remove(part))
	}
	if err := durable(part, path); err != nil {
		return fmt.Errorf("putting the backup in place: %w", err)
	}
	e.printf("%s %s has replaced %s\n", e.paint(green, "✓"), c.File, e.paint(bold, path))
	if kept != "" {
		e.printf("  %s\n", e.paint(faint, "what was there is kept as "+kept))
	}
	db, err := c.database(e)
	if errors.Is(err, migrations.ErrOlder) {
		e.printf("  %s\n", e.paint(faint, "it was taken by an older program; next: tierdesk migrate -C "+c.Dir))
		return nil
	}
	if err != nil {
		return err
	}
	defer db.Close()
	waiting := 0
	err = db.View(e.ctx, func(tx *sqldb.Tx) error {
		queues, err := mailout.Queues(tx)
		for _, q := range queues {
			waiting += q.Waiting
		}
		return err
	})
	if err != nil {
		return err
	}
	if waiting > 0 {
		e.printf("  %s %s in its outbox; what was sent since is sent once more\n", e.paint(yellow, "!"), plural(waiting, "mail"))
		e.printf("    %s tierdesk outbox list -C %s, and outbox drop, before the daemon is started\n", e.paint(faint, "hint:"), c.Dir)
	}
	e.printf("  %s\n", e.paint(faint, "next: tierdesk doctor -C "+c.Dir))
	return nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// setAside renames an existing database and returns its new name, "" if there is none. Its log is
// written into it first. It returns an error if the database is in use.
func setAside(ctx context.Context, path string) (string, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	db, err := sqldb.Open(ctx, "sqlite:"+path)
	if err == nil {
		var busy, log, moved int
		err = db.Handle().QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &log, &moved)
		db.Close()
		if busy != 0 || err != nil && strings.Contains(err.Error(), "locked") {
			return "", hinted(errors.New("the old database is in use"), "another tierdesk command works on it: wait for it, or stop it")
		}
	}
	// A damaged database is the best reason to restore: it is kept as it is, with its log.
	kept := path + ".before-restore-" + time.Now().UTC().Format("20060102-150405")
	for _, end := range []string{"-wal", "-shm", ""} {
		if err := os.Rename(path+end, kept+end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("keeping the old database: %w", err)
		}
	}
	return kept, nil
}
