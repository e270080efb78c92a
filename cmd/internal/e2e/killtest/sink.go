package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"time"
)

// sink is an SMTP server that takes every mail and remembers what it took. It knows nothing of the desk: what it has seen is what
// the world has seen.
type sink struct {
	addr     string
	listener net.Listener
	wg       sync.WaitGroup

	mu   sync.Mutex
	came []*arrival
	open map[net.Conn]bool
}

// arrival is a mail that the sink took.
type arrival struct {
	recipient, messageID string
	hash                 [32]byte
	raw                  []byte // nil unless it is to a customer: those are answered and sent back
	at                   time.Time
	// cut tells when its connection broke without a QUIT, zero for never; last, that nothing came on it behind this mail's DATA.
	cut  time.Time
	last bool
}

func newSink() (*sink, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting the sink: %w", err)
	}
	s := &sink{addr: l.Addr().String(), listener: l, open: map[net.Conn]bool{}}
	s.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed
			}
			s.mu.Lock()
			s.open[c] = true
			s.mu.Unlock()
			s.wg.Go(func() { s.serve(c) })
		}
	})
	return s, nil
}

func (s *sink) close() error {
	err := s.listener.Close()
	s.mu.Lock()
	for c := range s.open {
		c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
	return err
}

// arrivals gives a copy of what came, in order.
func (s *sink) arrivals() []arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]arrival, len(s.came))
	for i, a := range s.came {
		out[i] = *a
	}
	return out
}

func (s *sink) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.came)
}

// after gives what came to customers behind the first n arrivals, and how many have come in all.
func (s *sink) after(n int) ([]arrival, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []arrival
	for _, a := range s.came[n:] {
		if a.raw != nil {
			out = append(out, *a)
		}
	}
	return out, len(s.came)
}

// serve speaks SMTP (RFC 5321) until the client leaves. A mail counts as taken when its last line has come, whether or not the client lives to
// hear so: from then on a server may deliver it.
func (s *sink) serve(c net.Conn) {
	var mine []*arrival // on this connection
	quit := false
	defer func() {
		c.Close()
		s.mu.Lock()
		delete(s.open, c)
		for _, a := range mine {
			if !quit {
				a.cut = time.Now()
			}
		}
		s.mu.Unlock()
	}()
	in, out := bufio.NewReaderSize(c, 64<<10), bufio.NewWriter(c)
	text := textproto.NewReader(in)
	var to []string
	reply := func(answer string) bool {
		out.WriteString(answer + "\r\n")
		return in.Buffered() > 0 || out.Flush() == nil
	}
	if !reply("220 sink.example ESMTP") {
		return
	}
	for {
		line, err := text.ReadLine()
		if err != nil {
			return
		}
		s.mu.Lock()
		for _, a := range mine {
			a.last = false
		}
		s.mu.Unlock()
		verb, rest, _ := strings.Cut(line, " ")
		answer := "250 2.0.0 OK"
		switch strings.ToUpper(verb) {
		case "EHLO", "HELO":
			answer = "250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES"
		case "RCPT":
			_, address, _ := strings.Cut(rest, "<")
			address, _, _ = strings.Cut(address, ">")
			to = append(to, strings.ToLower(address))
		case "MAIL", "RSET":
			to = nil
		case "DATA":
			if !reply("354 go on") || out.Flush() != nil {
				return
			}
			var raw bytes.Buffer
			for {
				data, err := text.ReadLineBytes()
				if err != nil {
					return
				}
				if len(data) == 1 && data[0] == '.' {
					break
				}
				if bytes.HasPrefix(data, []byte(".")) {
					data = data[1:]
				}
				raw.Write(data)
				raw.WriteString("\r\n")
			}
			mine = append(mine, s.take(to, raw.Bytes())...)
			if rand.IntN(4) == 0 { // servers take their time, and so a kill may come before the answer
				time.Sleep(rand.N(20 * time.Millisecond))
			}
		case "QUIT":
			quit = true
			reply("221 2.0.0 bye")
			return
		case "NOOP":
		default:
			answer = "500 5.5.1 what?"
		}
		if !reply(answer) {
			return
		}
	}
}

func (s *sink) take(to []string, raw []byte) []*arrival {
	var out []*arrival
	for _, r := range to {
		a := &arrival{recipient: r, messageID: header(raw, "Message-Id"), hash: sha256.Sum256(raw), at: time.Now(), last: true}
		if strings.HasSuffix(r, customers) {
			a.raw = bytes.Clone(raw)
		}
		out = append(out, a)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.came = append(s.came, out...)
	return out
}

// header gives a field of a mail without the brackets around it; "" if there is none.
func header(raw []byte, name string) string {
	h, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(raw))).ReadMIMEHeader()
	if err != nil {
		return ""
	}
	return strings.Trim(h.Get(name), " \t<>")
}
