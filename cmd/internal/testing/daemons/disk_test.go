package daemons

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The disk takes nothing more while mail comes in: a limit on the size of files (setrlimit(2)) is set on the living daemon, at what its database has now. What comes waits
// at the mail server; the admin hears of it by a way that needs no disk of the desk's; the daemon calls itself sick. When there is room again all is done,
// once. A mail too big for what is left waits with the others.
func TestTheDiskIsFull(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database, heard := filepath.Join(dir, "desk.db"), filepath.Join(t.TempDir(), "heard")
	w := newWorld(t, "sqlite:"+database)
	health := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	p := start(t, orders{Folder: w.folder("", "", fmt.Sprintf("ops: %s\nalarm: {command: [sh, -c, 'cat >> %s'], after: 1s}\n", health, heard))})
	eventually(t, "the daemon watches", p.watches)
	for range 20 {
		w.deliver(2000)
	}
	w.done()
	if code, text := get(t, health, "/readyz"); code != http.StatusOK {
		t.Errorf("well: %d %s", code, text)
	}

	largest := int64(0)
	for _, name := range []string{database, database + "-wal"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		largest = max(largest, info.Size())
	}
	limit(t, p, fmt.Sprint(largest))
	before := w.ask(`SELECT COUNT(*) FROM inbound`)
	w.deliver(900_000) // has no room
	for range 300 {
		w.deliver(2000)
	}
	eventually(t, "the alarm", func() bool {
		text, err := os.ReadFile(heard)
		return err == nil && strings.Contains(string(text), "does not work") && strings.Contains(string(text), "disk")
	})
	eventually(t, "the daemon calls itself sick", func() bool {
		code, text := get(t, health, "/healthz")
		return code == http.StatusServiceUnavailable && strings.Contains(text, "disk")
	})
	taken := w.ask(`SELECT COUNT(*) FROM inbound`)
	if waiting := w.inbox(); waiting < w.delivered()-taken || taken-before > 250 {
		t.Errorf("with a full disk %d of %d mails were taken and %d wait at the server", taken-before, w.delivered()-before, waiting)
	}

	limit(t, p, "unlimited")
	w.done()
	eventually(t, "the daemon is well", func() bool { code, _ := get(t, health, "/readyz"); return code == http.StatusOK })
	eventually(t, "the all-clear", func() bool {
		text, err := os.ReadFile(heard)
		return err == nil && strings.Contains(string(text), "works again")
	})
	p.stop()
	if twice := w.count(); twice != 0 {
		t.Errorf("%d mails went out twice", twice)
	}
	t.Logf("%d mails, %d taken while the disk was full", w.delivered(), taken-before)
}

// limit sets how large a file of the daemon may become, in octets.
func limit(t *testing.T, p *process, size string) {
	t.Helper()
	if out, err := exec.Command("prlimit", "--pid", fmt.Sprint(p.cmd.Process.Pid), "--fsize="+size+":unlimited").CombinedOutput(); err != nil {
		t.Fatalf("prlimit: %v: %s", err, out)
	}
}

// get asks the daemon over HTTP.
func get(t *testing.T, address, path string) (int, string) {
	t.Helper()
	client := http.Client{Timeout: 10 * time.Second}
	r, err := client.Get("http://" + address + path)
	if err != nil {
		return 0, err.Error()
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return 0, err.Error()
	}
	return r.StatusCode, string(text)
}
