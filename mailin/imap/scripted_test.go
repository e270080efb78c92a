package imap_test

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tierdesk/mailin/imap"
	"tierdesk/mailin/imap/imaptest"
)

// scripted is an IMAP server that can be made to behave badly at each command. It knows just enough
// IMAP for one client that watches INBOX.
type scripted struct {
	t    testing.TB
	port int

	mu      sync.Mutex
	caps    string
	mails   []*letter           // in INBOX
	given   uint32              // the highest UID that UIDNEXT has told of
	folders map[string][]uint32 // UIDs that were moved or copied there
	log     []string            // commands, without tags
	conns   map[net.Conn]bool
	opened  chan struct{} // closed when connections are let in: hooks are set before
	opening sync.Once
	// on is asked before each command; if it returns true the command has been answered.
	on func(c *wire, command, args string) bool
	// answer replaces what FETCH says of a mail, if it returns true. items are those asked for.
	answer func(c *wire, seq int, m *letter, items string) bool
}

type letter struct {
	uid     uint32
	bytes   []byte
	date    string // INTERNALDATE as it is told, with its quotes; "" is that of all the others
	flags   []string
	deleted bool
}

type wire struct {
	*scripted
	net.Conn
	r       *bufio.Reader
	tag     string
	idleTag string
}

func script(t testing.TB, caps string) *scripted {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &scripted{t: t, port: ln.Addr().(*net.TCPAddr).Port, caps: strings.TrimSpace("IMAP4rev1 " + caps), folders: map[string][]uint32{}, conns: map[net.Conn]bool{}, opened: make(chan struct{})}
	var all sync.WaitGroup
	all.Go(func() {
		<-s.opened
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns[conn] = true
			s.mu.Unlock()
			all.Go(func() {
				defer func() {
					conn.Close()
					s.mu.Lock()
					delete(s.conns, conn)
					s.mu.Unlock()
				}()
				(&wire{scripted: s, Conn: conn, r: bufio.NewReader(conn)}).serve()
			})
		}
	})
	t.Cleanup(func() {
		ln.Close()
		s.open()
		s.mu.Lock()
		for c := range s.conns {
			c.Close()
		}
		s.mu.Unlock()
		all.Wait()
	})
	return s
}

// open lets connections in.
func (s *scripted) open() { s.opening.Do(func() { close(s.opened) }) }

// account returns the account and lets connections in.
func (s *scripted) account() imaptest.Account {
	s.open()
	return s.closedAccount()
}

func (s *scripted) closedAccount() imaptest.Account {
	return imaptest.Account{Server: imap.Server{Host: "127.0.0.1", Port: s.port, Security: imap.Insecure}, User: "u", Password: "p"}
}

// put adds a mail and tells those who idle.
func (s *scripted) put(uid uint32, mail []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, &letter{uid: uid, bytes: mail})
	for c := range s.conns {
		fmt.Fprintf(c, "* %d EXISTS\r\n", len(s.mails))
	}
}

// putSilently adds a mail and tells nobody.
func (s *scripted) putSilently(uid uint32, mail []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, &letter{uid: uid, bytes: mail})
}

// commands counts the commands that began so.
func (s *scripted) commands(prefix string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.log {
		if strings.HasPrefix(c, prefix) {
			n++
		}
	}
	return n
}

func (s *scripted) inbox() (uids []uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.mails {
		uids = append(uids, m.uid)
	}
	return uids
}

func (s *scripted) folder(name string) []uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(slices.Values(s.folders[name]))
}

func (c *wire) say(format string, args ...any) { fmt.Fprintf(c.Conn, format+"\r\n", args...) }
func (c *wire) ok()                            { c.say("%s OK done", c.tag) }
func (c *wire) no(text string)                 { c.say("%s NO %s", c.tag, text) }

// hole reads and never answers, until the client goes.
func (c *wire) hole() { io.Copy(io.Discard, c.r) }

