package files

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Whatever lies at a path, it is read within bounds or refused with a reason, at once.
func TestRead(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, size := range map[string]int64{"small": 10, "full": Most, "large": Most + 1, "huge": 1 << 30} {
		if err := os.WriteFile(at(name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(at(name), size); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(at("pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/zero", at("zero")); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		at("small"): "", at("full"): "", at("large"): "larger than 1 MB", at("huge"): "larger than 1 MB", at("pipe"): "not an ordinary file",
		at("zero"): "not an ordinary file", dir: "a folder", at("none"): "no such file",
		"/proc/self/mem": "input/output error", // it claims to be empty
	} {
		began := time.Now()
		b, err := Read(path, Most)
		switch {
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %d octets, %v; want %q", path, len(b), err, want)
		case time.Since(began) > patience/2:
			t.Errorf("%s: it was waited for", path)
		}
	}
}
