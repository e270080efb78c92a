package config

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestSecret(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	t.Setenv("TIERDESK_TEST_SECRET", "from env")
	t.Setenv("CREDENTIALS_DIRECTORY", dir)
	sh := func(s string) []string { return []string{"/bin/sh", "-c", s} }
	file("cred", "from systemd\n")
	for _, c := range []struct {
		name   string
		secret Secret
		want   string
		fault  string
	}{
		{"file", Secret{name: "password", file: file("a", "hunter2\n")}, "hunter2", ""},
		{"CRLF, and blanks that belong to it", Secret{name: "password", file: file("b", " hunter 2 \r\n")}, " hunter 2 ", ""},
		{"credential", Secret{name: "password", file: "$CREDENTIALS_DIRECTORY/cred"}, "from systemd", ""},
		{"no file", Secret{name: "password", file: filepath.Join(dir, "none")}, "", "no such file"},
		{"empty file", Secret{name: "password", file: file("c", "\n")}, "", "gives nothing"},
		{"two lines", Secret{name: "password", file: file("d", "a\nb\n")}, "", "more than one line"},
		{"large", Secret{name: "password", file: file("e", strings.Repeat("x", 65<<10))}, "", "more than 64 KB"},
		{"environment", Secret{name: "password", env: "TIERDESK_TEST_SECRET"}, "from env", ""},
		{"no environment", Secret{name: "password", env: "TIERDESK_TEST_NONE"}, "", "has no TIERDESK_TEST_NONE"},
		{"command", Secret{name: "password", argv: sh("echo from command")}, "from command", ""},
		{"command without a shell", Secret{name: "password", argv: []string{"echo", "$HOME"}}, "$HOME", ""},
		{"command fails", Secret{name: "password", argv: sh("echo locked >&2; echo hunter2; exit 3")}, "", "exit status 3: locked"},
		{"no command", Secret{name: "password", argv: []string{filepath.Join(dir, "no")}}, "", "no such file"},
		{"plain", PlainSecret("x"), "x", ""},
		{"none", Secret{}, "", ""},
	} {
		got, err := c.secret.Read(t.Context())
		switch {
		case c.fault == "" && (err != nil || got != c.want):
			t.Errorf("%s: %q, %v", c.name, got, err)
		case c.fault != "" && (err == nil || got != "" || !strings.Contains(err.Error(), c.fault)):
			t.Errorf("%s: %q, %v", c.name, got, err)
		case err != nil && strings.Contains(err.Error(), "hunter2"):
			t.Errorf("%s: the error tells the secret: %v", c.name, err)
		}
	}
}

// A command that hangs, even in a child that holds the pipe, ends with its context.
func TestSecretCommandHangs(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := Secret{name: "password", argv: []string{"/bin/sh", "-c", "sleep 60 & sleep 60"}}.Read(ctx)
	if err == nil || time.Since(start) > 10*time.Second {
		t.Errorf("%v after %s", err, time.Since(start))
	}
}

func TestSecretDoesNotShow(t *testing.T) {
	s := PlainSecret("hunter2")
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", s)
	if all := fmt.Sprintf("%v %+v %#v %s %q", s, s, s, s, s) + log.String(); strings.Contains(all, "hunter2") {
		t.Errorf("it shows: %s", all)
	}
	if all := fmt.Sprintf("%v %+v %#v", Outgoing{Password: s}, Main{Database: Database{Password: s}}, &Inbox{Password: s}); strings.Contains(all, "hunter2") {
		t.Errorf("it shows inside: %s", all)
	}
}
