package demo

import (
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"tierdesk/mailin"
	"tierdesk/mailin/parse"
	"tierdesk/mailin/read"
)

// mail is a mail in a person's mailbox.
type mail struct {
	uid imap.UID
	raw []byte
	at  time.Time // when it came
	*mailin.Message
}

// mails reads the mails with greater UIDs in a person's mailbox, over IMAP, as a mail client does.
func (s *stage) mails(who person, above imap.UID) (_ []mail, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("reading the mailbox of %s: %w", who.address, err)
		}
	}()
	c, err := imapclient.DialInsecure(s.server.IMAP, nil)
	if err != nil {
		return nil, err
	}
	// The client has no timeouts of its own.
	hang := time.AfterFunc(20*time.Second, func() { c.Close() })
	defer hang.Stop()
	defer c.Close()
	if err := c.Login(who.address, password).Wait(); err != nil {
		return nil, err
	}
	box, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return nil, err
	}
	var out []mail
	if box.NumMessages > 0 {
		set := imap.UIDSet{{Start: above + 1, Stop: 0}}
		got, err := c.Fetch(set,
			&imap.FetchOptions{UID: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}}).Collect()
		if err != nil {
			return nil, err
		}
		for _, g := range got {
			if g.UID <= above { // n:* includes the last one even if it is below n
				continue
			}
			one := mail{uid: g.UID, at: g.InternalDate.UTC()}
			for _, section := range g.BodySection {
				one.raw = section.Bytes
			}
			if one.raw == nil {
				return nil, fmt.Errorf("mail %d came without its text", g.UID)
			}
			one.Message = understand(one.raw)
			out = append(out, one)
		}
	}
	return out, c.Logout().Wait()
}

// understand parses a mail.
func understand(raw []byte) *mailin.Message {
	return read.Mail(raw, read.Options{Limits: parse.DefaultLimits()})
}

// replyTo returns the address to which an answer to the mail goes.
func (m *mail) replyTo() string {
	if len(m.ReplyTo) > 0 {
		return m.ReplyTo[0].Address
	}
	return m.Author().Address
}

// event returns the event of a notice to an agent, from the header that their filters use.
func (m *mail) event() string { return m.Header.Get("X-Tierdesk-Event") }
