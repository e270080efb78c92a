package servers

import (
	"bytes"
	"errors"
	"fmt"
	"net/mail"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Mailbox is a user's view of their mail on an IMAP server, as a mail client has it.
type Mailbox struct {
	addr, user string
}

// Mail is one mail of a mailbox.
type Mail struct {
	UID    uint32
	Flags  []string
	Raw    []byte      // as the server returns it
	Header mail.Header // empty if net/mail cannot read it
}

// Mailbox returns the view of one of the server's users.
func (d *DovecotServer) Mailbox(user string) Mailbox { return Mailbox{addr: d.IMAP, user: user} }

// MailboxAt is Mailbox for any IMAP server without TLS that accepts the Password, such as an
// embedded one.
func MailboxAt(addr, user string) Mailbox { return Mailbox{addr: addr, user: user} }

// Mails reads all mails of a folder, oldest first, without setting flags.
func (m Mailbox) Mails(t testing.TB, folder string) []Mail {
	t.Helper()
	mails, err := m.read(folder)
	if err != nil {
		t.Fatalf("reading %s of %s: %v", folder, m.user, err)
	}
	return mails
}

// Wait waits until at least n mails are in the INBOX and returns all of them. The test fails if
// that takes longer than the limit.
func (m Mailbox) Wait(t testing.TB, n int, limit time.Duration) []Mail {
	t.Helper()
	for end := time.Now().Add(limit); ; time.Sleep(50 * time.Millisecond) {
		mails := m.Mails(t, "INBOX")
		if len(mails) >= n {
			return mails
		}
		if time.Now().After(end) {
			t.Fatalf("%s has %d mails after %v, wanted %d%s", m.user, len(mails), limit, n, subjects(mails))
		}
	}
}

// WaitFor waits until the INBOX contains a mail that f accepts, and returns the first one.
func (m Mailbox) WaitFor(t testing.TB, limit time.Duration, what string, f func(Mail) bool) Mail {
	t.Helper()
	for end := time.Now().Add(limit); ; time.Sleep(50 * time.Millisecond) {
		mails := m.Mails(t, "INBOX")
		for _, one := range mails {
			if f(one) {
				return one
			}
		}
		if time.Now().After(end) {
			t.Fatalf("%s has no mail that is %s after %v%s", m.user, what, limit, subjects(mails))
		}
	}
}

// Count returns how many mails a folder has.
func (m Mailbox) Count(folder string) (int, error) {
	n := 0
	err := m.session(func(c *imapclient.Client) error {
		selected, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
		if err == nil {
			n = int(selected.NumMessages)
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("counting the mails in %s of %s: %w", folder, m.user, err)
	}
	return n, nil
}

// Make makes a folder, unless it exists.
func (m Mailbox) Make(t testing.TB, folder string) {
	t.Helper()
	err := m.session(func(c *imapclient.Client) error { return c.Create(folder, nil).Wait() })
	var no *imap.Error
	if err != nil && !(errors.As(err, &no) && no.Code == imap.ResponseCodeAlreadyExists) {
		t.Fatalf("making the folder %s of %s: %v", folder, m.user, err)
	}
}

// Append puts a mail into a folder, with the given time of arrival.
func (m Mailbox) Append(t testing.TB, folder string, raw []byte, arrived time.Time) {
	t.Helper()
	err := m.session(func(c *imapclient.Client) error {
		cmd := c.Append(folder, int64(len(raw)), &imap.AppendOptions{Time: arrived})
		if _, err := cmd.Write(raw); err != nil {
			return err
		}
		if err := cmd.Close(); err != nil {
			return err
		}
		_, err := cmd.Wait()
		return err
	})
	if err != nil {
		t.Fatalf("putting a mail into %s of %s: %v", folder, m.user, err)
	}
}

func (m Mailbox) read(folder string) (mails []Mail, err error) {
	err = m.session(func(c *imapclient.Client) error {
		selected, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
		var no *imap.Error
		if errors.As(err, &no) && no.Code == imap.ResponseCodeNonExistent {
			return nil // a missing folder counts as empty
		}
		if err != nil || selected.NumMessages == 0 {
			return err
		}
		got, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{
			UID: true, Flags: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}},
		}).Collect()
		if err != nil {
			return err
		}
		for _, g := range got {
			one := Mail{UID: uint32(g.UID)}
			for _, f := range g.Flags {
				one.Flags = append(one.Flags, string(f))
			}
			for _, section := range g.BodySection {
				one.Raw = section.Bytes
			}
			if one.Raw == nil {
				return fmt.Errorf("mail %d came without its text", g.UID)
			}
			if parsed, err := mail.ReadMessage(bytes.NewReader(one.Raw)); err == nil {
				one.Header = parsed.Header
			}
			mails = append(mails, one)
		}
		return nil
	})
	return mails, err
}

func (m Mailbox) session(f func(c *imapclient.Client) error) error {
	c, err := imapclient.DialInsecure(m.addr, nil)
	if err != nil {
		return err
	}
	// The client has no timeouts of its own.
	hang := time.AfterFunc(30*time.Second, func() { c.Close() })
	defer hang.Stop()
	defer c.Close()
	if err := c.Login(m.user, Password).Wait(); err != nil {
		return err
	}
	if err := f(c); err != nil {
		return err
	}
	return c.Logout().Wait()
}

func subjects(mails []Mail) string {
	var out bytes.Buffer
	for _, m := range mails {
		fmt.Fprintf(&out, "\n\tfrom %s: %s", m.Header.Get("From"), m.Header.Get("Subject"))
	}
	return out.String()
}
