package servers_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/smtp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"

	"tierdesk/cmd/internal/testing/servers"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/dbtest/child"
)

const mailText = "From: Jane <jane@customer.example>\r\nTo: support@acme.example\r\nDate: Fri, 2 Jan 2026 03:04:05 +0000\r\nSubject: The printer\r\nMessage-ID: <1@customer.example>\r\n\r\nIt smokes.\r\n"

// A mail that Postfix has taken is in Dovecot's INBOX soon after, byte for byte below the headers that they add.
func TestMailGivenToPostfixIsInDovecotsInbox(t *testing.T) {
	d := servers.Dovecot(t, "support@acme.example", "jane@customer.example")
	p := servers.Postfix(t, d, servers.PostfixOptions{})
	started := time.Now()
	if err := servers.Send(p.SMTP, "jane@customer.example", []string{"support+abc@acme.example"}, []byte(mailText)); err != nil {
		t.Fatalf("%v\n%s", err, p.Log())
	}
	got := d.Mailbox("support@acme.example").Wait(t, 1, 10*time.Second)[0]
	t.Logf("%v from SMTP to IMAP", time.Since(started))
	if !bytes.HasSuffix(got.Raw, []byte(mailText)) {
		t.Errorf("the mail has changed:\n%s", got.Raw)
	}
	if to := got.Header.Get("Delivered-To"); to != "support+abc@acme.example" && to != "support@acme.example" {
		t.Errorf("Delivered-To: %q", to)
	}
	if n := len(d.Mailbox("jane@customer.example").Mails(t, "INBOX")); n != 0 {
		t.Errorf("jane has %d mails", n)
	}
	err := servers.Send(p.SMTP, "jane@customer.example", []string{"nobody@acme.example"}, []byte(mailText))
	if err == nil || !strings.Contains(err.Error(), "5.1.1") {
		t.Errorf("a mail to an unknown user: %v", err)
	}
	err = servers.Send(p.SMTP, "", []string{"x@elsewhere.example"}, []byte(mailText))
	if err == nil || !strings.Contains(err.Error(), "nothing leaves this machine") {
		t.Errorf("a mail to another domain: %v", err)
	}
	if n := len(d.Mailbox("support@acme.example").Mails(t, "INBOX")); n != 1 {
		t.Errorf("support has %d mails", n)
	}
}

func TestSubmissionNeedsTLSAndALogin(t *testing.T) {
	d := servers.Dovecot(t, "support@acme.example", "jane@customer.example")
	p := servers.Postfix(t, d, servers.PostfixOptions{})
	if err := servers.Send(p.Submission, "support@acme.example", []string{"jane@customer.example"}, []byte(mailText)); err == nil {
		t.Error("taken without TLS and login")
	}
	c, err := smtp.Dial(p.Submission)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.StartTLS(&tls.Config{ServerName: "localhost", RootCAs: p.CA.Pool}); err != nil {
		t.Fatal(err)
	}
	if err := c.Auth(smtp.PlainAuth("", "support@acme.example", servers.Password, "127.0.0.1")); err != nil {
		t.Fatalf("%v\n%s\n%s", err, p.Log(), d.Log())
	}
	if err := c.Mail("support@acme.example"); err != nil {
		t.Fatal(err)
	}
	if err := c.Rcpt("jane@customer.example"); err != nil {
		t.Fatal(err)
	}
	w, err := c.Data()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(mailText)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	d.Mailbox("jane@customer.example").Wait(t, 1, 10*time.Second)
}

func TestDovecotTLSAndAppend(t *testing.T) {
	d := servers.Dovecot(t, "support@acme.example")
	config := &tls.Config{ServerName: "localhost", RootCAs: d.CA.Pool}
	for name, dial := range map[string]func() (*imapclient.Client, error){
		"TLS": func() (*imapclient.Client, error) {
			return imapclient.DialTLS(d.IMAPS, &imapclient.Options{TLSConfig: config})
		},
		"STARTTLS": func() (*imapclient.Client, error) {
			return imapclient.DialStartTLS(d.IMAP, &imapclient.Options{TLSConfig: config})
		},
	} {
		c, err := dial()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, d.Log())
		}
		if err := c.Login("support@acme.example", servers.Password).Wait(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := c.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	box := d.Mailbox("support@acme.example")
	box.Append(t, "INBOX", []byte(mailText), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	if mails := box.Mails(t, "INBOX"); len(mails) != 1 || string(mails[0].Raw) != mailText || len(mails[0].Flags) > 1 {
		t.Errorf("%+v", mails)
	}
}

func TestSwaksHandsAMailOver(t *testing.T) {
	d := servers.Dovecot(t, "support@acme.example")
	p := servers.Postfix(t, d, servers.PostfixOptions{})
	out, err := servers.Swaks(t, "--server", p.SMTP, "--from", "jane@customer.example", "--to", "support@acme.example", "--header", "Subject: by swaks")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	d.Mailbox("support@acme.example").WaitFor(t, 10*time.Second, "by swaks", func(m servers.Mail) bool { return m.Header.Get("Subject") == "by swaks" })
}

// However a test process ends, its servers end too, and their folders are gone.
func TestServersEndWithTheProcess(t *testing.T) {
	if os.Getenv("TIERDESK_TEST_HANG") != "" { // this is the process that gets killed
		d := servers.Dovecot(t, "support@acme.example")
		p := servers.Postfix(t, d, servers.PostfixOptions{})
		fmt.Printf("serving %s %s %s\n", d.IMAP, p.SMTP, filepath.Dir(d.CA.File))
		select {}
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestServersEndWithTheProcess$")
	cmd.Env = append(os.Environ(), "TIERDESK_TEST_HANG=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var imap, smtp, dir string
	for lines := bufio.NewScanner(out); imap == "" && lines.Scan(); {
		fmt.Sscanf(lines.Text(), "serving %s %s %s", &imap, &smtp, &dir)
		if strings.Contains(lines.Text(), "SKIP") || lines.Text() == "PASS" {
			cmd.Wait()
			dbtest.Left(t, "Dovecot and Postfix", "see the tests beside this one")
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if dir == "" {
		t.Fatal("the servers did not start in the other process")
	}
	gone := func() error {
		for _, addr := range []string{imap, smtp} {
			if c, err := net.Dial("tcp", addr); err == nil {
				c.Close()
				return fmt.Errorf("%s still answers", addr)
			}
		}
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is still there: %v", dir, err)
		}
		return nil
	}
	if err := child.Wait(10*time.Second, gone); err != nil {
		t.Error(err)
	}
}
