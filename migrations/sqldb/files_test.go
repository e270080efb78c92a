package sqldb_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"tierdesk/migrations"
	"tierdesk/migrations/sqldb"
)

func file(t *testing.T, opts ...sqldb.Option) (*sqldb.DB, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "desk.db")
	return openFile(t, path, opts...), path
}

func openFile(t *testing.T, path string, opts ...sqldb.Option) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), "sqlite:"+path, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func migrated(t *testing.T) (*sqldb.DB, string) {
	t.Helper()
	db, path := file(t)
	if _, err := migrations.Up(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db, path
}

func write(t *testing.T, db *sqldb.DB, name string) error {
	t.Helper()
	return db.Update(t.Context(), func(tx *sqldb.Tx) error { return put(tx, name, "1") })
}

// TestFilesArePrivate shows that nobody else can read what is in the database, whatever the umask, and that what older programs left open is closed.
func TestFilesArePrivate(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	db, path := migrated(t)
	modes := func() (out []fs.FileMode) {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			info, err := os.Stat(path + suffix)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, info.Mode().Perm())
		}
		return out
	}
	if got := modes(); !slices.Equal(got, []fs.FileMode{0o600, 0o600, 0o600}) || len(sqldb.Permissions(path)) != 0 {
		t.Errorf("modes %v, findings %v", got, sqldb.Permissions(path))
	}
	for suffix, mode := range map[string]fs.FileMode{"": 0o644, "-wal": 0o666, "-shm": 0o640} {
		if err := os.Chmod(path+suffix, mode); err != nil {
			t.Fatal(err)
		}
	}
	if found := sqldb.Permissions(path); len(found) != 2 || found[0].Hint != "chmod 600 "+path {
		t.Errorf("findings %v", found)
	}
	openFile(t, path)
	if got := modes(); !slices.Equal(got, []fs.FileMode{0o600, 0o600, 0o640}) { // what the group may is the admin's own business
		t.Errorf("modes %v", got)
	}
	if err := write(t, db, "a"); err != nil {
		t.Error(err)
	}
}

// TestMovedFilesAreNoticed takes each file of the database away while it is open, in each way: nothing is committed into the void, that is said, and it is over when
// the file is back.
func TestMovedFilesAreNoticed(t *testing.T) {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		for _, how := range []string{"moved", "replaced", "in the midst of a transaction"} {
			t.Run("file"+suffix+" "+how, func(t *testing.T) {
				db, path := migrated(t)
				if err := write(t, db, "before"); err != nil {
					t.Fatal(err)
				}
				name, away := path+suffix, filepath.Join(t.TempDir(), "away")
				move := func() {
					if err := os.Rename(name, away); err != nil {
						t.Fatal(err)
					}
					if how == "replaced" {
						if err := os.WriteFile(name, nil, 0o600); err != nil {
							t.Fatal(err)
						}
					}
				}
				told := false
				if how != "in the midst of a transaction" {
					move()
				}
				err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
					tx.AfterCommit(func() { told = true })
					if err := put(tx, "void", "1"); err != nil {
						return err
					}
					if how == "in the midst of a transaction" {
						move()
					}
					return nil
				})
				if !errors.Is(err, sqldb.ErrMoved) || !sqldb.Temporary(err) || told {
					t.Errorf("told %v, error %v", told, err)
				}
				if err := db.Ping(t.Context()); !errors.Is(err, sqldb.ErrMoved) {
					t.Errorf("it answers: %v", err)
				}
				if err := os.Rename(away, name); err != nil {
					t.Fatal(err)
				}
				if err := write(t, db, "after"); err != nil {
					t.Errorf("it is back: %v", err)
				}
				want(t, db, "after", "before")
			})
		}
	}
}

// TestALogThatIsGoneIsSaved deletes the log while the desk runs and kills it after that: what was committed before is in the database.
func TestALogThatIsGoneIsSaved(t *testing.T) {
	db, path := migrated(t)
	if err := write(t, db, "before"); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path + "-wal"); err != nil {
		t.Fatal(err)
	}
	if err := write(t, db, "void"); !errors.Is(err, sqldb.ErrMoved) {
		t.Fatal(err)
	}
	// Killed: nothing is written any more, and what there is is what the next one finds.
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	next := filepath.Join(t.TempDir(), "next.db")
	if err := os.WriteFile(next, b, 0o600); err != nil {
		t.Fatal(err)
	}
	want(t, openFile(t, next), "before")
}

// TestReadOnly shows that a database can be looked at without leaving anything, while a daemon works on it and while none does.
func TestReadOnly(t *testing.T) {
	listing := func(path string) (out []string) {
		entries, err := os.ReadDir(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			info, err := e.Info()
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, e.Name()+info.Mode().String()+info.ModTime().String())
		}
		return out
	}
	db, path := migrated(t)
	if err := write(t, db, "a"); err != nil {
		t.Fatal(err)
	}
	for _, running := range []bool{true, false} {
		if !running {
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
		}
		before := listing(path)
		looking := openFile(t, path, sqldb.ReadOnly())
		want(t, looking, "a")
		if status, err := migrations.Check(t.Context(), looking); err != nil || status.Err() != nil {
			t.Error(status, err)
		}
		if err := write(t, looking, "b"); !errors.Is(err, sqldb.ErrReadOnly) {
			t.Errorf("written: %v", err)
		}
		if _, err := looking.Handle().ExecContext(t.Context(), "DELETE FROM meta"); err == nil {
			t.Error("written")
		}
		if err := looking.Close(); err != nil {
			t.Error(err)
		}
		if after := listing(path); !slices.Equal(after, before) {
			t.Errorf("running %v: before %v, after %v", running, before, after)
		}
	}
	none := filepath.Join(t.TempDir(), "none.db")
	if _, err := sqldb.Open(t.Context(), "sqlite:"+none, sqldb.ReadOnly()); err == nil {
		t.Error("there is nothing to look at")
	}
	if _, err := os.Stat(none); !errors.Is(err, fs.ErrNotExist) {
		t.Error("it was made")
	}
}

// TestADamagedPageIsSaid shows that who reads or writes a damaged file is told what it is and what helps.
func TestADamagedPageIsSaid(t *testing.T) {
	db, path := migrated(t)
	if err := write(t, db, "a"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	for at := int64(4096); at < info.Size(); at += 4096 { // all pages but the first
		if _, err := f.WriteAt([]byte{0xde, 0xad, 0xbe, 0xef}, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	db, err = sqldb.Open(t.Context(), "sqlite:"+path)
	if err == nil { // what is damaged may be read only later
		defer db.Close()
		err = write(t, db, "b")
	}
	if err == nil || !sqldb.Temporary(err) || !containsAll(err.Error(), "damaged", "restore a backup") {
		t.Errorf("%v", err)
	}
}

func containsAll(s string, parts ...string) bool {
	return !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(s, p) })
}
