package servers

import (
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/dbtest/child"
)

// ClamdServer is a running clamd with a single signature, which is made here, so that no virus
// database is needed.
type ClamdServer struct {
	Socket string // unix socket
	TCP    string // host:port

	process *child.Process
}

// Signature is the name under which clamd reports the words given to Clamd. clamd adds
// ".UNOFFICIAL" to the names of signatures that are not its own.
const Signature = "Tierdesk.Test.Words.UNOFFICIAL"

// StreamMaxLength is the size in octets of the largest mail that the clamd of a test accepts.
const StreamMaxLength = 512 << 10

// Clamd starts a clamd that finds these words in what it scans, including attachments.
func Clamd(t testing.TB, words string) *ClamdServer {
	t.Helper()
	program, ok := child.Find("clamd", "/usr/sbin", "/usr/local/sbin")
	if !ok {
		dbtest.Left(t, "clamd", "no clamd on the PATH or in /usr/sbin; Debian: clamav-daemon")
	}
	s := &ClamdServer{}
	_, s.process = launch(t, "clamd", "", func(dir string) (child.Command, error) {
		db := filepath.Join(dir, "db")
		if err := os.Mkdir(db, 0o755); err != nil {
			return child.Command{}, err
		}
		p := port()
		s.Socket, s.TCP = filepath.Join(dir, "s"), local(p)
		// An extended signature: name, any type of file, at any offset, the octets.
		for name, text := range map[string]string{
			filepath.Join(db, "test.ndb"): fmt.Sprintf("Tierdesk.Test.Words:0:*:%s\n", hex.EncodeToString([]byte(words))),
			filepath.Join(dir, "clamd.conf"): fmt.Sprintf("Foreground yes\nLocalSocket %s\nTCPSocket %d\nTCPAddr 127.0.0.1\nDatabaseDirectory %s\nTemporaryDirectory %s\nStreamMaxLength %d\nMaxThreads 4\nSelfCheck 0\nLogTime yes\n",
				s.Socket, p, db, dir, StreamMaxLength),
		} {
			if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
				return child.Command{}, err
			}
		}
		return child.Command{Path: program, Args: []string{"--config-file", filepath.Join(dir, "clamd.conf")}}, nil
	}, func() error {
		for network, address := range map[string]string{"unix": s.Socket, "tcp": s.TCP} {
			conn, err := net.DialTimeout(network, address, time.Second)
			if err != nil {
				return err
			}
			defer conn.Close()
			if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
				return err
			}
			if _, err := io.WriteString(conn, "zPING\x00"); err != nil {
				return err
			}
			answer, err := io.ReadAll(conn)
			if err != nil || strings.TrimRight(string(answer), "\x00") != "PONG" {
				return fmt.Errorf("clamd answers PING with %q, %w", answer, err)
			}
		}
		return nil
	})
	return s
}

// Stop ends the server before the test does.
func (s *ClamdServer) Stop() { s.process.Stop() }

// Log returns what the server has logged so far.
func (s *ClamdServer) Log() string { return s.process.Log() }
