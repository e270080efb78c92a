package faults

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// disk is what SQLite writes a database to, with its journal; each write can be made to fail. It stands between SQLite and
// its layer for files (sqlite.org/vfs.html), so what is tested is what SQLite makes of an error of the system.
type disk struct {
	mu     sync.Mutex
	writes int
	fail   func(n int, what string) bool // asked for each write, from 1 on
}

// breakAt has the writes fail that the function names; nil for none.
func (d *disk) breakAt(fail func(n int, what string) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.writes, d.fail = 0, fail
}

func (d *disk) written() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.writes
}

// ask reports whether a write fails.
func (d *disk) ask(what string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.writes++
	return d.fail != nil && d.fail(d.writes, what)
}

// shim is the layer for files of this process's SQLite.
type shim struct {
	under   uintptr             // the layer below
	kept    []any               // functions that SQLite knows by their addresses alone
	methods map[uintptr]uintptr // ours, by those of the layer below

	mu    sync.Mutex
	disks map[string]*disk  // by the database's path
	files map[uintptr]*disk // open ones
	below map[uintptr]uintptr
}

// The functions of SQLite's layer for files that are replaced.
type (
	openFunc  = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32
	closeFunc = func(tls *libc.TLS, file uintptr) int32
	writeFunc = func(tls *libc.TLS, file, from uintptr, n int32, at int64) int32
	syncFunc  = func(tls *libc.TLS, file uintptr, flags int32) int32
)

// at is what lies at an address of SQLite's.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// function is the Go function behind a function pointer of SQLite's, pointer the other way round.
func function[F any](address uintptr) F { return *(*F)(unsafe.Pointer(&address)) }
func pointer[F any](f *F) uintptr       { return *(*uintptr)(unsafe.Pointer(f)) }

// theShim is put before SQLite's own layer once.
var theShim = sync.OnceValue(func() *shim {
	tls := libc.NewTLS()
	defer tls.Close()
	s := &shim{under: sqlite3.Xsqlite3_vfs_find(tls, 0), methods: map[uintptr]uintptr{}, disks: map[string]*disk{}, files: map[uintptr]*disk{}, below: map[uintptr]uintptr{}}
	vfs := copied(tls, *at[sqlite3.Tsqlite3_vfs](s.under))
	name, err := libc.CString("breakable")
	if err != nil {
		panic(err)
	}
	open := openFunc(s.open)
	s.kept = append(s.kept, open)
	ours := at[sqlite3.Tsqlite3_vfs](vfs)
	ours.FzName, ours.FpNext, ours.FxOpen = name, 0, pointer(&open)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, vfs, 1); rc != 0 {
		panic(rc)
	}
	return s
})

// newDisk gives the disk of a database that is opened afterwards.
func newDisk(t *testing.T, url string) *disk {
	path, err := filepath.EvalSymlinks(filepath.Dir(strings.TrimPrefix(url, "sqlite:")))
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(path, filepath.Base(url))
	s := theShim()
	s.mu.Lock()
	defer s.mu.Unlock()
	d := &disk{}
	s.disks[path] = d
	return d
}

func (s *shim) open(tls *libc.TLS, _, name, file uintptr, flags int32, outFlags uintptr) int32 {
	rc := function[openFunc](at[sqlite3.Tsqlite3_vfs](s.under).FxOpen)(tls, s.under, name, file, flags, outFlags)
	if rc != sqlite3.SQLITE_OK || name == 0 {
		return rc
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.disks[strings.TrimSuffix(libc.GoString(name), "-wal")]
	if d == nil {
		return rc
	}
	methods := at[uintptr](file)
	s.files[file], s.below[file] = d, *methods
	ours := s.methods[*methods]
	if ours == 0 {
		ours = s.breakable(tls, *at[sqlite3.Tsqlite3_io_methods](*methods))
		s.methods[*methods] = ours
	}
	*methods = ours
	return rc
}

// copied puts a value where SQLite's own lie, outside of what Go collects.
func copied[T any](tls *libc.TLS, value T) uintptr {
	address := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(value)))
	*at[T](address) = value
	return address
}

// breakable gives the methods of a file with those that write replaced; s.mu is held.
func (s *shim) breakable(tls *libc.TLS, below sqlite3.Tsqlite3_io_methods) uintptr {
	breaks := func(file uintptr, what string) bool {
		s.mu.Lock()
		d := s.files[file]
		s.mu.Unlock()
		return d != nil && d.ask(what)
	}
	shut := closeFunc(func(tls *libc.TLS, file uintptr) int32 {
		s.mu.Lock()
		if methods, known := s.below[file]; known {
			*at[uintptr](file) = methods
			delete(s.below, file)
			delete(s.files, file)
		}
		s.mu.Unlock()
		return function[closeFunc](below.FxClose)(tls, file)
	})
	write := writeFunc(func(tls *libc.TLS, file, from uintptr, n int32, offset int64) int32 {
		if breaks(file, "write") {
			if n > 1 { // the system may have written some of it
				function[writeFunc](below.FxWrite)(tls, file, from, n/2, offset)
			}
			return sqlite3.SQLITE_FULL
		}
		return function[writeFunc](below.FxWrite)(tls, file, from, n, offset)
	})
	flush := syncFunc(func(_ *libc.TLS, file uintptr, _ int32) int32 {
		if breaks(file, "sync") {
			return sqlite3.SQLITE_IOERR_FSYNC
		}
		return sqlite3.SQLITE_OK // nobody pulls the plug here
	})
	ours := below
	ours.FxClose, ours.FxWrite, ours.FxSync = pointer(&shut), pointer(&write), pointer(&flush)
	s.kept = append(s.kept, shut, write, flush)
	return copied(tls, ours)
}
