package demo

import (
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"tierdesk/cmd/internal/demo/mailserver"
)

// stay keeps the desk up and shows the mails that go by, until the demo's context ends.
func (s *stage) stay() error {
	s.passed.take() // the tour has shown these
	s.show = s.show.hurried()
	s.invite()
	for {
		select {
		case <-s.ctx.Done():
			s.show.plain("", "The demo ends"+s.farewell())
			return nil
		case words := <-s.log.told:
			s.show.plain("")
			for line := range strings.SplitSeq(words, "\n") {
				s.show.plain("  · " + line)
			}
		case <-s.passed.more:
			s.gather()
			s.goBy(s.passed.take())
		}
	}
}

// gather waits a moment, since copies of one mail follow each other closely.
func (s *stage) gather() {
	t := time.NewTimer(100 * time.Millisecond)
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.ctx.Done():
	}
}

// goBy shows mails, and the desk's decisions about them or before them. Copies for several people
// are shown once.
func (s *stage) goBy(mails []mailserver.Envelope) {
	var cards []card
	for _, e := range mails {
		m := understand(e.Raw)
		c := card{at: e.At, from: m.Author().Name, subject: m.Subject, text: m.Text, way: toAgent}
		if toDesk(e) {
			c.from, c.to, c.text, c.way = strings.TrimSpace(m.Author().Name+" <"+m.Author().Address+">"), e.To, m.Reply, in
		}
		for _, to := range e.To {
			if p, known := owner(to); known && c.way != in {
				c.to = append(c.to, p.name)
				if p.customer {
					c.way = toCustomer
				}
			} else if c.way != in {
				c.to = append(c.to, to)
			}
		}
		same := func(o card) bool {
			return o.way == c.way && c.way == toAgent && o.from == c.from && o.subject == c.subject &&
				slices.Equal(flowing(strings.Split(o.text, "\n")), flowing(strings.Split(c.text, "\n")))
		}
		if i := slices.IndexFunc(cards, same); i >= 0 {
			cards[i].to = append(cards[i].to, c.to...)
			continue
		}
		cards = append(cards, c)
	}
	for _, c := range cards {
		if c.way != in {
			s.tellDecisions()
		}
		if s.show.card(c); c.way == in {
			s.soon()
		}
	}
}

// soon shows the desk's decision about a mail that has just arrived. It does not wait long, since
// there is no decision about a duplicate.
func (s *stage) soon() {
	end := time.NewTimer(3 * time.Second)
	defer end.Stop()
	for !s.tellDecisions() {
		select {
		case <-s.ctx.Done():
			return
		case <-end.C:
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// tellDecisions shows the decisions made in the meantime. It returns true if one was about a mail.
func (s *stage) tellDecisions() bool {
	lines, mailToo, err := s.decisions()
	if err != nil && s.ctx.Err() == nil {
		s.show.plain("", "  the desk's decisions cannot be read: "+err.Error())
		return true
	}
	s.show.decisions(lines)
	return mailToo
}

// invite explains how to join.
func (s *stage) invite() {
	imapHost, imapPort, _ := net.SplitHostPort(s.server.IMAP) // the server's own words
	smtpHost, smtpPort, _ := net.SplitHostPort(s.server.SMTP)
	command := "tierdesk"
	if strings.Contains(os.Args[0], "go-build") { // started by go run
		command = "go run ./cmd/tierdesk"
	}
	s.show.heading("Your turn")
	s.show.plain("",
		"  The desk stays up, with the real time. Add one of these accounts to your mail client:",
		"",
		fmt.Sprintf("    IMAP  %s port %s, no encryption", imapHost, imapPort),
		fmt.Sprintf("    SMTP  %s port %s, no encryption, no login needed", smtpHost, smtpPort),
		fmt.Sprintf("    user: the address; password: %s", password),
		"")
	for _, p := range everybody() {
		s.show.plain(fmt.Sprintf("    %-22s %s, %s", p.address, p.name, p.role))
	}
	s.show.plain("",
		"  Try this:",
		"  · As Marc, write to "+desk.address+". As Ann, reply to the notice.",
		"  · As Ann, begin a reply with /note, /escalate, /vendor routers, /solve or /help.",
		"  · As Jane, write of an outage, of your password or of access to something, and see what comes of it.",
		"  · Change one of the files below and save: the next mail is decided by it. A mistake stops nothing: it is told here at once, and to Ida by mail after a minute.")
	s.show.plain("")
	for _, file := range []string{"rules/10-routing.yaml", "service.yaml", "people.yaml", "forms/access.yaml", "kb/password.md"} {
		s.show.command(s.dir + "/" + file)
	}
	s.show.plain("", "  From another terminal:", "")
	s.show.command(fmt.Sprintf("%s ticket list -C %s", command, s.dir))
	s.show.plain("", "  Without a mail client, write as Marc and look into Ann's mailbox:", "")
	s.show.command(
		`printf 'From: Marc <marc@customer.example>\nSubject: Hello\n\nHelp!\n' \`,
		fmt.Sprintf(`| curl smtp://%s --mail-from marc@customer.example \`, s.server.SMTP),
		fmt.Sprintf(`  --mail-rcpt %s -T -`, desk.address),
		fmt.Sprintf("curl 'imap://%s/INBOX;MAILINDEX=*' -u ann@staff.example:%s", s.server.IMAP, password))
	s.show.plain("", "  Mails are shown below as they go by. Ctrl-C ends the demo"+s.farewell())
}

// farewell says what happens to the desk folder.
func (s *stage) farewell() string {
	if s.o.Dir == "" {
		return "; its desk folder is removed then."
	}
	return "; the desk folder stays."
}

func owner(address string) (person, bool) {
	for _, p := range everybody() {
		if at(address, p) {
			return p, true
		}
	}
	return person{}, false
}
