package daemons

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tierdesk/cmd/internal/testing/proxy"
	"tierdesk/migrations/dbtest/child"
)

// PostgreSQL is killed, restarted, held up for seconds, and cut off, while mail comes in and goes out: nothing is lost, nothing is done twice, and the daemon needs
// no help.
func TestPostgresGoesAway(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := newWorld(t, c.url(c.port))
	line := proxy.New(t, net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)))
	_, port, err := net.SplitHostPort(line.Addr)
	if err != nil {
		t.Fatal(err)
	}
	by, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, orders{Folder: w.folder(c.url(by), "", ""), Lease: lease, SendLease: lease})
	eventually(t, "the daemon watches", p.watches)
	stop := w.pour(40 * time.Millisecond)
	w.inDoubt = true
	unjust := func() {
		t.Helper()
		if strings.Contains(p.log.String(), "the desk folder has faults") {
			t.Fatal("its files are said to be wrong, since the database was away")
		}
	}
	for _, fault := range []struct {
		name  string
		cause func()
	}{
		{"killed", func() { c.crash(); time.Sleep(300 * time.Millisecond); c.start() }},
		{"restarted", c.restart},
		{"held up", func() { c.signal(syscall.SIGSTOP, true); time.Sleep(4 * time.Second); c.signal(syscall.SIGCONT, true) }},
		{"cut off", func() {
			line.Cut()
			// Files that are saved meanwhile cannot be compared with the open tickets.
			people := filepath.Join(p.folder, "people.yaml")
			text, err := os.ReadFile(people)
			if err == nil {
				err = os.WriteFile(people, append(text, "# saved while the database was away\n"...), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(3 * time.Second)
			line.Open()
		}},
		{"connections that die without a word", func() { line.Drop(); time.Sleep(3 * time.Second); line.Heal() }},
	} {
		fault.cause()
		// Mail that comes after the fault is taken, whatever became of what was under way.
		before := w.delivered()
		began := time.Now()
		eventually(t, "mail is taken again after PostgreSQL was "+fault.name, func() bool { return w.ask(`SELECT COUNT(*) FROM inbound`) > before })
		unjust()
		t.Logf("%s: %v until mail was taken again", fault.name, time.Since(began).Round(100*time.Millisecond))
	}
	eventually(t, "the desk folder that was saved while the database was away is read", func() bool {
		unjust()
		return strings.Contains(p.log.String(), "the desk folder was read again and is in force")
	})
	stop()
	w.done()
	p.stop()
	t.Logf("%d mails, %d of those that went out came twice", w.delivered(), w.count())
}

// PostgreSQL fails over to its standby: the daemon knows both (target_session_attrs) and finds the one that takes writes. What was committed is there, since the first
// waited for the second at each commit.
func TestPostgresFailsOver(t *testing.T) {
	t.Parallel()
	first := newCluster(t, "-c", "synchronous_commit=on")
	second := first.standby()
	w := newWorld(t, first.url(first.port))
	both := fmt.Sprintf("postgres://%s@/postgres?host=127.0.0.1,127.0.0.1&port=%d,%d&sslmode=disable&target_session_attrs=read-write", postgresUser, first.port, second.port)
	p := start(t, orders{Folder: w.folder(both, "", ""), Lease: lease, SendLease: lease})
	eventually(t, "the daemon watches", p.watches)
	stop := w.pour(40 * time.Millisecond)
	eventually(t, "mail is taken", func() bool { return w.ask(`SELECT COUNT(*) FROM inbound`) > 20 })
	first.crash()
	if err := child.Run(postgresUser, filepath.Dir(second.data), filepath.Join(second.bin, "pg_ctl"), "promote", "-w", "-D", second.data); err != nil {
		t.Fatal(err)
	}
	w.database = second.url(second.port)
	w.inDoubt = true
	before := w.delivered()
	eventually(t, "mail is taken again", func() bool { return w.ask(`SELECT COUNT(*) FROM inbound`) > before })
	stop()
	w.done()
	p.stop()
	t.Logf("%d mails, %d of those that went out came twice", w.delivered(), w.count())
}
