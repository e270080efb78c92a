package clamd

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// scripted is a clamd of a test: answer says what it does with a command and the mail behind it.
type scripted struct {
	path  string
	asked atomic.Int64 // INSTREAMs
	l     net.Listener
}

type answering func(conn net.Conn, command string, read func() ([]byte, error))

// healthy answers PING and VERSION as clamd does, and gives INSTREAM to another.
func healthy(instream answering) answering {
	return func(conn net.Conn, command string, read func() ([]byte, error)) {
		switch command {
		case "zPING":
			io.WriteString(conn, "PONG\x00")
		case "zVERSION":
			io.WriteString(conn, "ClamAV 1.4.6\x00")
		default:
			instream(conn, command, read)
		}
	}
}

// say reads the mail and answers.
func say(answer string) answering {
	return func(conn net.Conn, _ string, read func() ([]byte, error)) {
		if _, err := read(); err == nil {
			io.WriteString(conn, answer)
		}
	}
}

func start(t *testing.T, path string, answer answering) *scripted {
	t.Helper()
	s := &scripted{path: path}
	var err error
	if s.l, err = net.Listen("unix", path); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	ended := make(chan struct{})
	wg.Go(func() {
		for {
			conn, err := s.l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer conn.Close()
				stop := context.AfterFunc(t.Context(), func() { conn.Close() })
				defer stop()
				command := make([]byte, 0, 20)
				one := make([]byte, 1)
				for {
					if _, err := io.ReadFull(conn, one); err != nil {
						return
					}
					if one[0] == 0 {
						break
					}
					command = append(command, one[0])
				}
				if string(command) == "zINSTREAM" {
					s.asked.Add(1)
				}
				answer(conn, string(command), func() ([]byte, error) { return mailOf(conn) })
			})
		}
	})
	go func() { wg.Wait(); close(ended) }()
	t.Cleanup(func() { s.l.Close(); <-ended })
	return s
}

// mailOf reads the chunks.
func mailOf(r io.Reader) ([]byte, error) {
	var out []byte
	for {
		var n uint32
		if err := binary.Read(r, binary.BigEndian, &n); err != nil {
			return out, err
		}
		if n == 0 {
			return out, nil
		}
		part := make([]byte, n)
		if _, err := io.ReadFull(r, part); err != nil {
			return out, err
		}
		out = append(out, part...)
	}
}

func client(s *scripted, timeout time.Duration) *Client {
	return New(Config{Network: "unix", Address: s.path, Timeout: timeout, Again: 5 * time.Millisecond, Every: 5 * time.Millisecond})
}

const long = time.Minute // more than any of these tests takes

func TestAnswers(t *testing.T) {
	large := bytes.Repeat([]byte("0123456789"), 100_000)
	for _, c := range []struct {
		name   string
		mail   []byte
		do     answering
		found  string
		err    error
		within time.Duration
		deaf   bool // clamd does not even read
	}{
		{name: "clean", mail: []byte("hello"), do: say("stream: OK\x00")},
		{name: "empty", mail: []byte{}, do: say("stream: OK\x00")},
		{name: "found", mail: large, do: say("stream: Win.Test.EICAR_HDB-1 FOUND\x00"), found: "Win.Test.EICAR_HDB-1"},
		{name: "a name with spaces", do: say("stream: Odd name(abc:12) FOUND\x00"), mail: []byte("x"), found: "Odd name(abc:12)"},
		{name: "control signs in a name", mail: []byte("x"), do: say("stream: A\x1b[2J\nB FOUND\x00"), found: "A[2JB"},
		{name: "an endless name", mail: []byte("x"), do: say("stream: " + strings.Repeat("n", 2000) + " FOUND\x00"), found: strings.Repeat("n", 242) + "...nnnn"},
		{name: "its error", mail: []byte("x"), do: say("Can't allocate memory ERROR\x00"), err: ErrRefused},
		{name: "too large", mail: large, err: ErrTooLarge, do: func(conn net.Conn, _ string, _ func() ([]byte, error)) {
			io.CopyN(io.Discard, conn, 100) // as clamd: says so in the middle and hangs up
			io.WriteString(conn, "INSTREAM size limit exceeded. ERROR\x00")
		}},
		{name: "cut", mail: large, err: ErrRefused, do: func(conn net.Conn, _ string, _ func() ([]byte, error)) { io.CopyN(io.Discard, conn, 100) }},
		{name: "cut in the answer", mail: []byte("x"), do: say("stream: O"), err: ErrRefused},
		{name: "found nothing", mail: []byte("x"), do: say("stream:  FOUND\x00"), err: ErrRefused},
		{name: "garbage", mail: []byte("x"), do: say("250 2.0.0 OK\x00"), err: ErrRefused},
		{name: "garbage without end", mail: []byte("x"), err: ErrRefused, do: func(conn net.Conn, _ string, _ func() ([]byte, error)) {
			for {
				if _, err := conn.Write(large); err != nil {
					return
				}
			}
		}},
		{name: "slow", mail: []byte("x"), err: ErrSlow, within: 50 * time.Millisecond, do: func(conn net.Conn, _ string, _ func() ([]byte, error)) { io.Copy(io.Discard, conn) }},
		{name: "does not read", mail: bytes.Repeat(large, 10), err: ErrSlow, within: 50 * time.Millisecond, deaf: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []byte
			s := start(t, filepath.Join(t.TempDir(), "s"), healthy(func(conn net.Conn, command string, read func() ([]byte, error)) {
				if c.deaf {
					<-t.Context().Done()
					return
				}
				c.do(conn, command, func() ([]byte, error) {
					var err error
					got, err = read()
					return got, err
				})
			}))
			within := c.within
			if within == 0 {
				within = long
			}
			found, err := client(s, within).Scan(t.Context(), c.mail)
			if found != c.found || !errors.Is(err, c.err) || err != nil && c.err == nil {
				t.Errorf("found %q, error %v; wanted %q, %v", found, err, c.found, c.err)
			}
			if err == nil && !bytes.Equal(got, c.mail) {
				t.Errorf("clamd got %d octets, sent were %d", len(got), len(c.mail))
			}
		})
	}
}

