// Package imaptest holds the tests of mail intake that every IMAP server must pass. The same tests
// run against the memory server and against real ones. It also owns their tools: a client that
// inspects mailboxes, and a desk that only counts. It is for tests alone.
package imaptest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"tierdesk/mailin"
	"tierdesk/mailin/imap"
	"tierdesk/mailin/ledger"
	"tierdesk/migrations/sqldb"
)

// Account is an empty mailbox on a server.
type Account struct {
	Server         imap.Server
	User, Password string
}

// Config returns a configuration for the account: watch INBOX, move mail to Processed, defaults for
// the rest.
func (a Account) Config() imap.Config {
	return imap.Config{
		Name: "support", Server: a.Server, User: a.User,
		Password: func(context.Context) (string, error) { return a.Password, nil },
		Folders:  []imap.Folder{{Name: "INBOX"}},
		After:    imap.After{Way: imap.Move, Folder: "Processed"},
	}
}

// Client is another mail client on the same account.
type Client struct {
	t testing.TB
	c *imapclient.Client
}

// Open logs in as another client of the account.
func (a Account) Open(t testing.TB) *Client {
	t.Helper()
	addr := net.JoinHostPort(a.Server.Host, strconv.Itoa(a.Server.Port))
	var c *imapclient.Client
	var err error
	if a.Server.Security == imap.Insecure {
		c, err = imapclient.DialInsecure(addr, nil)
	} else {
		config := &tls.Config{}
		if a.Server.CAFile != "" {
			pem, readErr := os.ReadFile(a.Server.CAFile)
			if readErr != nil {
				t.Fatal(readErr)
			}
			config.RootCAs = x509.NewCertPool()
			config.RootCAs.AppendCertsFromPEM(pem)
		}
		dial := imapclient.DialTLS
		if a.Server.Security == imap.StartTLS {
			dial = imapclient.DialStartTLS
		}
		c, err = dial(addr, &imapclient.Options{TLSConfig: config})
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Login(a.User, a.Password).Wait(); err != nil {
		t.Fatal(err)
	}
	return &Client{t, c}
}

// Put stores a mail in a folder with that INTERNALDATE (zero: now) and flags.
func (c *Client) Put(folder string, mail []byte, at time.Time, flags ...goimap.Flag) {
	c.t.Helper()
	cmd := c.c.Append(folder, int64(len(mail)), &goimap.AppendOptions{Time: at, Flags: flags})
	if _, err := cmd.Write(mail); err != nil {
		c.t.Fatal(err)
	}
	if err := cmd.Close(); err != nil {
		c.t.Fatal(err)
	}
	if _, err := cmd.Wait(); err != nil {
		c.t.Fatal(err)
	}
}

// Make deletes and recreates a folder: it is empty afterwards and has another UIDVALIDITY.
func (c *Client) Make(folder string) {
	c.t.Helper()
	_ = c.c.Delete(folder).Wait() // it need not have been there
	if err := c.c.Create(folder, nil).Wait(); err != nil {
		c.t.Fatal(err)
	}
}

// Seen is a mail as another client sees it.
type Seen struct {
	UID   uint32
	Flags []goimap.Flag
	Bytes []byte
}

// Look returns the mails of a folder, by UID; none if there is no such folder.
func (c *Client) Look(folder string) []Seen {
	c.t.Helper()
	if _, err := c.c.Select(folder, &goimap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return nil
	}
	body := &goimap.FetchItemBodySection{Peek: true}
	all, err := c.c.Fetch(goimap.UIDSet{{Start: 1, Stop: 0}},
		&goimap.FetchOptions{UID: true, Flags: true, BodySection: []*goimap.FetchItemBodySection{body}}).Collect()
	if err != nil {
		c.t.Fatal(err)
	}
	var out []Seen
	for _, m := range all {
		out = append(out, Seen{uint32(m.UID), m.Flags, m.FindBodySection(body)})
	}
	slices.SortFunc(out, func(a, b Seen) int { return int(a.UID) - int(b.UID) })
	return out
}

// Expunge removes the mails of a folder for good.
func (c *Client) Expunge(folder string) {
	c.t.Helper()
	if _, err := c.c.Select(folder, nil).Wait(); err != nil {
		c.t.Fatal(err)
	}
	store := &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Silent: true, Flags: []goimap.Flag{goimap.FlagDeleted}}
	if err := c.c.Store(goimap.UIDSet{{Start: 1, Stop: 0}}, store, nil).Close(); err != nil {
		c.t.Fatal(err)
	}
	if err := c.c.Expunge().Close(); err != nil {
		c.t.Fatal(err)
	}
}

// Mail makes a mail with the subject and about so many octets of text.
func Mail(subject string, octets int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: Jane <jane@customer.example>\r\nTo: support@acme.example\r\nSubject: %s\r\nMessage-ID: <%s@customer.example>\r\n\r\n", subject, rand.Text())
	for b.Len() < octets {
		b.WriteString("The printer on the third floor says that it is on fire again.\r\n")
	}
	return b.Bytes()
}

// Desk is a mailin.Handler that records mails in the ledger, as the real desk does, and keeps them
// for inspection.
type Desk struct {
	DB *sqldb.DB
	// Before is called first; if it returns an error, Take returns that. It may be nil.
	Before func(batch []mailin.Raw) error

	mu      sync.Mutex
	mails   []mailin.Raw
	batches []int
	twice   int
}

// Take implements mailin.Handler.
func (d *Desk) Take(ctx context.Context, batch []mailin.Raw) error {
	if d.Before != nil {
		if err := d.Before(batch); err != nil {
			return err
		}
	}
	var fresh []mailin.Raw
	err := d.DB.Update(ctx, func(tx *sqldb.Tx) error {
		fresh = nil
		for _, r := range batch {
			already, err := ledger.Take(tx, r.Source, 1)
			if err != nil {
				return err
			}
			if !already {
				fresh = append(fresh, r)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mails = append(d.mails, fresh...)
	d.batches = append(d.batches, len(batch))
	d.twice += len(batch) - len(fresh)
	return nil
}

// Mails returns the mails taken, in order.
func (d *Desk) Mails() []mailin.Raw {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.mails)
}

// Batches returns the sizes of the batches that were taken.
func (d *Desk) Batches() []int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.batches)
}

// Twice counts the mails that were handed over again after they had been taken.
func (d *Desk) Twice() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.twice
}

// Subjects returns the subjects of the mails taken, in order.
func (d *Desk) Subjects() []string {
	var out []string
	for _, m := range d.Mails() {
		out = append(out, Subject(m.Bytes))
	}
	return out
}

// Subject returns the subject of a mail that Mail made.
func Subject(mail []byte) string {
	_, rest, _ := strings.Cut(string(mail), "Subject: ")
	line, _, _ := strings.Cut(rest, "\r\n")
	return line
}

// Start runs a Fetcher until the test ends or the returned function is called.
func Start(t testing.TB, f *imap.Fetcher) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := f.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
	}()
	stop = func() {
		cancel()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Error("Run did not end")
		}
	}
	t.Cleanup(stop)
	return stop
}

// Eventually waits until the condition holds, 30 s at most.
func Eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	patience := 2 * time.Minute
	if os.Getenv("TIERDESK_MUTANT") != "" {
		patience = 15 * time.Second // it is expected to fail, and nobody needs to wait for that
	}
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}
