package config

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Watch calls changed when something in the desk folder, its direct subfolders or the inboxes'
// folders of templates has been saved: as soon as nothing more has happened for the debounce time,
// and at the latest ten times that long after the first change. It also calls it once when the
// watch is established, for what was saved before. All calls are made by the goroutine that runs
// Watch, so they never overlap. It watches folders, not files, since editors save by renaming;
// subfolders that come, go or are swapped as links are followed. Watch does not check the files,
// which is for LoadPolicy.
//
// It returns nil when ctx ends, and an error if the system cannot watch: then only a signal causes
// a reload.
func Watch(ctx context.Context, dir string, debounce time.Duration, changed func()) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watching the desk folder: %w", err)
	}
	defer w.Close()
	dir, err = filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("watching the desk folder: %w", err)
	}
	if err := w.Add(dir); err != nil {
		return fmt.Errorf("watching the desk folder: %w", err)
	}
	subs := subfolders{dir: dir, watcher: w, known: map[string]fs.FileInfo{}}
	if _, err := subs.follow(); err != nil {
		return fmt.Errorf("watching the desk folder: %w", err)
	}
	quiet := time.NewTimer(time.Hour)
	quiet.Stop()
	defer quiet.Stop()
	var first time.Time // of the changes that have not been reported yet
	note := func() {
		now := time.Now()
		if first.IsZero() {
			first = now
		}
		quiet.Reset(max(0, min(debounce, first.Add(10*debounce).Sub(now))))
	}
	note() // the folder was read before it was watched
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, ok := <-w.Events:
			if !ok {
				return errors.New("watching the desk folder: the watcher ended")
			}
			if subs.holdsFolders(filepath.Dir(e.Name)) && !e.Has(fsnotify.Write) || e.Name == dir {
				changed, err := subs.follow()
				if err != nil {
					return fmt.Errorf("watching the desk folder: %w", err)
				}
				if changed {
					note()
				}
			}
			if subs.matters(e.Name) {
				note()
			}
		case err, ok := <-w.Errors:
			if !ok {
				return errors.New("watching the desk folder: the watcher ended")
			}
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				return fmt.Errorf("watching the desk folder: %w", err)
			}
			note() // events were lost, so something may have changed
		case <-quiet.C:
			first = time.Time{}
			changed()
		}
	}
}

// subfolders are the subfolders that are watched.
type subfolders struct {
	dir     string
	watcher *fsnotify.Watcher
	known   map[string]fs.FileInfo // by path, as they were when their watch began
}

// holdsFolders reports whether the subfolders of a folder are watched.
func (s *subfolders) holdsFolders(path string) bool {
	return path == s.dir || path == filepath.Join(s.dir, mailsDir)
}

// follow watches the present subfolders and no others. It returns true if they have changed. Then
// all watches are renewed, since two links to one folder share a watch, and removing it for one
// would remove it for the other.
func (s *subfolders) follow() (changed bool, err error) {
	there, err := foldersIn(s.dir)
	if err != nil {
		return false, err
	}
	if inboxes, err := foldersIn(filepath.Join(s.dir, mailsDir)); err == nil { // otherwise LoadPolicy reports the error
		maps.Copy(there, inboxes)
	}
	if maps.EqualFunc(there, s.known, os.SameFile) {
		return false, nil
	}
	for path := range s.known {
		_ = s.watcher.Remove(path) // the watch may have ended with its folder
	}
	s.known = map[string]fs.FileInfo{}
	for path, info := range there {
		s.known[path] = info
		// LoadPolicy reports what it needs and cannot read.
		if err := s.watcher.Add(path); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
			return true, err
		}
	}
	return true, nil
}

// foldersIn returns the folders in a folder, except hidden ones, by path.
func foldersIn(dir string) (map[string]fs.FileInfo, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	there := map[string]fs.FileInfo{}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if strings.HasPrefix(e.Name(), ".") || !e.IsDir() && e.Type()&fs.ModeSymlink == 0 {
			continue
		}
		if info, err := os.Stat(path); err == nil && info.IsDir() { // otherwise it is gone, or is a dangling link or a link to a file
			there[path] = info
		}
	}
	return there, nil
}

// matters reports whether a change to a path may change a decision. The database is in the same
// folder and changes all the time. So may a log: were the folder read again for each of its lines,
// and that logged, there would be no end.
func (s *subfolders) matters(path string) bool {
	name := filepath.Base(path)
	if name == "..data" { // the link that Kubernetes swaps
		return true
	}
	switch filepath.Ext(name) {
	case ".txt":
		return strings.HasPrefix(name, "phrases") // no others are read
	case ".yaml", ".yml", ".md", ".ics":
		return !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "#")
	}
	return false
}
