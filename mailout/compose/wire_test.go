package compose

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"
	"pgregory.net/rapid"

	"tierdesk/mailin"
	"tierdesk/mailout"
)

// viaGoMail writes the mail with go-mail, which wrote the desk's mail once: the same octets are expected but for the boundaries, which are random there.
func viaGoMail(m mailout.Mail) ([]byte, error) {
	fields, err := header(m)
	if err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithCharset(gomail.CharsetUTF8), gomail.WithNoDefaultUserAgent())
	for _, f := range fields {
		switch {
		case f.key == "From" || f.key == "Cc" || f.key == "Reply-To" || f.key == "To" && len(m.To) > 0:
			var all []*netmail.Address
			for _, a := range map[string][]mailin.Address{"From": {m.From}, "To": m.To, "Cc": m.Cc, "Reply-To": {{Address: m.ReplyTo}}}[f.key] {
				x, err := address(a)
				if err != nil {
					return nil, err
				}
				all = append(all, x)
			}
			msg.SetAddrHeaderFromMailAddress(gomail.AddrHeader(f.key), all...)
		default:
			msg.SetGenHeader(gomail.Header(f.key), f.value)
		}
	}
	text := func(set func(kind gomail.ContentType, text string, opts ...gomail.PartOption), kind gomail.ContentType, text string) {
		text = lines.Replace(text)
		transfer := gomail.EncodingQP
		if high := strings.IndexFunc(text, func(r rune) bool { return r >= 0x80 }); high >= 0 && 4*len(regexp.MustCompile(`[[:ascii:]]`).ReplaceAllString(text, "")) > len(text) {
			text, transfer = strings.ReplaceAll(text, "\n", "\r\n"), gomail.EncodingB64
		}
		set(kind, text, gomail.WithPartEncoding(transfer))
	}
	text(msg.SetBodyString, gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		text(msg.AddAlternativeString, gomail.TypeTextHTML, m.HTML)
	}
	for _, a := range m.Attach {
		p, inline := filePart(m, a, a.Data)
		file := func(f *gomail.File) {
			for _, x := range p.fields {
				f.Header.Set(x.key, x.value)
			}
		}
		if inline {
			msg.EmbedReadSeeker("x", bytes.NewReader(a.Data), file)
		} else {
			msg.AttachReadSeeker("x", bytes.NewReader(a.Data), file)
		}
	}
	var out bytes.Buffer
	_, err = msg.WriteTo(&out)
	return out.Bytes(), err
}

// withoutBoundaries puts numbers in the place of boundaries.
func withoutBoundaries(raw []byte) string {
	out := string(raw)
	for i, b := range regexp.MustCompile(`boundary=([0-9a-f]{60})\r\n`).FindAllStringSubmatch(out, -1) {
		out = strings.ReplaceAll(out, b[1], fmt.Sprint("boundary ", i))
	}
	return out
}

func asGoMail(t interface{ Fatalf(string, ...any) }, m mailout.Mail) {
	ours, err := Bytes(m, Options{})
	if err != nil {
		t.Fatalf("%v", err)
	}
	theirs, err := viaGoMail(m)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if a, b := withoutBoundaries(ours), withoutBoundaries(theirs); a != b {
		t.Fatalf("we write\n%q\ngo-mail\n%q", a, b)
	}
}

func TestMailIsWrittenAsGoMailWritesIt(t *testing.T) {
	for _, m := range shapes() {
		m.Attach = slices.DeleteFunc(m.Attach, func(a mailout.Attachment) bool { return a.Inbound != 0 })
		asGoMail(t, m)
	}
	anyText := rapid.StringOfN(rapid.SampledFrom([]rune("aaaaaaabc     \n\t.=?_-\"<>@,;é漢🙂\r\x00")), 0, 400, -1)
	rapid.Check(t, func(t *rapid.T) {
		m := answer()
		m.Subject, m.From.Name, m.To[0].Name, m.Text, m.HTML = words8.Draw(t, "subject"), words8.Draw(t, "from"), anyText.Draw(t, "to"), anyText.Draw(t, "text"), anyText.Draw(t, "html")
		for range rapid.IntRange(0, 8).Draw(t, "cc") {
			m.Cc = append(m.Cc, mailin.Address{Name: words8.Draw(t, "name"), Address: rapid.StringMatching(`[a-z]{1,60}`).Draw(t, "local") + "@x.example"})
		}
		m.References = rapid.SliceOfN(rapid.StringMatching(`[a-z0-9]{1,90}@[a-z]{1,20}`), 0, 12).Draw(t, "references")
		m.Header = []mailin.Field{{Key: "X-Tierdesk-Event", Value: anyText.Draw(t, "field")}, {Key: "List-Id", Value: words8.Draw(t, "list")}}
		for range rapid.IntRange(0, 3).Draw(t, "files") {
			m.Attach = append(m.Attach, mailout.Attachment{Name: words8.Draw(t, "file"), ContentType: rapid.SampledFrom([]string{"", "text/plain", "image/png"}).Draw(t, "type"),
				ContentID: rapid.SampledFrom([]string{"", "logo@x.example"}).Draw(t, "cid"), Data: rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "data")})
		}
		if rapid.Bool().Draw(t, "shown") {
			m.HTML += `<img src="cid:logo@x.example">`
		}
		asGoMail(t, m)
	})
}

func TestPlainDomainsAreWhatIDNAMakesOfThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		domain := rapid.StringMatching(`([a-z0-9-]{1,5}|xn--[a-z0-9-]{1,8}|\.){1,5}`).Draw(t, "domain")
		if !plainDomain(domain) {
			t.Fatalf("%q is plain", domain)
		}
		if ascii, err := idna.Lookup.ToASCII(domain); err == nil && ascii != domain {
			t.Fatalf("%q becomes %q", domain, ascii)
		}
	})
}
