package sqldb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// private is the mode of the files of a SQLite database, which contain all of the mail.
const private fs.FileMode = 0o600

// suffixes of the files of an open SQLite database: the database itself, the write-ahead log and
// its index.
var suffixes = []string{"", "-wal", "-shm"}

// Finding describes a problem with a database's files and its remedy.
type Finding struct{ Text, Hint string }

// Permissions returns a finding for each file of a SQLite database that users other than its owner
// and its group can read or write.
func Permissions(path string) []Finding {
	var out []Finding
	for _, suffix := range suffixes {
		name := path + suffix
		info, err := os.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			out = append(out, Finding{fmt.Sprintf("the permissions of the database file cannot be read: %v", err), ""})
			continue
		}
		if mode := info.Mode(); mode.IsRegular() && mode&0o007 != 0 {
			out = append(out,
				Finding{fmt.Sprintf("everybody on this machine can read or write the database file %s (mode %04o)", name, mode.Perm()),
					"chmod 600 " + name})
		}
	}
	return out
}

// CheckPlace returns an error if no database file can be at path: its folder is missing, or path is
// itself a folder.
func CheckPlace(path string) error {
	dir := filepath.Dir(path)
	switch info, err := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the database's folder %s does not exist: make it, and let the desk's user write in it", dir)
	case err != nil:
		return fmt.Errorf("the database's folder: %w", err)
	case !info.IsDir():
		return fmt.Errorf("the database's folder %s is a file: name a file in a folder", dir)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("the database %s is a folder: name a file in it, like %s", path, filepath.Join(path, "desk.db"))
	}
	return nil
}

// keepPrivate creates the file of a database if there is none, so that nobody else can ever read it
// (SQLite copies its mode to the other files), and removes the permissions of other users from
// existing files.
func keepPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, private)
	if err == nil {
		return f.Close()
	}
	if !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("the database's file cannot be made: %w", err)
	}
	var errs []error
	for _, suffix := range suffixes {
		info, err := os.Stat(path + suffix)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && info.Mode().Perm()&0o007 != 0 {
			if err = os.Chmod(path+suffix, private); err != nil {
				err = fmt.Errorf("keeping the database from others: %w", err)
			}
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// ErrMoved means that a file of the database is no longer where it was opened. No mail is to blame
// for that.
var ErrMoved = errors.New("the database is not where it was")

// files are the files of a SQLite database as they were when it was opened.
type files struct {
	path string

	mu    sync.Mutex
	infos map[string]os.FileInfo // by suffix
	saved bool                   // what was only in a deleted log has been written into the database
}

// missing returns the suffix of a file that was moved, deleted or replaced since it was first seen,
// and the reason. The reason is nil if all files are in place. A commit after that would go to a
// file that nobody finds again.
func (f *files) missing() (suffix string, why error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, suffix := range suffixes {
		info, err := os.Stat(f.path + suffix)
		before := f.infos[suffix]
		switch {
		case before == nil && err == nil:
			if f.infos == nil {
				f.infos = map[string]os.FileInfo{}
			}
			f.infos[suffix] = info
		case before == nil && errors.Is(err, fs.ErrNotExist) && suffix != "": // it is created by the first transaction
		case errors.Is(err, fs.ErrNotExist):
			return suffix, fmt.Errorf("%w: %s was moved or deleted while the desk runs. Put it back; if it is gone, stop the desk, run tierdesk doctor, and restore a backup if need be",
				ErrMoved, f.path+suffix)
		case err != nil:
			return suffix, fmt.Errorf("%w: %s cannot be looked at: %w", ErrMoved, f.path+suffix, err)
		case !os.SameFile(before, info):
			return suffix, fmt.Errorf("%w: %s was replaced by another file while the desk runs. Restart the desk to work with that one, or put the old one back", ErrMoved, f.path+suffix)
		}
	}
	f.saved = false
	return "", nil
}

// InPlace returns nil if the files of the database are still those that were opened, and otherwise
// an error that names the file and wraps ErrMoved. For PostgreSQL it always returns nil. It is
// called before a transaction begins, since a new connection would open whatever file is there now,
// and before the transaction is committed.
func (db *DB) InPlace() error {
	if db.files == nil {
		return nil
	}
	suffix, err := db.files.missing()
	if err != nil && suffix != "" {
		db.rescue()
	}
	return err
}

// rescue writes into the database what was committed to a log that has since been deleted. Only the
// existing connections still have it open, so it would be lost if this process were killed. A new
// connection would start a new log.
func (db *DB) rescue() {
	db.files.mu.Lock()
	again := db.files.saved
	db.files.saved = true
	db.files.mu.Unlock()
	if again {
		return
	}
	select {
	case db.writers.slots <- struct{}{}:
	default:
		return // a transaction is running; it will find out itself
	}
	s := db.writers.idle()
	if s == nil {
		<-db.writers.slots
		return
	}
	defer db.writers.give(s, true)
	ctx, cancel := context.WithTimeout(context.Background(), commitLimit)
	defer cancel()
	if _, err := s.conn.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
		db.log.Error("writing a deleted log into the database", "error", err)
	}
}