func (c *wire) serve() {
	if c.ask("GREETING", "") {
		return
	}
	c.say("* OK [CAPABILITY %s] hello", c.caps)
	for {
		line, err := c.r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "DONE" {
			c.tag = c.idleTag
			if !c.ask("DONE", "") {
				c.ok()
			}
			continue
		}
		var rest string
		c.tag, rest, _ = strings.Cut(line, " ")
		command, args, _ := strings.Cut(rest, " ")
		if command == "UID" {
			var sub string
			sub, args, _ = strings.Cut(args, " ")
			command = "UID " + sub
		}
		c.mu.Lock()
		c.log = append(c.log, command+" "+args)
		c.mu.Unlock()
		if c.ask(command, args) {
			continue
		}
		if command == "LOGOUT" {
			c.say("* BYE")
			c.ok()
			return
		}
		c.mu.Lock()
		c.command(command, args)
		c.mu.Unlock()
	}
}

func (c *wire) ask(command, args string) bool {
	c.mu.Lock()
	on := c.on
	c.mu.Unlock()
	return on != nil && on(c, command, args)
}

func (c *wire) command(command, args string) {
	switch command {
	case "CAPABILITY":
		c.say("* CAPABILITY %s", c.caps)
		c.ok()
	case "SELECT", "EXAMINE":
		c.say("* %d EXISTS", len(c.mails))
		c.say("* OK [UIDVALIDITY 7] x")
		c.say("* OK [UIDNEXT %d] x", c.next())
		c.say(`* FLAGS (\Seen \Deleted)`)
		c.say(`* OK [PERMANENTFLAGS (\Seen \Deleted)] x`)
		c.say("%s OK [READ-WRITE] done", c.tag)
	case "UID SEARCH", "SEARCH":
		c.say("* SEARCH%s", c.search(command == "UID SEARCH", args))
		c.ok()
	case "FETCH", "UID FETCH":
		set, items, _ := strings.Cut(args, " ")
		for i, m := range slices.Clone(c.mails) {
			n := m.uid
			if command == "FETCH" {
				n = uint32(i + 1)
			}
			if !in(set, n, c.next()) {
				continue
			}
			if c.answer == nil || !c.answer(c, i+1, m, items) {
				c.fetch(i+1, m, items)
			}
		}
		c.ok()
	case "UID MOVE", "UID COPY":
		set, folder, _ := strings.Cut(args, " ")
		folder = strings.Trim(folder, `"`)
		for _, m := range slices.Clone(c.mails) {
			if in(set, m.uid, c.next()) {
				c.folders[folder] = append(c.folders[folder], m.uid)
				if command == "UID MOVE" {
					c.remove(m)
				}
			}
		}
		c.ok()
	case "UID STORE":
		set, _, _ := strings.Cut(args, " ")
		for _, m := range c.mails {
			if in(set, m.uid, c.next()) {
				m.deleted = m.deleted || strings.Contains(args, `\Deleted`)
				m.flags = append(m.flags, args)
			}
		}
		c.ok()
	case "UID EXPUNGE", "EXPUNGE":
		for _, m := range slices.Clone(c.mails) {
			if m.deleted && (command == "EXPUNGE" || in(args, m.uid, c.next())) {
				c.remove(m)
			}
		}
		c.ok()
	case "IDLE":
		c.idleTag = c.tag
		c.say("+ idling")
	case "LOGIN", "NOOP", "CREATE":
		c.ok()
	default:
		c.say("%s BAD unknown command %s", c.tag, command)
	}
}

