package daemons

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/dbtest/child"
	"tierdesk/migrations/sqldb"
)

// cluster is a PostgreSQL of a test's own, which it may stop, kill and start again.
type cluster struct {
	t       *testing.T
	bin     string // folder of the programs
	data    string
	port    int
	process *child.Process
}

// postgresUser runs the servers: they refuse to run as root.
const postgresUser = "postgres"

// newCluster makes and starts one.
func newCluster(t *testing.T, settings ...string) *cluster {
	t.Helper()
	initdb, ok := child.Find("initdb", "/usr/lib/postgresql/*/bin")
	if !ok {
		dbtest.Left(t, "PostgreSQL", "no initdb")
	}
	initdb, err := filepath.EvalSymlinks(initdb) // the other programs lie beside it
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{t: t, bin: filepath.Dir(initdb), data: dataFolder(t), port: freePort(t)}
	if err := child.Run(postgresUser, filepath.Dir(c.data), initdb, "-D", c.data, "-U", postgresUser, "-A", "trust", "-N", "-E", "UTF8", "--locale=C"); err != nil {
		t.Fatal(err)
	}
	c.start(settings...)
	return c
}

// dataFolder makes a folder that goes with the test process, however that ends.
func dataFolder(t *testing.T) string {
	t.Helper()
	dir, err := child.Folder("cluster", postgresUser)
	if err != nil {
		t.Fatal(err)
	}
	keeper, err := child.Start(child.Command{Path: "/bin/sleep", Args: []string{"100000"}, Dir: dir, User: postgresUser})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(keeper.Stop)
	return filepath.Join(dir, "data")
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// start starts the server; after a kill the last of its old processes may hold it up for a moment.
func (c *cluster) start(settings ...string) {
	c.t.Helper()
	err := child.Wait(patience(), func() error {
		dir, err := child.Folder("pg", postgresUser)
		if err != nil {
			return err
		}
		c.process, err = child.Start(child.Command{Path: filepath.Join(c.bin, "postgres"), Dir: dir, User: postgresUser, Signal: syscall.SIGQUIT, Args: append([]string{
			"-D", c.data, "-k", dir, "-p", strconv.Itoa(c.port), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=200", "-c", "shared_buffers=32MB",
		}, settings...)})
		if err != nil {
			return err
		}
		err = child.Wait(10*time.Second, func() error { return c.answers(dir) })
		if err != nil {
			err = fmt.Errorf("%w\n%s", err, c.process.Log())
			c.process.Stop()
		}
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(c.process.Stop)
}

// answers reports whether the server answers, and why there is no sense in waiting.
func (c *cluster) answers(string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	db, err := sqldb.Open(ctx, c.url(c.port))
	if err != nil {
		return err
	}
	return db.Close()
}

// url is that of the database, by way of a port.
func (c *cluster) url(port int) string {
	return fmt.Sprintf("postgres://%s@127.0.0.1:%d/postgres?sslmode=disable&idle_in_transaction_session_timeout=2s", postgresUser, port)
}

// do runs one statement.
func (c *cluster) do(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	db, err := sqldb.Open(ctx, c.url(c.port))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Handle().ExecContext(ctx, statement)
	return err
}

// pids gives the server's process and those that it has started.
func (c *cluster) pids() []int {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(c.data, "postmaster.pid"))
	if err != nil {
		c.t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	server, err := strconv.Atoi(first)
	if err != nil {
		c.t.Fatal(err)
	}
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", server, server))
	if err != nil {
		c.t.Fatal(err)
	}
	out := []int{server}
	for _, word := range strings.Fields(string(children)) {
		pid, err := strconv.Atoi(word)
		if err != nil {
			c.t.Fatal(err)
		}
		out = append(out, pid)
	}
	return out
}

// signal signals the server alone, or with all its processes.
func (c *cluster) signal(s syscall.Signal, all bool) {
	c.t.Helper()
	for i, pid := range c.pids() {
		if i > 0 && !all {
			return
		}
		if err := syscall.Kill(pid, s); err != nil && !errors.Is(err, syscall.ESRCH) {
			c.t.Fatal(err)
		}
	}
}

// crash ends the server as a kill by the system does.
func (c *cluster) crash() {
	c.t.Helper()
	c.signal(syscall.SIGKILL, false)
	c.gone()
}

// restart stops the server in the fast way, in which sessions are ended, and starts it again.
func (c *cluster) restart() {
	c.t.Helper()
	c.signal(syscall.SIGINT, false)
	c.gone()
	c.start()
}

func (c *cluster) gone() {
	c.t.Helper()
	eventually(c.t, "the server is gone", func() bool {
		conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", c.port), time.Second)
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	c.process.Stop() // or its number would stay taken, which the next one sees
}

// standby makes a server that follows this one, and has this one wait for it at each commit.
func (c *cluster) standby() *cluster {
	c.t.Helper()
	s := &cluster{t: c.t, bin: c.bin, data: dataFolder(c.t), port: freePort(c.t)}
	if err := child.Run(postgresUser, filepath.Dir(s.data), filepath.Join(c.bin, "pg_basebackup"), "-D", s.data, "-h", "127.0.0.1", "-p", strconv.Itoa(c.port), "-U", postgresUser, "-R", "-X", "stream", "-c", "fast"); err != nil {
		c.t.Fatal(err)
	}
	s.start()
	for _, statement := range []string{"ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()"} {
		if err := c.do(statement); err != nil {
			c.t.Fatal(err)
		}
	}
	// Both come into force some time after they were said; until then no commit waits.
	eventually(c.t, "the first server waits for the second at each commit", func() bool {
		return c.do(`DO $$ BEGIN ASSERT EXISTS (SELECT FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = 'sync'); END $$`) == nil
	})
	return s
}
