package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"tierdesk/cmd/internal/cli"
	"tierdesk/cmd/internal/testing/servers"
)

// relay is the outgoing server of a story: it asks the story at each step what to say, and gives
// what it takes to the mail server behind it.
type relay struct {
	addr, behind string

	mu      sync.Mutex
	refuse  func(step, to string) string // "" takes it; else the reply: "550 5.1.1 no such user"
	tried   []string                     // "STEP recipient", as they came
	arrived []string                     // recipients of what was taken
}

// throughRelay returns an edit of the desk folder that puts a relay before the outgoing server.
func throughRelay(t *testing.T, r *relay) func(dir string) {
	return func(dir string) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, "tierdesk.yaml")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`insecure\+smtp://([0-9.:]+)`).FindStringSubmatch(string(text))
		if found == nil {
			t.Fatal("the story's folder has changed")
		}
		r.addr, r.behind = l.Addr().String(), found[1]
		if err := os.WriteFile(file, []byte(strings.Replace(string(text), found[0], "insecure+smtp://"+r.addr, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		s := gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return &relaySession{relay: r}, nil }))
		s.Domain, s.MaxMessageBytes, s.EnableSMTPUTF8, s.ErrorLog = "relay.example", 64<<20, true, discard{}
		done := make(chan struct{})
		go func() { s.Serve(l); close(done) }()
		t.Cleanup(func() { s.Close(); l.Close(); <-done })
	}
}

type discard struct{}

func (discard) Printf(string, ...any) {}
func (discard) Println(...any)        {}

// set changes what the relay refuses.
func (r *relay) set(refuse func(step, to string) string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refuse = refuse
}

// count returns how often a step was tried whose line has the word.
func (r *relay) count(step, word string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, line := range r.tried {
		if strings.HasPrefix(line, step+" ") && strings.Contains(line, word) {
			n++
		}
	}
	return n
}

// taken returns the recipients of what was taken since the first n.
func (r *relay) taken(n int) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.arrived[n:]...)
}

func (r *relay) ask(step, to string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tried = append(r.tried, step+" "+to)
	if r.refuse == nil {
		return nil
	}
	reply := r.refuse(step, to)
	if reply == "" {
		return nil
	}
	e := &gosmtp.SMTPError{EnhancedCode: gosmtp.NoEnhancedCode}
	code, rest, _ := strings.Cut(reply, " ")
	if _, err := fmt.Sscanf(code, "%d", &e.Code); err != nil {
		return err
	}
	var a, b, c int
	if n, _ := fmt.Sscanf(rest, "%d.%d.%d", &a, &b, &c); n == 3 {
		e.EnhancedCode = gosmtp.EnhancedCode{a, b, c}
		_, rest, _ = strings.Cut(rest, " ")
	}
	e.Message = rest
	return e
}

type relaySession struct {
	*relay
	from string
	to   []string
}

func (s *relaySession) Reset()        { s.from, s.to = "", nil }
func (s *relaySession) Logout() error { return nil }

func (s *relaySession) Mail(from string, _ *gosmtp.MailOptions) error {
	s.from = from
	return s.ask("MAIL", from)
}

func (s *relaySession) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	if err := s.ask("RCPT", to); err != nil {
		return err
	}
	s.to = append(s.to, to)
	return nil
}

func (s *relaySession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	for _, to := range s.to {
		if err := s.ask("DATA", to); err != nil {
			return err
		}
	}
	if err := servers.Send(s.behind, s.from, s.to, raw); err != nil {
		return errors.New("the server behind: " + err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arrived = append(s.arrived, s.to...)
	return nil
}

// withAlarm returns an edit of the desk folder that has alarms written into a file, and that file's
// name.
func withAlarm(t *testing.T, after string) (edit func(dir string), said func() string) {
	file := filepath.Join(t.TempDir(), "alarm")
	return func(dir string) {
			f, err := os.OpenFile(filepath.Join(dir, "tierdesk.yaml"), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := fmt.Fprintf(f, "alarm: {command: [sh, -c, 'cat >> %s'], after: %s}\n", file, after); err != nil {
				t.Fatal(err)
			}
		}, func() string {
			text, err := os.ReadFile(file)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			return string(text)
		}
}

// doctor asserts that tierdesk doctor finds something and says all the words.
func (w *world) doctor(words ...string) {
	w.t.Helper()
	var out, faults bytes.Buffer
	code := cli.Main([]string{"doctor", "-C", w.dir}, strings.NewReader(""), &out, &faults)
	for _, word := range words {
		if code != 1 || !strings.Contains(out.String(), word) {
			w.t.Errorf("doctor exits with %d and does not say %q:\n%s%s", code, word, out.String(), faults.String())
		}
	}
}

// heard waits until an alarm has said all the words.
func heard(t *testing.T, said func() string, words ...string) {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		missing := ""
		for _, word := range words {
			if !strings.Contains(said(), word) {
				missing = word
			}
		}
		if missing == "" {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the alarm does not say %q but %q", missing, said())
		}
	}
}
