// Package sink is an SMTP server for tests and the benchmark that accepts every mail and records
// the mails, their order, and how each connection ended. What it has received is what the world has
// received. It must never know the desk.
package sink

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"time"
)

// Sink is a running server. Its methods are safe for concurrent use.
type Sink struct {
	Addr string // host:port

	keep     func(recipient string) bool
	pause    func() time.Duration
	taken    func(recipients []string, at time.Time)
	listener net.Listener
	wg       sync.WaitGroup

	mu   sync.Mutex
	came []*Arrival
	open map[net.Conn]bool
}

// Arrival is a mail that the sink has accepted.
type Arrival struct {
	Recipient, MessageID string
	Hash                 [32]byte
	Raw                  []byte // nil unless Options.Keep asks for it
	At                   time.Time
	// Cut is when its connection broke without a QUIT, zero for never. Last means that nothing came
	// on it after this mail's DATA.
	Cut  time.Time
	Last bool
}

// Options are the options of a sink. The zero value keeps no mail and does not delay replies.
type Options struct {
	Keep func(recipient string) bool // whose mails are kept in full
	// Pause returns how long the server waits before it replies to a mail. The mail is accepted
	// before that.
	Pause func() time.Duration
	// Taken, if set, is called for each mail, which is then neither parsed nor kept, so that the
	// sink uses as little of the machine as possible. It is called concurrently, and before the
	// sink replies to the client.
	Taken func(recipients []string, at time.Time)
}

// Start starts a sink on loopback. Stop it with Close.
func Start(o Options) (*Sink, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting the sink: %w", err)
	}
	if o.Keep == nil {
		o.Keep = func(string) bool { return false }
	}
	if o.Pause == nil {
		o.Pause = func() time.Duration { return 0 }
	}
	s := &Sink{Addr: l.Addr().String(), keep: o.Keep, pause: o.Pause, taken: o.Taken, listener: l, open: map[net.Conn]bool{}}
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

// Close stops the sink and cuts open connections.
func (s *Sink) Close() error {
	err := s.listener.Close()
	s.mu.Lock()
	for c := range s.open {
		c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
	return err
}

// Arrivals returns a copy of all arrivals, in order.
func (s *Sink) Arrivals() []Arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Arrival, len(s.came))
	for i, a := range s.came {
		out[i] = *a
	}
	return out
}

// Count returns the number of arrivals.
func (s *Sink) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.came)
}

// After returns the kept arrivals after the first n, and the number of all arrivals.
func (s *Sink) After(n int) ([]Arrival, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Arrival
	for _, a := range s.came[n:] {
		if a.Raw != nil {
			out = append(out, *a)
		}
	}
	return out, len(s.came)
}

// serve speaks SMTP (RFC 5321) until the client disconnects. A mail counts as accepted when its
// last line has been received, whether or not the client gets the reply: from then on a server may
// deliver it.
func (s *Sink) serve(c net.Conn) {
	var mine []*Arrival // on this connection
	passed := 0         // how many of them are no longer the last
	quit := false
	defer func() {
		c.Close()
		s.mu.Lock()
		delete(s.open, c)
		for _, a := range mine {
			if !quit {
				a.Cut = time.Now()
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
		for _, a := range mine[passed:] {
			a.Last = false
		}
		s.mu.Unlock()
		passed = len(mine)
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
				if s.taken != nil {
					continue
				}
				if bytes.HasPrefix(data, []byte(".")) {
					data = data[1:]
				}
				raw.Write(data)
				raw.WriteString("\r\n")
			}
			if s.taken != nil {
				s.taken(to, time.Now())
			} else {
				mine = append(mine, s.take(to, raw.Bytes())...)
			}
			if d := s.pause(); d > 0 {
				time.Sleep(d)
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

func (s *Sink) take(to []string, raw []byte) []*Arrival {
	var out []*Arrival
	for _, r := range to {
		a := &Arrival{Recipient: r, MessageID: Header(raw, "Message-Id"), Hash: sha256.Sum256(raw), At: time.Now(), Last: true}
		if s.keep(r) {
			a.Raw = bytes.Clone(raw)
		}
		out = append(out, a)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.came = append(s.came, out...)
	return out
}

// Header returns the value of a field of a mail, without angle brackets; "" if there is none.
func Header(raw []byte, name string) string {
	h, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(raw))).ReadMIMEHeader()
	if err != nil {
		return ""
	}
	return strings.Trim(h.Get(name), " \t<>")
}
