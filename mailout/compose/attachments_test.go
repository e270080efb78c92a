package compose

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"tierdesk/mailin/parse"
	"tierdesk/mailout"
)

// manyFiles is a mail that came in with n files of about size octets, without transfer encoding, and the mail that sends
// them on.
func manyFiles(n, size int) (raw []byte, m mailout.Mail) {
	var b bytes.Buffer
	b.WriteString("From: Zoe <zoe@far.example>\r\nTo: support@gold.example\r\nSubject: logs\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n--cut\r\n\r\nAll of them.\r\n")
	line := "12:04:17 pump 3 ran dry, valve closed, nobody was told\r\n"
	m = answer()
	for i := range n {
		name := fmt.Sprintf("pump-%d.log", i)
		fmt.Fprintf(&b, "--cut\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=%s\r\n\r\n%s", name, strings.Repeat(line, max(1, size/len(line))))
		m.Attach = append(m.Attach, mailout.Attachment{Name: name, ContentType: "text/plain", Inbound: 7, Index: i})
	}
	b.WriteString("--cut--\r\n")
	return b.Bytes(), m
}

// sendOn makes the mail and lets the gate look at it. It returns how often the mail that came in was asked for.
func sendOn(t testing.TB, raw []byte, m mailout.Mail) (asked int) {
	t.Helper()
	out, err := Bytes(m, Options{Load: FromMails(parse.DefaultLimits(), func(inbound int64) ([]byte, bool, error) {
		asked++
		return raw, true, nil
	})})
	if err != nil {
		t.Fatal(err)
	}
	if hits := Gate(out, secrets()); len(hits) > 0 {
		t.Fatal(hits)
	}
	return asked
}

func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// However many files a mail brings, it is read once and never copied for each of them: all that is ever allocated for
// sending it on and looking through it, also what is free again at once, is at most six times its size.
func TestManyFilesAreOneReading(t *testing.T) {
	for _, n := range []int{1, 40, 900} {
		raw, m := manyFiles(n, 12<<20/n)
		asked := 0
		all := allocated(func() { asked = sendOn(t, raw, m) })
		if asked != 1 {
			t.Errorf("%d files: the mail that held them was asked for %d times", n, asked)
		}
		if times := float64(all) / float64(len(raw)); times > 6 && !raced {
			t.Errorf("%d files: %.1f times the mail's size was allocated", n, times)
		}
	}
}

func BenchmarkManyFiles(b *testing.B) {
	for _, n := range []int{1, 30, 900} {
		raw, m := manyFiles(n, 18<<20/n)
		b.Run(fmt.Sprintf("%d files", n), func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				sendOn(b, raw, m)
			}
		})
	}
}

func TestFilesOfMailsThatCameIn(t *testing.T) {
	raw, m := manyFiles(3, 100)
	away := errors.New("the database is away")
	m.Attach[1], m.Attach[2] = m.Attach[2], m.Attach[1]
	m.Attach = append(m.Attach, mailout.Attachment{Name: "own.txt", ContentType: "text/plain", Data: []byte("kept in the row")})
	for _, c := range []struct {
		name string
		raw  func(int64) ([]byte, bool, error)
		want error
	}{
		{"there", func(int64) ([]byte, bool, error) { return raw, true, nil }, nil},
		{"no longer kept", func(int64) ([]byte, bool, error) { return nil, false, nil }, ErrMail},
		{"without that part", func(int64) ([]byte, bool, error) { return []byte("Subject: x\r\n\r\nx\r\n"), true, nil }, ErrMail},
		{"database away", func(int64) ([]byte, bool, error) { return nil, false, away }, away},
	} {
		out, err := Bytes(m, Options{Load: FromMails(parse.DefaultLimits(), c.raw)})
		if !errors.Is(err, c.want) || c.want == away && errors.Is(err, ErrMail) {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.want != nil {
			continue
		}
		sent := parse.Parse(out, parse.DefaultLimits())
		var names []string
		for _, a := range sent.Attachments {
			names = append(names, a.Name)
		}
		if got := strings.Join(names, " "); got != "pump-0.log pump-2.log pump-1.log own.txt" {
			t.Errorf("%s: the files are %s", c.name, got)
		}
	}
}

func TestProvesIdentity(t *testing.T) {
	for _, c := range []struct {
		name, contentType string
		want              bool
	}{
		{"smime.p7s", "application/pkcs7-signature", true},
		{"smime.p7s", "application/octet-stream", true},
		{"", "application/x-pkcs7-signature; name=smime.p7s", true},
		{"signature.asc", "application/pgp-signature", true},
		{"OpenPGP_signature.asc", "text/plain", true},
		{"OpenPGP_0x1234567890ABCDEF.asc", "application/octet-stream", true},
		{"publickey - jane@x.example - 0x12.asc", "application/octet-stream", true},
		{"key.asc", "application/pgp-keys", true},
		{"Jane.p12", "application/x-pkcs12", true},
		{"jane.cer", "application/pkix-cert", true},
		{"offer.pdf", "application/pdf", false},
		{"server.crt", "application/octet-stream", false}, // a server's may be what the customer asked for
		{"notes.asc", "text/plain", false},
		{"signature.png", "image/png", false},
	} {
		if got := ProvesIdentity(c.name, c.contentType); got != c.want {
			t.Errorf("%q, %q: %v", c.name, c.contentType, got)
		}
	}
}
