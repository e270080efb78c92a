package ops

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tierdesk/mailin/imap"
)

func TestHostsThatMayBeAsked(t *testing.T) {
	at := func(address string) net.Addr {
		a, err := net.ResolveTCPAddr("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	loopback, lan, lan6 := at("127.0.0.1:9725"), at("10.1.2.3:9725"), at("[fd00::3]:9725")
	for _, c := range []struct {
		field string
		local net.Addr
		want  bool
	}{
		{"127.0.0.1:9725", loopback, true}, {"127.0.0.1", loopback, true}, {"127.8.9.10:1", loopback, true}, {"localhost:9725", loopback, true}, {"localhost", loopback, true},
		{"LocalHost:9725", loopback, true}, {"localhost.", loopback, true}, {"localhost.:9725", loopback, true}, {"[::1]:9725", loopback, true}, {"[::1]", loopback, true},
		{"[0:0:0:0:0:0:0:1]:9725", loopback, true}, {"[::ffff:127.0.0.1]:9725", loopback, true}, {"desk.acme.example:9725", loopback, true}, {"DESK.acme.example.", loopback, true},
		{"10.1.2.3:9725", lan, true}, {"[fd00::3]:9725", lan6, true}, {"[FD00:0::3]", lan6, true}, {"[::ffff:10.1.2.3]", lan, true},

		{"", loopback, false}, {"evil.example", loopback, false}, {"evil.example:9725", loopback, false}, {"localhost.evil.example", loopback, false}, {"127.0.0.1.evil.example:9725", loopback, false},
		{"xlocalhost", loopback, false}, {"a.localhost", loopback, false}, {"10.1.2.3:9725", loopback, false}, {"10.1.2.4:9725", lan, false}, {"0.0.0.0:9725", loopback, false}, {"0.0.0.0", at("0.0.0.0:1"), false},
		{"[::]:9725", loopback, false}, {"[::]", at("[::]:1"), false}, {"::1", loopback, false}, {"[::1", loopback, false}, {"[::1]x", loopback, false}, {"[::1]:", loopback, false}, {"localhost:", loopback, false},
		{"localhost:x", loopback, false}, {"localhost:9725.evil.example", loopback, false}, {"localhost:0", loopback, false}, {"localhost:99999", loopback, false}, {"evil@localhost", loopback, false},
		{"localhost@evil.example", loopback, false}, {"localhost..", loopback, false}, {".", loopback, false}, {"2130706433", loopback, false}, {"0x7f.1", loopback, false}, {"127.1", loopback, false},
		{"[127.0.0.1]", loopback, false}, {"[localhost]", loopback, false}, {"desk.acme.example.evil.example", loopback, false}, {"localhost, evil.example", loopback, false},
	} {
		if got := (hosts{"desk.acme.example", "0.0.0.0", ""}).has(c.field, c.local); got != c.want {
			t.Errorf("%q at %v: %v", c.field, c.local, got)
		}
	}
}

// No path of the port answers a request that names a stranger's host, or that a page of another
// site makes.
func TestARebindingPageLearnsNothing(t *testing.T) {
	d := &ill{folder: imap.FolderStatus{Folder: "INBOX"}}
	s := httptest.NewServer(d.watch().Handler("desk.acme.example"))
	defer s.Close()
	address := strings.TrimPrefix(s.URL, "http://")
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/", "/favicon.ico"} {
		for _, c := range []struct {
			lines string
			want  bool
		}{
			{"Host: " + address, true}, {"Host: localhost:" + port, true}, {"Host: [::1]:" + port, true}, {"Host: LOCALHOST.:" + port, true}, {"Host: desk.acme.example", true},
			{"Host: " + address + "\r\nOrigin: http://localhost:" + port, true},
			{"Host: evil.example", false}, {"Host: evil.example:" + port, false}, {"Host: localhost.evil.example:" + port, false}, {"Host: ", false},
			{"Host: evil.example\r\nX-Forwarded-Host: localhost", false},
			{"Host: " + address + "\r\nOrigin: https://evil.example", false}, {"Host: " + address + "\r\nOrigin: null", false},
			{"Host: " + address + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: http://evil.example:" + port, false},
			{"Host: " + address + "\r\nOrigin: http://localhost\r\nOrigin: http://evil.example", false},
		} {
			code, text := raw(t, address, "GET "+path+" HTTP/1.1\r\n"+c.lines+"\r\n\r\n")
			if (code == http.StatusForbidden) == c.want {
				t.Errorf("%s, %q: %d", path, c.lines, code)
			}
			if !c.want && (strings.Contains(text, "tierdesk_") || strings.Contains(text, `"ok"`)) {
				t.Errorf("%s, %q: it answers %q", path, c.lines, text)
			}
		}
	}
	for _, request := range []string{"GET http://evil.example/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /metrics HTTP/1.0\r\n\r\n", "HEAD /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n"} {
		if code, _ := raw(t, address, request); code != http.StatusForbidden {
			t.Errorf("%q: %d", request, code)
		}
	}
}

// What the admin wrote into ops: may be asked by that name.
func TestTheConfiguredNameMayBeAsked(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- (&ill{}).watch().Serve(ctx, address, []string{"desk.internal.example"}, slog.New(slog.DiscardHandler))
	}()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
			break
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
	if code, text := raw(t, address, "GET /healthz HTTP/1.1\r\nHost: "+address+"\r\n\r\n"); code != http.StatusOK {
		t.Errorf("%d %s", code, text)
	}
	if code, text := raw(t, address, "GET /healthz HTTP/1.1\r\nHost: Desk.Internal.Example:9725\r\n\r\n"); code != http.StatusOK {
		t.Errorf("a further name: %d %s", code, text)
	}
	if code, _ := raw(t, address, "GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n"); code != http.StatusForbidden {
		t.Errorf("a stranger's name: %d", code)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// raw sends a request as it stands and returns what came back.
func raw(t *testing.T, address, request string) (int, string) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := fmt.Fprint(c, request); err != nil {
		t.Fatal(err)
	}
	method, _, _ := strings.Cut(request, " ")
	r, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil && r.Request != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(text)
}