func (c *wire) fetch(seq int, m *letter, items string) {
	fmt.Fprintf(c.Conn, "* %d FETCH (%s", seq, c.facts(m, items))
	switch {
	case strings.Contains(items, "BODY.PEEK[HEADER.FIELDS"):
		header, _, _ := strings.Cut(string(m.bytes), "\r\n\r\n")
		var fields string
		for line := range strings.Lines(header + "\r\n") {
			if strings.HasPrefix(line, "Received: ") || strings.HasPrefix(line, "Date: ") {
				fields += line
			}
		}
		c.literal("BODY[HEADER.FIELDS (RECEIVED DATE)]", []byte(fields+"\r\n"))
	case strings.Contains(items, "BODY.PEEK[HEADER]"):
		header, _, _ := strings.Cut(string(m.bytes), "\r\n\r\n")
		c.literal("BODY[HEADER]", []byte(header+"\r\n\r\n"))
	case strings.Contains(items, "BODY.PEEK[]<0."):
		c.literal("BODY[]<0>", m.bytes[:min(asked(items), len(m.bytes))])
	case strings.Contains(items, "BODY.PEEK[]"):
		c.literal("BODY[]", m.bytes)
	}
	c.say(")")
}

func (c *wire) facts(m *letter, items string) string {
	out := fmt.Sprintf("UID %d", m.uid)
	if strings.Contains(items, "INTERNALDATE") {
		date := m.date
		if date == "" {
			date = `"01-Feb-2026 03:04:05 +0000"`
		}
		if strings.Contains(date, "UID") { // which comes last then
			out = ""
		}
		out = strings.TrimSpace(out + fmt.Sprintf(" INTERNALDATE %s RFC822.SIZE %d", date, len(m.bytes)))
	}
	return out
}

func (c *wire) literal(name string, b []byte) {
	fmt.Fprintf(c.Conn, " %s {%d}\r\n", name, len(b))
	c.Conn.Write(b)
}

func (s *scripted) remove(m *letter) {
	s.mails = slices.DeleteFunc(s.mails, func(x *letter) bool { return x == m })
}

func (s *scripted) next() (next uint32) {
	for _, m := range s.mails {
		next = max(next, m.uid)
	}
	for _, f := range s.folders {
		for _, uid := range f {
			next = max(next, uid)
		}
	}
	s.given = max(s.given, next)
	return s.given + 1
}

func (s *scripted) search(byUID bool, args string) (out string) {
	_, set, _ := strings.Cut(args, "UID ")
	set, _, _ = strings.Cut(set, " ")
	for i, m := range s.mails {
		if in(set, m.uid, s.next()) {
			if byUID {
				out += fmt.Sprint(" ", m.uid)
			} else {
				out += fmt.Sprint(" ", i+1)
			}
		}
	}
	return out
}

// in reports whether a set of numbers holds one.
func in(set string, n, next uint32) bool {
	for part := range strings.SplitSeq(set, ",") {
		from, to, isRange := strings.Cut(part, ":")
		a, _ := strconv.ParseUint(from, 10, 32)
		b := a
		if to == "*" {
			b = uint64(max(next-1, uint32(a)))
		} else if isRange {
			b, _ = strconv.ParseUint(to, 10, 32)
		}
		if uint64(n) >= a && uint64(n) <= b {
			return true
		}
	}
	return false
}

// once returns a hook that acts at the first command of that name and lets all others pass.
func once(command string, act func(c *wire, args string)) func(*wire, string, string) bool {
	var mu sync.Mutex
	done := false
	return func(c *wire, name, args string) bool {
		mu.Lock()
		defer mu.Unlock()
		if done || name != command {
			return false
		}
		done = true
		act(c, args)
		return true
	}
}

// withBody reports whether items ask for a body.
func withBody(items string) bool { return strings.Contains(items, "BODY.PEEK[") }

// asked is how many octets of a body items ask for.
func asked(items string) int {
	_, part, some := strings.Cut(items, "BODY.PEEK[]<0.")
	if !some {
		return math.MaxInt
	}
	part, _, _ = strings.Cut(part, ">")
	n, err := strconv.Atoi(part)
	if err != nil {
		panic(err)
	}
	return n
}

var longAgo = time.Date(2026, 2, 1, 3, 4, 5, 0, time.UTC)
