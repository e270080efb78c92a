package ruletest_test

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"tierdesk/rules"
	"tierdesk/rules/ruletest"
)

// outline gives a mail part by part, as the standard library reads it.
func outline(t *testing.T, kind, encoding string, r io.Reader, b *strings.Builder) {
	t.Helper()
	media, params, err := mime.ParseMediaType(kind)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(media, "multipart/") {
		fmt.Fprintf(b, "%s(", media)
		parts := multipart.NewReader(r, params["boundary"])
		for {
			p, err := parts.NextRawPart()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			outline(t, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p, b)
			if name := p.FileName(); name != "" {
				fmt.Fprintf(b, "file %s;", name)
			}
		}
		b.WriteString(")")
		return
	}
	if encoding == "quoted-printable" {
		r = quotedprintable.NewReader(r)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(b, "%s %q;", media, content)
}

func TestMail(t *testing.T) {
	at := time.Date(2026, 11, 21, 9, 30, 0, 0, time.FixedZone("", 3600))
	for name, c := range map[string]struct {
		mail rules.TestMail
		want string
	}{
		"empty": {rules.TestMail{}, `text/plain "";`},
		"plain": {rules.TestMail{Text: "since 9:00\n= ü\n"}, `text/plain "since 9:00\r\n= ü\r\n";`},
		"html":  {rules.TestMail{HTML: "<p>x</p>"}, `text/html "<p>x</p>";`},
		"both":  {rules.TestMail{Text: "x", HTML: "<p>x</p>"}, `multipart/alternative(text/plain "x";text/html "<p>x</p>";)`},
		"attachments": {rules.TestMail{Text: "x", HTML: "<p>x</p>", Attachments: []string{"größe.pdf", "run.exe"}},
			`multipart/mixed(multipart/alternative(text/plain "x";text/html "<p>x</p>";)application/pdf "the content of an attachment\r\n";file größe.pdf;application/octet-stream "the content of an attachment\r\n";file run.exe;)`},
	} {
		c.mail.From, c.mail.To, c.mail.Subject = "Jürgen <j@x.example>", "a@x.example, b@x.example", "Straße\r\nBcc: x@x.example"
		c.mail.Headers = map[string]string{"X-Ä": "x"}
		if _, err := ruletest.Mail(c.mail, at); err == nil {
			t.Errorf("%s: a bad field name is no error", name)
		}
		c.mail.Headers = map[string]string{"X-Foo": "x\r\nBcc: x@x.example"}
		if _, err := ruletest.Mail(c.mail, at); err == nil {
			t.Errorf("%s: a value of two lines is no error", name)
		}
		c.mail.Headers = map[string]string{"X-Foo": "grün", "message-id": "<own@x.example>"}
		got, err := ruletest.Mail(c.mail, at)
		if err != nil {
			t.Fatalf("%s: %s", name, err)
		}
		again, _ := ruletest.Mail(c.mail, at)
		if !bytes.Equal(got, again) {
			t.Errorf("%s: other bytes the second time", name)
		}
		m, err := mail.ReadMessage(bytes.NewReader(got))
		if err != nil {
			t.Fatalf("%s: %s\n%s", name, err, got)
		}
		for key, want := range map[string]string{"X-Foo": "grün", "Message-Id": "<own@x.example>", "Bcc": "", "Subject": "Straße Bcc: x@x.example", "To": "a@x.example, b@x.example",
			"Date": "Sat, 21 Nov 2026 09:30:00 +0100", "From": "Jürgen <j@x.example>"} {
			value, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get(key))
			if err != nil || value != want || len(m.Header[key]) > 1 {
				t.Errorf("%s: %s: %q %v, want %q", name, key, value, err, want)
			}
		}
		var b strings.Builder
		outline(t, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body, &b)
		if b.String() != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, b.String(), c.want)
		}
	}
	if _, err := ruletest.Mail(rules.TestMail{From: "no address"}, at); err == nil {
		t.Error("a bad sender is no error")
	}
}
