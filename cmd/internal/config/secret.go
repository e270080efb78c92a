package config

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"tierdesk/rules/fault"
)

// Secret is a reference to a password. The password is read each time it is needed, so that a
// change takes effect and no copy is kept in memory. The zero value refers to no password. A Secret
// never appears in logs. It is safe for concurrent use by multiple goroutines.
type Secret struct {
	name  string // of the key, for errors
	file  string
	env   string
	argv  []string
	plain string
}

// commandTime is how long a password_command may take.
const commandTime = 20 * time.Second

// maxSecret is the largest secret, in octets.
const maxSecret = 64 << 10

// PlainSecret returns a secret with a known value, for tests and the demo.
func PlainSecret(s string) Secret { return Secret{name: "password", plain: s} }

// Set reports whether there is a secret.
func (s Secret) Set() bool { return s.name != "" }

// String returns the location of the secret, never the secret itself.
func (s Secret) String() string {
	switch {
	case s.file != "":
		return "file " + s.file
	case s.env != "":
		return "environment variable " + s.env
	case len(s.argv) > 0:
		return "command"
	case s.plain != "":
		return "in the file"
	}
	return "none"
}

// GoString does not reveal the secret either (%#v).
func (s Secret) GoString() string { return "config.Secret(" + s.String() + ")" }

// LogValue does not reveal the secret either.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Read returns the secret, "" if there is none (Set is false). A trailing line end is not part of
// it. A command that takes longer than 20 s is killed. Errors contain the error output of a
// command, never its output.
func (s Secret) Read(ctx context.Context) (string, error) {
	var out string
	switch {
	case s.file != "":
		path := s.file
		if rest, ok := strings.CutPrefix(path, credentialsPrefix); ok {
			dir := os.Getenv("CREDENTIALS_DIRECTORY")
			if dir == "" {
				return "", fmt.Errorf("%s_file: $CREDENTIALS_DIRECTORY is not set: systemd sets it for a service with LoadCredential=",
					s.name)
			}
			path = filepath.Join(dir, rest)
		}
		b, err := readSecret(ctx, path)
		if err != nil {
			return "", fmt.Errorf("%s_file: %w", s.name, err)
		}
		out = string(b)
	case s.env != "":
		v, ok := os.LookupEnv(s.env)
		if !ok {
			return "", fmt.Errorf("%s_env: the environment has no %s", s.name, s.env)
		}
		out = v
	case len(s.argv) > 0:
		v, err := run(ctx, s.argv)
		if err != nil {
			return "", fmt.Errorf("%s_command: %w", s.name, err)
		}
		out = v
	default:
		return s.plain, nil
	}
	out = strings.TrimSuffix(strings.TrimSuffix(out, "\n"), "\r")
	switch {
	case out == "":
		return "", fmt.Errorf("%s: %s gives nothing", s.name, s)
	case len(out) > maxSecret:
		return "", fmt.Errorf("%s: %s gives more than 64 KB", s.name, s)
	case strings.ContainsAny(out, "\x00\r\n"):
		return "", fmt.Errorf("%s: %s gives more than one line", s.name, s)
	}
	return out, nil
}

// readSecret reads a file of any kind, including a pipe to which a process writes a moment later.
// It waits no longer than for a command, and never in a system call that could not be interrupted.
func readSecret(ctx context.Context, path string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = f.SetReadDeadline(time.Now()) }) // ordinary files have none
	defer stop()
	for {
		b, err := io.ReadAll(io.LimitReader(f, maxSecret+2)) // Read reports what is too long
		if info.Mode()&os.ModeNamedPipe == 0 || err == nil && len(b) > 0 || err != nil && ctx.Err() == nil {
			return b, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%s: no answer: %w", path, ctx.Err())
		case <-time.After(20 * time.Millisecond): // no process has opened it for writing
		}
	}
}

// head is a writer that keeps only the beginning of what is written to it.
type head struct {
	text  []byte
	limit int
}

func (h *head) Write(p []byte) (int, error) {
	h.text = append(h.text, p[:min(len(p), max(0, h.limit-len(h.text)))]...)
	return len(p), nil
}

