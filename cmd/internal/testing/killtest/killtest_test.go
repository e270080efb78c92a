package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tierdesk/cmd/internal/demo/mailserver"
	"tierdesk/cmd/internal/testing/servers"
	"tierdesk/migrations/dbtest"
)

// TestMain lets the test's own program be the daemon that is killed.
func TestMain(m *testing.M) {
	if folder := os.Getenv(childVariable); folder != "" {
		if err := daemonMain(folder); err != nil {
			fmt.Fprintln(os.Stderr, "daemon:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// The daemon is killed at random moments: nothing is lost, nothing happens twice. TIERDESK_TEST_FULL=1 does all of it, which takes long.
func TestKilledAtAnyMoment(t *testing.T) {
	o := options{mails: 300, kills: 15, seed: uint64(time.Now().UnixNano())}
	if os.Getenv("TIERDESK_TEST_FULL") == "1" {
		o.mails, o.kills = 20_000, 1_000
	}
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		t.Parallel()
		s, err := mailserver.Start(mailserver.Options{Addresses: []string{support}, Password: servers.Password})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		r, err := run(t.Context(), t, o, place{dir: filepath.Join(t.TempDir(), "desk"), database: g.URL, imap: s.IMAP, deliver: func(from, to string, raw []byte) error {
			return s.Deliver(mailserver.Envelope{From: from, To: []string{to}, Raw: raw})
		}})
		if err != nil {
			t.Fatalf("seed %d: %v", o.seed, err)
		}
		t.Logf("seed %d\n%s", o.seed, r)
		if len(r.findings) > 0 {
			t.Errorf("%d findings", len(r.findings)+r.left)
		}
	})
}
