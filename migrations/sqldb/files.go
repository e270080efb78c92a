package sqldb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
)

// private is the mode of the files of a SQLite database: there is all of the mail in them.
const private fs.FileMode = 0o600

// suffixes of the files of a SQLite database that is open: the database, what was committed and is
// not in it yet (the write-ahead log), and its index.
var suffixes = []string{"", "-wal", "-shm"}

// Finding is what is wrong with a database's files, and what helps.
type Finding struct{ Text, Hint string }

// Permissions returns which files of a SQLite database can be read or written by others than their
// owner and its group.
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
		if mode := info.Mode().Perm(); mode&0o007 != 0 {
			out = append(out,
				Finding{fmt.Sprintf("everybody on this machine can read or write the database file %s (mode %04o)", name, mode),
					"chmod 600 " + name})
		}
	}
	return out
}

// keepPrivate makes a database's file where there is none, so that nobody else can ever read it
// (SQLite gives the others its mode), and takes the rights of others away from those that are
// there.
func keepPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, private)
	if err == nil {
		return f.Close()
	}
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	var errs []error
	for _, suffix := range suffixes {
		info, err := os.Stat(path + suffix)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && info.Mode().Perm()&0o007 != 0 {
			err = os.Chmod(path+suffix, private)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// ErrMoved says that a file of the database is no longer where it was opened. It is nobody's mail's
// fault.
var ErrMoved = errors.New("the database is not where it was")

// files are those of a SQLite database as they were when it was opened.
type files struct {
	path string

	mu    sync.Mutex
	infos map[string]os.FileInfo // by suffix
	saved bool                   // what was only in a log that is gone has been written into the database
}

// missing returns the name of a file that was moved, deleted or replaced since it was first seen,
// and why; "" if all are in place. What is then committed would be in a file that nobody finds
// again.
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
		case before == nil && errors.Is(err, fs.ErrNotExist) && suffix != "": // it is made with the first transaction
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

// InPlace returns nil if the files of the database are those that were opened, and an error that
// says which is not (ErrMoved). It is always nil for PostgreSQL. It is asked before a transaction
// begins, since a connection that is opened then would take what lies there now for the database,
// and before it is committed.
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

// rescue writes into the database what was committed into a log that is gone: the connections that
// are there have it open still, and it is lost when this process is killed. A new connection would
// begin a new log.
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
		return // a transaction runs; it will find out itself
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
		db.log.Error("writing into the database what stands in a log that is gone", "error", err)
	}
}
