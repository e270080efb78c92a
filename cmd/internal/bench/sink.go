package main

import (
	"bufio"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"time"
)

// sink is an SMTP server that takes every mail at once, keeps none and counts: as little of the machine as can be goes to it.
type sink struct {
	addr     string
	listener net.Listener
	wg       sync.WaitGroup

	mu      sync.Mutex
	taken   int
	last    time.Time
	awaited map[string]chan time.Time // by recipient
	open    map[net.Conn]bool
}

func newSink() (*sink, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting the sink: %w", err)
	}
	s := &sink{addr: l.Addr().String(), listener: l, awaited: map[string]chan time.Time{}, open: map[net.Conn]bool{}}
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

// await gives the moment at which a mail for the recipient is taken.
func (s *sink) await(recipient string) <-chan time.Time {
	came := make(chan time.Time, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.awaited[recipient] = came
	return came
}

// count tells how many mails were taken so far, and when the last one was.
func (s *sink) count() (int, time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taken, s.last
}

func (s *sink) note(recipients []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken++
	s.last = time.Now()
	for _, r := range recipients {
		if came := s.awaited[r]; came != nil {
			came <- s.last
			delete(s.awaited, r)
		}
	}
}

// serve speaks SMTP (RFC 5321) with pipelining (RFC 2920) until the client leaves.
func (s *sink) serve(c net.Conn) {
	defer func() {
		c.Close()
		s.mu.Lock()
		delete(s.open, c)
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
			if !reply("354 go on") {
				return
			}
			for {
				data, err := text.ReadLineBytes()
				if err != nil {
					return
				}
				if len(data) == 1 && data[0] == '.' {
					break
				}
			}
			s.note(to)
		case "QUIT":
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
