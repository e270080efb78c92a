package smtp

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

// sink is a scripted SMTP server: at each step it asks the test what to answer.
type sink struct {
	t     testing.TB
	ln    net.Listener
	tls   *tls.Config
	quick bool // offers PIPELINING
	// on is asked at each step of a connection (numbered from 1): "CONNECT", "EHLO", "AUTH",
	// "MAIL", "RCPT", "DATA", "BODY" (cut only), "DOT", ... with the command's line. "" is the
	// usual answer, cut closes the connection, hang says nothing any more.
	on func(conn int, step, line string) string

	mu    sync.Mutex
	conns int
	open  map[net.Conn]bool
	got   []arrived
	most  int // connections at once
}

type arrived struct {
	from, to, auth string
	conn           int
	data           string
	at             time.Time
}

const (
	cut  = "\x00cut"
	hang = "\x00hang"
	// trickle never comes to the end of its line.
	trickle = "\x00trickle"
)

func newSink(t testing.TB, on func(conn int, step, line string) string) *sink {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{t: t, ln: ln, on: on, quick: true, open: map[net.Conn]bool{}}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns++
			n := s.conns
			s.open[c] = true
			s.most = max(s.most, len(s.open))
			s.mu.Unlock()
			all.Go(func() {
				s.serve(c, n)
				c.Close()
				s.mu.Lock()
				delete(s.open, c)
				s.mu.Unlock()
			})
		}
	})
	t.Cleanup(func() {
		ln.Close()
		s.mu.Lock()
		for c := range s.open {
			c.Close()
		}
		s.mu.Unlock()
		all.Wait()
	})
	return s
}

func (s *sink) port() int { return s.ln.Addr().(*net.TCPAddr).Port }

func (s *sink) mails() []arrived {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]arrived(nil), s.got...)
}

func (s *sink) serve(c net.Conn, n int) {
	var in *bufio.Reader
	var a arrived
	secure, mail, rcpt := false, false, false
	use := func(next net.Conn) { c, in = next, bufio.NewReader(next) }
	use(c)
	text := "" // what was said last
	say := func(step, line, usual string) bool {
		text = usual
		if s.on != nil {
			if x := s.on(n, step, line); x != "" {
				text = x
			}
		}
		switch text {
		case cut:
			return false
		case hang:
			io.Copy(io.Discard, c)
			return false
		case trickle:
			for {
				if _, err := io.WriteString(c, "2"); err != nil {
					return false
				}
				time.Sleep(20 * time.Millisecond)
			}
		}
		_, err := io.WriteString(c, text+"\r\n")
		return err == nil && !strings.HasPrefix(text, "421")
	}
	if !say("CONNECT", "", "220 sink.example") {
		return
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSpace(line)
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		usual := "250 2.0.0 ok"
		switch verb {
		case "EHLO":
			usual = "250-sink.example\r\n250-8BITMIME\r\n250-AUTH PLAIN LOGIN XOAUTH2"
			if s.quick {
				usual += "\r\n250-PIPELINING"
			}
			if s.tls != nil && !secure {
				usual += "\r\n250-STARTTLS"
			}
			usual += "\r\n250-SMTPUTF8\r\n250 SIZE 10000000"
		case "STARTTLS":
			if !say("STARTTLS", line, "220 go ahead") {
				return
			}
			t := tls.Server(c, s.tls)
			if t.Handshake() != nil {
				return
			}
			secure = true
			use(t)
			continue
		case "AUTH":
			usual, a.auth = "235 2.7.0 welcome", line
		case "MAIL":
			a.from, a.to, a.data, mail, rcpt = address(line), "", "", true, false
		case "RCPT":
			if a.to, rcpt = address(line), mail; !mail {
				usual = "503 5.5.1 MAIL first"
			}
		case "DATA":
			usual = "354 go on"
			if !rcpt {
				usual = "554 5.5.1 no valid recipients"
			}
			if !say("DATA", line, usual) {
				return
			}
			if !strings.HasPrefix(text, "354") {
				continue
			}
			if s.on != nil && s.on(n, "BODY", a.to) == cut {
				io.CopyN(io.Discard, in, 100)
				return
			}
			b, err := io.ReadAll(textproto.NewReader(in).DotReader())
			if err != nil {
				return
			}
			a.data, a.conn, a.at = string(b), n, time.Now()
			step := "250 2.0.0 taken"
			if s.on != nil {
				if x := s.on(n, "DOT", a.to); x != "" {
					step = x
				}
			}
			if strings.HasPrefix(step, "250") || step == "taken"+cut {
				s.mu.Lock()
				s.got = append(s.got, a)
				s.mu.Unlock()
			}
			if strings.HasSuffix(step, cut) {
				return
			}
			if step == hang {
				io.Copy(io.Discard, c)
				return
			}
			if _, err := io.WriteString(c, step+"\r\n"); err != nil || strings.HasPrefix(step, "421") {
				return
			}
			continue
		case "QUIT":
			io.WriteString(c, "221 bye\r\n")
			return
		}
		if !say(verb, line, usual) {
			return
		}
		if good := strings.HasPrefix(text, "250"); verb == "MAIL" {
			mail = good
		} else if verb == "RCPT" {
			rcpt = rcpt && good
		}
	}
}

func address(line string) string {
	i, j := strings.IndexByte(line, '<'), strings.IndexByte(line, '>')
	if i < 0 || j < i {
		return "?" + line
	}
	return line[i+1 : j]
}

// certificate makes a self-signed one for 127.0.0.1 and the pool that trusts it.
func certificate(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sink.example"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
