package config

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// watching gives a folder that is watched, and a function that fails unless the change it makes is told exactly once.
func watching(t *testing.T) (dir string, told func(what string, change func(), times int)) {
	t.Helper()
	dir = t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "rules"), 0o755); err != nil {
		t.Fatal(err)
	}
	changes := make(chan struct{}, 100)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Watch(ctx, dir, 40*time.Millisecond, func() { changes <- struct{}{} }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		goleak.VerifyNone(t)
	})
	told = func(what string, change func(), times int) {
		t.Helper()
		change()
		for range times {
			select {
			case <-changes:
			case <-time.After(5 * time.Second):
				t.Fatalf("%s: not told", what)
			}
		}
		select {
		case <-changes:
			t.Errorf("%s: told too often", what)
		case <-time.After(120 * time.Millisecond):
		}
	}
	told("what was saved before", func() {}, 1) // then the watch is up
	return dir, told
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o644); err != nil { // whatever the umask
		t.Fatal(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWatch(t *testing.T) {
	dir, told := watching(t)
	in := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }

	told("written in place", func() { write(t, in(peopleName), "agents:") }, 1)
	told("saved by renaming", func() {
		write(t, in("rules/.10.yaml.swp"), "x")
		write(t, in("rules/4913"), "")
		must(t, os.Remove(in("rules/4913")))
		write(t, in("rules/10.yaml.new"), "rules: []")
		must(t, os.Rename(in("rules/10.yaml.new"), in("rules/10.yaml")))
	}, 1)
	told("several files at once", func() {
		for _, name := range []string{"rules/10.yaml", "rules/20.yaml", serviceName, peopleName} {
			write(t, in(name), "")
		}
	}, 1)
	told("the database", func() {
		for range 20 {
			write(t, in("desk.db"), "x")
			write(t, in("desk.db-wal"), "x")
		}
		must(t, os.Remove(in("desk.db-wal")))
	}, 0)
	told("a log", func() { write(t, in("log.txt"), "the desk folder was read again") }, 0)
	told("a folder created later", func() { write(t, in("templates/ack.md"), "Subject: x") }, 1)
	told("a file in it", func() { write(t, in("templates/ack.md"), "Subject: y") }, 1)
	told("a file of phrases", func() { write(t, in("templates/phrases.de.txt"), "") }, 1)
	told("a file removed", func() { must(t, os.Remove(in("templates/ack.md"))) }, 1)
	told("a folder removed", func() { must(t, os.RemoveAll(in("templates"))) }, 1)
	told("and created again", func() { write(t, in("templates/ack.md"), "Subject: x") }, 1)
	told("and a file in it", func() { write(t, in("templates/ack.md"), "Subject: y") }, 1)
}

func TestWatchLinks(t *testing.T) {
	dir, told := watching(t)
	in := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	// As Kubernetes mounts a ConfigMap: files are links through ..data, which is swapped.
	elsewhere := t.TempDir()
	for _, v := range []string{"v1", "v2"} {
		write(t, filepath.Join(elsewhere, v, "10.yaml"), "rules: [] # "+v)
	}
	told("a link to a folder", func() { must(t, os.Symlink(filepath.Join(elsewhere, "v1"), in("kb"))) }, 1)
	told("a file behind it", func() { write(t, filepath.Join(elsewhere, "v1", "a.md"), "# x") }, 1)
	told("the link swapped", func() {
		must(t, os.Symlink(filepath.Join(elsewhere, "v2"), in("kb.new")))
		must(t, os.Rename(in("kb.new"), in("kb")))
	}, 1)
	told("a file behind the new one", func() { write(t, filepath.Join(elsewhere, "v2", "a.md"), "# x") }, 1)
	told("nothing of the old one", func() { write(t, filepath.Join(elsewhere, "v1", "a.md"), "# y") }, 0)

	told("..data in a subfolder", func() {
		must(t, os.Symlink(filepath.Join(elsewhere, "v1"), in("rules/..data")))
		must(t, os.Symlink("..data/10.yaml", in("rules/10.yaml")))
	}, 1)
	told("..data swapped", func() {
		must(t, os.Symlink(filepath.Join(elsewhere, "v2"), in("rules/..data_tmp")))
		must(t, os.Rename(in("rules/..data_tmp"), in("rules/..data")))
	}, 1)
}

func TestWatchNowhere(t *testing.T) {
	if err := Watch(t.Context(), filepath.Join(t.TempDir(), "none"), time.Second, func() {}); err == nil {
		t.Error("a folder that is not there was watched")
	}
}

// Something that never stops writing must not keep the change from being told.
func TestWatchBusy(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	go func() {
		for ctx.Err() == nil {
			if err := os.WriteFile(filepath.Join(dir, serviceName), []byte("x"), 0o644); err != nil {
				return // the test is over
			}
			time.Sleep(2 * time.Millisecond)
		}
	}()
	told := 0
	err := Watch(ctx, dir, 100*time.Millisecond, func() {
		if told++; told == 2 { // the first may be that it began
			cancel()
		}
	})
	if err != nil || context.Cause(ctx) == context.DeadlineExceeded {
		t.Errorf("the change was not told in 10 s (%v)", err)
	}
}