func run(ctx context.Context, argv []string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.WaitDelay = time.Second // a child of the shell may keep the pipe open
	stdout, stderr := head{limit: maxSecret + 3}, head{limit: 4 << 10}
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return "", fmt.Errorf("no answer: %w", ctx.Err())
	case err != nil && len(stderr.text) > 0:
		return "", fmt.Errorf("%w: %s", err, firstLine(string(stderr.text)))
	case err != nil:
		return "", err
	}
	return string(stdout.text), nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	if len(line) > 200 {
		line = line[:200] + "…"
	}
	return line
}

// credentialsPrefix begins a path relative to the folder in which systemd puts a service's
// credentials.
const credentialsPrefix = "$CREDENTIALS_DIRECTORY/"

// secretKeys are the ways to give a password.
type secretKeys struct {
	File     text    `yaml:"password_file" eg:"/run/secrets/imap" doc:"File that holds the password; $CREDENTIALS_DIRECTORY/NAME for a credential of systemd."`
	Env      text    `yaml:"password_env" eg:"IMAP_PASSWORD" doc:"Environment variable that holds the password."`
	Command  command `yaml:"password_command" eg:"pass show support" doc:"Command that prints the password, within 20 s."`
	Plain    text    `yaml:"password" doc:"The password itself; only with password_insecure: true."`
	Insecure boolean `yaml:"password_insecure" eg:"true" doc:"Insist on a password in the file."`
}

// clientSecretKeys are the ways to give the secret of an OAuth 2 application.
type clientSecretKeys struct {
	File    text    `yaml:"client_secret_file" eg:"/run/secrets/oauth" doc:"File that holds the application's secret."`
	Env     text    `yaml:"client_secret_env" eg:"OAUTH_SECRET" doc:"Environment variable that holds it."`
	Command command `yaml:"client_secret_command" eg:"pass show oauth" doc:"Command that prints it, within 20 s."`
}

func (k *clientSecretKeys) build(name, dir string, needed bool, at fault.Place, faults, warnings *fault.List) Secret {
	all := secretKeys{File: k.File, Env: k.Env, Command: k.Command}
	return all.build(name, dir, needed, at, faults, warnings)
}

func (k *secretKeys) places() []fault.Place {
	var out []fault.Place
	for _, p := range []fault.Place{k.File.at, k.Env.at, k.Command.at, k.Plain.at} {
		if p.Line != 0 {
			out = append(out, p)
		}
	}
	return out
}

func (k *secretKeys) given() bool { return len(k.places()) > 0 }

// build returns the secret; `at` is the place of the block in which it is missing.
func (k *secretKeys) build(name, dir string, needed bool, at fault.Place, faults, warnings *fault.List) Secret {
	places := k.places()
	switch {
	case len(places) == 0 && needed && at.Line != 0:
		faults.Add(at, fmt.Sprintf("give %s_file, %s_env or %s_command", name, name, name), "there is no %s",
			strings.ReplaceAll(name, "_", " "))
		return Secret{}
	case len(places) == 0:
		return Secret{}
	case len(places) > 1:
		faults.Add(places[1], "keep one of them", "the %s is given twice", strings.ReplaceAll(name, "_", " "))
		return Secret{}
	}
	s := Secret{name: name}
	switch {
	case k.File.given():
		s.file = k.File.s
		if !strings.HasPrefix(s.file, credentialsPrefix) {
			s.file = absolute(dir, s.file)
			tooOpen(s.file, k.File.at, warnings)
		}
	case k.Env.given():
		s.env = k.Env.s
		if strings.ContainsAny(s.env, "$={} ") {
			faults.Add(k.Env.at, "like TIERDESK_PASSWORD, only the name", "%q is no environment variable", s.env)
		}
	case k.Command.given():
		s.argv = k.Command.argv
	case !k.Insecure.on:
		faults.Add(k.Plain.at, fmt.Sprintf("give %s_file, %s_env or %s_command; if you insist: password_insecure: true", name, name, name),
			"the password stands in the file")
	default:
		s.plain = k.Plain.s
		tooOpen(filepath.Join(dir, mainName), k.Plain.at, warnings)
	}
	return s
}

// tooOpen adds a warning for a secret that everybody on the machine can read. A file that does not
// exist yet is reported by check --connect.
func tooOpen(path string, at fault.Place, warnings *fault.List) {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) || err != nil {
		return
	}
	if mode := info.Mode().Perm(); mode&0o007 != 0 {
		warnings.Add(at, "chmod o= "+path, "everybody on this machine can read %s (mode %04o)", path, mode)
	}
}
