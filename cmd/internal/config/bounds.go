package config

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"tierdesk/migrations/files"
	"tierdesk/rules/fault"
)

// Bounds of the desk folder: no edit may exhaust the desk's time or memory, or keep it from
// stopping. A real folder is far below them.
const (
	maxFileSize    = files.Most
	maxFolderSize  = 16 << 20 // of all policy files together
	maxFolderFiles = 1000     // of one subfolder
	maxNodes       = 100_000  // of one YAML file: aliases can multiply
	maxRules       = 3000     // of all files together, and as many tests
	maxCalendars   = 100      // iCalendar files of all calendars together
	maxFaults      = 200      // that are reported; the rest is counted
	loadTime       = 30 * time.Second
)

// readFile reads a regular file of at most maxFileSize octets.
func readFile(path string) ([]byte, error) { return files.Read(path, maxFileSize) }

// listFolder returns the sorted names in a folder. It fails if there are too many for a desk
// folder.
func listFolder(path string) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(10 * maxFolderFiles)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, err
	case len(names) == 10*maxFolderFiles:
		return nil, fmt.Errorf("it holds %d files or more", 10*maxFolderFiles)
	}
	return names, nil
}

// within calls load and returns its faults as an error. It returns when ctx ends or loadTime is
// over, even if the system blocks on a file: the goroutine that still runs is abandoned, and stops
// before the next file that it would read.
func within[T any](ctx context.Context, dir string, load func(context.Context, *fault.List) T) (T, error) {
	type result struct {
		value  T
		faults fault.List
	}
	tooLong := errors.New("it took longer than " + loadTime.String())
	bounded, cancel := context.WithTimeoutCause(ctx, loadTime, tooLong)
	defer cancel()
	done := make(chan result, 1)
	go func() {
		var r result
		r.value = load(bounded, &r.faults)
		done <- r
	}()
	var r result
	select {
	case r = <-done:
	case <-bounded.Done():
	}
	var none T
	switch {
	case ctx.Err() != nil:
		return none, fmt.Errorf("reading the desk folder %s: %w", dir, context.Cause(ctx))
	case bounded.Err() != nil:
		r.faults = fault.List{{Place: fault.Place{File: "."}, Text: "the desk folder could not be read: " + tooLong.Error(),
			Hint: "look for a file that is very large, or lies on a disk that does not answer"}}
	}
	if err := fewer(r.faults).Err(); err != nil {
		return none, err
	}
	return r.value, nil
}

// fewer drops the faults that nobody would read.
func fewer(l fault.List) fault.List {
	if len(l) <= maxFaults {
		return l
	}
	_ = l.Err() // sorts them by place
	more := len(l) - maxFaults
	last := l[maxFaults-1].Place
	l = l[:maxFaults:maxFaults]
	return append(l, fault.Fault{Place: last, Text: fmt.Sprintf("and %d further faults", more), Hint: "mend these first"})
}

// why returns the reason of a file error without the path, since the fault names the file as the
// admin knows it.
func why(err error) string {
	var pe *os.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	if errors.Is(err, syscall.ELOOP) {
		return "the link leads back to itself"
	}
	return fmt.Sprint(err)
}

// absolute returns an absolute path for one that is relative to the desk folder.
func absolute(dir, path string) string {
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	return filepath.Clean(path)
}

// existing returns the absolute path of a file that must exist; "" if none is named.
func existing(t text, dir string, faults *fault.List) string {
	if !t.given() {
		return ""
	}
	path := absolute(dir, t.s)
	if _, err := readFile(path); err != nil { // it will be read as a whole later
		faults.Add(t.at, "name an ordinary file of at most 1 MB that the desk may read", "the file %q cannot be read: %s", t.s, why(err))
	}
	return path
}

// authorities returns the absolute path of a file with certificates; "" if none is named.
func authorities(t text, dir string, faults *fault.List) string {
	before := len(*faults)
	path := existing(t, dir, faults)
	if path == "" || len(*faults) > before {
		return path
	}
	if pem, err := readFile(path); err == nil && !x509.NewCertPool().AppendCertsFromPEM(pem) {
		faults.Add(t.at, "name a file of certificates in PEM form, with -----BEGIN CERTIFICATE-----",
			"the file %q holds no certificate", t.s)
	}
	return path
}

// hidden reports whether name is that of a hidden file or an editor's backup.
func hidden(name string) bool { return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") }

// missing reports whether an error means that a file does not exist.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
