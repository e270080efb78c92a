package app

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tierdesk/cmd/internal/config"
)

// A log that lies in the desk folder changes the folder with each line: the same faults are logged once, and again only to who asks.
func TestFaultsAreLoggedOnce(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "service.yaml"), []byte("tears: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	a := &App{Config: &config.Desk{Dir: dir}, log: slog.New(slog.NewTextHandler(&log, nil)), options: options{grace: time.Hour}}
	logged := func(want int) {
		t.Helper()
		if n := strings.Count(log.String(), "has faults"); n != want {
			t.Errorf("%d times in the log, wanted %d:\n%s", n, want, log.String())
		}
	}
	a.tryReload(t.Context(), false)
	logged(1)
	a.tryReload(t.Context(), false)
	logged(1)
	a.TryReload(t.Context())
	logged(2)
	if err := os.WriteFile(filepath.Join(dir, "service.yaml"), []byte("tears: {}\nfears: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a.tryReload(t.Context(), false)
	logged(3)
}
