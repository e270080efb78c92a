package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
)

// No mail gets out, so none can tell the admin: the command of the alarm does, and again when mail gets out.
func TestADumbDeskRaisesTheAlarm(t *testing.T) {
	t.Parallel()
	said := filepath.Join(t.TempDir(), "said")
	w := newWorld(t, dbtest.SQLite(t), nil, func(dir string) {
		file := filepath.Join(dir, "tierdesk.yaml")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		before, _, found := strings.Cut(string(text), "outgoing:\n")
		if !found {
			t.Fatal("the story's folder has changed")
		}
		text = fmt.Appendf(nil, "%soutgoing: {smtp: \"insecure+smtp://127.0.0.1:1\"}\nalarm: {command: [sh, -c, 'cat >> %s'], after: 1s}\n", before, said)
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	})
	w.send(letter{from: max, to: support, subject: "VPN", text: "The VPN is slow."})
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		text, err := os.ReadFile(said)
		if err == nil && strings.Contains(string(text), "outgoing mail") && strings.Contains(string(text), "127.0.0.1:1") {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the alarm said %q, %v", text, err)
		}
	}
}
