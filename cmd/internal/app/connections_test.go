package app

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"tierdesk/cmd/internal/config"
)

// Files of outgoing mail that are none when the desk starts, or have no end: each is refused with
// its name and what to do, and nobody waits for it.
func TestFilesOfOutgoingMail(t *testing.T) {
	dir := t.TempDir()
	pipe, huge := filepath.Join(dir, "pipe"), filepath.Join(dir, "huge.pem")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, 16<<20); err != nil {
		t.Fatal(err)
	}
	for path, why := range map[string]string{pipe: "not an ordinary file", "/dev/zero": "not an ordinary file", dir: "a folder", huge: "larger than 1 MB"} {
		for key, out := range map[string]config.Outgoing{
			"ca_file":  {CAFile: path},
			"key_file": {DKIM: &config.DKIM{Domain: "acme.example", Selector: "d", KeyFile: path}},
		} {
			in := &config.Inbox{Outgoing: &out}
			_, err := outgoing(&config.Main{Domain: "acme.example"}, in)
			if err == nil {
				t.Errorf("%s: %s is taken", key, path)
				continue
			}
			for _, word := range []string{key, path, why, "in PEM form"} {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%s: %s: %v, want %q", key, path, err, word)
				}
			}
		}
	}
}
