package proxy_test

import (
	"net"
	"testing"
	"time"

	"tierdesk/cmd/internal/testing/proxy"
)

func TestSpoilsAndHeals(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				c.Write([]byte("hello from the server\n"))
				buf := make([]byte, 1)
				c.Read(buf)
			}()
		}
	}()
	p := proxy.New(t, l.Addr().String())
	read := func() string {
		c, err := net.Dial("tcp", p.Addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(300 * time.Millisecond))
		buf := make([]byte, 100)
		n := 0
		for {
			m, err := c.Read(buf[n:])
			n += m
			if err != nil || n == len("hello from the server\n") {
				return string(buf[:n])
			}
		}
	}
	const whole = "hello from the server\n"
	if got := read(); got != whole {
		t.Errorf("whole: %q", got)
	}
	p.CutAfter(5)
	if got := read(); got != whole[:5] {
		t.Errorf("cut: %q", got)
	}
	p.Heal()
	p.Drop()
	if got := read(); got != "" {
		t.Errorf("dropped: %q", got)
	}
	p.Heal()
	if got := read(); got != whole {
		t.Errorf("healed: %q", got)
	}
}