// While clamd is away no mail waits for it, and once it is back mails are asked about again.
func TestAwayAndBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	c := client(&scripted{path: path}, long)
	if _, err := c.Scan(t.Context(), []byte("x")); !errors.Is(err, ErrAway) {
		t.Fatalf("nobody listens: %v", err)
	}
	if s := c.Status(); !s.Away || s.Reason == "" || s.Since.IsZero() || s.Failed != 1 {
		t.Errorf("the status: %+v", s)
	}
	s := start(t, path, healthy(say("stream: OK\x00")))
	if _, err := c.Scan(t.Context(), []byte("x")); !errors.Is(err, ErrAway) || s.asked.Load() != 0 {
		t.Errorf("a mail asked a clamd that is known to be away: %v", err)
	}
	back := make(chan Status, 10)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() { c.Run(ctx, func(s Status) { back <- s }) })
	for c.Status().Away {
		time.Sleep(time.Millisecond)
	}
	if _, err := c.Scan(t.Context(), []byte("x")); err != nil {
		t.Errorf("it is back: %v", err)
	}
	if st := c.Status(); st.Version != "ClamAV 1.4.6" || st.Clean != 1 {
		t.Errorf("the status: %+v", st)
	}
	s.l.Close()
	if st := <-back; !st.Away {
		t.Errorf("Run told %+v", st)
	}
}

// One that hangs is away after the first mails, and costs the others nothing.
func TestHanging(t *testing.T) {
	s := start(t, filepath.Join(t.TempDir(), "s"), func(conn net.Conn, _ string, _ func() ([]byte, error)) { io.Copy(io.Discard, conn) })
	c := New(Config{Network: "unix", Address: s.path, Timeout: 10 * time.Millisecond, Ping: 10 * time.Millisecond})
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if _, err := c.Scan(ctx, []byte("x")); !errors.Is(err, ErrAway) {
				t.Errorf("a clamd that hangs: %v", err)
			}
		})
	}
	wg.Wait()
	if n := s.asked.Load(); n > 4 {
		t.Errorf("%d mails waited for a clamd that hangs", n)
	}
}

// No more are asked about at once than is allowed, and who gives up does not wait.
func TestBounds(t *testing.T) {
	var now, most atomic.Int64
	s := start(t, filepath.Join(t.TempDir(), "s"), healthy(func(conn net.Conn, command string, read func() ([]byte, error)) {
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		time.Sleep(2 * time.Millisecond)
		now.Add(-1)
		say("stream: OK\x00")(conn, command, read)
	}))
	c := client(s, long)
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if _, err := c.Scan(t.Context(), []byte("x")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := most.Load(); n < 2 || n > 4 {
		t.Errorf("%d at once", n)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for range 4 {
		c.places <- struct{}{}
	}
	if _, err := c.Scan(ended, []byte("x")); !errors.Is(err, ErrSlow) {
		t.Errorf("no place: %v", err)
	}
}
