package demo

import (
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"tierdesk/cmd/internal/demo/mailserver"
)

// stay keeps the desk up and shows the mails that go by, until the demo's context ends.
func (s *stage) stay() error {
	s.passed.take() // the tour has shown these
	s.invite()
	for {
		select {
		case <-s.ctx.Done():
			s.show.plain("", "The demo ends"+s.farewell())
			return nil
		case line := <-s.log.told:
			s.show.plain("", s.show.paint(text.Colors{text.Faint}, "  log: "+clean(line)))
		case <-s.passed.more:
			for _, e := range s.passed.take() {
				s.goesBy(e)
			}
		}
	}
}

// goesBy shows one mail, and what the desk decided on it or before it.
func (s *stage) goesBy(e mailserver.Envelope) {
	m := understand(e.Raw)
	c := card{at: e.At, from: m.Author().Name + " <" + m.Author().Address + ">", to: e.To, subject: m.Subject, text: m.Text}
	if m.Author().Name == "" {
		c.from = m.Author().Address
	}
	if toDesk(e) {
		c.text = m.Reply
		s.show.card(c)
		s.soon()
		return
	}
	s.tellDecisions()
	c.from, c.way = m.Author().Name, toAgent
	for i, to := range e.To {
		if p, known := owner(to); known {
			c.to[i] = p.String()
			if p.customer {
				c.way = toCustomer
			}
		}
	}
	s.show.card(c)
}

// soon shows what the desk decides on a mail that has just come; it does not wait for long, since a mail may be a duplicate, on which nothing is decided.
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

// tellDecisions shows what was decided meanwhile; true if a mail was among it.
func (s *stage) tellDecisions() bool {
	lines, mailToo, err := s.decisions()
	if err != nil && s.ctx.Err() == nil {
		s.show.plain("", "  the desk's decisions cannot be read: "+err.Error())
		return true
	}
	s.show.decisions(lines)
	return mailToo
}

// invite tells how to join.
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
		fmt.Sprintf("    IMAP  %s port %s, no encryption, user = the address, password %q", imapHost, imapPort, password),
		fmt.Sprintf("    SMTP  %s port %s, no encryption, no login needed", smtpHost, smtpPort),
		"")
	for _, p := range everybody() {
		s.show.plain(fmt.Sprintf("    %-22s %s, %s", p.address, p.name, p.role))
	}
	s.show.plain("",
		"  Try this:",
		"   · As Marc, write to "+desk.address+". As Ann, reply to the notice.",
		"   · As Ann, begin a reply with /note, /escalate, /priority urgent, /solve or /help.",
		"   · As Jane, write of an outage; see in whose mailbox it comes up.",
		"   · Edit "+s.dir+"/rules/10-routing.yaml and save: the next mail is decided by it.",
		"     A mistake in it stops nothing; the log tells it at once, and Ida gets a mail after a minute.",
		"",
		"  Without a mail client, from another terminal:",
		"",
		"    printf 'From: Marc <marc@customer.example>\\nTo: "+desk.address+"\\nSubject: Hello\\n\\nIs anybody there?\\n' |",
		fmt.Sprintf("      curl -s smtp://%s --mail-from marc@customer.example --mail-rcpt %s -T -", s.server.SMTP, desk.address),
		fmt.Sprintf("    curl -s 'imap://%s/INBOX;MAILINDEX=*' -u ann@staff.example:%s", s.server.IMAP, password),
		"",
		fmt.Sprintf("    %s ticket list -C %s", command, s.dir),
		"",
		"  Mails are shown below as they go by. Ctrl-C ends the demo"+s.farewell())
}

// farewell tells what becomes of the desk folder.
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

// clean makes a line of the log fit for a screen.
func clean(line string) string { return strings.Join(wrap(line, 1<<20), " ") }
